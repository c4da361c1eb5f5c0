//! Legends of styles, and of the style that is made for collections.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use serde_json::json;
use tokio::runtime::Handle;

use super::legend_page;
use super::picture::PictureName;
use super::pictures::Look;
use super::pictures::data_look;
use super::pictures::look;
use super::pictures::look_of;
use super::selection;
use super::selection::Asked;
use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::catalog::fitting_zoom;
use crate::config::Limits;
use crate::feature::Scalar;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::Path;
use crate::http::Segment;
use crate::http::asked;
use crate::http::params::segment;
use crate::http::respond::ETag;
use crate::http::selectors;
use crate::query::Query;
use crate::render;
use crate::render::legend;
use crate::render::legend::Legend;
use crate::render::legend::LegendView;
use crate::render::legend::Theme;
use crate::space::CrsList;
use crate::style::Layer;
use crate::style::Source;
use crate::style::Style;
use crate::style::Test;
use crate::tile::Tile;
use crate::tile::TileFormat;

/// The legend of a style, which draws these collections, as a picture and as a document.
pub(in crate::http) fn operations(styled: &Styled, collections: &[Arc<Collection>]) -> [Operation; 3] {
    let path = format!("/styles/{}/legend", segment(&styled.id));
    described(&styled.id, &path, &format!("the style '{}'", styled.title()), collections)
}

/// The legend of the style that is made for a collection.
pub(in crate::http) fn data_operations(collection: &Arc<Collection>) -> [Operation; 3] {
    let path = format!("/data/{}/legend", segment(&collection.id));
    let title = format!("maps of '{}'", collection.title());
    described(&collection.id, &path, &title, std::slice::from_ref(collection))
}

/// The legends of the styles of a collection.
pub(in crate::http) fn collection_operations(collection: &Arc<Collection>) -> [Operation; 3] {
    let path = format!("/collections/{}/styles/{{style}}/legend", segment(&collection.id));
    let title = format!("'{}' in one of its styles", collection.title());
    let id = format!("{}.collection.style", collection.id);
    let operations = described(&id, &path, &title, std::slice::from_ref(collection));
    let style = Segment { name: "style", description: "The id of one of the collection's styles." };
    operations.map(|operation| Operation { segments: vec![style.clone()], ..operation })
}

fn described(id: &str, path: &str, what: &str, collections: &[Arc<Collection>]) -> [Operation; 3] {
    let forms: [(&str, &str, &'static [Format], &str); 3] = [
        ("getLegend", "png", &[Format::Png], " as a picture; `@2x` to `@4x` before `.png` sharpen it."),
        ("getLegendSvg", "svg", &[Format::Svg], " as a drawing."),
        (
            "getLegendJson",
            "json",
            &[Format::Json],
            ": groups of layers, and their classes with a label, the values that are in them and a swatch (a `data:` URL).",
        ),
    ];
    forms.map(|(name, ending, formats, form)| Operation {
        id: format!("{id}.{name}"),
        path: format!("{path}.{ending}"),
        tag: "Maps",
        summary: format!("The legend of {what}{form}"),
        segments: Vec::new(),
        parameters: parameters_of(collections),
        formats,
        body: None,
    })
}

fn parameters_of(collections: &[Arc<Collection>]) -> Vec<Parameter> {
    selection::of_pictures(parameters(), collections.iter().map(AsRef::as_ref))
}

/// Pixels of a swatch, where nothing else is asked.
const SWATCH: [usize; 2] = [34, 20];

fn parameters() -> Vec<Parameter> {
    vec![
        Parameter::new(
            "zoom",
            Kind::Number { minimum: 0.0, maximum: 24.0 },
            "The zoom of the map that it is the legend of: layers that are not shown there are left out. Without it, that of the \
             style, or that at which all data are seen.",
        ),
        Parameter::new(
            "width",
            Kind::Number { minimum: 64.0, maximum: 2048.0 },
            "The widest that the legend may be in pixels; longer labels are cut off.",
        ),
        Parameter::new(
            "swatchwidth",
            Kind::Whole { default: SWATCH[0], maximum: 256 },
            "The width of a swatch in pixels.",
        ),
        Parameter::new(
            "swatchheight",
            Kind::Whole { default: SWATCH[1], maximum: 256 },
            "The height of a swatch in pixels.",
        ),
        Parameter::new("counts", Kind::Flag, "Whether the features of each class are counted."),
        selectors::selectors(&CrsList::of_extent(None))[0].clone(),
        Parameter::new("layers", Kind::Text, "Only these layers of the style (a comma list of ids)."),
    ]
}

/// `GET /styles/{style}/legend.{png|svg|json}`
pub(in crate::http) async fn legend_of_style(
    call: Call,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Error> {
    let look = look(&call, &id)?;
    answer(&call, look, &name).await
}

/// `GET /data/{ids}/legend.{png|svg|json}`
pub(in crate::http) async fn legend_of_data(
    call: Call,
    Path((ids, name)): Path<(String, String)>,
) -> Result<Response, Error> {
    let collections = selection::collections(&call, &ids)?;
    answer(&call, data_look(&call, &collections), &name).await
}

/// `GET /collections/{id}/styles/{style}/legend.{png|svg|json}`
pub(in crate::http) async fn legend_of_collection(
    call: Call,
    Path((id, style, name)): Path<(String, String, String)>,
) -> Result<Response, Error> {
    let collection = call.collection(&id)?;
    let styled = call.catalog.styles_of(&collection).into_iter().find(|styled| styled.id == style);
    let styled = styled.ok_or_else(|| Error::NotFound(format!("style '{style}' of collection '{id}'")))?;
    answer(&call, look_of(&call, styled), &name).await
}

/// How a legend is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    Png,
    Svg,
    Json,
}

/// The form and the ratio that a file name says.
fn form(name: &str, limits: &Limits) -> Option<(Form, u8)> {
    match name {
        "legend.svg" => Some((Form::Svg, 2)),
        "legend.json" => Some((Form::Json, 2)),
        _ => {
            let name = PictureName::split(name, limits).filter(|name| name.stem == "legend")?;
            (name.format == super::picture::PictureFormat::Png).then_some((Form::Png, name.ratio))
        }
    }
}

async fn answer(
    call: &Call,
    look: Look<impl FnOnce() -> Result<Arc<Styled>, Error>>,
    name: &str,
) -> Result<Response, Error> {
    if name == "legend.html" {
        let operation =
            Operation { parameters: parameters_of(&look.collections), ..described("", "", "", &[])[0].clone() };
        let query = Params::unchecked(&call.query).with(&[("f", None)]);
        let (tile, _) = legend(call, look, "legend.json", query.trim_start_matches('?')).await?;
        return legend_page::page(call, &operation, &tile.bytes);
    }
    let (tile, format) = legend(call, look, name, &call.query).await?;
    let tag = ETag::of(&[tile.etag.as_bytes()]);
    let answer = || tag.answer(format.content_type(), Body::from(tile.bytes.clone()));
    Ok(tag.unchanged(&call.headers).unwrap_or_else(answer))
}

/// The legend of a style as the file of a name (`legend.png`, `legend@2x.png`, `legend.svg`, `legend.json`), with the
/// parameters in a query string.
pub(in crate::http) async fn legend(
    call: &Call,
    look: Look<impl FnOnce() -> Result<Arc<Styled>, Error>>,
    name: &str,
    query: &str,
) -> Result<(Tile, Format), Error> {
    let limits = &call.app.config.limits;
    let (form, ratio) = form(name, limits).ok_or_else(|| {
        Error::NotFound(format!("document '{name}'; there are legend.png, legend.svg, legend.json and legend.html"))
    })?;
    let asked = selection::of_picture(call, query, parameters(), &look.collections)?;
    let Asked { params, selection, own } = asked;
    let key = format!("{}@{}/{name}{own}/{selection}", look.id, look.version);
    let features = limits.legend_features;
    let drawing = async {
        let styled = (look.styled)()?;
        let (catalog, runtime) = (Arc::clone(&call.catalog), Handle::current());
        let drawn = call.app.workers.run(move || {
            let wanted = Wanted { params, selection, ratio: f64::from(ratio), features };
            runtime.block_on(wanted.write(form, &styled, &catalog))
        });
        drawn.await?
    };
    let tile = call.app.cache.find_or_make(&key, drawing).await?;
    let format = match form {
        Form::Png => Format::Png,
        Form::Svg => Format::Svg,
        Form::Json => Format::Json,
    };
    Ok((tile, format))
}

/// A legend, to be made.
struct Wanted {
    params: Params,
    selection: Selection,
    ratio: f64,
    features: usize,
}

impl Wanted {
    async fn write(&self, form: Form, styled: &Styled, catalog: &Catalog) -> Result<Tile, Error> {
        let drawable = styled.drawable(catalog, self.ratio).await;
        let side = |name: &str, otherwise: usize| self.params.count(name).unwrap_or(otherwise) as f64;
        let view = LegendView {
            zoom: self.params.number("zoom").unwrap_or_else(|| zoom(styled, catalog)),
            swatch: [side("swatchwidth", SWATCH[0]), side("swatchheight", SWATCH[1])],
            ratio: self.ratio,
            counts: self.params.flag("counts") == Some(true),
            features: self.features,
        };
        let only: Option<Vec<&str>> = self.params.text("layers").map(|list| list.split(',').collect());
        if let Some(missing) = only.iter().flatten().find(|id| styled.style.layers.iter().all(|layer| layer.id != **id))
        {
            return Err(Error::Invalid(format!(
                "the parameter 'layers' names '{missing}', which is no layer of the style"
            )));
        }
        let described = Style::describe(&styled.document, view.zoom);
        let bbox = asked::bbox(&self.params)?;
        let query = |id: &str| {
            let asked = self.selection.query(id).map(|query| query.as_ref().clone()).unwrap_or_default();
            Query { bbox, ..asked }
        };
        let theme = |layer: &Layer| theme(layer, styled, catalog, &query);
        let is_wanted = |layer: &Layer| only.as_ref().is_none_or(|only| only.contains(&layer.id.as_str()));
        let legend = legend::legend(&styled.style, &described, &theme, &is_wanted, drawable.assets(), &view);
        let widest = self.params.number("width").unwrap_or(480.0);
        let glyphs = &drawable.assets().glyphs;
        match form {
            Form::Png => {
                let sheet = legend::sheet(&legend, view.swatch, self.ratio, widest, glyphs);
                let bytes = sheet.encode(render::Format::Png).map_err(Error::internal)?;
                Ok(Tile::plain(TileFormat::Png, bytes))
            }
            Form::Svg => {
                let text = legend::svg(&legend, view.swatch, widest, glyphs).map_err(Error::internal)?;
                Ok(Tile::plain(TileFormat::Png, text.into_bytes()))
            }
            Form::Json => {
                let document = document(&legend, styled, &view)?;
                let bytes = serde_json::to_vec(&document).map_err(Error::internal)?;
                Ok(Tile::plain(TileFormat::Png, bytes))
            }
        }
    }
}

/// The zoom of a legend for which none is asked.
fn zoom(styled: &Styled, catalog: &Catalog) -> f64 {
    let data = || fitting_zoom(&catalog.collections_of(styled));
    styled.style.zoom.or_else(data).unwrap_or(0.0)
}

/// The features of a layer, where it draws a collection.
fn theme(layer: &Layer, styled: &Styled, catalog: &Catalog, query: &dyn Fn(&str) -> Query) -> Option<Theme> {
    let Some(Source::Vector(tiled)) = styled.style.sources.get(layer.source.as_deref()?) else { return None };
    let collections = catalog.collections_at(tiled.url.as_deref()?)?;
    let collection = collections.into_iter().find(|own| Some(own.id.as_str()) == layer.source_layer.as_deref())?;
    let title = collection.title().to_owned();
    Some(Theme { snapshot: collection.snapshot().clone(), query: query(&collection.id), title })
}

fn document(legend: &Legend, styled: &Styled, view: &LegendView) -> Result<Json, Error> {
    let mut groups = Vec::new();
    for group in &legend.groups {
        let mut classes = Vec::new();
        for entry in &group.entries {
            let png = entry.swatch.encode(render::Format::Png).map_err(Error::internal)?;
            let mut class = json!({
                "label": entry.label,
                "image": format!("data:image/png;base64,{}", STANDARD.encode(png)),
            });
            match &entry.test {
                Test::Is(value) => class["value"] = plain(value),
                Test::Range(low, high) => {
                    class["min"] = json!(low.map(|cut| cut.at));
                    class["max"] = json!(high.map(|cut| cut.at));
                }
                Test::Rest => {}
            }
            if let Some(count) = entry.count {
                class["count"] = json!(count);
            }
            classes.push(class);
        }
        groups.push(json!({
            "title": group.title,
            "layers": group.layers,
            "source": group.source,
            "sourceLayer": group.source_layer,
            "property": group.property,
            "classes": classes,
        }));
    }
    Ok(json!({
        "title": styled.title(),
        "zoom": view.zoom,
        "swatch": { "width": view.swatch[0], "height": view.swatch[1], "ratio": view.ratio },
        "groups": groups,
    }))
}

fn plain(value: &Scalar) -> Json {
    match value {
        Scalar::Null => Json::Null,
        Scalar::Bool(b) => json!(b),
        Scalar::Int(n) => json!(n),
        Scalar::Float(n) => json!(n),
        Scalar::Text(text) | Scalar::Json(text) => json!(text),
    }
}
