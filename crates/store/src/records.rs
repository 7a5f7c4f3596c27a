//! Records: one per person, each with a data key of its own and a sealed profile.

use mecum_record::access::{Act, Grant, Permit, ScopeSet, Standing};
use mecum_record::ids::RecordId;
use serde_json::{Value as Json, json};

use crate::Store;
use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::people::PersonKey;
use crate::seal::{Aad, RecordKey};

/// The standing of a record that a load opens, until its first commit.
pub(crate) const OPENING: &str = "opening";

/// What is kept about a record itself. Not `Debug`: it names a person and holds a passphrase.
#[derive(Clone, Default)]
pub struct Profile {
    /// The name by which the household knows the record.
    pub name: String,
    /// The FHIR id of the Patient the record is about, once there is one.
    pub subject_id: Option<String>,
    /// What seals `.sphr` files that the holder fetches for herself; at least 77 bits (design §5).
    pub file_passphrase: String,
    /// The keys by which the person directory leads to this record.
    pub known_as: Vec<PersonKey>,
}

/// A record in the list. Not `Debug`: it names a person.
#[derive(Clone)]
pub struct RecordRow {
    /// Its number.
    pub record: RecordId,
    /// When it was opened, microseconds since the epoch.
    pub created_at_us: i64,
    /// `open`, `frozen` or `closed`; `opening` before the first commit of a record that a load opens.
    pub standing: String,
    /// What is kept about it.
    pub profile: Profile,
}

impl RecordRow {
    /// Whether it has no commit yet and is there for nobody but the load that opens it.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.standing == OPENING
    }
}

impl Store {
    /// Opens a record for each profile, with a new data key each; key and access log are durable before the record is.
    ///
    /// # Errors
    /// What the database says.
    pub fn open_records(&self, profiles: &[Profile], now_us: i64) -> Result<Vec<RecordId>, StoreError> {
        let wanted = i64::try_from(profiles.len()).unwrap_or(i64::MAX);
        let last = self.main.write(|tx| take_numbers(tx, wanted))?;
        let records: Vec<RecordId> = (last - wanted + 1..=last).map(RecordId).collect();
        self.insert_records(&records, profiles, now_us)?;
        Ok(records)
    }

    /// Opens the directory if it is not there yet.
    pub(crate) fn open_directory(&self, now_us: i64) -> Result<(), StoreError> {
        let is_there = self
            .main
            .read(|tx| tx.query_opt("SELECT 1 FROM record WHERE record_id = $1", &[RecordId::DIRECTORY.0.into()]))?;
        if is_there.is_some() {
            return Ok(());
        }
        let profile = Profile { name: "directory".to_owned(), ..Profile::default() };
        self.insert_records(&[RecordId::DIRECTORY], &[profile], now_us)
    }

    /// The number of a record to be opened.
    pub(crate) fn next_record(&self) -> Result<RecordId, StoreError> {
        Ok(RecordId(self.main.write(|tx| take_numbers(tx, 1))?))
    }

    fn insert_records(&self, records: &[RecordId], profiles: &[Profile], now_us: i64) -> Result<(), StoreError> {
        self.keys.create_record_keys(records)?;
        self.open_access_chains(records)?;
        let keys = records.iter().map(|record| self.keys.record_key(*record)).collect::<Result<Vec<_>, _>>()?;
        self.main.write(|tx| {
            for ((record, profile), key) in records.iter().zip(profiles).zip(&keys) {
                insert_record(tx, *record, (key, profile), ("open", now_us))?;
                ChainHead::empty().insert(tx, *record, &self.heads)?;
            }
            Ok(())
        })
    }

    /// The records of this installation, in order; the directory is not among them, nor is what has no commit yet of a load's own.
    ///
    /// # Errors
    /// What the database says; a profile that does not open.
    pub fn records(&self) -> Result<Vec<RecordRow>, StoreError> {
        let rows = self.main.read(|tx| {
            tx.query(
                "SELECT record_id, created_at, standing, profile FROM record \
                 WHERE record_id > 0 AND standing <> $1 ORDER BY record_id",
                &[OPENING.into()],
            )
        })?;
        rows.iter().map(|row| self.record_row(row)).collect()
    }

    /// One record.
    ///
    /// # Errors
    /// [`StoreError::UnknownRecord`] when there is none of that number.
    pub fn record(&self, record: RecordId) -> Result<RecordRow, StoreError> {
        let row = self.main.read(|tx| {
            tx.query_opt(
                "SELECT record_id, created_at, standing, profile FROM record WHERE record_id = $1",
                &[record.0.into()],
            )
        })?;
        self.record_row(&row.ok_or(StoreError::UnknownRecord(record))?)
    }

    fn record_row(&self, row: &Row) -> Result<RecordRow, StoreError> {
        let record = RecordId(row.int(0)?);
        let key = self.keys.record_key(record)?;
        Ok(RecordRow {
            record,
            created_at_us: row.int(1)?,
            standing: row.text(2)?.to_owned(),
            profile: open_profile(record, &key, row.bytes(3)?)?,
        })
    }

    /// Changes what is kept about a record itself.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to import into or administer it.
    pub fn set_profile(&self, permit: &Permit, profile: &Profile) -> Result<(), StoreError> {
        if !matches!(permit.act(), Act::Administer | Act::Import | Act::Restore) {
            return Err(StoreError::NotCovered);
        }
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        self.main.write(|tx| profile.store(tx, record, &key))
    }

    /// How a record stands for a client: what a decision needs to know.
    ///
    /// # Errors
    /// [`StoreError::UnknownRecord`] when there is none of that number.
    pub fn standing(&self, record: RecordId, client: Option<&str>) -> Result<Standing, StoreError> {
        self.main.read(|tx| standing_of(tx, record, client))
    }

    /// The records of which a client was given anything, whether or not that still holds, from one on, in order; at most `limit`. The
    /// directory is not among them.
    ///
    /// # Errors
    /// What the database says.
    pub fn granted_records(&self, client: &str, from: RecordId, limit: usize) -> Result<Vec<RecordId>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.main.read(|tx| tx.query(GRANTED, &[client.into(), from.0.max(1).into(), limit.into()]))?;
        rows.iter().map(|row| Ok(RecordId(row.int(0)?))).collect()
    }

    /// Gives a client a part of a record.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_grant(&self, grant: &Grant) -> Result<(), StoreError> {
        self.main.write(|tx| {
            // Two writers at once would take the same number.
            ChainHead::lock(tx, grant.record, &self.heads)?;
            let last = tx.query_one(
                "SELECT COALESCE(MAX(grant_id), 0) FROM client_grant WHERE record_id = $1",
                &[grant.record.0.into()],
            )?;
            tx.execute(
                "INSERT INTO client_grant (record_id, grant_id, client, scopes, starts_at, ends_at, revoked_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &[
                    grant.record.0.into(),
                    (last.int(0)? + 1).into(),
                    grant.client.as_str().into(),
                    grant.scopes.to_string().into(),
                    grant.starts_at.into(),
                    grant.ends_at.into(),
                    grant.revoked_at.into(),
                ],
            )?;
            Ok(())
        })
    }
}

impl Profile {
    pub(crate) fn read(tx: &mut Tx<'_>, record: RecordId, key: &RecordKey) -> Result<Profile, StoreError> {
        let row = tx.query_opt("SELECT profile FROM record WHERE record_id = $1", &[record.0.into()])?;
        open_profile(record, key, row.ok_or(StoreError::UnknownRecord(record))?.bytes(0)?)
    }

    pub(crate) fn store(&self, tx: &mut Tx<'_>, record: RecordId, key: &RecordKey) -> Result<(), StoreError> {
        let sealed = seal_profile(record, key, self);
        tx.execute("UPDATE record SET profile = $2 WHERE record_id = $1", &[record.0.into(), sealed.into()])?;
        Ok(())
    }
}

/// Writes the row of a new record; one that is there stays.
pub(crate) fn insert_record(
    tx: &mut Tx<'_>,
    record: RecordId,
    (key, profile): (&RecordKey, &Profile),
    (standing, now_us): (&str, i64),
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO record (record_id, created_at, standing, profile) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (record_id) DO NOTHING",
        &[record.0.into(), now_us.into(), standing.into(), seal_profile(record, key, profile).into()],
    )?;
    Ok(())
}

/// With its first commit a record that a load opened is there for everybody.
pub(crate) fn settle_opening(tx: &mut Tx<'_>, record: RecordId) -> Result<(), StoreError> {
    let sql = "UPDATE record SET standing = 'open' WHERE record_id = $1 AND standing = $2";
    tx.execute(sql, &[record.0.into(), OPENING.into()])?;
    Ok(())
}

/// Gives a client a part of a new record, from now on.
pub(crate) fn grant_to(
    tx: &mut Tx<'_>,
    (record, number): (RecordId, i64),
    (client, scopes): (&str, &ScopeSet),
    now_us: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO client_grant (record_id, grant_id, client, scopes, starts_at, ends_at, revoked_at) \
         VALUES ($1, $2, $3, $4, $5, NULL, NULL)",
        &[record.0.into(), number.into(), client.into(), scopes.to_string().into(), now_us.into()],
    )?;
    Ok(())
}

/// How a record stands, as one transaction sees it.
pub(crate) fn standing_of(tx: &mut Tx<'_>, record: RecordId, client: Option<&str>) -> Result<Standing, StoreError> {
    let row = tx
        .query_opt("SELECT standing FROM record WHERE record_id = $1", &[record.0.into()])?
        .ok_or(StoreError::UnknownRecord(record))?;
    let (is_closed, is_frozen) = match row.text(0)? {
        "open" | OPENING => (false, false),
        "frozen" => (false, true),
        "closed" => (true, false),
        _ => return Err(StoreError::Damaged("standing of a record")),
    };
    let grants = client.map_or(Ok(Vec::new()), |client| grants_to(tx, record, client))?;
    Ok(Standing { record, is_closed, is_frozen, grants })
}

/// The records given to a client.
const GRANTED: &str =
    "SELECT DISTINCT record_id FROM client_grant WHERE client = $1 AND record_id >= $2 ORDER BY record_id LIMIT $3";

fn grants_to(tx: &mut Tx<'_>, record: RecordId, client: &str) -> Result<Vec<Grant>, StoreError> {
    let rows = tx.query(
        "SELECT scopes, starts_at, ends_at, revoked_at FROM client_grant WHERE record_id = $1 AND client = $2 \
         ORDER BY grant_id",
        &[record.0.into(), client.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Grant {
                record,
                client: client.to_owned(),
                scopes: ScopeSet::parse(row.text(0)?).map_err(|_| StoreError::Damaged("grant"))?,
                starts_at: row.int(1)?,
                ends_at: row.opt_int(2)?,
                revoked_at: row.opt_int(3)?,
            })
        })
        .collect()
}

/// The last of `wanted` record numbers, taken from the counter.
fn take_numbers(tx: &mut Tx<'_>, wanted: i64) -> Result<i64, StoreError> {
    tx.execute(
        "INSERT INTO counter (name, value) VALUES ('record', $1) ON CONFLICT (name) DO UPDATE SET value = counter.value + $1",
        &[wanted.into()],
    )?;
    Ok(tx.query_one("SELECT value FROM counter WHERE name = 'record'", &[])?.int(0)?)
}

fn seal_profile(record: RecordId, key: &RecordKey, profile: &Profile) -> Vec<u8> {
    let text = json!({
        "name": profile.name,
        "subjectId": profile.subject_id,
        "filePassphrase": profile.file_passphrase,
        "knownAs": profile.known_as.iter().map(|key| hex(key)).collect::<Vec<_>>(),
    })
    .to_string();
    key.seal(&profile_aad(record), text.as_bytes())
}

fn open_profile(record: RecordId, key: &RecordKey, sealed: &[u8]) -> Result<Profile, StoreError> {
    let opened = key.open(&profile_aad(record), sealed)?;
    let profile: Json = serde_json::from_slice(&opened).map_err(|_| StoreError::Damaged("record profile"))?;
    let text = |name: &str| profile[name].as_str().map(str::to_owned);
    Ok(Profile {
        name: text("name").unwrap_or_default(),
        subject_id: text("subjectId"),
        file_passphrase: text("filePassphrase").unwrap_or_default(),
        known_as: keys_of(&profile["knownAs"])?,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn keys_of(list: &Json) -> Result<Vec<PersonKey>, StoreError> {
    let key = |text: &Json| -> Option<PersonKey> {
        let text = text.as_str().filter(|text| text.is_ascii())?;
        let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
        let bytes: Vec<u8> = (0..text.len()).step_by(2).map(byte).collect::<Option<_>>()?;
        bytes.try_into().ok()
    };
    let keys: Option<Vec<PersonKey>> = list.as_array().into_iter().flatten().map(key).collect();
    keys.ok_or(StoreError::Damaged("record profile"))
}

fn profile_aad(record: RecordId) -> Aad {
    Aad::new("record profile").int(record.0)
}
