//! The page to choose files, and taking them as they come: each streams into the record sealed, nothing is written in the clear.

use askama::Template;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_phr::commits::imports::{ImportEntry, list};
use mecum_phr::import::{Original, keep, look};
use mecum_phr::words::{Caller, RecordId, SourceKind};
use mecum_phr::{Failure, sign_in};

use super::jobs::{Job, Step};
use super::names::{file_name, source_of};
use super::told::Told;
use super::work::{Doing, begin};
use crate::app::App;
use crate::body::{Piece, bridge};
use crate::portal::page::{released_with, see_other};
use crate::portal::session::{Visit, page};
use crate::portal::shell::Shell;
use crate::portal::trouble::Trouble;
use crate::portal::words::Words;

/// Files brought at once, at most.
const MAX_FILES: usize = 50;

/// Their bytes together, at most; larger ones come in at the command line.
const MAX_BYTES: u64 = 8 << 30;

/// A field of the form that is no file, bytes.
const MAX_FIELD_BYTES: usize = 1024;

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    shell: Shell,
    wrong: Option<String>,
    imports: Vec<ImportLine>,
}

/// An import in the list.
struct ImportLine {
    import: i64,
    at_us: i64,
    state: String,
    told: Told,
    is_undone: bool,
}

/// Why an upload was not taken.
enum Upload {
    /// The whole page.
    Stopped(Trouble),
    /// A sentence beside the field.
    Wrong(&'static str),
}

impl From<Trouble> for Upload {
    fn from(trouble: Trouble) -> Upload {
        Upload::Stopped(trouble)
    }
}

/// The page to choose files, with the imports there were.
pub(in crate::portal) async fn choose(
    State(app): State<App>,
    Path(record): Path<String>,
    visit: Visit,
) -> Result<Response, Trouble> {
    shown(&app, record, visit, None).await
}

async fn shown(app: &App, record: String, visit: Visit, wrong: Option<String>) -> Result<Response, Trouble> {
    page(app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let imports = list(phr, &signed.caller, signed.record)?;
        let status = if wrong.is_none() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        let both = signed.shell("import")?.with(imports);
        released_with(
            status,
            both.map(|(shell, imports)| {
                let imports = imports.iter().map(|entry| line(entry, shell.words)).collect();
                ImportPage { shell, wrong, imports }
            }),
        )
    })
    .await
}

fn line(entry: &ImportEntry, words: Words) -> ImportLine {
    ImportLine {
        import: entry.import.0,
        at_us: entry.started_at_us,
        state: words.say(&format!("import-state-{}", entry.state.word())),
        told: Told::of(&entry.report, words),
        is_undone: entry.undone_by.is_some(),
    }
}

/// Takes the files, and goes on to the page that says what they would do.
pub(in crate::portal) async fn receive(
    State(app): State<App>,
    Path(record): Path<String>,
    visit: Visit,
    request: Request,
) -> Result<Response, Trouble> {
    let (words, named) = (visit.words, record.clone());
    // Nothing of the body is read before it is known who sends it.
    let signed = page(&app, visit.clone(), move |phr, visit| {
        let signed = visit.signed(phr, &named)?;
        Ok((signed.session, signed.caller, signed.record))
    });
    let (session, caller, id) = signed.await?;
    match take(&app, request, (&session, &caller, id)).await {
        Ok(job) => Ok(see_other(&format!("/r/{record}/import/job/{job}"))),
        Err(Upload::Stopped(trouble)) => Err(trouble.in_words(words)),
        Err(Upload::Wrong(sentence)) => shown(&app, record, visit, Some(words.say(sentence))).await,
    }
}

async fn take(
    app: &App,
    request: Request,
    (session, caller, record): (&sign_in::Session, &Caller, RecordId),
) -> Result<String, Upload> {
    let turn = app.stream_turn().await.map_err(|_| Trouble::busy())?;
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Trouble::foreign_form())?;
    let first = form.next_field().await.ok().flatten().filter(|field| field.name() == Some("form"));
    let token = text_of(first.ok_or_else(Trouble::foreign_form)?).await?;
    if !session.is_own_form(&token) {
        return Err(Trouble::foreign_form().into());
    }
    let (mut originals, mut left) = (Vec::new(), MAX_BYTES);
    while let Some(field) = form.next_field().await.map_err(|_| Upload::Wrong("import-broke-off"))? {
        let Some(name) = field.file_name().map(file_name).filter(|name| !name.is_empty()) else { continue };
        if originals.len() == MAX_FILES {
            return Err(Upload::Wrong("import-too-many"));
        }
        let original = kept(app, (caller.clone(), record, name), field, left).await?;
        left = left.saturating_sub(original.size_bytes);
        originals.push(original);
    }
    if originals.is_empty() {
        return Err(Upload::Wrong("import-no-file"));
    }
    drop(turn);
    let job = looked_at(app, caller.clone(), record, originals).await?;
    let is_locked = matches!(job.step, Step::Locked(_));
    let name = app.jobs.add(job).ok_or_else(Trouble::busy)?;
    if !is_locked {
        begin(app, caller.clone(), (record, name.clone()), Doing::Look, |_| ()).await?;
    }
    Ok(name)
}

/// Streams one file into the record.
async fn kept(
    app: &App,
    (caller, record, name): (Caller, RecordId, String),
    mut field: Field<'_>,
    most_bytes: u64,
) -> Result<Original, Upload> {
    let (pieces, mut reader) = bridge();
    let phr = std::sync::Arc::clone(&app.phr);
    let keeping = app.on_a_thread(move || keep(&phr, &caller, record, &name, &mut reader));
    let feeding = async move {
        let mut n_bytes: u64 = 0;
        while let Some(bytes) = field.chunk().await.map_err(|_| Upload::Wrong("import-broke-off"))? {
            n_bytes += bytes.len() as u64;
            if n_bytes > most_bytes {
                return Err(Upload::Wrong("import-too-large"));
            }
            if pieces.send(Piece::Bytes(bytes)).await.is_err() {
                return Ok(());
            }
        }
        // Whether anybody still listens is told by the keeping.
        let _ = pieces.send(Piece::End).await;
        Ok(())
    };
    let (fed, kept) = tokio::join!(feeding, keeping);
    fed?;
    let kept = kept.map_err(|_| Trouble::busy())?;
    Ok(kept.map_err(Trouble::from)?)
}

/// The job that the files make; what they are is told from their bytes.
async fn looked_at(app: &App, caller: Caller, record: RecordId, originals: Vec<Original>) -> Result<Job, Trouble> {
    let phr = std::sync::Arc::clone(&app.phr);
    let looking = app.on_a_thread(move || {
        let looks: Result<Vec<_>, Failure> =
            originals.iter().map(|original| look(&phr, &caller, record, original)).collect();
        looks.map(|looks| Job {
            record,
            source_name: originals.first().map(|first| source_of(&first.name)).unwrap_or_default(),
            source_kind: SourceKind::Organization,
            key: None,
            step: if looks.iter().any(|look| look.is_locked) {
                Step::Locked(false)
            } else {
                Step::Refused("import-later", String::new())
            },
            touched_at_us: phr.now_us(),
            originals,
            looks,
        })
    });
    Ok(looking.await.map_err(|_| Trouble::busy())??)
}

async fn text_of(mut field: Field<'_>) -> Result<String, Trouble> {
    let mut text = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(|_| Trouble::foreign_form())? {
        text.extend_from_slice(&bytes);
        if text.len() > MAX_FIELD_BYTES {
            return Err(Trouble::foreign_form());
        }
    }
    String::from_utf8(text).map_err(|_| Trouble::foreign_form())
}
