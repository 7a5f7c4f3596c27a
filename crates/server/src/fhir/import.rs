//! `$import` of the PHR guide: a body streamed into the record, and a report of every line (PHR-58). A system that names no Patient
//! brings whoever is in the body: a record is opened for each whom no record holds.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use futures_util::StreamExt;
use mecum_fhir::json::Writer;
use mecum_fhir::outcome::{Issue, IssueCode, Outcome};
use mecum_phr::import::load::{LoadJob, LoadReport, PersonOutcome, load};
use mecum_phr::import::report::LineNote;
use mecum_phr::import::{ImportJob, ImportReport, OtherPeople, keep, keep_a_while, run};
use mecum_phr::words::seal::{Key, Passphrase};
use mecum_phr::{Failure, interaction};
use mecum_record::source::SourceKind;
use tokio::sync::{mpsc, oneshot};

use crate::app::App;
use crate::body::{Piece, bridge};
use crate::error::{Refusal, of_parameters};
use crate::incoming::{Fhir, essence, key_of};
use crate::respond;

/// Formats that are taken; what the bytes are is told from the bytes (PHR-9, PHR-58).
const MEDIA_TYPES: [&str; 11] = [
    "application/x-ndjson",
    "application/fhir+ndjson",
    "application/phr",
    "application/x-phr+ndjson",
    "application/ndjson",
    "application/octet-stream",
    "application/fhir+json",
    "application/json",
    "application/zip",
    "application/jose",
    "multipart/form-data",
];

/// A passphrase in a part of a form is at most so long, bytes.
const MAX_PASSPHRASE_BYTES: usize = 1024;

/// `POST [base]/Bundle/$import`
pub(crate) async fn import(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    request: Request,
) -> Result<Response, Refusal> {
    let media_type = incoming.header(&CONTENT_TYPE).map(essence).unwrap_or_default();
    if !MEDIA_TYPES.contains(&media_type.as_str()) {
        return Err(Refusal::unsupported_body("application/x-ndjson"));
    }
    let patient =
        incoming.param("patient").map(|text| key_of(("Patient", text.strip_prefix("Patient/").unwrap_or(text))));
    let patient = patient.transpose()?;
    let _turn = app.stream_turn().await?;
    let (pieces, mut reader) = bridge();
    let (key_sender, key) = oneshot::channel::<Option<Key>>();
    let work = move |phr: &_, caller: &mecum_record::caller::Caller| {
        let broke_off = |_| Failure::malformed("incomplete", "", "the body broke off");
        if patient.is_none() && caller.bound_record().is_none() {
            // A system that names nobody brings whoever is in the body.
            let original = keep_a_while(phr, caller, "received over HTTP", &mut reader)?;
            let job = LoadJob {
                originals: vec![original],
                source_kind: SourceKind::Organization,
                source_name: caller.name().to_owned(),
                is_source_named: true,
                key: key.blocking_recv().map_err(broke_off)?,
                message: format!("$import by {}", caller.name()),
            };
            return Ok(of_load(&load(phr, caller, &job, &mut |_| ())?));
        }
        let record = interaction::record_of_patient(phr, caller, patient.as_ref()).map_err(of_parameters)?;
        let original = keep(phr, caller, record, "received over HTTP", &mut reader)?;
        let job = ImportJob {
            record,
            originals: vec![original],
            source_kind: SourceKind::App,
            source_name: caller.name().to_owned(),
            key: key.blocking_recv().map_err(broke_off)?,
            other_people: OtherPeople::Refuse,
            message: format!("$import by {}", caller.name()),
        };
        Ok::<_, Refusal>(of_import(&run(phr, caller, &job, &mut |_| ())?))
    };
    let feed = async {
        let key = if media_type == "multipart/form-data" {
            feed_form(request, &pieces).await?
        } else {
            feed_body(request.into_body(), &pieces).await;
            None
        };
        // Whether anybody still listens is told by the report.
        let _ = key_sender.send(key);
        drop(pieces);
        Ok::<(), Refusal>(())
    };
    let caller = incoming.caller();
    let (fed, answer) = tokio::join!(feed, app.run(caller, work));
    fed?;
    Ok(respond::public(StatusCode::OK, answer?))
}

/// Hands the body on; the end is only said when it was reached. Stops when nobody reads any more.
async fn feed_body(body: Body, pieces: &mpsc::Sender<Piece>) {
    let mut stream = body.into_data_stream();
    while let Some(piece) = stream.next().await {
        let Ok(bytes) = piece else { return };
        if pieces.send(Piece::Bytes(bytes)).await.is_err() {
            return;
        }
    }
    let _ = pieces.send(Piece::End).await;
}

/// Hands the one file of a form on, and gives the passphrase of its other part.
async fn feed_form(request: Request, pieces: &mpsc::Sender<Piece>) -> Result<Option<Key>, Refusal> {
    let malformed = |_| Refusal::bad_request(IssueCode::Structure, "the form cannot be read");
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Refusal::bad_request(IssueCode::Structure, "the form has no boundary"))?;
    let (mut key, mut n_files) = (None, 0);
    while let Some(mut part) = form.next_field().await.map_err(malformed)? {
        if part.name() == Some("passphrase") {
            let mut text = Vec::new();
            while let Some(bytes) = part.chunk().await.map_err(malformed)? {
                text.extend_from_slice(&bytes);
                if text.len() > MAX_PASSPHRASE_BYTES {
                    return Err(Refusal::bad_request(IssueCode::TooLong, "the passphrase is too long"));
                }
            }
            key = Some(passphrase_of(&text)?);
            continue;
        }
        n_files += 1;
        if n_files > 1 {
            return Err(Refusal::bad_request(
                IssueCode::NotSupported,
                "send one file, and with it a passphrase at most",
            ));
        }
        while let Some(bytes) = part.chunk().await.map_err(malformed)? {
            if pieces.send(Piece::Bytes(bytes)).await.is_err() {
                return Ok(key);
            }
        }
    }
    if n_files == 0 {
        return Err(Refusal::bad_request(IssueCode::Required, "the form holds no file"));
    }
    let _ = pieces.send(Piece::End).await;
    Ok(key)
}

fn passphrase_of(text: &[u8]) -> Result<Key, Refusal> {
    let refused = || Refusal::bad_request(IssueCode::Value, "this cannot be a passphrase");
    let text = std::str::from_utf8(text).map_err(|_| refused())?;
    Ok(Key::Passphrase(Passphrase::new(text.trim_end_matches(['\r', '\n'])).map_err(|_| refused())?))
}

/// Parameters {created, updated, unchanged, quarantined, outcome}.
fn of_import(report: &ImportReport) -> String {
    let counts = [
        ("created", report.n_created),
        ("updated", report.n_updated),
        ("unchanged", report.n_unchanged),
        ("quarantined", report.n_quarantined),
    ];
    parameters(&counts, &[], &outcome(&report.notes, &[]))
}

/// The same of all people together, with a parameter for each Patient whose record was opened or reached.
fn of_load(report: &LoadReport) -> String {
    let counts = [
        ("created", report.total(|one| one.n_created)),
        ("updated", report.total(|one| one.n_updated)),
        ("unchanged", report.total(|one| one.n_unchanged)),
        ("quarantined", report.n_quarantined + report.total(|one| one.n_quarantined)),
        ("opened", report.n_opened() as u64),
    ];
    let refused: Vec<&str> = report
        .people
        .iter()
        .filter_map(|person| match &person.outcome {
            PersonOutcome::Refused(reason) => Some(reason.as_str()),
            PersonOutcome::Done(_) | PersonOutcome::Previewed => None,
        })
        .collect();
    let patients: Vec<&str> = report.people.iter().filter_map(|person| person.patient.as_deref()).collect();
    parameters(&counts, &patients, &outcome(&report.notes, &refused))
}

fn parameters(counts: &[(&str, u64)], patients: &[&str], outcome: &str) -> String {
    Writer::object(|answer| {
        answer.str("resourceType", "Parameters").arr("parameter", |parameters| {
            for (name, count) in counts {
                parameters.obj(|parameter| {
                    parameter.str("name", name).int("valueInteger", i64::try_from(*count).unwrap_or(i64::MAX));
                });
            }
            for patient in patients {
                parameters.obj(|parameter| {
                    parameter.str("name", "patient").obj("valueReference", |reference| {
                        reference.str("reference", &format!("Patient/{patient}"));
                    });
                });
            }
            parameters.obj(|parameter| {
                parameter.str("name", "outcome").raw("resource", outcome);
            });
        });
    })
}

/// One issue for every line that something is said of, and for everybody who was not taken in; what is said quotes nothing.
fn outcome(notes: &[LineNote], refused: &[&str]) -> String {
    let mut outcome = Outcome::new();
    for reason in refused {
        outcome.push(Issue::error(IssueCode::Processing).diagnostics(format!("a person was not taken in: {reason}")));
    }
    for note in notes {
        let issue = match note.kind {
            "quarantined" => Issue::error(IssueCode::Structure),
            "repaired" => Issue::information(IssueCode::Informational),
            "fault" => Issue::warning(IssueCode::Invalid),
            "unresolved" => Issue::warning(IssueCode::NotFound),
            _ => Issue::warning(IssueCode::Processing),
        };
        outcome.push(issue.diagnostics(format!("line {}: {}: {}", note.line, note.kind, note.message)));
    }
    if notes.is_empty() && refused.is_empty() {
        outcome.push(Issue::information(IssueCode::Informational).diagnostics("every line was taken in"));
    }
    outcome.to_json()
}
