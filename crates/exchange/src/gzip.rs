//! Gunzip as a bounded stream, for `.fhir.gz` and its like (PHR-30): RFC 1952, several members in a row allowed.

use flate2::read::MultiGzDecoder;
use std::io::{self, Read};

/// Output below this many bytes is never held against the ratio: short text packs extremely well.
const RATIO_FLOOR_BYTES: u64 = 1 << 20;

/// How much a gzip stream may grow.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most bytes that may come out, over all members.
    pub output_bytes: u64,
    /// Most bytes that may come out for each byte that went in, once more than 1 MiB came out.
    pub ratio: u64,
}

impl Default for Limits {
    /// 4 GiB out, 200 to 1.
    fn default() -> Self {
        Self { output_bytes: 4 << 30, ratio: 200 }
    }
}

/// Why a gzip stream was stopped; found inside the [`io::Error`] that `read` returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More bytes came out than allowed.
    #[error("the gzip stream unpacks to more than {limit_bytes} bytes")]
    TooLarge {
        /// The limit that was passed.
        limit_bytes: u64,
    },
    /// The stream unpacks suspiciously well.
    #[error("the gzip stream unpacks more than {limit} to 1")]
    RatioTooHigh {
        /// The limit that was passed.
        limit: u64,
    },
}

/// Reads the plain bytes of a gzip stream and stops at the limits; after a refusal every read fails.
pub struct Gunzip<R: Read> {
    inner: MultiGzDecoder<Counted<R>>,
    limits: Limits,
    produced_bytes: u64,
    refused: Option<Refusal>,
}

impl<R: Read> Gunzip<R> {
    /// Wraps a source of gzip bytes; nothing is read yet.
    pub fn new(source: R, limits: Limits) -> Self {
        let inner = MultiGzDecoder::new(Counted { inner: source, consumed_bytes: 0 });
        Self { inner, limits, produced_bytes: 0, refused: None }
    }

    fn verdict(&self) -> Option<Refusal> {
        if self.produced_bytes > self.limits.output_bytes {
            return Some(Refusal::TooLarge { limit_bytes: self.limits.output_bytes });
        }
        let allowed_bytes = self.inner.get_ref().consumed_bytes.saturating_mul(self.limits.ratio);
        let too_dense = self.produced_bytes > RATIO_FLOOR_BYTES && self.produced_bytes > allowed_bytes;
        too_dense.then_some(Refusal::RatioTooHigh { limit: self.limits.ratio })
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(why) = self.refused {
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let n = self.inner.read(buf)?;
        self.produced_bytes += n as u64;
        self.refused = self.verdict();
        match self.refused {
            Some(why) => Err(io::Error::new(io::ErrorKind::InvalidData, why)),
            None => Ok(n),
        }
    }
}

struct Counted<R> {
    inner: R,
    consumed_bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.consumed_bytes += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(bytes: &[u8], limits: Limits) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Gunzip::new(bytes, limits).read_to_end(&mut out).map(|_| out)
    }

    fn refusal(error: &io::Error) -> Refusal {
        *error.get_ref().unwrap().downcast_ref::<Refusal>().unwrap()
    }

    #[test]
    fn phr_30_members_in_a_row_come_out_as_one_stream() {
        let mut bytes = packed(b"one\n");
        bytes.extend(packed(b"two\n"));
        assert_eq!(unpack(&bytes, Limits::default()).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn a_stream_of_exactly_the_limit_passes_and_one_byte_more_is_refused() {
        let limits = Limits { output_bytes: 1000, ratio: 1_000_000 };
        assert_eq!(unpack(&packed(&[7; 1000]), limits).unwrap().len(), 1000);
        let error = unpack(&packed(&[7; 1001]), limits).unwrap_err();
        assert_eq!(refusal(&error), Refusal::TooLarge { limit_bytes: 1000 });
    }

    #[test]
    fn a_bomb_is_refused_by_its_ratio_long_before_the_size_limit() {
        let bomb = packed(&vec![0; 16 << 20]);
        let error = unpack(&bomb, Limits::default()).unwrap_err();
        assert_eq!(refusal(&error), Refusal::RatioTooHigh { limit: 200 });
    }

    #[test]
    fn after_a_refusal_every_read_fails() {
        let bytes = packed(&[1; 50]);
        let mut gunzip = Gunzip::new(&bytes[..], Limits { output_bytes: 10, ratio: 100 });
        let mut buf = [0; 50];
        assert!(gunzip.read(&mut buf).is_err());
        assert!(gunzip.read(&mut buf).is_err());
    }

    #[test]
    fn every_cut_and_every_changed_checksum_is_an_error() {
        let bytes = packed(b"hello hello hello");
        for cut in 1..bytes.len() {
            assert!(unpack(&bytes[..cut], Limits::default()).is_err(), "cut at {cut}");
        }
        for at in bytes.len() - 8..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert!(unpack(&altered, Limits::default()).is_err(), "altered at {at}");
        }
    }
}
