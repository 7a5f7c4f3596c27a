//! Bundles and Parameters: their rules, and the resources in them (R4 bundle.html, parameters.html).

use crate::check;

const ID: &str = "urn:uuid:c757873d-ec9a-4326-a141-556f43239520";

fn bundle(of: &str, entry: &str) -> String {
    format!(r#"{{"resourceType":"Bundle","type":"{of}","entry":[{{"fullUrl":"{ID}",{entry}}}]}}"#)
}

const PATIENT: &str = r#""resource":{"resourceType":"Patient","id":"a"}"#;

#[test]
fn what_is_right_passes() {
    check(&bundle("collection", PATIENT), &[]);
    check(&bundle("transaction", &format!(r#"{PATIENT},"request":{{"method":"PUT","url":"Patient/a"}}"#)), &[]);
    check(&bundle("searchset", &format!(r#"{PATIENT},"search":{{"mode":"match"}}"#)), &[]);
}

#[test]
fn entries_are_validated_each_with_its_own_contained_resources() {
    let resource = |members: &str| format!(r#""resource":{{"resourceType":"Patient",{members}}}"#);
    check(&bundle("collection", &resource(r#""gender":"x""#)), &["code-invalid Bundle.entry[0].resource.gender"]);
    let dangling = resource(r##""managingOrganization":{"reference":"#x"}"##);
    check(&bundle("collection", &dangling), &["ref-1 Bundle.entry[0].resource.managingOrganization.reference"]);
    check(&bundle("collection", r#""resource":{"resourceType":"Foo"}"#), &["structure Bundle.entry[0].resource"]);
    let nested = bundle("collection", &format!(r#""resource":{}"#, bundle("collection", &resource(r#""active":1"#))));
    check(&nested, &["structure Bundle.entry[0].resource.entry[0].resource.active"]);
}

#[test]
fn rest_65_requests_responses_and_searches_are_where_they_belong() {
    check(&bundle("transaction", PATIENT), &["bdl-3 Bundle"]);
    check(&bundle("collection", &format!(r#"{PATIENT},"request":{{"method":"GET","url":"a"}}"#)), &["bdl-3 Bundle"]);
    check(&bundle("transaction-response", PATIENT), &["bdl-4 Bundle"]);
    check(&bundle("collection", &format!(r#"{PATIENT},"search":{{"mode":"match"}}"#)), &["bdl-2 Bundle"]);
    check(&bundle("collection", PATIENT).replace(r#""type""#, r#""total":1,"type""#), &["bdl-1 Bundle"]);
    check(&bundle("collection", r#""link":[{"relation":"self","url":"a"}]"#), &["bdl-5 Bundle.entry[0]"]);
}

#[test]
fn rest_65_full_urls_are_unique_absolute_and_true() {
    let two = format!(
        r#"{{"resourceType":"Bundle","type":"collection",
            "entry":[{{"fullUrl":"{ID}",{PATIENT}}},{{"fullUrl":"{ID}",{PATIENT}}}]}}"#
    );
    check(&two, &["bdl-7 Bundle"]);
    let at = |url: &str| bundle("collection", PATIENT).replace(ID, url);
    check(&at("http://a.b/Patient/a"), &[]);
    check(&at("http://a.b/Patient/a/_history/1"), &["bdl-8 Bundle.entry[0]"]);
    check(&at("http://a.b/Patient/b"), &["invariant Bundle.entry[0]"]);
    check(&at("Patient/a"), &["invariant Bundle.entry[0]"]);
    check(
        &format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{{PATIENT}}}]}}"#),
        &["invariant Bundle"],
    );
    check(r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"a"}}]}"#, &[]);
}

#[test]
fn rest_65_documents_and_messages_begin_rightly() {
    check(&bundle("document", PATIENT), &["bdl-9 Bundle", "bdl-10 Bundle", "bdl-11 Bundle"]);
    check(&bundle("message", PATIENT), &["bdl-12 Bundle"]);
}

#[test]
fn parameters_hold_one_thing_each() {
    let parameter = |members: &str| format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"a"{members}}}]}}"#);
    check(&parameter(r#","valueString":"b""#), &[]);
    check(&parameter(r#","part":[{"name":"c","resource":{"resourceType":"Patient","active":true}}]"#), &[]);
    check(&parameter(""), &["inv-1 Parameters.parameter[0]"]);
    check(
        &parameter(r#","valueString":"b","resource":{"resourceType":"Patient","active":true}"#),
        &["inv-1 Parameters.parameter[0]"],
    );
    check(
        &parameter(r#","resource":{"resourceType":"Patient","active":1}"#),
        &["structure Parameters.parameter[0].resource.active"],
    );
}
