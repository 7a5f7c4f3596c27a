//! OperationOutcomes: their text, and the closed code sets.

use mecum_fhir::json::Limits;
use mecum_fhir::outcome::{Issue, IssueCode, Outcome, Severity};
use mecum_fhir::resource::Resource;

#[test]
fn an_outcome_is_written_as_fhir_has_it() {
    let mut outcome = Outcome::of(Issue::warning(IssueCode::Processing).diagnostics("line 3, \"byte\" 17"));
    assert!(!outcome.is_failure());
    outcome.push(
        Issue::error(IssueCode::NotSupported).details("no").expression("Patient.name[0]").expression("Patient.x"),
    );
    assert!(outcome.is_failure());
    let expected = concat!(
        r#"{"resourceType":"OperationOutcome","issue":["#,
        r#"{"severity":"warning","code":"processing","diagnostics":"line 3, \"byte\" 17"},"#,
        r#"{"severity":"error","code":"not-supported","details":{"text":"no"},"expression":["Patient.name[0]","Patient.x"]}]}"#,
    );
    assert_eq!(outcome.to_json(), expected);
    assert!(Resource::parse(expected.as_bytes(), &Limits::default()).is_ok());
}

#[test]
fn an_outcome_without_issues_says_that_all_is_well() {
    let text = Outcome::new().to_json();
    let expected = r#"[{"severity":"information","code":"informational","details":{"text":"All OK"}}]"#;
    assert_eq!(text, format!(r#"{{"resourceType":"OperationOutcome","issue":{expected}}}"#));
}

#[test]
fn codes_are_those_of_the_standard_and_read_back() {
    for severity in Severity::ALL {
        assert_eq!(Severity::parse(severity.code()), Some(severity));
    }
    for code in IssueCode::ALL {
        assert_eq!(IssueCode::parse(code.code()), Some(code));
    }
    assert_eq!((Severity::parse("bad"), IssueCode::parse("Invalid")), (None, None));
    assert!(Severity::Fatal < Severity::Error && Severity::Error < Severity::Warning);
}

#[test]
fn the_words_of_an_issue_stay_out_of_debug_output() {
    let outcome: Outcome = [Issue::fatal(IssueCode::Exception).details("Ann Smith")].into_iter().collect();
    assert_eq!(format!("{outcome:?}"), "Outcome { issues: [Issue(Fatal, Exception)] }");
}
