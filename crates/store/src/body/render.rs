//! A stored body as it goes out: served over FHIR, or given back as its source wrote it.

use super::{Body, MetaSplice, Span};

/// A body with this server's version and time in `meta`.
pub struct Served<'a> {
    /// The stored body.
    pub body: &'a Body,
    /// `meta.versionId`.
    pub version: i64,
    /// `meta.lastUpdated`, a FHIR instant.
    pub last_updated: &'a str,
}

impl Served<'_> {
    /// Appends the resource's text.
    pub fn write(&self, out: &mut String) {
        let text = self.body.text.as_str();
        let (at, before, after) = match self.body.meta {
            MetaSplice::IntoMeta(at) => (at, "", ","),
            MetaSplice::IntoEmptyMeta(at) => (at, "", ""),
            MetaSplice::NewMeta(at) => (at, ",\"meta\":{", "}"),
            MetaSplice::Nowhere => return out.push_str(text),
        };
        out.reserve(text.len() + 80);
        out.push_str(&text[..at]);
        out.push_str(before);
        out.push_str("\"versionId\":\"");
        out.push_str(&self.version.to_string());
        out.push_str("\",\"lastUpdated\":\"");
        out.push_str(self.last_updated);
        out.push('"');
        out.push_str(after);
        out.push_str(&text[at..]);
    }
}

/// A body with its source's ids, references, version and time.
pub struct Exported<'a> {
    /// The stored body.
    pub body: &'a Body,
    /// The id that goes out.
    pub id: &'a str,
    /// What goes out for each of [`Body::references`], in the same order.
    pub references: &'a [String],
}

impl Exported<'_> {
    /// Appends the resource's text.
    pub fn write(&self, out: &mut String) {
        let body = self.body;
        out.reserve(body.text.len() + 32);
        let mut pieces: Vec<(Span, &str)> = Vec::with_capacity(body.references.len() + body.cuts.len() + 1);
        pieces.push((body.id, self.id));
        pieces.extend(body.references.iter().copied().zip(self.references.iter().map(String::as_str)));
        pieces.extend(body.cuts.iter().map(|cut| (Span { start: cut.at, len: 0 }, cut.text.as_str())));
        pieces.sort_by_key(|(span, _)| (span.start, span.len));
        let mut done = 0;
        for (span, text) in pieces {
            out.push_str(&body.text[done..span.start]);
            out.push_str(text);
            done = span.start + span.len;
        }
        out.push_str(&body.text[done..]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Cut, MetaSplice, Span};
    use super::{Exported, Served};

    fn sample() -> Body {
        let text = r#"{"resourceType":"Observation","id":"new1","meta":{"profile":["p"]},"subject":{"reference":"Patient/new2"}}"#;
        let span = |part: &str| Span { start: text.find(part).unwrap(), len: part.len() };
        let inside = text.find("{\"profile").unwrap() + 1;
        Body {
            text: text.to_owned(),
            id: span("new1"),
            references: vec![span("Patient/new2")],
            cuts: vec![Cut { at: inside, text: "\"versionId\":\"7\",".to_owned() }],
            meta: MetaSplice::IntoMeta(inside),
            blob: None,
            line: Some(3),
        }
    }

    #[test]
    fn a_served_body_has_this_servers_version_and_time_and_nothing_else_changed() {
        let mut out = String::new();
        Served { body: &sample(), version: 2, last_updated: "2026-01-01T00:00:00.000Z" }.write(&mut out);
        assert_eq!(
            out,
            r#"{"resourceType":"Observation","id":"new1","meta":{"versionId":"2","lastUpdated":"2026-01-01T00:00:00.000Z","profile":["p"]},"subject":{"reference":"Patient/new2"}}"#
        );
    }

    #[test]
    fn an_exported_body_is_what_the_source_wrote() {
        let mut out = String::new();
        Exported { body: &sample(), id: "a", references: &["Patient/b".to_owned()] }.write(&mut out);
        assert_eq!(
            out,
            r#"{"resourceType":"Observation","id":"a","meta":{"versionId":"7","profile":["p"]},"subject":{"reference":"Patient/b"}}"#
        );
    }

    #[test]
    fn a_frame_gives_the_body_back_and_damage_is_found() {
        let body = sample();
        let frame = body.to_frame();
        assert!(Body::from_frame(&frame).is_ok_and(|back| back == body));
        for cut in 0..20 {
            assert!(Body::from_frame(&frame[..cut]).is_err());
        }
        for at in 0..25 {
            let mut damaged = frame.clone();
            damaged[at] ^= 0xff;
            let _ = Body::from_frame(&damaged);
        }
    }
}
