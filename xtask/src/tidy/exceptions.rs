//! The exceptions to the rules, all of them, each with its reason. The table may only shrink.

use super::tree::{Spot, Tree};

/// A place where a rule does not hold.
struct Exception {
    /// The rule's name.
    rule: &'static str,
    /// The file.
    path: &'static str,
    /// Part of what the finding says.
    what: &'static str,
    reason: &'static str,
}

/// How many exceptions there may be. When one goes, this number goes down with it, and never up.
const MOST: usize = 5;

const EXCEPTIONS: &[Exception] = &[
    Exception { rule: "machine", path: "xtask/src/tidy/text.rs", what: "", reason: "the rule names what it forbids" },
    Exception {
        rule: "debug",
        path: "crates/record/src/access/filter.rs",
        what: "`ResourceKey`",
        reason: "a resource's type and opaque id: it names, it opens nothing",
    },
    Exception {
        rule: "debug",
        path: "crates/exchange/src/seal/unseal.rs",
        what: "`WantedKey`",
        reason: "says which kind of key opens a file: a thumbprint at most, never a key",
    },
    Exception {
        rule: "pure",
        path: "crates/exchange/src/signature.rs",
        what: "",
        reason: "ECDSA's nonce is drawn inside aws-lc; its Rust interface takes a generator by type and does not use it",
    },
    Exception {
        rule: "unfinished",
        path: "crates/store/tests/db_waist/processes.rs",
        what: "",
        reason: "a second process of its own, which the tests beside it start with --ignored",
    },
];

const _: () = assert!(EXCEPTIONS.len() == MOST, "the table of exceptions may only shrink, and MOST with it");

/// Which exceptions have been of use.
#[derive(Debug, Default)]
pub(crate) struct Used([bool; MOST]);

impl Used {
    /// Whether an exception covers this finding.
    pub(crate) fn covers(&mut self, rule: &str, spot: &Spot) -> bool {
        let found = EXCEPTIONS.iter().position(|exception| {
            exception.rule == rule && spot.path == exception.path && spot.what.contains(exception.what)
        });
        found.inspect(|&at| self.0[at] = true).is_some()
    }

    /// Findings for exceptions that nothing needs any more, among those whose files are in the tree.
    pub(crate) fn stale(&self, tree: &Tree) -> Vec<String> {
        let is_whole = tree.has("xtask/src/tidy/exceptions.rs");
        let unused = EXCEPTIONS.iter().zip(&self.0).filter(|(_, used)| is_whole && !**used);
        unused.map(|(exception, _)| stale_text(exception)).collect()
    }
}

fn stale_text(exception: &Exception) -> String {
    let Exception { rule, path, .. } = exception;
    format!(
        "xtask/src/tidy/exceptions.rs:1: exceptions: the exception to `{rule}` for {path} covers nothing\n    why: The table may only shrink.\n    fix: Take the line out and lower MOST."
    )
}

/// The exceptions as a text, for `tidy --rules`.
pub(crate) fn list() -> String {
    let lines = EXCEPTIONS
        .iter()
        .map(|exception| format!("  {} in {}: {}\n", exception.rule, exception.path, exception.reason));
    format!("exceptions:\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_covers_its_rule_in_its_file_and_nothing_else() {
        let mut used = Used::default();
        let spot = |path: &str| Spot { path: path.into(), line: 1, what: "x".into() };
        assert!(used.covers("machine", &spot("xtask/src/tidy/text.rs")));
        assert!(!used.covers("machine", &spot("xtask/src/tidy.rs")));
        assert!(!used.covers("links", &spot("xtask/src/tidy/text.rs")));
    }

    #[test]
    fn an_exception_that_covers_nothing_is_a_finding_of_its_own() {
        let tree = Tree::of(&[("xtask/src/tidy/exceptions.rs", "")]);
        assert_eq!(Used::default().stale(&tree).len(), MOST);
        assert!(Used([true; MOST]).stale(&tree).is_empty());
    }

    #[test]
    fn every_exception_has_a_reason() {
        assert!(EXCEPTIONS.iter().all(|exception| exception.reason.len() > 10));
    }
}
