//! Carrying a record away: what came in goes out as it came, no more than the caller may see, and never looks whole when it is not.

mod house;

use std::io::Read;

use house::{House, sample_files};
use mecum_exchange::seal::{Key, Passphrase, Sealing};
use mecum_exchange::sphr::{self, Imprint, MemberKind};
use mecum_fhir::json::Limits;
use mecum_fhir::outcome::Severity;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_fhir::validate::validate;
use mecum_phr::disclose::Asked;
use mecum_phr::export::{ExportFormat, ExportReport, ExportRequest, export};
use mecum_phr::import::{ImportJob, OtherPeople, keep, run};
use mecum_phr::{Failure, interaction, token};
use mecum_record::access::{ResourceKey, ScopeSet};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"7","lastUpdated":"2020-01-01T00:00:00Z"},"birthDate":"1980"}"#;
const OLD: &str = r#"{"resourceType":"Observation","id":"old","status":"final","code":{"text":"a \u00e9 b"},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2010-06-01","valueQuantity":{"value":1.50}}"#;
const NEW: &str = r#"{"resourceType":"Observation","id":"new","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2020-06","performer":[{"reference":"Practitioner/d"}],"hasMember":[{"reference":"Observation/far"}]}"#;
const FAR: &str = r#"{"resourceType":"Observation","id":"far","status":"final","code":{"text":"y"},"effectiveDateTime":"1999","encounter":{"reference":"Encounter/e"}}"#;
const ENCOUNTER: &str = r#"{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"},"period":{"start":"1998","end":"1998"}}"#;
const DOCTOR: &str = r#"{"resourceType":"Practitioner","id":"d"}"#;

fn request(record: RecordId, format: ExportFormat) -> ExportRequest {
    ExportRequest {
        record,
        format,
        start: None,
        end: None,
        types: None,
        history: false,
        sealing: None,
        name: "record".to_owned(),
    }
}

fn carry(house: &House, caller: &Caller, request: &ExportRequest) -> (Result<ExportReport, Failure>, Vec<u8>) {
    let mut bytes = Vec::new();
    let done = export(&house.phr, caller, request, &Asked::new("export"), &mut |piece| {
        bytes.extend(piece.deliver());
        Ok(())
    });
    (done, bytes)
}

/// The lines of an export by the operator, which must succeed and report as many.
fn lines(house: &House, request: &ExportRequest) -> Vec<String> {
    let (done, bytes) = carry(house, &House::operator(), request);
    let lines = split(&bytes);
    assert_eq!(done.expect("an export").n_lines, lines.len() as u64);
    lines
}

/// PHR-3, PHR-6: every line ends with one line feed, and none is blank.
fn split(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    assert!(text.ends_with('\n') && !text.contains("\n\n") && !text.contains('\r'));
    text.lines().map(str::to_owned).collect()
}

fn is_generated(line: &str) -> bool {
    line.contains("urn:mecum:generated")
}

fn own(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).filter(|line| !is_generated(line)).collect()
}

fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort();
    items
}

fn assert_valid(text: &str) -> Resource {
    let resource = Resource::parse(text.as_bytes(), &Limits::default()).expect("a resource");
    let faults: Vec<_> =
        validate(resource.json()).into_iter().filter(|issue| issue.severity == Severity::Error).collect();
    assert!(faults.is_empty(), "{text}: {faults:?}");
    resource
}

fn filled(house: &House, texts: &[&str]) -> RecordId {
    let record = house.record("somebody");
    house.import_text(record, "in.phr", &texts.join("\n")).expect("an import");
    record
}

fn app(house: &House, record: RecordId, scopes: &str) -> (Caller, String) {
    let scopes = ScopeSet::parse(scopes).expect("scopes");
    let hour_us = 3_600_000_000;
    let issued = token::issue(&house.phr, &House::operator(), "app", Some(record), &scopes, hour_us).expect("a token");
    let caller = token::caller_of(&house.phr, &issued.token).expect("a look-up").expect("a caller");
    (caller, issued.token_id)
}

#[test]
fn phr_61_lines_go_out_as_their_source_wrote_them_patients_first_between_cover_and_closing_line() {
    let house = House::on_sqlite();
    let record = filled(&house, &[OLD, DOCTOR, PATIENT]);
    let lines = lines(&house, &request(record, ExportFormat::Phr));
    assert_eq!(own(&lines), [PATIENT, OLD, DOCTOR]);
    let kinds: Vec<&str> = lines.iter().map(|line| assert_valid(line).resource_type().name()).collect();
    assert_eq!(kinds, ["Composition", "DocumentManifest", "Patient", "Observation", "Practitioner", "Provenance"]);
    assert!(lines[0].contains("Patient/p") && lines[0].contains("Observation: 1"), "{}", lines[0]);
    assert!(lines[5].contains("\"valueDecimal\":6"), "{}", lines[5]);
}

#[test]
fn phr_53_ndjson_has_the_same_lines() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD]);
    let both = [ExportFormat::Phr, ExportFormat::Ndjson].map(|format| lines(&house, &request(record, format)));
    assert_eq!(own(&both[0]), own(&both[1]));
}

#[test]
fn what_was_written_here_goes_out_under_its_id_here() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT]);
    let (caller, _) = app(&house, record, "patient/*.cruds");
    let basic = ResourceType::parse("Basic").expect("a type");
    let text = br#"{"resourceType":"Basic","id":"mine","code":{"text":"x"}}"#;
    let created = interaction::create(&house.phr, &caller, basic, text, &Asked::new("POST Basic")).expect("created");
    let id = created.deliver().resource.key.id;
    let expected = format!(r#"{{"resourceType":"Basic","id":"{id}","code":{{"text":"x"}}}}"#);
    let lines = lines(&house, &request(record, ExportFormat::Phr));
    assert_eq!(own(&lines), [PATIENT, expected.as_str()]);
}

#[test]
fn phr_61_an_id_that_two_sources_use_goes_out_minted_and_references_follow_it() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD]);
    let other = r#"{"resourceType":"Observation","id":"old","status":"final","code":{"text":"other"},"subject":{"reference":"Patient/q"}}"#;
    let focus = r#"{"resourceType":"Observation","id":"f","status":"final","code":{"text":"f"},"focus":[{"reference":"Observation/old"}]}"#;
    import_from(&house, record, "Another Clinic", &[other, focus].join("\n"));
    let lines = lines(&house, &request(record, ExportFormat::Phr));
    let out = own(&lines);
    assert!(!lines.iter().any(|line| line.contains(r#""id":"old""#) || line.contains("Observation/old")));
    let id_of = |mark: &str| {
        let line = out.iter().find(|line| line.contains(mark)).expect("a line");
        assert_valid(line).id().expect("an id").into_owned()
    };
    let (first, second) = (id_of("a \\u00e9 b"), id_of(r#""text":"other""#));
    assert_ne!(first, second);
    let focus = out.iter().find(|line| line.contains(r#""id":"f""#)).expect("a line");
    assert!(focus.contains(&format!("Observation/{second}")), "{focus}");
}

fn import_from(house: &House, record: RecordId, source: &str, text: &str) {
    let operator = House::operator();
    let original = keep(&house.phr, &operator, record, "other.phr", &mut text.as_bytes()).expect("kept");
    let job = ImportJob {
        record,
        message: "other".to_owned(),
        originals: vec![original],
        source_kind: SourceKind::Organization,
        source_name: source.to_owned(),
        key: None,
        other_people: OtherPeople::Keep,
    };
    run(&house.phr, &operator, &job, &mut |_| {}).expect("an import");
}

#[test]
fn phr_55_dates_keep_what_overlaps_the_undated_patients_and_whatever_those_refer_to() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD, NEW, FAR, ENCOUNTER, DOCTOR]);
    let dated = |start: Option<&str>, end: Option<&str>| {
        let dates = (start.map(str::to_owned), end.map(str::to_owned));
        let request = ExportRequest { start: dates.0, end: dates.1, ..request(record, ExportFormat::Phr) };
        let lines = lines(&house, &request);
        sorted(own(&lines).into_iter().map(str::to_owned))
    };
    assert_eq!(dated(Some("2020"), None), sorted([PATIENT, NEW, FAR, ENCOUNTER, DOCTOR].map(str::to_owned)));
    assert_eq!(dated(Some("2010"), Some("2010")), sorted([PATIENT, OLD, DOCTOR].map(str::to_owned)));
    assert_eq!(dated(None, Some("1998")), sorted([PATIENT, ENCOUNTER, DOCTOR].map(str::to_owned)));
    assert_eq!(dated(Some("2020-06-30"), None).len(), 5);
    assert_eq!(dated(Some("2020-07"), None), sorted([PATIENT, DOCTOR].map(str::to_owned)));
}

#[test]
fn phr_55_a_start_after_the_end_and_a_date_that_is_none_are_invalid_and_nothing_goes_out() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT]);
    for (start, end) in [("2021", "2020"), ("2020-07", "2020-06"), ("soon", "2020"), ("2020", "2020-13")] {
        let dates = (Some(start.to_owned()), Some(end.to_owned()));
        let request = ExportRequest { start: dates.0, end: dates.1, ..request(record, ExportFormat::Phr) };
        let (done, bytes) = carry(&house, &House::operator(), &request);
        assert!(matches!(done, Err(Failure::Invalid(_))), "{start} {end}");
        assert!(bytes.is_empty());
    }
}

#[test]
fn phr_52_types_restrict_and_nothing_is_added_for_references() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD, NEW, DOCTOR]);
    let types = Some(vec![ResourceType::OBSERVATION]);
    let lines = lines(&house, &ExportRequest { types, ..request(record, ExportFormat::Phr) });
    assert_eq!(own(&lines).len(), 2);
}

#[test]
fn phr_56_types_without_a_scope_are_left_out_and_named_in_the_same_words_whether_or_not_there_are_any() {
    let house = House::on_sqlite();
    let both = [filled(&house, &[OLD]), {
        let record = house.record("another");
        house.import_text(record, "in.phr", &[OLD, PATIENT, DOCTOR, ENCOUNTER].join("\n")).expect("an import");
        record
    }];
    let [without, with] = both.map(|record| {
        let (caller, _) = app(&house, record, "patient/Observation.rs");
        let (done, bytes) = carry(&house, &caller, &request(record, ExportFormat::Phr));
        let report = done.expect("an export");
        assert!(report.suppressed.contains(&ResourceType::PATIENT));
        assert!(!report.suppressed.contains(&ResourceType::OBSERVATION));
        assert_eq!(report.n_resources, 1);
        split(&bytes)
    });
    let [told_without, told_with] = [own(&without), own(&with)];
    assert_eq!(told_without, told_with);
    assert_eq!(told_with[1], OLD);
    let outcome = assert_valid(told_with[0]);
    assert_eq!(outcome.resource_type().name(), "OperationOutcome");
    assert!(told_with[0].contains("suppressed") && told_with[0].contains("Patient"));
    assert!(with[0].contains("Patient/unknown") && !with[0].contains("Patient: "));
}

#[test]
fn a_caller_who_sees_everything_is_told_of_nothing_left_out() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD]);
    let (caller, _) = app(&house, record, "patient/*.rs");
    let (done, bytes) = carry(&house, &caller, &request(record, ExportFormat::Phr));
    assert_eq!(done.expect("an export").suppressed, []);
    assert_eq!(own(&split(&bytes)), [PATIENT, OLD]);
}

#[test]
fn phr_56_the_app_of_another_record_learns_nothing_and_one_that_may_not_read_is_refused() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT]);
    let elsewhere = house.record("elsewhere");
    let (stranger, _) = app(&house, elsewhere, "patient/*.rs");
    let (done, bytes) = carry(&house, &stranger, &request(record, ExportFormat::Phr));
    assert!(matches!(done, Err(Failure::NotFound(_))) && bytes.is_empty());
    let (writer, _) = app(&house, record, "patient/Observation.c");
    let (done, bytes) = carry(&house, &writer, &request(record, ExportFormat::Phr));
    assert!(matches!(done, Err(Failure::Forbidden(_))) && bytes.is_empty());
}

/// A record of several pages and pieces.
fn long_record(house: &House) -> RecordId {
    let filler = "x".repeat(700);
    let line = |number: usize| {
        format!(r#"{{"resourceType":"Observation","id":"o{number}","status":"final","code":{{"text":"{filler}"}}}}"#)
    };
    let texts: Vec<String> = (0..1_400).map(line).collect();
    let record = house.record("long");
    house.import_text(record, "long.phr", &texts.join("\n")).expect("an import");
    record
}

#[test]
fn phr_57_a_token_revoked_in_the_middle_ends_the_export_with_a_fatal_last_line() {
    let house = House::on_sqlite();
    let record = long_record(&house);
    let (caller, token_id) = app(&house, record, "patient/*.rs");
    let mut bytes = Vec::new();
    let done = export(&house.phr, &caller, &request(record, ExportFormat::Phr), &Asked::new("export"), &mut |piece| {
        if bytes.is_empty() {
            token::revoke(&house.phr, &House::operator(), &token_id)?;
        }
        bytes.extend(piece.deliver());
        Ok(())
    });
    assert!(matches!(done, Err(Failure::NotFound(_))));
    let lines = split(&bytes);
    assert!(lines.len() < 1_000, "{}", lines.len());
    let last = lines.last().expect("a line");
    assert!(last.contains(r#""severity":"fatal""#), "{last}");
    assert_valid(last);
    assert!(!lines.iter().any(|line| line.contains("urn:mecum:line-count")));
}

#[test]
fn a_receiver_that_fails_is_sent_nothing_more() {
    let house = House::on_sqlite();
    let record = long_record(&house);
    for format in [ExportFormat::Phr, ExportFormat::Bundle, ExportFormat::Sphr] {
        let mut n_pieces = 0;
        let request = ExportRequest { sealing: plain(format), ..request(record, format) };
        let done = export(&house.phr, &House::operator(), &request, &Asked::new("export"), &mut |_| {
            n_pieces += 1;
            Err(Failure::Busy("gone".to_owned()))
        });
        assert!(matches!(done, Err(Failure::Busy(_))), "{format:?}");
        assert_eq!(n_pieces, 1, "{format:?}");
    }
}

fn plain(format: ExportFormat) -> Option<Sealing> {
    (format == ExportFormat::Sphr).then_some(Sealing::None)
}

#[test]
fn history_goes_out_oldest_first_and_tells_of_deletions() {
    let house = House::on_sqlite();
    let changed = OLD.replace("1.50", "2");
    let record = filled(&house, &[PATIENT, OLD, &changed, DOCTOR]);
    let (caller, _) = app(&house, record, "patient/*.cruds");
    let page = lines(&house, &request(record, ExportFormat::Phr));
    assert_eq!(own(&page), [PATIENT, &changed, DOCTOR]);
    let key = doctor(&house, &caller);
    interaction::delete(&house.phr, &caller, &key, None).expect("deleted");
    assert_eq!(own(&lines(&house, &request(record, ExportFormat::Phr))), [PATIENT, &changed]);
    let all = lines(&house, &ExportRequest { history: true, ..request(record, ExportFormat::Phr) });
    let out = own(&all);
    assert_eq!(out[..4], [PATIENT, OLD, changed.as_str(), DOCTOR]);
    assert!(out.len() == 5 && out[4].contains(r#""code":"deleted""#) && out[4].contains("Practitioner/d"), "{out:?}");
    assert_valid(out[4]);
    let bundle = ExportRequest { history: true, ..request(record, ExportFormat::Bundle) };
    assert!(matches!(carry(&house, &caller, &bundle).0, Err(Failure::Unsupported(_))));
}

/// The key here of the one Practitioner, by the app's own look at the latest changes.
fn doctor(house: &House, caller: &Caller) -> ResourceKey {
    let practitioner = ResourceType::parse("Practitioner").expect("a type");
    let query = interaction::HistoryQuery { since_us: 0, before: None, count: 10 };
    let asked = Asked::new("GET Practitioner/_history");
    let page = interaction::recent_history(&house.phr, caller, Some(practitioner), &query, &asked).expect("a page");
    page.deliver().versions[0].key.clone()
}

#[test]
fn phr_54_a_document_is_valid_lists_every_entry_first_and_gives_each_an_address() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD, DOCTOR]);
    let (done, bytes) = carry(&house, &House::operator(), &request(record, ExportFormat::Bundle));
    assert_eq!(done.expect("an export").n_lines, 4);
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    let bundle = assert_valid(text);
    let bundle = mecum_fhir::bundle::Bundle::of(&bundle).expect("a Bundle");
    let texts: Vec<&str> = bundle.entries().map(|entry| &text[entry.resource().expect("a resource").span()]).collect();
    assert_eq!(texts[1..], [PATIENT, OLD, DOCTOR]);
    for listed in ["Patient/p", "Observation/old", "Practitioner/d"] {
        assert!(texts[0].contains(&format!(r#"{{"reference":"{listed}"}}"#)), "{listed}");
    }
    assert!(bundle.entries().all(|entry| entry.full_url().is_some()));
}

/// An archive with a picture and its description, as another program would make it.
fn foreign_archive() -> Vec<u8> {
    let imprint = Imprint { name: "Will", created: "2024-01-01T00:00:00Z", generator: "test" };
    let mut random = |_: &mut [u8]| {};
    let mut writer = sphr::Writer::create(Vec::new(), &imprint, &Sealing::None, &mut random).expect("an archive");
    writer.media("scan 1.jpg", "image/jpeg", &mut picture().as_slice()).expect("a file");
    writer.start_record().expect("a record");
    writer.line(PATIENT.as_bytes()).expect("a line");
    writer.line(DOCUMENT.as_bytes()).expect("a line");
    writer.finish().expect("an archive")
}

fn picture() -> Vec<u8> {
    [b"\xff\xd8\xff".as_slice(), &[7; 100_000]].concat()
}

const DOCUMENT: &str = r#"{"resourceType":"DocumentReference","id":"doc","status":"current","content":[{"attachment":{"contentType":"image/jpeg","url":"media/scan 1.jpg"}}]}"#;

fn with_picture(house: &House) -> RecordId {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("Will.sphr");
    std::fs::write(&file, foreign_archive()).expect("written");
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
    assert_eq!(done.expect("an export").n_lines, 5);
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
    use base64::Engine as _;
    assert_eq!(base64::engine::general_purpose::STANDARD.decode(data).expect("base64"), picture());
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
fn phr_6_an_export_brought_in_elsewhere_and_carried_away_again_is_the_same() {
    let house = House::on_sqlite();
    for file in sample_files("phr-format").iter().filter(|file| file.extension().is_some_and(|end| end == "phr")) {
        let (here, there) = (house.record(&format!("{file:?}")), house.record(&format!("{file:?} again")));
        house.import_file(here, file).expect("an import");
        let first = lines(&house, &request(here, ExportFormat::Phr));
        house.import_text(there, "again.phr", &(first.join("\n") + "\n")).expect("an import");
        let second = lines(&house, &request(there, ExportFormat::Phr));
        assert_eq!(own(&first), own(&second), "{file:?}");
        assert!(first.iter().filter(|line| is_generated(line)).count() == 3, "{file:?}");
    }
}
