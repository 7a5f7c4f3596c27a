//! URIs (R4 search.html#uri): as written, or beneath or above in the path.

use mecum_fhir::search::query::UriMatch;

use super::sql::{Source, Sql};
use crate::index::IndexTable;

impl<'q> Sql<'q> {
    /// The rows that meet one of these.
    pub(super) fn uris(&mut self, of_param: &str, asked: &'q [UriMatch]) -> Vec<Source> {
        let mut exact: Vec<&str> = Vec::new();
        let mut sources = Vec::new();
        let source = |condition: &str, is_point: bool| Source {
            table: IndexTable::Uri,
            condition: format!("{of_param} AND {condition}"),
            is_point,
        };
        for one in asked {
            match one {
                UriMatch::Is(uri) => exact.push(uri),
                UriMatch::Above(below) => exact.extend(above(below)),
                UriMatch::Below(above) => {
                    exact.push(above);
                    let path = if above.ends_with('/') { above.clone() } else { format!("{above}/") };
                    sources.push(source(&self.begins_with("i.uri", &path), false));
                }
            }
        }
        if !exact.is_empty() {
            sources.push(source(&self.is_one_of("i.uri", &exact), true));
        }
        sources
    }
}

/// The URIs that another is beneath, itself among them: those it goes on behind with a slash, with that slash or without.
fn above(below: &str) -> Vec<&str> {
    let slashes = below.match_indices('/').map(|(at, _)| at);
    let mut all: Vec<&str> = slashes.flat_map(|at| [&below[..at], &below[..=at]]).collect();
    all.push(below);
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_beneath_its_paths_with_a_slash_or_without() {
        assert_eq!(above("a/b//c"), ["a", "a/", "a/b", "a/b/", "a/b//", "a/b//c"]);
        assert_eq!(above(""), [""]);
    }
}
