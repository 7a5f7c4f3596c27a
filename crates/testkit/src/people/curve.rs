//! How a value goes over a life: points in time with straight lines between them.

use super::calendar::Day;

/// Points of day and value, the earliest first; at least one.
pub(crate) struct Curve(pub(crate) &'static [(Day, i64)]);

impl Curve {
    /// The value on a day, on the line between its neighbours; before the first and after the last point it stays.
    pub(crate) fn on(&self, day: Day) -> i64 {
        let later = self.0.iter().position(|(at, _)| *at > day);
        match later {
            Some(0) => self.0[0].1,
            None => self.0[self.0.len() - 1].1,
            Some(index) => {
                let ((from, low), (to, high)) = (self.0[index - 1], self.0[index]);
                low + ((high - low) * (day - from) * 2 + (to - from)).div_euclid(2 * (to - from))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_between_two_points_lie_on_their_line() {
        const CURVE: Curve = Curve(&[(Day(100), 10), (Day(110), 20), (Day(210), 0)]);
        for (day, expect) in [(0, 10), (100, 10), (105, 15), (110, 20), (160, 10), (300, 0)] {
            assert_eq!(CURVE.on(Day(day)), expect);
        }
    }
}
