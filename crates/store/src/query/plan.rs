//! Where a statement starts: from the entries of its most selective clause, along an index in the order asked for, or along the
//! entries themselves. Decided by counting, within bounds, so that both databases do the same.

use mecum_fhir::search::query::{Clause, SearchQuery, SortBy};
use mecum_fhir::search_param::SearchParam;
use mecum_record::access::Permit;

use super::clause::Context;
use super::sort::{After, Key, Order, ends, order_by, sorted_in};
use super::sql::{Sql, all};
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::index::Sight;

/// Counted up to here: a clause that fewer entries meet is started from, one that more meet is looked up entry by entry.
const FEW: i64 = 500;

/// Counting stops when a clause is this selective.
const VERY_FEW: i64 = 20;

/// Where a statement starts.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// From the entries that meet this clause.
    Clause(usize),
    /// Along the entries.
    Entries,
    /// Along the values of the first key of the order; if a clause is given, of entries alone that meet it.
    Sorted(&'static SearchParam, Option<usize>),
    /// From the entries that have no value for the first key of the order; if a clause is given, of those that meet it.
    Unsorted(&'static SearchParam, Option<usize>),
}

impl Start {
    /// The clause that holds of whatever it starts from.
    fn clause(self) -> Option<usize> {
        match self {
            Self::Clause(at) => Some(at),
            Self::Sorted(_, clause) | Self::Unsorted(_, clause) => clause,
            Self::Entries => None,
        }
    }
}

/// What is asked, of which record, as who, as of when.
pub(super) struct Asked<'q, 'c> {
    pub(super) query: &'q SearchQuery,
    pub(super) permit: &'q Permit,
    pub(super) sight: Sight,
    pub(super) context: Context<'c>,
}

impl<'q> Asked<'q, '_> {
    fn sql(&self) -> Sql<'q> {
        Sql::new(self.permit.over().0, self.sight, self.permit.filter())
    }

    /// The clause that fewest entries meet, as far as indexes can say, and how many.
    pub(super) fn most_selective(&self, tx: &mut Tx<'_>) -> Result<Option<(usize, i64)>, StoreError> {
        let mut best: Option<(usize, i64)> = None;
        // Entries of an id are as quickly found along the entries.
        if self.query.clauses.iter().any(|clause| matches!(clause, Clause::Id(_))) {
            return Ok(None);
        }
        for (at, clause) in self.query.clauses.iter().enumerate() {
            let mut sql = self.sql();
            let Some(set) = sql.set(&self.context, clause) else { continue };
            let most = best.map_or(FEW, |(_, n)| n);
            let counted = format!("SELECT COUNT(*) FROM (SELECT s.entry_no FROM ({set}) s LIMIT {FEW}) n");
            let n = tx.query_one(&counted, &sql.params)?.int(0)?;
            if n < most || best.is_none() {
                best = Some((at, n));
            }
            if n <= VERY_FEW {
                break;
            }
        }
        Ok(best)
    }

    /// Where the search for a page starts.
    pub(super) fn start(&self, best: Option<(usize, i64)>) -> Start {
        let few = best.filter(|(_, n)| *n < FEW).map(|(at, _)| at);
        match (self.query.sort.first().map(|key| &key.by), few) {
            (Some(SortBy::Param(param)), few) => Start::Sorted(param, few),
            (_, Some(at)) => Start::Clause(at),
            _ => Start::Entries,
        }
    }

    /// The statement for matches behind a place, and its parameters; the first columns are number, type, id and version, then come
    /// those of the keys, which are given too.
    pub(super) fn page(&self, start: Start, after: Option<&After>, limit: usize) -> (String, Vec<Value<'q>>, Vec<Key>) {
        let mut sql = self.sql();
        // The first key is walked along, or has no value.
        let n_walked = usize::from(matches!(start, Start::Sorted(..) | Start::Unsorted(..)));
        let mut order = sql.order(self.query.sort.get(n_walked..).unwrap_or_default());
        let mut conditions = vec!["e.record_id = $1".to_owned()];
        let from = self.from(&mut sql, start, (&mut order, &mut conditions, after));
        self.conditions(&mut sql, start, &mut conditions);
        if let Some(after) = after {
            let n_gone = after.keys.len().saturating_sub(order.keys.len());
            let rest = After { keys: after.keys[n_gone..].to_vec(), ..after.clone() };
            conditions.push(sql.behind(&order.keys, &rest));
        }
        let limit = sql.bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let columns: Vec<String> = order.keys.iter().flat_map(|key| &key.columns).map(|it| format!(", {it}")).collect();
        let with = if order.named.is_empty() { String::new() } else { format!("WITH {} ", order.named.join(", ")) };
        let text = format!(
            "{with}SELECT e.entry_no, e.type_code, e.id, e.version_id{} {from} WHERE {} ORDER BY {} LIMIT {limit}",
            columns.concat(),
            conditions.join(" AND "),
            order_by(&order.keys)
        );
        (text, sql.params, order.keys)
    }

    /// The statement that counts all matches.
    pub(super) fn count(&self, best: Option<(usize, i64)>) -> (String, Vec<Value<'q>>) {
        let start = best.map_or(Start::Entries, |(at, _)| Start::Clause(at));
        let mut sql = self.sql();
        let mut conditions = vec!["e.record_id = $1".to_owned()];
        let from = self.from(&mut sql, start, (&mut Order::default(), &mut conditions, None));
        self.conditions(&mut sql, start, &mut conditions);
        (format!("SELECT COUNT(*) {from} WHERE {}", conditions.join(" AND ")), sql.params)
    }

    /// The tables, the first one being where it starts.
    fn from(
        &self,
        sql: &mut Sql<'q>,
        start: Start,
        (order, conditions, after): (&mut Order, &mut Vec<String>, Option<&After>),
    ) -> String {
        let set = start.clause().and_then(|at| sql.set(&self.context, self.query.clauses.get(at)?));
        let entries = match (start, set) {
            (Start::Sorted(param, _), set) => {
                if let Some(set) = set {
                    conditions.push(format!("(+w.entry_no) IN ({set})"));
                }
                self.along(sql, param, (order, conditions, after))
            }
            (start, set) => {
                if let Start::Unsorted(param, _) = start {
                    let number = sql.bind(param.number());
                    conditions.push(format!(
                        "(+e.entry_no) NOT IN (SELECT i.entry_no FROM {} i WHERE i.record_id = $1 AND i.param = {number})",
                        sorted_in(param).0.name()
                    ));
                }
                match set {
                    Some(set) => {
                        conditions.push("e.entry_no = d.entry_no".to_owned());
                        format!("FROM (SELECT DISTINCT s.entry_no FROM ({set}) s) d CROSS JOIN entry e")
                    }
                    None => "FROM entry e".to_owned(),
                }
            }
        };
        let joined: Vec<String> = order.joined.iter().map(|table| format!(" CROSS JOIN {table}")).collect();
        conditions.append(&mut order.conditions);
        let left: Vec<String> = order.left_joined.iter().map(|join| format!(" {join}")).collect();
        format!("{entries}{}{}", joined.concat(), left.concat())
    }

    /// Along the values of a parameter in their order.
    fn along(
        &self,
        sql: &mut Sql<'q>,
        param: &SearchParam,
        (order, conditions, after): (&mut Order, &mut Vec<String>, Option<&After>),
    ) -> String {
        let (table, columns) = sorted_in(param);
        let is_descending = self.query.sort.first().is_some_and(|key| key.descending);
        let number = sql.bind(param.number());
        conditions.push(format!(
            "w.record_id = $1 AND w.param = {number} AND w.ends {} AND e.entry_no = w.entry_no",
            ends(is_descending)
        ));
        // It follows from being behind the last match, and makes it a range of the index.
        if let Some(value) = after.and_then(|after| after.keys.first()?.as_ref()?.first()) {
            let compared = if is_descending { "<=" } else { ">=" };
            conditions.push(format!("w.{} {compared} {}", columns[0], sql.bind(value.clone())));
        }
        let columns = columns.iter().map(|column| format!("w.{column}")).collect();
        order.keys.insert(0, Key { columns, is_descending, is_always: true });
        format!("FROM {} w CROSS JOIN entry e", table.name())
    }

    fn conditions(&self, sql: &mut Sql<'q>, start: Start, conditions: &mut Vec<String>) {
        conditions.push(sql.of_types(&self.query.types, "e"));
        conditions.push(sql.seen("e"));
        let mut asked = Vec::new();
        for (at, clause) in self.query.clauses.iter().enumerate() {
            if start.clause() != Some(at) {
                asked.push(sql.clause(&self.context, clause, "e"));
            }
        }
        conditions.push(all(&asked));
    }
}
