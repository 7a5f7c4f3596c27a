//! Her asthma: an evening in the emergency department with the plan as a PDF, and the diary her parents keep of her
//! peak flow.

use crate::people::calendar::{Day, Zone};
use crate::people::care::activity;
use crate::people::chart::{Chart, Numbering};
use crate::people::codes::{document, drug, hl7, icd10cm, measure, snomed, unit};
use crate::people::encounter::EMERGENCY;
use crate::people::family::{Content, Media, OriginKind, SourceFile};
use crate::people::house::{House, ST_BRIGID};
use crate::people::medication::Dose;
use crate::people::member::{NOOR, TODAY};
use crate::people::observation::Vitals;
use crate::people::pdf;
use crate::people::wearable::{PEAK_FLOW, TEMPERATURE};

const DIARY: House = House {
    id: "little-breaths",
    name: "Little Breaths",
    base: "https://little-breaths.example/fhir/",
    numbers: "https://little-breaths.example/ids/user",
    zone: Zone::NewEngland,
    phone: "+1 555 0154",
    address: ["9 Mill Road", "Port Ellery", "MA", "02999", "US"],
    staff: &[],
};

/// February 2024, the emergency department.
pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &ST_BRIGID, NOOR.index, Numbering::From(60_501));
    let day = Day::new(2024, 2, 20);
    let plan = Media::new("media/asthma-action-plan.pdf", "application/pdf", plan());
    let patient = chart.patient(&NOOR, "60331", "SB-0060331");
    chart.add(patient);
    chart.add_house(&["halloran"]);
    let visit = chart.visit(day, 1170, EMERGENCY, ("halloran", "Short of breath since the afternoon"));
    let vitals =
        Vitals { breaths: Some(36), pulse: Some(132), oxygen: Some(92), temperature: Some(377), ..Vitals::default() };
    chart.add_vitals(&visit, vitals);
    let codes = [snomed::ASTHMA, icd10cm("J45.21", "Mild intermittent asthma with (acute) exacerbation")];
    let attack = chart.add(chart.diagnosis(&visit, &codes, 3));
    let puffs = Dose {
        words: "six puffs through the spacer, three times in the first hour",
        amount: "6",
        unit: unit::PUFF,
        times_a_day: 3,
        route: snomed::INHALED,
    };
    chart.add(chart.course(&visit, &[drug::ALBUTEROL], puffs, 1).points_at("reasonReference", &[attack]));
    let blown = chart.procedure(&visit, snomed::SPIROMETRY.concept());
    let blown = chart.add(blown);
    let breath = chart
        .observe(&visit, hl7::PROCEDURE, measure::FEV1.concept())
        .measured("1.02", crate::people::datatype::Unit("L", "L"))
        .points_at("partOf", &[blown]);
    chart.add(breath);
    let steps = vec![
        activity("Preventer every morning and evening", "in-progress"),
        activity("Reliever before sport", "in-progress"),
    ];
    chart.add(chart.plan("Asthma action plan", day, steps));
    let document = chart
        .document(document::PLAN_NOTE, &chart.time(day, 1420), plan.attachment())
        .with("description", "Asthma action plan");
    chart.add(document);
    let cover = chart.cover(
        "cover-asthma",
        &chart.time(day + 1, 600),
        "Emergency visit of 20 February 2024, Noor Åsen".to_owned(),
    );
    chart.lead(cover);
    let content = Content::Container { phr: chart.take_phr(), media: vec![plan] };
    let story = "an evening in the emergency department with asthma, and the plan for the fridge door";
    SourceFile::of(&chart, OriginKind::Organization, "noor-asthma-2024.sphr", content, story)
}

/// The parents' diary since then.
pub(super) fn diary(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &DIARY, NOOR.index, Numbering::Uuid);
    let patient = chart.patient(&NOOR, "noor", "noor");
    chart.add(patient.tag(hl7::PATIENT_SUPPLIED));
    let meter = chart.add_device("meter", ("Halden Instruments", "Blow 2", "Peak flow meter"));
    let mut made = Vec::new();
    let mut day = Day::new(2024, 3, 1);
    while day < TODAY {
        let cold = day.civil().1 % 4 == 1 && day.0 % 30 < 6;
        let best = 150 + (day - Day::new(2024, 3, 1)) * 62 / 1000;
        let flow = if cold { best * 72 / 100 } else { best } + chart.around(0, 12);
        made.push(chart.add(chart.reading_of(PEAK_FLOW, &meter, (day, 430), flow)));
        if cold {
            let fever = chart.reading_of(TEMPERATURE, &meter, (day, 1140), 376 + chart.around(0, 6)).without("device");
            made.push(chart.add(fever.note("Coughing at night.")));
        }
        day = day + 3;
    }
    chart.add(chart.measured_by(&meter, &made, &TODAY.at(20, Zone::NewEngland)));
    let content = Content::Phr(chart.take_phr());
    let story = "the parents' diary of her peak flow: lower with every cold, higher with every year";
    SourceFile::of(&chart, OriginKind::App, "noor-peak-flow-diary.phr", content, story)
}

fn plan() -> Vec<u8> {
    pdf::letter(
        "Asthma action plan for Noor",
        &[
            "Noor Åsen, born 1 June 2017. Made on 20 February 2024 at St. Brigid Hospital. Synthetic document.",
            "GREEN - all is well: no cough, plays and sleeps. Peak flow above 120. Fluticasone two puffs through the \
            spacer every morning and evening.",
            "YELLOW - getting worse: cough, wheeze, wakes at night, peak flow 90 to 120. Add albuterol two puffs \
            every four hours, and call the practice \
             if it lasts a day.",
            "RED - emergency: breathing hard and fast, cannot speak a sentence, peak flow below 90. Albuterol six \
            puffs now and again after twenty \
             minutes. Call 911.",
            "Before sport: albuterol two puffs. Every autumn: influenza vaccine.",
            "Dr. Maeve Halloran",
        ],
    )
}
