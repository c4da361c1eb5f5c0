//! Where a style is: among those of the server, or among those of a collection.

use std::sync::Arc;

use crate::catalog::Collection;
use crate::catalog::Styled;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Segment;
use crate::http::ogc::map;
use crate::http::page::Frame;
use crate::http::params::segment;

/// What these resources conform to.
pub(in crate::http) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/mapbox-styles",
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/html",
];

/// The relation of a list of styles to what they portray.
pub(in crate::http) const RELATION: &str = "http://www.opengis.net/def/rel/ogc/1.0/styles";

const LEGEND: &str = "http://www.opengis.net/def/rel/ogc/1.0/legend";

pub(super) const PAGES: &[Format] = &[Format::Json, Format::Html];

pub(super) const STYLES: &[Format] = &[Format::Style, Format::Html];

/// Among which styles one is.
pub(super) enum Place {
    /// Those of the server.
    Server,
    /// Those of a collection.
    Collection(Arc<Collection>),
}

impl Place {
    /// Among those of a collection.
    pub(super) fn of_collection(call: &Call, id: &str) -> Result<Self, Error> {
        call.collection(id).map(Self::Collection)
    }

    /// The path of the list.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Server => "/styles".to_owned(),
            Self::Collection(collection) => format!("/collections/{}/styles", segment(&collection.id)),
        }
    }

    /// The styles, the first of which is drawn when none is asked for.
    pub(super) fn styles(&self, call: &Call) -> Vec<Arc<Styled>> {
        match self {
            Self::Server => call.catalog.styles.values().cloned().collect(),
            Self::Collection(collection) => call.catalog.styles_of(collection),
        }
    }

    /// The style of an id.
    pub(super) fn style(&self, call: &Call, id: &str) -> Result<Arc<Styled>, Error> {
        match self {
            Self::Server => call.catalog.style(id).cloned().ok_or_else(|| Error::NotFound(format!("style '{id}'"))),
            Self::Collection(collection) => {
                let found = self.styles(call).into_iter().find(|styled| styled.id == id);
                found.ok_or_else(|| Error::NotFound(format!("style '{id}' of collection '{}'", collection.id)))
            }
        }
    }

    /// The collections that a style draws here.
    pub(super) fn collections(&self, call: &Call, styled: &Styled) -> Vec<Arc<Collection>> {
        match self {
            Self::Server => {
                let mut collections = call.catalog.collections_of(styled);
                collections.sort_by(|a, b| a.id.cmp(&b.id));
                collections.dedup_by(|a, b| a.id == b.id);
                collections
            }
            Self::Collection(collection) => vec![Arc::clone(collection)],
        }
    }

    /// The absolute address of a style, with what follows it.
    pub(super) fn address(&self, call: &Call, styled: &Styled, rest: &str) -> String {
        call.base.url(&format!("{}/{}{rest}", self.path(), segment(&styled.id)))
    }

    /// A picture of a style.
    pub(super) fn preview(&self, call: &Call, styled: &Styled) -> String {
        if let (Self::Server, Some([lon, lat]), Some(zoom)) = (self, styled.style.center, styled.style.zoom) {
            return self.address(call, styled, &format!("/static/{lon},{lat},{zoom}/480x270@2x.png"));
        }
        self.address(call, styled, "/map?width=480&height=270&transparent=false")
    }

    /// Where a style is for `MapLibre`.
    pub(super) fn stylesheet(&self, call: &Call, styled: &Styled) -> String {
        match self {
            Self::Server => self.address(call, styled, "/style.json"),
            Self::Collection(_) => self.address(call, styled, ""),
        }
    }

    /// The links of a style in a list, and of its metadata.
    pub(super) fn links(&self, call: &Call, styled: &Styled) -> Vec<Link> {
        let at = |rest: &str| self.address(call, styled, rest);
        let mut links = vec![
            Link::new("stylesheet", Format::Style, "The style for MapLibre", self.stylesheet(call, styled)),
            Link::new("preview", Format::Png, "A map in the style", self.preview(call, styled)),
            Link::new(LEGEND, Format::Png, "The legend of the style", at("/legend.png")),
        ];
        links.extend(map::links("A map in the style", &at("/map")));
        if let Self::Server = self {
            links.push(Link::new("tiles", Format::TileJson, "Its raster tiles as TileJSON", at(".json")));
        }
        links
    }

    /// The frame of a page about one of the styles, or about the list.
    pub(super) fn frame(&self, call: &Call, title: &str, below_list: bool) -> Frame {
        let mut frame = Frame::new(call, title).under("/", &call.app.config.title);
        if let Self::Collection(collection) = self {
            let path = format!("/collections/{}", segment(&collection.id));
            frame = frame.under("/collections", "Collections").under(&path, collection.title());
        }
        if below_list { frame.under(&self.path(), "Styles") } else { frame }
    }
}

/// What can be asked of styles as documents.
pub(in crate::http) fn operations(call: &Call) -> Vec<Operation> {
    let mut operations =
        vec![Operation::new("getStyles", "/styles", "Maps", "The styles that maps are drawn with.", PAGES)];
    for styled in call.catalog.styles.values() {
        let (id, title, path) = (&styled.id, styled.title(), format!("/styles/{}", segment(&styled.id)));
        operations.extend([
            Operation::new(
                &format!("{id}.getStyle"),
                &path,
                "Maps",
                &format!("The style '{title}' for MapLibre; the same at style.json."),
                STYLES,
            ),
            Operation::new(
                &format!("{id}.getStyleMetadata"),
                &format!("{path}/metadata"),
                "Maps",
                &format!("What is known of the style '{title}'."),
                PAGES,
            ),
        ]);
    }
    for collection in call.catalog.collections.values() {
        let (id, title) = (&collection.id, collection.title());
        let path = format!("/collections/{}/styles", segment(id));
        let of_style = |name: &str, rest: &str, summary: String, formats| {
            let segments = vec![Segment { name: "style", description: "The id of one of the collection's styles." }];
            let name = format!("{id}.collection.{name}");
            Operation {
                segments,
                ..Operation::new(&name, &format!("{path}/{{style}}{rest}"), "Maps", &summary, formats)
            }
        };
        operations.extend([
            Operation::new(
                &format!("{id}.collection.getStyles"),
                &path,
                "Maps",
                &format!(
                    "The styles of '{title}': the parts of the server's styles that draw it, then the automatic one."
                ),
                PAGES,
            ),
            of_style("getStyle", "", format!("A style of '{title}' for MapLibre."), STYLES),
            of_style("getStyleMetadata", "/metadata", format!("What is known of a style of '{title}'."), PAGES),
        ]);
    }
    operations
}
