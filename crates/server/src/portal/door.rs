//! The door: a link that shows a button, the button that lets in, and the way out (design §9).

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use mecum_phr::sign_in::{is_live, redeem, sign_out};
use serde::Deserialize;

use super::assets::{ICON, STYLE};
use super::page::{public, see_other};
use super::session::{Visit, cookie, no_cookie, page};
use super::trouble::Trouble;
use super::words::Words;
use crate::app::App;
use crate::incoming::is_loopback;
use crate::respond::set;

#[derive(Template)]
#[template(path = "front.html")]
struct FrontPage {
    words: Words,
    style: &'static str,
    icon: &'static str,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    words: Words,
    style: &'static str,
    icon: &'static str,
    link: String,
}

/// The form behind the button of a sign-in link.
#[derive(Deserialize)]
pub(super) struct Entering {
    link: String,
}

/// The form behind "Sign out".
#[derive(Deserialize)]
pub(super) struct Leaving {
    form: String,
}

/// The front page: somebody signed in goes on to her record, others are told how to get in.
pub(super) async fn front(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    let words = visit.words;
    let open =
        page(&app, visit, |phr, visit| Ok(visit.session(phr)?.and_then(|session| session.records().first().copied())));
    Ok(match open.await? {
        Some(record) => see_other(&format!("/r/{record}")),
        None => public(StatusCode::OK, &FrontPage { words, style: STYLE.address(), icon: ICON.address() }),
    })
}

/// The page of a sign-in link: looking at it does not use it, so that a preview of the link does no harm.
pub(super) async fn look(State(app): State<App>, Path(link): Path<String>, visit: Visit) -> Result<Response, Trouble> {
    let words = visit.words;
    let asked = link.clone();
    if !page(&app, visit, move |phr, _| Ok(is_live(phr, &asked)?)).await? {
        return Err(Trouble::link_spent().in_words(words));
    }
    Ok(public(StatusCode::OK, &SignInPage { words, style: STYLE.address(), icon: ICON.address(), link }))
}

/// Uses the link, once, and begins a session. One that was open in this browser is ended.
pub(super) async fn enter(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Form(entering): Form<Entering>,
) -> Result<Response, Trouble> {
    let words = visit.words;
    let begun = page(&app, visit, move |phr, visit| {
        let begun = redeem(phr, &entering.link)?;
        if begun.is_some()
            && let Some(old) = visit.secret()
        {
            sign_out(phr, old)?;
        }
        Ok(begun)
    });
    let Some(secret) = begun.await? else {
        return Err(Trouble::link_spent().in_words(words));
    };
    let mut response = see_other("/");
    set(response.headers_mut(), SET_COOKIE, &cookie(&secret, is_loopback(&headers, app.is_behind_proxy)));
    Ok(response)
}

/// Ends the session.
pub(super) async fn leave(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Form(leaving): Form<Leaving>,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let session = visit.session(phr)?.ok_or_else(Trouble::signed_out)?;
        if !session.is_own_form(&leaving.form) {
            return Err(Trouble::foreign_form());
        }
        Ok(sign_out(phr, visit.secret().unwrap_or_default())?)
    })
    .await?;
    let mut response = see_other("/");
    set(response.headers_mut(), SET_COOKIE, &no_cookie(is_loopback(&headers, app.is_behind_proxy)));
    Ok(response)
}
