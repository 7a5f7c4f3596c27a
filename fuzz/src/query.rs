//! Search queries: understood or refused, and what was honoured means the same when it is asked again.

use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::{Handling, QueryContext, QueryLimits, Scope, SearchQuery};

/// `Type?name=value&…` or `?name=value&…`, free of percent-encoding.
pub fn query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (scope, pairs) = text.split_once('?').unwrap_or(("", text));
    let scope = ResourceType::parse(scope).map_or(Scope::Base, Scope::Type);
    let pairs: Vec<(&str, &str)> = pairs.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    let context = QueryContext {
        base_url: "http://h/fhir",
        zone_offset_minutes: 60,
        now_us: 1_767_323_045_000_000,
        limits: QueryLimits::default(),
    };
    let strict = SearchQuery::parse(&scope, pairs.iter().copied(), Handling::Strict, &context);
    match SearchQuery::parse(&scope, pairs, Handling::Lenient, &context) {
        Ok(query) => {
            assert!(query.clauses.len() <= context.limits.max_clauses + 1, "more clauses than allowed");
            let honoured = query.honoured.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let again = SearchQuery::parse(&scope, honoured, Handling::Strict, &context).ok();
            let again = again.expect("what was honoured once is honoured again");
            assert!(again.clauses == query.clauses && again.honoured == query.honoured, "it means something else");
            assert_eq!((again.count, again.sort), (query.count, query.sort));
            assert!(strict.is_ok() || !query.ignored.is_empty(), "refused for nothing");
        }
        Err(fault) => {
            assert!(strict.is_err(), "what is allowed strictly is refused leniently");
            let _ = (fault.kind(), fault.code(), fault.parameter().len(), fault.says().len());
        }
    }
}
