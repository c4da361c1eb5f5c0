//! `tumen doctor`: what clients would stumble over.

use std::io;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::settings::complain;
use crate::doctor::DoctorLimits;
use crate::doctor::examine;

/// Whom to look at.
#[derive(Args, Debug)]
pub(super) struct DoctorFlags {
    /// The address that clients are given: a landing page, TileJSON, or capabilities of WMS or WMTS
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:8080/")]
    url: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The longest that the examination may take
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// The longest that one answer may take
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..))]
    request_seconds: u64,
    /// How many collections, layers and tilesets are looked at of each list
    #[arg(long, value_name = "N", default_value_t = 12)]
    each: usize,
}

/// Looks at a server and prints what was found. Ends with 1 when clients cannot use it, or when there is nothing to look at.
pub(super) fn doctor(flags: &DoctorFlags) -> ExitCode {
    let limits = DoctorLimits {
        whole: Duration::from_secs(flags.seconds),
        request: Duration::from_secs(flags.request_seconds),
        each: flags.each,
        ..DoctorLimits::default()
    };
    let report = match examine(&flags.url, limits) {
        Ok(report) => report,
        Err(error) => return complain(&error),
    };
    let text = if flags.json { format!("{:#}\n", report.json()) } else { report.text() };
    // Nobody is there to tell when it cannot be written.
    let _ = io::stdout().write_all(text.as_bytes());
    if report.is_broken() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
