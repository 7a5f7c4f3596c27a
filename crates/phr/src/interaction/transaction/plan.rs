//! The entries of a transaction or batch as steps, checked before anything is done (REST-22).

use std::collections::HashSet;

use mecum_fhir::bundle::{Bundle, Entry, Method};
use mecum_fhir::reference::{Id, ResourceType};
use mecum_fhir::resource::Resource;
use mecum_record::access::ResourceKey;
use mecum_record::ids::{VersionId, mint};

use super::super::prepare::check;
use super::in_entry;
use crate::Failure;
use crate::moment::{Clock, SystemClock, random_u64};

/// Entries in one Bundle at most.
const MAX_ENTRIES: usize = 20_000;

/// One entry, ready to be carried out. Not `Debug`: it holds a resource.
pub(super) struct Step {
    pub(super) index: usize,
    pub(super) method: Method,
    /// The resource it is about; the id of a POST is minted already.
    pub(super) key: ResourceKey,
    pub(super) resource: Option<Resource>,
    pub(super) full_url: Option<String>,
    pub(super) if_match: Option<VersionId>,
    /// The query of `ifNoneExist`.
    pub(super) condition: Option<String>,
    /// Whether `ifNoneExist` found the resource: then `key` is it, and nothing is written.
    pub(super) is_matched: bool,
}

/// The entries in their order, each a step or what is wrong with it.
pub(super) fn read(resource: &Resource, base: &str) -> Result<Vec<Result<Step, Failure>>, Failure> {
    let Some(bundle) = Bundle::of(resource) else {
        return Err(Failure::malformed("invalid", "resourceType", "a Bundle is posted here"));
    };
    if bundle.entries().nth(MAX_ENTRIES).is_some() {
        return Err(Failure::TooLarge(format!("a Bundle here has at most {MAX_ENTRIES} entries")));
    }
    Ok(bundle
        .entries()
        .enumerate()
        .map(|(index, entry)| step(index, entry, base).map_err(|failure| in_entry(index, failure)))
        .collect())
}

fn step(index: usize, entry: Entry<'_>, base: &str) -> Result<Step, Failure> {
    let request =
        entry.request().ok_or_else(|| Failure::malformed("required", "request", "an entry needs a request"))?;
    let unknown = || Failure::malformed("value", "request.method", "an entry is GET, POST, PUT or DELETE");
    let method = request.method().ok_or_else(unknown)?;
    let url = request.url().unwrap_or_default();
    let address = url.strip_prefix(base).unwrap_or(&url).trim_start_matches('/');
    let resource = entry.resource().map(Resource::of_element).transpose();
    let resource = resource.map_err(|fault| Failure::malformed("structure", "resource", fault.to_string()))?;
    let key = match method {
        Method::Post => ResourceKey { resource_type: type_of(address)?, id: mint(SystemClock.now_us(), random_u64()) },
        Method::Get | Method::Put | Method::Delete => key_of(address)?,
        _ => return Err(unknown()),
    };
    if matches!(method, Method::Post | Method::Put) {
        check_resource(method, resource.as_ref(), &key)?;
    }
    Ok(Step {
        index,
        method,
        key,
        resource,
        full_url: entry.full_url().map(std::borrow::Cow::into_owned),
        if_match: request.if_match().map(|tag| version_of(&tag)).transpose()?,
        condition: request.if_none_exist().map(std::borrow::Cow::into_owned),
        is_matched: false,
    })
}

fn check_resource(method: Method, resource: Option<&Resource>, key: &ResourceKey) -> Result<(), Failure> {
    let resource =
        resource.ok_or_else(|| Failure::malformed("required", "resource", "POST and PUT need a resource"))?;
    if resource.resource_type() != key.resource_type {
        return Err(Failure::malformed("invalid", "request.url", "address and resource are of different types"));
    }
    if method == Method::Put && resource.id().as_deref() != Some(key.id.as_str()) {
        return Err(Failure::malformed("invalid", "resource.id", "the id must be the one in the address"));
    }
    check(resource)
}

fn type_of(address: &str) -> Result<ResourceType, Failure> {
    let unknown = || Failure::malformed("not-supported", "request.url", "this address is not served in a Bundle");
    ResourceType::parse(address).ok_or_else(unknown)
}

fn key_of(address: &str) -> Result<ResourceKey, Failure> {
    let (name, id) = address.split_once('/').unwrap_or((address, ""));
    let resource_type = type_of(name)?;
    if !Id::is_valid(id) {
        return Err(Failure::malformed("not-supported", "request.url", "an entry names one resource, as Type/id"));
    }
    Ok(ResourceKey { resource_type, id: id.to_owned() })
}

fn version_of(tag: &str) -> Result<VersionId, Failure> {
    let digits = tag.trim().trim_start_matches("W/").trim_matches('"');
    let version = digits.parse().ok().filter(|number| *number > 0).map(VersionId);
    version.ok_or_else(|| Failure::malformed("value", "request.ifMatch", "ifMatch names one version, as W/\"3\""))
}

/// Refuses a resource that more than one entry is about (REST-22).
pub(super) fn refuse_repetition(steps: &[Step]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    let mut names = HashSet::new();
    for step in steps {
        let is_new_name =
            step.full_url.as_ref().filter(|_| step.method != Method::Get).is_none_or(|name| names.insert(name));
        if !seen.insert(&step.key) || !is_new_name {
            let failure = Failure::malformed("invalid", "", "another entry is about the same resource");
            return Err(in_entry(step.index, failure));
        }
    }
    Ok(())
}
