//! The files of `$ehi-export`: one a type, with all that is kept about the person: resources, the Provenance of commits, the
//! AuditEvents of the access log, and the originals of imports, which DocumentReferences describe (EHI-6 to EHI-8, BLK-11).

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit, ResourceFilter};
use mecum_record::caller::Caller;
use mecum_record::ids::ImportId;
use mecum_store::body::BlobContent;
use mecum_store::{Cursor, Walk, Which};

use super::{Job, Out};
use crate::disclose::Asked;
use crate::export::outlet::{CHUNK_BYTES, Outlet};
use crate::permission::standing_permit;
use crate::projection::Everything;
use crate::{Failure, Phr, Rendered};

/// Versions read at a time.
const PAGE_VERSIONS: usize = 200;
/// Bytes of sealed bodies a page, roughly at most.
const PAGE_BYTES: usize = 1 << 20;
/// Bytes of a content encoded at a time; a multiple of three.
const STEP_BYTES: u64 = 192 << 10;

/// A file of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFile {
    /// Its name, the last part of its address.
    pub name: String,
    /// The type of what is in it.
    pub resource_type: ResourceType,
    /// How many resources, where that is known beforehand.
    pub count: Option<i64>,
}

impl JobFile {
    pub(super) fn whole(name: &str, resource_type: ResourceType) -> JobFile {
        JobFile { name: name.to_owned(), resource_type, count: None }
    }
}

/// The types of which something is added that is not stored.
const COMPUTED: [ResourceType; 3] =
    [ResourceType::PROVENANCE, ResourceType::AUDIT_EVENT, ResourceType::DOCUMENT_REFERENCE];

/// The files, one for each type.
pub(super) fn files(phr: &Phr, permit: &Permit, job: &Job) -> Result<Vec<JobFile>, Failure> {
    let file = |resource_type: ResourceType, count| JobFile {
        name: format!("{}.ndjson", resource_type.name()),
        resource_type,
        count,
    };
    let stored = phr.store().types_at(permit, job.detail.until_seq)?;
    let plain = stored.into_iter().filter(|(kind, _)| !COMPUTED.contains(kind));
    Ok(plain.map(|(kind, count)| file(kind, Some(count))).chain(COMPUTED.map(|kind| file(kind, None))).collect())
}

/// Writes one of them, or an original as it came.
pub(super) fn send(
    phr: &Phr,
    caller: &Caller,
    (job, file): (&Job, &str),
    (base, asked): (&str, &Asked),
    out: Out<'_>,
) -> Result<(), Failure> {
    let not_found = || Failure::NotFound(format!("file {file}"));
    let wanted = Wanted::of(file).ok_or_else(not_found)?;
    let permit = standing_permit(phr, caller, Act::EhiExport, job.record)?;
    let everything = Everything { phr, permit: &permit };
    if let Wanted::Original(import, at) = wanted
        && everything.original(import, at)?.is_none()
    {
        return Err(not_found());
    }
    let stream = phr.desk().stream(phr.store(), (caller, &permit), asked, phr.now_us())?;
    let outlet = Outlet::new(stream, out);
    let mut writing = Writing { phr, caller, job, base, outlet: &outlet, lines: Vec::new() };
    let written = match wanted {
        Wanted::Type(resource_type) => writing.all_of(resource_type),
        Wanted::Original(import, at) => writing.original(import, at),
    };
    let outcome = if written.is_ok() { "done" } else { "stopped" };
    outlet.close(phr.store(), outcome, phr.now_us())?;
    written
}

#[derive(Clone, Copy)]
enum Wanted {
    Type(ResourceType),
    Original(ImportId, i64),
}

impl Wanted {
    fn of(file: &str) -> Option<Wanted> {
        if let Some(name) = file.strip_suffix(".ndjson") {
            return ResourceType::parse(name).map(Wanted::Type);
        }
        let (import, at) = file.strip_prefix("original-")?.split_once('-')?;
        Some(Wanted::Original(ImportId(import.parse().ok()?), at.parse().ok()?))
    }
}

struct Writing<'w, 'o> {
    phr: &'w Phr,
    caller: &'w Caller,
    job: &'w Job,
    base: &'w str,
    outlet: &'w Outlet<'o>,
    lines: Vec<u8>,
}

impl Writing<'_, '_> {
    /// A permit of this moment: a scope that was taken away ends the file at its next page.
    fn permit(&self) -> Result<Permit, Failure> {
        standing_permit(self.phr, self.caller, Act::EhiExport, self.job.record)
    }

    fn all_of(&mut self, resource_type: ResourceType) -> Result<(), Failure> {
        self.stored(resource_type)?;
        match resource_type {
            ResourceType::PROVENANCE => self.commits()?,
            ResourceType::AUDIT_EVENT => self.accesses()?,
            ResourceType::DOCUMENT_REFERENCE => self.originals()?,
            _ => {}
        }
        self.outlet.send(std::mem::take(&mut self.lines))
    }

    fn stored(&mut self, resource_type: ResourceType) -> Result<(), Failure> {
        let only = ResourceFilter::TypeIs(resource_type);
        let until_seq = self.job.detail.until_seq;
        let walk = Walk { which: Which::Current, narrowed: &only, until_seq, max_page_bytes: PAGE_BYTES };
        let mut after = Cursor::default();
        loop {
            let permit = self.permit()?;
            let page = self.phr.store().page(&permit, &walk, after, PAGE_VERSIONS)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.cursor();
            for version in &page {
                let rendered = Rendered::of(version);
                let Some(text) = rendered.text else { continue };
                match &rendered.blob {
                    Some(blob) => self.with_content(text, blob)?,
                    None => self.line(&text)?,
                }
            }
        }
    }

    fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.outlet.count_resource();
        self.lines.extend_from_slice(text.as_bytes());
        self.lines.push(b'\n');
        if self.lines.len() < CHUNK_BYTES { Ok(()) } else { self.outlet.send(std::mem::take(&mut self.lines)) }
    }

    /// A Binary with its content in it, however long: it leaves as it is read.
    fn with_content(&mut self, mut text: String, blob: &BlobContent) -> Result<(), Failure> {
        let damaged = || Failure::Damaged("a kept content is missing or damaged: run mecum verify".to_owned());
        let name = blob.name.parse().map_err(|_| damaged())?;
        let mut content = self.phr.store().open_blob(&self.permit()?, name)?;
        text.pop();
        text.push_str(",\"data\":\"");
        self.outlet.count_resource();
        self.lines.extend_from_slice(text.as_bytes());
        let mut step = Vec::new();
        loop {
            step.clear();
            content.by_ref().take(STEP_BYTES).read_to_end(&mut step).map_err(|_| damaged())?;
            if step.is_empty() {
                break;
            }
            self.lines.extend_from_slice(STANDARD.encode(&step).as_bytes());
            self.outlet.send(std::mem::take(&mut self.lines))?;
        }
        self.lines.extend_from_slice(b"\"}\n");
        Ok(())
    }

    /// The Provenance of each commit, newest first.
    fn commits(&mut self) -> Result<(), Failure> {
        let mut before = self.job.detail.until_seq.saturating_add(1);
        loop {
            let permit = self.permit()?;
            let (texts, next) = Everything { phr: self.phr, permit: &permit }.provenances(before)?;
            texts.iter().try_for_each(|text| self.line(text))?;
            let Some(next) = next else { return Ok(()) };
            before = next;
        }
    }

    /// The AuditEvents of the log as it was, newest first.
    fn accesses(&mut self) -> Result<(), Failure> {
        let mut before = self.job.detail.last_line.saturating_add(1);
        loop {
            let permit = self.permit()?;
            let (texts, next) = Everything { phr: self.phr, permit: &permit }.audit_events(before)?;
            texts.iter().try_for_each(|text| self.line(text))?;
            let Some(next) = next else { return Ok(()) };
            before = next;
        }
    }

    /// A DocumentReference for each original, with the address from which this job gives it (EHI-7).
    fn originals(&mut self) -> Result<(), Failure> {
        let permit = self.permit()?;
        for import in self.phr.store().imports(&permit)? {
            if import.started_at_us > self.job.as_of_us {
                continue;
            }
            for at in (1i64..).take(import.originals.len()) {
                let permit = self.permit()?;
                let url = format!("{}/job/{}/original-{}-{at}", self.base, self.job.id, import.import);
                let everything = Everything { phr: self.phr, permit: &permit };
                if let Some(text) = everything.described(import.import, at, &url)? {
                    self.line(&text)?;
                }
            }
        }
        Ok(())
    }

    fn original(&mut self, import: ImportId, at: i64) -> Result<(), Failure> {
        let permit = self.permit()?;
        let everything = Everything { phr: self.phr, permit: &permit };
        let Some(mut content) = everything.original(import, at)? else { return Ok(()) };
        let unreadable = |error: std::io::Error| Failure::Damaged(crate::failure::chain(&error));
        self.outlet.count_resource();
        loop {
            let mut piece = Vec::new();
            content.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut piece).map_err(unreadable)?;
            if piece.is_empty() {
                return Ok(());
            }
            self.outlet.send(piece)?;
        }
    }
}
