//! SMART scopes, parsed: `patient/Observation.rs`, `system/*.cruds`, and version 1's `.read`, `.write`, `.*` (SAL, section 5.4).

use std::fmt;

use mecum_fhir::reference::ResourceType;

/// Whose data a scope speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeContext {
    /// The one record in the token's context.
    Patient,
    /// Whatever the system was granted.
    System,
}

/// One letter of `cruds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Make a resource.
    Create,
    /// Read, vread, instance history.
    Read,
    /// Change a resource.
    Update,
    /// Delete a resource.
    Delete,
    /// Search, type and system history.
    Search,
}

const VERBS: [(char, Verb); 5] =
    [('c', Verb::Create), ('r', Verb::Read), ('u', Verb::Update), ('d', Verb::Delete), ('s', Verb::Search)];

/// What a scope is about: resources, or one named operation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    /// Resources of one type, or of every type.
    Resources { only: Option<ResourceType>, verbs: u8 },
    /// `patient/$ehi-export` (EHI-2).
    EhiExport,
}

/// One scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    context: ScopeContext,
    about: About,
    text: String,
}

/// Why a scope was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no scope: write it like patient/*.cruds, patient/Observation.rs or system/*.rs")]
pub struct ScopeError(pub String);

impl Scope {
    /// Reads one scope. Constraints on search parameters (`?category=…`) are refused rather than ignored.
    ///
    /// # Errors
    /// Anything that is not a scope of the forms above.
    pub fn parse(text: &str) -> Result<Scope, ScopeError> {
        let refuse = || ScopeError(text.chars().take(80).collect());
        let (context, rest) = text.split_once('/').ok_or_else(refuse)?;
        let context = match context {
            "patient" => ScopeContext::Patient,
            "system" => ScopeContext::System,
            _ => return Err(refuse()),
        };
        let about = if rest == "$ehi-export" {
            About::EhiExport
        } else {
            let (name, letters) = rest.split_once('.').ok_or_else(refuse)?;
            let only = match name {
                "*" => None,
                _ => Some(ResourceType::parse(name).ok_or_else(refuse)?),
            };
            About::Resources { only, verbs: verbs(letters).ok_or_else(refuse)? }
        };
        Ok(Scope { context, about, text: text.to_owned() })
    }
}

/// The bits of `cruds`, which must stand in that order; version 1's words stand for several.
fn verbs(letters: &str) -> Option<u8> {
    match letters {
        "read" => return verbs("rs"),
        "write" => return verbs("cud"),
        "*" => return verbs("cruds"),
        "" => return None,
        _ => {}
    }
    let mut bits = 0u8;
    for letter in letters.chars() {
        let place = VERBS.iter().position(|(name, _)| *name == letter)?;
        if bits >> place != 0 {
            return None;
        }
        bits |= 1 << place;
    }
    Some(bits)
}

/// The scopes of one token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeSet(Vec<Scope>);

impl ScopeSet {
    /// Reads scopes separated by spaces.
    ///
    /// # Errors
    /// The first text that is no scope; also an empty list, which would allow nothing.
    pub fn parse(text: &str) -> Result<ScopeSet, ScopeError> {
        let scopes = text.split_whitespace().map(Scope::parse).collect::<Result<Vec<_>, _>>()?;
        if scopes.is_empty() { Err(ScopeError(String::new())) } else { Ok(ScopeSet(scopes)) }
    }

    /// Whether some scope of this context allows the verb on the type.
    #[must_use]
    pub fn allows(&self, context: ScopeContext, verb: Verb, resource_type: ResourceType) -> bool {
        self.resources(context, verb).any(|only| only.is_none_or(|only| only == resource_type))
    }

    /// The types on which the verb is allowed: `None` stands for every type.
    pub fn resources(&self, context: ScopeContext, verb: Verb) -> impl Iterator<Item = Option<ResourceType>> {
        self.0.iter().filter_map(move |scope| match &scope.about {
            About::Resources { only, verbs } if scope.context == context && verbs & verb.bit() != 0 => Some(*only),
            _ => None,
        })
    }

    /// Whether `$ehi-export` of this context is allowed (EHI-2).
    #[must_use]
    pub fn allows_ehi_export(&self, context: ScopeContext) -> bool {
        self.0.iter().any(|scope| scope.context == context && scope.about == About::EhiExport)
    }

    /// Whether any scope is of this context.
    #[must_use]
    pub fn speaks_of(&self, context: ScopeContext) -> bool {
        self.0.iter().any(|scope| scope.context == context)
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, scope) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(&scope.text)?;
        }
        Ok(())
    }
}

impl Verb {
    fn bit(self) -> u8 {
        VERBS.iter().position(|(_, verb)| *verb == self).map_or(0, |place| 1 << place)
    }
}

#[cfg(test)]
mod tests {
    use mecum_fhir::reference::ResourceType;

    use super::{ScopeContext, ScopeSet, Verb};

    fn check(scopes: &str, verb: Verb, name: &str, expect: bool) {
        let set = ScopeSet::parse(scopes).expect("scopes of the test");
        let resource_type = ResourceType::parse(name).expect("type of the test");
        assert_eq!(set.allows(ScopeContext::Patient, verb, resource_type), expect, "{scopes} {verb:?} {name}");
    }

    #[test]
    fn a_scope_allows_just_its_letters_on_just_its_type() {
        check("patient/Observation.rs", Verb::Read, "Observation", true);
        check("patient/Observation.rs", Verb::Create, "Observation", false);
        check("patient/Observation.rs", Verb::Read, "Condition", false);
        check("patient/*.cruds", Verb::Delete, "Condition", true);
        check("system/*.cruds", Verb::Read, "Condition", false);
    }

    #[test]
    fn version_1_words_stand_for_their_letters() {
        check("patient/*.read", Verb::Search, "Condition", true);
        check("patient/*.read", Verb::Update, "Condition", false);
        check("patient/*.write", Verb::Update, "Condition", true);
        check("patient/*.*", Verb::Read, "Condition", true);
    }

    #[test]
    fn what_is_no_scope_is_refused_and_never_ignored() {
        for text in [
            "",
            "patient",
            "patient/*",
            "patient/*.",
            "patient/*.sr",
            "patient/*.rr",
            "patient/Nonsense.rs",
            "user/*.rs",
            "patient/Observation.rs?category=laboratory",
            "patient/$everything",
            "openid",
        ] {
            assert!(ScopeSet::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn scopes_are_printed_as_they_were_written() {
        let text = "patient/*.rs patient/$ehi-export";
        let set = ScopeSet::parse(text).expect("scopes of the test");
        assert_eq!(set.to_string(), text);
        assert!(set.allows_ehi_export(ScopeContext::Patient) && !set.allows_ehi_export(ScopeContext::System));
    }
}
