//! The rows of the index that one version calls for, made of its text alone, so that they can be made again and compared.

use std::collections::{BTreeSet, HashMap};

use mecum_fhir::json::Limits;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::value::{IndexValue, Indexed, QuantityValue, RefTarget};
use mecum_fhir::search::{extract, normalise, words_of};

use super::code::{exact_code, prefix_code, system_code, term_code, value_code};
use super::table::{IndexRow, IndexTable};
use crate::body::Body;
use crate::change::targets_of;
use crate::db::Value;
use crate::seal::RecordKey;

/// A longer text is not indexed: PostgreSQL takes keys of 2,700 bytes. Extraction gives none.
const MAX_TEXT_BYTES: usize = 2_000;

/// References into the record are relative in what is stored: no address is this server's own.
const LOCAL_BASE: &str = "";

/// Dates without a zone are read as facts read them.
const ZONE_OFFSET_MINUTES: i32 = 0;

/// What one version can be found by.
#[derive(Clone, Default)]
pub(crate) struct IndexValues {
    pub(crate) rows: Vec<IndexRow>,
    /// Codes of the values in the directory of values.
    pub(crate) directory: Vec<i64>,
    /// The codes of its words, each with the codes of the word's beginnings.
    pub(crate) words: Vec<(i64, Prefixes)>,
}

/// The codes of a word's beginnings.
pub(crate) type Prefixes = std::sync::Arc<[i64]>;

/// The codes of words met before: the same ones come again and again.
#[derive(Default)]
pub(crate) struct KnownWords(HashMap<String, (i64, Prefixes)>);

/// More words than these are not remembered.
const MAX_KNOWN_WORDS: usize = 50_000;

impl KnownWords {
    fn codes(&mut self, key: &RecordKey, word: &str) -> (i64, Prefixes) {
        if let Some(known) = self.0.get(word) {
            return known.clone();
        }
        let found = (term_code(key, word), prefixes_of(key, word));
        if self.0.len() < MAX_KNOWN_WORDS {
            self.0.insert(word.to_owned(), found.clone());
        }
        found
    }
}

/// Its first letters, from [`FEWEST_LETTERS`] to [`MOST_LETTERS`] of them; of a short word, the whole is the last.
fn prefixes_of(key: &RecordKey, word: &str) -> Prefixes {
    let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let ends = ends.take(MOST_LETTERS).skip(FEWEST_LETTERS - 1);
    ends.map(|end| prefix_code(key, &word[..end])).collect()
}

/// The beginning of a word has this many letters at least, or it is looked up as a whole word.
pub(crate) const FEWEST_LETTERS: usize = 3;

/// Of the beginning of a word, so many letters count.
pub(crate) const MOST_LETTERS: usize = 8;

impl IndexValues {
    /// What a stored body calls for; nothing if it is no resource, which verification names.
    pub(crate) fn of(key: &RecordKey, known: &mut KnownWords, body: &Body) -> IndexValues {
        match Resource::parse(body.text.as_bytes(), &Limits::default()) {
            Ok(resource) => Self::of_resource(key, known, body, &resource),
            Err(_) => IndexValues::default(),
        }
    }

    /// The same, of a body that was parsed already.
    pub(crate) fn of_resource(
        key: &RecordKey,
        known: &mut KnownWords,
        body: &Body,
        resource: &Resource,
    ) -> IndexValues {
        let mut values = IndexValues::default();
        let local: BTreeSet<(u16, &str)> = targets_of(body).into_iter().map(|(of, id)| (of.code(), id)).collect();
        let indexed = extract(resource, LOCAL_BASE, ZONE_OFFSET_MINUTES);
        for of_param in indexed.chunk_by(|one, other| one.param == other.param) {
            let from = values.rows.len();
            for one in of_param {
                values.rows.extend(row_of(one));
                directory_codes(one, &local, &mut values.directory);
            }
            mark_ends(&mut values.rows[from..]);
        }
        values.directory.sort_unstable();
        values.directory.dedup();
        values.add_words(key, known, resource);
        values
    }

    fn add_words(&mut self, key: &RecordKey, known: &mut KnownWords, resource: &Resource) {
        let words = words_of(resource);
        for word in words.all {
            let is_narrative = words.narrative.binary_search(&word).is_ok();
            let (term, prefixes) = known.codes(key, &word);
            self.rows.push(IndexRow::new(IndexTable::Term, [term.into(), is_narrative.into()]));
            self.words.push((term, prefixes));
        }
    }
}

/// The row of a value; none for one that no index takes.
fn row_of(indexed: &Indexed) -> Option<IndexRow> {
    let fixed = |table: IndexTable, own: Vec<Value<'static>>| {
        let place = [Value::from(indexed.param), Value::from(indexed.group)];
        Some(IndexRow::new(table, place.into_iter().chain(own)))
    };
    let ends = Value::Int(0);
    match &indexed.value {
        IndexValue::Token { system, code } => {
            fixed(IndexTable::Token, vec![taken(code)?, system_code(system).into(), ends])
        }
        IndexValue::String(text) => {
            fixed(IndexTable::String, vec![taken(&normalise(text))?, exact_code(text).into(), ends])
        }
        IndexValue::Reference(target) => {
            let (code, id) = target_columns(target);
            fixed(IndexTable::Reference, vec![code.into(), taken(id)?, ends])
        }
        IndexValue::Date(stretch) => {
            fixed(IndexTable::Date, vec![stretch.start_us.into(), stretch.end_us.into(), ends])
        }
        IndexValue::Number(number) => fixed(IndexTable::Number, vec![number.0.clone().into(), ends]),
        IndexValue::Quantity(quantity) => fixed(IndexTable::Quantity, quantity_columns(quantity)?),
        IndexValue::Uri(uri) => fixed(IndexTable::Uri, vec![taken(uri)?, ends]),
    }
}

/// How a target lies in its columns: the type's code, or 0 for what is no resource of this server.
pub(crate) fn target_columns(target: &RefTarget) -> (i64, &str) {
    match target {
        RefTarget::Resource(resource_type, id) => (i64::from(resource_type.code()), id),
        RefTarget::Url(url) => (0, url),
    }
}

fn quantity_columns(quantity: &QuantityValue) -> Option<Vec<Value<'static>>> {
    let none = (String::new(), Vec::new());
    let canonical = quantity.canonical.as_ref().map_or(none, |(unit, number)| (unit.clone(), number.0.clone()));
    Some(vec![
        quantity.number.0.clone().into(),
        taken(&quantity.unit)?,
        system_code(&quantity.system).into(),
        Value::Int(0),
        taken(&canonical.0)?,
        canonical.1.into(),
    ])
}

/// Databases take no NUL in text, and no long keys.
fn taken(text: &str) -> Option<Value<'static>> {
    (text.len() <= MAX_TEXT_BYTES && !text.contains('\0')).then(|| text.to_owned().into())
}

/// Marks the lowest and the highest of one parameter's rows; one of several that are equal.
fn mark_ends(rows: &mut [IndexRow]) {
    for table in IndexTable::ALL {
        let Some(ends_at) = table.ends_at() else { continue };
        let of_table = |row: &&mut IndexRow| row.table == table;
        if let Some(lowest) = rows.iter_mut().filter(of_table).min_by_key(|row| sorted_by(row)) {
            lowest.values[ends_at] = 1.into();
        }
        if let Some(highest) = rows.iter_mut().filter(of_table).max_by_key(|row| sorted_by(row)) {
            let is_lowest = highest.values[ends_at] == Value::Int(1);
            highest.values[ends_at] = if is_lowest { 3 } else { 2 }.into();
        }
    }
}

/// What a row is compared by: its first column behind parameter and group, of dates and references the second as well.
fn sorted_by(row: &IndexRow) -> (i64, i64, Vec<u8>) {
    let at = |place: usize| row.values.get(place).unwrap_or(&Value::Null);
    let int = |place: usize| if let Value::Int(int) = at(place) { *int } else { 0 };
    let bytes = |place: usize| match at(place) {
        Value::Text(text) => text.as_bytes().to_vec(),
        Value::Bytes(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    };
    match row.table {
        IndexTable::Date => (int(4), int(5), Vec::new()),
        IndexTable::Reference => (int(4), 0, bytes(5)),
        _ => (0, 0, bytes(4)),
    }
}

/// What the directory of values is asked by. References into the record itself lead there by the id directory.
fn directory_codes(indexed: &Indexed, local: &BTreeSet<(u16, &str)>, codes: &mut Vec<i64>) {
    let param = indexed.param;
    match &indexed.value {
        IndexValue::Token { code, .. } => codes.push(token_directory_code(param, code)),
        IndexValue::String(text) => {
            let norm = normalise(text);
            let ends = norm.char_indices().map(|(at, c)| at + c.len_utf8()).take(DIRECTORY_LETTERS);
            codes.extend(ends.map(|end| string_directory_code(param, &norm[..end])));
        }
        IndexValue::Reference(RefTarget::Resource(of, id)) if local.contains(&(of.code(), id.as_str())) => {}
        IndexValue::Reference(target) => codes.push(reference_directory_code(param, target)),
        IndexValue::Uri(uri) => codes.push(uri_directory_code(param, uri)),
        IndexValue::Date(_) | IndexValue::Number(_) | IndexValue::Quantity(_) => {}
    }
}

/// By how many of its first letters a text is in the directory, in each length up to there.
const DIRECTORY_LETTERS: usize = 8;

/// The code of a token, of whatever system.
pub(crate) fn token_directory_code(param: u16, code: &str) -> i64 {
    value_code(param, "token", &[code.as_bytes()])
}

/// The code of the beginning of a normalised text.
pub(crate) fn string_directory_code(param: u16, beginning: &str) -> i64 {
    let end = beginning.char_indices().nth(DIRECTORY_LETTERS).map_or(beginning.len(), |(at, _)| at);
    value_code(param, "string", &[&beginning.as_bytes()[..end]])
}

pub(crate) fn reference_directory_code(param: u16, target: &RefTarget) -> i64 {
    let (code, id) = target_columns(target);
    value_code(param, "reference", &[&code.to_be_bytes(), id.as_bytes()])
}

pub(crate) fn uri_directory_code(param: u16, uri: &str) -> i64 {
    value_code(param, "uri", &[uri.as_bytes()])
}

/// The parameter of this name for a type, as the index numbers it.
pub(crate) fn param_number(resource_type: ResourceType, code: &str) -> Option<u16> {
    mecum_fhir::search_param::search_param(resource_type.name(), code).map(|param| param.number())
}
