//! What reading a query needs to know, and how much one query may ask for (REST-46).

use super::fault::Trouble;

/// What a query is read against.
#[derive(Clone, Copy)]
pub struct QueryContext<'c> {
    /// This server's address: references to it are relative (REST-15).
    pub base_url: &'c str,
    /// The zone of dates without one, in minutes east of UTC.
    pub zone_offset_minutes: i32,
    /// Now, in microseconds since the epoch: `ap` widens dates by a tenth of the way to it.
    pub now_us: i64,
    /// How much may be asked for.
    pub limits: QueryLimits,
}

/// How much one query may ask for. What is over a limit is a fault, but for `max_count`, which is the size of the largest page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryLimits {
    /// Bytes of all names and values.
    pub max_bytes: usize,
    /// Parameters that say what must hold; also those that may be ignored.
    pub max_clauses: usize,
    /// Values of all of them, between commas, once for each type that a chain may lead to.
    pub max_values: usize,
    /// References that one parameter may lead over.
    pub max_steps: usize,
    /// Keys of the order.
    pub max_sort_keys: usize,
    /// `_include` and `_revinclude` together.
    pub max_includes: usize,
    /// Matches on a page.
    pub max_count: u32,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self {
            max_bytes: 65_536,
            max_clauses: 64,
            max_values: 1_000,
            max_steps: 3,
            max_sort_keys: 8,
            max_includes: 32,
            max_count: 1_000,
        }
    }
}

/// Clauses inside of clauses, per clause that is allowed: a chain has one for each type it may lead to.
const MAX_NESTED: usize = 8;

/// Reads parameters, and counts what they ask for.
pub(super) struct Reader<'c> {
    pub(super) context: &'c QueryContext<'c>,
    n_clauses: usize,
    n_values: usize,
}

impl<'c> Reader<'c> {
    pub(super) fn new(context: &'c QueryContext<'c>) -> Self {
        Self { context, n_clauses: 0, n_values: 0 }
    }

    /// Counts a clause, those inside of others too.
    pub(super) fn spend_clause(&mut self) -> Result<(), Trouble> {
        self.n_clauses += 1;
        if self.n_clauses <= self.context.limits.max_clauses.saturating_mul(MAX_NESTED) {
            return Ok(());
        }
        Err(Trouble::too_costly("it leads to too many types; say which, as in subject:Patient.name"))
    }

    /// Counts values.
    pub(super) fn spend_values(&mut self, n_values: usize) -> Result<(), Trouble> {
        self.n_values = self.n_values.saturating_add(n_values);
        let most = self.context.limits.max_values;
        if self.n_values <= most {
            return Ok(());
        }
        Err(Trouble::too_costly(format!("one query may have at most {most} values")))
    }
}
