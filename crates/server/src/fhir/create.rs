//! create (REST-4, REST-5).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use mecum_fhir::reference::ResourceType;
use mecum_phr::{Failure, interaction};

use crate::app::App;
use crate::body::{MAX_RESOURCE_BYTES, fhir_json};
use crate::error::Refusal;
use crate::incoming::{Fhir, Incoming, type_of};
use crate::respond::{self, Written};

/// `POST [base]/Type`
pub(crate) async fn create(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path(name): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    create_of(app, incoming, type_of(&name)?, body).await
}

/// `POST [base]/AuditEvent`
pub(crate) async fn audit_event(app: State<App>, Fhir(incoming): Fhir, body: Body) -> Result<Response, Refusal> {
    create_of(app.0, incoming, ResourceType::AUDIT_EVENT, body).await
}

/// `POST [base]/Provenance`
pub(crate) async fn provenance(app: State<App>, Fhir(incoming): Fhir, body: Body) -> Result<Response, Refusal> {
    create_of(app.0, incoming, ResourceType::PROVENANCE, body).await
}

async fn create_of(app: App, incoming: Incoming, resource_type: ResourceType, body: Body) -> Result<Response, Refusal> {
    let condition = incoming.if_none_exist()?.map(str::to_owned);
    let bytes = fhir_json(&incoming.headers, body, MAX_RESOURCE_BYTES).await?;
    let asked = incoming.asked.clone();
    let caller = incoming.caller();
    let work = move |phr: &_, caller: &_| {
        let released = match condition {
            Some(condition) => interaction::create_unless(phr, caller, resource_type, (&bytes, &condition), &asked)?,
            None => interaction::create(phr, caller, resource_type, &bytes, &asked)?,
        };
        let mut what = Written::Found;
        let released = released.map(|created| {
            if created.is_new {
                what = Written::Created;
            }
            created.resource
        });
        Ok::<_, Failure>((what, released))
    };
    let (what, released) = app.run(caller, work).await?;
    Ok(respond::written(&incoming, what, released))
}
