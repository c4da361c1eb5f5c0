//! What a checked filter does with features.

mod array;
mod condition;
mod datum;
mod figure;
mod like;
mod number;
mod prepared;
mod term;
mod text;
mod time;

pub(super) use condition::Condition;
pub(super) use condition::Range;
pub(super) use condition::Test;
pub(super) use datum::Datum;
pub(super) use datum::Figure;
pub(super) use figure::shape_of;
pub(super) use like::Pattern;
pub(super) use prepared::Prepared;
pub(super) use term::Dependence;
pub(super) use term::Reading;
pub(super) use term::Term;
pub(super) use term::constant;
