//! Values of the primitive types (R4 datatypes.html#primitive), each held against its grammar.

use std::borrow::Cow;

use super::narrative;
use crate::date::{DateError, PartialDate, parse_time};
use crate::definitions::Primitive;
use crate::json::{Element, Kind};
use crate::outcome::IssueCode;
use crate::reference::Id;

/// R4 datatypes.html#string: strings are at most 1 MiB.
const LONGEST_STRING: usize = 1 << 20;

/// What is wrong with a value.
pub(super) type Fault = (IssueCode, Cow<'static, str>);

const fn value(message: &'static str) -> Fault {
    (IssueCode::Value, Cow::Borrowed(message))
}

const fn structure(message: &'static str) -> Fault {
    (IssueCode::Structure, Cow::Borrowed(message))
}

/// Checks a value that is no null, array or object; gives the text of one that JSON writes as a string.
pub(super) fn check(of: Primitive, element: Element<'_>) -> Result<Option<Cow<'_, str>>, Fault> {
    match of {
        Primitive::Boolean => match element.kind() {
            Kind::Bool => Ok(None),
            _ => Err(structure("must be true or false, without quotes")),
        },
        Primitive::Decimal | Primitive::Integer | Primitive::UnsignedInt | Primitive::PositiveInt => {
            let digits = element.as_number().ok_or(structure("must be a number, without quotes"))?;
            number(of, digits).map(|()| None)
        }
        _ => {
            let text = element.as_str().ok_or(structure("must be a string, in quotes"))?;
            string(of, &text)?;
            Ok(Some(text))
        }
    }
}

fn number(of: Primitive, digits: &str) -> Result<(), Fault> {
    if of == Primitive::Decimal {
        return Ok(()); // any number of JSON is a decimal; its digits are kept
    }
    let number: i32 = match digits.parse() {
        Ok(number) => number,
        Err(_) if digits.contains(['.', 'e', 'E']) => return Err(value("is not written as a whole number")),
        Err(_) => return Err(value("is beyond 32 bits")),
    };
    match of {
        Primitive::UnsignedInt if number < 0 => Err(value("must not be negative")),
        Primitive::PositiveInt if number < 1 => Err(value("must be 1 or more")),
        _ => Ok(()),
    }
}

fn string(of: Primitive, text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(structure("must not be empty"));
    }
    match of {
        Primitive::String | Primitive::Markdown => free_text(text),
        Primitive::Code => code(text),
        Primitive::Id if Id::is_valid(text) => Ok(()),
        Primitive::Id => Err(value("is no id: 1 to 64 letters, digits, hyphens and dots")),
        Primitive::Date => PartialDate::parse_date(text).map(drop).map_err(date_fault),
        Primitive::DateTime => PartialDate::parse_date_time(text).map(drop).map_err(date_fault),
        Primitive::Instant => PartialDate::parse_instant(text).map(drop).map_err(date_fault),
        Primitive::Time => parse_time(text).map(drop).map_err(date_fault),
        Primitive::Base64Binary => base64(text),
        Primitive::Xhtml => narrative::check(text).map_err(|message| (IssueCode::Invariant, message.into())),
        _ => uri(of, text),
    }
}

fn free_text(text: &str) -> Result<(), Fault> {
    if text.len() > LONGEST_STRING {
        return Err((IssueCode::TooLong, "is longer than 1 MiB".into()));
    }
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    if text.bytes().any(is_control) { Err(value("holds a control character")) } else { Ok(()) }
}

/// `[^\s]+(\s[^\s]+)*`, with no other white space than the space.
fn code(text: &str) -> Result<(), Fault> {
    let is_other_space = |letter: char| letter.is_whitespace() && letter != ' ';
    if text.split(' ').any(str::is_empty) || text.contains(is_other_space) {
        return Err(value("is no code: no white space but single spaces inside"));
    }
    Ok(())
}

fn date_fault(error: DateError) -> Fault {
    match error {
        DateError::NoSuchDay => value("is no day of the calendar"),
        DateError::Spelling { .. } => (IssueCode::Value, error.to_string().into()),
    }
}

/// Groups of four characters with white space between; `=` only at the end (RFC 4648 §4).
fn base64(text: &str) -> Result<(), Fault> {
    let (mut n_letters, mut n_pads) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if n_pads == 0 => n_letters += 1,
            b'=' if n_pads < 2 => n_pads += 1,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => return Err(value("is not base64")),
        }
    }
    if n_letters == 0 || (n_letters + n_pads) % 4 != 0 { Err(value("is not base64")) } else { Ok(()) }
}

fn uri(of: Primitive, text: &str) -> Result<(), Fault> {
    if text.contains(char::is_whitespace) {
        return Err(value("is a URI with white space"));
    }
    match (text.strip_prefix("urn:uuid:"), text.strip_prefix("urn:oid:")) {
        (Some(uuid), _) if !is_uuid(uuid) => Err(value("is no UUID: urn:uuid: and 36 lower-case letters")),
        (_, Some(oid)) if !is_oid(oid) => Err(value("is no OID: urn:oid: and numbers with dots")),
        (None, _) if of == Primitive::Uuid => Err(value("must begin with urn:uuid:")),
        (_, None) if of == Primitive::Oid => Err(value("must begin with urn:oid:")),
        _ if of == Primitive::Canonical && !is_absolute(text) && !text.starts_with('#') => {
            Err(value("must be an absolute URL, or # and the id of a contained resource"))
        }
        _ => Ok(()),
    }
}

/// Whether a URI has a scheme.
pub(super) fn is_absolute(uri: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    uri.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// `[0-2](\.(0|[1-9][0-9]*))+`
fn is_oid(text: &str) -> bool {
    let mut arcs = text.split('.');
    let is_root = arcs.next().is_some_and(|root| matches!(root, "0" | "1" | "2"));
    let is_arc = |arc: &str| {
        !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()) && (arc == "0" || !arc.starts_with('0'))
    };
    let mut n_arcs = 0;
    is_root
        && arcs.all(|arc| {
            n_arcs += 1;
            is_arc(arc)
        })
        && n_arcs > 0
}
