#![doc = include_str!("ARCHITECTURE.md")]

pub mod space; // where a thing is
pub mod config; // what the program was told
pub mod workers; // one bounded CPU pool
pub mod telemetry; // what the program says about itself
pub mod feature; // what a thing is
pub mod query; // what may be asked
pub mod tile; // squares of the world
pub mod style; // what a map shall look like
pub mod store; // where features rest
pub mod render; // style + vector tiles -> picture
pub mod source; // where features come from
pub mod catalog; // what is served right now
pub mod http; // the wire
pub mod doctor; // what clients would stumble over
pub mod cli; // the verbs
