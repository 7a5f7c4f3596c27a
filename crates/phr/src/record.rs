//! Opening and naming records: one per person (design §3).

use mecum_exchange::seal::ArchivePassphrase;
use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::{Profile, RecordRow};

use crate::moment::fill_random;
use crate::permission::permit;
use crate::{Failure, Phr};

/// A record in the list, without the passphrase of its files. Not `Debug`: it names a person.
#[derive(Clone)]
pub struct RecordEntry {
    /// Its number.
    pub record: RecordId,
    /// When it was opened, microseconds since the epoch.
    pub created_at_us: i64,
    /// `open`, `frozen` or `closed`.
    pub standing: String,
    /// The name by which the household knows it.
    pub name: String,
    /// The FHIR id of the Patient it is about, once there is one.
    pub subject_id: Option<String>,
}

impl From<RecordRow> for RecordEntry {
    fn from(row: RecordRow) -> Self {
        let RecordRow { record, created_at_us, standing, profile: Profile { name, subject_id, .. } } = row;
        Self { record, created_at_us, standing, name, subject_id }
    }
}

/// The longest name of a record, bytes.
const MAX_NAME_BYTES: usize = 200;

/// Opens a record under a name by which the household knows it.
///
/// # Errors
/// A name that is empty, too long or taken.
pub fn open(phr: &Phr, caller: &Caller, name: &str) -> Result<RecordId, Failure> {
    let name = name.trim();
    if name.is_empty() || name.len() > MAX_NAME_BYTES || name.chars().any(char::is_control) {
        return Err(Failure::invalid("value", "name", "a record needs a name of 1 to 200 bytes"));
    }
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::invalid(
            "value",
            "name",
            "a record's name must not be a number: numbers name records already",
        ));
    }
    if list(phr)?.iter().any(|row| row.name == name) {
        return Err(Failure::Conflict("there is a record of that name already".to_owned()));
    }
    let opened = open_many(phr, caller, &[name.to_owned()])?;
    opened.first().copied().ok_or_else(|| Failure::Broken("no record was opened".to_owned()))
}

/// Opens a record for each name, whether or not a record has that name already: names are for people, numbers tell records apart.
///
/// # Errors
/// What the store says.
pub(crate) fn open_many(phr: &Phr, caller: &Caller, names: &[String]) -> Result<Vec<RecordId>, Failure> {
    let profiles: Vec<Profile> = names
        .iter()
        .map(|name| Profile { name: name.clone(), file_passphrase: new_passphrase(), ..Profile::default() })
        .collect();
    let records = phr.store().open_records(&profiles, phr.now_us())?;
    for record in &records {
        phr.desk().note_event(caller, *record, "record opened", phr.now_us());
    }
    Ok(records)
}

/// The records of this installation.
///
/// # Errors
/// What the store says.
pub fn list(phr: &Phr) -> Result<Vec<RecordEntry>, Failure> {
    Ok(phr.store().records()?.into_iter().map(RecordEntry::from).collect())
}

/// The record that a number or name means.
///
/// # Errors
/// [`Failure::NotFound`] when there is none; [`Failure::Invalid`] when a name means more than one.
pub fn find(phr: &Phr, wanted: &str) -> Result<RecordEntry, Failure> {
    if let Ok(number) = wanted.parse::<i64>() {
        return match phr.store().record(RecordId(number)) {
            Ok(row) if number > 0 && !row.is_opening() => Ok(row.into()),
            Ok(_) => Err(Failure::NotFound(format!("record {number}"))),
            Err(error) => Err(error.into()),
        };
    }
    let mut named = list(phr)?.into_iter().filter(|row| row.name.eq_ignore_ascii_case(wanted));
    let Some(row) = named.next() else {
        return Err(Failure::NotFound(format!("a record named '{wanted}'")));
    };
    match named.next() {
        None => Ok(row),
        Some(_) => {
            Err(Failure::invalid("multiple-matches", "record", "several records have that name: use the number"))
        }
    }
}

/// The passphrase that seals `.sphr` files the holder fetches for herself (design §5).
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not administer the record.
pub fn file_passphrase(phr: &Phr, caller: &Caller, record: RecordId) -> Result<String, Failure> {
    permit(phr, caller, Act::Administer, record)?;
    phr.desk().note_event(caller, record, "file passphrase shown", phr.now_us());
    Ok(phr.store().record(record)?.profile.file_passphrase)
}

pub(crate) fn new_passphrase() -> String {
    ArchivePassphrase::generate(&mut fill_random).expose().to_owned()
}
