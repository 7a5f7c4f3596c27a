//! The practice's later file about him: the check-ups since the mix-up, and the summary of the last as a document
//! Bundle within the `.phr` (PHR-5).

use super::practice;
use crate::people::calendar::Day;
use crate::people::chart::{Chart, Visit};
use crate::people::codes::{document, drug, hl7, snomed, unit};
use crate::people::datatype::reference;
use crate::people::document::section;
use crate::people::encounter::CHECK_UP;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::json::{list, text};
use crate::people::medication::by_mouth;
use crate::people::resource::Resource;

pub(super) fn file(chart: &mut Chart) -> SourceFile {
    let patient = practice::patient(chart);
    chart.add(patient);
    chart.add_house(&["whitlock"]);
    let mut last = None;
    for year in 2023..=2026 {
        let visit = chart.visit(Day::new(year, 5, 4 + year % 9).working(), 510, CHECK_UP, ("whitlock", ""));
        let measured = practice::add_check_up(chart, &visit);
        last = Some((visit, measured));
    }
    if let Some((visit, measured)) = last {
        let statin = add_statin(chart, &visit);
        let resources = chart.take();
        let summary = summary(chart, &visit, (&resources, &measured, &statin));
        for resource in resources {
            chart.add(resource);
        }
        chart.add(summary);
    }
    let content = Content::Phr(chart.take_phr());
    let story = "four more check-ups, no trace of a heart disease, and a tablet against cholesterol begun in 2026";
    SourceFile::of(chart, OriginKind::Organization, "idris-harbor-practice-2026.phr", content, story)
}

/// A tablet whose Medication lies within the order.
fn add_statin(chart: &mut Chart, visit: &Visit) -> String {
    let tablet = Resource::new("Medication", "tablet").with("code", drug::ATORVASTATIN.concept());
    let daily = by_mouth("one tablet in the evening", "1", unit::TABLET, 1);
    let order = chart
        .prescription(visit, &[drug::ATORVASTATIN], daily)
        .holding(tablet)
        .without("medicationCodeableConcept")
        .points("medicationReference", "#tablet")
        .with("reasonCode", [snomed::HYPERLIPIDEMIA.concept()]);
    chart.add(order)
}

/// The summary carries copies of what it names, under the same ids.
fn summary(chart: &mut Chart, visit: &Visit, (all, measured, statin): (&[Resource], &[String], &str)) -> Resource {
    let named = |path: &String| measured.contains(path) || path == statin || *path == visit.encounter;
    let staff = ["Patient", "Organization", "Practitioner"];
    let copies = all.iter().filter(|resource| staff.contains(&resource.kind()) || named(&resource.path()));
    for copy in copies {
        chart.add(copy.clone());
    }
    let sections = [
        section("Vital signs", document::VITALS, measured),
        section("Medicines begun", document::MEDICATIONS, &[statin.to_owned()]),
    ];
    let composition = chart
        .about("Composition")
        .with("status", "final")
        .with("type", document::PROGRESS_NOTE.concept())
        .points("encounter", &visit.encounter)
        .with("date", text(&visit.time))
        .with("author", [reference(&visit.doctor)])
        .with("title", "Summary of the check-up of May 2026")
        .with("confidentiality", hl7::NORMAL.code)
        .with("section", list(sections));
    chart.lead(composition);
    chart.take_document("check-up-2026", &visit.time)
}
