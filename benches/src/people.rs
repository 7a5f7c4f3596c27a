//! Synthetic people in a FHIR server, put there over HTTP, so that any server gets the same.

use std::sync::Arc;

use mecum_testkit::people::population;
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::client::{Connection, Head, ServiceAddress};
use crate::error::BenchError;
use crate::size::Size;

/// The same people every time.
pub(crate) const SEED: u64 = 10;

/// People who are put there at the same time.
const AT_ONCE: usize = 8;

/// A server with people in it.
pub(crate) struct World {
    pub(crate) base: ServiceAddress,
    pub(crate) people: Vec<Person>,
}

/// One person in it.
pub(crate) struct Person {
    pub(crate) token: Option<String>,
    /// The Patient's id.
    pub(crate) patient: String,
    pub(crate) observations: Vec<Kept>,
}

/// A resource that is there.
pub(crate) struct Kept {
    pub(crate) id: String,
    /// What a client sends to write it again.
    pub(crate) text: String,
}

/// Puts people there, one for each token.
pub(crate) fn settle(
    runtime: &Runtime,
    base: &ServiceAddress,
    tokens: &[Option<String>],
    size: &Size,
) -> Result<World, BenchError> {
    let base = Arc::new(base.clone());
    let n_observations = size.n_observations;
    let people = runtime.block_on(async {
        let mut people = Vec::new();
        let mut tasks = JoinSet::new();
        for (number, token) in tokens.iter().enumerate() {
            if tasks.len() == AT_ONCE {
                people.extend(tasks.join_next().await);
            }
            let (base, token) = (Arc::clone(&base), token.clone());
            tasks.spawn(async move { settle_one(&base, token, number, n_observations).await });
        }
        people.extend(tasks.join_all().await.into_iter().map(Ok));
        people
    });
    let people = people.into_iter().map(|done| done.map_err(|_| BenchError::said("a task panicked"))?);
    Ok(World { base: ServiceAddress::clone(&base), people: people.collect::<Result<_, BenchError>>()? })
}

/// Conditions of one person.
const MOST_CONDITIONS: usize = 10;

async fn settle_one(
    base: &ServiceAddress,
    token: Option<String>,
    number: usize,
    n_observations: usize,
) -> Result<Person, BenchError> {
    let made = population(SEED, number + 1).with_resources(40 + n_observations * 3).person(number);
    let mut connection = Connection::open(&base.authority).await?;
    let lines = |kind: &str| {
        let start = format!("{{\"resourceType\":\"{kind}\"");
        made.resources.iter().filter(move |line| line.starts_with(&start))
    };
    let patient = lines("Patient").next().ok_or_else(|| BenchError::said("a person without a Patient"))?;
    let patient = create(base, &mut connection, token.as_deref(), ("Patient", alone(patient, None)?)).await?.id;
    let texts: Vec<String> = lines("Observation").map(|line| alone(line, Some(&patient))).collect::<Result<_, _>>()?;
    let mut observations = Vec::with_capacity(n_observations);
    for text in texts.iter().cycle().take(n_observations) {
        observations.push(create(base, &mut connection, token.as_deref(), ("Observation", text.clone())).await?);
    }
    for condition in lines("Condition").take(MOST_CONDITIONS) {
        create(base, &mut connection, token.as_deref(), ("Condition", alone(condition, Some(&patient))?)).await?;
    }
    Ok(Person { token, patient, observations })
}

async fn create(
    base: &ServiceAddress,
    connection: &mut Connection,
    token: Option<&str>,
    (kind, text): (&str, String),
) -> Result<Kept, BenchError> {
    let request = base.request("POST", &format!("/{kind}"), token, Some(&text));
    let (head, body) = connection.fetch(&request).await?;
    if !head.is_success() {
        let words = String::from_utf8_lossy(&body);
        return Err(BenchError::said(format!("`POST {kind}` was answered with {}: {words}", head.status)));
    }
    let id = id_of(&head, &body).ok_or_else(|| BenchError::said("a server does not say which id it gave"))?;
    let mut resource: Value = serde_json::from_str(&text)?;
    resource["id"] = Value::from(id.clone());
    Ok(Kept { id, text: resource.to_string() })
}

/// The id a server gave, from `Location` (`…/Type/id/_history/1` or `…/Type/id`), else from the body.
fn id_of(head: &Head, body: &[u8]) -> Option<String> {
    let of_body = || serde_json::from_slice::<Value>(body).ok()?["id"].as_str().map(str::to_owned);
    let Some(location) = head.header("location") else { return of_body() };
    let resource = location.split("/_history/").next()?;
    resource.rsplit('/').next().filter(|id| !id.is_empty()).map(str::to_owned)
}

/// A resource of the generator that leads nowhere but to its Patient: servers that check references take it too.
fn alone(line: &str, patient: Option<&str>) -> Result<String, BenchError> {
    let mut resource: Value = serde_json::from_str(line)?;
    if let Some(members) = resource.as_object_mut() {
        members.retain(|name, value| name != "id" && name != "meta" && !leads_somewhere(value));
    }
    if let Some(patient) = patient {
        resource["subject"] = serde_json::json!({"reference": format!("Patient/{patient}")});
    }
    Ok(resource.to_string())
}

fn leads_somewhere(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.contains_key("reference") || members.values().any(leads_somewhere),
        Value::Array(values) => values.iter().any(leads_somewhere),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_alone_leads_to_its_patient_and_nowhere_else() {
        let line = r#"{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/x"},
            "performer":[{"reference":"Practitioner/y"}],"valueQuantity":{"value":4.10}}"#;
        assert_eq!(
            alone(line, Some("p")).unwrap(),
            r#"{"resourceType":"Observation","status":"final","valueQuantity":{"value":4.10},"subject":{"reference":"Patient/p"}}"#
        );
    }

    #[test]
    fn the_id_is_read_from_either_form_of_location_or_from_the_body() {
        let of = |location: Option<&str>| {
            let headers = location.map(|value| ("location".to_owned(), value.to_owned())).into_iter().collect();
            id_of(&Head { status: 201, headers }, br#"{"id":"b"}"#)
        };
        assert_eq!(of(Some("http://x/fhir/Patient/a/_history/1")).as_deref(), Some("a"));
        assert_eq!(of(Some("Patient/a")).as_deref(), Some("a"));
        assert_eq!(of(None).as_deref(), Some("b"));
    }
}
