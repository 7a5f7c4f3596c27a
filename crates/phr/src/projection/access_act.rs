//! The words of the access log in the codes of BALP (AUD-1, AUD-2).

pub(super) const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";

/// A system and a code of it.
pub(super) type Code = (&'static str, &'static str);

/// What an AuditEvent is about.
#[derive(Clone, Copy)]
pub(super) struct Coded {
    pub(super) kind: Code,
    pub(super) subtype: Option<Code>,
    /// `C`, `R`, `U`, `D` or `E`.
    pub(super) action: &'static str,
    /// Whether what moves comes from the server, and not from the client.
    pub(super) is_outward: bool,
}

/// Health data made available to somebody: a disclosure was opened (AUD-5).
pub(super) const DISCLOSE: Coded =
    Coded { kind: (DICOM, "110106"), subtype: Some((LIFECYCLE, "disclose")), action: "R", is_outward: true };

/// Something done with the record as a whole, e.g. a token issued.
pub(super) const ACTIVITY: Coded = Coded { kind: (DICOM, "110100"), subtype: None, action: "E", is_outward: false };

/// An act of the access log, as a REST interaction.
pub(super) fn interaction(act: &str) -> Coded {
    let (code, action, is_outward) = match act {
        "read" => ("read", "R", true),
        "search" => ("search", "E", false),
        "create" => ("create", "C", false),
        "update" => ("update", "U", false),
        "delete" => ("delete", "D", false),
        "import" => ("operation", "C", false),
        "restore" => ("operation", "U", false),
        _ => ("operation", "E", true),
    };
    Coded { kind: (EVENT_TYPE, "rest"), subtype: Some((INTERACTION, code)), action, is_outward }
}
