//! Labels along whole lines.

use std::ops::Range;

use crate::render::lattice::Cell;
use crate::render::symbol::anchor::Demand;
use crate::render::symbol::anchor::bends_gently;
use crate::render::symbol::geometry::Point;
use crate::render::whole::ShapePath;
use crate::render::whole::Span;

/// What a label asks of a line, in pixels at a ratio of 1.
#[derive(Clone, Copy, Debug)]
pub struct Along {
    /// Its length, the distance between two and how the line may bend.
    pub demand: Demand,
    /// How much of the line on both sides of the anchor is looked at.
    pub reach: f32,
    /// Cells a pixel.
    pub pixel: f64,
}

/// A place on a line.
pub struct OnLine {
    /// Which of the line's places.
    pub number: u64,
    /// Where it is.
    pub cell: Cell,
    /// The line around it, in pixels from it.
    pub line: Vec<Point>,
    /// The segment of that line on which it lies.
    pub segment: usize,
}

/// Which places on a line are asked for.
#[derive(Clone, Copy)]
pub struct Home<'h> {
    /// Those in a span,
    pub span: &'h Span,
    /// on these of the line's segments; `None` for all.
    pub own: Option<&'h [bool]>,
}

/// A line with the pixels from its start to each of its points.
struct Measured<'a> {
    cells: &'a [Cell],
    along: Vec<f64>,
    closed: bool,
}

/// Cells around a span in which places are still looked at, because they are rounded to cells.
const SLACK: f64 = 64.0;

/// Lines with more places than this are not looked at as a whole: they have places enough.
const FEW: u64 = 8;

impl Along {
    /// The places on a line that are asked for: at regular distances from its start, which do not depend on what is asked, or in
    /// the middle of a line that has no other.
    pub fn places(&self, path: &ShapePath<'_>, closed: bool, home: Home<'_>, mut each: impl FnMut(OnLine)) {
        let Some(line) = Measured::new(path, closed, self.pixel) else { return };
        let Demand { length, em, .. } = self.demand;
        let (length, total) = (f64::from(length), line.total());
        let Some(spacing) = self.spacing().filter(|_| total.is_finite()) else { return };
        // Two ems more than half the label, so that labels at T junctions do not meet.
        let offset = (length / 2.0 + 2.0 * f64::from(em)) % spacing;
        let first = ((length / 2.0 - offset) / spacing).ceil().max(0.0);
        let last = ((total - length / 2.0 - offset) / spacing).floor();
        let place = |number: u64| offset + number as f64 * spacing;
        let count = if last >= first { (last - first) as u64 + 1 } else { 0 };
        if count > FEW {
            let (first, last) = (first as u64, last as u64);
            line.each_near(home.span, |from, to| {
                let low = (((from - offset) / spacing).ceil().max(0.0) as u64).max(first);
                let mut number = low;
                while number <= last && place(number) < to {
                    self.try_place(&line, number, place(number), home, &mut each);
                    number += 1;
                }
            });
            return;
        }
        let mut found = false;
        for number in first as u64..first as u64 + count {
            found |= self.try_place(&line, number, place(number), home, &mut each);
        }
        if !found && total >= length {
            self.try_place(&line, u64::from(u32::MAX), total / 2.0, home, &mut each);
        }
    }

    /// The place in the middle of a line, if it is asked for.
    pub fn middle(&self, path: &ShapePath<'_>, closed: bool, home: Home<'_>, mut each: impl FnMut(OnLine)) {
        if let Some(line) = Measured::new(path, closed, self.pixel) {
            let middle = line.total() / 2.0;
            self.try_place(&line, 0, middle, home, &mut each);
        }
    }

    /// The places on a run of the segments of a line whose ends are not known: on average as far from each other as they shall
    /// be, and from the run's ends half of that. Where the run is too short for one, or they shall stand in the middle, there is
    /// one if it `is_best`.
    pub fn spread(
        &self,
        path: &ShapePath<'_>,
        run: &Range<usize>,
        is_center: bool,
        is_best: bool,
        home: Home<'_>,
        mut each: impl FnMut(OnLine),
    ) {
        let Some((line, spacing)) = Measured::new(path, false, self.pixel).zip(self.spacing()) else { return };
        let (from, to) = (line.along[run.start], line.along[run.end]);
        let count = if is_center { 0 } else { ((to - from) / spacing).round() as u64 };
        let count = count.max(u64::from(is_best));
        let step = (to - from) / count as f64;
        let place = |number: u64| from + (number as f64 + 0.5) * step;
        line.each_near(home.span, |start, end| {
            let first = ((start - from) / step - 0.5).ceil().max(0.0) as u64;
            for number in (first..count).take_while(|&number| place(number) < end) {
                self.try_place(&line, number, place(number), home, &mut each);
            }
        });
    }

    /// From one place to the next; `None` where there is no end of places.
    fn spacing(&self) -> Option<f64> {
        let (length, spacing) = (f64::from(self.demand.length), f64::from(self.demand.spacing));
        // Labels that are long for the spacing keep a quarter of it between them.
        let spacing = if spacing - length < spacing / 4.0 { length + spacing / 4.0 } else { spacing };
        (spacing > 0.0 && spacing.is_finite()).then_some(spacing)
    }

    /// Whether a label may stand at a distance from the start; it is told when that is asked for.
    fn try_place(
        &self,
        line: &Measured<'_>,
        number: u64,
        at: f64,
        home: Home<'_>,
        each: &mut impl FnMut(OnLine),
    ) -> bool {
        let Some((segment, cell)) = line.at(at) else { return false };
        let (points, own) = line.around(segment, cell, self.reach, self.pixel);
        if !bends_gently(&points, [0.0; 2], own, &self.demand) {
            return false;
        }
        if home.span.holds(cell) && home.own.is_none_or(|segments| segments[segment]) {
            each(OnLine { number, cell, line: points, segment: own });
        }
        true
    }
}

impl<'a> Measured<'a> {
    fn new(path: &ShapePath<'a>, closed: bool, pixel: f64) -> Option<Self> {
        let first = *path.along.first()?;
        let pixels = crate::render::lattice::SUBPIXELS as f64 / pixel;
        let mut along: Vec<f64> = path.along.iter().map(|along| (along - first) * pixels).collect();
        if closed {
            // The closing side is counted first.
            along.push(along.last()? + first * pixels);
        }
        (along.len() > 1).then_some(Self { cells: path.cells, along, closed })
    }

    fn total(&self) -> f64 {
        self.along.last().copied().unwrap_or(0.0)
    }

    fn cell(&self, index: usize) -> Cell {
        if self.closed && index == self.cells.len() { self.cells[0] } else { self.cells[index] }
    }

    /// The segment and the point at a distance from the start.
    fn at(&self, at: f64) -> Option<(usize, Cell)> {
        let end = self.along.partition_point(|&along| along <= at);
        let segment = end.checked_sub(1).filter(|_| end < self.along.len())?;
        let (from, to) = (self.cell(segment), self.cell(end));
        let share = (at - self.along[segment]) / (self.along[end] - self.along[segment]);
        let mix = |a: i64, b: i64| a + ((b - a) as f64 * share).round() as i64;
        Some((segment, Cell { x: mix(from.x, to.x), y: mix(from.y, to.y) }))
    }

    /// Calls a function with the distances between which each segment may lie in a span: a side of the world is far longer than
    /// what is asked for.
    fn each_near(&self, span: &Span, mut each: impl FnMut(f64, f64)) {
        for segment in 0..self.along.len() - 1 {
            let (from, to) = (self.cell(segment), self.cell(segment + 1));
            if span.sides_beyond(from) & span.sides_beyond(to) != 0 {
                continue;
            }
            let axes = [[from.x, to.x, span.min.x, span.max.x], [from.y, to.y, span.min.y, span.max.y]];
            let (mut low, mut high) = (0.0_f64, 1.0_f64);
            for [from, to, min, max] in axes.map(|axis| axis.map(|n| n as f64)) {
                if from != to {
                    let [a, b] = [min - SLACK, max + SLACK].map(|edge| (edge - from) / (to - from));
                    (low, high) = (low.max(a.min(b)), high.min(a.max(b)));
                }
            }
            if low <= high {
                let (start, end) = (self.along[segment], self.along[segment + 1]);
                let at = |share: f64| if share < 1.0 { start + (end - start) * share } else { end };
                each(at(low), at(high));
            }
        }
    }

    /// The line on both sides of a point as far as `reach` pixels, and the segment on which the point lies in it.
    fn around(&self, segment: usize, center: Cell, reach: f32, pixel: f64) -> (Vec<Point>, usize) {
        let local = |index: usize| -> Point {
            let Cell { x, y } = self.cell(index) - center;
            [(x as f64 / pixel) as f32, (y as f64 / pixel) as f32]
        };
        let (mut first, mut passed, mut last) = (segment, 0.0, [0.0; 2]);
        loop {
            let point = local(first);
            passed += crate::render::symbol::geometry::distance(last, point);
            if passed > reach || first == 0 {
                break;
            }
            (first, last) = (first - 1, point);
        }
        let (mut end, mut passed, mut last) = (segment + 1, 0.0, [0.0; 2]);
        loop {
            let point = local(end);
            passed += crate::render::symbol::geometry::distance(last, point);
            if passed > reach || end + 1 == self.along.len() {
                break;
            }
            (end, last) = (end + 1, point);
        }
        ((first..=end).map(local).collect(), segment - first)
    }
}
