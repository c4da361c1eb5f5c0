//! What is known before the first feature is computed before it.

use maplibre_expr::Value;

use super::Held;
use super::node::Curve;
use super::node::Node;
use super::run::Place;
use super::run::reached;
use crate::feature::Key;
use crate::feature::Properties;
use crate::style::Context;

impl Node {
    /// The program for all features of a picture: what reads the zoom alone is computed, and branches that it does not take
    /// are gone.
    #[must_use]
    pub fn settled(&self, context: &Context<'_>) -> Self {
        self.replaced(&|leaf| match leaf {
            Self::Zoom | Self::Ramp => constant(leaf.evaluate(context)),
            leaf => leaf.clone(),
        })
    }

    /// The program for all features that are kept with one: properties are found at their places, and what no feature has is
    /// null.
    #[must_use]
    pub fn bound(&self, properties: &dyn Properties) -> Self {
        self.replaced(&|leaf| match leaf {
            Self::Get(name) => match properties.key(name) {
                Key::At(place) => Self::GetAt(place),
                Key::Absent => Self::Constant(Value::Null),
                Key::ByName => leaf.clone(),
            },
            Self::Has(name) => match properties.key(name) {
                Key::At(place) => Self::HasAt(place),
                Key::Absent => Self::Constant(Value::Bool(false)),
                Key::ByName => leaf.clone(),
            },
            leaf => leaf.clone(),
        })
    }

    /// The same with other leaves, and with what is constant then computed.
    fn replaced(&self, leaf: &dyn Fn(&Self) -> Self) -> Self {
        let one = |node: &Self| Box::new(node.replaced(leaf));
        let all = |nodes: &[Self]| nodes.iter().map(|node| node.replaced(leaf)).collect();
        let two = |pair: &[Self; 2]| Box::new([pair[0].replaced(leaf), pair[1].replaced(leaf)]);
        let stops = |stops: &[(f64, Self)]| stops.iter().map(|(stop, node)| (*stop, node.replaced(leaf))).collect();
        let node = match self {
            Self::Not(inner) => Self::Not(one(inner)),
            Self::All(nodes) => Self::All(all(nodes)),
            Self::Any(nodes) => Self::Any(all(nodes)),
            Self::Case(cases, default) => {
                let cases = cases.iter().map(|(condition, node)| (condition.replaced(leaf), node.replaced(leaf)));
                Self::Case(cases.collect(), one(default))
            }
            Self::Coalesce(nodes) => Self::Coalesce(all(nodes)),
            Self::Equal(pair, wanted) => Self::Equal(two(pair), *wanted),
            Self::Order(comparison, pair) => Self::Order(*comparison, two(pair)),
            Self::Match(input, arms, default) => {
                let arms = arms.iter().map(|(labels, node)| (labels.clone(), node.replaced(leaf))).collect();
                Self::Match(one(input), arms, one(default))
            }
            Self::Step(input, first, rest) => Self::Step(one(input), one(first), stops(rest)),
            Self::Interpolate(curve) => Self::Interpolate(Box::new(Curve {
                kind: curve.kind,
                space: curve.space,
                input: curve.input.replaced(leaf),
                stops: stops(&curve.stops),
            })),
            Self::Stop(inner) => Self::Stop(one(inner)),
            Self::Mix(share, space, pair) => Self::Mix(*share, *space, two(pair)),
            Self::Convert(conversion, nodes) => Self::Convert(*conversion, all(nodes)),
            Self::Among(needle, items) => Self::Among(one(needle), items.clone()),
            Self::TypeOf(inner) => Self::TypeOf(one(inner)),
            Self::Fold(arithmetic, nodes) => Self::Fold(*arithmetic, all(nodes)),
            Self::Assert(kind, nodes) => Self::Assert(kind.clone(), all(nodes)),
            Self::Coerce(kind, inner) => Self::Coerce(kind.clone(), one(inner)),
            Self::Call(op, nodes) => Self::Call(op.clone(), all(nodes)),
            Self::Constant(_)
            | Self::Fails
            | Self::Zoom
            | Self::Ramp
            | Self::Id
            | Self::GeometryType
            | Self::Get(_)
            | Self::Has(_)
            | Self::GetAt(_)
            | Self::HasAt(_) => return leaf(self),
        };
        node.folded()
    }

    /// The same with what is constant computed, given that this was done for its parts.
    #[must_use]
    pub fn folded(self) -> Self {
        let is_constant = |node: &Self| matches!(node, Self::Constant(_) | Self::Fails);
        let known = match &self {
            Self::Constant(_)
            | Self::Fails
            | Self::Zoom
            | Self::Ramp
            | Self::Id
            | Self::GeometryType
            | Self::Get(_)
            | Self::Has(_)
            | Self::GetAt(_)
            | Self::HasAt(_) => false,
            Self::Not(inner)
            | Self::Coerce(_, inner)
            | Self::Stop(inner)
            | Self::Among(inner, _)
            | Self::TypeOf(inner) => is_constant(inner),
            Self::All(nodes)
            | Self::Any(nodes)
            | Self::Coalesce(nodes)
            | Self::Fold(_, nodes)
            | Self::Assert(_, nodes)
            | Self::Convert(_, nodes)
            | Self::Call(_, nodes) => nodes.iter().all(is_constant),
            Self::Case(cases, default) => {
                cases.iter().all(|(condition, output)| is_constant(condition) && is_constant(output))
                    && is_constant(default)
            }
            Self::Equal(pair, _) | Self::Order(_, pair) | Self::Mix(_, _, pair) => pair.iter().all(is_constant),
            Self::Match(input, arms, default) => {
                is_constant(input) && arms.iter().all(|(_, output)| is_constant(output)) && is_constant(default)
            }
            Self::Step(input, first, stops) => {
                is_constant(input) && is_constant(first) && stops.iter().all(|(_, output)| is_constant(output))
            }
            Self::Interpolate(curve) => {
                is_constant(&curve.input) && curve.stops.iter().all(|(_, output)| is_constant(output))
            }
        };
        if known {
            return constant(self.evaluate(&Context::default()));
        }
        match self {
            Self::Step(input, first, stops) => match input.known_number() {
                Some(x) => reached(x, &first, &stops).clone(),
                None => Self::Step(input, first, stops),
            },
            Self::Interpolate(curve) => match curve.input.known_number().map(|x| curve.find(x)) {
                Some(Place::Between(share, low, high)) => {
                    Self::Mix(share, curve.space, Box::new([low.clone(), high.clone()]))
                }
                Some(Place::At(node)) => Self::Stop(Box::new(node.clone())),
                None => Self::Interpolate(curve),
            },
            // What is decided early needs nothing of what comes later.
            Self::All(mut nodes) => {
                nodes.retain(|node| node.known_truth() != Some(true));
                match nodes.first().and_then(Self::known_truth) {
                    Some(false) => Self::Constant(Value::Bool(false)),
                    _ if nodes.is_empty() => Self::Constant(Value::Bool(true)),
                    _ => Self::All(nodes),
                }
            }
            Self::Any(mut nodes) => {
                nodes.retain(|node| node.known_truth() != Some(false));
                match nodes.first().and_then(Self::known_truth) {
                    Some(true) => Self::Constant(Value::Bool(true)),
                    _ if nodes.is_empty() => Self::Constant(Value::Bool(false)),
                    _ => Self::Any(nodes),
                }
            }
            other => other,
        }
    }

    /// Whether it counts as true, where that is known.
    fn known_truth(&self) -> Option<bool> {
        match self {
            Self::Constant(value) => Some(value.is_truthy()),
            _ => None,
        }
    }

    fn known_number(&self) -> Option<f64> {
        match self {
            Self::Constant(value) => value.as_number(),
            _ => None,
        }
    }
}

fn constant(result: Option<Held<'_>>) -> Node {
    result.map_or(Node::Fails, |held| Node::Constant(held.into_value()))
}
