//! A grant: what was given of one record to a client, for how long. Whether it is live is computed, never stored (design §3).

use super::ScopeSet;
use crate::ids::RecordId;

/// What one record's holder (or the operator for them) gave to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The record it is about.
    pub record: RecordId,
    /// The client it was given to.
    pub client: String,
    /// What it allows; it narrows the token's scopes and never widens them.
    pub scopes: ScopeSet,
    /// From when, microseconds since the epoch.
    pub starts_at: i64,
    /// Until when, exclusive; `None` for until revoked.
    pub ends_at: Option<i64>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<i64>,
}

impl Grant {
    /// Whether the grant holds at this moment (CON-7: a revocation bites on the very next request).
    #[must_use]
    pub fn is_live(&self, now_us: i64) -> bool {
        self.revoked_at.is_none() && self.starts_at <= now_us && self.ends_at.is_none_or(|end| now_us < end)
    }
}
