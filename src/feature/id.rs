//! Names of features within their collection.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

/// The id of a feature: a JSON string or a JSON number (RFC 7946, 3.2), kept as it was written.
///
/// Within a collection no two ids have the same text, so the text alone finds the feature, as a URL must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id<'a> {
    /// The string, or the digits of the number.
    pub text: &'a str,
    /// Whether it is written as a number in JSON.
    pub number: bool,
}

/// Integers up to here are exact in every client, JavaScript's doubles included.
const MAX_SAFE: u64 = (1 << 53) - 1;

impl Id<'_> {
    /// The id under which the feature stands in a vector tile: a number that is a whole one of at most 53 bits stays
    /// itself, any other id becomes a hash of its text of that length, the same in each tile and on each server.
    pub fn tile_id(&self) -> u64 {
        self.whole().unwrap_or_else(|| xxh3_64(self.text.as_bytes()) & MAX_SAFE)
    }

    /// The id itself, where it is a number that vector tiles can have.
    pub fn whole(&self) -> Option<u64> {
        if self.number { self.text.parse().ok().filter(|&n| n <= MAX_SAFE) } else { None }
    }

    /// Whether [`Id::tile_id`] is the id itself and not a hash of it.
    pub fn is_tile_id(&self) -> bool {
        self.whole().is_some()
    }
}

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_stay_and_all_else_is_hashed_to_53_bits() {
        assert_eq!(Id { text: "17", number: true }.tile_id(), 17);
        for id in [
            Id { text: "17", number: false },
            Id { text: "-3", number: true },
            Id { text: "9007199254740993", number: true },
        ] {
            assert!(!id.is_tile_id());
            assert!(id.tile_id() <= MAX_SAFE && id.tile_id() != 17);
        }
    }
}
