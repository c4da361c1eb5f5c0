//! What requests ask of tilesets and tiles.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::offer::Offer;
use super::subset;
use crate::catalog::Collection;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::Segment;
use crate::http::ogc::tilematrixsets;
use crate::http::operation;
use crate::http::xyz::picture::quality;
use crate::http::xyz::selection;
use crate::http::xyz::tiles::extra_parameters;
use crate::http::xyz::tiles::strict;
use crate::query::Query;
use crate::query::TimeSet;

/// The representations of what describes tiles.
pub(super) const DOCUMENTS: &[Format] = &[Format::Json, Format::Html];

impl Offer {
    /// What can be asked of it: the list, a tileset, a tile (OGC 20-057, table 11, has the ends of their ids).
    pub(in crate::http::ogc) fn operations(&self) -> [Operation; 3] {
        [self.list_operation(), self.tileset_operation(), self.tile_operation()]
    }

    pub(super) fn list_operation(&self) -> Operation {
        let summary = format!("The tilesets of {}, one for each tile matrix set.", self.title);
        Operation { tag: self.tag(), ..self.operation("getTileSetsList", "", &summary, DOCUMENTS, Vec::new()) }
    }

    pub(super) fn tileset_operation(&self) -> Operation {
        let summary = format!("A tileset of {}: its limits, its layers, and the address of its tiles.", self.title);
        let parameters = self.parameters(DOCUMENTS);
        let operation = self.operation("getTileSet", "/{tileMatrixSetId}", &summary, DOCUMENTS, parameters);
        Operation { segments: vec![tilematrixsets::id_segment()], ..operation }
    }

    pub(super) fn tile_operation(&self) -> Operation {
        let summary = format!("A tile of {}.", self.title);
        let path = "/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}";
        let mut parameters = self.parameters(self.formats());
        if !self.is_map() {
            parameters = selection::before(vec![strict()], parameters);
        }
        let place = |name, description| Segment { name, description };
        let segments = vec![
            tilematrixsets::id_segment(),
            place("tileMatrix", "The id of the matrix, which is the zoom in most tile matrix sets."),
            place("tileRow", "The row, from the top as a rule."),
            place("tileCol", "The column, from the left."),
        ];
        Operation { segments, ..self.operation("getTile", path, &summary, self.formats(), parameters) }
    }

    fn operation(
        &self,
        name: &str,
        path: &str,
        summary: &str,
        formats: &'static [Format],
        parameters: Vec<Parameter>,
    ) -> Operation {
        let id = format!("{}.{name}", self.operation);
        let operation = Operation::new(&id, &format!("{}{path}", self.path), self.tag(), summary, formats);
        if parameters.is_empty() { operation } else { Operation { parameters, ..operation } }
    }

    fn tag(&self) -> &'static str {
        if self.is_map() { "Maps" } else { "Tiles" }
    }

    /// The parameters of its tiles, and of its tilesets, whose links keep them.
    fn parameters(&self, formats: &'static [Format]) -> Vec<Parameter> {
        let mut own = vec![operation::f(formats)];
        if self.is_dataset {
            let about = "Only these collections (a comma list of ids, or of their addresses).";
            own.push(Parameter::new("collections", Kind::Text, about));
        }
        own.push(subset::parameter());
        let collections = self.collections.iter().map(AsRef::as_ref);
        if self.is_map() {
            own.push(quality());
            return selection::of_pictures(own, collections);
        }
        own.extend(extra_parameters());
        let mut others = selection::parameters(collections);
        others.retain(|other| own.iter().all(|own| own.name != other.name));
        own.extend(others);
        own
    }

    /// The collections that are asked for; `None` when all are.
    pub(super) fn selected(&self, call: &Call, params: &Params) -> Result<Option<Vec<Arc<Collection>>>, Error> {
        let Some(list) = params.text("collections").filter(|_| self.is_dataset) else { return Ok(None) };
        let addresses = call.base.url("/collections/");
        let ids: Vec<String> = list
            .split(',')
            .map(|name| match name.strip_prefix(&addresses) {
                Some(id) => percent_decode_str(id.trim_end_matches('/')).decode_utf8_lossy().into_owned(),
                None => name.to_owned(),
            })
            .collect();
        selection::collections(call, &ids.join(",")).map(Some).map_err(|error| match error {
            Error::NotFound(what) => Error::Invalid(format!("the parameter 'collections': there is no {what}")),
            other => other,
        })
    }

    /// What is asked of each collection.
    pub(super) fn queries(&self, call: &Call, params: &Params) -> Result<Vec<(Arc<Collection>, Query)>, Error> {
        let collections = self.selected(call, params)?;
        let mut parts = selection::queries(call, params, collections.as_ref().unwrap_or(&self.collections))?;
        if let Some(time) = subset::time(params)? {
            for (_, query) in &mut parts {
                query.time = Some(TimeSet::from(time));
            }
        }
        Ok(parts)
    }
}
