//! Values in, rows out, and what is refused on the way.

use std::ops::ControlFlow;

use mecum_store::db::{Db, DbError, OnConflict, Row, Value};
use proptest::prelude::*;

use crate::place::{add, ids, on_both};

const INSERT: &str = "INSERT INTO thing (id, name, body) VALUES ($1, $2, $3)";

#[test]
fn every_kind_of_value_comes_back_as_it_went_in() {
    on_both(|db, name| {
        let long = "ü".repeat(100_000);
        let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        db.write::<_, DbError>(|tx| {
            tx.execute(INSERT, &[i64::MIN.into(), "".into(), b"".into()])?;
            tx.execute(INSERT, &[(-1).into(), long.as_str().into(), bytes.as_slice().into()])?;
            tx.execute(INSERT, &[i64::MAX.into(), None::<&str>.into(), None::<Vec<u8>>.into()])?;
            Ok(())
        })
        .unwrap();
        let rows = db.read(|tx| tx.query("SELECT id, name, body FROM thing ORDER BY id", &[])).unwrap();
        let seen: Vec<_> = rows.iter().map(|row| (row.int(0), row.opt_text(1), row.opt_bytes(2))).collect();
        let expected = vec![
            (Ok(i64::MIN), Ok(Some("")), Ok(Some(&b""[..]))),
            (Ok(-1), Ok(Some(long.as_str())), Ok(Some(bytes.as_slice()))),
            (Ok(i64::MAX), Ok(None), Ok(None)),
        ];
        assert!(seen == expected, "{name}");
        assert_eq!(rows[0].n_columns(), 3, "{name}");
    });
}

#[test]
fn a_column_read_as_something_else_is_an_error_and_not_a_panic() {
    on_both(|db, name| {
        let row = db.read(|tx| tx.query_one("SELECT CAST(1 AS BIGINT), CAST('a' AS TEXT), NULL", &[])).unwrap();
        let wrong =
            |result: Result<(), DbError>| assert!(matches!(result, Err(DbError::Type { .. })), "{name}: {result:?}");
        wrong(row.text(0).map(drop));
        wrong(row.bytes(0).map(drop));
        wrong(row.int(1).map(drop));
        wrong(row.opt_bytes(1).map(drop));
        wrong(row.int(2).map(drop));
        wrong(row.text(2).map(drop));
        wrong(row.opt_int(3).map(drop));
        wrong(row.opt_text(usize::MAX).map(drop));
        assert_eq!(row.opt_int(2), Ok(None), "{name}");
    });
}

#[test]
fn what_the_databases_compute_is_an_integer_if_it_is_whole() {
    on_both(|db, name| {
        db.write(|tx| (1..=3).try_for_each(|id| add(tx, id))).unwrap();
        let compute = |sql: &str, params: &[Value<'_>]| db.read(|tx| tx.query_one(sql, params)).unwrap();
        assert_eq!(compute("SELECT SUM(id) FROM thing", &[]).int(0), Ok(6), "{name}");
        assert_eq!(compute("SELECT COUNT(*) FROM thing WHERE id > $1", &[1.into()]).int(0), Ok(2), "{name}");
        assert_eq!(compute("SELECT EXISTS (SELECT 1 FROM thing)", &[]).int(0), Ok(1), "{name}");
        assert_eq!(compute("SELECT id = 4 FROM thing LIMIT 1", &[]).int(0), Ok(0), "{name}");
        assert_eq!(compute("SELECT MAX(id) FROM thing WHERE id > 9", &[]).opt_int(0), Ok(None), "{name}");
        let floating = compute("SELECT CAST(0.5 AS REAL)", &[]);
        assert!(matches!(floating.int(0), Err(DbError::Type { .. })), "{name}");
    });
}

#[test]
fn parameters_may_be_repeated_and_in_any_order() {
    on_both(|db, name| {
        db.write(|tx| (1..=5).try_for_each(|id| add(tx, id))).unwrap();
        let sql = "SELECT id FROM thing WHERE id > $2 AND (name = $1 OR name = $1 OR id = $2 + 3) AND '$1' = '$1' ORDER BY id";
        let rows = db.read(|tx| tx.query(sql, &["n3".into(), 2.into()])).unwrap();
        assert_eq!(rows.iter().map(|row| row.int(0).unwrap()).collect::<Vec<_>>(), [3, 5], "{name}");
    });
}

#[test]
fn a_missing_row_is_none_or_an_error_and_the_transaction_goes_on() {
    on_both(|db, name| {
        db.write::<_, DbError>(|tx| {
            assert!(tx.query_opt("SELECT id FROM thing", &[])?.is_none(), "{name}");
            assert_eq!(tx.query_one("SELECT id FROM thing", &[]).err(), Some(DbError::NoRow), "{name}");
            add(tx, 1)
        })
        .unwrap();
        assert_eq!(ids(db), [1], "{name}");
    });
}

#[test]
fn rows_can_be_looked_at_one_by_one_until_enough_were_seen() {
    on_both(|db, name| {
        let rows: Vec<Vec<Value<'_>>> = (0..2_000_i64).map(|id| vec![id.into(), Value::Null, Value::Null]).collect();
        db.write(|tx| tx.insert_many("thing", &["id", "name", "body"], &rows, OnConflict::Fail)).unwrap();
        let until = |stop: i64| {
            let mut seen = Vec::new();
            db.read::<_, DbError>(|tx| {
                tx.each::<DbError>("SELECT id FROM thing WHERE id >= $1 ORDER BY id", &[5.into()], |row| {
                    seen.push(row.int(0)?);
                    Ok(if row.int(0)? == stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                })?;
                // The connection is free for the next statement.
                assert_eq!(tx.query_one("SELECT COUNT(*) FROM thing", &[])?.int(0), Ok(2_000), "{name}");
                Ok(())
            })
            .unwrap();
            seen
        };
        assert_eq!(until(700), (5..=700).collect::<Vec<_>>(), "{name}");
        assert_eq!(until(-1), (5..2_000).collect::<Vec<_>>(), "{name}");
    });
}

#[test]
fn an_error_of_the_closure_ends_the_looking_and_is_the_callers() {
    #[derive(Debug, PartialEq)]
    enum Mine {
        Enough(i64),
        Db(DbError),
    }
    impl From<DbError> for Mine {
        fn from(error: DbError) -> Mine {
            Mine::Db(error)
        }
    }
    on_both(|db, name| {
        db.write(|tx| (1..=5).try_for_each(|id| add(tx, id))).unwrap();
        let result = db.read::<(), Mine>(|tx| {
            tx.each("SELECT id FROM thing ORDER BY id", &[], |row| match row.int(0)? {
                3 => Err(Mine::Enough(3)),
                _ => Ok(ControlFlow::Continue(())),
            })
        });
        assert_eq!(result, Err(Mine::Enough(3)), "{name}");
        let result =
            db.read::<(), Mine>(|tx| tx.each("SELECT nothing FROM thing", &[], |_| Ok(ControlFlow::Continue(()))));
        assert!(matches!(result, Err(Mine::Db(DbError::Other(_)))), "{name}: {result:?}");
    });
}

#[test]
fn execute_counts_the_rows_and_returning_gives_them_back() {
    on_both(|db, name| {
        db.write::<_, DbError>(|tx| {
            assert_eq!(tx.execute(INSERT, &[1.into(), "a".into(), Value::Null])?, 1, "{name}");
            let again = "INSERT INTO thing (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            assert_eq!(tx.execute(again, &[1.into(), "b".into()])?, 0, "{name}");
            assert_eq!(tx.execute("UPDATE thing SET name = $1 WHERE id = $2", &["c".into(), 9.into()])?, 0, "{name}");
            let row = tx.query_one("UPDATE thing SET id = id + 1 RETURNING id, name", &[])?;
            assert_eq!((row.int(0), row.text(1)), (Ok(2), Ok("a")), "{name}");
            let upsert = "INSERT INTO thing (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING name";
            assert_eq!(tx.query_one(upsert, &[2.into(), "z".into()])?.text(0), Ok("z"), "{name}");
            assert_eq!(tx.execute("DELETE FROM thing", &[])?, 1, "{name}");
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn the_wrong_number_of_values_is_refused() {
    on_both(|db, name| {
        for params in [&[][..], &[1.into()], &[1.into(), 2.into(), 3.into()]] {
            for sql in ["SELECT id FROM thing WHERE id = $1 OR id = $2", "DELETE FROM thing WHERE id = $1 OR id = $2"] {
                let result = db.write(|tx| tx.query(sql, params).map(|_| ()));
                assert!(matches!(result, Err(DbError::Type { .. })), "{name} {sql}: {result:?}");
                let result = db.write(|tx| tx.each::<DbError>(sql, params, |_| Ok(ControlFlow::Continue(()))));
                assert!(matches!(result, Err(DbError::Type { .. })), "{name} {sql}: {result:?}");
            }
        }
    });
}

#[test]
fn text_with_nul_is_refused_by_both_since_one_cannot_keep_it() {
    on_both(|db, name| {
        let result = db.write(|tx| tx.execute(INSERT, &[1.into(), "a\0b".into(), Value::Null]));
        assert!(matches!(result, Err(DbError::Type { .. })), "{name}: {result:?}");
        let rows = [vec![1.into(), "a\0".into()]];
        let result = db.write(|tx| tx.insert_many("thing", &["id", "name"], &rows, OnConflict::Fail));
        assert!(matches!(result, Err(DbError::Type { .. })), "{name}: {result:?}");
        assert!(ids(db).is_empty(), "{name}");
    });
}

#[test]
fn many_rows_go_in_at_once() {
    on_both(|db, name| {
        let body = vec![1; 3_000];
        let row = |id: i64| -> Vec<Value<'_>> {
            vec![(&body).into(), id.into(), if id % 2 == 0 { Value::Null } else { format!("n{id}").into() }]
        };
        let rows: Vec<_> = (0..5_000).map(row).collect();
        let columns = ["body", "id", "name"];
        let insert = |rows: &[_], how| db.write(|tx| tx.insert_many("thing", &columns, rows, how));
        assert_eq!(insert(&rows, OnConflict::Fail), Ok(5_000), "{name}");
        assert_eq!(insert(&[], OnConflict::Fail), Ok(0), "{name}");
        let more: Vec<_> = (4_990..5_010).map(row).collect();
        let refused = insert(&more, OnConflict::Fail);
        assert!(matches!(&refused, Err(DbError::Unique { table, .. }) if table == "thing"), "{name}: {refused:?}");
        assert_eq!(ids(db).len(), 5_000, "{name}");
        assert_eq!(insert(&more, OnConflict::Ignore), Ok(10), "{name}");
        let sql = "SELECT COUNT(*), COUNT(name), SUM(length(body)) FROM thing";
        let sums = db.read(|tx| tx.query_one(sql, &[])).unwrap();
        assert_eq!((sums.int(0), sums.int(1), sums.int(2)), (Ok(5_010), Ok(2_505), Ok(15_030_000)), "{name}");
    });
}

#[test]
fn a_column_without_any_value_can_be_inserted() {
    on_both(|db, name| {
        let rows = [vec![1.into(), Value::Null], vec![2.into(), Value::Null]];
        assert_eq!(db.write(|tx| tx.insert_many("thing", &["id", "body"], &rows, OnConflict::Ignore)), Ok(2), "{name}");
    });
}

#[test]
fn names_that_are_not_plain_and_rows_of_another_shape_are_refused() {
    on_both(|db, name| {
        let insert = |table: &str, columns: &[&str], row: Vec<Value<'_>>| {
            db.write(|tx| tx.insert_many(table, columns, &[row], OnConflict::Fail)).err()
        };
        assert!(matches!(insert("thing; --", &["id"], vec![1.into()]), Some(DbError::Other(_))), "{name}");
        assert!(matches!(insert("thing", &["id) --"], vec![1.into()]), Some(DbError::Other(_))), "{name}");
        assert!(matches!(insert("thing", &[], vec![]), Some(DbError::Other(_))), "{name}");
        assert!(matches!(insert("thing", &["id"], vec![1.into(), 2.into()]), Some(DbError::Type { .. })), "{name}");
        assert!(matches!(insert("nothing", &["id"], vec![1.into()]), Some(DbError::Other(_))), "{name}");
    });
}

#[test]
fn broken_rules_say_which_and_never_the_value() {
    on_both(|db, name| {
        db.write(|tx| {
            tx.execute(
                "CREATE TABLE part (thing_id BIGINT NOT NULL REFERENCES thing (id), n BIGINT CHECK (n > 0))",
                &[],
            )
        })
        .unwrap();
        db.write(|tx| tx.execute(INSERT, &[1.into(), "secret".into(), Value::Null])).unwrap();
        let again = |id: i64, text: &str| {
            db.write(|tx| tx.execute(INSERT, &[id.into(), text.into(), Value::Null])).unwrap_err()
        };
        for error in [again(1, "other"), again(2, "secret")] {
            assert!(matches!(&error, DbError::Unique { table, .. } if table == "thing"), "{name}: {error:?}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{name}");
        }
        let part = |thing: Value<'_>, n: i64| {
            db.write(|tx| tx.execute("INSERT INTO part (thing_id, n) VALUES ($1, $2)", &[thing, n.into()])).unwrap_err()
        };
        for error in [part(77.into(), 1), part(1.into(), -77), part(Value::Null, 1)] {
            assert!(matches!(error, DbError::Constraint { .. }), "{name}: {error:?}");
            assert!(!format!("{error} {error:?}").contains("77"), "{name}");
        }
    });
}

#[test]
fn values_do_not_show_in_debug() {
    let shown = format!("{:?}", [Value::from("Jane Doe"), 42.into(), b"body".into(), Value::Null]);
    assert_eq!(shown, "[text (8 bytes), an integer, bytes (4 bytes), null]");
}

#[test]
fn text_is_compared_byte_by_byte_and_like_looks_at_case() {
    on_both(|db, name| {
        let words = ["a", "B", "b", "Z", "é", "ab", "a b", "_", "1"];
        let rows: Vec<Vec<Value<'_>>> =
            words.iter().zip(0_i64..).map(|(word, id)| vec![id.into(), (*word).into()]).collect();
        db.write(|tx| tx.insert_many("thing", &["id", "name"], &rows, OnConflict::Fail)).unwrap();
        let find = |sql: &str, params: &[Value<'_>]| -> Vec<String> {
            db.read(|tx| tx.query(sql, params)).unwrap().iter().map(|row| row.text(0).unwrap().to_owned()).collect()
        };
        let mut sorted = words.to_vec();
        sorted.sort_unstable();
        assert_eq!(find("SELECT name FROM thing ORDER BY name", &[]), sorted, "{name}");
        assert_eq!(find("SELECT name FROM thing WHERE name > $1 ORDER BY name", &["b".into()]), ["é"], "{name}");
        let like = "SELECT name FROM thing WHERE name LIKE $1 ESCAPE '!' ORDER BY name";
        assert_eq!(find(like, &["b%".into()]), ["b"], "{name}");
        assert_eq!(find(like, &["!_".into()]), ["_"], "{name}");
    });
}

#[test]
fn row_locks_can_be_asked_for_on_both() {
    on_both(|db, name| {
        db.write(|tx| (1..=3).try_for_each(|id| add(tx, id))).unwrap();
        let sql = "SELECT id FROM thing ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED";
        assert_eq!(db.write(|tx| tx.query(sql, &[])).unwrap().len(), 2, "{name}");
        assert_eq!(db.write(|tx| tx.query("SELECT id FROM thing FOR UPDATE", &[])).unwrap().len(), 3, "{name}");
    });
}

type Thing = (i64, Option<String>, Option<Vec<u8>>);

fn round_trip(db: &Db, rows: &[Thing]) -> Result<Vec<Row>, DbError> {
    let values: Vec<Vec<Value<'_>>> =
        rows.iter().map(|(id, text, bytes)| vec![(*id).into(), text.as_ref().into(), bytes.as_ref().into()]).collect();
    db.write(|tx| {
        tx.execute("DELETE FROM thing", &[])?;
        tx.insert_many("thing", &["id", "name", "body"], &values, OnConflict::Fail)?;
        let all: Vec<Row> = tx.query("SELECT id, name, body FROM thing ORDER BY id", &[])?;
        Ok(all)
    })
}

#[test]
fn both_databases_keep_any_rows_the_same_way() {
    let row = (any::<i64>(), "[^\0]{0,12}", proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40)));
    let rows = proptest::collection::btree_map(any::<i64>(), row, 0..20);
    on_both(|db, name| {
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(40));
        let result = runner.run(&rows, |rows| {
            // Names are unique, so the id is part of them; some have none.
            let rows: Vec<_> = rows
                .into_iter()
                .map(|(id, (odd, text, body))| (id, (odd % 3 != 0).then(|| format!("{id} {text}")), body))
                .collect();
            let kept = round_trip(db, &rows).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let kept: Vec<_> = kept
                .iter()
                .map(|row| {
                    let text = row.opt_text(1).unwrap().map(str::to_owned);
                    (row.int(0).unwrap(), text, row.opt_bytes(2).unwrap().map(<[u8]>::to_vec))
                })
                .collect();
            prop_assert_eq!(kept, rows);
            Ok(())
        });
        assert!(result.is_ok(), "{name}: {result:?}");
    });
}
