//! `cargo xtask bench`: builds the programs as they are released, and measures them.

use crate::cluster::Cluster;
use crate::command::{Command, Failure, Options};
use crate::workspace;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

/// The command.
pub(crate) const COMMAND: Command =
    Command { name: "bench", summary: "measure every row of the benchmark table", help: HELP, run };

const HELP: &str = "\
Builds `mecum` and `mecum-bench` as they are released and measures every row of the benchmark table: ours, a floor taken in the
same run, their ratio, and the goal. About ten minutes. PostgreSQL is started for the run in a temporary folder and removed after
it, unless MECUM_TEST_POSTGRES holds the URL of one to use. Nothing is judged by a number of another day, and nothing fails for
being slow.

  --quick          a minute or two: less data, shorter rounds
  --full           the long row too: the same questions among 100 people and among 6,400
  --only ROW       only this row; may be given several times
  --list           list the rows and end
  --database D     sqlite, postgres or both (the default)
  --folder DIR     where the throw-away data goes: on the disk that is to be measured
  --json           print the figures as JSON
  --against URL    compare with the FHIR server at this base address instead of with floors; it is written to
  --token TOKEN    the bearer token for that server; or set MECUM_BENCH_TOKEN
  --server-log     let the log lines of the servers through

Examples:
  cargo xtask bench
  cargo xtask bench --quick --only read --only create --database sqlite
  cargo xtask bench --full --only growth
  cargo xtask bench --json > figures.json
  cargo xtask bench --against http://127.0.0.1:8090/fhir --token secret
";

/// Options without a value, and options with one; `mecum-bench` takes the same.
const FLAGS: [&str; 5] = ["--quick", "--full", "--list", "--json", "--server-log"];
const VALUED: [&str; 5] = ["--only", "--database", "--folder", "--against", "--token"];

fn run(args: &[String]) -> Result<(), Failure> {
    let options = Options::parse(args, &FLAGS, &VALUED)?;
    if !options.rest.is_empty() {
        return Err(Failure::Usage("nothing comes after `--` here".into()));
    }
    // One after the other: built together, the program under test would get what only its measuring needs.
    build("mecum")?;
    build("mecum-bench")?;
    let is_postgres = options.value("--database") != Some("sqlite") && !options.has("--list");
    let is_named = std::env::var("MECUM_TEST_POSTGRES").is_ok_and(|url| !url.is_empty());
    let cluster = if is_postgres && !is_named { Some(Cluster::start()?) } else { None };
    let folder = target_folder().join("release");
    let mut bench = Process::new(folder.join("mecum-bench"));
    bench.args(args).arg("--mecum").arg(folder.join("mecum"));
    if let Some(cluster) = &cluster {
        eprintln!("xtask: PostgreSQL {}, fsync on, at {}", cluster.version(), cluster.url());
        bench.env("MECUM_TEST_POSTGRES", cluster.url());
    }
    let status = bench.status().map_err(|error| format!("cannot run mecum-bench: {error}"))?;
    if status.success() { Ok(()) } else { Err(Failure::Failed(format!("mecum-bench ended with {status}"))) }
}

fn build(package: &str) -> Result<(), Failure> {
    eprintln!("xtask: building {package} as it is released");
    let mut cargo = workspace::cargo(&["build", "--release", "--locked", "--quiet", "--package", package]);
    let status = cargo.status().map_err(|error| format!("cannot run cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err(Failure::Failed(format!("{package} cannot be built"))) }
}

/// Where cargo puts what it builds.
fn target_folder() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    workspace::root().join(named.as_deref().unwrap_or(Path::new("target")))
}
