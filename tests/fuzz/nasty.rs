//! Styles made by chance from the specification's table of properties.

use maplibre_expr::migrate;
use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::dice::Dice;

const KINDS: [(&str, &[&str], &[&str]); 10] = [
    ("background", &["background-"], &[""]),
    ("fill", &["fill-"], &["shapes", "lines"]),
    ("line", &["line-"], &["shapes", "lines", "points"]),
    ("circle", &["circle-"], &["shapes", "lines", "points", "clusters"]),
    ("heatmap", &["heatmap-"], &["points", "shapes"]),
    ("symbol", &["text-", "icon-", "symbol-"], &["points", "lines", "shapes", "clusters"]),
    ("symbol", &["text-", "icon-", "symbol-"], &["points", "lines"]),
    ("raster", &["raster-", "resampling"], &["pixels", "picture"]),
    ("hillshade", &["hillshade-", "resampling"], &["heights"]),
    ("color-relief", &["color-relief-", "resampling"], &["heights"]),
];

const NUMBERS: [f64; 24] = [
    0.0,
    -0.0,
    0.5,
    1.0,
    2.0,
    3.7,
    8.0,
    16.0,
    30.0,
    -1.0,
    -12.5,
    255.0,
    360.0,
    1e-9,
    -1e-300,
    1e3,
    1e5,
    1e9,
    -1e9,
    1e18,
    1e300,
    -1e308,
    4_294_967_296.0,
    1e-38,
];

const COLORS: [&str; 14] = [
    "red",
    "#0f08",
    "rgba(20, 40, 60, 0.4)",
    "hsl(400, 120%, -3%)",
    "transparent",
    "rgb(1e9, -5, 300)",
    "hsla(12,50%,50%,7)",
    "",
    "oklch(0.7 0.4 40)",
    "#12345",
    "lab(50 200 -200)",
    "rgb(none 0 0)",
    "color(srgb 2 -1 0.5)",
    "currentcolor",
];

const TEXTS: [&str; 16] = [
    "Hoeryong",
    "{name}",
    "{",
    "会宁市回宁",
    "مرحبا بالعالم",
    "दिल्ली",
    "a\nb\n\nc",
    "\u{202e}abc",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "e\u{301}\u{301}\u{301}",
    "",
    "   ",
    "ー「」。、",
    "\u{0}\u{7f}\u{feff}",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "회령 사람들",
];

const IMAGES: [&str; 7] = ["dot", "wide", "sdf", "none", "thin", "", "other:dot"];

pub fn style(dice: &mut Dice, files: &str) -> Json {
    let count = if dice.once_in(40) { 300 } else { dice.below(5) + 1 };
    let layers: Vec<Json> = (0..count).map(|index| layer(dice, index)).collect();
    let mut style = json!({
        "version": 8, "sources": sources(dice, files), "sprite": "/sprites/s", "layers": layers,
        "state": { "n": { "default": number(dice) } }
    });
    if dice.once_in(4) {
        style["light"] = json!({ "position": [number(dice), number(dice), number(dice)], "color": color(dice), "intensity": number(dice) });
    }
    style
}

fn sources(dice: &mut Dice, files: &str) -> Json {
    let mut geojson = |data: Json| {
        let mut source = json!({ "type": "geojson", "data": data });
        for name in ["maxzoom", "buffer", "tolerance", "clusterRadius", "clusterMaxZoom", "clusterMinPoints"] {
            if dice.once_in(4) {
                source[name] = number(dice);
            }
        }
        source["lineMetrics"] = dice.once_in(2).into();
        source
    };
    let shapes = geojson(crate::world::shapes());
    let lines = geojson(crate::world::lines());
    let points = geojson(crate::world::points());
    let mut clusters = geojson(crate::world::points());
    clusters["cluster"] = true.into();
    let corner = |dice: &mut Dice| {
        json!([*dice.pick(&[-1.0, 1.0, 0.5, 3.0, 179.0, 1e9]), *dice.pick(&[-1.0, 1.0, 0.7, 85.0, -400.0])])
    };
    json!({
        "shapes": shapes, "lines": lines, "points": points, "clusters": clusters,
        "pixels": { "type": "raster", "tiles": [format!("{files}/tile.png")], "tileSize": number(dice), "maxzoom": 3 },
        "heights": { "type": "raster-dem", "tiles": [format!("{files}/tile.png")], "tileSize": 256, "maxzoom": 3,
            "encoding": *dice.pick(&["mapbox", "terrarium", "custom", "x"]), "redFactor": number(dice), "baseShift": number(dice) },
        "picture": { "type": "image", "url": format!("{files}/tile.png"),
            "coordinates": [corner(dice), corner(dice), corner(dice), corner(dice)] },
    })
}

fn layer(dice: &mut Dice, index: usize) -> Json {
    let (mut kind, mut prefixes, sources) = *dice.pick(&KINDS);
    if kind == "fill" && dice.once_in(3) {
        (kind, prefixes) = ("fill-extrusion", &["fill-extrusion-"]);
    }
    let reference = migrate::reference().as_object().unwrap();
    let names: Vec<&String> =
        reference.keys().filter(|name| prefixes.iter().any(|prefix| name.starts_with(prefix))).collect();
    let (mut layout, mut paint) = (Map::new(), Map::new());
    for _ in 0..dice.below(9) {
        let name = (*dice.pick(&names)).clone();
        let value = if dice.once_in(25) { junk(dice, 3) } else { value(dice, &name, &reference[&name]) };
        // Which of the two a property belongs to does not matter to us.
        if dice.once_in(2) {
            layout.insert(name, value)
        } else {
            paint.insert(name, value)
        };
    }
    if kind == "symbol" {
        layout.entry("text-field").or_insert_with(|| json!(["to-string", ["get", "name"]]));
        if dice.once_in(2) {
            layout.insert("icon-image".into(), json!(*dice.pick(&IMAGES)));
        }
    }
    let mut layer = json!({ "id": format!("{}{index}", kind), "type": kind, "source": *dice.pick(sources), "layout": layout, "paint": paint });
    if dice.once_in(6) {
        layer["filter"] = if dice.once_in(3) { junk(dice, 3) } else { expression(dice, "boolean", 4) };
    }
    if dice.once_in(20) {
        layer["minzoom"] = number(dice);
    }
    if dice.once_in(60) {
        layer["ref"] = json!(format!("{kind}{}", dice.below(5)));
    }
    layer
}

fn value(dice: &mut Dice, name: &str, spec: &Json) -> Json {
    let kind = spec["type"].as_str().unwrap_or("value");
    match dice.below(8) {
        0 | 1 => expression(dice, kind, 4),
        2 => function(dice, name, spec),
        _ => constant(dice, name, spec),
    }
}

fn constant(dice: &mut Dice, name: &str, spec: &Json) -> Json {
    match spec["type"].as_str().unwrap_or_default() {
        "number" => number(dice),
        "color" => color(dice),
        "boolean" => json!(dice.once_in(2)),
        "enum" => match spec["values"].as_object() {
            Some(words) if !words.is_empty() => json!(words.keys().nth(dice.below(words.len())).unwrap()),
            _ => json!(spec["values"].as_array().map_or(Json::Null, |words| dice.pick(words).clone())),
        },
        "formatted" | "string" => text(dice),
        "resolvedImage" => json!(*dice.pick(&IMAGES)),
        "padding" | "numberArray" => list(dice, 5, number),
        "colorArray" => list(dice, 5, color),
        "array" if name == "text-font" => json!(["Noto Sans", "x"]),
        "array" if name == "line-dasharray" => {
            let most = if dice.once_in(20) { 20_000 } else { 7 };
            list(dice, most, number)
        }
        "array" => match spec["length"].as_u64() {
            Some(length) => (0..length).map(|_| number(dice)).collect(),
            None => list(dice, 5, |dice| {
                json!(*dice.pick(&["top", "left", "center", "bottom-right", "horizontal", "vertical", "x"]))
            }),
        },
        "variableAnchorOffsetCollection" => json!(["top", [number(dice), number(dice)], "left", [0, 1]]),
        _ => junk(dice, 2),
    }
}

fn list(dice: &mut Dice, most: usize, one: fn(&mut Dice) -> Json) -> Json {
    (0..dice.below(most)).map(|_| one(dice)).collect()
}

fn number(dice: &mut Dice) -> Json {
    if dice.once_in(2) {
        json!(*dice.pick(&[0.0, 0.3, 1.0, 2.0, 5.0, 12.0, 24.0]))
    } else {
        json!(*dice.pick(&NUMBERS))
    }
}

fn color(dice: &mut Dice) -> Json {
    json!(*dice.pick(&COLORS))
}

fn text(dice: &mut Dice) -> Json {
    match dice.below(30) {
        0 => json!("Long ".repeat(20_000)),
        1 => json!("长".repeat(50_000)),
        2 => json!("\u{5d0}".repeat(30_000)),
        _ => json!(*dice.pick(&TEXTS)),
    }
}

fn function(dice: &mut Dice, name: &str, spec: &Json) -> Json {
    let mut function =
        json!({ "stops": [[number(dice), constant(dice, name, spec)], [number(dice), constant(dice, name, spec)]] });
    if dice.once_in(2) {
        function["property"] = json!(*dice.pick(&["n", "name", "$type"]));
    }
    if dice.once_in(2) {
        function["type"] = json!(*dice.pick(&["exponential", "interval", "categorical", "identity", "?"]));
    }
    if dice.once_in(3) {
        function["base"] = number(dice);
    }
    if dice.once_in(4) {
        function["colorSpace"] = json!(*dice.pick(&["lab", "hcl", "rgb"]));
    }
    if dice.once_in(3) {
        function["default"] = constant(dice, name, spec);
    }
    function
}

fn expression(dice: &mut Dice, kind: &str, depth: usize) -> Json {
    if dice.once_in(150) {
        // Deep, as far as a reader of JSON goes, and beyond.
        let turns = dice.below(200);
        return (0..turns).fold(number(dice), |inner, _| json!(["+", inner, 1]));
    }
    if depth == 0 {
        return match kind {
            "number" => json!([*dice.pick(&["get", "to-number"]), "n"]),
            "color" => color(dice),
            "boolean" => json!(["has", "n"]),
            _ => json!(["get", *dice.pick(&["name", "n", "list", "missing"])]),
        };
    }
    let next = depth - 1;
    let ease = |dice: &mut Dice| match dice.below(3) {
        0 => json!(["linear"]),
        1 => json!(["exponential", number(dice)]),
        _ => json!(["cubic-bezier", 0.3, number(dice), 0.4, 1]),
    };
    let input = |dice: &mut Dice| match dice.below(6) {
        0 => json!(["heatmap-density"]),
        1 => json!(["line-progress"]),
        2 => json!(["elevation"]),
        3 => expression(dice, "number", next),
        _ => json!(["zoom"]),
    };
    match dice.below(13) {
        0 => json!([
            *dice.pick(&["interpolate", "interpolate-hcl", "interpolate-lab"]),
            ease(dice),
            input(dice),
            0,
            expression(dice, kind, next),
            number(dice),
            expression(dice, kind, next),
            1e10,
            expression(dice, kind, next)
        ]),
        1 => json!(["step", input(dice), expression(dice, kind, next), number(dice), expression(dice, kind, next)]),
        2 => json!(["match", ["get", "name"], ["a", "b"], expression(dice, kind, next), expression(dice, kind, next)]),
        3 => json!([
            "case",
            expression(dice, "boolean", next),
            expression(dice, kind, next),
            expression(dice, kind, next)
        ]),
        4 => json!(["coalesce", ["get", "missing"], expression(dice, kind, next)]),
        5 => json!(["let", "v", expression(dice, kind, next), ["var", "v"]]),
        6 => json!([
            "slice",
            ["concat", ["get", "name"], "x", expression(dice, "string", next)],
            number(dice),
            number(dice)
        ]),
        7 => json!(["number-format", expression(dice, "number", next),
            { "locale": *dice.pick(&["de", "ko-KP", "?"]), "max-fraction-digits": number(dice), "currency": "EUR" }]),
        8 => {
            json!(["format", expression(dice, "string", next), { "font-scale": number(dice), "text-color": color(dice) },
            ["image", *dice.pick(&IMAGES)], { "vertical-align": "top" }])
        }
        9 => {
            json!([*dice.pick(&["<", "==", "!=", ">="]), expression(dice, "string", next), expression(dice, "string", next),
            ["collator", { "case-sensitive": dice.once_in(2), "locale": "de" }]])
        }
        10 => json!([
            *dice.pick(&["+", "*", "/", "^", "%", "min", "sqrt", "ln", "tan", "round"]),
            expression(dice, "number", next),
            expression(dice, "number", next)
        ]),
        11 => {
            json!([*dice.pick(&["within", "distance"]), { "type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]] }])
        }
        _ => json!([
            *dice.pick(&[
                "to-string",
                "to-color",
                "to-number",
                "at",
                "length",
                "rgba",
                "global-state",
                "upcase",
                "image",
                "resolved-locale",
                "typeof",
                "array",
                "literal",
                "index-of",
                "in",
                "split",
                "join",
                "is-supported-script",
                "id",
                "geometry-type",
                "properties",
                "feature-state",
                "accumulated",
                "hsla"
            ]),
            expression(dice, kind, next),
            number(dice)
        ]),
    }
}

fn junk(dice: &mut Dice, depth: usize) -> Json {
    match dice.below(if depth == 0 { 5 } else { 7 }) {
        0 => Json::Null,
        1 => json!(dice.once_in(2)),
        2 => number(dice),
        3 => text(dice),
        4 => color(dice),
        5 => (0..dice.below(4)).map(|_| junk(dice, depth - 1)).collect(),
        _ => {
            json!({ *dice.pick(&["stops", "type", "base", "x"]): junk(dice, depth - 1), "property": junk(dice, depth - 1) })
        }
    }
}
