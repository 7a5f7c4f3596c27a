//! Whatever is done to an archive, reading it ends in an answer and not in a panic.

use crate::raw_zip::{build, deflated, stored};
use crate::samples::{PASSPHRASE, aes, repeatable, write_sample};
use mecum_exchange::seal::{Key, Passphrase, Sealing};
use mecum_exchange::sphr::{Archive, Limits, open};
use std::io::{Cursor, Read};

fn read_all(bytes: &[u8], limits: &Limits) -> Option<u64> {
    let mut archive = Archive::open(Cursor::new(bytes), limits).ok()?;
    let mut total_bytes = 0;
    for id in archive.members().iter().map(|member| member.id()).collect::<Vec<_>>() {
        let mut out = Vec::new();
        if let Ok(mut reader) = archive.read(id) {
            total_bytes += reader.read_to_end(&mut out).unwrap_or(0) as u64;
        }
    }
    archive.differences().ok();
    Some(total_bytes)
}

/// Changes one to four bytes, or cuts, or doubles a piece.
fn mutate(bytes: &mut Vec<u8>, random: &mut dyn FnMut(&mut [u8])) {
    let mut dice = [0u8; 16];
    random(&mut dice);
    let place = |at: usize, len: usize| u32::from_le_bytes(dice[at..at + 4].try_into().unwrap()) as usize % len.max(1);
    match dice[0] % 8 {
        0 => bytes.truncate(place(4, bytes.len())),
        1 => {
            let from = place(4, bytes.len());
            let to = (from + place(8, 64)).min(bytes.len());
            let piece = bytes[from..to].to_vec();
            let at = place(12, bytes.len());
            bytes.splice(at..at, piece);
        }
        n => {
            for at in 0..usize::from(n / 2) {
                let index = place(4 + at * 2, bytes.len());
                bytes[index] = [dice[1], 0, 0xff, bytes[index] ^ (1 << (dice[2] % 8))][usize::from(dice[3] % 4)];
            }
        }
    }
}

#[test]
fn mutated_plain_archives_never_panic_and_never_exceed_their_limits() {
    let limits = Limits { total_bytes: 1 << 20, ..Limits::default() };
    let mut random = repeatable();
    let seeds = [
        write_sample(&Sealing::None),
        build(&[deflated("a.phr", b"{}\n{}\n"), stored("M\u{fc}.pdf", b"x"), stored("d/", b"").with_mode(0o040_755)]),
    ];
    let mut opened = 0;
    for round in 0..4_000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        mutate(&mut bytes, &mut random);
        if let Some(total_bytes) = read_all(&bytes, &limits) {
            assert!(total_bytes <= limits.total_bytes);
            opened += 1;
        }
    }
    assert!(opened > 0, "mutations that open nothing test only the first check");
}

#[test]
fn mutated_sealed_archives_never_panic_and_release_only_what_was_sealed() {
    let sealed = write_sample(&aes());
    let key = Key::Passphrase(Passphrase::new(PASSPHRASE).unwrap());
    let originals = contents(&sealed, &key).unwrap();
    let mut random = repeatable();
    for _ in 0..150 {
        let mut bytes = sealed.clone();
        mutate(&mut bytes, &mut random);
        if let Some(released) = contents(&bytes, &key) {
            assert_eq!(released, originals);
        }
    }
}

fn contents(bytes: &[u8], key: &Key) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = open(Cursor::new(bytes), Some(key), &Limits::default()).ok()?;
    let members = archive.members().to_vec();
    let read = members.iter().map(|member| {
        let mut out = Vec::new();
        archive.read(member.id()).unwrap().read_to_end(&mut out).unwrap();
        (member.path().to_owned(), out)
    });
    Some(read.collect())
}
