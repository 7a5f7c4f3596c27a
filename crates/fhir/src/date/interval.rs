//! A stretch of time: what a date of less than full precision, a Period or a Timing stands for (FHIR R4 search.html#date).

/// From an instant up to, not including, another; microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first microsecond inside, or [`Interval::OPEN_START_US`].
    pub start_us: i64,
    /// The first microsecond behind the end, or [`Interval::OPEN_END_US`].
    pub end_us: i64,
}

impl Interval {
    /// The start of a stretch without a beginning.
    pub const OPEN_START_US: i64 = i64::MIN;
    /// The end of a stretch without an end.
    pub const OPEN_END_US: i64 = i64::MAX;

    /// From the start of one stretch to the end of another; a side that is absent is open, as in a Period.
    pub fn between(start: Option<Interval>, end: Option<Interval>) -> Interval {
        Interval {
            start_us: start.map_or(Self::OPEN_START_US, |i| i.start_us),
            end_us: end.map_or(Self::OPEN_END_US, |i| i.end_us),
        }
    }

    /// The shortest stretch that covers both.
    pub fn hull(self, other: Interval) -> Interval {
        Interval { start_us: self.start_us.min(other.start_us), end_us: self.end_us.max(other.end_us) }
    }

    /// Whether any instant is in both.
    pub fn overlaps(self, other: Interval) -> bool {
        self.start_us < other.end_us && other.start_us < self.end_us
    }

    /// Whether every instant of `other` is in this one too.
    pub fn contains(self, other: Interval) -> bool {
        self.start_us <= other.start_us && other.end_us <= self.end_us
    }

    /// Whether this instant, in microseconds since the epoch, is inside.
    pub fn contains_us(self, at_us: i64) -> bool {
        self.start_us <= at_us && at_us < self.end_us
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn neighbours_do_not_overlap_and_open_sides_reach_everything() {
        let of = |start_us, end_us| Interval { start_us, end_us };
        assert!(!of(0, 10).overlaps(of(10, 20)));
        assert!(of(0, 11).overlaps(of(10, 20)));
        assert!(of(0, 20).contains(of(0, 20)) && !of(0, 20).contains(of(0, 21)));
        assert!(of(0, 20).contains_us(0) && !of(0, 20).contains_us(20));
        assert_eq!(of(0, 1).hull(of(5, 6)), of(0, 6));
        let always = Interval::between(None, None);
        assert!(always.contains(Interval::between(None, Some(of(3, 4)))) && always.overlaps(of(3, 4)));
        assert_eq!(Interval::between(Some(of(1, 2)), Some(of(3, 4))), of(1, 4));
    }
}
