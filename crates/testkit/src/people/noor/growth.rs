//! How she grows: near the middle of the World Health Organization's curves for girls, a little above.

use crate::people::calendar::Day;
use crate::people::member::NOOR;

/// Age in days, weight in grams, length or height in millimetres, head in millimetres.
const POINTS: [(i64, [i64; 3]); 17] = [
    (0, [3280, 500, 345]),
    (14, [3420, 513, 353]),
    (61, [5200, 575, 384]),
    (122, [6500, 624, 407]),
    (183, [7450, 661, 423]),
    (274, [8350, 704, 439]),
    (365, [9100, 744, 450]),
    (456, [9800, 780, 458]),
    (548, [10_400, 812, 463]),
    (730, [11_700, 865, 473]),
    (1096, [14_200, 956, 486]),
    (1461, [16_500, 1032, 495]),
    (1826, [18_700, 1100, 502]),
    (2192, [20_900, 1160, 507]),
    (2557, [23_200, 1217, 511]),
    (2922, [25_900, 1274, 515]),
    (3460, [29_900, 1352, 520]),
];

/// Grams, millimetres of length and millimetres of head on a day, on the line between the points.
pub(super) fn on(day: Day) -> [i64; 3] {
    let age = day - NOOR.birth;
    let later = POINTS.iter().position(|(at, _)| *at > age).unwrap_or(POINTS.len() - 1).max(1);
    let ((from, low), (to, high)) = (POINTS[later - 1], POINTS[later]);
    std::array::from_fn(|measure| low[measure] + (high[measure] - low[measure]) * (age - from) / (to - from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn she_never_shrinks() {
        let mut before = on(NOOR.birth);
        for age in 1..3450 {
            let now = on(NOOR.birth + age);
            assert!(now.iter().zip(before).all(|(now, before)| *now >= before));
            before = now;
        }
        assert_eq!(on(NOOR.birth + 365), [9100, 744, 450]);
    }
}
