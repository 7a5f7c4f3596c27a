//! Parts of a record: by date and by type.

use mecum_fhir::reference::ResourceType;
use mecum_phr::Failure;
use mecum_phr::export::{ExportFormat, ExportRequest};

use crate::house::House;
use crate::record::{DOCTOR, ENCOUNTER, FAR, NEW, OLD, PATIENT, carry, filled, lines, own, request, sorted};

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
fn phr_52_since_takes_what_changed_here_and_nothing_for_the_sake_of_references() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD]);
    let since_us = Some(house.phr.now_us());
    house.import_text(record, "more.phr", &[DOCTOR, NEW].join("\n")).expect("an import");
    let from = |since_us| lines(&house, &ExportRequest { since_us, ..request(record, ExportFormat::Phr) });
    assert_eq!(own(&from(since_us)), [DOCTOR, NEW]);
    assert_eq!(own(&from(Some(0))).len(), 4);
    assert!(own(&from(Some(house.phr.now_us()))).is_empty());
}

#[test]
fn an_export_as_of_an_earlier_place_is_the_record_as_it_was() {
    let house = House::on_sqlite();
    let record = filled(&house, &[PATIENT, OLD]);
    let first = own(&lines(&house, &request(record, ExportFormat::Phr))).join("\n");
    house.import_text(record, "more.phr", NEW).expect("an import");
    let as_of = |seq| lines(&house, &ExportRequest { until_seq: Some(seq), ..request(record, ExportFormat::Phr) });
    assert_eq!(own(&as_of(1)).join("\n"), first);
    assert_eq!(own(&as_of(99)).len(), 3);
}
