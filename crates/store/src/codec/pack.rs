//! Packing: zstd at level 3 (RFC 8878) with the dictionary, or the bytes themselves where that is no gain.

use std::cell::RefCell;

use zstd::bulk::Compressor;
use zstd::zstd_safe::compress_bound;

use super::dictionary::ENCODER_1;
use super::{RAW, ZSTD, ZSTD_DICTIONARY_1};

/// Level 3 is where zstd's speed on small JSON ends to be free.
pub(super) const LEVEL: i32 = 3;

/// Longer payloads find in themselves what the dictionary would tell them, and zstd would load it anew for each.
const LONGEST_WITH_DICTIONARY: usize = 128 << 10;

/// Longer buffers are not kept between calls.
const KEPT_BUFFER_BYTES: usize = 1 << 20;

thread_local! {
    static PACKER: RefCell<Packer> = RefCell::new(Packer::new());
}

/// The payload with its codec before it, in the smallest form this program knows.
#[must_use]
pub fn pack(payload: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    pack_into(payload, &mut packed);
    packed
}

/// As [`pack`], after what `out` already holds; so a payload is packed behind the headroom it is then sealed in.
pub fn pack_into(payload: &[u8], out: &mut Vec<u8>) {
    PACKER.with_borrow_mut(|packer| packer.pack_into(payload, out));
}

/// The contexts and buffer of one thread; making a context costs more than packing a small body.
struct Packer {
    plain: Compressor<'static>,
    with_dictionary: Compressor<'static>,
    buffer: Vec<u8>,
}

impl Packer {
    fn new() -> Self {
        let made = "zstd makes a context while there is memory";
        let plain = Compressor::new(LEVEL).expect(made);
        let mut with_dictionary = Compressor::with_prepared_dictionary(&ENCODER_1).expect(made);
        with_dictionary.include_dictid(false).expect("zstd may leave the dictionary's number out, our codec says it");
        Self { plain, with_dictionary, buffer: Vec::new() }
    }

    fn pack_into(&mut self, payload: &[u8], out: &mut Vec<u8>) {
        self.buffer.clear();
        self.buffer.reserve(compress_bound(payload.len()));
        let (codec, compressor) = if payload.len() <= LONGEST_WITH_DICTIONARY {
            (ZSTD_DICTIONARY_1, &mut self.with_dictionary)
        } else {
            (ZSTD, &mut self.plain)
        };
        let packed_len = compressor.compress_to_buffer(payload, &mut self.buffer);
        let is_gain = packed_len.is_ok_and(|packed_len| packed_len < payload.len());
        let (codec, body) = if is_gain { (codec, self.buffer.as_slice()) } else { (RAW, payload) };
        out.reserve_exact(1 + body.len());
        out.push(codec);
        out.extend_from_slice(body);
        if self.buffer.capacity() > KEPT_BUFFER_BYTES {
            self.buffer = Vec::new();
        }
    }
}
