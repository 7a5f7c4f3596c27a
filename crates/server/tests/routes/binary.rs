//! `Binary` as what it holds (REST-66, PHR-28, PHR-29).

use std::io::Read;

use axum::body::Body;
use mecum_phr::words::sphr::{Limits, MemberKind, open};
use mecum_testkit::harness;

use crate::house::House;

#[tokio::test]
async fn phr_29_the_images_of_the_published_sphr_come_back_byte_for_byte_over_fhir() {
    let Some(samples) = harness::samples() else { return };
    let bytes = std::fs::read(samples.join("phr-format/WilliamSim.sphr")).unwrap();
    let house = House::new();
    let bearer = format!("Bearer {}", house.first);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/zip")];
    let report = house.send("POST /fhir/Bundle/$import", &headers, Body::from(bytes.clone())).await;
    assert_eq!(report.status, 200, "{}", report.text());

    let mut archive = open(std::io::Cursor::new(bytes), None, &Limits::default()).unwrap();
    let ids: Vec<_> = archive.members_of(MemberKind::Media).map(|member| member.id()).collect();
    let mut published = Vec::new();
    for id in ids {
        let mut image = Vec::new();
        archive.read(id).unwrap().read_to_end(&mut image).unwrap();
        published.push(image);
    }

    let media = house.get("GET /fhir/Media/_history", &house.first).await.json();
    let entries = media["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let url = entry["resource"]["content"]["url"].as_str().unwrap();
        let image = house.get(&format!("GET /fhir/{url}"), &house.first).await;
        assert_eq!((image.status.as_u16(), image.header("content-type")), (200, "image/jpeg"));
        assert_eq!(image.header("content-disposition"), "attachment");
        assert!(published.contains(&image.body), "{url} is another image");
        house.get(&format!("GET /fhir/{url}"), &house.second).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn rest_66_a_binary_goes_out_as_its_content_unless_fhir_is_asked_for_by_name() {
    let house = House::new();
    let binary = r#"{"resourceType":"Binary","contentType":"text/plain","data":"aGVsbG8="}"#;
    let made = house.put("POST /fhir/Binary", &house.first, binary).await.json();
    let line = format!("GET /fhir/Binary/{}", made["id"].as_str().unwrap());
    let plain = house.get(&line, &house.first).await;
    assert_eq!((plain.header("content-type"), plain.body.as_slice()), ("text/plain", b"hello".as_slice()));
    let bearer = format!("Bearer {}", house.first);
    let named = [("authorization", bearer.as_str()), ("accept", "application/fhir+json")];
    assert_eq!(house.send(&line, &named, Body::empty()).await.json()["data"], "aGVsbG8=");
    let unreadable = house.token("patient/Observation.rs");
    house.get(&line, &unreadable).await.refused(403, "forbidden");
}
