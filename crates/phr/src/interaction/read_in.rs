//! read within a record that is named: for whoever is bound to none and must not meet another record's resource by its id.

use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::{RecordId, VersionId};

use super::read::hidden;
use crate::disclose::{Asked, Released};
use crate::permission::{name, permit};
use crate::{Failure, Phr, Rendered};

/// The current version of a resource of a record, or the version that is named.
///
/// # Errors
/// As [`super::read()`] and [`super::vread()`].
pub fn read_in(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    (key, version): (&ResourceKey, Option<VersionId>),
    asked: &Asked,
) -> Result<Released<Rendered>, Failure> {
    let permit = permit(phr, caller, Act::Read(key.resource_type), record).map_err(|failure| hidden(failure, key))?;
    let found = match version {
        Some(version) => phr.store().vread(&permit, key, version)?,
        None => phr.store().read(&permit, key)?,
    };
    let found = found.ok_or_else(|| Failure::NotFound(name(key)))?;
    if found.is_deleted() {
        return Err(Failure::Gone(name(key)));
    }
    let rendered = Rendered::of(&found);
    phr.desk().release(phr.store(), (caller, &permit), asked, (rendered, std::slice::from_ref(key)), phr.now_us())
}
