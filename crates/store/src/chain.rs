//! One link of a record's chain of commits: what it says, and the hash that binds it to the one before (PHR-91).

use mecum_record::commit::{CommitAct, CommitDetail};
use mecum_record::ids::{CommitId, RecordId};
use serde_json::{Value as Json, json};

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::seal::{Aad, HeadKey, RecordKey};

/// A commit as the log shows it. Not `Debug`: a message may say what someone suffers from.
#[derive(Clone)]
pub struct Commit {
    /// Its number, by which other commands name it.
    pub commit: CommitId,
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When, microseconds since the epoch.
    pub at_us: i64,
    /// What kind of change.
    pub act: CommitAct,
    /// Who and in which words.
    pub detail: CommitDetail,
    /// The commit whose effect it takes back.
    pub reverts: Option<CommitId>,
    /// Versions in it.
    pub n_versions: i64,
    /// Its hash, which covers its parent's.
    pub hash: Vec<u8>,
}

/// A commit row as it lies in the table, its words still sealed.
pub(crate) struct CommitRow {
    pub(crate) commit: CommitId,
    pub(crate) seq: i64,
    pub(crate) at_us: i64,
    pub(crate) act: String,
    pub(crate) detail: Vec<u8>,
    pub(crate) reverts: i64,
    pub(crate) n_versions: i64,
    pub(crate) n_origins: i64,
    pub(crate) versions_digest: Vec<u8>,
    pub(crate) origins_digest: Vec<u8>,
    pub(crate) hash: Vec<u8>,
}

pub(crate) const COMMIT_COLUMNS: &str = "c.commit_id, c.seq, c.at, c.act, c.detail, c.reverts, c.n_versions, \
     c.n_origins, c.versions_digest, c.origins_digest, c.hash";

impl CommitRow {
    pub(crate) fn read(row: &Row) -> Result<CommitRow, StoreError> {
        Ok(CommitRow {
            commit: CommitId(row.int(0)?),
            seq: row.int(1)?,
            at_us: row.int(2)?,
            act: row.text(3)?.to_owned(),
            detail: row.bytes(4)?.to_vec(),
            reverts: row.int(5)?,
            n_versions: row.int(6)?,
            n_origins: row.int(7)?,
            versions_digest: row.bytes(8)?.to_vec(),
            origins_digest: row.bytes(9)?.to_vec(),
            hash: row.bytes(10)?.to_vec(),
        })
    }

    /// The hash this link must have behind that parent.
    pub(crate) fn computed_hash(&self, record: RecordId, key: &RecordKey, parent: &[u8]) -> [u8; 32] {
        key.mac(
            "commit",
            &[
                parent,
                &record.0.to_be_bytes(),
                &self.commit.0.to_be_bytes(),
                &self.seq.to_be_bytes(),
                &self.at_us.to_be_bytes(),
                self.act.as_bytes(),
                &self.detail,
                &self.reverts.to_be_bytes(),
                &self.n_versions.to_be_bytes(),
                &self.n_origins.to_be_bytes(),
                &self.versions_digest,
                &self.origins_digest,
            ],
        )
    }

    /// The commit with its words opened.
    pub(crate) fn into_commit(self, record: RecordId, key: &RecordKey) -> Result<Commit, StoreError> {
        let opened = key.open(&detail_aad(record, self.commit), &self.detail)?;
        let words: Json = serde_json::from_slice(&opened).map_err(|_| StoreError::Damaged("commit"))?;
        let word = |name: &str| words[name].as_str().unwrap_or_default().to_owned();
        Ok(Commit {
            commit: self.commit,
            seq: self.seq,
            at_us: self.at_us,
            act: CommitAct::parse(&self.act).ok_or(StoreError::Damaged("commit"))?,
            detail: CommitDetail { author: word("author"), message: word("message") },
            reverts: (self.reverts != 0).then_some(CommitId(self.reverts)),
            n_versions: self.n_versions,
            hash: self.hash,
        })
    }
}

/// What a commit says about itself before it has its place.
#[derive(Clone)]
pub struct CommitWords {
    /// When, microseconds since the epoch.
    pub at_us: i64,
    /// What kind of change.
    pub act: CommitAct,
    /// Who and in which words.
    pub detail: CommitDetail,
    /// The commit whose effect it takes back.
    pub reverts: Option<CommitId>,
}

/// What a commit holds, counted and digested in order.
pub(crate) struct Contents {
    pub(crate) n_versions: i64,
    pub(crate) n_origins: i64,
    pub(crate) versions_digest: [u8; 32],
    pub(crate) origins_digest: [u8; 32],
}

/// Appends a link: from here on, when the transaction commits, what it holds is visible.
pub(crate) fn append(
    tx: &mut Tx<'_>,
    (record, key, heads): (RecordId, &RecordKey, &HeadKey),
    (head, commit): (&mut ChainHead, CommitId),
    words: &CommitWords,
    contents: &Contents,
) -> Result<i64, StoreError> {
    let plain = json!({"author": words.detail.author, "message": words.detail.message}).to_string();
    let mut row = CommitRow {
        commit,
        seq: head.seq + 1,
        at_us: words.at_us,
        act: words.act.word().to_owned(),
        detail: key.seal(&detail_aad(record, commit), plain.as_bytes()),
        reverts: words.reverts.map_or(0, |commit| commit.0),
        n_versions: contents.n_versions,
        n_origins: contents.n_origins,
        versions_digest: contents.versions_digest.to_vec(),
        origins_digest: contents.origins_digest.to_vec(),
        hash: Vec::new(),
    };
    row.hash = row.computed_hash(record, key, &head.hash).to_vec();
    insert(tx, record, &row)?;
    head.seq = row.seq;
    head.hash = row.hash;
    head.n_versions += contents.n_versions;
    head.n_origins += contents.n_origins;
    head.store(tx, record, heads)?;
    Ok(head.seq)
}

fn insert(tx: &mut Tx<'_>, record: RecordId, row: &CommitRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO commit_log (record_id, commit_id, seq, at, act, detail, reverts, n_versions, n_origins, \
         versions_digest, origins_digest, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            record.0.into(),
            row.commit.0.into(),
            row.seq.into(),
            row.at_us.into(),
            row.act.as_str().into(),
            row.detail.as_slice().into(),
            row.reverts.into(),
            row.n_versions.into(),
            row.n_origins.into(),
            row.versions_digest.as_slice().into(),
            row.origins_digest.as_slice().into(),
            row.hash.as_slice().into(),
        ],
    )?;
    Ok(())
}

fn detail_aad(record: RecordId, commit: CommitId) -> Aad {
    Aad::new("commit").int(record.0).int(commit.0)
}
