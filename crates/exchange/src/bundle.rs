//! A file that is one JSON value: a Bundle of any type, a resource, or an array of resources (PHR-11).
//!
//! Of a Bundle the entries become items and the wrapper does not, a document's neither: what it says is said again by its
//! Composition, and the file itself is kept by whoever imports it. A Bundle inside a Bundle, or on a line of a `.phr` (as an IPS
//! is, PHR-22), stays one resource. A history is given oldest first, so that the newest version is the last one taken.
//! One published sample is a JSON string that holds the JSON; it is read as what it holds.

mod places;

use std::vec;

use mecum_fhir::bundle::{Bundle, BundleType};
use mecum_fhir::json::{Element, Json, JsonError, JsonErrorKind, Kind};
use mecum_fhir::resource::{Resource, ResourceFault};

use crate::item::{Item, ItemContent, Place, Quarantined, Request, text};
use crate::phr::{Completeness, Ending, Limits};

use places::places;

/// A JSON value read whole; an iterator of its items.
pub struct Whole {
    /// What is minified, the places of items within it, and the places of these in the file.
    text: String,
    parts: vec::IntoIter<Part>,
    form: Form,
    bundle: Option<BundleFacts>,
    limits: Limits,
    fault: Option<(Place, ResourceFault)>,
    is_no_json: bool,
    n_items: u64,
    /// One of the lines that we add to an export, and no other.
    is_torn_off: bool,
    has_sender_failed: bool,
}

/// What a Bundle says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleFacts {
    /// What it is for, if that is one of the standard's types.
    pub bundle_type: Option<BundleType>,
    /// How many entries it has.
    pub n_entries: u64,
    /// Whether it carries a signature, which holds for the file as it came only.
    pub is_signed: bool,
}

/// What the items of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The resources themselves: one, or those of an array.
    Resources,
    /// Entries of a Bundle.
    Entries(Option<BundleType>),
}

struct Part {
    span: std::ops::Range<usize>,
    place: Place,
}

/// Reads a value. What is no JSON, or neither resource nor Bundle, is one item in quarantine.
pub fn read(input: &[u8], limits: &Limits) -> Whole {
    let input_place = Place { line: 1, offset: 0, length: input.len() as u64 };
    let value = without_byte_order_mark(input);
    let n_mark = (input.len() - value.len()) as u64;
    let mut whole = Whole::empty(limits);
    let json = match Json::parse(value, &limits.whole) {
        Ok(json) => json,
        Err(error) => {
            whole.is_no_json = !error.kind.is_limit();
            whole.fault = Some((input_place, error.into()));
            return whole;
        }
    };
    match unquoted(&json, limits) {
        Some(inner) => whole.split(inner, |_, n| vec![input_place; n]),
        None => whole.split(json, |spans, _| places(value, n_mark, spans)),
    }
    if whole.form == Form::Resources && whole.parts.len() == 0 {
        whole.fault = Some((input_place, ResourceFault::NotAnObject));
    }
    whole
}

/// The input behind a byte order mark, if it has one.
pub(crate) fn without_byte_order_mark(input: &[u8]) -> &[u8] {
    input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input)
}

/// The JSON object that a JSON string holds.
fn unquoted(json: &Json, limits: &Limits) -> Option<Json> {
    let inner = Json::parse(json.root().as_str()?.as_bytes(), &limits.whole).ok()?;
    (inner.root().kind() == Kind::Object).then_some(inner)
}

impl Whole {
    fn empty(limits: &Limits) -> Self {
        Self {
            text: String::new(),
            parts: Vec::new().into_iter(),
            form: Form::Resources,
            bundle: None,
            limits: *limits,
            fault: None,
            is_no_json: false,
            n_items: 0,
            is_torn_off: false,
            has_sender_failed: false,
        }
    }

    /// Splits a value into its parts, whose places in the file `place` finds.
    fn split(&mut self, json: Json, place: impl FnOnce(&[std::ops::Range<usize>], usize) -> Vec<Place>) {
        let root = json.root();
        let (form, elements) = match Bundle::of_element(root) {
            Some(bundle) => {
                let elements = entries_of(root);
                self.bundle = Some(BundleFacts {
                    bundle_type: bundle.bundle_type(),
                    n_entries: elements.len() as u64,
                    is_signed: root.get("signature").is_some_and(|signature| signature.kind() == Kind::Object),
                });
                (Form::Entries(bundle.bundle_type()), elements)
            }
            None if root.kind() == Kind::Array => (Form::Resources, root.items().collect()),
            None if root.kind() == Kind::Object => (Form::Resources, vec![root]),
            None => (Form::Resources, Vec::new()),
        };
        let spans: Vec<_> = elements.iter().map(|element| element.span()).collect();
        let places = place(&spans, spans.len());
        let numbered = spans.into_iter().zip(places).zip(1..);
        let mut parts: Vec<Part> =
            numbered.map(|((span, place), line)| Part { span, place: Place { line, ..place } }).collect();
        if form == Form::Entries(Some(BundleType::History)) {
            parts.reverse();
        }
        self.form = form;
        self.parts = parts.into_iter();
        self.text = json.into_text();
    }

    /// What the Bundle says of itself, if the value is one.
    pub fn bundle(&self) -> Option<&BundleFacts> {
        self.bundle.as_ref()
    }

    /// Whether the input is not even JSON.
    pub(crate) fn is_no_json(&self) -> bool {
        self.is_no_json
    }

    /// What can be told of the file, once there are no more items.
    pub fn ending(&self) -> Ending {
        let completeness = match (self.is_no_json, self.is_torn_off) {
            (true, _) => Completeness::Unknown,
            (false, true) => Completeness::PossiblyTruncated,
            (false, false) => Completeness::Complete,
        };
        Ending { n_items: self.n_items, completeness, has_sender_failed: self.has_sender_failed }
    }

    fn item(&self, part: &Part) -> Item {
        let json = match Json::parse(self.text[part.span.clone()].as_bytes(), &self.limits.whole) {
            Ok(json) => json,
            Err(error) => return in_quarantine(part.place, error.into()),
        };
        match self.form {
            Form::Resources => {
                let content = self.content(json.root());
                // An OperationOutcome that is the whole file is what the file is about.
                let is_lone = part.span.len() == self.text.len();
                let content = if is_lone { content.taken_in(&self.limits.line) } else { content };
                Item { place: part.place, full_url: None, request: None, content }
            }
            Form::Entries(bundle_type) => self.entry(json.root(), part.place, bundle_type),
        }
    }

    fn entry(&self, entry: Element<'_>, place: Place, bundle_type: Option<BundleType>) -> Item {
        if entry.kind() != Kind::Object {
            return in_quarantine(place, ResourceFault::NotAnObject);
        }
        let is_to_be_done = matches!(bundle_type, Some(BundleType::Batch | BundleType::Transaction));
        let content = match entry.get("resource").filter(|resource| resource.kind() != Kind::Null) {
            None => ItemContent::NoResource,
            // Whoever asks for an OperationOutcome to be stored means it.
            Some(resource) if is_to_be_done => self.content(resource).taken_in(&self.limits.line),
            Some(resource) => self.content(resource),
        };
        let full_url = text(entry, "fullUrl").filter(|url| !url.is_empty()).map(|url| url.into_owned());
        Item { place, full_url, request: Request::of_entry(entry), content }
    }

    fn content(&self, element: Element<'_>) -> ItemContent {
        let limit = self.limits.line.max_bytes;
        let resource = if element.span().len() > limit {
            Err(ResourceFault::TooCostly(JsonError { offset: limit, kind: JsonErrorKind::TooLarge }))
        } else {
            Resource::of_element(element)
        };
        match resource {
            Ok(resource) => ItemContent::of(resource, &self.limits.line),
            Err(fault) => ItemContent::Quarantined(Quarantined { fault, raw: Vec::new() }),
        }
    }
}

/// The entries of a Bundle; one that is not in an array counts too.
fn entries_of(bundle: Element<'_>) -> Vec<Element<'_>> {
    match bundle.get("entry") {
        Some(entry) if entry.kind() == Kind::Object => vec![entry],
        Some(entries) => entries.items().collect(),
        None => Vec::new(),
    }
}

fn in_quarantine(place: Place, fault: ResourceFault) -> Item {
    let content = ItemContent::Quarantined(Quarantined { fault, raw: Vec::new() });
    Item { place, full_url: None, request: None, content }
}

impl Iterator for Whole {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let item = match self.fault.take() {
            Some((place, fault)) => in_quarantine(place, fault),
            None => {
                let part = self.parts.next()?;
                self.item(&part)
            }
        };
        self.n_items += 1;
        self.is_torn_off |= self.form == Form::Resources && matches!(item.content, ItemContent::Generated(_));
        self.has_sender_failed |= item.content.is_fatal_outcome();
        Some(item)
    }
}
