//! The wire: every protocol, every status code, every document of ours.

mod router;
mod front;
mod kept;
mod server;

mod app;
mod phase;
mod call;
mod operation;
mod parameter;
mod params;
mod selectors;
mod asked;
mod path;

mod links;
mod negotiate;
mod coding;
mod page;
mod form;
mod respond;
mod encode;
mod stream;

mod error;
mod layers;
mod packed;
mod access;
mod freshness;

mod assets;
mod map;
mod ogc;
mod xyz;
mod xml;
mod ows;
mod wms;
mod wmts;
mod problems;
mod events;
mod probes;

pub use app::App;
pub use call::Call;
pub use error::Error;
pub use front::Front;
pub use links::Base;
pub use links::Link;
pub use negotiate::Format;
pub use operation::Operation;
pub use operation::Segment;
pub use parameter::Kind;
pub use parameter::Parameter;
pub use parameter::Value;
pub use params::Params;
pub use path::Path;
use path::whole;
pub use phase::Life;
pub use phase::Phase;
pub use router::router;
pub use server::serve;
