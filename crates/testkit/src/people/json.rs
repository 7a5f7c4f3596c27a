//! A small tree of JSON values (RFC 8259), written in the order in which it was built. Numbers are texts, so that their
//! digits stay as meant.

use std::borrow::Cow;

/// One JSON value.
#[derive(Clone)]
pub(crate) enum Json {
    /// A string, unescaped.
    Text(Cow<'static, str>),
    /// A number or a literal, as it is to be written.
    Token(Cow<'static, str>),
    /// An array.
    List(Vec<Json>),
    /// An object; keys in the order of insertion.
    Object(Vec<(&'static str, Json)>),
}

impl From<&'static str> for Json {
    fn from(text: &'static str) -> Json {
        Json::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(Cow::Owned(text))
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Json {
        Json::Text(Cow::Owned(text.clone()))
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Token(Cow::Borrowed(if value { "true" } else { "false" }))
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Json {
        Json::Token(Cow::Owned(value.to_string()))
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Json {
        list(items)
    }
}

impl<T: Into<Json>, const N: usize> From<[T; N]> for Json {
    fn from(items: [T; N]) -> Json {
        list(items)
    }
}

/// An empty object, to be filled with [`Json::with`].
pub(crate) fn object() -> Json {
    Json::Object(Vec::new())
}

/// An array of whatever can be a value.
pub(crate) fn list<T: Into<Json>>(items: impl IntoIterator<Item = T>) -> Json {
    Json::List(items.into_iter().map(Into::into).collect())
}

/// A string copied from a borrowed one.
pub(crate) fn text(words: &str) -> Json {
    Json::Text(Cow::Owned(words.to_owned()))
}

/// A number with exactly these digits.
pub(crate) fn number(digits: &str) -> Json {
    Json::Token(Cow::Owned(digits.to_owned()))
}

impl Json {
    /// The object with `key` set: in place if it is there, else at the end. Anything but an object stays as it is.
    pub(crate) fn with(mut self, key: &'static str, value: impl Into<Json>) -> Json {
        self.set(key, value.into());
        self
    }

    /// As [`Json::with`], if there is a value.
    pub(crate) fn maybe(self, key: &'static str, value: Option<impl Into<Json>>) -> Json {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Sets `key` of an object, in place if it is there, else at the end.
    pub(crate) fn set(&mut self, key: &'static str, value: Json) {
        if let Json::Object(members) = self {
            match members.iter_mut().find(|(name, _)| *name == key) {
                Some(member) => member.1 = value,
                None => members.push((key, value)),
            }
        }
    }

    /// Removes a member of an object.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Json::Object(members) = self {
            members.retain(|(name, _)| *name != key);
        }
    }

    /// The members of another object after one's own; where both have one, the other's value.
    pub(crate) fn merged(mut self, other: Json) -> Json {
        if let Json::Object(members) = other {
            for (key, value) in members {
                self.set(key, value);
            }
        }
        self
    }

    /// Whether it is an object or array without content.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Json::List(items) => items.is_empty(),
            Json::Object(members) => members.is_empty(),
            Json::Text(_) | Json::Token(_) => false,
        }
    }

    /// The text without insignificant whitespace.
    pub(crate) fn compact(&self) -> String {
        let mut out = String::with_capacity(1024);
        self.write(&mut out);
        out
    }

    /// The text with two spaces of indentation a level, as many systems send their Bundles.
    pub(crate) fn indented(&self) -> String {
        let mut out = String::with_capacity(4096);
        self.write_indented(&mut out, 0);
        out
    }

    /// Appends the text without insignificant whitespace.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Json::Text(words) => write_string(words, out),
            Json::Token(token) => out.push_str(token),
            Json::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    separate(index, out);
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    separate(index, out);
                    write_string(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    fn write_indented(&self, out: &mut String, depth: usize) {
        let line = |out: &mut String, index: usize| {
            separate(index, out);
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth + 1));
        };
        let (open, close) = match self {
            Json::List(items) if !items.is_empty() => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    line(out, index);
                    item.write_indented(out, depth + 1);
                }
                (true, ']')
            }
            Json::Object(members) if !members.is_empty() => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    line(out, index);
                    write_string(key, out);
                    out.push_str(": ");
                    value.write_indented(out, depth + 1);
                }
                (true, '}')
            }
            other => {
                other.write(out);
                (false, ' ')
            }
        };
        if open {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
            out.push(close);
        }
    }
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

fn write_string(words: &str, out: &mut String) {
    out.push('"');
    let mut start = 0;
    for (at, byte) in words.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&words[start..at]);
        start = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            other => out.push_str(&format!("\\u{other:04x}")),
        }
    }
    out.push_str(&words[start..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_order_with_their_digits_and_escapes() {
        let value = object()
            .with("b", number("7.0"))
            .with("a", list(["x\"\\\n\u{1}", "Åse"]))
            .with("c", true)
            .maybe("d", None::<&'static str>)
            .with("b", number("6.10"));
        assert_eq!(value.compact(), r#"{"b":6.10,"a":["x\"\\\n\u0001","Åse"],"c":true}"#);
        assert_eq!(object().with("a", list(["x"])).indented(), "{\n  \"a\": [\n    \"x\"\n  ]\n}");
    }
}
