//! Filters from end to end.

mod messages;
mod meaning;
mod oracle;
mod round_trip;
