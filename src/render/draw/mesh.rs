//! The ribbon of triangles that a line becomes, as MapLibre builds it: translucent lines show where it overlaps itself.

use crate::render::lattice::Cell;
use crate::render::scan::Vertex;
use crate::style::LineCap;
use crate::style::LineJoin;

/// How a ribbon is built; lengths in pixels of the picture.
#[derive(Clone, Copy, Debug)]
pub struct Ribbon {
    /// How pieces meet.
    pub join: LineJoin,
    /// How it ends.
    pub cap: LineCap,
    /// A miter longer than this many half widths is cut off.
    pub miter_limit: f64,
    /// A round join whose miter is not longer than this is drawn as a miter.
    pub round_limit: f64,
    /// From the middle to the edge.
    pub reach: f64,
    /// How far the whole line is moved to the right.
    pub offset: f64,
    /// How far from sharp bends the ribbon begins to bend, so that dashes stay square before.
    pub sharp: f64,
    /// After how many pixels what is laid along it repeats; 0 when it does not.
    pub period: f64,
}

/// Values at a corner: forward of the end (in round caps), across (-1 to the right, 1 to the left), and along in pixels.
type Corner = Vertex<3>;

/// The slices that a round join is cut into, in radians.
const SLICE: f64 = 20.0 * std::f64::consts::PI / 180.0;

/// The cosine of half an angle of 75 degrees: what bends more is sharp.
const SHARP: f64 = 0.793_353_340_291_235_2;

/// A vector in the plane of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Vector {
    x: f64,
    y: f64,
}

/// One of the two sides of a ribbon. The right one lies where the normal points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Right,
    Left,
}

struct Builder<'a, F> {
    ribbon: &'a Ribbon,
    emit: F,
    /// Taken from all pixels along: whole periods, so that small floats tell them apart far from the start of a line.
    base: f64,
    right: Option<Corner>,
    left: Option<Corner>,
}

/// Calls `emit` with the triangles of a line, whose points must differ from their neighbours. A closed line ends in its
/// first point once more. `marks` are pixels along a line of which runs were left out, at each point but the closing one; empty
/// where none were.
pub fn mesh(points: &[Cell], marks: &[f64], closed: bool, ribbon: &Ribbon, emit: impl FnMut([Corner; 3])) {
    let last = points.len().saturating_sub(1);
    if last == 0 {
        return;
    }
    let mut builder = Builder { ribbon, emit, base: 0.0, right: None, left: None };
    // A closed line counts from the start of its last piece, as MapLibre does.
    let mut along = if closed { length(points[last - 1], points[0]) } else { 0.0 };
    along = marks.first().copied().unwrap_or(along);
    builder.settle(along);
    let mut before = closed.then(|| normal(points[last - 1], points[0])).flatten();
    for (index, &point) in points.iter().enumerate() {
        let next = if index < last { Some(points[index + 1]) } else { closed.then(|| points[1]) };
        let after = next.and_then(|next| normal(point, next));
        match (before, after) {
            (Some(before), Some(after)) => {
                let is_sharp = (before + after).unit().is_none_or(|middle| middle.dot(after) < SHARP);
                if is_sharp && index > 0 {
                    builder.guard(points[index - 1], point, before, along, false);
                }
                builder.join(point, before, after, along);
                builder.settle(along);
                if is_sharp && index < last {
                    builder.guard(point, points[index + 1], after, along, true);
                }
            }
            (None, Some(after)) => builder.cap(point, after, along, false),
            (Some(before), None) => builder.cap(point, before, along, true),
            (None, None) => {}
        }
        if index < last {
            along = marks.get(index + 1).copied().unwrap_or(along + length(point, points[index + 1]));
        }
        before = after;
    }
}

fn length(a: Cell, b: Cell) -> f64 {
    let [x, y] = (b - a).to_pixels();
    (x * x + y * y).sqrt()
}

/// Points to the right of the way from `a` to `b`.
fn normal(a: Cell, b: Cell) -> Option<Vector> {
    let [x, y] = (b - a).to_pixels();
    Vector { x: -y, y: x }.unit()
}

/// Pixels along that are reckoned from one place.
const STRETCH: f64 = 4096.0;

impl<F: FnMut([Corner; 3])> Builder<'_, F> {
    /// Chooses from where the piece that begins at a place is reckoned.
    fn settle(&mut self, along: f64) {
        if self.ribbon.period <= 0.0 {
            return;
        }
        let stretch = (STRETCH / self.ribbon.period).ceil() * self.ribbon.period;
        let base = (along / stretch).floor() * stretch;
        if base != self.base && base.is_finite() {
            self.base = base;
            for corner in [&mut self.right, &mut self.left].into_iter().flatten() {
                corner.values[2] = (along - base) as f32;
            }
        }
    }

    /// Begins or ends the ribbon.
    fn cap(&mut self, point: Cell, normal: Vector, along: f64, ends: bool) {
        let outward = if ends { 1.0 } else { -1.0 };
        match (self.ribbon.cap, ends) {
            (LineCap::Butt, _) => self.pair(point, normal, [0.0, 0.0], false, along),
            (LineCap::Square, _) => self.pair(point, normal, [outward, outward], false, along),
            (LineCap::Round, true) => {
                self.pair(point, normal, [0.0, 0.0], false, along);
                self.pair(point, normal, [1.0, 1.0], true, along);
            }
            (LineCap::Round, false) => {
                self.pair(point, normal, [-1.0, -1.0], true, along);
                self.pair(point, normal, [0.0, 0.0], false, along);
            }
        }
    }

    /// A corner pair near the end (or, when `starts`, the start) of a piece between two points, where it is long enough.
    /// `along` is that of the bend.
    fn guard(&mut self, a: Cell, b: Cell, normal: Vector, along: f64, starts: bool) {
        let [dx, dy] = (b - a).to_pixels();
        let (length, sharp) = (length(a, b), self.ribbon.sharp);
        if length <= 2.0 * sharp {
            return;
        }
        let step = [dx * sharp / length, dy * sharp / length];
        let (point, along) =
            if starts { (a + Cell::nearest(step), along + sharp) } else { (b - Cell::nearest(step), along - sharp) };
        self.pair(point, normal, [0.0, 0.0], false, along);
    }

    /// Leads the ribbon around a bend.
    fn join(&mut self, point: Cell, before: Vector, after: Vector, along: f64) {
        let ribbon = self.ribbon;
        let middle = (before + after).unit();
        let half_cos = middle.map_or(0.0, |middle| middle.dot(after));
        let miter = if half_cos > 0.0 { 1.0 / half_cos } else { f64::INFINITY };
        // The vector that halves the bend; where the line turns back on itself there is none.
        let middle = middle.unwrap_or(Vector { x: 0.0, y: 0.0 });
        let turns_left = before.x * after.y - before.y * after.x > 0.0;
        let mut join = match ribbon.join {
            LineJoin::Round if miter < ribbon.round_limit => Bend::Miter,
            LineJoin::Round if miter <= 2.0 => Bend::Fan,
            LineJoin::Round => Bend::Round,
            LineJoin::Miter if miter <= ribbon.miter_limit => Bend::Miter,
            LineJoin::Miter | LineJoin::Bevel => Bend::Bevel,
        };
        if join == Bend::Bevel {
            join = match miter {
                // A flat bend needs no bevel, and at a sharp one the ribbon is turned over instead of folded.
                m if m < ribbon.miter_limit => Bend::Miter,
                m if m > 2.0 => Bend::Flip,
                _ => Bend::Bevel,
            };
        }
        match join {
            Bend::Miter => self.pair(point, middle * miter, [0.0, 0.0], false, along),
            Bend::Flip => {
                let across = if miter > 100.0 {
                    after * -1.0
                } else {
                    let length = miter * (before + after).length() / (before - after).length();
                    Vector { x: -middle.y, y: middle.x } * (length * if turns_left { -1.0 } else { 1.0 })
                };
                self.pair(point, across, [0.0, 0.0], false, along);
                self.pair(point, across * -1.0, [0.0, 0.0], false, along);
            }
            Bend::Bevel | Bend::Fan => {
                // On the inner side both pieces end where they meet.
                let inward = -(miter * miter - 1.0).max(0.0).sqrt();
                let ends = if turns_left { [inward, 0.0] } else { [0.0, inward] };
                self.pair(point, before, ends, false, along);
                if join == Bend::Fan {
                    self.fan(point, before, after, along, turns_left);
                }
                self.pair(point, after, ends.map(|end| -end), false, along);
            }
            Bend::Round => {
                self.pair(point, before, [0.0, 0.0], false, along);
                self.pair(point, before, [1.0, 1.0], true, along);
                self.pair(point, after, [-1.0, -1.0], true, along);
                self.pair(point, after, [0.0, 0.0], false, along);
            }
        }
    }

    /// Slices between two pieces, on the outer side.
    fn fan(&mut self, point: Cell, before: Vector, after: Vector, along: f64, turns_left: bool) {
        let angle = before.dot(after).clamp(-1.0, 1.0).acos();
        let slices = (angle / SLICE).round() as u32;
        let turn = if turns_left { angle } else { -angle };
        for slice in 1..slices {
            let (sin, cos) = (turn * f64::from(slice) / f64::from(slices)).sin_cos();
            let spoke = Vector { x: before.x * cos - before.y * sin, y: before.x * sin + before.y * cos };
            let (side, spoke) = if turns_left { (Side::Left, spoke * -1.0) } else { (Side::Right, spoke) };
            self.push(point, spoke, spoke, side, false, along);
        }
    }

    /// A corner on each side. `ends` say for right and left how many half widths forward of the point they are moved.
    fn pair(&mut self, point: Cell, normal: Vector, ends: [f64; 2], round: bool, along: f64) {
        let forward = Vector { x: normal.y, y: -normal.x };
        self.push(point, normal + forward * ends[0], normal, Side::Right, round, along);
        self.push(point, normal * -1.0 + forward * ends[1], normal * -1.0, Side::Left, round, along);
    }

    fn push(&mut self, point: Cell, extrude: Vector, normal: Vector, side: Side, round: bool, along: f64) {
        let across = if side == Side::Right { -1.0 } else { 1.0 };
        let moved = extrude * self.ribbon.reach + normal * (self.ribbon.offset * -across);
        let corner = Vertex {
            cell: point + Cell::nearest([moved.x, moved.y]),
            values: [f32::from(u8::from(round)), across as f32, (along - self.base) as f32],
        };
        if let (Some(right), Some(left)) = (self.right, self.left) {
            (self.emit)([right, left, corner]);
        }
        match side {
            Side::Right => self.right = Some(corner),
            Side::Left => self.left = Some(corner),
        }
    }
}

/// What a join turns out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bend {
    Miter,
    Bevel,
    Flip,
    Fan,
    Round,
}

impl Vector {
    fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    fn unit(self) -> Option<Self> {
        let length = self.length();
        (length > 1e-9).then(|| self * (1.0 / length))
    }

    fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }
}

impl std::ops::Add for Vector {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }
}

impl std::ops::Sub for Vector {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }
}

impl std::ops::Mul<f64> for Vector {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self { x: self.x * factor, y: self.y * factor }
    }
}
