//! The parameters of `$phr-export`, from a query or a Parameters resource (PHR-50, PHR-52). Secrets come in a body only.

use mecum_fhir::outcome::IssueCode;
use mecum_fhir::reference::ResourceType;
use mecum_phr::export::ExportFormat;
use mecum_phr::words::seal::jwk::PublicJwk;
use mecum_phr::words::seal::{ArchivePassphrase, Sealing};
use mecum_record::access::ResourceKey;
use serde_json::Value;

use super::history::instant_of;
use crate::error::Refusal;
use crate::incoming::{Incoming, key_of};

/// What is asked for. Not `Debug`: it may hold a passphrase.
pub(crate) struct ExportParameters {
    pub(crate) patient: Option<ResourceKey>,
    pub(crate) format: ExportFormat,
    pub(crate) start: Option<String>,
    pub(crate) end: Option<String>,
    /// Only what changed at or after this moment, microseconds since the epoch.
    pub(crate) since_us: Option<i64>,
    /// A `collection` instead of a `document` (PHR-54).
    pub(crate) is_collection: bool,
    pub(crate) types: Option<Vec<ResourceType>>,
    pub(crate) sealing: Option<Sealing>,
    /// Whether there were parameters that nobody here knows.
    pub(crate) has_unknown: bool,
}

impl ExportParameters {
    /// Whether the answer is a JWE.
    pub(crate) fn is_jose(&self) -> bool {
        matches!(self.sealing, Some(Sealing::PassphraseJwe(_) | Sealing::RecipientJwe(_)))
    }

    fn new() -> ExportParameters {
        ExportParameters {
            patient: None,
            format: ExportFormat::Bundle,
            start: None,
            end: None,
            since_us: None,
            is_collection: false,
            types: None,
            sealing: None,
            has_unknown: false,
        }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        match name {
            "outputFormat" | "_outputFormat" => self.format = format_of(value)?,
            "start" => self.start = Some(value.to_owned()),
            "end" => self.end = Some(value.to_owned()),
            "patient" => self.patient = Some(patient_of(value)?),
            "_type" => self.types.get_or_insert_default().extend(types_of(value)?),
            "_since" => self.since_us = Some(instant_of(value)?),
            "bundleType" => self.is_collection = is_collection(value)?,
            "_format" | "_pretty" => {}
            _ => self.has_unknown = true,
        }
        Ok(())
    }

    fn set_secret(&mut self, name: &str, value: &str) -> Result<bool, Refusal> {
        let sealing = match (name, value) {
            ("encryption", "none") => Sealing::None,
            ("encryption", _) => {
                return Err(Refusal::bad_request(IssueCode::NotSupported, "encryption takes 'none' only"));
            }
            ("passphrase", value) => Sealing::AesZip(ArchivePassphrase::new(value).map_err(|error| bad(&error))?),
            ("recipient", value) => {
                Sealing::RecipientJwe(PublicJwk::parse(value.as_bytes()).map_err(|error| bad(&error))?)
            }
            _ => return Ok(false),
        };
        if self.sealing.replace(sealing).is_some() {
            let message = "name one of passphrase, recipient and encryption";
            return Err(Refusal::bad_request(IssueCode::Invalid, message));
        }
        Ok(true)
    }

    fn checked(self, incoming: &Incoming) -> Result<ExportParameters, Refusal> {
        if self.has_unknown && incoming.is_strict() {
            let message = "a parameter is not known here, and handling=strict was asked for";
            return Err(Refusal::bad_request(IssueCode::NotSupported, message));
        }
        if self.sealing.is_some() && self.format != ExportFormat::Sphr {
            return Err(Refusal::bad_request(IssueCode::Invalid, "only outputFormat sphr is sealed"));
        }
        if self.is_collection && self.format != ExportFormat::Bundle {
            return Err(Refusal::bad_request(IssueCode::Invalid, "only a Bundle has a bundleType"));
        }
        Ok(self)
    }
}

fn bad(error: &dyn std::error::Error) -> Refusal {
    Refusal::bad_request(IssueCode::Value, error.to_string())
}

/// From a query; a secret in one would stay in logs and histories, and is refused.
pub(crate) fn from_query(incoming: &Incoming) -> Result<ExportParameters, Refusal> {
    let mut parameters = ExportParameters::new();
    for (name, value) in &incoming.query {
        if ["passphrase", "recipient", "encryption"].contains(&name.as_str()) {
            let message = "how a file is sealed is said in the body of a POST, never in an address";
            return Err(Refusal::bad_request(IssueCode::Security, message));
        }
        parameters.set(name, value)?;
    }
    parameters.checked(incoming)
}

/// From a Parameters resource.
pub(crate) fn from_body(incoming: &Incoming, bytes: &[u8]) -> Result<ExportParameters, Refusal> {
    let malformed = || Refusal::bad_request(IssueCode::Structure, "the body must be a Parameters resource");
    let resource: Value = serde_json::from_slice(bytes).map_err(|_| malformed())?;
    if resource["resourceType"] != "Parameters" {
        return Err(malformed());
    }
    let mut parameters = ExportParameters::new();
    for parameter in resource["parameter"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().ok_or_else(malformed)?;
        let value = value_of(parameter).ok_or_else(malformed)?;
        if !parameters.set_secret(name, value)? {
            parameters.set(name, value)?;
        }
    }
    parameters.checked(incoming)
}

/// The text of `value[x]`; of a Reference its `reference`.
fn value_of(parameter: &Value) -> Option<&str> {
    let value = parameter.as_object()?.iter().find(|(name, _)| name.starts_with("value"))?.1;
    value.as_str().or_else(|| value["reference"].as_str())
}

fn format_of(text: &str) -> Result<ExportFormat, Refusal> {
    match text.replace(' ', "+").as_str() {
        "bundle" | "json" | "application/fhir+json" => Ok(ExportFormat::Bundle),
        "ndjson" | "application/x-ndjson" | "application/fhir+ndjson" | "application/ndjson" => {
            Ok(ExportFormat::Ndjson)
        }
        "phr" => Ok(ExportFormat::Phr),
        "sphr" => Ok(ExportFormat::Sphr),
        _ => Err(Refusal::bad_request(IssueCode::NotSupported, "outputFormat is one of ndjson, phr, sphr, or absent")),
    }
}

fn is_collection(text: &str) -> Result<bool, Refusal> {
    match text {
        "document" => Ok(false),
        "collection" => Ok(true),
        _ => Err(Refusal::bad_request(IssueCode::NotSupported, "bundleType is document or collection")),
    }
}

/// `Patient/123`; somebody else, or nobody, is one and the same answer (PHR-56).
fn patient_of(text: &str) -> Result<ResourceKey, Refusal> {
    key_of(("Patient", text.strip_prefix("Patient/").unwrap_or(text)))
}

fn types_of(text: &str) -> Result<Vec<ResourceType>, Refusal> {
    let unknown = || Refusal::bad_request(IssueCode::Value, "_type names a type that FHIR R4 does not have");
    text.split(',').map(|name| ResourceType::parse(name.trim()).ok_or_else(unknown)).collect()
}
