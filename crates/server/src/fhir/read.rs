//! read and vread (REST-2, REST-3); a `Binary` as what it holds (REST-66).

use axum::extract::{Path, State};
use axum::response::Response;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::subset::Subset;
use mecum_phr::disclose::Released;
use mecum_phr::{Phr, Rendered, interaction};
use mecum_record::caller::Caller;
use mecum_record::ids::VersionId;

use crate::app::App;
use crate::error::Refusal;
use crate::incoming::{Fhir, Incoming, key_of};
use crate::respond;

/// `GET [base]/Type/id`
pub(crate) async fn read(
    State(app): State<App>,
    incoming: Incoming,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let key = key_of((&name, &id))?;
    let asked = incoming.asked.clone();
    let caller = incoming.caller();
    if key.resource_type == ResourceType::BINARY && !incoming.names_fhir_json() {
        let content = move |phr: &Phr, caller: &Caller| interaction::binary_content(phr, caller, &key, &asked);
        return Ok(respond::content(app.run(caller, content).await?));
    }
    incoming.takes_fhir_json()?;
    let subset = incoming.subset()?;
    let released = app.read(caller, move |phr, caller| interaction::read(phr, caller, &key, &asked)).await?;
    Ok(respond::read(&incoming, reduced(released, subset)))
}

/// `GET [base]/Type/id/_history/v`
pub(crate) async fn vread(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path((name, id, version)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let key = key_of((&name, &id))?;
    let version = version.parse().ok().filter(|number| *number > 0).map(VersionId);
    let version = version.ok_or_else(|| Refusal::unknown_address("there is no such version"))?;
    let asked = incoming.asked.clone();
    let caller = incoming.caller();
    let subset = incoming.subset()?;
    let released = app.read(caller, move |phr, caller| interaction::vread(phr, caller, &key, version, &asked)).await?;
    Ok(respond::read(&incoming, reduced(released, subset)))
}

fn reduced(released: Released<Rendered>, subset: Option<Subset>) -> Released<Rendered> {
    match subset {
        Some(subset) => released.map(|rendered| rendered.reduced(&subset)),
        None => released,
    }
}
