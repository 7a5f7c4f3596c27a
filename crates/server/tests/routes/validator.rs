//! HL7's validator on every resource that Mecum makes itself, and on every one of the demo's family.

use mecum_testkit::harness::Validator;
use mecum_testkit::people::{Content, family};
use serde_json::Value;

use crate::exchange::filled;
use crate::house::Answer;
use crate::job::subject;

/// Errors shown of one text.
const MAX_SHOWN: usize = 10;

struct Judge {
    validator: Validator,
    n_resources: u64,
    faults: Vec<String>,
}

impl Judge {
    fn hear(&mut self, what: &str, said: std::io::Result<String>) {
        let said: Value =
            serde_json::from_str(&said.expect("an answer of the validator")).expect("JSON of the validator");
        self.n_resources += said["resources"].as_u64().expect("a count");
        let issues = said["issues"].as_array().expect("a list");
        let errors = issues.iter().filter(|issue| matches!(issue["severity"].as_str(), Some("error" | "fatal")));
        let told = errors.map(|issue| format!("{what}: {} {}: {}", issue["line"], issue["path"], issue["message"]));
        self.faults.extend(told.take(MAX_SHOWN));
    }

    fn lines(&mut self, what: &str, ndjson: &str) {
        let said = self.validator.lines(ndjson);
        self.hear(what, said);
    }

    fn answer(&mut self, what: &str, answer: &Answer) {
        let said = self.validator.resource(&answer.text());
        self.hear(what, said);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hl7_validator_finds_no_error_in_what_mecum_makes_and_in_the_demo() {
    let Some(validator) = Validator::start() else { return };
    let mut judge = Judge { validator, n_resources: 0, faults: Vec::new() };
    judge.lines("a judge that sees nothing", r#"{"resourceType":"Patient","gender":"x"}"#);
    assert!(!std::mem::take(&mut judge.faults).is_empty());
    judge_family(&mut judge);
    let n_family = judge.n_resources;
    judge_own(&mut judge).await;
    println!("{n_family} resources of the family and {} of our own", judge.n_resources - n_family);
    assert!(judge.faults.is_empty(), "{:#?}", judge.faults);
    assert!(n_family > 100 && judge.n_resources - n_family > 15);
}

fn judge_family(judge: &mut Judge) {
    for file in &family(1).files {
        let name = &file.file_name;
        match &file.content {
            Content::Phr(text) | Content::Container { phr: text, .. } => judge.lines(name, text),
            Content::Bundle(text) => {
                let said = judge.validator.resource(text);
                judge.hear(name, said);
            }
            Content::Ndjson(parts) => parts.iter().for_each(|(part, text)| judge.lines(part, text)),
        }
    }
}

async fn judge_own(judge: &mut Judge) {
    let house = filled().await;
    let subject = subject(&house).await;
    let id = house.patient().await;
    let token = house.first.clone();
    house.get(&format!("GET /fhir/Patient/{id}"), &token).await;
    house.get(&format!("DELETE /fhir/Patient/{id}"), &token).await;
    house.get("GET /fhir/Patient/_history", &house.token("patient/Observation.s")).await;
    for line in [
        "GET /fhir/metadata",
        "GET /fhir/OperationDefinition/phr-export",
        "GET /fhir/OperationDefinition/phr-import",
        "GET /fhir/OperationDefinition/ehi-export",
        "GET /fhir/Bundle/$phr-export?bundleType=collection",
        "GET /fhir/Provenance",
        "GET /fhir/AuditEvent?_count=500",
        "GET /fhir/DocumentReference/mecum-original-1-1-1",
        "GET /fhir/Binary/mecum-original-1-1-1?_format=json",
        "GET /fhir/_history",
        "GET /fhir/Bundle/$phr-export",
        "GET /fhir/Patient/nobody",
        "GET /fhir/Nonsense/1",
        "PUT /fhir/Patient",
    ] {
        judge.answer(line, &house.get(line, &token).await);
    }
    judge.answer("401", &house.get("GET /fhir/Patient/1", "nobody").await);
    let invalid = r#"{"resourceType":"Patient","gender":"x","birthDate":"y"}"#;
    judge.answer("422", &house.put("POST /fhir/Patient", &token, invalid).await);
    let bundle = r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/1"}},{"resource":{"resourceType":"Patient","active":true},"request":{"method":"POST","url":"Patient"}}]}"#;
    judge.answer("batch", &house.put("POST /fhir", &token, bundle).await);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-ndjson")];
    judge.answer("$import", &house.send("POST /fhir/Bundle/$import", &headers, "{}\n").await);
    judge.lines("phr", &house.get("GET /fhir/Bundle/$phr-export?outputFormat=phr", &token).await.text());
    let some = house.token("patient/Patient.rs");
    judge.lines("part", &house.get("GET /fhir/Bundle/$phr-export?outputFormat=ndjson", &some).await.text());
    let ehi = house.token("patient/$ehi-export");
    let begun = house.get(&format!("POST /fhir/Patient/{subject}/$ehi-export"), &ehi).await;
    judge.answer("kick-off", &begun);
    let job = begun.header("content-location").strip_prefix("http://test").expect("an address").to_owned();
    for name in ["Patient", "Observation", "DocumentReference", "Provenance", "AuditEvent"] {
        judge.lines(name, &house.get(&format!("GET {job}/{name}.ndjson"), &ehi).await.text());
    }
}
