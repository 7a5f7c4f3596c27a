//! Packing: zstd at level 3 (RFC 8878), or the bytes themselves where that is no gain.

use std::cell::RefCell;

use zstd::bulk::Compressor;
use zstd::zstd_safe::compress_bound;

use super::{RAW, ZSTD};

/// Level 3 is where zstd's speed on small JSON ends to be free.
pub(super) const LEVEL: i32 = 3;

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
    buffer: Vec<u8>,
}

impl Packer {
    fn new() -> Self {
        let plain = Compressor::new(LEVEL).expect("zstd knows level 3, and makes a context while there is memory");
        Self { plain, buffer: Vec::new() }
    }

    fn pack_into(&mut self, payload: &[u8], out: &mut Vec<u8>) {
        self.buffer.clear();
        self.buffer.reserve(compress_bound(payload.len()));
        let codec = ZSTD;
        let is_smaller =
            self.plain.compress_to_buffer(payload, &mut self.buffer).is_ok_and(|packed_len| packed_len < payload.len());
        let (codec, body) = if is_smaller { (codec, self.buffer.as_slice()) } else { (RAW, payload) };
        out.reserve_exact(1 + body.len());
        out.push(codec);
        out.extend_from_slice(body);
        if self.buffer.capacity() > KEPT_BUFFER_BYTES {
            self.buffer = Vec::new();
        }
    }
}
