//! The place a page goes on from: sealed, because it holds values of the record, and bound to the question it belongs to.

use aws_lc_rs::digest::{Context, SHA256};
use mecum_fhir::search::query::SearchQuery;
use mecum_record::ids::RecordId;
use serde_json::{Value as Json, json};

use super::sort::After;
use crate::db::Value;
use crate::error::StoreError;
use crate::seal::{Aad, RecordKey};

/// Where a page goes on.
pub(super) struct Cursor {
    /// The place in the chain as of which every page is.
    pub(super) seq: i64,
    /// How many matches there are, if that was counted.
    pub(super) total: Option<i64>,
    /// Behind which match.
    pub(super) after: After,
}

/// A longer text is none of ours.
const MAX_TEXT: usize = 20_000;

impl Cursor {
    /// As text that stands in an address.
    pub(super) fn to_text(&self, (record, key): (RecordId, &RecordKey), query: &SearchQuery) -> String {
        let keys: Vec<Json> = self
            .after
            .keys
            .iter()
            .map(|key| key.as_ref().map_or(Json::Null, |values| values.iter().map(of_value).collect()))
            .collect();
        let plain = json!([self.seq, self.total, self.after.type_code, self.after.id, keys]).to_string();
        hex(&key.seal(&aad(record, query), plain.as_bytes()))
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`StoreError::UnknownCursor`] for what was not made here for this very question.
    pub(super) fn parse(
        text: &str,
        (record, key): (RecordId, &RecordKey),
        query: &SearchQuery,
    ) -> Result<Cursor, StoreError> {
        let sealed = unhex(text).ok_or(StoreError::UnknownCursor)?;
        let plain = key.open(&aad(record, query), &sealed).map_err(|_| StoreError::UnknownCursor)?;
        let json: Json = serde_json::from_slice(&plain).map_err(|_| StoreError::UnknownCursor)?;
        Self::of_json(&json)
            .filter(|cursor| cursor.after.keys.len() == query.sort.len())
            .ok_or(StoreError::UnknownCursor)
    }

    fn of_json(json: &Json) -> Option<Cursor> {
        let key = |key: &Json| match key {
            Json::Null => Some(None),
            _ => key.as_array()?.iter().map(to_value).collect::<Option<Vec<_>>>().map(Some),
        };
        let keys = json.get(4)?.as_array()?.iter().map(key).collect::<Option<Vec<_>>>()?;
        let (type_code, id) = (json.get(2)?.as_i64()?, json.get(3)?.as_str()?.to_owned());
        Some(Cursor { seq: json.get(0)?.as_i64()?, total: json.get(1)?.as_i64(), after: After { keys, type_code, id } })
    }
}

fn of_value(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(int) => json!(int),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => json!([hex(bytes)]),
    }
}

fn to_value(json: &Json) -> Option<Value<'static>> {
    Some(match json {
        Json::Number(int) => int.as_i64()?.into(),
        Json::String(text) => text.clone().into(),
        Json::Array(bytes) => unhex(bytes.first()?.as_str()?)?.into(),
        _ => return None,
    })
}

/// What the cursor belongs to: the record, and the question as it was honoured.
fn aad(record: RecordId, query: &SearchQuery) -> Aad {
    let mut digest = Context::new(&SHA256);
    let types = query.types.iter().map(|of| of.name());
    let honoured = query.honoured.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    for part in types.chain(["?"]).chain(honoured) {
        digest.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part.as_bytes());
    }
    Aad::new("search cursor").int(record.0).bytes(digest.finish().as_ref())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    if text.len() > MAX_TEXT {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}
