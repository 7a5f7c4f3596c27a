//! Proof that a record is what was written: chains, heads, bodies, facts, mappings, index and blobs, each finding named (PHR-91).

use std::collections::BTreeSet;

use mecum_record::ids::{CommitId, RecordId};

use super::verify_access::verify_access;
use super::verify_index::verify_index;
use super::verify_versions::{CommitSums, verify_origins, verify_versions};
use crate::Store;
use crate::blobs::{BlobFinding, BlobName};
use crate::chain::{COMMIT_COLUMNS, CommitRow};
use crate::db::Tx;
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::imports::blob_names;
use crate::seal::RecordKey;

/// Findings kept of one record; a broken record may have one a row.
const MAX_FINDINGS: usize = 200;

/// Something that is not as it was written. It names rows by type and id, never by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The table or folder.
    pub part: &'static str,
    /// Which row, and what is wrong with it.
    pub what: String,
}

/// What a verification saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Commits in the chain.
    pub n_commits: i64,
    /// Versions recomputed.
    pub n_versions: i64,
    /// Lines of the access log.
    pub n_access_lines: i64,
    /// Blobs read.
    pub n_blobs: i64,
    /// Place and hash of the chain's end, to be kept elsewhere: only against it a roll-back of everything is seen.
    pub head: Option<(i64, String)>,
    /// What is not as it was written; empty when all is well. At most 200 are kept.
    pub findings: Vec<Finding>,
}

impl Verified {
    pub(super) fn add(&mut self, part: &'static str, what: impl Into<String>) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding { part, what: what.into() });
        }
    }

    /// Whether everything is as it was written.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

/// What every check of one record works with.
pub(super) struct Subject<'a> {
    pub(super) store: &'a Store,
    pub(super) record: RecordId,
    pub(super) key: &'a RecordKey,
}

impl Store {
    /// Verifies one record. `progress` hears how many versions were recomputed, and of how many.
    ///
    /// # Errors
    /// Only what keeps it from looking: a lost database, a missing key. What it finds is in the answer.
    pub fn verify(&self, record: RecordId, progress: &mut dyn FnMut(i64, i64)) -> Result<Verified, StoreError> {
        let key = self.keys.record_key(record)?;
        let subject = Subject { store: self, record, key: &key };
        let mut verified = Verified::default();
        let mut blobs = BTreeSet::new();
        self.main.read(|tx| {
            let Some((head, commits)) = read_chain(tx, &subject, &mut verified)? else { return Ok(()) };
            let total = head.n_versions;
            let mut sums = verify_versions(tx, &subject, &mut verified, &mut |done| progress(done, total))?;
            verify_origins(tx, &subject, &mut verified, &mut sums)?;
            verify_commits(&subject, &head, &commits, &sums, &mut verified);
            blobs = std::mem::take(&mut sums.blobs);
            verify_staging(tx, &subject, &head, &commits, &mut verified)?;
            verify_index(tx, &subject, &mut verified)
        })?;
        self.access.read(|tx| verify_access(tx, &subject, &mut verified))?;
        self.verify_blobs(&subject, blobs, &mut verified)?;
        Ok(verified)
    }

    /// Reads every blob that is there, and looks for every blob that something refers to.
    fn verify_blobs(
        &self,
        subject: &Subject<'_>,
        mut wanted: BTreeSet<BlobName>,
        verified: &mut Verified,
    ) -> Result<(), StoreError> {
        let rows = self.main.read(|tx| {
            tx.query("SELECT originals FROM import_batch WHERE record_id = $1", &[subject.record.0.into()])
        })?;
        for row in &rows {
            match blob_names(row.text(0)?) {
                Ok(names) => wanted.extend(names),
                Err(_) => verified.add("import", "a list of originals is damaged"),
            }
        }
        for name in self.blobs.list(subject.record)? {
            wanted.remove(&name);
            verified.n_blobs += 1;
            let finding = self.blobs.verify(subject.record, subject.key, name)?;
            match finding {
                BlobFinding::Sound { .. } => {}
                BlobFinding::Missing => verified.add("blob", format!("blob {name} is missing")),
                BlobFinding::Damaged(damage) => verified.add("blob", format!("blob {name}: {damage}")),
            }
        }
        for name in wanted {
            verified.add("blob", format!("blob {name} is missing"));
        }
        Ok(())
    }
}

fn read_chain(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    verified: &mut Verified,
) -> Result<Option<(ChainHead, Vec<CommitRow>)>, StoreError> {
    let head = match ChainHead::read(tx, subject.record, &subject.store.heads) {
        Ok(head) => head,
        Err(StoreError::Damaged(_)) => {
            verified.add("chain head", "its signature does not fit: it was altered");
            return Ok(None);
        }
        Err(StoreError::UnknownRecord(_)) => {
            verified.add("chain head", "it is missing");
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    verified.head = Some((head.seq, hex(&head.hash)));
    let sql = format!("SELECT {COMMIT_COLUMNS} FROM commit_log c WHERE c.record_id = $1 ORDER BY c.seq");
    let rows = tx.query(&sql, &[subject.record.0.into()])?;
    let commits = rows.iter().map(CommitRow::read).collect::<Result<Vec<_>, _>>()?;
    Ok(Some((head, commits)))
}

fn verify_commits(
    subject: &Subject<'_>,
    head: &ChainHead,
    commits: &[CommitRow],
    sums: &CommitSums,
    verified: &mut Verified,
) {
    let mut parent = vec![0u8; 32];
    let (mut n_versions, mut n_origins) = (0, 0);
    for (seq, row) in (1i64..).zip(commits) {
        verified.n_commits += 1;
        if row.seq != seq {
            verified.add("commit", format!("place {seq} of the chain is missing or taken by another commit"));
        }
        if row.computed_hash(subject.record, subject.key, &parent).as_slice() != row.hash {
            verified.add("commit", format!("commit {} is altered, or the one before it is", row.commit));
        }
        sums.compare(row, verified);
        n_versions += row.n_versions;
        n_origins += row.n_origins;
        parent.clone_from(&row.hash);
    }
    let whole = i64::try_from(commits.len()) == Ok(head.seq)
        && parent == head.hash
        && n_versions == head.n_versions
        && n_origins == head.n_origins;
    if !whole {
        verified.add("chain head", format!("the chain does not end at place {} as the head says", head.seq));
    }
    sums.strangers(commits, head.staged_commit, verified);
}

fn verify_staging(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    head: &ChainHead,
    commits: &[CommitRow],
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let row = tx.query_opt("SELECT commit_id FROM staging WHERE record_id = $1", &[subject.record.0.into()])?;
    let staged = row.map(|row| row.int(0).map(CommitId)).transpose()?.unwrap_or(CommitId(0));
    if staged != head.staged_commit {
        verified.add("staging", "the staging place is not the one the head knows");
    }
    if commits.iter().any(|row| row.commit == head.staged_commit) {
        verified.add("commit", format!("commit {} is in the chain and staged at once", head.staged_commit));
    }
    Ok(())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
