//! St. Brigid Hospital's long record of her: three visits a year since her diabetes, one a year before.

use super::clinic_care;
use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering, Visit};
use crate::people::codes::{hl7, laboratory, snomed};
use crate::people::curve::Curve;
use crate::people::datatype::{human_name, telecom};
use crate::people::encounter::{CHECK_UP, FOLLOW_UP};
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::ST_BRIGID;
use crate::people::json::{list, object};
use crate::people::member::{CAMILLE, ODILE};
use crate::people::observation::Vitals;
use crate::people::patient::{birth_place, contact, extension, extensions, home, speaks, summer_home};
use crate::people::resource::Resource;

/// HbA1c in tenths of a percent: slowly up for years, then down after March 2022.
pub(super) const HBA1C: Curve = Curve(&[
    (Day::new(2003, 6, 10), 84),
    (Day::new(2003, 12, 1), 70),
    (Day::new(2006, 1, 1), 67),
    (Day::new(2010, 1, 1), 71),
    (Day::new(2014, 1, 1), 75),
    (Day::new(2017, 4, 1), 79),
    (Day::new(2020, 1, 1), 84),
    (Day::new(2022, 3, 15), 89),
    (Day::new(2022, 7, 15), 79),
    (Day::new(2022, 11, 1), 73),
    (Day::new(2023, 6, 1), 70),
    (Day::new(2024, 6, 1), 68),
    (Day::new(2026, 10, 1), 67),
]);

/// Systolic blood pressure in mmHg.
pub(super) const SYSTOLIC: Curve = Curve(&[
    (Day::new(1996, 1, 1), 158),
    (Day::new(1998, 1, 1), 142),
    (Day::new(2008, 1, 1), 149),
    (Day::new(2009, 1, 1), 138),
    (Day::new(2015, 4, 1), 149),
    (Day::new(2015, 10, 1), 134),
    (Day::new(2026, 10, 1), 130),
]);

/// Weight in tenths of a kilogram.
pub(super) const WEIGHT: Curve = Curve(&[
    (Day::new(1996, 1, 1), 702),
    (Day::new(2003, 6, 1), 778),
    (Day::new(2015, 1, 1), 802),
    (Day::new(2022, 3, 15), 796),
    (Day::new(2023, 6, 1), 764),
    (Day::new(2026, 10, 1), 751),
]);

/// Height in tenths of a centimetre.
const HEIGHT: Curve = Curve(&[(Day::new(2000, 1, 1), 1625), (Day::new(2026, 10, 1), 1605)]);

/// What later files of the same hospital come back to.
pub(super) struct Clinic {
    pub(super) file: SourceFile,
    /// Her penicillin allergy as it stood for decades.
    pub(super) penicillin: Resource,
    /// A potassium of January 2025 that was wrong.
    pub(super) potassium: Resource,
}

/// The main file; the chart goes on for the later ones.
pub(super) fn begin(seed: u64) -> (Chart, Clinic) {
    let mut chart = Chart::new(seed, &ST_BRIGID, ODILE.index, Numbering::From(1));
    add_patient(&mut chart);
    chart.add_house(&["okonjo"]);
    for (day, kind) in visits() {
        let visit = chart.visit(day, 560 + (day.0 % 7) * 20, kind, ("okonjo", "Diabetes and blood pressure review"));
        add_measurements(&mut chart, &visit);
        if visit.day >= Day::new(2003, 6, 1) {
            add_diabetes_labs(&mut chart, &visit);
        }
    }
    let visit = chart.visit(Day::new(2025, 1, 15), 535, FOLLOW_UP, ("okonjo", "Salts after a stomach upset"));
    let potassium = chart.lab(&visit, &laboratory::POTASSIUM, 64);
    chart.add(potassium.clone());
    let penicillin = clinic_care::add_all(&mut chart);
    let cover = chart.cover(
        "cover-odile",
        &Day::new(2026, 10, 22).at(600, ST_BRIGID.zone),
        "Health record of Odile Maravel".to_owned(),
    );
    chart
        .lead(cover.narrative("<p>Everything St. Brigid Hospital keeps about <b>Odile Maravel</b>, 1996 to 2026.</p>"));
    let content = Content::Phr(chart.take_phr());
    let story = "thirty years at one hospital: diabetes, blood pressure, and an HbA1c that falls after a drug is \
        changed in March 2022";
    let file = SourceFile::of(&chart, OriginKind::Organization, "odile-st-brigid.phr", content, story);
    (chart, Clinic { file, penicillin, potassium })
}

fn add_patient(chart: &mut Chart) {
    let maiden = object().with("use", "maiden").with("family", "Bérenguier").with("given", list(["Odile"]));
    let patient = chart
        .patient(&ODILE, "20417", "SB-0020417")
        .profile("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient")
        .with("extension", extensions([birth_place("Val-Doré", "FR"), maiden_name_of_mother()]))
        .with("name", [human_name(ODILE.family, ODILE.given), maiden])
        .with("telecom", [telecom("phone", "+1 555 0123", "home"), telecom("email", "odile@maravel.example", "home")])
        .with("address", [home(), summer_home()])
        .with("contact", [contact(&CAMILLE, hl7::DAUGHTER, "+1 555 0124")])
        .with("communication", [speaks("fr", "French", true), speaks("en", "English", false)])
        .points("managingOrganization", &chart.organization());
    chart.add(patient);
}

fn maiden_name_of_mother() -> crate::people::json::Json {
    extension("http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString", "Lacaze".into())
}

/// Once a year until 2002, then in January, April and October; the summers she spends in France.
fn visits() -> Vec<(Day, crate::people::encounter::VisitKind)> {
    let mut days: Vec<_> = (1996..2003).map(|year| (Day::new(year, 4, 9).working(), CHECK_UP)).collect();
    days.push((Day::new(2003, 6, 10), CHECK_UP));
    for year in 2003..=2026 {
        for (month, kind) in [(1, CHECK_UP), (4, FOLLOW_UP), (10, FOLLOW_UP)] {
            let day = Day::new(year, month, 7 + year % 11).working();
            if day > Day::new(2003, 6, 10) {
                days.push((day, kind));
            }
        }
    }
    days
}

fn add_measurements(chart: &mut Chart, visit: &Visit) {
    let day = visit.day;
    let systolic = SYSTOLIC.on(day) + chart.around(0, 6);
    let vitals = Vitals {
        pressure: Some((systolic, systolic * 58 / 100 + chart.around(0, 4))),
        pulse: Some(chart.around(72, 9)),
        weight: Some(WEIGHT.on(day) + chart.around(0, 9)),
        height: (day.civil().1 == 1).then(|| HEIGHT.on(day)),
        ..Vitals::default()
    };
    let made = chart.add_vitals(visit, vitals);
    if day.civil().1 == 1 {
        chart.add_vital_panel(visit, &made);
        chart.add_smoking(visit, snomed::FORMER_SMOKER);
    }
}

fn add_diabetes_labs(chart: &mut Chart, visit: &Visit) {
    let hba1c = HBA1C.on(visit.day) + chart.around(0, 1);
    let glucose = hba1c * 2 - 20 + chart.around(0, 14);
    let result = chart
        .lab(visit, &laboratory::HBA1C, hba1c)
        .profile("http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab");
    chart.add(result);
    chart.add(chart.lab(visit, &laboratory::GLUCOSE, glucose));
    let month = visit.day.civil().1;
    if month != 4 {
        chart.add_panel(visit, &laboratory::METABOLIC);
    }
    if month == 1 {
        chart.add_panel(visit, &laboratory::LIPIDS);
        let albumin = 14 + (visit.day.year() - 2003) * 2 + chart.around(0, 5);
        let urine = chart.add(chart.specimen(visit, snomed::URINE));
        chart.add(chart.lab(visit, &laboratory::ALBUMIN_RATIO, albumin).points("specimen", &urine));
    }
    if month == 10 && visit.day.year() % 2 == 0 {
        chart.add_panel(visit, &laboratory::BLOOD_COUNT);
    }
}
