//! Values that should be arrays and, in files from outside, sometimes are single (PHR-15).

use crate::json::{Element, Kind};

/// The elements of an array; a single value stands for itself; nothing for null or absence.
pub(super) fn each<'a>(value: Option<Element<'a>>) -> impl Iterator<Item = Element<'a>> {
    let single = value.filter(|value| !matches!(value.kind(), Kind::Array | Kind::Null));
    single.into_iter().chain(value.into_iter().flat_map(Element::items))
}
