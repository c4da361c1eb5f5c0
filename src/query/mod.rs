//! What may be asked of a collection.

mod filter;
mod request;
mod time;

pub use filter::Filter;
pub use request::Page;
pub use request::Query;
pub use request::Start;
pub use time::Interval;
pub use time::InvalidTime;
