//! A PostgreSQL of a test's own, that it may stop as it likes.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// The shell program that keeps the cluster: it does what its standard input says, and when that ends, because the test did in
/// whatever way, it stops the server. fsync stays on, since durability is what is tested.
const KEEPER: &str = r#"
bin=$1 home=$2 port=$3
# PIPE: whoever it tells may be gone when it tells.
trap '' INT TERM HUP PIPE
trap 'rm -rf "$home"' EXIT
start() {
    "$bin/pg_ctl" --pgdata="$home/data" --log="$home/log" --timeout=60 --wait --silent start -o \
        "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=100" >/dev/null 2>&1
}
stop() { "$bin/pg_ctl" --pgdata="$home/data" --mode=immediate --wait --silent stop >/dev/null 2>&1; }
"$bin/initdb" --pgdata="$home/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$home/log" 2>&1 || { tail -n 5 "$home/log"; exit 1; }
while read -r word; do
    case "$word" in
    start) start && echo done || tail -n 5 "$home/log" ;;
    stop) stop && echo done || echo "it does not stop" ;;
    esac
done
stop
"#;

/// A running cluster; stopped and removed when dropped.
pub(crate) struct Cluster {
    keeper: Child,
    said: BufReader<ChildStdout>,
    port: u16,
    home: TempDir,
}

impl Cluster {
    /// Makes and starts one; `None`, with a word about it, where there is no PostgreSQL.
    pub(crate) fn start() -> Option<Cluster> {
        let Some(bin) = programs() else {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "PostgreSQL is not installed");
            println!("passing over: PostgreSQL is not installed");
            return None;
        };
        let home = tempfile::Builder::new().prefix("mecum-crash-postgres-").tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "mecum-crash-postgres"]).arg(bin).arg(home.path()).arg(port.to_string());
        command.current_dir(home.path()).env("LC_ALL", "C").process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        // PostgreSQL refuses to run as root.
        if id(&["-u"]) == Some(0) {
            let (user, group) = id(&["-u", "postgres"]).zip(id(&["-g", "postgres"])).expect("a user postgres");
            chown(home.path(), Some(user), Some(group)).unwrap();
            command.uid(user).gid(group);
        }
        let mut keeper = command.spawn().unwrap();
        let said = BufReader::new(keeper.stdout.take().unwrap());
        let mut cluster = Cluster { keeper, said, port, home };
        cluster.tell("start");
        Some(cluster)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops the server at once, as a power cut would, and starts it again once `meanwhile` is over.
    pub(crate) fn stop_immediately(&mut self, meanwhile: impl FnOnce()) {
        self.tell("stop");
        meanwhile();
        self.tell("start");
    }

    /// Ends every connection's process on the server, as an administrator does; how many there were.
    pub(crate) fn end_connections(&self) -> usize {
        let pid_file = fs::read_to_string(self.home.path().join("data/postmaster.pid")).unwrap();
        let postmaster = pid_file.lines().next().unwrap().to_owned();
        let clients: Vec<String> =
            children_of(&postmaster).filter(|(_, title)| title.contains("127.0.0.1(")).map(|(pid, _)| pid).collect();
        for pid in &clients {
            // One that has ended by itself meanwhile is no failure.
            Command::new("kill").args(["-TERM", pid]).stderr(Stdio::null()).status().unwrap();
        }
        clients.len()
    }

    fn tell(&mut self, word: &str) {
        writeln!(self.keeper.stdin.as_mut().unwrap(), "{word}").unwrap();
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), "done", "PostgreSQL did not {word}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The folder goes with its last user.
        let _ = self.keeper.wait();
    }
}

/// The children of a process with their titles.
fn children_of(parent: &str) -> impl Iterator<Item = (String, String)> {
    let parent = parent.to_owned();
    fs::read_dir("/proc").unwrap().flatten().filter_map(move |entry| {
        let pid = entry.file_name().into_string().ok().filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let is_child = stat.rsplit_once(')')?.1.split_whitespace().nth(1)? == parent;
        let title = fs::read(entry.path().join("cmdline")).ok().filter(|_| is_child)?;
        Some((pid, String::from_utf8_lossy(&title).into_owned()))
    })
}

/// The folder of the newest server's programs; Debian keeps them off the search path.
fn programs() -> Option<PathBuf> {
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> =
        std::env::split_paths(&path).filter_map(|folder| real(&folder.join("initdb"))).collect();
    debian
        .chain(on_path)
        .filter(|bin| ["initdb", "pg_ctl", "postgres"].iter().all(|name| bin.join(name).is_file()))
        .max()
}

/// The folder in which a program really is.
fn real(program: &Path) -> Option<PathBuf> {
    Some(program.canonicalize().ok()?.parent()?.to_owned())
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
