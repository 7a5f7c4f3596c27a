//! As much of HTTP as a client needs that must know exactly what it was told.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer that came whole.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{} {error}: {}", self.status, self.body))
    }

    /// The code of the first issue of a refusal, which must be an OperationOutcome.
    pub(crate) fn issue(&self) -> String {
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{} {}", self.status, self.body);
        outcome["issue"][0]["code"].as_str().unwrap().to_owned()
    }
}

/// Sends one request. An error if no answer came, or not all of it: then nothing was acknowledged.
pub(crate) fn send(address: &str, line: &str, token: &str, media_type: &str, body: &[u8]) -> Result<Reply> {
    let address: SocketAddr = address.parse().map_err(|_| Error::from(ErrorKind::InvalidInput))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let head = format!(
        "{line} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: {media_type}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let broken = || Error::from(ErrorKind::UnexpectedEof);
    let text = String::from_utf8(bytes).map_err(|_| broken())?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(broken)?;
    let reply = Reply { status, head: head.to_owned(), body: body.to_owned() };
    let is_whole = reply.header("content-length").is_none_or(|length| length.parse() == Ok(reply.body.len()));
    if is_whole { Ok(reply) } else { Err(broken()) }
}

/// Sends FHIR.
pub(crate) fn fhir(address: &str, line: &str, token: &str, body: &str) -> Result<Reply> {
    send(address, line, token, "application/fhir+json", body.as_bytes())
}
