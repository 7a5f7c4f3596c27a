//! Rows of table `job`: exports that somebody asked for and fetches later. A row says as of which place of the chain; what goes out
//! is read from the record when it is fetched, so that nothing lies about.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit};
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::{Row, Value};
use crate::error::StoreError;
use crate::filter::permitted;
use crate::read::NEWEST_AS_OF;
use crate::seal::{Aad, RecordKey};
use crate::version::type_of;

/// What a job may be: open until it runs out.
const READY: &str = "ready";

/// A job as it is kept. Not `Debug`: the detail may say what was asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its id within the record.
    pub job_id: String,
    /// What it is for.
    pub kind: String,
    /// Whose it is.
    pub owner: String,
    /// When it was made, microseconds since the epoch.
    pub created_at_us: i64,
    /// When it runs out.
    pub expires_at_us: i64,
    /// What it is about, in the words of the room above; sealed here.
    pub detail: Vec<u8>,
}

impl Store {
    /// Keeps a job. Those of the record that have run out go, and of its owner's the oldest, so that at most `max` stay.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to export; what the database says.
    pub fn add_job(&self, permit: &Permit, job: &JobRow, max: i64) -> Result<(), StoreError> {
        let (record, key) = self.jobs_of(permit)?;
        let sealed = key.seal(&aad(record, job), &job.detail);
        self.main.write(|tx| {
            tx.execute(
                "DELETE FROM job WHERE record_id = $1 AND run_at <= $2",
                &[record.0.into(), job.created_at_us.into()],
            )?;
            tx.execute(
                "DELETE FROM job WHERE record_id = $1 AND owner = $2 AND job_id NOT IN (SELECT k.job_id FROM job k \
                 WHERE k.record_id = $1 AND k.owner = $2 ORDER BY k.created_at DESC, k.job_id DESC LIMIT $3)",
                &[record.0.into(), job.owner.as_str().into(), (max - 1).into()],
            )?;
            tx.execute(
                "INSERT INTO job (record_id, job_id, kind, state, created_at, run_at, lease_until, n_attempts, owner, \
                 detail) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8)",
                &[
                    record.0.into(),
                    job.job_id.as_str().into(),
                    job.kind.as_str().into(),
                    READY.into(),
                    job.created_at_us.into(),
                    job.expires_at_us.into(),
                    job.owner.as_str().into(),
                    sealed.as_slice().into(),
                ],
            )?;
            Ok(())
        })
    }

    /// A job of the record, whether or not it has run out.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to export; a row that was altered.
    pub fn job(&self, permit: &Permit, job_id: &str) -> Result<Option<JobRow>, StoreError> {
        let (record, key) = self.jobs_of(permit)?;
        let sql =
            "SELECT job_id, kind, owner, created_at, run_at, detail FROM job WHERE record_id = $1 AND job_id = $2";
        let row = self.main.read(|tx| tx.query_opt(sql, &[record.0.into(), job_id.into()]))?;
        row.map(|row| read(&row, record, &key)).transpose()
    }

    /// Removes a job; whether it was there.
    ///
    /// # Errors
    /// As [`Store::job`].
    pub fn remove_job(&self, permit: &Permit, job_id: &str) -> Result<bool, StoreError> {
        let (record, _) = self.jobs_of(permit)?;
        let sql = "DELETE FROM job WHERE record_id = $1 AND job_id = $2";
        Ok(self.main.write(|tx| tx.execute(sql, &[record.0.into(), job_id.into()]))? > 0)
    }

    /// How many current resources of each type there were at a place of the chain, as far as the permit lets them through.
    ///
    /// # Errors
    /// What the database says.
    pub fn types_at(&self, permit: &Permit, until_seq: i64) -> Result<Vec<(ResourceType, i64)>, StoreError> {
        let mut params: Vec<Value<'_>> = vec![permit.over().0.into(), 0.into(), 0.into(), until_seq.into()];
        let permitted = permitted(permit.filter(), &mut params);
        let sql = format!(
            "SELECT v.type_code, COUNT(*) FROM version v \
             JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id \
             WHERE v.record_id = $1 AND v.version_id > $2 AND v.deleted = $3 AND c.seq <= $4 AND {NEWEST_AS_OF} \
             AND {permitted} GROUP BY v.type_code ORDER BY v.type_code"
        );
        let rows = self.main.read(|tx| tx.query(&sql, &params))?;
        rows.iter().map(|row| Ok((type_of(row.int(0)?)?, row.int(1)?))).collect()
    }

    fn jobs_of(&self, permit: &Permit) -> Result<(RecordId, std::sync::Arc<RecordKey>), StoreError> {
        if !matches!(permit.act(), Act::Export | Act::EhiExport) {
            return Err(StoreError::NotCovered);
        }
        Ok((permit.over(), self.keys.record_key(permit.over())?))
    }
}

fn read(row: &Row, record: RecordId, key: &RecordKey) -> Result<JobRow, StoreError> {
    let mut job = JobRow {
        job_id: row.text(0)?.to_owned(),
        kind: row.text(1)?.to_owned(),
        owner: row.text(2)?.to_owned(),
        created_at_us: row.int(3)?,
        expires_at_us: row.int(4)?,
        detail: Vec::new(),
    };
    job.detail = key.open(&aad(record, &job), row.bytes(5)?)?;
    Ok(job)
}

/// A detail opens only beside the other columns that it was written with.
fn aad(record: RecordId, job: &JobRow) -> Aad {
    let aad = Aad::new("job").int(record.0).text(&job.job_id).text(&job.kind).text(&job.owner);
    aad.int(job.created_at_us).int(job.expires_at_us)
}
