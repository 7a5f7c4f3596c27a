//! St. Brigid's problem list, medicines, vaccines, plans and wishes for her.

use crate::people::allergy::reaction;
use crate::people::calendar::Day;
use crate::people::care::activity;
use crate::people::chart::{Chart, Visit};
use crate::people::codes::{document, drug, hl7, icd10cm, snomed, unit, vaccine};
use crate::people::datatype::{Code, concept, spoken};
use crate::people::encounter::CALL;
use crate::people::history::condition_of_relative;
use crate::people::json::{list, object};
use crate::people::medication::{Dose, by_mouth};
use crate::people::resource::Resource;

const ONE_A_DAY: Dose = by_mouth("one tablet once a day", "1", unit::TABLET, 1);
const ONE_TWICE_A_DAY: Dose = by_mouth("one tablet twice a day with meals", "1", unit::TABLET, 2);

/// Adds all of it; the penicillin allergy as it was recorded.
pub(super) fn add_all(chart: &mut Chart) -> Resource {
    add_problems(chart);
    add_medicines(chart);
    add_vaccines(chart);
    add_plan(chart);
    add_family(chart);
    let penicillin = penicillin(chart);
    chart.add(penicillin.clone());
    penicillin
}

fn add_problems(chart: &mut Chart) {
    let problems: [(&[Code], &str); 5] = [
        (&[snomed::HYPERTENSION, icd10cm("I10", "Essential (primary) hypertension")], "1994"),
        (&[snomed::DIABETES_2, icd10cm("E11.9", "Type 2 diabetes mellitus without complications")], "2003-06"),
        (&[snomed::HYPERLIPIDEMIA, icd10cm("E78.5", "Hyperlipidemia, unspecified")], "2004-01-15"),
        (&[snomed::OSTEOPENIA], "2021-04"),
        (&[snomed::CATARACT], "2023-10-09"),
    ];
    for (codes, onset) in problems {
        chart.add(chart.problem(codes, onset));
    }
    chart
        .add(chart.past_procedure(snomed::APPENDECTOMY.concept(), "1968").note("As she remembers; no report is left."));
    chart.add(chart.past_procedure(snomed::COLONOSCOPY.concept(), "2011-05-19"));
    chart.add(chart.past_procedure(snomed::CATARACT_REMOVAL.concept(), "2024-02-27"));
    chart.add(chart.flag("Uses a hearing aid on the left: speak towards the right side.", "2022-10-18"));
}

fn penicillin(chart: &Chart) -> Resource {
    let code = icd10cm("Z88.0", "Allergy status to penicillin");
    chart
        .allergy(&[snomed::PENICILLIN_ALLERGY, code], "medication", ("confirmed", "Confirmed"))
        .version("1", Day::new(1998, 4, 9).at(640, chart.house.zone))
        .with("criticality", "high")
        .with("onsetDateTime", "1957")
        .with("recordedDate", Day::new(1998, 4, 9).date())
        .points("recorder", "Practitioner/okonjo")
        .with(
            "reaction",
            [reaction(
                snomed::ERUPTION,
                "moderate",
                "Rash on the trunk on the third day, as a child; told by her mother.",
            )],
        )
}

fn january(chart: &mut Chart, year: i64) -> Visit {
    let day = Day::new(year, 1, 21).working();
    chart.visit(day, 720, CALL, ("okonjo", "Prescriptions for the year"))
}

fn add_medicines(chart: &mut Chart) {
    for year in 2004..=2026 {
        let visit = january(chart, year);
        let current = year == 2026;
        chart.add(chart.procedure(&visit, snomed::MEDICATION_REVIEW.concept()));
        let lisinopril = if year < 2008 { drug::LISINOPRIL_10 } else { drug::LISINOPRIL_20 };
        let mut drugs =
            vec![(drug::METFORMIN, ONE_TWICE_A_DAY), (lisinopril, ONE_A_DAY), (drug::ATORVASTATIN, ONE_A_DAY)];
        if year > 2015 {
            drugs.push((drug::AMLODIPINE_5, ONE_A_DAY));
        }
        if (2017..2022).contains(&year) {
            drugs.push((drug::GLIPIZIDE, by_mouth("one tablet before breakfast", "1", unit::TABLET, 1)));
        }
        if year > 2022 {
            drugs.push((drug::EMPAGLIFLOZIN, ONE_A_DAY));
        }
        for (code, dose) in drugs {
            let order = if current {
                chart.prescription(&visit, &[code], dose)
            } else {
                chart.course(&visit, &[code], dose, 365)
            };
            chart.add(order);
        }
        if year == 2022 {
            change_of_drug(chart, &visit);
        }
    }
    chart.add(chart.statement(
        &[drug::VITAMIN_D],
        by_mouth("one capsule a day", "1", unit::CAPSULE, 1),
        (Day::new(2021, 4, 12), None),
    ));
}

/// March 2022: glipizide, ordered in January, is stopped after a night of low sugar, and empagliflozin begun.
fn change_of_drug(chart: &mut Chart, january: &Visit) {
    let visit = chart.visit(Day::new(2022, 3, 15), 600, CALL, ("okonjo", "Low sugar at night, HbA1c 8.9 %"));
    let codes = [snomed::HYPOGLYCEMIA, icd10cm("E16.2", "Hypoglycemia, unspecified")];
    let low = chart.add(chart.diagnosis(&visit, &codes, 1));
    let stopped = chart
        .prescription(january, &[drug::GLIPIZIDE], by_mouth("one tablet before breakfast", "1", unit::TABLET, 1))
        .with("status", "stopped")
        .with("statusReason", spoken("Hypoglycemia at night"))
        .points_at("reasonReference", &[low]);
    let stopped = chart.add(stopped);
    let begun = chart
        .course(&visit, &[drug::EMPAGLIFLOZIN], ONE_A_DAY, 310)
        .points("priorPrescription", &stopped)
        .note("Instead of glipizide. Look for a fall of the HbA1c by the summer.");
    chart.add(begun);
    let words = "Sugar fell to 52 mg/dL at two in the morning on glipizide. Stopped; empagliflozin 10 mg from \
        tomorrow. HbA1c again in three months.";
    let note = chart.written_note(document::PROGRESS_NOTE, &chart.time(visit.day, 625), words);
    chart.add(note);
    let message = chart.message(
        &visit,
        "Please do not take glipizide any more. Begin the new tablet tomorrow morning, and drink enough.",
    );
    chart.add(message);
}

fn add_vaccines(chart: &mut Chart) {
    for year in 2004..=2026 {
        chart.add_vaccine(Day::new(year, 10, 7 + year % 11).working(), vaccine::INFLUENZA, 1);
    }
    let others = [
        (Day::new(2014, 10, 8), vaccine::PPV23, 1),
        (Day::new(2017, 4, 13), vaccine::TDAP, 1),
        (Day::new(2019, 10, 14), vaccine::ZOSTER, 1),
        (Day::new(2020, 1, 15), vaccine::ZOSTER, 2),
        (Day::new(2021, 2, 11), vaccine::COVID_PFIZER, 1),
        (Day::new(2021, 3, 4), vaccine::COVID_PFIZER, 2),
        (Day::new(2021, 10, 14), vaccine::COVID_PFIZER, 3),
    ];
    for (day, code, dose) in others {
        chart.add_vaccine(day, code, dose);
    }
}

fn add_plan(chart: &mut Chart) {
    let since = Day::new(2022, 3, 15);
    let hba1c = crate::people::codes::laboratory::HBA1C.codes[0];
    let goal = chart.goal("HbA1c at or below 7.0 %", hba1c, ("7.0", unit::PERCENT), (since, Day::new(2023, 3, 15)));
    let goal = chart.add(goal.with("achievementStatus", achieved()));
    let doctor = (snomed::INTERNAL_MEDICINE, "Practitioner/okonjo".to_owned());
    let team = chart.add(chart.team("Diabetes team", since, &[doctor]));
    let steps = vec![
        activity("Walk half an hour on five days a week", "in-progress"),
        activity("Look at the feet every evening", "in-progress"),
        activity("Eyes looked at once a year", "scheduled"),
    ];
    let plan =
        chart.plan("Living with diabetes", since, steps).points_at("goal", &[goal]).points_at("careTeam", &[team]);
    chart.add(plan);
    chart.add(chart.consent(&Day::new(2009, 4, 14).at(600, chart.house.zone), "permit"));
    let (start, end) = (chart.time(Day::new(2027, 1, 12), 570), chart.time(Day::new(2027, 1, 12), 600));
    chart.add(chart.appointment((&start, &end), "Practitioner/okonjo", "Yearly diabetes review"));
}

fn achieved() -> crate::people::json::Json {
    Code::new("http://terminology.hl7.org/CodeSystem/goal-achievement", "achieved", "Achieved").concept()
}

fn add_family(chart: &mut Chart) {
    let mother = vec![condition_of_relative(snomed::DIABETES_2, Some("61"))];
    let mother = chart.relative(hl7::MOTHER, "Jeanne Bérenguier", mother).with("deceasedDate", "1991");
    chart.add(mother);
    let sister = vec![condition_of_relative(snomed::BREAST_CANCER, Some("58")).with("outcome", spoken("Well since"))];
    chart.add(chart.relative(hl7::SISTER, "Agnès Bérenguier", sister));
    let wishes = object().with("text", "She wishes to be told everything, and her daughter Camille as well.");
    let encounter_free = chart
        .about("Observation")
        .with("status", "final")
        .with("category", [hl7::SOCIAL_HISTORY.bare()])
        .with("code", spoken("Wishes about information"))
        .with("effectivePeriod", object().with("start", "2009"))
        .with("valueString", "Told everything")
        .with("note", list([wishes]));
    chart.add(encounter_free);
    let alcohol = chart
        .about("Observation")
        .with("status", "final")
        .with("category", [hl7::SOCIAL_HISTORY.bare()])
        .with("code", concept(&[crate::people::codes::measure::ALCOHOL], "Drinks a day"))
        .with("effectiveDateTime", "2026-01-13")
        .bounded("<", "1", crate::people::datatype::Unit("{drinks}/d", "{drinks}/d"));
    chart.add(alcohol);
}
