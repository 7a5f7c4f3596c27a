//! What she measures at home: a glucose meter since 2019 and a cuff since 2015, in one program on her tablet.

use crate::people::calendar::{Day, Zone};
use crate::people::chart::{Chart, Numbering};
use crate::people::codes::hl7;
use crate::people::family::{OriginKind, SourceFile};
use crate::people::house::House;
use crate::people::member::{ODILE, TODAY};
use crate::people::wearable::{GLUCOSE, WEIGHT};

use super::clinic;

const TABLET: House = House {
    id: "sugarbook",
    name: "Sugarbook",
    base: "https://sugarbook.example/fhir/",
    numbers: "https://sugarbook.example/ids/user",
    zone: Zone::NewEngland,
    phone: "+1 555 0150",
    address: ["9 Mill Road", "Port Ellery", "MA", "02999", "US"],
    staff: &[],
};

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &TABLET, ODILE.index, Numbering::Uuid);
    let patient = chart.patient(&ODILE, "me", "odile.maravel");
    chart.add(patient.tag(hl7::PATIENT_SUPPLIED));
    let meter = chart.add_device("meter", ("Halden Instruments", "Glyco One", "Blood glucose meter"));
    let cuff = chart.add_device("cuff", ("Halden Instruments", "Tensio 3", "Blood pressure cuff, upper arm"));
    add_glucose(&mut chart, &meter);
    add_pressure(&mut chart, &cuff);
    let content = chart.take_ndjson();
    let story = "six years of glucose readings and eleven of blood pressure, measured at home";
    SourceFile::of(&chart, OriginKind::App, "odile-sugarbook", content, story)
}

/// Two mornings a week; a reading under twenty or above six hundred is what the meter shows as LO or HI.
fn add_glucose(chart: &mut Chart, meter: &str) {
    let mut month = Vec::new();
    let mut day = Day::new(2019, 11, 4);
    while day <= TODAY {
        let value = clinic::HBA1C.on(day) * 215 / 100 - 22 + chart.around(0, 24);
        let mut reading = chart.reading_of(GLUCOSE, meter, (day, 395 + chart.around(0, 25)), value);
        if chart.chance(6) {
            reading = reading.note("After a bad night.");
        }
        month.push(chart.add(reading));
        let next = day + if day.weekday() == 1 { 3 } else { 4 };
        close_month(chart, meter, (day, next), &mut month);
        day = next;
    }
    let low = chart.reading_of(GLUCOSE, meter, (Day::new(2022, 3, 12), 128), 52).note("Woke up sweating; took juice.");
    month.push(chart.add(low));
    let high = chart
        .reading_of(GLUCOSE, meter, (Day::new(2021, 12, 26), 480), 600)
        .bounded(">", "600", crate::people::codes::unit::MG_DL)
        .note("The meter showed HI; sugar on the fingers.");
    month.push(chart.add(high));
    let failed = chart
        .reading_of(GLUCOSE, meter, (Day::new(2023, 5, 2), 400), 0)
        .without("valueQuantity")
        .without_value("error", "Error")
        .note("Strip error E-2.");
    month.push(chart.add(failed));
    chart.add(chart.measured_by(meter, &month, &TODAY.at(1200, Zone::NewEngland)));
}

fn add_pressure(chart: &mut Chart, cuff: &str) {
    let mut month = Vec::new();
    let mut day = Day::new(2015, 4, 20);
    while day <= TODAY {
        let systolic = clinic::SYSTOLIC.on(day) - 4 + chart.around(0, 9);
        let minute = 420 + chart.around(0, 30);
        let reading = chart.home_pressure(cuff, (day, minute), (systolic, systolic * 58 / 100 + chart.around(0, 4)));
        month.push(chart.add(reading));
        let next = day + 9 + chart.around(0, 3);
        close_month(chart, cuff, (day, next), &mut month);
        day = next;
    }
    let weight = chart.reading_of(WEIGHT, cuff, (Day::new(2026, 11, 15), 425), 749).without("device");
    month.push(chart.add(weight));
    chart.add(chart.measured_by(cuff, &month, &TODAY.at(1205, Zone::NewEngland)));
}

/// One Provenance for the readings of a month, when the next reading falls into another.
fn close_month(chart: &mut Chart, device: &str, (day, next): (Day, Day), month: &mut Vec<String>) {
    if day.month() != next.month() && !month.is_empty() {
        let origin = chart.measured_by(device, month, &day.at(1260, Zone::NewEngland));
        chart.add(origin);
        month.clear();
    }
}
