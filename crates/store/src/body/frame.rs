//! A body as bytes: a short header of offsets, then the text.

use super::{BlobContent, Body, Cut, MetaSplice, Span};

/// The one layout there is; a reader refuses what it does not know.
const FORMAT: u8 = 1;

/// A stored body that cannot be read: the row is damaged, or a newer program wrote it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A newer layout.
    #[error("the stored body has layout {0}, which this program does not know")]
    UnknownFormat(u8),
    /// Offsets that do not fit the text, or bytes missing.
    #[error("the stored body is damaged")]
    Damaged,
}

impl Body {
    /// The body as bytes, to be compressed and sealed.
    #[must_use]
    pub fn to_frame(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len() + 16 + 3 * self.references.len());
        out.push(FORMAT);
        put(&mut out, self.line.unwrap_or(0));
        put_span(&mut out, self.id);
        let (kind, at) = match self.meta {
            MetaSplice::IntoMeta(at) => (0, at),
            MetaSplice::IntoEmptyMeta(at) => (1, at),
            MetaSplice::NewMeta(at) => (2, at),
            MetaSplice::Nowhere => (3, 0),
        };
        out.push(kind);
        put(&mut out, at as u64);
        put(&mut out, self.references.len() as u64);
        let mut last = 0;
        for span in &self.references {
            put_span(&mut out, Span { start: span.start.saturating_sub(last), len: span.len });
            last = span.start;
        }
        put(&mut out, self.cuts.len() as u64);
        for cut in &self.cuts {
            put(&mut out, cut.at as u64);
            put_text(&mut out, &cut.text);
        }
        match &self.blob {
            None => out.push(0),
            Some(blob) => {
                out.push(1);
                put(&mut out, blob.size_bytes);
                put_text(&mut out, &blob.name);
            }
        }
        out.extend_from_slice(self.text.as_bytes());
        out
    }

    /// The body of these bytes.
    ///
    /// # Errors
    /// Bytes that [`Body::to_frame`] never made; every offset is checked against the text.
    pub fn from_frame(frame: &[u8]) -> Result<Body, FrameError> {
        let mut reader = FrameReader(frame);
        let format = reader.byte()?;
        if format != FORMAT {
            return Err(FrameError::UnknownFormat(format));
        }
        let line = reader.number()?;
        let id = reader.span(0)?;
        let (kind, at) = (reader.byte()?, reader.size()?);
        let meta = match kind {
            0 => MetaSplice::IntoMeta(at),
            1 => MetaSplice::IntoEmptyMeta(at),
            2 => MetaSplice::NewMeta(at),
            3 => MetaSplice::Nowhere,
            _ => return Err(FrameError::Damaged),
        };
        let references = reader.references()?;
        let cuts = reader.cuts()?;
        let blob = reader.blob()?;
        let text = String::from_utf8(reader.0.to_vec()).map_err(|_| FrameError::Damaged)?;
        let body = Body { text, id, references, cuts, meta, blob, line: (line != 0).then_some(line) };
        if body.offsets_fit() { Ok(body) } else { Err(FrameError::Damaged) }
    }

    fn offsets_fit(&self) -> bool {
        let boundary = |at: usize| self.text.is_char_boundary(at);
        let span =
            |span: &Span| span.start.checked_add(span.len).is_some_and(|end| boundary(span.start) && boundary(end));
        let meta = match self.meta {
            MetaSplice::IntoMeta(at) | MetaSplice::IntoEmptyMeta(at) | MetaSplice::NewMeta(at) => boundary(at),
            MetaSplice::Nowhere => true,
        };
        let ordered = self.references.windows(2).all(|pair| pair[0].start + pair[0].len <= pair[1].start)
            && self.cuts.windows(2).all(|pair| pair[0].at <= pair[1].at);
        span(&self.id)
            && meta
            && ordered
            && self.references.iter().all(span)
            && self.cuts.iter().all(|c| boundary(c.at))
    }
}

/// LEB128.
fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_span(out: &mut Vec<u8>, span: Span) {
    put(out, span.start as u64);
    put(out, span.len as u64);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

struct FrameReader<'a>(&'a [u8]);

impl FrameReader<'_> {
    fn byte(&mut self) -> Result<u8, FrameError> {
        let (first, rest) = self.0.split_first().ok_or(FrameError::Damaged)?;
        self.0 = rest;
        Ok(*first)
    }

    fn number(&mut self) -> Result<u64, FrameError> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(FrameError::Damaged)
    }

    fn size(&mut self) -> Result<usize, FrameError> {
        usize::try_from(self.number()?).map_err(|_| FrameError::Damaged)
    }

    fn span(&mut self, base: usize) -> Result<Span, FrameError> {
        let start = self.size()?.checked_add(base).ok_or(FrameError::Damaged)?;
        Ok(Span { start, len: self.size()? })
    }

    fn text(&mut self) -> Result<String, FrameError> {
        let len = self.size()?;
        let (text, rest) = self.0.split_at_checked(len).ok_or(FrameError::Damaged)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).map_err(|_| FrameError::Damaged)
    }

    fn references(&mut self) -> Result<Vec<Span>, FrameError> {
        let count = self.bounded_count()?;
        let mut references = Vec::with_capacity(count);
        let mut last = 0;
        for _ in 0..count {
            let span = self.span(last)?;
            last = span.start;
            references.push(span);
        }
        Ok(references)
    }

    fn cuts(&mut self) -> Result<Vec<Cut>, FrameError> {
        let count = self.bounded_count()?;
        (0..count).map(|_| Ok(Cut { at: self.size()?, text: self.text()? })).collect()
    }

    fn blob(&mut self) -> Result<Option<BlobContent>, FrameError> {
        match self.byte()? {
            0 => Ok(None),
            1 => {
                let size_bytes = self.number()?;
                Ok(Some(BlobContent { name: self.text()?, size_bytes }))
            }
            _ => Err(FrameError::Damaged),
        }
    }

    /// A count of items that each take at least two bytes, so that a damaged count cannot ask for memory that is not there.
    fn bounded_count(&mut self) -> Result<usize, FrameError> {
        let count = self.size()?;
        if count <= self.0.len() / 2 { Ok(count) } else { Err(FrameError::Damaged) }
    }
}
