//! `mecum export`: carries a record away as a file (PHR-50 to PHR-57).

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use mecum_phr::Failure;
use mecum_phr::disclose::Asked;
use mecum_phr::export::{self, ExportFormat, ExportReport, ExportRequest};
use mecum_phr::words::seal::{Passphrase, Sealing};
use serde_json::json;
use tempfile::NamedTempFile;

use crate::config::{Settings, secret_of};
use crate::console::{answer, count_bar};
use crate::opening::{Opened, with_records};
use crate::stop::Stop;

/// The longest file stem taken from a record's name, characters.
const MAX_STEM: usize = 60;

/// Carry a record away: as a .phr, a sealed .sphr with its files, NDJSON or a document Bundle.
///
/// An .sphr is sealed with the record's own passphrase (`mecum record passphrase`), which is for yourself; for anyone else name a
/// passphrase of its own with --file-passphrase-file.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum export --record Ada --format sphr -o ada.sphr\n  \
mecum export --record Ada --format phr --start 2020 --end 2024-06 -o ada.phr\n  mecum export --record Ada --format ndjson | wc -l")]
pub(crate) struct Export {
    /// The record, by number or name.
    #[arg(long)]
    record: String,
    /// The form of the file.
    #[arg(long, value_enum, default_value_t = Format::Sphr)]
    format: Format,
    /// The first date that counts, e.g. 2020 or 2020-03-01.
    #[arg(long, value_name = "DATE")]
    start: Option<String>,
    /// The last date that counts, the whole of it.
    #[arg(long, value_name = "DATE")]
    end: Option<String>,
    /// Every version, oldest first, and not the current ones only.
    #[arg(long)]
    history: bool,
    /// The file to write, which must not be there yet [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Leave an .sphr unsealed: whoever has the file can read it.
    #[arg(long, conflicts_with = "file_passphrase_file")]
    unsealed: bool,
    /// A file with a passphrase to seal an .sphr with, in place of the record's own.
    #[arg(long, value_name = "FILE")]
    file_passphrase_file: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Phr,
    Sphr,
    Ndjson,
    Bundle,
}

impl Format {
    fn wanted(self) -> ExportFormat {
        match self {
            Format::Phr => ExportFormat::Phr,
            Format::Sphr => ExportFormat::Sphr,
            Format::Ndjson => ExportFormat::Ndjson,
            Format::Bundle => ExportFormat::Bundle,
        }
    }
}

impl Export {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        if self.unsealed && self.format != Format::Sphr {
            return Err(Stop::Usage("--unsealed is for --format sphr: the other forms are never sealed".to_owned()));
        }
        if self.output.is_none() && self.format == Format::Sphr && io::stdout().is_terminal() {
            return Err(Stop::Usage("an .sphr is no text for a terminal: name a file with -o".to_owned()));
        }
        if self.output.is_none() && settings.json {
            return Err(Stop::Usage("--json reports what was written to a file: name one with -o".to_owned()));
        }
        with_records(settings, |opened| match &self.output {
            Some(path) => self.to_file(opened, settings, path),
            None => self.write(opened, &mut io::stdout().lock()).map(drop),
        })
    }

    /// Writes the file whole or not at all, readable for its user alone.
    fn to_file(&self, opened: &Opened, settings: &Settings, path: &Path) -> Result<(), Stop> {
        if path.exists() {
            return Err(Stop::Refused(format!("{} is there already and is not overwritten", path.display())));
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder).map_err(|error| Stop::file(folder, &error))?;
        let report = self.write(opened, &mut io::BufWriter::new(file.as_file_mut()))?;
        file.as_file().sync_all().map_err(|error| Stop::file(path, &error))?;
        file.persist_noclobber(path).map_err(|failed| Stop::file(path, &failed.error))?;
        let suppressed: Vec<&str> = report.suppressed.iter().map(|kind| kind.name()).collect();
        let json = json!({"file": path.display().to_string(), "lines": report.n_lines, "resources": report.n_resources,
            "media": report.n_media, "suppressed": suppressed});
        let text = format!(
            "{}: {} resources and {} files in {} lines",
            path.display(),
            report.n_resources,
            report.n_media,
            report.n_lines
        );
        answer(settings.json, &json, &text)
    }

    fn write(&self, opened: &Opened, out: &mut dyn Write) -> Result<ExportReport, Stop> {
        let row = opened.record(&self.record)?;
        let request = ExportRequest {
            record: row.record,
            format: self.format.wanted(),
            start: self.start.clone(),
            end: self.end.clone(),
            since_us: None,
            until_seq: None,
            is_collection: false,
            types: None,
            history: self.history,
            sealing: self.sealing()?,
            name: stem(&row.name),
        };
        let bar = count_bar(0, "writing bytes");
        let asked = Asked::new("export");
        let mut has_enough = false;
        let report = export::export(&opened.phr, &opened.caller, &request, &asked, &mut |piece| {
            let bytes = piece.deliver();
            bar.inc_length(bytes.len() as u64);
            bar.inc(bytes.len() as u64);
            out.write_all(&bytes).map_err(|error| {
                has_enough = error.kind() == io::ErrorKind::BrokenPipe;
                Failure::Broken(format!("the export cannot be written: {error}"))
            })
        });
        bar.finish_and_clear();
        if has_enough {
            // Whoever reads has closed the pipe, as `head` does.
            return Ok(ExportReport::default());
        }
        let report = report?;
        out.flush().map_err(|error| Stop::Failed(format!("the export cannot be written: {error}")))?;
        Ok(report)
    }

    fn sealing(&self) -> Result<Option<Sealing>, Stop> {
        match (&self.file_passphrase_file, self.unsealed) {
            (Some(_), _) if self.format != Format::Sphr => {
                Err(Stop::Usage("--file-passphrase-file is for --format sphr".to_owned()))
            }
            (Some(file), _) => {
                let passphrase =
                    Passphrase::new(&secret_of(file)?).map_err(|error| Stop::Refused(error.to_string()))?;
                Ok(Some(Sealing::AgePassphrase(passphrase)))
            }
            (None, true) => Ok(Some(Sealing::None)),
            (None, false) => Ok(None),
        }
    }
}

/// A file's stem from a record's name: letters, digits and hyphens.
fn stem(name: &str) -> String {
    let plain: String = name.chars().take(MAX_STEM).map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let plain = plain.trim_matches('-').to_owned();
    if plain.is_empty() { "record".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_name_becomes_a_plain_file_stem() {
        for (name, expect) in [("Ada", "Ada"), ("Noor Åsen", "Noor-Åsen"), ("../../etc", "etc"), ("//", "record")] {
            assert_eq!(stem(name), expect);
        }
    }
}
