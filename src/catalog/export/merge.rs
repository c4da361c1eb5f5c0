//! Shards put together.

use std::path::PathBuf;

use serde_json::Value as Json;

use super::Shard;
use super::Unexportable;
use super::description::SHARD;
use super::description::VERSION;
use crate::tile::archive::write::PackedTiles;
use crate::tile::archive::write::Sizes;
use crate::tile::archive::write::Spool;
use crate::tile::archive::write::Target;

/// Puts all shards of one export together. The archive is byte for byte what the export would have been as a whole.
///
/// # Errors
/// When a shard is missing or cannot be read, or the archive cannot be written.
pub fn merge(target: &Target, shards: &[PathBuf]) -> Result<Sizes, Unexportable> {
    let mut opened: Vec<(Option<Shard>, PackedTiles)> = Vec::new();
    for path in shards {
        let name = path.display().to_string();
        let tiles = PackedTiles::open(path).map_err(|error| Unexportable::Unreadable(name, error))?;
        let shard = tiles.description().members.get(SHARD).and_then(Json::as_str).and_then(|text| text.parse().ok());
        opened.push((shard, tiles));
    }
    check(shards, &opened)?;
    let mut description = match opened.first() {
        Some((_, first)) => first.description().clone(),
        None => return Err(Unexportable::Nothing),
    };
    description.members.shift_remove(SHARD);
    let version = description.members.get(VERSION).and_then(Json::as_str).unwrap_or_default();
    let job = u128::from_str_radix(version, 16).unwrap_or_default();
    let mut spool = Spool::open(target, job, false)?;
    let start = spool.next();
    let mut heads: Vec<_> = opened.iter_mut().map(|(_, tiles)| tiles.next_tile().transpose()).collect();
    loop {
        let number = |head: &Option<Result<(u64, _), _>>| match head {
            Some(Ok((number, _))) => Some(*number),
            Some(Err(_)) => Some(0),
            None => None,
        };
        let first = heads.iter().enumerate().filter_map(|(at, head)| Some((number(head)?, at))).min();
        let Some((_, at)) = first else { break };
        let next = opened[at].1.next_tile().transpose();
        let unreadable = |error| Unexportable::Unreadable(shards[at].display().to_string(), error);
        if let Some(head) = std::mem::replace(&mut heads[at], next) {
            let (number, place) = head.map_err(unreadable)?;
            if number >= start {
                spool.add(number, &opened[at].1.bytes(&place).map_err(unreadable)?)?;
            }
        }
    }
    if spool.bytes() == 0 {
        spool.discard()?;
        return Err(Unexportable::Nothing);
    }
    Ok(spool.finish(&description)?)
}

/// Whether these are all shards of one export.
fn check(paths: &[PathBuf], opened: &[(Option<Shard>, PackedTiles)]) -> Result<(), Unexportable> {
    let wrong = |at: usize, message: String| Err(Unexportable::NotMergeable(paths[at].display().to_string(), message));
    let (mut count, mut version) = (0, None);
    for (at, (shard, tiles)) in opened.iter().enumerate() {
        let Some(shard) = shard else {
            return wrong(at, "it is no shard, as `tumen export --shard` writes them".to_owned());
        };
        let own = tiles.description().members.get(VERSION);
        if at > 0 && (shard.count(), own) != (count, version) {
            return wrong(at, format!("it is of another export than {}: other data or settings", paths[0].display()));
        }
        (count, version) = (shard.count(), own);
        if let Some(before) = opened[..at].iter().position(|(other, _)| *other == Some(*shard)) {
            return wrong(at, format!("it is shard {shard}, as is {}", paths[before].display()));
        }
    }
    let is_there = |number: u32| opened.iter().any(|(shard, _)| shard.is_some_and(|shard| shard.number() == number));
    let missing: Vec<String> =
        (1..=count).filter(|&number| !is_there(number)).map(|n| format!("{n}/{count}")).collect();
    if !missing.is_empty() {
        return wrong(0, format!("shards are missing to make it whole: {}", missing.join(", ")));
    }
    Ok(())
}
