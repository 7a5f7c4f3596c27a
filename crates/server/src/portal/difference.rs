//! What differs between two versions of an entry, in words: where, what it was, what it is.

use mecum_fhir::json::{Element, Json, Kind, Limits};
use mecum_fhir::reading::{label, text_of};
use mecum_phr::commits::ElementChange;

use super::facts::is_one_line;
use super::words::Words;

/// A text shown of one element, characters.
const MAX_CHARS: usize = 2000;

/// Deeper elements are told in one line.
const MAX_DEPTH: u8 = 4;

/// One element that is not what it was.
pub(super) struct Differing {
    /// Where, in words.
    pub(super) path: String,
    /// `added`, `removed` or `changed`, in words.
    pub(super) word: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Differing {
    pub(super) fn of(change: &ElementChange, words: Words) -> Differing {
        let (before, after) = readable(change.before.as_deref(), change.after.as_deref());
        let word = match (&before, &after) {
            (None, _) => "difference-added",
            (_, None) => "difference-removed",
            _ => "difference-changed",
        };
        Differing { path: path_text(&change.path, words), word: words.say(word), before, after }
    }
}

/// `name[0].given[1]` as "Name › Given 2".
fn path_text(path: &str, words: Words) -> String {
    let part = |part: &str| {
        let (name, index) = part.split_once('[').unwrap_or((part, ""));
        let index: usize = index.trim_end_matches(']').parse().unwrap_or(0);
        if index == 0 { label(name) } else { format!("{} {}", label(name), index + 1) }
    };
    if path.is_empty() {
        return words.say("commit-whole");
    }
    path.split('.').map(part).collect::<Vec<_>>().join(" › ")
}

/// Both sides as a person would write them down; as their JSON text where only that tells them apart.
fn readable(before: Option<&str>, after: Option<&str>) -> (Option<String>, Option<String>) {
    let (old, new) = (before.map(in_words), after.map(in_words));
    if old == new {
        return (before.map(cut), after.map(cut));
    }
    (old, new)
}

fn in_words(json: &str) -> String {
    let Ok(parsed) = Json::parse(json.as_bytes(), &Limits::default()) else { return cut(json) };
    let text = parsed.root().as_str().map_or_else(|| said(parsed.root(), MAX_DEPTH), std::borrow::Cow::into_owned);
    cut(if text.is_empty() { json } else { &text })
}

/// A value that is one line as that; anything else member by member, so that nothing it says is left out.
fn said(element: Element<'_>, depth: u8) -> String {
    let each = |items: Vec<String>, between: &str| items.join(between);
    match element.kind() {
        _ if depth == 0 => text_of(element),
        Kind::Array => each(element.items().map(|item| said(item, depth - 1)).collect(), ", "),
        Kind::Object if is_told_in_one_line(element) => text_of(element),
        Kind::Object => {
            let member = |(name, value): (String, Element<'_>)| format!("{}: {}", label(&name), said(value, depth - 1));
            let members = element.members().map(|member| (member.key.into_owned(), member.value));
            each(members.map(member).collect(), "; ")
        }
        _ => text_of(element),
    }
}

fn is_told_in_one_line(object: Element<'_>) -> bool {
    let is_text = object.len() == 1 && object.get("text").is_some();
    is_text || ["coding", "reference"].iter().any(|name| object.get(name).is_some()) || is_one_line(object)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_in_words() {
        let words = Words::for_languages("en");
        assert_eq!(path_text("name[0].given[1]", words), "Name › Given 2");
        assert_eq!(path_text("effectiveDateTime", words), "Effective date time");
        let quantity = r#"{"value":7.1,"unit":"%"}"#;
        assert_eq!(readable(Some(quantity), None), (Some("7.1 %".to_owned()), None));
        assert_eq!(readable(Some("1.0"), Some("1.00")), (Some("1.0".to_owned()), Some("1.00".to_owned())));
        assert_eq!(readable(Some("{}"), Some(r#""a""#)), (Some("{}".to_owned()), Some("a".to_owned())));
    }

    #[test]
    fn a_part_that_is_new_is_told_with_all_it_says() {
        let part = r#"{"code":{"text":"Diastolic"},"valueQuantity":{"value":80,"unit":"mmHg"}}"#;
        let change = ElementChange { path: "component[1]".to_owned(), before: None, after: Some(part.to_owned()) };
        let told = Differing::of(&change, Words::for_languages("en"));
        assert_eq!((told.path.as_str(), told.word.as_str()), ("Component 2", "added"));
        assert_eq!(told.after.as_deref(), Some("Code: Diastolic; Value quantity: 80 mmHg"));
    }
}
