//! The page of one entry: what it says, where it came from, its versions, its raw text.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use mecum_fhir::json::Limits;
use mecum_fhir::reading::{Headline, Standing, attachments, headline, label};
use mecum_fhir::reference::{Id, ResourceType};
use mecum_fhir::resource::Resource;
use mecum_phr::commits::access_to;
use mecum_phr::view::{self, Entry, VersionChange};
use mecum_record::access::ResourceKey;
use mecum_record::ids::VersionId;

use super::access::{AccessLine, at_entry};
use super::difference::Differing;
use super::facts::facts;
use super::file::shown_in_place;
use super::narrative::narrative;
use super::page::released;
use super::session::{Signed, Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::when::when_text;
use super::who::author;
use super::words::Words;
use crate::app::App;

/// Lines of the log of who looked that the page shows; the log itself has all.
const MAX_LOOKS: usize = 20;

/// Differences between two versions that are shown.
const MAX_ELEMENTS: usize = 200;

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    shell: Shell,
    kind: String,
    line: Headline,
    when: String,
    facts: String,
    narrative: Option<String>,
    raw: String,
    entry: Entry,
    /// What the shown version changed, if there is one before it.
    changed: Option<Changed>,
    /// Who looked lately, and whether there is more.
    looks: Vec<AccessLine>,
    attached: Vec<Attached>,
    /// Whether it is a measurement that can be followed over time.
    is_measured: bool,
    /// Whether an older version is shown.
    is_old: bool,
}

/// A version against the one before it.
struct Changed {
    from: i64,
    was_deleted: bool,
    elements: Vec<Differing>,
    is_cut: bool,
}

/// What is attached, with the address of its content here.
struct Attached {
    address: String,
    title: String,
    content_type: String,
    /// How it is shown in place: `image`, `pdf`, `text`, or not at all.
    shown: &'static str,
}

impl EntryPage {
    /// Where this entry is; its versions and who looked at it are told from there.
    fn name(&self) -> String {
        format!("{}/{}", self.entry.shown.key.resource_type.name(), self.entry.shown.key.id)
    }

    /// The author of a version, in words.
    fn author(&self, text: &str) -> String {
        author(text, self.shell.words)
    }
}

/// The current version of an entry.
pub(super) async fn entry(
    State(app): State<App>,
    Path((record, name, id)): Path<(String, String, String)>,
    visit: Visit,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| shown(&visit.signed(phr, &record)?, &key(&name, &id)?, None)).await
}

/// An older version of an entry.
pub(super) async fn version(
    State(app): State<App>,
    Path((record, name, id, version)): Path<(String, String, String, i64)>,
    visit: Visit,
) -> Result<Response, Trouble> {
    let version = Some(VersionId(version));
    page(&app, visit, move |phr, visit| shown(&visit.signed(phr, &record)?, &key(&name, &id)?, version)).await
}

/// `Type/id` of an address; what is none is not there.
pub(super) fn key(name: &str, id: &str) -> Result<ResourceKey, Trouble> {
    let resource_type = ResourceType::parse(name).ok_or_else(Trouble::not_here)?;
    let id = Id::parse(id).map_err(|_| Trouble::not_here())?;
    Ok(ResourceKey { resource_type, id: id.as_str().to_owned() })
}

fn shown(signed: &Signed<'_>, key: &ResourceKey, version: Option<VersionId>) -> Result<Response, Trouble> {
    let asked = signed.asked(&format!("page {}/{}", key.resource_type.name(), key.id));
    let entry = view::entry(signed.phr, &signed.caller, key, version, &asked)?;
    let looks = access_to(signed.phr, &signed.caller, key, (i64::MAX, MAX_LOOKS), &asked)?;
    let all = signed.shell("record")?.with(entry).with(looks);
    let page = all.map(|((shell, entry), (looks, _))| {
        let raw = entry.shown.text.clone().unwrap_or_default();
        let resource = Resource::parse(raw.as_bytes(), &Limits::default()).ok()?;
        let looks = at_entry(&looks, &format!("{}/{}", key.resource_type.name(), key.id), shell.words);
        Some(EntryPage { looks, ..made(shell, entry, (&resource, raw)) })
    });
    released(page.some().ok_or_else(Trouble::broken)?)
}

/// The attachments whose content is in this record.
fn attached(resource: &Resource, shell: &Shell, key: &ResourceKey) -> Vec<Attached> {
    let found = attachments(resource).into_iter().enumerate();
    let here = found.filter(|(_, of)| of.data.is_some() || of.url.starts_with("Binary/") || of.url.is_empty());
    here.map(|(place, of)| Attached {
        address: shell.at(&format!("file/{}/{}/{place}", key.resource_type.name(), key.id)),
        title: if of.title.is_empty() { of.content_type.clone() } else { of.title },
        shown: shown_in_place(&of.content_type),
        content_type: of.content_type,
    })
    .collect()
}

fn changed(change: VersionChange, words: Words) -> Changed {
    let is_cut = change.is_cut || change.elements.len() > MAX_ELEMENTS;
    let elements = change.elements.iter().take(MAX_ELEMENTS).map(|element| Differing::of(element, words)).collect();
    Changed { from: change.from, was_deleted: change.was_deleted, elements, is_cut }
}

fn made(shell: Shell, mut entry: Entry, (resource, raw): (&Resource, String)) -> EntryPage {
    let line = headline(resource);
    let div = resource.root().at(&["text", "div"]).and_then(|div| div.as_str());
    EntryPage {
        kind: label(resource.resource_type().name()),
        when: line.when.as_ref().map_or_else(String::new, |when| when_text(when, shell.words)),
        facts: facts(resource.root(), &shell.at("e"), shell.words),
        narrative: div.and_then(|div| narrative(&div)),
        attached: attached(resource, &shell, &entry.shown.key),
        is_measured: resource.resource_type() == ResourceType::OBSERVATION,
        is_old: entry.versions.first().is_some_and(|newest| newest.version != entry.shown.version),
        changed: entry.change.take().map(|change| changed(change, shell.words)),
        looks: Vec::new(),
        line,
        raw,
        entry,
        shell,
    }
}
