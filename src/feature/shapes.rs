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

use std::ops::Range;

use super::Buffer;
use super::Geometry;
use super::GeometryKind;
use super::Part;
use super::PartKind;
use super::boxes::STRETCH;
use super::boxes::boxes;
use super::packed::Misfit;
use super::packed::Packed;
use super::packed::Packing;

/// Positions of a path that are looked at beforehand, and how many share a line of the cache.
const NEAR: usize = 64;
const LINE: usize = 4;

/// Geometries by row number. Filled from front to back: coordinates, then [`end_path`](Self::end_path), then
/// [`end_part`](Self::end_part), then [`end_row`](Self::end_row).
#[derive(Clone, Debug)]
pub struct Shapes {
    pub(super) coords: Buffer<[f64; 2]>,
    /// Around each stretch of `coords`; empty while they are filled.
    pub(super) boxes: Buffer<[f32; 4]>,
    /// As long as `coords`, NaN where there is no height; empty when no coordinate has one.
    pub(super) heights: Buffer<f64>,
    pub(super) paths: Buffer<u32>,
    pub(super) parts: Buffer<u32>,
    /// [`PartMark`]s by their codes.
    marks: Buffer<u8>,
    pub(super) rows: Buffer<u32>,
    /// [`GeometryKind`]s by their codes.
    kinds: Buffer<u8>,
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

impl PartMark {
    const fn code(self) -> u8 {
        self.kind.code() | (self.multi as u8) << 2 | (self.first as u8) << 3
    }

    const fn of_code(code: u8) -> Self {
        Self { kind: PartKind::of_code(code & 3), multi: code & 4 != 0, first: code & 8 != 0 }
    }
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
            coords: Buffer::default(),
            boxes: Buffer::default(),
            heights: Buffer::default(),
            paths: vec![0].into(),
            parts: vec![0].into(),
            marks: Buffer::default(),
            rows: vec![0].into(),
            kinds: Buffer::default(),
        }
    }
}

impl Shapes {
    /// Appends a position in degrees to the path under construction; `height` in metres.
    pub fn push_coord(&mut self, lon: f64, lat: f64, height: Option<f64>) {
        match height {
            Some(height) => {
                self.heights.edit().resize(self.coords.len(), f64::NAN);
                self.heights.edit().push(height);
            }
            None if !self.heights.is_empty() => self.heights.edit().push(f64::NAN),
            None => {}
        }
        self.coords.edit().push([lon, lat]);
    }

    /// Appends positions in degrees to the path under construction; `heights` are as many, NaN where there is none, or
    /// empty.
    pub fn extend_path(&mut self, positions: &[[f64; 2]], heights: &[f64]) {
        if heights.iter().any(|height| !height.is_nan()) {
            self.heights.edit().resize(self.coords.len(), f64::NAN);
            self.heights.edit().extend_from_slice(heights);
        } else if !self.heights.is_empty() {
            self.heights.edit().resize(self.coords.len() + positions.len(), f64::NAN);
        }
        self.coords.edit().extend_from_slice(positions);
    }

    /// Takes the positions of the path under construction out again, with their heights, NaN where there is none.
    pub fn take_open_path(&mut self) -> Vec<[f64; 3]> {
        let start = self.open_path_start();
        let height = |at: usize| self.heights.get(start + at).copied().unwrap_or(f64::NAN);
        let taken = self.coords[start..].iter().enumerate().map(|(at, &[lon, lat])| [lon, lat, height(at)]).collect();
        self.coords.edit().truncate(start);
        self.heights.edit().truncate(start);
        taken
    }

    /// Ends the path (point run, line, ring) under construction.
    pub fn end_path(&mut self) {
        self.paths.edit().push(self.coords.len() as u32);
    }

    /// Ends the part under construction: one point run, one line, or one polygon with its rings.
    pub fn end_part(&mut self, kind: PartKind) {
        self.end_member_part(kind, false, true);
    }

    /// Ends a part of a geometry collection; `multi` when its member is a Multi geometry, `first` at the member's start.
    pub fn end_member_part(&mut self, kind: PartKind, multi: bool, first: bool) {
        self.parts.edit().push(self.paths.len() as u32 - 1);
        self.marks.edit().push(PartMark { kind, multi, first }.code());
    }

    /// Ends the row under construction, which owns all parts since the last one, and answers its number.
    pub fn end_row(&mut self, kind: GeometryKind) -> u32 {
        self.rows.edit().push(self.marks.len() as u32);
        self.kinds.edit().push(kind.code());
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
        &mut self.coords.edit()[start..]
    }

    /// Turns the path under construction round, heights included.
    pub fn reverse_open_path(&mut self) {
        let start = self.open_path_start();
        self.coords.edit()[start..].reverse();
        if !self.heights.is_empty() {
            self.heights.edit().resize(self.coords.len(), f64::NAN);
            self.heights.edit()[start..].reverse();
        }
    }

    /// The state to which [`rewind`](Self::rewind) can return; valid between rows.
    pub fn mark(&self) -> Mark {
        Mark { coords: self.coords.len(), paths: self.paths.len(), parts: self.marks.len() }
    }

    /// Drops all that was appended since the mark.
    pub fn rewind(&mut self, mark: Mark) {
        self.coords.edit().truncate(mark.coords);
        self.heights.edit().truncate(mark.coords);
        self.paths.edit().truncate(mark.paths);
        self.parts.edit().truncate(mark.parts + 1);
        self.marks.edit().truncate(mark.parts);
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
        Geometry::new(self, row, GeometryKind::of_code(self.kinds[row as usize]))
    }

    /// Makes room for so many times the present rows in addition.
    pub fn reserve(&mut self, times: f64) {
        self.coords.reserve(times);
        self.heights.reserve(times);
        self.paths.reserve(times);
        self.parts.reserve(times);
        self.marks.reserve(times);
        self.rows.reserve(times);
        self.kinds.reserve(times);
    }

    /// Draws the boxes around stretches, and gives back memory that was reserved and is not needed.
    pub fn finish(&mut self) {
        // Heights of a feature that was dropped again leave nothing but their absence behind.
        if self.heights.iter().all(|height| height.is_nan()) {
            self.heights.edit().clear();
        }
        self.coords.shrink_to_fit();
        self.heights.shrink_to_fit();
        self.paths.shrink_to_fit();
        self.parts.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.kinds.shrink_to_fit();
        self.boxes = boxes(&self.coords).into();
    }

    /// Appends the rows of others.
    pub fn append(&mut self, others: &Self) {
        let count = self.coords.len();
        if !(self.heights.is_empty() && others.heights.is_empty()) {
            let heights = self.heights.edit();
            heights.resize(count, f64::NAN);
            heights.extend_from_slice(&others.heights);
            heights.resize(count + others.coords.len(), f64::NAN);
        }
        let shift = |to: &mut Buffer<u32>, from: &Buffer<u32>| {
            let base = to.last().copied().unwrap_or_default();
            to.edit().extend(from[1..].iter().map(|&place| base + place));
        };
        shift(&mut self.rows, &others.rows);
        shift(&mut self.parts, &others.parts);
        shift(&mut self.paths, &others.paths);
        self.coords.edit().extend_from_slice(&others.coords);
        self.marks.edit().extend_from_slice(&others.marks);
        self.kinds.edit().extend_from_slice(&others.kinds);
    }

    /// The rows of these numbers, one after the other.
    pub(super) fn gathered(&self, rows: &[u32]) -> Self {
        let (coords, heights): (&[[f64; 2]], &[f64]) = (&self.coords, &self.heights);
        let mut new_coords = Vec::with_capacity(coords.len());
        let mut new_heights = Vec::with_capacity(heights.len());
        let [mut new_rows, mut new_parts, mut new_paths] =
            [&self.rows, &self.parts, &self.paths].map(|places| Vec::with_capacity(places.len()));
        let mut marks = Vec::with_capacity(self.marks.len());
        [&mut new_rows, &mut new_parts, &mut new_paths].into_iter().for_each(|places| places.push(0));
        // Ends of pieces move as far as the first piece does.
        let shift = |to: &mut Vec<u32>, from: &[u32], pieces: Range<usize>| {
            let by = to.last().copied().unwrap_or_default().wrapping_sub(from[pieces.start]);
            to.extend(from[pieces.start + 1..=pieces.end].iter().map(|end| end.wrapping_add(by)));
            from[pieces.start] as usize..from[pieces.end] as usize
        };
        for &row in rows {
            let row = row as usize;
            let parts = shift(&mut new_rows, &self.rows, row..row + 1);
            marks.extend_from_slice(&self.marks[parts.clone()]);
            let paths = shift(&mut new_parts, &self.parts, parts);
            let positions = shift(&mut new_paths, &self.paths, paths);
            if !heights.is_empty() {
                new_heights.extend_from_slice(&heights[positions.clone()]);
            }
            new_coords.extend_from_slice(&coords[positions]);
        }
        Self {
            boxes: boxes(&new_coords).into(),
            coords: new_coords.into(),
            heights: new_heights.into(),
            paths: new_paths.into(),
            parts: new_parts.into(),
            marks: marks.into(),
            rows: new_rows.into(),
            kinds: self.kinds.gathered(rows),
        }
    }

    /// Looks at rows, so that they are near when they are asked for. The answer says nothing.
    pub(super) fn look_at(&self, rows: &[u32]) -> u64 {
        let [of_rows, of_parts, of_paths]: [&[u32]; 3] = [&self.rows, &self.parts, &self.paths];
        let (coords, kinds, marks): (&[[f64; 2]], &[u8], &[u8]) = (&self.coords, &self.kinds, &self.marks);
        let mut seen = 0;
        for &row in rows {
            let part = of_rows[row as usize] as usize;
            let path = of_parts.get(part).map_or(0, |&path| path as usize);
            let start = of_paths.get(path).map_or(0, |&start| start as usize);
            let end = of_paths.get(path + 1).map_or(start, |&end| end as usize);
            seen ^= u64::from(kinds[row as usize] ^ marks.get(part).copied().unwrap_or_default());
            // The rest of what is long follows by itself: processors see where this goes.
            let near = coords.get(start..end.min(start + NEAR)).unwrap_or_default();
            seen = near.iter().step_by(LINE).fold(seen, |seen, coord| seen ^ coord[0].to_bits());
        }
        seen
    }

    /// The types that occur, each once, in their order.
    pub(super) fn kinds(&self) -> Vec<GeometryKind> {
        let mut occurs = [false; 256];
        self.kinds.iter().for_each(|&code| occurs[usize::from(code)] = true);
        (0..=u8::MAX).filter(|&code| occurs[usize::from(code)]).map(GeometryKind::of_code).collect()
    }

    /// Puts its arrays under their names.
    pub fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        packing.put("shapes.rows", &self.rows);
        packing.put("shapes.kinds", &self.kinds);
        packing.put("shapes.parts", &self.parts);
        packing.put("shapes.marks", &self.marks);
        packing.put("shapes.paths", &self.paths);
        packing.put("shapes.coords", &self.coords);
        packing.put("shapes.boxes", &self.boxes);
        packing.put("shapes.heights", &self.heights);
    }

    /// What was packed.
    pub fn unpack(packed: &Packed) -> Result<Self, Misfit> {
        let shapes = Self {
            coords: packed.buffer("shapes.coords")?,
            boxes: packed.buffer("shapes.boxes")?,
            heights: packed.buffer("shapes.heights")?,
            paths: packed.buffer("shapes.paths")?,
            parts: packed.buffer("shapes.parts")?,
            marks: packed.buffer("shapes.marks")?,
            rows: packed.buffer("shapes.rows")?,
            kinds: packed.buffer("shapes.kinds")?,
        };
        let counts = [
            ("shapes.rows", shapes.rows.len(), shapes.kinds.len() + 1),
            ("shapes.parts", shapes.parts.len(), shapes.marks.len() + 1),
            ("shapes.marks", shapes.marks.len(), shapes.rows.last().map_or(0, |&end| end as usize)),
            ("shapes.paths", shapes.paths.len(), shapes.parts.last().map_or(0, |&end| end as usize) + 1),
            ("shapes.boxes", shapes.boxes.len(), shapes.coords.len().div_ceil(STRETCH)),
            ("shapes.coords", shapes.coords.len(), shapes.paths.last().map_or(0, |&end| end as usize)),
        ];
        match counts.into_iter().find(|(_, found, wanted)| found != wanted) {
            Some((name, ..)) => Err(Misfit(name.to_owned())),
            None => Ok(shapes),
        }
    }

    pub(super) fn part(&self, part: usize) -> Part<'_> {
        Part::new(self, PartMark::of_code(self.marks[part]), self.parts[part] as usize..self.parts[part + 1] as usize)
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
