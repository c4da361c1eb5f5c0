//! Grids from documents (OGC Two Dimensional Tile Matrix Set 2.0, JSON encoding).

use serde::Deserialize;

use super::Corner;
use super::Grid;
use super::Level;
use super::grid::CELL;
use crate::space::Crs;
use crate::space::InvalidCrs;

/// Why a document is no grid that can be served; `at` names the member.
#[derive(Debug, thiserror::Error)]
pub enum InvalidGrid {
    /// It is no JSON, or a member is missing or of another type. Names line and column.
    #[error("{0}")]
    Document(#[from] serde_json::Error),
    /// The system cannot be had.
    #[error("crs: {0}")]
    Crs(#[from] InvalidCrs),
    /// The system is given as a definition and not by a name.
    #[error("crs: a name such as http://www.opengis.net/def/crs/EPSG/0/3857 is needed; definitions are not read")]
    Definition,
    /// Rows of tiles that are narrower than others.
    #[error("{at}: rows of joined tiles (variable matrix widths) cannot be served")]
    VariableWidths {
        /// Where.
        at: String,
    },
    /// A number that cannot be, or an id that is there twice.
    #[error("{at}: {message}")]
    Value {
        /// Where.
        at: String,
        /// What.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    id: Option<String>,
    title: Option<String>,
    uri: Option<String>,
    crs: Name,
    ordered_axes: Option<Vec<String>>,
    well_known_scale_set: Option<String>,
    tile_matrices: Vec<Matrix>,
}

/// A system is a URI or an object with one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Plain(String),
    Object { uri: String },
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Matrix {
    id: String,
    title: Option<String>,
    scale_denominator: Option<f64>,
    cell_size: f64,
    corner_of_origin: Option<String>,
    point_of_origin: [f64; 2],
    tile_width: u32,
    tile_height: u32,
    matrix_width: u32,
    matrix_height: u32,
    #[serde(default)]
    variable_matrix_widths: Vec<serde_json::Value>,
}

/// Levels of one grid, at most.
const MOST_LEVELS: usize = 64;

/// Tiles in a row or column, at most: their cells are counted in 32 bits.
const MOST_TILES: u32 = 1 << 28;

/// Cells a side of a tile, at most.
const MOST_CELLS: u32 = 4096;

impl Grid {
    /// Reads a document; `name` is its id where it has none of its own.
    pub fn parse(text: &str, name: &str) -> Result<Self, InvalidGrid> {
        let document: Document = serde_json::from_str(text)?;
        let crs = match &document.crs {
            Name::Plain(uri) | Name::Object { uri } => Crs::parse(uri)?,
            Name::Other(_) => return Err(InvalidGrid::Definition),
        };
        let fault = |at: &str, message: &str| InvalidGrid::Value { at: at.to_owned(), message: message.to_owned() };
        let id = document.id.unwrap_or_else(|| name.to_owned());
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if id.is_empty() || id.len() > 100 || !id.chars().all(allowed) || id.starts_with('.') {
            return Err(fault("id", "an id has up to 100 letters, digits, -, _ and ."));
        }
        let named = |axes: Vec<String>| <[String; 2]>::try_from(axes).ok();
        let ordered_axes = match document.ordered_axes {
            None => axes_of(&crs).map(str::to_owned),
            Some(axes) => named(axes).ok_or_else(|| fault("orderedAxes", "there have to be two"))?,
        };
        if document.tile_matrices.is_empty() || document.tile_matrices.len() > MOST_LEVELS {
            return Err(fault("tileMatrices", "there have to be 1 to 64"));
        }
        let mut levels: Vec<Level> = Vec::with_capacity(document.tile_matrices.len());
        for (number, matrix) in document.tile_matrices.into_iter().enumerate() {
            let level = level(matrix, number, &crs)?;
            if levels.iter().any(|other| other.id == level.id) {
                return Err(fault(&format!("tileMatrices[{number}].id"), "another matrix has the same"));
            }
            levels.push(level);
        }
        levels.sort_by(|a, b| b.cell_size.total_cmp(&a.cell_size));
        let title = document.title.unwrap_or_else(|| id.clone());
        let (uri, well_known_scale_set) = (document.uri, document.well_known_scale_set);
        Ok(Self { id, title, uri, crs, ordered_axes, well_known_scale_set, levels })
    }
}

fn level(matrix: Matrix, number: usize, crs: &Crs) -> Result<Level, InvalidGrid> {
    let at = |member: &str| format!("tileMatrices[{number}].{member}");
    let fault = |member: &str, message: &str| Err(InvalidGrid::Value { at: at(member), message: message.to_owned() });
    if !matrix.variable_matrix_widths.is_empty() {
        return Err(InvalidGrid::VariableWidths { at: at("variableMatrixWidths") });
    }
    if !(matrix.cell_size.is_finite() && matrix.cell_size > 0.0) {
        return fault("cellSize", "it has to be a number above 0");
    }
    let reckoned = matrix.cell_size * crs.metres_a_unit() / CELL;
    let scale_denominator = matrix.scale_denominator.unwrap_or(reckoned);
    // Registered documents round one of the two, and some count a degree on another sphere.
    if !(scale_denominator.is_finite() && (scale_denominator / reckoned - 1.0).abs() < 0.02) {
        let wanted = format!("it does not fit the cell size of {}, which makes {reckoned}", matrix.cell_size);
        return fault("scaleDenominator", &wanted);
    }
    let corner = match matrix.corner_of_origin.as_deref() {
        None | Some("topLeft") => Corner::TopLeft,
        Some("bottomLeft") => Corner::BottomLeft,
        Some(_) => return fault("cornerOfOrigin", "it has to be topLeft or bottomLeft"),
    };
    for (member, value, most) in [
        ("tileWidth", matrix.tile_width, MOST_CELLS),
        ("tileHeight", matrix.tile_height, MOST_CELLS),
        ("matrixWidth", matrix.matrix_width, MOST_TILES),
        ("matrixHeight", matrix.matrix_height, MOST_TILES),
    ] {
        if value == 0 || value > most {
            return fault(member, &format!("it has to be 1 to {most}"));
        }
    }
    Ok(Level {
        id: matrix.id,
        title: matrix.title,
        scale_denominator,
        cell_size: matrix.cell_size,
        corner,
        origin: crs.axes().read(matrix.point_of_origin),
        tile_width: matrix.tile_width,
        tile_height: matrix.tile_height,
        width: matrix.matrix_width,
        height: matrix.matrix_height,
    })
}

/// Names for the axes of a document that has none.
fn axes_of(crs: &Crs) -> [&'static str; 2] {
    match (crs.is_geographic(), crs.axes().is_swapped()) {
        (true, true) => ["Lat", "Lon"],
        (true, false) => ["Lon", "Lat"],
        (false, true) => ["N", "E"],
        (false, false) => ["E", "N"],
    }
}
