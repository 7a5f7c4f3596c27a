//! Harbor Family Practice's record of her: a check-up every autumn since she was fifteen.

use super::thyroid;
use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering, Visit};
use crate::people::codes::{drug, hl7, icd10cm, laboratory, snomed, unit, vaccine};
use crate::people::curve::Curve;
use crate::people::datatype::{human_name, telecom};
use crate::people::encounter::{CHECK_UP, SYMPTOM};
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::HARBOR;
use crate::people::json::object;
use crate::people::medication::by_mouth;
use crate::people::member::{CAMILLE, IDRIS};
use crate::people::observation::Vitals;
use crate::people::patient::{contact, home, speaks};

/// Weight in tenths of a kilogram.
const WEIGHT: Curve = Curve(&[
    (Day::new(1996, 9, 1), 521),
    (Day::new(2005, 9, 1), 604),
    (Day::new(2016, 9, 1), 638),
    (Day::new(2017, 12, 1), 712),
    (Day::new(2019, 9, 1), 661),
    (Day::new(2026, 9, 1), 669),
]);

/// Height in tenths of a centimetre.
const HEIGHT: Curve = Curve(&[(Day::new(1996, 9, 1), 1662), (Day::new(1999, 9, 1), 1684)]);

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &HARBOR, CAMILLE.index, Numbering::Uuid);
    add_patient(&mut chart);
    chart.add_house(&["whitlock"]);
    for year in 1996..=2026 {
        let day = Day::new(year, 9, 8 + year % 7).working();
        let visit = chart.visit(day, 540 + (year % 5) * 30, CHECK_UP, ("whitlock", ""));
        add_check_up(&mut chart, &visit);
    }
    add_migraine(&mut chart);
    add_vaccines(&mut chart);
    add_infection(&mut chart);
    thyroid::add(&mut chart);
    let made = chart.time(Day::new(2026, 11, 2), 600);
    let cover = chart.cover("", &made, "Record of Camille Maravel-Åsen".to_owned());
    chart.lead(cover);
    let content = Content::Phr(chart.take_phr());
    let story = "thirty years with one practice: migraine, a tired thyroid after a birth, a hard winter under a label \
        of its own";
    SourceFile::of(&chart, OriginKind::Organization, "camille-harbor-practice.phr", content, story)
}

fn add_patient(chart: &mut Chart) {
    let before = object()
        .with("use", "old")
        .with("family", "Maravel")
        .with("given", ["Camille"])
        .with("period", object().with("end", "2014-08-30"));
    let patient = chart
        .patient(&CAMILLE, "a7d9c1f4-5b0e-4c52-9f6b-2f6f0c1e8b11", "HFP-33081")
        .with("name", [human_name(CAMILLE.family, CAMILLE.given), before])
        .with(
            "telecom",
            [telecom("phone", "+1 555 0124", "mobile"), telecom("email", "camille@maravel.example", "home")],
        )
        .with("address", [home()])
        .with(
            "maritalStatus",
            crate::people::datatype::Code::new(
                "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus",
                "M",
                "Married",
            )
            .concept(),
        )
        .with("contact", [contact(&IDRIS, hl7::SPOUSE, "+1 555 0125")])
        .with("communication", [speaks("en", "English", true), speaks("fr", "French", false)])
        .points("managingOrganization", &chart.organization());
    chart.add(patient);
}

fn add_check_up(chart: &mut Chart, visit: &Visit) {
    let systolic = 112 + (visit.day.year() - 1996) / 3 + chart.around(0, 7);
    let vitals = Vitals {
        pressure: Some((systolic, systolic * 62 / 100)),
        pulse: Some(chart.around(68, 8)),
        breaths: Some(chart.around(14, 2)),
        weight: Some(WEIGHT.on(visit.day) + chart.around(0, 8)),
        height: Some(HEIGHT.on(visit.day)),
        ..Vitals::default()
    };
    let made = chart.add_vitals(visit, vitals);
    chart.add_vital_panel(visit, &made);
    chart.add_smoking(visit, snomed::NEVER_SMOKED);
    if visit.day.year() >= 2001 {
        chart.add_panel(visit, &laboratory::BLOOD_COUNT);
    }
    if visit.day.year() % 5 == 0 {
        chart.add_panel(visit, &laboratory::LIPIDS);
    }
    if visit.day.year() >= 2021 && visit.day.year() % 2 == 1 {
        let mammography = chart.procedure(visit, snomed::MAMMOGRAPHY.concept()).note("No suspicious finding.");
        chart.add(mammography);
    }
}

fn add_migraine(chart: &mut Chart) {
    chart.add(
        chart.problem(&[snomed::MIGRAINE, icd10cm("G43.909", "Migraine, unspecified, not intractable")], "2003-11"),
    );
    let visit = chart.visit(Day::new(2003, 11, 18), 660, SYMPTOM, ("whitlock", "Headaches with flickering lights"));
    let tablet = by_mouth("one tablet at the first sign, again after two hours if needed", "1", unit::TABLET, 2);
    chart.add(chart.as_needed(&visit, &[drug::SUMATRIPTAN], tablet));
}

fn add_vaccines(chart: &mut Chart) {
    chart.add(
        chart
            .vaccine(Day::new(1996, 9, 9), vaccine::TD)
            .with("occurrenceDateTime", "1996-09")
            .with("primarySource", false),
    );
    chart.add_vaccine(Day::new(2006, 9, 12), vaccine::TD, 1);
    let told = chart
        .vaccine(Day::new(2017, 3, 1), vaccine::TDAP)
        .with("occurrenceDateTime", "2017-03")
        .with("primarySource", false);
    chart.add(told.with("reportOrigin", crate::people::datatype::spoken("Told by the patient; given at St. Brigid")));
    for year in 2010..=2026 {
        chart.add_vaccine(Day::new(year, 10, 3 + year % 9).working(), vaccine::INFLUENZA, 1);
    }
    for (dose, day) in [Day::new(2021, 4, 22), Day::new(2021, 5, 13), Day::new(2021, 12, 2)].into_iter().enumerate() {
        chart.add_vaccine(day, vaccine::COVID_PFIZER, dose as i64 + 1);
    }
}

fn add_infection(chart: &mut Chart) {
    let visit = chart.visit(Day::new(2022, 1, 11), 930, SYMPTOM, ("whitlock", "Fever and cough"));
    let code = crate::people::codes::loinc(
        "94500-6",
        "SARS-CoV-2 (COVID-19) RNA [Presence] in Respiratory system specimen by NAA with probe detection",
    );
    let swab = chart.observe(&visit, hl7::LABORATORY, code.concept()).found(snomed::POSITIVE);
    chart.add(swab);
    chart.add(chart.diagnosis(&visit, &[snomed::COVID_19, icd10cm("U07.1", "COVID-19")], 11));
    let vitals = Vitals { temperature: Some(386), oxygen: Some(97), pulse: Some(92), ..Vitals::default() };
    chart.add_vitals(&visit, vitals);
}
