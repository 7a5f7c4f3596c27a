//! A throw-away PostgreSQL: made, started, and gone again however this program ends.

use crate::packages;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The oldest PostgreSQL that Mecum supports.
const OLDEST: u32 = 15;

/// The shell program that keeps the cluster. It waits on its standard input, which ends when we drop it or die, by whatever
/// signal; so nothing is left running and no folder is left behind. fsync stays on: durability is among the things tested.
const KEEPER: &str = r#"
set -eu
bin=$1 home=$2 port=$3
trap 'rm -rf "$home"' EXIT
trap '' INT TERM HUP
"$bin/initdb" --pgdata="$home/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$home/log" 2>&1 || { cat "$home/log"; exit 1; }
"$bin/pg_ctl" --pgdata="$home/data" --log="$home/log" --timeout=60 --wait --silent start -o \
    "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c timezone=UTC" \
    >/dev/null 2>&1 || { tail -n 20 "$home/log"; exit 1; }
echo ready
cat >/dev/null
"$bin/pg_ctl" --pgdata="$home/data" --mode=immediate --wait --silent stop >/dev/null 2>&1 || true
"#;

/// A running cluster. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub(crate) struct Cluster {
    url: String,
    version: u32,
    home: PathBuf,
    keeper: Child,
}

impl Cluster {
    /// Makes and starts a cluster on a free loopback port, as user postgres when we are root, installing PostgreSQL if we may.
    ///
    /// # Errors
    /// PostgreSQL 15 or newer is not there and cannot be installed, or it did not start; the text says what to do.
    pub(crate) fn start() -> Result<Cluster, String> {
        let (version, bin) = find_or_install()?;
        let user = server_user()?;
        let home = make_home(user)?;
        let port = free_port()?;
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "mecum-postgres"]).arg(bin).arg(&home).arg(port.to_string());
        // A group of its own: an interrupt from the keyboard must reach us and not the one who cleans up after us.
        command.current_dir(&home).env("LC_ALL", "C").process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        let keeper = command.spawn().map_err(|error| {
            // Empty still; if even that fails, the error below says what matters.
            std::fs::remove_dir(&home).ok();
            format!("cannot run sh: {error}")
        })?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let mut cluster = Cluster { url, version, home, keeper };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// Where it listens, as a URL for clients. No password: it trusts whoever reaches the loopback port, and holds test data only.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The major version of the server.
    pub(crate) fn version(&self) -> u32 {
        self.version
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let Some(output) = self.keeper.stdout.take() else { return Err("the keeper has no output".into()) };
        let mut output = BufReader::new(output);
        let mut said = String::new();
        output.read_line(&mut said).map_err(|error| format!("cannot hear from PostgreSQL's keeper: {error}"))?;
        if said.trim_end() == "ready" {
            return Ok(());
        }
        // It failed and is ending: the rest is PostgreSQL's own words.
        output
            .take(16 * 1024)
            .read_to_string(&mut said)
            .map_err(|error| format!("PostgreSQL did not start: {error}"))?;
        Err(format!("PostgreSQL did not start:\n{said}"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        match self.keeper.wait() {
            Ok(_) if !self.home.exists() => {}
            _ => eprintln!("xtask: PostgreSQL's folder {} could not be removed", self.home.display()),
        }
    }
}

/// The newest PostgreSQL that is old enough, as (major version, folder of its programs).
fn find_or_install() -> Result<(u32, PathBuf), String> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let wanted = format!("the tests need PostgreSQL {OLDEST} or newer, or MECUM_TEST_POSTGRES with the URL of one");
    packages::install("postgresql").map_err(|why| format!("{wanted}: {why}"))?;
    find().ok_or_else(|| format!("{wanted}: the package `postgresql` brought none"))
}

fn find() -> Option<(u32, PathBuf)> {
    // Debian keeps the server's programs off the search path, one folder for each version.
    let debian =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let on_path = packages::find_program(&["initdb"]).and_then(|file| file.canonicalize().ok());
    let folders = debian.chain(on_path.as_deref().and_then(Path::parent).map(Path::to_path_buf));
    folders.filter_map(|bin| Some((version(&bin)?, bin))).filter(|(version, _)| *version >= OLDEST).max()
}

/// The major version of the server in this folder; `None` if it is not whole.
fn version(bin: &Path) -> Option<u32> {
    if !["initdb", "pg_ctl"].iter().all(|name| bin.join(name).is_file()) {
        return None;
    }
    let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    major_version(&String::from_utf8_lossy(&output.stdout))
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_version(text: &str) -> Option<u32> {
    let number = text.split_once("(PostgreSQL)")?.1.trim_start();
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The user and group the server runs as: `None` is ourselves. PostgreSQL refuses to run as root.
fn server_user() -> Result<Option<(u32, u32)>, String> {
    if !packages::is_root() {
        return Ok(None);
    }
    let ids = packages::id(&["-u", "postgres"]).zip(packages::id(&["-g", "postgres"]));
    ids.map(Some).ok_or_else(|| "PostgreSQL refuses to run as root and there is no user postgres: add one".into())
}

fn make_home(user: Option<(u32, u32)>) -> Result<PathBuf, String> {
    let home = std::env::temp_dir().join(format!("mecum-postgres-{}", std::process::id()));
    let made = std::fs::DirBuilder::new().mode(0o700).create(&home);
    let owned = made.and_then(|()| user.map_or(Ok(()), |(uid, gid)| chown(&home, Some(uid), Some(gid))));
    owned.map_err(|error| format!("cannot make the folder {}: {error}", home.display()))?;
    Ok(home)
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16, String> {
    let address = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| format!("no free loopback port: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_version("postgres: command not found"), None);
    }

    #[test]
    fn a_folder_without_a_whole_server_has_no_version() {
        assert_eq!(version(Path::new("/bin")), None);
    }
}
