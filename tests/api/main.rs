//! The wire, asked in process: a file a concern.

mod ask;
mod fixture;

mod errors;
mod features;
mod http;
mod links;
mod pages;
mod resources;
