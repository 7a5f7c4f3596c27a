//! Searches by systems that are bound to no record: the records granted to them and the directory (design §3, §4).

use mecum_record::ids::RecordId;

use super::{Found, found, sorted};
use crate::house::House;

/// A person with an Observation, performed by a Practitioner whom the system keeps for all.
fn transaction(name: &str, practitioner: &str) -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"transaction","entry":[
        {{"fullUrl":"urn:uuid:p","resource":{{"resourceType":"Patient","name":[{{"family":"{name}"}}]}},"request":{{"method":"POST","url":"Patient"}}}},
        {{"fullUrl":"urn:uuid:o","resource":{{"resourceType":"Observation","status":"final","code":{{"text":"{name}"}},"subject":{{"reference":"urn:uuid:p"}},"performer":[{{"reference":"{practitioner}"}}]}},"request":{{"method":"POST","url":"Observation"}}}}]}}"#
    )
}

struct Clinic {
    house: House,
    system: String,
    practitioner: String,
}

impl Clinic {
    async fn new(n: usize) -> Clinic {
        let house = House::new();
        let system = house.system();
        let made =
            house.put("POST /fhir/Practitioner", &system, r#"{"resourceType":"Practitioner","active":true}"#).await;
        let practitioner = format!("Practitioner/{}", made.json()["id"].as_str().unwrap());
        for number in 0..n {
            let answer =
                house.put("POST /fhir", &system, &transaction(&format!("Person{number}"), &practitioner)).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        Clinic { house, system, practitioner }
    }

    async fn find(&self, address: &str) -> Found {
        found(&self.house.get(&format!("GET /fhir/{address}"), &self.system).await)
    }
}

#[tokio::test]
async fn a_system_finds_what_is_granted_to_it_record_by_record_and_nothing_else() {
    let clinic = Clinic::new(5).await;
    // A record that nobody granted to it.
    clinic.house.patient().await;
    let all = clinic.find("Patient?_total=accurate").await;
    assert_eq!((all.matches().len(), all.total()), (5, Some(5)));
    assert_eq!(clinic.find("Patient?_summary=count").await.total(), Some(5));
    assert_eq!(sorted(clinic.house.walk(&clinic.system, "Patient?_count=2").await), sorted(all.matches()));
    assert_eq!(clinic.house.walk(&clinic.system, "?_count=3").await.len(), 11);
    assert_eq!(clinic.find("Practitioner").await.matches(), std::slice::from_ref(&clinic.practitioner));
    let patient = &all.matches()[2];
    assert_eq!(clinic.find(&format!("{patient}/Observation")).await.matches().len(), 1);
    assert_eq!(clinic.find(&format!("{patient}/$everything")).await.matches().len(), 2);
    clinic.house.get("GET /fhir/Patient/$everything", &clinic.system).await.refused(400, "required");
}

#[tokio::test]
async fn a_system_gets_an_order_within_one_person_and_none_over_several() {
    let clinic = Clinic::new(3).await;
    let patient = clinic.find("Patient?name=person1").await.matches();
    assert_eq!(patient.len(), 1);
    let ordered = clinic.find(&format!("Observation?patient={}&_sort=-_lastUpdated&_total=accurate", patient[0])).await;
    assert_eq!((ordered.matches().len(), ordered.total()), (1, Some(1)));
    assert_eq!(clinic.find("Patient?name=person2&_sort=birthdate").await.matches().len(), 1);
    assert!(clinic.find("Patient?name=nobody&_sort=birthdate").await.matches().is_empty());
    clinic.house.get("GET /fhir/Patient?_sort=birthdate", &clinic.system).await.refused(400, "too-costly");
    let code = clinic.find("Observation?code:text=person&_total=accurate").await;
    assert_eq!((code.matches().len(), code.total()), (3, Some(3)));
}

#[tokio::test]
async fn rest_43_what_a_system_keeps_for_all_comes_along_once() {
    let clinic = Clinic::new(3).await;
    let page = clinic.find("Observation?_include=Observation:performer&_include=Observation:subject").await;
    assert_eq!((page.matches().len(), page.names("include").len()), (3, 4));
    assert_eq!(page.names("include").iter().filter(|name| **name == clinic.practitioner).count(), 1);
    let patient = &clinic.find("Patient").await.matches()[0];
    let everything = clinic.find(&format!("{patient}/$everything")).await;
    assert_eq!(everything.names("include"), std::slice::from_ref(&clinic.practitioner));
}

#[tokio::test]
async fn an_app_sees_whom_its_record_refers_to_outside_it() {
    let clinic = Clinic::new(1).await;
    let app = clinic.house.token_for(RecordId(3), "patient/*.rs");
    let page = found(&clinic.house.get("GET /fhir/Observation?_include=Observation:performer", &app).await);
    assert_eq!(page.names("include"), std::slice::from_ref(&clinic.practitioner));
    let read = clinic.house.get(&format!("GET /fhir/{}", clinic.practitioner), &app).await;
    assert_eq!(read.status, 200, "{}", read.text());
    let narrow = clinic.house.token_for(RecordId(3), "patient/Observation.rs");
    let page = found(&clinic.house.get("GET /fhir/Observation?_include=Observation:performer", &narrow).await);
    assert!(page.names("include").is_empty());
    let text = r#"{"resourceType":"Practitioner","id":"ID","active":false}"#;
    let text = text.replace("ID", clinic.practitioner.split_once('/').unwrap().1);
    let put = clinic
        .house
        .put(
            &format!("PUT /fhir/{}", clinic.practitioner),
            &clinic.house.token_for(RecordId(3), "patient/*.cruds"),
            &text,
        )
        .await;
    assert!(put.status.is_client_error(), "{}", put.text());
}

#[tokio::test]
async fn rest_45_what_is_not_granted_shows_in_no_count_page_or_compartment() {
    let clinic = Clinic::new(2).await;
    let own = clinic.house.patient().await;
    let before =
        (clinic.find("Patient?_total=accurate").await.total(), clinic.house.walk(&clinic.system, "?_count=2").await);
    clinic.house.patient().await;
    assert_eq!(
        (clinic.find("Patient?_total=accurate").await.total(), clinic.house.walk(&clinic.system, "?_count=2").await),
        before
    );
    for address in [format!("Patient/{own}/Observation"), "Patient/nobody/Observation".to_owned()] {
        let page = clinic.find(&address).await;
        assert_eq!((page.total(), page.matches().len()), (Some(0), 0), "{address}");
    }
    assert!(clinic.find(&format!("Patient?_id={own}")).await.matches().is_empty());
    let narrow = clinic.house.system_with("system/Patient.rs");
    let page = found(&clinic.house.get("GET /fhir?_total=accurate", &narrow).await);
    assert_eq!((page.total(), page.matches().len()), (Some(2), 2));
    clinic.house.get("GET /fhir/Observation", &narrow).await.refused(403, "forbidden");
}
