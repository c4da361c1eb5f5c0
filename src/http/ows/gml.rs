//! Features as GML 2.1.2 (OGC 02-069), which clients of WMS read.

use serde_json::Value as Json;

use super::info::kind;
use super::info::plain;
use crate::http::xml::Xml;
use crate::space::Crs;

/// A collection of GeoJSON features in a system, east first as all clients read this version. Elements of features and of
/// their properties are in the namespace `own`.
pub(super) fn document(features: &[Json], crs: &Crs, own: &str) -> String {
    let mut xml = Xml::new();
    xml.open(
        "wfs:FeatureCollection",
        &[("xmlns:wfs", "http://www.opengis.net/wfs"), ("xmlns:gml", "http://www.opengis.net/gml"), ("xmlns:own", own)],
    );
    xml.open("gml:boundedBy", &[]).text("gml:null", "unknown").close();
    for feature in features {
        let (name, id) = (element(kind(feature)), plain(&feature["id"]));
        xml.open("gml:featureMember", &[]).open(&name, &[("fid", &format!("{}.{id}", kind(feature)))]);
        for (name, value) in feature["properties"].as_object().into_iter().flatten() {
            if !value.is_null() {
                xml.text(&element(name), &plain(value));
            }
        }
        if let Some(geometry) = Shape::of(&feature["geometry"], crs) {
            xml.open("own:geometry", &[]);
            geometry.write(&mut xml, Some(&system(crs)));
            xml.close();
        }
        xml.close().close();
    }
    xml.finish()
}

/// The name of an element: what may not stand in one is an underscore.
fn element(name: &str) -> String {
    let mut text: String =
        name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' }).collect();
    if !text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        text.insert(0, '_');
    }
    format!("own:{text}")
}

/// The name of a system as this version writes it.
fn system(crs: &Crs) -> String {
    format!("EPSG:{}", crs.code().unwrap_or(4326))
}

/// A geometry whose coordinates are written already.
enum Shape {
    /// A point.
    Point(String),
    /// A line.
    Line(String),
    /// A polygon, the outer ring first.
    Polygon(Vec<String>),
    /// Several: the names of the whole and of a member.
    Several(&'static str, &'static str, Vec<Self>),
}

impl Shape {
    /// `None` for nothing, and for what the system cannot hold.
    fn of(geometry: &Json, crs: &Crs) -> Option<Self> {
        let coordinates = &geometry["coordinates"];
        let list = |json: &Json, make: &dyn Fn(&Json) -> Option<Self>| {
            json.as_array()?.iter().map(make).collect::<Option<Vec<Self>>>()
        };
        let point = |json: &Json| position(json, crs).map(Self::Point);
        let line = |json: &Json| path(json, crs).map(Self::Line);
        let polygon = |json: &Json| {
            let rings: Option<Vec<String>> = json.as_array()?.iter().map(|ring| path(ring, crs)).collect();
            rings.map(Self::Polygon)
        };
        match geometry["type"].as_str()? {
            "Point" => point(coordinates),
            "LineString" => line(coordinates),
            "Polygon" => polygon(coordinates),
            "MultiPoint" => Some(Self::Several("gml:MultiPoint", "gml:pointMember", list(coordinates, &point)?)),
            "MultiLineString" => {
                Some(Self::Several("gml:MultiLineString", "gml:lineStringMember", list(coordinates, &line)?))
            }
            "MultiPolygon" => {
                Some(Self::Several("gml:MultiPolygon", "gml:polygonMember", list(coordinates, &polygon)?))
            }
            "GeometryCollection" => {
                let members = list(&geometry["geometries"], &|member| Self::of(member, crs))?;
                Some(Self::Several("gml:MultiGeometry", "gml:geometryMember", members))
            }
            _ => None,
        }
    }

    fn write(&self, xml: &mut Xml, system: Option<&str>) {
        let attributes: Vec<(&str, &str)> = system.map(|name| ("srsName", name)).into_iter().collect();
        match self {
            Self::Point(at) => {
                xml.open("gml:Point", &attributes).text("gml:coordinates", at);
            }
            Self::Line(path) => {
                xml.open("gml:LineString", &attributes).text("gml:coordinates", path);
            }
            Self::Polygon(rings) => {
                xml.open("gml:Polygon", &attributes);
                for (number, ring) in rings.iter().enumerate() {
                    let edge = if number == 0 { "gml:outerBoundaryIs" } else { "gml:innerBoundaryIs" };
                    xml.open(edge, &[]).open("gml:LinearRing", &[]).text("gml:coordinates", ring).close().close();
                }
            }
            Self::Several(name, member, shapes) => {
                xml.open(name, &attributes);
                for shape in shapes {
                    xml.open(member, &[]);
                    shape.write(xml, None);
                    xml.close();
                }
            }
        }
        xml.close();
    }
}

fn path(json: &Json, crs: &Crs) -> Option<String> {
    let positions: Option<Vec<String>> = json.as_array()?.iter().map(|at| position(at, crs)).collect();
    positions.map(|positions| positions.join(" "))
}

fn position(json: &Json, crs: &Crs) -> Option<String> {
    let [x, y] = crs.forward([json[0].as_f64()?, json[1].as_f64()?])?;
    let decimals = 10_f64.powi(i32::from(crs.decimals()));
    let round = |n: f64| (n * decimals).round() / decimals + 0.0;
    Some(format!("{},{}", round(x), round(y)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_made_elements_and_values_escaped() {
        let feature = json!({ "collection": "old towns", "id": "a<b", "properties": { "2 x": "<&", "none": null },
                              "geometry": { "type": "Point", "coordinates": [129.75, 42.5] } });
        let text = document(&[feature], &Crs::Crs84, "http://test/");
        let expected = "<own:old_towns fid=\"old towns.a&lt;b\"><own:_2_x>&lt;&amp;</own:_2_x>\n<own:geometry>\
                        <gml:Point srsName=\"EPSG:4326\"><gml:coordinates>129.75,42.5</gml:coordinates>\n</gml:Point>";
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("none"), "{text}");
    }

    #[test]
    fn geometries_are_in_the_system_of_the_map() {
        let ring = json!([[0, 0], [180, 0], [180, 10], [0, 0]]);
        let polygon = json!({ "type": "MultiPolygon", "coordinates": [[ring, ring]] });
        let text = document(&[json!({ "geometry": polygon })], &Crs::WebMercator, "http://test/");
        assert!(text.contains("<gml:MultiPolygon srsName=\"EPSG:3857\"><gml:polygonMember><gml:Polygon>"), "{text}");
        assert!(text.contains("0,0 20037508.343,0 20037508.343,1118889.975 0,0"), "{text}");
        assert_eq!(text.matches("gml:innerBoundaryIs>").count(), 2);
    }
}
