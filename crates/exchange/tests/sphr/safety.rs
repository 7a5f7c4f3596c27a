//! What an archive is turned away for, before anything in it is read (PHR-27).

use crate::raw_zip::{DESCRIPTOR, ENCRYPTED, RawEntry, build, build_ordered, deflated, stored};
use crate::samples::{content, open_plain, paths};
use mecum_exchange::sphr::{Archive, Limits, Refusal};
use std::io::{Cursor, Read};

fn refusal(entries: &[RawEntry]) -> Refusal {
    refusal_of(&build(entries))
}

fn refusal_of(bytes: &[u8]) -> Refusal {
    match open_plain(bytes) {
        Ok(archive) => panic!("opened: {:?}", paths(&archive)),
        Err(refusal) => refusal,
    }
}

fn refusal_within(limits: Limits, entries: &[RawEntry]) -> Refusal {
    Archive::open(Cursor::new(build(entries)), &limits).unwrap_err()
}

fn good() -> RawEntry {
    deflated("a.phr", b"{}\n")
}

#[test]
fn phr_27_a_name_that_leads_outside_is_refused() {
    for name in [
        "../evil",
        "a/../../evil",
        "/etc/passwd",
        "C:\\evil",
        "C:/evil",
        "./C:/evil",
        "c:evil",
        "a\\b",
        "a\0.jpg",
        "a/..",
        "a\nb",
    ] {
        assert!(matches!(refusal(&[good(), stored(name, b"x")]), Refusal::UnsafeName(2)), "{name:?}");
    }
}

#[test]
fn phr_27_junk_with_a_bad_name_is_refused_too() {
    assert!(matches!(refusal(&[good(), stored("__MACOSX/../../x", b"x")]), Refusal::UnsafeName(2)));
}

#[test]
fn phr_27_an_overlong_name_is_refused() {
    assert!(matches!(refusal(&[good(), stored(&"n".repeat(1025), b"x")]), Refusal::UnsafeName(2)));
}

#[test]
fn phr_27_links_devices_and_pipes_are_refused_whatever_system_the_entry_names() {
    for mode in [0o120_777, 0o020_644, 0o060_644, 0o010_644, 0o140_644] {
        let entry = stored("link", b"/etc/passwd").with_mode(mode);
        assert!(matches!(refusal(&[good(), entry]), Refusal::NotAFile(2)), "{mode:o}");
    }
    assert!(matches!(refusal(&[stored("file-as-folder/", b"").with_mode(0o100_644)]), Refusal::NotAFile(1)));
    assert!(matches!(refusal(&[stored("folder-as-file", b"x").with_mode(0o040_755)]), Refusal::NotAFile(1)));
}

#[test]
fn phr_27_equal_names_are_refused() {
    assert!(matches!(refusal(&[good(), good()]), Refusal::RepeatedName));
    assert!(matches!(refusal(&[good(), stored("./a.phr", b"x")]), Refusal::DuplicateName(1, 2)));
}

#[test]
fn phr_27_names_that_are_equal_on_some_system_are_refused() {
    assert!(matches!(refusal(&[good(), stored("A.PHR", b"x")]), Refusal::DuplicateName(1, 2)));
    let (composed, decomposed) = ("M\u{fc}ller.pdf", "Mu\u{308}ller.pdf");
    assert!(matches!(refusal(&[stored(composed, b"x"), stored(decomposed, b"y")]), Refusal::DuplicateName(1, 2)));
    assert!(matches!(refusal(&[stored("a", b"x"), stored("a/b", b"y")]), Refusal::DuplicateName(1, 2)));
}

#[test]
fn phr_27_a_bomb_is_refused_by_its_ratio() {
    assert!(matches!(
        refusal(&[good(), deflated("bomb.dcm", &vec![0; 4 << 20])]),
        Refusal::RatioTooHigh { entry: 2, .. }
    ));
}

#[test]
fn phr_27_a_small_file_may_pack_well() {
    assert!(open_plain(&build(&[good(), deflated("blank.dcm", &vec![0; 1 << 20])])).is_ok());
}

#[test]
fn phr_27_entries_over_each_other_are_refused() {
    let mut second = deflated("b.jpg", b"the same bytes");
    second.offset = Some(0);
    let overlapping = build(&[deflated("b.jpg", b"the same bytes"), second]);
    assert!(matches!(refusal_of(&overlapping), Refusal::RepeatedName));
    let mut third = stored("c.jpg", b"xyz");
    third.offset = Some(0);
    assert!(matches!(refusal(&[stored("b.jpg", b"xyz"), third]), Refusal::HeaderMismatch));
}

#[test]
fn phr_27_size_limits_hold_on_what_is_declared() {
    let limits = Limits { entry_bytes: 100, total_bytes: 150, ..Limits::default() };
    let big = stored("big", &[b'x'; 101]);
    assert!(matches!(refusal_within(limits, &[good(), big]), Refusal::EntryTooLarge { entry: 2, limit_bytes: 100 }));
    let two = [stored("one", &[b'x'; 80]), stored("two", &[b'x'; 80])];
    assert!(matches!(refusal_within(limits, &two), Refusal::TotalTooLarge { limit_bytes: 150 }));
    assert!(Archive::open(Cursor::new(build(&two[..1])), &limits).is_ok());
}

#[test]
fn phr_27_too_many_entries_are_refused_before_they_are_all_parsed() {
    let many: Vec<_> = (0..60_000).map(|n| stored(&format!("{n}"), b"")).collect();
    let limits = Limits { entries: 100, ..Limits::default() };
    let mut source = Counting { inner: Cursor::new(build(&many)), read_bytes: 0 };
    let refusal = Archive::open(&mut source, &limits).unwrap_err();
    assert!(matches!(refusal, Refusal::TooManyEntries { limit: 100 }));
    assert!(source.read_bytes < 2 << 20, "{} bytes were read", source.read_bytes);
    assert!(matches!(refusal_within(limits, &many[..101]), Refusal::TooManyEntries { limit: 100 }));
    assert!(Archive::open(Cursor::new(build(&many[..100])), &limits).is_ok());
}

struct Counting<R> {
    inner: R,
    read_bytes: usize,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.read_bytes += n;
        Ok(n)
    }
}

impl<R: std::io::Seek> std::io::Seek for Counting<R> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

#[test]
fn phr_27_headers_that_contradict_the_directory_are_refused() {
    let renamed = RawEntry { local_name: Some(b"b.phr".to_vec()), ..good() };
    assert!(matches!(refusal(&[renamed]), Refusal::HeaderMismatch));
    let flagged = RawEntry { local_flags: Some(ENCRYPTED), ..good() };
    assert!(matches!(refusal(&[flagged]), Refusal::HeaderMismatch));
    let mut resized = build(&[good()]);
    resized[22] ^= 1;
    assert!(matches!(refusal_of(&resized), Refusal::HeaderMismatch));
}

#[test]
fn phr_27_an_entry_missing_from_the_directory_is_refused() {
    let hidden = build_ordered(&[good(), stored("hidden.exe", b"x")], &[0]);
    assert!(matches!(refusal_of(&hidden), Refusal::HeaderMismatch));
}

#[test]
fn phr_27_one_encrypted_entry_among_open_ones_is_refused() {
    let odd = RawEntry { flags: ENCRYPTED, ..stored("b.jpg", &[7; 40]) };
    assert!(matches!(refusal(&[good(), odd]), Refusal::EncryptionMismatch(2)));
}

#[test]
fn phr_27_aes_data_without_the_encrypted_flag_is_refused() {
    let extra = b"\x01\x99\x07\0\x02\0AE\x03\x08\0".to_vec();
    let odd = RawEntry { method: 99, local_extra: extra.clone(), extra, ..stored("b.jpg", &[7; 40]) };
    assert!(matches!(refusal(&[good(), odd]), Refusal::EncryptionMismatch(2) | Refusal::HeaderMismatch));
}

#[test]
fn another_compression_method_is_named_as_unsupported() {
    for method in [9, 12, 14, 93, 95] {
        let entry = RawEntry { method, ..stored("a.phr", b"x") };
        assert!(matches!(refusal(&[entry]), Refusal::Unsupported(_)), "{method}");
    }
}

#[test]
fn what_is_no_archive_is_damaged() {
    assert!(matches!(refusal_of(b""), Refusal::Damaged));
    assert!(matches!(refusal_of(b"PK\x03\x04"), Refusal::Damaged));
    let whole = build(&[good()]);
    assert!(matches!(refusal_of(&whole[..whole.len() - 1]), Refusal::Damaged));
    assert!(matches!(refusal_of(&whole[5..]), Refusal::Damaged | Refusal::HeaderMismatch));
}

#[test]
fn content_that_belies_its_checksum_or_size_fails_while_it_is_read_and_stays_failed() {
    let mut wrong_crc = stored("a.phr", b"content");
    wrong_crc.crc ^= 1;
    let longer = RawEntry { size: 3, ..deflated("a.phr", b"content") };
    let shorter = RawEntry { size: 30, ..deflated("a.phr", b"content") };
    for entry in [wrong_crc, longer, shorter] {
        let bytes = build(&[entry]);
        let mut archive = open_plain(&bytes).unwrap();
        let id = archive.members()[0].id();
        let mut reader = archive.read(id).unwrap();
        let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
        let refusal = error.get_ref().unwrap().downcast_ref::<Refusal>().unwrap();
        assert!(matches!(refusal, Refusal::DamagedContent(1)));
        assert!(reader.read(&mut [0; 8]).is_err());
    }
}

#[test]
fn entries_with_data_descriptors_are_read() {
    let entry = RawEntry { flags: DESCRIPTOR, ..deflated("a.phr", b"{}\n") };
    let bytes = build(&[entry]);
    let mut archive = open_plain(&bytes).unwrap();
    let id = archive.members()[0].id();
    assert_eq!(content(&mut archive, id), b"{}\n");
}

#[test]
fn no_refusal_repeats_a_name() {
    let secret = "Jane Roe HIV test";
    for entries in [
        vec![stored(&format!("../{secret}"), b"x")],
        vec![stored(secret, b"x"), stored(secret, b"y")],
        vec![RawEntry { local_name: Some(b"other".to_vec()), ..stored(secret, b"x") }],
        vec![stored(secret, b"x").with_mode(0o120_777)],
        vec![RawEntry { method: 93, ..stored(secret, b"x") }],
    ] {
        let refusal = refusal(&entries);
        assert!(!format!("{refusal} {refusal:?}").contains("Roe"), "{refusal:?}");
    }
}
