//! Which placed labels stand near a point.

use super::bucket::Bucket;
use super::geometry::Affine;
use super::geometry::Point;
use super::geometry::add;
use super::geometry::corners;
use super::geometry::subtract;
use super::label::Instance;
use super::labels::Labels;
use super::order;
use super::paint::Stamp;
use super::place::Verdict;
use super::stamps::push_icon;
use super::stamps::push_text;
use crate::render::tiles::Placed;

/// A label that stands near a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// The tile that it comes from.
    pub placed: Placed,
    /// Position of its feature in the tile's layer; of a feature that is at hand, its row and the kind of its parts.
    pub feature: u64,
    /// Whether it is the text that stands there, and not the icon.
    pub is_text: bool,
    /// Pixels from the point to its box.
    pub distance: f64,
}

impl Labels {
    /// The labels of a layer that were placed and whose boxes lie within `radius` pixels of a point of the picture, topmost
    /// first.
    pub fn near(&self, layer: &str, point: [f64; 2], radius: f64, ratio: f64) -> Vec<Near> {
        let mut found = Vec::new();
        for (buckets, verdicts) in self.layers(layer) {
            for is_text in [false, true] {
                for index in order::drawn(buckets) {
                    let bucket = &buckets[index];
                    for (instance, verdict) in bucket.instances.iter().zip(&verdicts[index]) {
                        let distance = distance(bucket, instance, verdict, is_text, point, ratio);
                        if distance.is_some_and(|distance| distance <= radius) {
                            found.push(Near {
                                placed: bucket.placed,
                                feature: bucket.labels[instance.label].feature as u64,
                                is_text,
                                distance: distance.unwrap_or_default(),
                            });
                        }
                    }
                }
            }
        }
        for is_text in [false, true] {
            for own in self.standing(layer) {
                let mut stamps = Vec::new();
                own.push_stamps(is_text, ratio as f32, &mut stamps);
                let rules = &own.candidate.bucket.rules;
                let along = if is_text { rules.text.is_along_line } else { rules.icon.is_along_line };
                let (placed, feature) = (own.candidate.bucket.placed, own.feature());
                let distance = nearest(&stamps, along, point.map(|n| n as f32));
                let near = distance.filter(|distance| *distance <= radius);
                found.extend(near.map(|distance| Near { placed, feature, is_text, distance }));
            }
        }
        found.reverse();
        found
    }
}

/// From a point to what stands of an instance; `None` when nothing does.
fn distance(
    bucket: &Bucket,
    instance: &Instance,
    verdict: &Verdict,
    is_text: bool,
    point: [f64; 2],
    ratio: f64,
) -> Option<f64> {
    let point = point.map(|n| n as f32);
    let mut stamps: Vec<Stamp<'_>> = Vec::new();
    let along = match is_text {
        true if verdict.text => {
            push_text(bucket, instance, verdict, ratio as f32, &mut stamps);
            bucket.rules.text.is_along_line
        }
        false if verdict.icon => {
            push_icon(bucket, instance, verdict, ratio as f32, &mut stamps);
            bucket.rules.icon.is_along_line
        }
        _ => return None,
    };
    nearest(&stamps, along, point)
}

/// From a point to the nearest of stamps.
fn nearest(stamps: &[Stamp<'_>], along: bool, point: Point) -> Option<f64> {
    // Letters along a line have a box each, and those of a line of text share one, so that the gaps between them count.
    let groups = if along { stamps.chunks(1) } else { stamps.chunks(stamps.len().max(1)) };
    let distances = groups.filter_map(|group| to_box(group, point));
    distances.map(f64::from).min_by(f64::total_cmp)
}

/// From a point to the box around stamps that are turned alike.
fn to_box(stamps: &[Stamp<'_>], point: Point) -> Option<f32> {
    let Affine { x: [cos, sin], .. } = stamps.first()?.to_picture;
    let length = cos.hypot(sin);
    if !length.is_normal() {
        return None;
    }
    let (cos, sin) = (cos / length, sin / length);
    let base = stamps.first()?.base.map(|n| n as f32);
    let turned = |p: Point| {
        let [x, y] = subtract(add(p, base), point);
        [cos * x + sin * y, cos * y - sin * x]
    };
    let places = stamps.iter().flat_map(|one| corners(one.source).map(|corner| turned(one.to_picture.apply(corner))));
    let [left, top, right, bottom] = super::geometry::envelope(&places.collect::<Vec<_>>());
    let beyond = |low: f32, high: f32| if low > 0.0 { low } else { (-high).max(0.0) };
    Some(beyond(left, right).hypot(beyond(top, bottom)))
}
