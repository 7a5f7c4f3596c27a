//! No more than the caller may see, for no longer than the caller may see it, and nothing after the receiver is gone.

use mecum_exchange::seal::Sealing;
use mecum_fhir::reference::ResourceType;
use mecum_phr::disclose::Asked;
use mecum_phr::export::{ExportFormat, ExportRequest, export};
use mecum_phr::interaction::{HistoryQuery, recent_history};
use mecum_phr::{Failure, token};

use crate::house::House;
use crate::record::{
    DOCTOR, ENCOUNTER, OLD, PATIENT, app, assert_valid, carry, filled, long_record, own, request, split,
};

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
fn a_read_is_answered_at_once_only_under_a_disclosure_that_is_open() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT]);
    let (caller, _) = app(&house, record, "patient/*.rs");
    let (other, _) = app(&house, record, "patient/*.rs");
    assert!(!house.phr.answers_at_once(&caller));
    let query = HistoryQuery { since_us: i64::MIN, before: None, count: 1 };
    recent_history(&house.phr, &caller, None, &query, &Asked::new("test")).expect("a page");
    assert!(house.phr.answers_at_once(&caller));
    assert!(!house.phr.answers_at_once(&other));
    assert!(!house.phr.answers_at_once(&House::operator()));
    house.phr.close().expect("what was released is written down");
    assert!(!house.phr.answers_at_once(&caller));
}
