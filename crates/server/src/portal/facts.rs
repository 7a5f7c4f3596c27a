//! The general renderer: any resource of any type as facts, complete, with its codes one tap away.

use mecum_fhir::json::{Element, Kind};
use mecum_fhir::reading::{concept, label, text_of};
use mecum_fhir::reference::{Reference, ResourceType};

use super::html::Html;
use super::words::Words;

/// Deeper elements are shown as their JSON text.
const MAX_DEPTH: u8 = 12;

/// A longer text is folded, characters.
const FOLDED_CHARS: usize = 600;

/// What is seen of a folded text, characters.
const SHOWN_CHARS: usize = 160;

/// A page is not made longer than this by one resource, bytes; its JSON text is one tap away.
const MAX_BYTES: usize = 400 << 10;

/// Members that are not facts about the person, or have a place of their own on the page.
const APART: [&str; 6] = ["resourceType", "id", "meta", "text", "contained", "implicitRules"];

/// What a renderer needs beside the element.
pub(super) struct Facts<'a> {
    words: Words,
    /// Where entries of this record are: `/r/7/e`.
    entries: &'a str,
    html: Html,
}

/// A resource as a list of facts, its contained resources behind it; safe HTML.
pub(super) fn facts(root: Element<'_>, entries: &str, words: Words) -> String {
    let mut facts = Facts { words, entries, html: Html::default() };
    facts.members(root, MAX_DEPTH, &APART);
    for inner in root.get("contained").into_iter().flat_map(Element::items) {
        facts.contained(inner);
    }
    facts.html.done()
}

impl Facts<'_> {
    fn contained(&mut self, inner: Element<'_>) {
        let id = inner.get("id").and_then(Element::as_str).unwrap_or_default();
        let name = inner.get("resourceType").and_then(Element::as_str).unwrap_or_default();
        self.html.tag("<section class=\"inner\"><h3>");
        self.html.anchor(&format!("inner-{id}"));
        self.html.word(&self.words.say("entry-contained"));
        self.html.tag(" ");
        self.html.text(&label(&name));
        self.html.tag("</h3>");
        self.members(inner, MAX_DEPTH, &APART);
        self.html.tag("</section>");
    }

    fn members(&mut self, object: Element<'_>, depth: u8, apart: &[&str]) {
        self.html.tag("<dl class=\"facts\">");
        for member in object.members().filter(|member| !apart.contains(&member.key.as_ref())) {
            if self.html.len() > MAX_BYTES {
                self.html.tag("<dt></dt><dd>");
                self.html.word(&self.words.say("entry-cut"));
                self.html.tag("</dd>");
                break;
            }
            self.html.tag("<dt>");
            match extension_name(&member.key, member.value) {
                Some(name) => self.html.text(&name),
                None => self.html.text(&label(&member.key)),
            }
            self.html.tag("</dt><dd>");
            self.value(member.value, depth);
            self.html.tag("</dd>");
        }
        self.html.tag("</dl>");
    }

    fn value(&mut self, element: Element<'_>, depth: u8) {
        match element.kind() {
            Kind::Array if element.len() == 1 => element.items().for_each(|item| self.value(item, depth)),
            Kind::Array => {
                self.html.tag("<ul class=\"values\">");
                for item in element.items() {
                    self.html.tag("<li>");
                    self.value(item, depth);
                    self.html.tag("</li>");
                }
                self.html.tag("</ul>");
            }
            Kind::Object if depth == 0 => self.text(element.raw()),
            Kind::Object => self.object(element, depth),
            _ => self.text(&text_of_primitive(element)),
        }
    }

    fn object(&mut self, object: Element<'_>, depth: u8) {
        let has = |name: &str| object.get(name).is_some();
        if has("coding") || (has("system") && has("code") && !has("value")) {
            self.coded(object);
        } else if let Some(reference) = object.get("reference").and_then(Element::as_str) {
            self.reference(&reference, object);
        } else if is_attachment(object) {
            self.attachment(object);
        } else if is_one_line(object) {
            self.text(&text_of(object));
        } else {
            self.members(object, depth - 1, &["id"]);
        }
    }

    /// Plain words, and the codes behind them one tap away.
    fn coded(&mut self, object: Element<'_>) {
        self.html.tag("<details class=\"code\"><summary>");
        self.html.text(&concept(object));
        self.html.tag("</summary><ul>");
        let codings: Vec<Element<'_>> = match object.get("coding") {
            Some(codings) => codings.items().collect(),
            None => vec![object],
        };
        for coding in codings {
            let part = |name: &str| coding.get(name).map(text_of_primitive).unwrap_or_default();
            self.html.tag("<li><code>");
            self.html.text(&part("code"));
            self.html.tag("</code> ");
            self.html.text(&part("display"));
            self.html.tag(" <span class=\"quiet\">");
            self.html.text(&part("system"));
            self.html.tag("</span></li>");
        }
        self.html.tag("</ul></details>");
    }

    fn reference(&mut self, reference: &str, object: Element<'_>) {
        let shown = object.get("display").map(text_of_primitive).filter(|display| !display.is_empty());
        let shown = shown.unwrap_or_else(|| reference.to_owned());
        if let Some(id) = reference.strip_prefix('#') {
            return self.html.link(&format!("#inner-{id}"), &shown);
        }
        match Reference::parse(reference).relative() {
            Some(target) => {
                let shown = if shown == reference { label(target.resource_type.name()) } else { shown };
                self.html.link(&self.entry(target.resource_type, target.id), &shown);
            }
            None => {
                self.text(&shown);
                if shown != reference {
                    self.html.tag(" <span class=\"quiet\">");
                    self.html.text(reference);
                    self.html.tag("</span>");
                }
            }
        }
    }

    /// What an attachment is; its content is on the page of documents and images.
    fn attachment(&mut self, object: Element<'_>) {
        let part = |name: &str| object.get(name).map(text_of_primitive).unwrap_or_default();
        let (title, kind, url) = (part("title"), part("contentType"), part("url"));
        let shown = [title, kind.clone(), url.clone()].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        match Reference::parse(&url).relative() {
            Some(target) => self.html.link(&self.entry(target.resource_type, target.id), &shown),
            None => self.text(&shown),
        }
        if object.get("data").is_some() {
            self.html.tag(" <span class=\"quiet\">");
            self.html.word(&self.words.say("entry-content-inside"));
            self.html.tag(" ");
            self.html.text(&kind);
            self.html.tag("</span>");
        }
    }

    fn entry(&self, resource_type: ResourceType, id: &str) -> String {
        format!("{}/{}/{id}", self.entries, resource_type.name())
    }

    fn text(&mut self, text: &str) {
        match text.chars().nth(FOLDED_CHARS) {
            None => self.html.text(text),
            Some(_) => {
                self.html.tag("<details class=\"long\"><summary>");
                self.html.text(&format!("{}…", text.chars().take(SHOWN_CHARS).collect::<String>()));
                self.html.tag("</summary>");
                self.html.text(text);
                self.html.tag("</details>");
            }
        }
    }
}

fn text_of_primitive(element: Element<'_>) -> String {
    element.as_str().map_or_else(|| element.raw().to_owned(), std::borrow::Cow::into_owned)
}

/// An extension by the last part of its URL.
fn extension_name(key: &str, value: Element<'_>) -> Option<String> {
    if key != "extension" && key != "modifierExtension" {
        return None;
    }
    let only = value.items().next().filter(|_| value.len() == 1)?;
    let url = only.get("url")?.as_str()?;
    Some(label(url.rsplit('/').next().unwrap_or(&url)))
}

fn is_attachment(object: Element<'_>) -> bool {
    object.get("contentType").is_some() && (object.get("data").is_some() || object.get("url").is_some())
}

/// Quantities, names, addresses, periods, ranges: nothing is lost when they are one line.
pub(super) fn is_one_line(object: Element<'_>) -> bool {
    const QUANTITY: [&str; 6] = ["value", "comparator", "unit", "system", "code", "currency"];
    const PERIOD: [&str; 2] = ["start", "end"];
    const NAME: [&str; 6] = ["use", "text", "family", "given", "prefix", "suffix"];
    let only = |names: &[&str]| object.members().all(|member| names.contains(&member.key.as_ref()));
    let is_quantity = object.get("value").is_some_and(|value| value.kind() == Kind::Number) && only(&QUANTITY);
    is_quantity || (!object.is_empty() && only(&PERIOD)) || (object.get("family").is_some() && only(&NAME))
}
