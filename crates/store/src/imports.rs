//! The list of imports: what came in when, from which source, with which outcome, and where its original lies (IMP-1).

use mecum_record::access::{Act, Permit};
use mecum_record::ids::{CommitId, ImportId, RecordId, SourceId};

use crate::Store;
use crate::blobs::BlobName;
use crate::db::{OnConflict, Row, Tx, Value};
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::seal::{Aad, RecordKey};

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// It is being staged.
    Running,
    /// Its commit is in the chain.
    Done,
    /// Everything in it was known already; there is no commit.
    Unchanged,
    /// It was given up; nothing of it was kept but its original.
    Failed,
}

impl ImportState {
    /// Every state.
    pub const ALL: [ImportState; 4] = [Self::Running, Self::Done, Self::Unchanged, Self::Failed];

    /// The word that is stored and printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }

    fn parse(word: &str) -> Result<ImportState, StoreError> {
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or(StoreError::Damaged("import"))
    }
}

/// An import about to be staged.
#[derive(Clone)]
pub struct NewImport {
    /// Where it comes from.
    pub source: SourceId,
    /// When it began, microseconds since the epoch.
    pub at_us: i64,
    /// The blobs that hold what came in, as it came.
    pub originals: Vec<BlobName>,
    /// What is known of it so far, in the words of the room above; sealed here.
    pub report: Vec<u8>,
}

/// One import as the list shows it. Not `Debug`: the report names files and people.
#[derive(Clone)]
pub struct ImportRow {
    /// Its number.
    pub import: ImportId,
    /// Its commit; meaningful when the state is [`ImportState::Done`].
    pub commit: CommitId,
    /// Where it came from.
    pub source: SourceId,
    /// When it began, microseconds since the epoch.
    pub started_at_us: i64,
    /// When it ended.
    pub finished_at_us: Option<i64>,
    /// How it ended.
    pub state: ImportState,
    /// The blobs that hold what came in, as it came.
    pub originals: Vec<BlobName>,
    /// The report, as the room above wrote it.
    pub report: Vec<u8>,
}

/// One thing an import has to say of one line. Not `Debug`: it may quote the line.
#[derive(Clone)]
pub struct ImportIssue {
    /// Its place in the import's list, from 1.
    pub ordinal: i64,
    /// One word: `quarantined`, `repaired`, `unresolved`, …
    pub kind: String,
    /// What was found, as the room above wrote it; sealed here.
    pub detail: Vec<u8>,
}

impl Store {
    /// The imports of a record, newest first.
    ///
    /// # Errors
    /// What the database says; a report that does not open.
    pub fn imports(&self, permit: &Permit) -> Result<Vec<ImportRow>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let rows = self.main.read(|tx| {
            let sql = format!("SELECT {IMPORT_COLUMNS} FROM import_batch WHERE record_id = $1 ORDER BY import_id DESC");
            tx.query(&sql, &[record.0.into()])
        })?;
        rows.iter().map(|row| import_row(row, record, &key)).collect()
    }

    /// One import, by its number.
    ///
    /// # Errors
    /// As [`Store::imports`].
    pub fn import(&self, permit: &Permit, import: ImportId) -> Result<Option<ImportRow>, StoreError> {
        self.one_import(permit, "import_id", import.0)
    }

    /// The import that made a commit.
    ///
    /// # Errors
    /// As [`Store::imports`].
    pub fn import_of(&self, permit: &Permit, commit: CommitId) -> Result<Option<ImportRow>, StoreError> {
        self.one_import(permit, "commit_id", commit.0)
    }

    fn one_import(&self, permit: &Permit, column: &str, number: i64) -> Result<Option<ImportRow>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let sql = format!("SELECT {IMPORT_COLUMNS} FROM import_batch WHERE record_id = $1 AND {column} = $2");
        let row = self.main.read(|tx| tx.query_opt(&sql, &[record.0.into(), number.into()]))?;
        row.map(|row| import_row(&row, record, &key)).transpose()
    }

    /// Notes a load of many people's files in the directory's list of imports; what it brought is in the people's own.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to import into the directory; what the database says.
    pub fn begin_load(&self, permit: &Permit, load: &NewImport) -> Result<ImportId, StoreError> {
        let record = load_place(permit)?;
        let key = self.keys.record_key(record)?;
        self.main.write(|tx| {
            // Two writers at once would take the same number.
            ChainHead::lock(tx, record, &self.heads)?;
            insert_import(tx, record, &key, CommitId(0), load)
        })
    }

    /// Notes how a load ended.
    ///
    /// # Errors
    /// As [`Store::begin_load`].
    pub fn end_load(
        &self,
        permit: &Permit,
        (load, state): (ImportId, ImportState),
        report: &[u8],
        now_us: i64,
    ) -> Result<(), StoreError> {
        let record = load_place(permit)?;
        let key = self.keys.record_key(record)?;
        self.main.write(|tx| finish_import(tx, (record, &key), (load, state), now_us, report))
    }

    /// Keeps what an import has to say of single lines.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_import_issues(
        &self,
        permit: &Permit,
        import: ImportId,
        issues: &[ImportIssue],
    ) -> Result<(), StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let rows: Vec<Vec<Value<'_>>> = issues
            .iter()
            .map(|issue| {
                vec![
                    record.0.into(),
                    import.0.into(),
                    issue.ordinal.into(),
                    issue.kind.as_str().into(),
                    key.seal(&issue_aad(record, import, issue.ordinal), &issue.detail).into(),
                ]
            })
            .collect();
        let columns = ["record_id", "import_id", "ordinal", "kind", "detail"];
        self.main.write(|tx| {
            tx.insert_many("import_issue", &columns, &rows, OnConflict::Ignore)?;
            Ok(())
        })
    }

    /// What an import had to say of single lines, in order, after `after`.
    ///
    /// # Errors
    /// What the database says; a detail that does not open.
    pub fn import_issues(
        &self,
        permit: &Permit,
        import: ImportId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<ImportIssue>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        self.main.read(|tx| {
            let rows = tx.query(
                "SELECT ordinal, kind, detail FROM import_issue WHERE record_id = $1 AND import_id = $2 \
                 AND ordinal > $3 ORDER BY ordinal LIMIT $4",
                &[record.0.into(), import.0.into(), after.into(), limit.into()],
            )?;
            rows.iter()
                .map(|row| {
                    let ordinal = row.int(0)?;
                    let detail = key.open(&issue_aad(record, import, ordinal), row.bytes(2)?)?;
                    Ok(ImportIssue { ordinal, kind: row.text(1)?.to_owned(), detail })
                })
                .collect()
        })
    }
}

const IMPORT_COLUMNS: &str = "import_id, commit_id, source_id, started_at, finished_at, state, originals, report";

fn import_row(row: &Row, record: RecordId, key: &RecordKey) -> Result<ImportRow, StoreError> {
    let import = ImportId(row.int(0)?);
    Ok(ImportRow {
        import,
        commit: CommitId(row.int(1)?),
        source: SourceId(row.int(2)?),
        started_at_us: row.int(3)?,
        finished_at_us: row.opt_int(4)?,
        state: ImportState::parse(row.text(5)?)?,
        originals: blob_names(row.text(6)?)?,
        report: key.open(&report_aad(record, import), row.bytes(7)?)?,
    })
}

fn load_place(permit: &Permit) -> Result<RecordId, StoreError> {
    let may = permit.act() == Act::Import && permit.over().is_directory();
    if may { Ok(permit.over()) } else { Err(StoreError::NotCovered) }
}

/// The blob names of one column, separated by spaces.
pub(crate) fn blob_names(text: &str) -> Result<Vec<BlobName>, StoreError> {
    text.split_whitespace().map(|name| name.parse().map_err(|_| StoreError::Damaged("import"))).collect()
}

pub(crate) fn insert_import(
    tx: &mut Tx<'_>,
    record: RecordId,
    key: &RecordKey,
    commit: CommitId,
    import: &NewImport,
) -> Result<ImportId, StoreError> {
    let last =
        tx.query_one("SELECT COALESCE(MAX(import_id), 0) FROM import_batch WHERE record_id = $1", &[record.0.into()])?;
    let id = ImportId(last.int(0)? + 1);
    let originals: Vec<String> = import.originals.iter().map(ToString::to_string).collect();
    tx.execute(
        "INSERT INTO import_batch (record_id, import_id, commit_id, source_id, started_at, state, originals, report) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            record.0.into(),
            id.0.into(),
            commit.0.into(),
            import.source.0.into(),
            import.at_us.into(),
            ImportState::Running.word().into(),
            originals.join(" ").into(),
            key.seal(&report_aad(record, id), &import.report).into(),
        ],
    )?;
    Ok(id)
}

pub(crate) fn finish_import(
    tx: &mut Tx<'_>,
    (record, key): (RecordId, &RecordKey),
    (import, state): (ImportId, ImportState),
    now_us: i64,
    report: &[u8],
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE import_batch SET state = $3, finished_at = $4, report = $5 WHERE record_id = $1 AND import_id = $2",
        &[
            record.0.into(),
            import.0.into(),
            state.word().into(),
            now_us.into(),
            key.seal(&report_aad(record, import), report).into(),
        ],
    )?;
    Ok(())
}

/// Marks the import of a swept commit as failed.
pub(crate) fn fail_import_of(tx: &mut Tx<'_>, record: RecordId, commit: CommitId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE import_batch SET state = $3 WHERE record_id = $1 AND commit_id = $2 AND state = $4",
        &[record.0.into(), commit.0.into(), ImportState::Failed.word().into(), ImportState::Running.word().into()],
    )?;
    Ok(())
}

fn report_aad(record: RecordId, import: ImportId) -> Aad {
    Aad::new("import").int(record.0).int(import.0)
}

fn issue_aad(record: RecordId, import: ImportId, ordinal: i64) -> Aad {
    Aad::new("import issue").int(record.0).int(import.0).int(ordinal)
}
