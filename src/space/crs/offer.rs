//! Which systems a collection is offered in.

use super::Crs;
use crate::space::Bbox;

/// The systems that a client may ask for, each once, CRS84 first. Others are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrsList(Vec<Crs>);

impl CrsList {
    /// What is offered without a word: CRS84, EPSG:4326, EPSG:3857, and the zone of UTM in which the middle of the data lies.
    pub fn of_extent(extent: Option<&Bbox>) -> Self {
        let common = [4326, 3857].into_iter().filter_map(Crs::epsg);
        let zone = extent.and_then(utm_zone).and_then(Crs::epsg);
        Self(std::iter::once(Crs::Crs84).chain(common).chain(zone).collect())
    }

    /// The same with further ones behind.
    #[must_use]
    pub fn with<'a>(mut self, more: impl IntoIterator<Item = &'a Crs>) -> Self {
        for crs in more {
            if !self.0.contains(crs) {
                self.0.push(crs.clone());
            }
        }
        self
    }

    /// The systems in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Crs> {
        self.0.iter()
    }

    /// Whether a system is offered.
    pub fn contains(&self, crs: &Crs) -> bool {
        self.0.contains(crs)
    }

    /// The system of a name, however it is spelled, when it is offered.
    pub fn find(&self, name: &str) -> Option<&Crs> {
        let crs = Crs::parse(name).ok()?;
        self.0.iter().find(|offered| **offered == crs)
    }
}

impl Default for CrsList {
    /// What is offered of data that lies nowhere.
    fn default() -> Self {
        Self::of_extent(None)
    }
}

/// The code of the zone of UTM on WGS 84 in which the middle of a box lies; `None` beyond 84° north and 80° south.
fn utm_zone(extent: &Bbox) -> Option<u32> {
    let [west, south, east, north] = extent.to_array();
    let east = if west > east { east + 360.0 } else { east };
    let (lon, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
    let zone = ((lon + 180.0).rem_euclid(360.0) / 6.0).floor() as u32 + 1;
    (-80.0..=84.0).contains(&lat).then_some(if lat >= 0.0 { 32_600 } else { 32_700 } + zone)
}
