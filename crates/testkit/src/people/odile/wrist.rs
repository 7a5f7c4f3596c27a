//! January 2021: a fall on ice, a broken wrist, its X-ray, six weeks of plaster. A container from St. Brigid's
//! emergency department.

use crate::people::calendar::Day;
use crate::people::chart::{Chart, Visit};
use crate::people::codes::{document, drug, hl7, icd10cm, snomed, unit};
use crate::people::datatype::{concept, reference, spoken};
use crate::people::encounter::{EMERGENCY, FOLLOW_UP};
use crate::people::family::{Content, Media, OriginKind, SourceFile};
use crate::people::imaging::Study;
use crate::people::json::object;
use crate::people::medication::by_mouth;
use crate::people::member::ODILE;
use crate::people::observation::Vitals;
use crate::people::prng::Prng;
use crate::people::{pdf, picture};

pub(super) fn file(chart: &mut Chart, seed: u64) -> SourceFile {
    let day = Day::new(2021, 1, 23);
    let broken = Media::new("media/xray-wrist.png", "image/png", picture::wrist(&mut Prng::new(seed, 72), true));
    let healed =
        Media::new("media/xray-wrist-healed.png", "image/png", picture::wrist(&mut Prng::new(seed, 73), false));
    let letter = Media::new("media/discharge-letter.pdf", "application/pdf", letter());
    let patient = chart.patient(&ODILE, "20417", "SB-0020417");
    chart.add(patient);
    chart.add_house(&["halloran", "lindqvist"]);
    let visit = chart.visit(day, 985, EMERGENCY, ("halloran", "Fell on ice onto the outstretched right hand"));
    let fracture = add_injury(chart, &visit);
    add_image(chart, &visit, &broken, ("Radiograph of the right wrist", 21_023));
    let summary = chart.document(document::DISCHARGE_SUMMARY, &chart.time(day, 1245), letter.attachment());
    chart.add(summary.with("description", "Emergency department discharge letter, broken wrist"));
    let later = chart.visit(day + 42, 620, FOLLOW_UP, ("halloran", "Cast removal"));
    add_image(chart, &later, &healed, ("Radiograph of the right wrist after six weeks", 21_024));
    let off = chart.procedure(&later, spoken("Removal of plaster cast")).points_at("reasonReference", &[fracture]);
    chart.add(off.with("outcome", spoken("Healed in good position; exercises shown")));
    let cover = chart.cover(
        "cover-wrist",
        &chart.time(day + 44, 600),
        "Broken wrist of January 2021, Odile Maravel".to_owned(),
    );
    chart.lead(cover);
    let content = Content::Container { phr: chart.take_phr(), media: vec![broken, healed, letter] };
    let story =
        "a broken wrist in 2021: the X-ray before and after, the plaster, the letter from the emergency department";
    SourceFile::of(chart, OriginKind::Organization, "odile-wrist-2021.sphr", content, story)
}

fn add_injury(chart: &mut Chart, visit: &Visit) -> String {
    let vitals = Vitals {
        pressure: Some((164, 92)),
        pulse: Some(96),
        temperature: Some(364),
        oxygen: Some(97),
        ..Vitals::default()
    };
    chart.add_vitals(visit, vitals);
    let pain = chart
        .observe(
            visit,
            hl7::SURVEY,
            crate::people::codes::loinc("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
                .concept(),
        )
        .measured("7", unit::SCORE);
    chart.add(pain);
    let codes = [
        snomed::RADIUS_FRACTURE,
        icd10cm("S52.501A", "Unspecified fracture of the lower end of right radius, initial encounter"),
    ];
    let site = object().with("coding", [snomed::WRIST.coding(), snomed::RIGHT.coding()]).with("text", "Right wrist");
    let diagnosis =
        chart.diagnosis(visit, &codes, 90).with("bodySite", [site]).with("severity", snomed::MODERATE.concept());
    let fracture = chart.add(diagnosis);
    let plaster = chart
        .procedure(visit, snomed::BONE_IMMOBILIZATION.concept())
        .points_at("reasonReference", std::slice::from_ref(&fracture))
        .with("bodySite", [snomed::WRIST.concept()]);
    chart.add(plaster);
    let painkiller = by_mouth("one tablet up to three times a day for pain", "1", unit::TABLET, 3);
    chart.add(chart.as_needed(visit, &[drug::ACETAMINOPHEN], painkiller).with("status", "completed"));
    fracture
}

fn add_image(chart: &mut Chart, visit: &Visit, image: &Media, (words, number): (&'static str, u32)) {
    let study = Study { modality: hl7::modality("DX", "Digital Radiography"), site: snomed::WRIST, words, number };
    let order = chart.add(chart.order(visit, concept(&[snomed::RADIOGRAPHY], words)));
    let study = chart.add(chart.study(visit, &study).points_at("basedOn", std::slice::from_ref(&order)));
    let picture = chart.add(chart.picture(visit, image, snomed::WRIST, (400, 520)));
    let conclusion = if number == 21_023 {
        "Transverse fracture of the distal right radius with slight dorsal tilt. Ulna intact."
    } else {
        "The fracture line has filled in. Position unchanged."
    };
    let reading = chart
        .reading(visit, concept(&[document::IMAGING_STUDY], words), "lindqvist", conclusion)
        .points_at("basedOn", &[order])
        .points_at("imagingStudy", &[study])
        .with("media", [object().with("link", reference(&picture))]);
    chart.add(reading);
    let document = chart.document(document::IMAGING_STUDY, &visit.time, image.attachment()).with("description", words);
    chart.add(document);
}

fn letter() -> Vec<u8> {
    pdf::letter(
        "St. Brigid Hospital - Emergency Department - Discharge letter",
        &[
            "Patient: Odile Maravel, born 21 May 1949, record SB-0020417. Seen on 23 January 2021 from 16:25 to \
            20:45. Synthetic document.",
            "She slipped on ice outside her door and fell onto the outstretched right hand. No head injury, no loss \
            of consciousness.",
            "Findings: swelling and tenderness of the right wrist, sensation and circulation intact. X-ray: \
            transverse fracture of the distal radius with \
             slight dorsal tilt; the ulna is intact.",
            "Treatment: closed reduction under local block, plaster cast from the knuckles to below the elbow. \
            Acetaminophen for pain.",
            "Plan: cast check in the fracture clinic within a week, removal after six weeks. As this is a fracture \
            from standing height at 71, we advise a \
             bone density measurement and vitamin D.",
            "Allergies on record: penicillin (rash in childhood). Diabetes and blood pressure medicines were \
            continued unchanged.",
            "Dr. Maeve Halloran",
        ],
    )
}
