//! Carrying a record away: `$phr-export` and `mecum export` (PHR-50 to PHR-57, design §11). It streams: memory is bounded by a
//! page of versions or one attachment, and permission is decided again for every page.
//!
//! - `selection`: dates and types as a filter (PHR-55)
//! - `session`: what a walk through the record needs; each page under a fresh permit
//! - `survey`: what is known before the first byte: counts, label, what lies outside the dates and is referred to
//! - `names`: the ids that go out (design §3, PHR-61)
//! - `media`, `write`: files that ride along; everything, in order
//! - `target`, `outlet`: lines, Bundle or archive, and the one way out
//!
//! With `history` every version goes out, oldest first; a deletion is told by an OperationOutcome line of severity
//! `information` with code `deleted`. Of what lies outside the dates and is only referred to, the current version goes out. A content of
//! more than 32 MiB (8 MiB in a Bundle) goes out in an archive only; elsewhere an OperationOutcome stands in its place.

mod media;
mod names;
mod notes;
pub(crate) mod outlet;
mod selection;
mod session;
mod survey;
mod target;
mod write;

use mecum_exchange::seal::Sealing;
use mecum_fhir::reference::ResourceType;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use crate::disclose::{Asked, Released};
use crate::{Failure, Phr};

use outlet::Outlet;
pub(crate) use selection::in_window;

use selection::Selection;
use session::Session;

/// What an export looks like (PHR-50, PHR-53).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A Bundle of type `document` (PHR-54), of up to 100,000 resources.
    Bundle,
    /// One resource a line; the same bytes as [`ExportFormat::Phr`], only its media type and file name differ.
    Ndjson,
    /// A `.phr` file.
    Phr,
    /// A `.sphr` archive: the `.phr` with the files that ride along, sealed.
    Sphr,
}

/// What is to be carried away.
pub struct ExportRequest {
    /// From which record.
    pub record: RecordId,
    /// In which form.
    pub format: ExportFormat,
    /// The first moment, as a partial date (PHR-55).
    pub start: Option<String>,
    /// The last moment, as a partial date that counts whole.
    pub end: Option<String>,
    /// Only what got its current version at or after this moment, microseconds since the epoch; nothing is added for the sake of
    /// references then.
    pub since_us: Option<i64>,
    /// As of this place in the chain of commits; `None` is now.
    pub until_seq: Option<i64>,
    /// A `collection`, which needs no Composition, instead of a `document` (PHR-54). For a Bundle only.
    pub is_collection: bool,
    /// Only these types; nothing else is added for the sake of references then.
    pub types: Option<Vec<ResourceType>>,
    /// Every version, and not the current ones only. Not for a Bundle.
    pub history: bool,
    /// How an archive is sealed; `None` is the record's own file passphrase (PHR-53). For [`ExportFormat::Sphr`] only.
    pub sealing: Option<Sealing>,
    /// The file's name without its ending; it names folder and `.phr` within an archive.
    pub name: String,
}

/// What went out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Lines (or entries of a Bundle), those that Mecum added included.
    pub n_lines: u64,
    /// Versions of resources.
    pub n_resources: u64,
    /// Files that rode along.
    pub n_media: u64,
    /// Types that were asked for (or all) and that the caller's permission leaves out, whether or not the record has any (PHR-56).
    pub suppressed: Vec<ResourceType>,
}

/// Hands a record to `out`, piece by piece. What can be refused is refused before the first piece. After that a failure ends
/// lines with a fatal OperationOutcome, and leaves a Bundle or an archive cut off, which no reader takes for a whole one (PHR-57).
///
/// # Errors
/// [`Failure::Invalid`] for dates that cannot be read or are in the wrong order; [`Failure::NotFound`] or [`Failure::Forbidden`]
/// for the caller, at the start and between pages; [`Failure::TooLarge`]; what `out` says.
pub fn export(
    phr: &Phr,
    caller: &Caller,
    request: &ExportRequest,
    asked: &Asked,
    out: &mut dyn FnMut(Released<Vec<u8>>) -> Result<(), Failure>,
) -> Result<ExportReport, Failure> {
    request.check()?;
    let selection = Selection::of(request)?;
    let session = Session::begin(phr, caller, request)?;
    let survey = survey::survey(&session, &selection, request)?;
    let stream = phr.desk().stream(phr.store(), (caller, &session.permit()?), asked, phr.now_us())?;
    let outlet = Outlet::new(stream, out);
    let written = write::write(&session, &selection, &survey, request, &outlet);
    let outcome = if written.is_ok() { "done" } else { "stopped" };
    outlet.close(phr.store(), outcome, phr.now_us())?;
    written
}

impl ExportRequest {
    /// Refuses what makes no sense together, and dates that cannot be read.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let refused = |words: &str| Err(Failure::Unsupported(words.to_owned()));
        if self.history && self.format == ExportFormat::Bundle {
            return refused("a document holds one version of each resource: ask for lines");
        }
        if self.sealing.is_some() && self.format != ExportFormat::Sphr {
            return refused("only an archive can be sealed: ask for sphr");
        }
        Selection::of(self).map(drop)
    }
}
