//! The verbs.

mod command;
mod settings;
mod bar;
mod serve;
mod check;
mod render;
mod job;
mod opened;
mod health;

pub use command::run;
