//! A property of a layer: a constant, or an expression with something to fall back to.

use std::borrow::Cow;

use maplibre_expr::Value;

use super::Context;
use super::expression::Expression;
use super::value::StyleValue;

/// A value that may depend on the zoom and on the feature.
#[derive(Clone, Debug)]
pub struct Property<T>(Form<T>);

#[derive(Clone, Debug)]
enum Form<T> {
    Constant(T),
    Computed { expression: Box<Expression>, default: T },
}

/// A [`Property`] at one zoom: settled for all features, or still to be asked for each.
#[derive(Clone, Debug)]
pub enum Resolved<'p, T> {
    /// The same for every feature.
    Same(T),
    /// Different from feature to feature.
    Differs(Varying<'p, T>),
}

/// What is still to be asked for each feature.
#[derive(Clone, Debug)]
pub struct Varying<'p, T> {
    expression: Cow<'p, Expression>,
    default: &'p T,
}

impl<T: StyleValue> Property<T> {
    /// A property that is always the same.
    pub fn constant(value: T) -> Self {
        Self(Form::Constant(value))
    }

    /// A property that an expression computes; where it fails, the default holds (style specification, "Expressions").
    pub(super) fn computed(expression: Expression, default: T) -> Self {
        if expression.is_constant() {
            return Self::constant(settle(&expression, &Context::default(), &default));
        }
        Self(Form::Computed { expression: Box::new(expression), default })
    }

    /// Its value.
    pub fn evaluate(&self, context: &Context<'_>) -> T {
        match &self.0 {
            Form::Constant(value) => value.clone(),
            Form::Computed { expression, default } => settle(expression, context, default),
        }
    }

    /// Settles what does not depend on features; `context` needs none.
    pub fn resolve(&self, context: &Context<'_>) -> Resolved<'_, T> {
        match &self.0 {
            Form::Computed { expression, default } if expression.reads_feature() => {
                let expression = expression.settled(context).map_or(Cow::Borrowed(&**expression), Cow::Owned);
                Resolved::Differs(Varying { expression, default })
            }
            _ => Resolved::Same(self.evaluate(context)),
        }
    }

    /// Whether features may have different values.
    pub fn reads_feature(&self) -> bool {
        matches!(&self.0, Form::Computed { expression, .. } if expression.reads_feature())
    }

    /// Its value, when it is always the same.
    pub fn as_constant(&self) -> Option<&T> {
        match &self.0 {
            Form::Constant(value) => Some(value),
            Form::Computed { .. } => None,
        }
    }

    /// The colours, or whatever it gives, along `["heatmap-density"]` or `["line-progress"]`, in `steps` equal steps from 0
    /// to 1.
    pub fn ramp(&self, zoom: f64, steps: usize) -> Vec<T> {
        let last = (steps.max(2) - 1) as f64;
        (0..steps)
            .map(|step| self.evaluate(&Context { zoom, ramp: Some(step as f64 / last), ..Context::default() }))
            .collect()
    }

    /// The values of a `step` over `["line-progress"]`, each with the input from which on it holds; `None` for other curves.
    pub fn steps(&self, zoom: f64) -> Option<Vec<(f64, T)>> {
        let Form::Computed { expression, .. } = &self.0 else { return None };
        let at = |input: f64| self.evaluate(&Context { zoom, ramp: Some(input), ..Context::default() });
        let stops = expression.stops();
        let first = (f64::NEG_INFINITY, at(stops.first()? - 1.0));
        expression.is_step().then(|| std::iter::once(first).chain(stops.iter().map(|&stop| (stop, at(stop)))).collect())
    }

    /// What a curve over `["elevation"]` gives at its stops, in order, and right below them where it jumps: between two of
    /// these it is taken to be straight, as MapLibre does.
    pub fn knots(&self) -> Vec<(f64, T)> {
        let at = |input: f64| self.evaluate(&Context { ramp: Some(input), ..Context::default() });
        let stops = match &self.0 {
            Form::Constant(_) => &[],
            Form::Computed { expression, .. } => expression.stops(),
        };
        if stops.is_empty() {
            return vec![(0.0, at(0.0))];
        }
        stops.iter().flat_map(|&stop| [(stop, at(stop - stop.abs().max(1.0) * 1e-9)), (stop, at(stop))]).collect()
    }
}

impl<T: StyleValue> Resolved<'_, T> {
    /// The value for the feature in the context.
    pub fn of(&self, context: &Context<'_>) -> T {
        match self {
            Self::Same(value) => value.clone(),
            Self::Differs(varying) => settle(&varying.expression, context, varying.default),
        }
    }
}

fn settle<T: StyleValue>(expression: &Expression, context: &Context<'_>, default: &T) -> T {
    let read = |value: &Value| if *value == Value::Null { None } else { T::from_value(value) };
    expression.read(context, read).unwrap_or_else(|| default.clone())
}
