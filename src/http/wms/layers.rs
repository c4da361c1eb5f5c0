//! The layers in the capabilities: one that holds all, in it the whole map, and below that each collection, which inherits its styles and systems.

use std::collections::HashMap;

use super::capabilities::keywords;
use super::capabilities::resource;
use super::exception::Exception;
use super::legend::SCALE_AT_ZERO;
use super::look::inherited;
use super::look::is_queryable;
use super::place;
use super::version::Version;
use crate::http::Call;
use crate::http::map::Frame;
use crate::http::ogc::tiles::Offer;
use crate::http::ogc::tiles::stacked;
use crate::http::ows::Layer;
use crate::http::params::segment;
use crate::http::xml::Xml;
use crate::http::xyz::legend::legend;
use crate::http::xyz::pictures::look_of;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::CrsList;
use crate::space::Rect;

/// Most legends that are drawn to tell how large they are; the others are at `GetLegendGraphic` all the same.
const MOST_LEGENDS: usize = 64;

/// Degrees that the box of a single place reaches from it.
const LEAST: f64 = 1e-4;

/// What a sum may miss of the last decimal that is written.
const SLACK: f64 = 1e-3;

/// Width and height of legends, by layer and style.
pub(super) type Legends = HashMap<(String, String), [u32; 2]>;

/// How large the legends are; 1.1.1 demands to know.
pub(super) async fn legends(call: &Call, layers: &[Layer]) -> Result<Legends, Exception> {
    let mut sizes = Legends::new();
    let mut own: Vec<(&Layer, &Offer)> = Vec::new();
    for layer in layers {
        own.extend(own_styles(layers, layer).map(|offer| (layer, offer)));
    }
    for (layer, offer) in own.into_iter().take(MOST_LEGENDS) {
        let styled = match offer.styled() {
            Some(styled) => styled,
            None => stacked(&call.catalog, offer.collections())?,
        };
        let (tile, _) = legend(call, look_of(call, styled), "legend.png", "").await?;
        // The header of a PNG (ISO 15948, 11.2.2) holds both at these places.
        let side = |at: usize| Some(u32::from_be_bytes(tile.bytes.get(at..at + 4)?.try_into().ok()?));
        if let (Some(width), Some(height)) = (side(16), side(20)) {
            sizes.insert((layer.id.clone(), offer.style().to_owned()), [width, height]);
        }
    }
    Ok(sizes)
}

/// Those that a layer does not inherit.
fn own_styles<'a>(layers: &'a [Layer], layer: &'a Layer) -> impl Iterator<Item = &'a Offer> {
    let inherited = if layer.collection.is_some() { inherited(layers) } else { Vec::new() };
    layer.styles.iter().filter(move |offer| !inherited.contains(&offer.style()))
}

/// Writes all layers, one within the other.
pub(super) fn describe(xml: &mut Xml, call: &Call, version: Version, layers: &[Layer], legends: &Legends) {
    let systems = place::systems(&call.catalog);
    let writer = Writer { call, version, layers, legends, systems: &systems };
    let (whole, collections): (Vec<&Layer>, Vec<&Layer>) = layers.iter().partition(|layer| layer.collection.is_none());
    writer.root(xml, whole.first().copied());
    for layer in &whole {
        writer.begin(xml, layer);
    }
    for layer in collections {
        writer.begin(xml, layer);
        xml.close();
    }
    for _ in whole {
        xml.close();
    }
    xml.close();
}

struct Writer<'a> {
    call: &'a Call,
    version: Version,
    layers: &'a [Layer],
    legends: &'a Legends,
    systems: &'a CrsList,
}

impl Writer<'_> {
    /// Writes the layer that holds all others, which stays open. It has no name, so that none but real maps are asked for, and
    /// because clients that look for what a layer inherits, the OGC's test suite among them, look at those above it.
    fn root(&self, xml: &mut Xml, whole: Option<&Layer>) {
        xml.open("Layer", &[]).text("Title", &self.call.app.config.title);
        xml.text_if("Abstract", &self.call.app.config.description);
        let named = self.systems.iter().filter(|crs| self.version == Version::V1_3_0 || **crs != Crs::Crs84);
        named.for_each(|crs| {
            xml.text(self.version.crs(), &place::name(crs));
        });
        if let Some(bounds) = whole.and_then(|layer| layer.styles.first()).and_then(Offer::bounds) {
            self.boxes(xml, widened(&bounds));
        }
    }

    /// Writes a layer, which stays open for those below it.
    fn begin(&self, xml: &mut Xml, layer: &Layer) {
        let queryable = if is_queryable(layer) { "1" } else { "0" };
        xml.open("Layer", &[("queryable", queryable)]).text("Name", &layer.id).text("Title", &layer.title);
        xml.text_if("Abstract", &layer.description);
        let metadata = layer.collection.as_ref().map(|own| &own.metadata);
        keywords(xml, metadata.into_iter().flat_map(|own| &own.keywords).map(String::as_str));
        if let Some(bounds) = layer.styles.first().and_then(Offer::bounds) {
            self.boxes(xml, widened(&bounds));
        }
        self.times(xml, layer);
        if let Some(words) = metadata.and_then(|own| own.attribution.as_deref()) {
            xml.open("Attribution", &[]).text("Title", words).close();
        }
        if let Some(collection) = &layer.collection {
            let path = format!("/collections/{}", segment(&collection.id));
            if self.version == Version::V1_3_0 {
                self.link(xml, ("MetadataURL", &[("type", "OGC-API")]), "text/html", &format!("{path}?f=html"));
            }
            self.link(xml, ("DataURL", &[]), "application/geo+json", &format!("{path}/items?f=geojson"));
        }
        for offer in own_styles(self.layers, layer) {
            self.style(xml, layer, offer);
        }
        self.scales(xml, layer);
    }

    fn link(&self, xml: &mut Xml, (name, attributes): (&str, &[(&str, &str)]), format: &str, path: &str) {
        xml.open(name, attributes).text("Format", format);
        resource(xml, &self.call.base.url(path));
        xml.close();
    }

    /// The box in degrees, and that of each system that can hold it.
    fn boxes(&self, xml: &mut Xml, bounds: Rect) {
        let [west, south, east, north] =
            [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y].map(|n| n.to_string());
        match self.version {
            Version::V1_3_0 => {
                xml.open("EX_GeographicBoundingBox", &[]);
                xml.text("westBoundLongitude", &west).text("eastBoundLongitude", &east);
                xml.text("southBoundLatitude", &south).text("northBoundLatitude", &north).close();
            }
            Version::V1_1_1 => {
                let attributes = [("minx", &*west), ("miny", &*south), ("maxx", &*east), ("maxy", &*north)];
                xml.empty("LatLonBoundingBox", &attributes);
            }
        }
        for crs in self.systems.iter().filter(|crs| self.version == Version::V1_3_0 || **crs != Crs::Crs84) {
            let Some(rect) = rect_in(crs, &bounds) else { continue };
            let decimals = 10_f64.powi(i32::from(crs.decimals()));
            let (low, high) = match self.version {
                Version::V1_3_0 => {
                    (crs.axes().write([rect.min_x, rect.min_y]), crs.axes().write([rect.max_x, rect.max_y]))
                }
                Version::V1_1_1 => ([rect.min_x, rect.min_y], [rect.max_x, rect.max_y]),
            };
            // Axes that run west or south begin at what is the east or north end.
            let axis = |at: usize| (low[at].min(high[at]), low[at].max(high[at]));
            let ((min_x, max_x), (min_y, max_y)) = (axis(0), axis(1));
            let [min_x, min_y] = [min_x, min_y].map(|n| ((n * decimals + SLACK).floor() / decimals).to_string());
            let [max_x, max_y] = [max_x, max_y].map(|n| ((n * decimals - SLACK).ceil() / decimals).to_string());
            let name = place::name(crs);
            let own =
                [(self.version.crs(), &*name), ("minx", &min_x), ("miny", &min_y), ("maxx", &max_x), ("maxy", &max_y)];
            xml.empty("BoundingBox", &own);
        }
    }

    fn times(&self, xml: &mut Xml, layer: &Layer) {
        let Some(times) = &layer.time else { return };
        let (all, every) = (times.all(), format!("{}/{}", times.all(), times.step));
        let own = [("name", "time"), ("units", "ISO8601")];
        match self.version {
            Version::V1_3_0 => {
                let more = [("default", &*all), ("multipleValues", "1"), ("nearestValue", "0"), ("current", "1")];
                xml.leaf("Dimension", &[own.as_slice(), &more].concat(), &every);
            }
            Version::V1_1_1 => {
                xml.empty("Dimension", &own);
                xml.leaf("Extent", &[("name", "time"), ("default", &all)], &every);
            }
        }
    }

    fn style(&self, xml: &mut Xml, layer: &Layer, offer: &Offer) {
        let name = offer.style();
        xml.open("Style", &[]).text("Name", name).text("Title", offer.style_title());
        if let Some([width, height]) = self.legends.get(&(layer.id.clone(), name.to_owned())) {
            let query = format!(
                "service=WMS&request=GetLegendGraphic&version={}&format=image/png&layer={}&style={}",
                self.version.name(),
                segment(&layer.id),
                segment(name)
            );
            let size = [("width", &*width.to_string()), ("height", &*height.to_string())];
            self.link(xml, ("LegendURL", &size), "image/png", &format!("/wms?{query}"));
        }
        xml.close();
    }

    /// The scales at which the usual style of a layer draws anything.
    fn scales(&self, xml: &mut Xml, layer: &Layer) {
        let Some(styled) = layer.styles.first().and_then(Offer::styled) else { return };
        let shown = styled.style.layers.iter().filter(|own| own.visible);
        let zooms = shown.map(|own| [own.minzoom, own.maxzoom]).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]);
        let Some([low, high]) = zooms else { return };
        let scale = |zoom: f64| SCALE_AT_ZERO / zoom.exp2();
        let (finest, coarsest) = ((high < 24.0).then(|| scale(high)), (low > 0.0).then(|| scale(low)));
        match self.version {
            Version::V1_3_0 => {
                finest.iter().for_each(|scale| {
                    xml.text("MinScaleDenominator", &scale.to_string());
                });
                coarsest.iter().for_each(|scale| {
                    xml.text("MaxScaleDenominator", &scale.to_string());
                });
            }
            Version::V1_1_1 if finest.is_some() || coarsest.is_some() => {
                // The diagonal of a pixel in metres (OGC 01-068r3, 7.1.4.5.8).
                let diagonal = |scale: f64| (scale * 0.000_28 * std::f64::consts::SQRT_2).to_string();
                let (low, high) = (finest.unwrap_or(0.0), coarsest.unwrap_or(1e12));
                xml.empty("ScaleHint", &[("min", &diagonal(low)), ("max", &diagonal(high))]);
            }
            Version::V1_1_1 => {}
        }
    }
}

/// A box with an area.
fn widened(bounds: &Rect) -> Rect {
    let range = |low: f64, high: f64, edge: f64| {
        let more = ((LEAST - (high - low)) / 2.0).max(0.0);
        [(low - more).max(-edge), (high + more).min(edge)]
    };
    let ([west, east], [south, north]) =
        (range(bounds.min_x, bounds.max_x, 180.0), range(bounds.min_y, bounds.max_y, 90.0));
    Rect::new(west, south, east, north)
}

/// The rectangle of a system around what lies in the area that it is made for; around all of a box of which nothing does.
fn rect_in(crs: &Crs, bounds: &Rect) -> Option<Rect> {
    let parts = crs.area().parts();
    let within = parts.into_iter().filter_map(|part| part.intersection(bounds)).reduce(|a, b| a.union(&b));
    let rect = Frame::rect_around(crs, &Bbox::around(&within.unwrap_or(*bounds)))?;
    (rect.width() > 0.0 && rect.height() > 0.0).then_some(rect)
}
