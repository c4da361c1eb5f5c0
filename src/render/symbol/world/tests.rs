//! That lazy questions have the answers of one pass over everything.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value as Json;
use serde_json::json;

use super::candidate::Candidate;
use super::field::Field;
use super::field::MOST_HEIGHT;
use super::setting::Setting;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::render::Placement;
use crate::render::View;
use crate::render::scene::Frame;
use crate::render::scene::Labelled;
use crate::render::symbol::bucket::Missing;
use crate::render::symbol::grid::Cover;
use crate::render::symbol::place::Placer;
use crate::render::symbol::place::Verdict;
use crate::render::text::Fonts;
use crate::render::text::GlyphSource;
use crate::render::whole::Memory;
use crate::render::whole::Span;
use crate::render::whole::Whole;
use crate::render::whole::WholeLayer;
use crate::store::Snapshot;
use crate::store::Version;
use crate::style::LayerKind;
use crate::style::Overlap;
use crate::style::SpriteImages;
use crate::style::Style;

const NAMES: [&str; 5] = ["Hoeryong", "회령시", "Rajin-Sonbong", "图们江", "Ch"];

/// Paths in degrees; one position is a point.
fn whole(paths: &[Vec<[f64; 2]>]) -> Whole {
    let mut builder = TableBuilder::default();
    for (number, path) in paths.iter().enumerate() {
        let (kind, part) = match path.len() {
            1 => (GeometryKind::Point, PartKind::Points),
            _ => (GeometryKind::LineString, PartKind::Line),
        };
        path.iter().for_each(|&[lon, lat]| builder.shapes().push_coord(lon, lat, None));
        builder.shapes().end_path();
        builder.shapes().end_part(part);
        let id = number.to_string();
        let values = [("name", Value::Text(NAMES[number % NAMES.len()])), ("key", Value::Int(number as i64 % 3))];
        builder.push(Id { text: &id, number: true }, kind, "{}", values);
    }
    let snapshot = Snapshot::new(builder.finish(|_| {}), Version(1));
    Whole { layers: vec![WholeLayer::new("s", "", snapshot, None)], memory: Arc::new(Memory::new(8 << 20)) }
}

fn style(layouts: &[Json]) -> Style {
    let layer = |(number, layout): (usize, &Json)| json!({ "id": number.to_string(), "type": "symbol", "source": "s", "layout": layout });
    let layers: Vec<Json> = layouts.iter().enumerate().map(layer).collect();
    let empty = json!({ "type": "FeatureCollection", "features": [] });
    let sources = json!({ "s": { "type": "geojson", "data": empty } });
    let (style, said) = Style::read(json!({ "version": 8, "sources": sources, "layers": layers })).unwrap();
    assert_eq!(said, []);
    style
}

fn layouts() -> [Json; 3] {
    [
        json!({ "text-field": ["get", "name"], "text-size": 20, "symbol-sort-key": ["get", "key"] }),
        json!({ "text-field": ["get", "name"], "symbol-placement": "line", "symbol-spacing": 90, "text-max-angle": 90 }),
        json!({ "text-field": ["get", "name"], "text-size": 13, "text-variable-anchor": ["left", "right", "top"],
            "text-radial-offset": 0.6 }),
    ]
}

fn field<'a>(style: &'a Style, whole: &'a Whole, frame: &'a Frame<'a>, glyphs: &'a GlyphSource) -> Field<'a> {
    let mut field = Field::new(Setting::new(frame, glyphs));
    for layer in style.layers.iter().rev() {
        let LayerKind::Symbol(symbol) = &layer.kind else { continue };
        field.add(layer, symbol, &Labelled::Whole(whole, &whole.layers[0]), &mut Missing::new());
    }
    field
}

/// One pass over all labels from the highest rank down, each against all that stand.
fn one_pass(field: &Field<'_>, mut all: Vec<(usize, Arc<Candidate>)>) -> Vec<(Arc<Candidate>, Verdict)> {
    all.sort_by_key(|(_, candidate)| candidate.rank);
    let mut standing: Vec<(usize, Arc<Candidate>, Vec<(Cover, Overlap)>)> = Vec::new();
    let mut found = Vec::new();
    for (layer, own) in all {
        let mut placer = Placer::within([-1e4, -1e4, 1e4, 1e4]);
        let mut is_repeated = false;
        for (theirs, other, covers) in &standing {
            let apart = field.setting.turned(own.cell, other.cell);
            let spacing = own.bucket.rules.spacing / 2.0;
            let same = own.label().text == other.label().text && own.instance.anchor.segment.is_some();
            is_repeated |= *theirs == layer && same && apart[0].hypot(apart[1]) < spacing;
            covers.iter().for_each(|(cover, overlap)| placer.take(cover.moved(apart), *overlap));
        }
        let before = placer.taken().len();
        let verdict = if is_repeated { Verdict::default() } else { placer.place(&own.bucket, &own.instance) };
        if verdict.text {
            standing.push((layer, Arc::clone(&own), placer.taken()[before..].to_vec()));
        }
        found.push((own, verdict));
    }
    found
}

fn position() -> impl Strategy<Value = [f64; 2]> {
    (-2.0..2.0, -1.5..1.5).prop_map(|(lon, lat)| [lon, lat])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_labels_of_any_view_are_those_of_one_pass_over_everything(
        paths in prop::collection::vec(prop_oneof![
            3 => position().prop_map(|point| vec![point]),
            1 => prop::collection::vec(position(), 2..5),
        ], 20..120),
        centers in prop::collection::vec(position(), 3),
    ) {
        let (style, whole) = (style(&layouts()), whole(&paths));
        let glyphs = GlyphSource::Fonts(Arc::new(Fonts::new(Vec::new(), 4 << 20)));
        let images = SpriteImages::default();
        let view = |center, side| View::new(center, 6.0, 0.0, [side; 2], 1.0).with_placement(Placement::World);
        let everywhere = view([0.0, 0.0], 4096.0);
        let frame = Frame::new(&everywhere, &images);
        let everything = field(&style, &whole, &frame, &glyphs);
        let mut all = Vec::new();
        for layer in 0..3 {
            for (place, _) in everything.blocks.meeting(&Span::of(&everywhere, 0.0)) {
                all.extend(everything.block(layer, place).candidates.iter().map(|own| (layer, Arc::clone(own))));
            }
        }
        prop_assert!(all.len() >= paths.len());
        let expected = one_pass(&everything, all);
        prop_assert!(expected.iter().any(|(_, verdict)| verdict.text));
        for center in centers {
            let small = view(center, 256.0);
            let frame = Frame::new(&small, &images);
            // With nothing that was kept from others.
            let fresh = Whole { memory: Arc::new(Memory::new(8 << 20)), ..whole.clone() };
            let asked = field(&style, &fresh, &frame, &glyphs);
            let picture = Span::of(&small, 0.0);
            for layer in 0..3 {
                let found: Vec<_> = asked.standing(layer, &mut Missing::new()).iter().map(|own| own.candidate.rank).collect();
                let mut own: Vec<_> = expected
                    .iter()
                    .filter(|(candidate, verdict)| {
                        let seen = asked.setting.span(candidate.cell, candidate.edges, 1.0).meets(&picture);
                        verdict.text && seen && candidate.rank.layer() == layer
                    })
                    .map(|(candidate, _)| candidate.rank)
                    .collect();
                own.sort_by_key(super::rank::Rank::drawn);
                prop_assert_eq!(found, own);
            }
        }
    }
}

/// Labels in a row, each of which lies over the next and outranks it: every other one stands, as far as heights go.
#[test]
fn a_chain_of_labels_beyond_the_bound_is_cut_alike_in_all_pictures() {
    let paths: Vec<Vec<[f64; 2]>> = (0..600).map(|n| vec![[-20.0 + f64::from(n) * 0.06, 0.0]]).collect();
    let layout = json!({ "text-field": "Hoeryong", "text-size": 16, "symbol-sort-key": ["id"] });
    let (style, whole) = (style(&[layout]), whole(&paths));
    let glyphs = GlyphSource::Fonts(Arc::new(Fonts::new(Vec::new(), 4 << 20)));
    let images = SpriteImages::default();
    let standing = |center: f64| -> Vec<u64> {
        let view = View::new([center, 0.0], 9.0, 0.0, [8192.0, 256.0], 1.0).with_placement(Placement::World);
        let frame = Frame::new(&view, &images);
        let fresh = Whole { memory: Arc::new(Memory::new(8 << 20)), ..whole.clone() };
        let asked = field(&style, &fresh, &frame, &glyphs);
        asked.standing(0, &mut Missing::new()).iter().map(|own| own.candidate.label().identity).collect()
    };
    let (start, middle, end) = (standing(-15.0), standing(-6.0), standing(10.0));
    assert!(start.iter().eq((0..start.len() as u64 * 2).step_by(2).collect::<Vec<_>>().iter()));
    // The first of the middle is in both pictures.
    let common = middle[0]..=start[start.len() - 1];
    assert!(common.clone().count() > 10);
    let in_common = |ids: &[u64]| ids.iter().copied().filter(|id| common.contains(id)).collect::<Vec<_>>();
    assert_eq!(in_common(&start), in_common(&middle));
    assert_eq!(middle.last(), Some(&u64::from(MOST_HEIGHT)));
    assert!(end.is_empty());
}
