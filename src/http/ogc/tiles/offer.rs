//! What there are tiles of.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::MatchedPath;
use axum::http::request::Parts;

use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::Styled;
use crate::config::Limits;
use crate::http::Base;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Path;
use crate::http::params::segment;
use crate::http::whole;
use crate::http::xyz::pictures;
use crate::space::Bbox;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;
use crate::space::TileLimits;

/// What these resources conform to.
pub(in crate::http::ogc) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/datetime",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/jpeg",
    "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixsetlimits",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits",
];

/// What a path below `/tiles` names, as it was written.
pub(in crate::http) struct Subject {
    names: BTreeMap<String, String>,
    is_map: bool,
}

/// Something that there are tiles of.
pub(in crate::http) struct Offer {
    /// Its path below the landing page, which ends in `/tiles`.
    pub(super) path: String,
    /// What the ids of its operations start with.
    pub(super) operation: String,
    /// Its name for people.
    pub(super) title: String,
    /// The collections that are on the tiles.
    pub(super) collections: Vec<Arc<Collection>>,
    /// Whether it is everything that the server has.
    pub(super) is_dataset: bool,
    /// What they are drawn with, where tiles are pictures; else they are data, for clients to draw.
    pub(super) styled: Option<Arc<Styled>>,
}

const VECTOR: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
const MAP: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map";
/// The same as some clients and the test suite write it.
const SECURE_MAP: &str = "https://www.opengis.net/def/rel/ogc/1.0/tilesets-map";

/// Links from the landing page, or from a collection, to its tilesets; `path` is empty or that of the collection.
pub(in crate::http::ogc) fn links(base: &Base, path: &str, title: &str) -> [Link; 3] {
    let link = |rel, kind: &str, rest: &str| {
        Link::new(rel, Format::Json, format!("{kind} of {title}"), base.url(&format!("{path}{rest}")))
    };
    [
        link(VECTOR, "Vector tiles", "/tiles"),
        link(MAP, "Map tiles", "/map/tiles"),
        link(SECURE_MAP, "Map tiles", "/map/tiles"),
    ]
}

impl<S: Send + Sync> FromRequestParts<S> for Subject {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(names) = Path::from_request_parts(parts, state).await?;
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Ok(Self { names, is_map: route.contains("/map/tiles") })
    }
}

impl Subject {
    /// What it names.
    pub(super) fn offer(&self, call: &Call) -> Result<Offer, Error> {
        let catalog = &call.catalog;
        let collection = self.names.get("id").map(|id| call.collection(id)).transpose()?;
        match (collection, self.names.get("style")) {
            (None, None) if self.is_map => Ok(Offer::map(catalog)),
            (None, None) => Ok(Offer::dataset(catalog)),
            (None, Some(id)) => Ok(Offer::whole_in(catalog, &pictures::style(call, id)?)),
            (Some(collection), None) if self.is_map => Offer::map_of(catalog, &collection)
                .ok_or_else(|| Error::NotFound(format!("style of the collection '{}'", collection.id))),
            (Some(collection), None) => Ok(Offer::collection(&collection)),
            (Some(collection), Some(id)) => {
                let styles = catalog.styles_of(&collection);
                let styled = styles.iter().find(|styled| styled.id == *id);
                let styled = styled.ok_or_else(|| {
                    let ids: Vec<&str> = styles.iter().map(|styled| styled.id.as_str()).collect();
                    Error::NotFound(format!("style '{id}' of '{}'; there are {}", collection.id, ids.join(", ")))
                })?;
                Ok(Offer::styled_of(&collection, styled))
            }
        }
    }

    /// The grid that it names; whether there are tiles of it is for the limits to say.
    pub(super) fn grid(&self, call: &Call, offer: &Offer) -> Result<Arc<Grid>, Error> {
        let id = self.name("tms");
        let missing = || Error::NotFound(format!("tileset '{id}' of {}; its list is at {}", offer.title, offer.path));
        call.catalog.grids.get(id).cloned().ok_or_else(missing)
    }

    /// The tile that it names, within the limits.
    pub(super) fn coord(&self, call: &Call, offer: &Offer, grid: &Grid) -> Result<TileCoord, Error> {
        let [matrix, row, column] = ["tileMatrix", "tileRow", "tileCol"].map(|name| self.name(name));
        let coord = || grid.tile(grid.level_of(matrix)?, whole(column)?, whole(row)?);
        let limits = offer.limits(grid, &call.app.config.limits);
        let within = |coord: &TileCoord| limits.iter().any(|limits| limits.contains(*coord));
        coord().filter(within).ok_or_else(|| {
            Error::NotFound(format!(
                "tile '{matrix}/{row}/{column}' (matrix, row, column) within the limits of the tileset '{}'",
                grid.id()
            ))
        })
    }

    fn name(&self, name: &str) -> &str {
        self.names.get(name).map_or("", String::as_str)
    }
}

impl Offer {
    /// Everything that there are tiles of.
    pub(in crate::http::ogc) fn all(catalog: &Catalog) -> Vec<Self> {
        let mut offers = vec![Self::dataset(catalog), Self::map(catalog)];
        for collection in catalog.collections.values() {
            offers.push(Self::collection(collection));
            offers.extend(Self::map_of(catalog, collection));
            offers.extend(catalog.styles_of(collection).iter().map(|styled| Self::styled_of(collection, styled)));
        }
        offers.extend(catalog.styles.values().map(|styled| Self::whole_in(catalog, styled)));
        offers
    }

    fn dataset(catalog: &Catalog) -> Self {
        Self {
            path: "/tiles".to_owned(),
            operation: "all.dataset.vector".to_owned(),
            title: "all collections".to_owned(),
            collections: catalog.collections.values().cloned().collect(),
            is_dataset: true,
            styled: None,
        }
    }

    /// The whole of the first style; where nobody wrote one, all collections in the styles that are made for them.
    fn map(catalog: &Catalog) -> Self {
        let (collections, styled) = if let Some(styled) = catalog.default_style() {
            (catalog.collections_of(styled), Some(Arc::clone(styled)))
        } else {
            let collections: Vec<Arc<Collection>> = catalog.collections.values().cloned().collect();
            let styled = stacked(catalog, &collections);
            (collections, styled.ok())
        };
        Self {
            path: "/map/tiles".to_owned(),
            operation: "all.dataset.map".to_owned(),
            title: "the map".to_owned(),
            collections,
            is_dataset: true,
            styled,
        }
    }

    fn whole_in(catalog: &Catalog, styled: &Arc<Styled>) -> Self {
        Self {
            path: format!("/styles/{}/map/tiles", segment(&styled.id)),
            operation: format!("{}.dataset.style.map", styled.id),
            title: format!("the map '{}'", styled.title()),
            collections: catalog.collections_of(styled),
            is_dataset: false,
            styled: Some(Arc::clone(styled)),
        }
    }

    fn collection(collection: &Arc<Collection>) -> Self {
        Self {
            path: format!("/collections/{}/tiles", segment(&collection.id)),
            operation: format!("{}.collection.vector", collection.id),
            title: collection.title().to_owned(),
            collections: vec![Arc::clone(collection)],
            is_dataset: false,
            styled: None,
        }
    }

    fn map_of(catalog: &Catalog, collection: &Arc<Collection>) -> Option<Self> {
        Some(Self {
            path: format!("/collections/{}/map/tiles", segment(&collection.id)),
            operation: format!("{}.collection.map", collection.id),
            title: format!("the map of {}", collection.title()),
            styled: Some(catalog.styles_of(collection).into_iter().next()?),
            ..Self::collection(collection)
        })
    }

    fn styled_of(collection: &Arc<Collection>, styled: &Arc<Styled>) -> Self {
        let path = format!("/collections/{}/styles/{}/map/tiles", segment(&collection.id), segment(&styled.id));
        Self {
            path,
            operation: format!("{}.{}.collection.style.map", collection.id, styled.id),
            title: format!("the map of {} in the style '{}'", collection.title(), styled.title()),
            styled: Some(Arc::clone(styled)),
            ..Self::collection(collection)
        }
    }

    /// The whole map in each style, or in those that are made for the collections where nobody wrote one.
    pub(in crate::http) fn whole(catalog: &Catalog) -> Vec<Self> {
        let written: Vec<Self> = catalog.styles.values().map(|styled| Self::whole_in(catalog, styled)).collect();
        if written.is_empty() { vec![Self::map(catalog)] } else { written }
    }

    /// A collection in each of its styles, the first of which is drawn when none is asked for.
    pub(in crate::http) fn portrayed(catalog: &Catalog, collection: &Arc<Collection>) -> Vec<Self> {
        catalog.styles_of(collection).iter().map(|styled| Self::styled_of(collection, styled)).collect()
    }

    /// The style that its pictures are drawn in; `None` where one is made for the collections.
    pub(in crate::http) fn styled(&self) -> Option<Arc<Styled>> {
        self.styled.clone()
    }

    /// The id of the style that its pictures are drawn in.
    pub(in crate::http) fn style(&self) -> &str {
        self.styled.as_ref().map_or("", |styled| styled.id.as_str())
    }

    /// The name of that style for people.
    pub(in crate::http) fn style_title(&self) -> &str {
        self.styled.as_ref().map_or("", |styled| styled.title())
    }

    /// The collections that are on the tiles.
    pub(in crate::http) fn collections(&self) -> &[Arc<Collection>] {
        &self.collections
    }

    /// Whether its tiles are pictures.
    pub(super) fn is_map(&self) -> bool {
        self.path.ends_with("/map/tiles")
    }

    /// The representations of its tiles, the first of which is what a client gets that does not say.
    pub(super) fn formats(&self) -> &'static [Format] {
        if self.is_map() {
            &[Format::Png, Format::Webp, Format::Jpeg]
        } else {
            &[Format::Mvt, Format::Mlt, Format::GeoJson]
        }
    }

    /// The tiles that there are on a grid, a level each; none where no data lies in the area that the grid's system is made for: a zone of UTM could hold the other side of the globe too.
    pub(in crate::http) fn limits(&self, grid: &Grid, limits: &Limits) -> Vec<TileLimits> {
        let is_drawn = |level: u8| !self.is_map() || grid.zoom(level) <= f64::from(limits.zoom);
        let area = grid.crs().area();
        let reaches = |extent: &Bbox| extent.parts().any(|part| area.parts().any(|own| own.intersects(&part)));
        let extents = self.collections.iter().filter_map(|collection| collection.snapshot().extent()).filter(reaches);
        let everywhere = self.styled.as_ref().is_some_and(|styled| styled.draws_from_elsewhere());
        let mut levels: BTreeMap<u8, TileLimits> = BTreeMap::new();
        let parts = if everywhere || (self.is_map() && self.collections.is_empty()) {
            vec![grid.limits(&Bbox::WORLD)]
        } else {
            extents.map(|extent| grid.limits(&extent)).collect()
        };
        for own in parts.into_iter().flatten().filter(|own| is_drawn(own.level)) {
            levels.entry(own.level).and_modify(|all| *all = all.union(own)).or_insert(own);
        }
        levels.into_values().collect()
    }

    /// The box of all its data in degrees; one that crosses the antimeridian is as wide as the world.
    pub(in crate::http) fn bounds(&self) -> Option<Rect> {
        let extents = self.collections.iter().filter_map(|collection| collection.snapshot().extent());
        let bounds = extents.flat_map(|bbox| bbox.parts()).reduce(|all, part| all.union(&part));
        bounds.filter(|bounds| !bounds.is_empty())
    }
}

/// Collections as one map, each in its first style.
pub(in crate::http) fn stacked(catalog: &Catalog, collections: &[Arc<Collection>]) -> Result<Arc<Styled>, Error> {
    let styles: Vec<Arc<Styled>> =
        collections.iter().filter_map(|collection| catalog.styles_of(collection).into_iter().next()).collect();
    catalog.stacked(&styles).map_err(|error| Error::Invalid(error.to_string()))
}
