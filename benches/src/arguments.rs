//! What can be asked for.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::size::Size;

const EXAMPLES: &str = "Examples:
  cargo xtask bench
  cargo xtask bench --quick
  cargo xtask bench --quick --only read --only create --database sqlite
  cargo xtask bench --full --only growth
  cargo xtask bench --json > figures.json
  cargo xtask bench --against http://127.0.0.1:8090/fhir --token secret";

/// Measures every row of the benchmark table against a floor taken in the same run.
#[derive(Parser)]
#[command(name = "cargo xtask bench", after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    /// A minute or two instead of ten: less data, shorter rounds.
    #[arg(long)]
    pub(crate) quick: bool,
    /// The long row too: the same questions among 100 people and among 6,400.
    #[arg(long, conflicts_with = "quick")]
    pub(crate) full: bool,
    /// So little that the figures mean nothing: for the test of this program.
    #[arg(long, hide = true)]
    pub(crate) tiny: bool,
    /// Only this row; may be given several times. `--list` names them.
    #[arg(long, value_name = "ROW")]
    pub(crate) only: Vec<String>,
    /// List the rows and end.
    #[arg(long)]
    pub(crate) list: bool,
    /// On which database.
    #[arg(long, value_enum, default_value = "both")]
    pub(crate) database: Databases,
    /// Print the figures as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Compare with the FHIR server at this base address instead of with floors.
    #[arg(long, value_name = "URL")]
    pub(crate) against: Option<String>,
    /// The bearer token for that server, if it wants one.
    #[arg(long, requires = "against", env = "MECUM_BENCH_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
    /// The `mecum` program to measure [default: the same server inside this program].
    #[arg(long, value_name = "FILE")]
    pub(crate) mecum: Option<PathBuf>,
    /// Where the throw-away data goes: on the disk that is to be measured [default: the temporary folder].
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Let the log lines of the servers through.
    #[arg(long)]
    pub(crate) server_log: bool,
    #[command(subcommand)]
    pub(crate) part: Option<Part>,
}

/// Which databases are measured.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Databases {
    /// The encrypted files of one person's computer.
    Sqlite,
    /// The server that MECUM_TEST_POSTGRES names.
    Postgres,
    /// One after the other.
    Both,
}

/// What this program runs beside itself.
#[derive(Subcommand)]
#[command(hide = true)]
pub(crate) enum Part {
    /// The floor: answers from memory.
    #[command(hide = true)]
    Still(Still),
    /// The server, when no `mecum` program was named.
    #[command(hide = true)]
    Serve(Serve),
}

/// How the floor is started.
#[derive(Args)]
pub(crate) struct Still {
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    #[arg(long)]
    pub(crate) answers: PathBuf,
}

/// How the server is started; the same settings as `mecum serve`.
#[derive(Args)]
pub(crate) struct Serve {
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    #[arg(long, env = "MECUM_DATA")]
    pub(crate) data: PathBuf,
    #[arg(long, env = "MECUM_KEY_FILE")]
    pub(crate) key_file: PathBuf,
    #[arg(long, env = "MECUM_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

impl Databases {
    /// The names of the databases, as rows say them.
    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            Databases::Sqlite => &["sqlite"],
            Databases::Postgres => &["postgres"],
            Databases::Both => &["sqlite", "postgres"],
        }
    }
}

impl Arguments {
    /// How much is done.
    pub(crate) fn size(&self) -> &'static Size {
        match (self.tiny, self.quick) {
            (true, _) => &Size::TINY,
            (false, true) => &Size::QUICK,
            (false, false) => &Size::USUAL,
        }
    }

    /// Where the throw-away data goes.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(std::env::temp_dir)
    }

    /// Whether a row is wanted by its name.
    pub(crate) fn wants(&self, row: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == row)
    }
}
