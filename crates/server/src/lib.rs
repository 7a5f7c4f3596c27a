//! The HTTP door: FHIR REST, operations, health.
