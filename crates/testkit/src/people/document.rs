//! DocumentReference and Binary, and the cover page of a `.phr` file (PHR-70): a Composition of LOINC 11503-0.

use super::chart::Chart;
use super::codes::document::MEDICAL_RECORDS;
use super::codes::hl7;
use super::datatype::{Code, inline_attachment, reference, spoken};
use super::json::{Json, list, object, text};
use super::resource::Resource;

/// A section of a Composition with the resources it lists.
pub(crate) fn section(title: &'static str, code: Code, entries: &[String]) -> Json {
    let open = object().with("title", title).with("code", code.concept());
    if entries.is_empty() {
        let reason = Code::new("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown", "Nil Known");
        return open.with("text", generated("None.")).with("emptyReason", reason.bare());
    }
    open.with("text", generated(&format!("{title}: {} entries.", entries.len())))
        .with("entry", list(entries.iter().map(|entry| reference(entry))))
}

fn generated(words: &str) -> Json {
    object()
        .with("status", "generated")
        .with("div", format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{words}</p></div>"))
}

impl Chart {
    /// A document that lies elsewhere or within, as its Attachment says.
    pub(crate) fn document(&self, kind: Code, written: &str, attachment: Json) -> Resource {
        self.about("DocumentReference")
            .with("status", "current")
            .with("docStatus", "final")
            .with("type", kind.concept())
            .with("category", [spoken("Clinical note")])
            .with("date", text(written))
            .with("content", [object().with("attachment", attachment)])
    }

    /// A note of plain words, kept within the resource.
    pub(crate) fn written_note(&self, kind: Code, written: &str, words: &str) -> Resource {
        self.document(kind, written, inline_attachment("text/plain; charset=utf-8", kind.display, words.as_bytes()))
    }

    /// Bytes as a resource of their own.
    pub(crate) fn binary(&self, content_type: &'static str, bytes: &[u8]) -> Resource {
        self.start("Binary").with("contentType", content_type).with("data", super::digest::base64(bytes))
    }

    /// The cover page of a `.phr` file: who made it, of whom, when.
    pub(crate) fn cover(&self, id: &'static str, made_at: &str, title: String) -> Resource {
        Resource::new("Composition", id)
            .with("status", "final")
            .with("type", MEDICAL_RECORDS.concept())
            .points("subject", &self.patient)
            .with("date", text(made_at))
            .with("author", [reference(&self.organization())])
            .with("title", title)
            .with("confidentiality", hl7::NORMAL.code)
    }
}
