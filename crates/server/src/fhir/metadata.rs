//! capabilities: what this server does, from the same lists as the routes (REST-1, PHR-51).

use std::sync::OnceLock;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use mecum_fhir::json::{ArrayWriter, ObjectWriter, Writer};
use mecum_fhir::reference::ResourceType;

use super::metadata_search::write_search;
use crate::app::App;
use crate::incoming::base_of;
use crate::respond;
use crate::router::{INTERACTIONS, OPERATIONS, SYSTEM_INTERACTIONS, TYPE_OPERATIONS};

/// When what this statement says last changed.
const CHANGED_ON: &str = "2026-11-24";

/// `GET [base]/metadata`; nobody has to sign in for it.
pub(crate) async fn metadata(State(app): State<App>, headers: HeaderMap) -> Response {
    respond::public(StatusCode::OK, statement(&base_of(&headers, app.is_behind_proxy)))
}

fn statement(base: &str) -> String {
    Writer::object(|statement| {
        statement
            .str("resourceType", "CapabilityStatement")
            .str("status", "active")
            .str("date", CHANGED_ON)
            .str("kind", "instance")
            .obj("software", |software| {
                software.str("name", "Mecum").str("version", env!("CARGO_PKG_VERSION"));
            })
            .obj("implementation", |here| {
                here.str("description", "A personal health record").str("url", base);
            })
            .str("fhirVersion", "4.0.1")
            .arr("format", |formats| {
                formats.str("application/fhir+json").str("json");
            })
            .arr("rest", |rest| {
                rest.obj(write_rest);
            });
    })
}

fn write_rest(rest: &mut ObjectWriter<'_>) {
    rest.str("mode", "server")
        .obj("security", |security| {
            security.bool("cors", true);
            security.str("description", "Bearer tokens with SMART scopes, issued by the holder of the record");
        })
        .raw("resource", resources())
        .arr("interaction", |interactions| write_codes(interactions, &SYSTEM_INTERACTIONS))
        .arr("operation", |operations| write_operations(operations, None))
        .arr("compartment", |compartments| {
            for of in ["patient", "encounter", "practitioner", "device", "relatedPerson"] {
                compartments.str(&format!("http://hl7.org/fhir/CompartmentDefinition/{of}"));
            }
        });
}

/// What is said of each type is the same for everybody, and long.
fn resources() -> &'static str {
    static RESOURCES: OnceLock<String> = OnceLock::new();
    RESOURCES.get_or_init(|| {
        Writer::array(|resources| {
            for resource_type in ResourceType::all() {
                resources.obj(|resource| write_type(resource, resource_type));
            }
        })
    })
}

fn write_type(resource: &mut ObjectWriter<'_>, resource_type: ResourceType) {
    resource
        .str("type", resource_type.name())
        .arr("interaction", |interactions| write_codes(interactions, interactions_of(resource_type)))
        .str("versioning", "versioned")
        .bool("readHistory", true)
        .bool("updateCreate", false)
        .bool("conditionalCreate", true)
        .str("conditionalRead", "full-support")
        .bool("conditionalUpdate", false)
        .str("conditionalDelete", "not-supported");
    write_search(resource, resource_type);
    resource.arr_some("operation", |operations| write_operations(operations, Some(resource_type.name())));
}

/// What can be done with a type; AuditEvents are added and never changed (AUD-6).
fn interactions_of(resource_type: ResourceType) -> &'static [&'static str] {
    let n_unchanging = INTERACTIONS.len() - 2;
    if resource_type == ResourceType::AUDIT_EVENT { &INTERACTIONS[..n_unchanging] } else { &INTERACTIONS }
}

/// Those of the whole system, or those told of one type.
fn write_operations(operations: &mut ArrayWriter<'_>, only: Option<&str>) {
    let own = TYPE_OPERATIONS.iter().filter(|_| only.is_some());
    for (name, definition, types) in OPERATIONS.iter().chain(own) {
        if only.is_none_or(|only| types.contains(&only)) {
            operations.obj(|operation| {
                operation.str("name", name).str("definition", definition);
            });
        }
    }
}

fn write_codes(interactions: &mut ArrayWriter<'_>, codes: &[&str]) {
    for code in codes {
        interactions.obj(|interaction| {
            interaction.str("code", code);
        });
    }
}
