//! What labels find on one tile of others: its paths, cut to it.

use xxhash_rust::xxh3::xxh3_64;

use crate::feature::Properties;
use crate::render::scene::Frame;
use crate::render::scene::Part;
use crate::render::square::Square;
use crate::render::symbol::rules::Rules;
use crate::render::symbol::source::Content;
use crate::render::symbol::source::EXTENT;
use crate::render::tiles::Placed;
use crate::style::Context;
use crate::style::Symbol;
use crate::style::SymbolPlacement;
use crate::tile::TileFeature;
use crate::tile::TileGeometry;

/// A point in sides of the tile from its top left corner.
pub type Spot = [f64; 2];

/// The labelled features of a tile.
pub struct Sheet<'p, 'a> {
    /// The tile.
    pub part: &'p Part<'a>,
    /// Places of labels, each with its feature's position in the layer.
    pub points: Vec<(usize, Spot)>,
    /// What labels are laid along.
    pub lines: Vec<Line>,
    /// What labels are laid on.
    pub areas: Vec<Area>,
}

/// A line, or what a tile holds of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its feature's position in the layer.
    pub feature: usize,
    /// The same for all that may be one line.
    pub key: u64,
    /// At least two points.
    pub path: Vec<Spot>,
}

/// A polygon, or what a tile holds of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Its feature's position in the layer.
    pub feature: usize,
    /// The same for all that may be one polygon.
    pub key: u64,
    /// Closed rings, the exterior first.
    pub rings: Vec<Vec<Spot>>,
}

/// The tile, whose edges belong to it.
pub const TILE: Square = Square { low: 0.0, high: 1.0 };

/// Units of a side on which points are laid, so that all tiles around agree on them.
const UNITS: f64 = EXTENT as f64;

impl<'p, 'a> Sheet<'p, 'a> {
    /// Looks through a tile; where only `edges` are asked for, for what may go on beyond them.
    pub fn new(
        part: &'p Part<'a>,
        (symbol, rules): (&Symbol, &Rules),
        layout: &Context<'_>,
        frame: &Frame<'_>,
        edges: bool,
    ) -> Self {
        let mut sheet = Self { part, points: Vec::new(), lines: Vec::new(), areas: Vec::new() };
        let ground = Ground::of(part);
        for feature in part.features() {
            let is_point = rules.placement == SymbolPlacement::Point && feature.geometry() != TileGeometry::Polygons;
            if edges && is_point || !ground.meets(feature, edges) {
                continue;
            }
            let key = part.with_subject(feature, |subject| {
                let content = Content::of(symbol, rules, &layout.with(subject), frame)?;
                let text = content.text.map(|written| written.paragraph.text());
                Some(key(feature, text.as_deref(), rules.placement))
            });
            if let Some(key) = key {
                sheet.add(feature, key, rules.placement, &ground);
            }
        }
        sheet
    }

    fn add(&mut self, feature: TileFeature<'_>, key: u64, placement: SymbolPlacement, ground: &Ground) {
        let index = feature.index();
        let paths = feature.paths().map(|path| path.iter().map(|&point| ground.spot(point)).collect::<Vec<_>>());
        match (placement, feature.geometry()) {
            (SymbolPlacement::Point, TileGeometry::Polygons) => {
                self.areas.extend(areas(paths).into_iter().map(|rings| Area { feature: index, key, rings }));
            }
            (SymbolPlacement::Point, geometry) => {
                let count = if geometry == TileGeometry::Lines { 1 } else { usize::MAX };
                let spots = paths.flat_map(|path| path.into_iter().take(count));
                self.points.extend(spots.filter(is_home).map(|spot| (index, spot)));
            }
            (SymbolPlacement::Line | SymbolPlacement::LineCenter, TileGeometry::Points) => {}
            (SymbolPlacement::Line | SymbolPlacement::LineCenter, geometry) => {
                for mut path in paths {
                    if geometry == TileGeometry::Polygons {
                        path.extend(path.first().copied());
                    }
                    let columns = TILE.clip_line(&path, 0);
                    for mut piece in columns.iter().flat_map(|piece| TILE.clip_line(piece, 1)) {
                        piece.iter_mut().for_each(|spot| *spot = snapped(*spot));
                        piece.dedup();
                        if piece.len() > 1 {
                            self.lines.push(Line { feature: index, key, path: piece });
                        }
                    }
                }
            }
        }
    }
}

/// Whether a point is the tile's own, and not of the one to the right or below.
pub fn is_home(spot: &Spot) -> bool {
    spot.iter().all(|n| (0.0..1.0).contains(n))
}

/// What features have in common that may be one: lines their text, by which they are joined in a tile, too; others their id,
/// or else all properties.
fn key(feature: TileFeature<'_>, text: Option<&str>, placement: SymbolPlacement) -> u64 {
    let own = match text {
        Some(text) if placement != SymbolPlacement::Point => return xxh3_64(text.as_bytes()),
        text => xxh3_64(text.unwrap_or_default().as_bytes()),
    };
    if let Some(id) = feature.id() {
        return own ^ xxh3_64(&id.to_le_bytes());
    }
    let mut sum = own;
    // A sum, since tiles need not have them in one order.
    feature.each_property(&mut |name, value| {
        sum = sum.wrapping_add(xxh3_64(format!("{name} {value:?}").as_bytes()));
    });
    sum
}

/// From the units of what a tile shows, which may be a larger one's, to sides of the tile.
struct Ground {
    extent: f64,
    growth: f64,
    corner: [f64; 2],
}

impl Ground {
    fn of(part: &Part<'_>) -> Self {
        let [left, top, side] = Placed { wrap: 0, ..part.placed }.square();
        let [own_left, own_top, own_side] = Placed { wrap: 0, ..part.clip }.square();
        let corner = [(own_left - left) / own_side, (own_top - top) / own_side];
        Self { extent: f64::from(part.layer.extent().max(1)), growth: side / own_side, corner }
    }

    fn spot(&self, [x, y]: [i32; 2]) -> Spot {
        let along = |n: i32, axis: usize| f64::from(n) / self.extent * self.growth - self.corner[axis];
        snapped([along(x, 0), along(y, 1)])
    }

    /// Whether the box around a feature shares some of the tile; or where only `edges` count, of its edge.
    fn meets(&self, feature: TileFeature<'_>, edges: bool) -> bool {
        let (mut low, mut high) = ([i32::MAX; 2], [i32::MIN; 2]);
        for point in feature.paths().flatten() {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        if low[0] > high[0] {
            return false;
        }
        let (low, high) = (self.spot(low), self.spot(high));
        let is_near = (0..2).all(|axis| low[axis] <= 1.0 && high[axis] >= 0.0);
        let is_inside = (0..2).all(|axis| low[axis] > 0.0 && high[axis] < 1.0);
        is_near && !(edges && is_inside)
    }
}

/// On the nearest point of the units.
fn snapped(spot: Spot) -> Spot {
    spot.map(|n| (n * UNITS).round() / UNITS)
}

/// Rings grouped into polygons and cut to the tile: an exterior ring has positive area, and the holes that follow are its own.
fn areas(rings: impl Iterator<Item = Vec<Spot>>) -> Vec<Vec<Vec<Spot>>> {
    let mut areas: Vec<Vec<Vec<Spot>>> = Vec::new();
    let (mut is_first, mut is_seen) = (true, false);
    for ring in rings {
        let is_hole = twice_area(&ring) < 0.0 && !is_first;
        is_first = false;
        let mut cut = TILE.clip_ring(&TILE.clip_ring(&ring, 0), 1);
        cut.iter_mut().for_each(|spot| *spot = snapped(*spot));
        cut.dedup();
        cut.extend(cut.first().copied());
        let is_empty = cut.len() < 4 || twice_area(&cut).abs() < f64::EPSILON;
        match areas.last_mut() {
            Some(area) if is_hole && is_seen => area.extend((!is_empty).then_some(cut)),
            _ if is_hole => {}
            _ => {
                is_seen = !is_empty;
                areas.extend((!is_empty).then(|| vec![cut]));
            }
        }
    }
    areas
}

/// Twice the area that a ring encloses; positive where it runs clockwise on a screen.
pub fn twice_area(ring: &[Spot]) -> f64 {
    let next = |index: usize| ring[if index + 1 == ring.len() { 0 } else { index + 1 }];
    (0..ring.len()).map(|index| ring[index][0] * next(index)[1] - next(index)[0] * ring[index][1]).sum()
}
