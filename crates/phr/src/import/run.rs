//! The whole of an import, in order: whose it is, names, people, files that came along, resources, and the one short commit.

use std::io::BufRead;

use mecum_exchange::item::Item;
use mecum_exchange::phr::{Completeness, Ending, Limits, OpenError, open};
use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::commit::CommitAct;
use mecum_record::ids::SourceId;
use mecum_store::{Expected, ImportIssue, NewImport, Staging};

use super::load::Among;
use super::media::{binary, keep_ride};
use super::names::{NameReader, Names};
use super::people;
use super::report::ImportReport;
use super::resolve::Resolver;
use super::take::Taker;
use super::unpack::Unpacked;
use super::{ImportJob, Progress};
use crate::interaction::words;
use crate::permission::permit;
use crate::{Failure, Phr};

/// Lines between two reports of progress.
const PROGRESS_LINES: u64 = 500;

/// Who hears how far it is.
type Listener<'a> = &'a mut dyn FnMut(Progress);

/// Brings a job's originals in: all of it, or nothing (I8).
///
/// # Errors
/// What is wrong with the file, with whose it is, or with the caller's permit; then nothing was changed but that the originals
/// are kept.
pub fn run(phr: &Phr, caller: &Caller, job: &ImportJob, progress: Listener<'_>) -> Result<ImportReport, Failure> {
    run_among(phr, caller, (job, None), progress)
}

/// [`run`] for one record of a load.
///
/// # Errors
/// As [`run`].
pub(super) fn run_among(
    phr: &Phr,
    caller: &Caller,
    (job, among): (&ImportJob, Option<&Among<'_>>),
    progress: Listener<'_>,
) -> Result<ImportReport, Failure> {
    let permit = permit(phr, caller, Act::Import, job.record)?;
    let now_us = phr.now_us();
    let source = phr.store().source_named(&permit, job.source_kind, &job.source_name, now_us)?;
    let new = NewImport {
        source,
        at_us: now_us,
        originals: job.originals.iter().filter_map(super::Original::blob).collect(),
        report: empty_report(job).to_json().to_string().into_bytes(),
    };
    let mut staging = phr.store().begin_staging(&permit, Some(&new), caller.kind(), now_us)?;
    match read_twice(phr, &permit, (job, source, among), Some(&mut staging), progress) {
        Ok((report, subject)) => publish(phr, (caller, &permit), job, (staging, report, subject)),
        Err(failure) => {
            let report = serde_json::json!({"failure": failure.to_string(), "source": job.source_name});
            staging.abandon(report.to_string().as_bytes(), phr.now_us())?;
            Err(failure)
        }
    }
}

/// What [`run`] would do; nothing is changed (IMP-6).
///
/// # Errors
/// As [`run`].
pub fn preview(phr: &Phr, caller: &Caller, job: &ImportJob, progress: Listener<'_>) -> Result<ImportReport, Failure> {
    let permit = permit(phr, caller, Act::Import, job.record)?;
    let known = phr.store().sources(&permit)?.into_iter().find(|source| source.name == job.source_name);
    // A source that is not known yet has nothing mapped: no number of a source is 0.
    let source = known.map_or(SourceId(0), |source| source.source);
    let (report, _) = read_twice(phr, &permit, (job, source, None), None, progress)?;
    Ok(report)
}

fn empty_report(job: &ImportJob) -> ImportReport {
    ImportReport {
        files: job.originals.iter().map(|original| (original.name.clone(), original.size_bytes)).collect(),
        source: job.source_name.clone(),
        ..ImportReport::default()
    }
}

/// Both readings; the report, and the Patient the record is to be about from now on.
fn read_twice(
    phr: &Phr,
    permit: &Permit,
    (job, source, among): (&ImportJob, SourceId, Option<&Among<'_>>),
    mut staging: Option<&mut Staging<'_>>,
    progress: Listener<'_>,
) -> Result<(ImportReport, Option<String>), Failure> {
    let mut unpacked = Unpacked::open(phr, permit, &job.originals, job.key.as_ref())?;
    let mut heard = Heard { progress, now: Progress { pass: 1, n_lines: 0, n_bytes: 0, total_bytes: total(job) } };
    let reader = NameReader::new((phr, permit, source), staging.as_deref_mut(), among);
    let names = read_names(&mut unpacked, reader, &mut heard)?;
    let subject = people::check(phr, permit, &names.people, job.other_people)?;
    heard.now = Progress { pass: 2, n_lines: 0, n_bytes: 0, ..heard.now };
    let commit = staging.as_ref().map(|staging| staging.commit());
    let resolver = Resolver::new(phr, permit, (source, commit), (&names, among));
    let mut taker = Taker::new((phr, permit, source), staging, (resolver, among), empty_report(job));
    take_rides(&mut unpacked, &mut taker)?;
    take_resources(&mut unpacked, &mut taker, &mut heard)?;
    Ok((taker.report, subject))
}

fn read_names(
    unpacked: &mut Unpacked,
    mut reader: NameReader<'_, '_>,
    heard: &mut Heard<'_>,
) -> Result<Names, Failure> {
    for ride in &unpacked.rides {
        reader.take_ride(&ride.path)?;
    }
    for (at, unit) in unpacked.units.clone().iter().enumerate() {
        unpacked.with_stream(unit, |stream| {
            each_item(stream, &unit.name, heard, |item| reader.take(at, &item))?;
            Ok(())
        })?;
    }
    reader.finish()
}

/// Keeps the files that came along, and stages the `Binary` of each that is not known.
fn take_rides(unpacked: &mut Unpacked, taker: &mut Taker<'_, '_>) -> Result<(), Failure> {
    if taker.staging.is_none() {
        taker.report.n_media = unpacked.rides.len() as u64;
        return Ok(());
    }
    for ride in unpacked.rides.clone() {
        taker.report.n_media += 1;
        let key = (ResourceType::BINARY, ride.path.clone());
        taker.resolver.prepare_ids(std::slice::from_ref(&key))?;
        let Some(id) = taker.resolver.id_of(&key).map(str::to_owned) else { continue };
        let (phr, permit) = (taker.phr, taker.permit);
        let kept = unpacked.with_ride(&ride, |content| keep_ride(phr, permit, &ride.path, content))?;
        let Some(staging) = taker.staging.as_mut() else { continue };
        if !phr.store().known_lines(permit, staging.commit(), &[kept.digest])?.is_empty() {
            continue;
        }
        let resource = ResourceKey { resource_type: ResourceType::BINARY, id: id.clone() };
        let is_there = phr.store().present(permit, &[resource])?.len() == 1;
        let expected = if is_there { Expected::Whatever } else { Expected::Absent };
        staging.put(&[binary((&id, taker.source), &kept, expected)?], &[], phr.now_us())?;
    }
    Ok(())
}

fn take_resources(unpacked: &mut Unpacked, taker: &mut Taker<'_, '_>, heard: &mut Heard<'_>) -> Result<(), Failure> {
    for (at, unit) in unpacked.units.clone().iter().enumerate() {
        let links = unpacked.links_of(unit);
        let ending = unpacked.with_stream(unit, |stream| {
            let ending = each_item(stream, &unit.name, heard, |item| taker.take((at, unit), &links, item))?;
            taker.stage((at, unit), &links)?;
            Ok(ending)
        })?;
        if ending.completeness == Completeness::PossiblyTruncated {
            taker.report.is_possibly_truncated = true;
        }
    }
    Ok(())
}

/// Hands every item of a stream to `take`.
fn each_item(
    stream: &mut dyn BufRead,
    name: &str,
    heard: &mut Heard<'_>,
    mut take: impl FnMut(Item) -> Result<(), Failure>,
) -> Result<Ending, Failure> {
    let unreadable = |error: &dyn std::error::Error| {
        Failure::invalid("structure", name, format!("it cannot be read: {}", crate::failure::chain(error)))
    };
    let mut file = match open(stream, &Limits::default()) {
        Ok(file) => file,
        Err(error @ OpenError::TooLarge { .. }) => return Err(Failure::TooLarge(error.to_string())),
        Err(error) => return Err(unreadable(&error)),
    };
    for item in file.by_ref() {
        let item = item.map_err(|error| unreadable(&error))?;
        heard.line(item.place.length);
        take(item)?;
    }
    Ok(file.ending())
}

fn publish(
    phr: &Phr,
    (caller, permit): (&Caller, &Permit),
    job: &ImportJob,
    (staging, mut report, subject): (Staging<'_>, ImportReport, Option<String>),
) -> Result<ImportReport, Failure> {
    let now_us = phr.now_us();
    report.import = staging.import();
    report.commit = (staging.n_versions() > 0).then(|| staging.commit());
    if let Some(import) = report.import {
        let issues: Vec<ImportIssue> = (1i64..)
            .zip(&report.notes)
            .map(|(ordinal, note)| ImportIssue {
                ordinal,
                kind: note.kind.to_owned(),
                detail: format!("{}:{}: {}", note.file, note.line, note.message).into_bytes(),
            })
            .collect();
        phr.store().add_import_issues(permit, import, &issues)?;
    }
    let words = words(caller, CommitAct::Import, now_us, job.message.clone());
    let committed = staging.publish(&words, report.to_json().to_string().as_bytes())?;
    report.commit = committed.map(|committed| committed.commit);
    if let Some(subject) = subject {
        let mut profile = phr.store().record(permit.over())?.profile;
        profile.subject_id = Some(subject);
        phr.store().set_profile(permit, &profile)?;
    }
    phr.desk().note_event(caller, permit.over(), "import", now_us);
    Ok(report)
}

fn total(job: &ImportJob) -> u64 {
    job.originals.iter().map(|original| original.size_bytes).sum()
}

/// Counts lines and bytes, and tells the listener now and then.
struct Heard<'a> {
    progress: Listener<'a>,
    now: Progress,
}

impl Heard<'_> {
    fn line(&mut self, n_bytes: u64) {
        self.now.n_lines += 1;
        self.now.n_bytes += n_bytes;
        if self.now.n_lines.is_multiple_of(PROGRESS_LINES) {
            (self.progress)(self.now);
        }
    }
}
