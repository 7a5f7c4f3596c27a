//! transaction and batch: the response Bundle (REST-20 to REST-25).

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use mecum_fhir::bundle::{BundleHead, BundleType, BundleWriter, NewEntry, NewResponse};
use mecum_phr::Failure;
use mecum_phr::interaction::transaction::{Carried, Done, carry_out};

use crate::app::App;
use crate::body::{MAX_TRANSACTION_BYTES, fhir_json};
use crate::error::Refusal;
use crate::incoming::{Fhir, Return};
use crate::respond;

/// `POST [base]`
pub(crate) async fn transaction(State(app): State<App>, Fhir(incoming): Fhir, body: Body) -> Result<Response, Refusal> {
    let bytes = fhir_json(&incoming.headers, body, MAX_TRANSACTION_BYTES).await?;
    let (asked, base) = (incoming.asked.clone(), incoming.base.clone());
    let caller = incoming.caller();
    let carried = app.run(caller, move |phr, caller| carry_out(phr, caller, &bytes, &base, &asked)).await?;
    let is_full = incoming.wanted_return().0 == Return::Representation;
    Ok(respond::public(StatusCode::OK, bundle(&incoming.base, carried, is_full)))
}

fn bundle(base: &str, carried: Carried, is_full: bool) -> String {
    let kind = if carried.is_transaction { BundleType::TransactionResponse } else { BundleType::BatchResponse };
    let mut writer = BundleWriter::new(&BundleHead::of(kind));
    for entry in carried.entries {
        write(&mut writer, base, entry, is_full);
    }
    writer.finish()
}

fn write(writer: &mut BundleWriter, base: &str, entry: Result<Done, Failure>, is_full: bool) {
    let (status, released) = match entry {
        Ok(Done::Created(released)) => (StatusCode::CREATED, released),
        Ok(Done::Present(released)) => (StatusCode::OK, released),
        Ok(Done::Deleted) => return write_bare(writer, StatusCode::NO_CONTENT, None),
        Err(failure) => {
            let (status, outcome) = Refusal::from(failure).into_parts();
            return write_bare(writer, status, Some(&outcome));
        }
    };
    let rendered = released.deliver();
    writer.entry(&NewEntry {
        full_url: Some(&format!("{base}/{}/{}", rendered.key.resource_type.name(), rendered.key.id)),
        resource: rendered.text.as_deref().filter(|_| is_full),
        response: Some(NewResponse {
            status: &status.to_string(),
            location: Some(&respond::location(base, &rendered)),
            etag: Some(&respond::etag(rendered.version)),
            last_modified_us: Some(rendered.at_us),
            outcome: None,
        }),
        ..NewEntry::default()
    });
}

fn write_bare(writer: &mut BundleWriter, status: StatusCode, outcome: Option<&str>) {
    let response = NewResponse { status: &status.to_string(), outcome, ..NewResponse::default() };
    writer.entry(&NewEntry { response: Some(response), ..NewEntry::default() });
}
