//! A small HTTP/1.1 client that keeps its connection open: as little work for each request as can be, because it shares the cores
//! with the server (RFC 9112).

use std::io::{Error, ErrorKind};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::error::BenchError;

/// The longest head of an answer, bytes.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// Where a FHIR base is.
#[derive(Clone)]
pub(crate) struct ServiceAddress {
    /// `host:port`.
    pub(crate) authority: String,
    /// The path of the base, without a last slash.
    pub(crate) path: String,
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// The head of an answer.
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Names in small letters, and values.
    pub(crate) headers: Vec<(String, String)>,
}

/// How long the body of an answer is.
enum Length {
    Known(usize),
    Chunked,
}

impl ServiceAddress {
    /// Reads `http://host[:port]/path`.
    pub(crate) fn parse(url: &str) -> Result<ServiceAddress, BenchError> {
        let rest = url.strip_prefix("http://").ok_or_else(|| {
            BenchError::said("the address must begin with http://: encryption would be measured with the rest")
        })?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let authority = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
        let path = path.trim_end_matches('/');
        Ok(ServiceAddress { authority, path: if path.is_empty() { String::new() } else { format!("/{path}") } })
    }

    /// The bytes of a request; `target` begins with a slash and is below the base.
    pub(crate) fn request(&self, method: &str, target: &str, token: Option<&str>, body: Option<&str>) -> Vec<u8> {
        let mut head = format!("{method} {}{target} HTTP/1.1\r\nhost: {}\r\n", self.path, self.authority);
        if let Some(token) = token {
            head.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        if let Some(body) = body {
            head.push_str(&format!("content-type: application/fhir+json\r\ncontent-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        head.push_str(body.unwrap_or_default());
        head.into_bytes()
    }
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(authority: &str) -> Result<Connection, Error> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, read: Vec::with_capacity(64 << 10) })
    }

    /// Sends a request and reads its answer to the end, handing the body on as it comes. `None` for the head's lines: only the status
    /// is told then, which costs least.
    pub(crate) async fn exchange(
        &mut self,
        request: &[u8],
        sink: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<u16, Error> {
        self.stream.write_all(request).await?;
        let end = self.read_head().await?;
        let (status, length) = measure(&self.read[..end])?;
        self.read.drain(..end);
        self.read_body(length, sink).await?;
        Ok(status)
    }

    /// As [`Connection::exchange`], keeping all of the answer.
    pub(crate) async fn fetch(&mut self, request: &[u8]) -> Result<(Head, Vec<u8>), Error> {
        self.stream.write_all(request).await?;
        let end = self.read_head().await?;
        let (status, length) = measure(&self.read[..end])?;
        let headers = headers(&self.read[..end]);
        self.read.drain(..end);
        let mut body = Vec::new();
        self.read_body(length, &mut |bytes| body.extend_from_slice(bytes)).await?;
        Ok((Head { status, headers }, body))
    }

    /// Sends a request whose body is long, piece by piece, and reads the answer's status.
    pub(crate) async fn upload(&mut self, head: &[u8], pieces: &[Vec<u8>]) -> Result<u16, Error> {
        self.stream.write_all(head).await?;
        for piece in pieces {
            self.stream.write_all(piece).await?;
        }
        self.exchange(b"", &mut |_| ()).await
    }

    async fn read_head(&mut self) -> Result<usize, Error> {
        let mut searched = 0;
        loop {
            let from = searched.max(3) - 3;
            if let Some(at) = self.read[from..].windows(4).position(|four| four == b"\r\n\r\n") {
                return Ok(from + at + 4);
            }
            searched = self.read.len();
            if searched > MAX_HEAD_BYTES {
                return Err(Error::new(ErrorKind::InvalidData, "the head of an answer does not end"));
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<(), Error> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection")),
            _ => Ok(()),
        }
    }

    async fn read_body(&mut self, length: Length, sink: &mut (dyn FnMut(&[u8]) + Send)) -> Result<(), Error> {
        match length {
            Length::Known(length) => self.hand_on(length, sink).await,
            Length::Chunked => loop {
                let size = self.read_chunk_size().await?;
                self.hand_on(size, sink).await?;
                self.hand_on(2, &mut |_| ()).await?;
                if size == 0 {
                    return Ok(());
                }
            },
        }
    }

    async fn hand_on(&mut self, mut left: usize, sink: &mut (dyn FnMut(&[u8]) + Send)) -> Result<(), Error> {
        loop {
            let here = left.min(self.read.len());
            sink(&self.read[..here]);
            self.read.drain(..here);
            left -= here;
            if left == 0 {
                return Ok(());
            }
            self.more().await?;
        }
    }

    async fn read_chunk_size(&mut self) -> Result<usize, Error> {
        loop {
            if let Some(end) = self.read.windows(2).position(|two| two == b"\r\n") {
                let line = std::str::from_utf8(&self.read[..end]).unwrap_or_default();
                let digits = line.split(';').next().unwrap_or_default().trim();
                let size = usize::from_str_radix(digits, 16);
                let size = size.map_err(|_| Error::new(ErrorKind::InvalidData, "a chunk has no length"))?;
                self.read.drain(..end + 2);
                return Ok(size);
            }
            self.more().await?;
        }
    }
}

/// The status and the length of the body, from a whole head.
fn measure(head: &[u8]) -> Result<(u16, Length), Error> {
    let status = head.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|text| text.parse().ok());
    let status: u16 = status.ok_or_else(|| Error::new(ErrorKind::InvalidData, "an answer has no status"))?;
    if status == 204 || status == 304 {
        return Ok((status, Length::Known(0)));
    }
    for line in head.split(|byte| *byte == b'\n') {
        if let Some(value) = value_of(line, b"content-length:") {
            let length = value.trim().parse().map_err(|_| Error::new(ErrorKind::InvalidData, "a length is none"))?;
            return Ok((status, Length::Known(length)));
        }
        if value_of(line, b"transfer-encoding:").is_some_and(|value| value.contains("chunked")) {
            return Ok((status, Length::Chunked));
        }
    }
    Err(Error::new(ErrorKind::InvalidData, "an answer does not say how long it is"))
}

fn value_of<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l str> {
    let (start, rest) = line.split_at_checked(name.len())?;
    if start.eq_ignore_ascii_case(name) { std::str::from_utf8(rest).ok() } else { None }
}

fn headers(head: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(head);
    let lines = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect()
}

impl Head {
    /// The value of a header, named in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the server did what was asked.
    pub(crate) fn is_success(&self) -> bool {
        is_success(self.status)
    }
}

/// Whether a status says that the server did what was asked.
pub(crate) fn is_success(status: u16) -> bool {
    status / 100 == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_taken_apart_and_put_together() {
        let base = ServiceAddress::parse("http://127.0.0.1:8080/fhir/").unwrap();
        assert_eq!((base.authority.as_str(), base.path.as_str()), ("127.0.0.1:8080", "/fhir"));
        assert_eq!(
            String::from_utf8(base.request("GET", "/Patient/1", Some("t"), None)).unwrap(),
            "GET /fhir/Patient/1 HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nauthorization: Bearer t\r\n\r\n"
        );
        assert_eq!(ServiceAddress::parse("http://there").unwrap().authority, "there:80");
        assert!(ServiceAddress::parse("https://there/fhir").is_err());
    }

    #[test]
    fn an_answer_says_how_long_it_is_or_is_refused() {
        let length = |text: &str| match measure(text.as_bytes()) {
            Ok((status, Length::Known(length))) => format!("{status} {length}"),
            Ok((status, Length::Chunked)) => format!("{status} chunked"),
            Err(error) => error.to_string(),
        };
        assert_eq!(length("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"), "200 12");
        assert_eq!(length("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"), "200 chunked");
        assert_eq!(length("HTTP/1.1 204 No Content\r\n\r\n"), "204 0");
        assert_eq!(length("HTTP/1.1 200 OK\r\n\r\n"), "an answer does not say how long it is");
        assert_eq!(length("nonsense"), "an answer has no status");
    }
}
