//! St. Brigid's summary of her birth as a document Bundle: scores, measures, first vaccine, hearing.

use super::growth;
use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering, Visit};
use crate::people::codes::{document, hl7, loinc, measure, unit, vaccine};
use crate::people::datatype::{Code, fixed, reference};
use crate::people::document::section;
use crate::people::encounter::STAY;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::ST_BRIGID;
use crate::people::json::{list, object, text};
use crate::people::member::{CAMILLE, NOOR};
use crate::people::patient::{contact, extension, home};

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &ST_BRIGID, NOOR.index, Numbering::From(60_001));
    add_patient(&mut chart);
    chart.add_doctor("ferrante");
    let visit = chart.visit(NOOR.birth, 402, STAY, ("ferrante", "Newborn"));
    let made = chart.time(NOOR.birth + 3, 640);
    let (vitals, scores) = (add_measures(&mut chart, &visit), add_scores(&mut chart, &visit));
    let shot = chart.add_vaccine(NOOR.birth, vaccine::HEP_B, 1);
    let hearing = add_hearing(&mut chart, NOOR.birth + 2);
    let immunizations = loinc("11369-6", "History of Immunization note");
    let sections = [
        section("Measures at birth", document::VITALS, &vitals),
        section("Scores and hearing", document::RESULTS, &[scores, hearing].concat()),
        section("Vaccines", immunizations, &[shot]),
        section("Problems", document::PROBLEMS, &[]),
    ];
    let composition = chart
        .about("Composition")
        .with("status", "final")
        .with("type", document::DISCHARGE_SUMMARY.concept())
        .points("encounter", &visit.encounter)
        .with("date", text(&made))
        .with("author", [reference("Practitioner/ferrante")])
        .with("title", "Newborn discharge summary")
        .with("section", list(sections))
        .narrative("<p>Born 1 June 2017 at 06:42, 3280 g, 50.0 cm. Healthy.</p>");
    chart.lead(composition);
    let content = Content::Bundle(chart.take_document("newborn-2017-06-04", &made).into_json().compact());
    let story = "her birth: weight, length, Apgar scores, hearing, the first vaccine";
    SourceFile::of(&chart, OriginKind::Organization, "noor-birth-2017.json", content, story)
}

fn add_patient(chart: &mut Chart) {
    let hour = chart.time(NOOR.birth, 402);
    let time = extension("http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime", text(&hour));
    let temporary = object().with("use", "temp").with("text", "Baby girl Maravel-Åsen");
    let official = crate::people::datatype::human_name(NOOR.family, NOOR.given);
    let patient = chart
        .patient(&NOOR, "60331", "SB-0060331")
        .with("name", [official, temporary])
        .with("_birthDate", object().with("extension", [time]))
        .with("multipleBirthBoolean", false)
        .with("address", [home()])
        .with("contact", [contact(&CAMILLE, hl7::MOTHER, "+1 555 0124")]);
    chart.add(patient);
}

fn add_measures(chart: &mut Chart, visit: &Visit) -> Vec<String> {
    let [grams, length, head] = growth::on(NOOR.birth);
    let weight = chart.add(chart.vital(visit, measure::WEIGHT, &grams.to_string(), unit::G));
    let length =
        chart.add(chart.vital(visit, measure::LENGTH, &fixed(length, 1), unit::CM).with("code", both_lengths()));
    let head = chart.add(chart.vital(visit, measure::HEAD, &fixed(head, 1), unit::CM));
    let warmth = chart.add(chart.vital(visit, measure::TEMPERATURE, "36.8", unit::CELSIUS));
    vec![weight, length, head, warmth]
}

/// Body height, and that it was measured lying.
pub(super) fn both_lengths() -> crate::people::json::Json {
    crate::people::datatype::concept(&[measure::HEIGHT, measure::LENGTH], "Body length")
}

fn add_scores(chart: &mut Chart, visit: &Visit) -> Vec<String> {
    [(measure::APGAR_1, "8"), (measure::APGAR_5, "9")]
        .into_iter()
        .map(|(code, score)| chart.add(chart.observe(visit, hl7::SURVEY, code.concept()).measured(score, unit::SCORE)))
        .collect()
}

fn add_hearing(chart: &mut Chart, day: Day) -> Vec<String> {
    let passed = Code::new("http://loinc.org", "LA10392-1", "Pass");
    let ears = [
        loinc("54108-6", "Newborn hearing screen of Ear - left"),
        loinc("54109-4", "Newborn hearing screen of Ear - right"),
    ];
    ears.into_iter().map(|ear| chart.add(chart.observe_on(day, hl7::EXAM, ear.concept()).found(passed))).collect()
}
