//! OperationDefinitions that the PHR and EHI guides name or describe and do not publish (PHR-51, EHI-1).

use axum::http::StatusCode;
use axum::response::Response;
use mecum_fhir::json::{ArrayWriter, Writer};

use crate::respond;

const PUBLISHER: &str = "Mecum; HL7 names this canonical in the PHR guide and publishes no definition under it";

/// One parameter: name, use, smallest number, largest number, type, what it is.
type Parameter = (&'static str, &'static str, i64, &'static str, &'static str, &'static str);

const EXPORT: [Parameter; 8] = [
    ("outputFormat", "in", 0, "1", "code", "ndjson, phr or sphr; absent for a Bundle"),
    ("start", "in", 0, "1", "date", "The first moment, by clinical time"),
    ("end", "in", 0, "1", "date", "The last moment, by clinical time; a partial date counts whole"),
    ("patient", "in", 0, "1", "string", "Whose record, as Patient/123"),
    ("_type", "in", 0, "*", "code", "Only these types"),
    ("_since", "in", 0, "1", "instant", "Only what changed here at or after this moment"),
    ("bundleType", "in", 0, "1", "code", "document, or collection; of a Bundle only"),
    ("return", "out", 1, "1", "Resource", "The record; as a file for the other formats"),
];

const IMPORT: [Parameter; 5] = [
    ("created", "out", 1, "1", "integer", "Resources that were not there before"),
    ("updated", "out", 1, "1", "integer", "Resources that got a new version"),
    ("unchanged", "out", 1, "1", "integer", "Lines that were known already"),
    ("quarantined", "out", 1, "1", "integer", "Lines that are no resource and are kept aside"),
    ("outcome", "out", 1, "1", "OperationOutcome", "What is said of single lines"),
];

/// What one definition says.
struct Definition {
    id: &'static str,
    url: &'static str,
    name: &'static str,
    code: &'static str,
    publisher: &'static str,
    description: &'static str,
    types: &'static [&'static str],
    is_of_type: bool,
    is_of_instance: bool,
    affects_state: bool,
    parameters: &'static [Parameter],
}

const NAMED_BY_GUIDE: &str =
    "How this server understands the operation of that name in the HL7 PHR guide, which publishes no definition of it";

/// `GET [base]/OperationDefinition/phr-export`
pub(crate) async fn export() -> Response {
    definition(&Definition {
        id: "phr-export",
        url: "http://hl7.org/fhir/uv/phr/OperationDefinition/phr-export",
        name: "PhrExport",
        code: "phr-export",
        publisher: PUBLISHER,
        description: NAMED_BY_GUIDE,
        types: &["Bundle", "Patient"],
        is_of_type: true,
        is_of_instance: true,
        affects_state: false,
        parameters: &EXPORT,
    })
}

/// `GET [base]/OperationDefinition/phr-import`
pub(crate) async fn import() -> Response {
    definition(&Definition {
        id: "phr-import",
        url: "http://hl7.org/fhir/uv/phr/OperationDefinition/phr-import",
        name: "PhrImport",
        code: "import",
        publisher: PUBLISHER,
        description: NAMED_BY_GUIDE,
        types: &["Bundle"],
        is_of_type: true,
        is_of_instance: false,
        affects_state: true,
        parameters: &IMPORT,
    })
}

/// `GET [base]/OperationDefinition/ehi-export`
pub(crate) async fn ehi_export() -> Response {
    definition(&Definition {
        id: "ehi-export",
        url: "urn:mecum:OperationDefinition:ehi-export",
        name: "EhiExport",
        code: "ehi-export",
        publisher: "Mecum; the Argonaut EHI Export guide describes the operation and publishes no definition of it",
        description: "Everything that is kept about a patient, fetched later from the address in Content-Location: resources, \
                      where they came from, who looked at them, and the files they came in",
        types: &["Patient"],
        is_of_type: false,
        is_of_instance: true,
        affects_state: false,
        parameters: &[],
    })
}

fn definition(of: &Definition) -> Response {
    let text = Writer::object(|definition| {
        definition
            .str("resourceType", "OperationDefinition")
            .str("id", of.id)
            .str("url", of.url)
            .str("name", of.name)
            .str("status", "draft")
            .str("kind", "operation")
            .str("publisher", of.publisher)
            .str("description", of.description)
            .bool("affectsState", of.affects_state)
            .str("code", of.code)
            .arr("resource", |names| {
                for name in of.types {
                    names.str(name);
                }
            })
            .bool("system", false)
            .bool("type", of.is_of_type)
            .bool("instance", of.is_of_instance)
            .arr_some("parameter", |list| write_parameters(list, of.parameters));
    });
    respond::public(StatusCode::OK, text)
}

fn write_parameters(list: &mut ArrayWriter<'_>, parameters: &[Parameter]) {
    for (name, usage, min, max, kind, words) in parameters {
        list.obj(|parameter| {
            parameter.str("name", name).str("use", usage).int("min", *min).str("max", max);
            parameter.str("documentation", words).str("type", kind);
        });
    }
}
