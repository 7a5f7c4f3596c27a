//! `mecum check`: whether this program, its key and its databases work here, and whether every record is whole.

use clap::Args;
use mecum_phr::{commits, record};
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::{answer, count_bar};
use crate::opening::{existing, with_records};
use crate::stop::Stop;

/// Check the key, the encryption, the databases and every record.
///
/// Opening refuses by itself a database that is not encrypted, and a program whose database library cannot encrypt. Every record is then
/// verified as `mecum verify` does.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum check\n  mecum check --json")]
pub(crate) struct Check {}

impl Check {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        existing(settings)?;
        let records = with_records(settings, |opened| {
            let rows = record::list(&opened.phr)?;
            let bar = count_bar(rows.len() as u64, "verifying");
            let mut found = Vec::new();
            for row in rows {
                let verified = commits::verify(&opened.phr, &opened.caller, row.record, &mut |_, _| {})?;
                found.push((row.record, verified));
                bar.inc(1);
            }
            bar.finish_and_clear();
            Ok(found)
        })?;
        let n_findings: usize = records.iter().map(|(_, verified)| verified.findings.len()).sum();
        let json: Vec<Value> = records
            .iter()
            .map(|(record, verified)| json!({"record": record.0, "findings": verified.findings.len()}))
            .collect();
        let json = json!({"key": "fits", "databases": "open and encrypted", "records": json, "findings": n_findings});
        if n_findings > 0 {
            let damaged: Vec<String> = records
                .iter()
                .filter(|(_, verified)| !verified.is_whole())
                .map(|(record, _)| record.to_string())
                .collect();
            let text = format!("verify found something in record {}: run `mecum verify`", damaged.join(", "));
            if settings.json {
                answer(true, &json, "")?;
            }
            return Err(Stop::Damaged(text));
        }
        let text = format!(
            "The key fits, the databases are open and encrypted. Records verified and whole: {}.",
            records.len()
        );
        answer(settings.json, &json, &text)
    }
}
