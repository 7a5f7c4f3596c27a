//! What one source holds of one person: resources are added to a chart, numbered in the source's own manner and written
//! as one of its files.

use super::Content;
use super::calendar::Day;
use super::datatype::identifier;
use super::house::House;
use super::json::{Json, list, object, text};
use super::prng::Prng;
use super::resource::Resource;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How a source names its resources.
pub(crate) enum Numbering {
    /// Counted by type from here on, so that two sources say `Observation/1` of different things.
    From(u32),
    /// Random UUIDs.
    Uuid,
}

/// The growing content of one or more files of one source about one person.
pub(crate) struct Chart {
    /// Who keeps it.
    pub(crate) house: &'static House,
    /// The number of the person it is about: place in the family, or in the population.
    pub(crate) person: usize,
    /// `Patient/id` at this source.
    pub(crate) patient: String,
    /// Small differences between values.
    pub(crate) prng: RefCell<Prng>,
    numbering: Numbering,
    counters: RefCell<BTreeMap<&'static str, u32>>,
    resources: Vec<Resource>,
}

/// An encounter and what its observations share.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The day.
    pub(crate) day: Day,
    /// When, in FHIR's dateTime.
    pub(crate) time: String,
    /// `Encounter/id`.
    pub(crate) encounter: String,
    /// `Practitioner/id`.
    pub(crate) doctor: String,
}

impl Chart {
    /// An empty chart. There is one for each source and person, so that ids do not come twice.
    pub(crate) fn new(seed: u64, house: &'static House, person: usize, numbering: Numbering) -> Chart {
        let purpose = house.id.bytes().fold(person as u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        Chart {
            house,
            person,
            patient: "Patient/1".to_owned(),
            prng: RefCell::new(Prng::new(seed, purpose)),
            numbering,
            counters: RefCell::default(),
            resources: Vec::new(),
        }
    }

    /// A resource of a type under the next id.
    pub(crate) fn start(&self, kind: &'static str) -> Resource {
        let id = match self.numbering {
            Numbering::Uuid => self.prng.borrow_mut().uuid(),
            Numbering::From(first) => {
                let mut counters = self.counters.borrow_mut();
                let next = counters.entry(kind).or_insert(first);
                *next += 1;
                (*next - 1).to_string()
            }
        };
        Resource::new(kind, id)
    }

    /// As [`Chart::start`], its `subject` the patient.
    pub(crate) fn about(&self, kind: &'static str) -> Resource {
        self.start(kind).points("subject", &self.patient)
    }

    /// Adds a resource; its `Type/id`.
    pub(crate) fn add(&mut self, resource: Resource) -> String {
        let path = resource.path();
        self.resources.push(resource);
        path
    }

    /// Puts a resource in front of all others.
    pub(crate) fn lead(&mut self, resource: Resource) {
        self.resources.insert(0, resource);
    }

    /// How many resources there are since the last file.
    pub(crate) fn len(&self) -> usize {
        self.resources.len()
    }

    /// A number around a centre.
    pub(crate) fn around(&self, centre: i64, spread: i64) -> i64 {
        self.prng.borrow_mut().around(centre, spread)
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&self, percent: u64) -> bool {
        self.prng.borrow_mut().chance(percent)
    }

    /// When something happened, in the place's own time.
    pub(crate) fn time(&self, day: Day, minutes: i64) -> String {
        day.at(minutes, self.house.zone)
    }

    /// All resources so far, taken out; the numbering goes on for the source's next file.
    pub(crate) fn take(&mut self) -> Vec<Resource> {
        std::mem::take(&mut self.resources)
    }

    /// The `.phr` file of what has been added since the last file (PHR-2).
    pub(crate) fn take_phr(&mut self) -> String {
        lines(self.take())
    }

    /// A `collection` or `transaction` Bundle of what has been added since the last file; indented if `pretty`.
    pub(crate) fn take_bundle(&mut self, kind: &'static str, pretty: bool) -> String {
        let entries = self.take_entries(kind == "transaction");
        let bundle = Resource::new("Bundle", format!("{}-{kind}", self.house.id)).with("type", kind);
        let tree = bundle.with("entry", entries).into_json();
        if pretty { tree.indented() } else { tree.compact() }
    }

    /// A `document` Bundle of what has been added since the last file, its Composition the first of them (R4,
    /// documents.html).
    pub(crate) fn take_document(&mut self, name: &str, made_at: &str) -> Resource {
        let entries = self.take_entries(false);
        let number = format!("{}documents/{name}", self.house.base);
        Resource::new("Bundle", name)
            .with("identifier", identifier("urn:ietf:rfc:3986", &number))
            .with("type", "document")
            .with("timestamp", text(made_at))
            .with("entry", entries)
    }

    fn take_entries(&mut self, to_be_put: bool) -> Json {
        let base = self.house.base;
        list(self.take().into_iter().map(|resource| {
            let path = resource.path();
            let entry = object().with("fullUrl", format!("{base}{path}")).with("resource", resource.into_json());
            let request = to_be_put.then(|| object().with("method", "PUT").with("url", path));
            entry.maybe("request", request)
        }))
    }

    /// One NDJSON file for each type, as bulk exports come.
    pub(crate) fn take_ndjson(&mut self) -> Content {
        let mut by_kind: BTreeMap<&'static str, Vec<Resource>> = BTreeMap::new();
        for resource in self.take() {
            by_kind.entry(resource.kind()).or_default().push(resource);
        }
        Content::Ndjson(by_kind.into_iter().map(|(kind, some)| (format!("{kind}.ndjson"), lines(some))).collect())
    }
}

/// Resources as NDJSON, each line ended by LF (PHR-3).
pub(crate) fn lines(resources: Vec<Resource>) -> String {
    let mut out = String::new();
    for resource in resources {
        resource.into_json().write(&mut out);
        out.push('\n');
    }
    out
}
