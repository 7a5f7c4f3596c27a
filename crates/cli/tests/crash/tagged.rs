//! Writes that can be told apart: each carries a tag, and afterwards every tag must be there whole or not at all.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::house::House;
use crate::http::{Reply, fhir};

/// How many resources one transaction brings.
const IN_TRANSACTION: usize = 3;
/// Clients that write at the same time.
const N_CLIENTS: usize = 4;

/// What became of each write that was sent.
#[derive(Default)]
pub(crate) struct Sent {
    /// Resources by tag, and whether they were acknowledged.
    writes: BTreeMap<String, (usize, bool)>,
    /// Answers that were refusals.
    pub(crate) refusals: Vec<Reply>,
}

impl Sent {
    pub(crate) fn n_acknowledged(&self) -> usize {
        self.writes.values().filter(|(_, is_acknowledged)| *is_acknowledged).count()
    }

    pub(crate) fn n_open(&self) -> usize {
        self.writes.len() - self.n_acknowledged()
    }

    /// Fails unless what a reader sees of the record is what was sent: acknowledged writes whole, others whole or not at all.
    pub(crate) fn check(&self, house: &House, record: &str) {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for resource in house.visible(record) {
            *found.entry(tag_of(&resource)).or_default() += 1;
        }
        for (tag, (n_resources, is_acknowledged)) in &self.writes {
            let n_found = found.remove(tag).unwrap_or(0);
            let is_right = n_found == *n_resources || (n_found == 0 && !is_acknowledged);
            assert!(is_right, "{tag}: {n_found} of {n_resources} are there, acknowledged: {is_acknowledged}");
        }
        assert!(found.is_empty(), "nobody sent {found:?}");
    }
}

fn tag_of(resource: &Value) -> String {
    resource["code"]["text"].as_str().unwrap_or("none").to_owned()
}

/// Writes from several clients, single resources and transactions by turns, until told to stop.
pub(crate) fn write_until(stop: &AtomicBool, address: &str, token: &str) -> Sent {
    let clients: Vec<Sent> = std::thread::scope(|scope| {
        let write = |client: usize| move || write_alone(stop, (address, token), client);
        let clients: Vec<_> = (0..N_CLIENTS).map(|client| scope.spawn(write(client))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    clients.into_iter().fold(Sent::default(), |mut all, sent| {
        all.writes.extend(sent.writes);
        all.refusals.extend(sent.refusals);
        all
    })
}

fn write_alone(stop: &AtomicBool, (address, token): (&str, &str), client: usize) -> Sent {
    let mut sent = Sent::default();
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let tag = format!("{client}-{n}");
        let (n_resources, answer) = if n % 2 == 0 {
            (1, fhir(address, "POST /fhir/Basic", token, &resource(&tag)))
        } else {
            (IN_TRANSACTION, fhir(address, "POST /fhir", token, &transaction(&tag)))
        };
        let is_acknowledged = answer.as_ref().is_ok_and(|reply| [200, 201].contains(&reply.status));
        sent.writes.insert(tag, (n_resources, is_acknowledged));
        match answer {
            Ok(_) if is_acknowledged => {}
            Ok(reply) => sent.refusals.push(reply),
            // Nobody answers: not so often that nothing else gets done.
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
    sent
}

pub(crate) fn resource(tag: &str) -> String {
    format!(r#"{{"resourceType":"Basic","code":{{"text":"{tag}"}}}}"#)
}

fn transaction(tag: &str) -> String {
    let entry = format!(r#"{{"resource":{},"request":{{"method":"POST","url":"Basic"}}}}"#, resource(tag));
    let entries = vec![entry; IN_TRANSACTION].join(",");
    format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{entries}]}}"#)
}
