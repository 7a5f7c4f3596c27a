//! The requests that are measured. Each entry of [`SHAPES`] is a row of its own, against the floor and against another server.

use std::sync::Arc;
use std::time::Duration;

use crate::client::Connection;
use crate::error::BenchError;
use crate::load::{Load, Request};
use crate::people::{Kept, Person, World};

/// Different requests of a shape at most: more would only fill memory.
const MOST: usize = 512;

/// A kind of request.
pub(crate) const READ: usize = 0;
/// Another.
pub(crate) const UPDATE: usize = 1;
/// And another.
pub(crate) const CREATE: usize = 2;

/// Requests of one shape, as many clients send them.
pub(crate) struct Shape {
    /// The row's name.
    pub(crate) name: &'static str,
    /// What is asked, in a few words.
    pub(crate) what: &'static str,
    /// Connections at once.
    pub(crate) n_connections: usize,
    /// The share of the floor that is the goal, where there is one.
    pub(crate) goal: Option<f64>,
    /// The requests, in the order in which they are sent.
    pub(crate) requests: fn(&World) -> Vec<Request>,
}

/// Every shape. A new one, such as a search, is one entry.
pub(crate) const SHAPES: &[Shape] = &[
    Shape {
        name: "read",
        what: "read by id, 16 connections",
        n_connections: 16,
        goal: Some(0.40),
        requests: |world| each(world, 8, |to, person, kept| to.get(person, &format!("/Observation/{}", kept.id))),
    },
    Shape {
        name: "page-history",
        what: "page of 20 within one record (history of a type), 16 connections",
        n_connections: 16,
        goal: Some(0.40),
        requests: |world| each(world, 1, |to, person, _| to.get(person, "/Observation/_history?_count=20")),
    },
    Shape {
        name: "observations",
        what: "one person's Observations, newest first, 20 a page, 16 connections",
        n_connections: 16,
        goal: Some(0.40),
        requests: |world| each(world, 1, |to, person, _| to.search(person, "Observation", "_sort=-date&_count=20")),
    },
    Shape {
        name: "coded",
        what: "one person's Observations of one code, 20 a page, 16 connections",
        n_connections: 16,
        goal: Some(0.40),
        requests: |world| {
            each(world, 1, |to, person, _| to.search(person, "Observation", "code=8480-6,29463-7&_count=20"))
        },
    },
    Shape {
        name: "conditions",
        what: "one person's Conditions, 20 a page, 16 connections",
        n_connections: 16,
        goal: Some(0.40),
        requests: |world| each(world, 1, |to, person, _| to.search(person, "Condition", "_count=20")),
    },
    Shape {
        name: "count",
        what: "how many Observations one person has, exactly, 16 connections",
        n_connections: 16,
        goal: None,
        requests: |world| each(world, 1, |to, person, _| to.search(person, "Observation", "_summary=count")),
    },
    Shape {
        name: "everything",
        what: "Patient/[id]/$everything, pages of 50, 16 connections",
        n_connections: 16,
        goal: None,
        requests: |world| {
            each(world, 1, |to, person, _| {
                to.get(person, &format!("/Patient/{}/$everything?_count=50", person.patient))
            })
        },
    },
    Shape {
        name: "create",
        what: "durable create, 64 connections, many records",
        n_connections: 64,
        goal: Some(0.25),
        requests: |world| each(world, 4, World::post),
    },
    Shape {
        name: "mixed",
        what: "65 % read, 25 % update, 10 % create, 16 connections",
        n_connections: 16,
        goal: None,
        requests: |world| {
            // Twenty places in an order without a rhythm: 13 reads, 5 updates, 2 creates.
            const ORDER: [usize; 20] = [
                READ, READ, UPDATE, READ, READ, CREATE, READ, UPDATE, READ, READ, READ, UPDATE, READ, READ, UPDATE,
                READ, CREATE, READ, UPDATE, READ,
            ];
            let mut turn = 0;
            each(world, 8, |to, person, kept| {
                turn += 1;
                match ORDER[turn % ORDER.len()] {
                    UPDATE => to.put(person, kept),
                    CREATE => to.post(person, kept),
                    _ => to.get(person, &format!("/Observation/{}", kept.id)),
                }
            })
        },
    },
];

/// A request for some observations of each person, neighbours for different people.
pub(crate) fn each(
    world: &World,
    n_each: usize,
    mut request: impl FnMut(&World, &Person, &Kept) -> Request,
) -> Vec<Request> {
    let n_each = n_each.min((MOST / world.people.len().max(1)).max(1));
    let places = (0..n_each).flat_map(|at| world.people.iter().map(move |person| (at, person)));
    places.filter_map(|(at, person)| Some(request(world, person, person.observations.get(at)?))).collect()
}

impl World {
    /// A question.
    pub(crate) fn get(&self, person: &Person, target: &str) -> Request {
        self.request(("GET", target, READ), person, None)
    }

    /// A search among what one person has.
    pub(crate) fn search(&self, person: &Person, of: &str, query: &str) -> Request {
        self.get(person, &format!("/{of}?patient={}&{query}", person.patient))
    }

    /// Writing a resource again.
    pub(crate) fn put(&self, person: &Person, kept: &Kept) -> Request {
        self.request(("PUT", &format!("/Observation/{}", kept.id), UPDATE), person, Some(&kept.text))
    }

    /// A new resource like this one.
    pub(crate) fn post(&self, person: &Person, kept: &Kept) -> Request {
        self.request(("POST", "/Observation", CREATE), person, Some(&kept.text))
    }

    fn request(&self, (method, target, kind): (&str, &str, usize), person: &Person, body: Option<&str>) -> Request {
        Request {
            line: format!("{method} {}{target}", self.base.path),
            bytes: self.base.request(method, target, person.token.as_deref(), body),
            kind,
        }
    }

    /// The load of a shape on this world.
    pub(crate) fn load(&self, shape: &Shape) -> Result<Load, BenchError> {
        let requests = (shape.requests)(self);
        if requests.is_empty() {
            return Err(BenchError::said(format!("there is nobody to ask for `{}`", shape.name)));
        }
        Ok(Load {
            authority: self.base.authority.clone(),
            requests: Arc::new(requests),
            n_connections: shape.n_connections,
            pause: Duration::ZERO,
        })
    }
}

/// Sends each request of a load once, and gives the answers.
pub(crate) async fn answers(load: &Load) -> Result<Vec<Sample>, BenchError> {
    let mut connection = Connection::open(&load.authority).await?;
    let mut samples: Vec<Sample> = Vec::with_capacity(load.requests.len());
    for request in load.requests.iter() {
        let (head, body) = connection.fetch(&request.bytes).await?;
        if !head.is_success() {
            return Err(BenchError::said(format!("`{}` was answered with {}", request.line, head.status)));
        }
        samples.push((request.line.clone(), head, body));
    }
    Ok(samples)
}

/// A request's line, and what it was answered.
pub(crate) type Sample = (String, crate::client::Head, Vec<u8>);
