//! What became of every line of an import (IMP-1, IMP-6).

use std::collections::BTreeMap;

use mecum_record::ids::{CommitId, ImportId};
use serde_json::{Value, json};

/// Lines of one outcome are listed up to this many; all are counted.
pub const MAX_LISTED: usize = 1000;

/// What is said of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineNote {
    /// The original it is in.
    pub file: String,
    /// The line, or the entry of a Bundle, from 1.
    pub line: u64,
    /// Offset of its first byte in the stream of resources.
    pub offset: u64,
    /// One word: `quarantined`, `repaired`, `fault`, `unresolved`, `sender`.
    pub kind: &'static str,
    /// What was found, without quoting the line.
    pub message: String,
}

/// What became of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Its number; `None` for a preview.
    pub import: Option<ImportId>,
    /// Its commit; `None` when nothing was new.
    pub commit: Option<CommitId>,
    /// The originals, by name, with their size in bytes.
    pub files: Vec<(String, u64)>,
    /// The name of the source.
    pub source: String,
    /// Lines and entries read, blank ones left out.
    pub n_lines: u64,
    /// Resources that were not there before.
    pub n_created: u64,
    /// Resources that were there and got a new version.
    pub n_updated: u64,
    /// Lines that were known already.
    pub n_unchanged: u64,
    /// Lines that are no resource: kept aside, named below (PHR-8).
    pub n_quarantined: u64,
    /// Lines that an earlier export of ours had generated: cover page, manifest, closing Provenance.
    pub n_generated: u64,
    /// Lines in which the sender says what it could not write (PHR-57).
    pub n_sender_outcomes: u64,
    /// Lines that a load keeps in the directory, where this record refers to them.
    pub n_elsewhere: u64,
    /// Files that came along, e.g. images: kept as `Binary`.
    pub n_media: u64,
    /// References that lead nowhere and stay as written.
    pub n_unresolved: u64,
    /// Lines with faults that are stored as they are.
    pub n_faulty: u64,
    /// Repairs by their name.
    pub repairs: BTreeMap<String, u64>,
    /// Resources by type, of those created or updated.
    pub types: BTreeMap<String, u64>,
    /// Whether a file of ours does not end as it should.
    pub is_possibly_truncated: bool,
    /// What is said of single lines, the first of each kind.
    pub notes: Vec<LineNote>,
}

impl ImportReport {
    /// Adds a note, unless there are enough of its kind.
    pub(super) fn note(&mut self, note: LineNote) {
        let same = self.notes.iter().filter(|known| known.kind == note.kind).count();
        if same < MAX_LISTED {
            self.notes.push(note);
        }
    }

    /// Whether every line is accounted for: what the sum of the outcomes must equal.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.n_lines
            == self.n_created
                + self.n_updated
                + self.n_unchanged
                + self.n_quarantined
                + self.n_generated
                + self.n_sender_outcomes
                + self.n_elsewhere
    }

    /// The report as JSON, for `--json`, `$import`'s answer and the list of imports.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let notes: Vec<Value> = self
            .notes
            .iter()
            .map(|note| {
                json!({"file": note.file, "line": note.line, "offset": note.offset, "kind": note.kind,
                    "message": note.message})
            })
            .collect();
        let files: Vec<Value> =
            self.files.iter().map(|(name, size_bytes)| json!({"name": name, "sizeBytes": size_bytes})).collect();
        json!({
            "import": self.import.map(|import| import.0),
            "commit": self.commit.map(|commit| commit.0),
            "files": files,
            "source": self.source,
            "lines": self.n_lines,
            "created": self.n_created,
            "updated": self.n_updated,
            "unchanged": self.n_unchanged,
            "quarantined": self.n_quarantined,
            "generated": self.n_generated,
            "senderOutcomes": self.n_sender_outcomes,
            "elsewhere": self.n_elsewhere,
            "media": self.n_media,
            "unresolved": self.n_unresolved,
            "faulty": self.n_faulty,
            "repairs": self.repairs,
            "types": self.types,
            "possiblyTruncated": self.is_possibly_truncated,
            "notes": notes,
        })
    }
}
