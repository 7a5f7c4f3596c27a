//! A transaction carried out: deletions, then what is made, then what is changed, in one commit for each record (REST-21, REST-22).

use std::collections::BTreeMap;

use mecum_fhir::bundle::Method;
use mecum_record::access::{Act, Permit};
use mecum_record::caller::Caller;
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::{Change, CommitWords, Committed, Content, Expected, Part};

use super::super::create::words;
use super::super::prepare::put;
use super::plan::Step;
use super::resolve::Names;
use super::{Done, in_entry, place};
use crate::disclose::Asked;
use crate::interaction::search::Condition;
use crate::permission::{name, permit};
use crate::{Failure, Phr, Rendered};

/// A change that a step asks for, under its permit.
struct Wanted {
    index: usize,
    permit: Permit,
    change: Change,
}

/// Carries out all steps or none; what came of each, in the order of the request.
pub(super) fn together(
    phr: &Phr,
    caller: &Caller,
    steps: &mut [Step],
    base: &str,
    asked: &Asked,
) -> Result<Vec<Done>, Failure> {
    let homes = place::homes(phr, caller, steps, &Names::of(steps, base))?;
    for (step, home) in steps.iter_mut().zip(&homes) {
        if let place::Home::Record(record) = home {
            match_condition(phr, caller, (step, *record), base).map_err(|failure| in_entry(step.index, failure))?;
        }
    }
    let mut names = Names::of(steps, base);
    names.look_up(phr, caller, steps)?;
    let mut done: BTreeMap<usize, Done> = BTreeMap::new();
    for step in steps.iter().filter(|step| step.method == Method::Get || step.is_matched) {
        let found = super::read(phr, caller, &step.key, asked).map_err(|failure| in_entry(step.index, failure))?;
        done.insert(step.index, Done::Present(found));
    }
    let places = place::open(phr, caller, steps, &homes)?;
    let committed = write(phr, caller, (steps, &places.of_steps), &names, &mut done);
    if committed.is_err() {
        places.give_up(phr);
    }
    for record in places.opened.iter().filter(|_| committed.is_ok()) {
        phr.desk().note_event(caller, *record, "record opened", phr.now_us());
    }
    for (record, wanted, committed) in committed? {
        release(phr, caller, (record, &wanted, &committed), asked, &mut done)?;
    }
    Ok(done.into_values().collect())
}

/// Writes everything: one commit in each record, all of them at once or none.
fn write(
    phr: &Phr,
    caller: &Caller,
    (steps, records): (&[Step], &[RecordId]),
    names: &Names<'_>,
    done: &mut BTreeMap<usize, Done>,
) -> Result<Vec<(RecordId, Vec<Wanted>, Committed)>, Failure> {
    let mut wanted: BTreeMap<RecordId, Vec<Wanted>> = BTreeMap::new();
    for (step, record) in in_order(steps, records) {
        match want(phr, caller, (step, record), names).map_err(|failure| in_entry(step.index, failure))? {
            Some(change) => wanted.entry(record).or_default().push(change),
            None => {
                done.insert(step.index, Done::Deleted);
            }
        }
    }
    let now_us = phr.now_us();
    let parts: Vec<(Vec<Permit>, Vec<Change>, CommitWords)> = wanted
        .values()
        .map(|wanted| {
            let message = format!("transaction of {} entries", wanted.len());
            let permits = wanted.iter().map(|wanted| wanted.permit.clone()).collect();
            let changes = wanted.iter().map(|wanted| wanted.change.clone()).collect();
            (permits, changes, words(caller, CommitAct::Transaction, now_us, message))
        })
        .collect();
    let parts: Vec<Part<'_>> = parts.iter().map(|(permits, changes, words)| Part { permits, words, changes }).collect();
    let committed = if parts.is_empty() { Vec::new() } else { phr.store().commit_together(&parts)? };
    Ok(wanted.into_iter().zip(committed).map(|((record, wanted), committed)| (record, wanted, committed)).collect())
}

/// Finds the resource that `ifNoneExist` describes, or makes sure that there is none.
fn match_condition(
    phr: &Phr,
    caller: &Caller,
    (step, record): (&mut Step, RecordId),
    base: &str,
) -> Result<(), Failure> {
    let Some(query) = step.condition.as_deref().filter(|_| step.method == Method::Post) else { return Ok(()) };
    let condition = Condition::parse(phr, step.key.resource_type, query, base)?;
    match condition.matches(phr, caller, record)?.as_slice() {
        [] => {}
        [only] => (step.key, step.is_matched) = (only.clone(), true),
        _ => return Err(Failure::Precondition("ifNoneExist matches more than one resource".to_owned())),
    }
    Ok(())
}

/// The steps that write, in the order of REST-22.
fn in_order<'s>(steps: &'s [Step], records: &[RecordId]) -> Vec<(&'s Step, RecordId)> {
    let mut ordered: Vec<(&Step, RecordId)> = steps
        .iter()
        .zip(records.iter().copied())
        .filter(|(step, _)| step.method != Method::Get && !step.is_matched)
        .collect();
    ordered.sort_by_key(|(step, _)| match step.method {
        Method::Delete => 0,
        Method::Post => 1,
        _ => 2,
    });
    ordered
}

/// The change of one step; `None` for the deletion of what is not there.
fn want(
    phr: &Phr,
    caller: &Caller,
    (step, record): (&Step, RecordId),
    names: &Names<'_>,
) -> Result<Option<Wanted>, Failure> {
    let resource_type = step.key.resource_type;
    let act = match step.method {
        Method::Delete => Act::Delete(resource_type),
        Method::Post => Act::Create(resource_type),
        _ => Act::Update(resource_type),
    };
    let permit = permit(phr, caller, act, record)?;
    let expected = match step.method {
        Method::Post => Expected::Absent,
        _ => step.if_match.map_or(Expected::Whatever, Expected::Version),
    };
    let change = match &step.resource {
        Some(resource) if step.method != Method::Delete => {
            if step.method == Method::Put {
                refuse_strangers(phr, caller, (step, record), &permit)?;
            }
            put(phr, &permit, (resource, &step.key), expected, &|text| names.resolve(text))?
        }
        _ => {
            let current = phr.store().read(&permit, &step.key)?.filter(|version| !version.is_deleted());
            let Some(current) = current else { return Ok(None) };
            let expected = Expected::Version(step.if_match.unwrap_or(current.version));
            Change {
                key: step.key.clone(),
                content: Content::Deleted,
                facts: current.facts,
                origin_digest: None,
                expected,
            }
        }
    };
    Ok(Some(Wanted { index: step.index, permit, change }))
}

/// An id of another record, and for whoever is bound to a record an id of nobody, are not there (REST-6).
fn refuse_strangers(
    phr: &Phr,
    caller: &Caller,
    (step, record): (&Step, RecordId),
    permit: &Permit,
) -> Result<(), Failure> {
    let is_there = match phr.store().locate(&step.key)? {
        Some(holder) => holder == record && phr.store().read(permit, &step.key)?.is_some(),
        None => caller.bound_record().is_none(),
    };
    if is_there { Ok(()) } else { Err(Failure::NotFound(name(&step.key))) }
}

fn release(
    phr: &Phr,
    caller: &Caller,
    (record, wanted, committed): (RecordId, &[Wanted], &Committed),
    asked: &Asked,
    done: &mut BTreeMap<usize, Done>,
) -> Result<(), Failure> {
    let now_us = phr.now_us();
    for (wanted, written) in wanted.iter().zip(&committed.written) {
        let Wanted { index, permit, change } = wanted;
        if matches!(change.content, Content::Deleted) {
            phr.desk().note_event(caller, record, &format!("delete {}", name(&change.key)), now_us);
            done.insert(*index, Done::Deleted);
            continue;
        }
        let rendered = Rendered::of_change(change, written.version.0, committed.at_us);
        let value = (rendered, std::slice::from_ref(&change.key));
        let released = phr.desk().release(phr.store(), (caller, permit), asked, value, now_us)?;
        done.insert(*index, if written.is_new { Done::Created(released) } else { Done::Present(released) });
    }
    Ok(())
}
