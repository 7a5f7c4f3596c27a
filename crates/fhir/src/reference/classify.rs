//! What a reference's text points to (R4 references.html#literal, http.html#trules for conditional references).

use super::id::Id;
use super::resource_type::ResourceType;

/// A reference by the form of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference<'t> {
    /// Nothing, or only white space (PHR-14).
    Empty,
    /// `#p1`: the contained resource of that id; the container itself when the id is empty.
    Fragment(&'t str),
    /// `Patient/1` or `Patient/1/_history/2`.
    Relative(Target<'t>),
    /// `https://example.org/fhir/Patient/1`; the base is without the last slash.
    Absolute {
        /// The service's address.
        base: &'t str,
        /// The resource there.
        target: Target<'t>,
    },
    /// `urn:uuid:…` or `urn:oid:…`
    Urn(Urn<'t>),
    /// `Patient?identifier=…`: the one resource a search finds (REST-23).
    Conditional {
        /// The type to search.
        resource_type: ResourceType,
        /// The query behind the question mark, as written.
        query: &'t str,
    },
    /// Anything else: an unknown type, another scheme, a canonical address.
    Other(&'t str),
}

/// A resource at a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target<'t> {
    /// Its type.
    pub resource_type: ResourceType,
    /// Its id, a valid one.
    pub id: &'t str,
    /// Its version, when one is named.
    pub version: Option<&'t str>,
}

/// A name that is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Urn<'t> {
    /// What follows `urn:uuid:`, as written.
    Uuid(&'t str),
    /// What follows `urn:oid:`, as written.
    Oid(&'t str),
}

impl<'t> Reference<'t> {
    /// Classifies the text of a reference.
    pub fn parse(text: &'t str) -> Self {
        if text.trim().is_empty() {
            return Reference::Empty;
        }
        if let Some(id) = text.strip_prefix('#') {
            return Reference::Fragment(id);
        }
        urn(text).or_else(|| absolute(text)).or_else(|| local(text)).unwrap_or(Reference::Other(text))
    }

    /// Classifies the text of a reference within a service: what lies at the service's own address is relative (REST-15),
    /// whether it is written with http or https.
    pub fn within(text: &'t str, base_url: &str) -> Self {
        let own = without_scheme(base_url).map(|base| base.trim_end_matches('/')).filter(|base| !base.is_empty());
        own.and_then(|base| without_scheme(text)?.strip_prefix(base)?.strip_prefix('/'))
            .and_then(local)
            .unwrap_or_else(|| Self::parse(text))
    }

    /// The resource a relative reference names.
    pub fn relative(self) -> Option<Target<'t>> {
        match self {
            Reference::Relative(target) => Some(target),
            _ => None,
        }
    }
}

fn urn(text: &str) -> Option<Reference<'_>> {
    let of = |prefix| text.strip_prefix(prefix).filter(|name: &&str| !name.is_empty());
    let uuid = of("urn:uuid:").map(Urn::Uuid);
    uuid.or_else(|| of("urn:oid:").map(Urn::Oid)).map(Reference::Urn)
}

/// `Type/id`, `Type/id/_history/version` or `Type?query`.
fn local(text: &str) -> Option<Reference<'_>> {
    if let Some((name, query)) = text.split_once('?') {
        let resource_type = ResourceType::parse(name)?;
        return (!query.is_empty()).then_some(Reference::Conditional { resource_type, query });
    }
    let (name, rest) = text.split_once('/')?;
    let (id, version) = match rest.split_once("/_history/") {
        Some((id, version)) => (id, Some(version)),
        None => (rest, None),
    };
    let is_valid = Id::is_valid(id) && version.is_none_or(Id::is_valid);
    let target = Target { resource_type: ResourceType::parse(name)?, id, version };
    is_valid.then_some(Reference::Relative(target))
}

/// An http address whose last segments are a type and an id.
fn absolute(text: &str) -> Option<Reference<'_>> {
    let behind_scheme = text.len() - without_scheme(text)?.len();
    let unversioned = text.split_once("/_history/").map_or(text, |(before, _)| before);
    let id_slash = unversioned.rfind('/')?;
    let type_slash = text[..id_slash].rfind('/').filter(|&slash| slash > behind_scheme)?;
    let target = local(&text[type_slash + 1..])?.relative()?;
    Some(Reference::Absolute { base: &text[..type_slash], target })
}

fn without_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))
}
