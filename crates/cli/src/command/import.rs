//! `mecum import`: brings files into a record; lists what was brought in, and undoes it (design §8).

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use indicatif::ProgressBar;
use mecum_phr::import::{self, ImportJob, ImportReport, Original, OriginalContent, OtherPeople, Progress};
use mecum_phr::record::RecordEntry;
use mecum_phr::words::SourceKind;
use mecum_phr::words::seal::{Key, Passphrase, SealError};
use mecum_phr::words::sphr::{self, Limits, OpenError, Refusal};

use crate::config::{Settings, secret_of};
use crate::console::{answer, ask_secret, byte_bar, is_attended};
use crate::opening::{Opened, with_records};
use crate::stop::Stop;

/// Bring files into a record: .phr, .sphr, NDJSON, FHIR JSON, Bundles, ZIP, each gzipped or not.
///
/// The original is kept, sealed; lines that are no resource are kept aside and named; the same file again changes nothing. Sealed
/// files are opened with a passphrase that is asked for, or read from --file-passphrase-file; without either, with the record's own.
///
/// With --record-per-patient the files may be of many people: each gets a record, or theirs if the source has sent them before, and
/// every line goes to whom it is about. What is about several people is kept aside and named. One load can be undone as a whole.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "Examples:\n  mecum import visit.phr --record Ada --source 'St. Brigid Hospital'\n  \
mecum import watch.ndjson.gz --record Ada --source Watch --kind device\n  mecum import all.sphr --record Ada --dry-run\n  \
mecum import list --record Ada\n  mecum import undo 3 --record Ada\n  \
mecum import clinic/*.json --record-per-patient --source 'Clinic at the Bridge'\n  \
mecum import bulk-export --record-per-patient --source 'Clinic at the Bridge' --dry-run\n  \
mecum import list --loads\n  mecum import undo 1 --load")]
pub(crate) struct Import {
    #[command(subcommand)]
    action: Option<Action>,
    /// The files; one import takes all of them or nothing. With --record-per-patient also folders, whose files are taken.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The record, by number or name.
    #[arg(long, required_unless_present = "record_per_patient")]
    record: Option<String>,
    /// Open a record for each person in the files, or use the one that the source's patient has already.
    #[arg(long, conflicts_with_all = ["record", "other_people"])]
    record_per_patient: bool,
    /// Who the files come from; the same name again is the same sender [default: the first file's name].
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// What kind of sender it is.
    #[arg(long, value_enum, default_value_t = Kind::Organization)]
    kind: Kind,
    /// Say what would happen and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take the files even if they have Patients who are not the person of this record.
    #[arg(long)]
    other_people: bool,
    /// A file with the passphrase that opens the sealed ones.
    #[arg(long, value_name = "FILE")]
    file_passphrase_file: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Action {
    /// List the imports into a record.
    List {
        /// The record, by number or name.
        #[arg(long, required_unless_present = "loads")]
        record: Option<String>,
        /// List the loads of many people's files instead.
        #[arg(long, conflicts_with = "record")]
        loads: bool,
    },
    /// Undo an import: what it brought is deleted or set back, as one commit.
    Undo {
        /// The import's number, as `import list` says it.
        import: i64,
        /// The record, by number or name.
        #[arg(long, required_unless_present = "load")]
        record: Option<String>,
        /// The number is a load's, as `import list --loads` says it: undo it in every record that it reached.
        #[arg(long, conflicts_with = "record")]
        load: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Organization,
    App,
    Device,
    Person,
}

impl From<Kind> for SourceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Organization => SourceKind::Organization,
            Kind::App => SourceKind::App,
            Kind::Device => SourceKind::Device,
            Kind::Person => SourceKind::Person,
        }
    }
}

impl Import {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| match &self.action {
            None if self.record_per_patient => self.load(opened, settings),
            None => self.take(opened, settings),
            Some(Action::List { record: Some(record), .. }) => super::imports::list(opened, settings, record),
            Some(Action::List { record: None, .. }) => super::load::list(opened, settings),
            Some(Action::Undo { import, record: Some(record), .. }) => {
                super::imports::undo(opened, settings, record, *import)
            }
            Some(Action::Undo { import, record: None, .. }) => super::load::undo(opened, settings, *import),
        })
    }

    fn load(&self, opened: &Opened, settings: &Settings) -> Result<(), Stop> {
        let key = self.key(None)?;
        let (source, kind) = (self.source.as_deref(), self.kind.into());
        let wanted = super::load::Wanted { files: &self.files, source, kind, key, is_dry: self.dry_run };
        super::load::take(opened, settings, wanted)
    }

    fn take(&self, opened: &Opened, settings: &Settings) -> Result<(), Stop> {
        let row = opened.record(self.record.as_deref().unwrap_or_default())?;
        let names: Vec<String> = self.files.iter().map(|file| name_of(file)).collect();
        let key = self.key(Some((opened, &row)))?;
        let job = ImportJob {
            record: row.record,
            originals: self.originals(opened, &row)?,
            source_kind: self.kind.into(),
            source_name: self.source.clone().or_else(|| names.first().cloned()).unwrap_or_default(),
            key,
            other_people: if self.other_people { OtherPeople::Keep } else { OtherPeople::Refuse },
            message: format!("import {}", names.join(", ")),
        };
        let report = take_in(opened, &job, self.dry_run)?;
        answer(settings.json, &report.to_json(), &text_of(&report, self.dry_run))
    }

    /// The originals: looked at where they are for a dry run, else kept in the record first.
    fn originals(&self, opened: &Opened, row: &RecordEntry) -> Result<Vec<Original>, Stop> {
        let original = |path: &PathBuf| -> Result<Original, Stop> {
            let mut file = open_file(path)?;
            let size_bytes = file.metadata().map_err(|error| Stop::file(path, &error))?.len();
            if self.dry_run {
                let content = OriginalContent::File(path.clone());
                return Ok(Original { name: name_of(path), content, size_bytes });
            }
            Ok(import::keep(&opened.phr, &opened.caller, row.record, &name_of(path), &mut file)?)
        };
        self.files.iter().map(original).collect()
    }

    /// What opens the sealed ones among the files, if any is; a record has a passphrase of its own.
    fn key(&self, own: Option<(&Opened, &RecordEntry)>) -> Result<Option<Key>, Stop> {
        let mut is_wanted = false;
        for path in self.files.iter().filter(|path| !(self.record_per_patient && path.is_dir())) {
            is_wanted |= is_locked(open_file(path)?);
        }
        if !is_wanted {
            return Ok(None);
        }
        let typed = match &self.file_passphrase_file {
            Some(file) => secret_of(file)?,
            None if is_attended() && own.is_some() => {
                ask_secret("Passphrase of the file (empty: this record's own): ", "")?
            }
            None if is_attended() => ask_secret("Passphrase of the files: ", "")?,
            None => String::new(),
        };
        let text = match own {
            Some((opened, row)) if typed.is_empty() => {
                mecum_phr::record::file_passphrase(&opened.phr, &opened.caller, row.record)?
            }
            None if typed.is_empty() => {
                return Err(Stop::Usage(
                    "a file is sealed: name its passphrase with --file-passphrase-file".to_owned(),
                ));
            }
            _ => typed,
        };
        let passphrase = Passphrase::new(&text).map_err(|error| Stop::Refused(error.to_string()))?;
        Ok(Some(Key::Passphrase(passphrase)))
    }
}

/// Runs an import, or looks what it would do, with a bar on the terminal.
pub(crate) fn take_in(opened: &Opened, job: &ImportJob, is_dry: bool) -> Result<ImportReport, Stop> {
    let total_bytes = job.originals.iter().map(|original| original.size_bytes).sum();
    let bar = byte_bar(total_bytes, "reading names");
    let mut progress = |now: Progress| show(&bar, now);
    let report = if is_dry {
        import::preview(&opened.phr, &opened.caller, job, &mut progress)
    } else {
        import::run(&opened.phr, &opened.caller, job, &mut progress)
    };
    bar.finish_and_clear();
    Ok(report?)
}

fn show(bar: &ProgressBar, now: Progress) {
    bar.set_message(if now.pass == 1 { "reading names" } else { "taking in" });
    bar.set_length(now.total_bytes.max(now.n_bytes));
    bar.set_position(now.n_bytes);
}

/// Whether a file is an archive that asks for a key.
fn is_locked(file: File) -> bool {
    let opened = sphr::open(file, None, &Limits::default());
    matches!(opened, Err(OpenError::Seal(SealError::WrongKey) | OpenError::Refused(Refusal::Encrypted)))
}

pub(super) fn open_file(path: &Path) -> Result<File, Stop> {
    let file = File::open(path).map_err(|error| Stop::file(path, &error))?;
    let is_folder = file.metadata().is_ok_and(|metadata| metadata.is_dir());
    if is_folder {
        return Err(Stop::Usage(format!("{} is a folder: name the files in it", path.display())));
    }
    Ok(file)
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The report in words, with the first notes.
fn text_of(report: &ImportReport, is_dry: bool) -> String {
    const MOST_NOTES: usize = 20;
    let head = match (report.import, report.commit) {
        _ if is_dry => "Nothing was changed; the import would do this:".to_owned(),
        (Some(import), Some(_)) => format!("Import {import} is in the record."),
        (Some(import), None) => format!("Import {import}: nothing was new."),
        (None, _) => "Nothing was new.".to_owned(),
    };
    let mut lines = vec![head, format!("{:>9} lines read from {}", report.n_lines, report.source)];
    let counts = [
        (report.n_created, "new resources"),
        (report.n_updated, "new versions"),
        (report.n_unchanged, "known already"),
        (report.n_media, "files that came along"),
        (report.n_generated, "lines that an export had added"),
        (report.n_sender_outcomes, "lines in which the sender says what it could not write"),
        (report.n_quarantined, "lines that are no resource, kept aside"),
        (report.n_faulty, "resources with faults, kept as they are"),
        (report.n_unresolved, "references that lead nowhere"),
        (report.repairs.values().sum(), "repairs"),
    ];
    lines.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n:>9} {what}")));
    if report.is_possibly_truncated {
        lines.push("The file does not end as it should: the rest may be missing.".to_owned());
    }
    for note in report.notes.iter().take(MOST_NOTES) {
        lines.push(format!("  {} line {}: {}: {}", note.file, note.line, note.kind, note.message));
    }
    if report.notes.len() > MOST_NOTES {
        lines.push(format!("  and {} more notes; --json has them", report.notes.len() - MOST_NOTES));
    }
    lines.join("\n")
}
