//! The only door that leads out: fetches what styles and sources name, with limits.

mod reach;
mod connect;
mod answer;
mod client;
#[cfg(test)]
mod tests;

pub use client::Remote;
pub use client::RemoteLimits;
pub use client::Unfetched;
pub use reach::Reach;
