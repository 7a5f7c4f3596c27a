//! What a job's row says, sealed: as of which place of the record, and what was asked for.

use mecum_fhir::reference::ResourceType;
use mecum_record::ids::RecordId;
use serde_json::{Value, json};

use super::JobKind;
use crate::Failure;
use crate::export::{ExportFormat, ExportRequest};

/// The name of a file that is fetched later, without its ending. It says nothing about anyone.
const FILE_STEM: &str = "health-record";

/// What a job is about. Not `Debug`: it says what was asked for.
#[derive(Clone, Default)]
pub(super) struct Detail {
    /// The last commit that is in it.
    pub(super) until_seq: i64,
    /// The last line of the access log that is in it.
    pub(super) last_line: i64,
    /// Where it was asked for.
    pub(super) address: String,
    start: Option<String>,
    end: Option<String>,
    since_us: Option<i64>,
    types: Option<Vec<ResourceType>>,
    is_collection: bool,
}

impl Detail {
    pub(super) fn of(request: &ExportRequest) -> Detail {
        Detail {
            start: request.start.clone(),
            end: request.end.clone(),
            since_us: request.since_us,
            types: request.types.clone(),
            is_collection: request.is_collection,
            ..Detail::default()
        }
    }

    pub(super) fn to_request(&self, record: RecordId, format: ExportFormat) -> Result<ExportRequest, Failure> {
        let request = ExportRequest {
            record,
            format,
            start: self.start.clone(),
            end: self.end.clone(),
            since_us: self.since_us,
            until_seq: Some(self.until_seq),
            is_collection: self.is_collection,
            types: self.types.clone(),
            history: false,
            sealing: None,
            name: FILE_STEM.to_owned(),
        };
        request.check().map(|()| request)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let types = self.types.as_ref().map(|types| types.iter().map(|kind| kind.name()).collect::<Vec<_>>());
        let detail = json!({
            "untilSeq": self.until_seq,
            "lastLine": self.last_line,
            "address": self.address,
            "start": self.start,
            "end": self.end,
            "sinceUs": self.since_us,
            "types": types,
            "isCollection": self.is_collection,
        });
        detail.to_string().into_bytes()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Detail> {
        let detail: Value = serde_json::from_slice(bytes).ok()?;
        let text = |name: &str| detail[name].as_str().map(str::to_owned);
        let types = match &detail["types"] {
            Value::Array(names) => {
                Some(names.iter().map(|name| ResourceType::parse(name.as_str()?)).collect::<Option<Vec<_>>>()?)
            }
            _ => None,
        };
        Some(Detail {
            until_seq: detail["untilSeq"].as_i64()?,
            last_line: detail["lastLine"].as_i64()?,
            address: text("address")?,
            start: text("start"),
            end: text("end"),
            since_us: detail["sinceUs"].as_i64(),
            types,
            is_collection: detail["isCollection"].as_bool()?,
        })
    }
}

const WORDS: [(JobKind, &str); 5] = [
    (JobKind::Ehi, "ehi"),
    (JobKind::Phr(ExportFormat::Bundle), "phr-bundle"),
    (JobKind::Phr(ExportFormat::Ndjson), "phr-ndjson"),
    (JobKind::Phr(ExportFormat::Phr), "phr-phr"),
    (JobKind::Phr(ExportFormat::Sphr), "phr-sphr"),
];

/// The word that is stored.
pub(super) fn word(kind: JobKind) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, word)| word)
}

/// The kind of that word.
pub(super) fn kind(word: &str) -> Option<JobKind> {
    WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
}
