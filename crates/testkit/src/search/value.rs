//! Whether a value of a resource is one that a query asks for, kind by kind.

use mecum_fhir::search::normalise;
use mecum_fhir::search::query::{
    DateMatch, Matches, NumberMatch, Prefix, QuantityMatch, RefMatch, StringMatch, TokenMatch, UriMatch,
};
use mecum_fhir::search::value::{IndexValue, NumberKey, QuantityValue, RefTarget, Stretch};

/// Whether one of the values asked for is met. A value of another kind meets none: a token's text is asked for by `:text`
/// alone, a reference's identifier by `:identifier`.
pub(super) fn meets(any_of: &Matches, value: &IndexValue) -> bool {
    match (any_of, value) {
        (Matches::Token(asked), IndexValue::Token { system, code }) => asked.iter().any(|one| token(one, system, code)),
        (Matches::String(asked), IndexValue::String(text)) => asked.iter().any(|one| string(one, text)),
        (Matches::Reference(asked), IndexValue::Reference(target)) => asked.iter().any(|one| reference(one, target)),
        (Matches::Date(asked), IndexValue::Date(stretch)) => asked.iter().any(|one| date(one, *stretch)),
        (Matches::Number(asked), IndexValue::Number(key)) => asked.iter().any(|one| number(one, key)),
        (Matches::Quantity(asked), IndexValue::Quantity(there)) => asked.iter().any(|one| quantity(one, there)),
        (Matches::Uri(asked), IndexValue::Uri(there)) => asked.iter().any(|one| uri(one, there)),
        _ => false,
    }
}

/// search.html#token: any code or this one, of any system, of none, or of this one; as written.
fn token(asked: &TokenMatch, system: &str, code: &str) -> bool {
    asked.system.as_deref().is_none_or(|asked| asked == system)
        && asked.code.as_deref().is_none_or(|asked| asked == code)
}

/// search.html#string: without case and accents, at the beginning, anywhere (`:contains`); or as written (`:exact`).
fn string(asked: &StringMatch, text: &str) -> bool {
    match asked {
        StringMatch::Starts(beginning) => normalise(text).starts_with(beginning.as_str()),
        StringMatch::Contains(part) => normalise(text).contains(part.as_str()),
        StringMatch::Exact(whole) => text == whole,
    }
}

/// search.html#reference: there, or at a resource of that id.
fn reference(asked: &RefMatch, target: &RefTarget) -> bool {
    match asked {
        RefMatch::To(there) => there == target,
        RefMatch::ToId { types, id } => {
            matches!(target, RefTarget::Resource(of, target_id) if types.contains(of) && target_id == id)
        }
    }
}

/// search.html#prefix, for ranges: `there` is the resource's, `asked.range` the query's.
pub(super) fn date(asked: &DateMatch, there: Stretch) -> bool {
    let range = asked.range;
    let is_inside = range.start_us <= there.start_us && there.end_us <= range.end_us;
    let reaches_above = there.end_us > range.end_us;
    let reaches_below = there.start_us < range.start_us;
    match asked.prefix {
        // "the range of the search value fully contains the range of the target value"
        Prefix::Eq => is_inside,
        // "the range of the search value does not fully contain the range of the target value"
        Prefix::Ne => !is_inside,
        // "the range above the search value intersects (i.e. overlaps) with the range of the target value"
        Prefix::Gt => reaches_above,
        // "the range below the search value intersects (i.e. overlaps) with the range of the target value"
        Prefix::Lt => reaches_below,
        // "… or the range of the search value fully contains the range of the target value"
        Prefix::Ge => reaches_above || is_inside,
        Prefix::Le => reaches_below || is_inside,
        // "the range of the search value does not overlap with the range of the target value, and the range above the search
        // value contains the range of the target value"
        Prefix::Sa => there.start_us >= range.end_us,
        // The same below.
        Prefix::Eb => there.end_us <= range.start_us,
        // "the range of the search value overlaps with the range of the target value"; the range is the widened one.
        Prefix::Ap => there.start_us < range.end_us && range.start_us < there.end_us,
    }
}

/// search.html#number: `eq` and `ne` compare with the range that the digits leave open, `ap` with a tenth to either side;
/// of the others "the implicit precision of the number is ignored".
fn number(asked: &NumberMatch, there: &NumberKey) -> bool {
    let is_inside = asked.low <= *there && *there < asked.high;
    match asked.prefix {
        Prefix::Eq | Prefix::Ap => is_inside,
        Prefix::Ne => !is_inside,
        Prefix::Gt | Prefix::Sa => *there > asked.value,
        Prefix::Lt | Prefix::Eb => *there < asked.value,
        Prefix::Ge => *there >= asked.value,
        Prefix::Le => *there <= asked.value,
    }
}

/// search.html#quantity: the number in whatever unit; in a unit as spelled; or, of a unit that UCUM knows, what it comes to.
fn quantity(asked: &QuantityMatch, there: &QuantityValue) -> bool {
    let Some(unit) = &asked.unit else { return number(&asked.number, &there.number) };
    if let Some((spelling, in_base_units)) = &unit.canonical {
        let canonical = there.canonical.as_ref();
        return canonical.is_some_and(|(unit, key)| unit == spelling && number(in_base_units, key));
    }
    let is_of_system = unit.system.as_deref().is_none_or(|system| system == there.system);
    is_of_system && unit.unit == there.unit && number(&asked.number, &there.number)
}

/// search.html#uri: as written; or beneath or above in the path.
fn uri(asked: &UriMatch, there: &str) -> bool {
    match asked {
        UriMatch::Is(uri) => uri == there,
        UriMatch::Below(above) => is_below(there, above),
        UriMatch::Above(below) => is_below(below, there),
    }
}

fn is_below(uri: &str, above: &str) -> bool {
    match uri.strip_prefix(above) {
        Some(rest) => rest.is_empty() || rest.starts_with('/') || above.ends_with('/'),
        None => false,
    }
}
