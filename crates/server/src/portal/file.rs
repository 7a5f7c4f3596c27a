//! What is attached to an entry: shown in place only if its bytes are what a browser shows without running anything.

use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use mecum_phr::view;
use serde::Deserialize;

use super::entry::key;
use super::session::{Visit, page};
use super::trouble::Trouble;
use crate::app::App;
use crate::respond::set;

/// Nothing of it runs, and it may only be framed by pages of ours.
const SANDBOX: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/// The browser's own viewer shows a PDF only outside a sandbox; it runs apart from the page, and nothing may be loaded.
const VIEWER: &str = "default-src 'none'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'";

/// How the content is wanted.
#[derive(Deserialize)]
pub(super) struct Wanted {
    /// Whether it is to be saved and not shown.
    download: Option<String>,
}

/// The content of an attachment, byte for byte.
pub(super) async fn file(
    State(app): State<App>,
    Path((record, name, id, place)): Path<(String, String, String, usize)>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Result<Response, Trouble> {
    let content = page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let key = key(&name, &id)?;
        let asked = signed.asked(&format!("file of {}/{}", key.resource_type.name(), key.id));
        Ok(view::file(phr, &signed.caller, &key, place, &asked)?)
    });
    let content = content.await?.deliver();
    let (kind, ending) = kind_of(&content.bytes).unwrap_or(("application/octet-stream", "bin"));
    let is_shown = kind != "application/octet-stream" && wanted.download.is_none();
    let mut response = content.bytes.into_response();
    let headers = response.headers_mut();
    set(headers, CONTENT_TYPE, if is_shown { kind } else { "application/octet-stream" });
    let disposition = if is_shown { "inline" } else { "attachment" };
    set(headers, CONTENT_DISPOSITION, &format!("{disposition}; filename=\"attachment.{ending}\""));
    set(headers, CONTENT_SECURITY_POLICY, if kind == "application/pdf" { VIEWER } else { SANDBOX });
    set(headers, HeaderName::from_static("x-content-type-options"), "nosniff");
    Ok(response)
}

/// How a media type is shown in place, if it is; the bytes decide once more when they are sent.
pub(super) fn shown_in_place(content_type: &str) -> &'static str {
    match content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "image/jpeg" | "image/jpg" | "image/png" => "image",
        "application/pdf" => "pdf",
        "text/plain" => "text",
        _ => "",
    }
}

/// What bytes are, by the bytes alone; only what may be shown in place.
fn kind_of(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\xff\xd8\xff") {
        return Some(("image/jpeg", "jpg"));
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return Some(("image/png", "png"));
    }
    if starts(b"%PDF-") {
        return Some(("application/pdf", "pdf"));
    }
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.trim_start().starts_with('<') && !text.chars().any(|c| c.is_control() && !"\r\n\t\u{c}".contains(c))
    });
    is_text.then_some(("text/plain; charset=utf-8", "txt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bytes_that_run_nowhere_are_shown_in_place() {
        assert_eq!(kind_of(b"%PDF-1.7").map(|kind| kind.0), Some("application/pdf"));
        assert_eq!(kind_of("Ärztlicher Brief".as_bytes()).map(|kind| kind.0), Some("text/plain; charset=utf-8"));
        for hostile in [&b"<svg onload=a()>"[..], b" <html>", b"<!doctype html>", b"GIF89a\x00", b"\x00\x01"] {
            assert_eq!(kind_of(hostile), None);
        }
        for name in ["image/svg+xml", "text/html", "application/xhtml+xml", ""] {
            assert_eq!(shown_in_place(name), "");
        }
    }
}
