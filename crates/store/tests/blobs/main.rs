//! Blobs: what goes in comes out, once per record, and whatever is done to the file is seen.

#![expect(clippy::unwrap_used, reason = "what a test cannot go on without fails it")]

mod damage;
mod keeping;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use mecum_record::ids::RecordId;
use mecum_store::blobs::{BlobError, BlobFinding, BlobName, BlobRef, Blobs, CHUNK_BYTES};
use mecum_store::seal::RecordKey;
use tempfile::TempDir;

const MINE: RecordId = RecordId(1);
const OTHERS: RecordId = RecordId(2);
const HEADER: usize = 24;
const SEALED_CHUNK: usize = CHUNK_BYTES + 16;

struct House {
    folder: TempDir,
    blobs: Blobs,
    key: RecordKey,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
        Self { folder, blobs, key: RecordKey::new(&[5; 32]) }
    }

    fn put(&self, record: RecordId, mut content: &[u8]) -> BlobRef {
        self.blobs.put(record, &self.key, &mut content).unwrap()
    }

    fn read(&self, record: RecordId, name: BlobName) -> Result<Vec<u8>, BlobError> {
        let mut content = Vec::new();
        let mut reader = self.blobs.open_blob(record, &self.key, name)?;
        reader.read_to_end(&mut content).map_err(|error| error.downcast::<BlobError>().unwrap())?;
        Ok(content)
    }

    fn path(&self, record: RecordId, name: BlobName) -> PathBuf {
        let name = name.to_string();
        self.folder.path().join("blobs").join(record.to_string()).join(&name[..2]).join(&name)
    }

    /// What verifying finds after the sealed file was changed; the file is put back.
    fn after(&self, blob: &BlobRef, change: impl FnOnce(&mut Vec<u8>)) -> BlobFinding {
        let path = self.path(MINE, blob.name);
        let sealed = fs::read(&path).unwrap();
        let mut changed = sealed.clone();
        change(&mut changed);
        fs::write(&path, changed).unwrap();
        let finding = self.blobs.verify(MINE, &self.key, blob.name).unwrap();
        let read = self.read(MINE, blob.name);
        fs::write(&path, sealed).unwrap();
        let is_sound = matches!(finding, BlobFinding::Sound { .. });
        assert_eq!(is_sound, read.is_ok(), "reading and verifying disagree");
        if let Err(error) = read {
            assert!(error.to_string().contains(&blob.name.to_string()), "{error} does not name the blob");
        }
        finding
    }
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n / 7 + n % 251) as u8).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] })
        .collect()
}
