//! Looking at files and importing them beside the requests: each holds a turn of its own as long as it works.

use std::sync::Arc;

use mecum_phr::import::{ImportReport, Progress, preview, run};
use mecum_phr::words::{Caller, RecordId};
use mecum_phr::{Failure, Phr};

use super::jobs::{Job, Jobs, Step};
use crate::app::App;
use crate::portal::trouble::Trouble;

/// What is done with a job.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Find out what it would do.
    Look,
    /// Take it in.
    Take,
}

/// Begins work on a job, unless something is at work on it already. `prepare` changes the job before, once a turn is there.
pub(super) async fn begin(
    app: &App,
    caller: Caller,
    (record, name): (RecordId, String),
    doing: Doing,
    prepare: impl FnOnce(&mut Job),
) -> Result<(), Trouble> {
    let turn = app.stream_turn().await.map_err(|_| Trouble::busy())?;
    let total_bytes = |job: &Job| job.originals.iter().map(|original| original.size_bytes).sum();
    let begun = app.jobs.with(record, &name, |job| {
        // Pressed twice is done once; what was not looked at is not taken in, and what has become an import not again.
        let may_take = matches!(job.step, Step::Looked(_));
        if job.step.is_running() || matches!(job.step, Step::Done(_)) || (doing == Doing::Take && !may_take) {
            return None;
        }
        prepare(job);
        let progress = Progress { pass: 1, n_lines: 0, n_bytes: 0, total_bytes: total_bytes(job) };
        job.step = step_of(doing, progress);
        Some(job.clone())
    });
    let Some(job) = begun.ok_or_else(Trouble::not_here)? else { return Ok(()) };
    let app = app.clone();
    tokio::spawn(async move {
        let _turn = turn;
        let (phr, jobs) = (Arc::clone(&app.phr), Arc::clone(&app.jobs));
        let own = name.clone();
        let worked = app.on_a_thread(move || work(&phr, (&jobs, &own), &caller, &job, doing)).await;
        let step = worked.unwrap_or_else(|_| Step::Refused("import-broken", String::new()));
        let now_us = app.phr.now_us();
        app.jobs.with(record, &name, |job| {
            if matches!(step, Step::Done(_)) {
                job.key = None;
            }
            job.step = step;
            job.touched_at_us = now_us;
        });
    });
    Ok(())
}

fn step_of(doing: Doing, progress: Progress) -> Step {
    match doing {
        Doing::Look => Step::Looking(progress),
        Doing::Take => Step::Taking(progress),
    }
}

fn work(phr: &Phr, (jobs, name): (&Jobs, &str), caller: &Caller, job: &Job, doing: Doing) -> Step {
    let mut heard = |progress: Progress| {
        jobs.with(job.record, name, |job| job.step = step_of(doing, progress));
    };
    let import = job.to_import();
    let done = match doing {
        Doing::Look => preview(phr, caller, &import, &mut heard),
        Doing::Take => run(phr, caller, &import, &mut heard),
    };
    match done {
        Ok(report) => ended(report, doing),
        Err(failure) => refused(failure, job, doing),
    }
}

fn ended(report: ImportReport, doing: Doing) -> Step {
    match doing {
        Doing::Look => Step::Looked(Box::new(report)),
        Doing::Take => Step::Done(report.import),
    }
}

/// Why it was not done, for a page: the sentences of the rooms below quote nothing of the files.
fn refused(failure: Failure, job: &Job, doing: Doing) -> Step {
    let detail = failure.to_string();
    let is_locked = job.looks.iter().any(|look| look.is_locked);
    match failure {
        Failure::Invalid(faults) if is_locked && faults.iter().any(|fault| fault.code == "security") => {
            Step::Locked(job.key.is_some())
        }
        // Looking stands against nothing but the people of the record.
        Failure::Conflict(_) if doing == Doing::Look => Step::Refused("import-others", detail),
        Failure::Conflict(_) | Failure::Busy(_) => Step::Refused("import-later", detail),
        Failure::Full(_) => Step::Refused("import-full", String::new()),
        Failure::Broken(text) | Failure::Damaged(text) => {
            tracing::error!(%text, "an import at the portal failed");
            Step::Refused("import-broken", String::new())
        }
        _ => Step::Refused("import-refused", detail),
    }
}
