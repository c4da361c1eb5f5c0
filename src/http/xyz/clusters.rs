//! Points in clusters: in tiles, and what a cluster is made of.

use std::sync::Arc;

use axum::response::Response;

use super::selection;
use super::tiles::GRID;
use crate::catalog::Aggregate;
use crate::catalog::Clustered;
use crate::catalog::Clustering;
use crate::catalog::Collection;
use crate::config::Limits;
use crate::feature::FieldType;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::Path;
use crate::http::Segment;
use crate::http::encode::Profile;
use crate::http::encode::Writing;
use crate::http::encode::write_feature;
use crate::http::params::segment;
use crate::http::respond::ETag;
use crate::http::stream;
use crate::http::stream::Frame;
use crate::query::Query;
use crate::source::TileMetadata;
use crate::space::Crs;
use crate::space::Grid;

/// The parameters that ask for clusters.
pub(in crate::http) fn parameters() -> [Parameter; 4] {
    [
        Parameter::new(
            "cluster",
            Kind::Number { minimum: 0.0, maximum: TileMetadata::WIDEST_CLUSTER },
            "Points that lie within this many pixels of a tile of 512 are gathered into clusters, and not at 0; where nothing is said, as the collection's settings say.",
        ),
        Parameter::new(
            "cluster-max-zoom",
            Kind::Count,
            "The highest zoom at which points are gathered; 16 by default.",
        ),
        Parameter::new("cluster-min-points", Kind::Count, "Points of the smallest cluster; 2 by default."),
        Parameter::new(
            "cluster-properties",
            Kind::Text,
            "What clusters tell of the numbers of their points: a comma list such as 'sum:population,max:height' of sum, mean, min \
             and max, each with a property. A cluster has it as 'sum_population'.",
        ),
    ]
}

/// How the points of each collection are to be gathered, where that is asked for or set.
pub(in crate::http) fn clusterings(
    params: &Params,
    collections: &[Arc<Collection>],
    limits: &Limits,
) -> Result<Vec<Option<Clustering>>, Error> {
    match params.number("cluster") {
        Some(radius) if radius > 0.0 => Ok(vec![Some(asked(radius, params, collections, limits)?); collections.len()]),
        Some(_) => Ok(vec![None; collections.len()]),
        None => {
            let named = ["cluster-max-zoom", "cluster-min-points", "cluster-properties"];
            if let Some(name) = named.into_iter().find(|name| params.value(name).is_some()) {
                return Err(Error::Invalid(format!(
                    "the parameter '{name}' says how to gather points; 'cluster=50' asks for it"
                )));
            }
            Ok(collections.iter().map(|collection| collection.tiles.cluster.clone()).collect())
        }
    }
}

/// The same for tiles of a grid. Points are gathered on the squares of web maps: tiles of other grids show them one by one.
pub(in crate::http) fn clusterings_on(
    grid: &Grid,
    params: &Params,
    collections: &[Arc<Collection>],
    limits: &Limits,
) -> Result<Vec<Option<Clustering>>, Error> {
    let found = clusterings(params, collections, limits)?;
    match params.number("cluster") {
        _ if grid.id() == GRID => Ok(found),
        Some(radius) if radius > 0.0 => {
            let id = grid.id();
            Err(Error::Invalid(format!("the parameter 'cluster' is for tiles of '{GRID}', and not of '{id}'")))
        }
        _ => Ok(vec![None; collections.len()]),
    }
}

fn asked(radius: f64, params: &Params, collections: &[Arc<Collection>], limits: &Limits) -> Result<Clustering, Error> {
    let mut aggregates: Vec<(Aggregate, String)> = Vec::new();
    for text in params.text("cluster-properties").into_iter().flat_map(|list| list.split(',')) {
        let told = Aggregate::parse(text).ok_or_else(|| {
            Error::Invalid(format!(
                "the parameter 'cluster-properties' has '{text}', which must be 'sum', 'mean', 'min' or 'max', a colon and a \
                 property"
            ))
        })?;
        let is_number = |collection: &Arc<Collection>| {
            let schema = collection.snapshot().schema();
            let field = schema.field(&told.1).map(|field| schema.fields[field].kind);
            matches!(field, Some(FieldType::Integer | FieldType::Number | FieldType::Mixed))
        };
        if !collections.iter().any(is_number) {
            let name = &told.1;
            return Err(Error::Invalid(format!(
                "the parameter 'cluster-properties' names '{name}', which is no property with numbers"
            )));
        }
        if !aggregates.contains(&told) {
            aggregates.push(told);
        }
    }
    if aggregates.len() > limits.cluster_aggregates {
        let most = limits.cluster_aggregates;
        return Err(Error::Invalid(format!("the parameter 'cluster-properties' may name {most} at most")));
    }
    let usual = Clustering::of_radius(radius);
    Ok(Clustering {
        max_zoom: params.count("cluster-max-zoom").map_or(usual.max_zoom, |zoom| zoom.min(24) as u8),
        min_points: params.count("cluster-min-points").map_or(usual.min_points, |count| count.clamp(2, 1 << 30) as u32),
        aggregates,
        ..usual
    })
}

/// The clusters of a collection, gathered by a worker where nobody asked for them before.
pub(super) async fn clustered(
    call: &Call,
    (collection, query): &(Arc<Collection>, Query),
    clustering: &Clustering,
) -> Result<Arc<Clustered>, Error> {
    // Which properties are carried does not matter to what is gathered.
    let query = Query { properties: None, ..query.clone() };
    let key = format!("{}@{}?{query}&{clustering}", collection.id, collection.snapshot().version());
    let (collection, clustering) = (Arc::clone(collection), clustering.clone());
    let gathering = async {
        let gather = move || Arc::new(Clustered::gather(&collection, &query, &clustering));
        call.app.workers.run(gather).await.map_err(Error::from)
    };
    call.app.clusters.find_or_make(&key, gathering).await
}

fn leaves_parameters(collection: &Collection, limits: &Limits) -> Vec<Parameter> {
    selection::before(parameters_of_leaves(limits).collect(), selection::parameters([collection]))
}

fn parameters_of_leaves(limits: &Limits) -> impl Iterator<Item = Parameter> {
    let page = [
        Parameter::new(
            "limit",
            Kind::Limit { default: limits.default_items, maximum: limits.items },
            "The number of points on a page.",
        ),
        Parameter::new("offset", Kind::Count, "The number of points before the page."),
    ];
    parameters().into_iter().chain(page)
}

pub(super) fn operation(collection: &Collection, limits: &Limits) -> Operation {
    let id = &collection.id;
    Operation {
        id: format!("{id}.getClusterPoints"),
        path: format!("/data/{}/clusters/{{cluster}}", segment(id)),
        tag: "Tiles",
        summary: format!("The points of '{id}' that a cluster was gathered from, and the zoom at which it parts."),
        segments: vec![Segment { name: "cluster", description: "The 'cluster_id' of a cluster in a tile." }],
        parameters: leaves_parameters(collection, limits),
        formats: &[Format::GeoJson],
        body: None,
    }
}

/// `GET /data/{id}/clusters/{cluster}`, with the parameters that the tile was asked for with.
pub(in crate::http) async fn leaves(
    call: Call,
    Path((id, cluster)): Path<(String, String)>,
) -> Result<Response, Error> {
    let collection = call.collection(&id)?;
    let limits = &call.app.config.limits;
    let params = call.params(&leaves_parameters(&collection, limits))?;
    let collections = [collection];
    let Some(Some(clustering)) = clusterings(&params, &collections, limits)?.pop() else {
        return Err(Error::Invalid("the parameter 'cluster' must be as in the address of the tile".to_owned()));
    };
    let [part] = selection::queries(&call, &params, &collections)?
        .try_into()
        .map_err(|_| Error::internal("one collection has one query"))?;
    let gathered = clustered(&call, &part, &clustering).await?;
    let found = cluster.parse().ok().and_then(|id| gathered.leaves(id));
    let missing = || Error::NotFound(format!("cluster '{cluster}' of '{id}' with these parameters"));
    let (zoom, rows) = found.ok_or_else(missing)?;
    let (collection, query) = part;
    let offset = params.count("offset").unwrap_or(0);
    let page: Vec<u32> =
        rows.iter().skip(offset).take(params.count("limit").unwrap_or(limits.default_items)).copied().collect();
    let mut links = vec![link(&call, &params, "self", "This document", offset)];
    if offset + page.len() < rows.len() && !page.is_empty() {
        links.push(link(&call, &params, "next", "Further points", offset + page.len()));
    }
    let head = format!(
        "{{\"type\":\"FeatureCollection\",\"expansionZoom\":{zoom},\"numberMatched\":{},\"numberReturned\":{},\"links\":{},\
         \"features\":[\n",
        rows.len(),
        page.len(),
        serde_json::to_string(&links).map_err(Error::internal)?
    );
    let tag =
        ETag::of(&[head.as_bytes(), &collection.snapshot().version().0.to_le_bytes(), query.to_string().as_bytes()]);
    if let Some(unchanged) = tag.unchanged(&call.headers) {
        return Ok(unchanged);
    }
    let writing = Writing {
        format: Format::GeoJson,
        profile: Some(Profile::Rfc7946),
        properties: query.properties.clone(),
        has_geometry: true,
        crs: Crs::Crs84,
    };
    let frame = Frame { separator: b",\n", tail: b"\n]}\n" };
    let body = stream::records(head.into_bytes(), page.into_iter(), frame, move |out, row| {
        write_feature(out, collection.snapshot().row(row), &writing, |_| {});
    });
    Ok(tag.answer(Format::GeoJson.content_type(), body))
}

fn link(call: &Call, params: &Params, rel: &'static str, title: &str, offset: usize) -> Link {
    let query = params.with(&[("offset", Some(&offset.to_string()))]);
    Link::new(rel, Format::GeoJson, title, call.base.url(&format!("{}{query}", call.path)))
}
