//! Recomputing every version's MAC, body and facts, and every mapping's MAC, and summing them up by commit in their order.

use std::ops::ControlFlow;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_record::access::{FACT_RULES, Facts};

use super::verify::{Subject, Verified};
use super::verify_sums::{Sums, VersionName};
use crate::body::Body;
use crate::db::Tx;
use crate::error::StoreError;
use crate::index::{IndexValues, entry_no};
use crate::origin::{ORIGIN_COLUMNS, OriginRow};
use crate::version::{VERSION_COLUMNS, VersionRow};

/// How many versions there are between two reports of progress.
const REPORT_EVERY: i64 = 500;

/// Recomputes every version of the record.
pub(super) fn verify_versions(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    (verified, sums): (&mut Verified, &mut Sums),
    progress: &mut dyn FnMut(i64),
) -> Result<(), StoreError> {
    let sql = format!("SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1 ORDER BY v.commit_id, v.ordinal");
    tx.each(&sql, &[subject.record.0.into()], |row| {
        if let Some(row) = verified.legible("version", VersionRow::read(row))? {
            verify_version(subject, &row, (verified, sums));
        }
        verified.n_versions += 1;
        if verified.n_versions % REPORT_EVERY == 0 {
            progress(verified.n_versions);
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })
}

/// Recomputes one version.
fn verify_version(subject: &Subject<'_>, row: &VersionRow, (verified, sums): (&mut Verified, &mut Sums)) {
    let name = VersionName::of(&row.key, row.version.0);
    let mac = row.computed_mac(subject.record, subject.key);
    // What is summed up is what the row ought to carry: an altered row changes the sum as well.
    sums.add_version(row.commit, row.ordinal, &mac);
    if mac.as_slice() != row.mac {
        return verified.add("version", format!("{} is altered", name.told()));
    }
    match row.open(subject.record, subject.key) {
        Ok(Some(body)) => verify_body(subject, (row, &name), &body, (verified, sums)),
        Ok(None) => {}
        Err(_) => verified.add("version", format!("the body of {} does not open", name.told())),
    }
}

fn verify_body(
    subject: &Subject<'_>,
    (row, name): (&VersionRow, &VersionName),
    body: &Body,
    (verified, sums): (&mut Verified, &mut Sums),
) {
    let Ok(resource) = Resource::parse(body.text.as_bytes(), &Limits::default()) else {
        return verified.add("version", format!("the body of {} is no resource", name.told()));
    };
    let is_itself =
        resource.resource_type() == row.key.resource_type && resource.id().is_some_and(|id| id == row.key.id.as_str());
    if !is_itself {
        verified.add("version", format!("the body of {} is another resource", name.told()));
    }
    if row.fact_rules == FACT_RULES && Facts::of(&resource, row.facts.source) != row.facts {
        verified.add("version", format!("the facts of {} are not those of its body", name.told()));
    }
    match body.blob.as_ref().map(|blob| blob.name.parse()) {
        Some(Ok(blob)) => drop(sums.blobs.insert(blob)),
        Some(Err(_)) => verified.add("version", format!("{} refers to a blob that cannot be", name.told())),
        None => {}
    }
    let values = IndexValues::of_resource(subject.key, sums.index.known(), body, &resource);
    if let Ok(entry_no) = entry_no(row.commit, row.ordinal) {
        sums.index.add(subject.key, (subject.record, entry_no), values);
    }
}

/// Recomputes every mapping of the record.
pub(super) fn verify_origins(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    (verified, sums): (&mut Verified, &mut Sums),
) -> Result<(), StoreError> {
    let sql = format!("SELECT {ORIGIN_COLUMNS} FROM origin WHERE record_id = $1 ORDER BY commit_id, ordinal");
    tx.each(&sql, &[subject.record.0.into()], |row| {
        if let Some(row) = verified.legible("origin", OriginRow::read(row))? {
            let mac = row.computed_mac(subject.record, subject.key);
            sums.add_origin(row.commit, row.ordinal, &mac);
            if mac.as_slice() != row.mac {
                let origin = &row.origin;
                let told = format!("the mapping to {}/{} is altered", origin.resource_type.name(), origin.id);
                verified.add("origin", told);
            }
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })
}
