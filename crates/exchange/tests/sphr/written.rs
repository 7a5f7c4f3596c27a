//! What the writer writes and what it will not write (PHR-25, PHR-6, PHR-23).

use crate::samples::{CT, IMPRINT, LINES, aes, content, open_plain, paths, repeatable, write_sample};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use mecum_exchange::seal::{Key, Plain, Sealing};
use mecum_exchange::sphr::{Archive, Imprint, MemberKind, WriteError, Writer, neutral_media_name};

fn writer() -> Writer<Vec<u8>> {
    Writer::create(Vec::new(), &IMPRINT, &Sealing::None, &mut repeatable()).unwrap()
}

#[test]
fn phr_25_the_layout_is_folder_record_media_readme_manifest() {
    let bytes = write_sample(&Sealing::None);
    let mut archive = open_plain(&bytes).unwrap();
    assert_eq!(
        paths(&archive),
        [
            "SimWilliam/SimWilliam.phr",
            "SimWilliam/media/ct chest.jpg",
            "SimWilliam/media/letter.pdf",
            "SimWilliam/README.txt",
            "SimWilliam/manifest.json",
        ]
    );
    let record = archive.members_of(MemberKind::Record).next().unwrap().id();
    assert_eq!(content(&mut archive, record), format!("{}\n{}\n", LINES[0], LINES[1]).as_bytes());
    let packaging: Vec<_> = archive.members_of(MemberKind::Packaging).map(|member| member.path().to_owned()).collect();
    assert_eq!(packaging, ["SimWilliam/README.txt", "SimWilliam/manifest.json"]);
    let manifest = archive.manifest().unwrap();
    assert_eq!((manifest.generator.as_str(), manifest.created.as_str()), ("Mecum test", "2026-11-24T10:30:00Z"));
    assert_eq!(archive.members()[1].claimed_content_type(), Some("image/jpeg"));
}

#[test]
fn phr_25_the_same_imprint_and_content_are_the_same_bytes() {
    assert_eq!(write_sample(&Sealing::None), write_sample(&Sealing::None));
}

#[test]
fn phr_23_a_ride_along_file_comes_back_with_its_link_size_and_digests() {
    let mut writer = writer();
    let written = writer.media("ct.jpg", "image/jpeg", &mut &CT[..]).unwrap();
    assert_eq!(written.url, "media/ct.jpg");
    assert_eq!(written.size_bytes, CT.len() as u64);
    assert_eq!(written.sha256, digest(&SHA256, CT).as_ref());
    assert_eq!(written.sha1, digest(&SHA1_FOR_LEGACY_USE_ONLY, CT).as_ref());
    writer.start_record().unwrap();
    writer.line(format!(r#"{{"url":"{}"}}"#, written.url).as_bytes()).unwrap();
    let bytes = writer.finish().unwrap();
    let mut archive = open_plain(&bytes).unwrap();
    let record = archive.members_of(MemberKind::Record).next().unwrap().id();
    let linked = archive.resolve(record, &written.url).unwrap();
    assert_eq!(content(&mut archive, linked), CT);
}

#[test]
fn a_line_is_one_line_and_the_record_is_written_once_in_one_piece() {
    let mut writer = writer();
    assert!(matches!(writer.line(b"{}"), Err(WriteError::OutOfTurn)));
    writer.start_record().unwrap();
    assert!(matches!(writer.line(b"{}\n"), Err(WriteError::NotOneLine)));
    assert!(matches!(writer.line(b""), Err(WriteError::NotOneLine)));
    writer.line(b"{}").unwrap();
    writer.media("a.txt", "text/plain", &mut &b"x"[..]).unwrap();
    assert!(matches!(writer.line(b"{}"), Err(WriteError::OutOfTurn)));
    assert!(matches!(writer.start_record(), Err(WriteError::OutOfTurn)));
}

#[test]
fn phr_21_an_archive_without_a_record_is_not_finished() {
    let mut writer = writer();
    writer.media("a.txt", "text/plain", &mut &b"x"[..]).unwrap();
    assert!(matches!(writer.finish(), Err(WriteError::OutOfTurn)));
}

#[test]
fn writers_and_archives_may_move_to_another_thread() {
    fn can_move<T: Send>() {}
    can_move::<Writer<std::fs::File>>();
    can_move::<Archive<Plain<std::fs::File>>>();
    can_move::<Sealing>();
    can_move::<Key>();
}

#[test]
fn names_that_no_reader_would_take_are_not_written() {
    for name in ["", "..", "a/b", "a\\b", "/a", "c:", "a\nb", &"n".repeat(129)] {
        let imprint = Imprint { name, ..IMPRINT };
        let created = Writer::create(Vec::new(), &imprint, &Sealing::None, &mut repeatable());
        assert!(matches!(created.map(drop), Err(WriteError::UnusableName)), "{name:?}");
        let written = writer().media(name, "text/plain", &mut &b"x"[..]);
        assert!(name.len() == 129 || matches!(written, Err(WriteError::UnusableName)), "{name:?}");
    }
    for sealing in [Sealing::None, aes()] {
        let mut writer = Writer::create(Vec::new(), &IMPRINT, &sealing, &mut repeatable()).unwrap();
        writer.media("a.txt", "text/plain", &mut &b"x"[..]).unwrap();
        let again = writer.media("A.TXT", "text/plain", &mut &b"y"[..]);
        assert!(matches!(again, Err(WriteError::UnusableName)));
    }
}

#[test]
fn half_an_archive_does_not_open() {
    let mut out = Vec::new();
    let mut writer = Writer::create(&mut out, &IMPRINT, &Sealing::None, &mut repeatable()).unwrap();
    writer.start_record().unwrap();
    writer.line(b"{}").unwrap();
    writer.media("a.txt", "text/plain", &mut &b"x"[..]).unwrap();
    drop(writer);
    assert!(!out.is_empty());
    assert!(open_plain(&out).is_err());
}

#[test]
fn after_a_ride_along_file_that_could_not_be_read_there_is_no_archive() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::ConnectionReset.into())
        }
    }
    let mut out = Vec::new();
    let mut writer = Writer::create(&mut out, &IMPRINT, &Sealing::None, &mut repeatable()).unwrap();
    writer.start_record().unwrap();
    writer.line(b"{}").unwrap();
    let mut half = std::io::Read::chain(&CT[..10], Broken);
    assert!(matches!(writer.media("ct.jpg", "image/jpeg", &mut half), Err(WriteError::Source(_))));
    assert!(matches!(writer.media("a.txt", "text/plain", &mut &b"x"[..]), Err(WriteError::Io(_))));
    assert!(matches!(writer.finish(), Err(WriteError::Io(_))));
    assert!(open_plain(&out).is_err());
}

#[test]
fn a_destination_that_fails_is_an_error_and_nothing_more() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(buf.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(buf.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let write = |room: usize| -> Result<Full, WriteError> {
        let mut writer = Writer::create(Full(room), &IMPRINT, &Sealing::None, &mut repeatable())?;
        writer.start_record()?;
        writer.line(b"{}")?;
        writer.media("a.txt", "text/plain", &mut &CT[..])?;
        writer.finish()
    };
    let needed = 100_000 - write(100_000).unwrap().0;
    for room in 0..needed {
        assert!(matches!(write(room).map(drop), Err(WriteError::Io(_))), "{room}");
    }
}

#[test]
fn neutral_names_are_names_the_writer_takes() {
    let mut writer = writer();
    let name = neutral_media_name(1, "image/jpeg");
    let written = writer.media(name.strip_prefix("media/").unwrap(), "image/jpeg", &mut &CT[..]).unwrap();
    assert_eq!(written.url, name);
}
