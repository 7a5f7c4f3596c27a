//! A resource: a JSON object with a known `resourceType` (R4 json.html#resources), and what every resource may have.

use std::borrow::Cow;
use std::ops::Range;

use crate::date::bounds_of;
use crate::json::{Element, Json, JsonError, JsonErrorKind, Kind, Limits};
use crate::reference::ResourceType;

/// A parsed resource.
#[derive(Debug, Clone)]
pub struct Resource {
    json: Json,
    resource_type: ResourceType,
}

/// Why a text is no resource: all that an import puts in quarantine (PHR-8).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResourceFault {
    /// It is not JSON; the offset is in bytes of the input.
    #[error("not JSON: {0}")]
    NotJson(JsonError),
    /// It is longer, deeper or of more parts than the limits allow.
    #[error("too costly: {0}")]
    TooCostly(JsonError),
    /// It is JSON, but no object.
    #[error("not a JSON object")]
    NotAnObject,
    /// It has no `resourceType` that is a string.
    #[error("no resourceType")]
    NoResourceType,
    /// FHIR R4 has no such type; the name is empty when it could not be one.
    #[error("unknown resource type {0:?}")]
    UnknownType(String),
}

impl ResourceFault {
    /// Where the fault is in the input, in bytes; 0 where it is of the whole.
    pub fn offset(&self) -> usize {
        match self {
            Self::NotJson(error) | Self::TooCostly(error) => error.offset,
            Self::NotAnObject | Self::NoResourceType | Self::UnknownType(_) => 0,
        }
    }
}

impl From<JsonError> for ResourceFault {
    fn from(error: JsonError) -> Self {
        if JsonErrorKind::is_limit(error.kind) { Self::TooCostly(error) } else { Self::NotJson(error) }
    }
}

impl Resource {
    /// Parses the text of one resource.
    pub fn parse(input: &[u8], limits: &Limits) -> Result<Self, ResourceFault> {
        Self::of_json(Json::parse(input, limits)?)
    }

    /// The resource that a parsed text is.
    pub fn of_json(json: Json) -> Result<Self, ResourceFault> {
        let resource_type = type_of(json.root())?;
        Ok(Self { json, resource_type })
    }

    /// A copy of the resource at a place in another text, as in a Bundle or among contained resources.
    pub fn of_element(element: Element<'_>) -> Result<Self, ResourceFault> {
        let resource_type = type_of(element)?;
        Ok(Self { json: element.to_json(), resource_type })
    }

    /// The parsed text.
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// The parsed text, without the type.
    pub fn into_json(self) -> Json {
        self.json
    }

    /// The minified text.
    pub fn text(&self) -> &str {
        self.json.text()
    }

    /// The resource's object.
    pub fn root(&self) -> Element<'_> {
        self.json.root()
    }

    /// The value of `resourceType`.
    pub fn resource_type(&self) -> ResourceType {
        self.resource_type
    }

    /// The value of `id`, valid or not, if it is a string.
    pub fn id(&self) -> Option<Cow<'_, str>> {
        self.root().get("id")?.as_str()
    }

    /// The place of the value of `id`, whatever its kind, quotes included.
    pub fn id_span(&self) -> Option<Range<usize>> {
        Some(self.root().get("id")?.span())
    }

    /// The value of `meta`.
    pub fn meta(&self) -> Option<Element<'_>> {
        self.root().get("meta")
    }

    /// The value of `meta.versionId`.
    pub fn meta_version_id(&self) -> Option<Cow<'_, str>> {
        self.meta()?.get("versionId")?.as_str()
    }

    /// The value of `meta.lastUpdated` in microseconds since the epoch, if it is a date.
    pub fn meta_last_updated(&self) -> Option<i64> {
        let text = self.meta()?.get("lastUpdated")?.as_str()?;
        Some(bounds_of(&text, 0)?.start_us)
    }
}

/// The type of the resource that `element` is, or why it is none.
fn type_of(element: Element<'_>) -> Result<ResourceType, ResourceFault> {
    if element.kind() != Kind::Object {
        return Err(ResourceFault::NotAnObject);
    }
    let name = element.get("resourceType").and_then(Element::as_str).ok_or(ResourceFault::NoResourceType)?;
    ResourceType::parse(&name).ok_or_else(|| ResourceFault::UnknownType(name_to_report(&name)))
}

/// The name itself if it looks like a type's name; else nothing, because it may be anything.
fn name_to_report(name: &str) -> String {
    let could_be_a_type = name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if could_be_a_type { name.to_owned() } else { String::new() }
}
