//! Files that ride along: in an archive, and within a line.

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mecum_exchange::seal::{Key, Passphrase, Sealing};
use mecum_exchange::sphr::{self, Imprint, MemberKind};
use mecum_phr::Failure;
use mecum_phr::export::{ExportFormat, ExportRequest};
use mecum_record::ids::RecordId;

use crate::house::House;
use crate::record::{PATIENT, assert_valid, carry, filled, lines, own, request, split};

/// An archive with a picture and its description, as another program would make it.
fn foreign_archive(lines: &[&str]) -> Vec<u8> {
    let imprint = Imprint { name: "Will", created: "2024-01-01T00:00:00Z", generator: "test" };
    let mut random = |_: &mut [u8]| {};
    let mut writer = sphr::Writer::create(Vec::new(), &imprint, &Sealing::None, &mut random).expect("an archive");
    writer.media("scan 1.jpg", "image/jpeg", &mut picture().as_slice()).expect("a file");
    writer.start_record().expect("a record");
    lines.iter().for_each(|line| writer.line(line.as_bytes()).expect("a line"));
    writer.finish().expect("an archive")
}

fn picture() -> Vec<u8> {
    [b"\xff\xd8\xff".as_slice(), &[7; 100_000]].concat()
}

const DOCUMENT: &str = r#"{"resourceType":"DocumentReference","id":"doc","status":"current","content":[{"attachment":{"contentType":"image/jpeg","url":"media/scan 1.jpg"}}]}"#;

fn with_picture(house: &House) -> RecordId {
    imported(house, &foreign_archive(&[PATIENT, DOCUMENT]))
}

fn imported(house: &House, archive: &[u8]) -> RecordId {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("Will.sphr");
    std::fs::write(&file, archive).expect("written");
    let record = house.record("Will");
    assert_eq!(house.import_file(record, &file).expect("an import").n_media, 1);
    record
}

/// The `.phr` lines and the files of an archive.
fn opened(bytes: Vec<u8>, key: Option<&Key>) -> (Vec<String>, Vec<(String, Vec<u8>)>) {
    let mut archive = sphr::open(std::io::Cursor::new(bytes), key, &sphr::Limits::default()).expect("it opens");
    let members: Vec<_> =
        archive.members().iter().map(|member| (member.id(), member.kind(), member.path().to_owned())).collect();
    let (mut lines, mut files) = (Vec::new(), Vec::new());
    for (id, kind, path) in members {
        let mut content = Vec::new();
        archive.read(id).expect("a member").read_to_end(&mut content).expect("its content");
        match kind {
            MemberKind::Record => lines.extend(split(&content)),
            MemberKind::Media => files.push((path, content)),
            _ => {}
        }
    }
    (lines, files)
}

#[test]
fn phr_53_an_archive_opens_with_the_records_own_passphrase_and_its_links_lead_to_its_files() {
    let house = House::on_sqlite();
    let record = with_picture(&house);
    let (done, bytes) = carry(&house, &House::operator(), &request(record, ExportFormat::Sphr));
    let report = done.expect("an export");
    assert_eq!((report.n_media, report.n_resources), (1, 3));
    let text = mecum_phr::record::file_passphrase(&house.phr, &House::operator(), record).expect("a passphrase");
    let key = Key::Passphrase(Passphrase::new(&text).expect("a passphrase"));
    assert!(sphr::open(std::io::Cursor::new(bytes.clone()), None, &sphr::Limits::default()).is_err());
    let (lines, files) = opened(bytes, Some(&key));
    assert_eq!(own(&lines), [PATIENT, &DOCUMENT.replace("scan 1.jpg", "0001.jpg")]);
    assert_eq!(files, [("record/media/0001.jpg".to_owned(), picture())]);
    assert!(lines[1].contains("media/0001.jpg") && lines[1].contains("urn:mecum:sha256"), "{}", lines[1]);
    lines.iter().for_each(|line| drop(assert_valid(line)));
}

#[test]
fn phr_23_an_archive_that_is_not_sealed_keeps_the_names_of_files() {
    let house = House::on_sqlite();
    let record = with_picture(&house);
    let request = ExportRequest { sealing: Some(Sealing::None), ..request(record, ExportFormat::Sphr) };
    let (done, bytes) = carry(&house, &House::operator(), &request);
    assert_eq!(done.expect("an export").n_lines, 6);
    let (lines, files) = opened(bytes, None);
    assert_eq!(own(&lines), [PATIENT, DOCUMENT]);
    assert_eq!(files, [("record/media/scan 1.jpg".to_owned(), picture())]);
}

#[test]
fn in_lines_a_file_that_came_along_stands_within_its_binary_and_links_lead_there() {
    let house = House::on_sqlite();
    let record = with_picture(&house);
    let lines = lines(&house, &request(record, ExportFormat::Phr));
    let out = own(&lines);
    let binary = out.iter().find(|line| line.contains(r#""resourceType":"Binary""#)).expect("a Binary");
    let binary = assert_valid(binary);
    let data = binary.root().get("data").and_then(|data| data.as_str()).expect("data").into_owned();
    assert_eq!(STANDARD.decode(data).expect("base64"), picture());
    let link = format!("\"url\":\"Binary/{}\"", binary.id().expect("an id"));
    assert!(out.iter().any(|line| line.contains("DocumentReference") && line.contains(&link)));
}

#[test]
fn only_an_archive_is_sealed() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT]);
    let request = ExportRequest { sealing: Some(Sealing::None), ..request(record, ExportFormat::Phr) };
    assert!(matches!(carry(&house, &House::operator(), &request).0, Err(Failure::Unsupported(_))));
}

#[test]
fn phr_23_a_file_that_nothing_describes_gets_a_document_reference_which_an_import_drops() {
    let house = House::on_sqlite();
    let record = imported(&house, &foreign_archive(&[PATIENT]));
    let request = ExportRequest { sealing: Some(Sealing::None), ..request(record, ExportFormat::Sphr) };
    let (done, bytes) = carry(&house, &House::operator(), &request);
    done.expect("an export");
    let (lines, files) = opened(bytes.clone(), None);
    assert_eq!(own(&lines), [PATIENT]);
    let described: Vec<&String> = lines.iter().filter(|line| line.contains("\"DocumentReference\"")).collect();
    assert_eq!((described.len(), files.len()), (1, 1));
    let size = format!("\"size\":{}", picture().len());
    assert!(
        described[0].contains("\"url\":\"media/scan%201.jpg\"") && described[0].contains(&size),
        "{}",
        described[0]
    );
    assert_valid(described[0]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("back.sphr");
    std::fs::write(&file, bytes).expect("written");
    let report = house.import_file(house.record("copy"), &file).expect("an import");
    assert_eq!((report.n_created, report.n_generated, report.n_media), (1, lines.len() as u64 - 1, 1));
}
