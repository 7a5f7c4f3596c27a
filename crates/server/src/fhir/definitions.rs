//! The two OperationDefinitions that the PHR guide names and does not publish (PHR-51).

use axum::http::StatusCode;
use axum::response::Response;
use mecum_fhir::json::{ArrayWriter, Writer};

use crate::respond;

const PUBLISHER: &str = "Mecum; HL7 names this canonical in the PHR guide and publishes no definition under it";

/// One parameter: name, use, smallest number, largest number, type, what it is.
type Parameter = (&'static str, &'static str, i64, &'static str, &'static str, &'static str);

const EXPORT: [Parameter; 6] = [
    ("outputFormat", "in", 0, "1", "code", "ndjson, phr or sphr; absent for a Bundle"),
    ("start", "in", 0, "1", "date", "The first moment, by clinical time"),
    ("end", "in", 0, "1", "date", "The last moment, by clinical time; a partial date counts whole"),
    ("patient", "in", 0, "1", "string", "Whose record, as Patient/123"),
    ("_type", "in", 0, "*", "code", "Only these types"),
    ("return", "out", 1, "1", "Resource", "The record; as a file for the other formats"),
];

const IMPORT: [Parameter; 5] = [
    ("created", "out", 1, "1", "integer", "Resources that were not there before"),
    ("updated", "out", 1, "1", "integer", "Resources that got a new version"),
    ("unchanged", "out", 1, "1", "integer", "Lines that were known already"),
    ("quarantined", "out", 1, "1", "integer", "Lines that are no resource and are kept aside"),
    ("outcome", "out", 1, "1", "OperationOutcome", "What is said of single lines"),
];

/// `GET [base]/OperationDefinition/phr-export`
pub(crate) async fn export() -> Response {
    definition(("phr-export", "PhrExport", "phr-export"), &["Bundle", "Patient"], &EXPORT)
}

/// `GET [base]/OperationDefinition/phr-import`
pub(crate) async fn import() -> Response {
    definition(("phr-import", "PhrImport", "import"), &["Bundle"], &IMPORT)
}

fn definition((id, name, code): (&str, &str, &str), types: &[&str], parameters: &[Parameter]) -> Response {
    let text = Writer::object(|definition| {
        definition
            .str("resourceType", "OperationDefinition")
            .str("id", id)
            .str("url", &format!("http://hl7.org/fhir/uv/phr/OperationDefinition/{id}"))
            .str("name", name)
            .str("status", "draft")
            .str("kind", "operation")
            .str("publisher", PUBLISHER)
            .str("description", "How this server understands the operation of that name in the HL7 PHR guide, which publishes no definition of it")
            .bool("affectsState", code == "import")
            .str("code", code)
            .arr("resource", |names| {
                for name in types {
                    names.str(name);
                }
            })
            .bool("system", false)
            .bool("type", true)
            .bool("instance", code == "phr-export")
            .arr("parameter", |list| write_parameters(list, parameters));
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
