//! What names and conditions in a transaction stand for (REST-23, REST-24).

use std::collections::HashMap;

use mecum_fhir::bundle::Method;
use mecum_fhir::form;
use mecum_fhir::reference::{Reference, ResourceType};
use mecum_fhir::resource::Identifier;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use super::in_entry;
use super::plan::Step;
use crate::interaction::search::Condition;
use crate::permission::name;
use crate::{Failure, Phr};

/// `Type/id` here, by the text with which the sender names the resource.
pub(super) struct Names<'b> {
    base: &'b str,
    targets: HashMap<String, String>,
}

impl<'b> Names<'b> {
    /// The names of the entries: their `fullUrl`, and the id they had where they come from.
    pub(super) fn of(steps: &[Step], base: &'b str) -> Names<'b> {
        let mut targets = HashMap::new();
        for step in steps.iter().filter(|step| step.resource.is_some()) {
            let target = name(&step.key);
            if let Some(full_url) = &step.full_url {
                if let Reference::Absolute { target: old, .. } | Reference::Relative(old) = Reference::parse(full_url) {
                    targets.insert(format!("{}/{}", old.resource_type.name(), old.id), target.clone());
                }
                targets.insert(full_url.clone(), target.clone());
            }
            if step.method == Method::Put {
                targets.insert(target.clone(), target);
            }
        }
        Names { base, targets }
    }

    /// What a reference's text stands for, if it is a name of this Bundle or a condition that was looked up.
    pub(super) fn resolve(&self, text: &str) -> Option<String> {
        if let Some(target) = self.targets.get(text) {
            return Some(target.clone());
        }
        let relative = Reference::within(text, self.base).relative()?;
        self.targets.get(&format!("{}/{}", relative.resource_type.name(), relative.id)).cloned()
    }

    /// Looks up what conditional references stand for; exactly one resource, or the transaction fails.
    pub(super) fn look_up(&mut self, phr: &Phr, caller: &Caller, steps: &[Step]) -> Result<(), Failure> {
        let (home, base) = (caller.bound_record().unwrap_or(RecordId::DIRECTORY), self.base);
        for step in steps {
            let Some(resource) = &step.resource else { continue };
            for reference in resource.references() {
                let text = reference.text();
                let Reference::Conditional { resource_type, query } = Reference::parse(&text) else { continue };
                if self.targets.contains_key(text.as_ref()) {
                    continue;
                }
                let target = one(phr, caller, (home, resource_type, query), steps, base)
                    .map_err(|failure| in_entry(step.index, failure))?;
                self.targets.insert(text.into_owned(), target);
            }
        }
        Ok(())
    }
}

fn one(
    phr: &Phr,
    caller: &Caller,
    (home, resource_type, query): (RecordId, ResourceType, &str),
    steps: &[Step],
    base: &str,
) -> Result<String, Failure> {
    // A resource of the same Bundle is not there to be searched yet; by its identifier it is found.
    let identifier = identifier_of(query);
    let carries = |step: &&Step| {
        let is_it = |own: &Identifier<'_>| {
            identifier.as_ref().is_some_and(|(system, value)| {
                let is_system = |system: &String| own.system.as_deref().unwrap_or_default() == *system;
                own.value.as_deref() == Some(value.as_str()) && system.as_ref().is_none_or(is_system)
            })
        };
        step.key.resource_type == resource_type
            && step.resource.as_ref().is_some_and(|resource| resource.identifiers().any(|own| is_it(&own)))
    };
    let mut found: Vec<String> = steps.iter().filter(carries).map(|step| name(&step.key)).collect();
    if found.is_empty() {
        let condition = Condition::parse(phr, resource_type, query, base)?;
        found = condition.matches(phr, caller, home)?.iter().map(name).collect();
    }
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::Precondition("a conditional reference matches nothing".to_owned())),
        _ => Err(Failure::Precondition("a conditional reference matches more than one resource".to_owned())),
    }
}

/// System and value of `identifier=system|value`, if that is all the condition says.
pub(super) fn identifier_of(query: &str) -> Option<(Option<String>, String)> {
    let parameters = form::parameters(query.trim_start_matches('?')).ok()?;
    let [(name, token)] = parameters.as_slice() else { return None };
    (name == "identifier" && !token.contains([',', '\\'])).then(|| match token.split_once('|') {
        Some((system, value)) => (Some(system.to_owned()), value.to_owned()),
        None => (None, token.clone()),
    })
}
