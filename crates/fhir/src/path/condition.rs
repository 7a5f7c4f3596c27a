//! Conditions on an element, in FHIRPath's logic of true, false and nothing.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use super::expression::{Expression, PathError};
use super::paths::Paths;
use super::select::{type_named, unsupported};
use crate::definitions::Type;
use crate::json::{Element, Kind};
use crate::reference::{Reference, ResourceType};

/// A test of an element.
pub struct Condition(Node);

enum Node {
    Both(Box<Condition>, Box<Condition>),
    Either(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Exists(Paths),
    Equals(Paths, Literal),
    LeadsTo(ResourceType),
}

/// A constant that elements are compared with.
enum Literal {
    Bool(bool),
    Text(String),
}

impl Condition {
    /// The condition that an expression over a whole type is; none if it selects elements.
    pub(super) fn of_whole(expression: &Expression, of: &'static Type) -> Result<Option<Self>, PathError> {
        use Expression as E;
        let is_condition = match expression {
            E::And(..) | E::Or(..) | E::Equal(..) | E::Unequal(..) | E::Is(..) => true,
            E::Call(_, name, _) => matches!(name.as_str(), "exists" | "empty" | "not"),
            _ => false,
        };
        if is_condition { Self::compile(expression, of).map(Some) } else { Ok(None) }
    }

    /// The condition that an expression is of elements of a type.
    pub(super) fn compile(expression: &Expression, of: &'static Type) -> Result<Self, PathError> {
        use Expression as E;
        let compile = |part: &Expression| Self::compile(part, of).map(Box::new);
        Ok(Self(match expression {
            E::And(left, right) => Node::Both(compile(left)?, compile(right)?),
            E::Or(left, right) => Node::Either(compile(left)?, compile(right)?),
            E::Equal(left, right) => Node::Equals(select(left, of)?, literal(right)?),
            E::Unequal(left, right) => Node::Not(Box::new(Self(Node::Equals(select(left, of)?, literal(right)?)))),
            E::Is(what, name) if is_resolved_this(what) => {
                let target = ResourceType::parse(name);
                Node::LeadsTo(target.ok_or_else(|| PathError::Unknown { of: "FHIR", name: name.clone() })?)
            }
            E::Is(what, name) => Node::Exists(select(&E::As(what.clone(), type_named(name)?.name().to_owned()), of)?),
            E::Call(Some(what), name, arguments) if arguments.is_empty() => match name.as_str() {
                "exists" => Node::Exists(select(what, of)?),
                "empty" => Node::Not(Box::new(Self(Node::Exists(select(what, of)?)))),
                "not" => Node::Not(compile(what)?),
                _ => return Err(unsupported(expression)),
            },
            E::Member(..) => Node::Equals(select(expression, of)?, Literal::Bool(true)),
            other => return Err(unsupported(other)),
        }))
    }

    /// Whether it holds of a resource, or an element by itself; none if it is neither true nor false.
    pub fn holds(&self, element: Element<'_>) -> Option<bool> {
        self.holds_within(element, &Scope::new(element))
    }

    pub(super) fn holds_within<'a>(&self, element: Element<'a>, scope: &Scope<'a>) -> Option<bool> {
        match &self.0 {
            Node::Both(left, right) => match (left.holds_within(element, scope), right.holds_within(element, scope)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Node::Either(left, right) => {
                match (left.holds_within(element, scope), right.holds_within(element, scope)) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                }
            }
            Node::Not(inner) => inner.holds_within(element, scope).map(|holds| !holds),
            Node::Exists(paths) => Some(first_two(paths, element, scope)[0].is_some()),
            Node::Equals(paths, literal) => match first_two(paths, element, scope) {
                [Some(only), None] => Some(literal.is(only)),
                [Some(_), Some(_)] => Some(false),
                _ => None,
            },
            Node::LeadsTo(target) => Some(leads_to(element, scope) == Some(*target)),
        }
    }
}

impl Literal {
    fn is(&self, element: Element<'_>) -> bool {
        match self {
            Self::Bool(value) => element.as_bool() == Some(*value),
            Self::Text(text) => element.as_str().is_some_and(|found| found == text.as_str()),
        }
    }
}

/// The paths of one expression beneath a type.
fn select(expression: &Expression, of: &'static Type) -> Result<Paths, PathError> {
    let mut paths = Paths::new(of);
    let places = paths.select(expression, paths.root())?;
    paths.report(&places);
    Ok(paths)
}

fn literal(expression: &Expression) -> Result<Literal, PathError> {
    match expression {
        Expression::Bool(value) => Ok(Literal::Bool(*value)),
        Expression::Text(text) => Ok(Literal::Text(text.clone())),
        other => Err(unsupported(other)),
    }
}

fn is_resolved_this(expression: &Expression) -> bool {
    match expression {
        Expression::Call(of, name, arguments) => {
            name == "resolve" && arguments.is_empty() && of.as_deref().is_none_or(|of| *of == Expression::This)
        }
        _ => false,
    }
}

/// What the paths lead to: one is asked for, and whether there are more.
fn first_two<'a>(paths: &Paths, element: Element<'a>, scope: &Scope<'a>) -> [Option<Element<'a>>; 2] {
    let mut found = [None, None];
    paths.walk_within(element, scope, &mut |_, element| match found {
        [None, _] => found[0] = Some(element),
        [Some(_), None] => found[1] = Some(element),
        _ => {}
    });
    found
}

/// The resource in which references are looked up.
pub(super) struct Scope<'a> {
    resource: Element<'a>,
    /// Contained resources by id, made when the first one is asked for.
    contained: OnceCell<HashMap<Cow<'a, str>, ResourceType>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(resource: Element<'a>) -> Self {
        Self { resource, contained: OnceCell::new() }
    }

    /// The type of the contained resource of that id; of the resource itself if there is none.
    fn type_of(&self, id: &str) -> Option<ResourceType> {
        let own_type = |of: Element<'a>| ResourceType::parse(&of.get("resourceType")?.as_str()?);
        if id.is_empty() {
            return own_type(self.resource);
        }
        let by_id = self.contained.get_or_init(|| {
            let contained = self.resource.get("contained").into_iter().flat_map(Element::items);
            contained.filter_map(|of| Some((of.get("id")?.as_str()?, own_type(of)?))).collect()
        });
        by_id.get(id).copied()
    }
}

/// The type of what a Reference or canonical points to: by its text, a contained resource's own type, or else by `type`.
fn leads_to<'a>(reference: Element<'a>, scope: &Scope<'a>) -> Option<ResourceType> {
    let text = match reference.kind() {
        Kind::String => reference.as_str(),
        _ => reference.get("reference").and_then(Element::as_str),
    };
    let by_text = match text.as_deref().map(Reference::parse) {
        Some(Reference::Relative(target) | Reference::Absolute { target, .. }) => Some(target.resource_type),
        Some(Reference::Conditional { resource_type, .. }) => Some(resource_type),
        Some(Reference::Fragment(id)) => scope.type_of(id),
        _ => None,
    };
    by_text.or_else(|| {
        let named = reference.get("type")?.as_str()?;
        ResourceType::parse(named.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(&named))
    })
}
