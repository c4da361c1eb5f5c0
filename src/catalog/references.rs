//! What a style names of the server's own: collections and sprites, which may not be there.

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::source::Place;
use crate::source::Problem;
use crate::source::Severity;
use crate::style::Position;
use crate::style::Source;
use crate::style::Style;

/// A name in a style, and what is to be said when nothing has it.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) to: Named,
    pub(super) problem: Problem,
}

/// What is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A collection by its id.
    Collection(String),
    /// A sprite by the name of its index without the ending.
    Sprite(String),
}

/// The ids in an address of the server's own tiles: `/data/{ids}.json`.
pub(super) fn collections_in(url: &str) -> Option<impl Iterator<Item = &str>> {
    Some(url.strip_prefix("/data/")?.strip_suffix(".json")?.split(','))
}

/// Lists what a style names; and the layers that ask for a collection that their own source does not name, which is wrong
/// whatever there is. `name` and `text` are those of the style's file.
pub(super) fn references(style: &Style, document: &Value, name: &str, text: &str) -> (Vec<Reference>, Vec<Problem>) {
    let problem = |place: &str, message: String| Problem {
        file: PathBuf::from(name),
        feature: None,
        place: Position::of_place(text, place).map(Place::from),
        severity: Severity::Warning,
        message: format!("{message} (at {place})"),
    };
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    let own = |source: &str| match style.sources.get(source)? {
        Source::Vector(tiled) => Some(collections_in(tiled.url.as_deref()?)?.collect::<Vec<_>>()),
        _ => None,
    };
    for source in style.sources.keys() {
        for id in own(source).into_iter().flatten() {
            let message = format!("source '{source}': there is no collection '{id}'; nothing of this source is drawn");
            let problem = problem(&format!("sources.{source}.url"), message);
            found.push(Reference { to: Named::Collection(id.to_owned()), problem });
        }
    }
    for sprite in &style.sprites {
        if let Some(sheet) = sprite.url.strip_prefix("/sprites/") {
            let message = format!("there is no sprite '{sheet}'; nothing of it is drawn");
            found.push(Reference { to: Named::Sprite(sheet.to_owned()), problem: problem("sprite", message) });
        }
    }
    let written = document.get("layers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let places: HashMap<&str, usize> = written
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(index, layer)| Some((layer.get("id")?.as_str()?, index)))
        .collect();
    for layer in &style.layers {
        let (Some(source), Some(source_layer)) = (&layer.source, &layer.source_layer) else { continue };
        let index = places.get(layer.id.as_str()).copied().unwrap_or_default();
        if let Some(ids) = own(source).filter(|ids| !ids.contains(&source_layer.as_str())) {
            let place = format!("layers[{index}].source-layer");
            let ids = ids.join("', '");
            let message = format!("layer '{}': source '{source}' has no layer '{source_layer}', but '{ids}'", layer.id);
            wrong.push(problem(&place, message));
        }
    }
    (found, wrong)
}
