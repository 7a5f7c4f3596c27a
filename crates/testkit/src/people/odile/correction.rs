//! January 2025: a potassium that alarmed everybody came from a spoiled sample. The hospital sends the same result
//! again, corrected, and takes a mistyped weight back.

use crate::people::calendar::Day;
use crate::people::chart::Chart;
use crate::people::codes::{hl7, measure, unit};
use crate::people::encounter::CALL;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::json::text;
use crate::people::member::ODILE;
use crate::people::resource::Resource;

pub(super) fn file(chart: &mut Chart, potassium: &Resource) -> SourceFile {
    let day = Day::new(2025, 1, 22);
    let patient = chart.patient(&ODILE, "20417", "SB-0020417");
    chart.add(patient);
    chart.add_doctor("okonjo");
    let visit = chart.visit(day, 870, CALL, ("okonjo", "Repeat of a high potassium"));
    let instant = chart.time(day, 880);
    let corrected = potassium
        .clone()
        .version("2", text(&instant))
        .with("status", "corrected")
        .with("issued", text(&instant))
        .measured("4.6", unit::MMOL_L)
        .with("interpretation", [hl7::WITHIN.bare()])
        .note("The first value of 6.4 mmol/L came from a haemolysed sample; measured again from the second tube.");
    let corrected = chart.add(corrected);
    let mistyped = chart
        .vital(&visit, measure::WEIGHT, "175.1", unit::KG)
        .with("status", "entered-in-error")
        .note("Typed 175.1 for 75.1.");
    chart.add(mistyped);
    let words =
        "The high potassium of last week was a spoiled sample. The second tube shows 4.6. Nothing needs to change.";
    chart.add(chart.message(&visit, words));
    let role = hl7::provenance_agent("verifier", "Verifier");
    chart.add(chart.origin(&[corrected], &instant, role, "Practitioner/okonjo"));
    let content = Content::Bundle(chart.take_bundle("transaction", false));
    let story = "a correction: the alarming potassium of January 2025 was a spoiled sample, and a weight was mistyped";
    SourceFile::of(chart, OriginKind::Organization, "odile-st-brigid-correction-2025.json", content, story)
}
