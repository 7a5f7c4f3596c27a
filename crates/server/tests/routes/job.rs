//! Exports that are asked for first and fetched later: `$ehi-export`, and `$phr-export` with `respond-async`.

use serde_json::Value;

use crate::exchange::{LINES, filled};
use crate::house::{Answer, House, issue};
use mecum_record::ids::RecordId;

pub(crate) async fn subject(house: &House) -> String {
    let page = house.get("GET /fhir/Patient/_history", &house.first).await.json();
    page["entry"][0]["resource"]["id"].as_str().unwrap().to_owned()
}

fn path(answer: &Answer) -> String {
    answer.header("content-location").strip_prefix("http://test").unwrap().to_owned()
}

async fn begun(house: &House, token: &str) -> (String, Value) {
    let id = subject(house).await;
    let kick_off = house.get(&format!("POST /fhir/Patient/{id}/$ehi-export"), token).await;
    assert_eq!(kick_off.status, 202, "{}", kick_off.text());
    let path = path(&kick_off);
    let status = house.get(&format!("GET {path}"), token).await;
    assert_eq!((status.status.as_u16(), status.header("content-type")), (200, "application/json"));
    assert!(status.header("expires").ends_with("GMT"));
    (path, status.json())
}

async fn file(house: &House, url: &str, token: &str) -> Answer {
    house.get(&format!("GET {}", url.strip_prefix("http://test").unwrap()), token).await
}

fn url<'m>(manifest: &'m Value, name: &str) -> &'m str {
    let output = manifest["output"].as_array().unwrap();
    output.iter().find(|file| file["type"] == name).unwrap()["url"].as_str().unwrap()
}

#[tokio::test]
async fn ehi_6_the_manifest_names_a_file_of_each_type_and_each_holds_what_it_says() {
    let house = filled().await;
    let ehi = house.token("patient/$ehi-export");
    let (_, manifest) = begun(&house, &ehi).await;
    assert_eq!((&manifest["requiresAccessToken"], &manifest["error"]), (&true.into(), &Value::Array(Vec::new())));
    assert!(manifest["transactionTime"].is_string());
    assert!(manifest["request"].as_str().unwrap().ends_with("/$ehi-export"));
    for entry in manifest["output"].as_array().unwrap() {
        let answer = file(&house, entry["url"].as_str().unwrap(), &ehi).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/fhir+ndjson"));
        let text = answer.text();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.iter().all(|line| line["resourceType"] == entry["type"]), "{text}");
        assert!(!lines.is_empty() && entry.get("count").is_none_or(|count| *count == lines.len()), "{entry}");
    }
}

#[tokio::test]
async fn ehi_7_the_original_is_described_as_the_guide_asks_and_fetched_from_the_job() {
    let house = filled().await;
    let ehi = house.token("patient/$ehi-export");
    let (path, manifest) = begun(&house, &ehi).await;
    let text = file(&house, url(&manifest, "DocumentReference"), &ehi).await.text();
    let described: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let is_tagged = described["meta"]["tag"].as_array().unwrap().iter().any(|tag| tag["code"] == "ehi-export");
    assert!(is_tagged && described["description"].is_string() && described["content"][0]["format"]["code"].is_string());
    let attachment = &described["content"][0]["attachment"];
    assert_eq!(
        (&attachment["size"], &attachment["contentType"]),
        (&LINES.len().into(), &"application/x-ndjson".into())
    );
    let original = file(&house, attachment["url"].as_str().unwrap(), &ehi).await;
    assert_eq!((original.text(), original.header("content-disposition")), (LINES.to_owned(), "attachment"));
    for missing in ["original-1-2", "original-2-1", "original-x", "Nonsense.ndjson", "x"] {
        house.get(&format!("GET {path}/{missing}"), &ehi).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn ehi_8_a_job_shows_the_record_as_it_was_and_opens_a_disclosure_for_each_file() {
    let house = filled().await;
    let ehi = house.token("patient/$ehi-export");
    let (path, manifest) = begun(&house, &ehi).await;
    let before = file(&house, url(&manifest, "Patient"), &ehi).await.text();
    house.patient().await;
    assert_eq!(file(&house, url(&manifest, "Patient"), &ehi).await.text(), before);
    let provenance = file(&house, url(&manifest, "Provenance"), &ehi).await.text();
    assert_eq!(provenance.lines().count(), 1);
    let events = house.get("GET /fhir/AuditEvent?_count=1000", &house.first).await.text();
    let n_files = events.matches(&format!("GET {}/", path.strip_prefix("/fhir/").unwrap())).count();
    assert_eq!(n_files, 3, "{events}");
}

#[tokio::test]
async fn ehi_2_a_job_is_its_owners_alone_and_needs_the_scope_whenever_it_is_touched() {
    let house = filled().await;
    let id = subject(&house).await;
    let ehi = house.token("patient/$ehi-export");
    let kick_off = format!("POST /fhir/Patient/{id}/$ehi-export");
    house.get(&kick_off, &house.first).await.refused(403, "forbidden");
    let other = issue(&house.phr, Some(RecordId(2)), "patient/*.cruds patient/$ehi-export");
    house.get(&kick_off, &other).await.refused(404, "not-found");
    house.get("POST /fhir/Patient/nobody/$ehi-export", &ehi).await.refused(404, "not-found");
    house.get(&kick_off, &issue(&house.phr, None, "system/$ehi-export")).await.refused(404, "not-found");
    let (path, manifest) = begun(&house, &ehi).await;
    let files = url(&manifest, "Patient").strip_prefix("http://test").unwrap();
    for address in [path.as_str(), files] {
        house.get(&format!("GET {address}"), &other).await.refused(404, "not-found");
        // The same program without the scope; another program with it.
        house.get(&format!("GET {address}"), &house.token("patient/Observation.rs")).await.refused(403, "forbidden");
        let stranger = crate::house::issue_to(&house.phr, "stranger", Some(RecordId(1)), "patient/$ehi-export");
        house.get(&format!("GET {address}"), &stranger).await.refused(404, "not-found");
    }
    house.get(&format!("DELETE {path}"), &other).await.refused(404, "not-found");
    assert_eq!(house.get(&format!("DELETE {path}"), &ehi).await.status, 202);
    for line in [format!("GET {path}"), format!("DELETE {path}"), format!("GET {files}")] {
        house.get(&line, &ehi).await.refused(404, "not-found");
    }
    for nonsense in ["GET /fhir/job/1", "GET /fhir/job/x-y", "GET /fhir/job/1-x/Patient.ndjson", "GET /fhir/job/99-x"] {
        house.get(nonsense, &ehi).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn ehi_1_the_body_may_be_empty_and_what_is_not_known_in_it_is_ignored_unless_strict() {
    let house = filled().await;
    let line = format!("POST /fhir/Patient/{}/$ehi-export", subject(&house).await);
    let ehi = house.token("patient/$ehi-export");
    let bearer = format!("Bearer {ehi}");
    let body = r#"{"resourceType":"Parameters","parameter":[{"name":"vendor","valueCode":"x"}]}"#;
    for (prefer, kind, body, status) in [
        ("respond-async", "", "", 202),
        ("respond-async", "application/fhir+json", body, 202),
        ("handling=strict", "application/fhir+json", body, 400),
        ("handling=strict", "application/fhir+json", r#"{"resourceType":"Parameters"}"#, 202),
        ("", "application/fhir+json", "{", 400),
        ("", "text/plain", "x", 415),
    ] {
        let headers = [("authorization", bearer.as_str()), ("prefer", prefer), ("content-type", kind)];
        let answer = house.send(&line, &headers, body).await;
        assert_eq!(answer.status, status, "{prefer} {kind}: {}", answer.text());
        let applied = if prefer == "respond-async" { "respond-async" } else { "" };
        assert_eq!(answer.header("preference-applied"), applied);
    }
}

#[tokio::test]
async fn phr_53_an_export_that_is_asked_for_later_is_the_one_that_was_asked_for() {
    let house = filled().await;
    let bearer = format!("Bearer {}", house.first);
    let headers = [("authorization", bearer.as_str()), ("prefer", "respond-async")];
    for (query, kind) in [
        ("", "application/fhir+json; charset=utf-8"),
        ("?outputFormat=phr&_type=Observation", "application/x-ndjson"),
        ("?outputFormat=sphr", "application/zip"),
    ] {
        let kick_off = house.send(&format!("GET /fhir/Bundle/$phr-export{query}"), &headers, "").await;
        assert_eq!((kick_off.status.as_u16(), kick_off.header("preference-applied")), (202, "respond-async"));
        let manifest = house.get(&format!("GET {}", path(&kick_off)), &house.first).await.json();
        let fetched = file(&house, manifest["output"][0]["url"].as_str().unwrap(), &house.first).await;
        assert_eq!((fetched.status.as_u16(), fetched.header("content-type")), (200, kind), "{}", fetched.text());
        if kind != "application/zip" {
            assert!(fetched.text().contains("pulse"));
            assert_eq!(fetched.text().contains("1970-01-01"), query.is_empty());
        }
        house.get(&format!("GET {}/x", path(&kick_off)), &house.first).await.refused(404, "not-found");
    }
    for (query, status) in [("?outputFormat=pdf", 400), ("?start=2020&end=2010", 400), ("?patient=Patient/nobody", 404)]
    {
        let answer = house.send(&format!("GET /fhir/Bundle/$phr-export{query}"), &headers, "").await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
    }
    let secret = r#"{"resourceType":"Parameters","parameter":[{"name":"outputFormat","valueCode":"sphr"},{"name":"encryption","valueCode":"none"}]}"#;
    let headers = [headers[0], headers[1], ("content-type", "application/fhir+json")];
    house.send("POST /fhir/Bundle/$phr-export", &headers, secret).await.refused(400, "security");
}

#[tokio::test]
async fn a_callers_seventeenth_job_takes_the_place_of_its_first() {
    let house = filled().await;
    let ehi = house.token("patient/$ehi-export");
    let (first, _) = begun(&house, &ehi).await;
    let (second, _) = begun(&house, &ehi).await;
    for _ in 0..15 {
        begun(&house, &ehi).await;
    }
    house.get(&format!("GET {first}"), &ehi).await.refused(404, "not-found");
    assert_eq!(house.get(&format!("GET {second}"), &ehi).await.status, 200);
}
