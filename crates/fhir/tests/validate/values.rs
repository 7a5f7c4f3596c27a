//! Values of primitives, codes of required bindings, narrative (R4 datatypes.html, terminologies.html, narrative.html;
//! REST-62, 64, 65).

use crate::{check, extension, observation, patient};

/// The member in an extension is refused with `code`; the test gives its name as `valueX`.
#[track_caller]
fn refused(code: &str, name: &str, json: &str) {
    let expect = format!("{code} Observation.extension[0].{name}");
    check(&extension(&format!(r#""{name}":{json}"#)), &[&expect]);
}

#[track_caller]
fn passes(name: &str, json: &str) {
    check(&extension(&format!(r#""{name}":{json}"#)), &[]);
}

#[test]
fn dates_keep_to_their_grammar_and_the_calendar() {
    for date in ["2020", "2020-02", "2020-02-29", "0001", "9999-12-31"] {
        passes("valueDate", &format!("{date:?}"));
    }
    for date in
        ["202", "0000", "2020-13", "2020-00", "2021-02-29", "2020-2-1", "2020-02-01T00:00:00Z", " 2020", "2020/01"]
    {
        refused("value", "valueDate", &format!("{date:?}"));
    }
}

#[test]
fn rest_62_a_time_needs_seconds_and_a_zone() {
    for time in ["2020", "2020-01-01", "2020-01-01T10:00:00Z", "2020-01-01T10:00:60.123456789+14:00"] {
        passes("valueDateTime", &format!("{time:?}"));
    }
    for time in [
        "2020-01-01T10:00:00",
        "2020-01-01T10:00Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T10:00:00+15:00",
        "2020-02-30T10:00:00Z",
        "2020-01T10:00:00Z",
        "2020-01-01 10:00:00Z",
    ] {
        refused("value", "valueDateTime", &format!("{time:?}"));
    }
    passes("valueInstant", r#""2020-01-01T10:00:00.5-05:00""#);
    refused("value", "valueInstant", r#""2020-01-01""#);
    passes("valueTime", r#""10:00:00.25""#);
    refused("value", "valueTime", r#""10:00""#);
    refused("value", "valueTime", r#""10:00:00Z""#);
}

#[test]
fn numbers_keep_to_their_ranges() {
    for number in ["0", "-0", "2147483647", "-2147483648"] {
        passes("valueInteger", number);
    }
    for number in ["2147483648", "-2147483649", "1.0", "1e3", "99999999999999999999"] {
        refused("value", "valueInteger", number);
    }
    refused("value", "valueUnsignedInt", "-1");
    refused("value", "valuePositiveInt", "0");
    passes("valuePositiveInt", "1");
    for number in ["0.10", "-1e400", "3.14159265358979323846264338327950288419716939937510582097"] {
        passes("valueDecimal", number);
    }
}

#[test]
fn strings_are_not_empty_and_hold_no_control_characters() {
    passes("valueString", r#"" a\n\tb ""#);
    refused("structure", "valueString", r#""""#);
    refused("value", "valueString", r#""a\u0000b""#);
    refused("value", "valueMarkdown", r#""a\u001bb""#);
    passes("valueString", &format!("{:?}", "a".repeat(1 << 20)));
    refused("too-long", "valueString", &format!("{:?}", "a".repeat((1 << 20) + 1)));
}

#[test]
fn codes_and_ids_have_no_stray_characters() {
    passes("valueCode", r#""a b""#);
    for code in ["a ", " a", "a  b", "a\u{a0}b", "a\\tb"] {
        refused("value", "valueCode", &format!("\"{code}\""));
    }
    passes("valueId", &format!("{:?}", "a".repeat(64)));
    for id in ["a_b", "a/b", "ä", &"a".repeat(65)] {
        refused("value", "valueId", &format!("{id:?}"));
    }
    check(&patient(r#""id":"a b""#), &["value Patient.id"]);
    check(&patient(r#""meta":{"versionId":"a b"}"#), &["value Patient.meta.versionId"]);
}

#[test]
fn uris_keep_to_their_scheme() {
    for uri in ["http://a.b/c", "abc", "urn:oid:1.2.3", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "#a"] {
        passes("valueUri", &format!("{uri:?}"));
    }
    for uri in [
        "a b",
        "urn:uuid:xyz",
        "urn:uuid:C757873D-EC9A-4326-A141-556F43239520",
        "urn:oid:1.02",
        "urn:oid:3.1",
        "urn:oid:1",
    ] {
        refused("value", "valueUri", &format!("{uri:?}"));
    }
    refused("value", "valueUrl", r#""http://a .b""#);
    refused("value", "valueUuid", r#""c757873d-ec9a-4326-a141-556f43239520""#);
    refused("value", "valueOid", r#""1.2.3""#);
    refused("value", "valueCanonical", r#""Questionnaire/1""#);
    passes("valueCanonical", r#""http://a.b/c|1.0""#);
}

#[test]
fn base64_is_whole() {
    passes("valueBase64Binary", r#""YWJj""#);
    passes("valueBase64Binary", r#""YWI=""#);
    passes("valueBase64Binary", r#""YWJj YWI=""#);
    for text in ["abc", "a*b=", "YQ==YQ==", "====", "Y===", " "] {
        refused("value", "valueBase64Binary", &format!("{text:?}"));
    }
}

#[test]
fn rest_65_required_codes_are_from_their_set() {
    check(&patient(r#""gender":"female""#), &[]);
    check(&patient(r#""gender":"Female""#), &["code-invalid Patient.gender"]);
    let no_status = r#"{"resourceType":"Observation","code":{"text":"x"},
            "_status":{"extension":[{"url":"http://a.b","valueCode":"c"}]}}"#;
    check(no_status, &["code-invalid Observation.status"]);
    check(
        &observation(r#""valueQuantity":{"value":1,"comparator":"~"}"#),
        &["code-invalid Observation.valueQuantity.comparator"],
    );
    let invoice = |currency: &str| {
        format!(r#"{{"resourceType":"Invoice","status":"issued","totalNet":{{"value":1.5,"currency":"{currency}"}}}}"#)
    };
    check(&invoice("XCG"), &[]);
    check(&invoice("Euro"), &["code-invalid Invoice.totalNet.currency"]);
}

#[test]
fn rest_65_required_concepts_have_a_coding_from_their_set() {
    let condition = |status: &str| {
        format!(r#"{{"resourceType":"Condition","subject":{{"display":"a"}},"clinicalStatus":{status}}}"#)
    };
    let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    check(&condition(&format!(r#"{{"coding":[{{"system":"{system}","code":"relapse"}}]}}"#)), &[]);
    let beside_another = r#"{"coding":[{"system":"http://a.b","code":"c"},{"system":"SYSTEM","code":"active"}]}"#;
    check(&condition(&beside_another.replace("SYSTEM", system)), &[]);
    for wrong in [
        format!(r#"{{"coding":[{{"system":"{system}","code":"acute"}}]}}"#),
        r#"{"coding":[{"system":"http://a.b","code":"active"}]}"#.to_owned(),
        r#"{"coding":[{"code":"active"}]}"#.to_owned(),
        r#"{"text":"active"}"#.to_owned(),
    ] {
        check(&condition(&wrong), &["code-invalid Condition.clinicalStatus"]);
    }
}

#[test]
fn rest_64_narrative_is_plain_xhtml() {
    let narrative = |content: &str| {
        let div = format!(r#"<div xmlns=\"http://www.w3.org/1999/xhtml\">{content}</div>"#);
        observation(&format!(r#""text":{{"status":"generated","div":"{div}"}}"#))
    };
    check(&narrative("<p>a</p>"), &[]);
    for content in [
        "<script>a</script>",
        r#"<p onclick=\"a\">b</p>"#,
        r#"<iframe src=\"a\">b</iframe>"#,
        "<style>p{}</style>b",
        r#"<a href=\"javascript:a\">b</a>"#,
        "<p>a",
        "&nbsp;",
    ] {
        check(&narrative(content), &["txt-1 Observation.text.div"]);
    }
    check(&narrative(" "), &["txt-2 Observation.text.div"]);
    check(
        &observation(r#""text":{"status":"x","div":"y"}"#),
        &["code-invalid Observation.text.status", "txt-1 Observation.text.div"],
    );
}
