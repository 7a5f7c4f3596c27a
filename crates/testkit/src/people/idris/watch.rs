//! His watch and, for a while, his telephone as well: the same walks counted twice by two machines that disagree.

use crate::people::calendar::{Day, Zone};
use crate::people::camille::POCKET;
use crate::people::chart::{Chart, Numbering};
use crate::people::codes::hl7;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::House;
use crate::people::member::{IDRIS, TODAY};
use crate::people::prng::Prng;
use crate::people::wearable::{DISTANCE, ENERGY, EXERCISE, HEART, RESTING_HEART, SLEEP, STEPS, VARIABILITY};

const WATCH: House = House {
    id: "stride",
    name: "Stride 5 watch",
    base: "https://stride.example/fhir/",
    numbers: "https://stride.example/ids/user",
    zone: Zone::NewEngland,
    phone: "+1 555 0153",
    address: ["3 Foundry Yard", "Ellery", "MA", "02998", "US"],
    staff: &[],
};

const FIRST: Day = Day::new(2025, 5, 1);

/// Steps of a day; both machines begin from them.
fn steps_of(seed: u64, day: Day) -> i64 {
    let mut prng = Prng::new(seed, day.0 as u64);
    let base = if runs_on(day) { 15_200 } else { 8_100 };
    prng.around(base, 2_600)
}

fn runs_on(day: Day) -> bool {
    matches!(day.weekday(), 0 | 2 | 4)
}

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &WATCH, IDRIS.index, Numbering::Uuid);
    let patient = chart.patient(&IDRIS, "idris", "idris.runs");
    chart.add(patient.tag(hl7::PATIENT_SUPPLIED));
    let watch = chart.add_device("watch", ("Stride", "Stride 5", "Sports watch"));
    let mut month = Vec::new();
    let mut day = FIRST;
    while day < TODAY {
        add_day(&mut chart, &watch, (day, steps_of(seed, day)), &mut month);
        if runs_on(day) {
            add_run(&mut chart, &watch, day, &mut month);
        }
        if (day + 1).month() != day.month() || day + 1 == TODAY {
            chart.add(chart.measured_by(&watch, &month, &(day + 1).at(300, Zone::Utc)));
            month.clear();
        }
        day = day + 1;
    }
    let content = Content::Phr(chart.take_phr());
    let story = "a runner's watch: steps, sleep, a resting heart that slows, three runs a week";
    SourceFile::of(&chart, OriginKind::Device, "idris-stride-watch.phr", content, story)
}

fn add_day(chart: &mut Chart, watch: &str, (day, steps): (Day, i64), made: &mut Vec<String>) {
    made.push(chart.add(chart.span_of(STEPS, watch, (day, 0, 1440), steps)));
    let slowing = (day - FIRST) / 140;
    made.push(chart.add(chart.reading_of(RESTING_HEART, watch, (day, 400), 54 - slowing + chart.around(0, 3))));
    if day.weekday() % 2 == 1 {
        let slept = chart.around(72, 11);
        made.push(chart.add(chart.span_of(SLEEP, watch, (day, 1375, 1375 + slept * 6), slept)));
    }
    if day.weekday() == 6 {
        made.push(chart.add(chart.span_of(ENERGY, watch, (day, 0, 1440), 2_050 + steps / 14)));
        made.push(chart.add(chart.reading_of(VARIABILITY, watch, (day, 405), chart.around(62, 14))));
    }
}

fn add_run(chart: &mut Chart, watch: &str, day: Day, made: &mut Vec<String>) {
    let minutes = if day.weekday() == 0 { chart.around(98, 12) } else { chart.around(48, 7) };
    let start = 375 + chart.around(0, 15);
    let run = (day, start, start + minutes);
    let metres = minutes * 190 + chart.around(0, 400);
    made.push(chart.add(chart.span_of(EXERCISE, watch, run, minutes)));
    made.push(chart.add(chart.span_of(DISTANCE, watch, run, metres / 10)));
    made.push(chart.add(chart.reading_of(HEART, watch, (day, start + minutes / 2), chart.around(148, 9))));
}

/// The telephone in the same pocket counts some of the same steps, always fewer.
pub(super) fn phone(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &POCKET, IDRIS.index, Numbering::Uuid);
    let patient = chart.patient(&IDRIS, "me", "idris");
    chart.add(patient.tag(hl7::PATIENT_SUPPLIED));
    let phone = chart.add_device("phone", ("Alder", "Alder P2", "Telephone"));
    let mut made = Vec::new();
    let mut day = Day::new(2026, 5, 1);
    while day < TODAY {
        let carried = 70 + chart.around(0, 20);
        let steps = steps_of(seed, day) * carried / 100;
        made.push(chart.add(chart.span_of(STEPS, &phone, (day, 0, 1440), steps)));
        day = day + 1;
    }
    chart.add(chart.measured_by(&phone, &made, &TODAY.at(30, POCKET.zone)));
    let content = chart.take_ndjson();
    let story = "his telephone counts the same steps as the watch, and fewer";
    SourceFile::of(&chart, OriginKind::Device, "idris-phone", content, story)
}
