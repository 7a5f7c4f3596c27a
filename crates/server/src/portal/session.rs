//! The cookie, and what a request of somebody signed in knows.

use std::sync::Arc;

use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use mecum_phr::Phr;
use mecum_phr::disclose::{Asked, Released};
use mecum_phr::sign_in::{SESSION_LIFETIME_US, Session, session};
use mecum_phr::words::{Caller, RecordId};

use super::shell::{Shell, at};
use super::trouble::Trouble;
use super::words::Words;
use crate::app::App;
use crate::watch::REQUEST_ID;

/// On an address that others reach the name binds the cookie to it and to TLS.
const SECURE_NAME: &str = "__Host-mecum";
const LOOPBACK_NAME: &str = "mecum";

/// What a request of a browser brings along, before anybody has looked who it is.
#[derive(Clone)]
pub(super) struct Visit {
    secret: Option<String>,
    pub(super) words: Words,
    request_id: Option<String>,
}

/// A request of somebody who is signed in and may open this record.
pub(super) struct Signed<'p> {
    pub(super) phr: &'p Phr,
    pub(super) session: Session,
    pub(super) caller: Caller,
    pub(super) record: RecordId,
    pub(super) words: Words,
    pub(super) request_id: Option<String>,
}

impl Visit {
    pub(super) fn of(headers: &HeaderMap) -> Visit {
        let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        Visit {
            secret: secret_in(headers),
            words: Words::for_languages(header(ACCEPT_LANGUAGE.as_str()).unwrap_or_default()),
            request_id: header(REQUEST_ID).map(str::to_owned),
        }
    }

    /// The session's secret, if the browser sent one.
    pub(super) fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    /// The session the cookie stands for; blocks.
    pub(super) fn session(&self, phr: &Phr) -> Result<Option<Session>, Trouble> {
        match &self.secret {
            Some(secret) => Ok(session(phr, secret)?),
            None => Ok(None),
        }
    }

    /// Who is signed in, with the record that is opened; a record of others is answered as one that is not there.
    pub(super) fn signed<'p>(&self, phr: &'p Phr, record: &str) -> Result<Signed<'p>, Trouble> {
        let session = self.session(phr)?.ok_or_else(Trouble::signed_out)?;
        let record = record.parse().map(RecordId).map_err(|_| Trouble::not_here())?;
        let caller = session.holder(record).ok_or_else(Trouble::not_here)?;
        let (words, request_id) = (self.words, self.request_id.clone());
        Ok(Signed { phr, session, caller, record, words, request_id })
    }
}

impl Signed<'_> {
    /// What the access log says was asked.
    pub(super) fn asked(&self, what: &str) -> Asked {
        Asked { what: what.to_owned(), request_id: self.request_id.clone() }
    }

    /// The address of a page of this record.
    pub(super) fn at(&self, rest: &str) -> String {
        at(self.record, rest)
    }

    /// Refuses a form that no page of this session made.
    pub(super) fn refuse_foreign(&self, token: &str) -> Result<(), Trouble> {
        if self.session.is_own_form(token) { Ok(()) } else { Err(Trouble::foreign_form()) }
    }

    /// The frame of a page that belongs to this part of the navigation.
    pub(super) fn shell(&self, here: &'static str) -> Result<Released<Shell>, Trouble> {
        let asked = self.asked(&format!("page {here}"));
        Ok(Shell::of(self.phr, &self.session, self.record, (self.words, here, &asked))?)
    }
}

/// Does the work of a page on a thread that may block.
pub(super) async fn page<T: Send + 'static>(
    app: &App,
    visit: Visit,
    work: impl FnOnce(&Phr, &Visit) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let words = visit.words;
    let phr = Arc::clone(&app.phr);
    let done = app.on_a_thread(move || work(&phr, &visit)).await.map_err(|_| Trouble::busy().in_words(words))?;
    done.map_err(|trouble| trouble.in_words(words))
}

/// The session's secret among the cookies; two of one name are none.
fn secret_in(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = cookies.flat_map(|line| line.split(';')).filter_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == SECURE_NAME || name == LOOPBACK_NAME).then(|| value.to_owned())
    });
    let first = found.next();
    if found.next().is_some() { None } else { first }
}

/// `Set-Cookie` of a session that begins: for this origin's own requests only, out of scripts' reach.
pub(super) fn cookie(secret: &str, is_loopback: bool) -> String {
    let seconds = SESSION_LIFETIME_US / 1_000_000;
    let (name, secure) = if is_loopback { (LOOPBACK_NAME, "") } else { (SECURE_NAME, "; Secure") };
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// `Set-Cookie` that takes it back.
pub(super) fn no_cookie(is_loopback: bool) -> String {
    let (name, secure) = if is_loopback { (LOOPBACK_NAME, "") } else { (SECURE_NAME, "; Secure") };
    format!("{name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}")
}

impl axum::extract::FromRequestParts<App> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Visit, Self::Rejection> {
        Ok(Visit::of(&parts.headers))
    }
}
