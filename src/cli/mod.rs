//! The verbs.

mod command;
mod settings;
mod bar;
mod serve;
mod check;
mod render;
mod job;
mod opened;
mod export;
mod exported;
mod export_report;
mod merge;
mod health;
mod doctor;

pub use command::run;
