//! A large commit prepared in short transactions that no reader sees, and made visible by one short one (I8).
//!
//! Every batch lands in the record's own tables under the number of a commit that has no row in `commit_log` yet; publishing is
//! writing that row. A record has one staging place, held by a lease: what a crash leaves behind is swept by the next who comes,
//! at once if that is on the same machine, else when the lease has run out.

use std::sync::Arc;

use mecum_record::access::{Act, Permit};
use mecum_record::ids::{CommitId, ImportId, RecordId};

use crate::Store;
use crate::chain::{CommitWords, Contents, append};
use crate::change::{Change, ChangeRows, NewOrigin, Place, Prepared};
use crate::commit::{Committed, Places};
use crate::db::{DbError, Tx};
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::holder::name_of_this_process;
use crate::imports::{ImportState, NewImport, finish_import, insert_import};
use crate::index::{KnownWords, Met, read_owed};
use crate::origin::insert_origins;
use crate::records::settle_opening;
use crate::seal::{MacStream, RecordKey};

/// How long a staging place is kept without a batch, microseconds.
const LEASE_US: i64 = 30_000_000;

/// A commit being prepared. Dropped without [`Staging::publish`], it is swept at once as far as possible.
pub struct Staging<'s> {
    store: &'s Store,
    record: RecordId,
    key: Arc<RecordKey>,
    commit: CommitId,
    import: Option<ImportId>,
    versions: Tally,
    origins: Tally,
    /// Words and values met so far.
    known: KnownWords,
    met: Met,
    /// Whether the connection was lost during a batch: what is staged is not known any more.
    is_lost: bool,
    is_done: bool,
}

/// How many rows were staged, and their MACs in order.
#[derive(Clone)]
struct Tally {
    count: i64,
    digest: MacStream,
}

impl Store {
    /// Takes the record's staging place. `holder` says, beside the process, who holds it, for whoever finds the place taken.
    ///
    /// # Errors
    /// [`StoreError::ImportRunning`] while another holds it; what a crashed holder left is swept first. [`StoreError::NotCovered`]
    /// without a permit to import or restore.
    pub fn begin_staging(
        &self,
        permit: &Permit,
        import: Option<&NewImport>,
        holder: &str,
        now_us: i64,
    ) -> Result<Staging<'_>, StoreError> {
        if !matches!(permit.act(), Act::Import | Act::Restore) {
            return Err(StoreError::NotCovered);
        }
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        self.sweep_expired(record, &key, now_us)?;
        self.settle_index(record)?;
        let (commit, import) = self.main.write(|tx| {
            let mut head = ChainHead::lock(tx, record, &self.heads)?;
            if head.staged_commit.0 != 0 {
                return Err(StoreError::ImportRunning);
            }
            if read_owed(tx, record)?.is_some() {
                return Err(StoreError::IndexOwed);
            }
            let commit = head.take_commit();
            head.staged_commit = commit;
            head.store(tx, record, &self.heads)?;
            let import = import.map(|import| insert_import(tx, record, &key, commit, import)).transpose()?;
            tx.execute(
                "INSERT INTO staging (record_id, commit_id, import_id, holder, lease_until) VALUES ($1, $2, $3, $4, $5)",
                &[
                    record.0.into(),
                    commit.0.into(),
                    import.map_or(0, |import: ImportId| import.0).into(),
                    name_of_this_process(holder).into(),
                    now_us.saturating_add(LEASE_US).into(),
                ],
            )?;
            Ok((commit, import))
        })?;
        let tally = |of| Tally { count: 0, digest: key.mac_stream(of) };
        let (versions, origins) = (tally("versions"), tally("origins"));
        Ok(Staging {
            store: self,
            record,
            key,
            commit,
            import,
            versions,
            origins,
            known: KnownWords::default(),
            met: Met::default(),
            is_lost: false,
            is_done: false,
        })
    }
}

impl Staging<'_> {
    /// The commit being prepared.
    #[must_use]
    pub fn commit(&self) -> CommitId {
        self.commit
    }

    /// The import it belongs to, if it is one.
    #[must_use]
    pub fn import(&self) -> Option<ImportId> {
        self.import
    }

    /// How many versions are staged so far.
    #[must_use]
    pub fn n_versions(&self) -> i64 {
        self.versions.count
    }

    /// Stages a batch in one short transaction; nobody sees it yet.
    ///
    /// # Errors
    /// [`StoreError::StagingLost`] when the lease ran out; nothing of the batch is kept after any error.
    pub fn put(&mut self, changes: &[Change], origins: &[NewOrigin], now_us: i64) -> Result<(), StoreError> {
        let (record, commit, key) = (self.record, self.commit, Arc::clone(&self.key));
        let (mut versions, mut mapped) = (self.versions.clone(), self.origins.clone());
        let prepared = Prepared::all(changes, &key, &mut self.known);
        let mut met = std::mem::take(&mut self.met);
        let staged = self.store.main.write(|tx| {
            self.renew(tx, now_us)?;
            let mut rows = ChangeRows::default();
            let mut places = Places::default();
            for change in prepared {
                let latest = places.next(tx, record, change.change)?;
                versions.count += 1;
                let place = Place { version: latest.next, commit, ordinal: versions.count };
                rows.add((record, &key), change, place, &mut versions.digest)?;
            }
            rows.insert(tx, record, (commit, CommitId(0)), &mut met)?;
            insert_origins(tx, (record, &key), (commit, mapped.count + 1), origins, &mut mapped.digest)?;
            mapped.count += i64::try_from(origins.len()).unwrap_or(i64::MAX);
            Ok::<(), StoreError>(())
        });
        self.is_lost |= matches!(staged, Err(StoreError::Db(DbError::CommitUnknown)));
        // What is met in a batch that is not kept is forgotten with all the rest.
        staged?;
        (self.versions, self.origins, self.met) = (versions, mapped, met);
        Ok(())
    }

    /// Makes everything staged visible at once, and durable; with nothing staged, only the import is written down.
    ///
    /// # Errors
    /// [`StoreError::StagingLost`] when the lease ran out; everything stays invisible after any error.
    pub fn publish(mut self, words: &CommitWords, report: &[u8]) -> Result<Option<Committed>, StoreError> {
        let (record, commit, key, store) = (self.record, self.commit, Arc::clone(&self.key), self.store);
        let contents = Contents {
            n_versions: self.versions.count,
            n_origins: self.origins.count,
            versions_digest: self.versions.digest.clone().finish(),
            origins_digest: self.origins.digest.clone().finish(),
        };
        let is_empty = contents.n_versions == 0 && contents.n_origins == 0;
        let seq = store.main.write(|tx| {
            let mut head = self.hold(tx)?;
            let sql = "DELETE FROM staging WHERE record_id = $1 AND commit_id = $2 AND lease_until > 0";
            Self::still_mine(tx.execute(sql, &[record.0.into(), commit.0.into()])?)?;
            head.staged_commit = CommitId(0);
            let seq = if is_empty {
                head.store(tx, record, &store.heads)?;
                None
            } else {
                settle_opening(tx, record)?;
                Some(append(tx, (record, &key, &store.heads), (&mut head, commit), words, &contents)?)
            };
            if let Some(import) = self.import {
                let state = if is_empty { ImportState::Unchanged } else { ImportState::Done };
                finish_import(tx, (record, &key), (import, state), words.at_us, report)?;
            }
            Ok::<_, StoreError>(seq)
        })?;
        self.is_done = true;
        Ok(seq.map(|seq| Committed { commit, seq, at_us: words.at_us, written: Vec::new() }))
    }

    /// Gives up: removes what was staged and says why in the list of imports.
    ///
    /// # Errors
    /// What the database says; what could not be removed is swept later.
    pub fn abandon(mut self, report: &[u8], now_us: i64) -> Result<(), StoreError> {
        self.is_done = true;
        self.store.sweep(self.record, &self.key, self.commit)?;
        self.store.main.write(|tx| {
            if let Some(import) = self.import {
                finish_import(tx, (self.record, &self.key), (import, ImportState::Failed), now_us, report)?;
            }
            Ok(())
        })
    }

    /// Holds the place, and for a while longer.
    fn renew(&self, tx: &mut Tx<'_>, now_us: i64) -> Result<(), StoreError> {
        self.hold(tx)?;
        let lease_until = now_us.saturating_add(LEASE_US);
        let sql = "UPDATE staging SET lease_until = $3 WHERE record_id = $1 AND commit_id = $2 AND lease_until > 0";
        Self::still_mine(tx.execute(sql, &[self.record.0.into(), self.commit.0.into(), lease_until.into()])?)
    }

    /// Locks the chain, if this is the commit that is staged on it.
    fn hold(&self, tx: &mut Tx<'_>) -> Result<ChainHead, StoreError> {
        let head = ChainHead::lock(tx, self.record, &self.store.heads)?;
        if head.staged_commit == self.commit && !self.is_lost { Ok(head) } else { Err(StoreError::StagingLost) }
    }

    /// The staging row is found by its commit, and not if it was seized by whoever sweeps it.
    fn still_mine(n_rows: u64) -> Result<(), StoreError> {
        if n_rows == 1 { Ok(()) } else { Err(StoreError::StagingLost) }
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if !self.is_done
            && let Err(error) = self.store.sweep(self.record, &self.key, self.commit)
        {
            tracing::warn!(record = self.record.0, %error, "staged rows remain and will be swept later");
        }
    }
}
