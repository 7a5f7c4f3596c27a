//! Writing an age file as a stream.

use super::{AgeRecipient, WRITTEN_LOG_N, secret};
use crate::seal::{Passphrase, SealError};
use age::stream::StreamWriter;
use age::{Encryptor, Recipient, scrypt};
use std::io::{self, Write};

/// Encrypts what is written to it. A file that was not [`finish`](Self::finish)ed does not open.
pub struct AgeWriter<W: Write>(StreamWriter<W>);

impl<W: Write> AgeWriter<W> {
    /// Begins a file for a passphrase (scrypt, 2^18). Takes about a second of work and 256 MiB for a moment.
    pub fn for_passphrase(out: W, passphrase: &Passphrase) -> Result<Self, SealError> {
        let mut recipient = scrypt::Recipient::new(secret(passphrase.expose()));
        recipient.set_work_factor(WRITTEN_LOG_N);
        Self::begin(out, &recipient)
    }

    /// Begins a file for the holder of an X25519 key.
    pub fn for_recipient(out: W, recipient: &AgeRecipient) -> Result<Self, SealError> {
        Self::begin(out, &recipient.0)
    }

    fn begin(out: W, recipient: &dyn Recipient) -> Result<Self, SealError> {
        let encryptor = Encryptor::with_recipients(std::iter::once(recipient))
            .map_err(|_| SealError::Unsupported("a recipient that age refuses"))?;
        encryptor.wrap_output(out).map(Self).map_err(SealError::Io)
    }

    /// Writes the last chunk and returns the destination.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for AgeWriter<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
