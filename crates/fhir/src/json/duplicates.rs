//! Keys that repeat within one object (RFC 8259 §4: names should be unique): found only where a cheap filter raised suspicion.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::element::{Element, Member};
use super::parse::Json;

/// Up to so many members, comparing all pairs is cheaper than a set.
const PAIRWISE_MAX: usize = 16;

/// The places of keys that already occurred in their object, for the objects at the tape indexes `suspects`.
pub(super) fn repeated_keys(json: &Json, suspects: &[u32]) -> Vec<Range<usize>> {
    let mut repeated = Vec::new();
    for &index in suspects {
        let object = Element::new(json, index);
        if object.len() <= PAIRWISE_MAX { by_pairs(object, &mut repeated) } else { by_set(object, &mut repeated) }
    }
    repeated.sort_unstable_by_key(|span| span.start);
    repeated
}

fn by_pairs(object: Element<'_>, repeated: &mut Vec<Range<usize>>) {
    for (n_before, member) in object.members().enumerate() {
        if object.members().take(n_before).any(|earlier: Member<'_>| earlier.key == member.key) {
            repeated.push(member.key_span);
        }
    }
}

fn by_set(object: Element<'_>, repeated: &mut Vec<Range<usize>>) {
    let mut seen: BTreeSet<Cow<'_, str>> = BTreeSet::new();
    for member in object.members() {
        if !seen.insert(member.key) {
            repeated.push(member.key_span);
        }
    }
}
