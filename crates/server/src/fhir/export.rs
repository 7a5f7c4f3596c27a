//! `$phr-export`: a record streamed as it is read (PHR-50 to PHR-56).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE, WARNING};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, stream};
use mecum_phr::disclose::Released;
use mecum_phr::export::{ExportFormat, ExportRequest, export};
use mecum_phr::job::{self, Out};
use mecum_phr::{Failure, Phr, interaction};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::export_parameters::{ExportParameters, from_body, from_query};
use super::job::begin_phr;
use crate::app::App;
use crate::body::fhir_json;
use crate::error::{Refusal, of_parameters};
use crate::incoming::{Incoming, key_of};
use crate::respond::FHIR_JSON;

/// Pieces on their way to a slow client: bounds what an export holds in memory.
pub(crate) const MAX_WAITING_PIECES: usize = 4;

/// A Parameters resource is at most so long, bytes.
const MAX_PARAMETERS_BYTES: usize = 64 << 10;

/// The name of a file that is fetched, without its ending. It says nothing about anyone.
pub(crate) const FILE_STEM: &str = "health-record";

/// `GET [base]/Bundle/$phr-export`
pub(crate) async fn get(State(app): State<App>, incoming: Incoming) -> Result<Response, Refusal> {
    let parameters = from_query(&incoming)?;
    answer(app, incoming, parameters).await
}

/// `POST [base]/Bundle/$phr-export`
pub(crate) async fn post(State(app): State<App>, incoming: Incoming, body: Body) -> Result<Response, Refusal> {
    let bytes = fhir_json(&incoming.headers, body, MAX_PARAMETERS_BYTES).await?;
    let parameters = from_body(&incoming, &bytes)?;
    answer(app, incoming, parameters).await
}

/// `GET [base]/Patient/id/$phr-export`
pub(crate) async fn get_instance(
    State(app): State<App>,
    incoming: Incoming,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut parameters = from_query(&incoming)?;
    parameters.patient = Some(key_of(("Patient", &id))?);
    answer(app, incoming, parameters).await
}

/// `POST [base]/Patient/id/$phr-export`
pub(crate) async fn post_instance(
    State(app): State<App>,
    incoming: Incoming,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    let bytes = fhir_json(&incoming.headers, body, MAX_PARAMETERS_BYTES).await?;
    let mut parameters = from_body(&incoming, &bytes)?;
    parameters.patient = Some(key_of(("Patient", &id))?);
    answer(app, incoming, parameters).await
}

async fn answer(app: App, incoming: Incoming, parameters: ExportParameters) -> Result<Response, Refusal> {
    let mut response = StatusCode::OK.into_response();
    name_file(&mut response, &incoming, &parameters);
    let ExportParameters { patient, format, start, end, since_us, is_collection, types, sealing, .. } = parameters;
    let request = move |record| ExportRequest {
        record,
        format,
        start,
        end,
        since_us,
        until_seq: None,
        is_collection,
        types,
        history: false,
        sealing,
        name: FILE_STEM.to_owned(),
    };
    if incoming.prefers_async() {
        let begin = move |phr: &Phr, caller: &Caller, address: &str| {
            // Whose record it is, is found out with the permit.
            job::begin_phr(phr, caller, patient.as_ref(), &request(RecordId::DIRECTORY), address)
        };
        return begin_phr(app, incoming, begin).await;
    }
    let asked = incoming.asked.clone();
    let work = move |phr: &Phr, caller: &Caller, out: Out<'_>| {
        let record = interaction::record_of_patient(phr, caller, patient.as_ref()).map_err(of_parameters)?;
        export(phr, caller, &request(record), &asked, out).map(drop).map_err(of_parameters)
    };
    streamed(app, incoming.caller(), response, work).await
}

/// Sends what `work` hands out as it comes; what it refuses before the first piece is answered by a status.
pub(super) async fn streamed(
    app: App,
    caller: Arc<Caller>,
    mut response: Response,
    work: impl FnOnce(&Phr, &Caller, Out<'_>) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    let turn = app.stream_turn().await?;
    let (sender, mut pieces) = mpsc::channel(MAX_WAITING_PIECES);
    let task = tokio::spawn(async move {
        let _turn = turn;
        let work = move |phr: &Phr, caller: &Caller| {
            let mut send = |piece| sender.blocking_send(piece).map_err(|_| Failure::Busy("the client left".to_owned()));
            work(phr, caller, &mut send)
        };
        app.run(caller, work).await
    });
    let Some(first) = pieces.recv().await else {
        // Nothing was released: what was refused is still to be told by a status.
        task.await.map_err(|_| Refusal::panicked())??;
        return Ok(response);
    };
    *response.body_mut() = Body::from_stream(stream_of(first, pieces, task));
    Ok(response)
}

/// The pieces in their order; a failure on the way breaks the connection off, so that no half is taken for a whole (PHR-57).
pub(crate) fn stream_of<E: Send + 'static>(
    first: Released<Vec<u8>>,
    pieces: mpsc::Receiver<Released<Vec<u8>>>,
    task: JoinHandle<Result<(), E>>,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    stream::unfold((Some(first), pieces, Some(task)), |(first, mut pieces, mut task)| async move {
        let piece = match first {
            Some(piece) => Some(piece),
            None => pieces.recv().await,
        };
        if let Some(piece) = piece {
            return Some((Ok(Bytes::from(piece.deliver())), (None, pieces, task)));
        }
        match task.take()?.await {
            Ok(Ok(())) => None,
            Ok(Err(_)) | Err(_) => Some((Err(std::io::Error::other("the export broke off")), (None, pieces, None))),
        }
    })
}

/// Media type, file name and version, as PHR-9 and PHR-53 say.
fn name_file(response: &mut Response, incoming: &Incoming, parameters: &ExportParameters) {
    let lines = if incoming.header(&ACCEPT).is_some_and(|accept| accept.contains("application/fhir+ndjson")) {
        "application/fhir+ndjson"
    } else {
        "application/x-ndjson"
    };
    let (media_type, disposition) = match parameters.format {
        ExportFormat::Bundle => (FHIR_JSON, None),
        ExportFormat::Ndjson => (lines, Some("attachment; filename=\"health-record.ndjson\"")),
        ExportFormat::Phr => (lines, Some("attachment; filename=\"health-record.phr\"")),
        ExportFormat::Sphr if parameters.is_jose() => {
            ("application/jose", Some("attachment; filename=\"health-record.sphr\""))
        }
        ExportFormat::Sphr => ("application/zip", Some("attachment; filename=\"health-record.sphr\"")),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(disposition) = disposition {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    }
    if parameters.format == ExportFormat::Phr {
        headers.insert(HeaderName::from_static("x-phr-version"), HeaderValue::from_static("1.0"));
    }
    if parameters.has_unknown {
        headers.insert(WARNING, HeaderValue::from_static("199 - \"unknown parameters were ignored\""));
    }
}
