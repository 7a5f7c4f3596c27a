//! The end of a record's chain of commits: one row, signed with the installation's key, so that a cut-off tail is seen (design §3).

use mecum_record::ids::{CommitId, RecordId};

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::seal::HeadKey;

const HEAD: &str = "SELECT seq, hash, n_versions, n_origins, next_commit_id, staged_commit_id, signature \
     FROM chain_head WHERE record_id = $1";
const LOCKED_HEAD: &str = "SELECT seq, hash, n_versions, n_origins, next_commit_id, staged_commit_id, signature \
     FROM chain_head WHERE record_id = $1 FOR UPDATE";

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
        let (next, staged) = (self.next_commit.0, self.staged_commit.0);
        let numbers = [record.0, self.seq, self.n_versions, self.n_origins, next, staged].map(i64::to_be_bytes);
        key.sign(&[b"commits", numbers.as_flattened(), &self.hash])
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
        if head.sign(record, key).as_slice() == row.bytes(6)? {
            Ok(head)
        } else {
            Err(StoreError::Damaged("chain head"))
        }
    }

    /// The head as it stands, its signature checked.
    pub(crate) fn read(tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<ChainHead, StoreError> {
        Self::find(tx, HEAD, record, key)
    }

    /// The head, locked until the transaction ends: writers of one record follow each other.
    pub(crate) fn lock(tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<ChainHead, StoreError> {
        Self::find(tx, LOCKED_HEAD, record, key)
    }

    fn find(tx: &mut Tx<'_>, sql: &str, record: RecordId, key: &HeadKey) -> Result<ChainHead, StoreError> {
        let row = tx.query_opt(sql, &[record.0.into()])?.ok_or(StoreError::UnknownRecord(record))?;
        Self::from_row(&row, record, key)
    }

    /// Writes the head of a new record, signed; one that is there stays.
    pub(crate) fn insert(&self, tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<(), StoreError> {
        let sql = "INSERT INTO chain_head \
             (record_id, seq, hash, n_versions, n_origins, next_commit_id, staged_commit_id, signature) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (record_id) DO NOTHING";
        self.write(tx, sql, record, key)
    }

    /// Writes the head over the one that is there, signed.
    pub(crate) fn store(&self, tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<(), StoreError> {
        let sql = "UPDATE chain_head SET seq = $2, hash = $3, n_versions = $4, n_origins = $5, \
             next_commit_id = $6, staged_commit_id = $7, signature = $8 WHERE record_id = $1";
        self.write(tx, sql, record, key)
    }

    fn write(&self, tx: &mut Tx<'_>, sql: &str, record: RecordId, key: &HeadKey) -> Result<(), StoreError> {
        let signature = self.sign(record, key);
        tx.execute(
            sql,
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
