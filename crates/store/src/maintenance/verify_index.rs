//! Recomputing the identifier and reference index and the id directory from the bodies, row by row in both directions.

use std::ops::ControlFlow;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_record::access::ResourceKey;

use super::verify::{Subject, Verified};
use crate::change::targets_of;
use crate::db::{Row, Tx, Value};
use crate::error::StoreError;
use crate::index::identifiers_of;
use crate::version::{VERSION_COLUMNS, VersionRow, type_of};

/// Rows looked at in one statement.
const BATCH: i64 = 500;

/// How many index rows the bodies call for.
#[derive(Default)]
struct Expected {
    n_identifiers: i64,
    n_references: i64,
    n_ids: i64,
}

/// Compares the index with the bodies: every row they call for is there, and no more than those.
pub(super) fn verify_index(tx: &mut Tx<'_>, subject: &Subject<'_>, verified: &mut Verified) -> Result<(), StoreError> {
    let mut expected = Expected::default();
    let sql = format!(
        "SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1 AND \
         (v.type_code > $2 OR (v.type_code = $2 AND (v.id > $3 OR (v.id = $3 AND v.version_id > $4)))) \
         ORDER BY v.type_code, v.id, v.version_id LIMIT $5"
    );
    let mut last = (0i64, String::new(), 0i64);
    loop {
        let (type_code, id, version) = &last;
        let params =
            [subject.record.0.into(), (*type_code).into(), id.as_str().into(), (*version).into(), BATCH.into()];
        let rows = tx.query(&sql, &params)?;
        let Some(end) = rows.last() else { break };
        last = (end.int(0)?, end.text(1)?.to_owned(), end.int(2)?);
        for row in &rows {
            if let Ok(row) = VersionRow::read(row) {
                verify_rows_of(tx, subject, &row, &mut expected, verified)?;
            }
        }
    }
    verify_counts(tx, subject, &expected, verified)
}

fn verify_rows_of(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    row: &VersionRow,
    expected: &mut Expected,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let record = subject.record.0;
    let type_code = i64::from(row.key.resource_type.code());
    let name = format!("{}/{} version {}", row.key.resource_type.name(), row.key.id, row.version);
    if row.version.0 == 1 {
        expected.n_ids += 1;
        let sql = "SELECT record_id FROM id_directory WHERE type_code = $1 AND id = $2 AND record_id = $3";
        if tx.query_opt(sql, &[type_code.into(), row.key.id.as_str().into(), record.into()])?.is_none() {
            verified.add("id directory", format!("the row of {name} is altered or missing"));
        }
    }
    let Ok(Some(body)) = row.open(subject.record, subject.key) else { return Ok(()) };
    for (target, target_id) in targets_of(&body) {
        expected.n_references += 1;
        let sql = "SELECT version_id FROM reference WHERE record_id = $1 AND target_type_code = $2 \
                   AND target_id = $3 AND type_code = $4 AND id = $5 AND version_id = $6";
        let params: [Value<'_>; 6] = [
            record.into(),
            i64::from(target.code()).into(),
            target_id.into(),
            type_code.into(),
            row.key.id.as_str().into(),
            row.version.0.into(),
        ];
        if tx.query_opt(sql, &params)?.is_none() {
            verified.add("reference index", format!("a row of {name} is altered or missing"));
        }
    }
    let Ok(resource) = Resource::parse(body.text.as_bytes(), &Limits::default()) else { return Ok(()) };
    for (system, value) in identifiers_of(&resource) {
        expected.n_identifiers += 1;
        let sql = "SELECT version_id FROM identifier WHERE record_id = $1 AND type_code = $2 AND value = $3 \
                   AND system = $4 AND id = $5 AND version_id = $6";
        let params: [Value<'_>; 6] = [
            record.into(),
            type_code.into(),
            value.into(),
            system.into(),
            row.key.id.as_str().into(),
            row.version.0.into(),
        ];
        if tx.query_opt(sql, &params)?.is_none() {
            verified.add("identifier index", format!("a row of {name} is altered or missing"));
        }
    }
    Ok(())
}

fn verify_counts(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    expected: &Expected,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let checks = [
        ("identifier index", "SELECT COUNT(*) FROM identifier WHERE record_id = $1", expected.n_identifiers),
        ("reference index", "SELECT COUNT(*) FROM reference WHERE record_id = $1", expected.n_references),
        ("id directory", "SELECT COUNT(*) FROM id_directory WHERE record_id = $1", expected.n_ids),
    ];
    for (part, sql, expected) in checks {
        let found = tx.query_one(sql, &[subject.record.0.into()])?.int(0)?;
        if found != expected {
            verified.add(part, format!("it has {found} rows where the resources call for {expected}"));
            if found > expected {
                name_strangers(tx, subject, part, verified)?;
            }
        }
    }
    Ok(())
}

/// Names the index rows whose version is not there at all; a row too many of a version that is there is told by the counts.
fn name_strangers(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    part: &'static str,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let sql = match part {
        "identifier index" => {
            "SELECT i.type_code, i.id FROM identifier i LEFT JOIN version v ON v.record_id = i.record_id \
             AND v.type_code = i.type_code AND v.id = i.id AND v.version_id = i.version_id \
             WHERE i.record_id = $1 AND v.version_id IS NULL LIMIT 20"
        }
        "reference index" => {
            "SELECT i.type_code, i.id FROM reference i LEFT JOIN version v ON v.record_id = i.record_id \
             AND v.type_code = i.type_code AND v.id = i.id AND v.version_id = i.version_id \
             WHERE i.record_id = $1 AND v.version_id IS NULL LIMIT 20"
        }
        _ => {
            "SELECT i.type_code, i.id FROM id_directory i LEFT JOIN version v ON v.record_id = i.record_id \
             AND v.type_code = i.type_code AND v.id = i.id WHERE i.record_id = $1 AND v.version_id IS NULL LIMIT 20"
        }
    };
    tx.each(sql, &[subject.record.0.into()], |row: &Row| {
        let key = ResourceKey { resource_type: type_of(row.int(0)?)?, id: row.text(1)?.to_owned() };
        verified.add(part, format!("a row of {}/{} was added", key.resource_type.name(), key.id));
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })
}
