//! Search over HTTP: one file for each part of R4's search.html.

mod everything;
mod forms;
mod includes;
mod paging;
mod refusals;
mod statement;
mod subset;
mod systems;

use serde_json::Value;

use crate::house::{Answer, House};

/// A Bundle that was found, with what tests ask of one.
struct Found(Value);

impl Found {
    /// The `Type/id` of the entries of a mode, in their order.
    fn names(&self, mode: &str) -> Vec<String> {
        let entries = self.0["entry"].as_array().into_iter().flatten();
        let of_mode = entries.filter(|entry| entry["search"]["mode"] == mode);
        of_mode
            .map(|entry| {
                let resource = &entry["resource"];
                let name =
                    format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
                assert_eq!(entry["fullUrl"], format!("http://test/fhir/{name}"));
                name
            })
            .collect()
    }

    fn matches(&self) -> Vec<String> {
        self.names("match")
    }

    fn total(&self) -> Option<u64> {
        self.0["total"].as_u64()
    }

    /// The path of a link.
    fn link(&self, relation: &str) -> Option<String> {
        let mut links = self.0["link"].as_array().unwrap().iter();
        let url = links.find(|link| link["relation"] == relation)?["url"].as_str().unwrap();
        Some(url.strip_prefix("http://test").unwrap().to_owned())
    }

    /// The codes of the issues told beside the matches.
    fn issues(&self) -> Vec<&str> {
        let entries = self.0["entry"].as_array().into_iter().flatten();
        let outcomes = entries.filter(|entry| entry["search"]["mode"] == "outcome");
        outcomes
            .flat_map(|entry| entry["resource"]["issue"].as_array().unwrap())
            .map(|issue| issue["code"].as_str().unwrap())
            .collect()
    }
}

fn found(answer: &Answer) -> Found {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/fhir+json; charset=utf-8");
    let bundle = answer.json();
    assert_eq!((bundle["resourceType"].as_str(), bundle["type"].as_str()), (Some("Bundle"), Some("searchset")));
    Found(bundle)
}

impl House {
    /// What a search below the base finds for whoever may do everything with the first record.
    async fn find(&self, address: &str) -> Found {
        found(&self.get(&format!("GET /fhir/{address}"), &self.first).await)
    }

    /// The same, posted as a form.
    async fn find_by_form(&self, address: &str, form: &str) -> Found {
        let headers = [("authorization", &*format!("Bearer {}", self.first)), FORM];
        found(&self.send(&format!("POST /fhir/{address}"), &headers, form.to_owned()).await)
    }

    /// Makes a resource in the first record and gives its name.
    async fn make(&self, text: &str) -> String {
        let of = serde_json::from_str::<Value>(text).unwrap()["resourceType"].as_str().unwrap().to_owned();
        let made = self.put(&format!("POST /fhir/{of}"), &self.first, text).await;
        assert_eq!(made.status, 201, "{}", made.text());
        format!("{of}/{}", made.json()["id"].as_str().unwrap())
    }

    /// Follows the links of a search to its end; every match met, in order.
    async fn walk(&self, token: &str, address: &str) -> Vec<String> {
        let (mut met, mut next) = (Vec::new(), Some(format!("/fhir/{address}")));
        while let Some(address) = next {
            let page = found(&self.get(&format!("GET {address}"), token).await);
            met.extend(page.matches());
            next = page.link("next");
            assert!(met.len() < 1000, "it does not end");
        }
        met
    }
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// An Observation of a code about somebody.
fn observation(code: &str, subject: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},"subject":{{"reference":"{subject}"}}}}"#
    )
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}
