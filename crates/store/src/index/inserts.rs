//! Rows of the index on their way into the tables, and out of them again.

use std::collections::{BTreeMap, HashSet};

use mecum_record::ids::RecordId;

use super::table::{IndexRow, IndexTable};
use super::values::{IndexValues, Prefixes};
use crate::db::{OnConflict, Tx, Value};
use crate::error::StoreError;

/// Rows of several versions, written with one statement per table.
#[derive(Default)]
pub(crate) struct IndexInserts {
    rows: BTreeMap<IndexTable, Vec<Vec<Value<'static>>>>,
    words: BTreeMap<i64, Prefixes>,
    directory: HashSet<i64>,
}

/// What was written before into tables whose rows many versions share.
#[derive(Default)]
pub(crate) struct Met {
    words: HashSet<i64>,
    directory: HashSet<i64>,
}

/// More than so many of a kind are not remembered, and written again.
const MAX_MET: usize = 400_000;

impl IndexInserts {
    /// Adds what one version calls for.
    pub(crate) fn add(&mut self, (record, entry_no): (RecordId, i64), values: IndexValues) {
        for mut row in values.rows {
            row.place(record.0, entry_no);
            self.rows.entry(row.table).or_default().push(row.values);
        }
        self.words.extend(values.words);
        self.directory.extend(values.directory);
    }

    /// Writes them. Rows that are there stay: they say the same.
    pub(crate) fn write(mut self, tx: &mut Tx<'_>, record: RecordId, met: &mut Met) -> Result<(), StoreError> {
        for (table, rows) in &mut self.rows {
            table.sort(rows);
            tx.insert_many(table.name(), &table.columns(), rows, OnConflict::Ignore)?;
        }
        self.words.retain(|term, _| !met.words.contains(term));
        self.directory.retain(|code| !met.directory.contains(code));
        let prefixes = prefix_rows(record, &self.words);
        tx.insert_many("term_prefix", &PREFIX_COLUMNS, &prefixes, OnConflict::Ignore)?;
        let mut codes: Vec<i64> = self.directory.iter().copied().collect();
        codes.sort_unstable();
        let codes: Vec<Vec<Value<'_>>> = codes.into_iter().map(|code| vec![code.into(), record.0.into()]).collect();
        tx.insert_many("value_record", &["digest", "record_id"], &codes, OnConflict::Ignore)?;
        met.remember(self.words.into_keys(), self.directory);
        Ok(())
    }

    /// Removes them again; beginnings of words that no version has any more go as well. What the directory of values says may
    /// stay: it says more than is true.
    pub(crate) fn remove(self, tx: &mut Tx<'_>, record: RecordId) -> Result<(), StoreError> {
        for (table, rows) in self.rows {
            let keys: Vec<Vec<Value<'_>>> =
                rows.into_iter().map(|values| IndexRow { table, values }.into_key()).collect();
            tx.delete_many(table.name(), &table.key_columns(), &keys)?;
        }
        let mut gone = BTreeMap::new();
        for (term, prefixes) in self.words {
            let left = "SELECT 1 FROM term_index WHERE record_id = $1 AND term = $2 LIMIT 1";
            if tx.query_opt(left, &[record.0.into(), term.into()])?.is_none() {
                gone.insert(term, prefixes);
            }
        }
        tx.delete_many("term_prefix", &PREFIX_COLUMNS, &prefix_rows(record, &gone))?;
        Ok(())
    }
}

const PREFIX_COLUMNS: [&str; 3] = ["record_id", "prefix", "term"];

fn prefix_rows(record: RecordId, words: &BTreeMap<i64, Prefixes>) -> Vec<Vec<Value<'static>>> {
    let each = words.iter().flat_map(|(term, prefixes)| prefixes.iter().map(move |prefix| (*prefix, *term)));
    each.map(|(prefix, term)| vec![record.0.into(), prefix.into(), term.into()]).collect()
}

impl Met {
    fn remember(&mut self, words: impl Iterator<Item = i64>, directory: HashSet<i64>) {
        if self.words.len() < MAX_MET {
            self.words.extend(words);
        }
        if self.directory.len() < MAX_MET {
            self.directory.extend(directory);
        }
    }
}
