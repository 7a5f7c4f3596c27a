//! Dates and numbers near those of a resource: the same, coarser, finer, a little more or less.

use mecum_fhir::date::format_instant;
use mecum_fhir::search::value::Stretch;

use super::draws::Draws;
use super::value::prefix;

/// A microsecond, a second, an hour, a day, a month, ten years.
const STEPS_US: [i64; 6] = [1, 1_000_000, 3_600_000_000, 86_400_000_000, 2_678_400_000_000, 315_360_000_000_000];

/// A date near an end of the stretch, with a prefix.
pub(super) fn date(stretch: Stretch, draws: &mut Draws) -> String {
    let last = stretch.end_us.saturating_sub(1);
    let mut at_us = if draws.chance(40) { last } else { stretch.start_us };
    if draws.chance(25) {
        let step = STEPS_US[draws.below(STEPS_US.len())];
        at_us = if draws.chance(50) { at_us.saturating_sub(step) } else { at_us.saturating_add(step) };
    }
    let text = format_instant(at_us);
    let text = match draws.below(8) {
        3 => text[..7].to_owned(),
        4 => text[..4].to_owned(),
        5 => format!("{}Z", &text[..16]),
        6 => text[..19].to_owned(),
        7 => text,
        _ => text[..10].to_owned(),
    };
    format!("{}{text}", prefix(draws))
}

/// A number near `text`, digits and a power of ten as in `54e-1`, with a prefix.
pub(super) fn number(text: &str, draws: &mut Draws) -> String {
    let near = near(text, draws).unwrap_or_else(|| text.to_owned());
    format!("{}{near}", prefix(draws))
}

fn near(text: &str, draws: &mut Draws) -> Option<String> {
    let (digits, power) = split(text)?;
    let (digits, power) = match draws.below(8) {
        3 => (digits.checked_mul(10)?, power - 1),
        4 => (digits.checked_mul(1000)?, power - 3),
        5 => (digits / 10, power + 1),
        6 => (digits.checked_add(1)?, power),
        7 => (digits.checked_sub(1)?, power),
        _ => (digits, power),
    };
    Some(written(digits, power))
}

/// The number times a power of ten.
pub(super) fn shifted(text: &str, by: i32) -> Option<String> {
    let (digits, power) = split(text)?;
    Some(format!("{digits}e{}", power + by))
}

/// Digits that can be calculated with, and their power of ten.
fn split(text: &str) -> Option<(i128, i32)> {
    let (digits, power) = text.split_once('e').unwrap_or((text, "0"));
    Some((digits.parse().ok()?, power.parse().ok()?))
}

/// Without an exponent, where it does not change how many digits there are.
fn written(digits: i128, power: i32) -> String {
    let n_fraction = usize::try_from(-power).unwrap_or(0);
    if power > 0 || n_fraction > 20 {
        return format!("{digits}e{power}");
    }
    let plain = format!("{:0>width$}", digits.unsigned_abs(), width = n_fraction + 1);
    let (whole, fraction) = plain.split_at(plain.len() - n_fraction);
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{whole}{point}{fraction}", if digits < 0 { "-" } else { "" })
}
