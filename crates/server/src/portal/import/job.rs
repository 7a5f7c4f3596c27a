//! The page of files that came in: what they are, what they would do, and the button that takes them in.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_phr::commits::imports::sources;
use mecum_phr::import::{Format, Progress, own_key};
use mecum_phr::words::SourceKind;
use mecum_phr::words::seal::{Key, Passphrase};

use super::jobs::{Job, Step};
use super::names::MAX_SOURCE_BYTES;
use super::told::{Told, size_text};
use super::work::{Doing, begin};
use crate::app::App;
use crate::portal::form::Sent;
use crate::portal::page::{released_with, see_other};
use crate::portal::session::{Signed, Visit, page};
use crate::portal::shell::Shell;
use crate::portal::trouble::Trouble;
use crate::portal::words::Words;

#[derive(Template)]
#[template(path = "import_job.html")]
struct JobPage {
    shell: Shell,
    address: String,
    /// Name, size and what it is.
    files: Vec<(String, String, String)>,
    source: String,
    kind: SourceKind,
    known_sources: Vec<String>,
    wrong: Option<String>,
    /// Whether to ask for a passphrase, and whether one was tried.
    locked: Option<bool>,
    /// How far it is, while something is at work; and whether that is the import itself.
    progress: Option<(Progress, bool)>,
    told: Option<Told>,
    /// Why it cannot be taken in, and what the rooms below say.
    refused: Option<(String, String)>,
}

impl JobPage {
    fn is_kind(&self, kind: &str) -> bool {
        self.kind.word() == kind
    }
}

/// What a form asks for.
enum Wanted {
    /// Look, with this source and key.
    Look(String, SourceKind, Option<Key>),
    Take,
    Drop,
    /// A field is wrong: the form as it was sent, with the sentence.
    Wrong(Box<Job>, String),
}

/// How far the files are.
pub(in crate::portal) async fn job(
    State(app): State<App>,
    Path((record, name)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Trouble> {
    let jobs = std::sync::Arc::clone(&app.jobs);
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let now_us = phr.now_us();
        let job = jobs.with(signed.record, &name, |job| {
            job.touched_at_us = now_us;
            job.clone()
        });
        match job {
            // Done and forgotten, or of a server that was started anew: the list of imports tells which.
            None => Ok(see_other(&format!("/r/{record}/import"))),
            Some(Job { step: Step::Done(import), .. }) => {
                let import = import.map_or_else(String::new, |import| format!("/{import}"));
                Ok(see_other(&format!("/r/{record}/import{import}")))
            }
            Some(job) => shown(&signed, (job, &name), None),
        }
    })
    .await
}

/// Takes the files in, looks again with what was filled in, or forgets them.
pub(in crate::portal) async fn decide(
    State(app): State<App>,
    Path((record, name)): Path<(String, String)>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Trouble> {
    let words = visit.words;
    let (again, asked, jobs) = (visit.clone(), name.clone(), std::sync::Arc::clone(&app.jobs));
    let path = record.clone();
    let decided = page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &path)?;
        signed.refuse_foreign(sent.get("form"))?;
        let job = jobs.with(signed.record, &asked, |job| job.clone()).ok_or_else(Trouble::not_here)?;
        let wanted = wanted(&signed, job, &sent)?;
        Ok((wanted, signed.caller, signed.record))
    });
    let (wanted, caller, id) = decided.await?;
    let begun = match wanted {
        Wanted::Look(source_name, source_kind, key) => {
            let prepare = |job: &mut Job| {
                (job.source_name, job.source_kind) = (source_name, source_kind);
                job.key = key;
            };
            begin(&app, caller, (id, name.clone()), Doing::Look, prepare).await
        }
        Wanted::Take => begin(&app, caller, (id, name.clone()), Doing::Take, |_| ()).await,
        Wanted::Drop => {
            app.jobs.forget(id, &name);
            return Ok(see_other(&format!("/r/{record}/import")));
        }
        Wanted::Wrong(job, sentence) => {
            let work = move |phr: &_, visit: &Visit| shown(&visit.signed(phr, &record)?, (*job, &name), Some(sentence));
            return page(&app, again, work).await;
        }
    };
    begun.map_err(|trouble| trouble.in_words(words))?;
    Ok(see_other(&format!("/r/{record}/import/job/{name}")))
}

fn wanted(signed: &Signed<'_>, mut job: Job, sent: &Sent) -> Result<Wanted, Trouble> {
    if sent.get("act") == "drop" {
        return Ok(Wanted::Drop);
    }
    if sent.get("act") == "open" {
        let typed = sent.get("passphrase");
        let key = if typed.is_empty() {
            own_key(signed.phr, &signed.caller, signed.record)?
        } else {
            match Passphrase::new(typed) {
                Ok(passphrase) => Key::Passphrase(passphrase),
                Err(error) => return Ok(Wanted::Wrong(Box::new(job), error.to_string())),
            }
        };
        return Ok(Wanted::Look(job.source_name, job.source_kind, Some(key)));
    }
    let source = sent.get("source").trim();
    let kind = SourceKind::parse(sent.get("kind")).unwrap_or(SourceKind::Organization);
    if source.is_empty() || source.len() > MAX_SOURCE_BYTES || source.chars().any(char::is_control) {
        (job.source_name, job.source_kind) = (source.chars().take(MAX_SOURCE_BYTES).collect(), kind);
        return Ok(Wanted::Wrong(Box::new(job), signed.words.say("import-source-wrong")));
    }
    // What was looked at is what is taken in: under another name other lines may be known already.
    let is_same = source == job.source_name && kind == job.source_kind;
    if sent.get("act") == "take" && is_same && matches!(job.step, Step::Looked(_)) {
        return Ok(Wanted::Take);
    }
    Ok(Wanted::Look(source.to_owned(), kind, job.key))
}

fn shown(signed: &Signed<'_>, (job, name): (Job, &str), wrong: Option<String>) -> Result<Response, Trouble> {
    let known = sources(signed.phr, &signed.caller, signed.record)?;
    let status = if wrong.is_none() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    released_with(
        status,
        signed.shell("import")?.with(known).map(|(shell, known_sources)| {
            let words = shell.words;
            let file = |(original, look): (&mecum_phr::import::Original, &mecum_phr::import::Look)| {
                (original.name.clone(), size_text(original.size_bytes, words), format_text(look.format, words))
            };
            JobPage {
                address: shell.at(&format!("import/job/{name}")),
                files: job.originals.iter().zip(&job.looks).map(file).collect(),
                source: job.source_name,
                kind: job.source_kind,
                known_sources,
                wrong,
                locked: if let Step::Locked(tried) = job.step { Some(tried) } else { None },
                progress: match job.step {
                    Step::Looking(progress) => Some((progress, false)),
                    Step::Taking(progress) => Some((progress, true)),
                    _ => None,
                },
                told: if let Step::Looked(report) = &job.step {
                    Some(Told::of(&report.to_json(), words))
                } else {
                    None
                },
                refused: match job.step {
                    Step::Refused(id, detail) => Some((words.say(id), detail)),
                    _ => None,
                },
                shell,
            }
        }),
    )
}

/// What a file is, in words.
fn format_text(format: Format, words: Words) -> String {
    words.say(match format {
        Format::Ndjson => "format-ndjson",
        Format::Json => "format-json",
        Format::Zip => "format-zip",
        Format::Gzip => "format-gzip",
        Format::Jwe => "format-jwe",
        Format::Age => "format-age",
        Format::OpenPgp => "format-openpgp",
        Format::Empty => "format-empty",
        Format::Unknown => "format-unknown",
    })
}
