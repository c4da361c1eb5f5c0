//! What WMS and WMTS have in common: parameters whose names have no case, layers, times, and features as they are told.

mod parameters;

mod sequence;

mod layer;

mod time;

mod info;

mod gml;

pub(super) use info::InfoFormat;
pub(super) use info::Probe;
pub(super) use info::respond;
pub(super) use layer::Layer;
pub(super) use parameters::Missing;
pub(super) use parameters::Parameters;
pub(super) use sequence::compared;
pub(super) use time::Times;
pub(super) use time::asked as asked_time;
