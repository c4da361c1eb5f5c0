//! Functions that filters may call.

use super::types::Type;
use crate::query::filter::eval::Datum;

/// A function: what clients are told of it, and what it does.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it answers, for people.
    pub description: &'static str,
    /// Its arguments.
    pub arguments: &'static [Argument],
    /// Whether the last argument may be given again.
    pub repeats: bool,
    /// The type of its result; [`Type::Any`] for that of its first argument.
    pub returns: Type,
    /// Whether the result is always a whole number.
    pub is_integer: bool,
    pub(super) run: Run,
}

/// One argument of a function.
pub struct Argument {
    /// Its name, for people.
    pub title: &'static str,
    /// Its type; [`Type::Any`] for any one that can be compared.
    pub kind: Type,
}

/// From the values of the arguments to the result.
pub(super) type Run = for<'a> fn(&[Datum<'a>]) -> Datum<'a>;

impl Function {
    /// The function with a name, whatever its case.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        super::FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
    }

    /// The result.
    pub(in crate::query::filter) fn call<'a>(&self, values: &[Datum<'a>]) -> Datum<'a> {
        (self.run)(values)
    }

    /// The type of an argument by its number; `None` when it has not that many.
    pub(super) fn argument(&self, number: usize) -> Option<Type> {
        let last = self.arguments.last().filter(|_| self.repeats);
        self.arguments.get(number).or(last).map(|argument| argument.kind)
    }

    /// How it is called: `round(number)`.
    pub fn signature(&self) -> String {
        let titles: Vec<&str> = self.arguments.iter().map(|argument| argument.title).collect();
        let more = if self.repeats { ", ..." } else { "" };
        format!("{}({}{more})", self.name, titles.join(", "))
    }
}
