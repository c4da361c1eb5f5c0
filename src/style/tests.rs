//! Styles as people write them, and as nobody should.

#![expect(clippy::float_cmp, reason = "the numbers of these styles are exact in binary")]

use std::collections::BTreeSet;

use maplibre_expr::migrate;
use serde_json::json;

use super::*;
use crate::feature::Properties;
use crate::feature::Value;

struct Tags(&'static [(&'static str, Value<'static>)]);

impl Properties for Tags {
    fn property(&self, name: &str) -> Option<Value<'_>> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>)) {
        self.0.iter().for_each(|(key, value)| visit(key, *value));
    }
}

fn subject(tags: &Tags) -> Subject<'_> {
    Subject {
        properties: tags,
        id: Value::Int(7),
        geometry: GeometryType::LineString,
        tile: &|| (0, 0, 0),
        positions: &Vec::new,
    }
}

fn one_layer(layer: &serde_json::Value) -> (Layer, Vec<Diagnostic>) {
    let style = json!({ "version": 8, "sources": { "s": { "type": "vector" } }, "layers": [layer] });
    let (mut style, diagnostics) = Style::read(style).unwrap();
    (style.layers.remove(0), diagnostics)
}

fn line(layer: &Layer) -> &Line {
    match &layer.kind {
        LayerKind::Line(line) => line,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_property_of_the_specification_has_a_place() {
    let mut known: BTreeSet<&str> = BTreeSet::from(["visibility"]);
    for names in
        [Background::NAMES, Fill::NAMES, Line::NAMES, Circle::NAMES, Symbol::NAMES, Raster::NAMES, Heatmap::NAMES]
    {
        known.extend(names);
    }
    known.extend(FillExtrusion::NAMES.iter().chain(Hillshade::NAMES).chain(ColorRelief::NAMES));
    for name in migrate::reference().as_object().unwrap().keys() {
        assert!(known.contains(name.as_str()), "{name}");
    }
    // Reading an empty layer of each type looks up every default.
    let kinds = ["background", "fill", "line", "circle", "symbol", "raster", "heatmap"];
    for kind in kinds.into_iter().chain(["fill-extrusion", "hillshade", "color-relief"]) {
        let (_, diagnostics) = one_layer(&json!({ "id": "a", "type": kind, "source": "s" }));
        assert_eq!(diagnostics, []);
    }
}

#[test]
fn expressions_read_the_zoom_and_the_feature() {
    let (layer, diagnostics) = one_layer(&json!({
        "id": "a", "type": "line", "source": "s",
        "filter": ["all", ["==", ["get", "class"], "road"], [">", ["zoom"], 3]],
        "paint": {
            "line-width": ["interpolate", ["linear"], ["zoom"], 0, 1, 10, ["get", "w"]],
            "line-color": { "property": "class", "type": "categorical", "stops": [["road", "#f00"]] },
            "line-opacity": { "stops": [[0, 0], [10, 1]] }
        }
    }));
    assert_eq!(diagnostics, []);
    let tags = Tags(&[("class", Value::Text("road")), ("w", Value::Float(11.0))]);
    let subject = subject(&tags);
    let context = Context::of_zoom(5.0).with(&subject);
    assert!(layer.filter.accepts(&context));
    assert!(!layer.filter.accepts(&Context::of_zoom(2.0).with(&subject)));
    let line = line(&layer);
    assert_eq!(line.width.evaluate(&context), 6.0);
    assert_eq!(line.color.evaluate(&context), Color::new(1.0, 0.0, 0.0, 1.0));
    assert!(line.width.reads_feature() && !line.opacity.reads_feature());
    assert!(matches!(line.opacity.resolve(&Context::of_zoom(5.0)), Resolved::Same(half) if half == 0.5));
    assert_eq!(line.blur.as_constant(), Some(&0.0));
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_has_its_default() {
    let (layer, diagnostics) = one_layer(&json!({
        "id": "a", "type": "line", "source": "s",
        "layout": { "line-cap": "square", "line-jion": "round" },
        "paint": { "line-width": ["abs", ["get"]], "line-color": "blurple", "line-width-transition": {} }
    }));
    let said: Vec<_> =
        diagnostics.iter().map(|d| (d.property.as_deref().unwrap(), d.place.as_deref().unwrap())).collect();
    assert_eq!(
        said,
        [
            ("line-color", "layers[0].paint.line-color"),
            ("line-width", "layers[0].paint.line-width[1]"),
            ("line-jion", "layers[0].layout.line-jion"),
        ]
    );
    assert_eq!(line(&layer).width.as_constant(), Some(&1.0));
    assert_eq!(line(&layer).color.as_constant(), Some(&Color::new(0.0, 0.0, 0.0, 1.0)));
    assert_eq!(line(&layer).cap.as_constant(), Some(&LineCap::Square));
}

#[test]
fn an_expression_that_fails_on_a_feature_gives_the_default() {
    let (layer, _) = one_layer(&json!({
        "id": "a", "type": "line", "source": "s",
        "paint": { "line-width": ["get", "w"], "line-blur": ["to-number", ["id"]] }
    }));
    let tags = Tags(&[("w", Value::Text("wide"))]);
    let subject = subject(&tags);
    let context = Context::of_zoom(0.0).with(&subject);
    assert_eq!(line(&layer).width.evaluate(&context), 1.0);
    assert_eq!(line(&layer).blur.evaluate(&context), 7.0);
}

#[test]
fn a_broken_filter_shows_nothing_and_a_legacy_one_works() {
    let layer = |filter| one_layer(&json!({ "id": "a", "type": "line", "source": "s", "filter": filter })).0;
    let tags = Tags(&[("n", Value::Int(3))]);
    let subject = subject(&tags);
    let context = Context::of_zoom(0.0).with(&subject);
    assert!(!layer(json!(["==", ["get", "n"]])).filter.accepts(&context));
    assert!(layer(json!(["all", ["in", "n", 1, 3], ["==", "$type", "LineString"]])).filter.accepts(&context));
    assert!(!layer(json!(["none", [">=", "n", 3]])).filter.accepts(&context));
}

#[test]
fn references_and_variables_are_resolved() {
    let (style, diagnostics) = Style::read(json!({
        "version": 8,
        "state": { "wide": { "default": 9 } },
        "sources": { "s": { "type": "geojson", "data": { "type": "FeatureCollection", "features": [] } } },
        "layers": [
            { "id": "a", "type": "line", "source": "s", "minzoom": 3, "layout": { "line-cap": "round" } },
            { "id": "b", "ref": "a", "paint": { "line-width": ["global-state", "wide"] } },
            { "id": "c", "ref": "nobody" },
            { "id": "a", "type": "line", "source": "s" },
            { "id": "d", "type": "line", "source": "t" }
        ]
    }))
    .unwrap();
    let layer = &style.layers[1];
    assert_eq!((layer.minzoom, line(layer).cap.as_constant()), (3.0, Some(&LineCap::Round)));
    assert_eq!(line(layer).width.as_constant(), Some(&9.0));
    assert!(layer.is_shown(3.0) && !layer.is_shown(2.9));
    let layers: Vec<_> = diagnostics.iter().map(|d| d.layer.as_deref().unwrap()).collect();
    assert_eq!(layers, ["c", "a", "d"]);
}

#[test]
fn labels_are_formatted_text() {
    let (layer, _) = one_layer(&json!({
        "id": "a", "type": "symbol", "source": "s",
        "layout": {
            "text-field": ["format", ["get", "name"], { "font-scale": 0.8 }, "\n", {}, ["image", "dot"], {}],
            "icon-image": "{kind}-15", "icon-padding": [1, 2],
            "text-variable-anchor-offset": ["top", [0, 1], "left", [2, 0]]
        }
    }));
    let LayerKind::Symbol(symbol) = &layer.kind else { panic!() };
    let tags = Tags(&[("name", Value::Text("Tumen")), ("kind", Value::Text("town"))]);
    let subject = subject(&tags);
    let context = Context::of_zoom(0.0).with(&subject);
    let sections = symbol.text_field.evaluate(&context).sections;
    assert_eq!(sections.len(), 3);
    assert_eq!((&sections[0].content, sections[0].scale), (&SectionContent::Text("Tumen".into()), Some(0.8)));
    assert_eq!(sections[2].content, SectionContent::Image(ImageName("dot".into())));
    assert_eq!(symbol.icon_image.evaluate(&context), Some(ImageName("town-15".into())));
    assert_eq!(symbol.icon_padding.evaluate(&context), Padding { top: 1.0, right: 2.0, bottom: 1.0, left: 2.0 });
    let offsets = symbol.text_variable_anchor_offset.evaluate(&context).unwrap();
    assert_eq!(offsets.0, [(Anchor::Top, [0.0, 1.0]), (Anchor::Left, [2.0, 0.0])]);
}

#[test]
fn scripts_that_are_more_than_a_glyph_a_letter_are_not_supported() {
    let supported = |text: serde_json::Value| {
        let (layer, _) = one_layer(&json!({
            "id": "a", "type": "symbol", "source": "s",
            "layout": { "text-field": ["format", ["to-string", ["is-supported-script", text]], {}] }
        }));
        let LayerKind::Symbol(symbol) = &layer.kind else { panic!() };
        let tags = Tags(&[("hindi", Value::Text("देवनागरी")), ("arabic", Value::Text("سلام"))]);
        let subject = subject(&tags);
        symbol.text_field.evaluate(&Context::of_zoom(0.0).with(&subject)).sections.remove(0).content
    };
    let answer = |text: &str| SectionContent::Text(text.to_owned());
    assert_eq!(supported(json!(["get", "hindi"])), answer("false"));
    assert_eq!(supported(json!(["get", "arabic"])), answer("true"));
    assert_eq!(supported(json!("ខ្មែរ")), answer("false"));
    assert_eq!(supported(json!("두만강")), answer("true"));
}

#[test]
fn a_collator_says_which_texts_are_equal() {
    let equal = |a: &str, b: &str, case: bool, marks: bool| {
        let collator = json!(["collator", { "case-sensitive": case, "diacritic-sensitive": marks }]);
        let filter = Filter::parse(&json!(["==", ["string", a], ["string", b], collator])).unwrap();
        filter.accepts(&Context::default())
    };
    assert!(equal("Füssen", "fussen", false, false));
    assert_eq!((equal("Füssen", "füssen", false, true), equal("Füssen", "Fussen", false, true)), (true, false));
    assert_eq!((equal("Füssen", "Fussen", true, false), equal("Füssen", "füssen", true, false)), (true, false));
    assert_eq!((equal("Füssen", "Füssen", true, true), equal("Füssen", "füssen", true, true)), (true, false));
    let before = json!(["<", ["string", "ähre"], ["string", "Baum"], ["collator", {}]]);
    assert!(Filter::parse(&before).unwrap().accepts(&Context::default()));
}

#[test]
fn the_default_heatmap_ramp_starts_clear_and_ends_red() {
    let (layer, _) = one_layer(&json!({ "id": "a", "type": "heatmap", "source": "s" }));
    let LayerKind::Heatmap(heatmap) = &layer.kind else { panic!() };
    let ramp = heatmap.color.ramp(0.0, 256);
    assert_eq!((ramp[0].a, ramp[255]), (0.0, Color::new(1.0, 0.0, 0.0, 1.0)));
}

#[test]
fn texts_that_are_no_styles_are_refused() {
    assert!(matches!(Style::parse("{\n  \"version\": 8,,"), Err(Error::Json { line: 2, .. })));
    assert_eq!(Style::parse("[]").unwrap_err(), Error::NotAStyle);
    assert_eq!(Style::parse("{\"version\": 7, \"layers\": []}").unwrap_err(), Error::Version);
}

#[test]
fn the_colours_of_heights_bend_and_jump_at_their_stops() {
    let relief = |color: serde_json::Value| {
        let layer =
            json!({ "id": "a", "type": "color-relief", "source": "s", "paint": { "color-relief-color": color } });
        match one_layer(&layer).0.kind {
            LayerKind::ColorRelief(relief) => relief.color.knots(),
            other => panic!("{other:?}"),
        }
    };
    let (black, white) = (Some(Color::new(0.0, 0.0, 0.0, 1.0)), Some(Color::new(1.0, 1.0, 1.0, 1.0)));
    let knots = relief(json!(["step", ["elevation"], "black", 100, "white"]));
    assert_eq!(knots.iter().map(|knot| knot.1).collect::<Vec<_>>(), [black, white]);
    assert!(knots[0].0 == 100.0 && knots[1].0 == 100.0);
    let knots = relief(json!(["interpolate", ["linear"], ["elevation"], 0, "black", 200, "white"]));
    assert_eq!((knots.first().unwrap().1, knots.last().unwrap().1), (black, white));
}

#[test]
fn latitudes_beyond_the_poles_come_back_from_them() {
    let data = json!({ "type": "Point", "coordinates": [10, 100] });
    let style = json!({ "version": 8, "sources": { "s": { "type": "geojson", "data": data } }, "layers": [] });
    let (style, _) = Style::read(style).unwrap();
    let Source::Geojson(Geojson { data: GeojsonData::Inline(text), .. }) = &style.sources["s"] else { panic!() };
    let point: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(point["coordinates"][0], 10);
    assert!((point["coordinates"][1].as_f64().unwrap() - 80.0).abs() < 1e-9);
}

#[test]
fn what_is_too_much_is_cut_off_or_refused() {
    let (layer, _) = one_layer(&json!({
        "id": "a", "type": "symbol", "source": "s", "layout": { "text-field": "ab ".repeat(100_000) }
    }));
    let LayerKind::Symbol(symbol) = &layer.kind else { panic!() };
    let SectionContent::Text(text) = &symbol.text_field.evaluate(&Context::default()).sections[0].content.clone()
    else {
        panic!()
    };
    assert_eq!(text.chars().count(), 2_000);
    let layers: Vec<_> = (0..10_002).map(|n| json!({ "id": n.to_string(), "type": "background" })).collect();
    let (style, diagnostics) = Style::read(json!({ "version": 8, "layers": layers })).unwrap();
    assert_eq!((style.layers.len(), diagnostics.len()), (10_000, 1));
    let corner = json!([1e9, 0]);
    let image = json!({ "type": "image", "url": "x", "coordinates": [corner, corner, corner, corner] });
    let (style, diagnostics) = Style::read(json!({ "version": 8, "sources": { "i": image }, "layers": [] })).unwrap();
    assert_eq!((style.sources.len(), diagnostics.len()), (0, 1));
}
