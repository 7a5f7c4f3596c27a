//! Recomputing the chain of the access log.

use std::ops::ControlFlow;

use super::verify::{Subject, Verified};
use crate::access_log::{ACCESS_COLUMNS, AccessHead, AccessRow};
use crate::db::Tx;
use crate::error::StoreError;

/// Recomputes every line's hash and compares the chain's end with its signed head.
pub(super) fn verify_access(tx: &mut Tx<'_>, subject: &Subject<'_>, verified: &mut Verified) -> Result<(), StoreError> {
    let head = match AccessHead::read(tx, subject.record, &subject.store.heads) {
        Err(StoreError::UnknownRecord(_)) => {
            verified.add("access log", "its head is missing");
            None
        }
        read => verified.legible("access log", read)?,
    };
    let (mut seq, mut parent) = (0, vec![0u8; 32]);
    let sql = format!("SELECT {ACCESS_COLUMNS} FROM access_log WHERE record_id = $1 ORDER BY seq");
    tx.each(&sql, &[subject.record.0.into()], |row| {
        verified.n_access_lines += 1;
        let Some(row) = verified.legible("access log", AccessRow::read(row))? else {
            return Ok(ControlFlow::Continue(()));
        };
        seq += 1;
        if row.seq != seq {
            verified.add("access log", format!("line {seq} is missing"));
            seq = row.seq;
        }
        if row.computed_hash(subject.record, subject.key, &parent).as_slice() != row.hash {
            verified.add("access log", format!("line {} is altered, or the one before it is", row.seq));
        }
        parent = row.hash;
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })?;
    if let Some(head) = head
        && (seq, &parent) != (head.seq, &head.hash)
    {
        verified.add("access log", format!("it does not end at line {} as its head says", head.seq));
    }
    Ok(())
}
