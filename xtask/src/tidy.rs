//! `cargo xtask tidy`: hygiene as code. Each rule is a small function with a sentence why and a sentence how to put it right.

mod exceptions;
mod marks;
mod pages;
mod places;
mod purity;
mod rooms;
mod scanner;
mod secrets;
mod shape;
mod source;
mod text;
mod tree;
mod words;

use crate::command::{Command, Failure, Options};
use crate::workspace;
use std::path::Path;
use tree::{Spot, Tree};

/// The command.
pub(crate) const COMMAND: Command =
    Command { name: "tidy", summary: "check the rules that a compiler does not know", help: HELP, run };

const HELP: &str = "\
Reads every file that is or could be committed and prints what breaks a rule: where, what, why, and how to put it right.

  --rules   list the rules and the exceptions to them

Examples:
  cargo xtask tidy
  cargo xtask tidy --rules
";

/// One rule.
pub(crate) struct Rule {
    /// A word for findings and exceptions.
    pub(crate) name: &'static str,
    /// The reason, in a sentence.
    pub(crate) why: &'static str,
    /// What to do about a finding.
    pub(crate) fix: &'static str,
    /// Finds the places that break it.
    pub(crate) check: fn(&Tree) -> Vec<Spot>,
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    let groups = [
        rooms::RULES,
        purity::RULES,
        places::RULES,
        shape::RULES,
        words::RULES,
        marks::RULES,
        secrets::RULES,
        text::RULES,
        pages::RULES,
    ];
    groups.into_iter().flatten()
}

fn run(args: &[String]) -> Result<(), Failure> {
    let options = Options::parse(args, &["--rules"], &[])?;
    if options.has("--rules") {
        for rule in rules() {
            println!("{}: {}\n    to put it right: {}", rule.name, rule.why, rule.fix);
        }
        print!("{}", exceptions::list());
        return Ok(());
    }
    println!("{}", check(&workspace::root())?);
    Ok(())
}

/// Checks the workspace at `root`, prints every finding, and answers how much was checked.
///
/// # Errors
/// Something breaks a rule, or the files could not be read.
pub(crate) fn check(root: &Path) -> Result<String, String> {
    let tree = Tree::read(root)?;
    let (findings, n_rules) = find(&tree);
    if let Some(line) = shape::long_files(&tree) {
        println!("   {line}");
    }
    for finding in &findings {
        println!("{finding}");
    }
    let checked = format!("{} files, {n_rules} rules", tree.files.len());
    if findings.is_empty() { Ok(checked) } else { Err(format!("{} findings in {checked}", findings.len())) }
}

/// Every finding as a text, and how many rules there are.
fn find(tree: &Tree) -> (Vec<String>, usize) {
    let mut exceptions = exceptions::Used::default();
    let mut findings = Vec::new();
    let mut n_rules = 0;
    for rule in rules() {
        n_rules += 1;
        let spots = (rule.check)(tree).into_iter().filter(|spot| !exceptions.covers(rule.name, spot));
        findings.extend(spots.map(|spot| show(rule, &spot)));
    }
    findings.extend(exceptions.stale(tree));
    (findings, n_rules)
}

fn show(rule: &Rule, spot: &Spot) -> String {
    let Spot { path, line, what } = spot;
    format!("{path}:{line}: {}: {what}\n    why: {}\n    fix: {}", rule.name, rule.why, rule.fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_a_reason_and_a_way_out() {
        let mut names: Vec<_> = rules().map(|rule| rule.name).collect();
        let n_rules = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n_rules);
        assert!(rules().all(|rule| rule.why.ends_with('.') && rule.fix.ends_with('.')));
    }

    #[test]
    fn a_finding_says_where_what_why_and_how_to_fix_it() {
        let tree = Tree::of(&[("crates/server/src/lib.rs", "//! The door.\nfn f() { todo!() }\n")]);
        let (findings, _) = find(&tree);
        let finding = findings.iter().find(|finding| finding.starts_with("crates/server/src/lib.rs:2: ")).unwrap();
        assert!(
            finding.contains("todo!") && finding.contains("\n    why: ") && finding.contains("\n    fix: "),
            "{finding}"
        );
    }
}
