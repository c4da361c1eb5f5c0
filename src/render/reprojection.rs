//! Tiles from elsewhere, which lie in Web Mercator, on the pixels of a picture in another projection.
//!
//! They are drawn as a picture of their own, whose places the other's pixels then look up. Labels are not among it: they are
//! placed in the picture itself.

use super::Canvas;
use super::View;
use super::view::Placement;
use super::view::degrees;
use super::view::world;
use crate::space::Rect;

/// A picture in another projection than Web Mercator, and what it needs of that.
#[derive(Clone, Debug)]
pub struct Reprojection<'a> {
    view: &'a View,
    flat: View,
    /// The longitude around which others are counted, where worlds do not lie side by side.
    middle: f64,
}

/// Places looked at along each side to find out what is needed.
const STEPS: u32 = 32;

/// How much longer than twice the longest side that is asked for, and how much squared larger than twice the area, the
/// picture that is drawn may be, in pixels as large as those asked for.
const SPARE: f64 = 512.0;

/// How often as fine it is drawn, so that nothing blurs when it is laid on other pixels; not where those are more than
/// [`MANY`].
const FINER: f64 = 2.0;
const MANY: f64 = 2_000_000.0;

impl<'a> Reprojection<'a> {
    /// Of a view; `None` for one that is in Web Mercator itself.
    pub fn of(view: &'a View) -> Option<Self> {
        if view.projection().is_web_mercator() {
            return None;
        }
        let center = [f64::from(view.width()) / 2.0, f64::from(view.height()) / 2.0];
        let middle = view.degrees(center).map_or(0.0, |place| place[0]);
        let flat = View::new([0.0; 2], 0.0, 0.0, [1.0; 2], view.ratio()).with_placement(Placement::World);
        let mut found = Self { view, flat, middle };
        if let Some(flat) = found.around() {
            found.flat = flat.with_labels_of(view);
        }
        Some(found)
    }

    /// What of Web Mercator is to be drawn.
    pub fn flat(&self) -> &View {
        &self.flat
    }

    fn around(&self) -> Option<View> {
        let [width, height] = [self.view.width(), self.view.height()].map(f64::from);
        let at = |step: u32, side: f64| side * f64::from(step) / f64::from(STEPS);
        let places: Vec<Vec<Option<[f64; 2]>>> = (0..=STEPS)
            .map(|row| (0..=STEPS).map(|column| self.place([at(column, width), at(row, height)])).collect())
            .collect();
        let (mut extent, mut finest) = (Rect::EMPTY, f64::INFINITY);
        for (row, line) in places.iter().enumerate() {
            for (column, place) in line.iter().enumerate() {
                let Some(place) = *place else { continue };
                extent.extend([place[0], place[1].clamp(0.0, 1.0)]);
                let right = line.get(column + 1).copied().flatten().map(|other| (other, width));
                let below = places.get(row + 1).and_then(|line| line[column]).map(|other| (other, height));
                for ([x, y], side) in right.into_iter().chain(below) {
                    let far = (x - place[0]).hypot(y - place[1]) * f64::from(STEPS) / side;
                    finest = if far > 0.0 { finest.min(far) } else { finest };
                }
            }
        }
        if extent.is_empty() || !finest.is_finite() {
            return None;
        }
        let longest = 2.0 * width.max(height) + SPARE;
        let most = 2.0 * width * height + SPARE * SPARE;
        let scale = (1.0 / finest)
            .min(longest / extent.width().max(extent.height()).max(1e-12))
            .min((most / (extent.width() * extent.height()).max(1e-24)).sqrt());
        let ratio = self.view.ratio();
        let zoom = (scale / 512.0 / ratio).log2().clamp(-4.0, 24.5);
        let ratio = if width * height > MANY { ratio } else { (ratio * FINER).min(16.0) };
        let scale = 512.0 * zoom.exp2() * ratio;
        // Each pixel is mixed of its neighbours, of which there are some beyond the edge.
        let size = [extent.width(), extent.height()].map(|side| ((side * scale).ceil() + 4.0) / ratio + 1e-6);
        let flat = View::new(degrees(extent.center()), zoom, 0.0, size, ratio).with_placement(Placement::World);
        // Away from the equator Web Mercator is larger, but styles see one zoom.
        Some(flat.styled_at(self.view.zoom()))
    }

    /// Lays what was drawn in [`Self::flat`] over a canvas of the picture.
    pub fn lay(&self, drawn: &Canvas, canvas: &mut Canvas) {
        let scale = self.flat.scale();
        let [left, top] = self.flat.to_world([0.0; 2]);
        let is_even = self.view.projection().period().is_some() && self.view.bearing() == 0.0;
        for y in 0..canvas.height() {
            let at = |x: u32| self.place([f64::from(x) + 0.5, f64::from(y) + 0.5]);
            // Where worlds lie side by side, so do the places of a row.
            let ends = at(0).zip(at(canvas.width())).filter(|_| is_even);
            let step = ends.map_or(0.0, |(from, to)| (to[0] - from[0]) / f64::from(canvas.width()));
            for x in 0..canvas.width() {
                let place = ends.map_or_else(|| at(x), |(from, _)| Some([from[0] + f64::from(x) * step, from[1]]));
                let Some(place) = place else { continue };
                let color = mixed(drawn, [(place[0] - left) * scale - 0.5, (place[1] - top) * scale - 0.5]);
                canvas.blend(x, y, color);
            }
        }
    }

    /// Pixels of the flat picture for one of the picture, along each side.
    pub fn finer(&self) -> f64 {
        self.flat.ratio() / self.view.ratio()
    }

    /// The pixel of the flat picture at which a pixel of the picture is.
    pub fn pixel(&self, [x, y]: [u32; 2]) -> Option<[i64; 2]> {
        let place = self.place([f64::from(x) + 0.5, f64::from(y) + 0.5])?;
        Some(self.flat.to_pixel(place).map(|n| n.floor() as i64))
    }

    /// Where a point of the picture, in pixels, lies in the world of Web Mercator.
    fn place(&self, pixel: [f64; 2]) -> Option<[f64; 2]> {
        let [lon, lat] = self.view.degrees(pixel)?;
        let is_wrapped = self.view.projection().period().is_none();
        let lon = if is_wrapped { self.middle + (lon - self.middle + 180.0).rem_euclid(360.0) - 180.0 } else { lon };
        let [_, y] = world([0.0, lat]);
        Some([lon / 360.0 + 0.5, y])
    }
}

/// The colour between pixels; beyond the edges that of the nearest.
fn mixed(canvas: &Canvas, [x, y]: [f64; 2]) -> [f32; 4] {
    let (width, height) = (canvas.width() as usize, canvas.height() as usize);
    let held = |n: f64, side: usize| n.clamp(0.0, side as f64 - 1.0);
    let (x, y) = (held(x, width), held(y, height));
    let (column, row) = (x as usize, y as usize);
    let (right, below) = ((column + 1).min(width - 1), (row + 1).min(height - 1));
    let (u, v) = ((x - column as f64) as f32, (y - row as f64) as f32);
    let at = |row: usize, column: usize| canvas.pixels()[row * width + column];
    let corners = [at(row, column), at(row, right), at(below, column), at(below, right)];
    let shares = [(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v];
    std::array::from_fn(|channel| {
        let sum: f32 = corners.iter().zip(shares).map(|(corner, share)| f32::from(corner[channel]) * share).sum();
        sum / 255.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::PixelGrid;
    use crate::space::Crs;

    /// Paints red by longitude and green by latitude.
    fn paint(canvas: &mut Canvas, view: &View) {
        for y in 0..view.height() {
            for (x, pixel) in canvas.row_mut(y).iter_mut().enumerate() {
                let [lon, lat] = degrees(view.to_world([x as f64 + 0.5, f64::from(y) + 0.5]));
                *pixel = [((lon + 180.0) / 360.0 * 255.0) as u8, ((lat + 90.0) / 180.0 * 255.0) as u8, 0, 255];
            }
        }
    }

    fn is_right(crs: &Crs, rect: Rect, size: [u32; 2]) {
        let resolution = [rect.width() / f64::from(size[0]), rect.height() / f64::from(size[1])];
        let pixels = PixelGrid { anchor: [rect.min_x, rect.max_y], resolution, corner: [0; 2] };
        let view = View::of_pixels(crs, &pixels, size, 0.0, 1.0);
        let reprojection = Reprojection::of(&view).unwrap();
        let mut drawn = Canvas::new(reprojection.flat().width(), reprojection.flat().height());
        paint(&mut drawn, reprojection.flat());
        let mut made = Canvas::new(size[0], size[1]);
        reprojection.lay(&drawn, &mut made);
        for (x, y) in [(0, 0), (size[0] / 2, size[1] / 3), (size[0] - 1, size[1] - 1)] {
            let part = |at: u32, side: u32| (f64::from(at) + 0.5) / f64::from(side);
            let position =
                [rect.min_x + part(x, size[0]) * rect.width(), rect.max_y - part(y, size[1]) * rect.height()];
            let [lon, lat] = crs.inverse(position).unwrap();
            let pixel = made.pixels()[(y * size[0] + x) as usize];
            let told = [f64::from(pixel[0]) / 255.0 * 360.0 - 180.0, f64::from(pixel[1]) / 255.0 * 180.0 - 90.0];
            assert!((told[0] - lon).abs() < 3.0 && (told[1] - lat).abs() < 2.0, "{crs}: {told:?} for {lon}, {lat}");
        }
    }

    #[test]
    fn each_pixel_shows_its_own_place() {
        is_right(&Crs::Crs84, Rect::new(-170.0, -80.0, 170.0, 80.0), [300, 140]);
        is_right(&Crs::Crs84, Rect::new(0.0, 40.0, 20.0, 50.0), [100, 400]);
        is_right(&Crs::epsg(3035).unwrap(), Rect::new(2_500_000.0, 1_500_000.0, 6_000_000.0, 5_000_000.0), [200, 200]);
        is_right(&Crs::epsg(32652).unwrap(), Rect::new(300_000.0, 4_500_000.0, 700_000.0, 4_900_000.0), [64, 64]);
    }

    #[test]
    fn web_mercator_is_not_laid_anew() {
        assert!(Reprojection::of(&View::new([0.0; 2], 3.0, 0.0, [10.0; 2], 1.0)).is_none());
    }
}
