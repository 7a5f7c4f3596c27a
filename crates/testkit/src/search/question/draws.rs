//! The choices that a question is made by: of a seed, or given one by one, so that a property test can make them smaller.

use crate::harness::Random;

/// Choices to come. Where they run out, the first of everything is chosen: fewer and smaller numbers make simpler questions.
#[derive(Clone)]
pub struct Draws {
    given: Vec<u32>,
    at: usize,
}

/// More choices than a question takes.
const ENOUGH: usize = 300;

impl Draws {
    /// These choices.
    #[must_use]
    pub fn of(given: Vec<u32>) -> Draws {
        Draws { given, at: 0 }
    }

    /// The choices that this seed stands for.
    #[must_use]
    pub fn seeded(seed: u64) -> Draws {
        let mut random = Random::seeded(seed);
        Draws::of((0..ENOUGH).map(|_| (random.next_u64() >> 32) as u32).collect())
    }

    /// A number below `end`; 0 if `end` is.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let drawn = self.given.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        (drawn as usize).checked_rem(end).unwrap_or(0)
    }

    /// True so many times in a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of them, if there is any.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}
