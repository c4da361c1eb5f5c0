//! How much an export will be, before it is made.

use std::num::NonZeroUsize;
use std::time::Duration;
use std::time::Instant;

use xxhash_rust::xxh3::xxh3_64;

use super::Job;
use super::Unexportable;
use super::cover::Cover;
use super::walk::Block;
use crate::tile::archive::tile_number;

/// About how much an export will be.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Of each zoom.
    pub zooms: Vec<ZoomEstimate>,
    /// How long it takes on so many threads.
    pub time: Duration,
}

/// About how much of one zoom there will be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoomEstimate {
    /// The zoom.
    pub zoom: u8,
    /// Tiles that are looked into.
    pub candidates: f64,
    /// Tiles that show something.
    pub tiles: f64,
    /// Bytes of them.
    pub bytes: f64,
}

/// Tiles of one zoom among which samples are taken, and which tell how many there are of the next.
const KNOWN: usize = 16_384;

/// Tiles that are made as samples of a zoom, and how long may be taken for these.
const SAMPLES: usize = 48;
const SAMPLE_TIME: Duration = Duration::from_millis(500);

impl Job {
    /// About how many tiles of each zoom, from 0 on, are looked into, with some of them by their numbers along the curve.
    /// Where there are very many, those below some of them stand for all.
    fn candidates(&self) -> Vec<(f64, Vec<u64>)> {
        let cover = self.cover();
        let [_, highest] = self.zooms;
        let share = 1.0 / f64::from(self.shard.count());
        let (mut weight, mut known) = (1.0, vec![0]);
        let mut zooms = Vec::with_capacity(usize::from(highest) + 1);
        for zoom in 0..=highest {
            if zoom > 0 {
                known = below(&cover, zoom, &known);
            }
            if known.len() > KNOWN {
                let before = known.len();
                let mut mixed: Vec<(u64, u64)> = known.iter().map(|along| (mix(*along), *along)).collect();
                mixed.sort_unstable();
                mixed.truncate(KNOWN);
                known = mixed.into_iter().map(|(_, along)| along).collect();
                weight *= before as f64 / KNOWN as f64;
            }
            zooms.push((known.len() as f64 * weight * share, known.clone()));
        }
        zooms
    }

    /// About how many tiles will be looked into.
    pub fn candidate_count(&self) -> u64 {
        let [lowest, _] = self.zooms;
        self.candidates().iter().skip(usize::from(lowest)).map(|(count, _)| count).sum::<f64>().round() as u64
    }
}

/// Makes some tiles of each zoom and takes them for the others.
///
/// # Errors
/// When a tile cannot be made.
pub fn estimate(job: &Job, threads: NonZeroUsize) -> Result<Estimate, Unexportable> {
    let cover = job.cover();
    let (mut zooms, mut time) = (Vec::new(), 0.0);
    for (zoom, (candidates, known)) in job.candidates().into_iter().enumerate() {
        let zoom = zoom as u8;
        if zoom < job.zooms[0] {
            continue;
        }
        let mut mixed: Vec<(u64, u64)> = known.iter().map(|along| (mix(*along), *along)).collect();
        mixed.sort_unstable();
        let begun = Instant::now();
        let (mut made, mut shown, mut bytes) = (0.0, 0.0, 0.0);
        for (_, along) in mixed.into_iter().take(SAMPLES) {
            let Some(coord) = cover.tile(zoom, along) else { continue };
            let tiles = job.content.make(&Block { tiles: vec![coord], after: tile_number(coord) + 1 })?;
            made += 1.0;
            shown += tiles.len() as f64;
            bytes += tiles.iter().map(|(_, bytes)| bytes.len() as f64).sum::<f64>();
            if begun.elapsed() > SAMPLE_TIME {
                break;
            }
        }
        if made > 0.0 {
            let each = candidates / made;
            time += begun.elapsed().as_secs_f64() * each;
            zooms.push(ZoomEstimate { zoom, candidates, tiles: shown * each, bytes: bytes * each });
        }
    }
    Ok(Estimate { zooms, time: Duration::from_secs_f64(time / threads.get() as f64) })
}

/// The tiles of a zoom below some of the one above.
fn below(cover: &Cover, zoom: u8, above: &[u64]) -> Vec<u64> {
    let children = above.iter().flat_map(|along| 4 * along..4 * along + 4);
    children.filter(|along| cover.tile(zoom, *along).is_some()).collect()
}

/// A number that is mixed well, so that neighbours are far from each other.
fn mix(along: u64) -> u64 {
    xxh3_64(&along.to_le_bytes())
}
