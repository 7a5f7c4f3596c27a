//! A stranger's visits: each measures and tests something and adds one or two things of other kinds, in turn. What a
//! visit adds refers only to what was there before it, so that a record may end after any of its resources.

use super::life::Life;
use crate::people::allergy::reaction;
use crate::people::calendar::Day;
use crate::people::care::activity;
use crate::people::chart::{Chart, Visit};
use crate::people::codes::laboratory::{self, BLOOD_COUNT, LIPIDS, METABOLIC};
use crate::people::codes::{document, drug, hl7, icd10cm, measure, snomed, unit, vaccine};
use crate::people::datatype::Code;
use crate::people::encounter::{CHECK_UP, EMERGENCY, FOLLOW_UP, SYMPTOM};
use crate::people::history::{condition_of_relative, whole_answer};
use crate::people::insurance::Bill;
use crate::people::medication::by_mouth;
use crate::people::member::TODAY;
use crate::people::observation::Vitals;

/// About how many resources a visit adds.
pub(super) const RESOURCES_A_VISIT: usize = 15;

const ILLNESSES: [(&[Code], &str); 6] = [
    (&[snomed::VIRAL_SINUSITIS, icd10cm("J32.9", "Chronic sinusitis, unspecified")], "Blocked nose"),
    (&[snomed::ACUTE_BRONCHITIS, icd10cm("J20.9", "Acute bronchitis, unspecified")], "Cough"),
    (&[snomed::ANKLE_SPRAIN], "Twisted ankle"),
    (&[snomed::IRON_DEFICIENCY, icd10cm("E61.1", "Iron deficiency")], "Tiredness"),
    (&[snomed::COVID_19, icd10cm("U07.1", "COVID-19")], "Fever"),
    (&[snomed::PNEUMONIA, icd10cm("J18.9", "Pneumonia, unspecified organism")], "Fever and cough"),
];

const LASTING: [(&[Code], Code); 5] = [
    (&[snomed::HYPERTENSION, icd10cm("I10", "Essential (primary) hypertension")], drug::LISINOPRIL_20),
    (&[snomed::DIABETES_2, icd10cm("E11.9", "Type 2 diabetes mellitus without complications")], drug::METFORMIN),
    (&[snomed::HYPERLIPIDEMIA, icd10cm("E78.5", "Hyperlipidemia, unspecified")], drug::ATORVASTATIN),
    (&[snomed::HYPOTHYROIDISM, icd10cm("E03.9", "Hypothyroidism, unspecified")], drug::LEVOTHYROXINE),
    (&[snomed::ASTHMA, icd10cm("J45.909", "Unspecified asthma, uncomplicated")], drug::ALBUTEROL),
];

const VACCINES: [Code; 4] = [vaccine::INFLUENZA, vaccine::TD, vaccine::COVID_PFIZER, vaccine::TDAP];

/// Adds visit number `index` of about `due`.
pub(super) fn add(chart: &mut Chart, life: &Life, (index, due): (i64, i64)) {
    let day = (life.first + (TODAY - life.first) * index.min(due - 1) / due).working();
    let kind = [CHECK_UP, SYMPTOM, FOLLOW_UP, CHECK_UP, FOLLOW_UP, EMERGENCY][(index % 6) as usize];
    let (codes, complaint) = ILLNESSES[(index as usize + chart.person) % ILLNESSES.len()];
    let reason = if kind.kind.code == SYMPTOM.kind.code { complaint } else { "" };
    let visit = chart.visit(day, 480 + chart.around(180, 170), kind, (life.staff[(index % 3) as usize], reason));
    let measured = chart.add_vitals(&visit, vitals(chart, life, day));
    if !reason.is_empty() {
        chart.add(chart.diagnosis(&visit, codes, 14));
    }
    match index % 3 {
        0 => chart.add_panel(&visit, &METABOLIC),
        1 => chart.add_panel(&visit, &LIPIDS),
        _ => chart.add_panel(&visit, &BLOOD_COUNT),
    };
    if index % 2 == 0 {
        chart.add_vaccine(visit.day, VACCINES[(index / 2 % 4) as usize], 1 + index / 8);
    }
    match index % 8 {
        0 => begin(chart, &visit),
        1 => tell_of_family(chart, &visit),
        2 => order(chart, &visit),
        3 => plan(chart, &visit, day),
        4 => write(chart, &visit, &measured),
        5 => treat(chart, &visit, codes),
        6 => ask(chart, &visit),
        _ => settle(chart, life, &visit),
    }
}

fn vitals(chart: &Chart, life: &Life, day: Day) -> Vitals {
    let years = (day - life.birth) / 365;
    let grown = years.min(18);
    let systolic = 92 + grown * 3 / 2 + years / 4 + chart.around(0, 9);
    Vitals {
        pressure: Some((systolic, systolic * 62 / 100 + chart.around(0, 4))),
        pulse: Some(112 - grown * 2 + chart.around(0, 9)),
        temperature: Some(chart.around(367, 4)),
        weight: Some(95 + grown * if life.is_woman { 32 } else { 40 } + chart.around(0, 30)),
        height: Some(760 + grown * if life.is_woman { 50 } else { 57 } + chart.around(0, 12)),
        ..Vitals::default()
    }
}

/// A disease that lasts, with its medicine.
fn begin(chart: &mut Chart, visit: &Visit) {
    let (codes, medicine) = LASTING[(chart.around(50, 50) % 5) as usize];
    let problem = chart.add(chart.problem(codes, &visit.day.month()));
    let daily = by_mouth("one a day", "1", unit::TABLET, 1);
    chart.add(chart.prescription(visit, &[medicine], daily).points_at("reasonReference", &[problem]));
    chart.add_smoking(visit, if chart.chance(70) { snomed::NEVER_SMOKED } else { snomed::FORMER_SMOKER });
    let tested = if chart.chance(50) { &laboratory::HBA1C } else { &laboratory::TSH };
    let high = tested.range.1.unwrap_or(100);
    chart.add(chart.lab(visit, tested, chart.around(high, high / 3)));
}

fn tell_of_family(chart: &mut Chart, visit: &Visit) {
    let ill = [snomed::DIABETES_2, snomed::MYOCARDIAL_INFARCTION, snomed::BREAST_CANCER]
        [(chart.person + visit.day.0 as usize) % 3];
    let relative = chart.relative(hl7::MOTHER, "Mother", vec![condition_of_relative(ill, Some("62"))]);
    chart.add(relative);
    let allergy = chart
        .allergy(&[snomed::PENICILLIN], "medication", ("confirmed", "Confirmed"))
        .with("criticality", "low")
        .with("reaction", [reaction(snomed::URTICARIA, "mild", "Hives within a day.")]);
    chart.add(allergy);
}

fn order(chart: &mut Chart, visit: &Visit) {
    chart.add_ordered_lab(visit, &laboratory::GLUCOSE, chart.around(96, 30));
}

fn plan(chart: &mut Chart, visit: &Visit, day: Day) {
    let goal = chart.goal("Weight at or below 80 kg", measure::WEIGHT, ("80", unit::KG), (day, day + 365));
    let goal = chart.add(goal);
    let team = chart.add(chart.team("Those who help", day, &[(snomed::GENERAL_PRACTICE, visit.doctor.clone())]));
    let steps = vec![activity("Walk every day", "in-progress"), activity("Look again in three months", "scheduled")];
    let plan = chart.plan("Moving more", day, steps).points_at("goal", &[goal]).points_at("careTeam", &[team]);
    chart.add(plan);
}

fn write(chart: &mut Chart, visit: &Visit, measured: &[String]) {
    chart.add_vital_panel(visit, measured);
    let words = "Came for a check-up. Feels well, sleeps well, works as before. Nothing new to find on examination. \
        Next visit in half a year.";
    chart.add(chart.written_note(document::PROGRESS_NOTE, &visit.time, words));
    let role = hl7::provenance_agent("author", "Author");
    chart.add(chart.origin(measured, &visit.time, role, &visit.doctor));
}

fn treat(chart: &mut Chart, visit: &Visit, codes: &[Code]) {
    let diagnosis = chart.add(chart.diagnosis(visit, codes, 21));
    let medicine = by_mouth("one tablet three times a day for five days", "1", unit::TABLET, 3);
    chart.add(
        chart
            .course(visit, &[drug::IBUPROFEN], medicine, 5)
            .points_at("reasonReference", std::slice::from_ref(&diagnosis)),
    );
    chart.add(chart.procedure(visit, snomed::CHEST_X_RAY.concept()).points_at("reasonReference", &[diagnosis]));
}

fn ask(chart: &mut Chart, visit: &Visit) {
    let items = vec![
        whole_answer("1", "How many days a week do you exercise?", chart.around(3, 3)),
        whole_answer("2", "How many hours do you sleep?", chart.around(7, 2)),
    ];
    chart.add(
        chart
            .answers("https://directory.example/forms/habits", &visit.time, items)
            .points("encounter", &visit.encounter),
    );
    chart.add(chart.message(visit, "Your results are normal. No further visit is needed before the next check-up."));
    chart.add(chart.statement(
        &[drug::VITAMIN_D],
        by_mouth("one capsule a day", "1", unit::CAPSULE, 1),
        (visit.day, None),
    ));
}

fn settle(chart: &mut Chart, life: &Life, visit: &Visit) {
    let coverage = chart.add(chart.coverage(&format!("LM-{:06}", chart.person), life.first));
    let diagnosis = icd10cm("Z00.00", "Encounter for general adult medical examination without abnormal findings");
    let bill = Bill { day: visit.day, service: "Office visit", diagnosis, cents: 12_000 + chart.around(4_000, 3_999) };
    let provider = chart.organization();
    chart.add(chart.settled(&bill, &coverage, &provider));
    chart.add(chart.consent(&visit.time, "permit"));
}
