//! `Debug` is not derived on what must never be printed.

use super::Rule;
use super::source::{find_word, identifier, mentions};
use super::tree::{Spot, Tree};

/// A type whose name ends so holds a secret.
const SECRET: &[&str] = &[
    "Key",
    "Keys",
    "Secret",
    "Passphrase",
    "Password",
    "Passcode",
    "Token",
    "Credential",
    "RecoveryCode",
    "Jwk",
    "Identity",
];
/// What holds bytes or text that Debug would print; a type made of secrets alone leaves it to them.
const PLAIN: &[&str] = &["String", "str", "u8", "u64", "u128", "Vec", "Bytes", "Zeroizing", "Value", "T"];
/// Types that hold health data.
const HEALTH_DATA: &[&str] = &["Released"];

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[Rule {
    name: "debug",
    why: "A derived Debug prints every field, and one `{:?}` in a log line is enough: keys, tokens and health data never go there.",
    fix: "Write `impl Debug` by hand, printing the name of the type and at most an id; or hold it in a type that does.",
    check,
}];

fn check(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (file, source) in tree.rust().filter(|(file, _)| !file.is_test()) {
        let code = source.joined();
        for (at, derive) in code.match_indices("#[derive(") {
            let rest = &code[at + derive.len()..];
            let Some((list, rest)) = rest.split_once(")]") else { continue };
            let derives_debug = list.split(',').any(|name| name.trim().rsplit("::").next() == Some("Debug"));
            let Some((name, body)) = definition(rest) else { continue };
            if derives_debug && is_secret(name) && PLAIN.iter().any(|plain| mentions(body, plain)) {
                let line = code[..at].matches('\n').count();
                if !source.is_test[line] {
                    spots.push(file.spot(line + 1, format!("Debug is derived on `{name}`")));
                }
            }
        }
    }
    spots
}

/// The name and the body of the type that follows its attributes.
fn definition(code: &str) -> Option<(&str, &str)> {
    let keyword = ["struct", "enum"].iter().filter_map(|word| Some(find_word(code, word)? + word.len())).min()?;
    let name = identifier(code[keyword..].trim_start());
    let body = &code[keyword..];
    let mut depth = 0_usize;
    let end = body.find(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && (c == ';' || c == '}')
    });
    Some((name, &body[..end.unwrap_or(body.len())]))
}

fn is_secret(name: &str) -> bool {
    HEALTH_DATA.contains(&name) || SECRET.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&Tree::of(&[("crates/store/src/a.rs", text)])).iter().map(|spot| spot.line).collect()
    }

    #[test]
    fn a_derived_debug_on_a_secret_is_found() {
        let text = "#[derive(Clone, Debug)]\npub struct RecordKey([u8; 32]);\n\n#[derive(\n    std::fmt::Debug,\n)]\n#[must_use]\nenum AccessToken<'a> { Bearer(&'a str) }\n#[derive(Debug)]\npub struct Released<T>(T);\n";
        assert_eq!(lines(text), [1, 4, 9]);
    }

    #[test]
    fn others_and_a_debug_written_by_hand_are_not() {
        assert!(
            lines(
                "#[derive(Clone)]\nstruct RecordKey;\nimpl Debug for RecordKey {}\n#[derive(Debug)]\nstruct RecordId;\n"
            )
            .is_empty()
        );
        let of_secrets =
            "#[derive(Debug)]\nenum Key {\n    Typed(Passphrase),\n    Age(AgeIdentity),\n}\nstruct Other(Vec<u8>);\n";
        assert!(lines(of_secrets).is_empty());
        assert!(lines("#[cfg(test)]\nmod tests {\n    #[derive(Debug)]\n    struct TestKey;\n}\n").is_empty());
    }
}
