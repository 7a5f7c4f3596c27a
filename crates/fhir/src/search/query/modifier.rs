//! Modifiers behind a parameter's name (R4 search.html#modifiers; REST-33, REST-37, REST-40…42).

use super::fault::Trouble;
use crate::reference::ResourceType;
use crate::search_param::{SearchParam, SearchParamKind};

/// How a parameter is to be understood.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Modifier {
    Missing,
    Exact,
    Contains,
    Text,
    Not,
    Identifier,
    Below,
    Above,
    /// A reference leads to a resource of this type.
    Type(ResourceType),
}

use Modifier::{Above, Below, Contains, Exact, Identifier, Missing, Not, Text};

/// Modifiers that the standard has for tokens or references and that would need a terminology or a hierarchy.
const WITHOUT_SUPPORT: [&str; 6] = ["in", "not-in", "of-type", "ofType", "below", "above"];

/// The modifiers a kind of parameter takes, by name.
fn of_kind(kind: SearchParamKind) -> &'static [(&'static str, Modifier)] {
    match kind {
        SearchParamKind::String => &[("missing", Missing), ("exact", Exact), ("contains", Contains)],
        SearchParamKind::Token => &[("missing", Missing), ("not", Not), ("text", Text)],
        SearchParamKind::Reference => &[("missing", Missing), ("identifier", Identifier)],
        SearchParamKind::Uri => &[("missing", Missing), ("below", Below), ("above", Above)],
        SearchParamKind::Date | SearchParamKind::Number | SearchParamKind::Quantity => &[("missing", Missing)],
        SearchParamKind::Composite | SearchParamKind::Special => &[],
    }
}

impl Modifier {
    /// The modifier of that name at that parameter.
    pub(super) fn parse(name: &str, param: &SearchParam) -> Result<Self, Trouble> {
        if let Some((_, modifier)) = of_kind(param.kind()).iter().find(|(known, _)| *known == name) {
            return Ok(*modifier);
        }
        let is_reference = param.kind() == SearchParamKind::Reference;
        if let Some(of) = ResourceType::parse(name).filter(|_| is_reference) {
            return leading_to(param, of).map(Self::Type);
        }
        let takes = takes(param);
        let is_of_the_standard = param.kind() == SearchParamKind::Token || is_reference;
        if is_of_the_standard && WITHOUT_SUPPORT.contains(&name) {
            return Err(Trouble::not_supported(format!("this modifier is not supported here; {takes}")));
        }
        Err(Trouble::invalid(format!("there is no such modifier; {takes}")))
    }
}

/// What a parameter takes, as a clause of a sentence.
fn takes(param: &SearchParam) -> String {
    let mut known: Vec<String> = of_kind(param.kind()).iter().map(|(name, _)| format!(":{name}")).collect();
    if param.kind() == SearchParamKind::Reference {
        known.push("a type it leads to".to_owned());
    }
    let kind = param.kind().name();
    match known.pop() {
        None => format!("a {kind} parameter takes none"),
        Some(last) if known.is_empty() => format!("a {kind} parameter takes only {last}"),
        Some(last) => format!("a {kind} parameter takes {} or {last}", known.join(", ")),
    }
}

/// The type, if the reference parameter may lead there.
pub(super) fn leading_to(param: &SearchParam, of: ResourceType) -> Result<ResourceType, Trouble> {
    if leads_to(param, of) {
        return Ok(of);
    }
    Err(Trouble::invalid(format!("`{}` leads to {}, not to {of}", param.code(), target_names(param))))
}

/// The types a reference parameter may lead to, for a sentence.
pub(super) fn target_names(param: &SearchParam) -> String {
    targets(param).iter().map(|of| of.name()).collect::<Vec<_>>().join(" or ")
}

/// Whether the reference parameter may lead to that type.
pub(super) fn leads_to(param: &SearchParam, of: ResourceType) -> bool {
    match only_target(param) {
        Some(only) => only == of.name(),
        None => param.targets().is_empty() || param.targets().contains(&of.name()),
    }
}

/// The types a reference parameter may lead to.
pub(super) fn targets(param: &SearchParam) -> Vec<ResourceType> {
    if param.targets().is_empty() {
        return ResourceType::all().collect();
    }
    let named = param.targets().iter().filter_map(|name| ResourceType::parse(name));
    named.filter(|of| leads_to(param, *of)).collect()
}

/// The one type that `where(resolve() is Patient)` leaves. Targets are those of all types that share a parameter, so
/// `patient` would lead to groups too.
fn only_target(param: &SearchParam) -> Option<&'static str> {
    let mut ends = param.expression().split('|').map(|part| {
        let (_, of) = part.trim().strip_suffix(')')?.rsplit_once(".where(resolve() is ")?;
        Some(of)
    });
    let first = ends.next()??;
    ends.all(|end| end == Some(first)).then_some(first)
}
