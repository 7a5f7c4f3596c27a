//! What is done to a sealed file is found, and where.

use std::fs;
use std::io::Read;

use mecum_store::blobs::{BlobError, BlobFinding, CHUNK_BYTES, Damage};
use mecum_store::seal::RecordKey;
use proptest::prelude::*;

use super::{HEADER, House, MINE, OTHERS, SEALED_CHUNK, content};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

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
