//! Whether the people in a file are the person the record is about (PHR-60, IMP-5).

use std::collections::BTreeSet;

use mecum_fhir::json::{Element, Kind, Limits};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Permit, ResourceKey};
use mecum_record::subject::{Identity, Match, compare};

use super::OtherPeople;
use crate::{Failure, Phr};

/// Patients remembered of one file; a file of more people is a clinic's, not a person's.
pub(super) const MAX_PATIENTS: usize = 1000;

/// A Patient in the file.
pub(super) struct Person {
    /// The id it gets here.
    pub(super) id: String,
    identity: Identity,
}

impl Person {
    pub(super) fn new(id: String, patient: &Resource) -> Person {
        Person { id, identity: identity_of(patient.root()) }
    }
}

/// What of a Patient tells who it is, read leniently: shapes that a repair would mend count as well.
pub(crate) fn identity_of(patient: Element<'_>) -> Identity {
    let text = |element: Element<'_>| element.as_str().map(std::borrow::Cow::into_owned);
    let identifiers = each(patient.get("identifier")).filter_map(|identifier| {
        let system = identifier.get("system").and_then(text)?;
        Some((system, identifier.get("value").and_then(text)?))
    });
    let names = each(patient.get("name")).map(|name| {
        let parts = [name.get("family"), name.get("given")].into_iter().flat_map(each).filter_map(text);
        parts.collect::<Vec<_>>().join(" ").to_lowercase()
    });
    Identity {
        identifiers: identifiers.collect(),
        names: names.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>(),
        birth_date: patient.get("birthDate").and_then(text),
        gender: patient.get("gender").and_then(text),
    }
}

/// The items of an array, or the one thing where an array should be.
fn each(element: Option<Element<'_>>) -> impl Iterator<Item = Element<'_>> {
    let single = element.filter(|element| element.kind() != Kind::Array);
    element.into_iter().flat_map(Element::items).chain(single)
}

/// The Patient that the record is to be about after this import, if it was about nobody yet.
///
/// # Errors
/// [`Failure::Conflict`] when the file is about somebody else and that was not asked for.
pub(super) fn check(
    phr: &Phr,
    permit: &Permit,
    people: &[Person],
    others: OtherPeople,
) -> Result<Option<String>, Failure> {
    let profile = phr.store().record(permit.over())?.profile;
    let subject = match &profile.subject_id {
        Some(id) => subject_identity(phr, permit, id)?,
        None => None,
    };
    let Some(first) = people.first() else { return Ok(None) };
    let reference = subject.as_ref().unwrap_or(&first.identity);
    // Whom this source's own id already names as the subject, is the subject, however little the file says of them.
    let is_subject = |person: &&Person| profile.subject_id.as_deref() == Some(person.id.as_str());
    let is_other = |person: &&Person| !is_subject(person) && compare(reference, &person.identity) == Match::Other;
    let n_others = people.iter().filter(is_other).count();
    let is_alone = people.len() == 1 && subject.is_none();
    if n_others > 0 && !is_alone && others == OtherPeople::Refuse {
        return Err(Failure::Conflict(refusal(people.len(), n_others, subject.is_some())));
    }
    Ok(profile.subject_id.is_none().then(|| first.id.clone()))
}

fn refusal(n_people: usize, n_others: usize, has_subject: bool) -> String {
    let whom = if has_subject { "the person of this record" } else { "the first of them" };
    format!(
        "{n_others} of the {n_people} Patients in it do not match {whom} (by identifier, or name, birth date and gender). \
         Nothing was imported. If they belong here as family context, allow other people; if each should have a record, \
         import with a record per patient"
    )
}

pub(super) fn subject_identity(phr: &Phr, permit: &Permit, id: &str) -> Result<Option<Identity>, Failure> {
    let key = ResourceKey { resource_type: ResourceType::PATIENT, id: id.to_owned() };
    let Some(version) = phr.store().read(permit, &key)? else { return Ok(None) };
    let Some(body) = version.body else { return Ok(None) };
    let patient = Resource::parse(body.text.as_bytes(), &Limits::default());
    Ok(patient.ok().map(|patient| identity_of(patient.root())))
}
