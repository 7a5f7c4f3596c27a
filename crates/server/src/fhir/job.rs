//! What is asked for first and fetched later: `$ehi-export`, the status of an export, its files, its removal (EHI-1 to EHI-8, PHR-53,
//! BLK-6 to BLK-10).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_LOCATION, CONTENT_TYPE, EXPIRES, WARNING};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use mecum_fhir::json::Writer;
use mecum_fhir::outcome::IssueCode;
use mecum_phr::export::ExportFormat;
use mecum_phr::job::{self, Job, JobFile, JobKind};
use mecum_phr::words::format_instant;
use mecum_phr::{Failure, Phr};
use mecum_record::caller::Caller;
use serde_json::Value;

use super::export::streamed;
use crate::app::App;
use crate::body::fhir_json_or_nothing;
use crate::error::{Refusal, of_parameters};
use crate::http_date;
use crate::incoming::{Incoming, key_of};
use crate::respond::{self, FHIR_JSON, set};

/// A Parameters resource is at most so long, bytes.
const MAX_PARAMETERS_BYTES: usize = 64 << 10;

/// `POST [base]/Patient/id/$ehi-export`: the body may be empty; it has no parameters here.
pub(crate) async fn ehi_export(
    State(app): State<App>,
    incoming: Incoming,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    let key = key_of(("Patient", &id))?;
    let has_unknown = match fhir_json_or_nothing(&incoming.headers, body, MAX_PARAMETERS_BYTES).await? {
        None => false,
        Some(bytes) => has_parameters(&bytes)?,
    };
    if has_unknown && incoming.is_strict() {
        let message = "$ehi-export takes no parameters here, and handling=strict was asked for";
        return Err(Refusal::bad_request(IssueCode::NotSupported, message));
    }
    let address = format!("{}/Patient/{id}/$ehi-export", incoming.base);
    let work = move |phr: &Phr, caller: &Caller| job::begin_ehi(phr, caller, &key, &address);
    let begun = app.run(incoming.caller(), work).await?;
    let mut response = accepted(&incoming, &begun);
    if has_unknown {
        let value = HeaderValue::from_static("199 - \"unknown parameters were ignored\"");
        response.headers_mut().insert(WARNING, value);
    }
    Ok(response)
}

fn has_parameters(bytes: &[u8]) -> Result<bool, Refusal> {
    let malformed = || Refusal::bad_request(IssueCode::Structure, "the body must be a Parameters resource, or nothing");
    let resource: Value = serde_json::from_slice(bytes).map_err(|_| malformed())?;
    if resource["resourceType"] == "Parameters" { Ok(resource.get("parameter").is_some()) } else { Err(malformed()) }
}

/// That an export was begun, and where it is asked after.
pub(super) fn accepted(incoming: &Incoming, job: &Job) -> Response {
    let mut response = respond::public(StatusCode::ACCEPTED, respond::done("ask the address in Content-Location"));
    let headers = response.headers_mut();
    set(headers, CONTENT_LOCATION, &address_of(incoming, job));
    if incoming.prefers_async() {
        set(headers, HeaderName::from_static("preference-applied"), "respond-async");
    }
    response
}

fn address_of(incoming: &Incoming, job: &Job) -> String {
    format!("{}/job/{}", incoming.base, job.id)
}

/// `GET [base]/job/id`: nothing is left to be done for it but to fetch its files.
pub(crate) async fn status(
    State(app): State<App>,
    incoming: Incoming,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (job, files) = app.run(incoming.caller(), move |phr, caller| job::files(phr, caller, &id)).await?;
    let mut response = manifest(&job, &address_of(&incoming, &job), &files).into_response();
    let headers = response.headers_mut();
    set(headers, CONTENT_TYPE, "application/json");
    if let Some(date) = http_date::format(job.expires_at_us) {
        set(headers, EXPIRES, &date);
    }
    Ok(response)
}

fn manifest(job: &Job, address: &str, files: &[JobFile]) -> String {
    Writer::object(|manifest| {
        manifest.str("transactionTime", &format_instant(job.as_of_us));
        manifest.str("request", &job.address).bool("requiresAccessToken", true);
        manifest.arr("output", |output| {
            for file in files {
                output.obj(|entry| {
                    entry.str("type", file.resource_type.name()).str("url", &format!("{address}/{}", file.name));
                    if let Some(count) = file.count {
                        entry.int("count", count);
                    }
                });
            }
        });
        manifest.arr("error", |_| {});
    })
}

/// `DELETE [base]/job/id`
pub(crate) async fn remove(
    State(app): State<App>,
    incoming: Incoming,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    app.run(incoming.caller(), move |phr, caller| job::remove(phr, caller, &id)).await?;
    Ok(respond::public(StatusCode::ACCEPTED, respond::done("it is not there any more")))
}

/// `GET [base]/job/id/file`: written as it is fetched.
pub(crate) async fn file(
    State(app): State<App>,
    incoming: Incoming,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (caller, asked, base) = (incoming.caller(), incoming.asked.clone(), incoming.base.clone());
    let kind = {
        let id = id.clone();
        app.run(incoming.caller(), move |phr, caller| job::find(phr, caller, &id)).await?.kind
    };
    let mut response = StatusCode::OK.into_response();
    set(response.headers_mut(), CONTENT_TYPE, media_type(kind, &file));
    if file.starts_with("original-") {
        set(response.headers_mut(), axum::http::header::CONTENT_DISPOSITION, "attachment");
    }
    let work = move |phr: &Phr, caller: &Caller, out: job::Out<'_>| {
        job::send(phr, caller, (&id, &file), (&base, &asked), out).map_err(of_parameters)
    };
    streamed(app, caller, response, work).await
}

fn media_type(kind: JobKind, file: &str) -> &'static str {
    match kind {
        JobKind::Ehi if file.ends_with(".ndjson") => "application/fhir+ndjson",
        JobKind::Ehi => "application/octet-stream",
        JobKind::Phr(ExportFormat::Bundle) => FHIR_JSON,
        JobKind::Phr(ExportFormat::Ndjson | ExportFormat::Phr) => "application/x-ndjson",
        JobKind::Phr(ExportFormat::Sphr) => "application/zip",
    }
}

/// Begins a `$phr-export` that is fetched later.
pub(super) async fn begin_phr(
    app: App,
    incoming: Incoming,
    begin: impl FnOnce(&Phr, &Caller, &str) -> Result<Job, Failure> + Send + 'static,
) -> Result<Response, Refusal> {
    let address = format!("{}/Bundle/$phr-export", incoming.base);
    let work = move |phr: &Phr, caller: &Caller| begin(phr, caller, &address).map_err(of_parameters);
    let begun = app.run(incoming.caller(), work).await?;
    Ok(accepted(&incoming, &begun))
}
