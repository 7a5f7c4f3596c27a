//! The name that was meant: a misspelt parameter is named with its neighbour, so that nobody takes silence for an answer.

use crate::reference::ResourceType;
use crate::search_param::search_params_for;

/// Longer names are not looked at.
const MAX_NAME: usize = 40;

/// The parameter of that type whose name is so near that it was probably meant.
pub(super) fn nearest(of: ResourceType, name: &str) -> Option<&'static str> {
    if name.len() > MAX_NAME {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let most = if name.len() < 5 { 1 } else { 2 };
    let known = search_params_for(of.name()).filter(|param| !param.expression().is_empty());
    let near = known.map(|param| (distance(&name, &param.code().to_ascii_lowercase()), param.code()));
    near.filter(|(distance, _)| *distance <= most).min().map(|(_, code)| code)
}

/// How many letters must be put in, left out, replaced or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for at in 0..one.len() {
        let mut next = vec![at + 1];
        for to in 0..other.len() {
            let replaced = row[to] + usize::from(one[at] != other[to]);
            let is_swapped = at > 0 && to > 0 && one[at] == other[to - 1] && one[at - 1] == other[to];
            let swapped = if is_swapped { before[to - 1] + 1 } else { usize::MAX };
            next.push(replaced.min(row[to + 1] + 1).min(next[to] + 1).min(swapped));
        }
        before = std::mem::replace(&mut row, next);
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_its_parameter_and_a_guess_finds_none() {
        let nearest = |of: &str, name: &str| nearest(ResourceType::parse(of).expect("known"), name);
        for (of, name, meant) in [
            ("Observation", "cdoe", Some("code")),
            ("Patient", "birthDate", Some("birthdate")),
            ("Patient", "birtdate", Some("birthdate")),
            ("Patient", "gendre", Some("gender")),
            ("Observation", "value_quantity", Some("value-quantity")),
            ("Patient", "_lastupdated", Some("_lastUpdated")),
            ("Patient", "ssn", None),
            ("Patient", "", None),
            ("Patient", "énorme", None),
        ] {
            assert_eq!(nearest(of, name), meant, "{name}");
        }
        assert_eq!(nearest("Patient", &"a".repeat(100_000)), None);
    }
}
