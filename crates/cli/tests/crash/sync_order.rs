//! What is acknowledged over HTTP was on the disk before the answer left, told by the system calls that the server made.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::house::House;
use crate::http::{fhir, send};
use crate::tagged::resource;

/// The calls that matter here; paths and sockets are told with them.
const CALLS: &str =
    "trace=openat,close,write,writev,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,sendto,sendmsg";

/// How long strace may take to write down what has happened.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether programs may be traced here; with a word about it if not.
fn can_trace() -> bool {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-e", "trace=openat", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    let can_trace = strace.status().is_ok_and(|status| status.success());
    if !can_trace {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "strace is not installed, or may not trace");
        println!("passing over: strace is not installed, or may not trace");
    }
    can_trace
}

/// One call: its name, its arguments with the paths of descriptors, and where in the log it ended.
struct Call {
    name: String,
    arguments: String,
    begun: usize,
    ended: usize,
}

impl Call {
    fn is_sync_of(&self, path: &str) -> bool {
        ["fsync", "fdatasync"].contains(&self.name.as_str()) && self.arguments.contains(path)
    }

    fn is_write_to(&self, path: &str) -> bool {
        ["write", "writev", "pwrite64"].contains(&self.name.as_str()) && self.arguments.contains(path)
    }

    /// An answer's first bytes on a socket.
    fn is_answer(&self, status: &str) -> bool {
        let is_sent = ["write", "writev", "sendto", "sendmsg"].contains(&self.name.as_str());
        is_sent && self.arguments.contains("TCP:[") && self.arguments.contains(&format!("HTTP/1.1 {status}"))
    }
}

/// The calls of a log in the order in which they ended. A call that others interrupted has two lines.
fn calls(log: &str) -> Vec<Call> {
    let mut begun: HashMap<(&str, String), (usize, String)> = HashMap::new();
    let mut calls = Vec::new();
    for (line, text) in log.lines().enumerate() {
        let Some((thread, text)) = text.split_once(' ') else { continue };
        let text = text.trim_start();
        if let Some(rest) = text.strip_prefix("<... ") {
            let Some((name, _)) = rest.split_once(" resumed>") else { continue };
            let Some((at, arguments)) = begun.remove(&(thread, name.to_owned())) else { continue };
            calls.push(Call { name: name.to_owned(), arguments, begun: at, ended: line });
        } else if let Some((name, rest)) = text.split_once('(') {
            match rest.strip_suffix("<unfinished ...>") {
                Some(rest) => drop(begun.insert((thread, name.to_owned()), (line, rest.to_owned()))),
                None => {
                    calls.push(Call { name: name.to_owned(), arguments: rest.to_owned(), begun: line, ended: line })
                }
            }
        }
    }
    calls
}

/// Serves under strace, does `work` with the server's address, and gives the calls once `answers` are in the log.
fn traced(house: &House, answers: &[&str], work: impl FnOnce(&str)) -> Vec<Call> {
    let log = house.path("calls");
    let serving = house.serve_by(&mut |arguments| {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-y", "-yy", "-s", "64", "-e", CALLS, "-e", "signal=none", "-o"]).arg(&log);
        house.command_under(strace, arguments)
    });
    let _tracer = Tracer(serving.child.id());
    work(&serving.address);
    let read = || calls(&String::from_utf8_lossy(&std::fs::read(&log).unwrap()));
    let began = Instant::now();
    while !answers.iter().all(|status| read().iter().any(|call| call.is_answer(status))) {
        assert!(began.elapsed() < PATIENCE, "the answer is not among the calls");
        std::thread::sleep(Duration::from_millis(50));
    }
    read()
}

/// A running strace. Dropped, it is ended by the end of the program it runs: killed itself, it would leave that one behind.
struct Tracer(u32);

impl Drop for Tracer {
    fn drop(&mut self) {
        let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.0)).unwrap_or_default();
        for pid in children.split_whitespace() {
            let killed = Command::new("kill").args(["-KILL", pid]).status();
            assert!(killed.is_ok_and(|status| status.success()) || std::thread::panicking(), "the server is left");
        }
    }
}

fn position(calls: &[Call], what: &str, is_it: impl Fn(&Call) -> bool) -> usize {
    calls.iter().position(is_it).unwrap_or_else(|| panic!("there is no {what}"))
}

/// Fails unless a sync of a path ended before `answer` was begun, and nothing was written to it between.
fn assert_synced(calls: &[Call], answer: usize, path: &str) {
    let answer = &calls[answer];
    let before = || calls.iter().filter(|call| call.begun < answer.begun);
    let last_sync =
        before().filter(|call| call.is_sync_of(path) && call.ended < answer.begun).map(|call| call.begun).max();
    let last_sync = last_sync.unwrap_or_else(|| panic!("{path} was not synced before the answer"));
    let last_write = before().filter(|call| call.is_write_to(path)).map(|call| call.ended).max();
    assert!(last_write.is_none_or(|write| write < last_sync), "{path} was written to after its last sync");
}

#[test]
fn a_created_resource_is_answered_only_after_the_log_was_synced() {
    if !can_trace() {
        return;
    }
    let house = House::on_sqlite();
    house.says(&["init"]);
    let token = house.record_with_token("Ada");
    let calls = traced(&house, &["201"], |address| {
        let reply = fhir(address, "POST /fhir/Basic", &token, &resource("traced")).unwrap();
        assert_eq!(reply.status, 201);
    });
    let answer = position(&calls, "answer", |call| call.is_answer("201"));
    let written = position(&calls, "write to the log", |call| call.is_write_to("/record.db-wal>"));
    assert!(written < answer);
    assert_synced(&calls, answer, "/record.db-wal>");
    assert_synced(&calls, answer, "/access.db-wal>");
}

#[test]
fn an_import_is_answered_only_after_its_blob_the_blobs_folder_and_the_log_were_synced() {
    if !can_trace() {
        return;
    }
    let house = House::on_sqlite();
    house.says(&["init"]);
    let token = house.record_with_token("Ada");
    // Large enough for several chunks of a blob.
    let attachment = "QUJD".repeat(60_000);
    let line = format!(r#"{{"resourceType":"Binary","id":"b","contentType":"text/plain","data":"{attachment}"}}"#);
    let calls = traced(&house, &["200"], |address| {
        let reply =
            send(address, "POST /fhir/Bundle/$import", &token, "application/x-ndjson", line.as_bytes()).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.body);
    });
    let answer = position(&calls, "answer", |call| call.is_answer("200"));
    // It is written under another name, synced, named, and its folder synced.
    let incoming = position(&calls, "sync of the blob", |call| call.is_sync_of("/blobs/incoming/"));
    let named = position(&calls, "naming of the blob", |call| {
        ["rename", "renameat", "renameat2", "link", "linkat"].contains(&call.name.as_str())
            && call.arguments.contains("/blobs/1/")
    });
    let shelf = shelf_of(&house.data().join("blobs/1"));
    let folder = position(&calls, "sync of the blob's folder", |call| call.is_sync_of(&format!("{shelf}>")));
    let log = position(&calls, "write to the log after the blob", |call| {
        call.begun > calls[folder].ended && call.is_write_to("/record.db-wal>")
    });
    assert!(calls[incoming].ended < calls[named].begun && calls[named].ended < calls[folder].begun);
    assert!(calls[folder].ended < calls[answer].begun && calls[log].ended < calls[answer].begun);
    assert_synced(&calls, answer, "/record.db-wal>");
}

/// The end of the path of the one folder in which the record's one blob is.
fn shelf_of(record: &Path) -> String {
    let mut shelves = std::fs::read_dir(record).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let shelf = shelves.next().unwrap();
    assert!(shelves.next().is_none(), "one blob was kept");
    format!("/blobs/1/{shelf}")
}
