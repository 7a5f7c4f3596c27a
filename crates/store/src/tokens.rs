//! Bearer tokens: random 256-bit, kept only as a hash (design §5).

use aws_lc_rs::digest::{SHA256, digest};
use mecum_record::access::ScopeSet;
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::Row;
use crate::error::StoreError;

/// What is kept of a token: everything but the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The random id made beside the token, which logs may name (AUD-2).
    pub token_id: String,
    /// Who it was issued to.
    pub client: String,
    /// The record it is bound to; `None` for a system.
    pub record: Option<RecordId>,
    /// What it allows.
    pub scopes: ScopeSet,
    /// When it was issued, microseconds since the epoch.
    pub created_at_us: i64,
    /// When it ends.
    pub expires_at_us: i64,
    /// When it was revoked, if it was.
    pub revoked_at_us: Option<i64>,
}

impl TokenRow {
    /// Whether the token holds at this moment.
    #[must_use]
    pub fn is_live(&self, now_us: i64) -> bool {
        self.revoked_at_us.is_none() && now_us < self.expires_at_us
    }
}

const TOKEN_COLUMNS: &str = "token_id, client, record_id, scopes, created_at, expires_at, revoked_at";

impl Store {
    /// Keeps a new token's hash.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_token(&self, token: &str, row: &TokenRow) -> Result<(), StoreError> {
        self.main.write(|tx| {
            tx.execute(
                "INSERT INTO token (token_hash, token_id, client, record_id, scopes, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &[
                    hash(token).into(),
                    row.token_id.as_str().into(),
                    row.client.as_str().into(),
                    row.record.map(|record| record.0).into(),
                    row.scopes.to_string().into(),
                    row.created_at_us.into(),
                    row.expires_at_us.into(),
                ],
            )?;
            Ok(())
        })
    }

    /// What is kept of a token, live or not; `None` for a token that was never issued.
    ///
    /// # Errors
    /// What the database says.
    pub fn token(&self, token: &str) -> Result<Option<TokenRow>, StoreError> {
        let sql = format!("SELECT {TOKEN_COLUMNS} FROM token WHERE token_hash = $1");
        let row = self.main.read(|tx| tx.query_opt(&sql, &[hash(token).into()]))?;
        row.map(|row| read(&row)).transpose()
    }

    /// All tokens, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        let sql = format!("SELECT {TOKEN_COLUMNS} FROM token ORDER BY created_at DESC, token_id");
        self.main.read(|tx| tx.query(&sql, &[]))?.iter().map(read).collect()
    }

    /// Revokes a token by its id; whether there was a live one.
    ///
    /// # Errors
    /// What the database says.
    pub fn revoke_token(&self, token_id: &str, now_us: i64) -> Result<bool, StoreError> {
        let revoked = self.main.write(|tx| {
            tx.execute(
                "UPDATE token SET revoked_at = $2 WHERE token_id = $1 AND revoked_at IS NULL",
                &[token_id.into(), now_us.into()],
            )
        })?;
        Ok(revoked > 0)
    }
}

/// What is kept of a secret that is random enough not to be guessed.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

fn read(row: &Row) -> Result<TokenRow, StoreError> {
    Ok(TokenRow {
        token_id: row.text(0)?.to_owned(),
        client: row.text(1)?.to_owned(),
        record: row.opt_int(2)?.map(RecordId),
        scopes: ScopeSet::parse(row.text(3)?).map_err(|_| StoreError::Damaged("token"))?,
        created_at_us: row.int(4)?,
        expires_at_us: row.int(5)?,
        revoked_at_us: row.opt_int(6)?,
    })
}
