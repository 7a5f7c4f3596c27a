//! Who reads what: the kind of a parameter and the type of an element decide (R4 search.html#ptypes).

use super::sink::Sink;
use super::{quantity, reference, text, token};
use crate::definitions::{CodeSet, Primitive, Type};
use crate::json::Element;
use crate::resource::interval_of;
use crate::search::value::IndexValue;
use crate::search_param::SearchParamKind;

/// Gives the values of an element to the sink; the code set is the one a bare code must be from.
pub(super) type Reader = fn(Element<'_>, Option<&'static CodeSet>, &mut Sink<'_>);

/// Who reads elements of a type for parameters of a kind. None if there is nothing to compare.
pub(super) fn reader(kind: SearchParamKind, of: &'static Type) -> Option<Reader> {
    match kind {
        SearchParamKind::Token => token_reader(of),
        SearchParamKind::String => text_reader(of),
        SearchParamKind::Reference => reference_reader(of),
        SearchParamKind::Date => date_reader(of),
        SearchParamKind::Number => number_reader(of),
        SearchParamKind::Quantity => quantity_reader(of),
        SearchParamKind::Uri => of.primitive().map(|_| uri as Reader),
        SearchParamKind::Composite | SearchParamKind::Special => None,
    }
}

fn token_reader(of: &Type) -> Option<Reader> {
    match of.name() {
        "CodeableConcept" => Some(token::concept),
        "Coding" => Some(token::coding),
        "Identifier" => Some(token::identifier),
        "ContactPoint" => Some(token::contact),
        _ => of.primitive().map(|_| token::primitive as Reader),
    }
}

fn text_reader(of: &Type) -> Option<Reader> {
    match of.name() {
        "HumanName" => Some(text::name),
        "Address" => Some(text::address),
        "CodeableConcept" => Some(text::concept),
        "Annotation" => Some(text::annotation),
        _ => of.primitive().map(|_| text::primitive as Reader),
    }
}

fn reference_reader(of: &Type) -> Option<Reader> {
    match of.primitive() {
        Some(_) => Some(reference::canonical),
        None if of.is_a("Reference") => Some(reference::reference),
        None if of.is_a("Resource") => Some(reference::resource),
        None => None,
    }
}

fn date_reader(of: &Type) -> Option<Reader> {
    let is_date = matches!(of.primitive(), Some(Primitive::Date | Primitive::DateTime | Primitive::Instant));
    (is_date || matches!(of.name(), "Period" | "Timing")).then_some(date)
}

fn number_reader(of: &Type) -> Option<Reader> {
    use Primitive::{Decimal, Integer, PositiveInt, UnsignedInt};
    match of.primitive() {
        Some(Integer | PositiveInt | UnsignedInt | Decimal) => Some(quantity::number),
        None if of.name() == "Range" => Some(quantity::number_range),
        _ => None,
    }
}

fn quantity_reader(of: &Type) -> Option<Reader> {
    match of.name() {
        "Money" => Some(quantity::money),
        "Range" => Some(quantity::range),
        _ => of.is_a("Quantity").then_some(quantity::quantity),
    }
}

fn date(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    if let Some(interval) = interval_of(element, sink.zone_offset_minutes) {
        sink.push(IndexValue::Date(interval.into()));
    }
}

/// As written, and a canonical with a version also without it.
fn uri(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    let Some(uri) = element.as_str() else { return };
    sink.uri(&uri);
    if let Some((unversioned, _)) = uri.split_once('|') {
        sink.uri(unversioned);
    }
}
