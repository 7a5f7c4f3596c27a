//! What a file that came in is, before anything is done with it; and what its import kept aside, as it came.

use std::io::Read;

use mecum_exchange::item::ItemContent;
use mecum_exchange::phr::{Limits, open};
use mecum_exchange::seal::{Key, Passphrase, SealError};
use mecum_exchange::sniff::{Format, PREFIX_BYTES, sniff};
use mecum_exchange::sphr::{self, OpenError, Refusal};
use mecum_record::access::{Act, Permit};
use mecum_record::caller::Caller;
use mecum_record::ids::{ImportId, RecordId};
use serde_json::json;

use super::content::{Original, OriginalContent};
use super::unpack::Unpacked;
use crate::disclose::{Asked, Released};
use crate::permission::permit;
use crate::{Failure, Phr};

/// Lines kept aside that are given at once, at most.
const MAX_LINES: usize = 1000;

/// Their text at most, bytes; the first line is given whatever its length.
const MAX_BYTES: usize = 16 << 20;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Told from its bytes.
    pub format: Format,
    /// Whether it opens only with a key.
    pub is_locked: bool,
}

/// Looks what an original is.
///
/// # Errors
/// [`Failure::Forbidden`] without the scope to import; what the file system says.
pub fn look(phr: &Phr, caller: &Caller, record: RecordId, original: &Original) -> Result<Look, Failure> {
    let permit = permit(phr, caller, Act::Import, record)?;
    let mut prefix = Vec::with_capacity(PREFIX_BYTES);
    let unreadable = |error: std::io::Error| Failure::Broken(format!("an original cannot be read: {error}"));
    original.open(phr, &permit)?.take(PREFIX_BYTES as u64).read_to_end(&mut prefix).map_err(unreadable)?;
    let format = sniff(&prefix, Some(&original.name));
    let is_locked = matches!(format, Format::Zip | Format::Jwe | Format::Age) && is_locked(phr, &permit, original)?;
    Ok(Look { format, is_locked })
}

fn is_locked(phr: &Phr, permit: &Permit, original: &Original) -> Result<bool, Failure> {
    let opened = sphr::open(original.open(phr, permit)?, None, &sphr::Limits::default());
    Ok(matches!(opened, Err(OpenError::Seal(SealError::WrongKey) | OpenError::Refused(Refusal::Encrypted))))
}

/// The key that opens files which this record sealed for itself; it is for [`ImportJob`](super::ImportJob) and is not shown.
///
/// # Errors
/// [`Failure::Forbidden`] without the scope to import.
pub fn own_key(phr: &Phr, caller: &Caller, record: RecordId) -> Result<Key, Failure> {
    permit(phr, caller, Act::Import, record)?;
    let passphrase = Passphrase::new(&phr.store().record(record)?.profile.file_passphrase);
    passphrase
        .map(Key::Passphrase)
        .map_err(|_| Failure::Damaged("the record has no passphrase for its files".to_owned()))
}

/// What an import kept aside, as it came: a JSON object a line, with the file, the line, why, and its text. What is in sealed files
/// is not opened again.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such import; what an original says that cannot be opened without a key.
pub fn kept_aside(
    phr: &Phr,
    caller: &Caller,
    (record, import): (RecordId, ImportId),
    asked: &Asked,
) -> Result<Released<String>, Failure> {
    let permit = permit(phr, caller, Act::ReadLog, record)?;
    let row = phr.store().imports(&permit)?.into_iter().find(|row| row.import == import);
    let row = row.ok_or_else(|| Failure::NotFound(format!("import {import}")))?;
    let report: serde_json::Value = serde_json::from_slice(&row.report).unwrap_or_default();
    let named = |at: usize| report["files"][at]["name"].as_str().unwrap_or("file").to_owned();
    let originals: Vec<Original> = row
        .originals
        .iter()
        .enumerate()
        .map(|(at, blob)| Original { name: named(at), content: OriginalContent::Blob(*blob), size_bytes: 0 })
        .collect();
    let mut aside = Aside::default();
    let mut unpacked = Unpacked::open(phr, &permit, &originals, None)?;
    for unit in unpacked.units.clone() {
        unpacked.with_stream(&unit, |stream| {
            let unreadable = |_| Failure::invalid("structure", "", "an original cannot be read any more");
            for item in open(stream, &Limits::default()).map_err(unreadable)? {
                let item = item.map_err(|_| Failure::Broken("an original cannot be read any more".to_owned()))?;
                if let ItemContent::Quarantined(kept) = &item.content {
                    aside.add(&unit.name, item.place.line, (&kept.fault.to_string(), &kept.raw));
                }
                if aside.is_full() {
                    break;
                }
            }
            Ok(())
        })?;
    }
    phr.desk().release(phr.store(), (caller, &permit), asked, (aside.text, &[]), phr.now_us())
}

/// Lines kept aside, as they are found.
#[derive(Default)]
struct Aside {
    text: String,
    n_lines: usize,
}

impl Aside {
    fn add(&mut self, file: &str, line: u64, (reason, raw): (&str, &[u8])) {
        let text = String::from_utf8_lossy(raw);
        self.text.push_str(&json!({"file": file, "line": line, "reason": reason, "text": text}).to_string());
        self.text.push('\n');
        self.n_lines += 1;
    }

    fn is_full(&self) -> bool {
        self.n_lines >= MAX_LINES || self.text.len() >= MAX_BYTES
    }
}
