//! Sign-in links and sessions of the portal: random 256-bit secrets, kept only as hashes (design §5, §9).

use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::tokens::hash;

/// How long a session stands unused, microseconds.
pub const SESSION_IDLE_US: i64 = 60 * 60 * 1_000_000;

/// How often a session's use is written down at most, microseconds.
const SEEN_EVERY_US: i64 = 60 * 1_000_000;

/// What is kept of a session: everything but its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The random id made beside the secret, which logs may name (AUD-2).
    pub session_id: String,
    /// The name under which whoever let the person in knows her.
    pub name: String,
    /// The records that may be opened, in the order they are offered.
    pub records: Vec<RecordId>,
    /// When it began, microseconds since the epoch.
    pub created_at_us: i64,
    /// When it was used last, to the minute.
    pub seen_at_us: i64,
    /// When it ends at the latest.
    pub expires_at_us: i64,
    /// When it was ended, if it was.
    pub ended_at_us: Option<i64>,
}

impl SessionRow {
    /// Whether the session holds at this moment: not ended, not at its end, not left alone for too long.
    #[must_use]
    pub fn is_live(&self, now_us: i64) -> bool {
        let is_idle = now_us.saturating_sub(self.seen_at_us) >= SESSION_IDLE_US;
        self.ended_at_us.is_none() && now_us < self.expires_at_us && !is_idle
    }
}

impl Store {
    /// Keeps a new sign-in link's hash; links that ended long ago are dropped.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_sign_in_link(
        &self,
        link: &str,
        (name, records): (&str, &[RecordId]),
        now_us: i64,
        expires_at_us: i64,
    ) -> Result<(), StoreError> {
        self.main.write(|tx| {
            tx.execute("DELETE FROM sign_in_link WHERE expires_at < $1", &[now_us.into()])?;
            tx.execute(
                "INSERT INTO sign_in_link (link_hash, name, records, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
                &[hash(link).into(), name.into(), listed(records).into(), now_us.into(), expires_at_us.into()],
            )?;
            Ok(())
        })
    }

    /// Whether a sign-in link could be used now; looking does not use it.
    ///
    /// # Errors
    /// What the database says.
    pub fn has_sign_in_link(&self, link: &str, now_us: i64) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM sign_in_link WHERE link_hash = $1 AND used_at IS NULL AND expires_at > $2";
        Ok(self.main.read(|tx| tx.query_opt(sql, &[hash(link).into(), now_us.into()]))?.is_some())
    }

    /// Uses a sign-in link and begins a session, in one step: of two who come at once, one gets in.
    ///
    /// # Errors
    /// What the database says.
    pub fn begin_session(
        &self,
        link: &str,
        (secret, session_id): (&str, &str),
        now_us: i64,
        expires_at_us: i64,
    ) -> Result<Option<SessionRow>, StoreError> {
        self.main.write(|tx| {
            let used = tx.execute(
                "UPDATE sign_in_link SET used_at = $2 WHERE link_hash = $1 AND used_at IS NULL AND expires_at > $2",
                &[hash(link).into(), now_us.into()],
            )?;
            if used == 0 {
                return Ok(None);
            }
            let found =
                tx.query_one("SELECT name, records FROM sign_in_link WHERE link_hash = $1", &[hash(link).into()])?;
            let row = SessionRow {
                session_id: session_id.to_owned(),
                name: found.text(0)?.to_owned(),
                records: records_in(found.text(1)?)?,
                created_at_us: now_us,
                seen_at_us: now_us,
                expires_at_us,
                ended_at_us: None,
            };
            insert(tx, secret, &row)?;
            Ok(Some(row))
        })
    }

    /// What is kept of a session, live or not; `None` for a secret that was never one. Its use is written down.
    ///
    /// # Errors
    /// What the database says.
    pub fn session(&self, secret: &str, now_us: i64) -> Result<Option<SessionRow>, StoreError> {
        let sql = "SELECT session_id, name, records, created_at, seen_at, expires_at, ended_at FROM session \
                   WHERE session_hash = $1";
        let found = self.main.read(|tx| tx.query_opt(sql, &[hash(secret).into()]))?;
        let Some(row) = found.map(|row| read(&row)).transpose()? else {
            return Ok(None);
        };
        if row.is_live(now_us) && now_us.saturating_sub(row.seen_at_us) >= SEEN_EVERY_US {
            let sql = "UPDATE session SET seen_at = $2 WHERE session_hash = $1 AND seen_at < $2";
            self.main.write(|tx| tx.execute(sql, &[hash(secret).into(), now_us.into()]))?;
        }
        Ok(Some(row))
    }

    /// Ends a session; whether there was a live one.
    ///
    /// # Errors
    /// What the database says.
    pub fn end_session(&self, secret: &str, now_us: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE session SET ended_at = $2 WHERE session_hash = $1 AND ended_at IS NULL";
        Ok(self.main.write(|tx| tx.execute(sql, &[hash(secret).into(), now_us.into()]))? > 0)
    }
}

fn insert(tx: &mut Tx<'_>, secret: &str, row: &SessionRow) -> Result<(), StoreError> {
    tx.execute("DELETE FROM session WHERE expires_at < $1", &[row.created_at_us.into()])?;
    tx.execute(
        "INSERT INTO session (session_hash, session_id, name, records, created_at, seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            hash(secret).into(),
            row.session_id.as_str().into(),
            row.name.as_str().into(),
            listed(&row.records).into(),
            row.created_at_us.into(),
            row.seen_at_us.into(),
            row.expires_at_us.into(),
        ],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        session_id: row.text(0)?.to_owned(),
        name: row.text(1)?.to_owned(),
        records: records_in(row.text(2)?)?,
        created_at_us: row.int(3)?,
        seen_at_us: row.int(4)?,
        expires_at_us: row.int(5)?,
        ended_at_us: row.opt_int(6)?,
    })
}

/// `1 2 7`.
fn listed(records: &[RecordId]) -> String {
    records.iter().map(|record| record.0.to_string()).collect::<Vec<_>>().join(" ")
}

fn records_in(text: &str) -> Result<Vec<RecordId>, StoreError> {
    let parsed: Result<Vec<i64>, _> = text.split_ascii_whitespace().map(str::parse).collect();
    Ok(parsed.map_err(|_| StoreError::Damaged("session"))?.into_iter().map(RecordId).collect())
}
