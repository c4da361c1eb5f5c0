//! From a geometry as it was written to one that RFC 7946 allows, mended where that is possible.

use super::antimeridian;
use super::antimeridian::Position;
use super::draft::Draft;
use super::draft::DraftPart;
use super::reference::Reference;
use super::report::Oddity;
use crate::feature::GeometryKind;
use crate::feature::PartKind;
use crate::feature::Shapes;
use crate::space::Rect;

/// Why a geometry cannot be served.
#[derive(Debug)]
pub(super) struct Flaw {
    /// Where in the text.
    pub(super) byte: usize,
    pub(super) message: String,
}

/// What was mended, and where it stands in the text.
pub(super) type Oddities = Vec<(Oddity, usize)>;

/// Degrees by which noise of conversions may exceed the world.
const NOISE: f64 = 1e-6;

/// Appends the geometry to the row under construction, in longitude and latitude within ±180 and ±90, rings closed and
/// wound, cut at the antimeridian. Answers its type, which a cut makes a Multi one.
///
/// After a flaw the shapes must be rewound.
pub(super) fn settle(
    draft: &mut Draft,
    inherited: Reference,
    shapes: &mut Shapes,
    oddities: &mut Oddities,
) -> Result<GeometryKind, Flaw> {
    let start = draft.paths.first().map_or(0, |path| path.byte);
    if draft.reference.unwrap_or(inherited) == Reference::WebMercator {
        draft.positions.iter_mut().for_each(|position| *position = Reference::WebMercator.to_lon_lat(*position));
        if !draft.positions.is_empty() {
            oddities.push((Oddity::Mercator, start));
        }
    }
    for (noted, oddity) in [
        (draft.notes.long_position, Oddity::PositionLong),
        (draft.notes.nested_collection, Oddity::CollectionNested),
        (draft.notes.double_member, Oddity::MemberDouble),
        (draft.notes.bad_bbox, Oddity::BboxBad),
    ] {
        if noted {
            oddities.push((oddity, start));
        }
    }
    let mut settling = Settling {
        in_collection: draft.kind == GeometryKind::GeometryCollection,
        shapes,
        oddities,
        member_parts: 0,
        multi: false,
        parts: 0,
        was_cut: false,
        dropped: None,
    };
    let mut path = 0;
    for index in 0..draft.parts.len() {
        let part = draft.parts[index];
        settling.start(draft, index);
        settling.part(draft, part.kind, path, part.end)?;
        path = part.end;
    }
    let (parts, was_cut, dropped) = (settling.parts, settling.was_cut, settling.dropped);
    match dropped {
        Some((oddity, byte)) if parts == 0 => {
            let message = match oddity {
                Oddity::LineShort => "a line needs at least two positions",
                _ => "a ring needs at least three different positions, and the first one again at its end",
            };
            return Err(Flaw { byte, message: message.to_owned() });
        }
        Some(dropped) => oddities.push(dropped),
        None => {}
    }
    Ok(match draft.kind {
        GeometryKind::LineString if was_cut => GeometryKind::MultiLineString,
        GeometryKind::Polygon if was_cut => GeometryKind::MultiPolygon,
        kind => kind,
    })
}

struct Settling<'a> {
    in_collection: bool,
    shapes: &'a mut Shapes,
    oddities: &'a mut Oddities,
    /// Parts appended for this member of a geometry collection.
    member_parts: usize,
    /// Whether this member is a Multi geometry, or becomes one by a cut.
    multi: bool,
    parts: usize,
    was_cut: bool,
    dropped: Option<(Oddity, usize)>,
}

impl Settling<'_> {
    /// Begins a part of the draft.
    fn start(&mut self, draft: &Draft, index: usize) {
        let DraftPart { first, multi, .. } = draft.parts[index];
        if first {
            (self.member_parts, self.multi) = (0, multi);
        }
    }

    fn part(&mut self, draft: &mut Draft, kind: PartKind, from: usize, to: usize) -> Result<(), Flaw> {
        let begin = |path: usize| if path == 0 { 0 } else { draft.paths[path - 1].end };
        let (first, last) = (begin(from), begin(to));
        let mut rect = Rect::EMPTY;
        draft.positions[first..last].iter().for_each(|&position| rect.extend(position));
        let mut leaves = false;
        if rect.min_y < -90.0 || rect.max_y > 90.0 || rect.min_x < -180.0 || rect.max_x > 180.0 {
            leaves = self.hold(draft, first..last, &rect, from)?;
        } else if rect.width() > 350.0 {
            self.look_for_jumps(draft, from, to);
        }
        match kind {
            PartKind::Points => self.points(draft, from..to, leaves),
            PartKind::Line => self.lines(draft, from..to, leaves),
            PartKind::Polygon => self.polygon(draft, from..to, leaves),
        }
        Ok(())
    }

    /// Refuses what is no longitude or latitude, holds noise at the edge of the world, and answers whether longitudes are
    /// left that lie beyond.
    fn hold(
        &mut self,
        draft: &mut Draft,
        range: std::ops::Range<usize>,
        rect: &Rect,
        path: usize,
    ) -> Result<bool, Flaw> {
        let byte = draft.paths[path].byte;
        let is_far = |n: f64| n.abs() > antimeridian::FARTHEST;
        let steep = rect.min_y.abs().max(rect.max_y.abs());
        if is_far(rect.min_x) || is_far(rect.max_x) || is_far(steep) {
            let message = format!(
                "[{}, {}] is no longitude and latitude in degrees; these look like metres of a projected system, which GeoJSON does not have (RFC 7946, 4)",
                rect.min_x, rect.min_y
            );
            return Err(Flaw { byte, message });
        }
        if steep > 90.0 + NOISE {
            let swapped =
                if rect.min_x >= -90.0 && rect.max_x <= 90.0 { "; is the order longitude, latitude?" } else { "" };
            return Err(Flaw { byte, message: format!("the latitude {steep} lies beyond the pole{swapped}") });
        }
        if steep > 90.0 {
            self.oddities.push((Oddity::LatitudeHeld, byte));
        }
        let leaves = rect.min_x < -180.0 - NOISE || rect.max_x > 180.0 + NOISE;
        if rect.min_x < -180.0 || rect.max_x > 180.0 {
            self.oddities.push((Oddity::LongitudeWrapped, byte));
        }
        for [lon, lat] in &mut draft.positions[range] {
            *lat = lat.clamp(-90.0, 90.0);
            if !leaves {
                *lon = lon.clamp(-180.0, 180.0);
            }
        }
        Ok(leaves)
    }

    fn look_for_jumps(&mut self, draft: &Draft, from: usize, to: usize) {
        for path in from..to {
            let positions = positions_of(draft, path).0;
            let jumps = |pair: &[[f64; 2]]| {
                (pair[0][0] - pair[1][0]).abs() > 350.0 && pair[0][0].abs() < 180.0 && pair[1][0].abs() < 180.0
            };
            if positions.windows(2).any(jumps) {
                self.oddities.push((Oddity::AntimeridianJump, draft.paths[path].byte));
            }
        }
    }

    fn points(&mut self, draft: &mut Draft, paths: std::ops::Range<usize>, leaves: bool) {
        for path in paths {
            let (positions, heights) = positions_of(draft, path);
            if positions.is_empty() {
                continue;
            }
            self.shapes.extend_path(positions, heights);
            if leaves {
                self.shapes.open_path().iter_mut().for_each(|[lon, _]| *lon = antimeridian::wrap(*lon));
            }
            self.shapes.end_path();
            self.end_part(PartKind::Points);
        }
    }

    fn lines(&mut self, draft: &Draft, paths: std::ops::Range<usize>, leaves: bool) {
        for path in paths {
            let (positions, heights) = positions_of(draft, path);
            let byte = draft.paths[path].byte;
            if positions.len() < 2 {
                // An empty array is how a geometry without positions is written; one position is a mistake.
                if !positions.is_empty() || self.multi {
                    self.dropped.get_or_insert((Oddity::LineShort, byte));
                }
                continue;
            }
            if !leaves {
                self.shapes.extend_path(positions, heights);
                self.shapes.end_path();
                self.end_part(PartKind::Line);
                continue;
            }
            let pieces = antimeridian::cut_line(solid(positions, heights));
            self.note_cut(pieces.len(), byte);
            for piece in pieces {
                self.push_solid(&piece);
                self.end_part(PartKind::Line);
            }
        }
    }

    fn polygon(&mut self, draft: &Draft, paths: std::ops::Range<usize>, leaves: bool) {
        let byte = paths.clone().next().map_or(0, |path| draft.paths[path].byte);
        let mut rings: Vec<Vec<Position>> = Vec::new();
        for (number, path) in paths.clone().enumerate() {
            let (positions, heights) = positions_of(draft, path);
            let byte = draft.paths[path].byte;
            let is_closed = positions.len() > 1 && positions.first() == positions.last();
            if positions.len() - usize::from(is_closed) < 3 {
                self.dropped.get_or_insert((Oddity::RingShort, byte));
                if number == 0 {
                    // Without its exterior ring there is no polygon.
                    return;
                }
                continue;
            }
            self.shapes.extend_path(positions, heights);
            if !is_closed {
                self.oddities.push((Oddity::RingOpen, byte));
                let [lon, lat] = positions[0];
                self.shapes.push_coord(lon, lat, heights.first().copied().filter(|height| !height.is_nan()));
            }
            let area = antimeridian::doubled_area(positions.iter().copied());
            if (number == 0 && area < 0.0) || (number > 0 && area > 0.0) {
                self.oddities.push((Oddity::RingWinding, byte));
                self.shapes.reverse_open_path();
            }
            if leaves {
                rings.push(self.shapes.take_open_path());
            } else {
                self.shapes.end_path();
            }
        }
        if leaves {
            let pieces = antimeridian::cut_polygon(rings);
            self.note_cut(pieces.len(), byte);
            for piece in pieces {
                for ring in &piece {
                    self.push_solid(ring);
                }
                self.end_part(PartKind::Polygon);
            }
        } else if !paths.is_empty() {
            self.end_part(PartKind::Polygon);
        }
    }

    fn note_cut(&mut self, pieces: usize, byte: usize) {
        if pieces > 1 {
            self.oddities.push((Oddity::AntimeridianCut, byte));
            self.was_cut = true;
            self.multi = true;
        }
    }

    fn push_solid(&mut self, path: &[Position]) {
        for &[lon, lat, height] in path {
            self.shapes.push_coord(lon, lat, Some(height).filter(|height| !height.is_nan()));
        }
        self.shapes.end_path();
    }

    fn end_part(&mut self, kind: PartKind) {
        if self.in_collection {
            self.shapes.end_member_part(kind, self.multi, self.member_parts == 0);
        } else {
            self.shapes.end_part(kind);
        }
        self.member_parts += 1;
        self.parts += 1;
    }
}

/// The positions and heights of a path; the latter are empty when there are none at all.
fn positions_of(draft: &Draft, path: usize) -> (&[[f64; 2]], &[f64]) {
    let start = if path == 0 { 0 } else { draft.paths[path - 1].end };
    let range = start..draft.paths[path].end;
    (&draft.positions[range.clone()], draft.heights.get(range).unwrap_or(&[]))
}

fn solid(positions: &[[f64; 2]], heights: &[f64]) -> Vec<Position> {
    let height = |at: usize| heights.get(at).copied().unwrap_or(f64::NAN);
    positions.iter().enumerate().map(|(at, &[lon, lat])| [lon, lat, height(at)]).collect()
}
