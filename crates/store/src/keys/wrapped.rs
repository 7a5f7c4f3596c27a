//! The table of wrapped keys: names, and keys sealed under the installation key so that a row fits no other name.

use std::time::{SystemTime, UNIX_EPOCH};

use mecum_record::ids::RecordId;
use zeroize::Zeroizing;

use super::KeyError;
use crate::db::{DbError, Migration, OnConflict, Row, Tx, Value};
use crate::seal::{Aad, Envelope, random};

/// The schema of a key store.
pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "wrapped keys",
    sql: "CREATE TABLE wrapped_key (name TEXT NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL, created_at BIGINT NOT NULL)",
}];

/// The row that only the right installation key opens; it holds no key.
const INSTALLATION: &str = "installation";
const COLUMNS: &[&str] = &["name", "wrapped", "created_at"];

pub(super) fn name_of_record(record: RecordId) -> String {
    format!("record/{record}")
}

/// 32 random bytes and what they look like wrapped.
pub(super) fn new_key(wrapping: &Envelope, name: &str) -> (Zeroizing<[u8; 32]>, Vec<u8>) {
    let key = random::<32>();
    let wrapped = wrapping.seal(&aad(name), key.as_slice());
    (key, wrapped)
}

/// The key in a row of this name.
pub(super) fn unwrap(wrapping: &Envelope, name: &str, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let damaged = || KeyError::Damaged { name: name.to_owned() };
    let opened = wrapping.open(&aad(name), wrapped).map(Zeroizing::new).map_err(|_| damaged())?;
    let mut key = Zeroizing::new([0; 32]);
    if opened.len() != key.len() {
        return Err(damaged());
    }
    key.copy_from_slice(&opened);
    Ok(key)
}

/// The row of this name.
pub(super) fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<Vec<u8>>, DbError> {
    let row = tx.query_opt("SELECT wrapped FROM wrapped_key WHERE name = $1", &[name.into()])?;
    row.map(|row| Ok(row.bytes(0)?.to_vec())).transpose()
}

/// Adds rows; one whose name is there already stays as it is. Returns how many were added.
pub(super) fn add(tx: &mut Tx<'_>, rows: &[(String, Vec<u8>)]) -> Result<u64, DbError> {
    let now_us = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let now_us = i64::try_from(now_us).unwrap_or(i64::MAX);
    let rows: Vec<Vec<Value<'_>>> =
        rows.iter().map(|(name, wrapped)| vec![name.as_str().into(), wrapped.into(), now_us.into()]).collect();
    tx.insert_many("wrapped_key", COLUMNS, &rows, OnConflict::Ignore)
}

/// The mark of the installation key these rows are wrapped with; made now if the key store is empty.
pub(super) fn mark(tx: &mut Tx<'_>, wrapping: &Envelope) -> Result<Vec<u8>, KeyError> {
    if find(tx, INSTALLATION)?.is_none() {
        let has_others = tx.query_opt("SELECT name FROM wrapped_key LIMIT 1", &[])?.is_some();
        // Another node may have made the mark, and keys after it, between the two looks.
        if has_others && find(tx, INSTALLATION)?.is_none() {
            return Err(KeyError::Damaged { name: INSTALLATION.to_owned() });
        }
        if !has_others {
            let (_, wrapped) = new_key(wrapping, INSTALLATION);
            add(tx, &[(INSTALLATION.to_owned(), wrapped)])?;
        }
    }
    read_mark(tx, wrapping)
}

/// The mark as it stands, if it is this key's.
pub(super) fn read_mark(tx: &mut Tx<'_>, wrapping: &Envelope) -> Result<Vec<u8>, KeyError> {
    let mark = find(tx, INSTALLATION)?.ok_or(KeyError::WrongInstallationKey)?;
    match wrapping.open(&aad(INSTALLATION), &mark) {
        Ok(_) => Ok(mark),
        Err(_) => Err(KeyError::WrongInstallationKey),
    }
}

/// The mark as it stands, whoever's it is, held until the transaction ends: nobody rotates keys while somebody adds one.
pub(super) fn lock_mark(tx: &mut Tx<'_>) -> Result<Vec<u8>, KeyError> {
    let sql = "SELECT wrapped FROM wrapped_key WHERE name = $1 FOR UPDATE";
    let row = tx.query_opt(sql, &[INSTALLATION.into()])?.ok_or(KeyError::WrongInstallationKey)?;
    Ok(row.bytes(0)?.to_vec())
}

/// Every row, wrapped anew; when they were made is kept.
pub(super) fn rewrap(tx: &mut Tx<'_>, old: &Envelope, new: &Envelope) -> Result<Vec<Vec<Value<'static>>>, KeyError> {
    let mut rows = Vec::new();
    for row in tx.query("SELECT name, wrapped, created_at FROM wrapped_key", &[])? {
        rows.push(rewrap_row(&row, old, new)?);
    }
    Ok(rows)
}

/// Writes the rows of [`rewrap`] into a table that is empty.
pub(super) fn fill(tx: &mut Tx<'_>, rows: &[Vec<Value<'_>>]) -> Result<(), DbError> {
    tx.insert_many("wrapped_key", COLUMNS, rows, OnConflict::Fail).map(drop)
}

fn rewrap_row(row: &Row, old: &Envelope, new: &Envelope) -> Result<Vec<Value<'static>>, KeyError> {
    let name = row.text(0)?.to_owned();
    let key = unwrap(old, &name, row.bytes(1)?)?;
    let wrapped = new.seal(&aad(&name), key.as_slice());
    Ok(vec![name.into(), wrapped.into(), row.int(2)?.into()])
}

fn aad(name: &str) -> Aad {
    Aad::new("wrapped key 1").text(name)
}
