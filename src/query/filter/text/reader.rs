//! Tokens to an expression, by recursive descent.
//!
//! Conditions and values have one grammar here, because a parenthesis may start either; what fits where is checked with the
//! types. The order from loose to tight: OR, AND, NOT, comparisons, sums, products, powers, signs.

use super::cursor::Read;
use super::cursor::Reader;
use super::cursor::number_literal;
use super::lexer::Fault;
use super::lexer::TokenKind;
use super::wkt;
use crate::query::filter::ast::Expression;
use crate::query::filter::ast::FilterLimits;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;
use crate::query::filter::ast::Written;
use crate::query::filter::operator::Arithmetic;
use crate::query::filter::operator::Comparison;
use crate::query::filter::operator::Operator;
use crate::query::filter::place::InvalidFilter;
use crate::query::filter::place::Origin;

/// Words that are no names unless they are quoted.
pub(super) const RESERVED: [&str; 11] =
    ["AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV"];

/// Reads CQL2 Text.
pub(in crate::query::filter) fn read(text: &str, limits: &FilterLimits) -> Result<Written, InvalidFilter> {
    let origin = Origin::Text(text.into());
    match read_root(text, limits) {
        Ok(root) => Ok(Written { root, origin }),
        Err((byte, message)) => Err(origin.complain(byte as u32, message)),
    }
}

fn read_root(text: &str, limits: &FilterLimits) -> Result<Expression, Fault> {
    if text.len() > limits.bytes {
        return Err((limits.bytes, format!("the filter is longer than {} bytes", limits.bytes)));
    }
    let mut reader = Reader::new(text, limits)?;
    let root = reader.condition()?;
    match reader.peek() {
        TokenKind::End => Ok(root),
        _ => Err(reader.expected("AND, OR or the end of the filter")),
    }
}

impl<'a> Reader<'a> {
    fn condition(&mut self) -> Read {
        self.joined("OR", Operator::Or, |reader| reader.joined("AND", Operator::And, Self::negation))
    }

    fn joined(&mut self, word: &str, operator: Operator, part: impl Fn(&mut Self) -> Read) -> Read {
        let first = part(self)?;
        let start = self.start();
        let mut parts = vec![first];
        while self.take_word(word) {
            parts.push(part(self)?);
        }
        match parts.len() {
            1 => Ok(parts.remove(0)),
            _ => self.operation(operator, parts, start),
        }
    }

    fn negation(&mut self) -> Read {
        let start = self.start();
        if !self.take_word("NOT") {
            return self.predicate();
        }
        let negated = self.nested(Self::negation)?;
        self.operation(Operator::Not, vec![negated], start)
    }

    fn predicate(&mut self) -> Read {
        let left = self.sum()?;
        let start = self.start();
        if let TokenKind::Symbol(symbol) = *self.peek()
            && let Some(comparison) = Comparison::ALL.iter().find(|comparison| comparison.name() == symbol)
        {
            self.advance();
            let right = self.sum()?;
            return self.operation(Operator::Compare(*comparison), vec![left, right], start);
        }
        if self.take_word("IS") {
            let negated = self.take_word("NOT");
            if !self.take_word("NULL") {
                return Err(self.expected(if negated { "NULL" } else { "NULL or NOT NULL" }));
            }
            let test = self.operation(Operator::IsNull, vec![left], start)?;
            return self.negated(negated, test, start);
        }
        let negated = self.take_word("NOT");
        let test = if self.take_word("LIKE") {
            let pattern = self.sum()?;
            self.operation(Operator::Like, vec![left, pattern], start)?
        } else if self.take_word("BETWEEN") {
            let low = self.sum()?;
            if !self.take_word("AND") {
                return Err(self.expected("AND and the upper end of BETWEEN"));
            }
            let high = self.sum()?;
            self.operation(Operator::Between, vec![left, low, high], start)?
        } else if self.take_word("IN") {
            let list = self.list()?;
            self.operation(Operator::In, vec![left, list], start)?
        } else if negated {
            return Err(self.expected("LIKE, BETWEEN or IN"));
        } else {
            return Ok(left);
        };
        self.negated(negated, test, start)
    }

    fn negated(&mut self, negated: bool, test: Expression, start: usize) -> Read {
        if negated { self.operation(Operator::Not, vec![test], start) } else { Ok(test) }
    }

    fn sum(&mut self) -> Read {
        self.chain(
            |reader| [Arithmetic::Add, Arithmetic::Subtract].into_iter().find(|sign| reader.take(sign.name())),
            |reader| {
                let factor = |reader: &mut Self| {
                    let signs = [Arithmetic::Multiply, Arithmetic::Divide, Arithmetic::Modulo];
                    let divides = |reader: &mut Self| reader.take_word("DIV").then_some(Arithmetic::IntegerDivide);
                    signs.into_iter().find(|sign| reader.take(sign.name())).or_else(|| divides(reader))
                };
                reader.chain(factor, Self::power)
            },
        )
    }

    /// Parts joined by operators of one rank, from the left.
    fn chain(&mut self, sign: impl Fn(&mut Self) -> Option<Arithmetic>, part: impl Fn(&mut Self) -> Read) -> Read {
        let mut whole = part(self)?;
        loop {
            let start = self.start();
            let Some(arithmetic) = sign(self) else { return Ok(whole) };
            let right = part(self)?;
            whole = self.operation(Operator::Arithmetic(arithmetic), vec![whole, right], start)?;
        }
    }

    fn power(&mut self) -> Read {
        let base = self.signed()?;
        let start = self.start();
        if !self.take("^") {
            return Ok(base);
        }
        let exponent = self.signed()?;
        if *self.peek() == TokenKind::Symbol("^") {
            return Err((self.start(), "a ^ b ^ c says not which comes first; add parentheses".to_owned()));
        }
        self.operation(Operator::Arithmetic(Arithmetic::Power), vec![base, exponent], start)
    }

    fn signed(&mut self) -> Read {
        let start = self.start();
        if matches!(self.peek(), TokenKind::Symbol("+" | "-")) && matches!(self.peek_after(), TokenKind::Number(_)) {
            let literal = number_literal(self)?;
            return self.node(Kind::Literal(literal), start);
        }
        if !self.take("-") {
            return self.primary();
        }
        let operand = self.nested(Self::primary)?;
        let minus = self.node(Kind::Literal(Literal::Integer(-1)), start)?;
        self.operation(Operator::Arithmetic(Arithmetic::Multiply), vec![minus, operand], start)
    }

    fn primary(&mut self) -> Read {
        let start = self.start();
        match self.peek().clone() {
            TokenKind::Text(text) => {
                self.advance();
                self.node(Kind::Literal(Literal::Text(text)), start)
            }
            TokenKind::Number(_) => {
                let literal = number_literal(self)?;
                self.node(Kind::Literal(literal), start)
            }
            TokenKind::Symbol("(") => self.parenthesis(),
            TokenKind::Name(name) => {
                self.advance();
                self.named(name, start)
            }
            TokenKind::Word(word) => self.word(word, start),
            _ => Err(self.expected("a property, a value or a function")),
        }
    }

    /// A condition or a value in parentheses, or an array: with a comma, or with nothing inside.
    fn parenthesis(&mut self) -> Read {
        let start = self.start();
        self.demand("(")?;
        if self.take(")") {
            return self.node(Kind::Array(Vec::new()), start);
        }
        let first = self.nested(Self::condition)?;
        if self.take(")") {
            return Ok(first);
        }
        if !self.take(",") {
            return Err(self.expected("')'"));
        }
        let elements = self.elements(vec![first])?;
        self.node(Kind::Array(elements), start)
    }

    /// An array that may have one element without looking like a parenthesis.
    fn list(&mut self) -> Read {
        let start = self.start();
        self.demand("(")?;
        let elements = self.elements(Vec::new())?;
        self.node(Kind::Array(elements), start)
    }

    /// The remaining elements of a list up to its closing parenthesis, before which a comma may stand.
    fn elements(&mut self, mut elements: Vec<Expression>) -> Result<Vec<Expression>, Fault> {
        loop {
            if self.take(")") {
                return Ok(elements);
            }
            elements.push(self.nested(Self::condition)?);
            if !self.take(",") && *self.peek() != TokenKind::Symbol(")") {
                return Err(self.expected("',' or ')'"));
            }
        }
    }

    fn word(&mut self, word: &'a str, start: usize) -> Read {
        let is_call = *self.peek_after() == TokenKind::Symbol("(");
        let truth = [("TRUE", true), ("FALSE", false)].into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
        if let Some((_, truth)) = truth {
            self.advance();
            return self.node(Kind::Literal(Literal::Bool(truth)), start);
        }
        if RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved)) {
            return Err(self.expected(&format!(
                "a property, a value or a function (a property of this name is written \"{word}\")"
            )));
        }
        if let Some(literal) = wkt::geometry(self)? {
            return self.node(Kind::Literal(literal), start);
        }
        if !is_call {
            self.advance();
            return self.named(word.to_owned(), start);
        }
        if let Some(operator) = Operator::named(word).filter(|operator| operator.is_call()) {
            self.advance();
            return self.call(operator, start);
        }
        self.advance();
        match word.to_ascii_uppercase().as_str() {
            "DATE" => self.instant(start, Literal::date, "a day in quotes such as '2022-04-16'"),
            "TIMESTAMP" => self.instant(start, Literal::timestamp, "a moment in quotes such as '2022-04-16T10:13:19Z'"),
            "INTERVAL" => self.interval(start),
            _ => self.named(word.to_owned(), start),
        }
    }

    /// A property, or a function when a parenthesis follows.
    fn named(&mut self, name: String, start: usize) -> Read {
        if !self.take("(") {
            return self.node(Kind::Property(name), start);
        }
        if Operator::named(&name).is_some() {
            return Err((start, format!("{name} is an operator, and no function can have its name")));
        }
        let arguments = self.elements(Vec::new())?;
        self.node(Kind::Function(name, arguments), start)
    }

    fn call(&mut self, operator: Operator, start: usize) -> Read {
        self.demand("(")?;
        let (count, _) = operator.arity();
        let mut operands = Vec::with_capacity(count);
        for number in 0..count {
            if number > 0 {
                self.demand(",")?;
            }
            let is_array = matches!(operator, Operator::Array(_));
            operands.push(self.nested(if is_array { Self::array_operand } else { Self::condition })?);
        }
        self.demand(")")?;
        self.operation(operator, operands, start)
    }

    /// An operand of an array operator, where a parenthesis around one value is an array.
    fn array_operand(&mut self) -> Read {
        let before = self.position();
        if *self.peek() == TokenKind::Symbol("(") {
            let list = self.list()?;
            if matches!(self.peek(), TokenKind::Symbol("," | ")")) {
                return Ok(list);
            }
            // It was the start of a longer expression. That this doubles the work is held by the limit on nodes.
            self.return_to(before);
        }
        self.condition()
    }

    fn instant(&mut self, start: usize, read: fn(&str) -> Option<Literal>, what: &str) -> Read {
        self.demand("(")?;
        let TokenKind::Text(text) = self.peek().clone() else { return Err(self.expected(what)) };
        let Some(literal) = read(&text) else {
            return Err((self.start(), format!("'{text}' is not {what}")));
        };
        self.advance();
        self.demand(")")?;
        self.node(Kind::Literal(literal), start)
    }

    fn interval(&mut self, start: usize) -> Read {
        self.demand("(")?;
        let from = self.end()?;
        self.demand(",")?;
        let to = self.end()?;
        self.demand(")")?;
        self.node(Kind::Interval(Box::new([from, to])), start)
    }

    fn end(&mut self) -> Read {
        let start = self.start();
        let TokenKind::Text(text) = self.peek().clone() else { return self.nested(Self::condition) };
        let Some(literal) = Literal::end(&text) else {
            return Err((
                start,
                format!("'{text}' is neither a day ('2022-04-16'), nor a moment ('2022-04-16T10:13:19Z'), nor '..'"),
            ));
        };
        self.advance();
        self.node(Kind::Literal(literal), start)
    }
}
