//! A record on each database, staged imports into it as `import` makes them, and the state that can be read from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use mecum_fhir::json::Limits;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_phr::adopt::{Adoption, SourceMeta, adopt};
use mecum_phr::disclose::Asked;
use mecum_phr::{Clock, Failure, Phr, interaction, record};
use mecum_record::access::{Act, Facts, Permit, ResourceKey, ScopeSet, decide};
use mecum_record::caller::Caller;
use mecum_record::commit::{CommitAct, CommitDetail};
use mecum_record::ids::{CommitId, ImportId, RecordId, VersionId};
use mecum_record::source::SourceKind;
use mecum_store::keys::InstallationKey;
use mecum_store::{Change, CommitWords, Content, Expected, NewImport, Place, Store, Workload, origin_digest};
use mecum_testkit::harness::{self, TestDatabase};
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
    /// The same store, as another process has it open.
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

pub(crate) fn observation(id: &str) -> ResourceKey {
    ResourceKey { resource_type: ResourceType::OBSERVATION, id: id.to_owned() }
}

/// An Observation with an identifier and this text in it.
pub(crate) fn pulse(id: &str, text: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","identifier":[{{"system":"urn:x","value":"{id}"}}],"status":"final","code":{{"text":"{text}"}}}}"#
    )
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

    /// An app bound to the record, with these scopes.
    pub(crate) fn app(&self, scopes: &str) -> Caller {
        let scopes = ScopeSet::parse(scopes).unwrap();
        Caller::App { token_id: "t".to_owned(), client: "app".to_owned(), record: self.record, scopes }
    }

    pub(crate) fn permit(&self, act: Act) -> Permit {
        decide(&operator(), act, &self.store.standing(self.record, None).unwrap(), self.clock.now_us()).unwrap()
    }

    /// Imports lines in batches of two, those left out that are known already; gives its number and its commit.
    pub(crate) fn import(&self, lines: &[String]) -> (ImportId, Option<CommitId>) {
        self.clock.advance(1_000_000);
        let now_us = self.clock.now_us();
        let permit = self.permit(Act::Import);
        let source = self.store.source_named(&permit, SourceKind::Organization, "Ward 4", now_us).unwrap();
        let new = NewImport { source, at_us: now_us, originals: Vec::new(), report: b"{}".to_vec() };
        let mut staging = self.store.begin_staging(&permit, Some(&new), "test", now_us).unwrap();
        for lines in lines.chunks(2) {
            let changes: Vec<Change> = lines.iter().map(|line| self.change(&permit, line)).collect();
            let digests: Vec<_> = changes.iter().filter_map(|change| change.origin_digest).collect();
            let known = self.store.known_lines(&permit, staging.commit(), &digests).unwrap();
            let is_new = |change: &Change| change.origin_digest.is_none_or(|digest| !known.contains_key(&digest));
            staging.put(&changes.into_iter().filter(is_new).collect::<Vec<_>>(), &[], now_us).unwrap();
        }
        let import = staging.import().unwrap();
        let detail = CommitDetail { author: "operator test".to_owned(), message: "a file".to_owned() };
        let words = CommitWords { at_us: now_us, act: CommitAct::Import, detail, reverts: None };
        let committed = staging.publish(&words, br#"{"lines":2}"#).unwrap();
        (import, committed.map(|committed| committed.commit))
    }

    fn change(&self, permit: &Permit, line: &str) -> Change {
        let resource = Resource::parse(line.as_bytes(), &Limits::default()).unwrap();
        let id = resource.id().unwrap().into_owned();
        let mut digest = self.store.origin_digest_stream(permit).unwrap();
        digest.part(line.as_bytes());
        let adoption =
            Adoption { id: &id, source_meta: SourceMeta::Kept, resolve: &|_| None, blob: None, line: Some(1) };
        Change {
            key: ResourceKey { resource_type: resource.resource_type(), id: id.clone() },
            facts: Facts::of(&resource, None),
            content: Content::Put(adopt(&resource, &adoption).body),
            origin_digest: Some(origin_digest(digest)),
            expected: Expected::Whatever,
        }
    }

    /// Changes one resource over REST.
    pub(crate) fn update(&self, id: &str, text: &str) -> CommitId {
        self.clock.advance(1_000_000);
        let app = self.app("patient/*.cruds");
        let bytes = pulse(id, text);
        interaction::update(&self.phr, &app, &observation(id), (bytes.as_bytes(), None), &Asked::new("PUT")).unwrap();
        self.last_commit()
    }

    pub(crate) fn delete(&self, id: &str) {
        let deleted = interaction::delete(&self.phr, &self.app("patient/*.cruds"), &observation(id), None).unwrap();
        assert!(matches!(deleted, interaction::Deleted::Now(_)));
    }

    pub(crate) fn last_commit(&self) -> CommitId {
        self.store.log(&self.permit(Act::Restore), i64::MAX, 1).unwrap()[0].commit
    }

    /// Every resource that is there, by its name: its stored text, its facts, and what the index finds it by.
    pub(crate) fn state(&self, ids: &[&str]) -> BTreeMap<String, String> {
        let permit = self.permit(Act::Read(ResourceType::OBSERVATION));
        let versions = ids.iter().filter_map(|id| self.store.read(&permit, &observation(id)).unwrap());
        let there = versions.filter_map(|version| {
            let body = version.body?;
            let lines = (body.line, body.cuts.len(), body.references);
            Some((version.key.id, format!("{} {:?} {lines:?}", body.text, version.facts)))
        });
        there.collect()
    }

    /// The version that readers get.
    pub(crate) fn version_of(&self, id: &str) -> Result<VersionId, Failure> {
        let read = interaction::read(&self.phr, &self.app("patient/*.rs"), &observation(id), &Asked::new("GET"))?;
        Ok(VersionId(read.deliver().version))
    }

    /// Fails unless everything in the record is as it was written.
    pub(crate) fn assert_whole(&self) {
        let verified = self.store.verify(self.record, &mut |_, _| {}).unwrap();
        assert_eq!(verified.findings, Vec::new());
    }
}
