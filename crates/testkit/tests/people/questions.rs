//! The questions that the demo's data must be able to answer, asked of the files themselves.

use crate::reading::{demo, resources};
use serde_json::Value;

/// Every resource of a type about a person, with the name of the file it came from.
fn of(person: usize, kind: &str) -> Vec<(String, Value)> {
    let files = demo().files.iter().filter(|file| file.person == person);
    let all =
        files.flat_map(|file| resources(file).into_iter().map(move |resource| (file.file_name.clone(), resource)));
    all.filter(|(_, resource)| resource["resourceType"] == kind).collect()
}

fn has_code(resource: &Value, element: &str, code: &str) -> bool {
    resource[element]["coding"].as_array().is_some_and(|codings| codings.iter().any(|coding| coding["code"] == code))
}

/// Date and value of every Observation under a LOINC code, the earliest first.
fn values(person: usize, code: &str) -> Vec<(String, f64)> {
    let mut found: Vec<(String, f64)> = of(person, "Observation")
        .into_iter()
        .filter(|(_, resource)| has_code(resource, "code", code) && resource["valueQuantity"]["value"].is_number())
        .map(|(_, resource)| {
            let when = resource["effectiveDateTime"].as_str().unwrap_or_default().to_owned();
            (when, resource["valueQuantity"]["value"].as_f64().unwrap())
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

#[test]
fn the_last_hba1c_is_in_mmol_mol_and_the_trend_falls_after_the_drug_was_changed() {
    let percent = values(0, "4548-4");
    let before = percent.iter().rfind(|(when, _)| when.as_str() < "2022-03-15").unwrap().1;
    let last = percent.last().unwrap().1;
    assert!(before >= 8.6 && last <= 7.0, "{before} to {last}");
    let si = values(0, "59261-8");
    assert_eq!(si.last().unwrap(), &("2026-10-30T10:15:00+01:00".to_owned(), 51.0));
    assert!(si.last().unwrap().0 > percent.last().unwrap().0);
    for (when, value) in si {
        let as_percent = value * 0.09148 + 2.152;
        let near =
            percent.iter().filter(|(other, _)| other[..4] == when[..4]).map(|(_, value)| (value - as_percent).abs());
        assert!(near.fold(f64::MAX, f64::min) < 0.6, "{when}: the two hospitals do not tell one story");
    }
}

#[test]
fn the_penicillin_allergy_is_refuted_by_a_newer_version_and_still_unconfirmed_in_france() {
    let story: Vec<(String, String, String)> = of(0, "AllergyIntolerance")
        .into_iter()
        .map(|(file, allergy)| {
            let status = allergy["verificationStatus"]["coding"][0]["code"].as_str().unwrap().to_owned();
            (file, allergy["id"].as_str().unwrap().to_owned(), status)
        })
        .collect();
    let told: Vec<(&str, &str, &str)> =
        story.iter().map(|(file, id, status)| (file.as_str(), id.as_str(), status.as_str())).collect();
    assert_eq!(
        told,
        [
            ("odile-st-brigid.phr", "1", "confirmed"),
            ("odile-val-dore.json", "1", "unconfirmed"),
            ("odile-allergy-clinic-2023.json", "1", "refuted"),
        ]
    );
}

#[test]
fn the_last_tetanus_shot_is_found_only_by_looking_at_both_countries() {
    let mut shots: Vec<(String, String)> = of(0, "Immunization")
        .into_iter()
        .filter(|(_, shot)| ["115", "113"].iter().any(|code| has_code(shot, "vaccineCode", code)))
        .map(|(file, shot)| (shot["occurrenceDateTime"].as_str().unwrap().to_owned(), file))
        .collect();
    shots.sort();
    assert_eq!(shots.last().unwrap(), &("2024-08-09".to_owned(), "odile-val-dore.json".to_owned()));
    assert!(shots.len() > 1);
}

#[test]
fn the_wrong_diagnosis_came_from_one_file_was_taken_back_by_another_and_stands_in_a_third() {
    let conditions: Vec<(String, Value)> =
        of(2, "Condition").into_iter().filter(|(_, resource)| has_code(resource, "code", "I48.91")).collect();
    let told: Vec<(&str, &str)> = conditions
        .iter()
        .map(|(file, one)| (file.as_str(), one["verificationStatus"]["coding"][0]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("idris-harbor-practice.phr", "confirmed"), ("idris-harbor-correction-2022.json", "entered-in-error")]
    );
    assert_eq!(conditions[0].1["id"], conditions[1].1["id"]);
    assert!(conditions[1].1["clinicalStatus"].is_null(), "con-5: no clinical status on an error");
    let billed = of(2, "ExplanationOfBenefit").into_iter().any(|(_, bill)| bill.to_string().contains("I48.91"));
    assert!(billed);
}

#[test]
fn there_is_a_chest_x_ray_with_its_reading() {
    let study =
        of(0, "ImagingStudy").into_iter().find(|(_, study)| study.to_string().contains("\"51185008\"")).unwrap();
    assert_eq!(study.0, "odile-pneumonie-2019.sphr");
    let reading =
        of(0, "DiagnosticReport").into_iter().find(|(_, report)| has_code(report, "code", "42272-5")).unwrap().1;
    assert!(reading["conclusion"].as_str().unwrap().contains("base droite"));
    assert!(reading["media"][0]["link"]["reference"].as_str().unwrap().starts_with("Media/"));
}

#[test]
fn current_medications_have_the_new_drug_and_not_the_old_one() {
    let active: Vec<String> = of(0, "MedicationRequest")
        .into_iter()
        .filter(|(_, order)| order["status"] == "active")
        .map(|(_, order)| order["medicationCodeableConcept"]["text"].as_str().unwrap().to_owned())
        .collect();
    assert!(active.iter().any(|drug| drug == "empagliflozin") && active.iter().any(|drug| drug == "metformin"));
    assert!(!active.iter().any(|drug| drug == "glipizide"), "{active:?}");
}

#[test]
fn blood_pressure_has_thirty_years_of_both_numbers_and_comes_down() {
    let mut readings: Vec<(String, f64)> = of(0, "Observation")
        .into_iter()
        .filter(|(_, one)| has_code(one, "code", "85354-9"))
        .map(|(_, one)| {
            assert_eq!(one["component"].as_array().unwrap().len(), 2);
            (
                one["effectiveDateTime"].as_str().unwrap().to_owned(),
                one["component"][0]["valueQuantity"]["value"].as_f64().unwrap(),
            )
        })
        .collect();
    readings.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(readings[0].0.starts_with("1996") && readings.last().unwrap().0.starts_with("2026"));
    assert!(readings[0].1 > readings.last().unwrap().1 + 10.0);
}

#[test]
fn the_pregnancy_has_its_dates_and_two_sources_of_the_due_date_differ_by_two_days() {
    let dates = |code: &str| -> Vec<String> {
        let found = of(1, "Observation").into_iter().filter(|(_, one)| has_code(one, "code", code));
        found.map(|(_, one)| one["valueDateTime"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(dates("8665-2"), ["2016-08-28"]);
    assert_eq!(dates("11778-8"), ["2017-06-04", "2017-06-06"]);
    assert_eq!(demo().people[3].birth_date, "2017-06-01");
}

#[test]
fn the_child_grows_and_two_registers_of_her_vaccines_differ() {
    let heights = values(3, "8302-2");
    assert!(heights.len() >= 16 && heights.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{heights:?}");
    let dates = |file: &str, code: &str| -> Vec<String> {
        let shots = of(3, "Immunization")
            .into_iter()
            .filter(|(name, shot)| name.starts_with(file) && has_code(shot, "vaccineCode", code));
        shots.map(|(_, shot)| shot["occurrenceDateTime"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((dates("noor-harbor", "119").len(), dates("noor-immunization", "119").len()), (2, 1), "one is missing");
    assert_ne!(dates("noor-harbor", "03")[0], dates("noor-immunization", "03")[0], "one is a day off");
    assert_eq!(dates("noor-harbor", "03")[1], dates("noor-immunization", "03")[1]);
}

#[test]
fn family_history_names_the_diabetes_of_mother_and_grandmother() {
    let ill: Vec<String> = of(1, "FamilyMemberHistory")
        .into_iter()
        .filter(|(_, relative)| relative.to_string().contains("44054006"))
        .map(|(_, relative)| relative["relationship"]["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ill, ["mother", "maternal grandmother"]);
}

#[test]
fn watch_and_telephone_count_the_same_days_and_disagree() {
    let steps: Vec<(String, Value)> =
        of(2, "Observation").into_iter().filter(|(_, one)| has_code(one, "code", "55423-8")).collect();
    let day = |file: &str| {
        let found = steps.iter().find(|(name, one)| name.starts_with(file) && one["id"] == "steps-20260615-0000");
        found.unwrap().1["valueQuantity"]["value"].as_f64().unwrap()
    };
    assert!(day("idris-phone") < day("idris-stride"));
}

#[test]
fn phr_82_what_people_measure_themselves_says_so_and_has_a_provenance() {
    for (person, file) in
        [(0, "odile-sugarbook"), (1, "camille-phone"), (2, "idris-stride"), (2, "idris-phone"), (3, "noor-peak")]
    {
        let vouched: std::collections::BTreeSet<String> = of(person, "Provenance")
            .into_iter()
            .filter(|(name, _)| name.starts_with(file))
            .flat_map(|(_, origin)| origin["target"].as_array().unwrap().clone())
            .map(|target| target["reference"].as_str().unwrap().to_owned())
            .collect();
        for (_, reading) in of(person, "Observation").iter().filter(|(name, _)| name.starts_with(file)) {
            assert_eq!(reading["meta"]["security"][0]["code"], "PATAST");
            assert!(vouched.contains(&format!("Observation/{}", reading["id"].as_str().unwrap())), "{}", reading["id"]);
        }
    }
}
