//! One machine's share of an export.

use std::fmt;
use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_64;

/// The share of one of several machines: about the same number of tiles of each zoom and of each part of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    count: u32,
}

/// Shards that an export may be cut into.
const MOST: u32 = 4096;

impl Shard {
    /// The whole export.
    pub const WHOLE: Self = Self { number: 1, count: 1 };

    /// Which it is, counted from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many there are.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Whether there is no other.
    pub fn is_whole(self) -> bool {
        self.count == 1
    }

    /// Whether a block of tiles is in it, given the number of its first tile. Each block is in one shard.
    pub(super) fn has(self, block: u64) -> bool {
        self.is_whole() || xxh3_64(&block.to_le_bytes()) % u64::from(self.count) == u64::from(self.number - 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((number, count)) if (1..=MOST).contains(&count) && (1..=count).contains(&number) => {
                Ok(Self { number, count })
            }
            _ => Err(format!("a shard is written as 2/8, the second of eight; there may be {MOST}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_is_in_one_shard_and_none_has_most_of_them() {
        let shards: Vec<Shard> = (1..=4).map(|number| Shard { number, count: 4 }).collect();
        let mut counts = [0; 4];
        for block in 0..4000 {
            let owners: Vec<usize> = (0..4).filter(|&shard| shards[shard].has(block)).collect();
            assert_eq!(owners.len(), 1);
            counts[owners[0]] += 1;
        }
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_shard_is_one_of_so_many() {
        assert_eq!("2/8".parse::<Shard>().unwrap().to_string(), "2/8");
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
        for wrong in ["0/2", "3/2", "2", "a/b", "1/0", "1/4097"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
