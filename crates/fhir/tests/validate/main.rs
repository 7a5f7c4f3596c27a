//! Validation: a corpus of faults that must be found, each with its code and place, and of samples that must pass
//! (REST-60…65).

mod bundles;
mod harmless;
mod references;
mod rules;
mod samples;
mod structure;
mod values;

use mecum_fhir::json::{Json, Limits};
use mecum_fhir::outcome::Severity;
use mecum_fhir::validate::{Issue, validate};

fn issues(text: &str) -> Vec<Issue> {
    validate(&Json::parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|e| panic!("{e}: {text}")))
}

/// The errors in `text` as `code expression`; for invariants of the standard `key expression`.
fn errors(text: &str) -> Vec<String> {
    let errors = issues(text).into_iter().filter(|issue| issue.severity == Severity::Error);
    errors.map(|issue| format!("{} {}", key(&issue), issue.expression)).collect()
}

fn key(issue: &Issue) -> String {
    match issue.message.split_once(": ") {
        Some((key, _)) if issue.code.code() == "invariant" => key.to_owned(),
        _ => issue.code.code().to_owned(),
    }
}

/// These errors and no others, in this order.
#[track_caller]
fn check(text: &str, expect: &[&str]) {
    assert_eq!(errors(text), expect, "{text}");
}

/// An Observation without faults, and the members given.
fn observation(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}}{comma}{members}}}"#)
}

/// A Patient with the members given.
fn patient(members: &str) -> String {
    format!(r#"{{"resourceType":"Patient",{members}}}"#)
}

/// An Observation with one extension of that member.
fn extension(member: &str) -> String {
    observation(&format!(r#""extension":[{{"url":"http://example.org/e",{member}}}]"#))
}
