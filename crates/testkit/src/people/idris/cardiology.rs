//! June 2022: St. Brigid's cardiologist finds a healthy heart. A visit summary as a document Bundle with the letter as
//! a Binary.

use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering};
use crate::people::codes::{document, hl7, loinc, unit};
use crate::people::datatype::{linked_attachment, reference, spoken};
use crate::people::document::section;
use crate::people::encounter::CHECK_UP;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::ST_BRIGID;
use crate::people::json::{list, object, text};
use crate::people::member::IDRIS;
use crate::people::observation::{Vitals, component};
use crate::people::pdf;

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &ST_BRIGID, IDRIS.index, Numbering::From(50_001));
    let day = Day::new(2022, 6, 21);
    let patient = chart.patient(&IDRIS, "50220", "SB-0050220");
    chart.add(patient);
    chart.add_doctor("tanaka");
    let visit = chart.visit(day, 840, CHECK_UP, ("tanaka", "Atrial fibrillation reported by the practice"));
    let vitals = Vitals { pressure: Some((118, 72)), pulse: Some(52), oxygen: Some(99), ..Vitals::default() };
    let vitals = chart.add_vitals(&visit, vitals);
    let tracing = chart
        .observe(&visit, hl7::PROCEDURE, loinc("11524-6", "EKG study").concept())
        .with("valueString", "Sinus rhythm, 52 a minute, normal intervals")
        .with("component", [component(loinc("8634-8", "Q-T interval"), "412", unit::MILLISECOND)]);
    let tracing = chart.add(tracing);
    let recorder = chart
        .observe(&visit, hl7::PROCEDURE, spoken("Rhythm recorded over fourteen days"))
        .with("effectivePeriod", object().with("start", "2022-06-03").with("end", "2022-06-17"))
        .without("effectiveDateTime")
        .with("valueCodeableConcept", spoken("Sinus rhythm throughout; no atrial fibrillation"));
    let recorder = chart.add(recorder);
    let troponin = loinc("6598-7", "Troponin T.cardiac [Mass/volume] in Serum or Plasma");
    let troponin = chart.observe(&visit, hl7::LABORATORY, troponin.concept()).measured("5.0e-3", unit::NG_ML);
    let troponin = chart.add(troponin);
    let bytes = letter();
    let binary = chart.add(chart.binary("application/pdf", &bytes));
    let letter = linked_attachment("application/pdf", "Letter of the cardiologist", &binary, &bytes);
    let letter = chart.add(chart.document(document::CONSULT_NOTE, &chart.time(day, 900), letter));
    let sections = [
        section("Findings", document::RESULTS, &[tracing, recorder, troponin]),
        section("Vital signs", document::VITALS, &vitals),
        section("Letter", document::ASSESSMENT, &[letter]),
    ];
    let composition = chart
        .about("Composition")
        .with("status", "final")
        .with("type", document::CONSULT_NOTE.concept())
        .points("encounter", &visit.encounter)
        .with("date", text(&chart.time(day, 900)))
        .with("author", [reference("Practitioner/tanaka")])
        .with("title", "Cardiology consultation")
        .with("section", list(sections))
        .narrative(
            "<p>No atrial fibrillation: sinus rhythm in the practice, on our tracing and over fourteen days.</p>",
        );
    chart.lead(composition);
    let content =
        Content::Bundle(chart.take_document("cardiology-2022-06-21", &chart.time(day, 900)).into_json().indented());
    let story = "a cardiologist looks for the atrial fibrillation and finds a healthy heart";
    SourceFile::of(&chart, OriginKind::Organization, "idris-cardiology-2022.json", content, story)
}

fn letter() -> Vec<u8> {
    pdf::letter(
        "St. Brigid Hospital - Cardiology",
        &[
            "To: Dr. Joan Whitlock, Harbor Family Practice. 21 June 2022. Synthetic document.",
            "Dear colleague, thank you for sending Mr Idris Åsen, born 2 November 1979, because of atrial \
            fibrillation on a tracing of 17 May.",
            "He runs four times a week and has no complaints. His father died of a heart attack at 58. Pulse 52 and \
            regular, blood pressure 118/72, \
             normal heart sounds.",
            "Our tracing shows sinus rhythm. A recorder worn for fourteen days found no atrial fibrillation, nor did \
            his watch in three years.",
            "The tracing you sent shows a rate of 110 and the electrode positions of a chair. Mr Åsen remembers no \
            tracing on that day. Could it be \
             another patient's?",
            "With kind regards, Dr. Haruki Tanaka",
        ],
    )
}
