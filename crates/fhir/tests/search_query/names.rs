//! Names of parameters: scopes, chains, `_has`, and what every type has (R4 search.html#chaining, http.html#search).

use super::{clauses, read};

fn check(table: &[(&str, &str)]) {
    for (address, expect) in table {
        assert_eq!(clauses(address), *expect, "{address}");
    }
}

#[test]
fn rest_34_commas_are_or_and_repetition_is_and() {
    check(&[
        ("Patient?given=a,b&given=c", "given ['a…' or 'b…'] & given ['c…']"),
        ("Patient?given=,a,,", "given ['a…']"),
    ]);
}

#[test]
fn rest_30_the_address_says_what_is_searched() {
    let types = |address: &str| read(address).types.iter().map(|of| of.name()).collect::<Vec<_>>();
    assert_eq!(types("Patient?"), ["Patient"]);
    assert_eq!(types("?_type=Patient,Observation"), ["Observation", "Patient"]);
    assert_eq!(types("?_type=Patient,Observation&_type=Condition,Patient"), ["Patient"]);
    assert_eq!(types("?").len(), 146);
    assert_eq!(types("Patient/1/Observation?"), ["Observation"]);
    let held = types("Patient/1/*?");
    assert!(held.contains(&"Patient") && held.contains(&"Observation") && !held.contains(&"Organization"));
    assert_eq!(types("Patient/1/*?_type=Observation,Organization"), ["Observation", "Organization"]);
    assert!(held.is_sorted());
    check(&[("Patient/1/Observation?code=a", "in Patient/1 & code [any:'a']"), ("Patient/1/*?", "in Patient/1")]);
}

#[test]
fn rest_35_what_every_type_has_is_asked_the_same_way_everywhere() {
    for scope in ["Patient", "", "Patient/1/*", "Binary"] {
        let found = |query: &str| clauses(&format!("{scope}?{query}")).replace("in Patient/1 & ", "");
        assert_eq!(found("_id=a,b"), "id a|b");
        assert_eq!(found("_lastUpdated=ge2020&_lastUpdated=lt2021"), "updated [ge] & updated [lt]");
        assert_eq!(found("_tag=x"), "_tag [any:'x']");
        assert_eq!(found("_profile:below=http://a"), "_profile [below http://a]");
        assert_eq!(found("_content=Acute Otitis,foo"), "content [acute otitis or foo]");
        assert_eq!(found("_text=bone"), "narrative [bone]");
        assert_eq!(found("_list=42,43"), "<- List.item (id 42|43)");
    }
}

#[test]
fn rest_30_several_types_share_a_parameter_by_its_name() {
    check(&[
        (
            "?_type=Condition,Observation&patient=1",
            "[Condition(patient [Patient/1]) or Observation(patient [Patient/1])]",
        ),
        (
            "?_type=Condition,Observation&_has:Provenance:target:agent=1",
            "<- Provenance.target (agent [Practitioner+Organization+Device+Patient+PractitionerRole+RelatedPerson/1])",
        ),
    ]);
}

#[test]
fn rest_40_a_chain_leads_over_references() {
    check(&[
        ("Observation?patient.name=a", "patient -> [Patient(name ['a…'])]"),
        ("Observation?subject:Patient.name:exact=A", "subject -> [Patient(name ['A'])]"),
        ("Observation?subject.name=a", "subject -> [Patient(name ['a…']) or Location(name ['a…'])]"),
        ("Observation?subject.gender:not=male", "subject -> [Patient(gender not [any:'male'])]"),
        (
            "Observation?patient.general-practitioner:Practitioner.name=a",
            "patient -> [Patient(general-practitioner -> [Practitioner(name ['a…'])])]",
        ),
        (
            "Observation?encounter:Encounter.patient.organization.name=a",
            "encounter -> [Encounter(patient -> [Patient(organization -> [Organization(name ['a…'])])])]",
        ),
        ("Observation?focus:Patient._id=1", "focus -> [Patient(id 1)]"),
        ("Observation?patient._lastUpdated=gt2020", "patient -> [Patient(updated [gt])]"),
    ]);
}

#[test]
fn rest_40_has_asks_what_refers_here() {
    check(&[
        ("Patient?_has:Observation:patient:code=1234-5", "<- Observation.patient (code [any:'1234-5'])"),
        ("Patient?_has:Observation:patient:code:not=a", "<- Observation.patient (code not [any:'a'])"),
        (
            "Patient?_has:Observation:patient:_has:AuditEvent:entity:agent=u",
            "<- Observation.patient (<- AuditEvent.entity (agent \
             [Practitioner+Organization+Device+Patient+PractitionerRole+RelatedPerson/u]))",
        ),
        (
            "Observation?subject._has:Observation:patient:code=a",
            "subject -> [Patient(<- Observation.patient (code [any:'a']))]",
        ),
        ("Encounter?patient._has:Group:member:_id=102", "patient -> [Patient(<- Group.member (id 102))]"),
        (
            "Patient?_has:Observation:patient:performer:Practitioner.name=a",
            "<- Observation.patient (performer -> [Practitioner(name ['a…'])])",
        ),
    ]);
}
