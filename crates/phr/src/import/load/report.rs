//! What became of a load: every line of every file, and every person's record.

use mecum_record::ids::{ImportId, RecordId};
use serde_json::{Value, json};

use super::super::report::{ImportReport, LineNote};

/// What became of one person's part.
#[derive(Clone)]
pub enum PersonOutcome {
    /// It is in the record.
    Done(Box<ImportReport>),
    /// It was looked at: so it would be for a record that is known, or opened.
    Previewed,
    /// Nothing of it was taken in, and why.
    Refused(String),
}

/// One person of a load. Not `Debug`: it names somebody.
#[derive(Clone)]
pub struct PersonReport {
    /// The record; `None` when none was opened.
    pub record: Option<RecordId>,
    /// The id here of the Patient whom the record is about.
    pub patient: Option<String>,
    /// What the Patient is called.
    pub name: String,
    /// Whether the record was opened for this, or would be.
    pub is_new: bool,
    /// Lines of the files that are the person's.
    pub n_lines: u64,
    /// What became of them.
    pub outcome: PersonOutcome,
}

/// What became of a load. Not `Debug`: it names people.
#[derive(Clone, Default)]
pub struct LoadReport {
    /// Its number, by which it is undone; `None` for a preview.
    pub load: Option<ImportId>,
    /// The name of the source.
    pub source: String,
    /// How many files there were.
    pub n_files: usize,
    /// Lines and entries read, blank ones left out.
    pub n_lines: u64,
    /// Lines of what belongs to nobody: kept in the directory, or copied to those who refer to it.
    pub n_shared: u64,
    /// Resources that belong to nobody and that nobody refers to: kept aside.
    pub n_unreferred: u64,
    /// Lines that are in no record: kept aside, named below.
    pub n_quarantined: u64,
    /// Lines that an earlier export of ours had generated.
    pub n_generated: u64,
    /// Lines in which the sender says what it could not write.
    pub n_sender_outcomes: u64,
    /// Files that came along in archives of several people, and were left out.
    pub n_media_left: u64,
    /// What became of what is kept in the directory, if this load keeps anything there.
    pub directory: Option<ImportReport>,
    /// Everybody, in the order of the files.
    pub people: Vec<PersonReport>,
    /// What is said of single lines of the files.
    pub notes: Vec<LineNote>,
}

impl LoadReport {
    /// The sum of a count over all records, the directory included.
    #[must_use]
    pub fn total(&self, count: impl Fn(&ImportReport) -> u64) -> u64 {
        let done = self.people.iter().filter_map(|person| match &person.outcome {
            PersonOutcome::Done(report) => Some(report.as_ref()),
            PersonOutcome::Previewed | PersonOutcome::Refused(_) => None,
        });
        done.chain(&self.directory).map(count).sum()
    }

    /// Records that were opened, or would be.
    #[must_use]
    pub fn n_opened(&self) -> usize {
        self.people.iter().filter(|person| person.is_new && !person.is_refused()).count()
    }

    /// People of whom nothing was taken in.
    #[must_use]
    pub fn n_refused(&self) -> usize {
        self.people.iter().filter(|person| person.is_refused()).count()
    }

    /// Whether every line is accounted for, in the whole and within every record.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let of_people: u64 = self.people.iter().map(|person| person.n_lines).sum();
        let rest = self.n_shared + self.n_quarantined + self.n_generated + self.n_sender_outcomes;
        let each_adds_up = self.people.iter().all(|person| match &person.outcome {
            PersonOutcome::Done(report) => report.adds_up() && report.n_lines >= person.n_lines,
            PersonOutcome::Previewed | PersonOutcome::Refused(_) => true,
        });
        self.n_lines == of_people + rest && each_adds_up && self.directory.as_ref().is_none_or(ImportReport::adds_up)
    }

    /// The report as JSON, for `--json`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = self.counts_json();
        json["people"] = self.people.iter().map(PersonReport::to_json).collect();
        json["notes"] = self
            .notes
            .iter()
            .map(|note| {
                json!({"file": note.file, "line": note.line, "offset": note.offset, "kind": note.kind,
                    "message": note.message})
            })
            .collect();
        json
    }

    /// What the list of loads keeps: counts and numbers, nothing that names anybody.
    pub(super) fn to_kept(&self) -> Value {
        let mut json = self.counts_json();
        let record = |person: &PersonReport| {
            let PersonOutcome::Done(report) = &person.outcome else { return None };
            Some(json!([person.record?.0, report.import?.0, person.is_new]))
        };
        json["records"] = self.people.iter().filter_map(record).collect();
        json
    }

    fn counts_json(&self) -> Value {
        json!({
            "load": self.load.map(|load| load.0),
            "source": self.source,
            "files": self.n_files,
            "lines": self.n_lines,
            "people": self.people.len(),
            "opened": self.n_opened(),
            "refused": self.n_refused(),
            "created": self.total(|report| report.n_created),
            "updated": self.total(|report| report.n_updated),
            "unchanged": self.total(|report| report.n_unchanged),
            "quarantined": self.n_quarantined + self.total(|report| report.n_quarantined),
            "generated": self.n_generated + self.total(|report| report.n_generated),
            "senderOutcomes": self.n_sender_outcomes + self.total(|report| report.n_sender_outcomes),
            "unresolved": self.total(|report| report.n_unresolved),
            "faulty": self.total(|report| report.n_faulty),
            "shared": self.n_shared,
            "unreferred": self.n_unreferred,
            "mediaLeft": self.n_media_left,
            "directory": self.directory.as_ref().map(ImportReport::to_json),
        })
    }
}

impl PersonReport {
    /// Whether nothing was taken in.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.outcome, PersonOutcome::Refused(_))
    }

    fn to_json(&self) -> Value {
        let (report, refused) = match &self.outcome {
            PersonOutcome::Done(report) => (Some(report.to_json()), None),
            PersonOutcome::Previewed => (None, None),
            PersonOutcome::Refused(reason) => (None, Some(reason)),
        };
        json!({"record": self.record.map(|record| record.0), "patient": self.patient, "name": self.name,
            "opened": self.is_new, "lines": self.n_lines, "refused": refused, "report": report})
    }
}
