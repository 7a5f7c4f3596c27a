//! A house on each database, and files of clinics invented here.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use mecum_fhir::reference::ResourceType;
use mecum_phr::import::load::{LoadJob, LoadReport, PersonOutcome, load};
use mecum_phr::import::{Original, OriginalContent};
use mecum_phr::{Clock, Failure, Phr};
use mecum_record::access::{Act, Permit, ResourceFilter, ScopeSet, decide};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;
use mecum_store::keys::InstallationKey;
use mecum_store::{Cursor, Place, Store, Walk, Which, Workload};
use mecum_testkit::harness::{self, TestDatabase};
use tempfile::TempDir;

pub(crate) const NOW_US: i64 = 1_780_000_000_000_000;

/// Microseconds since the epoch; each reading is a millisecond later.
pub(crate) struct StepClock(AtomicI64);

impl Clock for StepClock {
    fn now_us(&self) -> i64 {
        self.0.fetch_add(1_000, Ordering::Relaxed)
    }
}

pub(crate) struct House {
    pub(crate) phr: Phr,
    /// The same store, as another process has it open.
    pub(crate) store: Store,
    files: TempDir,
    place: Place,
    key: InstallationKey,
    _blobs: TempDir,
    _database: TestDatabase,
}

/// Runs a test in a fresh house on each database.
pub(crate) fn on_both(test: impl Fn(&House)) {
    for database in harness::databases() {
        println!("on {}", database.name());
        test(&House::on(database));
    }
}

impl House {
    pub(crate) fn on(database: TestDatabase) -> House {
        let (blobs, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let place = match database.place() {
            harness::Place::Sqlite(folder) => Place::Folder(folder.to_owned()),
            harness::Place::Postgres(url) => Place::Postgres { url: url.to_owned(), blobs: blobs.path().to_owned() },
        };
        let key = InstallationKey::generate();
        let store = || Store::open(&place, &key, Workload::COMMAND, NOW_US).unwrap();
        let (phr, store) = (phr_of(store()), store());
        House { phr, store, files, place, key, _blobs: blobs, _database: database }
    }

    /// The same house, opened by another process.
    pub(crate) fn another(&self) -> Phr {
        phr_of(Store::open(&self.place, &self.key, Workload::COMMAND, NOW_US).unwrap())
    }

    /// A file of this house's own.
    pub(crate) fn file(&self, name: &str, text: &str) -> Original {
        let path = self.files.path().join(name);
        std::fs::write(&path, text).unwrap();
        original(path)
    }

    /// Loads files from a source that somebody named.
    pub(crate) fn load(&self, caller: &Caller, source: &str, files: &[Original]) -> LoadReport {
        let report = self.try_load(caller, &job(source, files)).unwrap();
        assert!(report.adds_up(), "{}", report.to_json());
        report
    }

    pub(crate) fn try_load(&self, caller: &Caller, job: &LoadJob) -> Result<LoadReport, Failure> {
        load(&self.phr, caller, job, &mut |_| {})
    }

    /// A permit of the operator.
    pub(crate) fn permit(&self, act: Act, record: RecordId) -> Permit {
        decide(&operator(), act, &self.store.standing(record, None).unwrap(), NOW_US).unwrap()
    }

    /// Everything is as it was written, in every record and between them.
    pub(crate) fn verify(&self) {
        for record in self.store.record_numbers().unwrap() {
            let verified = self.store.verify(record, &mut |_, _| {}).unwrap();
            assert!(verified.is_whole(), "record {record}: {:?}", verified.findings);
        }
        let strays = self.store.verify_strays().unwrap();
        assert!(strays.is_whole(), "{:?}", strays.findings);
    }

    /// The current texts of a type in a record.
    pub(crate) fn texts(&self, record: RecordId, name: &str) -> Vec<String> {
        let wanted = ResourceType::parse(name).unwrap();
        let permit = self.permit(Act::Search, record);
        let narrowed = ResourceFilter::TypeIs(wanted);
        let walk = Walk { which: Which::Current, narrowed: &narrowed, until_seq: i64::MAX, max_page_bytes: 64 << 20 };
        let page = self.store.page(&permit, &walk, Cursor::default(), 10_000).unwrap();
        page.into_iter().filter_map(|version| Some(version.body?.text)).collect()
    }
}

fn phr_of(store: Store) -> Phr {
    Phr::new(store, Arc::new(StepClock(AtomicI64::new(NOW_US))))
}

pub(crate) fn original(path: PathBuf) -> Original {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let size_bytes = std::fs::metadata(&path).unwrap().len();
    Original { name, content: OriginalContent::File(path), size_bytes }
}

pub(crate) fn job(source: &str, files: &[Original]) -> LoadJob {
    LoadJob {
        originals: files.to_vec(),
        source_kind: SourceKind::Organization,
        source_name: source.to_owned(),
        is_source_named: true,
        key: None,
        message: "load".to_owned(),
    }
}

pub(crate) fn operator() -> Caller {
    Caller::Operator { name: "tester".to_owned() }
}

pub(crate) fn system(client: &str) -> Caller {
    let scopes = ScopeSet::parse("system/*.cruds").unwrap();
    Caller::System { token_id: format!("token of {client}"), client: client.to_owned(), scopes }
}

pub(crate) fn app(record: RecordId) -> Caller {
    let scopes = ScopeSet::parse("patient/*.cruds").unwrap();
    Caller::App { token_id: "t".to_owned(), client: "app".to_owned(), record, scopes }
}

/// The records of a load, each with what came into it.
pub(crate) fn records(report: &LoadReport) -> Vec<(RecordId, u64)> {
    let created = |outcome: &PersonOutcome| match outcome {
        PersonOutcome::Done(report) => report.n_created,
        PersonOutcome::Previewed | PersonOutcome::Refused(_) => 0,
    };
    report.people.iter().map(|person| (person.record.unwrap(), created(&person.outcome))).collect()
}

pub(crate) fn patient(id: &str, family: &str, birth_date: &str, identifier: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"urn:mrn","value":"{identifier}"}}],"name":[{{"family":"{family}","given":["A"]}}],"gender":"female","birthDate":"{birth_date}"}}"#
    )
}

pub(crate) fn observation(id: &str, patient: &str, practitioner: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"pulse"}},"subject":{{"reference":"Patient/{patient}"}},"performer":[{{"reference":"Practitioner/{practitioner}"}}]}}"#
    )
}

pub(crate) fn practitioner(id: &str) -> String {
    format!(
        r#"{{"resourceType":"Practitioner","id":"{id}","identifier":[{{"system":"urn:npi","value":"n{id}"}}],"name":[{{"family":"Doctor{id}"}}]}}"#
    )
}
