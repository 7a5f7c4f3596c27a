//! `_summary` and `_elements` of what is read, and parts that come back (REST-2, REST-44).

use crate::house::House;

const PERSON: &str = r#"{"resourceType":"Patient","active":true,"name":[{"family":"\u0041da"}],"maritalStatus":{"text":"m"},"contact":[{"name":{"text":"c"}}]}"#;

#[tokio::test]
async fn rest_2_a_read_gives_the_part_that_is_asked_for_under_the_same_etag() {
    let house = House::new();
    let id = house.put("POST /fhir/Patient", &house.first, PERSON).await.json()["id"].as_str().unwrap().to_owned();
    for (query, keys) in [
        ("_summary=true", &["active", "name"][..]),
        ("_summary=text", &["active"]),
        ("_summary=data", &["active", "name", "maritalStatus", "contact"]),
        ("_elements=maritalStatus,contact", &["active", "maritalStatus", "contact"]),
    ] {
        for address in [format!("Patient/{id}"), format!("Patient/{id}/_history/1")] {
            let part = house.get(&format!("GET /fhir/{address}?{query}"), &house.first).await;
            assert_eq!((part.status.as_u16(), part.header("etag")), (200, "W/\"1\""), "{query}");
            let json = part.json();
            let mut found: Vec<&String> = json.as_object().unwrap().keys().collect();
            found.retain(|key| !["resourceType", "id", "meta"].contains(&key.as_str()));
            let mut expect: Vec<&str> = keys.to_vec();
            found.sort();
            expect.sort_unstable();
            assert_eq!(found, expect, "{query}");
            assert_eq!(json["meta"]["tag"][0]["code"], "SUBSETTED");
            assert!(!keys.contains(&"name") || part.text().contains(r#""family":"\u0041da""#));
        }
    }
    let whole = house.get(&format!("GET /fhir/Patient/{id}?_summary=false&_elements="), &house.first).await;
    assert!(whole.json()["meta"].get("tag").is_none(), "{}", whole.text());
}

#[tokio::test]
async fn rest_2_a_summary_that_is_none_is_refused() {
    let house = House::new();
    let id = house.patient().await;
    for value in ["count", "yes", "TRUE"] {
        house.get(&format!("GET /fhir/Patient/{id}?_summary={value}"), &house.first).await.refused(400, "value");
    }
}

#[tokio::test]
async fn rest_44_a_part_is_not_taken_as_the_whole_whichever_way_it_comes() {
    let house = House::new();
    let id = house.patient().await;
    let part = house.get(&format!("GET /fhir/Patient/{id}?_elements=name"), &house.first).await.text();
    house.put(&format!("PUT /fhir/Patient/{id}"), &house.first, &part).await.refused(422, "business-rule");
    house.put("POST /fhir/Patient", &house.first, &part).await.refused(422, "business-rule");
    for kind in ["transaction", "batch"] {
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"resource":{part},"request":{{"method":"PUT","url":"Patient/{id}"}}}}]}}"#
        );
        let answer = house.put("POST /fhir", &house.first, &bundle).await;
        assert!(answer.text().contains("business-rule"), "{}", answer.text());
    }
    let read = house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await;
    assert_eq!(read.header("etag"), "W/\"1\"");
}
