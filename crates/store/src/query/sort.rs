//! The order of matches (R4 search.html#sort): by lowest or highest values, what has none last, ties by type and id.

use mecum_fhir::search::query::{SortBy, SortKey};
use mecum_fhir::search_param::{SearchParam, SearchParamKind};

use super::sql::Sql;
use crate::db::Value;
use crate::index::{IndexTable, ORDINAL_BITS};

/// One key of the order as a statement has it.
pub(super) struct Key {
    /// Its columns, compared one behind the other; NULL together where a version has no value.
    pub(super) columns: Vec<String>,
    pub(super) is_descending: bool,
    /// Whether every version has a value.
    pub(super) is_always: bool,
}

/// The order of a statement.
#[derive(Default)]
pub(super) struct Order {
    pub(super) keys: Vec<Key>,
    /// Named results that come before the statement.
    pub(super) named: Vec<String>,
    /// What is joined to the entry `e`, for tables that have a row for each entry.
    pub(super) joined: Vec<String>,
    /// Likewise, where not every entry has one.
    pub(super) left_joined: Vec<String>,
    /// Conditions that go with the joins.
    pub(super) conditions: Vec<String>,
}

/// A place behind a match: what it had for each key, and which it was.
#[derive(Clone)]
pub(super) struct After {
    /// The values of each key; none for a match without.
    pub(super) keys: Vec<Option<Vec<Value<'static>>>>,
    pub(super) type_code: i64,
    pub(super) id: String,
}

/// The table a parameter is sorted in, and the columns compared.
pub(super) fn sorted_in(param: &SearchParam) -> (IndexTable, &'static [&'static str]) {
    match param.kind() {
        SearchParamKind::String => (IndexTable::String, &["norm"]),
        SearchParamKind::Date => (IndexTable::Date, &["start_us", "end_us"]),
        SearchParamKind::Number => (IndexTable::Number, &["number"]),
        SearchParamKind::Quantity => (IndexTable::Quantity, &["number"]),
        SearchParamKind::Uri => (IndexTable::Uri, &["uri"]),
        SearchParamKind::Reference => (IndexTable::Reference, &["target_type_code", "target_id"]),
        SearchParamKind::Token | SearchParamKind::Composite | SearchParamKind::Special => {
            (IndexTable::Token, &["value"])
        }
    }
}

/// Which rows are the lowest, or the highest.
pub(super) fn ends(is_descending: bool) -> &'static str {
    if is_descending { "IN (2, 3)" } else { "IN (1, 3)" }
}

impl<'q> Sql<'q> {
    /// The keys, each out of a result of its own that has a row for each version with a value.
    pub(super) fn order(&mut self, sort: &[SortKey]) -> Order {
        let mut order = Order::default();
        for (at, key) in sort.iter().enumerate() {
            let (columns, is_always) = match key.by {
                SortBy::Id => (vec!["e.id".to_owned()], true),
                SortBy::LastUpdated => {
                    let name = format!("c{at}");
                    order.joined.push(format!("commit_log {name}"));
                    order
                        .conditions
                        .push(format!("{name}.record_id = $1 AND {name}.commit_id = (e.entry_no >> {ORDINAL_BITS})"));
                    (vec![format!("{name}.at")], true)
                }
                SortBy::Param(param) => {
                    let name = format!("k{at}");
                    let n_columns = self.sorted_by(&mut order, &name, (param, key.descending));
                    let columns = ["a", "b"][..n_columns].iter().map(|column| format!("{name}.{column}")).collect();
                    (columns, false)
                }
            };
            order.keys.push(Key { columns, is_descending: key.descending, is_always });
        }
        order
    }

    /// Names the result that a parameter is sorted by; how many columns are compared.
    fn sorted_by(&mut self, order: &mut Order, name: &str, (param, is_descending): (&SearchParam, bool)) -> usize {
        let number = self.bind(param.number());
        let (table, columns) = sorted_in(param);
        let columns: Vec<String> =
            columns.iter().zip(["a", "b"]).map(|(column, short)| format!("i.{column} AS {short}")).collect();
        order.named.push(format!(
            "{name} AS MATERIALIZED (SELECT i.entry_no, {} FROM {} i WHERE i.record_id = $1 AND i.param = {number} \
             AND i.ends {})",
            columns.join(", "),
            table.name(),
            ends(is_descending)
        ));
        order.left_joined.push(format!("LEFT JOIN {name} ON {name}.entry_no = e.entry_no"));
        columns.len()
    }

    /// That a match comes behind that place.
    pub(super) fn behind(&mut self, keys: &[Key], after: &After) -> String {
        let (type_code, id) = (self.bind(after.type_code), self.bind(after.id.clone()));
        let mut behind = format!("(e.type_code > {type_code} OR (e.type_code = {type_code} AND e.id > {id}))");
        for (key, values) in keys.iter().zip(&after.keys).rev() {
            behind = match values {
                None => format!("({} IS NULL AND {behind})", key.columns[0]),
                Some(values) => {
                    let places: Vec<String> = values.iter().map(|value| self.bind(value.clone())).collect();
                    let compared = if key.is_descending { "<" } else { ">" };
                    let mut column_wise = behind;
                    for (column, place) in key.columns.iter().zip(&places).rev() {
                        column_wise =
                            format!("({column} {compared} {place} OR ({column} = {place} AND {column_wise}))");
                    }
                    match key.is_always {
                        true => column_wise,
                        false => format!("({column_wise} OR {} IS NULL)", key.columns[0]),
                    }
                }
            };
        }
        behind
    }
}

/// The words behind ORDER BY.
pub(super) fn order_by(keys: &[Key]) -> String {
    let mut all = Vec::new();
    for key in keys {
        if !key.is_always {
            all.push(format!("({} IS NULL)", key.columns[0]));
        }
        let direction = if key.is_descending { " DESC" } else { "" };
        all.extend(key.columns.iter().map(|column| format!("{column}{direction}")));
    }
    all.extend(["e.type_code".to_owned(), "e.id".to_owned()]);
    all.join(", ")
}
