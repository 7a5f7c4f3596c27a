//! Carrying the record away: which form, which dates, how sealed; streamed as `$phr-export` is (PHR-50 to PHR-57).

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use mecum_phr::Failure;
use mecum_phr::disclose::Asked;
use mecum_phr::export::{ExportFormat, ExportRequest, export};
use mecum_phr::words::Caller;
use mecum_phr::words::seal::{ArchivePassphrase, Sealing};
use tokio::sync::mpsc;

use super::form::Sent;
use super::page::{released, released_with};
use super::session::{Signed, Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::words::Words;
use crate::app::App;
use crate::fhir::export::{FILE_STEM, MAX_WAITING_PIECES, stream_of};
use crate::respond::set;

/// Words in the form, format, media type and ending of the file.
const FORMATS: [(&str, ExportFormat, &str, &str); 4] = [
    ("phr", ExportFormat::Phr, "application/x-ndjson", "phr"),
    ("sphr", ExportFormat::Sphr, "application/zip", "sphr"),
    ("ndjson", ExportFormat::Ndjson, "application/x-ndjson", "ndjson"),
    ("bundle", ExportFormat::Bundle, "application/fhir+json", "json"),
];

/// A date that was typed is at most so long, bytes.
const MAX_DATE_BYTES: usize = 40;

/// The form as it was filled in, without its passphrases.
#[derive(Clone)]
struct Filled {
    format: String,
    seal: String,
    start: String,
    end: String,
}

impl Default for Filled {
    fn default() -> Filled {
        let text = |text: &str| text.to_owned();
        Filled { format: text("phr"), seal: text("chosen"), start: String::new(), end: String::new() }
    }
}

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    shell: Shell,
    filled: Filled,
    /// Which field is wrong, and why.
    wrong: Vec<(&'static str, String)>,
}

impl ExportPage {
    fn wrong_in(&self, field: &str) -> Option<&String> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, sentence)| sentence)
    }
}

/// What is to be fetched, and what the answer says of it.
struct Wanted {
    caller: Caller,
    request: ExportRequest,
    asked: Asked,
    media_type: &'static str,
    ending: &'static str,
}

/// What a form came to.
enum Checked {
    Right(Box<Wanted>),
    Wrong(Response),
}

/// The page to choose how.
pub(super) async fn choose(
    State(app): State<App>,
    Path(record): Path<String>,
    visit: Visit,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let shell = visit.signed(phr, &record)?.shell("export")?;
        released(shell.map(|shell| ExportPage { shell, filled: Filled::default(), wrong: Vec::new() }))
    })
    .await
}

/// The file. A passphrase comes in the body of a form only, never in an address.
pub(super) async fn fetch(
    State(app): State<App>,
    Path(record): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Trouble> {
    let words = visit.words;
    let cut = |name: &str| sent.get(name).trim().chars().take(MAX_DATE_BYTES).collect::<String>();
    let filled = Filled { format: cut("format"), seal: cut("seal"), start: cut("start"), end: cut("end") };
    let (again, named, kept) = (visit.clone(), record.clone(), filled.clone());
    let checked = page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        signed.refuse_foreign(sent.get("form"))?;
        match wanted(&signed, &filled, &sent) {
            Ok(wanted) => Ok(Checked::Right(Box::new(wanted))),
            Err(wrong) => again_with(&signed, filled, wrong).map(Checked::Wrong),
        }
    });
    let wanted = match checked.await? {
        Checked::Right(wanted) => wanted,
        Checked::Wrong(response) => return Ok(response),
    };
    match carried(&app, *wanted).await {
        Ok(response) => Ok(response),
        Err(Failure::Invalid(faults)) => {
            let wrong: Vec<_> =
                faults.iter().map(|fault| (field_of(&fault.expression), fault.message.clone())).collect();
            page(&app, again, move |phr, visit| again_with(&visit.signed(phr, &named)?, kept, wrong)).await
        }
        Err(failure) => Err(Trouble::from(failure).in_words(words)),
    }
}

/// The form again, with sentences beside its fields.
fn again_with(signed: &Signed<'_>, filled: Filled, wrong: Vec<(&'static str, String)>) -> Result<Response, Trouble> {
    let page = signed.shell("export")?.map(|shell| ExportPage { shell, filled, wrong });
    released_with(StatusCode::BAD_REQUEST, page)
}

fn field_of(expression: &str) -> &'static str {
    ["start", "end"].into_iter().find(|name| expression.starts_with(name)).unwrap_or("format")
}

fn wanted(signed: &Signed<'_>, filled: &Filled, sent: &Sent) -> Result<Wanted, Vec<(&'static str, String)>> {
    let words = signed.words;
    let known = FORMATS.into_iter().find(|(word, ..)| *word == filled.format);
    let (word, format, media_type, ending) = known.ok_or_else(|| vec![("format", words.say("export-format-wrong"))])?;
    let sealing = if format == ExportFormat::Sphr { sealing(&filled.seal, sent, words)? } else { None };
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(Wanted {
        caller: signed.caller.clone(),
        request: ExportRequest {
            record: signed.record,
            format,
            start: given(&filled.start),
            end: given(&filled.end),
            since_us: None,
            until_seq: None,
            is_collection: false,
            types: None,
            history: false,
            sealing,
            name: FILE_STEM.to_owned(),
        },
        asked: signed.asked(&format!("export {word}")),
        media_type,
        ending,
    })
}

/// How the archive is sealed; `None` is with the record's own passphrase.
fn sealing(how: &str, sent: &Sent, words: Words) -> Result<Option<Sealing>, Vec<(&'static str, String)>> {
    let (first, second) = (sent.get("passphrase"), sent.get("again"));
    match how {
        "own" => Ok(None),
        "open" => Ok(Some(Sealing::None)),
        "chosen" if first.is_empty() => Err(vec![("passphrase", words.say("export-passphrase-missing"))]),
        "chosen" if first != second => Err(vec![("again", words.say("export-passphrase-differs"))]),
        "chosen" => {
            let passphrase = ArchivePassphrase::new(first).map_err(|error| vec![("passphrase", error.to_string())])?;
            Ok(Some(Sealing::AesZip(passphrase)))
        }
        _ => Err(vec![("seal", words.say("export-seal-wrong"))]),
    }
}

/// Streams it. What is refused before the first piece is told by a page; after it, the connection breaks off (PHR-57).
async fn carried(app: &App, wanted: Wanted) -> Result<Response, Failure> {
    let busy = || Failure::Busy("too many requests at once: try again shortly".to_owned());
    let turn = app.stream_turn().await.map_err(|_| busy())?;
    let (sender, mut pieces) = mpsc::channel(MAX_WAITING_PIECES);
    let Wanted { caller, request, asked, media_type, ending } = wanted;
    let (app, phr) = (app.clone(), Arc::clone(&app.phr));
    let task = tokio::spawn(async move {
        let _turn = turn;
        let work = move || {
            let mut send = |piece| sender.blocking_send(piece).map_err(|_| Failure::Busy("the client left".to_owned()));
            export(&phr, &caller, &request, &asked, &mut send).map(|_| ())
        };
        app.on_a_thread(work).await.unwrap_or_else(|_| Err(busy()))
    });
    let Some(first) = pieces.recv().await else {
        task.await.map_err(|_| Failure::Broken("an export panicked".to_owned()))??;
        return Err(Failure::Broken("an export released nothing".to_owned()));
    };
    let mut response = Body::from_stream(stream_of(first, pieces, task)).into_response();
    set(response.headers_mut(), CONTENT_TYPE, media_type);
    set(response.headers_mut(), CONTENT_DISPOSITION, &format!("attachment; filename=\"{FILE_STEM}.{ending}\""));
    Ok(response)
}
