//! read: the current version of a resource (REST-2); for a caller bound to a record, that record's or the directory's.

use mecum_record::access::ResourceKey;
use mecum_record::caller::Caller;

use crate::disclose::{Asked, Released};
use crate::permission::{in_directory, name, permit_and_read, record_of};
use crate::projection::{self, Projected};
use crate::{Failure, Phr, Rendered};

/// The current version of a resource.
///
/// # Errors
/// [`Failure::NotFound`] when it is not there or hidden, which look alike; [`Failure::Gone`] when it was deleted.
pub fn read(phr: &Phr, caller: &Caller, key: &ResourceKey, asked: &Asked) -> Result<Released<Rendered>, Failure> {
    if let Some(projected) = Projected::of(key) {
        return projection::read(phr, caller, (key, projected), asked);
    }
    let record = record_of(phr, caller, key)?;
    let found = permit_and_read(phr, caller, record, key).map_err(|failure| hidden(failure, key))?;
    let (permit, version) = match found {
        (permit, Some(version)) => (permit, version),
        (_, None) => in_directory(phr, caller, key)?.ok_or_else(|| Failure::NotFound(name(key)))?,
    };
    if version.is_deleted() {
        return Err(Failure::Gone(name(key)));
    }
    let rendered = Rendered::of(&version);
    phr.desk().release(phr.store(), (caller, &permit), asked, (rendered, std::slice::from_ref(key)), phr.now_us())
}

/// A record that the caller may not know of is a resource that is not there.
pub(super) fn hidden(failure: Failure, key: &ResourceKey) -> Failure {
    match failure {
        Failure::NotFound(_) => Failure::NotFound(name(key)),
        other => other,
    }
}
