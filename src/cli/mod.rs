//! The verbs.

mod check;
mod command;
mod health;
mod job;
mod render;
mod serve;
mod settings;

pub use command::run;
