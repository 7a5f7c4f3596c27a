//! The FHIRPath of a place in a resource, for `OperationOutcome.issue.expression` (R4 operationoutcome.html).

use std::fmt::Write;
use std::ops::Range;

use crate::json::{Element, Kind};

/// The simple FHIRPath, as `Observation.component[1].code`, of the innermost value under `root` that covers `span` of
/// the text. A place outside `root` or in a member's name belongs to the object around it. Path and names are at most
/// so deep and long as the text is; names that are no FHIR names are not quoted but given as `?`.
pub fn expression_at(root: Element<'_>, span: &Range<usize>) -> String {
    let resource_type = root.get("resourceType").and_then(Element::as_str);
    let mut path =
        resource_type.filter(|name| is_name(name)).map_or_else(|| "Resource".to_owned(), |name| name.into_owned());
    let mut at = root;
    while let Some(inner) = step(at, span, &mut path) {
        at = inner;
    }
    path
}

/// Goes one level down, towards the span.
fn step<'a>(at: Element<'a>, span: &Range<usize>, path: &mut String) -> Option<Element<'a>> {
    let covers = |element: Element<'_>| element.span().start <= span.start && span.end <= element.span().end;
    if at.kind() == Kind::Array {
        let (index, item) = at.items().enumerate().find(|(_, item)| covers(*item))?;
        // Writing into a String cannot fail.
        let _ = write!(path, "[{index}]");
        return Some(item);
    }
    let member = at.members().find(|member| covers(member.value))?;
    path.push('.');
    path.push_str(if is_name(&member.key) { &member.key } else { "?" });
    Some(member.value)
}

fn is_name(key: &str) -> bool {
    (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
