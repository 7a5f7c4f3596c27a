//! A clock that stands still until it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A settable clock; clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// A clock at this time, in microseconds since 1970.
    #[must_use]
    pub fn at(now_us: i64) -> Clock {
        Clock(Arc::new(AtomicI64::new(now_us)))
    }

    /// What it shows, in microseconds since 1970.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Moves it to this time.
    pub fn set(&self, now_us: i64) {
        self.0.store(now_us, Ordering::SeqCst);
    }

    /// Moves it by so many microseconds, backwards if negative.
    pub fn advance(&self, by_us: i64) {
        self.0.fetch_add(by_us, Ordering::SeqCst);
    }
}

impl Default for Clock {
    /// 2026-01-02T03:04:05.000006Z.
    fn default() -> Self {
        Clock::at(1_767_323_045_000_006)
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn clones_show_the_same_time() {
        let clock = Clock::default();
        let other = clock.clone();
        let before = clock.now_us();
        clock.advance(5);
        assert_eq!(other.now_us(), before + 5);
        other.set(7);
        assert_eq!(clock.now_us(), 7);
    }
}
