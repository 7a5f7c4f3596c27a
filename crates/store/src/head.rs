//! The end of a record's chain of commits: one row, signed with the installation's key, so that a cut-off tail is seen (design §3).

use mecum_record::ids::{CommitId, RecordId};

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::seal::HeadKey;

/// Where a record's chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// How many commits the chain has.
    pub seq: i64,
    /// The hash of the last one; 32 zero bytes before the first.
    pub hash: Vec<u8>,
    /// Versions in all commits together.
    pub n_versions: i64,
    /// Source ids mapped in all commits together.
    pub n_origins: i64,
    /// The number the next commit gets.
    pub(crate) next_commit: CommitId,
    /// The commit being staged; 0 for none.
    pub(crate) staged_commit: CommitId,
}

impl ChainHead {
    /// The head of a chain without commits.
    pub(crate) fn empty() -> ChainHead {
        ChainHead {
            seq: 0,
            hash: vec![0; 32],
            n_versions: 0,
            n_origins: 0,
            next_commit: CommitId(1),
            staged_commit: CommitId(0),
        }
    }

    fn sign(&self, record: RecordId, key: &HeadKey) -> [u8; 32] {
        key.sign(&[
            b"commits",
            &record.0.to_be_bytes(),
            &self.seq.to_be_bytes(),
            &self.hash,
            &self.n_versions.to_be_bytes(),
            &self.n_origins.to_be_bytes(),
            &self.next_commit.0.to_be_bytes(),
            &self.staged_commit.0.to_be_bytes(),
        ])
    }

    fn from_row(row: &Row, record: RecordId, key: &HeadKey) -> Result<ChainHead, StoreError> {
        let head = ChainHead {
            seq: row.int(0)?,
            hash: row.bytes(1)?.to_vec(),
            n_versions: row.int(2)?,
            n_origins: row.int(3)?,
            next_commit: CommitId(row.int(4)?),
            staged_commit: CommitId(row.int(5)?),
        };
        let signature = head.sign(record, key);
        if signature.as_slice() == row.bytes(6)? { Ok(head) } else { Err(StoreError::Damaged("chain head")) }
    }

    /// The head as it stands, its signature checked.
    pub(crate) fn read(tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<ChainHead, StoreError> {
        let row = tx
            .query_opt(
                "SELECT seq, hash, n_versions, n_origins, next_commit_id, staged_commit_id, signature \
                 FROM chain_head WHERE record_id = $1",
                &[record.0.into()],
            )?
            .ok_or(StoreError::UnknownRecord(record))?;
        Self::from_row(&row, record, key)
    }

    /// The head, locked until the transaction ends: writers of one record follow each other.
    pub(crate) fn lock(tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<ChainHead, StoreError> {
        // An update of nothing takes the row's lock on PostgreSQL; on SQLite the writer is alone already.
        tx.execute("UPDATE chain_head SET seq = seq WHERE record_id = $1", &[record.0.into()])?;
        Self::read(tx, record, key)
    }

    /// Writes the head, signed.
    pub(crate) fn store(&self, tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<(), StoreError> {
        let signature = self.sign(record, key);
        tx.execute(
            "INSERT INTO chain_head \
             (record_id, seq, hash, n_versions, n_origins, next_commit_id, staged_commit_id, signature) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (record_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, \
             n_versions = excluded.n_versions, n_origins = excluded.n_origins, \
             next_commit_id = excluded.next_commit_id, staged_commit_id = excluded.staged_commit_id, \
             signature = excluded.signature",
            &[
                record.0.into(),
                self.seq.into(),
                self.hash.as_slice().into(),
                self.n_versions.into(),
                self.n_origins.into(),
                self.next_commit.0.into(),
                self.staged_commit.0.into(),
                signature.as_slice().into(),
            ],
        )?;
        Ok(())
    }

    /// Takes the next commit number.
    pub(crate) fn take_commit(&mut self) -> CommitId {
        let commit = self.next_commit;
        self.next_commit = CommitId(commit.0 + 1);
        commit
    }
}
