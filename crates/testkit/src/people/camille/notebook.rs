//! What she writes herself: the family's illnesses, what she takes without prescription, an allergy nobody tested.

use crate::people::allergy::reaction;
use crate::people::calendar::{Day, Zone};
use crate::people::chart::{Chart, Numbering};
use crate::people::codes::{document, drug, hl7, snomed, unit};
use crate::people::escape::with_escaped_slashes;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::history::condition_of_relative;
use crate::people::house::House;
use crate::people::medication::by_mouth;
use crate::people::member::{CAMILLE, IDRIS, NOOR, ODILE};

const NOTEBOOK: House = House {
    id: "notebook",
    name: "Family Notebook",
    base: "https://notebook.example/fhir/",
    numbers: "https://notebook.example/ids/user",
    zone: Zone::NewEngland,
    phone: "+1 555 0151",
    address: ["9 Mill Road", "Port Ellery", "MA", "02999", "US"],
    staff: &[],
};

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &NOTEBOOK, CAMILLE.index, Numbering::From(1));
    let patient = chart.patient(&CAMILLE, "1", "camille").tag(hl7::PATIENT_SUPPLIED);
    chart.add(patient);
    let mut made = add_family(&mut chart);
    made.extend(add_own(&mut chart));
    for (member, relation) in [(&ODILE, hl7::MOTHER), (&IDRIS, hl7::SPOUSE), (&NOOR, hl7::DAUGHTER)] {
        chart.add(chart.related(member, relation, "+1 555 0123"));
    }
    let role = hl7::provenance_agent("author", "Author");
    let author = chart.patient.clone();
    let written = chart.time(Day::new(2026, 10, 11), 1290);
    chart.add(chart.origin(&made, &written, role, &author));
    let content = Content::Phr(with_escaped_slashes(&chart.take_phr()));
    let story = "what she knows of the family's illnesses and takes without prescription, in her own words";
    SourceFile::of(&chart, OriginKind::App, "camille-notebook.phr", content, story)
}

fn add_family(chart: &mut Chart) -> Vec<String> {
    let mother =
        vec![condition_of_relative(snomed::DIABETES_2, Some("54")), condition_of_relative(snomed::HYPERTENSION, None)];
    let aunt = vec![condition_of_relative(snomed::BREAST_CANCER, Some("58"))];
    let grandmother = vec![condition_of_relative(snomed::DIABETES_2, Some("61"))];
    let grandfather = vec![condition_of_relative(snomed::MYOCARDIAL_INFARCTION, None)];
    let aunt_of_mother = hl7::relation("MAUNT", "maternal aunt");
    [
        chart.relative(hl7::MOTHER, "Odile Maravel", mother).with("bornDate", "1949-05-21"),
        chart.relative(aunt_of_mother, "Agnès Bérenguier", aunt),
        chart.relative(hl7::MATERNAL_GRANDMOTHER, "Jeanne Bérenguier", grandmother).with("deceasedBoolean", true),
        chart
            .relative(hl7::PATERNAL_GRANDFATHER, "Lucien Maravel", grandfather)
            .with("deceasedString", "in his sixties"),
    ]
    .into_iter()
    .map(|relative| chart.add(relative.tag(hl7::PATIENT_SUPPLIED)))
    .collect()
}

fn add_own(chart: &mut Chart) -> Vec<String> {
    let cats = chart
        .allergy(&[snomed::CAT_DANDER], "environment", ("unconfirmed", "Unconfirmed"))
        .with("criticality", "low")
        .with("reaction", [reaction(snomed::URTICARIA, "mild", "Itching wherever Bérénice the cat sat.")]);
    let painkiller = by_mouth("one tablet when the head aches, rarely", "1", unit::TABLET, 1);
    let ibuprofen = chart.statement(&[drug::IBUPROFEN], painkiller, (Day::new(2019, 3, 1), None));
    let words = "Migraine diary \"2026\": 7 January, 2 March, 19 March, 30 May, 8 August, 1 October.\nMostly after \
        short nights; twice after red wine.";
    let diary = chart.written_note(document::PROGRESS_NOTE, &chart.time(Day::new(2026, 10, 4), 1280), words);
    [cats, ibuprofen, diary].into_iter().map(|own| chart.add(own.tag(hl7::PATIENT_SUPPLIED))).collect()
}
