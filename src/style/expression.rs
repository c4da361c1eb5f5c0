//! Expressions: typed when they are parsed, and what they read is known, so that no more than that is handed to them.

use std::collections::BTreeMap;

use maplibre_expr::EvaluationContext;
use maplibre_expr::Expr;
use maplibre_expr::Type;

use super::Context;
use super::program::Node;
use super::program::OPERATORS;
use super::program::lower;
use crate::feature::Properties;
use crate::feature::Value;

/// A type-checked expression.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    form: Form,
    uses: Uses,
    /// The inputs at which its curve over `["line-progress"]` or `["elevation"]` bends or jumps, in order, and whether it
    /// jumps.
    curve: (Vec<f64>, bool),
}

#[derive(Clone, Debug)]
enum Form {
    /// As most are.
    Lowered(Node),
    /// With a part that has no lowered form.
    Whole(Box<Expr>),
}

/// What an expression reads.
#[expect(clippy::struct_excessive_bools, reason = "each says whether one operator occurs, and any may")]
#[derive(Clone, Debug, Default)]
struct Uses {
    zoom: bool,
    ramp: bool,
    images: bool,
    id: bool,
    geometry_type: bool,
    positions: bool,
    all_properties: bool,
    properties: Vec<String>,
}

impl Expression {
    /// Reads JSON; `expected` is the type of its result. The error comes with the place inside of the expression.
    pub(super) fn parse(json: &serde_json::Value, expected: &Type, is_text: bool) -> Result<Self, (String, String)> {
        let failed = |error: maplibre_expr::ParseError| (error.to_string(), error.key);
        let tree = maplibre_expr::parse(json).map_err(failed)?;
        Self::check(&tree, expected, is_text)
    }

    /// Types a tree that was parsed already.
    pub(super) fn check(tree: &Expr, expected: &Type, is_text: bool) -> Result<Self, (String, String)> {
        let tree =
            maplibre_expr::typecheck(tree, Some(expected), is_text).map_err(|error| (error.to_string(), error.key))?;
        let mut uses = Uses::default();
        uses.collect(&tree);
        let curve = curve(&tree);
        let form = lower(&tree).map_or_else(|| Form::Whole(Box::new(tree)), Form::Lowered);
        Ok(Self { form, uses, curve })
    }

    /// The same for all features of a picture, where what depends on the zoom alone is known: `None` when nothing does.
    pub(super) fn settled(&self, context: &Context<'_>) -> Option<Self> {
        match &self.form {
            Form::Lowered(node) if self.uses.zoom || self.uses.ramp => {
                let form = Form::Lowered(node.settled(context));
                Some(Self { form, uses: self.uses.clone(), curve: (Vec::new(), false) })
            }
            _ => None,
        }
    }

    /// The same for all features that are kept with one, whose properties are then found without their names.
    pub(super) fn bound(&self, properties: &dyn Properties) -> Option<Self> {
        match &self.form {
            Form::Lowered(node) => {
                let form = Form::Lowered(node.bound(properties));
                Some(Self { form, uses: Uses::default(), curve: (Vec::new(), false) })
            }
            Form::Whole(_) => None,
        }
    }

    /// Whether it is known to be this.
    pub(super) fn is_always(&self, value: bool) -> bool {
        matches!(&self.form, Form::Lowered(Node::Constant(maplibre_expr::Value::Bool(known))) if *known == value)
    }

    /// Whether its result differs between features.
    pub(super) fn reads_feature(&self) -> bool {
        let uses = &self.uses;
        uses.id || uses.geometry_type || uses.positions || uses.all_properties || !uses.properties.is_empty()
    }

    /// Whether its result is always the same.
    pub(super) fn is_constant(&self) -> bool {
        !(self.reads_feature() || self.uses.zoom || self.uses.ramp || self.uses.images)
    }

    /// Reads its result; `None` where it fails or cannot be read.
    pub(super) fn read<T>(
        &self,
        context: &Context<'_>,
        read: impl FnOnce(&maplibre_expr::Value) -> Option<T>,
    ) -> Option<T> {
        match &self.form {
            Form::Lowered(node) => node.evaluate(context)?.lend(read),
            Form::Whole(tree) => read(&self.evaluate(tree, context)?),
        }
    }

    /// The inputs at which its curve over `["line-progress"]` or `["elevation"]` bends or jumps, in order; none when it is no
    /// such curve.
    pub(super) fn stops(&self) -> &[f64] {
        &self.curve.0
    }

    /// Whether that curve jumps.
    pub(super) fn is_step(&self) -> bool {
        self.curve.1
    }

    fn evaluate(&self, tree: &Expr, context: &Context<'_>) -> Option<maplibre_expr::Value> {
        let mut surroundings = EvaluationContext::new();
        let uses = &self.uses;
        if uses.zoom {
            surroundings.zoom = Some(context.zoom);
        }
        if uses.ramp {
            surroundings.heatmap_density = context.ramp;
            surroundings.line_progress = context.ramp;
            surroundings.elevation = context.ramp;
        }
        if uses.images {
            surroundings.available_images = context.images.to_vec();
        }
        if let Some(subject) = context.feature {
            let feature = &mut surroundings.feature;
            if uses.geometry_type || uses.positions {
                feature.geometry_type = Some(subject.geometry.name().to_owned());
            }
            if uses.id {
                feature.id = Some(plain(subject.id)).filter(|id| *id != maplibre_expr::Value::Null);
            }
            if uses.positions {
                let (zoom, column, row) = (subject.tile)();
                surroundings.canonical = Some((u32::from(zoom), column, row));
                feature.geometry = (subject.positions)();
            }
            feature.properties = self.properties(subject.properties);
        }
        maplibre_expr::evaluate_with(tree, &surroundings, &OPERATORS).ok()
    }

    fn properties(&self, from: &dyn Properties) -> BTreeMap<String, maplibre_expr::Value> {
        let mut found = BTreeMap::new();
        if self.uses.all_properties {
            from.each_property(&mut |name, value| {
                found.insert(name.to_owned(), plain(value));
            });
        } else {
            for name in &self.uses.properties {
                if let Some(value) = from.property(name) {
                    found.insert(name.clone(), plain(value));
                }
            }
        }
        found
    }
}

/// What an expression is inside of checks and names: the stops of a curve along a line or over heights, and whether it jumps.
fn curve(tree: &Expr) -> (Vec<f64>, bool) {
    let (input, stops, jumps) = match tree {
        Expr::Assert(_, inner) | Expr::Coerce(_, inner) | Expr::Let { body: inner, .. } => return curve(inner),
        Expr::Interpolate { input, stops, .. } => (input, stops, false),
        Expr::Step { input, stops, .. } => (input, stops, true),
        _ => return (Vec::new(), false),
    };
    let is_ramp = matches!(&**input, Expr::Call { op, .. } if op == "line-progress" || op == "elevation");
    (stops.iter().filter(|_| is_ramp).map(|(stop, _)| *stop).collect(), jumps)
}

/// A property as expressions know it.
fn plain(value: Value<'_>) -> maplibre_expr::Value {
    match value {
        Value::Null => maplibre_expr::Value::Null,
        Value::Bool(b) => maplibre_expr::Value::Bool(b),
        Value::Int(n) => maplibre_expr::Value::Number(n as f64),
        Value::Float(n) => maplibre_expr::Value::Number(n),
        Value::Text(text) => maplibre_expr::Value::String(text.to_owned()),
        Value::Json(text) => {
            serde_json::from_str(text).map_or(maplibre_expr::Value::Null, |json| maplibre_expr::Value::from_json(&json))
        }
    }
}

impl Uses {
    fn collect(&mut self, tree: &Expr) {
        match tree {
            Expr::Literal(_) | Expr::Var(_) => {}
            Expr::Within(_) | Expr::Distance(_) => self.positions = true,
            Expr::Call { op, args } => {
                self.note(op, args);
                self.collect_all(args);
            }
            Expr::Let { bindings, body } => {
                self.collect_all(bindings.iter().map(|(_, value)| value));
                self.collect(body);
            }
            Expr::Match { input, arms, default } => {
                self.collect(input);
                self.collect_all(arms.iter().map(|(_, output)| output));
                self.collect(default);
            }
            Expr::Step { input, output0, stops } => {
                self.collect(input);
                self.collect(output0);
                self.collect_all(stops.iter().map(|(_, output)| output));
            }
            Expr::Interpolate { input, stops, .. } => {
                self.collect(input);
                self.collect_all(stops.iter().map(|(_, output)| output));
            }
            Expr::Format(sections) => {
                for section in sections {
                    self.collect(&section.content);
                    let options = [&section.scale, &section.font, &section.text_color, &section.vertical_align];
                    self.collect_all(options.into_iter().flatten());
                }
            }
            Expr::Collator { case_sensitive, diacritic_sensitive, locale } => {
                let parts = [case_sensitive, diacritic_sensitive, locale];
                self.collect_all(parts.into_iter().flatten().map(AsRef::as_ref));
            }
            Expr::NumberFormat { value, locale, currency, min_fraction_digits, max_fraction_digits, unit } => {
                self.collect(value);
                let parts = [locale, currency, min_fraction_digits, max_fraction_digits, unit];
                self.collect_all(parts.into_iter().flatten().map(AsRef::as_ref));
            }
            Expr::Assert(_, inner) | Expr::Coerce(_, inner) => self.collect(inner),
        }
    }

    fn collect_all<'e>(&mut self, trees: impl IntoIterator<Item = &'e Expr>) {
        trees.into_iter().for_each(|tree| self.collect(tree));
    }

    fn note(&mut self, op: &str, args: &[Expr]) {
        let name = args.first().and_then(literal_name);
        match (op, args) {
            ("zoom", _) => self.zoom = true,
            ("heatmap-density" | "line-progress" | "elevation", _) => self.ramp = true,
            ("image", _) => self.images = true,
            ("id", _) => self.id = true,
            ("geometry-type", _) => self.geometry_type = true,
            // With a second argument the name is looked up in an object, not in the feature.
            ("get" | "has", [_]) => match name {
                Some(name) if self.properties.iter().any(|known| known == name) => {}
                Some(name) => self.properties.push(name.to_owned()),
                None => self.all_properties = true,
            },
            ("properties", _) => self.all_properties = true,
            _ => {}
        }
    }
}

/// The name of a property that is written out; one that is computed may be any.
fn literal_name(tree: &Expr) -> Option<&str> {
    match tree {
        Expr::Literal(maplibre_expr::Value::String(name)) => Some(name),
        Expr::Assert(_, inner) | Expr::Coerce(_, inner) => literal_name(inner),
        _ => None,
    }
}
