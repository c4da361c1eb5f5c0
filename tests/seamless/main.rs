//! Neighbouring tiles agree to the pixel: laid side by side they are the one picture of the whole block, whatever the style,
//! the zoom and the data, in whatever order they are asked for and whatever was kept of others.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not what it needs")]

mod block;
mod data;
mod shapes;
mod labels;
mod shared;
mod grids;
mod places;
mod archive;
mod joined;
