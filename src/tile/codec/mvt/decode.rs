//! Reading, also of what others wrote.

use std::collections::HashSet;

use super::wire::Broken;
use super::wire::CLOSE_PATH;
use super::wire::Content;
use super::wire::LINE_TO;
use super::wire::MOVE_TO;
use super::wire::Reader;
use super::wire::unzigzag;
use crate::feature::Value;
use crate::tile::Layer;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

/// Why bytes are no vector tile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes are no protocol buffer of this shape, or end too early.
    #[error("the tile is cut off or no vector tile")]
    Broken,
    /// A layer has no name, or the name of another one.
    #[error("the layer name '{0}' is empty or not the only one")]
    Name(String),
    /// A layer is written in a version that nobody has specified.
    #[error("the layer '{0}' is of version {1}, which is unknown")]
    Version(String, u64),
    /// A layer has an extent of zero, or one with which its coordinates would not be numbers of 32 bits.
    #[error("the layer '{0}' has the extent {1}")]
    Extent(String, u64),
    /// A feature points to a key or a value that its layer does not have.
    #[error("a feature of the layer '{0}' names a property that is not there")]
    Tag(String),
    /// The commands of a geometry make none.
    #[error("a feature of the layer '{0}' has a geometry that cannot be drawn")]
    Geometry(String),
}

impl From<Broken> for Error {
    fn from(Broken: Broken) -> Self {
        Self::Broken
    }
}

/// The largest extent that is read.
const MAX_EXTENT: u64 = 1 << 20;

/// Reads a tile of version 1 or 2 (unpacked).
///
/// Each byte gives at most one coordinate, tag or value, so that the caller, who limits the bytes, limits the memory too.
/// Left out is what a reader may ignore: fields and geometry types that are unknown, lines of one vertex and rings without
/// area, which older writers leave behind, and features of which nothing then stays. Polygons that were written the other
/// way round are turned.
pub fn decode(bytes: &[u8]) -> Result<VectorTile, Error> {
    let mut tile = VectorTile::default();
    let mut reader = Reader::new(bytes);
    while let Some((field, content)) = reader.field()? {
        if let (3, Content::Length(bytes)) = (field, content) {
            let layer = decode_layer(bytes)?;
            if tile.layer(layer.name()).is_some() {
                return Err(Error::Name(layer.name().to_owned()));
            }
            tile.layers.push(layer);
        }
    }
    Ok(tile)
}

fn decode_layer(bytes: &[u8]) -> Result<Layer, Error> {
    let (mut name, mut version, mut extent) = (String::new(), 1, 4096);
    let (mut features, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut reader = Reader::new(bytes);
    while let Some((field, content)) = reader.field()? {
        match (field, content) {
            (1, Content::Length(bytes)) => text(bytes)?.clone_into(&mut name),
            (2, Content::Length(bytes)) => features.push(bytes),
            (3, Content::Length(bytes)) => keys.push(text(bytes)?),
            (4, Content::Length(bytes)) => values.push(decode_value(bytes)?),
            (5, Content::Varint(n)) => extent = n,
            (15, Content::Varint(n)) => version = n,
            (1..=5 | 15, _) => return Err(Error::Broken),
            _ => {}
        }
    }
    if name.is_empty() {
        return Err(Error::Name(name));
    }
    if !matches!(version, 1 | 2) {
        return Err(Error::Version(name, version));
    }
    if extent == 0 || extent > MAX_EXTENT {
        return Err(Error::Extent(name, extent));
    }
    let mut layer = LayerBuilder::new(name.as_str(), extent as u32);
    for bytes in features {
        decode_feature(bytes, &keys, &values, &name, &mut layer)?;
    }
    Ok(layer.finish())
}

fn decode_feature(
    bytes: &[u8],
    keys: &[&str],
    values: &[Value<'_>],
    name: &str,
    layer: &mut LayerBuilder,
) -> Result<(), Error> {
    let (mut id, mut geometry) = (None, None);
    let (mut tags, mut commands) = (Vec::new(), Vec::new());
    let mut reader = Reader::new(bytes);
    while let Some((field, content)) = reader.field()? {
        match (field, content) {
            (1, Content::Varint(n)) => id = Some(n),
            (2, content) => numbers(content, &mut tags)?,
            (3, Content::Varint(1)) => geometry = Some(TileGeometry::Points),
            (3, Content::Varint(2)) => geometry = Some(TileGeometry::Lines),
            (3, Content::Varint(3)) => geometry = Some(TileGeometry::Polygons),
            (4, content) => numbers(content, &mut commands)?,
            (1, _) => return Err(Error::Broken),
            _ => {}
        }
    }
    let Some(geometry) = geometry else { return Ok(()) };
    let paths = paths(geometry, &commands).ok_or_else(|| Error::Geometry(name.to_owned()))?;
    if paths.is_empty() {
        return Ok(());
    }
    let (pairs, odd) = tags.as_chunks::<2>();
    let mut known = HashSet::new();
    for [key, value] in pairs {
        let key = usize::try_from(*key).ok().and_then(|key| keys.get(key));
        let value = usize::try_from(*value).ok().and_then(|value| values.get(value));
        let (Some(key), Some(value)) = (key, value) else { return Err(Error::Tag(name.to_owned())) };
        if !known.insert(*key) {
            return Err(Error::Tag(name.to_owned()));
        }
        layer.push_tag(key, *value);
    }
    if !odd.is_empty() {
        return Err(Error::Tag(name.to_owned()));
    }
    for path in paths {
        layer.push_path(path);
    }
    layer.end_feature(id, geometry);
    Ok(())
}

/// Appends numbers that are packed, as they should be, or stand alone, as they may.
fn numbers(content: Content<'_>, out: &mut Vec<u32>) -> Result<(), Error> {
    let narrow = |n: u64| u32::try_from(n).map_err(|_| Error::Broken);
    match content {
        Content::Varint(n) => out.push(narrow(n)?),
        Content::Length(bytes) => {
            let mut reader = Reader::new(bytes);
            out.reserve(reader.len() / 2);
            while !reader.is_empty() {
                out.push(narrow(reader.varint()?)?);
            }
        }
        _ => return Err(Error::Broken),
    }
    Ok(())
}

fn text(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error::Broken)
}

fn decode_value(bytes: &[u8]) -> Result<Value<'_>, Error> {
    let mut value = Value::Null;
    let mut reader = Reader::new(bytes);
    let float = |n: f64| if n.is_nan() { Value::Null } else { Value::Float(n) };
    while let Some((field, content)) = reader.field()? {
        value = match (field, content) {
            (1, Content::Length(bytes)) => Value::Text(text(bytes)?),
            (2, Content::Fixed32(bytes)) => float(f64::from(f32::from_le_bytes(bytes))),
            (3, Content::Fixed64(bytes)) => float(f64::from_le_bytes(bytes)),
            (4, Content::Varint(n)) => Value::Int(n as i64),
            (5, Content::Varint(n)) => i64::try_from(n).map_or(Value::Float(n as f64), Value::Int),
            (6, Content::Varint(n)) => Value::Int(unzigzag(n)),
            (7, Content::Varint(n)) => Value::Bool(n != 0),
            (1..=7, _) => return Err(Error::Broken),
            _ => continue,
        };
    }
    Ok(value)
}

/// Runs the commands of a geometry (4.3); `None` when they break the rules.
fn paths(geometry: TileGeometry, commands: &[u32]) -> Option<Vec<Vec<[i32; 2]>>> {
    let mut paths: Vec<Vec<[i32; 2]>> = Vec::new();
    let mut open: Vec<[i32; 2]> = Vec::new();
    let mut cursor = [0_i32; 2];
    let mut rest = commands;
    let mut last = None;
    while let Some((&command, after)) = rest.split_first() {
        let (id, count) = (command & 7, (command >> 3) as usize);
        let allowed = match (geometry, id) {
            (TileGeometry::Points, MOVE_TO) => last.is_none(),
            (TileGeometry::Lines, MOVE_TO) => count == 1 && matches!(last, None | Some(LINE_TO)),
            (TileGeometry::Polygons, MOVE_TO) => count == 1 && matches!(last, None | Some(CLOSE_PATH)),
            (TileGeometry::Lines, LINE_TO) => last.is_some(),
            (TileGeometry::Polygons, LINE_TO) => matches!(last, Some(MOVE_TO | LINE_TO)),
            (TileGeometry::Polygons, CLOSE_PATH) => count == 1 && matches!(last, Some(LINE_TO | MOVE_TO)),
            _ => false,
        };
        if !allowed || count == 0 {
            return None;
        }
        rest = after;
        if id == MOVE_TO || id == CLOSE_PATH {
            paths.push(std::mem::take(&mut open));
        }
        if id != CLOSE_PATH {
            let (steps, after) = rest.split_at_checked(count.checked_mul(2)?)?;
            for step in steps.as_chunks::<2>().0 {
                for axis in 0..2 {
                    cursor[axis] = cursor[axis].checked_add(unzigzag(u64::from(step[axis])) as i32)?;
                }
                open.push(cursor);
            }
            rest = after;
        }
        last = Some(id);
    }
    if geometry == TileGeometry::Polygons && !matches!(last, Some(CLOSE_PATH)) {
        return None;
    }
    paths.push(open);
    match geometry {
        TileGeometry::Points => paths.retain(|path| !path.is_empty()),
        TileGeometry::Lines => paths.retain(|path| path.len() > 1),
        TileGeometry::Polygons => wind(&mut paths),
    }
    Some(paths)
}

/// Leaves out rings without area and turns all of them when the first one, which is an exterior, runs the wrong way.
fn wind(rings: &mut Vec<Vec<[i32; 2]>>) {
    rings.retain(|ring| doubled_area(ring) != 0);
    if rings.first().is_some_and(|ring| doubled_area(ring) < 0) {
        for ring in rings {
            ring.reverse();
        }
    }
}

/// Twice the area of a ring by the shoelace formula: positive when it runs clockwise on a screen.
pub fn doubled_area(ring: &[[i32; 2]]) -> i128 {
    let Some(&last) = ring.last() else { return 0 };
    let mut previous = last;
    let mut sum = 0;
    for &point in ring {
        sum += i128::from(previous[0]) * i128::from(point[1]) - i128::from(point[0]) * i128::from(previous[1]);
        previous = point;
    }
    sum
}
