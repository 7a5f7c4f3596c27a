//! What her telephone counts: steps and sleep.

use crate::people::calendar::{Day, Zone};
use crate::people::chart::{Chart, Numbering};
use crate::people::codes::hl7;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::House;
use crate::people::member::{CAMILLE, TODAY};
use crate::people::wearable::{SLEEP, STEPS, WEIGHT};

/// The program that both parents' telephones run.
pub(crate) const POCKET: House = House {
    id: "pocket",
    name: "Pocket Health",
    base: "https://pocket-health.example/fhir/",
    numbers: "https://pocket-health.example/ids/user",
    zone: Zone::NewEngland,
    phone: "+1 555 0152",
    address: ["9 Mill Road", "Port Ellery", "MA", "02999", "US"],
    staff: &[],
};

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &POCKET, CAMILLE.index, Numbering::Uuid);
    let patient = chart.patient(&CAMILLE, "me", "camille");
    chart.add(patient.tag(hl7::PATIENT_SUPPLIED));
    let phone = chart.add_device("phone", ("Alder", "Alder P4", "Telephone"));
    let mut month = Vec::new();
    let mut day = Day::new(2025, 9, 1);
    while day < TODAY {
        let weekend = if matches!(day.weekday(), 0 | 6) { 1900 } else { 0 };
        let steps = 6800 + weekend + chart.around(0, 3400);
        month.push(chart.add(chart.span_of(STEPS, &phone, (day, 0, 1440), steps)));
        if day >= Day::new(2026, 1, 1) {
            let slept = chart.around(70, 14);
            let asleep = 1350 + chart.around(0, 45);
            month.push(chart.add(chart.span_of(SLEEP, &phone, (day, asleep, asleep + slept * 6), slept)));
        }
        if day.weekday() == 0 {
            let weight = chart.around(668, 7);
            month.push(chart.add(chart.reading_of(WEIGHT, &phone, (day, 440), weight)));
        }
        if (day + 1).month() != day.month() || day + 1 == TODAY {
            chart.add(chart.measured_by(&phone, &month, &day.at(1430, POCKET.zone)));
            month.clear();
        }
        day = day + 1;
    }
    let content = Content::Phr(chart.take_phr());
    let story = "a year and more of steps, sleep and weight from a telephone";
    SourceFile::of(&chart, OriginKind::Device, "camille-phone.phr", content, story)
}
