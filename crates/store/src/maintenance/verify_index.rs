//! Comparing the search index with what the bodies call for, and looking up every id in the id directory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use mecum_fhir::reference::ResourceType;

use super::verify::{Subject, Verified};
use super::verify_sums::{Sums, Unordered, VersionName, prefix_mac};
use crate::db::{Row, Tx, Value};
use crate::error::StoreError;
use crate::index::{IndexRow, IndexTable, IndexValues, KnownWords, entry_no, read_owed};
use crate::origin::{in_chunks, placeholders};
use crate::version::{VERSION_COLUMNS, VersionRow, type_of};

/// Ids looked up in one step.
const BATCH: i64 = 512;

/// How findings name the index.
pub(super) const PART: &str = "search index";

/// Compares the index with the sums of what the bodies call for; where they differ, names the versions.
pub(super) fn verify_index(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    sums: &Sums,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    if read_owed(tx, subject.record)?.is_some() {
        verified.add(PART, "it has still to be made: run mecum reindex");
        return Ok(());
    }
    let mut differing = Vec::new();
    for table in IndexTable::ALL {
        let mut found = Unordered::default();
        each_row(tx, table, subject, verified, |row| found.add(row.mac(subject.key)))?;
        let wanted = sums.index.tables.get(&table).copied().unwrap_or_default();
        if found != wanted {
            let name = table.name();
            verified.add(PART, format!("{name} has {} rows, the resources call for {}", found.count, wanted.count));
            differing.push(table);
        }
    }
    if !differing.is_empty() {
        name_differences(tx, subject, &differing, verified)?;
    }
    verify_prefixes(tx, subject, sums, verified)?;
    verify_values(tx, subject, sums, verified)
}

fn each_row(
    tx: &mut Tx<'_>,
    table: IndexTable,
    subject: &Subject<'_>,
    verified: &mut Verified,
    mut take: impl FnMut(IndexRow),
) -> Result<(), StoreError> {
    tx.each(&table.select_sql(), &[subject.record.0.into()], |row| {
        if let Some(row) = verified.legible(PART, table.read(row))? {
            take(row);
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })
}

/// Sums both sides up again, version by version.
fn name_differences(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    tables: &[IndexTable],
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let mut left: BTreeMap<i64, Unordered> = BTreeMap::new();
    for table in tables {
        each_row(tx, *table, subject, verified, |row| {
            left.entry(row.entry_no()).or_default().add(row.mac(subject.key))
        })?;
    }
    let mut known = KnownWords::default();
    let sql = format!("SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1");
    tx.each(&sql, &[subject.record.0.into()], |row| {
        // What cannot be read here has been named already.
        let Ok(row) = VersionRow::read(row) else { return Ok(ControlFlow::Continue(())) };
        let Ok(entry_no) = entry_no(row.commit, row.ordinal) else { return Ok(ControlFlow::Continue(())) };
        let mut sum = left.remove(&entry_no).unwrap_or_default();
        for mut row in called_for(subject, &row, &mut known).rows.into_iter().filter(|row| tables.contains(&row.table))
        {
            row.place(subject.record.0, entry_no);
            sum.subtract(row.mac(subject.key));
        }
        if sum != Unordered::default() {
            let name = VersionName::of(&row.key, row.version.0);
            verified.add(PART, format!("a row of {} is altered, missing or added", name.told()));
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })?;
    if !left.is_empty() {
        verified.add(PART, format!("there are rows of {} versions that are not there", left.len()));
    }
    Ok(())
}

/// What one version calls for.
fn called_for(subject: &Subject<'_>, row: &VersionRow, known: &mut KnownWords) -> IndexValues {
    let Ok(Some(body)) = row.open(subject.record, subject.key) else { return IndexValues::default() };
    IndexValues::of(subject.key, known, &body)
}

/// Compares the beginnings of words with those that the words call for.
fn verify_prefixes(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    sums: &Sums,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let mut found = Unordered::default();
    tx.each("SELECT prefix, term FROM term_prefix WHERE record_id = $1", &[subject.record.0.into()], |row| {
        if let Some((prefix, term)) = verified.legible(PART, pair(row))? {
            found.add(prefix_mac(subject.key, prefix, term));
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })?;
    if found != sums.index.prefixes {
        let (n, wanted) = (found.count, sums.index.prefixes.count);
        verified.add(
            PART,
            format!("term_prefix has {n} rows, the words call for {wanted}; one is altered, missing or added"),
        );
    }
    Ok(())
}

fn pair(row: &Row) -> Result<(i64, i64), StoreError> {
    Ok((row.int(0)?, row.int(1)?))
}

/// Looks every value up in the directory of values. More than is called for may be there: it says which records are worth asking.
fn verify_values(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    sums: &Sums,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let sql = format!("SELECT digest FROM value_record WHERE record_id = $1 AND digest IN ({})", placeholders(2));
    let mut n_missing = sums.index.directory.len();
    let codes: Vec<Value<'_>> = sums.index.directory.iter().map(|code| (*code).into()).collect();
    in_chunks(tx, &sql, &[subject.record.0.into()], &codes, |_| {
        n_missing -= 1;
        Ok(())
    })?;
    if n_missing > 0 {
        verified.add("value directory", format!("{n_missing} values of the record are not in it"));
    }
    Ok(())
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
