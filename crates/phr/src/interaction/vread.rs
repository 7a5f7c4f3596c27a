//! vread: one version of a resource (REST-3).

use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::VersionId;

use super::read::hidden;
use crate::disclose::{Asked, Released};
use crate::permission::{name, permit, record_of};
use crate::projection::{self, Projected};
use crate::{Failure, Phr, Rendered};

/// One version of a resource.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such version or it is hidden; [`Failure::Gone`] when that version is a deletion.
pub fn vread(
    phr: &Phr,
    caller: &Caller,
    key: &ResourceKey,
    version: VersionId,
    asked: &Asked,
) -> Result<Released<Rendered>, Failure> {
    if let Some(projected) = Projected::of(key).filter(|_| version == VersionId(1)) {
        return projection::read(phr, caller, (key, projected), asked);
    }
    let record = record_of(phr, caller, key)?;
    let permit = permit(phr, caller, Act::Read(key.resource_type), record).map_err(|failure| hidden(failure, key))?;
    let not_found = || Failure::NotFound(format!("{} version {version}", name(key)));
    let found = phr.store().vread(&permit, key, version)?.ok_or_else(not_found)?;
    if found.is_deleted() {
        return Err(Failure::Gone(format!("{} version {version}", name(key))));
    }
    let rendered = Rendered::of(&found);
    phr.desk().release(phr.store(), (caller, &permit), asked, (rendered, std::slice::from_ref(key)), phr.now_us())
}
