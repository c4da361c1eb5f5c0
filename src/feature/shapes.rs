//! Geometries of many features in flat buffers.
//!
//! ```text
//! rows    0        2     3          row r owns parts rows[r]..rows[r + 1]
//! parts   P     P     L  .          part p owns paths parts[p]..parts[p + 1]
//! paths   0  5  9  20  ...          path q owns coords paths[q]..paths[q + 1]
//! coords  xy xy xy ...              longitude, latitude in degrees
//! ```
//!
//! A polygon part has one path a ring, each closed; a line part one path; a points part one path, each coordinate a point.

use super::Geometry;
use super::GeometryKind;
use super::Part;
use super::PartKind;

/// Geometries by row number. Filled from front to back: coordinates, then [`end_path`](Self::end_path), then
/// [`end_part`](Self::end_part), then [`end_row`](Self::end_row).
#[derive(Clone, Debug)]
pub struct Shapes {
    pub(super) coords: Vec<[f64; 2]>,
    /// As long as `coords`, NaN where there is no height; empty when no coordinate has one.
    pub(super) heights: Vec<f64>,
    pub(super) paths: Vec<u32>,
    pub(super) parts: Vec<u32>,
    pub(super) part_kinds: Vec<PartMark>,
    pub(super) rows: Vec<u32>,
    pub(super) kinds: Vec<GeometryKind>,
}

/// What a part is and where it stands in its geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PartMark {
    pub(super) kind: PartKind,
    /// In a geometry collection: the member that the part belongs to is a Multi geometry.
    pub(super) multi: bool,
    /// It is the first part of its member of a geometry collection.
    pub(super) first: bool,
}

/// Where the buffers stood, to return to when a feature turns out to be broken.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    coords: usize,
    paths: usize,
    parts: usize,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            coords: Vec::new(),
            heights: Vec::new(),
            paths: vec![0],
            parts: vec![0],
            part_kinds: Vec::new(),
            rows: vec![0],
            kinds: Vec::new(),
        }
    }
}

impl Shapes {
    /// Appends a position in degrees to the path under construction; `height` in metres.
    pub fn push_coord(&mut self, lon: f64, lat: f64, height: Option<f64>) {
        match height {
            Some(height) => {
                self.heights.resize(self.coords.len(), f64::NAN);
                self.heights.push(height);
            }
            None if !self.heights.is_empty() => self.heights.push(f64::NAN),
            None => {}
        }
        self.coords.push([lon, lat]);
    }

    /// Appends positions in degrees to the path under construction; `heights` are as many, NaN where there is none, or
    /// empty.
    pub fn extend_path(&mut self, positions: &[[f64; 2]], heights: &[f64]) {
        if heights.iter().any(|height| !height.is_nan()) {
            self.heights.resize(self.coords.len(), f64::NAN);
            self.heights.extend_from_slice(heights);
        } else if !self.heights.is_empty() {
            self.heights.resize(self.coords.len() + positions.len(), f64::NAN);
        }
        self.coords.extend_from_slice(positions);
    }

    /// Takes the positions of the path under construction out again, with their heights, NaN where there is none.
    pub fn take_open_path(&mut self) -> Vec<[f64; 3]> {
        let start = self.open_path_start();
        let height = |at: usize| self.heights.get(start + at).copied().unwrap_or(f64::NAN);
        let taken = self.coords[start..].iter().enumerate().map(|(at, &[lon, lat])| [lon, lat, height(at)]).collect();
        self.coords.truncate(start);
        self.heights.truncate(start);
        taken
    }

    /// Ends the path (point run, line, ring) under construction.
    pub fn end_path(&mut self) {
        self.paths.push(self.coords.len() as u32);
    }

    /// Ends the part under construction: one point run, one line, or one polygon with its rings.
    pub fn end_part(&mut self, kind: PartKind) {
        self.end_member_part(kind, false, true);
    }

    /// Ends a part of a geometry collection; `multi` when its member is a Multi geometry, `first` at the member's start.
    pub fn end_member_part(&mut self, kind: PartKind, multi: bool, first: bool) {
        self.parts.push(self.paths.len() as u32 - 1);
        self.part_kinds.push(PartMark { kind, multi, first });
    }

    /// Ends the row under construction, which owns all parts since the last one, and answers its number.
    pub fn end_row(&mut self, kind: GeometryKind) -> u32 {
        self.rows.push(self.part_kinds.len() as u32);
        self.kinds.push(kind);
        self.kinds.len() as u32 - 1
    }

    /// Where the path under construction starts in the list of coordinates.
    fn open_path_start(&self) -> usize {
        // The list of paths starts with a zero, so it is never empty.
        self.paths.last().map_or(0, |&start| start as usize)
    }

    /// The coordinates of the path under construction.
    pub fn open_path(&mut self) -> &mut [[f64; 2]] {
        let start = self.open_path_start();
        &mut self.coords[start..]
    }

    /// Turns the path under construction round, heights included.
    pub fn reverse_open_path(&mut self) {
        let start = self.open_path_start();
        self.coords[start..].reverse();
        if !self.heights.is_empty() {
            self.heights.resize(self.coords.len(), f64::NAN);
            self.heights[start..].reverse();
        }
    }

    /// The state to which [`rewind`](Self::rewind) can return; valid between rows.
    pub fn mark(&self) -> Mark {
        Mark { coords: self.coords.len(), paths: self.paths.len(), parts: self.part_kinds.len() }
    }

    /// Drops all that was appended since the mark.
    pub fn rewind(&mut self, mark: Mark) {
        self.coords.truncate(mark.coords);
        self.heights.truncate(mark.coords);
        self.paths.truncate(mark.paths);
        self.parts.truncate(mark.parts + 1);
        self.part_kinds.truncate(mark.parts);
    }

    /// Number of rows that were ended.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Number of positions in all rows.
    pub fn coord_count(&self) -> usize {
        self.coords.len()
    }

    /// The positions in all rows, in order: longitude and latitude in degrees.
    pub fn coords(&self) -> &[[f64; 2]] {
        &self.coords
    }

    /// The geometry of a row.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn geometry(&self, row: u32) -> Geometry<'_> {
        Geometry::new(self, row, self.kinds[row as usize])
    }

    /// Gives back memory that was reserved and is not needed.
    pub fn shrink_to_fit(&mut self) {
        // Heights of a feature that was dropped again leave nothing but their absence behind.
        if self.heights.iter().all(|height| height.is_nan()) {
            self.heights.clear();
        }
        self.coords.shrink_to_fit();
        self.heights.shrink_to_fit();
        self.paths.shrink_to_fit();
        self.parts.shrink_to_fit();
        self.part_kinds.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.kinds.shrink_to_fit();
    }

    pub(super) fn part(&self, part: usize) -> Part<'_> {
        Part::new(self, self.part_kinds[part], self.parts[part] as usize..self.parts[part + 1] as usize)
    }

    pub(super) fn path(&self, path: usize) -> &[[f64; 2]] {
        &self.coords[self.paths[path] as usize..self.paths[path + 1] as usize]
    }

    /// Heights of a path; empty when no coordinate of the whole set has one.
    pub(super) fn path_heights(&self, path: usize) -> &[f64] {
        if self.heights.is_empty() {
            return &[];
        }
        // Coordinates that were appended last may have no height yet.
        let range = self.paths[path] as usize..self.paths[path + 1] as usize;
        self.heights.get(range).unwrap_or(&[])
    }
}
