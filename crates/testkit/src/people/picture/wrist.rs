//! A wrist from the front with a break across the lower end of the radius.

use super::canvas::{Canvas, Point, climb, from_line};
use super::lettering;
use crate::people::prng::Prng;

/// The small bones of the wrist: middle and radii.
const CARPALS: [(Point, Point); 8] = [
    ((0.43, 0.63), (0.062, 0.046)),
    ((0.53, 0.625), (0.050, 0.044)),
    ((0.61, 0.635), (0.044, 0.040)),
    ((0.645, 0.605), (0.028, 0.028)),
    ((0.36, 0.555), (0.046, 0.040)),
    ((0.435, 0.545), (0.036, 0.036)),
    ((0.51, 0.545), (0.042, 0.056)),
    ((0.595, 0.555), (0.046, 0.044)),
];

/// The bones of the hand: where each begins at the wrist and ends at the knuckle.
const METACARPALS: [(Point, Point); 5] = [
    ((0.30, 0.52), (0.17, 0.36)),
    ((0.415, 0.48), (0.36, 0.17)),
    ((0.50, 0.47), (0.49, 0.14)),
    ((0.57, 0.48), (0.61, 0.17)),
    ((0.63, 0.51), (0.71, 0.23)),
];

/// The PNG file of the image; the break is drawn if `broken`.
pub(crate) fn wrist(prng: &mut Prng, broken: bool) -> Vec<u8> {
    let mut canvas = Canvas::new(400, 520);
    canvas.paint(|point, _| 0.05 + 0.22 * soft_tissue(point));
    canvas.bone((0.42, 1.50), (0.455, 0.735), (0.060, 0.094));
    canvas.bone((0.635, 1.50), (0.605, 0.715), (0.044, 0.040));
    for (centre, radii) in CARPALS {
        canvas.round_bone(centre, radii);
    }
    for (start, end) in METACARPALS {
        let beyond = |part: f32| (end.0 + (end.0 - start.0) * part, end.1 + (end.1 - start.1) * part);
        canvas.bone(start, end, (0.029, 0.037));
        canvas.bone(beyond(0.95), beyond(0.26), (0.026, 0.034));
    }
    if broken {
        canvas.paint(|point, light| light * (1.0 - 0.62 * break_line(point)) + 0.10 * impaction(point));
    }
    canvas.develop(prng, 0.045);
    lettering::write(&mut canvas, "SYNTHETIC", (14, 498), 2);
    lettering::write(&mut canvas, "R", (366, 16), 3);
    canvas.png()
}

fn soft_tissue(point: Point) -> f32 {
    let arm = from_line(point, (0.52, 1.45), (0.52, 0.70)).0;
    let palm = from_line(point, (0.46, 0.52), (0.53, 0.34)).0;
    let mut inside = climb(0.21, 0.17, arm).max(climb(0.25, 0.20, palm));
    for (start, end) in METACARPALS {
        let tip = (end.0 + (end.0 - start.0), end.1 + (end.1 - start.1));
        inside = inside.max(climb(0.080, 0.055, from_line(point, start, tip).0));
    }
    inside * (0.80 + 0.20 * climb(0.24, 0.02, arm))
}

/// A jagged dark line across the radius, the teeth made by folding the place along it.
fn break_line(point: Point) -> f32 {
    let (start, end) = ((0.365, 0.800), (0.545, 0.765));
    let (_, along) = from_line(point, start, end);
    let tooth = (along * 7.0).fract() - 0.5;
    let shifted = (point.0, point.1 + tooth.abs() * 0.022 - 0.006);
    climb(0.010, 0.003, from_line(shifted, start, end).0)
}

/// The bright edge where the pieces are pressed into each other.
fn impaction(point: Point) -> f32 {
    climb(0.016, 0.004, from_line(point, (0.375, 0.782), (0.535, 0.748)).0)
}
