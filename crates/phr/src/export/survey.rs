//! What must be known before the first line: counts for the cover page, the strictest label (PHR-94), what lies outside the dates
//! and is referred to (PHR-55), and the table of contents of a document (PHR-54).

use std::collections::{BTreeMap, HashMap, HashSet};

use mecum_exchange::cover::Confidentiality;
use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Label, LabelSet, Permit, ResourceFilter, ResourceKey};
use mecum_store::{Cursor, Version};

use super::names::{Names, key_of, references};
use super::notes::FILTERED_ID;
use super::selection::Selection;
use super::session::Session;
use super::{ExportFormat, ExportRequest};
use crate::Failure;

/// Versions up to which an export is read once beforehand only for the counts on the cover page. What the caller does not see
/// does not count here either.
const COUNTED_VERSIONS: u64 = 20_000;
/// Different references followed, at most.
const MAX_FOLLOWED: usize = 250_000;
/// Entries of a document, at most: its first one lists them all.
const MAX_ENTRIES: usize = 100_000;

/// What is known beforehand.
pub(super) struct Survey {
    /// How many there are of each type; empty when they were not counted.
    pub(super) counts: HashMap<ResourceType, u64>,
    /// The strictest label of anything in it.
    pub(super) mark: Confidentiality,
    /// What goes out only because something refers to it, in the order in which it was written.
    pub(super) followed: Vec<ResourceKey>,
    /// Type and id of every entry, for a document.
    pub(super) entries: Vec<(ResourceType, String)>,
}

/// Looks at what will go out.
///
/// # Errors
/// [`Failure::TooLarge`] when more would have to be remembered than is allowed.
pub(super) fn survey(session: &Session<'_>, selection: &Selection, request: &ExportRequest) -> Result<Survey, Failure> {
    let is_document = request.format == ExportFormat::Bundle;
    let is_needed = is_document || selection.follows_references;
    let mut surveyor = Surveyor {
        session,
        selection,
        names: is_document.then(|| Names::new(session)),
        counts: HashMap::new(),
        labels: LabelSet::default(),
        seen: HashSet::new(),
        followed: BTreeMap::new(),
        entries: Vec::new(),
    };
    if is_document && session.filter != ResourceFilter::Every {
        surveyor.entries.push((ResourceType::OPERATION_OUTCOME, FILTERED_ID.to_owned()));
    }
    session.pages_while(selection.which, &selection.filter, |permit, page| {
        surveyor.take(permit, page)?;
        Ok(is_needed || surveyor.n_counted() <= COUNTED_VERSIONS)
    })?;
    if !is_needed && surveyor.n_counted() > COUNTED_VERSIONS {
        let mark = strictest(session, selection)?;
        return Ok(Survey { counts: HashMap::new(), mark, followed: Vec::new(), entries: Vec::new() });
    }
    let mark = mark_of(surveyor.labels);
    let followed = surveyor.followed.into_values().collect();
    Ok(Survey { counts: surveyor.counts, mark, followed, entries: surveyor.entries })
}

struct Surveyor<'s, 'a> {
    session: &'s Session<'a>,
    selection: &'s Selection,
    /// Present for a document.
    names: Option<Names<'s, 'a>>,
    counts: HashMap<ResourceType, u64>,
    labels: LabelSet,
    /// References met, each once.
    seen: HashSet<String>,
    followed: BTreeMap<Cursor, ResourceKey>,
    entries: Vec<(ResourceType, String)>,
}

impl Surveyor<'_, '_> {
    fn take(&mut self, permit: &Permit, page: &[Version]) -> Result<(), Failure> {
        self.count(permit, page)?;
        if !self.selection.follows_references {
            return Ok(());
        }
        let mut open: Vec<ResourceKey> = Vec::new();
        page.iter().try_for_each(|version| self.note_references(version, &mut open))?;
        while let Some(key) = open.pop() {
            if let Some(version) = self.outside(permit, &key)? {
                self.note_references(&version, &mut open)?;
                self.count(permit, std::slice::from_ref(&version))?;
                self.followed.insert(version.cursor(), key);
            }
        }
        Ok(())
    }

    fn n_counted(&self) -> u64 {
        self.counts.values().sum()
    }

    fn count(&mut self, permit: &Permit, versions: &[Version]) -> Result<(), Failure> {
        for version in versions {
            self.labels = LabelSet(self.labels.0 | version.facts.labels.0);
            *self.counts.entry(version.key.resource_type).or_default() += 1;
        }
        let Some(names) = &mut self.names else { return Ok(()) };
        names.prepare(permit, versions)?;
        self.entries.extend(versions.iter().map(|version| (version.key.resource_type, names.id_of(&version.key))));
        if self.entries.len() > MAX_ENTRIES {
            let words = format!("a Bundle takes up to {MAX_ENTRIES} resources: ask for ndjson, phr or sphr (PHR-12)");
            return Err(Failure::TooLarge(words));
        }
        Ok(())
    }

    /// Puts references that were not met before on the list.
    fn note_references(&mut self, version: &Version, open: &mut Vec<ResourceKey>) -> Result<(), Failure> {
        for text in version.body.iter().flat_map(references) {
            if !self.seen.contains(text) {
                self.seen.insert(text.to_owned());
                open.extend(key_of(text));
            }
        }
        if self.seen.len() > MAX_FOLLOWED {
            let words = "what lies within these dates refers to too many resources: ask without dates";
            return Err(Failure::TooLarge(words.to_owned()));
        }
        Ok(())
    }

    /// A resource that the dates leave out; `None` for one that goes out by itself, is deleted or hidden.
    fn outside(&self, permit: &Permit, key: &ResourceKey) -> Result<Option<Version>, Failure> {
        let found = self.session.as_of_begin(permit, key)?;
        Ok(found
            .filter(|version| !version.is_deleted() && !self.selection.filter.matches(&version.facts, &version.key.id)))
    }
}

/// The strictest label, found without reading everything.
fn strictest(session: &Session<'_>, selection: &Selection) -> Result<Confidentiality, Failure> {
    let permit = session.permit()?;
    let is_any = |labels: &[Label]| {
        let labelled = ResourceFilter::Or(labels.iter().copied().map(ResourceFilter::HasLabel).collect());
        session.first(&permit, &selection.filter.clone().and(labelled)).map(|found| found.is_some())
    };
    Ok(if is_any(&[Label::VeryRestricted])? {
        Confidentiality::VeryRestricted
    } else if is_any(Label::ALL)? {
        Confidentiality::Restricted
    } else {
        Confidentiality::Normal
    })
}

/// Health data without a label is of normal confidentiality; any label of sensitivity makes it restricted (LBL-2).
fn mark_of(labels: LabelSet) -> Confidentiality {
    match labels {
        labels if labels.has(Label::VeryRestricted) => Confidentiality::VeryRestricted,
        LabelSet(0) => Confidentiality::Normal,
        _ => Confidentiality::Restricted,
    }
}
