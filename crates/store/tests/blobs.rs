//! Blobs: what goes in comes out, once per record, and whatever is done to the file is seen.

#![expect(clippy::unwrap_used, reason = "what a test cannot go on without fails it")]

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mecum_record::ids::RecordId;
use mecum_store::blobs::{BlobError, BlobFinding, BlobName, BlobRef, Blobs, CHUNK_BYTES, Damage};
use mecum_store::seal::RecordKey;
use proptest::prelude::*;
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

#[test]
fn contents_of_every_length_around_a_chunk_come_back() {
    let house = House::new();
    for len in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 77] {
        let blob = house.put(MINE, &content(len));
        assert_eq!(blob.size, len as u64);
        assert_eq!(house.blobs.len(MINE, &house.key, blob.name).unwrap(), len as u64);
        assert!(house.read(MINE, blob.name).unwrap() == content(len), "content of {len} bytes");
        let sound = BlobFinding::Sound { size: len as u64 };
        assert_eq!(house.blobs.verify(MINE, &house.key, blob.name).unwrap(), sound);
    }
}

#[test]
fn the_digests_are_those_of_the_content() {
    let blob = House::new().put(MINE, b"abc");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(hex(&blob.sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(hex(&blob.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn a_reader_moves_freely_and_ends_where_the_content_ends() {
    let house = House::new();
    let all = content(2 * CHUNK_BYTES + 500);
    let blob = house.put(MINE, &all);
    for offset in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, 2 * CHUNK_BYTES + 499, all.len(), all.len() + 9] {
        let mut reader = house.blobs.open_at(MINE, &house.key, blob.name, offset as u64).unwrap();
        let mut part = Vec::new();
        reader.by_ref().take(100_000).read_to_end(&mut part).unwrap();
        let expected: Vec<u8> = all.iter().skip(offset).take(100_000).copied().collect();
        assert!(part == expected, "from {offset}");
    }
    let mut reader = house.blobs.open_blob(MINE, &house.key, blob.name).unwrap();
    assert_eq!(reader.seek(SeekFrom::End(-3)).unwrap(), all.len() as u64 - 3);
    let mut tail = Vec::new();
    reader.read_to_end(&mut tail).unwrap();
    assert_eq!(tail, all[all.len() - 3..]);
    assert_eq!(reader.seek(SeekFrom::Current(-10)).unwrap(), all.len() as u64 - 10);
    assert_eq!(reader.seek(SeekFrom::Current(i64::MIN)).unwrap_err().kind(), io::ErrorKind::InvalidInput);
}

#[test]
fn every_single_altered_byte_of_a_small_blob_is_found() {
    let house = House::new();
    let blob = house.put(MINE, b"a letter from the cardiologist");
    let sealed_len = fs::read(house.path(MINE, blob.name)).unwrap().len();
    for at in 0..sealed_len {
        let expected = if at < 8 { Damage::Header } else { Damage::End };
        assert_eq!(house.after(&blob, |file| file[at] ^= 0x40), BlobFinding::Damaged(expected), "byte {at}");
    }
}

#[test]
fn every_cut_and_every_growth_of_a_small_blob_is_found() {
    let house = House::new();
    let blob = house.put(MINE, b"a letter from the cardiologist");
    let sealed_len = fs::read(house.path(MINE, blob.name)).unwrap().len();
    for len in 0..sealed_len {
        assert!(matches!(house.after(&blob, |file| file.truncate(len)), BlobFinding::Damaged(_)), "cut to {len}");
    }
    for more in [1, 16, 17, 70_000] {
        let finding = house.after(&blob, |file| file.resize(sealed_len + more, 0));
        assert!(matches!(finding, BlobFinding::Damaged(_)), "grown by {more}");
    }
}

#[test]
fn chunks_cut_off_swapped_repeated_or_left_out_are_found() {
    let house = House::new();
    let blob = house.put(MINE, &content(4 * CHUNK_BYTES));
    let chunk = |n: usize| HEADER + n * SEALED_CHUNK..HEADER + (n + 1) * SEALED_CHUNK;
    let cut = house.after(&blob, |file| file.truncate(HEADER + 3 * SEALED_CHUNK));
    assert_eq!(cut, BlobFinding::Damaged(Damage::End));
    let swapped = house.after(&blob, |file| {
        let first: Vec<u8> = file[chunk(0)].to_vec();
        file.copy_within(chunk(1), HEADER);
        file[chunk(1)].copy_from_slice(&first);
    });
    assert_eq!(swapped, BlobFinding::Damaged(Damage::Chunk(0)));
    let repeated = house.after(&blob, |file| file.copy_within(chunk(1), chunk(2).start));
    assert_eq!(repeated, BlobFinding::Damaged(Damage::Chunk(2)));
    let left_out = house.after(&blob, |file| drop(file.drain(chunk(1))));
    assert_eq!(left_out, BlobFinding::Damaged(Damage::End));
    assert_eq!(house.after(&blob, |_| ()), BlobFinding::Sound { size: 4 * CHUNK_BYTES as u64 });
}

#[test]
fn a_chunk_of_another_blob_does_not_fit_even_at_its_own_place() {
    let house = House::new();
    let blob = house.put(MINE, &content(2 * CHUNK_BYTES));
    let other: Vec<u8> = content(2 * CHUNK_BYTES).into_iter().rev().collect();
    let other = fs::read(house.path(MINE, house.put(MINE, &other).name)).unwrap();
    let finding = house.after(&blob, |file| {
        file[HEADER..HEADER + SEALED_CHUNK].copy_from_slice(&other[HEADER..HEADER + SEALED_CHUNK]);
    });
    assert_eq!(finding, BlobFinding::Damaged(Damage::Chunk(0)));
}

#[test]
fn a_whole_file_under_another_name_record_or_key_is_found_before_a_byte_is_read() {
    let house = House::new();
    let (mine, other) = (house.put(MINE, b"mine"), house.put(MINE, b"other"));
    let theirs = fs::read(house.path(MINE, other.name)).unwrap();
    assert_eq!(house.after(&mine, |file| *file = theirs), BlobFinding::Damaged(Damage::End));
    let moved = house.path(OTHERS, mine.name);
    fs::create_dir_all(moved.parent().unwrap()).unwrap();
    fs::copy(house.path(MINE, mine.name), moved).unwrap();
    let moved = house.blobs.open_blob(OTHERS, &house.key, mine.name);
    assert!(matches!(moved, Err(BlobError::Damaged { damage: Damage::End, .. })));
    let wrong_key = house.blobs.open_blob(MINE, &RecordKey::new(&[6; 32]), mine.name);
    assert!(matches!(wrong_key, Err(BlobError::Damaged { damage: Damage::End, .. })));
}

#[test]
fn a_file_cut_while_it_is_read_ends_in_an_error_and_not_early() {
    let house = House::new();
    let blob = house.put(MINE, &content(3 * CHUNK_BYTES));
    let mut reader = house.blobs.open_blob(MINE, &house.key, blob.name).unwrap();
    let file = fs::OpenOptions::new().write(true).open(house.path(MINE, blob.name)).unwrap();
    file.set_len((HEADER + SEALED_CHUNK + 10) as u64).unwrap();
    let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
    let error = error.downcast::<BlobError>().unwrap();
    assert!(matches!(error, BlobError::Damaged { damage: Damage::Chunk(1), name } if name == blob.name));
}

#[test]
fn equal_content_is_kept_once_in_a_record_and_named_differently_in_another() {
    let house = House::new();
    let first = house.put(MINE, b"the same scan");
    let sealed = fs::read(house.path(MINE, first.name)).unwrap();
    assert!(house.put(MINE, b"the same scan") == first);
    assert_eq!(fs::read(house.path(MINE, first.name)).unwrap(), sealed, "the file was written again");
    let other_key = RecordKey::new(&[6; 32]);
    let elsewhere = house.blobs.put(OTHERS, &other_key, &mut &b"the same scan"[..]).unwrap();
    assert_ne!(elsewhere.name, first.name);
    assert_eq!(files_below(house.folder.path()).len(), 2);
    assert_eq!(house.blobs.records().unwrap(), [MINE, OTHERS]);
}

#[test]
fn a_damaged_blob_is_made_whole_when_its_content_comes_again() {
    let house = House::new();
    let all = content(2 * CHUNK_BYTES);
    let blob = house.put(MINE, &all);
    let path = house.path(MINE, blob.name);
    let sealed = fs::read(&path).unwrap();
    let mut altered = sealed.clone();
    altered[HEADER + 100] ^= 1;
    for damaged in [b"rubbish", &sealed[..40], b"", &altered] {
        fs::write(&path, damaged).unwrap();
        house.put(MINE, &all);
        assert!(house.read(MINE, blob.name).unwrap() == all);
    }
}

#[test]
fn many_who_put_the_same_content_at_once_keep_it_once() {
    let house = House::new();
    let all = content(CHUNK_BYTES + 9);
    let names: Vec<BlobName> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| house.put(MINE, &all).name)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(names.iter().all(|name| *name == names[0]));
    assert_eq!(house.blobs.list(MINE).unwrap(), [names[0]]);
    assert_eq!(files_below(house.folder.path()).len(), 1);
    assert!(house.read(MINE, names[0]).unwrap() == all);
}

#[test]
fn neither_content_nor_its_hashes_stand_anywhere_on_the_disk() {
    let house = House::new();
    let secret = b"positive for a thing nobody shall know";
    let blob = house.put(MINE, &secret.repeat(5000));
    for path in files_below(house.folder.path()) {
        let file = fs::read(&path).unwrap();
        assert!(!file.windows(12).any(|window| secret.windows(12).any(|part| part == window)));
        assert!(!file.windows(20).any(|window| window == blob.sha1 || window == &blob.sha256[..20]));
        let hex: String = blob.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!path.to_string_lossy().contains(&hex));
    }
}

#[cfg(unix)]
#[test]
fn files_and_folders_are_for_their_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    let path = house.path(MINE, house.put(MINE, b"x").name);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert!(path.ancestors().skip(1).take(3).all(|folder| mode(folder) == 0o700));
}

/// A content that fails after some bytes.
struct Failing(usize);

impl Read for Failing {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.0.min(out.len());
        self.0 -= n;
        if n == 0 { Err(io::Error::other("the line went dead")) } else { Ok(n) }
    }
}

#[test]
fn a_content_that_breaks_off_leaves_nothing() {
    let house = House::new();
    let put = house.blobs.put(MINE, &house.key, &mut Failing(100_000));
    assert!(matches!(put, Err(BlobError::Content(_))));
    assert_eq!(files_below(house.folder.path()), [] as [PathBuf; 0]);
    assert_eq!(house.blobs.list(MINE).unwrap(), []);
}

/// A content that is swept around while it streams in.
struct Swept<'a>(&'a Blobs, io::Take<io::Repeat>);

impl Read for Swept<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        assert_eq!(self.0.sweep(Duration::ZERO).unwrap(), 0);
        self.1.read(out)
    }
}

#[test]
fn sweeping_takes_what_a_crash_left_and_spares_what_is_being_written() {
    let house = House::new();
    let left = house.folder.path().join("blobs/incoming/blob-left");
    fs::write(&left, b"half a blob").unwrap();
    assert_eq!(house.blobs.sweep(Duration::from_secs(3600)).unwrap(), 0);
    assert_eq!(house.blobs.sweep(Duration::ZERO).unwrap(), 1);
    assert!(!left.exists());
    let mut content = Swept(&house.blobs, io::repeat(7).take(200_000));
    let blob = house.blobs.put(MINE, &house.key, &mut content).unwrap();
    assert_eq!(house.read(MINE, blob.name).unwrap(), [7].repeat(200_000));
}

#[test]
fn what_is_removed_is_missing_and_the_rest_stays() {
    let house = House::new();
    let (gone, stays, other) = (house.put(MINE, b"gone"), house.put(MINE, b"stays"), house.put(OTHERS, b"other"));
    let mut both = [gone.name, stays.name];
    both.sort_unstable();
    assert_eq!(house.blobs.list(MINE).unwrap(), both);
    assert!(house.blobs.remove(MINE, gone.name).unwrap());
    assert!(!house.blobs.remove(MINE, gone.name).unwrap());
    assert!(matches!(house.read(MINE, gone.name), Err(BlobError::Missing(name)) if name == gone.name));
    assert_eq!(house.blobs.verify(MINE, &house.key, gone.name).unwrap(), BlobFinding::Missing);
    assert_eq!(house.blobs.list(MINE).unwrap(), [stays.name]);
    assert!(house.blobs.remove_record(MINE).unwrap());
    assert!(!house.blobs.remove_record(MINE).unwrap());
    assert_eq!(house.blobs.list(MINE).unwrap(), []);
    assert_eq!(house.read(OTHERS, other.name).unwrap(), b"other");
}

#[test]
fn a_name_is_64_lower_case_digits_and_nothing_that_could_be_a_path() {
    let name = House::new().put(MINE, b"x").name;
    assert_eq!(name.to_string().parse(), Ok(name));
    for text in ["", "../../etc/passwd", &name.to_string().to_uppercase(), &name.to_string()[1..], &"é".repeat(32)] {
        assert!(text.parse::<BlobName>().is_err(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_content_comes_back_from_any_place(len in 0usize..200_000, offset in 0usize..210_000, n in 0usize..70_000) {
        let house = House::new();
        let all = content(len);
        let blob = house.put(MINE, &all);
        let mut part = Vec::new();
        let reader = house.blobs.open_at(MINE, &house.key, blob.name, offset as u64).unwrap();
        reader.take(n as u64).read_to_end(&mut part).unwrap();
        prop_assert!(part.iter().eq(all.iter().skip(offset).take(n)));
    }

    #[test]
    fn any_altered_byte_of_a_large_blob_is_found(at in 0.0f64..1.0, flip in 1u8..) {
        let house = House::new();
        let blob = house.put(MINE, &content(150_000));
        let finding = house.after(&blob, |file| {
            let at = (at * file.len() as f64) as usize;
            file[at] ^= flip;
        });
        prop_assert!(matches!(finding, BlobFinding::Damaged(_)));
    }

    #[test]
    fn any_other_length_of_a_large_blob_is_found(len in 0usize..200_000) {
        let house = House::new();
        let blob = house.put(MINE, &content(150_000));
        let mut same = false;
        let finding = house.after(&blob, |file| {
            same = file.len() == len;
            file.resize(len, 0);
        });
        prop_assert_eq!(same, matches!(finding, BlobFinding::Sound { .. }));
    }
}
