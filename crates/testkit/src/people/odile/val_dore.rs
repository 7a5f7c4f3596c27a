//! The clinic in Val-Doré, where she spends her summers: SI units, its own laboratory codes, its own numbering from 1,
//! and an older word on penicillin.

use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering, Visit};
use crate::people::codes::{document, drug, hl7, icd10, laboratory, snomed, unit, vaccine};
use crate::people::datatype::{human_name, telecom};
use crate::people::encounter::{FOLLOW_UP, SYMPTOM};
use crate::people::escape::in_ascii;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::VAL_DORE;
use crate::people::json::object;
use crate::people::medication::by_mouth;
use crate::people::member::ODILE;
use crate::people::observation::Vitals;
use crate::people::patient::summer_home;

use super::clinic;

/// The summers' file; the chart goes on for the pneumonia's.
pub(super) fn begin(seed: u64) -> (Chart, SourceFile) {
    let mut chart = Chart::new(seed, &VAL_DORE, ODILE.index, Numbering::From(1));
    add_patient(&mut chart);
    chart.add_house(&["vasseur", "nguyen"]);
    for year in 2009..=2026 {
        let day = Day::new(year, 7, 3 + year % 9).working();
        let visit = chart.visit(day, 600, FOLLOW_UP, ("nguyen", "Suivi du diabète"));
        add_results(&mut chart, &visit);
    }
    let autumn = chart.visit(Day::new(2026, 10, 30), 615, FOLLOW_UP, ("nguyen", "Suivi du diabète, séjour prolongé"));
    chart.add(chart.lab(&autumn, &laboratory::HBA1C_IFCC, 51));
    add_problems(&mut chart);
    add_tetanus(&mut chart);
    let content = Content::Bundle(in_ascii(&chart.take_bundle("collection", true)));
    let story =
        "the same diabetes seen in France: HbA1c in mmol/mol, glucose in mmol/L, local codes, the last tetanus booster";
    let file = SourceFile::of(&chart, OriginKind::Organization, "odile-val-dore.json", content, story);
    (chart, file)
}

fn add_patient(chart: &mut Chart) {
    let birth_name = object().with("use", "maiden").with("family", "Bérenguier").with("given", ["Odile"]);
    let patient = chart
        .patient(&ODILE, "1", "2009-000731")
        .with("name", [human_name("MARAVEL", &["Odile"]).with("suffix", ["née Bérenguier"]), birth_name])
        .with("telecom", [telecom("phone", "+33 5 55 01 42 99", "temp")])
        .with("address", [summer_home()])
        .points("managingOrganization", &chart.organization());
    chart.add(patient);
}

/// What St. Brigid would call tenths of a percent, in mmol/mol: IFCC = (NGSP - 2.152) / 0.09148, rounded.
fn ifcc(tenths_of_percent: i64) -> i64 {
    (tenths_of_percent * 10_000 - 215_200 + 4_574) / 9_148
}

fn add_results(chart: &mut Chart, visit: &Visit) {
    let hba1c = clinic::HBA1C.on(visit.day);
    let systolic = clinic::SYSTOLIC.on(visit.day) + chart.around(2, 6);
    let vitals = Vitals {
        pressure: Some((systolic, systolic * 57 / 100)),
        weight: Some(clinic::WEIGHT.on(visit.day) + chart.around(4, 8)),
        ..Vitals::default()
    };
    chart.add_vitals(visit, vitals);
    let glucose = hba1c * 10 / 9 - 11 + chart.around(0, 7);
    let values = [
        (&laboratory::HBA1C_IFCC, ifcc(hba1c)),
        (&laboratory::GLUCOSE_SI, glucose),
        (&laboratory::CREATININE_SI, 68 + (visit.day.year() - 2009) / 2 + chart.around(0, 4)),
        (&laboratory::GFR_LOCAL, 88 - (visit.day.year() - 2009) + chart.around(0, 3)),
    ];
    let results: Vec<String> =
        values.into_iter().map(|(test, value)| chart.add(chart.lab(visit, test, value))).collect();
    let report = chart.report(visit, document::LABORATORY_REPORT, &results).with("conclusion", "Bilan annuel.");
    chart.add(report);
}

fn add_problems(chart: &mut Chart) {
    let diabetes = chart
        .problem(&[icd10("E11.9", "Diabète sucré de type 2, sans complication")], "2003")
        .note("Connu aux États-Unis.");
    chart.add(diabetes);
    chart.add(chart.problem(&[icd10("I10", "Hypertension essentielle (primitive)")], "1995"));
    let penicillin = chart
        .allergy(&[snomed::PENICILLIN], "medication", ("unconfirmed", "Unconfirmed"))
        .with("criticality", "unable-to-assess")
        .with("recordedDate", "2009-07-06")
        .note("D'après la patiente ; à explorer.");
    chart.add(penicillin);
    let once = by_mouth("un comprimé le matin et le soir", "1", unit::TABLET, 2);
    let since = Day::new(2009, 7, 6);
    chart.add(chart.statement(&[drug::METFORMIN_ATC], once, (since, None)));
    let one = by_mouth("un comprimé le matin", "1", unit::TABLET, 1);
    chart.add(chart.statement(&[drug::LISINOPRIL_ATC], one, (since, None)));
    chart.add(chart.statement(&[drug::EMPAGLIFLOZIN_ATC], one, (Day::new(2022, 7, 9), None)));
}

/// August 2024: a cut in the garden, and the booster that is her last.
fn add_tetanus(chart: &mut Chart) {
    let day = Day::new(2024, 8, 9);
    let visit = chart.visit(day, 1010, SYMPTOM, ("vasseur", "Plaie de la main en jardinant"));
    let codes = [icd10("S61.9", "Plaie ouverte du poignet et de la main, partie non précisée")];
    chart.add(chart.diagnosis(&visit, &codes, 12));
    let booster = chart
        .vaccine(day, vaccine::TD)
        .points("encounter", &visit.encounter)
        .with("lotNumber", "REV0824")
        .with("site", snomed::LEFT_ARM.concept())
        .note("Rappel antitétanique; prochain dans dix ans.");
    chart.add(booster);
    let temperature = Vitals { temperature: Some(369), pulse: Some(80), ..Vitals::default() };
    chart.add_vitals(&visit, temperature);
    let consent = chart.consent(&chart.time(day, 1015), "deny");
    chart.add(consent.label(hl7::NORMAL));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_and_millimoles_agree_by_the_master_equation() {
        for (tenths, expect) in [(65, 48), (70, 53), (84, 68), (67, 50)] {
            assert_eq!(ifcc(tenths), expect);
        }
    }
}
