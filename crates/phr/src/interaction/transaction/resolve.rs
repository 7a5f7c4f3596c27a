//! What names and conditions in a transaction stand for (REST-23, REST-24).

use std::collections::HashMap;

use mecum_fhir::bundle::Method;
use mecum_fhir::reference::{Reference, ResourceType};
use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use super::in_entry;
use super::plan::Step;
use crate::permission::{name, permit};
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
        let home = caller.bound_record().unwrap_or(RecordId::DIRECTORY);
        for step in steps {
            let Some(resource) = &step.resource else { continue };
            for reference in resource.references() {
                let text = reference.text();
                let Reference::Conditional { resource_type, query } = Reference::parse(&text) else { continue };
                if self.targets.contains_key(text.as_ref()) {
                    continue;
                }
                let target = one(phr, caller, (home, resource_type, query), steps)
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
) -> Result<String, Failure> {
    let (system, value) = identifier_of(query)?;
    let carries = |step: &&Step| {
        step.key.resource_type == resource_type
            && step.resource.as_ref().is_some_and(|resource| {
                resource.identifiers().any(|identifier| {
                    identifier.value.as_deref() == Some(value.as_str())
                        && system
                            .as_ref()
                            .is_none_or(|system| identifier.system.as_deref().unwrap_or_default() == *system)
                })
            })
    };
    let mut found: Vec<String> = steps.iter().filter(carries).map(|step| name(&step.key)).collect();
    if found.is_empty() {
        found = matches(phr, caller, home, (resource_type, query))?.iter().map(name).collect();
    }
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::Precondition("a conditional reference matches nothing".to_owned())),
        _ => Err(Failure::Precondition("a conditional reference matches more than one resource".to_owned())),
    }
}

/// Up to two resources of a record that a condition matches.
pub(super) fn matches(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    (resource_type, query): (ResourceType, &str),
) -> Result<Vec<ResourceKey>, Failure> {
    let (system, value) = identifier_of(query)?;
    let permit = permit(phr, caller, Act::Search, record)?;
    Ok(phr.store().with_identifier(&permit, resource_type, (system.as_deref(), &value), 2)?)
}

/// System and value of `identifier=system|value`, the one condition that is looked up.
pub(in crate::interaction) fn identifier_of(query: &str) -> Result<(Option<String>, String), Failure> {
    let refused = || Failure::Precondition("a condition here is identifier=system|value".to_owned());
    let token = query.trim_start_matches('?').strip_prefix("identifier=").filter(|token| !token.contains('&'));
    let token = unescaped(token.ok_or_else(refused)?).ok_or_else(refused)?;
    Ok(match token.split_once('|') {
        Some((system, value)) => (Some(system.to_owned()), value.to_owned()),
        None => (None, token),
    })
}

/// `%7C` and the like; `None` for what is no such text.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
