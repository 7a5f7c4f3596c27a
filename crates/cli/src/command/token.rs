//! `mecum token`: what programs show at the HTTP door; each is shown once and kept as a hash (design §5).

use clap::{Args, Subcommand};
use mecum_phr::token;
use mecum_phr::words::ScopeSet;
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::{answer, time};
use crate::opening::{Opened, with_records};
use crate::stop::Stop;

const DAY_US: i64 = 86_400_000_000;

/// Issue, list and revoke the tokens by which programs read or change a record.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum token issue --client 'My app' --record Ada --scope 'patient/*.rs'\n  \
mecum token issue --client Registry --scope 'system/*.cruds' --days 1\n  mecum token list\n  mecum token revoke 01h...")]
pub(crate) struct Token {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Issue a token and show it this once.
    Issue {
        /// The name by which you will know the program.
        #[arg(long, value_name = "NAME")]
        client: String,
        /// The record it is for, by number or name; without one, a token for a back-end system.
        #[arg(long, value_name = "RECORD")]
        record: Option<String>,
        /// What it may do, as SMART scopes: patient/*.rs reads everything in the record, system/... is for back-end systems.
        #[arg(long)]
        scope: String,
        /// For how long.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3660))]
        days: u16,
    },
    /// List the tokens, newest first; never their texts.
    List,
    /// Revoke a token: its next request is refused.
    Revoke {
        /// Its id, as issue and list say it.
        token_id: String,
    },
}

impl Token {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| match &self.action {
            Action::Issue { client, record, scope, days } => {
                issue(opened, settings, client, record.as_deref(), (scope, *days))
            }
            Action::List => list(opened, settings),
            Action::Revoke { token_id } => {
                token::revoke(&opened.phr, &opened.caller, token_id)?;
                answer(settings.json, &json!({"tokenId": token_id, "isRevoked": true}), &format!("Revoked {token_id}"))
            }
        })
    }
}

fn issue(
    opened: &Opened,
    settings: &Settings,
    client: &str,
    record: Option<&str>,
    (scope, days): (&str, u16),
) -> Result<(), Stop> {
    let record = record.map(|wanted| opened.record(wanted)).transpose()?.map(|row| row.record);
    let scopes = ScopeSet::parse(scope).map_err(|error| Stop::Usage(format!("--scope: {error}")))?;
    let lifetime_us = i64::from(days) * DAY_US;
    let issued = token::issue(&opened.phr, &opened.caller, client, record, &scopes, lifetime_us)?;
    let json = json!({"token": issued.token.as_str(), "tokenId": issued.token_id, "days": days});
    let text = format!(
        "{}\n\nShown this once; good for {days} days. To end it: mecum token revoke {}",
        issued.token.as_str(),
        issued.token_id
    );
    answer(settings.json, &json, &text)
}

fn list(opened: &Opened, settings: &Settings) -> Result<(), Stop> {
    let now_us = opened.phr.now_us();
    let rows = token::list(&opened.phr, &opened.caller)?;
    let json: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({"tokenId": row.token_id, "client": row.client, "record": row.record.map(|record| record.0),
                "scope": row.scopes.to_string(), "createdAt": time(row.created_at_us), "expiresAt": time(row.expires_at_us),
                "revokedAt": row.revoked_at_us.map(time), "isLive": row.is_live(now_us)})
        })
        .collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let end = match row.revoked_at_us {
                Some(at_us) => format!("revoked {}", time(at_us)),
                None => format!("until {}", time(row.expires_at_us)),
            };
            let record = row.record.map_or_else(|| "system".to_owned(), |record| format!("record {record}"));
            format!("{}  {record:<10} {end:<28} {}  {}", row.token_id, row.client, row.scopes)
        })
        .collect();
    let text = if lines.is_empty() { "No token has been issued.".to_owned() } else { lines.join("\n") };
    answer(settings.json, &Value::Array(json), &text)
}
