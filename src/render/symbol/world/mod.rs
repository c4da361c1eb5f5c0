//! Labels that are decided in the world and not in a picture.
//!
//! A label stands if and only if no label that outranks it, and itself stands, lies where it would. The rank is (layer, topmost
//! first; sort key; hash of the feature's id; which place of the feature's), a total order whose ties end in a hash: ids along
//! space would make chains of "stands if that one does not" as long as the data, and hashes make them short. So the labels of a
//! picture are those of one pass over the whole world from the highest rank down, cut to the picture.
//!
//! The pass is never made. Each label asks the labels that outrank it and may touch it, each of these asks its own, and what was
//! found is remembered. A label's *height* is one more than the largest height among those that it has to ask, in the order of
//! their ranks until it is certain that nothing of it stands. A label higher than [`field::MOST_HEIGHT`] does not stand: the height
//! follows from the labels alone, and so all pictures agree about that, too.

mod setting;
mod rank;
mod candidate;
mod extent;
mod bound;
mod pole;
mod plan;
mod along;
mod block;
mod memory;
mod sheet;
mod chain;
mod union;
mod tiled;
mod field;

#[cfg(test)]
mod tests;

pub use candidate::Standing;
pub use field::Field;
pub use memory::LabelMemory;
pub use pole::Pole;
pub use pole::label_point;
pub use pole::poles;
pub use setting::Setting;
