//! WMTS, as GDAL, QGIS, OpenLayers, `OWSLib` and `ArcGIS` read it.

use roxmltree::Node;

use super::Client;
use super::Grade;
use super::address::segment;
use super::address::with;
use super::asker::Answer;
use super::examination::Examination;
use super::examination::xml;
use super::wms::Named;
use super::wms::child;
use super::wms::href;

/// The scale denominator of the web's zoom 0.
const WEB_SCALE: f64 = 559_082_264.028_717_8;

/// Looks at the capabilities of a WMTS and at a tile of a layer.
pub(super) fn examine(own: &mut Examination, answer: &Answer) {
    let Some(document) = answer.text().and_then(xml) else { return };
    let root = document.root_element();
    let place = answer.url.clone();
    let all = |name: &'static str| root.descendants().filter(move |node| node.has_tag_name_of(name));
    let contents = child(root, "Contents");
    let of_contents = |name: &'static str| {
        contents.into_iter().flat_map(|node| node.children()).filter(move |node| node.has_tag_name_of(name))
    };
    let layers: Vec<Node<'_, '_>> = of_contents("Layer").collect();
    let sets: Vec<Node<'_, '_>> = of_contents("TileMatrixSet").collect();
    own.note(format!("WMTS with {} layers and {} tile matrix sets", layers.len(), sets.len()));
    for link in all("Get").filter_map(href).chain(all("ResourceURL").filter_map(|node| node.attribute("template"))) {
        own.check_link(&place, link, Client::MAPS);
    }
    sets.iter().for_each(|set| matrices(own, &place, *set));
    for layer in layers.iter().take(own.asker.each()) {
        described(own, &place, *layer);
    }
    if let Some((layer, set)) = layers.first().and_then(|layer| Some((*layer, set_of(*layer, &sets)?))) {
        tile(own, root, layer, set);
    }
}

/// The tile matrix set of a layer that is best known.
fn set_of<'a, 'i>(layer: Node<'a, 'i>, sets: &[Node<'a, 'i>]) -> Option<Node<'a, 'i>> {
    let links = layer.children().filter(|node| node.has_tag_name_of("TileMatrixSetLink"));
    let names: Vec<&str> = links.filter_map(|link| child(link, "TileMatrixSet")?.text()).collect();
    let mut own = sets
        .iter()
        .filter(|set| child(**set, "Identifier").and_then(|id| id.text()).is_some_and(|id| names.contains(&id)));
    let is_web = |set: &&Node<'_, '_>| {
        child(**set, "SupportedCRS").and_then(|crs| crs.text()).is_some_and(|crs| crs.contains("3857"))
    };
    own.clone().find(|set| is_web(set)).or_else(|| own.next()).copied()
}

fn described(own: &mut Examination, place: &str, layer: Node<'_, '_>) {
    let name = child(layer, "Identifier").and_then(|id| id.text()).unwrap_or_default();
    if child(layer, "WGS84BoundingBox").is_none() {
        own.say(
            ("wmts-box-missing", Grade::Hinders, &[Client::Gdal, Client::Qgis, Client::OpenLayers, Client::ArcGis]),
            place,
            format!("the layer '{name}' has no WGS84BoundingBox, so that clients ask for tiles of the whole world"),
            "Add ows:WGS84BoundingBox to every layer.",
        );
    }
    let mut styles = layer.children().filter(|node| node.has_tag_name_of("Style"));
    if !styles.any(|style| style.attribute("isDefault").is_some_and(|value| matches!(value, "true" | "1"))) {
        own.say(
            ("wmts-default-style", Grade::Hinders, &[Client::Gdal, Client::OpenLayers, Client::ArcGis]),
            place,
            format!("none of the styles of '{name}' is the default"),
            "Write isDefault=\"true\" on one Style of each layer.",
        );
    }
}

fn matrices(own: &mut Examination, place: &str, set: Node<'_, '_>) {
    let name = child(set, "Identifier").and_then(|id| id.text()).unwrap_or_default();
    let crs = child(set, "SupportedCRS").and_then(|crs| crs.text()).unwrap_or_default();
    if !crs.starts_with("urn:ogc:def:crs:") && !crs.starts_with("http://www.opengis.net/") {
        own.say(
            ("wmts-crs-name", Grade::Hinders, &[Client::Qgis, Client::OpenLayers, Client::Gdal]),
            place,
            format!("the system of '{name}' is written '{crs}'"),
            "Write SupportedCRS as urn:ogc:def:crs:EPSG::3857.",
        );
    }
    let matrices: Vec<Node<'_, '_>> = set.children().filter(|node| node.has_tag_name_of("TileMatrix")).collect();
    let number = |node: Node<'_, '_>, name: &str| child(node, name)?.text()?.trim().parse::<f64>().ok();
    if crs.ends_with(":3857") {
        let scale = matrices.iter().filter_map(|matrix| number(*matrix, "ScaleDenominator")).fold(0.0, f64::max);
        let levels = (WEB_SCALE / scale).log2();
        if !scale.is_normal() || (levels - levels.round()).abs() > 1e-6 {
            own.say(
                ("wmts-scales", Grade::Hinders, &[Client::Leaflet, Client::ArcGis, Client::MapLibre]),
                place,
                format!("the scales of '{name}' are not those of web maps (the coarsest is {scale})"),
                "Use GoogleMapsCompatible: 559082264.0287178 at zoom 0, and half of it at each further one.",
            );
        }
    }
    if crs.ends_with(":4326") {
        let corner = matrices.first().and_then(|matrix| child(*matrix, "TopLeftCorner")?.text());
        let first = corner.and_then(|corner| corner.split_whitespace().next()?.parse::<f64>().ok());
        if first.is_some_and(|first| first < -90.0) {
            own.say(
                ("wmts-axis-order", Grade::Breaks, &[Client::Gdal, Client::Qgis, Client::OpenLayers, Client::ArcGis]),
                place,
                format!("TopLeftCorner of '{name}' is longitude first, where the system EPSG:4326 is latitude first"),
                "Write TopLeftCorner in the order of the system: 90 -180.",
            );
        }
    }
}

/// A tile in the middle of a layer, by address and by parameters.
fn tile(own: &mut Examination, root: Node<'_, '_>, layer: Node<'_, '_>, set: Node<'_, '_>) {
    let text =
        |node: Node<'_, '_>, name: &str| child(node, name).and_then(|node| node.text()).unwrap_or_default().to_owned();
    let matrix = set.children().find(|node| node.has_tag_name_of("TileMatrix"));
    let Some(matrix) = matrix else { return };
    let styles = || layer.children().filter(|node| node.has_tag_name_of("Style"));
    let style = styles().find(|style| style.attribute("isDefault") == Some("true")).or_else(|| styles().next());
    let style = style.map(|style| text(style, "Identifier")).unwrap_or_default();
    // Of the first matrix, the tile in its middle: of most it is the only one.
    let middle = |name: &str| text(matrix, name).parse::<u32>().map_or(0, |count| count.saturating_sub(1) / 2);
    let (row, column) = (middle("MatrixHeight"), middle("MatrixWidth"));
    let (set, matrix) = (text(set, "Identifier"), text(matrix, "Identifier"));
    let format = text(layer, "Format");
    let mut urls = Vec::new();
    let templates = layer
        .children()
        .filter(|node| node.has_tag_name_of("ResourceURL") && node.attribute("resourceType") == Some("tile"));
    if let Some(template) =
        templates.filter(|node| node.attribute("format") == Some(&format)).find_map(|node| node.attribute("template"))
    {
        let mut url = template.to_owned();
        for (name, value) in [
            ("{Style}", segment(&style)),
            ("{style}", segment(&style)),
            ("{TileMatrixSet}", segment(&set)),
            ("{TileMatrix}", segment(&matrix)),
            ("{TileRow}", row.to_string()),
            ("{TileCol}", column.to_string()),
        ] {
            url = url.replace(name, &value);
        }
        for dimension in layer.children().filter(|node| node.has_tag_name_of("Dimension")) {
            url = url.replace(&format!("{{{}}}", text(dimension, "Identifier")), &text(dimension, "Default"));
        }
        urls.push(url);
    }
    let operations = root
        .descendants()
        .filter(|node| node.has_tag_name_of("Operation") && node.attribute("name") == Some("GetTile"));
    let gets = operations.flat_map(|node| node.descendants()).filter(|node| node.has_tag_name_of("Get"));
    let kvp = gets.filter(|node| !node.descendants().any(|value| value.text() == Some("RESTful"))).find_map(href);
    if let Some(base) = kvp {
        let query = format!(
            "service=WMTS&request=GetTile&version=1.0.0&layer={}&style={}&format={format}&tileMatrixSet={}&tileMatrix={}\
             &tileRow={row}&tileCol={column}",
            segment(&text(layer, "Identifier")),
            segment(&style),
            segment(&set),
            segment(&matrix)
        );
        urls.push(with(base, &query));
    }
    for url in urls {
        let Ok(answer) = own.asker.get(&url, &[]) else { continue };
        let is_out = answer.text().is_some_and(|text| text.contains("TileOutOfRange"));
        if !(answer.status == 200 && answer.media_type() == format) && !is_out && answer.status != 204 {
            own.say(
                (
                    "wmts-tile",
                    Grade::Breaks,
                    &[Client::Gdal, Client::Qgis, Client::OpenLayers, Client::OwsLib, Client::ArcGis],
                ),
                &url,
                format!(
                    "a tile of a layer is answered with {} and '{}', not '{format}'",
                    answer.status,
                    answer.media_type()
                ),
                "Answer the addresses and the parameters that the capabilities name.",
            );
        }
    }
}
