//! Whatever comes as a query, nothing panics, and what was understood is understood again (REST-31).

use mecum_fhir::search::query::{Handling, Scope, SearchQuery};
use proptest::prelude::*;

use super::{context, scope};

/// Pieces that queries are made of, well and badly.
const PIECES: &[&str] = &[
    "code",
    "subject",
    "patient",
    "name",
    "date",
    "value-quantity",
    "code-value-quantity",
    "url",
    "_id",
    "_has",
    "_tag",
    "_lastUpdated",
    "_content",
    "_text",
    "_list",
    "_type",
    "_sort",
    "_count",
    "_total",
    "_summary",
    "_elements",
    "_include",
    "_revinclude",
    "_cursor",
    "_format",
    "_profile",
    "identifier",
    "encounter",
    "birthdate",
    ":",
    ".",
    ":missing",
    ":exact",
    ":contains",
    ":not",
    ":text",
    ":identifier",
    ":below",
    ":above",
    ":iterate",
    ":Patient",
    ":Observation",
    "Patient",
    "Observation",
    "Organization",
    "*",
    ",",
    "|",
    "$",
    "\\",
    "-",
    "/",
    "1",
    "0",
    "100",
    "5.40",
    "1e2",
    "e",
    "2020",
    "2020-05",
    "-05-17",
    "T10:30",
    "Z",
    "+02:00",
    "eq",
    "ne",
    "gt",
    "lt",
    "ge",
    "le",
    "sa",
    "eb",
    "ap",
    "true",
    "false",
    "http://a.example/b",
    "https://phr.example/fhir/Patient/1",
    "urn:uuid:5",
    "é",
    " ",
    "\u{0}",
    "mg",
    "http://unitsofmeasure.org",
    "accurate",
    "status",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![9 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<String>()]
}

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..most).prop_map(|pieces| pieces.concat())
}

/// A name that is likely to be one.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => prop::sample::select(&PIECES[..29]).prop_map(str::to_owned),
        1 => (prop::sample::select(&PIECES[..29]), prop::sample::select(&PIECES[31..42])).prop_map(|(name, modifier)| format!("{name}{modifier}")),
        1 => text(6),
    ]
}

fn address() -> impl Strategy<Value = &'static str> {
    let addresses = ["Patient", "Observation", "ValueSet", "", "Patient/1/*", "Patient/1/Observation"];
    prop::sample::select(addresses.to_vec())
}

fn again(scope: &Scope, query: &SearchQuery) -> SearchQuery {
    SearchQuery::parse(scope, query.honoured.clone(), Handling::Strict, &context())
        .unwrap_or_else(|fault| panic!("{fault}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn rest_31_what_is_honoured_is_the_whole_query(
        address in address(), pairs in prop::collection::vec((name(), text(5)), 0..5),
    ) {
        if let Ok(query) = SearchQuery::parse(&scope(address), pairs, Handling::Lenient, &context()) {
            let mut again = again(&scope(address), &query);
            prop_assert!(again.ignored.is_empty());
            again.ignored.clone_from(&query.ignored);
            again.cursor.clone_from(&query.cursor);
            prop_assert!(again == query);
        }
    }

    #[test]
    fn random_text_is_understood_or_refused_and_never_panics(
        address in address(), pairs in prop::collection::vec((any::<String>(), any::<String>()), 0..6),
    ) {
        for handling in [Handling::Strict, Handling::Lenient] {
            if let Err(fault) = SearchQuery::parse(&scope(address), pairs.clone(), handling, &context()) {
                prop_assert!(!fault.says().is_empty());
            }
        }
    }

    #[test]
    fn absurd_dates_numbers_and_nows_stay_within_bounds(
        prefix in prop::sample::select(vec!["", "ap", "gt", "eb"]), year in 0..10_000_u32, now_us in any::<i64>(), offset in -2000..2000_i32,
        digits in "[0-9]{1,200}", exponent in -40_000..40_000_i64,
    ) {
        let mut context = context();
        (context.now_us, context.zone_offset_minutes) = (now_us, offset);
        let number = format!("{prefix}{digits}e{exponent}");
        for (name, value) in [("date", format!("{prefix}{year:04}")), ("value-quantity", number.clone()), ("value-quantity", format!("{number}|http://unitsofmeasure.org|mg"))] {
            let _ = SearchQuery::parse(&scope("Observation"), [(name, value)], Handling::Strict, &context);
        }
    }
}
