//! The program `tumen`.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use tumen::cli::Render;
use tumen::cli::render;

/// A map tile and feature server
#[derive(Parser)]
enum Command {
    Render(Render),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Command::Render(arguments) = Command::parse();
    match render(arguments, io::stdin().lock(), io::stdout().lock(), io::stderr().lock()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            tracing::error!("{message}");
            ExitCode::FAILURE
        }
    }
}
