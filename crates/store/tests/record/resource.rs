//! Small resources as they would be taken in, and the changes that bring them into a record.

use mecum_fhir::json::Limits;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Act, Facts, Permit, ResourceKey};
use mecum_record::commit::{CommitAct, CommitDetail};
use mecum_record::ids::{CommitId, RecordId, SourceId, VersionId};
use mecum_store::body::{Body, MetaSplice, Span};
use mecum_store::{
    Change, CommitWords, Committed, Content, Expected, NewOrigin, OriginDigest, Store, StoreError, Version,
    origin_digest,
};

use crate::house::{NOW_US, permit};

/// A resource's key.
pub(crate) fn key(resource_type: ResourceType, id: &str) -> ResourceKey {
    ResourceKey { resource_type, id: id.to_owned() }
}

/// The key of an Observation, which most tests are about.
pub(crate) fn observation(id: &str) -> ResourceKey {
    key(ResourceType::OBSERVATION, id)
}

/// An Observation with this text in it.
pub(crate) fn pulse(id: &str, text: &str) -> Change {
    put(&format!(r#"{{"resourceType":"Observation","id":"{id}","code":{{"text":"{text}"}}}}"#))
}

/// The change that puts a resource, which has an id, whatever is there.
pub(crate) fn put(json: &str) -> Change {
    put_from(json, None)
}

/// The same, from a source.
pub(crate) fn put_from(json: &str, source: Option<SourceId>) -> Change {
    let resource = Resource::parse(json.as_bytes(), &Limits::default()).unwrap();
    Change {
        key: key(resource.resource_type(), &resource.id().unwrap()),
        facts: Facts::of(&resource, source),
        content: Content::Put(body(resource.text())),
        origin_digest: None,
        expected: Expected::Whatever,
    }
}

/// A body as adoption makes it of a resource whose references all lead into the record.
fn body(text: &str) -> Body {
    let id_start = text.find(r#""id":""#).unwrap() + 6;
    let id = Span { start: id_start, len: text[id_start..].find('"').unwrap() };
    let meta = match text.find(r#""meta":{"#) {
        Some(at) => MetaSplice::IntoMeta(at + 8),
        None => MetaSplice::NewMeta(id.start + id.len + 1),
    };
    let mark = r#""reference":""#;
    let references = text.match_indices(mark).map(|(at, _)| {
        let start = at + mark.len();
        Span { start, len: text[start..].find('"').unwrap() }
    });
    Body { references: references.collect(), text: text.to_owned(), id, cuts: Vec::new(), meta, blob: None, line: None }
}

/// The deletion of what is there now.
pub(crate) fn deletion(of: &Version) -> Change {
    Change {
        key: of.key.clone(),
        content: Content::Deleted,
        facts: of.facts,
        origin_digest: None,
        expected: Expected::Version(of.version),
    }
}

/// What may be changed in a change before it is made.
pub(crate) trait Changed {
    fn expecting(self, expected: Expected) -> Self;
    fn at_version(self, version: i64) -> Self;
    fn of_line(self, digest: OriginDigest) -> Self;
}

impl Changed for Change {
    fn expecting(self, expected: Expected) -> Self {
        Change { expected, ..self }
    }

    fn at_version(self, version: i64) -> Self {
        self.expecting(Expected::Version(VersionId(version)))
    }

    fn of_line(self, digest: OriginDigest) -> Self {
        Change { origin_digest: Some(digest), ..self }
    }
}

/// The digest of a line of this text.
pub(crate) fn digest_of(store: &Store, record: RecordId, line: &str) -> OriginDigest {
    let mut stream = store.origin_digest_stream(&permit(store, record, Act::Import)).unwrap();
    stream.part(line.as_bytes());
    origin_digest(stream)
}

/// That a source calls an Observation so.
pub(crate) fn mapping(source: SourceId, origin_id: &str, id: &str) -> NewOrigin {
    NewOrigin { source, resource_type: ResourceType::OBSERVATION, origin_id: origin_id.to_owned(), id: id.to_owned() }
}

pub(crate) fn words(act: CommitAct) -> CommitWords {
    let detail = CommitDetail { author: "operator test".to_owned(), message: format!("a {}", act.word()) };
    CommitWords { at_us: NOW_US, act, detail, reverts: None }
}

/// The words of a commit that takes another back.
pub(crate) fn reverting(commit: CommitId) -> CommitWords {
    CommitWords { reverts: Some(commit), ..words(CommitAct::Revert) }
}

/// A permit that covers a change.
pub(crate) fn permit_for(store: &Store, record: RecordId, change: &Change) -> Permit {
    let resource_type = change.key.resource_type;
    let act = match (&change.content, change.expected) {
        (Content::Deleted, _) => Act::Delete(resource_type),
        (Content::Put(_), Expected::Absent) => Act::Create(resource_type),
        (Content::Put(_), _) => Act::Update(resource_type),
    };
    permit(store, record, act)
}

/// Makes one commit of these changes.
pub(crate) fn commit(store: &Store, record: RecordId, changes: &[Change]) -> Result<Committed, StoreError> {
    let permits: Vec<Permit> = changes.iter().map(|change| permit_for(store, record, change)).collect();
    store.commit(&permits, &words(CommitAct::Update), changes)
}

/// The text in an Observation.
pub(crate) fn text_of(version: &Version) -> String {
    let text = &version.body.as_ref().unwrap().text;
    let start = text.find(r#""text":""#).unwrap() + 8;
    text[start..start + text[start..].find('"').unwrap()].to_owned()
}
