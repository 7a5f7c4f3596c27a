//! Tampering below the application: every way in which rows of one table can be other than they were written.

use std::collections::BTreeMap;

use mecum_store::db::{Db, DbError, OnConflict, Row, Value};
use mecum_testkit::harness::Random;

/// A table that is proved.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) key: &'static [&'static str],
    /// The parts of which one must be named when a row of it is not as it was written.
    pub(crate) parts: &'static [&'static str],
}

impl Table {
    /// Of the database of the records and that of the access log, the one it is in.
    pub(crate) fn database<'a>(&self, (main, access): (&'a Db, &'a Db)) -> &'a Db {
        if self.name.starts_with("access_") { access } else { main }
    }
}

/// The tables of which every row and column is proved.
pub(crate) const TABLES: [Table; 17] = [
    Table { name: "version", key: &["record_id", "type_code", "id", "version_id"], parts: &["version"] },
    Table { name: "commit_log", key: &["record_id", "commit_id"], parts: &["commit", "chain head"] },
    Table { name: "chain_head", key: &["record_id"], parts: &["chain head"] },
    Table { name: "origin", key: &["record_id", "source_id", "type_code", "origin_id"], parts: &["origin"] },
    Table { name: "entry", key: &["record_id", "entry_no"], parts: &["search index"] },
    Table {
        name: "token_index",
        key: &["record_id", "param", "value", "system_code", "entry_no", "grp"],
        parts: &["search index"],
    },
    Table {
        name: "string_index",
        key: &["record_id", "param", "norm", "exact_code", "entry_no", "grp"],
        parts: &["search index"],
    },
    Table {
        name: "reference_index",
        key: &["record_id", "param", "target_type_code", "target_id", "entry_no", "grp"],
        parts: &["search index"],
    },
    Table {
        name: "date_index",
        key: &["record_id", "param", "start_us", "end_us", "entry_no", "grp"],
        parts: &["search index"],
    },
    Table { name: "number_index", key: &["record_id", "param", "number", "entry_no", "grp"], parts: &["search index"] },
    Table {
        name: "quantity_index",
        key: &["record_id", "param", "number", "unit", "system_code", "entry_no", "grp"],
        parts: &["search index"],
    },
    Table { name: "uri_index", key: &["record_id", "param", "uri", "entry_no", "grp"], parts: &["search index"] },
    Table { name: "term_index", key: &["record_id", "term", "entry_no"], parts: &["search index"] },
    Table { name: "term_prefix", key: &["record_id", "prefix", "term"], parts: &["search index"] },
    Table { name: "id_directory", key: &["type_code", "id"], parts: &["id directory"] },
    Table { name: "access_log", key: &["record_id", "seq"], parts: &["access log"] },
    Table { name: "access_head", key: &["record_id"], parts: &["access log"] },
];

/// The tables that are not proved, each with its reason.
pub(crate) const LISTED: [(&str, &str); 16] = [
    ("counter", "hands out numbers; one that was given before breaks a key"),
    ("schema_version", "says which program may open the store; the migrations compare it"),
    ("record", "live state that changes in place; the profile is sealed for its record"),
    ("source", "a name for people, sealed for its row; what came from a source says so in its version"),
    ("import_batch", "the state of an import; its report is sealed for its row, its originals are proved as blobs"),
    ("import_issue", "what an import said of a line, sealed for its row"),
    ("staging", "a lease; the commit in it is proved against the signed head"),
    ("client_grant", "live state that changes in place"),
    ("token", "a hash of 256 random bits; without the token no row can be made that fits"),
    ("value_record", "where to ask, more than is true; that nothing is missing in it is proved"),
    ("person", "proved like the others; the tests of people alter and remove its rows"),
    ("sign_in_link", "a hash of 256 random bits that works once, within minutes"),
    ("session", "a hash of 256 random bits; live state that ends by itself"),
    ("index_owed", "work to be done, gone when it is done; until then verification says so"),
    ("job", "work to be done, gone when it is done"),
    ("outbox", "messages to be sent, gone when they are"),
];

/// What a table holds.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Value<'static>>>,
}

/// One way in which a table can be other than it was written.
pub(crate) struct Tampering {
    /// Like `delete` or `alter mac`.
    pub(crate) kind: String,
    pub(crate) rows: Vec<Vec<Value<'static>>>,
}

/// The columns of a table in their order; none when the database has no such table.
pub(crate) fn columns(db: &Db, table: &str) -> Vec<String> {
    let sql = match db {
        Db::Sqlite(_) => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        Db::Postgres(_) => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let rows = db.read(|tx| tx.query(sql, &[table.into()])).unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

/// The names of all tables.
pub(crate) fn table_names(db: &Db) -> Vec<String> {
    let sql = match db {
        Db::Sqlite(_) => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        Db::Postgres(_) => "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()",
    };
    let rows = db.read(|tx| tx.query(sql, &[])).unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

impl Content {
    pub(crate) fn of(db: &Db, table: &str) -> Content {
        let columns = columns(db, table);
        let sql = format!("SELECT {} FROM {table} ORDER BY {}", columns.join(", "), ordering(&columns));
        let rows = db.read(|tx| tx.query(&sql, &[])).unwrap();
        let rows = rows.iter().map(|row| (0..columns.len()).map(|at| value(row, at)).collect()).collect();
        Content { columns, rows }
    }

    pub(crate) fn column(&self, name: &str) -> usize {
        self.columns.iter().position(|column| column == name).unwrap()
    }
}

/// By all columns but those of bytes that may be NULL on one row and not on another; enough to be the same on every run.
fn ordering(columns: &[String]) -> String {
    let plain = [
        "record_id",
        "entry_no",
        "param",
        "grp",
        "term",
        "prefix",
        "commit_id",
        "seq",
        "ordinal",
        "type_code",
        "target_type_code",
        "id",
        "version_id",
    ];
    let found: Vec<&str> = plain.into_iter().filter(|name| columns.iter().any(|column| column == name)).collect();
    if found.is_empty() { "1".to_owned() } else { found.join(", ") }
}

fn value(row: &Row, at: usize) -> Value<'static> {
    match (row.opt_int(at), row.opt_text(at), row.opt_bytes(at)) {
        (Ok(None), ..) => Value::Null,
        (Ok(Some(int)), ..) => int.into(),
        (_, Ok(Some(text)), _) => text.to_owned().into(),
        (.., Ok(Some(bytes))) => bytes.to_vec().into(),
        _ => panic!("column {at} holds what no schema of ours has"),
    }
}

/// Makes these all the rows of a table; `false` when the table's own rules, or the types of its columns, do not let that be.
pub(crate) fn replace(db: &Db, table: &str, content: &Content, rows: &[Vec<Value<'static>>]) -> bool {
    let columns: Vec<&str> = content.columns.iter().map(String::as_str).collect();
    let replaced = db.write(|tx| {
        tx.execute(&format!("DELETE FROM {table}"), &[])?;
        tx.insert_many(table, &columns, rows, OnConflict::Fail)
    });
    match replaced {
        Ok(_) => true,
        Err(DbError::Unique { .. } | DbError::Constraint { .. } | DbError::Type { .. }) => false,
        Err(error) => panic!("{table}: {error}"),
    }
}

/// Every tampering of a table: altered, deleted, added, swapped, moved to another record.
pub(crate) fn tamperings(table: &Table, content: &Content) -> Vec<Tampering> {
    let mut all = Vec::new();
    for at in 0..content.rows.len() {
        alter(content, at, &mut all);
        delete(content, at, &mut all);
        add(table, content, at, &mut all);
        for other in (at + 1..content.rows.len()).take(2) {
            swap(table, content, (at, other), &mut all);
        }
    }
    let written = sorted(&content.rows);
    all.retain(|tampering| sorted(&tampering.rows) != written);
    all
}

/// At most `most` tamperings of each kind, chosen by chance.
pub(crate) fn sampled(mut all: Vec<Tampering>, most: usize, random: &mut Random) -> Vec<Tampering> {
    for end in (1..all.len()).rev() {
        all.swap(end, usize::try_from(random.below(end as u64 + 1)).unwrap());
    }
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    all.retain(|tampering| {
        let n = taken.entry(tampering.kind.clone()).or_default();
        *n += 1;
        *n <= most
    });
    all
}

fn sorted(rows: &[Vec<Value<'static>>]) -> Vec<String> {
    let told = |value: &Value<'static>| match value {
        Value::Null => "null".to_owned(),
        Value::Int(int) => int.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Bytes(bytes) => format!("{bytes:?}"),
    };
    let mut rows: Vec<String> = rows.iter().map(|row| row.iter().map(told).collect::<Vec<_>>().join(",")).collect();
    rows.sort();
    rows
}

fn alter(content: &Content, at: usize, all: &mut Vec<Tampering>) {
    for (column, name) in content.columns.iter().enumerate() {
        for value in others(&content.rows[at][column], name) {
            let mut rows = content.rows.clone();
            rows[at][column] = value;
            all.push(Tampering { kind: format!("alter {name}"), rows });
        }
    }
}

/// What a value could be altered to; a record becomes another one, or one that is not there.
fn others(value: &Value<'static>, column: &str) -> Vec<Value<'static>> {
    let bytes = |bytes: Vec<u8>| Value::Bytes(bytes.into());
    match value {
        Value::Null => vec![(-1).into(), 0.into(), 7.into(), bytes(vec![]), bytes(vec![1; 16])],
        Value::Int(_) if column == "record_id" => [0, 1, 2, 999, -1].map(Value::from).to_vec(),
        Value::Int(int) => {
            let near = [int.wrapping_add(1), int.wrapping_sub(1), 0, -1, 2, i64::MAX];
            near.map(Value::from).into_iter().chain([Value::Null]).collect()
        }
        Value::Text(text) => ["x", ""]
            .map(|end| Value::Text(format!("{text}{end}").into()))
            .into_iter()
            .chain([Value::Text("".into()), Value::Text(text.to_uppercase().into())])
            .collect(),
        Value::Bytes(old) => {
            let mut first = old.to_vec();
            let mut last = old.to_vec();
            first.iter_mut().take(1).for_each(|byte| *byte ^= 1);
            last.iter_mut().rev().take(1).for_each(|byte| *byte ^= 0x80);
            let shorter = old[..old.len().saturating_sub(1)].to_vec();
            let longer = [old, [0_u8].as_slice()].concat();
            vec![bytes(first), bytes(last), bytes(shorter), bytes(longer), bytes(vec![0; old.len()]), Value::Null]
        }
    }
}

fn delete(content: &Content, at: usize, all: &mut Vec<Tampering>) {
    let mut rows = content.rows.clone();
    rows.remove(at);
    all.push(Tampering { kind: "delete".to_owned(), rows });
}

/// A copy of the row beside it, under a key of its own.
fn add(table: &Table, content: &Content, at: usize, all: &mut Vec<Tampering>) {
    for key in table.key {
        let column = content.column(key);
        for value in others(&content.rows[at][column], key) {
            let mut copy = content.rows[at].clone();
            copy[column] = value;
            // Unique rules besides the key.
            for place in ["ordinal", "seq"] {
                if let Some(place) = content.columns.iter().position(|name| name == place && name != key)
                    && let Value::Int(int) = copy[place]
                {
                    copy[place] = (int + 1000).into();
                }
            }
            let rows = content.rows.iter().cloned().chain([copy]).collect();
            all.push(Tampering { kind: format!("add by {key}"), rows });
        }
    }
}

/// Two rows exchange one column, or their whole keys, or everything that is of one kind.
fn swap(table: &Table, content: &Content, (one, other): (usize, usize), all: &mut Vec<Tampering>) {
    let mut exchange = |kind: String, columns: &[usize]| {
        let mut rows = content.rows.clone();
        for column in columns {
            let kept = rows[one][*column].clone();
            rows[one][*column] = std::mem::replace(&mut rows[other][*column], kept);
        }
        all.push(Tampering { kind, rows });
    };
    for (column, name) in content.columns.iter().enumerate() {
        exchange(format!("swap {name}"), &[column]);
    }
    let key: Vec<usize> = table.key.iter().map(|name| content.column(name)).collect();
    exchange("swap keys".to_owned(), &key);
    let is_bytes = |column: &usize| matches!(content.rows[one][*column], Value::Bytes(_));
    let bytes: Vec<usize> = (0..content.columns.len()).filter(is_bytes).collect();
    exchange("swap bytes".to_owned(), &bytes);
}
