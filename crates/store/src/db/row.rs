//! A row on its way out: read by position, each column as what it is.

use std::ops::Range;

use super::DbError;

/// One row of a result. It has no `Debug`: rows are health data.
#[derive(Clone, Default)]
pub struct Row {
    cells: Vec<Cell>,
    // Text and bytes of all cells, one behind the other: a row that is filled again costs no allocation.
    store: Vec<u8>,
}

#[derive(Clone)]
enum Cell {
    Null,
    Int(i64),
    Text(Range<usize>),
    Bytes(Range<usize>),
    Foreign(&'static str),
}

impl Row {
    /// The integer in this column.
    ///
    /// # Errors
    /// `Type` if it is NULL, anything else, or beyond the last column.
    pub fn int(&self, column: usize) -> Result<i64, DbError> {
        self.opt_int(column)?.ok_or_else(|| mismatch(column, "an integer", "null"))
    }

    /// The integer in this column, if there is one.
    ///
    /// # Errors
    /// `Type` if it is anything else.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, DbError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Int(value) => Ok(Some(*value)),
            other => Err(mismatch(column, "an integer", other.kind())),
        }
    }

    /// The text in this column.
    ///
    /// # Errors
    /// `Type` if it is NULL, anything else, or not UTF-8.
    pub fn text(&self, column: usize) -> Result<&str, DbError> {
        self.opt_text(column)?.ok_or_else(|| mismatch(column, "text", "null"))
    }

    /// The text in this column, if there is one.
    ///
    /// # Errors
    /// `Type` if it is anything else, or not UTF-8.
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>, DbError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Text(range) => std::str::from_utf8(&self.store[range.clone()])
                .map(Some)
                .map_err(|_| mismatch(column, "text", "text that is not UTF-8")),
            other => Err(mismatch(column, "text", other.kind())),
        }
    }

    /// The bytes in this column.
    ///
    /// # Errors
    /// `Type` if it is NULL or anything else.
    pub fn bytes(&self, column: usize) -> Result<&[u8], DbError> {
        self.opt_bytes(column)?.ok_or_else(|| mismatch(column, "bytes", "null"))
    }

    /// The bytes in this column, if there are any.
    ///
    /// # Errors
    /// `Type` if it is anything else.
    pub fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, DbError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Bytes(range) => Ok(Some(&self.store[range.clone()])),
            other => Err(mismatch(column, "bytes", other.kind())),
        }
    }

    /// How many columns the row has.
    #[must_use]
    pub fn n_columns(&self) -> usize {
        self.cells.len()
    }

    fn cell(&self, column: usize) -> Result<&Cell, DbError> {
        self.cells.get(column).ok_or_else(|| mismatch(column, "a column", "beyond the last"))
    }

    /// Empties the row, to be filled again.
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.store.clear();
    }

    pub(super) fn push_null(&mut self) {
        self.cells.push(Cell::Null);
    }

    pub(super) fn push_int(&mut self, value: i64) {
        self.cells.push(Cell::Int(value));
    }

    pub(super) fn push_text(&mut self, value: &[u8]) {
        let range = self.keep(value);
        self.cells.push(Cell::Text(range));
    }

    pub(super) fn push_bytes(&mut self, value: &[u8]) {
        let range = self.keep(value);
        self.cells.push(Cell::Bytes(range));
    }

    /// A column of a type that no schema of ours has; an error only when it is asked for.
    pub(super) fn push_foreign(&mut self, kind: &'static str) {
        self.cells.push(Cell::Foreign(kind));
    }

    fn keep(&mut self, value: &[u8]) -> Range<usize> {
        let start = self.store.len();
        self.store.extend_from_slice(value);
        start..self.store.len()
    }
}

impl Cell {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "an integer",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Foreign(kind) => kind,
        }
    }
}

fn mismatch(column: usize, wanted: &'static str, found: &str) -> DbError {
    DbError::Type { place: format!("column {column}"), wanted, found: found.to_owned() }
}
