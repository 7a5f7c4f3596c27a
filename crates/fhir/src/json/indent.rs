//! A text laid out for people: a line for each member and item, every token as it is written.

use super::element::{Element, Kind};
use super::parse::Json;

/// Characters by which each level is set in.
const STEP: usize = 2;

impl Json {
    /// The text in lines. Nothing but white space is added.
    ///
    /// ```
    /// use mecum_fhir::json::{Json, Limits};
    /// let json = Json::parse(br#"{"a":[1.0,{}],"b":"\u0041"}"#, &Limits::default()).unwrap();
    /// assert_eq!(json.indented(), "{\n  \"a\": [\n    1.0,\n    {}\n  ],\n  \"b\": \"\\u0041\"\n}");
    /// ```
    pub fn indented(&self) -> String {
        let mut out = String::with_capacity(self.text().len() * 2);
        write(&mut out, self.text(), self.root(), 0);
        out
    }
}

fn write(out: &mut String, text: &str, element: Element<'_>, depth: usize) {
    let brackets = match element.kind() {
        Kind::Object if !element.is_empty() => ('{', '}'),
        Kind::Array if !element.is_empty() => ('[', ']'),
        _ => return out.push_str(element.raw()),
    };
    out.push(brackets.0);
    let mut is_first = true;
    for member in element.members() {
        next_line(out, &mut is_first, depth + 1);
        out.push_str(&text[member.key_span]);
        out.push_str(": ");
        write(out, text, member.value, depth + 1);
    }
    for item in element.items() {
        next_line(out, &mut is_first, depth + 1);
        write(out, text, item, depth + 1);
    }
    line(out, depth);
    out.push(brackets.1);
}

fn next_line(out: &mut String, is_first: &mut bool, depth: usize) {
    if !std::mem::take(is_first) {
        out.push(',');
    }
    line(out, depth);
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', depth * STEP));
}
