//! Everything that goes out, in order: what stands before, Patients, the rest as it was written, what was referred to, the last
//! line (PHR-5, PHR-22, PHR-57).

use mecum_exchange::cover::{self, Export, Generated, RideAlong};
use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Permit, ResourceFilter, ResourceKey};
use mecum_store::body::{BlobContent, Body, Exported};
use mecum_store::{Commit, Version};

use super::media::{MediaWriter, Ride, content_of, inline};
use super::names::{Names, name_of};
use super::outlet::Outlet;
use super::selection::{Selection, admits};
use super::session::Session;
use super::survey::Survey;
use super::target::{Target, hides_names};
use super::{ExportReport, ExportRequest, notes};
use crate::Failure;
use crate::projection::{CommitWriter, Projected, TARGETS};

/// The Patient that the cover names when the caller sees none: the same whether or not there is one.
const NO_PATIENT: &str = "Patient/unknown";
/// What stands before the rest, behind the Patients (PHR-5).
const FIRST: [ResourceType; 2] = [ResourceType::PROVENANCE, ResourceType::CONDITION];
/// Commits read at a time.
const COMMITS_BATCH: i64 = 100;
/// Followed resources read at a time.
const FOLLOWED_BATCH: usize = 100;

/// Writes an export; a failure in mid-stream is told in the last line, where there are lines.
///
/// # Errors
/// As [`super::export`].
pub(super) fn write(
    session: &Session<'_>,
    selection: &Selection,
    survey: &Survey,
    request: &ExportRequest,
    outlet: &Outlet<'_>,
) -> Result<ExportReport, Failure> {
    let permit = session.permit()?;
    let mut names = Names::new(session);
    let patient = match &session.subject {
        Some(key) => names.reference_to(&permit, key)?,
        None => NO_PATIENT.to_owned(),
    };
    let export = Export {
        patient: &patient,
        made_at_us: session.begun_at_us,
        version: env!("CARGO_PKG_VERSION"),
        confidentiality: Some(survey.mark),
    };
    let target = Target::open(request, session, (&export, survey), outlet)?;
    let suppressed = notes::suppressed(&session.filter, request.types.as_deref());
    let report = ExportReport { suppressed, ..ExportReport::default() };
    let mut writing = Writing { session, selection, names, target, report, n_notes: 0 };
    match writing.everything(&export, survey, hides_names(request)) {
        Ok(()) => {
            writing.report.n_lines = writing.target.n_lines;
            writing.target.finish()?;
            Ok(writing.report)
        }
        Err(failure) => {
            if !outlet.is_cut() {
                writing.target.end_with(&notes::fatal(&failure))?;
            }
            Err(failure)
        }
    }
}

fn not(resource_type: ResourceType) -> ResourceFilter {
    ResourceFilter::Not(Box::new(ResourceFilter::TypeIs(resource_type)))
}

struct Writing<'s, 'a, 't, 'o> {
    session: &'s Session<'a>,
    selection: &'s Selection,
    names: Names<'s, 'a>,
    target: Target<'t, 'o>,
    report: ExportReport,
    /// OperationOutcomes so far, for their ids.
    n_notes: u64,
}

impl Writing<'_, '_, '_, '_> {
    fn everything(&mut self, export: &Export<'_>, survey: &Survey, hides_names: bool) -> Result<(), Failure> {
        let mut rides = Vec::new();
        if self.target.takes_media() {
            let (session, names, target) = (self.session, &mut self.names, &mut self.target);
            rides = MediaWriter { session, names, target, hides_names }.write(self.selection)?;
            self.report.n_media = rides.len() as u64;
        }
        self.target.start_record()?;
        self.opening(export, survey, &rides)?;
        self.resources()?;
        self.followed(&survey.followed)?;
        self.undescribed(export, &rides)?;
        if self.target.has_lines() {
            let n_lines = self.target.n_lines + 1;
            self.generated(Generated::Closing, &cover::closing(export, n_lines))?;
        }
        Ok(())
    }

    /// Cover page and manifest, and a word on what is left out.
    fn opening(&mut self, export: &Export<'_>, survey: &Survey, rides: &[Ride]) -> Result<(), Failure> {
        if self.target.has_lines() {
            let counts: Vec<(ResourceType, u64)> = survey.counts.iter().map(|(kind, count)| (*kind, *count)).collect();
            self.generated(Generated::Cover, &cover::cover(export, &counts))?;
            let rides: Vec<RideAlong<'_>> = rides.iter().map(Ride::listed).collect();
            self.generated(Generated::Manifest, &cover::manifest(export, &rides))?;
        }
        if self.session.filter != ResourceFilter::Every {
            let text = notes::filtered(&self.report.suppressed);
            self.target.put((ResourceType::OPERATION_OUTCOME, notes::FILTERED_ID), |out| out.push_str(&text))?;
        }
        Ok(())
    }

    /// A line of our own; a document has only its Composition, which is there already.
    fn generated(&mut self, generated: Generated, text: &str) -> Result<(), Failure> {
        self.target.put((generated.resource_type(), ""), |out| out.push_str(text))
    }

    /// The person it is about, other Patients, where everything is from, the problems, and the rest as it was written (PHR-5).
    fn resources(&mut self) -> Result<(), Failure> {
        let (session, selection) = (self.session, self.selection);
        let mut others = ResourceFilter::TypeIs(ResourceType::PATIENT);
        if admits(&selection.filter, ResourceType::PATIENT) {
            if let Some(subject) = &session.subject {
                let subject = ResourceFilter::ResourceIs(subject.clone());
                self.walk(subject.clone())?;
                others = others.and(ResourceFilter::Not(Box::new(subject)));
            }
            self.walk(others)?;
        }
        let mut rest = not(ResourceType::PATIENT);
        for first in FIRST {
            if admits(&selection.filter, first) {
                self.walk(ResourceFilter::TypeIs(first))?;
            }
            if first == ResourceType::PROVENANCE && self.target.has_lines() {
                self.commits()?;
            }
            rest = rest.and(not(first));
        }
        self.walk(rest)
    }

    /// What of the selection passes a filter, oldest first.
    fn walk(&mut self, narrowed: ResourceFilter) -> Result<(), Failure> {
        let (session, selection) = (self.session, self.selection);
        let narrowed = selection.filter.clone().and(narrowed);
        session.pages(selection.which, &narrowed, |permit, page| self.page(permit, page))
    }

    /// The Provenance of every commit that made something of the selection, newest first; an import of the file drops them.
    fn commits(&mut self) -> Result<(), Failure> {
        let (session, filter) = (self.session, &self.selection.filter);
        if !admits(&session.filter, ResourceType::PROVENANCE) || !self.selection.has_provenance {
            return Ok(());
        }
        let mut before = session.until_seq.saturating_add(1);
        loop {
            let permit = session.permit()?;
            let commits = session.phr.store().log(&permit, before, COMMITS_BATCH)?;
            for commit in commits.iter().filter(|commit| session.takes(commit.seq)) {
                self.commit(&permit, commit, filter)?;
            }
            match commits.last() {
                Some(last) if session.takes(last.seq) => before = last.seq,
                _ => return Ok(()),
            }
        }
    }

    fn commit(&mut self, permit: &Permit, commit: &Commit, filter: &ResourceFilter) -> Result<(), Failure> {
        let (phr, until_seq) = (self.session.phr, self.session.until_seq);
        let mut writer = None;
        for page in 1..=(commit.n_versions + TARGETS - 1) / TARGETS {
            let places = ((page - 1) * TARGETS, page * TARGETS);
            let targets = phr.store().commit_targets_at(permit, commit.commit, places, (until_seq, filter))?;
            if targets.is_empty() {
                continue;
            }
            let keys: Vec<ResourceKey> = targets.into_iter().map(|target| target.key).collect();
            self.names.prepare_keys(permit, &keys)?;
            let names: Vec<String> =
                keys.iter().map(|key| format!("{}/{}", key.resource_type.name(), self.names.id_of(key))).collect();
            if writer.is_none() {
                writer = Some(CommitWriter::new(phr, permit, commit, false)?);
            }
            let id = Projected::commit(self.session.record, commit.commit, page).key().id;
            let text = writer.as_ref().map(|writer| writer.write(&id, &names)).unwrap_or_default();
            self.target.put((ResourceType::PROVENANCE, &id), |out| out.push_str(&text))?;
        }
        Ok(())
    }

    /// A DocumentReference for each file that nothing in the export leads to (PHR-23).
    fn undescribed(&mut self, export: &Export<'_>, rides: &[Ride]) -> Result<(), Failure> {
        for ride in rides {
            if self.names.undescribed.remove(&ride.written.url) {
                let text = cover::ride_along(export, &ride.listed(), &ride.described());
                self.generated(Generated::Ride, &text)?;
            }
        }
        Ok(())
    }

    /// What goes out because something refers to it.
    fn followed(&mut self, keys: &[ResourceKey]) -> Result<(), Failure> {
        for batch in keys.chunks(FOLLOWED_BATCH) {
            let permit = self.session.permit()?;
            let mut versions = Vec::with_capacity(batch.len());
            for key in batch {
                let found = self.session.as_of_begin(&permit, key)?;
                versions.extend(found.filter(|version| !version.is_deleted()));
            }
            self.page(&permit, &versions)?;
        }
        Ok(())
    }

    fn page(&mut self, permit: &Permit, versions: &[Version]) -> Result<(), Failure> {
        self.names.prepare(permit, versions)?;
        for version in versions {
            self.version(permit, version)?;
        }
        Ok(())
    }

    fn version(&mut self, permit: &Permit, version: &Version) -> Result<(), Failure> {
        if let Some((body, blob)) = content_of(version) {
            if self.rode_along(version, blob) {
                self.report.n_resources += 1;
                return Ok(());
            }
            let (id, references) = (self.names.id_of(&version.key), self.names.references_of(body));
            let mut text = String::new();
            Exported { body, id: &id, references: &references }.write(&mut text);
            return match inline(self.session.phr, permit, text, (blob, self.target.max_inline_bytes())) {
                Ok(text) => {
                    self.count();
                    self.target.put_whole((version.key.resource_type, &id), text)
                }
                Err(why) => self.note(version, |name, note_id| notes::left_out(name, why, note_id)),
            };
        }
        match &version.body {
            None => self.note(version, notes::deleted),
            Some(body) => self.plain(&version.key, body),
        }
    }

    fn plain(&mut self, key: &ResourceKey, body: &Body) -> Result<(), Failure> {
        let (id, references) = (self.names.id_of(key), self.names.references_of(body));
        self.count();
        self.target.put((key.resource_type, &id), |out| Exported { body, id: &id, references: &references }.write(out))
    }

    /// Whether this is a `Binary` whose content is a file of the archive. It was counted when the file was written.
    fn rode_along(&self, version: &Version, blob: &BlobContent) -> bool {
        self.names.media.get(&name_of(&version.key)).is_some_and(|media| media.blob == blob.name)
    }

    fn count(&mut self) {
        self.report.n_resources += 1;
        self.target.count_resource();
    }

    /// An OperationOutcome in the place of a version, about `Type/id` as it goes out.
    fn note(&mut self, version: &Version, text_of: impl FnOnce(&str, &str) -> String) -> Result<(), Failure> {
        self.n_notes += 1;
        let note_id = format!("mecum-note-{}", self.n_notes);
        let name = format!("{}/{}", version.key.resource_type.name(), self.names.id_of(&version.key));
        let text = text_of(&name, &note_id);
        self.target.put((ResourceType::OPERATION_OUTCOME, &note_id), |out| out.push_str(&text))
    }
}
