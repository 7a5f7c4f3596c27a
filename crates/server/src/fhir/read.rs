//! read and vread (REST-2, REST-3).

use axum::extract::{Path, State};
use axum::response::Response;
use mecum_phr::interaction;
use mecum_record::ids::VersionId;

use crate::app::App;
use crate::error::Refusal;
use crate::incoming::{Fhir, key_of};
use crate::respond;

/// `GET [base]/Type/id`
pub(crate) async fn read(
    State(app): State<App>,
    Fhir(mut incoming): Fhir,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let key = key_of((&name, &id))?;
    let asked = incoming.asked.clone();
    let bearer = incoming.take_bearer();
    let released = app.run(bearer, move |phr, caller| interaction::read(phr, caller, &key, &asked)).await?;
    Ok(respond::read(&incoming, released))
}

/// `GET [base]/Type/id/_history/v`
pub(crate) async fn vread(
    State(app): State<App>,
    Fhir(mut incoming): Fhir,
    Path((name, id, version)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let key = key_of((&name, &id))?;
    let version = version.parse().ok().filter(|number| *number > 0).map(VersionId);
    let version = version.ok_or_else(|| Refusal::unknown_address("there is no such version"))?;
    let asked = incoming.asked.clone();
    let bearer = incoming.take_bearer();
    let released = app.run(bearer, move |phr, caller| interaction::vread(phr, caller, &key, version, &asked)).await?;
    Ok(respond::read(&incoming, released))
}
