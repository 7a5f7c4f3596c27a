//! What an export says of itself in OperationOutcomes: what it leaves out, what it could not write, why it stopped (PHR-56, PHR-57).

use mecum_fhir::outcome::{Issue, IssueCode, Outcome};
use mecum_fhir::reference::ResourceType;
use mecum_record::access::ResourceFilter;

use super::selection::admits;
use crate::Failure;

/// Types asked for (or all) of which the filter lets nothing through.
pub(super) fn suppressed(filter: &ResourceFilter, asked: Option<&[ResourceType]>) -> Vec<ResourceType> {
    let is_left_out = |resource_type: &ResourceType| !admits(filter, *resource_type);
    match asked {
        Some(types) => types.iter().copied().filter(is_left_out).collect(),
        None => ResourceType::all().filter(is_left_out).collect(),
    }
}

/// That the caller does not see everything: the same words whatever the record holds, so that nothing is noticed by them.
pub(super) fn filtered(suppressed: &[ResourceType]) -> String {
    let names: Vec<&str> = suppressed.iter().map(|resource_type| resource_type.name()).collect();
    let mut issue = Issue::warning(IssueCode::Suppressed).details(
        "This export holds only what the permission it was made with covers. Other data was left out if there is any.",
    );
    if !names.is_empty() {
        issue = issue.diagnostics(format!("types that are not covered: {}", names.join(", ")));
    }
    with_id(&Outcome::of(issue), FILTERED_ID)
}

/// The id of [`filtered`].
pub(super) const FILTERED_ID: &str = "mecum-suppressed";

/// That a resource could not be written; the rest goes on.
pub(super) fn left_out(name: &str, why: &str, id: &str) -> String {
    with_id(&Outcome::of(Issue::error(IssueCode::Processing).diagnostics(format!("{name}: {why}"))), id)
}

/// That a resource was deleted, in a history.
pub(super) fn deleted(name: &str, id: &str) -> String {
    with_id(&Outcome::of(Issue::information(IssueCode::Deleted).diagnostics(format!("{name} was deleted here"))), id)
}

/// That the export ends before its end.
pub(super) fn fatal(failure: &Failure) -> String {
    let (code, words) = match failure {
        Failure::Forbidden(_) | Failure::NotFound(_) | Failure::Conflict(_) => {
            (IssueCode::Forbidden, "the permission for this export ended; what follows is missing")
        }
        _ => (IssueCode::Processing, "the export could not be completed; what follows is missing"),
    };
    Outcome::of(Issue::fatal(code).diagnostics(words)).to_json()
}

fn with_id(outcome: &Outcome, id: &str) -> String {
    let head = r#"{"resourceType":"OperationOutcome""#;
    outcome.to_json().replacen(head, &format!(r#"{head},"id":"{id}""#), 1)
}
