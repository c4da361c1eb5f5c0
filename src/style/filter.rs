//! Which features a layer shows.

use maplibre_expr::Type;
use maplibre_expr::Value;

use super::Context;
use super::expression::Expression;
use crate::feature::Properties;

/// A condition on features.
#[derive(Clone, Debug)]
pub struct Filter(Form);

#[derive(Clone, Debug)]
enum Form {
    All,
    Nothing,
    Where(Box<Expression>),
}

impl Filter {
    /// Every feature passes.
    pub const ALL: Self = Self(Form::All);

    /// No feature passes: what stands for a filter that cannot be read, since showing everything would be worse.
    pub(super) const NOTHING: Self = Self(Form::Nothing);

    /// Reads an expression or a legacy filter. The error comes with the place inside of the filter.
    pub fn parse(json: &serde_json::Value) -> Result<Self, (String, String)> {
        let mut json =
            maplibre_expr::convert_legacy_filter(json).map_err(|error| (error.to_string(), String::new()))?;
        free_zoom(&mut json);
        let tree = maplibre_expr::parse_filter(&json).map_err(|error| (error.to_string(), String::new()))?;
        let expression = Expression::check(&tree, &Type::Boolean, false)?;
        if expression.is_constant() {
            let passes = is_true(&expression, &Context::default());
            return Ok(if passes { Self::ALL } else { Self::NOTHING });
        }
        Ok(Self(Form::Where(Box::new(expression))))
    }

    /// The same filter for all features that are kept with one, whose properties are then found without their names.
    #[must_use]
    pub fn bound(&self, properties: &dyn Properties) -> Self {
        let Form::Where(expression) = &self.0 else { return self.clone() };
        match expression.bound(properties) {
            Some(bound) if bound.is_always(true) => Self::ALL,
            Some(bound) if bound.is_always(false) => Self::NOTHING,
            Some(bound) => Self(Form::Where(Box::new(bound))),
            None => self.clone(),
        }
    }

    /// Whether every feature passes.
    pub fn is_everything(&self) -> bool {
        matches!(self.0, Form::All)
    }

    /// Whether no feature passes.
    pub fn is_nothing(&self) -> bool {
        matches!(self.0, Form::Nothing)
    }

    /// Whether the feature in the context passes; a filter that fails on it says no.
    pub fn accepts(&self, context: &Context<'_>) -> bool {
        match &self.0 {
            Form::All => true,
            Form::Nothing => false,
            Form::Where(expression) => {
                let context = Context { ramp: Some(context.zoom), ..*context };
                is_true(expression, &context)
            }
        }
    }
}

fn is_true(expression: &Expression, context: &Context<'_>) -> bool {
    expression.read(context, Value::as_bool) == Some(true)
}

/// In a property `["zoom"]` may only drive one curve, and the type checker sees to it. In a filter it may stand anywhere, so
/// it goes by the name of another number there, which filters have no use for.
fn free_zoom(json: &mut serde_json::Value) {
    let Some(items) = json.as_array_mut() else { return };
    match items.first().and_then(serde_json::Value::as_str) {
        Some("literal") => {}
        Some("zoom") if items.len() == 1 => items[0] = "line-progress".into(),
        _ => items.iter_mut().for_each(free_zoom),
    }
}
