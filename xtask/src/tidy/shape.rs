//! The shape of files: what they say first, how long they are, and what stands at the top of the workspace.

use super::Rule;
use super::tree::{File, Spot, Tree};

/// No file of code is longer.
const MOST_LINES: usize = 500;
/// Most are shorter; longer ones are named so that they are noticed.
const TYPICAL_LINES: usize = 250;

/// What may stand at the top.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "benches",
    "clippy.toml",
    "crates",
    "demo",
    "deny.toml",
    "deploy",
    "docs",
    "fuzz",
    "rustfmt.toml",
    "xtask",
];

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "first-line",
        why: "The first line of every file says what it is, and the clause of the standard that rules it if one does.",
        fix: "Begin the file with a `//!` sentence.",
        check: first_line,
    },
    Rule {
        name: "length",
        why: "A file over 500 lines holds more than one thing.",
        fix: "Split it by verb or by noun, never into a part one and a part two.",
        check: length,
    },
    Rule {
        name: "top",
        why: "A reader sees the whole house from its top folder; each thing more there is a thing more to understand first.",
        fix: "Put it under docs, deploy, demo, benches, xtask or the crate it belongs to.",
        check: top,
    },
];

fn first_line(tree: &Tree) -> Vec<Spot> {
    let says = |file: &File| {
        let first = file.text.as_deref().and_then(|text| text.lines().next()).unwrap_or_default();
        first.strip_prefix("//! ").is_some_and(|rest| rest.trim().len() > 3)
    };
    let silent = tree.rust().filter(|(file, _)| !says(file));
    silent.map(|(file, _)| file.spot(1, "no `//!` sentence on the first line")).collect()
}

fn length(tree: &Tree) -> Vec<Spot> {
    let long = tree.files.iter().filter(|file| n_lines(file) > MOST_LINES);
    long.map(|file| file.spot(MOST_LINES + 1, format!("{} lines", n_lines(file)))).collect()
}

/// One line that names the files that are longer than typical, if there are any.
pub(crate) fn long_files(tree: &Tree) -> Option<String> {
    let long = tree.files.iter().filter(|file| n_lines(file) > TYPICAL_LINES);
    let names: Vec<_> = long.map(|file| format!("{} ({})", file.path, n_lines(file))).collect();
    (!names.is_empty())
        .then(|| format!("{} files have more than {TYPICAL_LINES} lines: {}", names.len(), names.join(", ")))
}

/// The lines of a file of code; other files count none.
fn n_lines(file: &File) -> usize {
    let is_code = ["rs", "js", "css", "sql", "html", "sh"].contains(&file.extension());
    file.text.as_deref().filter(|_| is_code).map_or(0, |text| text.lines().count())
}

fn top(tree: &Tree) -> Vec<Spot> {
    let mut strangers: Vec<&File> = Vec::new();
    for file in &tree.files {
        let name = |file: &File| file.path.split('/').next().unwrap_or_default().to_owned();
        if !TOP.contains(&name(file).as_str()) && strangers.last().is_none_or(|last| name(last) != name(file)) {
            strangers.push(file);
        }
    }
    strangers.into_iter().map(|file| file.spot(1, "does not belong to what stands at the top")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rust_file_says_what_it_is() {
        let tree = Tree::of(&[
            ("a.rs", "//! What it is.\n"),
            ("b.rs", "use x;\n//! Late.\n"),
            ("c.rs", ""),
            ("d.rs", "//!\n"),
            ("e.md", "x"),
        ]);
        assert_eq!(
            first_line(&tree).iter().map(|spot| spot.path.as_str()).collect::<Vec<_>>(),
            ["b.rs", "c.rs", "d.rs"]
        );
    }

    #[test]
    fn long_code_is_named_and_very_long_code_refused() {
        let (long, longer) = ("x\n".repeat(251), "x\n".repeat(501));
        let tree = Tree::of(&[("a.rs", &long), ("b.rs", &longer), ("c.md", &longer)]);
        assert_eq!(length(&tree), [Spot { path: "b.rs".into(), line: 501, what: "501 lines".into() }]);
        assert_eq!(long_files(&tree).unwrap(), "2 files have more than 250 lines: a.rs (251), b.rs (501)");
        assert_eq!(long_files(&Tree::of(&[("a.rs", "x\n")])), None);
    }

    #[test]
    fn strangers_at_the_top_are_found_once() {
        let tree =
            Tree::of(&[("README.md", ""), ("crates/a/x.rs", ""), ("tools/a", ""), ("tools/b", ""), ("notes.txt", "")]);
        assert_eq!(top(&tree).iter().map(|spot| spot.path.as_str()).collect::<Vec<_>>(), ["tools/a", "notes.txt"]);
    }
}
