//! age files: streamed, for a passphrase or an X25519 key, and released only when verified to the end (PHR-32).

use mecum_exchange::seal::age_file::{AgeIdentity, AgeRecipient, AgeWriter, open_verified, spool_verified};
use mecum_exchange::seal::{Key, Passphrase, SealError, WantedKey, wanted_key};
use std::io::{Cursor, Read, Seek, SeekFrom, Write};

const LIMIT: u64 = 10 << 20;
/// The size of an age chunk, in bytes of plaintext.
const CHUNK: usize = 64 << 10;

fn plaintext(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n / 251 + n) as u8).collect()
}

fn sealed(identity: &AgeIdentity, len: usize) -> Vec<u8> {
    let mut writer = AgeWriter::for_recipient(Vec::new(), &identity.recipient()).unwrap();
    writer.write_all(&plaintext(len)).unwrap();
    writer.finish().unwrap()
}

fn opened(bytes: &[u8], key: &Key) -> Result<Vec<u8>, SealError> {
    let mut plain = Vec::new();
    open_verified(Cursor::new(bytes), key, LIMIT)?.read_to_end(&mut plain).unwrap();
    Ok(plain)
}

#[test]
fn phr_32_a_file_of_any_number_of_chunks_opens_with_its_key() {
    let identity = AgeIdentity::generate();
    let key = Key::Age(identity.clone());
    for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17] {
        let bytes = sealed(&identity, len);
        assert_eq!(opened(&bytes, &key).unwrap(), plaintext(len), "{len}");
        assert_eq!(spool_verified(&bytes[..], &key, LIMIT, Vec::new()).unwrap(), plaintext(len), "{len}");
    }
}

#[test]
fn the_verified_reader_seeks_like_a_file() {
    let identity = AgeIdentity::generate();
    let key = Key::Age(identity.clone());
    for len in [3 * CHUNK, 3 * CHUNK + 17, 100] {
        let bytes = sealed(&identity, len);
        let mut reader = open_verified(Cursor::new(&bytes), &key, LIMIT).unwrap();
        let mut model = Cursor::new(plaintext(len));
        let places = [0, 1, len - 1, len, CHUNK, 2 * CHUNK, CHUNK - 3, 17, len + 5, 2 * CHUNK + 1, 0];
        for (round, place) in places.iter().cycle().take(60).enumerate() {
            let to = match round % 3 {
                0 => SeekFrom::Start(*place as u64),
                1 => SeekFrom::End(-(*place.min(&len) as i64)),
                _ => SeekFrom::Current(7),
            };
            let position = reader.seek(to).unwrap();
            model.seek(SeekFrom::Start(position)).unwrap();
            assert!(position <= len as u64);
            let (mut ours, mut theirs) = (vec![0; 100 + round], vec![0; 100 + round]);
            let n = read_fully(&mut reader, &mut ours);
            assert_eq!(n, read_fully(&mut model, &mut theirs));
            assert_eq!(ours[..n], theirs[..n], "{to:?}");
        }
        assert!(reader.seek(SeekFrom::End(-(len as i64) - 1)).is_err());
        assert_eq!(reader.seek(SeekFrom::Start(u64::MAX)).unwrap(), len as u64);
        assert_eq!(reader.seek(SeekFrom::Current(i64::MAX)).unwrap(), len as u64);
    }
}

fn read_fully(reader: &mut impl Read, buf: &mut [u8]) -> usize {
    let mut total = 0;
    while total < buf.len() {
        match reader.read(&mut buf[total..]).unwrap() {
            0 => break,
            n => total += n,
        }
    }
    total
}

#[test]
fn phr_32_another_key_is_a_wrong_key() {
    let bytes = sealed(&AgeIdentity::generate(), 10);
    let words = Key::Passphrase(Passphrase::new("words").unwrap());
    for key in [Key::Age(AgeIdentity::generate()), words] {
        assert!(matches!(opened(&bytes, &key), Err(SealError::WrongKey)));
        assert!(matches!(spool_verified(&bytes[..], &key, LIMIT, Vec::new()), Err(SealError::WrongKey)));
    }
}

#[test]
fn phr_32_a_passphrase_opens_in_any_spelling_of_a_generated_one_and_no_other_does() {
    let passphrase = Passphrase::new("k70d-3mp1-9t2a-h1q8").unwrap();
    let mut writer = AgeWriter::for_passphrase(Vec::new(), &passphrase).unwrap();
    writer.write_all(b"content").unwrap();
    let bytes = writer.finish().unwrap();
    assert_eq!(wanted_key(&mut Cursor::new(&bytes)).unwrap(), WantedKey::Passphrase);
    let typed = Key::Passphrase(Passphrase::new("K7OD 3MPI 9T2A HLQ8").unwrap());
    assert_eq!(opened(&bytes, &typed).unwrap(), b"content");
    let wrong = Key::Passphrase(Passphrase::new("other words").unwrap());
    assert!(matches!(opened(&bytes, &wrong), Err(SealError::WrongKey)));
}

#[test]
fn phr_32_a_file_with_any_byte_of_header_or_edge_altered_releases_nothing() {
    let identity = AgeIdentity::generate();
    let key = Key::Age(identity.clone());
    let bytes = sealed(&identity, 2 * CHUNK + 100);
    let header_len = bytes.windows(4).position(|window| window == b"--- ").unwrap() + 48 + 16;
    let sampled = (header_len..bytes.len()).step_by(4001);
    let edges = [header_len + CHUNK + 15, header_len + CHUNK + 16, header_len + 2 * (CHUNK + 16), bytes.len() - 1];
    for at in (0..header_len).chain(sampled).chain(edges) {
        let mut altered = bytes.clone();
        altered[at] ^= 0x04;
        assert!(opened(&altered, &key).is_err(), "byte {at}");
        assert!(spool_verified(&altered[..], &key, LIMIT, Vec::new()).is_err(), "byte {at}");
    }
}

#[test]
fn phr_32_a_file_cut_at_a_chunk_or_with_chunks_swapped_or_more_behind_releases_nothing() {
    let identity = AgeIdentity::generate();
    let key = Key::Age(identity.clone());
    let bytes = sealed(&identity, 3 * CHUNK);
    let start = bytes.len() - 3 * (CHUNK + 16);
    let chunk = |n: usize| &bytes[start + n * (CHUNK + 16)..start + (n + 1) * (CHUNK + 16)];
    let header = &bytes[..start];
    for (what, altered) in [
        ("cut", [header, chunk(0), chunk(1)].concat()),
        ("swapped", [header, chunk(1), chunk(0), chunk(2)].concat()),
        ("dropped", [header, chunk(0), chunk(2)].concat()),
        ("repeated", [header, chunk(0), chunk(1), chunk(2), chunk(2)].concat()),
        ("more", [&bytes[..], b"x"].concat()),
        ("empty", header.to_vec()),
    ] {
        assert!(matches!(opened(&altered, &key), Err(SealError::Altered)), "{what}");
        assert!(matches!(spool_verified(&altered[..], &key, LIMIT, Vec::new()), Err(SealError::Altered)), "{what}");
    }
}

#[test]
fn a_file_that_was_not_finished_releases_nothing() {
    let identity = AgeIdentity::generate();
    let mut out = Vec::new();
    let mut writer = AgeWriter::for_recipient(&mut out, &identity.recipient()).unwrap();
    writer.write_all(&plaintext(2 * CHUNK)).unwrap();
    drop(writer);
    assert!(matches!(opened(&out, &Key::Age(identity)), Err(SealError::Altered)));
}

#[test]
fn more_plaintext_than_allowed_is_too_large() {
    let identity = AgeIdentity::generate();
    let key = Key::Age(identity.clone());
    let bytes = sealed(&identity, 1000);
    assert!(open_verified(Cursor::new(&bytes), &key, 1000).is_ok());
    assert!(matches!(open_verified(Cursor::new(&bytes), &key, 999), Err(SealError::TooLarge { limit_bytes: 999 })));
    assert!(matches!(spool_verified(&bytes[..], &key, 999, Vec::new()), Err(SealError::TooLarge { .. })));
}

#[test]
fn a_hostile_header_is_refused_before_it_costs_anything() {
    let key = Key::Passphrase(Passphrase::new("words").unwrap());
    let magic = "age-encryption.org/v1\n";
    let endless = format!("{magic}{}", "-> x y\n\n".repeat(10_000));
    assert!(matches!(opened(endless.as_bytes(), &key), Err(SealError::Altered)));
    let one_line = format!("{magic}{}", "x".repeat(1 << 20));
    assert!(matches!(opened(one_line.as_bytes(), &key), Err(SealError::Altered)));
    let (salt, body, mac) = ("A".repeat(22), "A".repeat(43), "A".repeat(43));
    let dear = format!("{magic}-> scrypt {salt} 21\n{body}\n--- {mac}\n{}", "\0".repeat(100));
    assert!(matches!(opened(dear.as_bytes(), &key), Err(SealError::Unsupported(_))));
}

#[test]
fn what_is_no_age_file_is_not_sealed_and_armour_is_unsupported() {
    let key = Key::Age(AgeIdentity::generate());
    for other in [&b""[..], b"PK\x03\x04", b"age-encryption.org/v9\n", b"age-encryption.org/v1"] {
        assert!(matches!(opened(other, &key), Err(SealError::NotSealed)));
    }
    assert!(matches!(opened(b"-----BEGIN AGE ENCRYPTED FILE-----\n", &key), Err(SealError::Unsupported(_))));
}

#[test]
fn keys_go_out_and_come_back_as_age_writes_them_and_do_not_show() {
    let identity = AgeIdentity::generate();
    let file =
        format!("# created: today\n# public key: {}\n{}\n", identity.recipient().to_text(), &*identity.to_text());
    assert!(AgeIdentity::parse(&file).unwrap().recipient() == identity.recipient());
    assert!(AgeRecipient::parse(&identity.recipient().to_text()).unwrap() == identity.recipient());
    assert_eq!(format!("{identity:?} {:?}", identity.recipient()), "AgeIdentity(..) AgeRecipient(..)");
    for nonsense in ["", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1"] {
        assert!(AgeIdentity::parse(nonsense).is_err() && AgeRecipient::parse(nonsense).is_err());
    }
}
