//! One geometry as it was written, before it is checked and mended.

use super::reference::Reference;
use crate::feature::GeometryKind;
use crate::feature::PartKind;

/// Flat buffers that are used again for each feature.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) kind: GeometryKind,
    /// First and second number of each position, whatever the reference system.
    pub(super) positions: Vec<[f64; 2]>,
    /// As long as `positions`, NaN where there is no third number; empty when there is none at all.
    pub(super) heights: Vec<f64>,
    pub(super) paths: Vec<DraftPath>,
    pub(super) parts: Vec<DraftPart>,
    /// The system that the geometry itself names in an old `crs` member.
    pub(super) reference: Option<Reference>,
    /// What was surprising about it while it was read.
    pub(super) notes: Notes,
}

/// A point run, a line or a ring.
#[derive(Clone, Copy, Debug)]
pub(super) struct DraftPath {
    /// Where it ends in the list of positions.
    pub(super) end: usize,
    /// Where it stands in the text.
    pub(super) byte: usize,
}

/// A point run, a line or a polygon.
#[derive(Clone, Copy, Debug)]
pub(super) struct DraftPart {
    pub(super) kind: PartKind,
    /// Its member of the geometry collection, or the geometry, is a Multi geometry.
    pub(super) multi: bool,
    /// It starts a member of a geometry collection.
    pub(super) first: bool,
    /// Where it ends in the list of paths.
    pub(super) end: usize,
}

/// What is surprising about a geometry although it can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is noticed or not, whatever the others are")]
pub(super) struct Notes {
    /// A position has more than three numbers.
    pub(super) long_position: bool,
    /// A geometry collection holds another one.
    pub(super) nested_collection: bool,
    /// A member occurs twice.
    pub(super) double_member: bool,
    /// The member `bbox` is no box.
    pub(super) bad_bbox: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            kind: GeometryKind::Null,
            positions: Vec::new(),
            heights: Vec::new(),
            paths: Vec::new(),
            parts: Vec::new(),
            reference: None,
            notes: Notes::default(),
        }
    }
}

impl Draft {
    /// Forgets the last geometry and keeps its memory.
    pub(super) fn clear(&mut self) {
        self.kind = GeometryKind::Null;
        self.reference = None;
        self.notes = Notes::default();
        self.truncate(0, 0, 0);
    }

    /// Keeps the first positions, paths and parts only.
    pub(super) fn truncate(&mut self, positions: usize, paths: usize, parts: usize) {
        self.positions.truncate(positions);
        self.heights.truncate(positions);
        self.paths.truncate(paths);
        self.parts.truncate(parts);
    }

    /// Appends a position to the path under construction.
    #[inline]
    pub(super) fn push(&mut self, position: [f64; 2], height: Option<f64>) {
        if height.is_some() || !self.heights.is_empty() {
            self.heights.resize(self.positions.len(), f64::NAN);
            self.heights.push(height.unwrap_or(f64::NAN));
        }
        self.positions.push(position);
    }

    /// Ends the path under construction, which stands at `byte` of the text.
    pub(super) fn end_path(&mut self, byte: usize) {
        self.paths.push(DraftPath { end: self.positions.len(), byte });
    }

    /// Ends the part under construction.
    pub(super) fn end_part(&mut self, kind: PartKind, multi: bool, first: bool) {
        self.parts.push(DraftPart { kind, multi, first, end: self.paths.len() });
    }
}
