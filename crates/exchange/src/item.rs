//! One thing that a file offers to an import: a line of it, or an entry of the Bundle that it is (PHR-8, PHR-11, PHR-57).

use std::borrow::Cow;

use mecum_fhir::bundle::Method;
use mecum_fhir::json::{Element, Kind, Limits};
use mecum_fhir::outcome::{Issue, IssueCode};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::{Resource, ResourceFault};

use crate::cover::Generated;
use crate::repair::{Repaired, repair};

/// A line or an entry, with what it came to.
pub struct Item {
    /// Where it is.
    pub place: Place,
    /// The address that a Bundle gives it.
    pub full_url: Option<String>,
    /// What a Bundle wants done with it, or says was done.
    pub request: Option<Request>,
    /// What it holds.
    pub content: ItemContent,
}

/// Where an item is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The number of the line, or of the entry in its Bundle, from 1. Blank lines count.
    pub line: u64,
    /// Where its first byte is, in bytes from the start of the file.
    pub offset: u64,
    /// How many bytes it has, without the line's end.
    pub length: u64,
}

/// What an item holds.
pub enum ItemContent {
    /// A resource to take in, repaired.
    Resource(Repaired),
    /// Something that is no resource; it is kept aside.
    Quarantined(Quarantined),
    /// An OperationOutcome with which the sender tells what it could not write (PHR-57).
    SenderOutcome(Resource),
    /// Something that Mecum generated for an export; it is no health data.
    Generated(Generated),
    /// No resource: a deletion in a history, a request to delete or read, or nothing but a response.
    NoResource,
}

/// A line or entry that is no resource (PHR-8).
#[derive(Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Why; places in it count from the item's own start.
    pub fault: ResourceFault,
    /// The line as it came. Empty when it was longer than the limit, and for an entry or a whole file: the item's place tells
    /// where the text is.
    pub raw: Vec<u8>,
}

/// What a Bundle wants done with an entry (R4 bundle.html, REST-23, REST-24).
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, if it is one of the standard's.
    pub method: Option<Method>,
    /// The address, as written.
    pub url: String,
    /// The version that must be the current one.
    pub if_match: Option<String>,
    /// The query of a conditional create.
    pub if_none_exist: Option<String>,
    /// For a conditional read.
    pub if_none_match: Option<String>,
    /// For a conditional read.
    pub if_modified_since: Option<String>,
}

impl ItemContent {
    /// What a resource comes to: generated, the sender's outcome, or a resource to take in.
    pub(crate) fn of(resource: Resource, limits: &Limits) -> Self {
        match Generated::of(&resource) {
            Some(generated) => Self::Generated(generated),
            None if resource.resource_type() == ResourceType::OPERATION_OUTCOME => Self::SenderOutcome(resource),
            None => Self::Resource(repair(resource, limits)),
        }
    }

    /// The same, where an OperationOutcome is what the file is about.
    pub(crate) fn taken_in(self, limits: &Limits) -> Self {
        match self {
            Self::SenderOutcome(resource) => Self::Resource(repair(resource, limits)),
            other => other,
        }
    }

    /// Whether the sender says that it could not go on (PHR-57).
    pub(crate) fn is_fatal_outcome(&self) -> bool {
        let Self::SenderOutcome(outcome) = self else { return false };
        let is_fatal = |issue: Element<'_>| text(issue, "severity").as_deref() == Some("fatal");
        outcome.root().get("issue").is_some_and(|issues| issues.items().any(is_fatal))
    }
}

impl Quarantined {
    /// The fault as an issue that names its place in the item and quotes nothing of it.
    pub fn issue(&self) -> Issue {
        let code = match self.fault {
            ResourceFault::TooCostly(_) => IssueCode::TooCostly,
            ResourceFault::UnknownType(_) => IssueCode::NotSupported,
            _ => IssueCode::Structure,
        };
        Issue::error(code).diagnostics(self.fault.to_string())
    }
}

impl Request {
    /// Reads `request` of an entry.
    pub(crate) fn of_entry(entry: Element<'_>) -> Option<Self> {
        let request = entry.get("request").filter(|request| request.kind() == Kind::Object)?;
        let owned = |key: &str| text(request, key).map(Cow::into_owned);
        Some(Self {
            method: text(request, "method").and_then(|code| Method::parse(&code)),
            url: owned("url").unwrap_or_default(),
            if_match: owned("ifMatch"),
            if_none_exist: owned("ifNoneExist"),
            if_none_match: owned("ifNoneMatch"),
            if_modified_since: owned("ifModifiedSince"),
        })
    }
}

/// The string that a member of `object` is.
pub(crate) fn text<'a>(object: Element<'a>, key: &str) -> Option<Cow<'a, str>> {
    object.get(key)?.as_str()
}

impl std::fmt::Debug for Item {
    /// Place and content only: addresses may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Item").field("place", &self.place).field("content", &self.content).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ItemContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Resource(repaired) => f.debug_tuple("Resource").field(&repaired.resource.resource_type()).finish(),
            Self::Quarantined(quarantined) => quarantined.fmt(f),
            Self::SenderOutcome(_) => f.write_str("SenderOutcome"),
            Self::Generated(generated) => f.debug_tuple("Generated").field(generated).finish(),
            Self::NoResource => f.write_str("NoResource"),
        }
    }
}

impl std::fmt::Debug for Quarantined {
    /// Without the line, which may be health data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quarantined").field("fault", &self.fault).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Request {
    /// The method only: addresses may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}
