//! What watches, phones, cuffs and meters count (standards: PHR-80 for the codes, PHR-82 for the label that says the
//! person herself measured it).

use super::calendar::Day;
use super::chart::Chart;
use super::codes::{hl7, measure, unit};
use super::datatype::{Code, Unit, fixed, period, reference};
use super::json::text;
use super::observation::{measure_concept, pressure_parts};
use super::resource::Resource;

/// What a series counts: its category, its codes and its unit.
#[derive(Clone, Copy)]
pub(crate) struct Series {
    pub(crate) category: Code,
    pub(crate) codes: &'static [Code],
    pub(crate) unit: Unit,
    pub(crate) places: u32,
    /// A word for ids.
    pub(crate) key: &'static str,
}

const fn series(key: &'static str, category: Code, codes: &'static [Code], unit: Unit, places: u32) -> Series {
    Series { category, codes, unit, places, key }
}

pub(crate) const STEPS: Series = series("steps", hl7::ACTIVITY, &[measure::STEPS, measure::PGHD_STEPS], unit::STEPS, 0);
pub(crate) const ENERGY: Series =
    series("energy", hl7::ACTIVITY, &[measure::ENERGY, measure::PGHD_ENERGY], unit::KCAL, 0);
pub(crate) const DISTANCE: Series = series("distance", hl7::ACTIVITY, &[measure::DISTANCE], unit::KM, 2);
pub(crate) const EXERCISE: Series = series("run", hl7::ACTIVITY, &[measure::EXERCISE], unit::MINUTE, 0);
pub(crate) const SLEEP: Series = series("sleep", hl7::SOCIAL_HISTORY, &[measure::SLEEP], unit::HOUR, 1);
pub(crate) const RESTING_HEART: Series =
    series("resting-heart", hl7::VITAL_SIGNS, &[measure::HEART_RATE, measure::RESTING_HEART_RATE], unit::PER_MINUTE, 0);
pub(crate) const HEART: Series =
    series("heart", hl7::VITAL_SIGNS, &[measure::HEART_RATE, measure::PGHD_HEART_RATE], unit::PER_MINUTE, 0);
pub(crate) const VARIABILITY: Series =
    series("hrv", hl7::EXAM, &[measure::HEART_RATE_VARIABILITY], unit::MILLISECOND, 0);
pub(crate) const GLUCOSE: Series =
    series("glucose", hl7::LABORATORY, &[measure::GLUCOSE_METER, measure::PGHD_GLUCOSE], unit::MG_DL, 0);
pub(crate) const WEIGHT: Series =
    series("weight", hl7::VITAL_SIGNS, &[measure::WEIGHT, measure::PGHD_WEIGHT], unit::KG, 1);
pub(crate) const PEAK_FLOW: Series = series("peak-flow", hl7::EXAM, &[measure::PEAK_FLOW], unit::L_MIN, 0);
pub(crate) const TEMPERATURE: Series =
    series("temperature", hl7::VITAL_SIGNS, &[measure::TEMPERATURE], unit::CELSIUS, 1);

impl Chart {
    /// One reading of a series at a minute of a day, its value in the last digit that is counted.
    pub(crate) fn reading_of(&self, series: Series, device: &str, (day, minute): (Day, i64), value: i64) -> Resource {
        let (year, month, date) = day.civil();
        self.by_device(series.category, series.codes, device)
            .named(format!("{}-{year:04}{month:02}{date:02}-{minute:04}", series.key))
            .with("effectiveDateTime", text(&self.time(day, minute)))
            .measured(&fixed(value, series.places), series.unit)
    }

    /// One reading of a series over a time of a day, from minute to minute.
    pub(crate) fn span_of(
        &self,
        series: Series,
        device: &str,
        (day, from, to): (Day, i64, i64),
        value: i64,
    ) -> Resource {
        let (year, month, date) = day.civil();
        self.by_device(series.category, series.codes, device)
            .named(format!("{}-{year:04}{month:02}{date:02}-{from:04}", series.key))
            .with("effectivePeriod", period(&self.time(day, from), &self.time(day, to)))
            .measured(&fixed(value, series.places), series.unit)
    }

    /// A blood pressure measured at home.
    pub(crate) fn home_pressure(
        &self,
        device: &str,
        (day, minute): (Day, i64),
        (systolic, diastolic): (i64, i64),
    ) -> Resource {
        let (year, month, date) = day.civil();
        self.by_device(hl7::VITAL_SIGNS, &[measure::BLOOD_PRESSURE, measure::PGHD_BLOOD_PRESSURE], device)
            .named(format!("pressure-{year:04}{month:02}{date:02}-{minute:04}"))
            .with("effectiveDateTime", text(&self.time(day, minute)))
            .with("component", pressure_parts(systolic, diastolic))
    }

    fn by_device(&self, category: Code, codes: &[Code], device: &str) -> Resource {
        Resource::new("Observation", "")
            .label(hl7::PATIENT_ASSERTED)
            .with("status", "final")
            .with("category", [category.bare()])
            .with("code", measure_concept(codes))
            .points("subject", &self.patient)
            .with("device", reference(device))
    }
}
