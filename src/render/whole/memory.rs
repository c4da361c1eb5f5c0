//! What pictures of one style find out about features and keep for the next ones.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::shape::Shape;

/// Shapes and bounds, kept within a budget of bytes. What is kept follows from the features and the style alone, so pictures
/// are the same with it and without.
pub struct Memory {
    shapes: Cache<ShapeKey, Arc<Shape>, ShapeWeight>,
    bounds: Mutex<HashMap<BoundKey, f64>>,
}

/// Which shape: the source's layer, the row, what kind of its parts, and the plane.
pub(super) type ShapeKey = (u64, u32, u8, u64);

/// Which bound: the style's layer, the property, and the zoom.
pub(super) type BoundKey = (String, &'static str, u64);

/// Beyond this number bounds are found anew; pictures of all zooms and layers of a style are fewer.
const MOST_BOUNDS: usize = 1 << 16;

#[derive(Clone)]
struct ShapeWeight;

impl Weighter<ShapeKey, Arc<Shape>> for ShapeWeight {
    fn weight(&self, _: &ShapeKey, shape: &Arc<Shape>) -> u64 {
        shape.bytes()
    }
}

/// Bytes of a shape that is worth keeping, on average.
const TYPICAL: u64 = 16 << 10;

impl Memory {
    /// Room for so many bytes of shapes.
    pub fn new(bytes: u64) -> Self {
        let shapes = Cache::with_weighter((bytes / TYPICAL) as usize, bytes, ShapeWeight);
        Self { shapes, bounds: Mutex::new(HashMap::new()) }
    }

    pub(super) fn shape(&self, key: ShapeKey, make: impl FnOnce() -> Shape) -> Arc<Shape> {
        if let Some(known) = self.shapes.get(&key) {
            return known;
        }
        let made = Arc::new(make());
        self.shapes.insert(key, Arc::clone(&made));
        made
    }

    pub(super) fn bound(&self, key: BoundKey, find: impl FnOnce() -> f64) -> f64 {
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
