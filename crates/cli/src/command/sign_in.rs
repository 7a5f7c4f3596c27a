//! `mecum sign-in`: a link that opens records in a browser, once, within ten minutes (design §9).

use clap::Args;
use mecum_phr::sign_in::{LINK_LIFETIME_US, issue_link};
use mecum_phr::words::RecordId;
use serde_json::json;

use crate::config::Settings;
use crate::console::answer;
use crate::opening::with_records;
use crate::stop::Stop;

/// Print a link that opens records in a browser. It works once, within ten minutes; looking at it does not use it.
///
/// `mecum serve` must be running on the same records.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum sign-in --record Ada\n  mecum sign-in --record Ada --record Ben\n  \
mecum sign-in --record Ada --at https://health.example.org")]
pub(crate) struct SignIn {
    /// A record that may be opened, by number or name; several times for several people.
    #[arg(long, value_name = "RECORD", required = true)]
    record: Vec<String>,
    /// The address at which the browser reaches the server.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    at: String,
}

impl SignIn {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        if !self.at.starts_with("http://") && !self.at.starts_with("https://") {
            return Err(Stop::Usage("--at: an address begins with http:// or https://".to_owned()));
        }
        with_records(settings, |opened| {
            let wanted = self.record.iter().map(|wanted| Ok(opened.record(wanted)?.record));
            let records: Vec<RecordId> = wanted.collect::<Result<_, Stop>>()?;
            let link = issue_link(&opened.phr, &opened.caller, &records)?;
            let address = link_at(&self.at, &link);
            let minutes = LINK_LIFETIME_US / 60_000_000;
            answer(settings.json, &json!({"link": address, "minutes": minutes}), &address)
        })
    }
}

/// The address of a sign-in link on the server that is reached at `base`.
pub(crate) fn link_at(base: &str, link: &str) -> String {
    format!("{}/sign-in/{link}", base.trim_end_matches('/'))
}
