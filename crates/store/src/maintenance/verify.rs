//! Proof that a record is what was written: chains, heads, bodies, facts, mappings, index and blobs, each finding named (PHR-91).

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use mecum_record::ids::{CommitId, RecordId};

use super::verify_access::verify_access;
use super::verify_entries::verify_entries;
use super::verify_index::{verify_directory, verify_index};
use super::verify_people::verify_known_as;
use super::verify_sums::Sums;
use super::verify_versions::{verify_origins, verify_versions};
use crate::Store;
use crate::blobs::{BlobFinding, BlobName};
use crate::chain::{COMMIT_COLUMNS, CommitRow};
use crate::db::{DbError, Row, Tx};
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

    /// What was read; a row that is not of the form its table has is a finding, and looking goes on.
    pub(super) fn legible<T>(
        &mut self,
        part: &'static str,
        read: Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(StoreError::Damaged(what)) => {
                self.add(part, format!("a row has a damaged {what}"));
                Ok(None)
            }
            Err(StoreError::Db(DbError::Type { place, .. })) => {
                self.add(part, format!("a row holds in {place} what cannot be there"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// What every check of one record works with.
pub(super) struct Subject<'a> {
    pub(super) store: &'a Store,
    pub(super) record: RecordId,
    pub(super) key: &'a RecordKey,
}

impl Store {
    /// Verifies one record, the directory included. `progress` hears how many versions were recomputed, and of how many.
    ///
    /// Rows that belong to no record are found by [`Store::verify_strays`].
    ///
    /// # Errors
    /// Only what keeps it from looking: a lost database, a missing key. What it finds is in the answer.
    pub fn verify(&self, record: RecordId, progress: &mut dyn FnMut(i64, i64)) -> Result<Verified, StoreError> {
        let key = self.keys.record_key(record)?;
        let subject = Subject { store: self, record, key: &key };
        let mut verified = Verified::default();
        let blobs = self.main.read(|tx| {
            let head = read_head(tx, &subject, &mut verified)?;
            let total = head.as_ref().map_or(0, |head| head.n_versions);
            let mut sums = Sums::new(&key);
            verify_versions(tx, &subject, (&mut verified, &mut sums), &mut |done| progress(done, total))?;
            verify_origins(tx, &subject, (&mut verified, &mut sums))?;
            verify_commits(tx, &subject, head.as_ref(), (&mut verified, &mut sums))?;
            verify_entries(tx, &subject, &mut verified)?;
            verify_index(tx, &subject, &sums, &mut verified)?;
            verify_directory(tx, &subject, &mut verified)?;
            verify_known_as(tx, &subject, &mut verified)?;
            Ok::<_, StoreError>(sums.blobs)
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
        let sql = "SELECT originals FROM import_batch WHERE record_id = $1";
        for row in self.main.read(|tx| tx.query(sql, &[subject.record.0.into()]))? {
            let names = row.text(0).map_err(StoreError::from).and_then(blob_names);
            wanted.extend(verified.legible("import", names)?.unwrap_or_default());
        }
        for name in self.blobs.list(subject.record)? {
            wanted.remove(&name);
            verified.n_blobs += 1;
            match self.blobs.verify(subject.record, subject.key, name)? {
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

fn read_head(tx: &mut Tx<'_>, subject: &Subject<'_>, verified: &mut Verified) -> Result<Option<ChainHead>, StoreError> {
    match ChainHead::read(tx, subject.record, &subject.store.heads) {
        Ok(head) => {
            verified.head = Some((head.seq, hex(&head.hash)));
            Ok(Some(head))
        }
        Err(StoreError::UnknownRecord(_)) => {
            verified.add("chain head", "it is missing");
            Ok(None)
        }
        read => verified.legible("chain head", read),
    }
}

/// Recomputes the chain of commits, compares each with what was found of it, and the end of the chain with its head.
fn verify_commits(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    head: Option<&ChainHead>,
    (verified, sums): (&mut Verified, &mut Sums),
) -> Result<(), StoreError> {
    let mut chain = Chain { seq: 0, hash: vec![0; 32], n_versions: 0, n_origins: 0 };
    let staged = head.map_or(CommitId(0), |head| head.staged_commit);
    let sql = format!("SELECT {COMMIT_COLUMNS} FROM commit_log c WHERE c.record_id = $1 ORDER BY c.seq");
    tx.each(&sql, &[subject.record.0.into()], |row| {
        if let Some(row) = verified.legible("commit", CommitRow::read(row))? {
            if row.commit == staged {
                verified.add("commit", format!("commit {staged} is in the chain and being staged at once"));
            }
            chain.follow(subject, &row, verified);
            sums.compare(&row, verified);
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })?;
    sums.strangers(staged, verified);
    let Some(head) = head else { return Ok(()) };
    let end = (chain.seq, &chain.hash, chain.n_versions, chain.n_origins);
    if end != (head.seq, &head.hash, head.n_versions, head.n_origins) {
        verified.add("chain head", format!("the chain does not end at place {} as the head says", head.seq));
    }
    let sql = "SELECT commit_id FROM staging WHERE record_id = $1";
    let held = tx.query_opt(sql, &[subject.record.0.into()])?.map_or(Ok(0), |row: Row| row.int(0))?;
    if CommitId(held) != staged {
        verified.add("staging", "the staging place is not the one the head knows");
    }
    Ok(())
}

/// Where the chain was followed to.
struct Chain {
    seq: i64,
    hash: Vec<u8>,
    n_versions: i64,
    n_origins: i64,
}

impl Chain {
    fn follow(&mut self, subject: &Subject<'_>, row: &CommitRow, verified: &mut Verified) {
        verified.n_commits += 1;
        self.seq += 1;
        if row.seq != self.seq {
            verified.add("commit", format!("place {} of the chain is missing or taken by another commit", self.seq));
            self.seq = row.seq;
        }
        if row.computed_hash(subject.record, subject.key, &self.hash).as_slice() != row.hash {
            verified.add("commit", format!("commit {} is altered, or the one before it is", row.commit));
        }
        self.hash.clone_from(&row.hash);
        self.n_versions = self.n_versions.saturating_add(row.n_versions);
        self.n_origins = self.n_origins.saturating_add(row.n_origins);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
