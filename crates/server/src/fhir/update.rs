//! update (REST-6).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use mecum_phr::{Failure, interaction};

use crate::app::App;
use crate::body::{MAX_RESOURCE_BYTES, fhir_json};
use crate::error::Refusal;
use crate::incoming::{Fhir, key_of, refuse_change};
use crate::respond::{self, Written};

/// `PUT [base]/Type/id`
pub(crate) async fn update(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path((name, id)): Path<(String, String)>,
    body: Body,
) -> Result<Response, Refusal> {
    let key = key_of((&name, &id))?;
    refuse_change(key.resource_type)?;
    let if_match = incoming.if_match()?;
    let bytes = fhir_json(&incoming.headers, body, MAX_RESOURCE_BYTES).await?;
    let asked = incoming.asked.clone();
    let caller = incoming.caller();
    let work = move |phr: &_, caller: &_| {
        let released = interaction::update(phr, caller, &key, (&bytes, if_match), &asked)?;
        let mut what = Written::Updated;
        let released = released.map(|updated| {
            if updated.is_new {
                what = Written::Created;
            }
            updated.resource
        });
        Ok::<_, Failure>((what, released))
    };
    let (what, released) = app.run(caller, work).await?;
    Ok(respond::written(&incoming, what, released))
}
