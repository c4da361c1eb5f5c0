//! The program as it was built, each verb at least once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod program;
mod replies;

mod cache;
mod check;
mod export;
mod doctor;
mod reload;
mod render;
mod serve;
mod settings;
mod stop;
