//! Taking a resource in: its id and the references that lead into the record become this record's own, everything else stays
//! byte for byte, and every change is remembered so that an export gives back what came (design §3, PHR-61).

use std::ops::Range;

use mecum_fhir::json::{Element, Json, Kind, Member};
use mecum_fhir::resource::Resource;
use mecum_store::body::{BlobContent, Body, Cut, MetaSplice, Span};

/// What becomes of `meta.versionId` and `meta.lastUpdated` as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceMeta {
    /// They are the source's own: kept aside and given back on export.
    Kept,
    /// They are ours, sent back by a client who read them here: dropped.
    Dropped,
}

/// How a resource is taken in.
pub struct Adoption<'a> {
    /// The id it gets here.
    pub id: &'a str,
    /// What becomes of the source's version and time.
    pub source_meta: SourceMeta,
    /// Where a reference leads in this record: the `Type/id` here for a text as the source wrote it.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
    /// The blob of a `Binary` whose content came beside it.
    pub blob: Option<BlobContent>,
    /// The line it came from.
    pub line: Option<u64>,
}

/// A resource taken in.
pub struct Adopted {
    /// As it will be stored.
    pub body: Body,
    /// References that look as if they lead into the record, and lead nowhere; they stay as written.
    pub unresolved: Vec<String>,
}

/// One run of the source's text that is replaced.
struct Replacement {
    range: Range<usize>,
    text: String,
    mark: Mark,
}

/// What is remembered of a replacement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The new text from this offset, for so many bytes, is the id.
    Id { skip: usize, len: usize },
    /// The new text from this offset, for so many bytes, is a `Type/id` here.
    Reference { skip: usize, len: usize },
    /// What stood there is given back on export.
    Cut,
    /// Nothing.
    Plain,
}

/// Takes a resource in.
#[must_use]
pub fn adopt(resource: &Resource, adoption: &Adoption<'_>) -> Adopted {
    let json = resource.json();
    let mut replacements = Vec::new();
    let mut unresolved = Vec::new();
    replacements.push(id_replacement(json.root(), adoption.id));
    let references = resource.references().map(|reference| (reference.text().into_owned(), reference.span()));
    let attachments = resource.attachment_urls().map(|link| (link.text.into_owned(), link.span));
    let own = references.map(|(text, span)| (text, span, true)).chain(attachments.map(|(t, s)| (t, s, false)));
    for (text, span, is_reference) in own {
        match (adoption.resolve)(&text) {
            Some(target) => replacements.push(reference_replacement(&text, span, &target)),
            None if is_reference && looks_local(&text) => unresolved.push(text),
            None => {}
        }
    }
    let meta = json.root().get("meta").filter(|meta| meta.kind() == Kind::Object);
    if let Some(meta) = meta {
        let mark = if adoption.source_meta == SourceMeta::Kept { Mark::Cut } else { Mark::Plain };
        replacements.extend(version_cuts(meta).into_iter().map(|range| Replacement {
            range,
            text: String::new(),
            mark,
        }));
    }
    replacements.sort_by_key(|replacement| replacement.range.start);
    Adopted { body: build(json, replacements, adoption), unresolved }
}

/// Whether a reference is one that this record could hold the target of: `Type/id` or `urn:uuid:`.
fn looks_local(text: &str) -> bool {
    use mecum_fhir::reference::Reference;
    matches!(Reference::parse(text), Reference::Relative(_) | Reference::Urn(_) | Reference::Conditional { .. })
}

fn id_replacement(root: Element<'_>, id: &str) -> Replacement {
    let quoted = format!("\"{id}\"");
    if let Some(old) = root.get("id") {
        let mark = Mark::Id { skip: 1, len: id.len() };
        return Replacement { range: old.span(), text: quoted, mark };
    }
    let at = root.get("resourceType").map_or(root.span().start + 1, |value| value.span().end);
    let text = format!(",\"id\":{quoted}");
    let skip = text.len() - 1 - id.len();
    Replacement { range: at..at, text, mark: Mark::Id { skip, len: id.len() } }
}

/// `Type/id` becomes the target; what follows it (`/_history/2`, `#part`) stays.
fn reference_replacement(text: &str, span: Range<usize>, target: &str) -> Replacement {
    let suffix = text.find("/_history/").or_else(|| text.find('#')).map_or("", |at| &text[at..]);
    let quoted = mecum_fhir::json::quote(&format!("{target}{suffix}"));
    Replacement { range: span, text: quoted, mark: Mark::Reference { skip: 1, len: target.len() } }
}

/// The runs of `meta` that hold `versionId` and `lastUpdated`, each with the comma that goes with it.
fn version_cuts(meta: Element<'_>) -> Vec<Range<usize>> {
    let members: Vec<Member<'_>> = meta.members().collect();
    let is_version = |member: &Member<'_>| {
        matches!(member.key.as_ref(), "versionId" | "lastUpdated") && member.value.kind() == Kind::String
    };
    let mut cuts = Vec::new();
    let mut at = 0;
    while at < members.len() {
        if !is_version(&members[at]) {
            at += 1;
            continue;
        }
        let first = at;
        while at < members.len() && is_version(&members[at]) {
            at += 1;
        }
        let end = members[at - 1].value.span().end;
        cuts.push(match (members.get(at), first) {
            (Some(next), _) => members[first].key_span.start..next.key_span.start,
            (None, 0) => members[first].key_span.start..end,
            (None, _) => members[first - 1].value.span().end..end,
        });
    }
    cuts
}

fn build(json: &Json, replacements: Vec<Replacement>, adoption: &Adoption<'_>) -> Body {
    let source = json.text();
    let mut text = String::with_capacity(source.len() + 64);
    let mut body = Body {
        text: String::new(),
        id: Span { start: 0, len: 0 },
        references: Vec::new(),
        cuts: Vec::new(),
        meta: MetaSplice::Nowhere,
        blob: adoption.blob.clone(),
        line: adoption.line,
    };
    let meta = json.root().get("meta");
    let meta_start = meta.filter(|meta| meta.kind() == Kind::Object).map(|meta| meta.span().start + 1);
    let mut done = 0;
    for replacement in replacements {
        copy_until(source, &mut text, &mut done, replacement.range.start, meta_start, &mut body);
        let at = text.len();
        match replacement.mark {
            Mark::Id { skip, len } => body.id = Span { start: at + skip, len },
            Mark::Reference { skip, len } => body.references.push(Span { start: at + skip, len }),
            Mark::Cut => body.cuts.push(Cut { at, text: source[replacement.range.clone()].to_owned() }),
            Mark::Plain => {}
        }
        text.push_str(&replacement.text);
        done = replacement.range.end;
    }
    copy_until(source, &mut text, &mut done, source.len(), meta_start, &mut body);
    if let MetaSplice::IntoMeta(at) = body.meta
        && text[at..].starts_with('}')
    {
        body.meta = MetaSplice::IntoEmptyMeta(at);
    }
    if meta.is_none() {
        body.meta = MetaSplice::NewMeta(body.id.start + body.id.len + 1);
    }
    body.text = text;
    body
}

/// Copies the source up to `end`, and notes where `meta` opens in the copy.
fn copy_until(
    source: &str,
    text: &mut String,
    done: &mut usize,
    end: usize,
    meta_start: Option<usize>,
    body: &mut Body,
) {
    if let Some(start) = meta_start
        && (*done..=end).contains(&start)
        && body.meta == MetaSplice::Nowhere
    {
        body.meta = MetaSplice::IntoMeta(text.len() + start - *done);
    }
    text.push_str(&source[*done..end]);
    *done = end;
}

#[cfg(test)]
mod tests {
    use mecum_fhir::json::Limits;
    use mecum_fhir::resource::Resource;
    use mecum_store::body::{Exported, Served};

    use super::{Adopted, Adoption, SourceMeta, adopt};

    fn take(text: &str) -> Adopted {
        let resource = Resource::parse(text.as_bytes(), &Limits::default()).expect("resource of the test");
        let resolve = |reference: &str| match reference {
            "Patient/p" | "urn:uuid:1" => Some("Patient/new".to_owned()),
            "Patient/p/_history/3" => Some("Patient/new".to_owned()),
            _ => None,
        };
        adopt(
            &resource,
            &Adoption { id: "x1", source_meta: SourceMeta::Kept, resolve: &resolve, blob: None, line: None },
        )
    }

    fn served(adopted: &Adopted) -> String {
        let mut out = String::new();
        Served { body: &adopted.body, version: 1, last_updated: "T" }.write(&mut out);
        out
    }

    fn exported(adopted: &Adopted, id: &str, reference: &str) -> String {
        let references: Vec<String> = adopted.body.references.iter().map(|_| reference.to_owned()).collect();
        let mut out = String::new();
        Exported { body: &adopted.body, id, references: &references }.write(&mut out);
        out
    }

    #[test]
    fn phr_61_ids_and_references_become_this_records_own_and_come_back_on_export() {
        let text = r#"{"resourceType":"Observation","id":"o","meta":{"versionId":"9","profile":["p"],"lastUpdated":"L"},"subject":{"reference":"Patient/p"},"value":1.50e1,"performer":[{"reference":"Patient/p/_history/3"}]}"#;
        let adopted = take(text);
        assert_eq!(
            adopted.body.text,
            r#"{"resourceType":"Observation","id":"x1","meta":{"profile":["p"]},"subject":{"reference":"Patient/new"},"value":1.50e1,"performer":[{"reference":"Patient/new/_history/3"}]}"#
        );
        assert!(served(&adopted).contains(r#""meta":{"versionId":"1","lastUpdated":"T","profile":["p"]}"#));
        assert_eq!(exported(&adopted, "o", "Patient/p"), text);
    }

    #[test]
    fn a_meta_that_held_only_version_and_time_is_given_back_as_it_was() {
        for meta in [
            r#"{"versionId":"9"}"#,
            r#"{"versionId":"9","lastUpdated":"L"}"#,
            r#"{"lastUpdated":"L","versionId":"9"}"#,
            r#"{"a":1,"lastUpdated":"L","b":2,"versionId":"9","c":3}"#,
            r#"{"a":1,"lastUpdated":"L","versionId":"9"}"#,
            "{}",
        ] {
            let text = format!(r#"{{"id":"o","meta":{meta},"resourceType":"Patient"}}"#);
            let adopted = take(&text);
            assert_eq!(exported(&adopted, "o", ""), text);
            let served = served(&adopted);
            assert!(Resource::parse(served.as_bytes(), &Limits::default()).is_ok(), "{served}");
            assert!(served.contains(r#""versionId":"1","lastUpdated":"T""#), "{served}");
            assert!(!served.contains("\"9\""), "{served}");
        }
    }

    #[test]
    fn phr_13_a_resource_without_id_or_meta_gets_both_when_it_is_served() {
        let adopted = take(r#"{"resourceType":"Patient","active":true}"#);
        assert_eq!(
            served(&adopted),
            r#"{"resourceType":"Patient","id":"x1","meta":{"versionId":"1","lastUpdated":"T"},"active":true}"#
        );
        assert_eq!(exported(&adopted, "x1", ""), r#"{"resourceType":"Patient","id":"x1","active":true}"#);
    }

    #[test]
    fn unresolved_references_stay_as_written_and_are_named() {
        let adopted = take(
            r##"{"resourceType":"Observation","id":"o","subject":{"reference":"Patient\/q"},"focus":[{"reference":"urn:uuid:1"},{"reference":"http:\/\/elsewhere\/Patient\/p"},{"reference":"#c"}]}"##,
        );
        assert_eq!(adopted.unresolved, ["Patient/q"]);
        assert!(adopted.body.text.contains(r#""Patient\/q""#));
        assert!(adopted.body.text.contains(r#"{"reference":"Patient/new"}"#));
    }
}
