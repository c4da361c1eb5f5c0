//! A filter that was checked, and what it selects.

use std::fmt;
use std::sync::Arc;

use super::eval::Condition;
use crate::feature::Row;
use crate::feature::Rows;
use crate::feature::Table;
use crate::space::Rect;

/// Conditions, all of which are to be met, whose names and types were checked against a schema. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Filter(Vec<Arc<Part>>);

struct Part {
    /// Its canonical CQL2 Text.
    text: String,
    condition: Condition,
}

impl Filter {
    pub(super) fn new(text: String, condition: Condition) -> Self {
        Self(vec![Arc::new(Part { text, condition })])
    }

    /// The filter that asks for all that these ask for.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        let mut parts: Vec<Arc<Part>> = filters.into_iter().flat_map(|filter| filter.0).collect();
        parts.sort_by(|a, b| a.text.cmp(&b.text));
        parts.dedup_by(|a, b| a.text == b.text);
        Self(parts)
    }

    /// Whether every feature meets it, because there is no condition.
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a feature meets it; what is unknown because of a null is not met.
    pub fn matches(&self, row: Row<'_>) -> bool {
        self.0.iter().all(|part| part.condition.matches(row))
    }

    /// Those of the rows that meet it, in their order.
    pub fn select(&self, table: &Table, rows: Vec<u32>) -> Vec<u32> {
        self.run(Rows::numbered(table), rows)
    }

    /// All rows that meet it, in the order in which they are kept.
    pub fn select_all(&self, table: &Table) -> Vec<u32> {
        let rows = Rows::as_kept(table);
        let mut found = self.run(rows, (0..table.len() as u32).collect());
        found.iter_mut().for_each(|place| *place = rows.row(*place).number());
        found
    }

    fn run(&self, all: Rows<'_>, rows: Vec<u32>) -> Vec<u32> {
        let mut parts: Vec<&Condition> = self.0.iter().map(|part| &part.condition).collect();
        parts.sort_by_key(|condition| condition.cost());
        parts.into_iter().fold(rows, |rows, condition| condition.select(all, rows))
    }

    /// Rectangles in degrees, one of which each feature that meets it meets too; `None` when it asks for no place.
    pub fn areas(&self) -> Option<Vec<Rect>> {
        let size = |areas: &Vec<Rect>| areas.iter().map(|area| area.width() * area.height()).sum::<f64>();
        self.0.iter().filter_map(|part| part.condition.areas()).min_by(|a, b| size(a).total_cmp(&size(b)))
    }
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| a.text == b.text)
    }
}

impl fmt::Display for Filter {
    /// The canonical CQL2 Text: equal filters give equal texts, and different ones different texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0[..] {
            [] => Ok(()),
            [only] => f.write_str(&only.text),
            parts => {
                let texts: Vec<String> = parts.iter().map(|part| format!("({})", part.text)).collect();
                f.write_str(&texts.join(" AND "))
            }
        }
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({self})")
    }
}
