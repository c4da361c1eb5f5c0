//! What may be asked of a collection.

mod filter;
mod request;
mod sort;
mod time;
mod time_set;

pub use filter::Argument;
pub use filter::FUNCTIONS;
pub use filter::Filter;
pub use filter::FilterLimits;
pub use filter::Function;
pub use filter::InvalidFilter;
pub use filter::Place;
pub use filter::Type;
pub use filter::Written;
pub use request::Page;
pub use request::Query;
pub use request::Start;
pub use sort::InvalidSort;
pub use sort::SortKey;
pub use time::Interval;
pub use time::InvalidTime;
pub use time_set::TimeSet;
