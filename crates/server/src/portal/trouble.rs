//! Pages that say what went wrong and what to do about it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mecum_phr::Failure;

use super::assets::{ICON, STYLE};
use super::page::public;
use super::words::Words;

/// Why a page is not shown. Its words say nothing of anybody's health.
pub(super) struct Trouble {
    status: StatusCode,
    /// The message's name in the catalogue, of title, text and what to do.
    kind: &'static str,
    /// A sentence of the rooms below, where it helps.
    detail: String,
    words: Words,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    words: Words,
    style: &'static str,
    icon: &'static str,
    title: String,
    text: String,
    advice: String,
    detail: String,
}

impl Trouble {
    fn new(status: StatusCode, kind: &'static str) -> Trouble {
        Trouble { status, kind, detail: String::new(), words: Words::for_languages("") }
    }

    /// Nobody is signed in, or the session has ended.
    pub(super) fn signed_out() -> Trouble {
        Trouble::new(StatusCode::UNAUTHORIZED, "signed-out")
    }

    /// There is no such page, or it is not this person's: one answer for both.
    pub(super) fn not_here() -> Trouble {
        Trouble::new(StatusCode::NOT_FOUND, "not-here")
    }

    /// A sign-in link that is used, too old or unknown.
    pub(super) fn link_spent() -> Trouble {
        Trouble::new(StatusCode::GONE, "link-spent")
    }

    /// A form that no page of this session made.
    pub(super) fn foreign_form() -> Trouble {
        Trouble::new(StatusCode::FORBIDDEN, "foreign-form")
    }

    /// Too much at once.
    pub(super) fn busy() -> Trouble {
        Trouble::new(StatusCode::SERVICE_UNAVAILABLE, "busy")
    }

    /// A fault of this installation.
    pub(super) fn broken() -> Trouble {
        Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, "broken")
    }

    /// In the reader's language.
    pub(super) fn in_words(mut self, words: Words) -> Trouble {
        self.words = words;
        self
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        let detail = failure.to_string();
        let (status, kind) = match failure {
            Failure::NotFound(_) => return Trouble::not_here(),
            Failure::Gone(_) => (StatusCode::GONE, "deleted"),
            Failure::Malformed(_) | Failure::Invalid(_) | Failure::Unsupported(_) => {
                (StatusCode::BAD_REQUEST, "not-understood")
            }
            Failure::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Failure::Precondition(_) | Failure::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Failure::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Failure::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Failure::Full(_) => (StatusCode::INSUFFICIENT_STORAGE, "full"),
            Failure::Broken(text) | Failure::Damaged(text) => {
                tracing::error!(%text, "a page could not be made");
                return Trouble::broken();
            }
        };
        Trouble { detail, ..Trouble::new(status, kind) }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let part = |name: &str| self.words.say(&format!("trouble-{}-{name}", self.kind));
        let page = TroublePage {
            words: self.words,
            style: STYLE.address(),
            icon: ICON.address(),
            title: part("title"),
            text: part("text"),
            advice: part("advice"),
            detail: self.detail.clone(),
        };
        public(self.status, &page)
    }
}
