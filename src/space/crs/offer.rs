//! Which systems a collection is offered in.

use super::Crs;
use super::InvalidCrs;
use crate::space::Bbox;

/// The systems that a client may ask for, each once, CRS84 first. Others are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrsList(Vec<Crs>);

impl CrsList {
    /// What is offered without a word: CRS84, EPSG:4326, EPSG:3857, and the zone of UTM in which the middle of the data lies,
    /// unless some of the data lie where that zone is not defined.
    pub fn of_extent(extent: Option<&Bbox>) -> Self {
        let common = [4326, 3857].into_iter().filter_map(Crs::epsg);
        let is_defined = |crs: &Crs| {
            let parts = extent.into_iter().flat_map(Bbox::parts);
            parts.into_iter().all(|part| crs.domain().iter().any(|domain| domain.covers(&part)))
        };
        let zone = extent.and_then(utm_zone).and_then(Crs::epsg).filter(is_defined);
        Self(std::iter::once(Crs::Crs84).chain(common).chain(zone).collect())
    }

    /// The same with further codes of the EPSG; the first that is unknown is an error.
    pub fn with(mut self, codes: &[u32]) -> Result<Self, InvalidCrs> {
        for code in codes {
            let crs = Crs::epsg(*code).ok_or_else(|| InvalidCrs::Unknown(code.to_string()))?;
            if !self.0.contains(&crs) {
                self.0.push(crs);
            }
        }
        Ok(self)
    }

    /// The same with another system.
    #[must_use]
    pub fn including(mut self, crs: Crs) -> Self {
        if !self.0.contains(&crs) {
            self.0.push(crs);
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

/// The code of the zone of UTM on WGS 84 in which the middle of a box lies; `None` beyond 84° north and 80° south.
fn utm_zone(extent: &Bbox) -> Option<u32> {
    let [west, south, east, north] = extent.to_array();
    let east = if west > east { east + 360.0 } else { east };
    let (lon, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
    let zone = ((lon + 180.0).rem_euclid(360.0) / 6.0).floor() as u32 + 1;
    (-80.0..=84.0).contains(&lat).then_some(if lat >= 0.0 { 32_600 } else { 32_700 } + zone)
}
