//! Steps through tokens, and the limits on what is made of them.

use super::lexer::Fault;
use super::lexer::Token;
use super::lexer::TokenKind;
use super::lexer::tokens;
use crate::query::filter::ast::Expression;
use crate::query::filter::ast::FilterLimits;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;
use crate::query::filter::operator::Operator;

/// Reads one text from its first token to its last.
pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
    nodes: usize,
    vertices: usize,
    limits: &'a FilterLimits,
}

/// What each rule of the grammar answers.
pub(super) type Read = Result<Expression, Fault>;

impl<'a> Reader<'a> {
    /// Cuts a text into tokens and stands at the first.
    pub(super) fn new(text: &'a str, limits: &'a FilterLimits) -> Result<Self, Fault> {
        Ok(Self { text, tokens: tokens(text)?, at: 0, depth: 0, nodes: 0, vertices: 0, limits })
    }

    pub(super) fn peek(&self) -> &TokenKind<'a> {
        &self.tokens[self.at].kind
    }

    pub(super) fn peek_after(&self) -> &TokenKind<'a> {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)].kind
    }

    /// The byte at which the next token starts.
    pub(super) fn start(&self) -> usize {
        self.tokens[self.at].start
    }

    /// Where it stands, for [`return_to`](Self::return_to).
    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn return_to(&mut self, position: usize) {
        self.at = position;
    }

    pub(super) fn advance(&mut self) -> TokenKind<'a> {
        let kind = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        kind
    }

    /// What should have been here instead of the next token.
    pub(super) fn expected(&self, what: &str) -> Fault {
        let token = &self.tokens[self.at];
        let found = if token.kind == TokenKind::End {
            "the filter ends".to_owned()
        } else {
            let written: String = self.text[token.start..token.end].chars().take(40).collect();
            format!("'{written}' stands")
        };
        (token.start, format!("{found} here, where {what} is expected"))
    }

    pub(super) fn take(&mut self, symbol: &'static str) -> bool {
        let found = *self.peek() == TokenKind::Symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn demand(&mut self, symbol: &'static str) -> Result<(), Fault> {
        if self.take(symbol) { Ok(()) } else { Err(self.expected(&format!("'{symbol}'"))) }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), TokenKind::Word(found) if found.eq_ignore_ascii_case(word))
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn count_vertex(&mut self) -> Result<(), Fault> {
        self.vertices += 1;
        if self.vertices > self.limits.vertices {
            return Err((self.start(), format!("the geometries have more than {} positions", self.limits.vertices)));
        }
        Ok(())
    }

    pub(super) fn node(&mut self, kind: Kind, start: usize) -> Read {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err((start, format!("the filter has more than {} operators, names and values", self.limits.nodes)));
        }
        let expression = match kind {
            Kind::Operation(operator, operands) => Expression::operation(operator, operands, start as u32),
            kind => Expression::new(kind, start as u32),
        };
        // Chains of sums and products are deep without any parenthesis.
        if expression.mark.height as usize > self.limits.depth { Err(self.too_deep()) } else { Ok(expression) }
    }

    pub(super) fn operation(&mut self, operator: Operator, operands: Vec<Expression>, start: usize) -> Read {
        self.node(Kind::Operation(operator, operands), start)
    }

    fn too_deep(&self) -> Fault {
        (self.start(), format!("the filter is nested deeper than {} levels", self.limits.depth))
    }

    /// Goes down one level for what `read` reads.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth >= self.limits.depth {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}

/// The number that follows, with its sign if it has one.
pub(super) fn number_literal(reader: &mut Reader<'_>) -> Result<Literal, Fault> {
    let start = reader.start();
    let negative = reader.take("-");
    if !negative {
        reader.take("+");
    }
    let TokenKind::Number(digits) = *reader.peek() else { return Err(reader.expected("a number")) };
    reader.advance();
    let sign = if negative { "-" } else { "" };
    let written = format!("{sign}{digits}");
    if let Ok(whole) = written.parse() {
        return Ok(Literal::Integer(whole));
    }
    let number = written.parse().ok().and_then(Literal::number);
    number.ok_or_else(|| (start, format!("the number {written} is too large")))
}
