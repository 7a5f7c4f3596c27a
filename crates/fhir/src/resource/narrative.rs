//! Links in a narrative (R4 narrative.html), found in the XHTML as it is spelled inside its JSON string.

use std::borrow::Cow;

use super::links::Link;
use crate::json::{Element, Json, Kind, Limits};

/// The addresses of `href` and `src` attributes in a `div`.
pub(super) fn links(div: Element<'_>) -> impl Iterator<Item = Link<'_>> {
    let raw = if div.kind() == Kind::String { div.raw() } else { "" };
    let start = div.span().start;
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let equals = at + raw[at..].find('=')?;
            at = equals + 1;
            let Some(value) = attribute_value(&raw[at..]).filter(|_| is_link_name(&raw[..equals])) else { continue };
            let from = at + value.opening;
            at = from + value.text.len();
            return Some(Link { text: unescaped(value.text), span: start + from..start + at });
        }
    })
}

/// An attribute's value in quotes: how many bytes stand before it, and the value as spelled.
struct AttributeValue<'a> {
    opening: usize,
    text: &'a str,
}

fn attribute_value(behind_equals: &str) -> Option<AttributeValue<'_>> {
    let quoted = behind_equals.trim_start_matches(' ');
    let quote = ["\\\"", "'"].into_iter().find(|quote| quoted.starts_with(quote))?;
    let value = &quoted[quote.len()..];
    let text = &value[..value.find(quote)?];
    Some(AttributeValue { opening: behind_equals.len() - value.len(), text })
}

/// Whether a text ends with the name of a linking attribute, apart from other letters.
fn is_link_name(before_equals: &str) -> bool {
    let name_end = before_equals.trim_end_matches(' ');
    let before = name_end.strip_suffix("href").or_else(|| name_end.strip_suffix("src"));
    before.is_some_and(|before| [" ", "\\n", "\\t", "\\r"].iter().any(|space| before.ends_with(space)))
}

/// The value without its JSON and XML escapes.
fn unescaped(spelled: &str) -> Cow<'_, str> {
    if !spelled.contains(['\\', '&']) {
        return Cow::Borrowed(spelled);
    }
    let limits = Limits { max_bytes: usize::MAX, ..Limits::default() };
    let json = Json::parse(format!("\"{spelled}\"").as_bytes(), &limits);
    let text =
        json.ok().and_then(|json| Some(json.root().as_str()?.into_owned())).unwrap_or_else(|| spelled.to_owned());
    let entities = [("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    Cow::Owned(entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character)))
}
