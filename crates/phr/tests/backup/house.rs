//! An installation with a key file in a configuration folder of its own.

use std::path::{Path, PathBuf};

use mecum_fhir::reference::ResourceType;
use mecum_phr::backup::{self, BackupKey, BackupVerified};
use mecum_phr::disclose::Asked;
use mecum_phr::import::{ImportJob, OtherPeople, keep, run};
use mecum_phr::installation::{Installation, KeyPlace, Site, Workload};
use mecum_phr::{Failure, Phr, interaction, record};
use mecum_record::access::{ResourceKey, ScopeSet};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;
use tempfile::TempDir;
use zeroize::Zeroizing;

pub(crate) struct House {
    pub(crate) phr: Phr,
    pub(crate) record: RecordId,
    pub(crate) site: Site,
    pub(crate) code: String,
    pub(crate) folder: TempDir,
}

pub(crate) fn operator() -> Caller {
    Caller::Operator { name: "test".to_owned() }
}

pub(crate) fn app(record: RecordId) -> Caller {
    let scopes = ScopeSet::parse("patient/*.cruds").unwrap();
    Caller::App { token_id: "t".to_owned(), client: "app".to_owned(), record, scopes }
}

pub(crate) fn create(phr: &Phr, record: RecordId, text: &str) -> Result<ResourceKey, Failure> {
    let body = format!(r#"{{"resourceType":"Basic","code":{{"text":"{text}"}}}}"#);
    let basic = ResourceType::parse("Basic").unwrap();
    let created = interaction::create(phr, &app(record), basic, body.as_bytes(), &Asked::new("POST"))?;
    Ok(created.deliver().resource.key)
}

impl House {
    /// With one record, an imported file whose original is a blob, and a resource.
    pub(crate) fn new(database_url: Option<String>) -> House {
        let folder = tempfile::tempdir().unwrap();
        let site = Site { data_folder: folder.path().join("data"), database_url };
        let installation = Installation::name_new(site.clone()).unwrap();
        let key_file = folder.path().join("config/key");
        let code = installation.create(KeyPlace::File(key_file.clone())).unwrap().to_string();
        let phr = installation.open(KeyPlace::File(key_file), Workload::COMMAND).unwrap();
        let record = record::open(&phr, &operator(), "Somebody").unwrap();
        let line = b"{\"resourceType\":\"Patient\",\"id\":\"1\",\"name\":[{\"family\":\"Example\"}]}\n";
        let original = keep(&phr, &operator(), record, "a.ndjson", &mut &line[..]).unwrap();
        let job = ImportJob {
            record,
            originals: vec![original],
            source_kind: SourceKind::Organization,
            source_name: "Ward 4".to_owned(),
            key: None,
            other_people: OtherPeople::Refuse,
            message: "a.ndjson".to_owned(),
        };
        assert_eq!(run(&phr, &operator(), &job, &mut |_| {}).unwrap().n_created, 1);
        create(&phr, record, "before").unwrap();
        House { phr, record, site, code, folder }
    }

    pub(crate) fn backup(&self) -> PathBuf {
        let to = self.folder.path().join("backups");
        backup::create(&self.phr, &operator(), &self.site, &to, &mut |_| {}).unwrap()
    }

    pub(crate) fn key(&self) -> BackupKey {
        BackupKey::RecoveryCode(Zeroizing::new(self.code.clone()))
    }

    pub(crate) fn verify(&self, folder: &Path) -> Result<BackupVerified, Failure> {
        backup::verify(folder, self.key(), &mut |_| {})
    }
}

/// Every file below a folder.
pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_in(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
