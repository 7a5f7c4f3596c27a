//! The fan of an abdominal ultrasound with the outline of an unborn child.

use super::canvas::{Canvas, Point, climb, from_line, in_ellipse};
use super::lettering;
use crate::people::prng::Prng;

/// Where the beams begin, above the image.
const PROBE: Point = (0.5, -0.12);

/// The PNG file of the image.
pub(crate) fn ultrasound(prng: &mut Prng) -> Vec<u8> {
    let mut canvas = Canvas::new(400, 340);
    canvas.paint(|point, _| fan(point) * tissue(point));
    canvas.develop(prng, 0.10);
    canvas.paint(|point, light| if fan(point) > 0.02 { light.max(0.03) } else { light.min(0.02) });
    lettering::write(&mut canvas, "SYNTHETIC", (12, 320), 2);
    canvas.png()
}

fn fan(point: Point) -> f32 {
    let (x, y) = (point.0 - PROBE.0, point.1 - PROBE.1);
    let reach = (x * x + y * y).sqrt();
    let slant = (x / y).abs();
    climb(0.16, 0.17, reach) * climb(0.93, 0.92, reach) * climb(0.80, 0.79, slant)
}

fn tissue(point: Point) -> f32 {
    let water = climb(1.08, 0.94, in_ellipse(point, (0.5, 0.42), (0.34, 0.22)));
    let wall = climb(0.10, 0.02, (in_ellipse(point, (0.5, 0.42), (0.36, 0.24)) - 1.0).abs());
    let skull = climb(0.16, 0.02, (in_ellipse(point, (0.36, 0.40), (0.105, 0.085)) - 1.0).abs());
    let brain = climb(1.0, 0.8, in_ellipse(point, (0.36, 0.40), (0.10, 0.08)));
    let trunk = climb(1.05, 0.85, in_ellipse(point, (0.56, 0.45), (0.14, 0.085)));
    let limb = climb(0.030, 0.012, from_line(point, (0.60, 0.40), (0.68, 0.32)).0);
    let surroundings = 0.30 * (1.0 - water);
    surroundings + 0.25 * wall + 0.55 * skull + 0.14 * brain + 0.32 * trunk + 0.40 * limb
}
