//! Search: what the databases answer against what the evaluator answers, page by page, under permits, while others write.

mod paging;
mod random;
mod records;
mod staged;
mod story;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::query::{QueryContext, QueryLimits, SearchQuery};
use mecum_record::access::{Act, Permit};
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::{Change, CommitWords, PageWish, SearchPage, Store, Version};
use mecum_testkit::search::{Asked, World, story as told};

use crate::house::permit;
use crate::resource::{permit_for, words};

/// How queries are read here.
pub(crate) fn context() -> QueryContext<'static> {
    let limits = QueryLimits::default();
    QueryContext { base_url: told::BASE_URL, zone_offset_minutes: 0, now_us: told::NOW_US, limits }
}

pub(crate) fn asked(address: &str) -> SearchQuery {
    Asked::of(address).query(&context()).unwrap_or_else(|fault| panic!("{address}: {fault}"))
}

pub(crate) fn parsed(text: &str) -> Resource {
    Resource::parse(text.as_bytes(), &Limits::default()).unwrap()
}

/// The time of the commit at that place of the chain, from 1.
pub(crate) fn time_of(place: i64) -> i64 {
    told::FIRST_COMMIT_US + (place - 1) * told::COMMITS_APART_US
}

/// Makes one commit at the time that its place has.
pub(crate) fn commit_at(store: &Store, record: RecordId, place: i64, changes: &[Change]) {
    let permits: Vec<Permit> = changes.iter().map(|change| permit_for(store, record, change)).collect();
    let at = CommitWords { at_us: time_of(place), ..words(CommitAct::Update) };
    store.commit(&permits, &at, changes).unwrap();
}

/// The world of these resources, each in a commit of its own.
pub(crate) fn world_of<'r>(resources: impl IntoIterator<Item = (&'r Resource, i64)>) -> World {
    World::of(resources.into_iter().map(|(resource, place)| (resource, time_of(place))), told::BASE_URL, 0)
}

pub(crate) fn searcher(store: &Store, record: RecordId) -> Permit {
    permit(store, record, Act::Search)
}

pub(crate) fn page(store: &Store, permit: &Permit, query: &SearchQuery, limit: usize) -> SearchPage {
    store.search(permit, query, PageWish { limit, max_bytes: 1 << 20, with_total: true }).unwrap()
}

pub(crate) fn address(version: &Version) -> String {
    format!("{}/{}", version.key.resource_type, version.key.id)
}

/// All matches, fetched by pages of this size; each page must say the same total.
pub(crate) fn all_pages(store: &Store, permit: &Permit, query: &SearchQuery, limit: usize) -> Vec<String> {
    let mut query = query.clone();
    let mut found = Vec::new();
    loop {
        let page = page(store, permit, &query, limit);
        assert!(page.matches.len() <= limit);
        assert!(page.next.is_none() || !page.matches.is_empty());
        found.extend(page.matches.iter().map(address));
        query.cursor = page.next;
        if query.cursor.is_none() {
            assert_eq!(page.total, i64::try_from(found.len()).ok());
            return found;
        }
    }
}
