//! In which order labels are placed and drawn.

use super::bucket::Bucket;
use super::label::Label;
use super::place::Placer;
use super::place::Verdict;

/// Places the labels of a layer, tile by tile as the features come; the verdicts are by bucket and instance.
pub fn place(buckets: &[Bucket], placer: &mut Placer) -> Vec<Vec<Verdict>> {
    let mut verdicts: Vec<Vec<Verdict>> =
        buckets.iter().map(|bucket| vec![Verdict::default(); bucket.instances.len()]).collect();
    for (bucket, instance) in ranked(buckets) {
        verdicts[bucket][instance] = placer.place(&buckets[bucket], &buckets[bucket].instances[instance]);
    }
    for (bucket, verdicts) in buckets.iter().zip(&mut verdicts) {
        show_always(bucket, verdicts);
    }
    verdicts
}

fn ranked(buckets: &[Bucket]) -> Vec<(usize, usize)> {
    let label = |&(bucket, instance): &(usize, usize)| -> &Label {
        &buckets[bucket].labels[buckets[bucket].instances[instance].label]
    };
    let mut ranked = Vec::new();
    let mut tiles: Vec<usize> = (0..buckets.len()).collect();
    tiles.sort_by_key(|&bucket| {
        let placed = &buckets[bucket].placed;
        (std::cmp::Reverse(placed.coord.level()), placed.wrap, placed.coord.column(), placed.coord.row())
    });
    for bucket in tiles {
        let count = buckets[bucket].instances.len();
        if buckets[bucket].rules.places_by_y {
            ranked.extend(buckets[bucket].by_y().into_iter().rev().map(|instance| (bucket, instance)));
        } else {
            ranked.extend((0..count).map(|instance| (bucket, instance)));
        }
    }
    // Keys are all equal where the layer has none, and the sort is stable.
    ranked.sort_by(|a, b| label(a).sort_key.total_cmp(&label(b).sort_key));
    ranked
}

/// What may lie over everything is shown even where it was not placed.
fn show_always(bucket: &Bucket, verdicts: &mut [Verdict]) {
    use crate::style::Overlap::Always;
    let (text, icon) = (&bucket.rules.text, &bucket.rules.icon);
    let shows_text = text.overlap == Always && (icon.overlap == Always || !bucket.has_icon() || icon.is_optional);
    let shows_icon = icon.overlap == Always && (text.overlap == Always || !bucket.has_text() || text.is_optional);
    for verdict in verdicts {
        verdict.text |= shows_text;
        verdict.icon |= shows_icon;
    }
}

/// Buckets in the order in which they are drawn: from the top of the picture down, and from left to right.
pub fn drawn(buckets: &[Bucket]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..buckets.len()).collect();
    order.sort_by(|&a, &b| {
        let corner = |bucket: usize| buckets[bucket].matrix.origin;
        let level = |bucket: usize| buckets[bucket].placed.coord.level();
        level(a)
            .cmp(&level(b))
            .then_with(|| corner(a)[1].total_cmp(&corner(b)[1]))
            .then_with(|| corner(a)[0].total_cmp(&corner(b)[0]))
    });
    order
}
