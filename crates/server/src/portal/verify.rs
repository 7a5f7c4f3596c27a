//! Whether the record is what was written: the proof, on a page (PHR-91).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_phr::commits::{KeptHead, KeptHeadMatch, Verified, check_head, verify};

use super::form::Sent;
use super::page::{released, released_with};
use super::session::{Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use crate::app::App;

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    shell: Shell,
    head: String,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "verified.html")]
struct VerifiedPage {
    shell: Shell,
    verified: Verified,
    /// How the record stands to the proof that was noted earlier, if one was given; and whether it holds.
    kept: Option<(bool, String)>,
}

/// Explains, and offers to look.
pub(super) async fn ask(State(app): State<App>, Path(record): Path<String>, visit: Visit) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        released(signed.shell("history")?.map(|shell| VerifyPage { shell, head: String::new(), wrong: None }))
    })
    .await
}

/// Recomputes everything, and shows what was seen.
pub(super) async fn prove(
    State(app): State<App>,
    Path(record): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Trouble> {
    let words = visit.words;
    let _turn = app.stream_turn().await.map_err(|_| Trouble::busy().in_words(words))?;
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        signed.refuse_foreign(sent.get("form"))?;
        let text = sent.get("head").trim();
        let head = if text.is_empty() { Ok(None) } else { text.parse::<KeptHead>().map(Some) };
        let Ok(head) = head else {
            let wrong = Some(words.say("verify-head-wrong"));
            let page = signed.shell("history")?.map(|shell| VerifyPage { shell, head: text.to_owned(), wrong });
            return released_with(StatusCode::BAD_REQUEST, page);
        };
        let verified = verify(phr, &signed.caller, signed.record, &mut |_, _| ())?;
        let standing = head.map(|head| check_head(phr, &signed.caller, signed.record, &head)).transpose()?;
        let kept = standing.map(|standing| match standing {
            KeptHeadMatch::Held => (true, words.say("verify-head-held")),
            KeptHeadMatch::Shorter { .. } => (false, words.say("verify-head-shorter")),
            KeptHeadMatch::Other => (false, words.say("verify-head-other")),
        });
        released(signed.shell("history")?.map(|shell| VerifiedPage { shell, verified, kept }))
    })
    .await
}
