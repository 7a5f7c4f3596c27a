//! Files of many people, each person into a record of their own: a whole clinic as easily as one life (design §3).
//!
//! Sorting comes first: a file of one person is taken whole, of any other every line goes to whom it is about. What belongs to nobody is
//! kept in the directory when a system client loads, else copied into every record that refers to it. Then each person's part is
//! imported by itself, as any file is: staged, visible at once, undone as one. What is about several people is kept aside.
//!
//! - `whose`, `patients`: whom a resource is about, and what the files call people
//! - `sort`, `spool`, `shelf`: reading the files
//! - `plan`: which record is whose
//! - `part`, `carry`: one person's part, and its import
//! - [`undo`](undo()): taking a whole load back; [`LoadReport`]: what became of it

mod carry;
mod part;
mod patients;
mod plan;
mod report;
mod shelf;
mod sort;
mod spool;
mod undo;
mod whose;

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};

use mecum_exchange::seal::Key;
use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Denied, Permit};
use mecum_record::caller::Caller;
use mecum_record::ids::{ImportId, RecordId, SourceId};
use mecum_record::source::SourceKind;
use mecum_store::blobs::BlobName;
use mecum_store::{ImportState, NewImport};

pub use report::{LoadReport, PersonOutcome, PersonReport};
pub use undo::{LoadUndone, loads, undo};

pub(crate) use carry::everything;

use super::content::Original;
use super::names::OriginKey;
use super::report::{LineNote, MAX_LISTED};
use super::{Progress, content};
use crate::interaction::is_directory_type;
use crate::permission::permit;
use crate::{Failure, Phr};
use carry::Carrier;
use plan::{Plan, plan};
use report::LoadReport as Report;
use shelf::Outside;
use sort::{Sorted, Sorter};

/// People imported at once, at most.
const MAX_AT_ONCE: usize = 4;

/// Ids looked up in the directory in one step.
const BATCH: usize = 1000;

/// Files of many people.
pub struct LoadJob {
    /// What comes in: files on disk, or kept for a while.
    pub originals: Vec<Original>,
    /// What kind of sender it comes from.
    pub source_kind: SourceKind,
    /// The name of the source; the same name again is the same source.
    pub source_name: String,
    /// Whether somebody named the source; else files of one name may come from two, and an id alone is not believed.
    pub is_source_named: bool,
    /// Opens what is sealed.
    pub key: Option<Key>,
    /// What the logs say of it.
    pub message: String,
}

/// What an import that is part of a load knows of the rest of it.
pub(super) struct Among<'a> {
    pub(super) outside: &'a Outside,
    /// The number in the load of each unit of the import.
    pub(super) units: Vec<usize>,
    pub(super) skips_directory: bool,
}

impl Among<'_> {
    /// The resource that a Bundle of the load calls by this address.
    pub(super) fn address(&self, unit: usize, text: &str) -> Option<&OriginKey> {
        self.outside.addresses.get(&(*self.units.get(unit)?, text.to_owned()))
    }
}

/// Whether a load keeps resources of the type in the directory, and not in the record.
pub(super) fn is_elsewhere(among: Option<&Among<'_>>, resource_type: ResourceType) -> bool {
    among.is_some_and(|among| among.skips_directory) && is_directory_type(resource_type)
}

/// Loads the files: each person's part all or nothing, and nobody's failure keeps the others out.
///
/// # Errors
/// [`Failure::Forbidden`] for a caller who is bound to one record; what is wrong with a file as a whole. Nothing was changed then.
pub fn load(
    phr: &Phr,
    caller: &Caller,
    job: &LoadJob,
    progress: &mut dyn FnMut(Progress),
) -> Result<LoadReport, Failure> {
    let directory = may_load(phr, caller)?;
    phr.store().sweep_unopened(phr.now_us())?;
    let (mut sorted, plan) = sort(phr, caller, job, (&directory, progress))?;
    let unreferred = sorted.unreferred(keeps_directory(caller));
    let kept = keep_aside(phr, &directory, (job, &sorted), (&plan, &unreferred))?;
    let source = phr.store().source_named(&directory, job.source_kind, &job.source_name, phr.now_us())?;
    let new = NewImport { source, at_us: phr.now_us(), originals: kept, report: b"{}".to_vec() };
    let load = phr.store().begin_load(&directory, &new)?;
    let n_unreferred = unreferred.len() as u64;
    let mut report = Report { load: Some(load), n_unreferred, ..begun(job, &mut sorted) };
    let done = carry_all(phr, caller, (job, source), (&sorted, &plan), (&mut report, progress));
    let state = if done.is_ok() { ImportState::Done } else { ImportState::Failed };
    let text = report.to_kept().to_string();
    phr.store().end_load(&directory, (load, state), text.as_bytes(), phr.now_us())?;
    phr.desk().note_event(caller, RecordId::DIRECTORY, "load", phr.now_us());
    done.map(|()| report)
}

/// What [`load`] would do, person by person; nothing is changed.
///
/// # Errors
/// As [`load`].
pub fn preview_load(
    phr: &Phr,
    caller: &Caller,
    job: &LoadJob,
    progress: &mut dyn FnMut(Progress),
) -> Result<LoadReport, Failure> {
    let directory = may_load(phr, caller)?;
    let (mut sorted, plan) = sort(phr, caller, job, (&directory, progress))?;
    let n_unreferred = sorted.unreferred(keeps_directory(caller)).len() as u64;
    let mut report = Report { n_unreferred, ..begun(job, &mut sorted) };
    report.people = plan
        .people
        .iter()
        .map(|person| PersonReport {
            record: person.known,
            patient: None,
            name: sorted.patients.list[person.met].said.as_ref().and_then(|said| said.name.clone()).unwrap_or_default(),
            is_new: person.known.is_none(),
            n_lines: person.n_lines,
            outcome: person.refused.clone().map_or(PersonOutcome::Previewed, PersonOutcome::Refused),
        })
        .collect();
    Ok(report)
}

/// Whether the caller may bring in more than one person, as a permit over the directory.
fn may_load(phr: &Phr, caller: &Caller) -> Result<Permit, Failure> {
    if caller.bound_record().is_some() {
        return Err(Failure::Forbidden(Denied::NoGrant));
    }
    permit(phr, caller, Act::Import, RecordId::DIRECTORY)
}

/// Whether what belongs to nobody goes to the directory: what a system client loads, and nobody's private copies.
fn keeps_directory(caller: &Caller) -> bool {
    matches!(caller, Caller::System { .. })
}

fn sort(
    phr: &Phr,
    caller: &Caller,
    job: &LoadJob,
    (directory, progress): (&Permit, &mut dyn FnMut(Progress)),
) -> Result<(Sorted, Plan), Failure> {
    let total_bytes = total(job);
    let mut n_bytes = 0;
    let mut heard = |n: u64| {
        n_bytes += n;
        progress(Progress { pass: 1, n_lines: 0, n_bytes, total_bytes });
    };
    let keeps_directory = keeps_directory(caller);
    let sorter = Sorter { phr, permit: directory, job, keeps_directory, heard: &mut heard };
    let mut sorted = sorter.sort()?;
    let plan = plan(phr, caller, job, &mut sorted)?;
    Ok((sorted, plan))
}

/// The report before anything is carried: what the reading counted.
fn begun(job: &LoadJob, sorted: &mut Sorted) -> Report {
    let counts = std::mem::take(&mut sorted.counts);
    Report {
        source: job.source_name.clone(),
        n_files: job.originals.len(),
        n_lines: counts.n_lines,
        n_shared: counts.n_shared,
        n_quarantined: counts.n_quarantined,
        n_generated: counts.n_generated,
        n_sender_outcomes: counts.n_sender_outcomes,
        n_media_left: counts.n_media_left,
        notes: counts.notes,
        ..Report::default()
    }
}

/// Keeps what is in no record, where nobody's record is: sealed with the directory's key.
fn keep_aside(
    phr: &Phr,
    directory: &Permit,
    (job, sorted): (&LoadJob, &Sorted),
    (plan, unreferred): (&Plan, &[usize]),
) -> Result<Vec<BlobName>, Failure> {
    let mut kept = Vec::new();
    if !unreferred.is_empty() {
        let copies = unreferred.iter().map(|place| (*place, None)).collect();
        let part = part::Part { cut: part::Cut::Lines, copies };
        kept.push(phr.store().put_blob(directory, &mut part::PartReader::new(sorted, &[], &part))?.name);
    }
    if !plan.aside_slots.is_empty() {
        let mut reader = Aside { lines: sorted.spool.lines(&plan.aside_slots), ready: Vec::new(), at: 0 };
        kept.push(phr.store().put_blob(directory, &mut reader)?.name);
    }
    for whole in &plan.aside_wholes {
        let mut content = job.originals[sorted.wholes[*whole].original].open(phr, directory)?;
        kept.push(phr.store().put_blob(directory, &mut content)?.name);
    }
    Ok(kept)
}

/// Lines that are in no record, one after the other.
struct Aside<'a> {
    lines: spool::Lines<'a>,
    ready: Vec<u8>,
    at: usize,
}

impl Read for Aside<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.ready.len() {
            let Some(line) = self.lines.next().map_err(std::io::Error::other)? else { return Ok(0) };
            (self.ready, self.at) = (line.text, 0);
            self.ready.push(b'\n');
        }
        let len = (self.ready.len() - self.at).min(out.len());
        out[..len].copy_from_slice(&self.ready[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}

/// Fills the directory, and then every person's record, several at once.
fn carry_all(
    phr: &Phr,
    caller: &Caller,
    (job, source): (&LoadJob, SourceId),
    (sorted, plan): (&Sorted, &Plan),
    (report, progress): (&mut Report, &mut dyn FnMut(Progress)),
) -> Result<(), Failure> {
    let keeps_directory = keeps_directory(caller);
    let mut outside = if keeps_directory { sorted.shelf.outside() } else { Outside::default() };
    if keeps_directory {
        let carrier = Carrier { phr, caller, job, sorted, outside: &outside, keeps_directory };
        report.directory = carrier.import_directory()?;
        let directory = permit(phr, caller, Act::Import, RecordId::DIRECTORY)?;
        let of_directory = sorted.shelf.list.iter().filter(|one| one.is_of_directory);
        let keys: Vec<OriginKey> = of_directory.filter_map(|one| one.key.clone()).collect();
        for batch in keys.chunks(BATCH) {
            outside.ids.extend(phr.store().origins_of(&directory, source, None, batch)?);
        }
    }
    let carrier = Carrier { phr, caller, job, sorted, outside: &outside, keeps_directory };
    let (done, notes) = carry_people(&carrier, plan, progress);
    report.people = done;
    report.notes.extend(notes);
    Ok(())
}

fn carry_people(
    carrier: &Carrier<'_>,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress),
) -> (Vec<PersonReport>, Vec<LineNote>) {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_AT_ONCE);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, PersonReport)>> = Mutex::new(Vec::new());
    let notes: Mutex<Vec<LineNote>> = Mutex::new(Vec::new());
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..n_threads.min(plan.people.len()) {
            let sender = sender.clone();
            let (next, done, notes) = (&next, &done, &notes);
            scope.spawn(move || {
                while let Some(person) = plan.people.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (report, found) = carrier.carry(person, &sender);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((person.met, report));
                    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
                    let room = MAX_LISTED.saturating_sub(notes.len());
                    notes.extend(found.into_iter().take(room));
                }
            });
        }
        drop(sender);
        let (mut n_bytes, total_bytes) = (0, total(carrier.job));
        for more in receiver {
            n_bytes += more;
            progress(Progress { pass: 2, n_lines: 0, n_bytes, total_bytes });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(met, _)| *met);
    let notes = notes.into_inner().unwrap_or_else(PoisonError::into_inner);
    (done.into_iter().map(|(_, report)| report).collect(), notes)
}

fn total(job: &LoadJob) -> u64 {
    job.originals.iter().map(|original: &content::Original| original.size_bytes).sum()
}

/// The load that a list of imports calls by this number.
pub type LoadId = ImportId;
