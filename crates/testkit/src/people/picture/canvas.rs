//! A grey canvas and the few soft shapes from which images are drawn. Only `+ - * /` and square roots, which give the
//! same bits on every machine.

use super::png;
use crate::people::prng::Prng;

/// A point or a vector, in parts of the canvas's width.
pub(crate) type Point = (f32, f32);

/// Brightness of each pixel, 0 black to 1 white.
pub(crate) struct Canvas {
    width: usize,
    light: Vec<f32>,
}

/// 0 below `low`, 1 above `high`, a smooth climb between; the other way round if `low` is the greater.
pub(crate) fn climb(low: f32, high: f32, value: f32) -> f32 {
    let part = ((value - low) / (high - low)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

/// Distance of a point from the line between two points, and how far along it is (0 to 1).
pub(crate) fn from_line(point: Point, start: Point, end: Point) -> (f32, f32) {
    let (dx, dy) = (end.0 - start.0, end.1 - start.1);
    let (px, py) = (point.0 - start.0, point.1 - start.1);
    let along = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    let (ex, ey) = (px - along * dx, py - along * dy);
    ((ex * ex + ey * ey).sqrt(), along)
}

/// Distance of a point from the middle of an ellipse in units of its radii: 1 on its edge.
pub(crate) fn in_ellipse(point: Point, centre: Point, radii: Point) -> f32 {
    let (x, y) = ((point.0 - centre.0) / radii.0, (point.1 - centre.1) / radii.1);
    (x * x + y * y).sqrt()
}

impl Canvas {
    /// A black canvas.
    pub(crate) fn new(width: usize, height: usize) -> Canvas {
        Canvas { width, light: vec![0.0; width * height] }
    }

    /// Height over width.
    pub(crate) fn aspect(&self) -> f32 {
        (self.light.len() / self.width) as f32 / self.width as f32
    }

    /// Gives every pixel a new light from its place (x from 0 to 1, y from 0 to the aspect) and its light so far.
    pub(crate) fn paint(&mut self, light_of: impl Fn(Point, f32) -> f32) {
        let width = self.width as f32;
        for (row, line) in self.light.chunks_exact_mut(self.width).enumerate() {
            for (column, light) in line.iter_mut().enumerate() {
                *light = light_of(((column as f32 + 0.5) / width, (row as f32 + 0.5) / width), *light);
            }
        }
    }

    /// Lays a bone between two points, denser at its edges than in its marrow: `half` is half its width along the shaft
    /// and at its head, the end.
    pub(crate) fn bone(&mut self, start: Point, end: Point, half: (f32, f32)) {
        self.paint(|point, light| {
            let (distance, along) = from_line(point, start, end);
            let edge = half.0 + (half.1 - half.0) * climb(0.55, 0.97, along);
            let inside = climb(edge + 0.006, edge - 0.006, distance);
            let cortex = climb(edge - 0.030, edge - 0.006, distance) * climb(1.02, 0.90, along).max(0.5);
            light.max(0.27 + inside * (0.22 + 0.24 * cortex)) * inside + light * (1.0 - inside)
        });
    }

    /// Lays a small round bone.
    pub(crate) fn round_bone(&mut self, centre: Point, radii: Point) {
        self.paint(|point, light| {
            let distance = in_ellipse(point, centre, radii);
            let inside = climb(1.08, 0.92, distance);
            let bone = 0.27 + inside * (0.24 + 0.16 * climb(0.55, 0.95, distance));
            light + (light.max(bone) - light + 0.06) * inside
        });
    }

    /// Fills a square of the canvas, for lettering; what lies outside is left out.
    pub(crate) fn square(&mut self, (x, y): (usize, usize), side: usize, light: f32) {
        for row in y..y + side {
            for column in (x..x + side).filter(|column| *column < self.width) {
                if let Some(pixel) = self.light.get_mut(row * self.width + column) {
                    *pixel = light;
                }
            }
        }
    }

    /// Adds the grain of a detector and darkens the corners.
    pub(crate) fn develop(&mut self, prng: &mut Prng, grain: f32) {
        let middle = (0.5, self.aspect() / 2.0);
        let reach = (0.5 * 0.5 + middle.1 * middle.1).sqrt();
        self.paint(|point, light| {
            let (x, y) = (point.0 - middle.0, point.1 - middle.1);
            light * (1.0 - 0.45 * climb(0.55, 1.05, (x * x + y * y).sqrt() / reach))
        });
        for light in &mut self.light {
            *light += (prng.unit() + prng.unit() - 1.0) * grain;
        }
    }

    /// The PNG file.
    pub(crate) fn png(&self) -> Vec<u8> {
        let pixels: Vec<u8> = self.light.iter().map(|light| (light.clamp(0.0, 1.0) * 255.0) as u8).collect();
        png::greyscale(self.width, &pixels)
    }
}
