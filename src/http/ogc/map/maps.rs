//! The resources that are maps.

use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;

use super::color::color;
use super::page;
use super::place;
use super::subset::Subset;
use super::table::parameters;
use super::target::Choice;
use super::target::Target;
use crate::catalog::Collection;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Params;
use crate::http::Path;
use crate::http::Segment;
use crate::http::map::Backdrop;
use crate::http::map::Frame;
use crate::http::map::MapRequest;
use crate::http::map::encoding;
use crate::http::params::segment;
use crate::http::respond::ETag;
use crate::http::xyz::selection;
use crate::query::Interval;
use crate::query::TimeSet;
use crate::space::Crs;
use crate::style::Color;
use crate::style::LayerKind;

/// What these resources conform to, in both forms that clients look for.
pub(in crate::http) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/background",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/collections-selection",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/scaling",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/display-resolution",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/spatial-subsetting",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/datetime",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/orientation",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/dataset-map",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/collection-map",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/styled-map",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/png",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/jpeg",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/api-operations",
    "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/cors",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/core",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/background",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/collections-selection",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/scaling",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/display-resolution",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/spatial-subsetting",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/datetime",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/crs",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/orientation",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/dataset-map",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/collection-map",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/styled-map",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/png",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/jpeg",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/api-operations",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/cors",
];

/// Both forms in which clients look for the relation.
const RELATIONS: [&str; 2] =
    ["http://www.opengis.net/def/rel/ogc/1.0/map", "https://www.opengis.net/def/rel/ogc/1.0/map"];

const FORMATS: &[Format] = &[Format::Png, Format::Jpeg, Format::Webp, Format::Html];

/// The links to a map at an address.
pub(in crate::http) fn links(title: &str, href: &str) -> impl Iterator<Item = Link> {
    let (title, href) = (title.to_owned(), href.to_owned());
    RELATIONS.into_iter().map(move |rel| Link::new(rel, FORMATS[0], title.clone(), href.clone()))
}

/// What can be asked of maps.
pub(in crate::http) fn operations(call: &Call) -> Vec<Operation> {
    let mut operations = vec![operation(&Target::dataset(call), "dataset.getMap".to_owned(), "/map".to_owned(), "all")];
    for id in call.catalog.styles.keys() {
        if let Ok(target) = Target::style(call, id) {
            let path = format!("/styles/{}/map", segment(id));
            let title = format!("the style '{}'", target.styled.title());
            operations.push(operation(&target, format!("{id}.dataset.style.getMap"), path, &title));
        }
    }
    for (id, collection) in &call.catalog.collections {
        let Ok(target) = Target::collection(call, id) else { continue };
        let path = format!("/collections/{}", segment(id));
        let title = format!("'{}'", collection.title());
        operations.push(operation(&target, format!("{id}.collection.getMap"), format!("{path}/map"), &title));
        let styled = format!("{id}.collection.style.getMap");
        let title = format!("{title} in one of its styles");
        let mut of_style = operation(&target, styled, format!("{path}/styles/{{style}}/map"), &title);
        of_style.segments = vec![Segment { name: "style", description: "The id of one of the collection's styles." }];
        operations.push(of_style);
    }
    operations
}

fn operation(target: &Target, id: String, path: String, what: &str) -> Operation {
    let collections: Vec<&Collection> = target.collections.iter().map(AsRef::as_ref).collect();
    let mut operation = Operation::new(&id, &path, "Maps", &format!("A map of {what}."), FORMATS);
    operation.parameters.extend(parameters(&collections, target.choice != Choice::None));
    operation
}

/// `GET /map`
pub(in crate::http) async fn dataset_map(call: Call) -> Result<Response, Error> {
    let target = Target::dataset(&call);
    answer(&call, target).await
}

/// `GET /collections/{id}/map`
pub(in crate::http) async fn collection_map(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    let target = Target::collection(&call, &id)?;
    answer(&call, target).await
}

/// `GET /styles/{style}/map`
pub(in crate::http) async fn style_map(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    let target = Target::style(&call, &id)?;
    answer(&call, target).await
}

/// `GET /collections/{id}/styles/{style}/map`
pub(in crate::http) async fn collection_style_map(
    call: Call,
    Path((id, style)): Path<(String, String)>,
) -> Result<Response, Error> {
    let target = Target::collection_style(&call, &id, &style)?;
    answer(&call, target).await
}

async fn answer(call: &Call, target: Target) -> Result<Response, Error> {
    let operation = operation(&target, String::new(), String::new(), "");
    match drawn(call, &operation, &target).await {
        Err(error @ (Error::Invalid(_) | Error::TooLarge(_))) if call.wants_page() => {
            page::refused(call, &operation, &target, &error)
        }
        answered => answered,
    }
}

async fn drawn(call: &Call, operation: &Operation, whole: &Target) -> Result<Response, Error> {
    let (params, negotiated) = call.read(operation)?;
    // Browsers take pictures as gladly as pages, but who writes an address into one wants to read.
    let format = if call.wants_page() { Format::Html } else { negotiated };
    let limits = &call.app.config.limits;
    let target = whole.clone().chosen(call, &params)?;
    let subset = Subset::parse(params.texts("subset"), params.crs("subset-crs").unwrap_or(&Crs::Crs84))?;
    if subset.time.is_some() && params.time("datetime").is_some() {
        return Err(Error::Invalid(
            "the time is given by 'datetime' and by 'subset'; one of them is enough".to_owned(),
        ));
    }
    let mut asked = selection::anywhere(call, &params, &target.collections)?;
    asked.iter_mut().for_each(|(_, query)| query.time = query.time.take().or(subset.time.map(TimeSet::from)));
    let selection = Selection::new(asked.iter().map(|(own, query)| (own.as_ref(), query.clone())));
    let frame = place::frame(&params, &subset, &target.collections, limits)?;
    let (styled, backdrop) = background(call, &target.styled, &params)?;
    if format == Format::Html {
        return page::page(call, operation, whole, &params, frame.size);
    }
    let (crs, shown) = (frame.crs.clone(), frame.shown());
    let is_placed = params.bbox("bbox").is_some() || subset.is_spatial() || params.text("center").is_some();
    let is_blank =
        is_placed && backdrop.color.is_none() && !has_background(&styled) && is_outside(&frame, &target.collections);
    let mut response = if is_blank {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let request = MapRequest { styled, selection, frame, backdrop, encoding: encoding(format, &call.app.config) };
        let tile = request.draw(call).await?;
        let tag = ETag::of(&[format.media_type().as_bytes(), tile.etag.as_bytes()]);
        let answer = || tag.answer(format.content_type(), Body::from(tile.bytes.clone()));
        tag.unchanged(&call.headers).unwrap_or_else(answer)
    };
    let time = params.time("datetime").or(subset.time);
    say(&mut response, "content-crs", crs.uri());
    let numbers = written(&crs, &shown).map(|number| number.to_string());
    say(&mut response, "content-bbox", &numbers.join(","));
    if let Some(time) = shown_time(&target.collections, time) {
        say(&mut response, "content-datetime", &time);
    }
    Ok(response)
}

/// The style with or without its background, and what lies under it.
fn background(call: &Call, styled: &Arc<Styled>, params: &Params) -> Result<(Arc<Styled>, Backdrop), Error> {
    let read = |name: &str| params.text(name).map(|text| color(name, text)).transpose();
    let (asked, void) = (read("bgcolor")?, read("void-color")?);
    let transparent = params.flag("transparent");
    let below = match (asked, transparent) {
        (_, Some(true)) | (None, None) => None,
        (Some(color), _) => Some(color),
        (None, Some(false)) => Some(Color::new(1.0, 1.0, 1.0, 1.0)),
    };
    let is_bare = transparent == Some(true) || asked.is_some();
    let styled = if is_bare { call.catalog.without_background(styled) } else { Arc::clone(styled) };
    let void = match params.flag("void-transparent") {
        Some(true) => Some(Color::TRANSPARENT),
        Some(false) => void.or(below).or(Some(Color::new(1.0, 1.0, 1.0, 1.0))),
        None => void,
    };
    Ok((styled, Backdrop { color: below, void }))
}

fn has_background(styled: &Styled) -> bool {
    styled.style.layers.iter().any(|layer| matches!(layer.kind, LayerKind::Background(_)))
}

/// Whether nothing of the collections is where the map is.
fn is_outside(frame: &Frame, collections: &[Arc<Collection>]) -> bool {
    let Some(shown) = Frame::bbox_around(&frame.crs, &frame.shown()) else { return false };
    let meets = |own: &Arc<Collection>| {
        let extent = own.snapshot().extent();
        extent.is_some_and(|extent| extent.parts().any(|one| shown.parts().any(|other| one.intersects(&other))))
    };
    !collections.is_empty() && !collections.iter().any(meets)
}

/// What is shown, in the order of the authority. A box of degrees that crosses the antimeridian has its west above its east.
fn written(crs: &Crs, shown: &crate::space::Rect) -> [f64; 4] {
    let decimals = 10_f64.powi(i32::from(crs.decimals()));
    let round = |number: f64| (number * decimals).round() / decimals;
    let turned = match crs.period() {
        Some(period) if shown.width() < period => {
            let turn =
                |x: f64| if x.abs() <= period / 2.0 { x } else { (x + period / 2.0).rem_euclid(period) - period / 2.0 };
            [turn(shown.min_x), turn(shown.max_x)]
        }
        _ => [shown.min_x, shown.max_x],
    };
    let (one, other) = (crs.axes().write([turned[0], shown.min_y]), crs.axes().write([turned[1], shown.max_y]));
    [one[0], one[1], other[0], other[1]].map(round)
}

/// When what is shown is: the time that is asked for, ends that are open being those of the data.
fn shown_time(collections: &[Arc<Collection>], asked: Option<Interval>) -> Option<String> {
    let times = collections.iter().filter_map(|collection| collection.snapshot().time_extent());
    let [first, last] = times.reduce(|a, b| a.union(&b))?.ends();
    let [from, to] = asked.map(|asked| asked.ends()).unwrap_or_default();
    let open = |end: Option<String>| end.unwrap_or_else(|| "..".to_owned());
    let (from, to) = (open(from.or(first)), open(to.or(last)));
    Some(if from == to { from } else { format!("{from}/{to}") })
}

fn say(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
