//! Expressions to terms: names resolved, types checked, constants computed.

use std::sync::Arc;

use super::coordinates::corners;
use super::coordinates::stray;
use super::function::Function;
use super::guess::nearest;
use super::types::Type;
use crate::feature::Schema;
use crate::query::Interval;
use crate::query::filter::ast::Expression;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;
use crate::query::filter::eval::Datum;
use crate::query::filter::eval::Dependence;
use crate::query::filter::eval::Figure;
use crate::query::filter::eval::Pattern;
use crate::query::filter::eval::Prepared;
use crate::query::filter::eval::Reading;
use crate::query::filter::eval::Term;
use crate::query::filter::eval::constant;
use crate::query::filter::eval::shape_of;
use crate::query::filter::operator::Operator;
use crate::query::filter::operator::Spatial;
use crate::query::filter::place::InvalidFilter;
use crate::query::filter::place::Origin;

/// The names of the geometry, unless a property has them: the one of GeoJSON, and the short one of many databases.
pub(in crate::query::filter) const GEOMETRY_NAMES: [&str; 2] = ["geometry", "geom"];

/// Checks expressions against the schema of a collection.
pub(in crate::query::filter) struct Checker<'a> {
    pub(in crate::query::filter) schema: &'a Schema,
    pub(in crate::query::filter) origin: &'a Origin,
}

/// A term and the type of its values.
pub(super) type Typed = (Term, Type);

impl Checker<'_> {
    pub(super) fn complain(&self, at: &Expression, message: impl Into<String>) -> InvalidFilter {
        self.origin.complain(at.mark.at, message)
    }

    /// The term of an expression of any type.
    pub(super) fn term(&self, expression: &Expression) -> Result<Typed, InvalidFilter> {
        let (term, kind) = match &expression.kind {
            Kind::Literal(literal) => return self.literal(expression, literal),
            Kind::Property(name) => return self.property(expression, name),
            Kind::Array(elements) => {
                let terms: Result<Vec<Term>, _> = elements.iter().map(|element| Ok(self.term(element)?.0)).collect();
                (Term::Array(terms?), Type::Array)
            }
            Kind::Interval(ends) => {
                let [start, end] = &**ends;
                (Term::Interval(Box::new([self.end(start, true)?, self.end(end, false)?])), Type::Interval)
            }
            Kind::Function(name, arguments) => self.function(expression, name, arguments)?,
            Kind::Operation(operator, operands) => {
                let kind = match operator {
                    Operator::Casei | Operator::Accenti => Type::Text,
                    Operator::Arithmetic(_) => Type::Number,
                    _ => Type::Boolean,
                };
                (self.operation(expression, *operator, operands)?, kind)
            }
        };
        Ok((folded(term), kind))
    }

    /// The term of an expression that must have one of two types.
    fn wanted(&self, expression: &Expression, wanted: &[Type], what: &str) -> Result<Typed, InvalidFilter> {
        let typed = self.term(expression)?;
        // A text may be a date, and a field of texts may hold them.
        let typed = if wanted.contains(&Type::Instant) && !wanted.contains(&Type::Text) {
            self.as_instant(expression, typed)?
        } else if wanted.contains(&Type::Array) {
            as_array(typed)
        } else {
            typed
        };
        if wanted.iter().any(|own| typed.1.fits(*own)) {
            return Ok(typed);
        }
        let words: Vec<&str> = wanted.iter().map(|own| own.words()).collect();
        Err(self.complain(expression, format!("{what} takes {}, and this is {}", words.join(" or "), typed.1.words())))
    }

    /// A text as the instant that it says; anything else as it is.
    fn as_instant(&self, expression: &Expression, (term, kind): Typed) -> Result<Typed, InvalidFilter> {
        match (term, kind) {
            (Term::Field(field, Reading::Plain), Type::Text | Type::Any) => {
                Ok((Term::Field(field, Reading::Instant), Type::Instant))
            }
            (Term::Constant(Datum::Text(text)), _) => match Interval::instant(&text) {
                Some(instant) => Ok((Term::Constant(Datum::Instant(instant)), Type::Instant)),
                None => Err(self.complain(
                    expression,
                    format!(
                        "'{text}' is no date (DATE('2022-04-16')) or timestamp (TIMESTAMP('2022-04-16T10:13:19Z'))"
                    ),
                )),
            },
            typed => Ok(typed),
        }
    }

    fn literal(&self, expression: &Expression, literal: &Literal) -> Result<Typed, InvalidFilter> {
        let (datum, kind) = match literal {
            Literal::Bool(truth) => (Datum::Bool(*truth), Type::Boolean),
            Literal::Integer(whole) => (Datum::Int(*whole), Type::Number),
            Literal::Number(number) => (Datum::float(*number), Type::Number),
            Literal::Text(text) => (Datum::Text(text.clone().into()), Type::Text),
            Literal::Date(date) => (Datum::Instant(Interval::day(*date)), Type::Instant),
            Literal::Timestamp(moment) => (Datum::Instant(Interval::moment(*moment)), Type::Instant),
            Literal::Open => return Err(self.complain(expression, "'..' is the open end of an interval only")),
            Literal::Shape(shape) => {
                if let Some(fault) = stray(shape.positions().into_iter().map(|position| position.xy)) {
                    return Err(self.complain(expression, fault));
                }
                let shape = shape_of(shape).ok_or_else(|| self.complain(expression, "the geometry is empty"))?;
                (Datum::Geometry(Figure::Own(Arc::new(shape))), Type::Geometry)
            }
            Literal::Bbox(numbers) => {
                let [low, high] = corners(numbers);
                if let Some(fault) = stray([low, high].into_iter()) {
                    return Err(self.complain(expression, fault));
                }
                if low[1] > high[1] {
                    let fault = format!("the box has its south ({}) north of its north ({})", low[1], high[1]);
                    return Err(self.complain(expression, fault));
                }
                (Datum::Geometry(Figure::Own(Arc::new(bbox(low, high)))), Type::Geometry)
            }
        };
        Ok((Term::Constant(datum), kind))
    }

    fn property(&self, expression: &Expression, name: &str) -> Result<Typed, InvalidFilter> {
        if let Some(field) = self.schema.field(name) {
            let kind = Type::from(self.schema.fields[field].kind);
            let reading = if kind == Type::Instant { Reading::Instant } else { Reading::Plain };
            return Ok((Term::Field(field, reading), kind));
        }
        if GEOMETRY_NAMES.contains(&name) {
            return Ok((Term::Geometry, Type::Geometry));
        }
        let known = self.schema.fields.iter().map(|field| &*field.name).chain([GEOMETRY_NAMES[0]]);
        let hint = match nearest(name, known.clone()) {
            Some(own) => format!("; did you mean \"{own}\"?"),
            None if known.clone().count() <= 30 => format!("; there are {}", known.collect::<Vec<_>>().join(", ")),
            None => String::new(),
        };
        Err(self.complain(expression, format!("there is no property \"{name}\"{hint}")))
    }

    fn end(&self, expression: &Expression, is_start: bool) -> Result<Term, InvalidFilter> {
        if expression.kind == Kind::Literal(Literal::Open) {
            let end = if is_start { Interval::BEGINNING } else { Interval::END };
            return Ok(Term::Constant(Datum::Instant(end)));
        }
        Ok(self.wanted(expression, &[Type::Instant], "an end of an interval")?.0)
    }

    fn function(&self, expression: &Expression, name: &str, arguments: &[Expression]) -> Result<Typed, InvalidFilter> {
        let Some(function) = Function::named(name) else {
            let known = super::FUNCTIONS.iter().map(|function| function.name);
            let hint = match nearest(name, known.clone()) {
                Some(own) => format!("; did you mean {own}?"),
                None => format!("; there are {}", known.collect::<Vec<_>>().join(", ")),
            };
            return Err(self.complain(expression, format!("there is no function {name}{hint}")));
        };
        let count = arguments.len();
        if count < function.arguments.len() || (count > function.arguments.len() && !function.repeats) {
            return Err(
                self.complain(expression, format!("{} was called with {count} arguments", function.signature()))
            );
        }
        let mut terms = Vec::with_capacity(count);
        let mut common = Type::Any;
        for (number, argument) in arguments.iter().enumerate() {
            let wanted = function.argument(number).unwrap_or(Type::Any);
            let (term, kind) = self.wanted(argument, &[wanted], function.name)?;
            if wanted == Type::Any && common != Type::Any && !kind.fits(common) {
                let fault = format!(
                    "{} takes values of one type, and this is {} after {}",
                    function.name,
                    kind.words(),
                    common.words()
                );
                return Err(self.complain(argument, fault));
            }
            if common == Type::Any {
                common = kind;
            }
            terms.push(term);
        }
        let kind = if function.returns == Type::Any { common } else { function.returns };
        Ok((Term::Function(function, terms), kind))
    }

    fn operation(
        &self,
        expression: &Expression,
        operator: Operator,
        operands: &[Expression],
    ) -> Result<Term, InvalidFilter> {
        let what = operator.name().to_ascii_uppercase();
        let all = |wanted: &[Type]| -> Result<Vec<Term>, InvalidFilter> {
            operands.iter().map(|operand| Ok(self.wanted(operand, wanted, &what)?.0)).collect()
        };
        let terms = match operator {
            Operator::And | Operator::Or | Operator::Not => {
                operands.iter().map(|operand| self.truth(operand)).collect::<Result<_, _>>()?
            }
            Operator::IsNull => {
                // A text that is no date is a value all the same.
                let plain = |term: Term| match term {
                    Term::Field(field, _) => Term::Field(field, Reading::Plain),
                    other => other,
                };
                operands.iter().map(|operand| Ok(plain(self.term(operand)?.0))).collect::<Result<_, _>>()?
            }
            Operator::Compare(_) | Operator::Between => self.comparable(operands, &what)?,
            Operator::In => {
                let [value, Expression { kind: Kind::Array(list), .. }] = operands else {
                    return Err(self.complain(expression, "IN takes a value and a list"));
                };
                self.comparable(std::iter::once(value).chain(list), &what)?
            }
            Operator::Like => return self.like(operands),
            Operator::Casei | Operator::Accenti => all(&[Type::Text])?,
            Operator::Arithmetic(_) => all(&[Type::Number])?,
            Operator::Spatial(relation) => return Ok(relation_of(relation, all(&[Type::Geometry])?)),
            Operator::Temporal(_) => all(&[Type::Instant, Type::Interval])?,
            Operator::Array(_) => all(&[Type::Array])?,
        };
        Ok(Term::Operation(operator, terms))
    }

    /// The term of a condition.
    fn truth(&self, expression: &Expression) -> Result<Term, InvalidFilter> {
        self.demand_condition(expression)?;
        Ok(self.term(expression)?.0)
    }

    /// Refuses what is neither true nor false where a condition is expected.
    pub(super) fn demand_condition(&self, expression: &Expression) -> Result<(), InvalidFilter> {
        if expression.is_condition() {
            return Ok(());
        }
        let kind = self.term(expression)?.1;
        match &expression.kind {
            Kind::Function(..) if kind == Type::Boolean => Ok(()),
            Kind::Property(name) if kind == Type::Boolean => {
                Err(self.complain(expression, format!("a condition is expected here; write {name} = TRUE")))
            }
            _ => Err(self.complain(
                expression,
                format!("a condition such as a = 1 is expected here, and this is {}", kind.words()),
            )),
        }
    }

    /// Terms of operands that are compared with each other, brought to one type.
    fn comparable<'e>(
        &self,
        operands: impl IntoIterator<Item = &'e Expression>,
        what: &str,
    ) -> Result<Vec<Term>, InvalidFilter> {
        let operands: Vec<&Expression> = operands.into_iter().collect();
        let mut typed: Vec<Typed> = operands.iter().map(|operand| self.term(operand)).collect::<Result<_, _>>()?;
        if typed.iter().any(|(_, kind)| *kind == Type::Instant) {
            for (operand, own) in operands.iter().zip(&mut typed) {
                *own = self.as_instant(operand, own.clone())?;
            }
        }
        let mut common = Type::Any;
        for (operand, (_, kind)) in operands.iter().zip(&typed) {
            if matches!(kind, Type::Geometry | Type::Interval | Type::Array) {
                let hint = match kind {
                    Type::Geometry => "S_EQUALS",
                    Type::Interval => "T_EQUALS",
                    _ => "A_EQUALS",
                };
                return Err(self.complain(operand, format!("{what} does not compare {}; see {hint}", kind.words())));
            }
            if !kind.fits(common) {
                return Err(self.complain(
                    operand,
                    format!(
                        "{what} compares values of one type, and this is {} after {}",
                        kind.words(),
                        common.words()
                    ),
                ));
            }
            if common == Type::Any {
                common = *kind;
            }
        }
        Ok(typed.into_iter().map(|(term, _)| term).collect())
    }

    fn like(&self, operands: &[Expression]) -> Result<Term, InvalidFilter> {
        let [value, pattern] = operands else { return Ok(Term::Constant(Datum::Null)) };
        let (term, _) = self.wanted(value, &[Type::Text], "LIKE")?;
        match self.wanted(pattern, &[Type::Text], "LIKE")?.0 {
            Term::Constant(Datum::Text(text)) => Ok(Term::Like(Box::new(term), Arc::new(Pattern::new(&text)))),
            _ => Err(self.complain(pattern, "the pattern of LIKE is a text in quotes, possibly in CASEI or ACCENTI")),
        }
    }
}

/// A field that may hold arrays is read as one.
fn as_array((term, kind): Typed) -> Typed {
    match term {
        Term::Field(field, Reading::Plain) if kind == Type::Any => (Term::Field(field, Reading::Array), Type::Array),
        term => (term, kind),
    }
}

/// A relation of two geometries, of which one that was written comes second and is made ready.
fn relation_of(relation: Spatial, operands: Vec<Term>) -> Term {
    let written = |term: &Term| match term {
        Term::Constant(Datum::Geometry(Figure::Own(shape))) => {
            Some(Arc::new(Prepared::new(geo::Geometry::clone(shape))))
        }
        _ => None,
    };
    match &operands[..] {
        [a, b] => match (written(a), written(b)) {
            (_, Some(prepared)) => Term::Relation(relation, Box::new(a.clone()), prepared),
            (Some(prepared), None) => Term::Relation(relation.reversed(), Box::new(b.clone()), prepared),
            (None, None) => Term::Operation(Operator::Spatial(relation), operands),
        },
        _ => Term::Operation(Operator::Spatial(relation), operands),
    }
}

/// The value of a term that follows from nothing.
fn folded(term: Term) -> Term {
    if matches!(term, Term::Constant(_)) || term.dependence() != Dependence::Nothing {
        return term;
    }
    match constant(&term) {
        Some(datum) => Term::Constant(datum),
        None => term,
    }
}

/// A box, in two parts when it crosses the antimeridian; a line or a point when it has no area.
fn bbox(low: [f64; 2], high: [f64; 2]) -> geo::Geometry<f64> {
    let [west, south] = low;
    let [east, north] = high;
    let part = |west: f64, east: f64| geo::Rect::new((west, south), (east, north)).to_polygon();
    if west > east {
        return geo::MultiPolygon(vec![part(west, 180.0), part(-180.0, east)]).into();
    }
    match (west == east, south == north) {
        (true, true) => geo::Point::new(west, south).into(),
        (false, false) => part(west, east).into(),
        _ => geo::LineString::from(vec![(west, south), (east, north)]).into(),
    }
}
