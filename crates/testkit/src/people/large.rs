//! One person's record of any size, made line by line: thirty years of a watch, a meter, a cuff, weekly laboratories
//! and notes. Only the day at hand is held in memory.

use super::calendar::Day;
use super::chart::{Chart, Numbering, Visit};
use super::codes::laboratory::{BLOOD_COUNT, METABOLIC};
use super::codes::{document, hl7};
use super::encounter::FOLLOW_UP;
use super::house::ST_BRIGID;
use super::member::{ODILE, TODAY};
use super::observation::Vitals;
use super::resource::Resource;
use super::wearable::{DISTANCE, ENERGY, GLUCOSE, HEART, RESTING_HEART, SLEEP, STEPS, VARIABILITY};
use std::io::Read;

const THIRTY_YEARS: u64 = 10_950;
/// Bytes of a day without heart rates, and of one heart rate with its place in the day's Provenance.
const QUIET_DAY: u64 = 28_000;
const READING: u64 = 830;
/// The most a day holds: a heart rate a minute.
const FULLEST_DAY: u64 = QUIET_DAY + 1440 * READING;

const SENTENCES: [&str; 10] = [
    "Slept well and woke once.",
    "The sugar in the morning was a little higher than last week.",
    "No pain on walking; stairs are easier than in spring.",
    "She reports no dizziness, no swelling of the ankles and no cough.",
    "Heart sounds regular, lungs clear, abdomen soft.",
    "Feet warm, pulses felt on both sides, skin intact.",
    "We spoke about salt, about bread in the evening, and about walking with a neighbour.",
    "Medicines were gone through one by one; none is missing and none is double.",
    "The next visit is in a week, earlier if anything changes.",
    "Sa fille demande un double de cette note; elle lui est envoyée.",
];

/// The lines of a large record, each ended by LF.
pub struct LargePhr {
    chart: Chart,
    day: Day,
    bytes_left: u64,
    bytes_a_day: u64,
    ready: std::vec::IntoIter<Resource>,
}

/// The same record as a stream of bytes.
pub struct LargeReader {
    lines: LargePhr,
    unread: Vec<u8>,
    at: usize,
}

/// A `.phr` of at least `bytes` bytes and at most one line more.
pub fn large_phr(seed: u64, bytes: u64) -> LargePhr {
    let days = (bytes / QUIET_DAY).clamp(1, THIRTY_YEARS.max(bytes / FULLEST_DAY));
    let mut chart = Chart::new(seed, &ST_BRIGID, 1_000_000, Numbering::Uuid);
    let patient = chart.patient(&ODILE, "large", "SB-1000000");
    let cover = chart.cover("cover-large", &TODAY.at(480, ST_BRIGID.zone), "A large record".to_owned());
    chart.add(cover);
    chart.add(patient);
    chart.add_house(&["okonjo"]);
    chart.add_device("watch", ("Stride", "Stride 5", "Sports watch"));
    chart.add_device("meter", ("Halden Instruments", "Glyco One", "Blood glucose meter"));
    let ready = chart.take().into_iter();
    let day = TODAY + -(days as i64);
    LargePhr { chart, day, bytes_left: bytes, bytes_a_day: bytes / days, ready }
}

impl Iterator for LargePhr {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.bytes_left == 0 {
            return None;
        }
        let resource = loop {
            match self.ready.next() {
                Some(resource) => break resource,
                None => self.make_day(),
            }
        };
        let mut line = resource.line();
        line.push('\n');
        self.bytes_left = self.bytes_left.saturating_sub(line.len() as u64);
        Some(line)
    }
}

impl Read for LargeReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.unread.len() {
            self.unread = self.lines.next().map(String::into_bytes).unwrap_or_default();
            self.at = 0;
        }
        let part = &self.unread[self.at..];
        let taken = part.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&part[..taken]);
        self.at += taken;
        Ok(taken)
    }
}

impl LargePhr {
    /// The record as a stream of bytes, for whoever reads files.
    pub fn into_reader(self) -> LargeReader {
        LargeReader { lines: self, unread: Vec::new(), at: 0 }
    }

    fn make_day(&mut self) {
        let day = self.day;
        let mut made = self.add_counts(day);
        let readings = (self.bytes_a_day.saturating_sub(QUIET_DAY) / READING).min(1440) as i64;
        for reading in 0..readings {
            let minute = reading * 1440 / readings;
            let value = if minute < 390 { 58 } else { 76 } + self.chart.around(0, 14);
            made.push(self.chart.add(self.chart.reading_of(HEART, "Device/watch", (day, minute), value)));
        }
        let origin = self.chart.measured_by("Device/watch", &made, &self.chart.time(day, 1439));
        self.chart.add(origin);
        if day.weekday() == 2 {
            self.add_visit(day);
        }
        self.ready = self.chart.take().into_iter();
        self.day = day + 1;
    }

    /// What is counted every day, however small the file.
    fn add_counts(&mut self, day: Day) -> Vec<String> {
        let chart = &mut self.chart;
        let mut made = Vec::new();
        for hour in 7..22 {
            let steps = 420 + chart.around(0, 400);
            made.push(chart.add(chart.span_of(STEPS, "Device/watch", (day, hour * 60, hour * 60 + 60), steps)));
        }
        let slept = chart.around(71, 12);
        made.push(chart.add(chart.span_of(SLEEP, "Device/watch", (day, 1380, 1380 + slept * 6), slept)));
        made.push(chart.add(chart.span_of(ENERGY, "Device/watch", (day, 0, 1440), 1_900 + chart.around(0, 300))));
        made.push(chart.add(chart.span_of(DISTANCE, "Device/watch", (day, 0, 1440), 480 + chart.around(0, 200))));
        made.push(chart.add(chart.reading_of(RESTING_HEART, "Device/watch", (day, 400), chart.around(61, 4))));
        made.push(chart.add(chart.reading_of(VARIABILITY, "Device/watch", (day, 401), chart.around(48, 14))));
        for minute in [420, 760, 1130, 1340] {
            made.push(chart.add(chart.reading_of(GLUCOSE, "Device/meter", (day, minute), chart.around(131, 42))));
        }
        for minute in [430, 1300] {
            let pressure = (chart.around(134, 12), chart.around(78, 7));
            made.push(chart.add(chart.home_pressure("Device/meter", (day, minute), pressure)));
        }
        made
    }

    /// The weekly visit: measures, a panel and a note.
    fn add_visit(&mut self, day: Day) {
        let chart = &mut self.chart;
        let visit: Visit = chart.visit(day, 600, FOLLOW_UP, ("okonjo", "Weekly review"));
        let vitals = Vitals {
            pressure: Some((chart.around(132, 9), chart.around(76, 6))),
            weight: Some(chart.around(752, 6)),
            height: Some(1608),
            ..Vitals::default()
        };
        chart.add_vitals(&visit, vitals);
        chart.add_panel(&visit, if day.0 % 2 == 0 { &METABOLIC } else { &BLOOD_COUNT });
        let mut words = String::new();
        for _ in 0..chart.around(24, 14) {
            words.push_str(SENTENCES[(chart.around(50, 50) % 10) as usize]);
            words.push('\n');
        }
        let note = chart.written_note(document::PROGRESS_NOTE, &visit.time, &words);
        chart.add(note.label(hl7::NORMAL));
    }
}
