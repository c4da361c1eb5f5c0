//! The parameters of maps.

use std::sync::Arc;

use crate::catalog::Collection;
use crate::http::Kind;
use crate::http::Parameter;
use crate::http::xyz::selection;
use crate::space::CrsList;

/// The size of a pixel for which none is given, in millimetres.
pub(super) const PIXEL: f64 = 0.28;

/// The systems in which places are given and maps are drawn of these collections; the first is the usual one, that of the
/// data.
fn systems_of<'a>(collections: impl IntoIterator<Item = &'a Collection>) -> CrsList {
    let lists = collections.into_iter().map(|collection| &collection.systems);
    lists.flat_map(CrsList::iter).fold(CrsList::of_extent(None), |all, crs| all.including(crs.clone()))
}

/// The table of a map of these collections. The parameter `collections` is in it where several can be chosen from.
pub(super) fn parameters(collections: &[&Collection], has_choice: bool) -> Vec<Parameter> {
    let systems = systems_of(collections.iter().copied());
    let mut parameters = own(&systems);
    if has_choice {
        parameters.push(Parameter::new(
            "collections",
            Kind::Text,
            "Only these collections (a comma list of ids, or of their addresses).",
        ));
    }
    selection::of_pictures(parameters, collections.iter().copied())
}

fn own(systems: &CrsList) -> Vec<Parameter> {
    let crs =
        |name: &'static str, list: &CrsList, about: &'static str| Parameter::new(name, Kind::Crs(list.clone()), about);
    let pixels = || Kind::Pixels;
    vec![
        Parameter::new(
            "bbox",
            Kind::Bbox,
            "The box that is shown; west greater than east crosses the antimeridian. Without it, all that there is.",
        ),
        crs("bbox-crs", systems, "The system of bbox, whose axes come in the order of its authority."),
        Parameter::new(
            "subset",
            Kind::Texts,
            "The ranges that are shown, by axis: Lat(40:50),Lon(0:20) or E(..:..),N(..:..), and time(\"1941\":\"1950\"), which selects \
             features.",
        ),
        crs("subset-crs", systems, "The system of subset, whose axes are Lat and Lon, or E and N."),
        Parameter::new("center", Kind::Text, "The middle of the map: two coordinates with a comma between them."),
        crs("center-crs", systems, "The system of center, whose axes come in the order of its authority."),
        Parameter::new(
            "width",
            pixels(),
            "The width in pixels. Without it, what goes with the height and with what is shown.",
        ),
        Parameter::new(
            "height",
            pixels(),
            "The height in pixels. Without it, what goes with the width and with what is shown.",
        ),
        Parameter::new(
            "scale-denominator",
            Kind::Number { minimum: 1.0, maximum: 1e9 },
            "The scale of the map, as the number below the 1. It takes the place of a width and height, or of a box.",
        ),
        Parameter::new(
            "mm-per-pixel",
            Kind::Number { minimum: 0.01, maximum: 5.0 },
            "The size of a pixel in millimetres, by which scales are reckoned and letters and lines keep their size (0.28 without it).",
        ),
        crs("crs", systems, "The system of the map."),
        Parameter::new(
            "orientation",
            Kind::Number { minimum: -360.0, maximum: 360.0 },
            "What is up, in degrees clockwise from north.",
        ),
        Parameter::new("bgcolor", Kind::Text, "The colour under the map: RRGGBB, 0xRRGGBB, or a name of CSS."),
        Parameter::new(
            "transparent",
            Kind::Flag,
            "Whether nothing lies under what is drawn, the background of a style included. Without it, so it is unless a colour is \
             given or the style has a background.",
        ),
        Parameter::new(
            "void-color",
            Kind::Text,
            "The colour of what is not on the earth; that of the background without it.",
        ),
        Parameter::new("void-transparent", Kind::Flag, "Whether nothing lies where the earth is not."),
    ]
}

/// The systems in which maps of some collections are drawn, the usual one first.
pub(in crate::http) fn systems<'a>(collections: impl IntoIterator<Item = &'a Arc<Collection>>) -> Vec<String> {
    let systems = systems_of(collections.into_iter().map(AsRef::as_ref));
    systems.iter().map(|crs| crs.uri().to_owned()).collect()
}
