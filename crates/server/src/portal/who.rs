//! Who did something, in words.

use super::words::Words;

/// The caller of that kind and name.
pub(super) fn who(kind: &str, name: &str, words: Words) -> String {
    let id = match kind {
        "operator" => "who-operator",
        "holder" => "who-holder",
        "app" => "who-app",
        "system" => "who-system",
        "job" => "who-job",
        _ => "who-other",
    };
    words.say1(id, "name", name)
}

/// The author of a commit, who is written as kind and name.
pub(super) fn author(text: &str, words: Words) -> String {
    let (kind, name) = text.split_once(' ').unwrap_or(("", text));
    who(kind, name, words)
}
