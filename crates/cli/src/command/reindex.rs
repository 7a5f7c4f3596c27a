//! `mecum reindex`: makes the search index of records again out of what is kept of them.

use clap::Args;
use mecum_phr::commits;
use mecum_phr::words::RecordId;
use serde_json::json;

use crate::config::Settings;
use crate::console::{answer, count_bar};
use crate::opening::{Opened, with_records};
use crate::stop::Stop;

/// Make the search index again: after an upgrade that brought a new one, or when verify names rows of it.
///
/// Nothing of a record is changed but what it is found by. Others may read and write meanwhile; searches in the record wait. If it is
/// cut off, it goes on where it was.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum reindex --record Ada\n  mecum reindex --owed")]
pub(crate) struct Reindex {
    /// The record, by number or name.
    #[arg(long, required_unless_present = "owed")]
    record: Option<String>,
    /// Every record whose index has still to be made.
    #[arg(long, conflicts_with = "record")]
    owed: bool,
}

impl Reindex {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| self.make(opened, settings))
    }

    fn make(&self, opened: &Opened, settings: &Settings) -> Result<(), Stop> {
        let records = match &self.record {
            Some(named) => vec![opened.record(named)?.record],
            None => commits::owed_indexes(&opened.phr)?,
        };
        let mut done = Vec::new();
        for record in records {
            done.push((record, make_one(opened, record)?));
        }
        let json = done.iter().map(|(record, n)| json!({"record": record.0, "versions": n})).collect();
        let lines: Vec<String> = done
            .iter()
            .map(|(record, n)| format!("record {record}: the index of {n} versions was made again"))
            .collect();
        let text = if lines.is_empty() { "no index has still to be made".to_owned() } else { lines.join("\n") };
        answer(settings.json, &json, &text)
    }
}

/// Makes one record's index; how many versions were read.
fn make_one(opened: &Opened, record: RecordId) -> Result<i64, Stop> {
    let bar = count_bar(0, "indexing");
    let mut n_read = 0;
    commits::reindex(&opened.phr, &opened.caller, record, &mut |n, total| {
        n_read = n;
        bar.set_length(u64::try_from(total).unwrap_or(0));
        bar.set_position(u64::try_from(n).unwrap_or(0));
    })?;
    bar.finish_and_clear();
    Ok(n_read)
}
