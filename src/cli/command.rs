//! The command line.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;
use clap::error::ErrorKind;

use super::check;
use super::check::CheckFlags;
use super::doctor;
use super::doctor::DoctorFlags;
use super::export;
use super::export::ExportFlags;
use super::health;
use super::health::HealthFlags;
use super::merge;
use super::merge::MergeFlags;
use super::render;
use super::render::RenderFlags;
use super::serve;
use super::serve::ServeFlags;

/// Runs what the command line says, from the program's name on. Ends with 0 when all went well, with 1 when not, and with 2
/// when it cannot be read.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let command = match Command::try_parse_from(arguments) {
        Ok(command) => command,
        Err(error) => {
            // Help goes to standard output, faults to standard error; when neither can be written, nobody is there to tell.
            let _ = error.print();
            let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if asked_for { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match command.verb {
        None => serve::serve(&command.serve),
        Some(Verb::Serve(flags)) => serve::serve(&flags),
        Some(Verb::Render(flags)) => render::render(flags),
        Some(Verb::Check(flags)) => check::check(&flags),
        Some(Verb::Export(flags)) => export::export(&flags),
        Some(Verb::Merge(flags)) => merge::merge(&flags),
        Some(Verb::Health(flags)) => health::health(&flags),
        Some(Verb::Doctor(flags)) => doctor::doctor(&flags),
    }
}

/// Serves GeoJSON as features, vector tiles and maps
///
/// Without a verb, `serve` is meant: `tumen my.geojson` serves that file and prints the address where its map is. Without a
/// path, `./features` is served, or, where there is no such folder, the atlas of Hoeryong that is built in.
#[derive(Debug, Parser)]
#[command(name = "tumen", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = "Examples:\n  \
    tumen                          the folder ./features, or the built-in atlas\n  \
    tumen rivers.geojson           one file\n  \
    tumen data/ --styles styles/   a folder, drawn by styles\n  \
    tumen check data/              what is wrong with the files\n  \
    tumen doctor https://example.org/maps/  what clients would stumble over\n  \
    tumen render --style styles/atlas.json --size 800x600 -o map.png\n  \
    tumen export rivers.geojson -o rivers.pmtiles\n\n\
    Every setting is also a variable (TUMEN_LISTEN, TUMEN_LIMITS_ITEMS) and a key of tumen.toml;\n\
    `tumen --print-config` prints them all.")]
struct Command {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    serve: ServeFlags,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve features, tiles and maps over HTTP
    Serve(ServeFlags),
    /// Draw a map into a file, without a server
    Render(RenderFlags),
    /// Report what is wrong with files of features and styles; ends with 1 when anything is
    Check(CheckFlags),
    /// Write the tiles of collections, or of a style, to an archive
    Export(ExportFlags),
    /// Put the shards of an export together, byte for byte what it would have been as a whole
    Merge(MergeFlags),
    /// Ask a running server whether it is well; ends with 1 when it is not
    Health(HealthFlags),
    /// Look at any map server as its clients do, and say what they would stumble over; ends with 1 when any cannot use it
    Doctor(DoctorFlags),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Command::command().debug_assert();
    }

    #[test]
    fn paths_without_a_verb_are_served() {
        let command = Command::try_parse_from(["tumen", "my.geojson", "--strict"]).unwrap();
        assert!(command.verb.is_none());
        assert_eq!(command.serve.paths, ["my.geojson"]);
        assert!(matches!(
            Command::try_parse_from(["tumen", "serve", "-"]).unwrap().verb,
            Some(Verb::Serve(flags)) if flags.paths == ["-"]
        ));
    }
}
