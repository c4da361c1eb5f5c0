//! One question about the features of a collection.

use std::fmt;

use super::Filter;
use super::SortKey;
use super::TimeSet;
use crate::space::Bbox;

/// Which features are meant, and which stretch of them. Checked: it can be answered without further questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Features that meet this box, and those without geometry (OGC API Features, 7.15.3).
    pub bbox: Option<Bbox>,
    /// Features that are at any of these times, and those without time (7.15.4).
    pub time: Option<TimeSet>,
    /// Features that meet this condition.
    pub filter: Filter,
    /// The order of the features; that of the file where it leaves one open.
    pub sort: Vec<SortKey>,
    /// The properties that the answer carries, by name; `None` for all.
    pub properties: Option<Vec<String>>,
}

/// A stretch of the features that a query selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Most features to answer with; at least one.
    pub limit: usize,
    /// Where to start.
    pub start: Start,
}

/// Where a page starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// At the first feature.
    #[default]
    First,
    /// After this many.
    Offset(usize),
    /// Right after the feature that stood at this row and has this id, which still works when rows were inserted.
    After(u32, String),
    /// So that the page ends right before that feature.
    Before(u32, String),
}

impl Query {
    /// Whether it selects every feature, in whatever order.
    pub fn is_everything(&self) -> bool {
        self.bbox.is_none() && self.time.is_none() && self.filter.is_everything()
    }
}

impl fmt::Display for Query {
    /// The canonical text, part of cache keys and ETags: equal queries give equal texts, and different ones different texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(bbox) = &self.bbox {
            write!(f, "bbox={bbox};")?;
        }
        if let Some(time) = &self.time {
            write!(f, "time={time};")?;
        }
        if !self.filter.is_everything() {
            write!(f, "filter={};", self.filter)?;
        }
        if !self.sort.is_empty() {
            let keys: Vec<String> = self.sort.iter().map(ToString::to_string).collect();
            write!(f, "sortby={};", keys.join(","))?;
        }
        if let Some(properties) = &self.properties {
            write!(f, "properties={properties:?};")?;
        }
        Ok(())
    }
}
