//! The values of one test over time, one series per unit: never mixed, never converted unseen.

use mecum_fhir::json::{Element, Kind as JsonKind, Limits};
use mecum_fhir::reading::{Headline, Standing, concept, headline};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_fhir::search_param::search_param;
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_store::{Timed, Version};
use std::collections::BTreeMap;

use crate::disclose::{Asked, Released};
use crate::permission::{name, permit};
use crate::{Failure, Phr};

/// Values of one test at most, the newest.
pub const MAX_VALUES: usize = 5000;

/// Codes of one test that are followed.
const MAX_CODES: usize = 5;

/// One value. Not `Debug`: it is someone's health data.
#[derive(Clone)]
pub struct TrendValue {
    /// The observation it is in.
    pub key: ResourceKey,
    /// What that says in one line.
    pub headline: Headline,
    /// Its clinical date, microseconds since the epoch; the end is not included.
    pub dated_us: (i64, i64),
    /// Which of the parts of the test: 0, or the place among the components that are drawn.
    pub part: usize,
    /// The number as written.
    pub number: String,
    /// `<`, `>` and the like; empty for none.
    pub comparator: String,
    /// The reference range as written; either side may be empty.
    pub range: (String, String),
}

/// The values in one unit, oldest first.
pub struct Series {
    /// The unit as written; empty for none.
    pub unit: String,
    /// The names of the parts, where the test has several (systolic, diastolic).
    pub parts: Vec<String>,
    /// The values.
    pub values: Vec<TrendValue>,
}

/// A test over time.
pub struct Trend {
    /// What is measured.
    pub title: String,
    /// One for each unit, the one with the newest value first.
    pub series: Vec<Series>,
    /// Observations of the test without a number: absent values, words; newest first.
    pub others: Vec<(ResourceKey, Headline)>,
    /// Whether there are older values than are given.
    pub is_cut: bool,
}

/// The values of the test that an observation is of, over time.
///
/// # Errors
/// [`Failure::NotFound`] when it is not there, hidden, or has no code by which others could be found.
pub fn trend(phr: &Phr, caller: &Caller, key: &ResourceKey, asked: &Asked) -> Result<Released<Trend>, Failure> {
    let missing = || Failure::NotFound(name(key));
    let record = caller.bound_record().ok_or_else(missing)?;
    let permit = permit(phr, caller, Act::Search, record)?;
    let asked_for = phr.store().read(&permit, key)?.ok_or_else(missing)?;
    let resource = parsed(&asked_for)?.ok_or_else(missing)?;
    let found = alike(phr, &permit, &resource)?;
    let mut trend = Trend { title: headline(&resource).title, series: Vec::new(), others: Vec::new(), is_cut: false };
    trend.is_cut = found.len() >= MAX_VALUES;
    let mut keys = Vec::with_capacity(found.len());
    for timed in &found {
        keys.push(timed.version.key.clone());
        if let Some(resource) = parsed(&timed.version)? {
            trend.add(&timed.version, &resource);
        }
    }
    trend.series.iter_mut().for_each(|series| series.values.reverse());
    phr.desk().release(phr.store(), (caller, &permit), asked, (trend, &keys), phr.now_us())
}

/// The observations with one of its codes, newest first.
fn alike(phr: &Phr, permit: &Permit, resource: &Resource) -> Result<Vec<Timed>, Failure> {
    let Some(param) = search_param("Observation", "code") else {
        return Ok(Vec::new());
    };
    let mut found: BTreeMap<i64, Timed> = BTreeMap::new();
    let codings = resource.root().at(&["code", "coding"]).into_iter().flat_map(Element::items).take(MAX_CODES);
    for coding in codings {
        let part = |name: &str| coding.get(name).and_then(|value| value.as_str().map(String::from)).unwrap_or_default();
        let (system, code) = (part("system"), part("code"));
        if code.is_empty() {
            continue;
        }
        for timed in phr.store().with_token(permit, param.number(), (&system, &code), MAX_VALUES)? {
            found.insert(timed.place.entry_no, timed);
        }
    }
    let mut found: Vec<Timed> = found.into_values().collect();
    found.sort_by_key(|timed| std::cmp::Reverse((timed.place.dated_us, timed.place.entry_no)));
    found.truncate(MAX_VALUES);
    Ok(found)
}

impl Trend {
    fn add(&mut self, version: &Version, resource: &Resource) {
        let line = headline(resource);
        if line.standing == Standing::InError {
            return;
        }
        let root = resource.root();
        let components = root.get("component").into_iter().flat_map(Element::items);
        let mut parts: Vec<(String, Element<'_>)> =
            components.map(|part| (part.get("code").map_or_else(String::new, concept), part)).collect();
        if root.get("valueQuantity").is_some() {
            parts.insert(0, (String::new(), root));
        }
        let mut has_number = false;
        for (name, object) in parts {
            has_number |= self.value(version, &line, (name, object)).is_some();
        }
        if !has_number {
            self.others.push((version.key.clone(), line));
        }
    }

    fn value(&mut self, version: &Version, line: &Headline, (name, object): (String, Element<'_>)) -> Option<()> {
        let quantity = object.get("valueQuantity")?;
        let text =
            |name: &str| quantity.get(name).and_then(|value| value.as_str().map(String::from)).unwrap_or_default();
        let number = quantity.get("value").filter(|value| value.kind() == JsonKind::Number)?.raw().to_owned();
        let dated = version.facts.dated?;
        let unit = [text("unit"), text("code")].into_iter().find(|unit| !unit.is_empty()).unwrap_or_default();
        let series = self.series_in(unit);
        let part = series.parts.iter().position(|known| *known == name).unwrap_or_else(|| {
            series.parts.push(name);
            series.parts.len() - 1
        });
        series.values.push(TrendValue {
            key: version.key.clone(),
            headline: line.clone(),
            dated_us: (dated.from_us, dated.until_us),
            part,
            number,
            comparator: text("comparator"),
            range: range(object),
        });
        Some(())
    }

    fn series_in(&mut self, unit: String) -> &mut Series {
        let at = self.series.iter().position(|series| series.unit == unit).unwrap_or_else(|| {
            self.series.push(Series { unit, parts: Vec::new(), values: Vec::new() });
            self.series.len() - 1
        });
        &mut self.series[at]
    }
}

/// The first reference range that is one of numbers.
fn range(object: Element<'_>) -> (String, String) {
    let side = |range: &Element<'_>, name: &str| {
        let value = range.at(&[name, "value"]).filter(|value| value.kind() == JsonKind::Number);
        value.map_or_else(String::new, |value| value.raw().to_owned())
    };
    let ranges = object.get("referenceRange").into_iter().flat_map(Element::items);
    let mut sides = ranges.map(|range| (side(&range, "low"), side(&range, "high")));
    sides.find(|(low, high)| !low.is_empty() || !high.is_empty()).unwrap_or_default()
}

/// The resource of a version, if it is an Observation that is not deleted.
fn parsed(version: &Version) -> Result<Option<Resource>, Failure> {
    if version.key.resource_type != ResourceType::OBSERVATION {
        return Ok(None);
    }
    let damaged = |_| Failure::Damaged("a stored resource cannot be read: run mecum verify".to_owned());
    let text = version.body.as_ref().map(|body| body.text.as_bytes());
    text.map(|text| Resource::parse(text, &Limits::default()).map_err(damaged)).transpose()
}
