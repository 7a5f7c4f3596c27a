//! What came in goes out as it came, in lines and in a document.

use mecum_fhir::bundle::Bundle;
use mecum_fhir::reference::ResourceType;
use mecum_phr::disclose::Asked;
use mecum_phr::export::{ExportFormat, ExportRequest, export};
use mecum_phr::import::{ImportJob, OtherPeople, keep, run};
use mecum_phr::{Failure, interaction};
use mecum_record::access::ResourceKey;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;

use crate::house::{House, sample_files};
use crate::record::{
    DOCTOR, OLD, PATIENT, app, assert_valid, carry, filled, is_generated, lines, long_record, own, request, split,
};

#[test]
fn phr_61_lines_go_out_as_their_source_wrote_them_patients_first_between_cover_and_closing_line() {
    let house = House::on_sqlite();
    let record = filled(&house, &[OLD, DOCTOR, PATIENT]);
    let lines = lines(&house, &request(record, ExportFormat::Phr));
    assert_eq!(own(&lines), [PATIENT, OLD, DOCTOR]);
    let kinds: Vec<&str> = lines.iter().map(|line| assert_valid(line).resource_type().name()).collect();
    assert_eq!(
        kinds,
        ["Composition", "DocumentManifest", "Patient", "Provenance", "Observation", "Practitioner", "Provenance"]
    );
    assert!(lines[0].contains("Patient/p") && lines[0].contains("Observation: 1"), "{}", lines[0]);
    assert!(lines[6].contains("\"valueDecimal\":7"), "{}", lines[6]);
}

#[test]
fn phr_5_behind_the_patient_come_provenance_problems_and_then_the_rest() {
    let house = House::on_sqlite();
    let problem = r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"}}"#;
    let theirs = r#"{"resourceType":"Provenance","id":"v","target":[{"reference":"Condition/c"}],"recorded":"2020-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}"#;
    let record = filled(&house, &[OLD, problem, theirs, PATIENT]);
    house.import_text(record, "more.phr", DOCTOR).expect("an import");
    let lines = lines(&house, &request(record, ExportFormat::Phr));
    assert_eq!(own(&lines), [PATIENT, theirs, problem, OLD, DOCTOR]);
    let commits: Vec<&String> = lines.iter().filter(|line| line.contains("mecum-commit-")).collect();
    assert_eq!((commits.len(), lines.iter().position(|line| line == theirs)), (2, Some(3)));
    assert!(commits[0].contains("Practitioner/d") && commits[1].contains("Observation/old"), "{commits:?}");
    assert!(lines[4] == *commits[0] && lines[5] == *commits[1]);
    // Each resource is a target once, by the name under which it goes out.
    for name in ["Patient/p", "Observation/old", "Condition/c", "Provenance/v", "Practitioner/d"] {
        let n = commits.iter().map(|line| line.matches(&format!("\"{name}\"")).count()).sum::<usize>();
        assert_eq!(n, 1, "{name}");
    }
}

#[test]
fn i9_our_own_provenance_goes_out_as_far_as_its_targets_do_and_is_dropped_by_an_import() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD]);
    house.import_text(record, "more.phr", DOCTOR).expect("an import");
    let own_of =
        |lines: &[String]| lines.iter().filter(|line| line.contains("mecum-commit-")).cloned().collect::<Vec<_>>();
    for (scopes, expect) in [
        ("patient/*.rs", 2),
        ("patient/Provenance.rs patient/Practitioner.rs", 1),
        ("patient/Provenance.rs patient/Basic.rs", 0),
        ("patient/Patient.rs patient/Practitioner.rs", 0),
    ] {
        let (caller, _) = app(&house, record, scopes);
        let (done, bytes) = carry(&house, &caller, &request(record, ExportFormat::Phr));
        done.expect("an export");
        let told = own_of(&split(&bytes));
        assert_eq!(told.len(), expect, "{scopes}");
        let is_hidden = |name: &str| expect == 2 || !told.concat().contains(name);
        assert!(is_hidden("Patient/p") && is_hidden("Observation/old"));
    }
    let types = Some(vec![ResourceType::OBSERVATION]);
    let lines = lines(&house, &ExportRequest { types, ..request(record, ExportFormat::Phr) });
    assert!(own_of(&lines).is_empty());
    let all = crate::record::lines(&house, &request(record, ExportFormat::Phr));
    let report = house.import_text(house.record("copy"), "all.phr", &(all.join("\n") + "\n")).expect("an import");
    assert_eq!((report.n_generated, report.n_created, report.is_possibly_truncated), (5, 3, false));
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
    let bundle = Bundle::of(&bundle).expect("a Bundle");
    let texts: Vec<&str> = bundle.entries().map(|entry| &text[entry.resource().expect("a resource").span()]).collect();
    assert_eq!(texts[1..], [PATIENT, OLD, DOCTOR]);
    for listed in ["Patient/p", "Observation/old", "Practitioner/d"] {
        assert!(texts[0].contains(&format!(r#"{{"reference":"{listed}"}}"#)), "{listed}");
    }
    assert!(bundle.entries().all(|entry| entry.full_url().is_some()));
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
        assert!(first.iter().filter(|line| is_generated(line)).count() == 4, "{file:?}");
    }
}

#[test]
fn what_is_written_while_an_export_runs_is_not_in_it() {
    let house = House::on_sqlite();
    let record = long_record(&house);
    let request = request(record, ExportFormat::Phr);
    let before = lines(&house, &request);
    let last = before[before.len() - 2].clone();
    let mut bytes = Vec::new();
    export(&house.phr, &House::operator(), &request, &Asked::new("export"), &mut |piece| {
        if bytes.is_empty() {
            let changed = last.replace("final", "amended");
            house.import_text(record, "meanwhile.phr", &[PATIENT, &changed].join("\n"))?;
        }
        bytes.extend(piece.deliver());
        Ok(())
    })
    .expect("an export");
    assert_eq!(own(&split(&bytes)), own(&before));
    assert_eq!(own(&lines(&house, &request)).len(), own(&before).len() + 1);
}
