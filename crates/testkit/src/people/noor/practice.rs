//! Harbor Family Practice's record of her as a bulk export, a file for each type: well-child visits, growth, vaccines,
//! three sore ears, wheezing.

use super::birth::both_lengths;
use super::growth;
use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering, Visit};
use crate::people::codes::{document, drug, hl7, icd10cm, laboratory, measure, snomed, unit, vaccine};
use crate::people::datatype::{Code, fixed, reference, telecom};
use crate::people::encounter::{SYMPTOM, WELL_CHILD};
use crate::people::family::{OriginKind, SourceFile};
use crate::people::house::HARBOR;
use crate::people::medication::{Dose, by_mouth};
use crate::people::member::{CAMILLE, IDRIS, NOOR};
use crate::people::observation::Vitals;
use crate::people::patient::{contact, home, speaks};

/// Vaccines by age in days, with the number of the dose.
pub(super) const SCHEDULE: [(i64, Code, i64); 25] = [
    (61, vaccine::DTAP_HEPB_IPV, 1),
    (61, vaccine::HIB, 1),
    (61, vaccine::PCV13, 1),
    (61, vaccine::ROTAVIRUS, 1),
    (122, vaccine::DTAP_HEPB_IPV, 2),
    (122, vaccine::HIB, 2),
    (122, vaccine::PCV13, 2),
    (122, vaccine::ROTAVIRUS, 2),
    (183, vaccine::DTAP_HEPB_IPV, 3),
    (183, vaccine::HIB, 3),
    (183, vaccine::PCV13, 3),
    (365, vaccine::MMR, 1),
    (365, vaccine::VARICELLA, 1),
    (365, vaccine::HEP_A, 1),
    (456, vaccine::DTAP, 4),
    (456, vaccine::HIB, 4),
    (456, vaccine::PCV13, 4),
    (548, vaccine::HEP_A, 2),
    (1461, vaccine::DTAP_IPV, 5),
    (1461, vaccine::MMR, 2),
    (1461, vaccine::VARICELLA, 2),
    (1826, vaccine::COVID_PFIZER, 1),
    (1900, vaccine::COVID_PFIZER, 2),
    (3052, vaccine::INFLUENZA, 1),
    (3416, vaccine::INFLUENZA, 1),
];

/// Ages in days of the well-child visits.
const VISITS: [i64; 17] = [14, 61, 122, 183, 274, 365, 456, 548, 730, 913, 1096, 1461, 1826, 2192, 2557, 2922, 3287];

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &HARBOR, NOOR.index, Numbering::Uuid);
    add_patient(&mut chart);
    chart.add_house(&["adeyemi"]);
    for age in VISITS {
        let visit = chart.visit((NOOR.birth + age).working(), 630, WELL_CHILD, ("adeyemi", ""));
        add_growth(&mut chart, &visit);
    }
    for (age, code, dose) in SCHEDULE {
        chart.add_vaccine((NOOR.birth + age).working(), code, dose);
    }
    add_ears(&mut chart);
    add_wheezing(&mut chart);
    let refused = chart
        .vaccine(Day::new(2023, 10, 12), vaccine::INFLUENZA)
        .with("status", "not-done")
        .without("primarySource")
        .with(
            "statusReason",
            Code::new("http://terminology.hl7.org/CodeSystem/v3-ActReason", "PATOBJ", "patient objection").bare(),
        )
        .note("Fever on the day; to come again.");
    chart.add(refused);
    let content = chart.take_ndjson();
    let story = "well-child visits from two weeks to nine years: growth, vaccines, three sore ears, wheezing";
    SourceFile::of(&chart, OriginKind::Organization, "noor-harbor-practice", content, story)
}

fn add_patient(chart: &mut Chart) {
    let patient = chart
        .patient(&NOOR, "5e0f2b6a-7c1d-4e8f-8b4a-93d0a1c4f7e3", "HFP-40917")
        .with("telecom", [telecom("phone", "+1 555 0124", "mobile")])
        .with("address", [home()])
        .with("contact", [contact(&CAMILLE, hl7::MOTHER, "+1 555 0124"), contact(&IDRIS, hl7::FATHER, "+1 555 0125")])
        .with("communication", [speaks("en", "English", true)])
        .with("generalPractitioner", [reference("Practitioner/adeyemi")]);
    chart.add(patient);
    chart.add(chart.related(&CAMILLE, hl7::MOTHER, "+1 555 0124"));
    chart.add(chart.related(&IDRIS, hl7::FATHER, "+1 555 0125"));
}

fn add_growth(chart: &mut Chart, visit: &Visit) {
    let [grams, length, head] = growth::on(visit.day);
    let age = visit.day - NOOR.birth;
    let weight = chart.add(chart.vital(visit, measure::WEIGHT, &fixed(grams / 10, 2), unit::KG));
    let height = chart.vital(visit, measure::HEIGHT, &fixed(length, 1), unit::CM);
    let height = if age < 730 { height.with("code", both_lengths()) } else { height };
    let mut made = vec![weight, chart.add(height)];
    if age < 1100 {
        made.push(chart.add(chart.vital(visit, measure::HEAD, &fixed(head, 1), unit::CM)));
    } else {
        let vitals = Vitals {
            pressure: Some((chart.around(94, 5), chart.around(58, 4))),
            pulse: Some(chart.around(96, 8)),
            ..Vitals::default()
        };
        made.extend(chart.add_vitals(visit, vitals));
    }
    if age >= 730 {
        let index = grams * 10_000 / (length * length);
        made.push(chart.add(chart.vital(visit, measure::BMI, &fixed(index, 1), unit::KG_M2)));
    }
    chart.add_vital_panel(visit, &made);
    if age == 365 || age == 730 {
        chart.add(chart.lab(visit, &laboratory::HEMOGLOBIN, 121));
    }
}

fn add_ears(chart: &mut Chart) {
    for (day, side) in
        [(Day::new(2019, 1, 15), "Left ear"), (Day::new(2020, 2, 4), "Right ear"), (Day::new(2022, 12, 6), "Left ear")]
    {
        let visit = chart.visit(day, 995, SYMPTOM, ("adeyemi", "Earache and fever"));
        let vitals = Vitals { temperature: Some(388), pulse: Some(124), ..Vitals::default() };
        chart.add_vitals(&visit, vitals);
        let codes = [snomed::ACUTE_OTITIS_MEDIA, icd10cm("H66.90", "Otitis media, unspecified, unspecified ear")];
        let diagnosis = chart.diagnosis(&visit, &codes, 10).with("bodySite", [crate::people::datatype::spoken(side)]);
        let ear = chart.add(diagnosis);
        let syrup = by_mouth("5 mL twice a day for seven days", "5", unit::ML, 2);
        chart.add(chart.course(&visit, &[drug::AMOXICILLIN], syrup, 7).points_at("reasonReference", &[ear]));
    }
}

fn add_wheezing(chart: &mut Chart) {
    let visit = chart.visit(Day::new(2023, 11, 8), 690, SYMPTOM, ("adeyemi", "Third cough with wheezing this year"));
    let vitals = Vitals { breaths: Some(28), oxygen: Some(95), pulse: Some(112), ..Vitals::default() };
    chart.add_vitals(&visit, vitals);
    let codes = [snomed::ASTHMA, icd10cm("J45.20", "Mild intermittent asthma, uncomplicated")];
    let asthma = chart.add(chart.problem(&codes, "2023-11-08").points("encounter", &visit.encounter));
    let inhaled =
        |words, times_a_day| Dose { words, amount: "2", unit: unit::PUFF, times_a_day, route: snomed::INHALED };
    let reliever =
        chart.as_needed(&visit, &[drug::ALBUTEROL], inhaled("two puffs through the spacer when wheezing", 4));
    chart.add(reliever.points_at("reasonReference", std::slice::from_ref(&asthma)));
    let preventer = chart.prescription(
        &visit,
        &[drug::FLUTICASONE],
        inhaled("two puffs through the spacer morning and evening", 2),
    );
    chart.add(preventer.points_at("reasonReference", &[asthma]));
    let words = "Wheezes with colds and after running. Chest clear today but for a little wheeze. Began a preventer; \
        plan explained to Noor and her mother.";
    chart.add(chart.written_note(document::PROGRESS_NOTE, &visit.time, words));
    let (start, end) = (chart.time(Day::new(2026, 12, 3), 930), chart.time(Day::new(2026, 12, 3), 960));
    chart.add(chart.appointment((&start, &end), "Practitioner/adeyemi", "Asthma review"));
}
