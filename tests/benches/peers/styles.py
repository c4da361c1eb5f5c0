"""Writes the styles that the comparisons draw: a city in 20 and in 99 layers over the Chicago tiles of `@mapbox/mvt-fixtures`
(layers of Mapbox Streets v7), and the countries of Natural Earth as one GeoJSON source.

    styles.py FOLDER_OF_TILES COUNTRIES.geojson FOLDER_OF_GLYPHS OUT_FOLDER
"""

import json
import pathlib
import sys

FONT = ["NotoSans"]
ROADS = {
    # class: (colour, casing, width at zooms 10, 14, 18)
    "service": ("#ffffff", "#d8d2c8", (0.0, 1.2, 9)),
    "pedestrian": ("#f3eee6", "#d8d2c8", (0.0, 1.0, 7)),
    "track": ("#efe6d4", "#d9cdb4", (0.0, 1.0, 6)),
    "street": ("#ffffff", "#cfc8bc", (0.3, 2.4, 18)),
    "street_limited": ("#f6f4f0", "#cfc8bc", (0.3, 2.0, 15)),
    "link": ("#ffeeb0", "#d8b25c", (0.4, 2.6, 14)),
    "tertiary": ("#ffffff", "#c4bbab", (0.6, 3.4, 22)),
    "secondary": ("#fff3c4", "#d8b25c", (0.8, 4.2, 26)),
    "primary": ("#ffe59a", "#cf9f45", (1.0, 5.0, 28)),
    "trunk": ("#ffd27a", "#c98c35", (1.2, 5.6, 30)),
    "motorway_link": ("#ffc971", "#c07f2d", (0.6, 3.0, 16)),
    "motorway": ("#ffb75a", "#b9731f", (1.4, 6.2, 32)),
}


def widths(low, middle, high, more=0.0):
    return ["interpolate", ["exponential", 1.4], ["zoom"], 10, low + more, 14, middle + more, 18, high + more]


def layer(kind, name, source_layer, paint, layout=None, **rest):
    return {"id": name, "type": kind, "source": "city", "source-layer": source_layer, "paint": paint,
            "layout": layout or {}, **rest}


def is_one_of(key, *values):
    return ["match", ["get", key], list(values), True, False]


def text(name, source_layer, size, color, layout=None, **rest):
    shown = {"text-field": ["coalesce", ["get", "name_en"], ["get", "name"]], "text-font": FONT, "text-size": size}
    paint = {"text-color": color, "text-halo-color": "rgba(255,255,255,0.85)", "text-halo-width": 1.2}
    return layer("symbol", name, source_layer, paint, shown | (layout or {}), **rest)


def source(tiles, glyphs, layers):
    city = {"type": "vector", "tiles": [f"file://{tiles}/{{z}}-{{x}}-{{y}}.mvt"], "minzoom": 13, "maxzoom": 13}
    return {"version": 8, "glyphs": f"file://{glyphs}/{{fontstack}}/{{range}}.pbf", "sources": {"city": city},
            "layers": layers}


def city20():
    color = ["match", ["get", "class"], ["park", "grass", "pitch"], "#cfe6b8", ["wood", "scrub"], "#b6d79a", "cemetery",
             "#c5d9bd", "school", "#f0e8d0", "hospital", "#f6dfdf", "sand", "#f5ecc6", "parking", "#eeeae4", "#ebe7df"]
    majors = ["motorway", "trunk", "primary", "secondary", "tertiary"]
    by_class = lambda part: ["match", ["get", "class"]] + [x for name in majors for x in (name, part(ROADS[name]))]
    width = lambda more: ["interpolate", ["exponential", 1.4], ["zoom"],
                          10, by_class(lambda road: road[2][0] + more) + [0.5 + more],
                          14, by_class(lambda road: road[2][1] + more) + [3 + more],
                          18, by_class(lambda road: road[2][2] + more) + [16 + more]]
    minor = is_one_of("class", "street", "street_limited", "service", "link", "track")
    main = is_one_of("class", "primary", "secondary", "tertiary", "trunk")
    fast = is_one_of("class", "motorway", "motorway_link")
    rounded = {"line-cap": "round", "line-join": "round"}
    return [
        {"id": "land", "type": "background", "paint": {"background-color": "#f6f2ea"}},
        layer("fill", "landuse", "landuse", {"fill-color": color}),
        layer("fill", "overlay", "landuse_overlay", {"fill-color": "#bcd8c8", "fill-opacity": 0.5}),
        layer("fill", "water", "water", {"fill-color": "#a9cfe3"}),
        layer("line", "waterway", "waterway", {"line-color": "#a9cfe3", "line-width": widths(0.5, 2, 12)}),
        layer("line", "aeroway", "aeroway", {"line-color": "#dcd8e0", "line-width": widths(1, 6, 40)}),
        layer("fill", "building", "building", {"fill-color": "#ded6ca", "fill-outline-color": "#c8beb0"}),
        layer("line", "barrier", "barrier_line", {"line-color": "#c9c2b6", "line-width": 0.8}),
        layer("line", "path", "road", {"line-color": "#c5a880", "line-dasharray": [2, 1.5], "line-width": 1},
              filter=is_one_of("class", "pedestrian", "path")),
        layer("line", "minor-casing", "road", {"line-color": "#cfc8bc", "line-width": widths(0.3, 2.4, 18, 1.4)}, rounded,
              filter=minor),
        layer("line", "main-casing", "road", {"line-color": "#d0a24a", "line-width": width(1.8)}, rounded, filter=main),
        layer("line", "fast-casing", "road", {"line-color": "#b9731f", "line-width": width(2)}, rounded, filter=fast),
        layer("line", "minor", "road", {"line-color": "#ffffff", "line-width": widths(0.3, 2.4, 18)}, rounded, filter=minor),
        layer("line", "main", "road", {"line-color": by_class(lambda road: road[0]) + ["#ffffff"], "line-width": width(0)},
              rounded, filter=main),
        layer("line", "fast", "road", {"line-color": "#ffb75a", "line-width": width(0)}, rounded, filter=fast),
        layer("line", "rail", "road", {"line-color": "#9a948c", "line-width": widths(0.5, 1.4, 4)},
              filter=is_one_of("class", "major_rail", "minor_rail")),
        text("road-names", "road_label", ["interpolate", ["linear"], ["zoom"], 12, 9, 18, 14], "#55504a",
             {"symbol-placement": "line", "symbol-spacing": 300}),
        text("stations", "rail_station_label", 10, "#4a5f8a", {"text-offset": [0, 0.8], "text-anchor": "top"}),
        text("pois", "poi_label", 10, "#5f7a4a", {"text-max-width": 8}, filter=["<=", ["get", "scalerank"], 3]),
        text("places", "place_label", ["match", ["get", "type"], "city", 20, "town", 16, "suburb", 13, 12], "#333333",
             {"text-letter-spacing": 0.05, "symbol-sort-key": ["get", "localrank"]}),
    ]


def city99():
    layers = [{"id": "land", "type": "background", "paint": {"background-color": "#f6f2ea"}}]
    uses = {"park": "#cfe6b8", "grass": "#d8eac6", "pitch": "#c2e0b0", "wood": "#b6d79a", "scrub": "#c4dcae",
            "agriculture": "#efe9cf", "cemetery": "#c5d9bd", "school": "#f0e8d0", "hospital": "#f6dfdf", "sand": "#f5ecc6",
            "parking": "#eeeae4", "industrial": "#e8e2ea", "rock": "#dcdcd8"}
    for name, color in uses.items():
        layers.append(layer("fill", f"landuse-{name}", "landuse", {"fill-color": color}, filter=["==", "class", name]))
    layers += [
        layer("fill", "overlay-wetland", "landuse_overlay", {"fill-color": "#bcd8c8", "fill-opacity": 0.5},
              filter=["in", "class", "wetland", "wetland_noveg"]),
        layer("line", "overlay-park", "landuse_overlay", {"line-color": "#7fae6a", "line-width": 1.5},
              filter=["==", "class", "national_park"]),
        layer("fill", "water", "water", {"fill-color": "#a9cfe3"}),
        layer("line", "water-shore", "water", {"line-color": "#8fbcd4", "line-width": 0.6}),
        layer("line", "waterway-river", "waterway", {"line-color": "#a9cfe3", "line-width": widths(1, 3, 16)},
              filter=["==", "class", "river"]),
        layer("line", "waterway-other", "waterway", {"line-color": "#a9cfe3", "line-width": widths(0.5, 1.4, 8)},
              filter=["!=", "class", "river"]),
        layer("fill", "aeroway-area", "aeroway", {"fill-color": "#e6e2ea"}, filter=["==", "$type", "Polygon"]),
        layer("line", "aeroway-line", "aeroway", {"line-color": "#d4cfda", "line-width": widths(1, 6, 40)},
              filter=["==", "$type", "LineString"]),
        layer("fill", "building", "building", {"fill-color": "#ded6ca", "fill-opacity": ["interpolate", ["linear"],
              ["zoom"], 12, 0.6, 15, 1]}),
        layer("line", "building-edge", "building", {"line-color": "#c8beb0", "line-width": 0.6}),
        layer("line", "barrier", "barrier_line", {"line-color": "#c9c2b6", "line-width": 0.8}),
    ]
    for structure in ("tunnel", "none", "bridge"):
        for part in ("casing", "inner"):
            for name, (color, casing, (low, middle, high)) in ROADS.items():
                if structure != "none" and name in ("service", "pedestrian", "track", "street_limited"):
                    continue
                more = 1.8 if part == "casing" else 0.0
                paint = {"line-color": casing if part == "casing" else color, "line-width": widths(low, middle, high, more)}
                if structure == "tunnel":
                    paint["line-opacity"] = 0.6
                    if part == "casing":
                        paint["line-dasharray"] = [0.6, 0.4]
                cap = "butt" if structure == "bridge" else "round"
                layers.append(layer("line", f"{structure}-{name}-{part}", "road", paint,
                                    {"line-cap": cap, "line-join": "round"},
                                    filter=["all", ["==", "structure", structure], ["==", "class", name]]))
    rail = ["in", "class", "major_rail", "minor_rail"]
    layers += [
        layer("line", "construction", "road", {"line-color": "#d8b25c", "line-dasharray": [2, 2], "line-width": 2},
              filter=["==", "class", "construction"]),
        layer("line", "ferry", "road", {"line-color": "#7fa5c0", "line-dasharray": [3, 2]}, filter=["==", "class", "ferry"]),
        layer("line", "rail", "road", {"line-color": "#9a948c", "line-width": widths(0.5, 1.4, 4)}, filter=rail),
        layer("line", "rail-ties", "road", {"line-color": "#9a948c", "line-dasharray": [0.2, 4], "line-width":
              widths(2, 4, 9)}, filter=rail),
        text("water-names", "waterway_label", 11, "#4a7f9c", {"symbol-placement": "line", "text-letter-spacing": 0.1}),
    ]
    label_size = ["interpolate", ["linear"], ["zoom"], 12, 9, 18, 14]
    along = {"symbol-placement": "line", "symbol-spacing": 300}
    layers += [
        text("names-major", "road_label", label_size, "#55504a", along, filter=["in", "class", "motorway", "trunk", "primary"]),
        text("names-minor", "road_label", label_size, "#6a645c", along, filter=["!in", "class", "motorway", "trunk", "primary"]),
        text("stations", "rail_station_label", 10, "#4a5f8a", {"text-offset": [0, 0.8], "text-anchor": "top"}),
        text("airports", "airport_label", 11, "#6a5a8a"),
        text("pois-low", "poi_label", 10, "#7a8a6a", {"text-max-width": 8}, filter=[">", "scalerank", 2]),
        text("pois-high", "poi_label", 11, "#5f7a4a", {"text-max-width": 8}, filter=["<=", "scalerank", 2]),
        text("junctions", "motorway_junction", 9, "#8a6a3a", {"text-field": "{ref}"}),
    ]
    sizes = {"neighbourhood": 11, "hamlet": 11, "village": 12, "suburb": 13, "town": 15, "city": 20}
    places = [text(f"place-{name}", "place_label", size, "#333333", {"symbol-sort-key": ["get", "localrank"]},
                   filter=["==", "type", name]) for name, size in sizes.items()]
    return layers + places


def countries(data):
    color = ["match", ["get", "MAPCOLOR7"], 1, "#f3d9b1", 2, "#d6e4c3", 3, "#c9d9e8", 4, "#ead0d8", 5, "#f1e8b8", 6,
             "#d9cfe6", "#e6e2da"]
    layers = [
        {"id": "sea", "type": "background", "paint": {"background-color": "#b9d6e6"}},
        {"id": "countries", "type": "fill", "source": "countries", "paint": {"fill-color": color}},
        {"id": "borders", "type": "line", "source": "countries",
         "paint": {"line-color": "#8a7f78", "line-width": ["interpolate", ["linear"], ["zoom"], 0, 0.6, 6, 1.6]}},
    ]
    return {"version": 8, "sources": {"countries": {"type": "geojson", "data": f"file://{data}"}}, "layers": layers}


def main():
    tiles, data, glyphs, out = (pathlib.Path(argument).resolve() for argument in sys.argv[1:5])
    out.mkdir(parents=True, exist_ok=True)
    styles = {"city20": source(tiles, glyphs, city20()), "city99": source(tiles, glyphs, city99()),
              "countries": countries(data)}
    assert len(styles["city20"]["layers"]) == 20 and len(styles["city99"]["layers"]) == 99
    for name, style in styles.items():
        (out / f"{name}.json").write_text(json.dumps(style, indent=1))


if __name__ == "__main__":
    main()
