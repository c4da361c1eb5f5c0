//! Pictures in any system, made of one in Web Mercator: each pixel shows what is drawn there at its place on the earth.

use super::Canvas;
use super::Picture;
use super::View;
use super::degrees;
use super::view::Placement;
use super::view::world;
use crate::space::Crs;
use crate::space::Rect;

/// A rectangle of a coordinate reference system on so many pixels.
#[derive(Clone, Debug)]
pub struct Reprojection {
    crs: Crs,
    rect: Rect,
    size: [u32; 2],
    /// Cosine and sine of the angle, clockwise from north, of what is up.
    turn: [f64; 2],
    /// The longitude around which others are counted, where worlds do not lie side by side.
    middle: f64,
}

/// Places looked at along each side to find out what is needed.
const STEPS: u32 = 32;

/// How much longer than twice the longest side that is asked for, and how much squared larger than twice the area, the
/// picture that is drawn may be.
const SPARE: f64 = 512.0;

impl Reprojection {
    /// A rectangle, east first, whose right edge may lie beyond the antimeridian; `bearing` is in degrees clockwise from
    /// north.
    pub fn new(crs: &Crs, rect: Rect, size: [u32; 2], bearing: f64) -> Self {
        let middle = crs.inverse(rect.center()).map_or_else(|| crs.unproject(rect.center())[0], |place| place[0]);
        let (sin, cos) = bearing.to_radians().sin_cos();
        Self { crs: crs.clone(), rect, size, turn: [cos, sin], middle }
    }

    /// What of Web Mercator is to be drawn, with labels where those of neighbouring pictures agree.
    pub fn view(&self, ratio: f64) -> View {
        let [width, height] = self.size.map(f64::from);
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
            return View::new([0.0; 2], 0.0, 0.0, [1.0; 2], ratio).with_placement(Placement::World);
        }
        let longest = 2.0 * width.max(height) + SPARE;
        let most = 2.0 * width * height + SPARE * SPARE;
        let scale = (1.0 / finest)
            .min(longest / extent.width().max(extent.height()).max(1e-12))
            .min((most / (extent.width() * extent.height()).max(1e-24)).sqrt());
        let zoom = (scale / 512.0 / ratio).log2().clamp(-4.0, 24.5);
        let scale = 512.0 * zoom.exp2() * ratio;
        // Each pixel is mixed of its neighbours, of which there are some beyond the edge.
        let size = [extent.width(), extent.height()].map(|side| ((side * scale).ceil() + 4.0) / ratio + 1e-6);
        View::new(degrees(extent.center()), zoom, 0.0, size, ratio).with_placement(Placement::World)
    }

    /// The picture, made of one that was drawn in [`Self::view`].
    pub fn picture(&self, view: &View, drawn: &Picture) -> Picture {
        let [width, height] = self.size;
        let mut canvas = Canvas::new(width, height);
        let [left, top] = view.to_world([0.0, 0.0]);
        let scale = view.scale();
        let columns = self.columns();
        for y in 0..height {
            let latitude = columns.as_ref().and_then(|_| self.place([0.5, f64::from(y) + 0.5])).map(|place| place[1]);
            let row = canvas.row_mut(y);
            for (x, pixel) in row.iter_mut().enumerate() {
                let place = match &columns {
                    Some(columns) => latitude.map(|y| [columns[x], y]),
                    None => self.place([x as f64 + 0.5, f64::from(y) + 0.5]),
                };
                if let Some([x, y]) = place {
                    *pixel = mixed(drawn, [(x - left) * scale - 0.5, (y - top) * scale - 0.5]);
                }
            }
        }
        Picture::new(canvas)
    }

    /// Which pixel of a picture that was drawn in [`Self::view`] a pixel shows; `None` where no place of the earth is.
    pub fn pixel(&self, view: &View, [x, y]: [u32; 2]) -> Option<[u32; 2]> {
        let [x, y] = self.place([f64::from(x) + 0.5, f64::from(y) + 0.5])?;
        let ([left, top], scale) = (view.to_world([0.0, 0.0]), view.scale());
        let (x, y) = ((x - left) * scale, (y - top) * scale);
        let is_in = x >= 0.0 && y >= 0.0 && x < f64::from(view.width()) && y < f64::from(view.height());
        is_in.then_some([x as u32, y as u32])
    }

    /// Whether no place of the earth is at a pixel.
    pub fn is_void(&self, [x, y]: [u32; 2]) -> bool {
        self.place([f64::from(x) + 0.5, f64::from(y) + 0.5]).is_none()
    }

    /// Where the columns lie in the world, where that is the same for all rows.
    fn columns(&self) -> Option<Vec<f64>> {
        let period = self.crs.period().filter(|_| self.turn[1] == 0.0)?;
        let unit = self.rect.width() / f64::from(self.size[0]);
        Some((0..self.size[0]).map(|x| (self.rect.min_x + (f64::from(x) + 0.5) * unit) / period + 0.5).collect())
    }

    /// Where a point of the picture, in pixels, lies in the world of Web Mercator.
    fn place(&self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let [width, height] = self.size.map(f64::from);
        let (x, y) = (x - width / 2.0, y - height / 2.0);
        let [cos, sin] = self.turn;
        let (x, y) = (x * cos - y * sin, x * sin + y * cos);
        let [middle_x, middle_y] = self.rect.center();
        let position = [middle_x + x * self.rect.width() / width, middle_y - y * self.rect.height() / height];
        if let Some(period) = self.crs.period() {
            let [_, lat] = self.crs.inverse([0.0, position[1]])?;
            return Some([position[0] / period + 0.5, world([0.0, lat])[1]]);
        }
        let [lon, lat] = self.crs.inverse(position)?;
        let lon = self.middle + (lon - self.middle + 180.0).rem_euclid(360.0) - 180.0;
        let [_, y] = world([0.0, lat]);
        Some([lon / 360.0 + 0.5, y])
    }
}

/// The colour between pixels; beyond the edges that of the nearest.
fn mixed(picture: &Picture, [x, y]: [f64; 2]) -> [u8; 4] {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let held = |n: f64, side: usize| n.clamp(0.0, side as f64 - 1.0);
    let (x, y) = (held(x, width), held(y, height));
    let (column, row) = (x as usize, y as usize);
    let (right, below) = ((column + 1).min(width - 1), (row + 1).min(height - 1));
    let (u, v) = ((x - column as f64) as f32, (y - row as f64) as f32);
    let at = |row: usize, column: usize| picture.pixels()[row * width + column];
    let corners = [at(row, column), at(row, right), at(below, column), at(below, right)];
    let shares = [(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v];
    std::array::from_fn(|channel| {
        let sum: f32 = corners.iter().zip(shares).map(|(corner, share)| f32::from(corner[channel]) * share).sum();
        sum.round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of a view whose red is the longitude and whose green is the latitude.
    fn painted(view: &View) -> Picture {
        let mut canvas = Canvas::new(view.width(), view.height());
        for y in 0..view.height() {
            let row = canvas.row_mut(y);
            for (x, pixel) in row.iter_mut().enumerate() {
                let [lon, lat] = degrees(view.to_world([x as f64 + 0.5, f64::from(y) + 0.5]));
                *pixel = [((lon + 180.0) / 360.0 * 255.0) as u8, ((lat + 90.0) / 180.0 * 255.0) as u8, 0, 255];
            }
        }
        Picture::new(canvas)
    }

    fn is_right(crs: &Crs, rect: Rect, size: [u32; 2]) {
        let reprojection = Reprojection::new(crs, rect, size, 0.0);
        let view = reprojection.view(1.0);
        let made = reprojection.picture(&view, &painted(&view));
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
    fn what_is_not_on_the_earth_is_void() {
        let tall = Reprojection::new(&Crs::Crs84, Rect::new(-10.0, -200.0, 10.0, 200.0), [10, 100], 0.0);
        assert!(tall.is_void([5, 0]) && !tall.is_void([5, 50]));
    }
}
