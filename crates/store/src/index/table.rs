//! The tables of the search index: their names, their columns, and which of them are the key.

use std::cmp::Ordering;

use crate::db::{Row, Value};
use crate::error::StoreError;
use crate::seal::RecordKey;

/// A table whose rows are made of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum IndexTable {
    Token,
    String,
    Reference,
    Date,
    Number,
    Quantity,
    Uri,
    Term,
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Text,
    Bytes,
}

/// Where `record_id` and `entry_no` stand in every row.
pub(crate) const RECORD_AT: usize = 0;
pub(crate) const ENTRY_AT: usize = 1;

use Kind::{Bytes, Int, Text};

/// Columns behind `record_id` and `entry_no`, those that are no part of the key last.
type Columns = &'static [(&'static str, Kind)];

impl IndexTable {
    /// Every one.
    pub(crate) const ALL: [IndexTable; 8] =
        [Self::Token, Self::String, Self::Reference, Self::Date, Self::Number, Self::Quantity, Self::Uri, Self::Term];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Token => "token_index",
            Self::String => "string_index",
            Self::Reference => "reference_index",
            Self::Date => "date_index",
            Self::Number => "number_index",
            Self::Quantity => "quantity_index",
            Self::Uri => "uri_index",
            Self::Term => "term_index",
        }
    }

    fn own_columns(self) -> Columns {
        match self {
            Self::Token => &[("param", Int), ("grp", Int), ("value", Text), ("system_code", Int), ("ends", Int)],
            Self::String => &[("param", Int), ("grp", Int), ("norm", Text), ("exact_code", Int), ("ends", Int)],
            Self::Reference => {
                &[("param", Int), ("grp", Int), ("target_type_code", Int), ("target_id", Text), ("ends", Int)]
            }
            Self::Date => &[("param", Int), ("grp", Int), ("start_us", Int), ("end_us", Int), ("ends", Int)],
            Self::Number => &[("param", Int), ("grp", Int), ("number", Bytes), ("ends", Int)],
            Self::Quantity => &[
                ("param", Int),
                ("grp", Int),
                ("number", Bytes),
                ("unit", Text),
                ("system_code", Int),
                ("ends", Int),
                ("canonical_unit", Text),
                ("canonical_number", Bytes),
            ],
            Self::Uri => &[("param", Int), ("grp", Int), ("uri", Text), ("ends", Int)],
            Self::Term => &[("term", Int), ("narrative", Int)],
        }
    }

    /// How many of the columns are not a part of the key; they come last.
    fn n_beside_key(self) -> usize {
        match self {
            Self::Quantity => 3,
            _ => 1,
        }
    }

    /// Where `ends` stands in a row, in tables that have it.
    pub(crate) fn ends_at(self) -> Option<usize> {
        self.columns().iter().position(|column| *column == "ends")
    }

    /// All columns, `record_id` and `entry_no` first.
    pub(crate) fn columns(self) -> Vec<&'static str> {
        ["record_id", "entry_no"].into_iter().chain(self.own_columns().iter().map(|(name, _)| *name)).collect()
    }

    /// The columns of the key, which come first.
    pub(crate) fn key_columns(self) -> Vec<&'static str> {
        let mut columns = self.columns();
        columns.truncate(columns.len() - self.n_beside_key());
        columns
    }

    /// Puts rows into about the order of the key, so that neighbours in the table are written one behind the other.
    pub(crate) fn sort(self, rows: &mut [Vec<Value<'static>>]) {
        let places: &[usize] = match self {
            Self::Term => &[2],
            Self::Date => &[2, 4, 5],
            Self::Reference => &[2, 4, 5],
            _ => &[2, 4],
        };
        rows.sort_by(|one, other| {
            let each = places.iter().map(|place| compare(one.get(*place), other.get(*place)));
            each.fold(Ordering::Equal, Ordering::then)
        });
    }

    /// Every row of a record, as [`IndexTable::read`] takes it.
    pub(crate) fn select_sql(self) -> String {
        format!("SELECT {} FROM {} WHERE record_id = $1", self.columns().join(", "), self.name())
    }

    /// The row of such a result.
    pub(crate) fn read(self, row: &Row) -> Result<IndexRow, StoreError> {
        let mut values = vec![Value::Int(row.int(RECORD_AT)?), Value::Int(row.int(ENTRY_AT)?)];
        for (at, (_, kind)) in (ENTRY_AT + 1..).zip(self.own_columns()) {
            values.push(match kind {
                Int => row.int(at)?.into(),
                Text => row.text(at)?.to_owned().into(),
                Bytes => row.bytes(at)?.to_vec().into(),
            });
        }
        Ok(IndexRow { table: self, values })
    }
}

/// Two values of one column, in the database's order.
fn compare(one: Option<&Value<'_>>, other: Option<&Value<'_>>) -> Ordering {
    match (one, other) {
        (Some(Value::Int(one)), Some(Value::Int(other))) => one.cmp(other),
        (Some(Value::Text(one)), Some(Value::Text(other))) => one.cmp(other),
        (Some(Value::Bytes(one)), Some(Value::Bytes(other))) => one.cmp(other),
        _ => Ordering::Equal,
    }
}

/// A row of one of the tables, in the order of its columns. Not `Debug`: it is someone's health data.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IndexRow {
    pub(crate) table: IndexTable,
    pub(crate) values: Vec<Value<'static>>,
}

impl IndexRow {
    /// A row that has not got its place yet.
    pub(crate) fn new(table: IndexTable, own: impl IntoIterator<Item = Value<'static>>) -> IndexRow {
        let mut values = Vec::with_capacity(10);
        values.extend([Value::Int(0), Value::Int(0)]);
        values.extend(own);
        IndexRow { table, values }
    }

    /// Gives it its place.
    pub(crate) fn place(&mut self, record_id: i64, entry_no: i64) {
        self.values[RECORD_AT] = record_id.into();
        self.values[ENTRY_AT] = entry_no.into();
    }

    /// The version it belongs to.
    pub(crate) fn entry_no(&self) -> i64 {
        match self.values[ENTRY_AT] {
            Value::Int(entry_no) => entry_no,
            _ => 0,
        }
    }

    /// The values of the key.
    pub(crate) fn into_key(mut self) -> Vec<Value<'static>> {
        self.values.truncate(self.values.len() - self.table.n_beside_key());
        self.values
    }

    /// The MAC over the whole row.
    pub(crate) fn mac(&self, key: &RecordKey) -> [u8; 32] {
        let mut stream = key.mac_stream(self.table.name());
        for value in &self.values {
            match value {
                Value::Null => stream.part(&[]),
                Value::Int(int) => stream.part(&int.to_be_bytes()),
                Value::Text(text) => stream.part(text.as_bytes()),
                Value::Bytes(bytes) => stream.part(bytes),
            }
        }
        stream.finish()
    }
}
