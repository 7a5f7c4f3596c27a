//! Marks of unfinished work, and lints that are switched off without a reason.

use super::Rule;
use super::source::mentions;
use super::tree::{Spot, Tree};

/// Code that stands for code to come.
const UNFINISHED: &[&str] = &["todo!", "unimplemented!", "dbg!", "#[ignore"];
/// Words in comments that say the same.
const PROMISES: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "unfinished",
        why: "What is committed works; what does not exist yet is not there, rather than promised in a comment or switched off in a test.",
        fix: "Finish it, or take it out.",
        check: unfinished,
    },
    Rule {
        name: "allow",
        why: "`#[expect(lint, reason = …)]` says why, and complains when it is no longer needed; `#[allow]` does neither.",
        fix: "Write `#[expect(…, reason = \"…\")]`, or better, do what the lint asks.",
        check: allow,
    },
];

fn unfinished(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (file, source) in tree.rust() {
        for (at, (code, comment)) in source.code.iter().zip(&source.comments).enumerate() {
            let code = UNFINISHED.iter().filter(|mark| mentions(code, mark));
            let promises = PROMISES.iter().filter(|mark| mentions(comment, mark));
            spots.extend(code.chain(promises).map(|mark| file.spot(at + 1, format!("`{mark}`"))));
        }
    }
    for (file, line, text) in tree.lines(|file| ["toml", "sh", "sql", "js", "css", "html"].contains(&file.extension()))
    {
        spots.extend(
            PROMISES.iter().filter(|mark| mentions(text, mark)).map(|mark| file.spot(line, format!("`{mark}`"))),
        );
    }
    spots
}

fn allow(tree: &Tree) -> Vec<Spot> {
    let found = tree.code(|_| true).filter(|(_, _, code, _)| code.contains("#[allow(") || code.contains("#![allow("));
    found.map(|(file, line, code, _)| file.spot(line, format!("`{}`", code.trim()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_work_is_found_in_code_and_comments_and_not_in_text() {
        let text = "fn f() {\n    todo!()\n} // FIXME later\n#[ignore = \"slow\"]\nfn g() { h(\"todo!() XXX\") }\n/// The method `todo` of a list.\n";
        let tree = Tree::of(&[("a.rs", text), ("b.toml", "# TODO\nx = 1\n"), ("c.md", "TODO")]);
        let found: Vec<_> =
            unfinished(&tree).into_iter().map(|spot| format!("{}:{} {}", spot.path, spot.line, spot.what)).collect();
        assert_eq!(found, ["a.rs:2 `todo!`", "a.rs:3 `FIXME`", "a.rs:4 `#[ignore`", "b.toml:1 `TODO`"]);
    }

    #[test]
    fn allow_is_found_and_expect_is_not() {
        let tree = Tree::of(&[(
            "a.rs",
            "#[allow(dead_code)]\n#[expect(dead_code, reason = \"x\")]\n#![allow(unused)]\n// #[allow(x)]\n",
        )]);
        assert_eq!(allow(&tree).iter().map(|spot| spot.line).collect::<Vec<_>>(), [1, 3]);
    }
}
