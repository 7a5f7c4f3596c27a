//! `cargo xtask postgres`: runs one command against a throw-away PostgreSQL.

use crate::cluster::Cluster;
use crate::command::{Command, Failure, Options};
use crate::workspace;
use std::process::Command as Process;

/// The command.
pub(crate) const COMMAND: Command =
    Command { name: "postgres", summary: "run one command with a throw-away PostgreSQL beside it", help: HELP, run };

const HELP: &str = "\
Makes a PostgreSQL cluster in a temporary folder, on a free loopback port, with fsync on; runs the command with its URL in
MECUM_TEST_POSTGRES; stops and removes the cluster, however the command ended.

Examples:
  cargo xtask postgres -- cargo test -p mecum-store
  cargo xtask postgres -- sh -c 'psql \"$MECUM_TEST_POSTGRES\"'
";

fn run(args: &[String]) -> Result<(), Failure> {
    let options = Options::parse(args, &[], &[])?;
    let Some((program, args)) = options.rest.split_first() else {
        return Err(Failure::Usage("name the command to run after `--`".into()));
    };
    let cluster = Cluster::start()?;
    eprintln!("xtask: PostgreSQL {} at {}", cluster.version(), cluster.url());
    let status = Process::new(program)
        .args(args)
        .current_dir(workspace::root())
        .env("MECUM_TEST_POSTGRES", cluster.url())
        .status()
        .map_err(|error| format!("cannot run `{program}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(Failure::Failed(format!("`{program}` ended with {status}"))) }
}
