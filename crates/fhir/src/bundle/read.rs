//! Reading a Bundle in place: nothing is copied, and what is missing or odd is None rather than an error.

use std::borrow::Cow;
use std::ops::Range;

use super::code::{BundleType, Method, SearchMode};
use crate::json::{Element, Kind};
use crate::reference::{Reference, ResourceType};
use crate::resource::Resource;

/// A Bundle in a parsed text.
#[derive(Debug, Clone, Copy)]
pub struct Bundle<'a> {
    root: Element<'a>,
}

impl<'a> Bundle<'a> {
    /// The Bundle that a resource is. None for other types.
    pub fn of(resource: &'a Resource) -> Option<Self> {
        (resource.resource_type() == ResourceType::BUNDLE).then(|| Self { root: resource.root() })
    }

    /// The Bundle that an object is, as one within another text. None for other objects.
    pub fn of_element(root: Element<'a>) -> Option<Self> {
        (string(root, "resourceType")? == ResourceType::BUNDLE.name()).then_some(Self { root })
    }

    /// The Bundle's object.
    pub fn root(self) -> Element<'a> {
        self.root
    }

    /// The value of `type`, if it is one of the standard's.
    pub fn bundle_type(self) -> Option<BundleType> {
        BundleType::parse(&string(self.root, "type")?)
    }

    /// The value of `timestamp`.
    pub fn timestamp(self) -> Option<Cow<'a, str>> {
        string(self.root, "timestamp")
    }

    /// The value of `total`, if it is a whole number.
    pub fn total(self) -> Option<u64> {
        self.root.get("total")?.as_number()?.parse().ok()
    }

    /// The address of the link with that relation, as `next`.
    pub fn link(self, relation: &str) -> Option<Cow<'a, str>> {
        let mut links = self.root.get("link")?.items();
        string(links.find(|link| string(*link, "relation").as_deref() == Some(relation))?, "url")
    }

    /// The entries in order.
    pub fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        self.root.get("entry").into_iter().flat_map(Element::items).map(|element| Entry { element })
    }
}

/// One entry of a Bundle.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    element: Element<'a>,
}

impl<'a> Entry<'a> {
    /// The entry's object.
    pub fn element(self) -> Element<'a> {
        self.element
    }

    /// The value of `fullUrl`.
    pub fn full_url(self) -> Option<Cow<'a, str>> {
        string(self.element, "fullUrl")
    }

    /// The place of the value of `fullUrl`, quotes included.
    pub fn full_url_span(self) -> Option<Range<usize>> {
        Some(self.element.get("fullUrl")?.span())
    }

    /// The resource's object; [`Resource::of_element`] makes a resource of it.
    pub fn resource(self) -> Option<Element<'a>> {
        object(self.element, "resource")
    }

    /// What is to be done, or was done, with the entry.
    pub fn request(self) -> Option<Request<'a>> {
        object(self.element, "request").map(|element| Request { element })
    }

    /// What came of it.
    pub fn response(self) -> Option<Response<'a>> {
        object(self.element, "response").map(|element| Response { element })
    }

    /// Why the entry is in a search's result.
    pub fn search_mode(self) -> Option<SearchMode> {
        SearchMode::parse(&string(self.element.get("search")?, "mode")?)
    }

    /// The address that a reference within this entry stands for (R4 bundle.html#references): a relative reference is at
    /// the service that the entry's `fullUrl` names; any other, and one in an entry without such a `fullUrl`, stands for itself.
    pub fn absolute(self, reference: &str) -> String {
        let full_url = self.full_url().unwrap_or_default();
        match (Reference::parse(reference), Reference::parse(&full_url)) {
            (Reference::Relative(_), Reference::Absolute { base, .. }) => format!("{base}/{reference}"),
            _ => reference.to_owned(),
        }
    }
}

/// An entry's request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    element: Element<'a>,
}

impl<'a> Request<'a> {
    /// The value of `method`, if it is one of the standard's.
    pub fn method(self) -> Option<Method> {
        Method::parse(&string(self.element, "method")?)
    }

    /// The value of `url`.
    pub fn url(self) -> Option<Cow<'a, str>> {
        string(self.element, "url")
    }

    /// The value of `ifMatch`.
    pub fn if_match(self) -> Option<Cow<'a, str>> {
        string(self.element, "ifMatch")
    }

    /// The value of `ifNoneMatch`.
    pub fn if_none_match(self) -> Option<Cow<'a, str>> {
        string(self.element, "ifNoneMatch")
    }

    /// The value of `ifNoneExist`: the query of a conditional create.
    pub fn if_none_exist(self) -> Option<Cow<'a, str>> {
        string(self.element, "ifNoneExist")
    }

    /// The value of `ifModifiedSince`.
    pub fn if_modified_since(self) -> Option<Cow<'a, str>> {
        string(self.element, "ifModifiedSince")
    }
}

/// An entry's response.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    element: Element<'a>,
}

impl<'a> Response<'a> {
    /// The value of `status`, as `201 Created`.
    pub fn status(self) -> Option<Cow<'a, str>> {
        string(self.element, "status")
    }

    /// The number `status` begins with.
    pub fn status_code(self) -> Option<u16> {
        let status = self.status()?;
        status.split(' ').next()?.parse().ok().filter(|code| (100..600).contains(code))
    }

    /// The value of `location`.
    pub fn location(self) -> Option<Cow<'a, str>> {
        string(self.element, "location")
    }

    /// The value of `etag`.
    pub fn etag(self) -> Option<Cow<'a, str>> {
        string(self.element, "etag")
    }

    /// The value of `lastModified`.
    pub fn last_modified(self) -> Option<Cow<'a, str>> {
        string(self.element, "lastModified")
    }

    /// The OperationOutcome's object.
    pub fn outcome(self) -> Option<Element<'a>> {
        object(self.element, "outcome")
    }
}

fn string<'a>(object: Element<'a>, key: &str) -> Option<Cow<'a, str>> {
    object.get(key)?.as_str()
}

fn object<'a>(parent: Element<'a>, key: &str) -> Option<Element<'a>> {
    parent.get(key).filter(|element| element.kind() == Kind::Object)
}
