//! `tumen render`: a map without a server.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::job::Job;
use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::Features;
use crate::catalog::Remote;
use crate::catalog::RemoteLimits;
use crate::render::text::Fonts;
use crate::source;
use crate::source::Limits;
use crate::source::Metadata;
use crate::store::Snapshot;

/// Draw a map into a file
#[derive(Args, Clone, Debug)]
pub struct Render {
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
    /// A folder of collections, which the style's sources may name as /data/{ids}.json
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Answer one JSON request a line: {"style", "width", "height", "ratio", "lon", "lat", "zoom", "bearing", "out"}
    #[arg(long)]
    worker: bool,
}

/// Draws one picture, or, as a worker, one for each line of `input`; answers and remarks go to `output` and `remarks`.
///
/// # Errors
/// What kept the picture from being made, as a sentence.
pub async fn render(
    arguments: Render,
    input: impl BufRead,
    mut output: impl Write,
    mut remarks: impl Write,
) -> Result<(), String> {
    let catalog = Arc::new(arguments.data.as_deref().map_or_else(Catalog::default, catalog));
    let remote = Remote::new(RemoteLimits::default());
    let fonts = Arc::new(Fonts::new(Vec::new(), 16 << 20));
    if arguments.worker {
        for line in input.lines() {
            let line = line.map_err(|error| error.to_string())?;
            let done = match serde_json::from_str::<Job>(&line) {
                Ok(job) => job.run(&catalog, &remote, &fonts).await,
                Err(error) => Err(error.to_string()),
            };
            let answer = match done {
                Ok(diagnostics) => {
                    json!({ "ok": true, "remarks": diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>() })
                }
                Err(message) => json!({ "ok": false, "error": message }),
            };
            writeln!(output, "{answer}").and_then(|()| output.flush()).map_err(|error| error.to_string())?;
        }
        return Ok(());
    }
    for diagnostic in arguments.job()?.run(&catalog, &remote, &fonts).await? {
        writeln!(remarks, "{diagnostic}").map_err(|error| error.to_string())?;
    }
    Ok(())
}

impl Render {
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
        let (ratio, bearing) = (self.ratio, self.bearing);
        Ok(Job { style, width, height, ratio, lon, lat, zoom: zoom.unwrap_or(0.0), bearing, out })
    }
}

/// The collections of a folder.
fn catalog(folder: &Path) -> Catalog {
    let (found, _) = source::scan(folder);
    let mut collections = BTreeMap::new();
    for found in found {
        let metadata = found.metadata.as_deref().and_then(|path| Metadata::read(path).ok()).unwrap_or_default();
        let Ok(collected) = source::read(&found.path, &metadata, &Limits::default()) else { continue };
        let features = Features::Fixed(Snapshot::new(collected.table, collected.version));
        collections.insert(found.id.clone(), Arc::new(Collection { id: found.id, metadata, features }));
    }
    Catalog { collections, ..Catalog::default() }
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
