//! A large commit prepared in short transactions that no reader sees, and made visible by one short one (I8).
//!
//! Every batch lands in the record's own tables under the number of a commit that has no row in `commit_log` yet; publishing is
//! writing that row. A record has one staging place, held by a lease: what a crash leaves behind is swept by the next who comes.

use std::sync::Arc;

use mecum_record::access::Permit;
use mecum_record::ids::{CommitId, ImportId, RecordId};

use crate::Store;
use crate::chain::{CommitWords, Contents, append};
use crate::change::{Change, ChangeRows, NewOrigin, Place};
use crate::commit::{Committed, Places, covers};
use crate::db::Tx;
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::imports::{ImportState, NewImport, finish_import, insert_import};
use crate::origin::insert_origins;
use crate::seal::{MacStream, RecordKey};

/// How long a staging place is kept without a batch, microseconds.
const LEASE_US: i64 = 120_000_000;

/// A commit being prepared. Dropped without [`Staging::publish`], it is swept at once as far as possible.
pub struct Staging<'s> {
    store: &'s Store,
    permit: Permit,
    record: RecordId,
    key: Arc<RecordKey>,
    commit: CommitId,
    import: Option<ImportId>,
    versions: Tally,
    origins: Tally,
    is_done: bool,
}

/// How many rows were staged, and their MACs in order.
#[derive(Clone)]
struct Tally {
    count: i64,
    digest: MacStream,
}

impl Tally {
    fn add(&mut self, mac: &[u8; 32]) {
        self.count += 1;
        self.digest.part(mac);
    }
}

impl Store {
    /// Takes the record's staging place. `holder` names the process for whoever finds the place taken.
    ///
    /// # Errors
    /// [`StoreError::ImportRunning`] while another holds it; what a crashed holder left is swept first.
    pub fn begin_staging(
        &self,
        permit: &Permit,
        import: Option<&NewImport>,
        holder: &str,
        now_us: i64,
    ) -> Result<Staging<'_>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        self.sweep_expired(record, &key, now_us)?;
        let (commit, import) = self.main.write(|tx| {
            let mut head = ChainHead::lock(tx, record, &self.heads)?;
            if head.staged_commit.0 != 0 {
                return Err(StoreError::ImportRunning);
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
                    holder.into(),
                    now_us.saturating_add(LEASE_US).into(),
                ],
            )?;
            Ok((commit, import))
        })?;
        let versions = Tally { count: 0, digest: key.mac_stream("versions") };
        let origins = Tally { count: 0, digest: key.mac_stream("origins") };
        let permit = permit.clone();
        Ok(Staging { store: self, permit, record, key, commit, import, versions, origins, is_done: false })
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
        if !changes.iter().all(|change| covers(&self.permit, change)) {
            return Err(StoreError::NotCovered);
        }
        let (record, commit, key) = (self.record, self.commit, Arc::clone(&self.key));
        let mut versions = self.versions.clone();
        let mut mapped = self.origins.clone();
        self.store.main.write(|tx| {
            self.renew(tx, now_us)?;
            let mut rows = ChangeRows::default();
            let mut places = Places::default();
            for change in changes {
                let latest = places.next(tx, record, change)?;
                let place = Place { version: latest.next, commit, ordinal: versions.count + 1 };
                versions.add(&rows.add(record, &key, change, place));
            }
            rows.insert(tx)?;
            let first = mapped.count + 1;
            for mac in insert_origins(tx, (record, &key), (commit, first), origins)? {
                mapped.add(&mac);
            }
            Ok::<(), StoreError>(())
        })?;
        self.versions = versions;
        self.origins = mapped;
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
            head.staged_commit = CommitId(0);
            let seq = if is_empty {
                head.store(tx, record, &store.heads)?;
                None
            } else {
                Some(append(tx, (record, &key, &store.heads), (&mut head, commit), words, &contents)?)
            };
            if let Some(import) = self.import {
                let state = if is_empty { ImportState::Unchanged } else { ImportState::Done };
                finish_import(tx, (record, &key), (import, state), words.at_us, report)?;
            }
            release(tx, record)?;
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

    fn renew(&self, tx: &mut Tx<'_>, now_us: i64) -> Result<(), StoreError> {
        self.hold(tx)?;
        tx.execute(
            "UPDATE staging SET lease_until = $2 WHERE record_id = $1",
            &[self.record.0.into(), now_us.saturating_add(LEASE_US).into()],
        )?;
        Ok(())
    }

    fn hold(&self, tx: &mut Tx<'_>) -> Result<ChainHead, StoreError> {
        let head = ChainHead::lock(tx, self.record, &self.store.heads)?;
        if head.staged_commit == self.commit { Ok(head) } else { Err(StoreError::StagingLost) }
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

pub(crate) fn release(tx: &mut Tx<'_>, record: RecordId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM staging WHERE record_id = $1", &[record.0.into()])?;
    Ok(())
}
