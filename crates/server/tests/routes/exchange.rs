//! `$phr-export` and `$import`.

use crate::house::House;

pub(crate) const LINES: &str = concat!(
    r#"{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:s","value":"1"}],"birthDate":"1970-01-01"}"#,
    "\n",
    r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"pulse"},"subject":{"reference":"Patient/p"}}"#,
    "\nnot a resource\n"
);

pub(crate) async fn filled() -> House {
    let house = House::new();
    let bearer = format!("Bearer {}", house.first);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-ndjson")];
    let report = house.send("POST /fhir/Bundle/$import", &headers, LINES).await;
    assert_eq!(report.status, 200, "{}", report.text());
    let report = report.json();
    let counts: Vec<i64> = (0..4).map(|place| report["parameter"][place]["valueInteger"].as_i64().unwrap()).collect();
    assert_eq!(counts, [2, 0, 0, 1], "{report}");
    assert_eq!(report["parameter"][4]["resource"]["issue"][0]["severity"], "error");
    house
}

#[tokio::test]
async fn phr_58_an_import_tells_of_every_line_and_the_same_again_changes_nothing() {
    let house = filled().await;
    let bearer = format!("Bearer {}", house.first);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/fhir+ndjson")];
    let again = house.send("POST /fhir/Bundle/$import", &headers, LINES).await.json();
    assert_eq!(again["parameter"][2]["valueInteger"], 2, "{again}");
    house
        .send("POST /fhir/Bundle/$import", &[headers[0], ("content-type", "text/plain")], LINES)
        .await
        .refused(415, "not-supported");
    let reader = house.token("patient/*.rs");
    let headers = [("authorization", &*format!("Bearer {reader}")), headers[1]];
    house.send("POST /fhir/Bundle/$import", &headers, LINES).await.refused(403, "forbidden");
}

#[tokio::test]
async fn phr_58_a_form_brings_one_file() {
    let house = House::new();
    let bearer = format!("Bearer {}", house.first);
    let headers = [("authorization", bearer.as_str()), ("content-type", "multipart/form-data; boundary=b")];
    let part =
        |name: &str, text: &str| format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
    let form = format!("{}{}--b--\r\n", part("file", LINES), part("passphrase", "a passphrase of many words"));
    let report = house.send("POST /fhir/Bundle/$import", &headers, form).await;
    assert_eq!(report.json()["parameter"][0]["valueInteger"], 2, "{}", report.text());
    let large = format!(r#"{{"resourceType":"Basic","code":{{"text":"{}"}}}}"#, "x".repeat(3 << 20));
    let report = house.send("POST /fhir/Bundle/$import", &headers, format!("{}--b--\r\n", part("file", &large))).await;
    assert_eq!(report.json()["parameter"][0]["valueInteger"], 1, "{}", report.text());
    let two = format!("{}{}--b--\r\n", part("a", LINES), part("b", LINES));
    assert_eq!(house.send("POST /fhir/Bundle/$import", &headers, two).await.status, 400);
    assert_eq!(house.send("POST /fhir/Bundle/$import", &headers, "--b--\r\n").await.status, 400);
}

#[tokio::test]
async fn phr_53_every_format_has_its_media_type_and_headers() {
    let house = filled().await;
    for (query, accept, media_type, disposition, version) in [
        ("", "*/*", "application/fhir+json; charset=utf-8", "", ""),
        ("outputFormat=ndjson", "*/*", "application/x-ndjson", "attachment; filename=\"health-record.ndjson\"", ""),
        ("_outputFormat=phr", "*/*", "application/x-ndjson", "attachment; filename=\"health-record.phr\"", "1.0"),
        (
            "outputFormat=phr",
            "application/fhir+ndjson",
            "application/fhir+ndjson",
            "attachment; filename=\"health-record.phr\"",
            "1.0",
        ),
        ("outputFormat=sphr", "*/*", "application/zip", "attachment; filename=\"health-record.sphr\"", ""),
    ] {
        let bearer = format!("Bearer {}", house.first);
        let line = format!("GET /fhir/Bundle/$phr-export?{query}");
        let answer = house.send(&line, &[("authorization", &bearer), ("accept", accept)], "").await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        assert_eq!(answer.header("content-type"), media_type);
        assert_eq!(answer.header("content-disposition"), disposition);
        assert_eq!(answer.header("x-phr-version"), version);
        assert!(!answer.body.is_empty());
        if media_type.contains("json") {
            assert!(answer.text().contains("pulse"), "{query}");
        } else {
            assert!(answer.body.starts_with(b"PK"), "{query}");
        }
    }
}

#[tokio::test]
async fn phr_52_what_is_not_understood_is_refused_or_ignored_as_the_client_says() {
    let house = filled().await;
    for (query, prefer, status) in [
        ("outputFormat=pdf", "", 400),
        ("passphrase=secret", "", 400),
        ("_since=2020-01-01T00:00:00Z", "", 200),
        ("_since=2020", "", 400),
        ("bundleType=collection", "", 200),
        ("bundleType=batch", "", 400),
        ("bundleType=collection&outputFormat=phr", "", 400),
        ("start=2010", "", 200),
        ("start=2010&end=2020-06", "", 200),
        ("_type=Nonsense", "", 400),
        ("start=2020&end=2019", "", 400),
        ("start=nonsense", "", 400),
        ("surprise=1", "handling=strict", 400),
        ("surprise=1", "", 200),
        ("patient=Patient/nobody", "", 404),
    ] {
        let headers = [("authorization", &*format!("Bearer {}", house.first)), ("prefer", prefer)];
        let answer = house.send(&format!("GET /fhir/Bundle/$phr-export?{query}"), &headers, "").await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn phr_56_another_persons_patient_is_not_found_and_a_system_must_name_one() {
    let house = filled().await;
    let bundle = house.get("GET /fhir/Patient/_history", &house.first).await.json();
    let id = bundle["entry"][0]["resource"]["id"].as_str().unwrap().to_owned();
    for line in
        [format!("GET /fhir/Bundle/$phr-export?patient=Patient/{id}"), format!("GET /fhir/Patient/{id}/$phr-export")]
    {
        assert_eq!(house.get(&line, &house.first).await.status, 200, "{line}");
        house.get(&line, &house.second).await.refused(404, "not-found");
        house.get(&line, &house.system()).await.refused(404, "not-found");
    }
    house.get("GET /fhir/Bundle/$phr-export", &house.system()).await.refused(400, "required");
}

#[tokio::test]
async fn phr_53_how_an_archive_is_sealed_is_said_in_a_body() {
    let house = filled().await;
    let ask = |extra: &str| {
        format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"outputFormat","valueCode":"sphr"}}{extra}]}}"#)
    };
    let line = "POST /fhir/Bundle/$phr-export";
    let open = house.put(line, &house.first, &ask(r#",{"name":"encryption","valueCode":"none"}"#)).await;
    assert_eq!((open.status.as_u16(), open.header("content-type")), (200, "application/zip"), "{}", open.text());
    let weak = house.put(line, &house.first, &ask(r#",{"name":"passphrase","valueString":"a"}"#)).await;
    weak.refused(400, "value");
    assert_eq!(house.put(line, &house.first, "{}").await.status, 400);
}
