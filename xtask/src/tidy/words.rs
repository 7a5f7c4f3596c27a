//! One word for each thing: names that say nothing, and synonyms of the words we chose.

use super::Rule;
use super::source::identifier;
use super::tree::{Spot, Tree};

/// Words that say nothing when a type ends with them.
const EMPTY_LAST: &[&str] = &[
    "Manager",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Common",
    "Base",
    "Impl",
    "Data",
    "Info",
    "Handler",
    "Service",
    "Processor",
    "Misc",
];

/// Modules that hold whatever was left over. (`types` is not among them: in FHIR it is a noun.)
const EMPTY_MODULES: &[&str] =
    &["manager", "managers", "helper", "helpers", "util", "utils", "common", "misc", "base", "impls", "stuff"];

/// Words we do not use, with the one we do. Kept to those that mean nothing else in FHIR or Rust.
const SYNONYMS: &[(&str, &str)] = &[
    ("Vault", "Record"),
    ("Tenant", "Record"),
    ("Owner", "Holder"),
    ("Delegate", "Proxy"),
    ("Caregiver", "Proxy"),
    ("Principal", "Caller"),
    ("Acl", "Grant"),
    ("Permission", "Grant, Scope or Permit"),
    ("Giver", "Grantor"),
    ("Lineage", "Provenance"),
    ("Ingest", "Import"),
    ("Dump", "Export"),
    ("Wipe", "Erase"),
    ("Incident", "Breach"),
    ("Rpc", "Operation"),
    ("Dto", "the thing's own name"),
    ("Login", "Account or SignIn"),
    ("Pin", "Passcode"),
];

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[Rule {
    name: "words",
    why: "The same thing has the same name in the table, the type, the log and the portal; a name that fits anything says nothing.",
    fix: "Use the standard's word, or name what the thing does; CONTRIBUTING.md has the list of words.",
    check,
}];

fn check(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (file, _) in tree.rust() {
        let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        spots.extend(wrong_module(name).map(|why| file.spot(1, why)));
    }
    for (file, line, code, _) in tree.code(|_| true) {
        let in_server = file.room() == Some("server");
        spots.extend(
            definitions(code)
                .filter_map(|(kind, name)| wrong_name(kind, name, in_server))
                .map(|why| file.spot(line, why)),
        );
    }
    spots
}

/// The names that a line defines, with the keyword.
fn definitions(code: &str) -> impl Iterator<Item = (&str, &str)> {
    let words: Vec<&str> = code.split_whitespace().collect();
    let pairs: Vec<_> = words.windows(2).map(|pair| (pair[0], identifier(pair[1]))).collect();
    pairs
        .into_iter()
        .filter(|(kind, name)| ["struct", "enum", "trait", "type", "mod", "fn"].contains(kind) && !name.is_empty())
}

fn wrong_name(kind: &str, name: &str, in_server: bool) -> Option<String> {
    if kind == "mod" {
        return wrong_module(name);
    }
    if kind == "fn" {
        let first = name.split('_').next().unwrap_or_default();
        let (word, ours) = SYNONYMS.iter().find(|(word, _)| word.to_ascii_lowercase() == first)?;
        return Some(format!("`{name}`: not {}, but {ours}", word.to_ascii_lowercase()));
    }
    let words = camel_words(name);
    let last = words.last()?;
    if EMPTY_LAST.contains(&last.as_str()) && !(in_server && last == "Handler") {
        return Some(format!("`{name}`: {last} says nothing"));
    }
    if words.len() > 1 && words[0] == "More" {
        return Some(format!("`{name}`: More says nothing"));
    }
    let (word, ours) = SYNONYMS.iter().find(|(word, _)| words.iter().any(|found| found == word))?;
    Some(format!("`{name}`: not {word}, but {ours}"))
}

fn wrong_module(name: &str) -> Option<String> {
    let is_empty = EMPTY_MODULES.contains(&name)
        || name.starts_with("more_")
        || name.ends_with("_utils")
        || name.ends_with("_helpers");
    is_empty.then(|| format!("a module `{name}` holds whatever was left over"))
}

/// The words of a name in camel case.
fn camel_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for c in name.chars() {
        match words.last_mut() {
            Some(word) if !c.is_uppercase() => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|spot| spot.what).collect()
    }

    #[test]
    fn names_that_say_nothing_are_found() {
        assert_eq!(
            found("crates/phr/src/a.rs", "pub struct RecordManager {\n"),
            ["`RecordManager`: Manager says nothing"]
        );
        assert_eq!(found("crates/phr/src/a.rs", "mod utils;\n"), ["a module `utils` holds whatever was left over"]);
        assert_eq!(found("crates/phr/src/helpers.rs", "").len(), 1);
        assert_eq!(found("crates/phr/src/a.rs", "enum MoreFilters {}").len(), 1);
    }

    #[test]
    fn synonyms_are_found_with_the_word_to_use() {
        assert_eq!(
            found("crates/phr/src/a.rs", "pub(crate) enum ShareOwner<T> {"),
            ["`ShareOwner`: not Owner, but Holder"]
        );
        assert_eq!(found("crates/phr/src/a.rs", "pub fn wipe_record() {"), ["`wipe_record`: not wipe, but Erase"]);
    }

    #[test]
    fn uses_of_other_peoples_names_and_whole_words_alone_are_counted() {
        assert!(
            found(
                "crates/phr/src/a.rs",
                "use tower::Service;\nlet x: TypeInfo = y;\nstruct Database;\nfn ownership() {}\nstruct Pinned;"
            )
            .is_empty()
        );
        assert!(found("crates/server/src/router.rs", "struct ReadHandler;").is_empty());
        assert_eq!(found("crates/cli/src/a.rs", "struct ReadHandler;").len(), 1);
    }
}
