//! delete (REST-9).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use mecum_phr::interaction::{self, Deleted};

use crate::app::App;
use crate::error::Refusal;
use crate::incoming::{Fhir, Return, key_of, refuse_change};
use crate::respond;

/// `DELETE [base]/Type/id`: the same answer whether it was there or not.
pub(crate) async fn delete(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let key = key_of((&name, &id))?;
    refuse_change(key.resource_type)?;
    let if_match = incoming.if_match()?;
    let caller = incoming.caller();
    let deleted = app.run(caller, move |phr, caller| interaction::delete(phr, caller, &key, if_match)).await?;
    let mut response = match incoming.wanted_return().0 {
        Return::Minimal => StatusCode::NO_CONTENT.into_response(),
        Return::Representation | Return::Outcome => {
            respond::public(StatusCode::OK, respond::done("it is not there, or not there any more"))
        }
    };
    if let Deleted::Now(version) = deleted {
        respond::set(response.headers_mut(), ETAG, &respond::etag(version.0));
    }
    Ok(response)
}
