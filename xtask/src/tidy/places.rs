//! What may stand in one place only: SQL, HTTP status codes, the difference between the databases, the environment.

use super::Rule;
use super::source::mentions;
use super::tree::{File, Spot, Tree};

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "sql",
        why: "SQL text exists only under crates/store (invariant I6): one place to read what happens to rows.",
        fix: "Give store a function that says what is wanted, and call that from phr.",
        check: sql,
    },
    Rule {
        name: "status",
        why: "HTTP status codes exist only under crates/server (invariant I6): errors have kinds, and one mapping turns kinds into codes.",
        fix: "Answer an error of a kind; the mapping in server gives it its code.",
        check: status,
    },
    Rule {
        name: "database",
        why: "Nothing branches on which database it is outside crates/store/src/db (invariant I7): two sets of queries drift apart.",
        fix: "Write the statement so that both accept it, or add the difference to the dialect under crates/store/src/db.",
        check: database,
    },
    Rule {
        name: "environment",
        why: "Every setting is read once, at the door, into types: a variable read deep inside cannot be found, documented or tested.",
        fix: "Read it in crates/cli/src/config and pass the value down.",
        check: environment,
    },
];

fn sql(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for file in &tree.files {
        let Some(room) = file.room().filter(|room| *room != "store") else { continue };
        if file.extension() == "sql" {
            spots.push(file.spot(1, "a file of SQL"));
        }
        for (line, text) in file.source.iter().flat_map(|source| &source.literals) {
            // Tests need databases to throw away.
            let is_harness = room == "testkit"
                && (is_statement(text, &["CREATE", "DATABASE"]) || is_statement(text, &["DROP", "DATABASE"]));
            if is_sql(text) && !is_harness {
                spots.push(file.spot(*line, format!("SQL text: {:?}", excerpt(text))));
            }
        }
    }
    spots
}

/// Whether a text is a statement of SQL and no sentence.
fn is_sql(text: &str) -> bool {
    const STARTS: &[&[&str]] = &[
        &["INSERT", "INTO"],
        &["DELETE", "FROM"],
        &["CREATE", "TABLE"],
        &["CREATE", "INDEX"],
        &["CREATE", "UNIQUE"],
        &["CREATE", "DATABASE"],
        &["DROP", "DATABASE"],
        &["DROP", "TABLE"],
        &["ALTER", "TABLE"],
        &["BEGIN", "IMMEDIATE"],
        &["SELECT"],
        &["PRAGMA"],
        &["VACUUM"],
    ];
    let lower = text.trim_start().to_ascii_lowercase();
    // In small letters only where the rest is no English either.
    let is_small =
        lower == text.trim_start() && ["?", "$1", "=", "*", "count("].iter().any(|mark| lower.contains(mark));
    let is_update = |text: &str, word: &str| {
        is_statement(text, &[word]) && mentions(text, if word == "UPDATE" { "SET" } else { "set" })
    };
    STARTS.iter().any(|start| is_statement(text, start))
        || is_update(text, "UPDATE")
        || is_small && (is_update(&lower, "update") || is_statement(&lower, &["select"]) && mentions(&lower, "from"))
        || is_small && (is_statement(&lower, &["insert", "into"]) || is_statement(&lower, &["delete", "from"]))
}

fn is_statement(text: &str, words: &[&str]) -> bool {
    let mut found = text.split_whitespace();
    words.iter().all(|word| found.next() == Some(word)) && found.next().is_some()
}

fn excerpt(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(40).collect()
}

fn status(tree: &Tree) -> Vec<Spot> {
    let elsewhere = |file: &File| file.room().is_some_and(|room| room != "server");
    let found = tree.code(elsewhere).filter(|(_, _, code, _)| mentions(code, "StatusCode") || has_numeric_status(code));
    found.map(|(file, line, code, _)| file.spot(line, format!("`{}`", code.trim()))).collect()
}

/// Whether a line says `.status(404)`.
fn has_numeric_status(code: &str) -> bool {
    code.match_indices(".status(").any(|(at, call)| code[at + call.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

fn database(tree: &Tree) -> Vec<Spot> {
    let elsewhere = |file: &File| {
        let path = &file.path;
        file.room().is_some()
            && !path.starts_with("crates/store/src/db/")
            && path != "crates/store/src/db.rs"
            && !path.starts_with("crates/testkit/")
    };
    let marks = ["Db::Sqlite", "Db::Postgres", "Dialect::Sqlite", "Dialect::Postgres", "is_sqlite", "is_postgres"];
    let mut spots = Vec::new();
    for (file, line, code, _) in tree.code(elsewhere).filter(|(_, _, _, is_test)| !is_test) {
        spots.extend(marks.iter().find(|mark| mentions(code, mark)).map(|mark| file.spot(line, format!("`{mark}`"))));
    }
    spots
}

fn environment(tree: &Tree) -> Vec<Spot> {
    let elsewhere = |file: &File| {
        file.room().is_some_and(|room| room != "testkit") && !file.path.starts_with("crates/cli/src/config")
    };
    let names = ["env::var", "env::var_os", "env::vars", "env::vars_os", "env::set_var"];
    let mut spots = Vec::new();
    for (file, line, code, _) in tree.code(elsewhere).filter(|(_, _, _, is_test)| !is_test) {
        spots.extend(names.iter().find(|name| mentions(code, name)).map(|name| file.spot(line, format!("`{name}`"))));
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_sql_and_sentences_are_not() {
        for text in [
            "SELECT id FROM version WHERE record = ?1",
            "\n  INSERT INTO x VALUES ($1)",
            "UPDATE head SET hash = ?1",
            "CREATE UNIQUE INDEX a ON b (c)",
            "PRAGMA key = ''",
            "select * from version",
            "delete from grant where id = $1",
            "CREATE DATABASE \"x\"",
        ] {
            assert!(is_sql(text), "{text}");
        }
        for text in [
            "select a record from the list",
            "Select",
            "delete from this list",
            "update the record",
            "created",
            "SELECTED",
            "insert into the reader",
            "",
        ] {
            assert!(!is_sql(text), "{text}");
        }
    }

    #[test]
    fn sql_is_found_outside_store_whether_code_or_file() {
        let tree = Tree::of(&[
            ("crates/phr/src/a.rs", "fn f() {\n    q(\"DELETE FROM version\");\n}"),
            ("crates/store/src/a.rs", "q(\"DELETE FROM version\")"),
            ("crates/server/src/a.sql", ""),
            ("crates/testkit/src/pg.rs", "q(\"CREATE DATABASE x\"); q(\"DROP TABLE x\")"),
            ("crates/cli/src/a.rs", "// DELETE FROM version"),
        ]);
        let found: Vec<_> = sql(&tree).into_iter().map(|spot| (spot.path, spot.line, spot.what)).collect();
        assert_eq!(
            found,
            [
                ("crates/phr/src/a.rs".into(), 2, "SQL text: \"DELETE FROM version\"".into()),
                ("crates/server/src/a.sql".into(), 1, "a file of SQL".into()),
                ("crates/testkit/src/pg.rs".into(), 1, "SQL text: \"DROP TABLE x\"".into()),
            ]
        );
    }

    #[test]
    fn status_codes_are_found_outside_server() {
        let text = "use axum::http::StatusCode;\nresponse.status(404);\nchild.status();\n";
        let tree = Tree::of(&[("crates/cli/src/a.rs", text), ("crates/server/src/a.rs", text)]);
        assert_eq!(status(&tree).iter().map(|spot| spot.line).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn branches_on_the_database_are_found_outside_its_folder_and_outside_tests() {
        let text = "match db { Db::Sqlite(_) => 1 }\n#[cfg(test)]\nmod tests { fn f() { is_sqlite() } }\n";
        let tree = Tree::of(&[("crates/store/src/a.rs", text), ("crates/store/src/db/a.rs", text)]);
        assert_eq!(
            database(&tree),
            [Spot { path: "crates/store/src/a.rs".into(), line: 1, what: "`Db::Sqlite`".into() }]
        );
    }

    #[test]
    fn the_environment_is_read_at_the_door_and_in_tests() {
        let text = "let a = std::env::var(\"X\");\n";
        let allowed =
            ["crates/cli/src/config.rs", "crates/cli/src/config/files.rs", "crates/store/tests/a.rs", "xtask/src/a.rs"];
        assert!(allowed.iter().all(|path| environment(&Tree::of(&[(path, text)])).is_empty()));
        assert_eq!(environment(&Tree::of(&[("crates/server/src/a.rs", text)])).len(), 1);
        assert!(environment(&Tree::of(&[("crates/server/src/a.rs", "env!(\"X\"); env::vars_count()")])).is_empty());
    }
}
