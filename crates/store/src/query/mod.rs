//! Search in one record: a query as one statement over the index, under a permit, page by page as of one place in the chain.
//!
//! - `sql`: a statement while it is written
//! - `token`, `string`, `reference`, `date`, `number`, `uri`, `words`: values of each kind, as conditions
//! - `clause`, `chain`: what a clause asks of an entry
//! - `sort`, `plan`, `cursor`: the order, where a statement starts, and where a page goes on
//! - `beside`: what matches refer to, and what refers to them; `records`: which records are worth asking

mod beside;
mod chain;
mod clause;
mod cursor;
mod date;
mod number;
mod plan;
mod records;
mod reference;
mod sort;
mod sql;
mod string;
mod token;
mod uri;
mod words;

use std::time::Duration;

use mecum_fhir::search::query::SearchQuery;
use mecum_record::access::{Permit, ResourceKey};

use self::clause::Context;
use self::cursor::Cursor;
use self::plan::{Asked, Start};
use self::sort::{After, Key};
use crate::Store;
use crate::db::{DbError, Row, Tx, Value};
use crate::error::StoreError;
use crate::index::{Sight, read_owed};
use crate::read::{FROM_VISIBLE, finish};
use crate::seal::RecordKey;
use crate::version::{VERSION_COLUMNS, Version, VersionRow, type_of};

/// How long all statements of a search may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a page of a search is to hold.
#[derive(Clone, Copy, Debug)]
pub struct PageWish {
    /// At most so many matches; 0 for the total alone.
    pub limit: usize,
    /// At most so many bytes of sealed bodies, so that memory stays bounded whatever the matches are; one match at least.
    pub max_bytes: usize,
    /// Whether all matches are to be counted.
    pub with_total: bool,
}

/// A page of matches. Not `Debug`: it is someone's health data.
#[derive(Clone)]
pub struct SearchPage {
    /// The matches, in their order.
    pub matches: Vec<Version>,
    /// How many there are on all pages together, if that was asked.
    pub total: Option<i64>,
    /// Where the next page goes on, for [`SearchQuery::cursor`]; none on the last page.
    pub next: Option<String>,
    /// The place in the chain as of which all pages are.
    pub as_of: i64,
}

impl Store {
    /// A page of the matches of a query in the record that the permit is over: as far as the permit shows them, and without anything
    /// that it hides having a say. All pages of one search are as of one moment: each match is on one of them, whatever is written
    /// meanwhile. `query.cursor` says where the page begins.
    ///
    /// # Errors
    /// [`StoreError::UnknownCursor`] for a cursor of another query; [`StoreError::TooCostly`] for what takes too long; what the
    /// database says.
    pub fn search(&self, permit: &Permit, query: &SearchQuery, wish: PageWish) -> Result<SearchPage, StoreError> {
        self.settle_index(permit.over())?;
        let key = self.keys.record_key(permit.over())?;
        let found = self.main.read_within(PATIENCE, |tx| self.page_of(tx, (permit, &key), query, wish));
        match found {
            Err(StoreError::Db(DbError::TooCostly)) => Err(StoreError::TooCostly),
            found => found,
        }
    }

    /// How many matches a query has now.
    ///
    /// # Errors
    /// As [`Store::search`].
    pub fn count(&self, permit: &Permit, query: &SearchQuery) -> Result<i64, StoreError> {
        let wish = PageWish { limit: 0, max_bytes: 0, with_total: true };
        Ok(self.search(permit, query, wish)?.total.unwrap_or(0))
    }

    fn page_of(
        &self,
        tx: &mut Tx<'_>,
        (permit, key): (&Permit, &RecordKey),
        query: &SearchQuery,
        wish: PageWish,
    ) -> Result<SearchPage, StoreError> {
        let record = permit.over();
        if read_owed(tx, record)?.is_some() {
            return Err(StoreError::IndexOwed);
        }
        let cursor = query.cursor.as_ref().map(|text| Cursor::parse(text, (record, key), query)).transpose()?;
        let now = Sight::now(tx, record, &self.heads)?;
        let sight = cursor.as_ref().map_or(now, |cursor| now.as_of(cursor.seq));
        let asked = Asked { query, permit, sight, context: Context { key, types: &query.types } };
        let best = asked.most_selective(tx)?;
        let known_total = cursor.as_ref().and_then(|cursor| cursor.total);
        let total = match (wish.with_total, known_total) {
            (true, None) => Some(count(tx, &asked, best)?),
            (_, known) => known,
        };
        let mut page = SearchPage { matches: Vec::new(), total, next: None, as_of: sight.seq };
        if wish.limit > 0 {
            let after = cursor.map(|cursor| cursor.after);
            let found = find(tx, &asked, (asked.start(best), after), wish.limit.saturating_add(1))?;
            let last = fill(tx, (permit, key), &found, (wish, &mut page))?;
            page.next = last.map(|after| Cursor { seq: sight.seq, total, after }.to_text((record, key), query));
        }
        Ok(page)
    }
}

/// A match: which version, and the place behind it.
struct Match {
    resource: ResourceKey,
    version: i64,
    after: After,
}

fn count(tx: &mut Tx<'_>, asked: &Asked<'_, '_>, best: Option<(usize, i64)>) -> Result<i64, StoreError> {
    let (sql, params) = asked.count(best);
    Ok(tx.query_one(&sql, &params)?.int(0)?)
}

/// The next matches. Along the values of a parameter those without a value are not met: they come last, in a statement of their own.
fn find(
    tx: &mut Tx<'_>,
    asked: &Asked<'_, '_>,
    (start, after): (Start, Option<After>),
    limit: usize,
) -> Result<Vec<Match>, StoreError> {
    let Start::Sorted(param, clause) = start else {
        return step(tx, asked, (start, after.as_ref()), limit);
    };
    let is_behind_values = after.as_ref().is_some_and(|after| after.keys.first().is_some_and(Option::is_none));
    let mut found = Vec::new();
    if !is_behind_values {
        found = step(tx, asked, (start, after.as_ref()), limit)?;
    }
    if found.len() < limit {
        let rest = Start::Unsorted(param, clause);
        let after = after.filter(|_| is_behind_values);
        let mut without = step(tx, asked, (rest, after.as_ref()), limit - found.len())?;
        without.iter_mut().for_each(|found| found.after.keys.insert(0, None));
        found.append(&mut without);
    }
    Ok(found)
}

fn step(
    tx: &mut Tx<'_>,
    asked: &Asked<'_, '_>,
    (start, after): (Start, Option<&After>),
    limit: usize,
) -> Result<Vec<Match>, StoreError> {
    let (sql, params, keys) = asked.page(start, after, limit);
    tx.query(&sql, &params)?.iter().map(|row| read_match(row, &keys)).collect()
}

fn read_match(row: &Row, keys: &[Key]) -> Result<Match, StoreError> {
    let (type_code, id) = (row.int(1)?, row.text(2)?.to_owned());
    let mut at = 4;
    let mut values = Vec::with_capacity(keys.len());
    for key in keys {
        let columns = (at..at + key.columns.len()).map(|column| value(row, column)).collect::<Result<Vec<_>, _>>()?;
        at += key.columns.len();
        values.push((columns[0] != Value::Null).then_some(columns));
    }
    Ok(Match {
        resource: ResourceKey { resource_type: type_of(type_code)?, id: id.clone() },
        version: row.int(3)?,
        after: After { keys: values, type_code, id },
    })
}

fn value(row: &Row, at: usize) -> Result<Value<'static>, StoreError> {
    if let Ok(int) = row.opt_int(at) {
        return Ok(int.map_or(Value::Null, Value::Int));
    }
    match row.opt_text(at) {
        Ok(text) => Ok(text.map_or(Value::Null, |text| text.to_owned().into())),
        Err(_) => Ok(row.bytes(at)?.to_vec().into()),
    }
}

/// Fetches the versions of a page; gives the place behind it if there is more.
fn fill(
    tx: &mut Tx<'_>,
    (permit, key): (&Permit, &RecordKey),
    found: &[Match],
    (wish, page): (PageWish, &mut SearchPage),
) -> Result<Option<After>, StoreError> {
    let sql = version_sql();
    let mut n_bytes = 0;
    for (at, one) in found.iter().enumerate() {
        if at >= wish.limit || (at > 0 && n_bytes >= wish.max_bytes) {
            return Ok(found.get(at - 1).map(|last| last.after.clone()));
        }
        let type_code = i64::from(one.resource.resource_type.code());
        let params = [permit.over().0.into(), type_code.into(), one.resource.id.as_str().into(), one.version.into()];
        let row = tx.query_opt(&sql, &params)?.ok_or(StoreError::Damaged("search index"))?;
        let version = VersionRow::read(&row)?;
        n_bytes += version.sealed.as_ref().map_or(0, Vec::len);
        // The version's own columns are proved by its MAC, those of its entry are not.
        if permit.filter().matches(&version.facts, &version.key.id) {
            page.matches.push(finish(version, &row, (permit.over(), key))?);
        }
    }
    Ok(None)
}

/// One version of a resource.
pub(crate) fn version_sql() -> String {
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at {FROM_VISIBLE} \
         WHERE v.record_id = $1 AND v.type_code = $2 AND v.id = $3 AND v.version_id = $4"
    )
}
