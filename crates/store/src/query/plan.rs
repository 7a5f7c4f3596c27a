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
    /// Along the values of the first key of the order; entries without a value are not met.
    Sorted(&'static SearchParam),
    /// Along the entries; only those without a value for the first key of the order, if so.
    Entries { without_first_key: bool },
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
        if let Some((at, n)) = best
            && n < FEW
        {
            return Start::Clause(at);
        }
        match self.query.sort.first().map(|key| &key.by) {
            Some(SortBy::Param(param)) if sorted_in(param).is_some() => Start::Sorted(param),
            _ => Start::Entries { without_first_key: false },
        }
    }

    /// The statement for matches behind a place, and its parameters; the first columns are number, type, id and version, then come
    /// those of the keys, which are given too.
    pub(super) fn page(&self, start: Start, after: Option<&After>, limit: usize) -> (String, Vec<Value<'q>>, Vec<Key>) {
        let mut sql = self.sql();
        let mut order = sql.order(&self.query.sort);
        let mut conditions = vec!["e.record_id = $1".to_owned()];
        let from = self.from(&mut sql, start, (&mut order, &mut conditions, after));
        self.conditions(&mut sql, start, &mut conditions);
        if let Some(after) = after {
            let skipped = usize::from(order.keys.len() < after.keys.len());
            let rest = After { keys: after.keys[skipped..].to_vec(), ..after.clone() };
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
        let start = best.map_or(Start::Entries { without_first_key: false }, |(at, _)| Start::Clause(at));
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
        let entries = match start {
            Start::Clause(at) => match self.query.clauses.get(at).and_then(|clause| sql.set(&self.context, clause)) {
                Some(set) => {
                    conditions.push("e.entry_no = d.entry_no".to_owned());
                    format!("FROM (SELECT DISTINCT s.entry_no FROM ({set}) s) d CROSS JOIN entry e")
                }
                None => "FROM entry e".to_owned(),
            },
            Start::Sorted(param) => self.along(sql, param, (order, conditions, after)),
            Start::Entries { without_first_key } => {
                if without_first_key && !order.keys.is_empty() {
                    let first = order.keys.remove(0);
                    conditions.push(format!("{} IS NULL", first.columns[0]));
                }
                "FROM entry e".to_owned()
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
        let (Some((table, columns)), false) = (sorted_in(param), order.keys.is_empty()) else {
            return "FROM entry e".to_owned();
        };
        // The key is read where it is walked along, not out of a result of its own.
        order.named.remove(0);
        order.left_joined.remove(0);
        let first = &mut order.keys[0];
        first.columns = columns.iter().map(|column| format!("w.{column}")).collect();
        first.is_always = true;
        // The parameter's number was bound for the result that is not needed: it is the second of all.
        conditions.push(format!(
            "w.record_id = $1 AND w.param = $2 AND w.ends {} AND e.entry_no = w.entry_no",
            ends(first.is_descending)
        ));
        // It follows from being behind the last match, and makes it a range of the index.
        if let Some(value) = after.and_then(|after| after.keys.first()?.as_ref()?.first()) {
            let compared = if first.is_descending { "<=" } else { ">=" };
            conditions.push(format!("w.{} {compared} {}", columns[0], sql.bind(value.clone())));
        }
        format!("FROM {} w CROSS JOIN entry e", table.name())
    }

    fn conditions(&self, sql: &mut Sql<'q>, start: Start, conditions: &mut Vec<String>) {
        conditions.push(sql.of_types(&self.query.types, "e"));
        conditions.push(sql.seen("e"));
        let mut asked = Vec::new();
        for (at, clause) in self.query.clauses.iter().enumerate() {
            if !matches!(start, Start::Clause(from) if from == at) {
                asked.push(sql.clause(&self.context, clause, "e"));
            }
        }
        conditions.push(all(&asked));
    }
}
