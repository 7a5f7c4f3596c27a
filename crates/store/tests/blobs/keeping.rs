//! Contents in and out, kept once, for good, and for nobody else.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mecum_store::blobs::{BlobError, BlobFinding, BlobName, Blobs, CHUNK_BYTES};
use mecum_store::seal::RecordKey;
use proptest::prelude::*;

use super::{HEADER, House, MINE, OTHERS, content, files_below};

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
}
