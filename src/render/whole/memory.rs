//! What pictures of one style find out about features and keep for the next ones.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::Rows;
use super::outline::Outline;
use super::outline::shape;
use super::shape::Shape;
use crate::render::symbol::LabelMemory;
use crate::render::symbol::Pole;
use crate::render::symbol::poles;

/// Shapes and bounds, kept within a budget of bytes. What is kept follows from the features and the style alone, so pictures
/// are the same with it and without.
pub struct Memory {
    shapes: Cache<ShapeKey, Arc<Shape>, Bytes>,
    outlines: Cache<OutlineKey, Arc<Outline>, Bytes>,
    poles: Cache<(u64, u32, u64), Arc<[Pole]>>,
    labels: LabelMemory,
    bounds: Mutex<HashMap<BoundKey, f64>>,
}

/// Which shape: the source's layer, the row, what kind of its parts, and the plane.
pub(super) type ShapeKey = (u64, u32, u8, u64);

/// Which outline: the source's layer, the row, what kind of its parts, and the projection.
type OutlineKey = (u64, u32, u8, u64);

/// Which bound: the style's layer, the property, and the zoom.
pub(crate) type BoundKey = (String, &'static str, u64);

/// Beyond this number bounds are found anew; pictures of all zooms and layers of a style are fewer.
const MOST_BOUNDS: usize = 1 << 16;

/// Weighs by what is allocated.
#[derive(Clone)]
struct Bytes;

impl Weighter<ShapeKey, Arc<Shape>> for Bytes {
    fn weight(&self, _: &ShapeKey, shape: &Arc<Shape>) -> u64 {
        shape.bytes()
    }
}

impl Weighter<OutlineKey, Arc<Outline>> for Bytes {
    fn weight(&self, _: &OutlineKey, outline: &Arc<Outline>) -> u64 {
        outline.bytes()
    }
}

/// Features of more positions than this are laid out once for many pictures.
const LARGE: usize = 128;

/// Bytes of a bent shape that is.
const MANY: u64 = LARGE as u64 * 24;

/// Bytes of a shape that is worth keeping, on average.
const TYPICAL: u64 = 16 << 10;

impl Memory {
    /// Room for so many bytes.
    pub fn new(bytes: u64) -> Self {
        let third = bytes / 3;
        let items = (third / TYPICAL) as usize;
        let shapes = Cache::with_weighter(items, third, Bytes);
        let outlines = Cache::with_weighter(items, third, Bytes);
        let (labels, bounds) = (LabelMemory::new(third), Mutex::new(HashMap::new()));
        Self { shapes, outlines, poles: Cache::new(items), labels, bounds }
    }

    /// Labels.
    pub fn labels(&self) -> &LabelMemory {
        &self.labels
    }

    /// The paths of one of some rows; those of large ones are kept.
    pub fn shape_of(&self, rows: &Rows<'_>, index: usize) -> Arc<Shape> {
        let (row, kind, plane) = (rows.row(index), rows.kind(index), &rows.plane);
        let (layer, number, kept_kind) = (rows.layer.key, rows.number(index), kind as u8);
        let key = (layer, number, kept_kind, plane.key());
        let projection = plane.projection();
        if projection.bends() {
            // What is large shows when it is bent, and bends differ from plane to plane.
            return self.shapes.get(&key).unwrap_or_else(|| {
                let made = Arc::new(shape(row, kind, plane));
                if made.bytes() > MANY {
                    self.shapes.insert(key, Arc::clone(&made));
                }
                made
            });
        }
        if row.geometry().coord_count() <= LARGE {
            return Arc::new(shape(row, kind, plane));
        }
        let outline = || {
            let key = (layer, number, kept_kind, projection.key());
            found_or_made(&self.outlines, key, || Outline::new(row, kind, projection))
        };
        found_or_made(&self.shapes, key, || outline().shape(plane))
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

fn found_or_made<K: Clone + Eq + Hash, T>(cache: &Cache<K, Arc<T>, Bytes>, key: K, make: impl FnOnce() -> T) -> Arc<T>
where
    Bytes: Weighter<K, Arc<T>>,
{
    if let Some(known) = cache.get(&key) {
        return known;
    }
    let made = Arc::new(make());
    cache.insert(key, Arc::clone(&made));
    made
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("shapes", &self.shapes.len()).finish_non_exhaustive()
    }
}
