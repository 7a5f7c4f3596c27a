//! After the birth: a tired thyroid, little iron, and a hard winter whose answers carry a label.

use crate::people::calendar::Day;
use crate::people::care::activity;
use crate::people::chart::{Chart, Visit};
use crate::people::codes::{document, drug, hl7, icd10cm, laboratory, measure, snomed, unit};
use crate::people::curve::Curve;
use crate::people::encounter::{FOLLOW_UP, SYMPTOM};
use crate::people::history::{spoken_answer, whole_answer};
use crate::people::medication::by_mouth;

/// TSH in hundredths of mIU/L.
const TSH: Curve = Curve(&[
    (Day::new(2017, 11, 20), 1280),
    (Day::new(2018, 1, 20), 780),
    (Day::new(2018, 4, 20), 520),
    (Day::new(2018, 8, 1), 265),
    (Day::new(2026, 9, 1), 205),
]);

const QUESTIONS: [(&str, &str); 9] = [
    ("1", "Little interest or pleasure in doing things"),
    ("2", "Feeling down, depressed, or hopeless"),
    ("3", "Trouble falling or staying asleep, or sleeping too much"),
    ("4", "Feeling tired or having little energy"),
    ("5", "Poor appetite or overeating"),
    ("6", "Feeling bad about yourself"),
    ("7", "Trouble concentrating on things"),
    ("8", "Moving or speaking slowly, or being restless"),
    ("9", "Thoughts that you would be better off dead"),
];

pub(super) fn add(chart: &mut Chart) {
    let first = Day::new(2017, 11, 20);
    let visit =
        chart.visit(first, 600, SYMPTOM, ("whitlock", "Tired, cold, gaining weight half a year after the birth"));
    let result = chart.add_ordered_lab(&visit, &laboratory::TSH, TSH.on(first));
    chart.add(chart.lab(&visit, &laboratory::FREE_T4, 70));
    chart.add(chart.lab(&visit, &laboratory::TPO, 312));
    chart.add(chart.lab(&visit, &laboratory::FERRITIN, 9));
    let codes = [snomed::HYPOTHYROIDISM, icd10cm("E03.9", "Hypothyroidism, unspecified")];
    let evidence = crate::people::json::object().with("detail", [crate::people::datatype::reference(&result)]);
    let thyroid = chart.problem(&codes, "2017-11-20").with("evidence", [evidence]);
    let thyroid = chart.add(thyroid);
    add_hormone(chart, &visit, &thyroid);
    add_iron(chart, &visit);
    let mut day = Day::new(2018, 1, 22);
    while day < Day::new(2026, 11, 1) {
        let visit = chart.visit(day.working(), 585, FOLLOW_UP, ("whitlock", "Thyroid control"));
        chart.add(chart.lab(&visit, &laboratory::TSH, TSH.on(day) + chart.around(0, 22)));
        chart.add(chart.lab(&visit, &laboratory::FREE_T4, 122 + chart.around(0, 14)));
        day = day + if day.year() == 2018 { 90 } else { 182 };
    }
    add_winter(chart);
}

fn add_hormone(chart: &mut Chart, visit: &Visit, thyroid: &str) {
    let fifty = by_mouth("50 micrograms each morning before breakfast", "50", unit::UG, 1);
    let first =
        chart.course(visit, &[drug::LEVOTHYROXINE], fifty, 90).points_at("reasonReference", &[thyroid.to_owned()]);
    let first = chart.add(first);
    let raised = chart.visit(Day::new(2018, 2, 19), 600, FOLLOW_UP, ("whitlock", "TSH still high"));
    let more = by_mouth("75 micrograms each morning before breakfast", "75", unit::UG, 1);
    let now = chart
        .prescription(&raised, &[drug::LEVOTHYROXINE], more)
        .points("priorPrescription", &first)
        .points_at("reasonReference", &[thyroid.to_owned()]);
    chart.add(now);
}

fn add_iron(chart: &mut Chart, visit: &Visit) {
    let codes = [snomed::IRON_DEFICIENCY, icd10cm("E61.1", "Iron deficiency")];
    chart.add(chart.diagnosis(visit, &codes, 150));
    let tablets = by_mouth("one tablet every evening", "1", unit::TABLET, 1);
    chart.add(chart.course(visit, &[drug::FERROUS_SULFATE], tablets, 120));
    let later = chart.visit(Day::new(2018, 5, 7), 600, FOLLOW_UP, ("whitlock", "Iron control"));
    chart.add(chart.lab(&later, &laboratory::FERRITIN, 48));
    chart.add(chart.lab(&later, &laboratory::HEMOGLOBIN, 129));
}

/// Winter 2018: answers of the PHQ-9 over half a year, restricted and labelled as psychiatry.
fn add_winter(chart: &mut Chart) {
    let weeks = [
        (Day::new(2018, 2, 6), [2, 2, 2, 2, 1, 1, 1, 0, 0]),
        (Day::new(2018, 4, 10), [1, 1, 1, 2, 0, 1, 0, 0, 0]),
        (Day::new(2018, 8, 14), [0, 1, 1, 1, 0, 0, 0, 0, 0]),
    ];
    let mut scores = Vec::new();
    for (day, answers) in weeks {
        let visit = chart.visit(day, 960, FOLLOW_UP, ("whitlock", "How the winter goes"));
        let mut items: Vec<_> =
            QUESTIONS.iter().zip(answers).map(|((id, words), answer)| whole_answer(id, words, answer)).collect();
        items.push(spoken_answer("10", "How difficult have these problems made it for you?", "Somewhat difficult"));
        let form = chart
            .answers("https://harbor-practice.example/forms/phq-9", &visit.time, items)
            .label(hl7::RESTRICTED)
            .points("encounter", &visit.encounter);
        let form = chart.add(form);
        let score = chart
            .observe(&visit, hl7::SURVEY, measure::PHQ9.concept())
            .label(hl7::PSYCHIATRY)
            .measured(&answers.iter().sum::<i64>().to_string(), unit::SCORE)
            .points_at("derivedFrom", &[form]);
        scores.push(chart.add(score));
    }
    let visit = chart.visit(Day::new(2018, 2, 6), 990, FOLLOW_UP, ("whitlock", "Plan for the winter"));
    let codes = [snomed::DEPRESSION, icd10cm("F53.0", "Postpartum depression")];
    chart.add(chart.diagnosis(&visit, &codes, 300).label(hl7::RESTRICTED));
    let steps = vec![
        activity("Talks every second week with the counsellor", "completed"),
        activity("An hour outside every day", "completed"),
    ];
    let plan =
        chart.plan("Getting through the winter", visit.day, steps).label(hl7::RESTRICTED).with("status", "completed");
    chart.add(plan);
    let words = "Sleeps badly since the birth, tired, tearful in the evenings. No thoughts of harm. Good help at \
        home. Counselling agreed, thyroid treated as well.";
    let note = chart.written_note(document::PROGRESS_NOTE, &visit.time, words).label(hl7::PSYCHIATRY);
    chart.add(note);
}
