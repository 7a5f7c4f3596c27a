//! What is computed and never stored, as resources: the Provenance of each commit (PRV-1, I9), an AuditEvent for each access
//! (AUD-1 to AUD-6), and the originals of imports as Binary and DocumentReference (IMP-1).
//!
//! - `name`: their ids, which say what they stand for and which no stored resource can have
//! - `provenance`, `audit_event`, `original`: their texts, each for what the caller may see
//! - `list`: the newest of a kind, page by page; `everything`: all of them, for `$ehi-export`

mod access_act;
mod audit_event;
mod everything;
mod list;
mod name;
mod original;
mod provenance;

pub(crate) use everything::Everything;
pub use list::{ProjectedPage, list};
pub(crate) use name::Projected;
pub(crate) use provenance::{CommitWriter, TARGETS};

use mecum_exchange::cover::Generated;
use mecum_fhir::date::format_instant;
use mecum_fhir::json::ObjectWriter;
use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit, ResourceFilter, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use crate::disclose::{Asked, Released};
use crate::permission::{name as name_of, permit};
use crate::{Failure, Phr, Rendered};

use name::What;

/// What a caller may see of a record: of these resources themselves, and of what they are about.
struct View<'a> {
    phr: &'a Phr,
    /// To read the projected type.
    own: Permit,
    /// What of the record is seen at all.
    seen: Permit,
}

impl<'a> View<'a> {
    /// Decides both.
    fn of(phr: &'a Phr, caller: &Caller, resource_type: ResourceType, record: RecordId) -> Result<Self, Failure> {
        let own = permit(phr, caller, Act::Read(resource_type), record)?;
        let seen = permit(phr, caller, Act::Search, record)?;
        Ok(View { phr, own, seen })
    }

    fn record(&self) -> RecordId {
        self.own.over()
    }

    /// Whether nothing of the record is hidden from the caller: only then may it see what speaks about all of it.
    fn sees_everything(&self) -> bool {
        *self.seen.filter() == ResourceFilter::Every
    }

    /// The Patient the record is about, as far as the caller sees one.
    fn subject(&self) -> Result<Option<ResourceKey>, Failure> {
        let Some(id) = self.phr.store().record(self.record())?.profile.subject_id else { return Ok(None) };
        let key = ResourceKey { resource_type: ResourceType::PATIENT, id };
        let found = self.phr.store().read(&self.seen, &key)?;
        Ok(found.filter(|version| !version.is_deleted()).map(|_| key))
    }
}

/// One of them, as far as the caller may see what it is about.
///
/// # Errors
/// [`Failure::NotFound`] for one that does not stand for anything the caller sees.
pub(crate) fn read(
    phr: &Phr,
    caller: &Caller,
    (key, projected): (&ResourceKey, Projected),
    asked: &Asked,
) -> Result<Released<Rendered>, Failure> {
    let (permit, rendered) = unreleased(phr, caller, (key, projected))?;
    let keys = std::slice::from_ref(key);
    phr.desk().release(phr.store(), (caller, &permit), asked, (rendered, keys), phr.now_us())
}

/// The same before it is released, with the permit under which it was read.
///
/// # Errors
/// As [`read`].
pub(crate) fn unreleased(
    phr: &Phr,
    caller: &Caller,
    (key, projected): (&ResourceKey, Projected),
) -> Result<(Permit, Rendered), Failure> {
    look(phr, caller, key, projected).map(|(view, rendered)| (view.own, rendered))
}

fn look<'a>(
    phr: &'a Phr,
    caller: &Caller,
    key: &ResourceKey,
    projected: Projected,
) -> Result<(View<'a>, Rendered), Failure> {
    let not_found = || Failure::NotFound(name_of(key));
    if caller.bound_record().is_some_and(|record| record != projected.record) {
        return Err(not_found());
    }
    let is_original = matches!(projected.what, What::Original { .. } | What::OriginalContent { .. });
    if is_original && projected.record.is_directory() {
        // What systems brought there, and what a load kept aside, is nobody else's to fetch.
        return Err(not_found());
    }
    let view = View::of(phr, caller, key.resource_type, projected.record).map_err(|failure| match failure {
        Failure::NotFound(_) => not_found(),
        other => other,
    })?;
    let rendered = match projected.what {
        What::Commit { commit, page } => provenance::of_page(&view, commit, page)?,
        What::Access { seq, at } => audit_event::of_place(&view, seq, at)?,
        What::Original { import, at } => original::reference(&view, (import, at), None)?,
        What::OriginalContent { import, at } => original::content(&view, import, at)?,
    };
    rendered.map(|rendered| (view, rendered)).ok_or_else(not_found)
}

/// Writes type, id and a `meta` with the mark by which an import knows it for what Mecum made.
fn write_head(resource: &mut ObjectWriter<'_>, generated: Generated, id: &str, at_us: i64) {
    resource.str("resourceType", generated.resource_type().name()).str("id", id).obj("meta", |meta| {
        meta.str("versionId", "1").str("lastUpdated", &format_instant(at_us));
        generated.write_mark(meta);
    });
}

fn rendered(key: ResourceKey, at_us: i64, text: String) -> Rendered {
    Rendered { key, version: 1, at_us, text: Some(text), blob: None }
}

/// Writes a Reference.
fn write_reference(object: &mut ObjectWriter<'_>, name: &str, reference: &str) {
    object.obj(name, |element| {
        element.str("reference", reference);
    });
}

/// Writes a CodeableConcept with one coding.
fn write_concept(object: &mut ObjectWriter<'_>, name: &str, (system, code): (&str, &str)) {
    object.obj(name, |concept| {
        concept.arr("coding", |codings| {
            codings.obj(|coding| {
                coding.str("system", system).str("code", code);
            });
        });
    });
}

fn rendered_keys(resources: &[Rendered]) -> Vec<ResourceKey> {
    resources.iter().map(|resource| resource.key.clone()).collect()
}
