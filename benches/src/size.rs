//! How much is done: for a look, for a table, for the test of this program.

use std::time::Duration;

/// How much is done.
pub(crate) struct Size {
    /// People in the installation, a record each.
    pub(crate) n_people: usize,
    /// Observations of each of them.
    pub(crate) n_observations: usize,
    /// How often ours and the floor take turns.
    pub(crate) n_rounds: usize,
    /// How long a turn lasts.
    pub(crate) turn: Duration,
    /// The file that is imported and exported, bytes.
    pub(crate) large_bytes: u64,
    /// How often a program is started.
    pub(crate) n_starts: usize,
    /// How many people there are before, and after they have become more.
    pub(crate) growth: (usize, usize),
}

impl Size {
    /// About ten minutes on two cores.
    pub(crate) const USUAL: Size = Size {
        n_people: 64,
        n_observations: 100,
        n_rounds: 5,
        turn: Duration::from_secs(4),
        large_bytes: 100_000_000,
        n_starts: 9,
        growth: (100, 6_400),
    };
    /// A minute or two.
    pub(crate) const QUICK: Size = Size {
        n_people: 64,
        n_observations: 30,
        n_rounds: 3,
        turn: Duration::from_millis(1_000),
        large_bytes: 20_000_000,
        n_starts: 5,
        growth: (20, 1_280),
    };
    /// Seconds, in a debug build.
    pub(crate) const TINY: Size = Size {
        n_people: 3,
        n_observations: 21,
        n_rounds: 1,
        turn: Duration::from_millis(60),
        large_bytes: 150_000,
        n_starts: 1,
        growth: (2, 4),
    };
}
