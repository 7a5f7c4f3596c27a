//! Harbor Family Practice's record of him: yearly check-ups, an ankle, and in May 2022 a diagnosis that belongs to
//! somebody else.

use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering, Visit};
use crate::people::codes::{document, drug, hl7, icd10cm, laboratory, measure, snomed, unit, vaccine};
use crate::people::datatype::{concept, human_name, telecom};
use crate::people::encounter::{CALL, CHECK_UP, SYMPTOM};
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::history::condition_of_relative;
use crate::people::house::HARBOR;
use crate::people::json::{object, text};
use crate::people::medication::by_mouth;
use crate::people::member::{CAMILLE, IDRIS};
use crate::people::observation::{Vitals, measure_concept};
use crate::people::patient::{birth_place, contact, extensions, home, speaks};
use crate::people::resource::Resource;

/// The id of the practice's Patient.
const PATIENT: &str = "0b6c6d0e-93c1-4b57-8a35-8f8b0d1c7a52";

/// The main file, the chart it came from and the diagnosis that was wrong.
pub(super) fn begin(seed: u64) -> (Chart, SourceFile, Resource) {
    let mut chart = Chart::new(seed, &HARBOR, IDRIS.index, Numbering::Uuid);
    add_patient(&mut chart);
    chart.add_house(&["whitlock"]);
    for year in 2004..=2022 {
        let visit = chart.visit(Day::new(year, 5, 4 + year % 9).working(), 510, CHECK_UP, ("whitlock", ""));
        add_check_up(&mut chart, &visit);
    }
    add_past(&mut chart);
    let wrong = wrong_diagnosis(&mut chart);
    let made = chart.time(Day::new(2022, 6, 1), 600);
    let cover = chart.cover("f2a5c1de-6b1e-4f63-9a44-1c5e7c0d9e01", &made, "Record of Idris Åsen".to_owned());
    chart.lead(cover);
    let content = Content::Phr(chart.take_phr());
    let story = "a healthy runner, and in May 2022 an atrial fibrillation that nobody can explain";
    let file = SourceFile::of(&chart, OriginKind::Organization, "idris-harbor-practice.phr", content, story);
    (chart, file, wrong)
}

pub(super) fn patient(chart: &mut Chart) -> Resource {
    chart
        .patient(&IDRIS, PATIENT, "HFP-33082")
        .with("extension", extensions([birth_place("Tromsø", "NO")]))
        .with("name", [human_name(IDRIS.family, IDRIS.given), object().with("use", "usual").with("given", ["Idris"])])
        .with("telecom", [telecom("phone", "+1 555 0125", "mobile")])
        .with("address", [home()])
        .with("contact", [contact(&CAMILLE, hl7::SPOUSE, "+1 555 0124")])
        .with("communication", [speaks("en", "English", true), speaks("no", "Norwegian", false)])
}

fn add_patient(chart: &mut Chart) {
    let patient = patient(chart);
    chart.add(patient);
}

/// What is done at each check-up; the `Type/id` of what was measured.
pub(super) fn add_check_up(chart: &mut Chart, visit: &Visit) -> Vec<String> {
    let systolic = chart.around(122, 8);
    let vitals = Vitals {
        pressure: Some((systolic, systolic * 62 / 100)),
        pulse: Some(64 - (visit.day.year() - 2004) / 2 + chart.around(0, 4)),
        height: Some(1812),
        ..Vitals::default()
    };
    let made = chart.add_vitals(visit, vitals);
    let pounds = 1790 - (visit.day.year() - 2004) * 4 + chart.around(0, 25);
    chart.add(chart.vital(visit, measure::WEIGHT, &crate::people::datatype::fixed(pounds, 1), unit::POUND));
    chart.add_smoking(visit, snomed::NEVER_SMOKED);
    chart.add_panel(visit, &laboratory::LIPIDS);
    if visit.day.year() % 2 == 0 {
        chart.add_panel(visit, &laboratory::METABOLIC);
    }
    if (2012..2022).contains(&visit.day.year()) {
        chart.add_vaccine(visit.day + 150, vaccine::INFLUENZA, 1);
    }
    made
}

fn add_past(chart: &mut Chart) {
    chart.add_vaccine(Day::new(2009, 5, 11), vaccine::TDAP, 1);
    chart.add_vaccine(Day::new(2019, 5, 8), vaccine::TD, 1);
    chart.add_vaccine(Day::new(2021, 4, 30), vaccine::COVID_PFIZER, 1);
    let none = chart
        .allergy(&[snomed::NO_KNOWN_ALLERGY], "medication", ("confirmed", "Confirmed"))
        .without("type")
        .without("category");
    chart.add(none);
    let ankle = chart.visit(Day::new(2011, 8, 22), 1000, SYMPTOM, ("whitlock", "Twisted the ankle on a forest run"));
    chart.add(chart.diagnosis(
        &ankle,
        &[
            snomed::ANKLE_SPRAIN,
            icd10cm("S93.401A", "Sprain of unspecified ligament of right ankle, initial encounter"),
        ],
        28,
    ));
    let painkiller = by_mouth("one tablet three times a day with food", "1", unit::TABLET, 3);
    chart.add(chart.course(&ankle, &[drug::IBUPROFEN], painkiller, 7));
    let cough = chart.visit(Day::new(2014, 2, 4), 620, SYMPTOM, ("whitlock", "Cough for two weeks"));
    chart.add(chart.diagnosis(
        &cough,
        &[snomed::ACUTE_BRONCHITIS, icd10cm("J20.9", "Acute bronchitis, unspecified")],
        20,
    ));
    chart.add(chart.problem(&[snomed::HYPERLIPIDEMIA, icd10cm("E78.5", "Hyperlipidemia, unspecified")], "2018"));
    let father = vec![condition_of_relative(snomed::MYOCARDIAL_INFARCTION, Some("58"))];
    chart.add(
        chart
            .relative(hl7::FATHER, "Elling Åsen", father)
            .with("deceasedAge", crate::people::datatype::quantity("58", unit::YEAR)),
    );
    chart.add(chart.relative(hl7::MOTHER, "Samira Åsen", vec![condition_of_relative(snomed::ASTHMA, None)]));
}

/// The tracing of another patient, filed under his name.
fn wrong_diagnosis(chart: &mut Chart) -> Resource {
    let visit = chart.visit(Day::new(2022, 5, 17), 905, SYMPTOM, ("whitlock", "Electrocardiogram filed"));
    let codes = [snomed::ATRIAL_FIBRILLATION, icd10cm("I48.91", "Unspecified atrial fibrillation")];
    let wrong = chart
        .problem(&codes, "2022-05-17")
        .version("1", text(&visit.time))
        .points("encounter", &visit.encounter)
        .with("recordedDate", text(&visit.time))
        .points("recorder", &visit.doctor)
        .note("Irregular rhythm on the tracing filed today. Refer to cardiology.");
    let path = chart.add(wrong.clone());
    let rhythm = chart
        .observe(&visit, hl7::EXAM, measure_concept(&[crate::people::codes::loinc("11524-6", "EKG study")]))
        .with("valueString", "Irregular, no P waves, rate 110");
    chart.add(rhythm);
    let referral = chart
        .order(
            &visit,
            concept(&[crate::people::codes::sct("306206005", "Referral to service")], "Referral to cardiology"),
        )
        .with("status", "active")
        .points_at("reasonReference", &[path]);
    chart.add(referral);
    wrong
}

/// July 2022: the same Condition under the same id, entered in error.
pub(super) fn correction(chart: &mut Chart, wrong: &Resource) -> SourceFile {
    let patient = patient(chart);
    chart.add(patient);
    chart.add_doctor("whitlock");
    let visit = chart.visit(Day::new(2022, 7, 5), 545, CALL, ("whitlock", "A tracing filed under the wrong name"));
    let corrected = wrong
        .clone()
        .version("2", text(&visit.time))
        .without("clinicalStatus")
        .without("encounter")
        .with("verificationStatus", hl7::ENTERED_IN_ERROR.bare())
        .note("The tracing of 17 May belongs to another patient. Mr Åsen never had atrial fibrillation.");
    let corrected = chart.add(corrected);
    let words = "We filed another patient's tracing under your name. You do not have atrial fibrillation. We are \
        sorry; the insurer has been told.";
    chart.add(chart.message(&visit, words));
    let note = chart.written_note(
        document::PROGRESS_NOTE,
        &visit.time,
        "Mix-up of two tracings found after the cardiology letter. Diagnosis withdrawn.",
    );
    chart.add(note);
    let role = hl7::provenance_agent("author", "Author");
    chart.add(chart.origin(&[corrected], &visit.time, role, "Practitioner/whitlock"));
    let content = Content::Bundle(chart.take_bundle("collection", false));
    let story = "the practice takes the diagnosis back: entered in error, the tracing was another man's";
    SourceFile::of(chart, OriginKind::Organization, "idris-harbor-correction-2022.json", content, story)
}
