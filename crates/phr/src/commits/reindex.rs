//! Making the search index of a record again: after an upgrade that brought new tables, or when verification names its rows.

use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use crate::permission::permit;
use crate::{Failure, Phr};

/// Makes the index of a record again, or goes on where that was cut off. `progress` hears how many versions were read, and of how
/// many.
///
/// # Errors
/// [`Failure::Conflict`] while an import into the record runs; what the store says.
pub fn reindex(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    progress: &mut dyn FnMut(i64, i64),
) -> Result<(), Failure> {
    let permit = permit(phr, caller, Act::Administer, record)?;
    Ok(phr.store().reindex(&permit, phr.now_us(), progress)?)
}

/// The records whose index has still to be made, which their first search would wait for.
///
/// # Errors
/// What the store says.
pub fn owed_indexes(phr: &Phr) -> Result<Vec<RecordId>, Failure> {
    Ok(phr.store().owed_indexes()?)
}
