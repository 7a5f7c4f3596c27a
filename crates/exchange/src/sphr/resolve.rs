//! From `attachment.url` to the file inside the archive (PHR-23, PHR-24): relative, percent-encoded, `./` allowed.

use super::member::{Member, MemberId};
use super::name;

/// Returns the member that `url`, written in a file at `from`, means: relative to that file's folder, else to the root.
/// Spelling is forgiven (case, composed accents) where only one member fits. Absolute URLs and climbing paths mean none.
/// The member that a link in the member `from` means; the same as [`super::Archive::resolve`], for a list that was copied out.
pub fn resolve_link(members: &[Member], from: MemberId, url: &str) -> Option<MemberId> {
    let from = members.iter().find(|member| member.id == from)?;
    resolve(members, &from.path, url)
}

pub(crate) fn resolve(members: &[Member], from: &str, url: &str) -> Option<MemberId> {
    let url = url.split(['#', '?']).next().unwrap_or_default();
    let has_scheme = url.split('/').next().is_some_and(|first| first.contains(':'));
    if url.is_empty() || url.starts_with('/') || has_scheme {
        return None;
    }
    let decoded = percent_decode(url);
    [name::folder(from), ""]
        .iter()
        .find_map(|base| [url, decoded.as_str()].iter().find_map(|relative| by_path(members, &join(base, relative)?)))
}

fn by_path(members: &[Member], path: &str) -> Option<MemberId> {
    if let Some(member) = members.iter().find(|member| member.path == path) {
        return Some(member.id);
    }
    let outline = name::outline(path);
    let mut alike = members.iter().filter(|member| name::outline(&member.path) == outline);
    match (alike.next(), alike.next()) {
        (Some(member), None) => Some(member.id),
        _ => None,
    }
}

/// Joins and removes `.` and `..`; `None` where the path leaves the archive.
fn join(base: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = match (byte, tail) {
            (b'%', [high, low, ..]) => hex_digit(*high).zip(hex_digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
