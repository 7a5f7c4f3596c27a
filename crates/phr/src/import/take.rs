//! The second reading: every resource is compared with what is known, adopted and staged, a batch at a time.

use std::collections::{HashMap, HashSet};

use mecum_exchange::item::{Item, ItemContent};
use mecum_exchange::repair::Repaired;
use mecum_fhir::outcome::Severity;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_fhir::validate::validate;
use mecum_record::access::{Facts, Permit, ResourceKey};
use mecum_record::ids::{CommitId, SourceId, mint};
use mecum_store::{Change, Content, Expected, OriginDigest, Staging, origin_digest};

use super::load::{Among, is_elsewhere};
use super::names::{OriginKey, origin_id};
use super::report::{ImportReport, LineNote};
use super::resolve::Resolver;
use super::unpack::{Links, Unit};
use crate::adopt::{Adopted, Adoption, SourceMeta, adopt};
use crate::moment::random_u64;
use crate::{Failure, Phr};

/// Resources staged in one transaction, at most.
const BATCH: usize = 400;

/// Text of resources staged in one transaction, bytes, unless one alone is longer.
const BATCH_BYTES: usize = 2 << 20;

/// A resource waiting to be compared and staged.
struct Waiting {
    line: u64,
    offset: u64,
    key: Option<OriginKey>,
    repaired: Repaired,
    digest: OriginDigest,
    /// The id the same line got before it was taken back.
    was: Option<String>,
}

/// The second reading of one import.
pub(super) struct Taker<'a, 's> {
    pub(super) phr: &'a Phr,
    pub(super) permit: &'a Permit,
    pub(super) source: SourceId,
    /// Absent for a preview, which keeps nothing.
    pub(super) staging: Option<&'a mut Staging<'s>>,
    pub(super) resolver: Resolver<'a>,
    pub(super) report: ImportReport,
    among: Option<&'a Among<'a>>,
    waiting: Vec<Waiting>,
    waiting_bytes: usize,
    /// What a preview has seen, since it stages nothing to compare with.
    seen: HashSet<OriginDigest>,
}

impl<'a, 's> Taker<'a, 's> {
    pub(super) fn new(
        (phr, permit, source): (&'a Phr, &'a Permit, SourceId),
        staging: Option<&'a mut Staging<'s>>,
        (resolver, among): (Resolver<'a>, Option<&'a Among<'a>>),
        report: ImportReport,
    ) -> Self {
        let (waiting, seen) = (Vec::new(), HashSet::new());
        Self { phr, permit, source, staging, resolver, report, among, waiting, waiting_bytes: 0, seen }
    }

    /// Takes one item in; what it says goes into the report.
    pub(super) fn take(&mut self, unit: (usize, &Unit), links: &Links, item: Item) -> Result<(), Failure> {
        self.report.n_lines += 1;
        let place = item.place;
        let note = |kind: &'static str, message: String| LineNote {
            file: unit.1.name.clone(),
            line: place.line,
            offset: place.offset,
            kind,
            message,
        };
        let key = match &item.content {
            ItemContent::Resource(repaired) => {
                origin_id(&item, &repaired.resource).map(|id| (repaired.resource.resource_type(), id))
            }
            _ => None,
        };
        match item.content {
            ItemContent::Resource(repaired) if is_elsewhere(self.among, repaired.resource.resource_type()) => {
                self.report.n_elsewhere += 1;
            }
            ItemContent::Resource(repaired) => {
                self.note_repairs(&repaired, &note);
                self.note_faults(&repaired, &note);
                let digest = self.digest(&repaired)?;
                self.waiting_bytes += repaired.resource.text().len();
                self.waiting.push(Waiting { line: place.line, offset: place.offset, key, repaired, digest, was: None });
            }
            ItemContent::Quarantined(quarantined) => {
                self.report.n_quarantined += 1;
                self.report.note(note("quarantined", quarantined.fault.to_string()));
            }
            ItemContent::NoResource => {
                self.report.n_quarantined += 1;
                self.report.note(note("quarantined", "the entry holds no resource".to_owned()));
            }
            ItemContent::SenderOutcome(_) => {
                self.report.n_sender_outcomes += 1;
                self.report.note(note("sender", "the sender says that something could not be written".to_owned()));
            }
            ItemContent::Generated(_) => self.report.n_generated += 1,
        }
        if self.waiting.len() >= BATCH || self.waiting_bytes >= BATCH_BYTES {
            self.stage(unit, links)?;
        }
        Ok(())
    }

    fn note_repairs(&mut self, repaired: &Repaired, note: &dyn Fn(&'static str, String) -> LineNote) {
        for repair in &repaired.repairs {
            *self.report.repairs.entry(repair.kind.name().to_owned()).or_default() += 1;
        }
        if let Some(first) = repaired.repairs.first() {
            let more = repaired.repairs.len() - 1;
            let rest = if more == 0 { String::new() } else { format!(" (and {more} more)") };
            self.report.note(note("repaired", format!("{}: {}{rest}", first.expression, first.kind.sentence())));
        }
    }

    fn note_faults(&mut self, repaired: &Repaired, note: &dyn Fn(&'static str, String) -> LineNote) {
        let issues = validate(repaired.resource.json());
        let mut errors = issues.iter().filter(|issue| issue.severity == Severity::Error);
        if let Some(first) = errors.next() {
            self.report.n_faulty += 1;
            let more = errors.count();
            let rest = if more == 0 { String::new() } else { format!(" (and {more} more)") };
            self.report.note(note("fault", format!("{}: {}{rest}", first.expression, first.message)));
        }
    }

    fn digest(&self, repaired: &Repaired) -> Result<OriginDigest, Failure> {
        let mut stream = self.phr.store().origin_digest_stream(self.permit)?;
        stream.part(repaired.source_text().as_bytes());
        Ok(origin_digest(stream))
    }

    fn commit(&self) -> Option<CommitId> {
        self.staging.as_ref().map(|staging| staging.commit())
    }

    /// Compares what waits with what is known, and stages what is new.
    pub(super) fn stage(&mut self, unit: (usize, &Unit), links: &Links) -> Result<(), Failure> {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        let fresh = self.without_known(waiting)?;
        self.resolver.prepare(unit.0, fresh.iter().map(|one| (&one.repaired.resource, one.key.as_ref())))?;
        let now_us = self.phr.now_us();
        let keys: Vec<ResourceKey> = fresh.iter().map(|one| self.key_of(one, now_us)).collect();
        let mut present = self.phr.store().present(self.permit, &keys)?;
        let mut changes = Vec::with_capacity(fresh.len());
        for (one, key) in fresh.into_iter().zip(keys) {
            let is_new = present.insert(key.clone());
            self.count(&key, is_new);
            changes.push(self.change(unit, links, &one, (key, is_new)));
        }
        match self.staging.as_mut() {
            Some(staging) if !changes.is_empty() => Ok(staging.put(&changes, &[], now_us)?),
            _ => Ok(()),
        }
    }

    /// Drops the lines that are known already, from this source or in this file.
    fn without_known(&mut self, waiting: Vec<Waiting>) -> Result<Vec<Waiting>, Failure> {
        let digests: Vec<OriginDigest> = waiting.iter().map(|one| one.digest).collect();
        let staging = self.commit().unwrap_or(CommitId(0));
        let met = self.phr.store().lines_met(self.permit, staging, &digests)?;
        let is_preview = self.staging.is_none();
        let mut batch: HashSet<OriginDigest> = HashSet::new();
        let mut fresh = Vec::with_capacity(waiting.len());
        for mut one in waiting {
            let seen = if is_preview { &mut self.seen } else { &mut batch };
            let before = met.get(&one.digest).cloned();
            if before.as_ref().is_some_and(|line| line.stands) || !seen.insert(one.digest) {
                self.report.n_unchanged += 1;
            } else {
                one.was = before.map(|line| line.key.id);
                fresh.push(one);
            }
        }
        Ok(fresh)
    }

    fn key_of(&self, one: &Waiting, now_us: i64) -> ResourceKey {
        let mapped = one.key.as_ref().and_then(|key| self.resolver.id_of(key)).map(str::to_owned);
        ResourceKey {
            resource_type: one.repaired.resource.resource_type(),
            id: mapped.or_else(|| one.was.clone()).unwrap_or_else(|| mint(now_us, random_u64())),
        }
    }

    fn count(&mut self, key: &ResourceKey, is_new: bool) {
        *(if is_new { &mut self.report.n_created } else { &mut self.report.n_updated }) += 1;
        *self.report.types.entry(key.resource_type.name().to_owned()).or_default() += 1;
    }

    fn change(
        &mut self,
        (at, unit): (usize, &Unit),
        links: &Links,
        one: &Waiting,
        (key, is_new): (ResourceKey, bool),
    ) -> Change {
        let resource = &one.repaired.resource;
        let rides = self.rides(links, resource);
        let resolve = |text: &str| match rides.get(text) {
            Some(target) => Some(target.clone()),
            None => self.resolver.resolve(at, text),
        };
        let adoption = Adoption {
            id: &key.id,
            source_meta: SourceMeta::Kept,
            resolve: &resolve,
            blob: None,
            line: Some(one.line),
        };
        let Adopted { body, unresolved } = adopt(resource, &adoption);
        let change = Change {
            facts: Facts::of(resource, Some(self.source)),
            content: Content::Put(body),
            origin_digest: Some(one.digest),
            expected: if is_new { Expected::Absent } else { Expected::Whatever },
            key,
        };
        self.note_unresolved(unit, (one.line, one.offset), &unresolved);
        change
    }

    /// The links of a resource that mean files which came along, and the `Binary` here of each.
    fn rides(&self, links: &Links, resource: &Resource) -> HashMap<String, String> {
        if links.is_empty() {
            return HashMap::new();
        }
        let target = |path: &str| {
            let id = self.resolver.id_of(&(ResourceType::BINARY, path.to_owned()))?;
            Some(format!("Binary/{id}"))
        };
        resource
            .attachment_urls()
            .filter_map(|link| Some((link.text.to_string(), target(links.path_of(&link.text)?)?)))
            .collect()
    }

    fn note_unresolved(&mut self, unit: &Unit, (line, offset): (u64, u64), unresolved: &[String]) {
        self.report.n_unresolved += unresolved.len() as u64;
        if !unresolved.is_empty() {
            let message = format!("{} of its references lead nowhere and stay as written", unresolved.len());
            self.report.note(LineNote { file: unit.name.clone(), line, offset, kind: "unresolved", message });
        }
    }
}
