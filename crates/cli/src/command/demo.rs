//! `mecum demo`: an invented family in a folder that is named and kept, served, with commands to try (decision 0003).

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use clap::Args;
use mecum_phr::import::{self, ImportJob, OtherPeople};
use mecum_phr::installation::Workload;
use mecum_phr::words::{RecordId, ScopeSet, SourceKind};
use mecum_phr::{record, sign_in, token};
use mecum_server::ServerConfig;
use mecum_testkit::people::{OriginKind, SourceFile, family};

use super::import::take_in;
use super::serve::until_stopped;
use super::sign_in::link_at;
use crate::config::Settings;
use crate::console::{count_bar, note};
use crate::opening::{Opened, open};
use crate::stop::Stop;

mod files;

const DAY_US: i64 = 86_400_000_000;
const FIRST_PORT: u16 = 8080;

/// Make an invented family in a folder, import all that came to them, and serve it, with commands to try.
///
/// The folder is kept, and used again the next time. Everybody in it is invented.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum demo\n  mecum demo --data /tmp/family --seed 7")]
pub(crate) struct Demo {
    /// Another number gives other values, and the same stories.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make the folder and end, without serving.
    #[arg(long)]
    no_serve: bool,
}

/// A person's record in the demo, and the file with its token.
struct Shown {
    name: String,
    record: RecordId,
    patient: Option<String>,
    token_file: PathBuf,
}

impl Demo {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        if settings.database.is_some() || settings.database_file.is_some() {
            return Err(Stop::Usage("the demo is kept in a folder: leave the database out".to_owned()));
        }
        let folder = settings.data.clone().unwrap_or_else(|| PathBuf::from("mecum-demo"));
        let folder = std::path::absolute(&folder).map_err(|error| Stop::file(&folder, &error))?;
        let marker = folder.join("demo.txt");
        let is_foreign = folder.is_dir() && !marker.exists() && !is_empty(&folder)?;
        if is_foreign {
            let text = format!("{} is no demo: name an empty or a new folder with --data", folder.display());
            return Err(Stop::Refused(text));
        }
        fs::create_dir_all(&folder).map_err(|error| Stop::file(&folder, &error))?;
        write_once(&marker, b"This folder was made by `mecum demo`. Everybody in it is invented.\n")?;
        let data = folder.join("data");
        let opened = open(&Settings { data: Some(data.clone()), ..settings.clone() }, Workload::SERVER)?;
        let made = self.people(&opened, &folder);
        let shown = match made {
            Ok(shown) => shown,
            Err(stop) => {
                opened.phr.close()?;
                return Err(stop);
            }
        };
        let key = settings.key_file.as_ref().map_or_else(String::new, |file| format!(" --key-file {}", quoted(file)));
        let start = format!("  {} --data {}{key}", program(), quoted(&data));
        if self.no_serve {
            tell(&folder, &start, &shown, None);
            return Ok(opened.phr.close()?);
        }
        let listen = free_address()?;
        let records: Vec<RecordId> = shown.iter().map(|person| person.record).collect();
        let link = sign_in::issue_link(&opened.phr, &opened.caller, &records)?;
        tell(&folder, &start, &shown, Some(listen));
        note(&format!(
            "\nOpen in a browser (this link works once, within ten minutes):\n\n  {}\n",
            link_at(&format!("http://{listen}"), &link)
        ));
        until_stopped(opened.phr, ServerConfig { listen, behind_proxy: false })
    }

    /// A record for each person with all of the files; what is there already stays.
    fn people(&self, opened: &Opened, folder: &Path) -> Result<Vec<Shown>, Stop> {
        let family = family(self.seed);
        note(&format!("The demo family is in {}", folder.display()));
        let bar = count_bar(family.files.len() as u64, "importing");
        let mut shown = Vec::new();
        for (at, person) in family.people.iter().enumerate() {
            let rows = record::list(&opened.phr)?;
            let known = rows.iter().find(|row| row.name == person.name).map(|row| row.record);
            let record = match known {
                Some(record) => record,
                None => record::open(&opened.phr, &opened.caller, &person.name)?,
            };
            let place = folder.join("files").join(&person.given);
            let done = place.join("imported.txt");
            for file in family.files.iter().filter(|file| file.person == at) {
                if !done.exists() {
                    bring_in(opened, record, file, &place)?;
                }
                bar.inc(1);
            }
            write_once(&done, b"All files in this folder are in the record.\n")?;
            let token_file = token_file(opened, record, &folder.join("tokens").join(&person.given))?;
            let patient = record::find(&opened.phr, &record.to_string())?.subject_id;
            shown.push(Shown { name: person.name.clone(), record, patient, token_file });
        }
        bar.finish_and_clear();
        Ok(shown)
    }
}

/// Writes a source's file to the folder and imports it, as somebody would who had received it.
fn bring_in(opened: &Opened, record: RecordId, file: &SourceFile, place: &Path) -> Result<(), Stop> {
    let mut originals = Vec::new();
    for path in files::write(file, place)? {
        let mut content = fs::File::open(&path).map_err(|error| Stop::file(&path, &error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        originals.push(import::keep(&opened.phr, &opened.caller, record, &name, &mut content)?);
    }
    let job = ImportJob {
        record,
        originals,
        source_kind: match file.source.kind {
            OriginKind::Organization => SourceKind::Organization,
            OriginKind::App => SourceKind::App,
            OriginKind::Device => SourceKind::Device,
        },
        source_name: file.source.name.clone(),
        key: None,
        other_people: OtherPeople::Keep,
        message: format!("import {}", file.file_name),
    };
    take_in(opened, &job, false).map(drop)
}

/// A token that reads the record, in a file for its user alone, as a header that curl takes from it.
fn token_file(opened: &Opened, record: RecordId, path: &Path) -> Result<PathBuf, Stop> {
    let path = path.with_extension("header");
    let header = fs::read_to_string(&path).ok();
    let bearer = header.as_deref().and_then(|header| header.trim().strip_prefix("Authorization: Bearer "));
    if let Some(bearer) = bearer
        && token::caller_of(&opened.phr, bearer)?.is_some()
    {
        return Ok(path);
    }
    let scopes = ScopeSet::parse("patient/*.rs").map_err(|error| Stop::Failed(error.to_string()))?;
    let issued = token::issue(&opened.phr, &opened.caller, "demo", Some(record), &scopes, 30 * DAY_US)?;
    // One of an earlier day is of no use any more.
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Stop::file(&path, &error)),
        _ => {}
    }
    write_once(&path, format!("Authorization: Bearer {}\n", issued.token.as_str()).as_bytes())?;
    Ok(path)
}

/// Writes a small file, for its user alone, unless it is there.
fn write_once(path: &Path, content: &[u8]) -> Result<(), Stop> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Stop::file(folder, &error))?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        opened => {
            let mut file = opened.map_err(|error| Stop::file(path, &error))?;
            file.write_all(content).map_err(|error| Stop::file(path, &error))
        }
    }
}

fn is_empty(folder: &Path) -> Result<bool, Stop> {
    let mut entries = fs::read_dir(folder).map_err(|error| Stop::file(folder, &error))?;
    Ok(entries.next().is_none())
}

/// 8080 of this machine if it is free, else whatever is.
fn free_address() -> Result<SocketAddr, Stop> {
    let bind = |port: u16| TcpListener::bind((IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    let listener = bind(FIRST_PORT)
        .or_else(|_| bind(0))
        .map_err(|error| Stop::Failed(format!("no port of this machine is free: {error}")))?;
    listener.local_addr().map_err(|error| Stop::Failed(format!("no port of this machine is free: {error}")))
}

/// Says what there is and what to try, in commands that work as they are.
fn tell(folder: &Path, start: &str, shown: &[Shown], listen: Option<SocketAddr>) {
    let command = |rest: &str| format!("{start} {rest}");
    let mut lines: Vec<String> =
        shown.iter().map(|person| format!("  record {}: {}", person.record, person.name)).collect();
    lines.insert(0, "Everybody here is invented:".to_owned());
    if let Some(listen) = listen {
        lines.push(format!("\nServing on http://{listen} until Ctrl-C. From a second terminal:\n"));
    } else {
        lines.push("\nTo try:\n".to_owned());
    }
    if let Some(person) = shown.get(1).or(shown.first()) {
        let record = person.record;
        lines.push(command("record list"));
        lines.push(match listen {
            Some(listen) => command(&format!("sign-in --record {record} --at http://{listen}")),
            None => command(&format!("sign-in --record {record}")),
        });
        lines.push(command(&format!("import list --record {record}")));
        lines.push(command(&format!("log --record {record}")));
        lines.push(command(&format!("verify --record {record}")));
        lines.push(command(&format!("export --record {record} --format phr | head -n 3")));
        if let (Some(listen), Some(patient)) = (listen, &person.patient) {
            let header = quoted(&person.token_file);
            lines.push(format!("  curl -s -H @{header} http://{listen}/fhir/Patient/{patient}"));
            lines.push(format!(
                "  curl -s -H @{header} 'http://{listen}/fhir/Patient/{patient}/$phr-export' | head -c 2000"
            ));
        }
    }
    lines.push(format!("\nAll of it but the key file is in {}; delete that folder to be rid of it.", folder.display()));
    note(&lines.join("\n"));
}

/// How this program is started again.
fn program() -> String {
    env::current_exe().map_or_else(|_| "mecum".to_owned(), |path| quoted(&path))
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
