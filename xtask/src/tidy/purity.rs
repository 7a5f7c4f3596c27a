//! The pure rooms: no input or output, no clock, no random source, not async (invariant I1).

use super::Rule;
use super::source::{identifier, mentions};
use super::tree::{File, Spot, Tree};

/// The rooms whose functions depend on their arguments alone.
const PURE: &[&str] = &["fhir", "record", "exchange"];

/// What a pure room does not name, with what it is.
const IMPURE: &[(&str, &str)] = &[
    ("std::fs", "files"),
    ("std::net", "the network"),
    ("std::process", "processes"),
    ("std::thread", "threads"),
    ("std::env", "the environment"),
    ("std::os", "the operating system"),
    ("File::open", "files"),
    ("stdin", "the terminal"),
    ("println!", "the terminal"),
    ("eprintln!", "the terminal"),
    ("print!", "the terminal"),
    ("eprint!", "the terminal"),
    ("SystemTime::now", "the clock"),
    ("Instant::now", "the clock"),
    ("Timestamp::now", "the clock"),
    ("Zoned::now", "the clock"),
    ("tokio", "a runtime"),
    ("async", "a runtime"),
    ("rand", "a random source"),
    ("getrandom", "a random source"),
    ("SystemRandom", "a random source"),
    ("OsRng", "a random source"),
    ("thread_rng", "a random source"),
    ("RandomizedNonceKey", "a random source"),
    ("RandomState", "a random source"),
];

/// Modules of `std` that a grouped import may not bring in.
const IMPURE_STD: &[&str] = &["fs", "net", "process", "thread", "env", "os"];

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[Rule {
    name: "pure",
    why: "fhir, record and exchange do no I/O, are not async and read neither a clock nor a random source, so that every rule can be tested with plain values.",
    fix: "Take the time, the random bytes or the content as an argument; do the reading in phr, store, server or cli.",
    check,
}];

fn is_pure(file: &File) -> bool {
    file.room().is_some_and(|room| PURE.contains(&room)) && file.path.contains("/src/")
}

fn check(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (file, line, code, is_test) in tree.code(is_pure) {
        for (name, what) in IMPURE.iter().filter(|(name, _)| !is_test && mentions(code, name)) {
            spots.push(file.spot(line, format!("`{name}`: {what}")));
        }
    }
    for (file, source) in tree.rust().filter(|(file, _)| is_pure(file)) {
        let code = source.joined();
        for (at, name) in grouped_imports(&code) {
            let line = code[..at].matches('\n').count();
            if !source.is_test[line] {
                spots.push(file.spot(line + 1, format!("`std::{name}`")));
            }
        }
    }
    spots
}

/// The impure modules in every `use std::{…}`, with the place where the group starts.
fn grouped_imports(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, opening) in code.match_indices("std::{") {
        let mut depth = 1_usize;
        let mut is_start = true;
        for (offset, c) in code[at + opening.len()..].char_indices() {
            let rest = &code[at + opening.len() + offset..];
            if depth == 1 && is_start && !c.is_whitespace() {
                is_start = false;
                found.extend(IMPURE_STD.iter().filter(|name| identifier(rest) == **name).map(|name| (at, *name)));
            }
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' => is_start = true,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|spot| format!("{}: {}", spot.line, spot.what)).collect()
    }

    #[test]
    fn clocks_files_and_random_sources_are_found_in_the_pure_rooms() {
        let text = "fn f() {\n let now = SystemTime::now();\n aws_lc_rs::rand::fill(&mut b);\n std::fs::read(p);\n}\nasync fn g() {}";
        let all = found("crates/record/src/a.rs", text);
        assert_eq!(
            all,
            [
                "2: `SystemTime::now`: the clock",
                "3: `rand`: a random source",
                "4: `std::fs`: files",
                "6: `async`: a runtime"
            ]
        );
        assert!(found("crates/phr/src/a.rs", text).is_empty());
    }

    #[test]
    fn grouped_imports_are_seen_through() {
        let found =
            found("crates/fhir/src/a.rs", "use std::{\n    fmt, fs::File,\n    io::{self, Read},\n    net,\n};\n");
        assert_eq!(found, ["1: `std::fs`", "1: `std::net`"]);
    }

    #[test]
    fn arguments_tests_and_words_in_text_are_no_findings() {
        let text = "use std::time::SystemTime;\n/// Reads no std::fs.\nfn f(now: SystemTime, operand: u8) {}\n#[cfg(test)]\nmod tests {\n use std::fs;\n}\n";
        assert!(found("crates/exchange/src/a.rs", text).is_empty());
        assert!(found("crates/exchange/tests/a.rs", "use std::fs;").is_empty());
    }
}
