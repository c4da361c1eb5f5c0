//! What a style draws from, opened once and then asked for tiles.

mod opened;
mod stock;
mod features;
mod clusters;
mod sprites;
mod decoded;
mod fetch;
mod address;

pub use decoded::Decoded;
pub use opened::Supply;
