//! `line` layers.

use super::item::stepping;
use super::item::through;
use super::item::translation;
use super::mesh::Ribbon;
use super::mesh::mesh;
use super::pace::Edges;
use super::pace::paced;
use super::ramp::Ramp;
use super::stroke::Dashes;
use super::stroke::Ink;
use super::stroke::Stroke;
use crate::render::Canvas;
use crate::render::clip::Clip;
use crate::render::lattice::Cell;
use crate::render::scene::Frame;
use crate::render::scene::Part;
use crate::render::view::Placement;
use crate::style::Color;
use crate::style::Context;
use crate::style::Diagnostic;
use crate::style::ImageName;
use crate::style::Line;
use crate::style::LineCap;
use crate::style::LineJoin;
use crate::style::Resolved;
use crate::tile::TileGeometry;

/// Draws lines and outlines.
pub fn line(
    canvas: &mut Canvas,
    frame: &Frame<'_>,
    style: &Line,
    parts: &[Part<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let paint = frame.paint();
    let shift =
        Cell::nearest(translation(frame, style.translate.evaluate(&paint), style.translate_anchor.evaluate(&paint)));
    let ramp = Ramp::new(&style.gradient, paint.zoom);
    let layout = frame.layout();
    let properties = Properties {
        opacity: style.opacity.resolve(&paint),
        width: style.width.resolve(&paint),
        floor_width: style.width.resolve(&Context { zoom: layout.zoom, ..paint }),
        gap_width: style.gap_width.resolve(&paint),
        blur: style.blur.resolve(&paint),
        offset: style.offset.resolve(&paint),
        color: style.color.resolve(&paint),
        pattern: stepping(&style.pattern, frame),
        dasharray: stepping(&style.dasharray, frame),
        has_round_ends: style.cap.as_constant() == Some(&LineCap::Round),
        cap: style.cap.resolve(&layout),
        join: style.join.resolve(&layout),
        miter_limit: style.miter_limit.resolve(&layout),
        round_limit: style.round_limit.resolve(&layout),
    };
    through(canvas, style.layer_opacity.evaluate(&paint), |canvas| {
        let mut points = Vec::new();
        for part in parts {
            let clip = Clip::of_tile(frame.view, &part.clip);
            let transform = frame.view.transform(&part.placed, part.layer.extent());
            let edges = edges(frame, part);
            for feature in part.features() {
                let closed = feature.geometry() == TileGeometry::Polygons;
                if feature.geometry() == TileGeometry::Points {
                    continue;
                }
                part.with_subject(feature, |subject| {
                    let (paint, layout) = (paint.with(subject), layout.with(subject));
                    let Some((ribbon, mut stroke)) =
                        look(frame, &properties, &paint, &layout, ramp.as_ref(), diagnostics)
                    else {
                        return;
                    };
                    for (path, along) in feature.paths().zip(feature.along()) {
                        let ends = || {
                            let ends = path.iter().chain(path.first().filter(|_| closed));
                            ends.map(|point| point.map(f64::from))
                        };
                        let to_cell = |point| transform.to_cell(point) + shift;
                        let edges = edges.as_ref().filter(|_| ribbon.period > 0.0);
                        let laid = edges.and_then(|edges| paced(ends(), edges, ribbon.period, to_cell));
                        let (points, along) = if let Some((cells, along)) = &laid {
                            (&cells[..], &along[..])
                        } else {
                            points.clear();
                            points.extend(ends().map(to_cell));
                            if along.is_empty() {
                                points.dedup();
                            }
                            (&points[..], along)
                        };
                        if let Ink::Gradient(_, length, pieces) = &mut stroke.ink {
                            if part.placed.window.is_none() {
                                *pieces = held(path, f64::from(part.layer.extent()));
                            }
                            *length = span(points, along).max(1e-3);
                            // Along a gradient MapLibre counts in shares of the line, as if it were this long.
                            stroke.stretch = (MEASURED * growth(frame)) as f32 / *length;
                        }
                        mesh(points, along, closed && points.len() > 2, &ribbon, |corners| {
                            if !canvas.is_worn() {
                                stroke.paint(canvas, &clip, corners);
                            }
                        });
                    }
                });
            }
        }
    });
}

/// What is the same for all features is known before the first.
struct Properties<'a> {
    opacity: Resolved<'a, f64>,
    width: Resolved<'a, f64>,
    /// The width at the whole zoom below.
    floor_width: Resolved<'a, f64>,
    gap_width: Resolved<'a, f64>,
    blur: Resolved<'a, f64>,
    offset: Resolved<'a, f64>,
    color: Resolved<'a, Color>,
    pattern: Resolved<'a, Option<ImageName>>,
    dasharray: Resolved<'a, Option<Vec<f64>>>,
    /// Only a cap that is the same for all lines rounds dashes.
    has_round_ends: bool,
    cap: Resolved<'a, LineCap>,
    join: Resolved<'a, LineJoin>,
    miter_limit: Resolved<'a, f64>,
    round_limit: Resolved<'a, f64>,
}

/// How a feature is drawn; `None` when nothing of it shows.
fn look<'a>(
    frame: &'a Frame<'_>,
    style: &Properties<'_>,
    paint: &Context<'_>,
    layout: &Context<'_>,
    ramp: Option<&'a Ramp>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Ribbon, Stroke<'a>)> {
    let ratio = frame.view.ratio();
    let opacity = style.opacity.of(paint).clamp(0.0, 1.0);
    let width = style.width.of(paint).max(0.0);
    if opacity <= 0.0 || width <= 0.0 {
        return None;
    }
    let gap = style.gap_width.of(paint).max(0.0) / 2.0;
    let blur = style.blur.of(paint).max(0.0);
    // Half a pixel beyond each edge is where softness begins.
    let reach = if gap > 0.0 { gap + width } else { width / 2.0 } * ratio + 0.5;
    let inner = if gap > 0.0 { gap * ratio + 0.5 } else { 0.0 };
    let cap = style.cap.of(layout);
    // Dashes and patterns have the size that they have at the whole zoom below, and grow with the map from there.
    let floor_width = style.floor_width.of(&Context { zoom: layout.zoom, ..*paint }).max(0.0);
    let growth = growth(frame);
    let pattern = style.pattern.of(layout);
    // A pattern goes on where dashes would end.
    // Ends are soft over a pixel on either side, as large as at the whole zoom below; along a gradient over one of the style.
    let soft = 2.0 * if ramp.is_some() { growth } else { growth / ratio };
    let dashes =
        style.dasharray.of(layout).filter(|_| pattern.is_none()).and_then(|lengths| {
            Dashes::new(&lengths, (floor_width * growth) as f32, soft as f32, style.has_round_ends)
        });
    let ink = if let Some(name) = pattern {
        let Some(image) = frame.images.image(&name.0) else {
            let remark = Diagnostic::new(None, Some("line-pattern"), format!("there is no image '{}'", name.0));
            if !diagnostics.contains(&remark) {
                diagnostics.push(remark);
            }
            return None;
        };
        let proportion = f64::from(image.width) / f64::from(image.height.max(1));
        Ink::Pattern(image, (floor_width * growth * proportion) as f32)
    } else if let Some(ramp) = ramp {
        Ink::Gradient(ramp, 0.0, Vec::new())
    } else {
        Ink::Plain(style.color.of(paint).premultiplied())
    };
    let join = style.join.of(layout);
    let ribbon = Ribbon {
        join,
        cap,
        miter_limit: if join == LineJoin::Bevel { FLAT } else { style.miter_limit.of(layout) },
        round_limit: style.round_limit.of(layout),
        reach,
        offset: style.offset.of(paint) * ratio,
        sharp: 15.0 * growth,
        period: 0.0,
    };
    let stroke = Stroke {
        outer: reach as f32,
        inner: inner as f32,
        blur: (blur * ratio + 1.0) as f32,
        opacity: opacity as f32,
        ink,
        dashes,
        stretch: 1.0,
    };
    Some((Ribbon { period: f64::from(stroke.period()), ..ribbon }, stroke))
}

/// The edges of what is drawn of a tile, in its units, where pictures beside it go on with its lines.
fn edges(frame: &Frame<'_>, part: &Part<'_>) -> Option<Edges> {
    if part.placed.window.is_some() || frame.view.placement() == Placement::View {
        return None;
    }
    let ([left, top, side], [own_left, own_top, own_side]) = (part.placed.square(), part.clip.square());
    let unit = f64::from(part.layer.extent().max(1)) / side;
    Some([own_left - left, own_top - top].map(|low| [low * unit, (low + own_side) * unit]))
}

/// Pixels of a line with a gradient at the whole zoom below, for its dashes.
const MEASURED: f64 = 2048.0;

/// A bevel of a bend flatter than this cannot be seen.
const FLAT: f64 = 1.05;

/// Pixels of the picture for one of the style at the whole zoom below.
fn growth(frame: &Frame<'_>) -> f64 {
    (frame.view.zoom() - frame.layout().zoom).exp2() * frame.view.ratio()
}

/// The length of a line in pixels; `along` are those of a line of which runs were left out.
fn span(points: &[Cell], along: &[f64]) -> f32 {
    if let Some(&last) = along.last() {
        return last as f32;
    }
    let length = |pair: &[Cell]| {
        let [x, y] = (pair[1] - pair[0]).to_pixels();
        x.hypot(y)
    };
    points.windows(2).map(length).sum::<f64>() as f32
}

#[expect(clippy::float_cmp, reason = "a piece goes on where the one before ended, which is the same number")]
/// The shares of a line's length between which a tile holds it, with a quarter of a tile around: for each of these pieces MapLibre
/// computes the colours of a gradient anew.
fn held(path: &[[i32; 2]], extent: f64) -> Vec<[f32; 2]> {
    let (low, high) = (-extent / 4.0, extent * 1.25);
    let (mut pieces, mut passed): (Vec<[f64; 2]>, f64) = (Vec::new(), 0.0);
    for ends in path.windows(2) {
        let [from, to] = [ends[0].map(f64::from), ends[1].map(f64::from)];
        let step = [to[0] - from[0], to[1] - from[1]];
        let length = step[0].hypot(step[1]);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for axis in 0..2 {
            let (a, b) = ((low - from[axis]) / step[axis], (high - from[axis]) / step[axis]);
            if step[axis] != 0.0 {
                (enter, leave) = (enter.max(a.min(b)), leave.min(a.max(b)));
            } else if !(low..=high).contains(&from[axis]) {
                leave = -1.0;
            }
        }
        if enter <= leave {
            let (start, end) = (passed + enter * length, passed + leave * length);
            match pieces.last_mut() {
                Some(last) if enter == 0.0 && last[1] == passed => last[1] = end,
                _ => pieces.push([start, end]),
            }
        }
        passed += length;
    }
    pieces.into_iter().map(|piece| piece.map(|along| (along / passed.max(1e-9)) as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_holds_a_line_between_the_shares_at_which_it_enters_and_leaves() {
        // From half a tile before it to half a tile behind it, of which a quarter is held on either side.
        assert_eq!(held(&[[-2048, 0], [6144, 0]], 4096.0), [[0.125, 0.875]]);
        assert_eq!(held(&[[0, 0], [1000, 0], [4000, 0]], 4096.0), [[0.0, 1.0]]);
        assert_eq!(held(&[[0, 0], [0, 8192], [4096, 8192], [4096, 0]], 4096.0).len(), 2);
        assert!(held(&[[9000, 0], [9000, 4096]], 4096.0).is_empty());
    }
}
