//! `mecum record`: opens, lists and shows records, one per person (design §3).

use clap::{Args, Subcommand};
use mecum_phr::record;
use mecum_phr::record::RecordEntry;
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::{answer, time};
use crate::opening::{Opened, with_records};
use crate::stop::Stop;

/// Open, list and show records, one for each person.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mecum record new 'Ada'\n  mecum record list\n  mecum record show Ada\n  mecum record passphrase Ada"
)]
pub(crate) struct Record {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Open a record under the name by which your household knows it.
    New {
        /// Its name; not a number.
        name: String,
    },
    /// List the records.
    List,
    /// Show one record.
    Show {
        /// Its number or name.
        record: String,
    },
    /// Show the passphrase that seals and opens the record's own .sphr files.
    Passphrase {
        /// Its number or name.
        record: String,
    },
}

impl Record {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| match &self.action {
            Action::New { name } => new(opened, settings, name),
            Action::List => list(opened, settings),
            Action::Show { record } => show(opened, settings, record),
            Action::Passphrase { record } => passphrase(opened, settings, record),
        })
    }
}

fn new(opened: &Opened, settings: &Settings, name: &str) -> Result<(), Stop> {
    let record = record::open(&opened.phr, &opened.caller, name)?;
    answer(
        settings.json,
        &json!({"record": record.0, "name": name.trim()}),
        &format!("Opened record {record}: {}", name.trim()),
    )
}

fn list(opened: &Opened, settings: &Settings) -> Result<(), Stop> {
    let rows = record::list(&opened.phr)?;
    let json: Vec<Value> = rows.iter().map(to_json).collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| format!("{:>4}  {}  {:<7} {}", row.record.0, time(row.created_at_us), row.standing, row.name))
        .collect();
    let text =
        if lines.is_empty() { "There is no record yet: mecum record new NAME".to_owned() } else { lines.join("\n") };
    answer(settings.json, &Value::Array(json), &text)
}

fn show(opened: &Opened, settings: &Settings, wanted: &str) -> Result<(), Stop> {
    let row = opened.record(wanted)?;
    let patient = row.subject_id.as_deref().map_or_else(|| "none yet".to_owned(), |id| format!("Patient/{id}"));
    let text = format!(
        "Record:   {}\nName:     {}\nOpened:   {}\nStanding: {}\nPatient:  {patient}",
        row.record,
        row.name,
        time(row.created_at_us),
        row.standing
    );
    answer(settings.json, &to_json(&row), &text)
}

fn passphrase(opened: &Opened, settings: &Settings, wanted: &str) -> Result<(), Stop> {
    let row = opened.record(wanted)?;
    let passphrase = record::file_passphrase(&opened.phr, &opened.caller, row.record)?;
    answer(settings.json, &json!({"record": row.record.0, "passphrase": passphrase}), &passphrase)
}

fn to_json(row: &RecordEntry) -> Value {
    json!({"record": row.record.0, "name": row.name, "openedAt": time(row.created_at_us), "standing": row.standing,
        "patient": row.subject_id.as_ref().map(|id| format!("Patient/{id}"))})
}
