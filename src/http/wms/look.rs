//! What is drawn: `LAYERS` in `STYLES`.

use std::sync::Arc;

use super::exception::Code;
use super::exception::Exception;
use crate::catalog::Collection;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::http::Call;
use crate::http::asked;
use crate::http::ogc::tiles::Offer;
use crate::http::ogc::tiles::stacked;
use crate::http::ows::Layer;
use crate::http::ows::Parameters;
use crate::http::ows::Times;
use crate::http::ows::asked_time;
use crate::style::LayerKind;

/// Layers that were chosen, each in a style.
pub(super) struct Look {
    /// All of them as one style, the first at the bottom.
    pub(super) styled: Arc<Styled>,
    /// Which features of them.
    pub(super) selection: Selection,
    /// The time of the features where none was asked for: `from/until` of those layers that have times.
    pub(super) usual_time: Option<String>,
}

impl Look {
    /// What `LAYERS`, `STYLES`, `TIME` and the conditions say.
    pub(super) fn asked(call: &Call, layers: &[Layer], parameters: &Parameters) -> Result<Self, Exception> {
        let chosen = named(call, layers, "LAYERS", parameters.required("LAYERS")?)?;
        let written: Vec<&str> = parameters.value("STYLES").unwrap_or_default().split(',').map(str::trim).collect();
        if let Some(more) = written.iter().skip(chosen.len()).find(|style| !style.is_empty()) {
            let message = format!("STYLES names '{more}', for which there is no layer in LAYERS");
            return Err(Exception::new(Code::StyleNotDefined, "STYLES", message));
        }
        let asked = chosen.iter().enumerate();
        let asked = asked.map(|(place, layer)| (*layer, written.get(place).copied().unwrap_or_default()));
        let asked: Vec<(&Layer, &str)> = asked.collect();
        let mut styles: Vec<Arc<Styled>> = Vec::new();
        for (place, (layer, style)) in asked.iter().enumerate() {
            // What lies on itself in one style is drawn once, where it lies highest.
            let again = |(other, own): &(&Layer, &str)| other.id == layer.id && own == style;
            let drawn = styled(call, layers, layer, style)?;
            styles.extend(drawn.filter(|_| !asked[place + 1..].iter().any(again)));
        }
        let styled = call.catalog.stacked(&styles);
        let styled = styled.map_err(|error| {
            Exception::new(Code::InvalidParameterValue, "STYLES", format!("{error}; ask for them in two maps"))
        })?;
        let (selection, usual_time) = selection(call, &chosen, parameters)?;
        Ok(Self { styled, selection, usual_time })
    }
}

/// The layers of a comma list.
pub(super) fn named<'a>(
    call: &Call,
    layers: &'a [Layer],
    locator: &'static str,
    list: &str,
) -> Result<Vec<&'a Layer>, Exception> {
    let limit = call.app.config.limits.collections;
    if list.split(',').count() > limit {
        return Err(Exception::invalid(locator, "longer", &format!("a list of at most {limit} layers")));
    }
    list.split(',')
        .map(|name| {
            layers.iter().find(|layer| layer.id == name.trim()).ok_or_else(|| {
                let known = layers.iter().map(|layer| layer.id.as_str());
                Exception::unknown(Code::LayerNotDefined, locator, name, known)
            })
        })
        .collect()
}

/// A layer in a style of its own or one that it inherits from the whole map, which may draw nothing of it; the usual one has no
/// name.
pub(super) fn styled(
    call: &Call,
    layers: &[Layer],
    layer: &Layer,
    name: &str,
) -> Result<Option<Arc<Styled>>, Exception> {
    let is_asked = |offer: &&Offer| name.is_empty() || offer.style() == name;
    if let Some(offer) = layer.styles.iter().find(is_asked) {
        return Ok(Some(match offer.styled() {
            Some(styled) => styled,
            None => stacked(&call.catalog, offer.collections())?,
        }));
    }
    let inherited = inherited(layers);
    if inherited.contains(&name) {
        return Ok(None);
    }
    let own = layer.styles.iter().map(Offer::style).filter(|own| !inherited.contains(own));
    Err(Exception::unknown(Code::StyleNotDefined, "STYLES", name, inherited.iter().copied().chain(own)))
}

/// Whether any of a layer's styles draws features; of pictures there is nothing to tell.
pub(super) fn is_queryable(layer: &Layer) -> bool {
    let draws_features = |styled: &Styled| {
        styled.style.layers.iter().any(|own| match own.kind {
            LayerKind::Fill(_)
            | LayerKind::Line(_)
            | LayerKind::Circle(_)
            | LayerKind::Symbol(_)
            | LayerKind::Heatmap(_)
            | LayerKind::FillExtrusion(_) => true,
            LayerKind::Background(_) | LayerKind::Raster(_) | LayerKind::Hillshade(_) | LayerKind::ColorRelief(_) => {
                false
            }
        })
    };
    layer.styles.iter().any(|offer| offer.styled().is_none_or(|styled| draws_features(&styled)))
}

/// The names of the styles of the whole map, which all layers below it have.
pub(super) fn inherited(layers: &[Layer]) -> Vec<&str> {
    let whole = layers.iter().filter(|layer| layer.collection.is_none());
    whole.flat_map(|layer| &layer.styles).map(Offer::style).collect()
}

fn selection(
    call: &Call,
    chosen: &[&Layer],
    parameters: &Parameters,
) -> Result<(Selection, Option<String>), Exception> {
    let mut collections: Vec<&Arc<Collection>> = Vec::new();
    for own in chosen.iter().flat_map(|layer| &layer.styles).flat_map(Offer::collections) {
        if collections.iter().all(|other| other.id != own.id) {
            collections.push(own);
        }
    }
    let own: Vec<&Collection> = collections.iter().map(AsRef::as_ref).collect();
    let conditions = parameters.conditions(call, &own)?;
    let mut queries = asked::queries(&conditions, &own, &call.app.config.limits)?;
    let time = asked_time(parameters.value("TIME").unwrap_or_default(), &call.app.config.limits)
        .map_err(|message| Exception::new(Code::InvalidDimensionValue, "TIME", format!("TIME: {message}")))?;
    queries.iter_mut().for_each(|query| query.time.clone_from(&time));
    let usual = chosen.iter().find_map(|layer| layer.time.as_ref()).filter(|_| time.is_none());
    Ok((Selection::new(own.into_iter().zip(queries)), usual.map(Times::all)))
}
