//! Archives sealed with AES: what opens them, and that nothing is released once a name, the order or content was changed
//! (PHR-31 d, PHR-32).

use crate::raw_zip::{RawEntry, build, build_ordered, parse, stored};
use crate::samples::{
    CT, IMPRINT, LINES, PASSPHRASE, aes, content, open_plain, paths, repeatable, write_sample, write_with,
};
use mecum_exchange::seal::{ArchivePassphrase, Passphrase, SealError, Sealing};
use mecum_exchange::sphr::{Archive, Limits, MemberKind, OpenError, Protection, Refusal, Writer};
use std::io::Cursor;

fn open_with<'a>(bytes: &'a [u8], typed: &str) -> Result<Archive<Cursor<&'a [u8]>>, OpenError> {
    Archive::open_sealed(Cursor::new(bytes), &Passphrase::new(typed).unwrap(), &Limits::default())
}

fn foreign_with<'a>(bytes: &'a [u8], typed: &str) -> Result<Archive<Cursor<&'a [u8]>>, OpenError> {
    Archive::open_foreign(Cursor::new(bytes), &Passphrase::new(typed).unwrap(), &Limits::default())
}

#[test]
fn phr_31_a_sealed_archive_opens_with_its_passphrase_and_has_its_real_names_back() {
    let bytes = write_sample(&aes());
    let mut archive = open_with(&bytes, PASSPHRASE).unwrap();
    assert_eq!(archive.protection(), Protection::AesAll);
    assert_eq!(archive.differences().unwrap(), []);
    assert_eq!(
        paths(&archive),
        [
            "SimWilliam/SimWilliam.phr",
            "SimWilliam/media/ct chest.jpg",
            "SimWilliam/media/letter.pdf",
            "SimWilliam/README.txt",
        ]
    );
    let record = archive.members_of(MemberKind::Record).next().unwrap().id();
    assert_eq!(content(&mut archive, record), format!("{}\n{}\n", LINES[0], LINES[1]).as_bytes());
    let ct = archive.resolve(record, "media/ct chest.jpg").unwrap();
    assert_eq!(content(&mut archive, ct), CT);
}

#[test]
fn phr_31_the_names_on_the_outside_are_neutral_and_every_entry_is_ae_2_with_aes_256() {
    let entries = parse(&write_sample(&aes()));
    let names: Vec<_> = entries.iter().map(|entry| String::from_utf8_lossy(&entry.name).into_owned()).collect();
    assert_eq!(names, ["record.phr", "media/0001.jpg", "media/0002.pdf", "README.txt", "manifest.json"]);
    for entry in &entries {
        assert_eq!((entry.flags & 1, entry.method, entry.crc), (1, 99, 0));
        // Vendor version 2, "AE", strength 3, deflate.
        assert!(entry.extra.windows(11).any(|field| field == b"\x01\x99\x07\0\x02\0AE\x03\x08\0"), "{:?}", entry.extra);
    }
}

#[test]
fn salts_differ_from_entry_to_entry_and_from_archive_to_archive() {
    let mut random = repeatable();
    let archives = [write_with(&aes(), &mut random), write_with(&aes(), &mut random)];
    let salts: std::collections::HashSet<_> =
        archives.iter().flat_map(|bytes| parse(bytes)).map(|entry| entry.packed[..16].to_vec()).collect();
    assert_eq!(salts.len(), 10);
}

#[test]
fn phr_31_a_passphrase_typed_another_way_opens_too() {
    let bytes = write_sample(&aes());
    for typed in ["K7WD 3MPX 9T2A H4Q8", "k7wd3mpx9t2ah4q8", " k7wd\u{2013}3mpx\u{2013}9t2a\u{2013}h4q8"] {
        assert!(open_with(&bytes, typed).is_ok(), "{typed}");
    }
}

#[test]
fn phr_33_a_wrong_passphrase_is_one_clear_error() {
    let bytes = write_sample(&aes());
    for typed in ["k7wd-3mpx-9t2a-h4q9", "x", "K7WD-3MPX-9T2A-H4Q8-"] {
        let result = open_with(&bytes, typed);
        match typed {
            "K7WD-3MPX-9T2A-H4Q8-" => assert!(result.is_ok()),
            _ => assert!(matches!(result, Err(OpenError::Seal(SealError::WrongKey))), "{typed}"),
        }
        assert_eq!(foreign_with(&bytes, typed).is_ok(), open_with(&bytes, typed).is_ok());
    }
}

#[test]
fn without_a_passphrase_it_is_refused_as_encrypted_and_a_plain_archive_as_not_sealed() {
    assert!(matches!(open_plain(&write_sample(&aes())), Err(Refusal::Encrypted)));
    let plain = write_sample(&Sealing::None);
    assert!(matches!(open_with(&plain, PASSPHRASE), Err(OpenError::Seal(SealError::NotSealed))));
    assert!(matches!(foreign_with(&plain, PASSPHRASE), Err(OpenError::Seal(SealError::NotSealed))));
}

/// An earlier archive of the same person under the same passphrase, where the picture was another one.
fn older_archive() -> Vec<u8> {
    let mut writer = Writer::create(Vec::new(), &IMPRINT, &aes(), &mut |bytes: &mut [u8]| bytes.fill(7)).unwrap();
    writer.start_record().unwrap();
    LINES.iter().for_each(|line| writer.line(line.as_bytes()).unwrap());
    writer.media("ct chest.jpg", "image/jpeg", &mut &CT.to_ascii_uppercase()[..]).unwrap();
    writer.media("letter.pdf", "application/pdf", &mut &b"%PDF-1.7 a letter"[..]).unwrap();
    writer.finish().unwrap()
}

/// Each way to change an archive without knowing its passphrase, with a word for it.
fn alterations() -> Vec<(&'static str, Vec<u8>)> {
    let whole = parse(&write_sample(&aes()));
    let older = parse(&older_archive());
    let change = |how: &dyn Fn(&mut Vec<RawEntry>)| {
        let mut entries = whole.clone();
        how(&mut entries);
        build(&entries)
    };
    vec![
        ("rename", change(&|e| e[1].name = b"media/0009.jpg".to_vec())),
        ("rename to the same path", change(&|e| e[0].name = b"./record.phr".to_vec())),
        ("rename the manifest", change(&|e| e[4].name = b"other.json".to_vec())),
        ("swap two names", change(&|e| (e[1].name, e[2].name) = (e[2].name.clone(), e[1].name.clone()))),
        ("swap record and media", change(&|e| (e[0].name, e[1].name) = (e[1].name.clone(), e[0].name.clone()))),
        ("alias", change(&|e| add_alias(&mut e[1], b"media/0009.jpg"))),
        ("reorder", change(&|e| e.swap(1, 2))),
        ("manifest first", change(&|e| e.rotate_right(1))),
        ("reorder the directory only", build_ordered(&whole, &[0, 2, 1, 3, 4])),
        ("drop a file", change(&|e| drop(e.remove(1)))),
        ("drop the last file", change(&|e| drop(e.remove(3)))),
        ("drop the manifest", change(&|e| drop(e.pop()))),
        ("drop from the directory only", build_ordered(&whole, &[0, 1, 3, 4])),
        ("append a copy", change(&|e| e.push(RawEntry { name: b"media/0003.jpg".to_vec(), ..e[1].clone() }))),
        ("insert a copy", change(&|e| e.insert(1, RawEntry { name: b"media/0000.jpg".to_vec(), ..e[1].clone() }))),
        ("append an open file", change(&|e| e.push(stored("note.txt", b"trust me")))),
        ("append a folder", change(&|e| e.push(stored("folder/", b"").with_mode(0o040_755)))),
        ("append an empty file", change(&|e| e.push(stored("empty", b"")))),
        ("replace by an open file", change(&|e| e[1] = stored("media/0001.jpg", CT))),
        ("replace the manifest by an open one", change(&|e| e[4] = stored("manifest.json", b"{}"))),
        ("content of another archive", change(&|e| e[1] = older[1].clone())),
        ("manifest of another archive", change(&|e| e[4] = older[4].clone())),
        ("declared size", change(&|e| e[1].size -= 1)),
        ("compression method", change(&|e| set_inner_method(&mut e[1], 0))),
        ("compression method of the manifest", change(&|e| set_inner_method(&mut e[4], 0))),
        ("key strength", change(&|e| set_strength(&mut e[1], 1))),
        ("vendor version", change(&|e| set_vendor(&mut e[1], 1))),
    ]
}

/// A second name for Unicode readers (APPNOTE 4.6.9), in both headers.
fn add_alias(entry: &mut RawEntry, other: &[u8]) {
    let mut crc = flate2::Crc::new();
    crc.update(&entry.name);
    let mut field = b"\x75\x70".to_vec();
    field.extend_from_slice(&(other.len() as u16 + 5).to_le_bytes());
    field.push(1);
    field.extend_from_slice(&crc.sum().to_le_bytes());
    field.extend_from_slice(other);
    entry.extra.extend_from_slice(&field);
    entry.local_extra.extend_from_slice(&field);
}

fn edit_aes_field(entry: &mut RawEntry, at: usize, value: u8) {
    for extra in [&mut entry.extra, &mut entry.local_extra] {
        let field = extra.windows(4).position(|window| window == b"\x01\x99\x07\0").unwrap();
        extra[field + at] = value;
    }
}

fn set_inner_method(entry: &mut RawEntry, method: u8) {
    edit_aes_field(entry, 9, method);
}

fn set_strength(entry: &mut RawEntry, strength: u8) {
    edit_aes_field(entry, 8, strength);
}

fn set_vendor(entry: &mut RawEntry, version: u8) {
    edit_aes_field(entry, 4, version);
}

#[test]
fn the_archive_taken_apart_and_put_together_again_opens() {
    let whole = write_sample(&aes());
    assert_eq!(build(&parse(&whole)).len(), whole.len());
    assert!(open_with(&build(&parse(&whole)), PASSPHRASE).is_ok());
}

#[test]
fn phr_31_any_change_of_name_order_or_content_releases_nothing() {
    for (what, bytes) in alterations() {
        let refused = match open_with(&bytes, PASSPHRASE) {
            Err(OpenError::NoManifest) => what.contains("the manifest"),
            Err(OpenError::Seal(SealError::Altered) | OpenError::Refused(_)) => true,
            _ => false,
        };
        assert!(refused, "{what}: {:?}", open_with(&bytes, PASSPHRASE));
    }
}

#[test]
fn without_its_manifest_it_opens_only_as_foreign_and_says_that_names_are_not_covered() {
    let mut entries = parse(&write_sample(&aes()));
    entries.pop();
    let bytes = build(&entries);
    assert!(matches!(open_with(&bytes, PASSPHRASE), Err(OpenError::NoManifest)));
    let archive = foreign_with(&bytes, PASSPHRASE).unwrap();
    assert_eq!(archive.protection(), Protection::AesContent);
    assert_eq!(paths(&archive)[0], "record.phr");
}

#[test]
fn opening_as_foreign_is_no_way_around_the_manifest() {
    let whole = write_sample(&aes());
    assert_eq!(foreign_with(&whole, PASSPHRASE).unwrap().protection(), Protection::AesAll);
    for (what, bytes) in alterations() {
        let is_bare = ["rename the manifest", "drop the manifest"].contains(&what);
        if let Ok(archive) = foreign_with(&bytes, PASSPHRASE) {
            assert!(is_bare && archive.protection() == Protection::AesContent, "{what}");
        }
    }
}

#[test]
fn phr_31_content_salt_verifier_and_code_of_every_entry_are_authenticated() {
    let whole = parse(&write_sample(&aes()));
    for at in 0..whole.len() {
        let last = whole[at].packed.len() - 1;
        for byte in [0, 16, 18, last - 10, last] {
            let mut entries = whole.clone();
            entries[at].packed[byte] ^= 0x10;
            let bytes = build(&entries);
            let result = open_with(&bytes, PASSPHRASE);
            assert!(matches!(result, Err(OpenError::Seal(SealError::Altered))), "entry {at}, byte {byte}: {result:?}");
        }
    }
}

#[test]
fn content_of_a_foreign_archive_is_authenticated_too() {
    let mut entries = parse(&write_sample(&aes()));
    entries.pop();
    entries[1].packed[20] ^= 1;
    let bytes = build(&entries);
    assert!(matches!(foreign_with(&bytes, PASSPHRASE), Err(OpenError::Seal(SealError::Altered))));
}

#[test]
fn an_empty_ride_along_file_is_sealed_verified_and_left_out() {
    let mut writer = Writer::create(Vec::new(), &IMPRINT, &aes(), &mut repeatable()).unwrap();
    writer.start_record().unwrap();
    writer.line(b"{}").unwrap();
    writer.media("empty.txt", "text/plain", &mut &b""[..]).unwrap();
    let bytes = writer.finish().unwrap();
    let archive = open_with(&bytes, PASSPHRASE).unwrap();
    assert_eq!(paths(&archive), ["SimWilliam/SimWilliam.phr", "SimWilliam/README.txt"]);
}

#[test]
fn phr_31_a_generated_passphrase_seals_and_opens() {
    let passphrase = ArchivePassphrase::generate(&mut repeatable());
    let bytes = write_sample(&Sealing::AesZip(passphrase.clone()));
    assert!(open_with(&bytes, passphrase.expose()).is_ok());
}

#[test]
fn a_locked_bomb_is_refused_before_it_is_unpacked() {
    let mut writer = Writer::create(Vec::new(), &IMPRINT, &aes(), &mut repeatable()).unwrap();
    writer.start_record().unwrap();
    writer.line(&vec![b' '; 4 << 20]).unwrap();
    let bytes = writer.finish().unwrap();
    let result = open_with(&bytes, PASSPHRASE);
    assert!(matches!(result, Err(OpenError::Refused(Refusal::RatioTooHigh { entry: 1, .. }))), "{result:?}");
}
