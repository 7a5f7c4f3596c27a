//! A builder for the JSON we generate ourselves: compact, keys in the order of the calls, FHIR's ban on empty values made easy.

use super::escape::push_quoted;

/// Where a generated text begins.
///
/// ```
/// use mecum_fhir::json::Writer;
/// let text = Writer::object(|o| {
///     o.str("resourceType", "Patient").arr("name", |names| {
///         names.obj(|name| {
///             name.str("family", "Ødegård").arr("given", |g| {
///                 g.str("Kari");
///             });
///         });
///     });
/// });
/// assert_eq!(text, r#"{"resourceType":"Patient","name":[{"family":"Ødegård","given":["Kari"]}]}"#);
/// ```
pub struct Writer;

impl Writer {
    /// The text of an object filled by `fill`.
    pub fn object(fill: impl FnOnce(&mut ObjectWriter<'_>)) -> String {
        let mut out = String::new();
        write_object(&mut out, fill);
        out
    }

    /// Appends an object filled by `fill` to `out`.
    pub fn append_object(out: &mut String, fill: impl FnOnce(&mut ObjectWriter<'_>)) {
        write_object(out, fill);
    }

    /// The text of an array filled by `fill`.
    pub fn array(fill: impl FnOnce(&mut ArrayWriter<'_>)) -> String {
        let mut out = String::new();
        write_array(&mut out, fill);
        out
    }
}

fn write_object(out: &mut String, fill: impl FnOnce(&mut ObjectWriter<'_>)) {
    out.push('{');
    fill(&mut ObjectWriter { out, is_first: true });
    out.push('}');
}

fn write_array(out: &mut String, fill: impl FnOnce(&mut ArrayWriter<'_>)) {
    out.push('[');
    fill(&mut ArrayWriter { out, is_first: true });
    out.push(']');
}

/// Adds members to an object.
pub struct ObjectWriter<'w> {
    out: &'w mut String,
    is_first: bool,
}

impl ObjectWriter<'_> {
    /// A string member.
    pub fn str(&mut self, key: &str, value: &str) -> &mut Self {
        self.key(key);
        push_quoted(self.out, value);
        self
    }

    /// A string member, left out when there is no value or it is empty.
    pub fn str_some<'v>(&mut self, key: &str, value: impl Into<Option<&'v str>>) -> &mut Self {
        match value.into() {
            Some(value) if !value.is_empty() => self.str(key, value),
            _ => self,
        }
    }

    /// A member whose value is JSON already.
    pub fn raw(&mut self, key: &str, json: &str) -> &mut Self {
        self.key(key);
        self.out.push_str(json);
        self
    }

    /// A member whose value is JSON already, left out when there is none.
    pub fn raw_some<'v>(&mut self, key: &str, json: impl Into<Option<&'v str>>) -> &mut Self {
        match json.into() {
            Some(json) => self.raw(key, json),
            None => self,
        }
    }

    /// A number from its digits, which must spell a JSON number.
    pub fn num(&mut self, key: &str, digits: &str) -> &mut Self {
        self.raw(key, digits)
    }

    /// A whole number.
    pub fn int(&mut self, key: &str, value: i64) -> &mut Self {
        self.raw(key, &value.to_string())
    }

    /// A boolean.
    pub fn bool(&mut self, key: &str, value: bool) -> &mut Self {
        self.raw(key, if value { "true" } else { "false" })
    }

    /// An object member.
    pub fn obj(&mut self, key: &str, fill: impl FnOnce(&mut ObjectWriter<'_>)) -> &mut Self {
        self.key(key);
        write_object(self.out, fill);
        self
    }

    /// An object member, left out when `fill` adds nothing.
    pub fn obj_some(&mut self, key: &str, fill: impl FnOnce(&mut ObjectWriter<'_>)) -> &mut Self {
        self.unless_empty(|o| {
            o.obj(key, fill);
        })
    }

    /// An array member.
    pub fn arr(&mut self, key: &str, fill: impl FnOnce(&mut ArrayWriter<'_>)) -> &mut Self {
        self.key(key);
        write_array(self.out, fill);
        self
    }

    /// An array member, left out when `fill` adds nothing.
    pub fn arr_some(&mut self, key: &str, fill: impl FnOnce(&mut ArrayWriter<'_>)) -> &mut Self {
        self.unless_empty(|o| {
            o.arr(key, fill);
        })
    }

    fn key(&mut self, key: &str) {
        separate(self.out, &mut self.is_first);
        push_quoted(self.out, key);
        self.out.push(':');
    }

    /// Writes a member and takes it back if its value is `{}` or `[]`.
    fn unless_empty(&mut self, write: impl FnOnce(&mut Self)) -> &mut Self {
        let (length_before, was_first) = (self.out.len(), self.is_first);
        write(self);
        if self.out.ends_with(":{}") || self.out.ends_with(":[]") {
            self.out.truncate(length_before);
            self.is_first = was_first;
        }
        self
    }
}

/// Adds elements to an array.
pub struct ArrayWriter<'w> {
    out: &'w mut String,
    is_first: bool,
}

impl ArrayWriter<'_> {
    /// A string element.
    pub fn str(&mut self, value: &str) -> &mut Self {
        separate(self.out, &mut self.is_first);
        push_quoted(self.out, value);
        self
    }

    /// An element that is JSON already.
    pub fn raw(&mut self, json: &str) -> &mut Self {
        separate(self.out, &mut self.is_first);
        self.out.push_str(json);
        self
    }

    /// A number from its digits, which must spell a JSON number.
    pub fn num(&mut self, digits: &str) -> &mut Self {
        self.raw(digits)
    }

    /// An object element.
    pub fn obj(&mut self, fill: impl FnOnce(&mut ObjectWriter<'_>)) -> &mut Self {
        separate(self.out, &mut self.is_first);
        write_object(self.out, fill);
        self
    }

    /// An array element.
    pub fn arr(&mut self, fill: impl FnOnce(&mut ArrayWriter<'_>)) -> &mut Self {
        separate(self.out, &mut self.is_first);
        write_array(self.out, fill);
        self
    }
}

fn separate(out: &mut String, is_first: &mut bool) {
    if !std::mem::replace(is_first, false) {
        out.push(',');
    }
}
