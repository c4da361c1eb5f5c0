//! `tumen render`: a map without a server.

use std::io;
use std::io::BufRead;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use tokio::runtime::Builder;

use super::job::Job;
use super::job::Room;
use super::opened::Opened;
use super::settings::complain;
use crate::catalog;
use crate::catalog::Catalog;
use crate::catalog::Reach;
use crate::catalog::Remote;
use crate::catalog::RemoteLimits;
use crate::config::Config;

/// Draw a map into a file
#[derive(Args, Clone, Debug)]
pub(super) struct RenderFlags {
    /// The style: a MapLibre style document
    #[arg(long, value_name = "FILE", required_unless_present = "worker")]
    style: Option<PathBuf>,
    /// Width and height in pixels, before the ratio
    #[arg(long, value_name = "WxH", default_value = "512x512", value_parser = size)]
    size: [f64; 2],
    /// What is in the middle, in degrees; the style's own centre, if not given
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true, value_parser = position)]
    center: Option<[f64; 2]>,
    /// The zoom as MapLibre counts it, where the world is 512 pixels wide at 0
    #[arg(long, value_name = "Z", allow_hyphen_values = true)]
    zoom: Option<f64>,
    /// What is up, in degrees clockwise from north
    #[arg(long, value_name = "B", allow_hyphen_values = true, default_value_t = 0.0)]
    bearing: f64,
    /// Pixels of the picture for one of the style: 2 for fine screens
    #[arg(long, value_name = "R", default_value_t = 1.0)]
    ratio: f64,
    /// The picture; its ending says the format: .png, .webp or .jpg
    #[arg(short, long, value_name = "FILE", required_unless_present = "worker")]
    out: Option<PathBuf>,
    /// A folder of collections, which the style's sources may name as /data/{ids}.json [default: ./features, or the built-in
    /// atlas]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How labels compete for room, and where patterns and dashes begin
    #[arg(long, value_enum, default_value = "view")]
    placement: Room,
    /// Answer one JSON request a line: {"style", "width", "height", "ratio", "lon", "lat", "zoom", "bearing", "placement", "out"}; a
    /// style stays open until its text changes
    #[arg(long)]
    worker: bool,
}

/// Draws one picture, or, as a worker, one for each line of standard input. Ends with 1 when a picture cannot be made.
pub(super) fn render(flags: RenderFlags) -> ExitCode {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error),
    };
    match runtime.block_on(answer(flags, io::stdin().lock(), io::stdout().lock(), io::stderr().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

/// Why no picture was made.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0}")]
    Picture(String),
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

async fn answer(
    flags: RenderFlags,
    input: impl BufRead,
    mut output: impl Write,
    mut remarks: impl Write,
) -> Result<(), Error> {
    let catalog = catalog(&flags);
    let remote = Remote::new(RemoteLimits::default(), Reach::Everything);
    let mut opened = Opened::default();
    if !flags.worker {
        let job = flags.job().map_err(Error::Picture)?;
        for diagnostic in job.run(&catalog, &remote, &mut opened).await.map_err(Error::Picture)? {
            writeln!(remarks, "{diagnostic}")?;
        }
        return Ok(());
    }
    for line in input.lines() {
        let done = match serde_json::from_str::<Job>(&line?) {
            Ok(job) => job.run(&catalog, &remote, &mut opened).await,
            Err(error) => Err(error.to_string()),
        };
        let answer = match done {
            Ok(diagnostics) => {
                let remarks: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
                json!({ "ok": true, "remarks": remarks })
            }
            Err(message) => json!({ "ok": false, "error": message }),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

/// What the style may name as the server's own: the collections of the folder that was given, or else those that the server
/// would serve, when the style draws from any.
fn catalog(flags: &RenderFlags) -> Catalog {
    let styles = flags.style.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    let text = flags.style.as_deref().and_then(|style| std::fs::read_to_string(style).ok()).unwrap_or_default();
    let features: Vec<String> = flags.data.iter().map(|folder| folder.to_string_lossy().into_owned()).collect();
    if features.is_empty() && !text.contains("\"/data/") && !text.contains("\"/collections/") {
        return Catalog::default();
    }
    let (catalog, _) = catalog::build(&Config { features, styles, ..Config::default() });
    catalog
}

impl RenderFlags {
    fn job(self) -> Result<Job, String> {
        let (style, out) = self.style.zip(self.out).ok_or("a style and an output are needed")?;
        let (mut center, mut zoom) = (self.center, self.zoom);
        if center.is_none() || zoom.is_none() {
            let text = std::fs::read_to_string(&style).unwrap_or_default();
            let own = crate::style::Style::parse(&text).map(|(style, _)| style).unwrap_or_default();
            center = center.or(own.center);
            zoom = zoom.or(own.zoom);
        }
        let [lon, lat] = center.unwrap_or_default();
        let [width, height] = self.size;
        let (ratio, bearing, placement) = (self.ratio, self.bearing, self.placement);
        Ok(Job { style, width, height, ratio, lon, lat, zoom: zoom.unwrap_or(0.0), bearing, placement, out })
    }
}

fn size(text: &str) -> Result<[f64; 2], String> {
    let (width, height) = text.split_once('x').ok_or("a size is written as 800x600")?;
    let side = |text: &str| match text.parse::<f64>() {
        Ok(side) if (1.0..=16_384.0).contains(&side) => Ok(side),
        _ => Err(format!("'{text}' is no number of pixels from 1 to 16384")),
    };
    Ok([side(width)?, side(height)?])
}

fn position(text: &str) -> Result<[f64; 2], String> {
    let numbers: Vec<f64> = text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    match numbers[..] {
        [lon, lat] if lon.is_finite() && lat.is_finite() => Ok([lon, lat]),
        _ => Err("a position is written as 129.75,42.43: longitude, latitude".to_owned()),
    }
}
