//! A report in words: what an import did or would do.

use mecum_fhir::reading::label;
use serde_json::Value;

use crate::portal::words::Words;

/// Lines kept aside and other notes that a page lists, each.
const MAX_NOTES: usize = 200;

/// Repairs that there are words for.
const REPAIRS: [&str; 8] = [
    "database-id-dropped",
    "null-dropped",
    "empty-dropped",
    "put-in-array",
    "taken-out-of-array",
    "code-given-system",
    "milliseconds-to-instant",
    "references-to-section",
];

/// A report as a page shows it.
pub(in crate::portal) struct Told {
    pub(super) source: String,
    /// Name and size.
    pub(super) files: Vec<(String, String)>,
    pub(super) counts: Vec<String>,
    /// What there is of each type, the most first.
    pub(super) types: Vec<(String, u64)>,
    /// Which repairs were made how often.
    pub(super) repairs: Vec<(String, u64)>,
    pub(super) kept_aside: Vec<Note>,
    pub(super) n_more_aside: u64,
    pub(super) notes: Vec<Note>,
    pub(super) n_more_notes: usize,
    pub(super) is_possibly_truncated: bool,
    /// Why it failed.
    pub(super) failure: String,
}

/// What is said of one line.
pub(in crate::portal) struct Note {
    pub(super) file: String,
    pub(super) line: u64,
    pub(super) message: String,
}

impl Told {
    /// The report in the form in which it is kept.
    pub(super) fn of(report: &Value, words: Words) -> Told {
        let text = |name: &str| report[name].as_str().unwrap_or_default().to_owned();
        let all = |is_aside: bool| {
            let notes = report["notes"].as_array().into_iter().flatten();
            notes.filter(move |note| (note["kind"] == "quarantined") == is_aside)
        };
        let n_aside = report["quarantined"].as_u64().unwrap_or_default();
        let kept_aside: Vec<Note> = all(true).take(MAX_NOTES).map(note).collect();
        let file = |file: &Value| {
            let size = size_text(file["sizeBytes"].as_u64().unwrap_or_default(), words);
            (file["name"].as_str().unwrap_or_default().to_owned(), size)
        };
        Told {
            source: text("source"),
            files: report["files"].as_array().into_iter().flatten().map(file).collect(),
            counts: counts(report, words),
            types: most_first(&report["types"], label),
            repairs: most_first(&report["repairs"], |name| repair_text(name, words)),
            n_more_aside: n_aside.saturating_sub(kept_aside.len() as u64),
            kept_aside,
            notes: all(false).take(MAX_NOTES).map(note).collect(),
            n_more_notes: all(false).count().saturating_sub(MAX_NOTES),
            is_possibly_truncated: report["possiblyTruncated"] == true,
            failure: text("failure"),
        }
    }

    /// The names of the files, in one line.
    pub(super) fn file_names(&self) -> String {
        self.files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

fn note(note: &Value) -> Note {
    Note {
        file: note["file"].as_str().unwrap_or_default().to_owned(),
        line: note["line"].as_u64().unwrap_or_default(),
        message: note["message"].as_str().unwrap_or_default().to_owned(),
    }
}

fn counts(report: &Value, words: Words) -> Vec<String> {
    let count = |(name, id): (&str, &str)| {
        let n = report[name].as_u64().filter(|n| *n > 0)?;
        Some(words.say1(id, "n", n))
    };
    [
        ("lines", "count-lines"),
        ("created", "count-created"),
        ("updated", "count-updated"),
        ("unchanged", "count-unchanged"),
        ("media", "count-media"),
        ("generated", "count-generated"),
        ("senderOutcomes", "count-sender"),
        ("quarantined", "count-aside"),
        ("faulty", "count-faulty"),
        ("unresolved", "count-unresolved"),
    ]
    .into_iter()
    .filter_map(count)
    .collect()
}

fn most_first(counts: &Value, named: impl Fn(&str) -> String) -> Vec<(String, u64)> {
    let counts = counts.as_object().into_iter().flatten();
    let mut counts: Vec<(String, u64)> =
        counts.map(|(name, n)| (named(name), n.as_u64().unwrap_or_default())).collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    counts
}

fn repair_text(name: &str, words: Words) -> String {
    if REPAIRS.contains(&name) { words.say(&format!("repair-{name}")) } else { name.to_owned() }
}

/// A length as people say it.
pub(super) fn size_text(n_bytes: u64, words: Words) -> String {
    const STEPS: [(u64, &str); 3] = [(1 << 30, "size-gib"), (1 << 20, "size-mib"), (1 << 10, "size-kib")];
    let step = STEPS.into_iter().find(|(unit, _)| n_bytes >= *unit);
    step.map_or_else(
        || words.say1("size-bytes", "n", n_bytes),
        |(unit, id)| {
            let tenths = n_bytes.saturating_mul(10) / unit;
            words.say1(id, "n", format!("{}.{}", tenths / 10, tenths % 10))
        },
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_is_told_with_what_is_most_first() {
        let words = Words::for_languages("en");
        let notes = json!([
            {"file": "a", "line": 3, "kind": "quarantined", "message": "no JSON"},
            {"file": "a", "line": 4, "kind": "repaired", "message": "mended"},
        ]);
        let report = json!({"created": 3, "quarantined": 2, "types": {"Patient": 1, "Observation": 2},
            "repairs": {"null-dropped": 1, "unheard-of": 1}, "notes": notes,
            "files": [{"name": "a", "sizeBytes": 1536}]});
        let told = Told::of(&report, words);
        assert_eq!(told.types, [("Observation".to_owned(), 2), ("Patient".to_owned(), 1)]);
        assert!(told.repairs.iter().any(|(name, _)| name == "unheard-of"));
        assert!(told.repairs.iter().all(|(name, _)| name != "null-dropped" && name != "repair-null-dropped"));
        assert_eq!((told.kept_aside.len(), told.n_more_aside, told.notes.len()), (1, 1, 1));
        assert_eq!(told.files, [("a".to_owned(), "1.5 KiB".to_owned())]);
        assert_eq!(told.file_names(), "a");
        assert!(told.counts.iter().all(|count| !count.starts_with("count-")), "{:?}", told.counts);
        assert!(Told::of(&Value::Null, words).counts.is_empty());
    }
}
