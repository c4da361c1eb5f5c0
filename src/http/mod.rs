//! The wire: every protocol, every status code, every document of ours.

mod router;

mod app;
mod call;
mod operation;
mod params;
mod path;

mod links;
mod negotiate;
mod page;
mod proxy;
mod respond;
mod stream;

mod error;
mod layers;

mod assets;
mod ogc;

pub use app::App;
pub use app::Limits;
pub use app::Settings;
pub use call::Call;
pub use error::Error;
pub use links::Base;
pub use links::Link;
pub use negotiate::Format;
pub use operation::Operation;
pub use operation::Segment;
pub use params::Kind;
pub use params::Parameter;
pub use params::Params;
pub use params::Value;
pub use path::Path;
pub use proxy::InvalidNetwork;
pub use proxy::Network;
pub use router::router;
