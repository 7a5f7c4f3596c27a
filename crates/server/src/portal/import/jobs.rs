//! Files that came in and are looked at or imported, kept in memory: their contents lie sealed in the record.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mecum_phr::import::{ImportJob, ImportReport, Look, Original, OtherPeople, Progress};
use mecum_phr::moment::random_u64;
use mecum_phr::words::seal::Key;
use mecum_phr::words::{ImportId, RecordId, SourceKind};

/// Jobs at once, of everybody and of one record; past it the one that nobody touched for longest is forgotten.
const MAX_JOBS: usize = 200;
const MAX_OF_RECORD: usize = 10;

/// How long a job that nobody touches is remembered, microseconds.
const KEPT_US: i64 = 2 * 60 * 60 * 1_000_000;

/// How far a job is.
#[derive(Clone)]
pub(in crate::portal) enum Step {
    /// A file asks for a passphrase; whether one was tried that does not open it.
    Locked(bool),
    /// What it would do is being found out.
    Looking(Progress),
    /// It would do this.
    Looked(Box<ImportReport>),
    /// It cannot be taken in: the sentence's name in the catalogue, and what the rooms below say.
    Refused(&'static str, String),
    /// It is being taken in.
    Taking(Progress),
    /// It is in the record.
    Done(Option<ImportId>),
}

impl Step {
    /// Whether something is at work on it.
    pub(super) fn is_running(&self) -> bool {
        matches!(self, Step::Looking(_) | Step::Taking(_))
    }
}

/// Files that came in together. Not `Debug`: it may hold a passphrase.
#[derive(Clone)]
pub(in crate::portal) struct Job {
    pub(super) record: RecordId,
    pub(super) originals: Vec<Original>,
    pub(super) looks: Vec<Look>,
    pub(super) source_name: String,
    pub(super) source_kind: SourceKind,
    pub(super) key: Option<Key>,
    pub(super) step: Step,
    pub(super) touched_at_us: i64,
}

impl Job {
    /// The same for the rooms below. Other people's files are refused here: whose they are is not decided by a click.
    pub(super) fn to_import(&self) -> ImportJob {
        let names: Vec<&str> = self.originals.iter().map(|original| original.name.as_str()).collect();
        ImportJob {
            record: self.record,
            originals: self.originals.clone(),
            source_kind: self.source_kind,
            source_name: self.source_name.clone(),
            key: self.key.clone(),
            other_people: OtherPeople::Refuse,
            message: format!("import {}", names.join(", ")),
        }
    }
}

/// All jobs of this process.
#[derive(Default)]
pub(crate) struct Jobs {
    known: Mutex<HashMap<String, Job>>,
}

impl Jobs {
    /// Remembers a job, and gives its name; `None` while so many are at work that none can be forgotten.
    pub(super) fn add(&self, job: Job) -> Option<String> {
        let mut known = self.known();
        let now_us = job.touched_at_us;
        known.retain(|_, job| job.step.is_running() || now_us - job.touched_at_us < KEPT_US);
        let record = job.record;
        let n_of_record = known.values().filter(|job| job.record == record).count();
        let is_crowded = n_of_record >= MAX_OF_RECORD;
        if is_crowded || known.len() >= MAX_JOBS {
            let idle = known.iter().filter(|(_, job)| !job.step.is_running() && (!is_crowded || job.record == record));
            let oldest = idle.min_by_key(|(_, job)| job.touched_at_us).map(|(name, _)| name.clone())?;
            known.remove(&oldest);
        }
        let name = format!("{:016x}{:016x}", random_u64(), random_u64());
        known.insert(name.clone(), job);
        Some(name)
    }

    /// Does something with a job of this record; `None` when there is no such job.
    pub(super) fn with<T>(&self, record: RecordId, name: &str, work: impl FnOnce(&mut Job) -> T) -> Option<T> {
        self.known().get_mut(name).filter(|job| job.record == record).map(work)
    }

    /// Forgets a job that nothing is at work on.
    pub(super) fn forget(&self, record: RecordId, name: &str) {
        self.known().retain(|known, job| known != name || job.record != record || job.step.is_running());
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Job>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idle(record: i64, touched_at_us: i64) -> Job {
        Job {
            record: RecordId(record),
            originals: Vec::new(),
            looks: Vec::new(),
            source_name: String::new(),
            source_kind: SourceKind::Organization,
            key: None,
            step: Step::Locked(false),
            touched_at_us,
        }
    }

    #[test]
    fn jobs_are_bounded_and_the_longest_untouched_is_forgotten() {
        let jobs = Jobs::default();
        let names: Vec<_> = (0..20).map(|at| jobs.add(idle(1, at)).unwrap_or_default()).collect();
        let is_there = |name: &String| jobs.with(RecordId(1), name, |_| ()).is_some();
        assert_eq!(names.iter().map(is_there).collect::<Vec<_>>(), [[false; 10], [true; 10]].concat());
        assert!(jobs.with(RecordId(2), &names[19], |_| ()).is_none(), "another record's job is not there");
        jobs.forget(RecordId(2), &names[19]);
        assert!(is_there(&names[19]));
        let later = jobs.add(idle(2, KEPT_US + 30)).unwrap_or_default();
        assert!(!is_there(&names[19]) && jobs.with(RecordId(2), &later, |_| ()).is_some());
    }

    #[test]
    fn a_job_at_work_is_not_forgotten() {
        let jobs = Jobs::default();
        let at_work = Progress { pass: 1, n_lines: 0, n_bytes: 0, total_bytes: 0 };
        for at in 0..10 {
            assert!(jobs.add(Job { step: Step::Taking(at_work), ..idle(1, at) }).is_some());
        }
        assert!(jobs.add(idle(1, 11)).is_none());
        assert!(jobs.add(idle(2, 11)).is_some());
    }
}
