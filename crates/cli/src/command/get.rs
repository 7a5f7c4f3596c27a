//! `mecum get`: one resource of a record, as it is or as it was.

use std::io::{self, IsTerminal, Write};

use clap::Args;
use mecum_phr::Rendered;
use mecum_phr::disclose::Asked;
use mecum_phr::interaction::read_in;
use mecum_phr::words::{Id, ResourceKey, ResourceType, VersionId};

use crate::config::Settings;
use crate::opening::with_records;
use crate::stop::Stop;

/// Show one resource of a record.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum get Patient/1m85tcxwhqbjczppxdt8 --record Ada\n  mecum get \
Observation/1m85tcxwmvqcpzrzzwmw --record Ada --version 2\n  mecum get Binary/1m85tcz292be1h5ve13z --record Ada --raw > binary.json")]
pub(crate) struct Get {
    /// The resource, as `mecum find` names it.
    #[arg(value_name = "TYPE/ID", value_parser = key_of)]
    resource: ResourceKey,
    /// The record, by number or name.
    #[arg(long)]
    record: String,
    /// The version, instead of the current one.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
    version: Option<i64>,
    /// The exact text as it is served, without a line end.
    #[arg(long)]
    raw: bool,
}

impl Get {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| {
            let record = opened.record(&self.record)?.record;
            let asked = Asked::new(format!("get {}/{}", self.resource.resource_type.name(), self.resource.id));
            let what = (&self.resource, self.version.map(VersionId));
            let rendered = read_in(&opened.phr, &opened.caller, record, what, &asked)?.deliver();
            print(&self.laid_out(&rendered, io::stdout().is_terminal()))
        })
    }

    fn laid_out(&self, rendered: &Rendered, is_terminal: bool) -> String {
        match &rendered.text {
            Some(text) if self.raw => text.clone(),
            Some(text) if !is_terminal => format!("{text}\n"),
            _ => format!("{}\n", rendered.indented()),
        }
    }
}

fn print(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // A reader that closed the pipe has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Stop::Failed(format!("the answer cannot be written: {error}"))),
    }
}

fn key_of(text: &str) -> Result<ResourceKey, String> {
    let refused = || "a resource is written like Patient/123".to_owned();
    let (name, id) = text.split_once('/').ok_or_else(refused)?;
    let resource_type =
        ResourceType::parse(name).ok_or_else(|| "there is no such resource type in FHIR R4".to_owned())?;
    let id = Id::parse(id).map_err(|error| error.to_string())?;
    Ok(ResourceKey { resource_type, id: id.as_str().to_owned() })
}
