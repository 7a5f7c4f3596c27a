//! Transaction Bundles as Synthea writes them: a person's resources under `urn:uuid` full URLs, those who treat her by
//! conditional references (R4, http.html#transaction, #trules), and the directory those references find.

use super::SyntheticPerson;
use super::houses::HOUSES;
use crate::people::house::House;
use crate::people::json::{list, object};
use crate::people::provider::{LOCATION_IDS, ORGANIZATION_IDS, location, organization, practitioner};
use crate::people::resource::Resource;

const REFERENCE: &str = "\"reference\":\"";

/// The person's record as a transaction: every resource is created, `urn:uuid` references tie them together, and
/// Organization, Practitioner and Location are found by identifier (see [`directory_bundle`]).
pub fn transaction_bundle(person: &SyntheticPerson) -> String {
    let mut out = String::with_capacity(person.resources.iter().map(|line| line.len() + 160).sum());
    out.push_str(r#"{"resourceType":"Bundle","type":"transaction","entry":["#);
    let start = out.len();
    for line in &person.resources {
        let Some((kind, id)) = kind_and_id(line) else { continue };
        if matches!(kind, "Organization" | "Practitioner" | "PractitionerRole" | "Location") {
            continue;
        }
        if out.len() > start {
            out.push(',');
        }
        out.push_str(&format!(r#"{{"fullUrl":"urn:uuid:{id}","resource":"#));
        rewrite_references(line, &mut out);
        out.push_str(&format!(r#","request":{{"method":"POST","url":"{kind}"}}}}"#));
    }
    out.push_str("]}");
    out
}

/// A transaction that creates, unless they are there, all organizations, practitioners and places to which the
/// population's Bundles refer.
pub fn directory_bundle() -> String {
    let entry = |resource: Resource, condition: String| {
        let url = format!("{}{}", HOUSES[0].base, resource.path());
        let request = object().with("method", "POST").with("url", resource.kind()).with("ifNoneExist", condition);
        object().with("fullUrl", url).with("resource", resource.into_json()).with("request", request)
    };
    let house_entries = |house: &House| {
        let mut entries = vec![
            entry(organization(house), format!("identifier={ORGANIZATION_IDS}|{}", house.id)),
            entry(location(house), format!("identifier={LOCATION_IDS}|{}", house.id)),
        ];
        for doctor in house.staff {
            entries.push(entry(practitioner(house, doctor), format!("identifier={}|{}", house.numbers, doctor.number)));
        }
        entries
    };
    let entries = list(HOUSES.iter().flat_map(house_entries));
    Resource::new("Bundle", "").with("type", "transaction").with("entry", entries).line()
}

/// Type and id of a resource that this module's siblings wrote: they stand first.
fn kind_and_id(line: &str) -> Option<(&str, &str)> {
    let (kind, rest) = line.strip_prefix(r#"{"resourceType":""#)?.split_once('"')?;
    let (id, _) = rest.strip_prefix(r#","id":""#)?.split_once('"')?;
    Some((kind, id))
}

fn rewrite_references(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find(REFERENCE) {
        let (before, after) = rest.split_at(at + REFERENCE.len());
        out.push_str(before);
        let (target, tail) = after.split_at(after.find('"').unwrap_or(after.len()));
        out.push_str(&rewritten(target));
        rest = tail;
    }
    out.push_str(rest);
}

fn rewritten(target: &str) -> String {
    match target.split_once('/') {
        Some(("Organization", id)) => format!("Organization?identifier={ORGANIZATION_IDS}|{id}"),
        Some(("Location", id)) => format!("Location?identifier={LOCATION_IDS}|{id}"),
        Some(("Practitioner", id)) => format!("Practitioner?identifier={}|{id}", HOUSES[0].numbers),
        Some((_, id)) => format!("urn:uuid:{id}"),
        None => target.to_owned(),
    }
}
