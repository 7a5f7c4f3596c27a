//! The pregnancy of 2016 and 2017 at St. Brigid: dates, visits, an ultrasound image, the birth. A container with the
//! image and the letter.

use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering, Visit};
use crate::people::codes::{document, drug, hl7, laboratory, measure, snomed, unit, vaccine};
use crate::people::datatype::{Code, concept, fixed, reference, spoken, telecom};
use crate::people::encounter::{FIRST_PRENATAL, POSTNATAL, PRENATAL, STAY, VisitKind};
use crate::people::family::{Content, Media, OriginKind, SourceFile};
use crate::people::house::ST_BRIGID;
use crate::people::imaging::Study;
use crate::people::json::object;
use crate::people::medication::by_mouth;
use crate::people::member::{CAMILLE, NOOR};
use crate::people::observation::Vitals;
use crate::people::patient::home;
use crate::people::prng::Prng;
use crate::people::{pdf, picture};

/// The first day of the last period; forty weeks on lies 4 June 2017.
const LAST_PERIOD: Day = Day::new(2016, 8, 28);

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &ST_BRIGID, CAMILLE.index, Numbering::From(30_001));
    let image = Media::new("media/ultrasound-week-20.png", "image/png", picture::ultrasound(&mut Prng::new(seed, 74)));
    let letter = Media::new("media/birth-summary.pdf", "application/pdf", letter());
    let patient = chart
        .patient(&CAMILLE, "30117", "SB-0030117")
        .with("telecom", [telecom("phone", "+1 555 0124", "mobile")])
        .with("address", [home()]);
    chart.add(patient);
    chart.add_house(&["ferrante", "lindqvist"]);
    add_dates(&mut chart);
    for week in [12, 16, 20, 24, 28, 30, 32, 34, 36, 37, 38, 39] {
        let visit = visit(&mut chart, week, PRENATAL);
        add_week(&mut chart, &visit, week);
        match week {
            20 => add_image(&mut chart, &visit, &image),
            28 => add_week_28(&mut chart, &visit),
            _ => {}
        }
    }
    add_birth(&mut chart, &letter);
    let made = chart.time(Day::new(2017, 7, 14), 600);
    let cover = chart.cover("cover-maternity", &made, "Maternity record of Camille Maravel-Åsen".to_owned());
    chart.lead(cover.label(hl7::RESTRICTED));
    let content = Content::Container { phr: chart.take_phr(), media: vec![image, letter] };
    let story = "a pregnancy from its dates to the birth of Noor on 1 June 2017, with the ultrasound of week 20";
    SourceFile::of(&chart, OriginKind::Organization, "camille-maternity-2017.sphr", content, story)
}

fn visit(chart: &mut Chart, week: i64, kind: VisitKind) -> Visit {
    chart.visit((LAST_PERIOD + week * 7 + 2).working(), 555, kind, ("ferrante", "Pregnancy"))
}

fn add_dates(chart: &mut Chart) {
    let first = visit(chart, 8, FIRST_PRENATAL);
    let codes = [
        snomed::PREGNANCY,
        crate::people::codes::icd10cm(
            "Z34.00",
            "Encounter for supervision of normal first pregnancy, unspecified trimester",
        ),
    ];
    let pregnancy = chart
        .problem(&codes, &LAST_PERIOD.date())
        .with("clinicalStatus", hl7::RESOLVED.bare())
        .with("abatementDateTime", NOOR.birth.date());
    chart.add(pregnancy);
    let pregnant = Code::new("http://loinc.org", "LA15173-0", "Pregnant");
    let status = chart.observe(&first, hl7::SOCIAL_HISTORY, measure::PREGNANCY_STATUS.concept()).found(pregnant);
    let last_period = chart
        .observe(&first, hl7::SOCIAL_HISTORY, measure::LAST_PERIOD.concept())
        .with("valueDateTime", LAST_PERIOD.date());
    let last_period = chart.add(last_period);
    let due = chart
        .observe(&first, hl7::SOCIAL_HISTORY, measure::DUE_DATE.concept())
        .with("valueDateTime", (LAST_PERIOD + 280).date())
        .points_at("derivedFrom", std::slice::from_ref(&last_period));
    let due = chart.add(due);
    chart.add(status.points_at("hasMember", &[due]));
    let folic = by_mouth("one tablet a day until week 12", "1", unit::TABLET, 1);
    chart.add(chart.course(&first, &[drug::FOLIC_ACID], folic, 35));
    let group = crate::people::codes::loinc("882-1", "ABO and Rh group [Type] in Blood");
    chart.add(
        chart.observe(&first, hl7::LABORATORY, group.concept()).with("valueCodeableConcept", spoken("A Rh positive")),
    );
    chart.add_panel(&first, &laboratory::BLOOD_COUNT);
}

fn add_week(chart: &mut Chart, visit: &Visit, week: i64) {
    let systolic = 112 + chart.around(0, 7);
    let vitals = Vitals {
        pressure: Some((systolic, systolic * 62 / 100)),
        weight: Some(645 + (week - 8) * 38 / 10 + chart.around(0, 4)),
        ..Vitals::default()
    };
    chart.add_vitals(visit, vitals);
    let age =
        chart.observe(visit, hl7::EXAM, measure::GESTATIONAL_AGE.concept()).measured(&week.to_string(), unit::WEEK);
    chart.add(age);
    let heart = chart.around(144, 10);
    let beats = chart
        .observe(visit, hl7::EXAM, measure::FETAL_HEART_RATE.concept())
        .measured(&heart.to_string(), unit::PER_MINUTE);
    chart.add(beats);
    if week >= 20 {
        let height = fixed(week * 10 + chart.around(0, 10), 1);
        chart.add(chart.observe(visit, hl7::EXAM, measure::FUNDAL_HEIGHT.concept()).measured(&height, unit::CM));
    }
}

/// Sugar test and the vaccine that also counts as a tetanus booster.
fn add_week_28(chart: &mut Chart, visit: &Visit) {
    chart.add(chart.lab(visit, &laboratory::GLUCOSE_CHALLENGE, 118));
    chart.add(chart.lab(visit, &laboratory::HEMOGLOBIN, 116));
    let given = chart.add_vaccine(visit.day, vaccine::TDAP, 1);
    let note = chart.written_note(
        document::PROGRESS_NOTE,
        &visit.time,
        "Sugar test normal. Tdap given, as in every pregnancy.",
    );
    chart.add(note.with("context", object().with("related", [reference(&given)])));
}

fn add_image(chart: &mut Chart, visit: &Visit, image: &Media) {
    let words = "Ultrasound of week 20";
    let study = Study {
        modality: hl7::modality("US", "Ultrasound"),
        site: crate::people::codes::sct("818981001", "Abdomen"),
        words,
        number: 17_016,
    };
    let site = study.site;
    let study = chart.add(chart.study(visit, &study));
    let picture = chart.add(chart.picture(visit, image, site, (400, 340)));
    let reading = chart
        .reading(
            visit,
            concept(&[snomed::ULTRASONOGRAPHY], words),
            "lindqvist",
            "One child, alive, size for dates. By measures due on 6 June 2017.",
        )
        .points_at("imagingStudy", &[study])
        .with("media", [object().with("link", reference(&picture))]);
    chart.add(reading);
    chart.add(chart.document(document::IMAGING_STUDY, &visit.time, image.attachment()).with("description", words));
    let by_scan = chart
        .observe(visit, hl7::SOCIAL_HISTORY, measure::DUE_DATE.concept())
        .with("valueDateTime", "2017-06-06")
        .with("method", snomed::ULTRASONOGRAPHY.concept());
    chart.add(by_scan);
}

fn add_birth(chart: &mut Chart, letter: &Media) {
    let visit = chart.visit(NOOR.birth, 140, STAY, ("ferrante", "Labour"));
    let birth = chart
        .procedure(&visit, snomed::NORMAL_DELIVERY.concept())
        .note("A girl, 3280 g, at 06:42. Mother and child well.");
    chart.add(birth);
    let vitals = Vitals { pressure: Some((124, 78)), pulse: Some(88), temperature: Some(370), ..Vitals::default() };
    chart.add_vitals(&visit, vitals);
    let summary = chart.document(document::LABOR_SUMMARY, &chart.time(NOOR.birth + 3, 600), letter.attachment());
    chart.add(summary);
    let child = chart.related(&NOOR, crate::people::codes::hl7::DAUGHTER, "+1 555 0124").without("telecom");
    chart.add(child);
    let after = chart.visit((NOOR.birth + 42).working(), 600, POSTNATAL, ("ferrante", "Six weeks after the birth"));
    let vitals = Vitals { pressure: Some((114, 70)), weight: Some(702), ..Vitals::default() };
    chart.add_vitals(&after, vitals);
    let not_pregnant = Code::new("http://loinc.org", "LA26683-5", "Not pregnant");
    chart.add(chart.observe(&after, hl7::SOCIAL_HISTORY, measure::PREGNANCY_STATUS.concept()).found(not_pregnant));
}

fn letter() -> Vec<u8> {
    pdf::letter(
        "St. Brigid Hospital - Maternity - Birth summary",
        &[
            "Mother: Camille Maravel-Åsen, born 14 March 1981, record SB-0030117. Synthetic document.",
            "Last period 28 August 2016, due on 4 June 2017 by dates and on 6 June 2017 by ultrasound. First \
            pregnancy, without complications; sugar \
             test at week 28 normal.",
            "Labour began in the night of 1 June 2017; spontaneous birth at 06:42 after 39 weeks and 4 days. A girl, \
            Noor Solène, 3280 g, 50 cm, \
             Apgar 8 and 9.",
            "Blood loss 300 mL. Discharged on 4 June. Please look at mood, iron and thyroid in the first year: there \
            is thyroid disease in the family.",
            "Dr. Lucia Ferrante",
        ],
    )
}
