//! A strict scanner of tags: it knows no more of XML than a narrative may use.

use super::markup::{is_active, is_attribute, is_element};
use super::{NAMESPACE, Refusal, entity};

const NOT_WELL_FORMED: Refusal = "txt-1: is not well-formed XHTML";
const WRONG_NAMESPACE: Refusal = "txt-1: is not in the namespace of XHTML";
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// Scans a whole narrative.
pub(super) fn scan(text: &str) -> Result<(), Refusal> {
    let mut scanner = Scanner { rest: text.trim_matches(WHITE_SPACE), open: Vec::new(), has_content: false };
    if !["<div ", "<div\t", "<div\n", "<div\r", "<div>"].iter().any(|start| scanner.rest.starts_with(start)) {
        return Err("txt-1: must be one div element in the namespace of XHTML");
    }
    loop {
        scanner.markup()?;
        if scanner.open.is_empty() {
            break;
        }
        scanner.text()?;
    }
    match (scanner.rest.is_empty(), scanner.has_content) {
        (false, _) => Err("txt-1: has something behind its div element"),
        (true, false) => Err("txt-2: has neither text nor image"),
        (true, true) => Ok(()),
    }
}

struct Scanner<'t> {
    rest: &'t str,
    /// Names of the elements around.
    open: Vec<&'t str>,
    has_content: bool,
}

impl<'t> Scanner<'t> {
    /// Text up to the next `<`, which must come.
    fn text(&mut self) -> Result<(), Refusal> {
        let at = self.rest.find('<').ok_or(NOT_WELL_FORMED)?;
        let (text, rest) = self.rest.split_at(at);
        if !entity::are_known(text) {
            return Err("txt-1: has an & that begins none of XML's own entities");
        }
        self.has_content |= !text.trim_matches(WHITE_SPACE).is_empty();
        self.rest = rest;
        Ok(())
    }

    /// A tag or a comment.
    fn markup(&mut self) -> Result<(), Refusal> {
        if let Some(rest) = self.rest.strip_prefix("<!--") {
            return self.comment(rest);
        }
        if let Some(rest) = self.rest.strip_prefix("</") {
            return self.end_tag(rest);
        }
        self.rest = self.rest.strip_prefix('<').ok_or(NOT_WELL_FORMED)?;
        if self.rest.starts_with(['!', '?']) {
            return Err("txt-1: has a declaration, CDATA or a processing instruction");
        }
        self.start_tag()
    }

    /// HTML ends a comment earlier than XML in odd cases; those are refused.
    fn comment(&mut self, rest: &'t str) -> Result<(), Refusal> {
        let (comment, behind) = rest.split_once("-->").ok_or(NOT_WELL_FORMED)?;
        let is_odd = comment.contains("--") || comment.ends_with('-') || comment.starts_with(['>', '-']);
        if is_odd {
            return Err(NOT_WELL_FORMED);
        }
        self.rest = behind;
        Ok(())
    }

    fn end_tag(&mut self, rest: &'t str) -> Result<(), Refusal> {
        let (name, behind) = rest.split_once('>').ok_or(NOT_WELL_FORMED)?;
        if self.open.pop() != Some(name.trim_end_matches(WHITE_SPACE)) {
            return Err(NOT_WELL_FORMED);
        }
        self.rest = behind;
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), Refusal> {
        let is_outermost = self.open.is_empty();
        let element = self.name();
        if !is_element(element) {
            return Err("txt-1: has an element that narratives may not have");
        }
        let mut seen: Vec<&str> = Vec::new();
        loop {
            let had_space = self.skip_white_space();
            if self.eat("/>") {
                break;
            }
            if self.eat(">") {
                self.open.push(element);
                break;
            }
            let (name, value) = self.attribute().filter(|_| had_space).ok_or(NOT_WELL_FORMED)?;
            if seen.contains(&name) {
                return Err(NOT_WELL_FORMED);
            }
            seen.push(name);
            check_attribute(element, name, value)?;
        }
        self.has_content |= element == "img";
        if is_outermost && !seen.contains(&"xmlns") { Err(WRONG_NAMESPACE) } else { Ok(()) }
    }

    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// `name="value"` or `name='value'`
    fn attribute(&mut self) -> Option<(&'t str, &'t str)> {
        let name = self.name();
        self.skip_white_space();
        self.rest = self.rest.strip_prefix('=').filter(|_| !name.is_empty())?;
        self.skip_white_space();
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = self.rest[1..].split_once(quote)?;
        self.rest = behind;
        (!value.contains('<') && entity::are_known(value)).then_some((name, value))
    }

    fn name(&mut self) -> &'t str {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.');
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name
    }

    fn skip_white_space(&mut self) -> bool {
        let trimmed = self.rest.trim_start_matches(WHITE_SPACE);
        let had = trimmed.len() < self.rest.len();
        self.rest = trimmed;
        had
    }
}

fn check_attribute(element: &str, name: &str, value: &str) -> Result<(), Refusal> {
    if name == "xmlns" {
        return if value == NAMESPACE { Ok(()) } else { Err(WRONG_NAMESPACE) };
    }
    if !is_attribute(element, name) {
        return Err("txt-1: has an attribute that narratives may not have");
    }
    if is_active(name, value) { Err("txt-1: has active content or a style from elsewhere") } else { Ok(()) }
}
