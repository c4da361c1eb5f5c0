//! What pictures of one style find out about features and keep for the next ones.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::Rows;
use super::shape::Shape;
use crate::render::symbol::LabelMemory;
use crate::render::symbol::Pole;
use crate::render::symbol::poles;

/// Shapes and bounds, kept within a budget of bytes. What is kept follows from the features and the style alone, so pictures
/// are the same with it and without.
pub struct Memory {
    shapes: Cache<ShapeKey, Arc<Shape>, ShapeWeight>,
    poles: Cache<(u64, u32, u64), Arc<[Pole]>>,
    labels: LabelMemory,
    bounds: Mutex<HashMap<BoundKey, f64>>,
}

/// Which shape: the source's layer, the row, what kind of its parts, and the plane.
pub(super) type ShapeKey = (u64, u32, u8, u64);

/// Which bound: the style's layer, the property, and the zoom.
pub(crate) type BoundKey = (String, &'static str, u64);

/// Beyond this number bounds are found anew; pictures of all zooms and layers of a style are fewer.
const MOST_BOUNDS: usize = 1 << 16;

#[derive(Clone)]
struct ShapeWeight;

impl Weighter<ShapeKey, Arc<Shape>> for ShapeWeight {
    fn weight(&self, _: &ShapeKey, shape: &Arc<Shape>) -> u64 {
        shape.bytes()
    }
}

/// Features of more positions than this are laid out once for many pictures.
const LARGE: usize = 128;

/// Bytes of a shape that is worth keeping, on average.
const TYPICAL: u64 = 16 << 10;

impl Memory {
    /// Room for so many bytes.
    pub fn new(bytes: u64) -> Self {
        let half = bytes / 2;
        let shapes = Cache::with_weighter((half / TYPICAL) as usize, half, ShapeWeight);
        let poles = Cache::new((half / TYPICAL) as usize);
        Self { shapes, poles, labels: LabelMemory::new(half), bounds: Mutex::new(HashMap::new()) }
    }

    /// Labels.
    pub fn labels(&self) -> &LabelMemory {
        &self.labels
    }

    /// The paths of one of some rows; those of large ones are kept.
    pub fn shape_of(&self, rows: &Rows<'_>, index: usize) -> Arc<Shape> {
        let (row, kind, plane) = (rows.row(index), rows.kind(index), &rows.plane);
        let make = || Shape::new(row, kind, plane);
        if row.geometry().coord_count() > LARGE {
            self.shape((rows.layer.key, row.number(), kind as u8, plane.key()), make)
        } else {
            Arc::new(make())
        }
    }

    /// Where the labels of a row's polygons stand; those of large ones are kept.
    pub fn poles(&self, rows: &Rows<'_>, index: usize) -> Arc<[Pole]> {
        let row = rows.row(index);
        let projection = rows.plane.projection();
        let key = (rows.layer.key, row.number(), projection.key());
        if let Some(known) = self.poles.get(&key) {
            return known;
        }
        let found: Arc<[Pole]> = poles(row, projection).into();
        if row.geometry().coord_count() > LARGE {
            self.poles.insert(key, Arc::clone(&found));
        }
        found
    }

    fn shape(&self, key: ShapeKey, make: impl FnOnce() -> Shape) -> Arc<Shape> {
        if let Some(known) = self.shapes.get(&key) {
            return known;
        }
        let made = Arc::new(make());
        self.shapes.insert(key, Arc::clone(&made));
        made
    }

    /// A bound, found where it is not known.
    pub(crate) fn bound(&self, key: BoundKey, find: impl FnOnce() -> f64) -> f64 {
        let known = self.bounds.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        known.unwrap_or_else(|| {
            let found = find();
            let mut bounds = self.bounds.lock().unwrap_or_else(PoisonError::into_inner);
            if bounds.len() >= MOST_BOUNDS {
                bounds.clear();
            }
            bounds.insert(key, found);
            found
        })
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("shapes", &self.shapes.len()).finish_non_exhaustive()
    }
}
