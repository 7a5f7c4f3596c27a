//! create (REST-4).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_fhir::outcome::IssueCode;
use mecum_phr::interaction;

use crate::app::App;
use crate::body::{MAX_RESOURCE_BYTES, fhir_json};
use crate::error::Refusal;
use crate::incoming::{Fhir, type_of};
use crate::respond;

/// `POST [base]/Type`
pub(crate) async fn create(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path(name): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    let resource_type = type_of(&name)?;
    if incoming.headers.contains_key("if-none-exist") {
        // Ignoring it would make the very duplicate that the client wants to avoid.
        let message = "If-None-Exist is answered for the entries of a transaction: send one";
        return Err(Refusal::bad_request(IssueCode::NotSupported, message));
    }
    let bytes = fhir_json(&incoming.headers, body, MAX_RESOURCE_BYTES).await?;
    let asked = incoming.asked.clone();
    let caller = incoming.caller();
    let released =
        app.run(caller, move |phr, caller| interaction::create(phr, caller, resource_type, &bytes, &asked)).await?;
    Ok(respond::written(&incoming, StatusCode::CREATED, released.map(|created| created.resource)))
}
