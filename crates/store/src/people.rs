//! The person directory: in which record the Patient is whom a source calls by some name (design §3).
//!
//! A name counts within its source only, and nobody can read it here: a row's key is an HMAC. A record that a load opens is not there
//! for anybody else until its first commit is; the same transaction makes it so.

use std::collections::HashMap;

use mecum_record::access::{Act, Permit, ScopeSet};
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::{DbError, OnConflict, Tx, Value};
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::origin::{in_chunks, placeholders};
use crate::records::{OPENING, Profile, grant_to, insert_record};
use crate::seal::HeadKey;

/// How long a record may be on its way to its first commit, microseconds: the sweep lets younger ones be.
const OPENING_FOR_US: i64 = 3_600_000_000;

/// The tables of a record that a record without a commit can have rows in.
const TABLES: [&str; 7] = ["person", "client_grant", "source", "import_issue", "import_batch", "chain_head", "record"];

/// What a source calls a person, as nobody can read it.
pub type PersonKey = [u8; 32];

/// What a source calls a person. Not `Debug`: it says who someone is.
#[derive(Clone, Copy)]
pub enum PersonName<'a> {
    /// By the id of the Patient.
    Id(&'a str),
    /// By an identifier of the Patient.
    Identifier {
        /// Its system; empty for none.
        system: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// By nothing: the Patient as it came stands for it, so that the same file again is about the same person.
    Text(&'a str),
}

/// A person to be found or to get a record. Not `Debug`: the profile names somebody.
pub struct NewPerson<'a> {
    /// The key that decides who it is, then others by which the person may be met.
    pub keys: &'a [PersonKey],
    /// The record that is known to be the person's, by another name than the deciding one.
    pub known: Option<RecordId>,
    /// What is kept about the record, should one be opened.
    pub profile: &'a Profile,
    /// The client that brings the person, and what of a record opened now it may do.
    pub client: Option<(&'a str, &'a ScopeSet)>,
}

/// A person's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Which it is.
    pub record: RecordId,
    /// Whether it was opened now: it is there for others with its first commit.
    pub is_new: bool,
}

impl Store {
    /// The key of a person by the name that a source uses.
    #[must_use]
    pub fn person_key(&self, source: &str, name: PersonName<'_>) -> PersonKey {
        let (kind, system, value) = match name {
            PersonName::Id(id) => ("id", "", id),
            PersonName::Identifier { system, value } => ("identifier", system, value),
            PersonName::Text(text) => ("text", "", text),
        };
        self.heads.sign(&[b"person", source.as_bytes(), kind.as_bytes(), system.as_bytes(), value.as_bytes()])
    }

    /// In which records these people are, as far as they are known.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit over the directory; what the database says.
    pub fn people_known(
        &self,
        permit: &Permit,
        keys: &[PersonKey],
    ) -> Result<HashMap<PersonKey, RecordId>, StoreError> {
        cover(permit)?;
        self.main.read(|tx| known(tx, keys, &self.heads))
    }

    /// The record of a person; opens one if none is known. Whoever comes second with the same deciding key gets the record of the first.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit over the directory; what the database says.
    pub fn claim_person(&self, permit: &Permit, person: &NewPerson<'_>, now_us: i64) -> Result<Claimed, StoreError> {
        cover(permit)?;
        let deciding = person.keys.get(..1).ok_or(StoreError::NotCovered)?;
        let first = self.main.read(|tx| known(tx, deciding, &self.heads))?;
        if let Some(record) = first.values().next() {
            return Ok(Claimed { record: *record, is_new: false });
        }
        if let Some(record) = person.known {
            self.call(record, person.keys)?;
            return Ok(Claimed { record, is_new: false });
        }
        let record = self.next_record()?;
        match self.insert_claimed(record, person, now_us) {
            Ok(()) => Ok(Claimed { record, is_new: true }),
            Err(StoreError::Db(DbError::Unique { .. })) => {
                // Somebody opened it between the look and the claim.
                self.forget_outside(record)?;
                let first = self.main.read(|tx| known(tx, deciding, &self.heads))?;
                let record = first.values().next().ok_or(StoreError::Db(DbError::Busy))?;
                Ok(Claimed { record: *record, is_new: false })
            }
            Err(error) => Err(error),
        }
    }

    fn insert_claimed(&self, record: RecordId, person: &NewPerson<'_>, now_us: i64) -> Result<(), StoreError> {
        self.keys.create_record_keys(&[record])?;
        self.open_access_chains(&[record])?;
        let key = self.keys.record_key(record)?;
        let others = person.keys.get(1..).unwrap_or_default();
        self.main.write(|tx| {
            // The key that decides comes first: of two who open at once, one waits here and fails.
            insert(tx, record, &person.keys[..1], &self.heads, OnConflict::Fail)?;
            let taken = known(tx, others, &self.heads)?;
            let free: Vec<PersonKey> = others.iter().filter(|key| !taken.contains_key(*key)).copied().collect();
            insert(tx, record, &free, &self.heads, OnConflict::Ignore)?;
            let known_as = person.keys[..1].iter().chain(&free).copied().collect();
            let profile = Profile { known_as, ..person.profile.clone() };
            insert_record(tx, record, (&key, &profile), (OPENING, now_us))?;
            ChainHead::empty().insert(tx, record, &self.heads)?;
            if let Some((client, scopes)) = person.client {
                grant_to(tx, (record, 1), (client, scopes), now_us)?;
            }
            Ok(())
        })
    }

    /// Notes further names of a person whose record is known; a name that is somebody else's stays theirs.
    fn call(&self, record: RecordId, keys: &[PersonKey]) -> Result<(), StoreError> {
        let key = self.keys.record_key(record)?;
        self.main.write(|tx| {
            ChainHead::lock(tx, record, &self.heads)?;
            let taken = known(tx, keys, &self.heads)?;
            let free: Vec<PersonKey> = keys.iter().filter(|key| !taken.contains_key(*key)).copied().collect();
            if free.is_empty() {
                return Ok(());
            }
            insert(tx, record, &free, &self.heads, OnConflict::Fail)?;
            let mut profile = Profile::read(tx, record, &key)?;
            profile.known_as.extend(free);
            profile.store(tx, record, &key)
        })
    }

    /// Removes a record that was opened for a person and never got a commit, with everything that was prepared in it. One that
    /// has a commit, or is being written to, stays; whether it is gone.
    ///
    /// # Errors
    /// What the database or the file system says.
    pub fn give_up_record(&self, record: RecordId) -> Result<bool, StoreError> {
        let is_gone = self.main.write(|tx| {
            let head = match ChainHead::lock(tx, record, &self.heads) {
                // Given up already by another process: what this one has put beside it goes too.
                Err(StoreError::UnknownRecord(_)) => return Ok(true),
                head => head?,
            };
            let sql = "SELECT 1 FROM record WHERE record_id = $1 AND standing = $2";
            let is_opening = tx.query_opt(sql, &[record.0.into(), OPENING.into()])?.is_some();
            if !is_opening || head.seq != 0 || head.staged_commit.0 != 0 {
                return Ok(false);
            }
            for table in TABLES {
                tx.execute(&format!("DELETE FROM {table} WHERE record_id = $1"), &[record.0.into()])?;
            }
            Ok::<bool, StoreError>(true)
        })?;
        if is_gone {
            self.forget_outside(record)?;
        }
        Ok(is_gone)
    }

    /// Removes the records that a crash left before their first commit; what a load does before it begins. How many there were.
    ///
    /// # Errors
    /// What the database or the file system says.
    pub fn sweep_unopened(&self, now_us: i64) -> Result<usize, StoreError> {
        let before_us = now_us.saturating_sub(OPENING_FOR_US);
        let left = self.main.read(|tx| {
            let sql = "SELECT record_id FROM record WHERE standing = $1 AND created_at < $2 ORDER BY record_id";
            let rows = tx.query(sql, &[OPENING.into(), before_us.into()])?;
            rows.iter().map(|row| Ok(RecordId(row.int(0)?))).collect::<Result<Vec<_>, StoreError>>()
        })?;
        let mut n_gone = 0;
        for record in left {
            let key = self.keys.record_key(record)?;
            self.sweep_expired(record, &key, now_us)?;
            n_gone += usize::from(self.give_up_record(record)?);
        }
        Ok(n_gone)
    }

    /// Removes what a record that is not there has outside the main database.
    fn forget_outside(&self, record: RecordId) -> Result<(), StoreError> {
        self.blobs.remove_record(record)?;
        self.access.write(|tx| {
            tx.execute("DELETE FROM access_log WHERE record_id = $1", &[record.0.into()])?;
            tx.execute("DELETE FROM access_head WHERE record_id = $1", &[record.0.into()])?;
            Ok::<(), StoreError>(())
        })?;
        Ok(self.keys.erase_record_key(record)?)
    }
}

/// Who is where is told to those who may write in the directory.
fn cover(permit: &Permit) -> Result<(), StoreError> {
    let may = matches!(permit.act(), Act::Import | Act::Create(_)) && permit.over().is_directory();
    if may { Ok(()) } else { Err(StoreError::NotCovered) }
}

fn known(tx: &mut Tx<'_>, keys: &[PersonKey], heads: &HeadKey) -> Result<HashMap<PersonKey, RecordId>, StoreError> {
    let sql = format!("SELECT person_key, record_id, mac FROM person WHERE person_key IN ({})", placeholders(1));
    let ids: Vec<Value<'_>> = keys.iter().map(|key| Value::from(key.as_slice())).collect();
    let mut found = HashMap::new();
    in_chunks(tx, &sql, &[], &ids, |row| {
        let key: PersonKey = row.bytes(0)?.try_into().map_err(|_| StoreError::Damaged("person"))?;
        let record = RecordId(row.int(1)?);
        if !is_signed(&key, record, row.bytes(2)?, heads) {
            return Err(StoreError::Damaged("person"));
        }
        found.insert(key, record);
        Ok(())
    })?;
    Ok(found)
}

fn insert(
    tx: &mut Tx<'_>,
    record: RecordId,
    keys: &[PersonKey],
    heads: &HeadKey,
    on_conflict: OnConflict,
) -> Result<(), StoreError> {
    let row = |key: &PersonKey| -> Vec<Value<'_>> {
        vec![key.to_vec().into(), record.0.into(), signature(key, record, heads).to_vec().into()]
    };
    let rows: Vec<Vec<Value<'_>>> = keys.iter().map(row).collect();
    tx.insert_many("person", &["person_key", "record_id", "mac"], &rows, on_conflict)?;
    Ok(())
}

/// What binds a row of the person directory.
fn signature(key: &PersonKey, record: RecordId, heads: &HeadKey) -> [u8; 32] {
    heads.sign(&[b"person row", key, &record.0.to_be_bytes()])
}

/// Whether a row of the person directory is as it was written.
pub(crate) fn is_signed(key: &PersonKey, record: RecordId, mac: &[u8], heads: &HeadKey) -> bool {
    heads.verify(&[b"person row", key, &record.0.to_be_bytes()], mac)
}
