//! Which entries a reader sees: those current now, or as of a place in the chain, as SQL over the columns of `entry`.
//!
//! A record has one staging place. So what is hidden are the entries of the commit in it, and, as of an earlier place in the chain,
//! those of the commits behind it: a short list, and no row needs to be joined with its commit.

use mecum_record::access::ResourceFilter;
use mecum_record::ids::{CommitId, RecordId};

use super::entry::ORDINAL_BITS;
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::filter::condition;
use crate::head::ChainHead;
use crate::seal::HeadKey;

/// A place in the chain from which entries are looked at. Statements have the record as their first parameter.
#[derive(Clone, Copy)]
pub(crate) struct Sight {
    /// The place in the chain.
    pub(crate) seq: i64,
    /// Whether it is the end of the chain.
    is_now: bool,
    /// The commit being staged, 0 for none.
    staged: CommitId,
}

impl Sight {
    /// As of now.
    pub(crate) fn now(tx: &mut Tx<'_>, record: RecordId, heads: &HeadKey) -> Result<Sight, StoreError> {
        let head = ChainHead::read(tx, record, heads)?;
        Ok(Sight { seq: head.seq, is_now: true, staged: head.staged_commit })
    }

    #[cfg(test)]
    pub(crate) fn sample(is_now: bool) -> Sight {
        Sight { seq: 9, is_now, staged: CommitId(0) }
    }

    /// As of an earlier place of the chain.
    pub(crate) fn as_of(self, seq: i64) -> Sight {
        Sight { seq: seq.min(self.seq), is_now: seq >= self.seq, ..self }
    }

    /// That the entry `row` is the one that a reader sees of its resource.
    pub(crate) fn current(&self, row: &str, params: &mut Vec<Value<'_>>) -> String {
        let staged = bind(params, self.staged.0);
        if self.is_now {
            return format!("{row}.superseded_by IN (0, {staged}) AND ({row}.entry_no >> {ORDINAL_BITS}) <> {staged}");
        }
        let seq = bind(params, self.seq);
        let later = format!("(SELECT h.commit_id FROM commit_log h WHERE h.record_id = $1 AND h.seq > {seq})");
        format!(
            "({row}.superseded_by IN (0, {staged}) OR {row}.superseded_by IN {later}) \
             AND ({row}.entry_no >> {ORDINAL_BITS}) <> {staged} AND ({row}.entry_no >> {ORDINAL_BITS}) NOT IN {later}"
        )
    }

    /// That the filter lets the entry `row` through, and the current version of its resource as well (design §6).
    pub(crate) fn permitted<'a>(&self, filter: &'a ResourceFilter, row: &str, params: &mut Vec<Value<'a>>) -> String {
        let own = condition(filter, row, params);
        if self.is_now || *filter == ResourceFilter::Every {
            return own;
        }
        let staged = bind(params, self.staged.0);
        let newest = condition(filter, "w", params);
        format!(
            "({own}) AND ({row}.superseded_by IN (0, {staged}) OR EXISTS (SELECT 1 FROM version w \
             WHERE w.record_id = {row}.record_id AND w.type_code = {row}.type_code AND w.id = {row}.id \
             AND w.version_id = (SELECT n.version_id FROM version n \
                 JOIN commit_log d ON d.record_id = n.record_id AND d.commit_id = n.commit_id \
                 WHERE n.record_id = {row}.record_id AND n.type_code = {row}.type_code AND n.id = {row}.id \
                 ORDER BY n.version_id DESC LIMIT 1) AND ({newest})))"
        )
    }
}

/// Appends a value and gives its placeholder.
pub(crate) fn bind<'a>(params: &mut Vec<Value<'a>>, value: impl Into<Value<'a>>) -> String {
    params.push(value.into());
    format!("${}", params.len())
}
