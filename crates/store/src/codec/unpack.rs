//! Unpacking, within the length the caller allows (RFC 8878 for the frames).

use std::cell::RefCell;

use zstd::bulk::Decompressor;

use super::dictionary::DECODER_1;
use super::{CodecError, RAW, ZSTD, ZSTD_DICTIONARY_1};

thread_local! {
    static UNPACKER: RefCell<Unpacker> = RefCell::new(Unpacker::new());
}

/// The payload of what [`super::pack()`] wrote, at most `max_len` bytes of it; memory is never taken beyond that.
///
/// # Errors
/// [`CodecError`] when the codec is unknown, the frame damaged or the payload longer than `max_len`.
pub fn unpack(packed: &[u8], max_len: usize) -> Result<Vec<u8>, CodecError> {
    let (&codec, body) = packed.split_first().ok_or(CodecError::Empty)?;
    match codec {
        RAW if body.len() > max_len => Err(CodecError::TooLarge { max_len }),
        RAW => Ok(body.to_vec()),
        ZSTD => UNPACKER.with_borrow_mut(|unpacker| inflate(&mut unpacker.plain, body, max_len)),
        ZSTD_DICTIONARY_1 => UNPACKER.with_borrow_mut(|unpacker| inflate(&mut unpacker.with_dictionary, body, max_len)),
        unknown => Err(CodecError::UnknownCodec(unknown)),
    }
}

/// The contexts of one thread.
struct Unpacker {
    plain: Decompressor<'static>,
    with_dictionary: Decompressor<'static>,
}

impl Unpacker {
    fn new() -> Self {
        let made = "zstd makes a context while there is memory";
        let plain = Decompressor::new().expect(made);
        let with_dictionary = Decompressor::with_prepared_dictionary(&DECODER_1).expect(made);
        Self { plain, with_dictionary }
    }
}

fn inflate(context: &mut Decompressor<'_>, frame: &[u8], max_len: usize) -> Result<Vec<u8>, CodecError> {
    // Every frame of ours says how long its content is, and is shorter; one that does not is none of ours.
    let len = Decompressor::upper_bound(frame).filter(|len| *len > frame.len()).ok_or(CodecError::Damaged)?;
    if len > max_len {
        return Err(CodecError::TooLarge { max_len });
    }
    let payload = context.decompress(frame, len).map_err(|_| CodecError::Damaged)?;
    if payload.len() == len { Ok(payload) } else { Err(CodecError::Damaged) }
}
