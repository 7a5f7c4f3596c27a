//! The pages: links that lead somewhere, decisions numbered without a gap.

use super::Rule;
use super::tree::{File, Spot, Tree};

/// Where decisions are.
const DECISIONS: &str = "docs/decisions/";

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "links",
        why: "A link that leads nowhere costs every reader the same minute.",
        fix: "Correct the path or the heading's anchor, or take the link out.",
        check: links,
    },
    Rule {
        name: "decisions",
        why: "Decisions are numbered, immutable and cited by number: docs/decisions/0001-record-decisions.md.",
        fix: "Give the page the next number, in its file name and at the start of its heading; cite only numbers that exist.",
        check: decisions,
    },
];

fn links(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for file in tree.files.iter().filter(|file| file.extension() == "md") {
        let text = file.text.as_deref().unwrap_or_default();
        for (line, target) in targets(text) {
            let is_elsewhere = ["http://", "https://", "mailto:"].iter().any(|start| target.starts_with(start));
            if !is_elsewhere && !leads_somewhere(tree, file, &target) {
                spots.push(file.spot(line, format!("`{target}` leads nowhere")));
            }
        }
    }
    spots
}

/// The targets of links, as (line, target), code left out.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (line, text) in prose(text) {
        let text = without_code(text);
        for (at, opening) in text.match_indices("](") {
            let rest = &text[at + opening.len()..];
            if let Some(target) = rest.split([')', ' ']).next().filter(|target| !target.is_empty()) {
                found.push((line, target.trim_matches(['<', '>']).to_owned()));
            }
        }
        let definition = text.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
        found.extend(
            definition.and_then(|(_, target)| target.split_whitespace().next()).map(|target| (line, target.to_owned())),
        );
    }
    found
}

/// The lines outside fenced code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_fence = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let is_fence = line.trim_start().starts_with("```");
        in_fence ^= is_fence;
        (!in_fence && !is_fence).then_some((at + 1, line))
    })
}

/// A line without what stands between back-ticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

fn leads_somewhere(tree: &Tree, from: &File, target: &str) -> bool {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = from.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(path) = (if path.is_empty() { Some(from.path.clone()) } else { resolve(folder, path) }) else {
        return false;
    };
    if anchor.is_empty() || !path.ends_with(".md") {
        return tree.has(&path);
    }
    let page = tree.files.iter().find(|file| file.path == path).and_then(|file| file.text.as_deref());
    page.is_some_and(|page| prose(page).any(|(_, line)| line.starts_with('#') && anchor_of(line) == anchor))
}

/// The path that `target` means from `folder`; `None` if it leaves the workspace.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The anchor that a heading gets where Markdown is shown.
fn anchor_of(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn decisions(tree: &Tree) -> Vec<Spot> {
    let pages: Vec<&File> = tree.files.iter().filter(|file| file.path.starts_with(DECISIONS)).collect();
    let mut spots = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let number = format!("{:04}", at + 1);
        let name = &page.path[DECISIONS.len()..];
        if !(name.starts_with(&format!("{number}-")) && name.ends_with(".md")) {
            spots.push(page.spot(1, format!("expected `{number}-….md` here")));
        }
        if !page.text.as_deref().is_some_and(|text| text.starts_with(&format!("# {number} "))) {
            spots.push(page.spot(1, format!("the heading does not start with `# {number} `")));
        }
    }
    for (file, line, text) in tree.lines(|file| ["rs", "md", "toml"].contains(&file.extension())) {
        for number in cited(text).filter(|number| *number == 0 || *number > pages.len()) {
            spots.push(file.spot(line, format!("there is no decision {number:04}")));
        }
    }
    spots
}

/// The numbers that a line cites as decisions: the word and four digits.
fn cited(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices("ecision ").filter_map(|(at, word)| {
        let digits: String = line[at + word.len()..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|_| digits.len() == 4)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(spots: Vec<Spot>) -> Vec<String> {
        spots.into_iter().map(|spot| format!("{}:{} {}", spot.path, spot.line, spot.what)).collect()
    }

    #[test]
    fn links_lead_to_files_folders_and_headings() {
        let page = "# One thing: here\n[a](b.md) [b](../README.md#the-promise) [c](#one-thing-here) [d](../crates) [e](https://x.y)\n[f]: b.md\n";
        let tree =
            Tree::of(&[("docs/a.md", page), ("docs/b.md", ""), ("README.md", "## The promise\n"), ("crates/x.rs", "")]);
        assert!(links(&tree).is_empty(), "{:?}", links(&tree));
    }

    #[test]
    fn links_that_lead_nowhere_are_found_and_code_is_no_link() {
        let page = "[a](c.md)\n`[b](c.md)`\n```\n[c](c.md)\n```\n[d](#no)\n[e](../../x)\n[f]: gone.md\n";
        let tree = Tree::of(&[("docs/a.md", page)]);
        let lines: Vec<_> = links(&tree).iter().map(|spot| spot.line).collect();
        assert_eq!(lines, [1, 6, 7, 8]);
    }

    #[test]
    fn decisions_are_numbered_without_a_gap() {
        let first = ("docs/decisions/0001-record.md", "# 0001 Record\n");
        assert!(decisions(&Tree::of(&[first])).is_empty());
        let gap = Tree::of(&[first, ("docs/decisions/0003-x.md", "# 0003 X\n")]);
        assert_eq!(what(decisions(&gap))[0], "docs/decisions/0003-x.md:1 expected `0002-….md` here");
        assert_eq!(decisions(&Tree::of(&[("docs/decisions/0001-record.md", "# Record\n")])).len(), 1);
    }

    #[test]
    fn only_decisions_that_exist_are_cited() {
        // Put together here, so that this file does not cite what is not there.
        let missing = format!("ecision {}", "0009");
        let text = format!("// decision 0001\n// D{missing}, decision record\n");
        let tree = Tree::of(&[("docs/decisions/0001-a.md", "# 0001 A\n"), ("a.rs", &text)]);
        assert_eq!(what(decisions(&tree)), [format!("a.rs:2 there is no d{missing}")]);
    }
}
