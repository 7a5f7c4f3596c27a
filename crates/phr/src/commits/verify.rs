//! Whether a record is what was written, by itself and against a head that was kept elsewhere (PHR-91).

use std::str::FromStr;

use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::maintenance::Verified;

use crate::permission::permit;
use crate::{Failure, Phr};

/// Recomputes everything that is kept of a record. `progress` hears how many versions were looked at, and of how many.
///
/// # Errors
/// What keeps it from looking; what it finds is in the answer.
pub fn verify(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    progress: &mut dyn FnMut(i64, i64),
) -> Result<Verified, Failure> {
    // Proof is about the log of who looked as well, and a frozen record can be proven like any other.
    permit(phr, caller, Act::ReadAccessLog, record)?;
    Ok(phr.store().verify(record, progress)?)
}

/// The end of a chain of commits as it was at some time, kept where nobody who can write the database can: `SEQ:HASH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptHead {
    /// The place in the chain.
    pub seq: i64,
    /// The hash of the commit there, in small hexadecimal digits.
    pub hash: String,
}

/// Why a text is no kept head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a kept head is a place in the chain and 64 hexadecimal digits, e.g. 12:9f86…")]
pub struct KeptHeadError;

impl FromStr for KeptHead {
    type Err = KeptHeadError;

    fn from_str(text: &str) -> Result<KeptHead, KeptHeadError> {
        let (seq, hash) = text.trim().split_once(':').ok_or(KeptHeadError)?;
        let seq: i64 = seq.parse().map_err(|_| KeptHeadError)?;
        if seq < 0 || hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(KeptHeadError);
        }
        Ok(KeptHead { seq, hash: hash.to_ascii_lowercase() })
    }
}

/// How a chain stands to a head that was kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptHeadMatch {
    /// The chain holds it: what was there then is there now.
    Held,
    /// The chain ends before it: the database was rolled back, or its end was cut off.
    Shorter {
        /// Where the chain ends.
        seq: i64,
    },
    /// There is another commit at its place: the chain was written anew.
    Other,
}

/// Compares the chain with a head kept elsewhere: only so a roll-back of everything is seen.
///
/// # Errors
/// As [`verify`].
pub fn check_head(phr: &Phr, caller: &Caller, record: RecordId, kept: &KeptHead) -> Result<KeptHeadMatch, Failure> {
    let permit = permit(phr, caller, Act::ReadAccessLog, record)?;
    let head = phr.store().head(&permit)?;
    if head.seq < kept.seq {
        return Ok(KeptHeadMatch::Shorter { seq: head.seq });
    }
    // Before the first commit stands the empty chain, whose hash is all zeros.
    let hash = match kept.seq {
        0 => Some("0".repeat(64)),
        seq => phr.store().log(&permit, seq.saturating_add(1), 1)?.first().map(|commit| hex(&commit.hash)),
    };
    Ok(if hash.as_deref() == Some(kept.hash.as_str()) { KeptHeadMatch::Held } else { KeptHeadMatch::Other })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
