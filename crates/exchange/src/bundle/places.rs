//! From places in a minified text back to places in the file it came from.

use std::ops::Range;

use crate::item::Place;

/// The places of `spans`, which are of the minified text of `input`, in order and apart; `input` begins at `offset` in its
/// file. The line of each is 1.
pub(super) fn places(input: &[u8], offset: u64, spans: &[Range<usize>]) -> Vec<Place> {
    let mut places = Vec::with_capacity(spans.len());
    let mut waiting = spans.iter();
    let mut next = waiting.next();
    let (mut n_minified, mut start) = (0, 0);
    for (at, _) in significant(input) {
        let Some(span) = next else { break };
        if n_minified == span.start {
            start = at;
        }
        n_minified += 1;
        if n_minified == span.end {
            places.push(Place { line: 1, offset: offset + start as u64, length: (at + 1 - start) as u64 });
            next = waiting.next();
        }
    }
    places
}

/// The bytes of a JSON text that are not whitespace between tokens, with their index.
fn significant(input: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let (mut is_in_string, mut is_escaped) = (false, false);
    input.iter().copied().enumerate().filter(move |&(_, byte)| {
        let is_significant = is_in_string || !byte.is_ascii_whitespace();
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_in_string,
            b'"' => is_in_string = !is_in_string,
            _ => {}
        }
        is_significant
    })
}
