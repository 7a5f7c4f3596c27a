//! A house to test in: a store in a fresh folder, a clock that stands still, and the operator at the door.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use mecum_phr::import::{ImportJob, ImportReport, Original, OriginalContent, OtherPeople, keep, run};
use mecum_phr::{Clock, Failure, Phr};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;
use mecum_store::keys::InstallationKey;
use mecum_store::{Place, Store, Workload};

/// Microseconds since the epoch; each reading is a millisecond later.
pub(crate) struct StepClock(AtomicI64);

impl Clock for StepClock {
    fn now_us(&self) -> i64 {
        self.0.fetch_add(1_000, Ordering::Relaxed)
    }
}

/// A house and who lives in it.
pub(crate) struct House {
    pub(crate) phr: Phr,
    _folder: tempfile::TempDir,
}

impl House {
    /// A fresh house over SQLite.
    pub(crate) fn on_sqlite() -> House {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let place = Place::Folder(folder.path().to_owned());
        let now_us = 1_780_000_000_000_000;
        let store = Store::open(&place, &InstallationKey::generate(), Workload::COMMAND, now_us).expect("a store");
        House { phr: Phr::new(store, Arc::new(StepClock(AtomicI64::new(now_us)))), _folder: folder }
    }

    /// The person at the command line.
    pub(crate) fn operator() -> Caller {
        Caller::Operator { name: "tester".to_owned() }
    }

    /// A new record.
    pub(crate) fn record(&self, name: &str) -> RecordId {
        mecum_phr::record::open(&self.phr, &Self::operator(), name).expect("a record")
    }

    /// Imports one file, other people welcome, from a source called after the record.
    pub(crate) fn import_file(&self, record: RecordId, file: &Path) -> Result<ImportReport, Failure> {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut content = std::fs::File::open(file).expect("the file opens");
        let original = keep(&self.phr, &Self::operator(), record, &name, &mut content)?;
        run(&self.phr, &Self::operator(), &job(record, original), &mut |_| {})
    }

    /// Imports a text.
    pub(crate) fn import_text(&self, record: RecordId, name: &str, text: &str) -> Result<ImportReport, Failure> {
        let original = keep(&self.phr, &Self::operator(), record, name, &mut text.as_bytes())?;
        run(&self.phr, &Self::operator(), &job(record, original), &mut |_| {})
    }
}

fn job(record: RecordId, original: Original) -> ImportJob {
    assert!(matches!(original.content, OriginalContent::Blob(_)));
    ImportJob {
        record,
        message: original.name.clone(),
        originals: vec![original],
        source_kind: SourceKind::Organization,
        source_name: "Sample Hospital".to_owned(),
        key: None,
        other_people: OtherPeople::Keep,
    }
}

/// The files of a sample folder; empty, and said so, where the samples are absent.
pub(crate) fn sample_files(folder: &str) -> Vec<PathBuf> {
    let Some(samples) = mecum_testkit::harness::samples() else { return Vec::new() };
    let mut files: Vec<PathBuf> = std::fs::read_dir(samples.join(folder))
        .expect("the sample folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}
