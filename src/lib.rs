//! Tumen: a map tile and feature server.

pub mod catalog; // what is served right now
pub mod feature; // what a thing is
pub mod query; // what may be asked
pub mod render; // style + vector tiles -> picture
pub mod source; // where features come from
pub mod space; // where a thing is
pub mod store; // where features rest
pub mod style; // what a map shall look like
pub mod tile; // squares of the world
pub mod workers; // one bounded CPU pool
