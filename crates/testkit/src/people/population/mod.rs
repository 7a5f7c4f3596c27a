//! As many strangers as a test or a bench wants: person k of a seed is the same whatever the number of people, and each
//! is made when asked for.

mod houses;
mod life;
mod names;
mod transaction;
mod visits;

pub use transaction::{directory_bundle, transaction_bundle};

/// How many resources a person has unless said otherwise.
const USUAL_RESOURCES: usize = 120;

/// One stranger.
pub struct SyntheticPerson {
    /// Place in the population, from 0.
    pub number: usize,
    /// First and family name.
    pub name: String,
    /// Date of birth (FHIR date).
    pub birth_date: String,
    /// The resources, each a JSON object without insignificant whitespace; the first is the cover page, the second the
    /// Patient.
    pub resources: Vec<String>,
}

/// The people of a seed, one after the other.
pub struct Population {
    seed: u64,
    next: usize,
    end: usize,
    resources: usize,
}

/// The first `n` people of a seed.
pub fn population(seed: u64, n: usize) -> Population {
    Population { seed, next: 0, end: n, resources: USUAL_RESOURCES }
}

impl Population {
    /// The same people with so many resources each; at least ten.
    pub fn with_resources(self, resources: usize) -> Population {
        Population { resources, ..self }
    }

    /// One person of the population by her number.
    pub fn person(&self, number: usize) -> SyntheticPerson {
        life::person(self.seed, number, self.resources)
    }
}

impl Iterator for Population {
    type Item = SyntheticPerson;

    fn next(&mut self) -> Option<SyntheticPerson> {
        (self.next < self.end).then(|| {
            self.next += 1;
            self.person(self.next - 1)
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.next, Some(self.end - self.next))
    }
}

impl ExactSizeIterator for Population {}

impl SyntheticPerson {
    /// Her `.phr` file (PHR-2): one resource a line.
    pub fn phr(&self) -> String {
        let mut out = String::with_capacity(self.resources.iter().map(|line| line.len() + 1).sum());
        for line in &self.resources {
            out.push_str(line);
            out.push('\n');
        }
        out
    }
}
