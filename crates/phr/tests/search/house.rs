//! A record on each database, a clock that stands still, and whoever searches.

use std::sync::Arc;

use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::{QueryContext, QueryLimits, SearchQuery};
use mecum_phr::disclose::Asked as Noted;
use mecum_phr::import::{ImportJob, OtherPeople, keep, run};
use mecum_phr::interaction::search::{SearchRequest, SearchSet, search};
use mecum_phr::interaction::{self};
use mecum_phr::{Clock, Failure, Phr, Rendered, commits, record};
use mecum_record::access::{Grant, ResourceKey, ScopeSet};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;
use mecum_store::keys::InstallationKey;
use mecum_store::{Place, Store, Workload};
use mecum_testkit::harness::{self, TestDatabase};
use mecum_testkit::search::Asked;
use tempfile::TempDir;

struct StandingClock(harness::Clock);

impl Clock for StandingClock {
    fn now_us(&self) -> i64 {
        self.0.now_us()
    }
}

/// A record in an installation of its own.
pub(crate) struct House {
    pub(crate) phr: Phr,
    pub(crate) record: RecordId,
    pub(crate) clock: harness::Clock,
    store: Store,
    _database: TestDatabase,
    _blobs: TempDir,
}

/// Runs a test on each database.
pub(crate) fn on_both(test: impl Fn(&House)) {
    for database in harness::databases() {
        println!("on {}", database.name());
        test(&House::on(database));
    }
}

pub(crate) fn operator() -> Caller {
    Caller::Operator { name: "test".to_owned() }
}

impl House {
    fn on(database: TestDatabase) -> House {
        let blobs = tempfile::tempdir().unwrap();
        let place = match database.place() {
            harness::Place::Sqlite(folder) => Place::Folder(folder.to_owned()),
            harness::Place::Postgres(url) => Place::Postgres { url: url.to_owned(), blobs: blobs.path().to_owned() },
        };
        let (key, clock) = (InstallationKey::generate(), harness::Clock::default());
        let open = || Store::open(&place, &key, Workload::COMMAND, clock.now_us()).unwrap();
        let (phr, store) = (Phr::new(open(), Arc::new(StandingClock(clock.clone()))), open());
        let record = record::open(&phr, &operator(), "Somebody").unwrap();
        House { phr, record, clock, store, _database: database, _blobs: blobs }
    }

    /// An app bound to the record.
    pub(crate) fn app(&self, scopes: &str) -> Caller {
        app_of(self.record, scopes)
    }

    /// A system, and a grant of this record for it.
    pub(crate) fn system(&self, scopes: &str, ends_at: Option<i64>) -> Caller {
        let scopes = ScopeSet::parse(scopes).unwrap();
        let client = "clinic".to_owned();
        let grant = Grant {
            record: self.record,
            client: client.clone(),
            scopes: scopes.clone(),
            starts_at: self.clock.now_us(),
            ends_at,
            revoked_at: None,
        };
        self.store.add_grant(&grant).unwrap();
        Caller::System { token_id: "s".to_owned(), client, scopes }
    }

    /// Imports lines; ids are minted, references follow them.
    pub(crate) fn import(&self, lines: &[&str]) {
        self.clock.advance(1_000_000);
        let text: String = lines.iter().map(|line| format!("{}\n", line.replace('\n', " "))).collect();
        let original = keep(&self.phr, &operator(), self.record, "a.ndjson", &mut text.as_bytes()).unwrap();
        let job = ImportJob {
            record: self.record,
            message: "a file".to_owned(),
            originals: vec![original],
            source_kind: SourceKind::Organization,
            source_name: "Ward 4".to_owned(),
            key: None,
            other_people: OtherPeople::Keep,
        };
        run(&self.phr, &operator(), &job, &mut |_| {}).unwrap();
    }

    /// Makes a resource and gives its `Type/id`.
    pub(crate) fn make(&self, text: &str) -> String {
        self.clock.advance(1_000_000);
        let of = text.split('"').nth(3).and_then(ResourceType::parse).unwrap();
        let made =
            interaction::create(&self.phr, &self.app("patient/*.cruds"), of, text.as_bytes(), &Noted::new("POST"));
        let rendered = made.unwrap().deliver().resource;
        format!("{of}/{}", rendered.key.id)
    }

    /// The query of an address.
    pub(crate) fn query(&self, address: &str) -> SearchQuery {
        let now_us = self.clock.now_us();
        let context = QueryContext { base_url: "", zone_offset_minutes: 0, now_us, limits: QueryLimits::default() };
        Asked::of(address).query(&context).unwrap()
    }

    /// One page, as this caller gets it; `page` is the ticket of the page before.
    pub(crate) fn search(&self, caller: &Caller, address: &str, page: Option<&str>) -> Result<SearchSet, Failure> {
        let query = SearchQuery { cursor: page.map(str::to_owned), ..self.query(address) };
        let record = matches!(caller, Caller::Operator { .. }).then_some(self.record);
        let path = address.split('?').next().unwrap();
        let request = SearchRequest { address: path, query: &query, record };
        Ok(search(&self.phr, caller, &request, &Noted::new("GET"))?.deliver())
    }

    /// All pages, as this caller gets them: the names of the matches in order.
    pub(crate) fn walk(&self, caller: &Caller, address: &str) -> Vec<String> {
        let (mut met, mut page) = (Vec::new(), None);
        loop {
            let set = self.search(caller, address, page.as_deref()).unwrap();
            met.extend(names(&set.matches));
            page = set.next;
            if page.is_none() {
                return met;
            }
            assert!(met.len() < 5000, "it does not end");
        }
    }

    /// Everything that is in the log of who looked, as one text.
    pub(crate) fn access_log(&self) -> String {
        self.phr.flush_access_log().unwrap();
        let lines = commits::access_log(&self.phr, &operator(), self.record, i64::MAX, 1000).unwrap().deliver();
        lines.iter().map(|line| format!("{} {}\n", line.kind.word(), line.detail)).collect()
    }
}

pub(crate) fn app_of(record: RecordId, scopes: &str) -> Caller {
    let scopes = ScopeSet::parse(scopes).unwrap();
    Caller::App { token_id: "t".to_owned(), client: "app".to_owned(), record, scopes }
}

pub(crate) fn names(resources: &[Rendered]) -> Vec<String> {
    resources.iter().map(|rendered| name(&rendered.key)).collect()
}

fn name(key: &ResourceKey) -> String {
    format!("{}/{}", key.resource_type, key.id)
}

pub(crate) fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}
