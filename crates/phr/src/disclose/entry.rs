//! What the lines of the access log say, as JSON that is sealed in the store.

use std::collections::HashSet;

use mecum_fhir::date::format_instant;
use mecum_record::access::{Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_store::codec;
use serde_json::{Value, json};

/// What was asked, in the words of the protocol, e.g. `GET Observation/x` or `export phr`.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// The interaction or command.
    pub what: String,
    /// The request's id, where there is one.
    pub request_id: Option<String>,
}

impl Asked {
    /// An interaction without a request id.
    #[must_use]
    pub fn new(what: impl Into<String>) -> Asked {
        Asked { what: what.into(), request_id: None }
    }
}

/// One request under an open disclosure.
pub(super) struct Request {
    pub(super) at_us: i64,
    pub(super) asked: Asked,
    pub(super) act: &'static str,
    /// Which resources went out; past a bound only their number is kept.
    pub(super) resources: Vec<String>,
    pub(super) n_resources: u64,
}

/// More resources than this of one request are counted and not listed.
const MAX_LISTED: usize = 1000;

impl Request {
    pub(super) fn new(at_us: i64, asked: &Asked, permit: &Permit, resources: &[ResourceKey]) -> Request {
        let names = resources.iter().take(MAX_LISTED);
        Request {
            at_us,
            asked: asked.clone(),
            act: permit.act().word(),
            resources: names.map(|key| format!("{}/{}", key.resource_type.name(), key.id)).collect(),
            n_resources: resources.len() as u64,
        }
    }

    /// Whether another request asks the same, and neither has an id by which it is told apart.
    pub(super) fn is_same_look(&self, other: &Request) -> bool {
        self.asked.request_id.is_none() && self.asked == other.asked && self.act == other.act
    }

    /// One look out of two: every resource is named once; what is counted and not listed stays counted.
    pub(super) fn join(&mut self, other: Request) {
        let n_unlisted =
            (self.n_resources - self.resources.len() as u64) + (other.n_resources - other.resources.len() as u64);
        let known: HashSet<String> = self.resources.iter().cloned().collect();
        self.resources.extend(other.resources.into_iter().filter(|name| !known.contains(name)));
        let n_named = self.resources.len() as u64;
        self.resources.truncate(MAX_LISTED);
        (self.n_resources, self.at_us) = (n_named + n_unlisted, other.at_us);
    }

    /// Appends it as a JSON object. There is one for each request: it is written as it goes instead of being put together first.
    fn write(&self, out: &mut String) {
        out.push_str("{\"at\":");
        quote(out, &format_instant(self.at_us));
        out.push_str(",\"asked\":");
        quote(out, &self.asked.what);
        out.push_str(",\"requestId\":");
        match &self.asked.request_id {
            Some(id) => quote(out, id),
            None => out.push_str("null"),
        }
        out.push_str(",\"act\":");
        quote(out, self.act);
        out.push_str(",\"resources\":[");
        for (place, name) in self.resources.iter().enumerate() {
            out.push_str(if place == 0 { "" } else { "," });
            quote(out, name);
        }
        out.push_str("],\"count\":");
        out.push_str(&self.n_resources.to_string());
        out.push('}');
    }
}

/// Who it is, as every line says it.
pub(super) fn caller_json(caller: &Caller) -> Value {
    let token = match caller {
        Caller::App { token_id, .. } | Caller::System { token_id, .. } => Some(token_id.as_str()),
        Caller::Holder { session_id, .. } => Some(session_id.as_str()),
        Caller::Operator { .. } | Caller::Job { .. } => None,
    };
    json!({"kind": caller.kind(), "name": caller.name(), "tokenId": token})
}

pub(super) fn opened(caller: &Caller, permit: &Permit, asked: &Asked) -> Vec<u8> {
    pack(&json!({
        "caller": caller_json(caller),
        "purpose": permit.purpose().code(),
        "act": permit.act().word(),
        "asked": asked.what,
        "filter": format!("{:?}", permit.filter()),
    }))
}

pub(super) fn lines(caller: &Value, requests: &[Request]) -> Vec<u8> {
    let mut text = format!("{{\"caller\":{caller},\"requests\":[");
    for (place, request) in requests.iter().enumerate() {
        text.push_str(if place == 0 { "" } else { "," });
        request.write(&mut text);
    }
    text.push_str("]}");
    codec::pack(text.as_bytes())
}

/// Appends a JSON string. What needs no escape, which is nearly all there is here, is copied.
fn quote(out: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        out.push_str(&Value::from(text).to_string());
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

pub(super) fn closed(caller: &Value, n_requests: u64, n_resources: u64, outcome: &str) -> Vec<u8> {
    pack(&json!({"caller": caller, "requests": n_requests, "resources": n_resources, "outcome": outcome}))
}

pub(super) fn denied(caller: &Caller, act: &str, reason: &str) -> Vec<u8> {
    pack(&json!({"caller": caller_json(caller), "act": act, "reason": reason}))
}

pub(super) fn event(caller: &Caller, what: &str) -> Vec<u8> {
    pack(&json!({"caller": caller_json(caller), "event": what}))
}

fn pack(value: &Value) -> Vec<u8> {
    codec::pack(value.to_string().as_bytes())
}
