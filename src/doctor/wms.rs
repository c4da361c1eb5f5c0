//! WMS, as GDAL, QGIS, OpenLayers, Leaflet, `OWSLib` and `ArcGIS` read it.

use roxmltree::Node;

use super::Client;
use super::Grade;
use super::address::segment;
use super::address::with;
use super::asker::Answer;
use super::examination::Examination;
use super::examination::xml;

/// The latitude at which the world of EPSG:3857 ends, in metres of that system, and a little more.
const MERCATOR_END: f64 = 20_050_000.0;

/// Most layers within layers.
const DEEPEST: usize = 32;

/// A layer that can be asked for.
struct Layer {
    name: String,
    systems: Vec<String>,
    /// West, south, east, north in degrees.
    bounds: Option<[f64; 4]>,
    /// Whether it has a box in EPSG:3857, and whether that is within the world.
    mercator: Option<bool>,
    is_queryable: bool,
}

/// Looks at the capabilities of a WMS and at a map.
pub(super) fn examine(own: &mut Examination, answer: &Answer) {
    let Some(document) = answer.text().and_then(xml) else { return };
    let root = document.root_element();
    let version = root.attribute("version").unwrap_or_default().to_owned();
    let place = answer.url.clone();
    if !matches!(version.as_str(), "1.3.0" | "1.1.1") {
        own.say(
            ("wms-version", Grade::Hinders, Client::MAPS),
            &place,
            format!("the capabilities are of version '{version}'"),
            "Speak WMS 1.3.0 and 1.1.1.",
        );
    }
    let href = online_resource(root, "GetMap");
    let Some(map) = href else {
        own.say(
            ("wms-getmap-missing", Grade::Breaks, Client::MAPS),
            &place,
            "the capabilities do not say where GetMap is",
            "Describe Capability/Request/GetMap with its OnlineResource.",
        );
        return;
    };
    own.check_link(&place, &map, Client::MAPS);
    if !map.ends_with(['?', '&']) {
        own.say(
            ("wms-url-ending", Grade::Hinders, &[Client::ArcGis, Client::OwsLib, Client::Leaflet]),
            &place,
            format!("the address of GetMap is '{map}', to which parameters cannot be added as it stands"),
            "Let addresses of operations end in ? or &.",
        );
    }
    let mut layers = Vec::new();
    if let Some(first) = child(root, "Capability").and_then(|capability| child(capability, "Layer")) {
        collect(first, DEEPEST, &[], None, None, &mut layers);
    }
    own.note(format!("WMS {version} with {} layers", layers.len()));
    if layers.is_empty() {
        own.say(
            ("wms-no-layers", Grade::Breaks, Client::MAPS),
            &place,
            "the capabilities name no layer that can be asked for",
            "Give at least one Layer a Name.",
        );
    }
    for layer in layers.iter().take(own.asker.each()) {
        described(own, &place, layer);
    }
    let Some(first) = layers.iter().find(|layer| layer.bounds.is_some()) else { return };
    maps(own, &map, first);
    faults(own, &map, first);
    information(own, &place, root, &layers);
}

fn described(own: &mut Examination, place: &str, layer: &Layer) {
    let name = &layer.name;
    if !layer.systems.iter().any(|crs| matches!(crs.as_str(), "EPSG:3857" | "EPSG:900913" | "EPSG:102100")) {
        own.say(
            ("wms-no-mercator", Grade::Hinders, &[Client::Leaflet, Client::OpenLayers, Client::ArcGis]),
            place,
            format!("the layer '{name}' is not offered in EPSG:3857, in which web maps are drawn"),
            "Add EPSG:3857 to the systems of all layers.",
        );
    }
    if layer.bounds.is_none() {
        own.say(
            ("wms-box-missing", Grade::Hinders, &[Client::Qgis, Client::OwsLib, Client::Gdal, Client::ArcGis]),
            place,
            format!("the layer '{name}' has no box in degrees (EX_GeographicBoundingBox, LatLonBoundingBox)"),
            "Give every layer its box, or its parent's.",
        );
    }
    match layer.mercator {
        Some(false) => own.say(
            ("wms-mercator-box", Grade::Breaks, &[Client::Qgis]),
            place,
            format!("the box of '{name}' in EPSG:3857 reaches beyond the world of that system"),
            "Cut boxes in EPSG:3857 at 85.06 degrees north and south.",
        ),
        None if layer.systems.iter().any(|crs| crs == "EPSG:3857") => own.say(
            ("wms-mercator-box-missing", Grade::Hinders, &[Client::Qgis, Client::Gdal]),
            place,
            format!("the layer '{name}' has no BoundingBox in EPSG:3857, though it is offered in it"),
            "Add a BoundingBox for every system of a layer.",
        ),
        _ => {}
    }
}

/// The same place asked for in each order of axes.
fn maps(own: &mut Examination, base: &str, layer: &Layer) {
    let Some([west, south, east, north]) = layer.bounds else { return };
    let name = segment(&layer.name);
    // Not square, so that an order of axes that is wrong is seen.
    let common = format!("service=WMS&request=GetMap&layers={name}&styles=&format=image/png&width=200&height=100");
    let asked = [
        ("CRS:84", format!("version=1.3.0&crs=CRS:84&bbox={west},{south},{east},{north}")),
        ("EPSG:4326 in 1.3.0", format!("version=1.3.0&crs=EPSG:4326&bbox={south},{west},{north},{east}")),
        ("EPSG:4326 in 1.1.1", format!("version=1.1.1&srs=EPSG:4326&bbox={west},{south},{east},{north}")),
    ];
    let mut drawn: Vec<(&str, String, Answer)> = Vec::new();
    for (what, query) in asked {
        let url = with(base, &format!("{common}&{query}"));
        let Ok(answer) = own.asker.get(&url, &[]) else { continue };
        if answer.status == 200 && answer.media_type().starts_with("image/") {
            drawn.push((what, url, answer));
        } else if what != "CRS:84" {
            own.say(
                ("wms-map-refused", Grade::Breaks, Client::MAPS),
                &url,
                format!("a map in {what} is answered with {} and '{}'", answer.status, answer.media_type()),
                "Draw every layer in EPSG:4326, in both versions.",
            );
        }
    }
    if let [(_, _, first), others @ ..] = &drawn[..] {
        if let Some((what, url, _)) = others.iter().find(|(_, _, other)| is_other(&first.body, &other.body)) {
            own.say(
                ("wms-axis-order", Grade::Breaks, Client::MAPS),
                url,
                format!("the map in {what} is another than that of the same place in {}", drawn[0].0),
                "In 1.3.0 the box of EPSG:4326 is south,west,north,east; in 1.1.1, and for CRS:84, west,south,east,north.",
            );
        }
        let size = first.body.get(16..24).filter(|_| first.body.starts_with(b"\x89PNG"));
        if size.is_some_and(|size| size != [0, 0, 0, 200, 0, 0, 0, 100]) {
            own.say(
                ("wms-map-size", Grade::Breaks, Client::MAPS),
                &drawn[0].1,
                "a map of 200 by 100 pixels has another size",
                "Draw maps of exactly WIDTH by HEIGHT pixels, stretched where the box has another shape.",
            );
        }
    }
    let clear = with(
        base,
        &format!("{common}&version=1.1.1&srs=EPSG:4326&bbox={west},{south},{east},{north}&TRANSPARENT=true"),
    );
    let upper = clear.replacen("layers=", "LAYERS=", 1).replacen("request=", "REQUEST=", 1);
    let is_map = |answer: Result<Answer, String>| answer.is_ok_and(|answer| answer.media_type().starts_with("image/"));
    if is_map(own.asker.get(&clear, &[])) != is_map(own.asker.get(&upper, &[])) {
        own.say(
            ("wms-case", Grade::Breaks, Client::MAPS),
            &upper,
            "names of parameters are read in one case only",
            "Read names of parameters in any case (OGC 06-042, 6.8.1).",
        );
    }
}

/// Whether two pictures show something else. A few pixels may differ by the rounding of coordinates.
fn is_other(one: &[u8], other: &[u8]) -> bool {
    let (Ok(a), Ok(b)) = (image::load_from_memory(one), image::load_from_memory(other)) else { return one != other };
    let (a, b) = (a.to_rgba8(), b.to_rgba8());
    if a.dimensions() != b.dimensions() {
        return true;
    }
    let ground = *a.get_pixel(0, 0);
    let pairs = || a.pixels().zip(b.pixels());
    let drawn = pairs().filter(|(a, b)| **a != ground || **b != ground).count();
    let is_far = |(a, b): &(&image::Rgba<u8>, &image::Rgba<u8>)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 40);
    pairs().filter(is_far).count() * 10 > drawn
}

/// What is wrong has to be told in a report, which clients look for.
fn faults(own: &mut Examination, base: &str, layer: &Layer) {
    let Some([west, south, east, north]) = layer.bounds else { return };
    let query = format!(
        "service=WMS&request=GetMap&version=1.3.0&layers=no_such_layer&styles=&crs=CRS:84&bbox={west},{south},{east},{north}\
         &width=10&height=10&format=image/png"
    );
    let url = with(base, &query);
    let Ok(answer) = own.asker.get(&url, &[]) else { return };
    if !answer.text().is_some_and(|text| text.contains("ServiceException")) {
        own.say(
            ("wms-exception", Grade::Hinders, &[Client::Gdal, Client::Qgis, Client::OwsLib]),
            &url,
            format!(
                "a layer that is not there is answered with '{}' and no ServiceExceptionReport",
                answer.media_type()
            ),
            "Tell what is wrong in a ServiceExceptionReport, as text/xml.",
        );
    }
}

/// What is at a pixel, and legends.
fn information(own: &mut Examination, place: &str, root: Node<'_, '_>, layers: &[Layer]) {
    let info = root.descendants().find(|node| node.has_tag_name_of("GetFeatureInfo"));
    let formats: Vec<&str> = info
        .iter()
        .flat_map(Node::children)
        .filter(|node| node.has_tag_name_of("Format"))
        .filter_map(|node| node.text())
        .collect();
    let has = |wanted: &[&str]| formats.iter().any(|format| wanted.iter().any(|own| format.contains(own)));
    if layers.iter().any(|layer| layer.is_queryable) && !(has(&["json"]) && has(&["html", "text/plain"])) {
        own.say(
            ("wms-info-formats", Grade::Hinders, &[Client::Qgis, Client::OpenLayers, Client::Leaflet, Client::ArcGis]),
            place,
            format!("what is at a pixel is told as {}, which not all clients read", formats.join(", ")),
            "Offer text/html or text/plain for people, and JSON or GML for programs.",
        );
    }
    let legend = root.descendants().find(|node| node.has_tag_name_of("LegendURL"));
    let href = legend.and_then(|node| node.descendants().find_map(href));
    let Some(href) = href.map(str::to_owned) else { return };
    own.check_link(place, &href, Client::MAPS);
    let is_picture =
        own.asker.get(&href, &[]).is_ok_and(|answer| answer.status == 200 && answer.media_type().starts_with("image/"));
    if !is_picture {
        own.say(
            ("wms-legend", Grade::Hinders, &[Client::Qgis, Client::ArcGis]),
            &href,
            "the capabilities name a legend here, and there is no picture",
            "Let LegendURL lead to a picture, or leave it out.",
        );
    }
}

/// The layers that have names, with what they inherit.
fn collect(
    node: Node<'_, '_>,
    depth: usize,
    systems: &[String],
    bounds: Option<[f64; 4]>,
    mercator: Option<bool>,
    layers: &mut Vec<Layer>,
) {
    let mut systems = systems.to_vec();
    let own = node.children().filter(|child| child.has_tag_name_of("CRS") || child.has_tag_name_of("SRS"));
    systems.extend(own.filter_map(|child| child.text()).flat_map(str::split_whitespace).map(str::to_owned));
    let bounds = degrees(node).or(bounds);
    let boxes = node.children().filter(|child| child.has_tag_name_of("BoundingBox"));
    let mut of_mercator =
        boxes.filter(|child| child.attribute("CRS").or(child.attribute("SRS")).is_some_and(|crs| crs == "EPSG:3857"));
    let mercator = of_mercator.next().map_or(mercator, |own| {
        let is_in = |name: &str| {
            own.attribute(name).and_then(|text| text.parse::<f64>().ok()).is_some_and(|n| n.abs() <= MERCATOR_END)
        };
        Some(["minx", "miny", "maxx", "maxy"].iter().all(|name| is_in(name)))
    });
    if let Some(name) = child(node, "Name").and_then(|name| name.text()) {
        let is_queryable = node.attribute("queryable").is_some_and(|value| matches!(value, "1" | "true"));
        layers.push(Layer { name: name.to_owned(), systems: systems.clone(), bounds, mercator, is_queryable });
    }
    if depth == 0 {
        return;
    }
    for child in node.children().filter(|child| child.has_tag_name_of("Layer")) {
        collect(child, depth - 1, &systems, bounds, mercator, layers);
    }
}

fn degrees(node: Node<'_, '_>) -> Option<[f64; 4]> {
    let number = |text: Option<&str>| text.and_then(|text| text.trim().parse::<f64>().ok());
    if let Some(own) = child(node, "EX_GeographicBoundingBox") {
        let side = |name: &str| number(child(own, name).and_then(|side| side.text()));
        return Some([
            side("westBoundLongitude")?,
            side("southBoundLatitude")?,
            side("eastBoundLongitude")?,
            side("northBoundLatitude")?,
        ]);
    }
    let own = child(node, "LatLonBoundingBox")?;
    let side = |name: &str| number(own.attribute(name));
    Some([side("minx")?, side("miny")?, side("maxx")?, side("maxy")?])
}

/// The address of an operation.
fn online_resource(root: Node<'_, '_>, operation: &str) -> Option<String> {
    let node = root.descendants().find(|node| node.has_tag_name_of(operation))?;
    let get = node.descendants().find(|node| node.has_tag_name_of("Get"))?;
    get.descendants().find_map(href).map(str::to_owned)
}

/// The address in an element.
pub(super) fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute(("http://www.w3.org/1999/xlink", "href"))
}

/// The first child of a name, in whatever namespace.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name_of(name))
}

/// Names without their namespaces: servers differ in theirs.
pub(super) trait Named {
    /// Whether it is an element of this name.
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}
