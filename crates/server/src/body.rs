//! Bodies that come in: whole ones within a bound, long ones as a reader on another thread.

use std::io::{self, Read};

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use bytes::{Buf, Bytes};
use mecum_fhir::form;
use mecum_fhir::outcome::IssueCode;
use mecum_phr::Failure;
use tokio::sync::mpsc;

use crate::error::Refusal;
use crate::incoming::{essence, is_version_4_0};

/// A resource is at most so long, bytes.
pub(crate) const MAX_RESOURCE_BYTES: usize = 16 << 20;

/// A transaction is at most so long, bytes.
pub(crate) const MAX_TRANSACTION_BYTES: usize = 64 << 20;

/// The form of a search is at most so long, bytes.
pub(crate) const MAX_FORM_BYTES: usize = 256 << 10;

/// Pieces of a body waiting to be read: bounds what an import holds in memory.
const MAX_WAITING_PIECES: usize = 8;

/// A body of FHIR's JSON, whole (REST-12).
pub(crate) async fn fhir_json(headers: &HeaderMap, body: Body, max_bytes: usize) -> Result<Bytes, Refusal> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = ["application/fhir+json", "application/json", "text/json"];
    if !known.contains(&essence(media_type).as_str()) || !is_version_4_0(media_type) {
        return Err(Refusal::unsupported_body("application/fhir+json"));
    }
    whole(headers, body, max_bytes).await
}

/// The same, or nothing: an operation may be called without parameters.
pub(crate) async fn fhir_json_or_nothing(
    headers: &HeaderMap,
    body: Body,
    max_bytes: usize,
) -> Result<Option<Bytes>, Refusal> {
    let bytes = whole(headers, body, max_bytes).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    fhir_json(headers, Body::from(bytes), max_bytes).await.map(Some)
}

/// The parameters of a search that are posted as a form (REST-30).
pub(crate) async fn form_parameters(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, Refusal> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bytes = whole(headers, body, MAX_FORM_BYTES).await?;
    if essence(media_type) != FORM && !bytes.is_empty() {
        return Err(Refusal::unsupported_body(FORM));
    }
    let unreadable = || Refusal::bad_request(IssueCode::Invalid, "the form cannot be read");
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
    form::parameters(text.trim()).map_err(|_| unreadable())
}

async fn whole(headers: &HeaderMap, body: Body, max_bytes: usize) -> Result<Bytes, Refusal> {
    let too_large = || Failure::TooLarge(format!("a body here is at most {} KiB", max_bytes >> 10)).into();
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > max_bytes) {
        return Err(too_large());
    }
    axum::body::to_bytes(body, max_bytes).await.map_err(|_| too_large())
}

/// A piece of a body on its way to its reader. The end is said: a connection that breaks is not the end of a file.
pub(crate) enum Piece {
    Bytes(Bytes),
    End,
}

/// The reading side of a body that arrives piece by piece; blocks while it waits.
pub(crate) struct BodyReader {
    pieces: mpsc::Receiver<Piece>,
    current: Bytes,
    is_at_end: bool,
}

/// Both sides of a body.
pub(crate) fn bridge() -> (mpsc::Sender<Piece>, BodyReader) {
    let (sender, pieces) = mpsc::channel(MAX_WAITING_PIECES);
    (sender, BodyReader { pieces, current: Bytes::new(), is_at_end: false })
}

impl Read for BodyReader {
    fn read(&mut self, place: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() && !self.is_at_end {
            match self.pieces.blocking_recv() {
                Some(Piece::Bytes(bytes)) => self.current = bytes,
                Some(Piece::End) => self.is_at_end = true,
                None => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the body broke off")),
            }
        }
        let n_bytes = self.current.len().min(place.len());
        self.current.copy_to_slice(&mut place[..n_bytes]);
        Ok(n_bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use bytes::Bytes;

    use super::{Piece, bridge};

    fn check(pieces: Vec<Piece>, expect: Option<&[u8]>) {
        let (sender, mut reader) = bridge();
        for piece in pieces {
            assert!(sender.try_send(piece).is_ok());
        }
        drop(sender);
        let mut text = Vec::new();
        let read = reader.read_to_end(&mut text);
        assert_eq!(read.is_ok().then_some(text.as_slice()), expect);
    }

    #[test]
    fn a_body_is_read_to_its_said_end_and_one_that_broke_off_is_an_error() {
        let bytes = || Piece::Bytes(Bytes::from_static(b"ab"));
        check(vec![bytes(), Piece::Bytes(Bytes::new()), bytes(), Piece::End], Some(b"abab"));
        check(vec![bytes()], None);
        check(vec![Piece::End], Some(b""));
    }
}
