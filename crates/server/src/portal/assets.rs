//! The style sheet, the scripts and the icon: compiled in, under addresses that change when they do.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::respond::set;

/// A file that pages link to. It holds nobody's data.
pub(super) struct Asset {
    name: &'static str,
    ending: &'static str,
    media_type: &'static str,
    text: &'static str,
    address: OnceLock<String>,
}

pub(super) static STYLE: Asset =
    Asset::new("style", "css", "text/css; charset=utf-8", include_str!("../../assets/style.css"));
pub(super) static SCRIPT: Asset =
    Asset::new("portal", "js", "text/javascript; charset=utf-8", include_str!("../../assets/portal.js"));
pub(super) static SEARCH: Asset =
    Asset::new("search", "js", "text/javascript; charset=utf-8", include_str!("../../assets/search.js"));
pub(super) static ICON: Asset = Asset::new("icon", "svg", "image/svg+xml", include_str!("../../assets/icon.svg"));

static ALL: [&Asset; 4] = [&STYLE, &SCRIPT, &SEARCH, &ICON];

impl Asset {
    const fn new(name: &'static str, ending: &'static str, media_type: &'static str, text: &'static str) -> Asset {
        Asset { name, ending, media_type, text, address: OnceLock::new() }
    }

    /// `/assets/style-1f3a….css`.
    pub(super) fn address(&'static self) -> &'static str {
        self.address.get_or_init(|| format!("/assets/{}-{:016x}.{}", self.name, fnv(self.text), self.ending))
    }
}

/// An asset under its present address; a browser may keep it for ever, since another text has another address.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let asked = format!("/assets/{name}");
    let Some(asset) = ALL.iter().find(|asset| asset.address() == asked) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = asset.text.into_response();
    set(response.headers_mut(), CONTENT_TYPE, asset.media_type);
    set(response.headers_mut(), CACHE_CONTROL, "public, max-age=31536000, immutable");
    response
}

/// FNV-1a: tells versions of our own files apart, nothing more.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
