//! From a resource as it was sent over REST to a change that can be committed: validated, with its references resolved.

use std::collections::HashSet;

use mecum_fhir::json::Limits;
use mecum_fhir::outcome::Severity;
use mecum_fhir::reference::{Reference, ResourceType};
use mecum_fhir::resource::{Resource, ResourceFault};
use mecum_fhir::subset::is_subset;
use mecum_fhir::validate::validate;
use mecum_record::access::{Facts, Permit, ResourceKey};
use mecum_store::{Change, Content, Expected};

use crate::adopt::{Adoption, SourceMeta, adopt};
use crate::projection::Projected;
use crate::{Failure, Fault, Phr};

/// Reads a resource that was sent, and refuses what is malformed or breaks the rules of R4 (REST-65).
///
/// # Errors
/// [`Failure::Malformed`] for what is no resource of that type, [`Failure::Invalid`] for what breaks a rule.
pub(crate) fn parse(bytes: &[u8], expected: ResourceType) -> Result<Resource, Failure> {
    let resource = Resource::parse(bytes, &Limits::default()).map_err(|fault| match fault {
        ResourceFault::TooCostly(_) => Failure::TooLarge(fault.to_string()),
        ResourceFault::NotJson(_) => Failure::malformed("structure", "", fault.to_string()),
        _ => Failure::malformed("invalid", "resourceType", fault.to_string()),
    })?;
    if resource.resource_type() != expected {
        let message = format!("the resource is a {}, not a {}", resource.resource_type().name(), expected.name());
        return Err(Failure::malformed("invalid", "resourceType", message));
    }
    check(&resource)?;
    Ok(resource)
}

/// Refuses a resource that breaks the rules of R4, and one that says of itself that parts are missing (REST-44).
///
/// # Errors
/// [`Failure::Invalid`], with every fault found.
pub(crate) fn check(resource: &Resource) -> Result<(), Failure> {
    if is_subset(resource) {
        let message = "this is a part of a resource (SUBSETTED): read the whole, change that, and send it";
        return Err(Failure::invalid("business-rule", "meta.tag", message));
    }
    let issues = validate(resource.json());
    let faults: Vec<Fault> = issues
        .into_iter()
        .filter(|issue| issue.severity == Severity::Error)
        .map(|issue| Fault {
            code: issue.code.code(),
            expression: issue.expression,
            message: issue.message.into_owned(),
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Failure::Invalid(faults)) }
}

/// The change that puts this resource under that key. References of other forms than ours are given by `resolve`.
///
/// # Errors
/// What the store says.
pub(crate) fn put(
    phr: &Phr,
    permit: &Permit,
    (resource, key): (&Resource, &ResourceKey),
    expected: Expected,
    resolve: &dyn Fn(&str) -> Option<String>,
) -> Result<Change, Failure> {
    if Projected::is_reserved(&key.id) {
        return Err(Failure::invalid(
            "business-rule",
            "id",
            "ids that begin with 'mecum-' are given by this server alone",
        ));
    }
    let local = local_targets(phr, permit, resource, key)?;
    let resolve = |text: &str| resolve(text).or_else(|| local.contains(text).then(|| without_version(text)));
    let adoption =
        Adoption { id: &key.id, source_meta: SourceMeta::Dropped, resolve: &resolve, blob: None, line: None };
    let body = adopt(resource, &adoption).body;
    let stored = Resource::parse(body.text.as_bytes(), &Limits::default())
        .map_err(|fault| Failure::Broken(format!("an adopted resource cannot be read back: {fault}")))?;
    Ok(Change {
        key: key.clone(),
        facts: Facts::of(&stored, None),
        content: Content::Put(body),
        origin_digest: None,
        expected,
    })
}

/// The references of a resource that name resources of this record by their ids here.
fn local_targets(
    phr: &Phr,
    permit: &Permit,
    resource: &Resource,
    own: &ResourceKey,
) -> Result<HashSet<String>, Failure> {
    let texts: Vec<String> = resource
        .references()
        .map(|reference| reference.text().into_owned())
        .chain(resource.attachment_urls().map(|link| link.text.into_owned()))
        .collect();
    let keys: Vec<ResourceKey> = texts.iter().filter_map(|text| relative_key(text)).collect();
    let present = phr.store().present(permit, &keys)?;
    let is_local = |text: &String| relative_key(text).is_some_and(|key| key == *own || present.contains(&key));
    Ok(texts.into_iter().filter(is_local).collect())
}

/// The resource that a relative reference names.
pub(crate) fn relative_key(text: &str) -> Option<ResourceKey> {
    match Reference::parse(text) {
        Reference::Relative(target) => {
            Some(ResourceKey { resource_type: target.resource_type, id: target.id.to_owned() })
        }
        _ => None,
    }
}

fn without_version(text: &str) -> String {
    relative_key(text).map_or_else(|| text.to_owned(), |key| format!("{}/{}", key.resource_type.name(), key.id))
}
