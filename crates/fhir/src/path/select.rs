//! From an [`Expression`] to places: what it selects is decided by the types, as far as they know.

use super::condition::Condition;
use super::expression::{Expression, PathError};
use super::paths::{Paths, Place, Test};
use crate::definitions::{Type, definitions};

type Places = Result<Vec<Place>, PathError>;

impl Paths {
    /// The places an expression leads to from one place.
    pub(crate) fn select(&mut self, expression: &Expression, from: Place) -> Places {
        match expression {
            Expression::Resource => Ok(vec![self.root()]),
            Expression::This => Ok(vec![from]),
            Expression::Member(None, name) if is_type_name(name) => self.of_type_here(name, from),
            Expression::Member(None, name) => self.step(&[from], name),
            Expression::Member(Some(of), name) => {
                let of = self.select(of, from)?;
                self.step(&of, name)
            }
            Expression::Index(of, index) => {
                let of = self.select(of, from)?;
                self.at_index(&of, *index, expression)
            }
            Expression::Union(left, right) => {
                let mut places = self.select(left, from)?;
                for place in self.select(right, from)? {
                    if !places.contains(&place) {
                        places.push(place);
                    }
                }
                Ok(places)
            }
            Expression::As(of, name) => {
                let of = self.select(of, from)?;
                self.narrow(of, name)
            }
            Expression::Call(of, name, arguments) => {
                let of = of.as_ref().map_or_else(|| Ok(vec![from]), |of| self.select(of, from))?;
                self.call(of, name, arguments, expression)
            }
            other => Err(unsupported(other)),
        }
    }

    /// A type's name at the beginning stands for the element itself.
    fn of_type_here(&self, name: &str, from: Place) -> Places {
        let of = self.type_at(from);
        if of.is_a(name) { Ok(vec![from]) } else { Err(PathError::Unknown { of: of.name(), name: name.to_owned() }) }
    }

    /// A member of each place that has it; a choice leads to one place for each type.
    fn step(&mut self, of: &[Place], name: &str) -> Places {
        let mut places = Vec::new();
        for &from in of {
            let Some(element) = self.type_at(from).element(name) else { continue };
            for content in element.types() {
                let key = element.key_for(content.name()).and_then(|key| self.type_at(from).find(&key));
                let Some(found) = key else { continue };
                let place = self.member(from, found.key, found.of, element)?;
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        match (places.is_empty(), of.first()) {
            (true, Some(&from)) => Err(PathError::Unknown { of: self.type_at(from).name(), name: name.to_owned() }),
            _ => Ok(places),
        }
    }

    /// Those of a type.
    fn narrow(&self, mut of: Vec<Place>, name: &str) -> Places {
        let wanted = type_named(name)?;
        of.retain(|place| self.type_at(*place).is_a(wanted.name()));
        if of.is_empty() { Err(PathError::Unknown { of: wanted.name(), name: name.to_owned() }) } else { Ok(of) }
    }

    fn at_index(&mut self, of: &[Place], index: usize, written: &Expression) -> Places {
        let at = |paths: &mut Self, place: Place| {
            let before = paths.node(place).parent;
            if paths.node(before).is_many {
                return Err(unsupported(written));
            }
            paths.filtered(place, Expression::Index(Box::new(Expression::This), index), Test::IsAt(index))
        };
        of.iter().map(|&place| at(self, place)).collect()
    }

    fn call(&mut self, of: Vec<Place>, name: &str, arguments: &[Expression], written: &Expression) -> Places {
        match (name, arguments) {
            ("as" | "ofType", [Expression::Member(namespace, of_type)]) if is_fhir(namespace.as_deref()) => {
                self.narrow(of, of_type)
            }
            ("first", []) => self.at_index(&of, 0, written),
            ("where", [condition]) => self.with(&of, condition),
            ("extension", [Expression::Text(_)]) => {
                let extensions = self.step(&of, "extension")?;
                let url = Box::new(Expression::Member(None, "url".to_owned()));
                self.with(&extensions, &Expression::Equal(url, Box::new(arguments[0].clone())))
            }
            _ => Err(unsupported(written)),
        }
    }

    /// Those of which a condition holds.
    fn with(&mut self, of: &[Place], condition: &Expression) -> Places {
        let mut places = Vec::new();
        for &place in of {
            let test = Test::Holds(Condition::compile(condition, self.type_at(place))?);
            places.push(self.filtered(place, condition.clone(), test)?);
        }
        Ok(places)
    }
}

pub(super) fn unsupported(expression: &Expression) -> PathError {
    PathError::Unsupported(format!("{expression:?}").chars().take(200).collect())
}

/// The type of that name; some expressions of the standard write the names of primitives with a capital letter.
pub(super) fn type_named(name: &str) -> Result<&'static Type, PathError> {
    let mut small = name.to_owned();
    if let Some(first) = small.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    let of = definitions().type_named(name).or_else(|| definitions().type_named(&small));
    of.ok_or_else(|| PathError::Unknown { of: "FHIR", name: name.to_owned() })
}

/// Whether a type's name has no namespace before it, or FHIR's.
fn is_fhir(namespace: Option<&Expression>) -> bool {
    namespace.is_none_or(|namespace| matches!(namespace, Expression::Member(None, name) if name == "FHIR"))
}

fn is_type_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
}
