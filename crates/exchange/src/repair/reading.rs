//! How a value can be read as content of an R4 type: as it is, after a repair, or not at all.

use mecum_fhir::date::format_instant;
use mecum_fhir::definitions::{ElementDefinition, Primitive, Type, TypeKind, definitions};
use mecum_fhir::json::{Element, Kind, Writer};

/// The first instant that counts as milliseconds, 1973-03-03; the same digits as seconds would be the year 5138.
const FIRST_MS: i64 = 100_000_000_000;
/// The first that does not any more, 2100-01-01.
const END_MS: i64 = 4_102_444_800_000;

/// What a value is to a type.
pub(super) enum Reading {
    /// It looks like content of the type.
    Fits,
    /// It is milliseconds since 1970, and this is the JSON of the instant.
    Milliseconds(String),
    /// It is a bare code, and this is the JSON of the CodeableConcept.
    Code(String),
    /// It is something else.
    Foreign,
}

impl Reading {
    /// How `value` reads as content of `element` with the type `of`.
    pub(super) fn of(value: Element<'_>, element: &ElementDefinition, of: &'static Type) -> Self {
        match (value.kind(), of.primitive()) {
            (Kind::Object, None) if looks_like(value, of) => Self::Fits,
            (Kind::Number, Some(Primitive::Instant | Primitive::DateTime)) => {
                instant(value).map_or(Self::Foreign, Self::Milliseconds)
            }
            (Kind::String, None) if of.name() == "CodeableConcept" => {
                concept(value, element).map_or(Self::Foreign, Self::Code)
            }
            (kind, Some(primitive)) if kind == json_kind(primitive) => Self::Fits,
            _ => Self::Foreign,
        }
    }
}

/// The type of the resource that an object is, if R4 has it.
pub(super) fn resource_type(object: Element<'_>) -> Option<&'static Type> {
    definitions().resource_type(&object.get("resourceType")?.as_str()?)
}

/// Whether `of` stands for any resource, as in `contained`.
pub(super) fn is_any_resource(of: &Type) -> bool {
    of.kind() == TypeKind::Resource && of.is_abstract()
}

/// Whether the value is void: nothing would be lost with it.
pub(super) fn is_void(value: Element<'_>) -> bool {
    match value.kind() {
        Kind::Null => true,
        Kind::String => value.raw() == "\"\"",
        Kind::Array | Kind::Object => value.is_empty(),
        Kind::Bool | Kind::Number => false,
    }
}

/// At least one name that the type has: an object of anything else, as `{"0": …}`, is not it.
fn looks_like(object: Element<'_>, of: &'static Type) -> bool {
    if is_any_resource(of) {
        return resource_type(object).is_some();
    }
    object.members().any(|member| of.find(&member.key).is_some())
}

fn json_kind(primitive: Primitive) -> Kind {
    match primitive {
        Primitive::Boolean => Kind::Bool,
        Primitive::Decimal | Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => Kind::Number,
        _ => Kind::String,
    }
}

/// Twelve or thirteen digits and nothing else.
fn instant(value: Element<'_>) -> Option<String> {
    let digits = value.as_number().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let ms: i64 = digits.parse().ok()?;
    (FIRST_MS..END_MS).contains(&ms).then(|| format!("\"{}\"", format_instant(ms * 1000)))
}

fn concept(value: Element<'_>, element: &ElementDefinition) -> Option<String> {
    let code = value.as_str()?;
    let codes = element.codes()?;
    let mut systems = codes.systems().iter().filter(|system| system.codes().contains(&code.as_ref()));
    let (system, None) = (systems.next()?, systems.next()) else { return None };
    Some(Writer::object(|concept| {
        concept.arr("coding", |codings| {
            codings.obj(|coding| {
                coding.str("system", system.url()).str("code", &code);
            });
        });
    }))
}
