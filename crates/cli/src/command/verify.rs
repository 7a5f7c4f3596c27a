//! `mecum verify`: recomputes everything that is kept of a record, and names what is altered, missing, added or reordered (PHR-91).

use clap::Args;
use mecum_phr::commits::{self, KeptHead, KeptHeadMatch, Verified};
use mecum_phr::words::RecordId;
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::{answer, count_bar};
use crate::opening::{Opened, with_records};
use crate::stop::Stop;

/// Recompute everything kept of a record and say what is not as it was written; exit code 5 if anything is.
///
/// A roll-back of the whole folder is seen only against a head kept elsewhere: keep the one that this prints.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mecum verify --record Ada\n  mecum verify --record Ada --head 12:9f86d081884c7d659a2feaa0c55ad015..."
)]
pub(crate) struct Verify {
    /// The record, by number or name.
    #[arg(long)]
    record: String,
    /// A head that an earlier verify printed.
    #[arg(long, value_name = "SEQ:HASH")]
    head: Option<KeptHead>,
}

impl Verify {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| self.look(opened, settings))
    }

    fn look(&self, opened: &Opened, settings: &Settings) -> Result<(), Stop> {
        let record = opened.record(&self.record)?.record;
        let bar = count_bar(0, "verifying");
        let verified = commits::verify(&opened.phr, &opened.caller, record, &mut |n, total| {
            bar.set_length(u64::try_from(total).unwrap_or(0));
            bar.set_position(u64::try_from(n).unwrap_or(0));
        })?;
        bar.finish_and_clear();
        let mut findings: Vec<String> =
            verified.findings.iter().map(|finding| format!("{}: {}", finding.part, finding.what)).collect();
        findings.extend(self.compare_head(opened, record)?);
        answer(settings.json, &to_json(&verified, &findings), &text_of(&verified, &findings))?;
        match findings.len() {
            0 => Ok(()),
            n => Err(Stop::Damaged(format!(
                "record {record}: {n} findings: keep a copy as it is, then restore a backup"
            ))),
        }
    }

    fn compare_head(&self, opened: &Opened, record: RecordId) -> Result<Option<String>, Stop> {
        let Some(kept) = &self.head else { return Ok(None) };
        Ok(match commits::check_head(&opened.phr, &opened.caller, record, kept)? {
            KeptHeadMatch::Held => None,
            KeptHeadMatch::Shorter { seq } => {
                Some(format!("head: the chain ends at {seq}, before the kept head: it was rolled back or cut off"))
            }
            KeptHeadMatch::Other => Some("head: another commit is at the kept head's place".to_owned()),
        })
    }
}

fn to_json(verified: &Verified, findings: &[String]) -> Value {
    json!({"commits": verified.n_commits, "versions": verified.n_versions, "accessLines": verified.n_access_lines,
        "blobs": verified.n_blobs, "head": head(verified), "findings": findings})
}

fn text_of(verified: &Verified, findings: &[String]) -> String {
    let mut lines = vec![format!(
        "{} commits, {} versions, {} lines of the access log and {} blobs were recomputed.",
        verified.n_commits, verified.n_versions, verified.n_access_lines, verified.n_blobs
    )];
    lines.extend(head(verified).map(|head| format!("Head, to be kept elsewhere: {head}")));
    if findings.is_empty() {
        lines.push("Everything is as it was written.".to_owned());
    }
    lines.extend(findings.iter().cloned());
    lines.join("\n")
}

fn head(verified: &Verified) -> Option<String> {
    verified.head.as_ref().map(|(seq, hash)| format!("{seq}:{hash}"))
}
