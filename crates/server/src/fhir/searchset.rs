//! The Bundle of a search: each resource as the text it is kept as (REST-31, REST-32).

use mecum_fhir::bundle::{BundleHead, BundleType, BundleWriter, NewEntry, SearchMode};
use mecum_fhir::form;
use mecum_fhir::outcome::{Issue, IssueCode, Outcome};
use mecum_phr::Rendered;
use mecum_phr::interaction::search::SearchSet;

use crate::error::Refusal;
use crate::incoming::Incoming;

/// The parameter of a page, as `SearchQuery` knows it.
pub(crate) use mecum_fhir::search::query::CURSOR;

/// An address longer than this, bytes, is not taken by HTTP servers, ours included.
const MAX_ADDRESS_BYTES: usize = 60_000;

/// Parameters that were passed over are named up to this number.
const MAX_NAMED: usize = 50;

/// The addresses of a search and of its pages.
pub(crate) struct Links {
    /// The search itself: its first page.
    first: String,
    /// The ticket of the page that is asked for, if it is not the first.
    cursor: Option<String>,
}

impl Links {
    /// The addresses of a search below the base, with the parameters that were honoured (REST-31).
    ///
    /// # Errors
    /// When the address of the next page would be too long to be asked for.
    pub(crate) fn of(incoming: &Incoming, address: &str, honoured: &[(String, String)]) -> Result<Links, Refusal> {
        let mut first = incoming.base.clone();
        if !address.is_empty() {
            first.push('/');
            first.push_str(address);
        }
        first.push('?');
        // The form of the answer is no part of the search, but it is of the page.
        let form = incoming.query.iter().filter(|(name, value)| name == "_format" && !value.is_empty()).take(1);
        for (name, value) in honoured.iter().chain(form) {
            form::append(&mut first, name, value);
        }
        if first.ends_with('?') {
            first.pop();
        }
        if first.len() > MAX_ADDRESS_BYTES {
            let message = "the parameters are too long for the addresses of pages: ask for less at once";
            return Err(Refusal::bad_request(IssueCode::TooCostly, message));
        }
        let cursor = incoming.param(CURSOR).filter(|cursor| !cursor.is_empty()).map(str::to_owned);
        Ok(Links { first, cursor })
    }

    fn page(&self, cursor: &str) -> String {
        let mut page = self.first.clone();
        if !page.contains('?') {
            page.push('?');
        }
        form::append(&mut page, CURSOR, cursor);
        page
    }
}

/// The text of the Bundle; `notes` are what the client is to know beside the resources.
pub(crate) fn bundle(base: &str, links: &Links, notes: &[Issue], set: &SearchSet) -> String {
    let own = links.cursor.as_deref().map_or_else(|| links.first.clone(), |cursor| links.page(cursor));
    let next = set.next.as_deref().map(|cursor| links.page(cursor));
    let mut shown = vec![("self", own.as_str()), ("first", links.first.as_str())];
    shown.extend(next.as_deref().map(|next| ("next", next)));
    let head = BundleHead { total: set.total, links: &shown, ..BundleHead::of(BundleType::Searchset) };
    let mut writer = BundleWriter::new(&head);
    for (resources, mode) in [(&set.matches, SearchMode::Match), (&set.included, SearchMode::Include)] {
        for rendered in resources {
            write(&mut writer, base, rendered, mode);
        }
    }
    if let Some(outcome) = outcome(notes, set.is_cut) {
        let search_mode = Some(SearchMode::Outcome);
        writer.entry(&NewEntry { resource: Some(&outcome), search_mode, ..NewEntry::default() });
    }
    writer.finish()
}

fn write(writer: &mut BundleWriter, base: &str, rendered: &Rendered, mode: SearchMode) {
    let full_url = format!("{base}/{}/{}", rendered.key.resource_type.name(), rendered.key.id);
    writer.entry(&NewEntry {
        full_url: Some(&full_url),
        resource: rendered.text.as_deref(),
        search_mode: Some(mode),
        ..NewEntry::default()
    });
}

/// What is to be told of parameters that were passed over (REST-33).
pub(crate) fn of_ignored(ignored: &[String]) -> Vec<Issue> {
    let told = |name: &String| {
        let name: String = name.chars().take(100).collect();
        let message = format!("the parameter `{name}` is not known here and was passed over");
        Issue::warning(IssueCode::NotSupported).diagnostics(message)
    };
    ignored.iter().take(MAX_NAMED).map(told).collect()
}

fn outcome(notes: &[Issue], is_cut: bool) -> Option<String> {
    let mut outcome = Outcome::new();
    notes.iter().cloned().for_each(|note| outcome.push(note));
    if is_cut {
        let message = "more resources belong to this page than come along with it: read the others by their references";
        outcome.push(Issue::warning(IssueCode::Incomplete).diagnostics(message));
    }
    (!notes.is_empty() || is_cut).then(|| outcome.to_json())
}
