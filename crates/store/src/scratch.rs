//! Room for a while: what a load sorts before it is kept, in a file without a name, sealed with a key that nobody keeps.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use mecum_record::access::{Act, Permit};

use crate::Store;
use crate::error::StoreError;
use crate::seal::{Aad, Envelope, OVERHEAD, random};

/// A file that only this value can read, and that is gone with it, whatever happens to the program.
pub struct Scratch {
    file: Mutex<File>,
    key: Envelope,
    end: u64,
}

/// A piece of a scratch file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    at: u64,
    len: usize,
}

impl Segment {
    /// How many bytes were put there.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was put there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Store {
    /// Room for what is being sorted.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to import; what the file system says.
    pub fn scratch(&self, permit: &Permit) -> Result<Scratch, StoreError> {
        if permit.act() != Act::Import {
            return Err(StoreError::NotCovered);
        }
        let making = |source| StoreError::Io { doing: "make a scratch file", source };
        let file = self.blobs.scratch_file().map_err(making)?;
        Ok(Scratch { file: Mutex::new(file), key: Envelope::new(&random()), end: 0 })
    }
}

impl Scratch {
    /// Puts bytes at the end.
    ///
    /// # Errors
    /// What the file system says.
    pub fn append(&mut self, bytes: &[u8]) -> Result<Segment, StoreError> {
        let segment = Segment { at: self.end, len: bytes.len() };
        let sealed = self.key.seal(&aad(segment), bytes);
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        let written = file.seek(SeekFrom::Start(segment.at)).and_then(|_| file.write_all(&sealed));
        written.map_err(|source| StoreError::Io { doing: "write to a scratch file", source })?;
        self.end += sealed.len() as u64;
        Ok(segment)
    }

    /// What was put there.
    ///
    /// # Errors
    /// What the file system says; when the bytes are not those that were put.
    pub fn read(&self, segment: Segment) -> Result<Vec<u8>, StoreError> {
        let mut sealed = vec![0; segment.len + OVERHEAD];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let read = read_at(&mut file, segment.at, &mut sealed);
            read.map_err(|source| StoreError::Io { doing: "read a scratch file", source })?;
        }
        Ok(self.key.open(&aad(segment), &sealed)?)
    }
}

fn read_at(file: &mut File, at: u64, out: &mut [u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(out)
}

fn aad(segment: Segment) -> Aad {
    Aad::new("scratch").int(segment.at.cast_signed())
}
