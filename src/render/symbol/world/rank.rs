//! Which label outranks which.

/// The smaller one goes first. Equal ones are one label in two copies of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Layers of labels above its own.
    layer: u16,
    sort_key: u64,
    hash: u64,
    /// The position of its feature, where two hashes are equal.
    feature: u64,
    /// Which of the feature's places.
    place: u64,
}

impl Rank {
    /// Of a layer, by sort key, identity (the hash of an id), feature and place.
    pub fn new(layer: u16, sort_key: f64, identity: u64, feature: u64, place: u64) -> Self {
        // Floats as whole numbers of the same order.
        let bits = (sort_key + 0.0).to_bits();
        let sort_key = if bits >> 63 == 0 { bits | 1 << 63 } else { !bits };
        // Identities may be small numbers along space; these scatter.
        let hash = xxhash_rust::xxh3::xxh3_64(&identity.to_le_bytes());
        Self { layer, sort_key, hash, feature, place }
    }

    /// Layers of labels above its own.
    pub fn layer(&self) -> usize {
        usize::from(self.layer)
    }

    /// The feature and which of its places it is: the order in which labels are drawn.
    pub fn drawn(&self) -> (u64, u64) {
        (self.feature, self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_go_before_sort_keys_and_those_before_hashes() {
        let rank = |layer, key, id| Rank::new(layer, key, id, 0, 0);
        assert!(rank(0, 9.0, 1) < rank(1, -9.0, 1));
        let keys = [f64::NEG_INFINITY, -2.5, -0.0, 1e-9, 3.0];
        assert!(keys.windows(2).all(|pair| rank(0, pair[0], 1) < rank(0, pair[1], 2)));
        assert_eq!(rank(0, -0.0, 1), rank(0, 0.0, 1));
        let in_order = (0..100).filter(|&id| rank(0, 0.0, id) < rank(0, 0.0, id + 1)).count();
        assert!((25..75).contains(&in_order));
    }
}
