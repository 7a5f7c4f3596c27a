//! `$everything`: all of a person's record, page by page (REST-50).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_fhir::outcome::IssueCode;
use mecum_fhir::reference::ResourceType;
use mecum_phr::Phr;
use mecum_phr::interaction::search::{EverythingRequest, everything};
use mecum_record::access::ResourceKey;
use mecum_record::caller::Caller;

use super::history::instant_of;
use super::searchset::{CURSOR, Links, bundle};
use crate::app::App;
use crate::body::fhir_json;
use crate::error::{Refusal, of_parameters};
use crate::incoming::{Fhir, Incoming, key_of, type_of};
use crate::respond;

/// The parameters of an operation are at most so long, bytes.
const MAX_PARAMETERS_BYTES: usize = 64 << 10;

/// Resources on a page at most.
const MAX_COUNT: u32 = 1000;

/// `GET [base]/Patient/id/$everything`
pub(crate) async fn get_instance(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let patient = key_of(("Patient", &id))?;
    answer(app, incoming, Some(patient)).await
}

/// `GET [base]/Patient/$everything`: of the person whose record the token is for.
pub(crate) async fn get_type(State(app): State<App>, Fhir(incoming): Fhir) -> Result<Response, Refusal> {
    answer(app, incoming, None).await
}

/// `POST [base]/Patient/id/$everything`
pub(crate) async fn post_instance(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    let patient = key_of(("Patient", &id))?;
    answer(app, with_parameters(incoming, body).await?, Some(patient)).await
}

/// `POST [base]/Patient/$everything`
pub(crate) async fn post_type(State(app): State<App>, Fhir(incoming): Fhir, body: Body) -> Result<Response, Refusal> {
    answer(app, with_parameters(incoming, body).await?, None).await
}

/// The parameters of a Parameters resource behind those of the address; an empty body has none.
async fn with_parameters(mut incoming: Incoming, body: Body) -> Result<Incoming, Refusal> {
    if incoming.header(&axum::http::header::CONTENT_TYPE).is_none() {
        return Ok(incoming);
    }
    let bytes = fhir_json(&incoming.headers, body, MAX_PARAMETERS_BYTES).await?;
    let refused =
        || Refusal::bad_request(IssueCode::Structure, "a Parameters resource with primitive values is posted here");
    let parameters: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| refused())?;
    if parameters["resourceType"] != "Parameters" {
        return Err(refused());
    }
    for parameter in parameters["parameter"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().ok_or_else(refused)?;
        let values = parameter.as_object().into_iter().flatten();
        let value =
            values.filter(|(key, _)| key.starts_with("value")).map(|(_, value)| value).next().ok_or_else(refused)?;
        let text = value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()));
        incoming.query.push((name.to_owned(), text.ok_or_else(refused)?));
    }
    Ok(incoming)
}

/// What is asked for. Not `Debug`: dates of care are health data.
#[derive(Default)]
struct Parameters {
    start: Option<String>,
    end: Option<String>,
    since_us: Option<i64>,
    types: Vec<ResourceType>,
    count: Option<u32>,
    cursor: Option<String>,
    honoured: Vec<(String, String)>,
}

impl Parameters {
    fn read(incoming: &Incoming) -> Result<Parameters, Refusal> {
        let mut parameters = Parameters::default();
        for (name, value) in incoming.query.iter().filter(|(_, value)| !value.is_empty()) {
            parameters.take(name, value)?;
        }
        Ok(parameters)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let mut shown = value.to_owned();
        match name {
            "start" => self.start = Some(value.to_owned()),
            "end" => self.end = Some(value.to_owned()),
            "_since" => self.since_us = Some(instant_of(value)?),
            "_type" => {
                for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                    let unknown = |_| Refusal::bad_request(IssueCode::Value, "_type names types of FHIR R4");
                    self.types.push(type_of(name).map_err(unknown)?);
                }
            }
            "_count" => {
                let count = value.parse::<u32>().ok().filter(|count| *count > 0);
                let refused = || Refusal::bad_request(IssueCode::Value, "_count must be a number from 1");
                let count = count.ok_or_else(refused)?.min(MAX_COUNT);
                shown = count.to_string();
                self.count = Some(count);
            }
            CURSOR => {
                self.cursor = Some(value.to_owned());
                return Ok(());
            }
            "_format" | "_pretty" => return Ok(()),
            _ => {
                let message = "$everything takes start, end, _since, _type and _count";
                return Err(Refusal::bad_request(IssueCode::NotSupported, message));
            }
        }
        self.honoured.push((name.to_owned(), shown));
        Ok(())
    }
}

async fn answer(app: App, incoming: Incoming, patient: Option<ResourceKey>) -> Result<Response, Refusal> {
    let parameters = Parameters::read(&incoming)?;
    let address = match &patient {
        Some(patient) => format!("Patient/{}/$everything", patient.id),
        None => "Patient/$everything".to_owned(),
    };
    let links = Links::of(&incoming, &address, &parameters.honoured)?;
    let asked = incoming.asked.clone();
    let work = move |phr: &Phr, caller: &Caller| {
        let request = EverythingRequest {
            address: &address,
            patient: patient.as_ref(),
            start: parameters.start.as_deref(),
            end: parameters.end.as_deref(),
            since_us: parameters.since_us,
            types: &parameters.types,
            count: parameters.count,
            cursor: parameters.cursor.as_deref(),
            honoured: &parameters.honoured,
        };
        everything(phr, caller, &request, &asked).map_err(of_parameters)
    };
    let released = app.run(incoming.caller(), work).await?;
    Ok(respond::text(StatusCode::OK, released.map(|set| bundle(&incoming.base, &links, &[], &set))))
}
