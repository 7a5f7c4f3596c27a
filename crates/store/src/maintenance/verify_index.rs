//! Comparing the identifier and reference index with what the bodies call for, and looking up every id in the id directory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use mecum_fhir::json::Limits;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;

use super::verify::{Subject, Verified};
use super::verify_sums::{Sums, Unordered, VersionName, identifier_macs, reference_macs};
use crate::db::{Row, Tx, Value};
use crate::error::StoreError;
use crate::origin::{in_chunks, placeholders};
use crate::version::{VERSION_COLUMNS, VersionRow, type_of};

/// Ids looked up in one step.
const BATCH: i64 = 512;

/// One of the two indexes.
#[derive(Clone, Copy)]
enum Index {
    Identifier,
    Reference,
}

impl Index {
    fn part(self) -> &'static str {
        match self {
            Self::Identifier => "identifier index",
            Self::Reference => "reference index",
        }
    }

    /// Every row of a record: the version it belongs to, then what the index says of it.
    fn sql(self) -> &'static str {
        match self {
            Self::Identifier => "SELECT type_code, id, version_id, system, value FROM identifier WHERE record_id = $1",
            Self::Reference => {
                "SELECT type_code, id, version_id, target_type_code, target_id FROM reference WHERE record_id = $1"
            }
        }
    }

    fn read(self, row: &Row, subject: &Subject<'_>) -> Result<(VersionName, [u8; 32]), StoreError> {
        let name = VersionName { type_code: row.int(0)?, id: row.text(1)?.to_owned(), version: row.int(2)? };
        let mac = match self {
            Self::Identifier => name.identifier_mac(subject.key, row.text(3)?, row.text(4)?),
            Self::Reference => name.reference_mac(subject.key, row.int(3)?, row.text(4)?),
        };
        Ok((name, mac))
    }
}

/// Compares the two indexes with the sums of what the bodies call for; where they differ, names the versions.
pub(super) fn verify_index(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    sums: &Sums,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    for (index, wanted) in [(Index::Identifier, sums.identifiers), (Index::Reference, sums.references)] {
        let mut found = Unordered::default();
        each_row(tx, subject, index, verified, |_, mac| found.add(mac))?;
        if found != wanted {
            let told = format!("it has {} rows, the resources call for {}", found.count, wanted.count);
            verified.add(index.part(), told);
            name_differences(tx, subject, index, verified)?;
        }
    }
    Ok(())
}

fn each_row(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    index: Index,
    verified: &mut Verified,
    mut take: impl FnMut(VersionName, [u8; 32]),
) -> Result<(), StoreError> {
    tx.each(index.sql(), &[subject.record.0.into()], |row| {
        if let Some((name, mac)) = verified.legible(index.part(), index.read(row, subject))? {
            take(name, mac);
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })
}

/// Sums both sides up again, version by version.
fn name_differences(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    index: Index,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let mut left: BTreeMap<VersionName, Unordered> = BTreeMap::new();
    each_row(tx, subject, index, verified, |name, mac| left.entry(name).or_default().add(mac))?;
    let sql = format!("SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1");
    tx.each(&sql, &[subject.record.0.into()], |row| {
        // What cannot be read here has been named already.
        if let Ok(row) = VersionRow::read(row) {
            let name = VersionName::of(&row.key, row.version.0);
            for mac in called_for(subject, index, &row, &name) {
                left.entry(name.clone()).or_default().subtract(mac);
            }
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })?;
    for (name, _) in left.iter().filter(|(_, sum)| **sum != Unordered::default()) {
        verified.add(index.part(), format!("a row of {} is altered, missing or added", name.told()));
    }
    Ok(())
}

/// The rows that one version calls for.
fn called_for(subject: &Subject<'_>, index: Index, row: &VersionRow, name: &VersionName) -> Vec<[u8; 32]> {
    let Ok(Some(body)) = row.open(subject.record, subject.key) else { return Vec::new() };
    match (index, Resource::parse(body.text.as_bytes(), &Limits::default())) {
        (Index::Identifier, Ok(resource)) => identifier_macs(subject.key, name, &resource).collect(),
        (Index::Reference, Ok(_)) => reference_macs(subject.key, name, &body).collect(),
        (_, Err(_)) => Vec::new(),
    }
}

/// Looks every resource of the record up in the id directory.
pub(super) fn verify_directory(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let sql = "SELECT DISTINCT type_code, id FROM version WHERE record_id = $1 \
               AND (type_code > $2 OR (type_code = $2 AND id > $3)) ORDER BY type_code, id LIMIT $4";
    let mut last = (i64::MIN, String::new());
    loop {
        let params = [subject.record.0.into(), last.0.into(), last.1.as_str().into(), BATCH.into()];
        let rows = tx.query(sql, &params)?;
        let keys = rows
            .iter()
            .map(|row| Ok((row.int(0)?, row.text(1)?.to_owned())))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let Some(end) = keys.last() else { return Ok(()) };
        last.clone_from(end);
        for (type_code, id) in not_listed(tx, subject, &keys)? {
            let name = type_of(type_code).map_or("(unknown type)", ResourceType::name);
            verified.add("id directory", format!("the row of {name}/{id} is altered or missing"));
        }
    }
}

/// Of these resources, in the order of their types, those that the id directory does not say are in this record.
fn not_listed(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    keys: &[(i64, String)],
) -> Result<BTreeSet<(i64, String)>, StoreError> {
    let sql =
        format!("SELECT id FROM id_directory WHERE record_id = $1 AND type_code = $2 AND id IN ({})", placeholders(3));
    let mut missing: BTreeSet<(i64, String)> = keys.iter().cloned().collect();
    for of_type in keys.chunk_by(|one, two| one.0 == two.0) {
        let type_code = of_type[0].0;
        let ids: Vec<Value<'_>> = of_type.iter().map(|(_, id)| id.into()).collect();
        in_chunks(tx, &sql, &[subject.record.0.into(), type_code.into()], &ids, |row| {
            missing.remove(&(type_code, row.text(0)?.to_owned()));
            Ok(())
        })?;
    }
    Ok(missing)
}
