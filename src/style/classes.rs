//! Into which classes a style divides features: read off the values and bounds that its expressions compare properties with.

use serde_json::Map;
use serde_json::Value as Json;

use super::Style;
use crate::feature::Scalar;
use crate::feature::Value;
use values::is_same;
use values::number_text;
use values::written;

type Members = Map<String, Json>;

/// What one layer says about classes.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// The layer's id.
    pub id: String,
    /// Its name for people: `title`, `legend` or `label` of its `metadata`.
    pub title: Option<String>,
    /// The properties of features on which its look depends, each with where it changes.
    pub look: Vec<(String, Marks)>,
    /// Those on which it depends whether it shows a feature.
    pub filter: Vec<(String, Marks)>,
}

/// Where something changes with a property.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Values that are told from all others, in the order of the style.
    pub values: Vec<Scalar>,
    /// Numbers at which it changes at once.
    pub cuts: Vec<Cut>,
    /// Numbers between which it changes slowly.
    pub stops: Vec<f64>,
    /// Whether each value may look in its own way.
    pub is_identity: bool,
}

/// A place between two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The number.
    pub at: f64,
    /// Whether the place is after the number, which then belongs to what is below.
    pub is_after: bool,
}

/// One class of features.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its name, made of values and signs, in no language.
    pub label: String,
    /// Which features are in it.
    pub test: Test,
    /// A value of the property that is in it; none for what is left.
    pub sample: Option<Scalar>,
}

/// Which values of a property are in a class.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// This one.
    Is(Scalar),
    /// Numbers from one place to another.
    Range(Option<Cut>, Option<Cut>),
    /// All that are in none of the others.
    Rest,
}

impl Style {
    /// What the layers of a style's document say about classes at a zoom, in its order.
    pub fn describe(document: &Json, zoom: f64) -> Vec<Described> {
        let layers = document.get("layers").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let members = layers.iter().filter_map(Json::as_object);
        members.filter_map(|layer| describe(layer, layers, zoom)).collect()
    }
}

fn describe(layer: &Members, all: &[Json], zoom: f64) -> Option<Described> {
    let id = layer.get("id")?.as_str()?.to_owned();
    // What a layer takes over from another one (`ref`): filter and layout.
    let base = layer.get("ref").and_then(|name| all.iter().find(|other| other.get("id") == Some(name)));
    let base = base.and_then(Json::as_object).unwrap_or(layer);
    let metadata = layer.get("metadata").and_then(Json::as_object);
    let title = ["title", "legend", "label"].iter().find_map(|name| metadata?.get(*name)?.as_str());
    let mut look = Reader { zoom, ..Reader::default() };
    for (name, value) in [("paint", layer), ("layout", base)]
        .into_iter()
        .filter_map(|(section, from)| from.get(section)?.as_object())
        .flatten()
        .filter(|(name, _)| is_looks(name))
    {
        look.shows_values = name.ends_with("-color") || name.ends_with("-image") || name.ends_with("-pattern");
        look.read(&maplibre_expr::migrate::migrate_property(name, value));
    }
    let mut filter = Reader { zoom, ..Reader::default() };
    if let Some(json) = base.get("filter").and_then(|json| maplibre_expr::convert_legacy_filter(json).ok()) {
        filter.read(&json);
    }
    Some(Described { id, title: title.map(str::to_owned), look: look.found, filter: filter.found })
}

/// Whether a property is about how a feature looks, and not about what is written or where.
fn is_looks(name: &str) -> bool {
    let is_placing = name.ends_with("-sort-key") || name.starts_with("symbol-") || name == "visibility";
    match name.split_once('-') {
        Some(("text", rest)) => matches!(rest, "color" | "size" | "halo-color" | "opacity"),
        Some(("icon", rest)) => matches!(rest, "image" | "color" | "size" | "opacity"),
        _ => !is_placing,
    }
}

/// Walks through expressions.
#[derive(Default)]
struct Reader {
    zoom: f64,
    /// Whether a property that is given as it is shows.
    shows_values: bool,
    /// Properties that go by another name (`let`).
    names: Vec<(String, String)>,
    found: Vec<(String, Marks)>,
}

impl Reader {
    fn marks(&mut self, property: &str) -> &mut Marks {
        let at = self.found.iter().position(|(name, _)| name == property).unwrap_or_else(|| {
            self.found.push((property.to_owned(), Marks::default()));
            self.found.len() - 1
        });
        &mut self.found[at].1
    }

    fn read(&mut self, json: &Json) {
        let Some([Json::String(op), args @ ..]) = json.as_array().map(Vec::as_slice) else { return };
        match (op.as_str(), args) {
            ("literal", _) => {}
            ("get", _) => {
                if let Some(property) = self.property(json).filter(|_| self.shows_values) {
                    self.marks(&property).is_identity = true;
                }
            }
            ("let", [bindings @ .., body]) => {
                for pair in bindings.chunks(2) {
                    if let [Json::String(name), value] = pair {
                        match self.property(value) {
                            Some(property) => self.names.push((name.clone(), property)),
                            None => self.read(value),
                        }
                    }
                }
                self.read(body);
            }
            ("match", [input, arms @ .., otherwise]) => {
                let property = self.property(input);
                if property.is_none() {
                    self.read(input);
                }
                for arm in arms.chunks(2) {
                    if let Some(property) = &property {
                        let labels = arm.first().map_or(&[][..], |labels| match labels {
                            Json::Array(labels) => labels,
                            one => std::slice::from_ref(one),
                        });
                        labels.iter().for_each(|label| self.marks(property).add(label));
                    }
                    arm.get(1).into_iter().for_each(|output| self.read(output));
                }
                self.read(otherwise);
            }
            ("step", [input, first, stops @ ..]) => self.curve(input, Some(first), stops, false),
            ("interpolate" | "interpolate-hcl" | "interpolate-lab", [_, input, stops @ ..]) => {
                self.curve(input, None, stops, true);
            }
            ("==" | "!=" | "<" | "<=" | ">" | ">=", [left, right, ..]) => self.compare(op, left, right),
            ("in", [needle, haystack]) => match (self.property(needle), literal(haystack)) {
                (Some(property), Some(Json::Array(values))) => {
                    values.iter().for_each(|value| self.marks(&property).add(value));
                }
                _ => self.read(needle),
            },
            (_, args) => args.iter().for_each(|arg| self.read(arg)),
        }
    }

    /// Reads the outputs of a curve; of one over the zoom only that which holds.
    fn curve(&mut self, input: &Json, first: Option<&Json>, stops: &[Json], is_slow: bool) {
        let stops = stops.chunks_exact(2).filter_map(|stop| Some((stop[0].as_f64()?, &stop[1])));
        if input.as_array().is_some_and(|items| items.first().is_some_and(|op| op == "zoom")) {
            let zoom = self.zoom;
            let mut stops = stops.peekable();
            let lowest = first.or_else(|| stops.peek().map(|(_, output)| *output));
            let output = stops.take_while(|(at, _)| *at <= zoom).last().map(|(_, output)| output).or(lowest);
            output.into_iter().for_each(|output| self.read(output));
            return;
        }
        let property = self.property(input);
        if property.is_none() {
            self.read(input);
        }
        first.into_iter().for_each(|output| self.read(output));
        for (at, output) in stops {
            if let Some(property) = &property {
                let marks = self.marks(property);
                if is_slow && !marks.stops.contains(&at) {
                    marks.stops.push(at);
                } else if !is_slow {
                    marks.cut(Cut { at, is_after: false });
                }
            }
            self.read(output);
        }
    }

    fn compare(&mut self, op: &str, left: &Json, right: &Json) {
        let (property, value, op) = match (self.property(left), self.property(right)) {
            (Some(property), None) => (property, literal(right), op),
            (None, Some(property)) => {
                let mirrored = match op {
                    "<" => ">",
                    "<=" => ">=",
                    ">" => "<",
                    ">=" => "<=",
                    same => same,
                };
                (property, literal(left), mirrored)
            }
            _ => {
                self.read(left);
                self.read(right);
                return;
            }
        };
        let Some(value) = value else { return };
        let marks = self.marks(&property);
        match (op, value.as_f64()) {
            ("==" | "!=", _) => marks.add(value),
            ("<" | ">=", Some(at)) => marks.cut(Cut { at, is_after: false }),
            ("<=" | ">", Some(at)) => marks.cut(Cut { at, is_after: true }),
            _ => {}
        }
    }

    /// The property that an expression gives, perhaps turned to another type.
    fn property(&self, json: &Json) -> Option<String> {
        match json.as_array()?.as_slice() {
            [Json::String(op), Json::String(name)] if op == "get" => Some(name.clone()),
            [Json::String(op), Json::String(name)] if op == "var" => {
                self.names.iter().rev().find(|(own, _)| own == name).map(|(_, property)| property.clone())
            }
            [Json::String(op), inner, ..] => {
                let is_same = matches!(
                    op.as_str(),
                    "to-string" | "to-number" | "to-boolean" | "string" | "number" | "boolean" | "coalesce"
                );
                if is_same { self.property(inner) } else { None }
            }
            _ => None,
        }
    }
}

/// A value that is written out.
fn literal(json: &Json) -> Option<&Json> {
    match json.as_array().map(Vec::as_slice) {
        None => Some(json),
        Some([op, value]) if op == "literal" => Some(value),
        Some(_) => None,
    }
}

impl Marks {
    fn add(&mut self, value: &Json) {
        let value = match value {
            Json::Bool(b) => Scalar::Bool(*b),
            Json::String(text) => Scalar::Text(text.as_str().into()),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Scalar::Int(whole),
                (None, Some(number)) => Scalar::Float(number),
                (None, None) => return,
            },
            _ => return,
        };
        if !self.values.iter().any(|own| is_same(own.as_value(), value.as_value())) {
            self.values.push(value);
        }
    }

    fn cut(&mut self, cut: Cut) {
        if !self.cuts.contains(&cut) {
            self.cuts.push(cut);
        }
    }

    /// All of two marks.
    pub fn extend(&mut self, other: &Self) {
        for value in &other.values {
            if !self.values.iter().any(|own| is_same(own.as_value(), value.as_value())) {
                self.values.push(value.clone());
            }
        }
        other.cuts.iter().for_each(|cut| self.cut(*cut));
        self.stops.extend(other.stops.iter().filter(|stop| !self.stops.contains(stop)).copied().collect::<Vec<_>>());
        self.is_identity |= other.is_identity;
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The classes that the marks make: stops of a ramp, ranges of numbers, or values and what is left. `known` are the values
    /// that there are, for a look that each value has of its own.
    pub fn classes(&self, known: &[Scalar]) -> Vec<Class> {
        if !self.stops.is_empty() {
            return self.ramp();
        }
        if !self.cuts.is_empty() {
            return self.ranges();
        }
        let known = known.iter().filter(|_| self.is_identity);
        let mut classes: Vec<Class> = Vec::new();
        for value in self.values.iter().chain(known) {
            let is_new =
                |class: &Class| class.sample.as_ref().is_none_or(|own| !is_same(own.as_value(), value.as_value()));
            if classes.iter().all(is_new) {
                let test = Test::Is(value.clone());
                classes.push(Class { label: written(value.as_value()), test, sample: Some(value.clone()) });
            }
        }
        classes.push(Class { label: "…".to_owned(), test: Test::Rest, sample: None });
        classes
    }

    /// A class for each stop, with the numbers from it to the next.
    fn ramp(&self) -> Vec<Class> {
        let mut stops = self.stops.clone();
        stops.sort_by(f64::total_cmp);
        let before = |at: f64| Some(Cut { at, is_after: false });
        let class = |(number, &at): (usize, &f64)| Class {
            label: number_text(at),
            test: Test::Range(
                if number == 0 { None } else { before(at) },
                stops.get(number + 1).and_then(|&at| before(at)),
            ),
            sample: Some(Scalar::Float(at)),
        };
        stops.iter().enumerate().map(class).collect()
    }

    fn ranges(&self) -> Vec<Class> {
        let mut cuts = self.cuts.clone();
        for at in self.values.iter().filter_map(|value| value.as_value().as_f64()) {
            cuts.extend([Cut { at, is_after: false }, Cut { at, is_after: true }]);
        }
        cuts.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.is_after.cmp(&b.is_after)));
        cuts.dedup();
        let ends = || std::iter::once(None).chain(cuts.iter().copied().map(Some));
        ends().zip(ends().skip(1).chain(std::iter::once(None))).map(|(low, high)| range(low, high)).collect()
    }
}

fn range(low: Option<Cut>, high: Option<Cut>) -> Class {
    let text = |cut: Cut| number_text(cut.at);
    let (label, sample) = match (low, high) {
        (None, None) => ("…".to_owned(), 0.0),
        (None, Some(high)) if high.is_after => (format!("≤ {}", text(high)), high.at),
        (None, Some(high)) => (format!("< {}", text(high)), high.at - high.at.abs().max(1.0) / 2.0),
        (Some(low), None) if low.is_after => (format!("> {}", text(low)), low.at + low.at.abs().max(1.0) / 2.0),
        (Some(low), None) => (format!("≥ {}", text(low)), low.at),
        (Some(low), Some(high)) if low.at == high.at => (text(low), low.at),
        (Some(low), Some(high)) => (format!("{} – {}", text(low), text(high)), f64::midpoint(low.at, high.at)),
    };
    Class { label, test: Test::Range(low, high), sample: Some(Scalar::Float(sample)) }
}

impl Test {
    /// Whether a value is in the class; [`Test::Rest`] is for the caller to find out.
    pub fn holds(&self, value: Value<'_>) -> bool {
        match self {
            Self::Is(own) => is_same(own.as_value(), value),
            Self::Range(low, high) => value.as_f64().is_some_and(|number| {
                let is_above = |cut: &Cut| number > cut.at || number == cut.at && !cut.is_after;
                low.as_ref().is_none_or(is_above) && high.as_ref().is_none_or(|cut| !is_above(cut))
            }),
            Self::Rest => false,
        }
    }

    /// Whether it holds for no whole number, and for no number that anybody wrote down.
    pub fn is_gap(&self) -> bool {
        matches!(self, Self::Range(Some(low), Some(high))
            if low.is_after && !high.is_after && high.at - low.at <= 1.0)
    }
}

mod values;
#[cfg(test)]
mod tests;
