//! What is said about queries that are not understood (R4 search.html#errors; REST-33, REST-46).

use mecum_fhir::search::query::{FaultKind, Handling};

use super::{fault, parse};

use FaultKind::{Invalid, NotSupported, TooCostly};

#[test]
fn rest_33_what_is_unknown_is_a_fault_or_named() {
    for (address, name) in [
        ("Patient?foo=1", "foo"),
        ("Patient?foo=", "foo"),
        ("Patient?Name=a", "Name"),
        ("Patient?=1", ""),
        ("Patient?code=1", "code"),
        ("Location?near=1|2", "near"),
        ("Patient?_query=a", "_query"),
        ("Patient?_filter=a", "_filter"),
        ("Patient?_type=Patient", "_type"),
        ("Patient?organization.foo=1", "organization.foo"),
        ("Patient?_has:Observation:patient:foo=1", "_has:Observation:patient:foo"),
        ("?_type=Patient,Observation&birthdate=2020", "birthdate"),
        ("?name=a", "name"),
    ] {
        let (kind, says) = fault(address);
        assert_eq!(kind, NotSupported, "{says}");
        assert!(says.starts_with(&format!("`{name}`: ")), "{says}");
        let lenient = parse(address, Handling::Lenient).unwrap_or_else(|fault| panic!("{address}: {fault}"));
        assert_eq!(lenient.ignored, [name], "{address}");
        assert!(lenient.clauses.is_empty());
    }
}

#[test]
fn rest_33_a_modifier_that_is_unknown_or_a_value_that_is_malformed_is_a_fault_always() {
    for (address, kind, says) in [
        ("Patient?name:foo=a", Invalid, "a string parameter takes :missing, :exact or :contains"),
        ("Patient?name:foo=", Invalid, "no such modifier"),
        ("Patient?gender:exact=male", Invalid, "a token parameter takes :missing, :not or :text"),
        ("Patient?gender:not:not=male", Invalid, "no such modifier"),
        ("Observation?code:in=http://a", NotSupported, "not supported here; a token parameter"),
        ("Observation?code:not-in=http://a", NotSupported, "not supported here"),
        ("Observation?code:below=a", NotSupported, "not supported here"),
        ("Patient?identifier:of-type=a|b|c", NotSupported, "not supported here"),
        ("Patient?identifier:ofType=a|b|c", NotSupported, "not supported here"),
        ("Patient?birthdate:exact=2020", Invalid, "a date parameter takes only :missing"),
        ("Observation?subject:Practitioner=1", Invalid, "`subject` leads to Group or Device or Patient or Location"),
        ("Observation?subject:Patient=Group/1", Invalid, "asks for Patient, the value is of type Group"),
        ("Observation?subject:below=1", NotSupported, "or a type it leads to"),
        ("Observation?code-value-quantity:missing=true", Invalid, "a composite parameter takes none"),
        ("Patient?_id:not=1", NotSupported, "`_id` takes no modifier here"),
        ("Patient?_content:exact=1", NotSupported, "takes no modifier"),
        ("Patient?name:missing=yes", Invalid, "true or false"),
        ("Patient?birthdate=1980-13", Invalid, "a date is written"),
        ("Patient?birthdate=xx1980", Invalid, "a date is written"),
        ("Patient?birthdate=ge", Invalid, "a date is written"),
        ("Patient?birthdate=2021-02-29", Invalid, "no such day"),
        ("Patient?_lastUpdated=today", Invalid, "a date is written"),
        ("RiskAssessment?probability=much", Invalid, "a number is written"),
        ("RiskAssessment?probability=1e99999", Invalid, "a number is written"),
        ("Observation?value-quantity=5|mg", Invalid, "a quantity is written"),
        ("Observation?value-quantity=5||", Invalid, "a quantity is written"),
        ("Patient?identifier=|", Invalid, "a token is written"),
        ("Patient?identifier=a|b|c", Invalid, "a token is written"),
        ("Patient?name=\u{301}", Invalid, "no letter"),
        ("Patient?name:exact=a\u{0}", Invalid, "U+0000"),
        ("Patient?a\u{0}=a", Invalid, "U+0000"),
        ("Patient?_content=!", Invalid, "no word"),
        ("Patient?_id=a/b", Invalid, "an id has"),
        ("Patient?_list=$current-problems", NotSupported, "lists with a name"),
        ("Observation?subject=Patient/1/2", Invalid, "a reference is written"),
        ("Observation?subject=#p", Invalid, "a reference is written"),
        ("Observation?subject=Patient?name=a", Invalid, "a reference is written"),
        ("Observation?code-value-quantity=a", Invalid, "2 parts: code$value-quantity"),
        ("Observation?code-value-quantity=a$", Invalid, "2 parts: code$value-quantity"),
        ("Observation?code-value-quantity=a$b$c", Invalid, "2 parts"),
        ("Observation?code-value-quantity=a$much", Invalid, "a number is written"),
        ("Observation?focus.name=a", Invalid, "may lead to any type"),
        ("Observation?code.name=a", Invalid, "leads nowhere"),
        ("Observation?subject:Foo.name=a", Invalid, "misspelt"),
        ("Observation?subject:Practitioner.name=a", Invalid, "leads to"),
        ("Patient?_has:Observation:patient=a", Invalid, "_has:Type:reference:parameter"),
        ("Patient?_has:Foo:patient:code=a", Invalid, "misspelt"),
        ("Patient?_has:Observation:code:code=a", Invalid, "leads nowhere"),
        ("Organization?_has:Observation:patient:code=a", Invalid, "which is not searched"),
        ("?_type=Foo", Invalid, "misspelt"),
        ("?_type=Patient&_type=Group", Invalid, "no type is in all"),
        ("Patient/1/*?_type=Foo", Invalid, "misspelt"),
        ("Encounter?patient._has:Observation:encounter:code=a", Invalid, "which is not searched"),
        ("Patient?_sort=foo", NotSupported, "no such search parameter"),
        ("Observation?_sort=code-value-quantity", NotSupported, "composed"),
        ("?_type=Condition,Observation&_sort=patient", NotSupported, "several types"),
        ("Patient?_sort:desc=name", Invalid, "takes no modifier"),
        ("Patient?_sort=name&_sort=gender", Invalid, "once"),
        ("Patient?_count=-1", Invalid, "whole number"),
        ("Patient?_count=5&_count=6", Invalid, "once"),
        ("Patient?_total=exact", Invalid, "none, estimate, accurate"),
        ("Patient?_summary=yes", Invalid, "true, text, data, count, false"),
        ("Patient?_elements=foo", Invalid, "no type searched has"),
        ("Patient?_include=organization", Invalid, "Type:parameter"),
        ("Patient?_include=Patient:foo", NotSupported, "no such search parameter"),
        ("Patient?_include=Patient:name", Invalid, "leads nowhere"),
        ("Patient?_include=Patient:organization:Group", Invalid, "leads to Organization"),
        ("Patient?_include=Patient:organization:Organization:x", Invalid, "Type:parameter"),
        ("Patient?_include:recurse=Patient:organization", Invalid, ":iterate"),
    ] {
        let (found, sentence) = fault(address);
        assert_eq!(found, kind, "{address}: {sentence}");
        assert!(sentence.contains(says), "{address}: {sentence}");
        assert!(parse(address, Handling::Lenient).is_err(), "{address} is a fault in lenient handling too");
    }
}

#[test]
fn a_chain_that_leads_to_no_such_parameter_says_so_once() {
    let (_, says) = fault("Observation?subject.foo=a");
    assert!(says.contains("no type that `subject` leads to has such a search parameter"), "{says}");
}

#[test]
fn a_misspelt_parameter_is_named_with_its_neighbour() {
    assert!(fault("Patient?birthDate=1980").1.contains("was `birthdate` meant?"));
    assert!(fault("Observation?patient.gendre=male").1.contains("was `gender` meant?"));
}

#[test]
fn a_fault_quotes_no_value_and_its_debug_no_name() {
    for address in [
        "Patient?birthdate=secret",
        "Patient?_id=secret/",
        "Patient?_sort=secret",
        "Patient?_total=secret",
        "?_type=secret",
    ] {
        let fault = parse(address, Handling::Strict).err().unwrap();
        assert!(!fault.to_string().contains("secret"), "{fault}");
    }
    let fault = parse("Patient?secret=1", Handling::Strict).err().unwrap();
    assert!(!format!("{fault:?}").contains("secret"));
    let long = parse(&format!("Patient?{}=1", "é".repeat(1000)), Handling::Strict).err().unwrap();
    assert_eq!(long.parameter().chars().count(), 100);
}

#[test]
fn rest_46_a_query_that_asks_for_too_much_is_a_fault() {
    let values = |n: usize| vec!["a"; n].join(",");
    assert!(parse(&format!("Observation?code={}", values(1000)), Handling::Strict).is_ok());
    assert!(parse(&format!("Patient?{}", vec!["name=a"; 64].join("&")), Handling::Strict).is_ok());
    let address = "Observation?encounter.patient.organization.name=a";
    assert!(parse(address, Handling::Strict).is_ok());
    let deep = "_has:Provenance:target:".repeat(4);
    for address in [
        format!("Observation?code={}", values(1001)),
        format!("Observation?code={}", values(10_000)),
        format!("Observation?code={}&status={}", values(600), values(600)),
        format!("Observation?subject.identifier={}", values(500)),
        format!("Observation?code-value-quantity={}", vec!["a$1"; 400].join(",")),
        format!("Patient?{}", vec!["name=a"; 65].join("&")),
        format!("Patient?name={}", "a".repeat(65_536)),
        "Observation?encounter.patient.organization.partof.name=a".to_owned(),
        format!("Patient?{deep}agent=1"),
        format!("Encounter?{}status=a", "part-of.".repeat(5_000)),
        format!("Observation?{}name=a", "_has:Observation:has-member:".repeat(2_000)),
        "Patient?_sort=name,name,name,name,name,name,name,name,name".to_owned(),
        format!("Patient?{}", vec!["_include=Patient:organization"; 33].join("&")),
        format!("Patient?{}", vec!["&="; 40_000].join("")),
    ] {
        for handling in [Handling::Strict, Handling::Lenient] {
            let fault = parse(&address, handling).err().unwrap_or_else(|| panic!("{:.80} is understood", address));
            assert_eq!(
                (fault.kind(), fault.code().code()),
                (TooCostly, "too-costly"),
                "{:.80} {}",
                address,
                fault.says()
            );
        }
    }
}

#[test]
fn rest_46_not_even_ignoring_is_without_bounds() {
    let unknown = |n: usize| parse(&format!("Patient?{}", vec!["foo=1"; n].join("&")), Handling::Lenient);
    assert_eq!(unknown(64).unwrap_or_else(|fault| panic!("{fault}")).ignored.len(), 64);
    assert_eq!(unknown(65).err().map(|fault| fault.kind()), Some(TooCostly));
}
