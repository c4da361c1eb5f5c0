//! The world of Web Mercator on a lattice of 2^32 steps a side, and places on it as one number.

use crate::space::Crs;

/// Steps a side: 9 mm each at the equator.
pub const SIDE: f64 = 4_294_967_296.0;

/// The step that a position (longitude and latitude in degrees) lies in, from the north-west corner; what lies beyond an edge is
/// held at it.
pub fn place(position: [f64; 2]) -> [u32; 2] {
    let [x, y] = Crs::WebMercator.project(position);
    let step = |n: f64| (n * SIDE) as u32;
    [step(0.5 + x / (2.0 * Crs::MERCATOR_HALF)), step(0.5 - y / (2.0 * Crs::MERCATOR_HALF))]
}

/// The position in degrees of the middle of a step.
pub fn position(place: [u32; 2]) -> [f64; 2] {
    let part = |n: u32| (f64::from(n) + 0.5) / SIDE - 0.5;
    Crs::WebMercator.unproject([part(place[0]) * 2.0 * Crs::MERCATOR_HALF, -part(place[1]) * 2.0 * Crs::MERCATOR_HALF])
}

/// A place as one number whose leading bits say in which quarter of which quarter it is (Morton, 1966): each square of a
/// quadtree is a run of numbers.
pub(super) fn code([x, y]: [u32; 2]) -> u64 {
    spread(x) | spread(y) << 1
}

/// Where a position of degrees stands on a curve that fills the world; what is no position stands at the start.
pub fn along([lon, lat]: [f64; 2]) -> u64 {
    code([(lon / 360.0 + 0.5) * SIDE, (0.5 - lat / 360.0) * SIDE].map(|n| n as u32))
}

/// The place of a number.
pub(super) fn place_of(code: u64) -> [u32; 2] {
    [gather(code), gather(code >> 1)]
}

/// Puts a zero before each bit.
fn spread(n: u32) -> u64 {
    let mut n = u64::from(n);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        n = (n | n << shift) & mask;
    }
    n
}

/// Every other bit.
fn gather(code: u64) -> u32 {
    let mut n = code & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ] {
        n = (n | n >> shift) & mask;
    }
    n as u32
}
