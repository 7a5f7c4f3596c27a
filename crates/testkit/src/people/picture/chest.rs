//! A chest from the front, with a shadow low in the right lung.

use super::canvas::{Canvas, Point, climb, from_line, in_ellipse};
use super::lettering;
use crate::people::prng::Prng;

/// The PNG file of the image; the shadow of a pneumonia is drawn if `clouded`.
pub(crate) fn chest(prng: &mut Prng, clouded: bool) -> Vec<u8> {
    let mut canvas = Canvas::new(460, 480);
    canvas.paint(|point, _| 0.04 + 0.46 * trunk(point) - 0.40 * lungs(point));
    canvas.paint(|point, light| light + 0.10 * ribs(point));
    canvas.paint(|point, light| light + 0.13 * spine(point) + 0.36 * heart(point) + 0.24 * collar_bones(point));
    canvas.paint(|point, light| light + 0.30 * under_the_lungs(point));
    if clouded {
        canvas.paint(|point, light| light + 0.26 * cloud(point));
    }
    canvas.develop(prng, 0.035);
    lettering::write(&mut canvas, "SYNTHETIC", (14, 458), 2);
    lettering::write(&mut canvas, "L", (430, 16), 3);
    canvas.png()
}

fn trunk(point: Point) -> f32 {
    let body = climb(1.04, 0.94, in_ellipse(point, (0.5, 0.78), (0.47, 0.72)));
    let neck = climb(0.15, 0.11, from_line(point, (0.5, 0.0), (0.5, 0.3)).0);
    body.max(neck)
}

fn lungs(point: Point) -> f32 {
    let side = |centre: f32| climb(1.06, 0.90, in_ellipse(point, (centre, 0.50), (0.165, 0.37)));
    let over_the_dome = |centre: f32, top: f32| climb(top + 0.02, top - 0.02, point.1 - dome(point.0 - centre));
    (side(0.31) * over_the_dome(0.31, 0.745)).max(side(0.69) * over_the_dome(0.69, 0.775))
}

/// How far the diaphragm falls from its top, `x` beside it.
fn dome(x: f32) -> f32 {
    x * x * 2.4
}

fn ribs(point: Point) -> f32 {
    let mut light: f32 = 0.0;
    for rib in 0..9i16 {
        let from_spine = (point.0 - 0.5).abs();
        let curve = 0.17 + 0.068 * f32::from(rib) + from_spine * from_spine * 1.3 - from_spine * 0.22;
        light = light.max(climb(0.020, 0.006, (point.1 - curve).abs()));
    }
    light * climb(0.48, 0.40, (point.0 - 0.5).abs()) * climb(0.86, 0.78, point.1)
}

fn spine(point: Point) -> f32 {
    let disc = ((point.1 * 17.0).fract() - 0.5).abs();
    climb(0.055, 0.035, (point.0 - 0.5).abs()) * (0.6 + 0.4 * climb(0.5, 0.3, disc))
}

fn heart(point: Point) -> f32 {
    let muscle = climb(1.10, 0.86, in_ellipse(point, (0.555, 0.645), (0.150, 0.155)));
    let vessels = climb(0.085, 0.05, from_line(point, (0.52, 0.28), (0.53, 0.60)).0);
    muscle.max(vessels * 0.6)
}

fn collar_bones(point: Point) -> f32 {
    let left = from_line(point, (0.46, 0.20), (0.12, 0.13)).0;
    let right = from_line(point, (0.54, 0.20), (0.88, 0.13)).0;
    climb(0.022, 0.010, left.min(right))
}

fn under_the_lungs(point: Point) -> f32 {
    let right_side = climb(0.73, 0.79, point.1 - dome(point.0 - 0.31));
    let left_side = climb(0.76, 0.82, point.1 - dome(point.0 - 0.69));
    let side = if point.0 < 0.5 { right_side } else { left_side };
    side * trunk(point) * 0.5
}

fn cloud(point: Point) -> f32 {
    let patch = |centre: Point, radii: Point| climb(1.3, 0.2, in_ellipse(point, centre, radii));
    let shade = patch((0.30, 0.66), (0.10, 0.07))
        + 0.6 * patch((0.24, 0.62), (0.06, 0.06))
        + 0.5 * patch((0.36, 0.70), (0.06, 0.04));
    shade.min(1.0)
}
