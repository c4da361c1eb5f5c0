//! Looks at a map server as its clients do, and says what each of them would stumble over and how to mend it.
//!
//! Everything is asked over HTTP, as any client asks: what is found says something of any server, and of this one first.

mod client;
mod finding;
mod address;
mod asker;
mod examination;

mod transport;
mod landing;
mod features;
mod items;
mod tiles;
mod wms;
mod wmts;

mod report;

pub use asker::DoctorLimits;
pub use client::Client;
pub use examination::Error;
pub use examination::examine;
pub use finding::Finding;
pub use finding::Grade;
pub use report::Report;
