//! Where the bytes of an archive go as it is written: straight out, through age, or into memory for a JWE.

use crate::seal::age_file::AgeWriter;
use crate::seal::jwe::{MAX_PLAINTEXT_BYTES, Prepared};
use crate::seal::{Random, SealError, Sealing};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// The envelope of an archive being written.
pub(crate) struct Sink<W: Write> {
    envelope: Envelope<W>,
    is_abandoned: AtomicBool,
}

enum Envelope<W: Write> {
    Straight(W),
    Age(Box<AgeWriter<W>>),
    Memory { plaintext: Vec<u8>, prepared: Box<Prepared>, out: W },
}

impl<W: Write> Sink<W> {
    /// Prepares the envelope that `sealing` asks for; all keys and random bytes are made now.
    pub(crate) fn new(out: W, sealing: &Sealing, random: &mut Random<'_>) -> Result<Self, SealError> {
        let memory = |prepared, out| Envelope::Memory { plaintext: Vec::new(), prepared: Box::new(prepared), out };
        let envelope = match sealing {
            Sealing::None | Sealing::AesZip(_) => Envelope::Straight(out),
            Sealing::PassphraseJwe(passphrase) => memory(Prepared::for_passphrase(passphrase, random)?, out),
            Sealing::RecipientJwe(jwk) => memory(Prepared::for_recipient(jwk, random)?, out),
            Sealing::AgePassphrase(passphrase) => Envelope::Age(Box::new(AgeWriter::for_passphrase(out, passphrase)?)),
            Sealing::AgeRecipient(recipient) => Envelope::Age(Box::new(AgeWriter::for_recipient(out, recipient)?)),
        };
        Ok(Self { envelope, is_abandoned: AtomicBool::new(false) })
    }

    /// Swallows whatever is still written: the ZIP library completes an archive that is dropped half-way, and half an
    /// archive must not look like a whole one.
    pub(crate) fn abandon(&self) {
        self.is_abandoned.store(true, Ordering::Relaxed);
    }

    fn is_abandoned(&self) -> bool {
        self.is_abandoned.load(Ordering::Relaxed)
    }

    /// Completes the envelope and returns the destination, flushed.
    pub(crate) fn finish(self) -> Result<W, SealError> {
        if self.is_abandoned() {
            return Err(SealError::Io(io::Error::from(io::ErrorKind::BrokenPipe)));
        }
        let mut out = match self.envelope {
            Envelope::Straight(out) => out,
            Envelope::Age(writer) => writer.finish().map_err(SealError::Io)?,
            Envelope::Memory { plaintext, prepared, mut out } => {
                let token = prepared.seal(plaintext)?;
                out.write_all(token.as_bytes()).map_err(SealError::Io)?;
                out
            }
        };
        out.flush().map_err(SealError::Io)?;
        Ok(out)
    }
}

impl<W: Write> Write for Sink<W> {
    /// Fails once; after that the archive is abandoned.
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.is_abandoned() {
            return Ok(buf.len());
        }
        let result = self.envelope.write(buf);
        if result.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
            self.abandon();
        }
        result
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_abandoned() { Ok(()) } else { self.envelope.flush() }
    }
}

impl<W: Write> Write for Envelope<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Self::Straight(out) => out.write(buf),
            Self::Age(writer) => writer.write(buf),
            Self::Memory { plaintext, .. } => {
                if buf.len() > MAX_PLAINTEXT_BYTES.saturating_sub(plaintext.len()) {
                    return Err(io::Error::from(io::ErrorKind::FileTooLarge));
                }
                plaintext.extend_from_slice(buf);
                Ok(buf.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Straight(out) => out.flush(),
            Self::Age(writer) => writer.flush(),
            Self::Memory { .. } => Ok(()),
        }
    }
}
