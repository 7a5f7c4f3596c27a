//! An element of any datatype in one line (R4 datatypes.html).

use crate::json::{Element, Kind};

/// Longer texts are cut, characters.
const MAX_CHARS: usize = 400;

/// Deeper elements are not read.
const MAX_DEPTH: u8 = 4;

/// An element as one line: what a person would write down. Empty for what says nothing. The datatype is told by the members an
/// element has, so that it need not be known.
pub fn text_of(element: Element<'_>) -> String {
    cut(line(element, MAX_DEPTH))
}

/// A CodeableConcept or Coding as words: its text, else a display, else a code.
pub fn concept(element: Element<'_>) -> String {
    let text = |of: Element<'_>, name: &str| string(of.get(name));
    let own = text(element, "text");
    if !own.is_empty() {
        return cut(own);
    }
    let codings = || element.get("coding").into_iter().flat_map(Element::items);
    let display = codings().map(|coding| text(coding, "display")).find(|display| !display.is_empty());
    let code = || codings().map(|coding| text(coding, "code")).find(|code| !code.is_empty());
    let bare = || [text(element, "display"), text(element, "code")].into_iter().find(|text| !text.is_empty());
    cut(display.or_else(code).or_else(bare).unwrap_or_default())
}

fn line(element: Element<'_>, depth: u8) -> String {
    if depth == 0 {
        return String::new();
    }
    match element.kind() {
        Kind::Null => String::new(),
        Kind::String => element.as_str().unwrap_or_default().trim().to_owned(),
        Kind::Number | Kind::Bool => element.raw().to_owned(),
        Kind::Array => joined(element.items().map(|item| line(item, depth - 1)), ", "),
        Kind::Object => object(element, depth),
    }
}

/// The datatypes, each by a member that only it has, the commonest first.
fn object(element: Element<'_>, depth: u8) -> String {
    let has = |name: &str| element.get(name).is_some();
    let member = |name: &str| element.get(name).map_or_else(String::new, |value| line(value, depth - 1));
    if has("coding") || (has("code") && has("display")) {
        return concept(element);
    }
    if has("value") && (has("unit") || has("comparator") || has("currency") || (has("code") && has("system"))) {
        return quantity(element);
    }
    if has("reference") || has("identifier") && has("display") {
        return first([member("display"), member("reference"), member("identifier")]);
    }
    if has("low") || has("high") {
        return between(&member("low"), &member("high"));
    }
    if has("numerator") || has("denominator") {
        return joined([member("numerator"), member("denominator")], " / ");
    }
    if has("start") || has("end") {
        return between(&member("start"), &member("end"));
    }
    if has("family") || has("given") {
        let name =
            joined([member("prefix"), spaced(element.get("given"), depth), member("family"), member("suffix")], " ");
        return first([member("text"), name]);
    }
    if has("line") || has("city") || has("postalCode") || has("country") {
        let town = joined([member("postalCode"), member("city")], " ");
        let address = joined([member("line"), town, member("district"), member("state"), member("country")], ", ");
        return first([member("text"), address]);
    }
    if has("contentType") || has("url") || has("title") {
        return first([member("title"), member("contentType"), member("url")]);
    }
    if has("repeat") || has("event") {
        return timing(element, depth);
    }
    first(["text", "value", "display", "code", "name", "authorString"].map(member))
}

/// `< 5.40 mg/dL`: digits as written.
pub(super) fn quantity(element: Element<'_>) -> String {
    let text = |name: &str| string(element.get(name));
    let number = element.get("value").map_or("", |value| if value.kind() == Kind::Number { value.raw() } else { "" });
    let unit = first([text("unit"), text("code"), text("currency")]);
    joined([text("comparator"), number.to_owned(), unit], " ")
}

fn timing(element: Element<'_>, depth: u8) -> String {
    let named = element.get("code").map_or_else(String::new, concept);
    let repeat = element.get("repeat");
    let part = |name: &str| string(repeat.and_then(|repeat| repeat.get(name)));
    let often = match (part("frequency"), part("period"), part("periodUnit")) {
        (_, period, unit) if period.is_empty() || unit.is_empty() => String::new(),
        (frequency, period, unit) => {
            let times = if frequency.is_empty() { "1".to_owned() } else { frequency };
            format!("{times} × per {period} {unit}")
        }
    };
    let events = element.get("event").map_or_else(String::new, |events| line(events, depth - 1));
    first([named, often, part("when"), events])
}

/// `from – to`, either of which may be open.
fn between(low: &str, high: &str) -> String {
    match (low.is_empty(), high.is_empty()) {
        (false, false) if low == high => low.to_owned(),
        (false, false) => format!("{low} – {high}"),
        (false, true) => format!("{low} –"),
        (true, false) => format!("– {high}"),
        (true, true) => String::new(),
    }
}

fn spaced(array: Option<Element<'_>>, depth: u8) -> String {
    joined(array.into_iter().flat_map(Element::items).map(|item| line(item, depth - 1)), " ")
}

/// The value of a string, or the digits of a number; nothing for absence.
pub(super) fn string(element: Option<Element<'_>>) -> String {
    match element {
        Some(found) if matches!(found.kind(), Kind::Number | Kind::Bool) => found.raw().to_owned(),
        Some(found) => found.as_str().unwrap_or_default().trim().to_owned(),
        None => String::new(),
    }
}

pub(super) fn first<const N: usize>(texts: [String; N]) -> String {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

pub(super) fn joined(texts: impl IntoIterator<Item = String>, between: &str) -> String {
    let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(between)
}

pub(super) fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_CHARS) {
        text.truncate(at);
        text.push('…');
    }
    text
}
