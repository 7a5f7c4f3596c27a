//! Every statement on the way of a request or an import is a seek: looked up in SQLite's own plans, so that a lost index is noticed.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Label, ResourceFilter};
use mecum_testkit::harness::{self, Place as TestPlace};

use super::{history_sql, read_sql};
use crate::access_log::lines_sql;
use crate::commit::{NEWEST, NEWEST_VISIBLE};
use crate::db::Value;
use crate::index::{RESTORE, SUPERSEDED_BY, Sight, behind_commit_sql, identifier_sql, in_commit_sql, supersede_sql};
use crate::keys::InstallationKey;
use crate::log::{commit_versions_sql, log_sql, version_as_of_sql};
use crate::lookup::{REVERTS, known_sql, present_sql};
use crate::origin::{origin_ids_sql, origins_sql};
use crate::page::{Side, Walk, Which, page_sql, recent_sql};
use crate::sweep::{FIRST_ORIGIN, REMOVE_ORIGINS, REMOVE_VERSIONS, staged_sql};
use crate::{Place, Store, Workload};

/// How many ids are asked for at once.
const CHUNK: usize = 32;

/// A statement and how many parameters it takes.
struct Statement {
    name: &'static str,
    sql: String,
    n_params: usize,
}

fn fixed(name: &'static str, sql: impl Into<String>, n_params: usize) -> Statement {
    Statement { name, sql: sql.into(), n_params }
}

/// A statement with `n_params` of its own before those of a filter.
fn filtered<'a>(name: &'static str, n_params: usize, build: impl FnOnce(&mut Vec<Value<'a>>) -> String) -> Statement {
    let mut params = vec![Value::Int(0); n_params];
    let sql = build(&mut params);
    Statement { name, sql, n_params: params.len() }
}

fn statements(filter: &ResourceFilter) -> Vec<Statement> {
    let walk = |which| Walk { which, narrowed: filter, until_seq: 9, max_page_bytes: 9 };
    let mut all = vec![
        fixed("read", read_sql(), 3),
        fixed("newest", NEWEST, 3),
        fixed("newest visible", NEWEST_VISIBLE, 3),
        fixed("log", log_sql(), 3),
        fixed("access lines", lines_sql(), 3),
        fixed("reverts", REVERTS, 1),
        fixed("known lines", known_sql(), 1 + CHUNK),
        fixed("present", present_sql(), 2 + CHUNK),
        fixed("origins", origins_sql(), 4 + CHUNK),
        fixed("origin ids", origin_ids_sql(), 2 + CHUNK),
        fixed("staged", staged_sql(), 3),
        fixed("remove versions", REMOVE_VERSIONS, 3),
        fixed("first origin", FIRST_ORIGIN, 2),
        fixed("remove origins", REMOVE_ORIGINS, 3),
        filtered("history", 6, |params| history_sql(filter, params)),
        fixed("supersede", supersede_sql(), 4 + CHUNK),
        fixed("put back", RESTORE, 4),
        fixed("superseded by", SUPERSEDED_BY, 4),
        fixed("left of a commit", in_commit_sql(), 4),
        fixed("commits behind", behind_commit_sql(), 4),
        filtered("identifier", 6, |params| identifier_sql(&Sight::sample(true), filter, params)),
        filtered("identifier as of", 6, |params| identifier_sql(&Sight::sample(false), filter, params)),
        filtered("versions of a commit", 4, |params| commit_versions_sql(filter, params)),
        filtered("version as of", 4, |params| version_as_of_sql(filter, params)),
    ];
    for side in [Side::InCommit, Side::OtherCommits] {
        all.push(filtered("recent", 6, |params| recent_sql(side, filter, params)));
        for which in [Which::Current, Which::All] {
            all.push(filtered("page", 5, |params| page_sql(side, (&walk(which), filter), params)));
        }
    }
    all
}

fn store() -> (harness::TestDatabase, Store) {
    let database = harness::sqlite();
    let TestPlace::Sqlite(folder) = database.place() else { unreachable!("it is asked for SQLite") };
    let place = Place::Folder(folder.to_owned());
    let store = Store::open(&place, &InstallationKey::generate(), Workload::COMMAND, 0).expect("a new store opens");
    (database, store)
}

/// The lines of a statement's plan.
fn plan(store: &Store, statement: &Statement) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
    let params = vec![Value::Int(1); statement.n_params];
    let db = if statement.name == "access lines" { &store.access } else { &store.main };
    let rows = db.read(|tx| tx.query(&sql, &params)).expect("the statement is one that SQLite knows");
    rows.iter().map(|row| row.text(3).expect("a plan has its text in the fourth column").to_owned()).collect()
}

#[test]
fn every_statement_of_a_request_seeks_and_none_scans_a_table() {
    let (_database, store) = store();
    for filter in filters() {
        for statement in statements(&filter) {
            let plan = plan(&store, &statement);
            let is_seek = |line: &String| !line.starts_with("SCAN");
            assert!(plan.iter().all(is_seek), "{}: {plan:#?}", statement.name);
            let n_searches = plan.iter().filter(|line| line.starts_with("SEARCH")).count();
            assert!(n_searches > 0, "{}: {plan:#?}", statement.name);
            // A seek by the record alone reads all of it, which is meant of the few commits that take others back.
            let whole_record = plan.iter().filter(|line| line.ends_with("(record_id=?)"));
            let allowed = usize::from(statement.name == "reverts");
            assert!(whole_record.count() <= allowed, "{}: {plan:#?}", statement.name);
        }
    }
}

/// Every resource, and some of them.
fn filters() -> [ResourceFilter; 2] {
    let not_hiv = ResourceFilter::Not(Box::new(ResourceFilter::HasLabel(Label::Hiv)));
    [ResourceFilter::Every, ResourceFilter::And(vec![ResourceFilter::TypeIs(ResourceType::OBSERVATION), not_hiv])]
}

#[test]
fn pages_come_in_the_order_of_an_index_and_are_not_sorted() {
    let (_database, store) = store();
    let unsorted = ["read", "newest", "history", "page", "recent", "log", "access lines", "reverts", "staged"];
    for filter in filters() {
        for statement in statements(&filter).iter().filter(|it| unsorted.contains(&it.name)) {
            let plan = plan(&store, statement);
            assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{}: {plan:#?}", statement.name);
        }
    }
}
