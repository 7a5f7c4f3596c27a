//! HL7's validator, an independent judge of what we write, as a service that lives as long as one test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long one request may take: some thousand resources on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// The validator, running.
pub struct Validator {
    child: Child,
    address: String,
}

impl Validator {
    /// Starts the program that `MECUM_VALIDATOR` names, else `../shared/validator/validate` beside the workspace. `None`, with a
    /// printed line, when there is none and the test has to pass over. Its first use builds it, which takes a while.
    ///
    /// # Panics
    /// When there is none, or it does not start, and `CI=true`.
    #[must_use]
    pub fn start() -> Option<Validator> {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/validator/validate");
        let program = std::env::var_os("MECUM_VALIDATOR").map_or_else(beside, PathBuf::from);
        let started = if program.is_file() { run(&program) } else { None };
        if started.is_none() {
            assert!(!super::is_ci(), "the HL7 validator does not start: set MECUM_VALIDATOR to its program");
            println!("passing over: there is no HL7 validator (MECUM_VALIDATOR)");
        }
        started
    }

    /// What it says of lines of resources, as the JSON of its service: `resources`, `errors`, `issues`.
    ///
    /// # Errors
    /// When the service does not answer with 200.
    pub fn lines(&self, ndjson: &str) -> std::io::Result<String> {
        self.post("/?ndjson=true", "application/fhir+ndjson", ndjson)
    }

    /// What it says of one resource.
    ///
    /// # Errors
    /// As [`Validator::lines`].
    pub fn resource(&self, json: &str) -> std::io::Result<String> {
        self.post("/", "application/fhir+json", json)
    }

    fn post(&self, path: &str, content_type: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let length = body.len();
        write!(
            stream,
            "POST {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        stream.flush()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let _ = stream.shutdown(Shutdown::Both);
        let other = || std::io::Error::other(answer.lines().next().unwrap_or("no answer").to_owned());
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(other)?;
        if head.split_whitespace().nth(1) == Some("200") { Ok(body.to_owned()) } else { Err(other()) }
    }
}

fn run(program: &Path) -> Option<Validator> {
    let child = Command::new(program).args(["--serve", "0"]).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn();
    let mut validator = Validator { child: child.ok()?, address: String::new() };
    let lines = BufReader::new(validator.child.stdout.take()?).lines();
    let ready = lines.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("ready on ")?.trim().to_owned()));
    // Without an address it is stopped when it is dropped.
    validator.address = ready?;
    Some(validator)
}

impl Drop for Validator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
