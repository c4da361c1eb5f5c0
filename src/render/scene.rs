//! A style laid over tiles: what is drawn, in order.

use std::collections::HashSet;

use super::Ground;
use super::Loaded;
use super::Reprojection;
use super::View;
use super::deeper::deepest;
use super::loaded::Shown;
use super::tiles::Placed;
use super::view::Placement;
use super::view::degrees;
use super::whole::Cut;
use super::whole::Cuts;
use super::whole::Rows;
use super::whole::Whole;
use super::whole::WholeLayer;
use super::whole::features;
use crate::feature::Value;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::style;
use crate::style::Context;
use crate::style::GeometryType;
use crate::style::Layer;
use crate::style::LayerKind;
use crate::style::Property;
use crate::style::Source;
use crate::style::Style;
use crate::style::Subject;
use crate::tile;
use crate::tile::TileFeature;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

/// Everything that a picture shows, from the lowest layer to the topmost.
pub struct Scene<'a> {
    /// What is drawn.
    pub items: Vec<Item<'a>>,
}

/// What one layer of the style shows.
pub enum Item<'a> {
    /// The same everywhere.
    Background(&'a style::Background),
    /// Polygons.
    Fill(&'a style::Fill, Vec<Part<'a>>),
    /// Lines.
    Line(&'a style::Line, Vec<Part<'a>>),
    /// Dots.
    Circle(&'a style::Circle, Vec<Part<'a>>),
    /// Density of points.
    Heatmap(&'a style::Heatmap, Vec<Part<'a>>),
    /// Texts and icons, with their layer.
    Symbol(&'a Layer, &'a style::Symbol, Labelled<'a>),
    /// Tiles of pixels.
    Raster(&'a style::Raster, Vec<Shown<'a, super::Bitmap>>),
    /// Polygons that stand up, and what lights them.
    FillExtrusion(&'a style::FillExtrusion, &'a style::Light, Vec<Part<'a>>),
    /// Lit slopes.
    Hillshade(&'a style::Hillshade, Vec<Ground<'a>>),
    /// Colours of heights.
    ColorRelief(&'a style::ColorRelief, Vec<Ground<'a>>),
    /// One picture between four corners of the world.
    Image(&'a style::Raster, &'a super::Bitmap, [[f64; 2]; 4]),
}

/// What a layer of labels is about.
pub enum Labelled<'a> {
    /// Features in tiles.
    Parts(Vec<Part<'a>>),
    /// Features in tiles, and the tiles whose labels are asked for: around each of these all others are there, too.
    Tiled(Vec<Part<'a>>, HashSet<TileCoord>),
    /// Features as wholes.
    Whole(&'a Whole, &'a WholeLayer),
}

/// The features of one tile that a layer shows.
pub struct Part<'a> {
    /// The place that is drawn on.
    pub clip: Placed,
    /// The tile that the features come from, which may be larger.
    pub placed: Placed,
    /// The layer of the tile.
    pub layer: &'a tile::Layer,
    /// Positions in the layer, in the order of drawing.
    pub features: Vec<u32>,
    /// Which of the tiles around this one are shown too, by row and column; the middle is this one.
    pub around: [[bool; 3]; 3],
    /// The features themselves, where they are at hand; by the same positions.
    pub rows: Option<&'a Rows<'a>>,
}

/// What all of a scene is seen through.
pub struct Frame<'a> {
    /// Where and how large.
    pub view: &'a View,
    /// The images of the style.
    pub images: &'a style::SpriteImages,
    /// Their names.
    pub image_names: Vec<String>,
}

impl<'a> Frame<'a> {
    /// A frame for a view.
    pub fn new(view: &'a View, images: &'a style::SpriteImages) -> Self {
        Self { view, images, image_names: images.names().map(str::to_owned).collect() }
    }

    /// What paint properties are evaluated in.
    pub fn paint(&self) -> Context<'_> {
        Context { zoom: self.view.zoom(), images: &self.image_names, ..Context::default() }
    }

    /// What filters and layout properties are evaluated in: the zoom of tiles, a whole number.
    pub fn layout(&self) -> Context<'_> {
        Context { zoom: (self.view.zoom() + 1e-9).floor().max(0.0), images: &self.image_names, ..Context::default() }
    }
}

impl Item<'_> {
    /// Whether it lies in Web Mercator, whatever the picture's projection is.
    pub fn is_flat(&self) -> bool {
        match self {
            Self::Background(_) | Self::Symbol(..) => false,
            Self::Fill(_, parts)
            | Self::Line(_, parts)
            | Self::Circle(_, parts)
            | Self::Heatmap(_, parts)
            | Self::FillExtrusion(_, _, parts) => parts.iter().any(|part| part.placed.window.is_none()),
            Self::Raster(..) | Self::Hillshade(..) | Self::ColorRelief(..) | Self::Image(..) => true,
        }
    }
}

impl<'a> Scene<'a> {
    /// Picks what each layer shows.
    pub fn new(style: &'a Style, frame: &Frame<'_>, loaded: &'a Loaded, cuts: &'a Cuts<'a>) -> Self {
        let grid = Grid::web_mercator_quad();
        let shown = style.layers.iter().filter(|layer| layer.is_shown(frame.view.zoom()));
        Self { items: shown.filter_map(|layer| item(style, layer, frame, loaded, cuts, &grid)).collect() }
    }
}

/// What one layer shows; `None` when its source is not there.
pub fn item<'a>(
    style: &'a Style,
    layer: &'a Layer,
    frame: &Frame<'_>,
    loaded: &'a Loaded,
    cuts: &'a Cuts<'a>,
    grid: &Grid,
) -> Option<Item<'a>> {
    if let LayerKind::Background(background) = &layer.kind {
        return Some(Item::Background(background));
    }
    let name = layer.source.as_deref()?;
    let source = style.sources.get(name)?;
    if let LayerKind::Raster(raster) = &layer.kind {
        return match source {
            Source::Image { corners, .. } => Some(Item::Image(raster, loaded.image(name)?, *corners)),
            source => Some(Item::Raster(raster, loaded.shown_raster(name, &places(layer, source, frame.view, grid)))),
        };
    }
    let grounds = || loaded.shown_heights(name, &places(layer, source, frame.view, grid));
    match &layer.kind {
        LayerKind::Hillshade(hillshade) => return Some(Item::Hillshade(hillshade, grounds())),
        LayerKind::ColorRelief(relief) => return Some(Item::ColorRelief(relief, grounds())),
        _ => {}
    }
    let parts = |key: Option<&Property<Option<f64>>>| {
        if let Some((cut, shown)) = cuts.shown(layer) {
            vec![Part::of_cut(cut, shown)]
        } else {
            let tiles = loaded.shown_vector(name, &places(layer, source, frame.view, grid));
            parts(layer, source, key, &tiles, frame)
        }
    };
    match &layer.kind {
        LayerKind::Fill(fill) => Some(Item::Fill(fill, parts(Some(&fill.sort_key)))),
        LayerKind::Line(line) => Some(Item::Line(line, parts(Some(&line.sort_key)))),
        LayerKind::Circle(circle) => Some(Item::Circle(circle, parts(Some(&circle.sort_key)))),
        LayerKind::Heatmap(heatmap) => Some(Item::Heatmap(heatmap, parts(None))),
        LayerKind::Symbol(symbol) => {
            let whole = features(style, layer, loaded).filter(|_| frame.view.placement() == Placement::World);
            let labelled = match whole {
                Some((.., (whole, features))) => Labelled::Whole(whole, features),
                None if frame.view.placement() == Placement::World => {
                    let asked = covering(source, frame.view, grid, |flat, _| flat.label_margin());
                    Labelled::Tiled(parts(None), asked.into_iter().map(|place| place.coord).collect())
                }
                None => Labelled::Parts(parts(None)),
            };
            Some(Item::Symbol(layer, symbol, labelled))
        }
        LayerKind::FillExtrusion(fill) => Some(Item::FillExtrusion(fill, &style.light, parts(None))),
        LayerKind::Background(_) | LayerKind::Raster(_) | LayerKind::Hillshade(_) | LayerKind::ColorRelief(_) => None,
    }
}

/// The tiles of a layer's source that a view shows; for labels in the world also those whose labels reach into it, and all
/// around these, where their lines and polygons go on.
pub fn places(layer: &Layer, source: &Source, view: &View, grid: &Grid) -> Vec<Placed> {
    let is_label = matches!(layer.kind, LayerKind::Symbol(_)) && view.placement() == Placement::World;
    let around = |flat: &View, level| if is_label { flat.label_margin() + flat.tile_side(level) } else { 0.0 };
    covering(source, view, grid, around)
}

/// The tiles of a source that a view shows with so many pixels around it.
fn covering(source: &Source, view: &View, grid: &Grid, margin: impl Fn(&View, u8) -> f64) -> Vec<Placed> {
    let reprojection = Reprojection::of(view);
    let view = reprojection.as_ref().map_or(view, Reprojection::flat);
    level(source, view).map_or_else(Vec::new, |level| view.covering(grid, level, margin(view, level)))
}

/// The level of a source's tiles that a view shows.
fn level(source: &Source, view: &View) -> Option<u8> {
    match source {
        Source::Vector(tiled) => {
            view.tile_level(tiled.tile_size, tiled.minzoom.unwrap_or(0), deepest(tiled, view), false)
        }
        Source::Raster(tiled) | Source::RasterDem(tiled, _) => {
            view.tile_level(tiled.tile_size, tiled.minzoom.unwrap_or(0), tiled.maxzoom.unwrap_or(22), true)
        }
        Source::Geojson(geojson) => view.tile_level(512, 0, geojson.maxzoom, false),
        Source::Image { .. } => None,
    }
}

fn parts<'a>(
    layer: &Layer,
    source: &Source,
    sort_key: Option<&Property<Option<f64>>>,
    tiles: &[Shown<'a, VectorTile>],
    frame: &Frame<'_>,
) -> Vec<Part<'a>> {
    let mut found = Vec::with_capacity(tiles.len());
    for shown in tiles {
        // The features of GeoJSON are in one layer, whatever its name.
        let tile_layer = match source {
            Source::Geojson(_) => shown.content.layers.first(),
            _ => layer.source_layer.as_deref().and_then(|name| shown.content.layer(name)),
        };
        let Some(tile_layer) = tile_layer else { continue };
        // What is not cut off at the tile's edge is drawn once, even where a tile stands for several smaller ones.
        let is_label = matches!(layer.kind, LayerKind::Symbol(_));
        let is_cut = matches!(layer.kind, LayerKind::Fill(_) | LayerKind::Line(_) | LayerKind::FillExtrusion(_))
            || is_label && frame.view.placement() == Placement::World;
        if !is_cut && found.iter().any(|part: &Part<'_>| part.placed == shown.placed) {
            continue;
        }
        let Some(first) = tile_layer.features().next() else { continue };
        let filter = layer.filter.bound(&first);
        if filter.is_nothing() {
            continue;
        }
        let around = around(&shown.placed, tiles);
        let (clip, placed) = (shown.clip, shown.placed);
        let mut part = Part { clip, placed, layer: tile_layer, features: Vec::new(), around, rows: None };
        let mut keyed = Vec::new();
        let layout = frame.layout();
        for feature in tile_layer.features() {
            part.with_subject(feature, |subject| {
                let context = layout.with(subject);
                if filter.accepts(&context) {
                    let key = sort_key.and_then(|key| key.evaluate(&context)).unwrap_or(0.0);
                    keyed.push((key, feature.index() as u32));
                }
            });
        }
        keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        part.features = keyed.into_iter().map(|(_, index)| index).collect();
        if !part.features.is_empty() {
            found.push(part);
        }
    }
    found
}

/// Which of the tiles around a place are shown.
fn around(place: &Placed, tiles: &[Shown<'_, VectorTile>]) -> [[bool; 3]; 3] {
    let count = 1_i64 << place.coord.level();
    let column = |place: &Placed| i64::from(place.coord.column()) + i64::from(place.wrap) * count;
    let mut around = [[false; 3]; 3];
    for other in tiles.iter().map(|shown| &shown.placed).filter(|other| other.coord.level() == place.coord.level()) {
        let right = column(other) - column(place) + 1;
        let down = i64::from(other.coord.row()) - i64::from(place.coord.row()) + 1;
        if (0..3).contains(&right) && (0..3).contains(&down) {
            around[down as usize][right as usize] = true;
        }
    }
    around
}

impl<'a> Part<'a> {
    /// What a layer shows of features that are at hand.
    fn of_cut(cut: &'a Cut<'a>, shown: &[u32]) -> Self {
        let Cut { rows, placed, layer, .. } = cut;
        let around = [[false; 3]; 3];
        Self { clip: *placed, placed: *placed, layer, features: shown.to_vec(), around, rows: Some(rows) }
    }

    /// Whether a point of the tile is this part's to draw: it lies on the tile, or in its buffer where no other tile is shown.
    pub fn owns(&self, [x, y]: [i32; 2]) -> bool {
        let extent = self.layer.extent() as i32;
        let beyond = |n: i32| if n < 0 { 0 } else { 1 + usize::from(n >= extent) };
        let (row, column) = (beyond(y), beyond(x));
        // Beyond a corner the tiles beside this one are as near, and have it in their buffer too.
        let is_shown_nearer = self.around[row][column] || self.around[1][column] || self.around[row][1];
        match (row, column) {
            (1, 1) => true,
            (1, _) | (_, 1) => !self.around[row][column],
            _ => !is_shown_nearer,
        }
    }

    /// The features in the order of drawing.
    pub fn features(&self) -> impl Iterator<Item = TileFeature<'a>> {
        self.features.iter().map(|&index| self.layer.feature(index as usize))
    }

    /// Calls a function with a feature as expressions see it.
    pub fn with_subject<T>(&self, feature: TileFeature<'_>, see: impl FnOnce(&Subject<'_>) -> T) -> T {
        if let Some(rows) = self.rows {
            return rows.with_subject(feature.index(), see);
        }
        let coord = self.placed.coord;
        let [x, y, side] = Placed { wrap: 0, ..self.placed }.square();
        let unit = side / f64::from(self.layer.extent().max(1));
        let positions = || {
            let position = |&[u, v]: &[i32; 2]| {
                let [lon, lat] = degrees([x + f64::from(u) * unit, y + f64::from(v) * unit]);
                (lon, lat)
            };
            feature.paths().map(|path| path.iter().map(position).collect()).collect()
        };
        see(&Subject {
            properties: &feature,
            id: feature.id().map_or(Value::Null, |id| Value::Int(id as i64)),
            geometry: match feature.geometry() {
                TileGeometry::Points => GeometryType::Point,
                TileGeometry::Lines => GeometryType::LineString,
                TileGeometry::Polygons => GeometryType::Polygon,
            },
            tile: &|| (coord.level(), coord.column(), coord.row()),
            positions: &positions,
        })
    }
}
