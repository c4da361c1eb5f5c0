//! The verbs.

mod command;
mod settings;
mod serve;
mod check;
mod render;
mod job;
mod health;

pub use command::run;
