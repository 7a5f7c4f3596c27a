//! `mecum migrate`: brings the schemas of the databases up to this program.

use clap::Args;
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::answer;
use crate::opening::{existing, key_place};
use crate::stop::Stop;

/// Bring the databases up to this program; a copy of the data folder beforehand is wise.
///
/// Opening does this too. By itself it is for installations with many nodes: migrate once, then start them. On Citus the tables are
/// distributed as well.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum migrate\n  MECUM_DATABASE_FILE=/etc/mecum/database mecum migrate")]
pub(crate) struct Migrate {}

impl Migrate {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        let installation = existing(settings)?;
        let done = installation.migrate(key_place(&installation, settings)?)?;
        let json: Vec<Value> =
            done.iter().map(|(part, from, to)| json!({"part": part, "from": from, "to": to})).collect();
        let lines: Vec<String> = done
            .iter()
            .map(|(part, from, to)| match from == to {
                true => format!("{part}: version {to} already"),
                false => format!("{part}: version {from} to {to}"),
            })
            .collect();
        answer(settings.json, &Value::Array(json), &lines.join("\n"))
    }
}
