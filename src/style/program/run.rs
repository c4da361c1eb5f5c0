//! Evaluating a program for a feature.

use std::borrow::Cow;
use std::cmp::Ordering;

use maplibre_expr::Color;
use maplibre_expr::Expr;
use maplibre_expr::InterpKind;
use maplibre_expr::InterpSpace;
use maplibre_expr::Type;

use super::Held;
use super::lower::judge;
use super::node::Arithmetic;
use super::node::Comparison;
use super::node::Conversion;
use super::node::Curve;
use super::node::Node;
use crate::feature::Value as Property;
use crate::style::Context;

impl Node {
    /// The result; `None` where it fails.
    pub fn evaluate<'v>(&'v self, context: &Context<'v>) -> Option<Held<'v>> {
        let number = |node: &'v Self| node.evaluate(context)?.number();
        match self {
            Self::Constant(value) => Some(Held::of(value)),
            Self::Fails => None,
            Self::Zoom => Some(Held::Number(context.zoom)),
            Self::Ramp => Some(Held::Number(context.ramp.unwrap_or(0.0))),
            Self::Id => Some(context.feature.map_or(Held::Null, |feature| Held::from_property(feature.id))),
            Self::GeometryType => {
                Some(context.feature.map_or(Held::Null, |feature| Held::Text(Cow::Borrowed(feature.geometry.name()))))
            }
            Self::Get(name) => Some(property(context, name).map_or(Held::Null, Held::from_property)),
            Self::Has(name) => Some(Held::Bool(property(context, name).is_some())),
            Self::GetAt(place) => Some(
                context
                    .feature
                    .and_then(|feature| feature.properties.at(*place))
                    .map_or(Held::Null, Held::from_property),
            ),
            Self::HasAt(place) => {
                Some(Held::Bool(context.feature.is_some_and(|feature| feature.properties.at(*place).is_some())))
            }
            Self::Not(inner) => Some(Held::Bool(!inner.evaluate(context)?.is_truthy())),
            Self::All(nodes) => {
                for node in nodes {
                    if !node.evaluate(context)?.is_truthy() {
                        return Some(Held::Bool(false));
                    }
                }
                Some(Held::Bool(true))
            }
            Self::Any(nodes) => {
                for node in nodes {
                    if node.evaluate(context)?.is_truthy() {
                        return Some(Held::Bool(true));
                    }
                }
                Some(Held::Bool(false))
            }
            Self::Case(cases, default) => {
                for (condition, output) in cases {
                    match condition.evaluate(context)? {
                        Held::Bool(true) => return output.evaluate(context),
                        Held::Bool(false) => {}
                        _ => return None,
                    }
                }
                default.evaluate(context)
            }
            Self::Coalesce(nodes) => {
                for node in nodes {
                    let held = node.evaluate(context)?;
                    if held != Held::Null {
                        return Some(held);
                    }
                }
                Some(Held::Null)
            }
            Self::Equal(pair, wanted) => {
                let [a, b] = &**pair;
                Some(Held::Bool((a.evaluate(context)? == b.evaluate(context)?) == *wanted))
            }
            Self::Order(comparison, pair) => {
                let [a, b] = &**pair;
                let order = match (a.evaluate(context)?, b.evaluate(context)?) {
                    (Held::Number(a), Held::Number(b)) => a.partial_cmp(&b),
                    (Held::Text(a), Held::Text(b)) => Some(a.cmp(&b)),
                    _ => return None,
                };
                Some(Held::Bool(order.is_some_and(|order| comparison.holds(order))))
            }
            Self::Match(input, arms, default) => {
                let input = input.evaluate(context)?;
                let met = arms.iter().find(|(labels, _)| labels.iter().any(|label| Held::of(label) == input));
                met.map_or(&**default, |(_, output)| output).evaluate(context)
            }
            Self::Step(input, first, stops) => reached(number(input)?, first, stops).evaluate(context),
            Self::Interpolate(curve) => curve.evaluate(context),
            Self::Stop(inner) => blendable(inner, context),
            Self::Mix(share, space, pair) => {
                let [low, high] = &**pair;
                mix(blendable(low, context)?, blendable(high, context)?, *share, *space)
            }
            Self::Fold(arithmetic, nodes) => {
                let (first, rest) = nodes.split_first()?;
                let mut result = arithmetic.start(number(first)?);
                for node in rest {
                    result = arithmetic.join(result, number(node)?);
                }
                Some(Held::Number(result))
            }
            Self::Assert(kind, nodes) => nodes.iter().find_map(|node| match node.evaluate(context) {
                None => Some(None),
                Some(held) => assert(kind, held).map(Some),
            })?,
            Self::Coerce(kind, inner) => coerce(kind, inner.evaluate(context)?),
            Self::Convert(conversion, nodes) => {
                nodes.iter().find_map(|node| match (conversion, node.evaluate(context)) {
                    (_, None) => Some(None),
                    (Conversion::Number, Some(Held::Number(n))) if !n.is_nan() => Some(Some(Held::Number(n))),
                    (Conversion::Color, Some(Held::Color(color))) => Some(Some(Held::Color(color))),
                    (_, Some(held)) => ask(conversion.name(), vec![held.into_value()]).map(Some),
                })?
            }
            Self::Among(needle, items) => match needle.evaluate(context)? {
                held @ (Held::Null | Held::Bool(_) | Held::Number(_) | Held::Text(_)) => {
                    Some(Held::Bool(items.iter().any(|item| Held::of(item) == held)))
                }
                held => ask("in", vec![held.into_value(), maplibre_expr::Value::Array(items.clone())]),
            },
            Self::TypeOf(inner) => Some(match inner.evaluate(context)? {
                Held::Null => Held::Text(Cow::Borrowed("null")),
                Held::Bool(_) => Held::Text(Cow::Borrowed("boolean")),
                Held::Number(_) => Held::Text(Cow::Borrowed("number")),
                Held::Text(_) => Held::Text(Cow::Borrowed("string")),
                held => ask("typeof", vec![held.into_value()])?,
            }),
            Self::Call(op, nodes) => {
                let args = nodes.iter().map(|node| Some(node.evaluate(context)?.into_value()));
                ask(op, args.collect::<Option<_>>()?)
            }
        }
    }
}

/// What an operator makes of its arguments, in the words of `maplibre-expr`.
fn ask<'v>(op: &str, args: Vec<maplibre_expr::Value>) -> Option<Held<'v>> {
    let args = args.into_iter().map(Expr::Literal).collect();
    judge(&Expr::Call { op: op.to_owned(), args }).map(Held::from_value)
}

fn property<'v>(context: &Context<'v>, name: &str) -> Option<Property<'v>> {
    context.feature?.properties.property(name)
}

/// The outcome of the last stop that is reached.
pub fn reached<'n>(input: f64, first: &'n Node, stops: &'n [(f64, Node)]) -> &'n Node {
    let passed = stops.iter().take_while(|(stop, _)| input >= *stop).last();
    passed.map_or(first, |(_, output)| output)
}

/// Where a number lies on a curve.
pub enum Place<'n> {
    /// On this, or beyond the end that this is.
    At(&'n Node),
    /// Between two, by a share.
    Between(f64, &'n Node, &'n Node),
}

impl Curve {
    /// Finds a number among the stops.
    pub fn find(&self, x: f64) -> Place<'_> {
        let (first, last) = (&self.stops[0], &self.stops[self.stops.len() - 1]);
        if x <= first.0 {
            return Place::At(&first.1);
        }
        if x >= last.0 {
            return Place::At(&last.1);
        }
        // What is not a number is before all stops, as the first of them is where a search that finds nothing ends.
        let index = self.stops.windows(2).position(|pair| x >= pair[0].0 && x < pair[1].0).unwrap_or(0);
        let (Some((low, before)), Some((high, after))) = (self.stops.get(index), self.stops.get(index + 1)) else {
            return Place::At(&last.1);
        };
        Place::Between(share(self.kind, x, *low, *high), before, after)
    }

    fn evaluate<'v>(&'v self, context: &Context<'v>) -> Option<Held<'v>> {
        match self.find(self.input.evaluate(context)?.number()?) {
            Place::At(node) => blendable(node, context),
            Place::Between(share, low, high) => {
                mix(blendable(low, context)?, blendable(high, context)?, share, self.space)
            }
        }
    }
}

fn share(kind: InterpKind, x: f64, low: f64, high: f64) -> f64 {
    if matches!(kind, InterpKind::Linear) {
        return (x - low) / (high - low);
    }
    let number = |n: f64| Expr::Literal(maplibre_expr::Value::Number(n));
    let curve = Expr::Interpolate {
        kind,
        space: InterpSpace::Rgb,
        input: Box::new(number(x)),
        stops: vec![(low, number(0.0)), (high, number(1.0))],
        projection: false,
    };
    judge(&curve).and_then(|value| value.as_number()).unwrap_or(f64::NAN)
}

/// The outcome of a stop, where bare text means a colour.
fn blendable<'v>(node: &'v Node, context: &Context<'v>) -> Option<Held<'v>> {
    match node.evaluate(context)? {
        Held::Text(text) => Color::parse(&text).map(Held::Color),
        held => Some(held),
    }
}

fn mix<'v>(low: Held<'v>, high: Held<'v>, share: f64, space: InterpSpace) -> Option<Held<'v>> {
    let between = |a: f64, b: f64| a + (b - a) * share;
    match (low, high) {
        (Held::Number(a), Held::Number(b)) => Some(Held::Number(between(a, b))),
        (Held::Color(a), Held::Color(b)) if space == InterpSpace::Rgb => {
            let [red, green, blue, alpha] =
                [(a.r, b.r), (a.g, b.g), (a.b, b.b), (a.a, b.a)].map(|(a, b)| between(a, b));
            Some(Held::Color(Color::new(red, green, blue, alpha)))
        }
        (low, high) => {
            let curve = Expr::Interpolate {
                kind: InterpKind::Linear,
                space,
                input: Box::new(Expr::Literal(maplibre_expr::Value::Number(share))),
                stops: vec![(0.0, Expr::Literal(low.into_value())), (1.0, Expr::Literal(high.into_value()))],
                projection: false,
            };
            judge(&curve).map(Held::from_value)
        }
    }
}

fn assert<'v>(kind: &Type, held: Held<'v>) -> Option<Held<'v>> {
    match (kind, held) {
        (Type::Number, held @ Held::Number(_))
        | (Type::String, held @ Held::Text(_))
        | (Type::Boolean, held @ Held::Bool(_))
        | (Type::Color, held @ Held::Color(_)) => Some(held),
        (Type::Number | Type::String | Type::Boolean | Type::Color, _) => None,
        (kind, held) => {
            judge(&Expr::Assert(kind.clone(), Box::new(Expr::Literal(held.into_value())))).map(Held::from_value)
        }
    }
}

fn coerce<'v>(kind: &Type, held: Held<'v>) -> Option<Held<'v>> {
    match (kind, held) {
        (Type::Boolean, held) => Some(Held::Bool(held.is_truthy())),
        (Type::String, Held::Text(text)) => Some(Held::Text(text)),
        (Type::Number, Held::Number(n)) => Some(Held::Number(n)),
        (Type::Color, Held::Color(color)) => Some(Held::Color(color)),
        (kind, held) => {
            judge(&Expr::Coerce(kind.clone(), Box::new(Expr::Literal(held.into_value())))).map(Held::from_value)
        }
    }
}

impl Conversion {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "to-number",
            Self::Color => "to-color",
        }
    }
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl Arithmetic {
    /// What the first number begins with.
    fn start(self, first: f64) -> f64 {
        match self {
            Self::Sum => 0.0 + first,
            Self::Least => f64::INFINITY.min(first),
            Self::Greatest => f64::NEG_INFINITY.max(first),
            Self::Product | Self::Difference | Self::Quotient => first,
        }
    }

    fn join(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Sum => a + b,
            Self::Difference => a - b,
            Self::Product => a * b,
            Self::Quotient => a / b,
            Self::Least => a.min(b),
            Self::Greatest => a.max(b),
        }
    }
}
