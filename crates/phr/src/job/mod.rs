//! Exports that are asked for first and fetched later: `$ehi-export` (EHI-1 to EHI-8), and `$phr-export` with `respond-async`
//! (PHR-53).
//!
//! A chain of commits can be read as of any place, so a job is a small row that names one. Its files are written when they are
//! fetched: under a permit decided then and again for every page, with a disclosure of their own, and with nothing lying about.
//! A job outlives the program that made it, ends after a day, and is not there for anybody but the one who asked for it.
//!
//! - `detail`: what a job's row says
//! - `ehi`: the files of `$ehi-export`

mod detail;
mod ehi;

pub use ehi::JobFile;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::{RecordId, mint};
use mecum_store::JobRow;

use crate::disclose::{Asked, Released};
use crate::export::{ExportFormat, ExportRequest, export};
use crate::interaction::record_of_patient;
use crate::moment::random_u64;
use crate::permission::{name, permit, record_of};
use crate::{Failure, Phr};

use detail::Detail;

/// How long a job can be fetched, microseconds.
const LIFETIME_US: i64 = 24 * 3_600 * 1_000_000;

/// Jobs that one caller has of one record; the oldest goes when there is one more.
const MAX_JOBS: i64 = 16;

/// Who takes the pieces of a file.
pub type Out<'o> = &'o mut dyn FnMut(Released<Vec<u8>>) -> Result<(), Failure>;

/// What a job is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Everything that is kept about a person, one file a type.
    Ehi,
    /// One file, as `$phr-export` writes it.
    Phr(ExportFormat),
}

/// A job as its owner sees it. Not `Debug`: it says what was asked for.
#[derive(Clone)]
pub struct Job {
    /// The name under which it is asked after.
    pub id: String,
    /// What it is for.
    pub kind: JobKind,
    /// The moment as of which the record goes out, microseconds since the epoch.
    pub as_of_us: i64,
    /// When it is there no more.
    pub expires_at_us: i64,
    /// The address at which it was asked for, without its query.
    pub address: String,
    record: RecordId,
    detail: Detail,
}

/// Begins an export of everything that is kept about the person that a Patient is.
///
/// # Errors
/// [`Failure::Forbidden`] without the scope `$ehi-export`; [`Failure::NotFound`] for a Patient who is not there, is somebody else,
/// or is not the caller's, which look alike.
pub fn begin_ehi(phr: &Phr, caller: &Caller, patient: &ResourceKey, address: &str) -> Result<Job, Failure> {
    let not_found = || Failure::NotFound(name(patient));
    let hide = |failure| match failure {
        Failure::NotFound(_) => not_found(),
        other => other,
    };
    let record = record_of(phr, caller, patient)?;
    let permit = permit(phr, caller, Act::EhiExport, record).map_err(hide)?;
    let is_theirs = match phr.store().record(record)?.profile.subject_id {
        Some(subject) => subject == patient.id && patient.resource_type == ResourceType::PATIENT,
        None => phr.store().read(&permit, patient)?.is_some_and(|version| !version.is_deleted()),
    };
    if !is_theirs {
        return Err(not_found());
    }
    phr.flush_access_log()?;
    let mut detail = Detail::default();
    detail.last_line = phr.store().access_lines(&permit, i64::MAX, 1)?.first().map_or(0, |line| line.seq);
    begin(phr, caller, &permit, (JobKind::Ehi, address), detail)
}

/// Begins an export that is fetched as one file. The request's sealing must be the record's own; its `until_seq` is set here.
///
/// # Errors
/// As [`export`]; [`Failure::Invalid`] for a request with a secret of its own, which is not kept.
pub fn begin_phr(
    phr: &Phr,
    caller: &Caller,
    patient: Option<&ResourceKey>,
    request: &ExportRequest,
    address: &str,
) -> Result<Job, Failure> {
    if request.sealing.is_some() {
        let message = "a secret is not kept for later: ask without respond-async, or for the record's own passphrase";
        return Err(Failure::invalid("security", "Prefer", message));
    }
    request.check()?;
    let record = record_of_patient(phr, caller, patient)?;
    let permit = permit(phr, caller, Act::Export, record)?;
    begin(phr, caller, &permit, (JobKind::Phr(request.format), address), Detail::of(request))
}

fn begin(
    phr: &Phr,
    caller: &Caller,
    permit: &Permit,
    (kind, address): (JobKind, &str),
    mut detail: Detail,
) -> Result<Job, Failure> {
    let now_us = phr.now_us();
    detail.until_seq = phr.store().head(permit)?.seq;
    detail.address = address.to_owned();
    let row = JobRow {
        job_id: mint(now_us, random_u64()),
        kind: detail::word(kind).to_owned(),
        owner: asker(caller),
        created_at_us: now_us,
        expires_at_us: now_us.saturating_add(LIFETIME_US),
        detail: detail.to_bytes(),
    };
    phr.store().add_job(permit, &row, MAX_JOBS)?;
    phr.desk().note_event(caller, permit.over(), &format!("{} begun", permit.act().word()), now_us);
    job_of(permit.over(), row)
}

/// A job of this caller.
///
/// # Errors
/// [`Failure::NotFound`] for one that is not there, has run out or is another's, which look alike; [`Failure::Forbidden`] once the
/// caller may not export any more.
pub fn find(phr: &Phr, caller: &Caller, id: &str) -> Result<Job, Failure> {
    found(phr, caller, id).map(|(job, _)| job)
}

/// The files of a job, as the record was.
///
/// # Errors
/// As [`find`].
pub fn files(phr: &Phr, caller: &Caller, id: &str) -> Result<(Job, Vec<JobFile>), Failure> {
    let (job, permit) = found(phr, caller, id)?;
    let files = match job.kind {
        JobKind::Ehi => ehi::files(phr, &permit, &job)?,
        JobKind::Phr(ExportFormat::Bundle) => vec![JobFile::whole("record.json", ResourceType::BUNDLE)],
        JobKind::Phr(ExportFormat::Ndjson) => vec![JobFile::whole("record.ndjson", ResourceType::BINARY)],
        JobKind::Phr(ExportFormat::Phr) => vec![JobFile::whole("record.phr", ResourceType::BINARY)],
        JobKind::Phr(ExportFormat::Sphr) => vec![JobFile::whole("record.sphr", ResourceType::BINARY)],
    };
    Ok((job, files))
}

/// Removes a job before its time.
///
/// # Errors
/// As [`find`].
pub fn remove(phr: &Phr, caller: &Caller, id: &str) -> Result<(), Failure> {
    let (job, permit) = found(phr, caller, id)?;
    phr.store().remove_job(&permit, &job.row_id())?;
    phr.desk().note_event(caller, job.record, "export removed", phr.now_us());
    Ok(())
}

/// Hands a file of a job to `out`, piece by piece. `base` is this service's own address, for links to other files of the job.
///
/// # Errors
/// [`Failure::NotFound`] for a file that the job does not have; otherwise as [`find`], [`export`] and what `out` says.
pub fn send(
    phr: &Phr,
    caller: &Caller,
    (id, file): (&str, &str),
    (base, asked): (&str, &Asked),
    out: Out<'_>,
) -> Result<(), Failure> {
    let (job, files) = files(phr, caller, id)?;
    match job.kind {
        JobKind::Ehi => ehi::send(phr, caller, (&job, file), (base, asked), out),
        JobKind::Phr(format) if files.iter().any(|known| known.name == file) => {
            let request = job.detail.to_request(job.record, format)?;
            export(phr, caller, &request, asked, out).map(drop)
        }
        JobKind::Phr(_) => Err(Failure::NotFound(format!("file {file}"))),
    }
}

fn found(phr: &Phr, caller: &Caller, id: &str) -> Result<(Job, Permit), Failure> {
    let not_found = || Failure::NotFound("this export".to_owned());
    let (record, row_id) = id.split_once('-').ok_or_else(not_found)?;
    let record = RecordId(record.parse().map_err(|_| not_found())?);
    if caller.bound_record().is_some_and(|bound| bound != record) {
        return Err(not_found());
    }
    // Which act it needs is told by the row, which any permit to export opens.
    let mut denied = None;
    for act in [Act::EhiExport, Act::Export] {
        match permit(phr, caller, act, record) {
            Ok(permit) => {
                let row = phr.store().job(&permit, row_id)?;
                let is_live = |row: &JobRow| row.owner == asker(caller) && phr.now_us() < row.expires_at_us;
                let Some(row) = row.filter(is_live) else { return Err(not_found()) };
                let job = job_of(record, row)?;
                if job.act() == act {
                    return Ok((job, permit));
                }
            }
            Err(Failure::NotFound(_)) => return Err(not_found()),
            Err(failure) => denied = Some(failure),
        }
    }
    Err(denied.unwrap_or_else(not_found))
}

/// Whose a job is: the program or system, whichever of its tokens it uses.
fn asker(caller: &Caller) -> String {
    format!("{} {}", caller.kind(), caller.name())
}

fn job_of(record: RecordId, row: JobRow) -> Result<Job, Failure> {
    let damaged = || Failure::Damaged("a stored job is damaged".to_owned());
    let detail = Detail::from_bytes(&row.detail).ok_or_else(damaged)?;
    Ok(Job {
        id: format!("{record}-{}", row.job_id),
        kind: detail::kind(&row.kind).ok_or_else(damaged)?,
        as_of_us: row.created_at_us,
        expires_at_us: row.expires_at_us,
        address: detail.address.clone(),
        record,
        detail,
    })
}

impl Job {
    fn act(&self) -> Act {
        match self.kind {
            JobKind::Ehi => Act::EhiExport,
            JobKind::Phr(_) => Act::Export,
        }
    }

    fn row_id(&self) -> String {
        self.id.split_once('-').map_or_else(String::new, |(_, row_id)| row_id.to_owned())
    }
}
