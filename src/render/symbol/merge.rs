//! Lines of one name that meet at their ends become one, which has more room for labels.

use std::collections::HashMap;

use super::geometry::Point;

/// Joins the first paths of lines whose texts are equal and whose ends meet; for each line the result is its path, or
/// `None` when it went into another. Lines without a text stay as they are.
pub fn merge_lines(lines: Vec<(Option<String>, Vec<Point>)>) -> Vec<Option<Vec<Point>>> {
    let mut merged: Vec<Option<Vec<Point>>> = Vec::with_capacity(lines.len());
    let mut starts: HashMap<End, usize> = HashMap::new();
    let mut ends: HashMap<End, usize> = HashMap::new();
    for (index, (text, line)) in lines.into_iter().enumerate() {
        merged.push(None);
        let (Some(text), Some(first), Some(last)) = (text, line.first(), line.last()) else {
            merged[index] = Some(line);
            continue;
        };
        let (left, right) = (End::new(&text, *first), End::new(&text, *last));
        let before = ends.get(&left).copied();
        let after = starts.get(&right).copied().filter(|after| before != Some(*after));
        match (before, after) {
            (None, None) => {
                merged[index] = Some(line);
                starts.insert(left, index);
                ends.insert(right, index);
            }
            (Some(before), None) => {
                extend(&mut merged, before, line);
                ends.remove(&left);
                ends.insert(right, before);
            }
            (None, Some(after)) => {
                let tail = merged[after].replace(line).unwrap_or_default();
                extend(&mut merged, after, tail);
                starts.remove(&right);
                starts.insert(left, after);
            }
            (Some(before), Some(after)) => {
                let tail = merged[after].take().unwrap_or_default();
                ends.remove(&left);
                starts.remove(&right);
                if let Some(end) = tail.last() {
                    ends.insert(End::new(&text, *end), before);
                }
                extend(&mut merged, before, line);
                extend(&mut merged, before, tail);
            }
        }
    }
    merged
}

/// An end of a line of a text.
#[derive(PartialEq, Eq, Hash)]
struct End {
    text: String,
    point: [u32; 2],
}

impl End {
    fn new(text: &str, point: Point) -> Self {
        Self { text: text.to_owned(), point: point.map(f32::to_bits) }
    }
}

fn extend(merged: &mut [Option<Vec<Point>>], index: usize, tail: Vec<Point>) {
    if let Some(line) = &mut merged[index] {
        line.pop();
        line.extend(tail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, xs: &[f32]) -> (Option<String>, Vec<Point>) {
        (Some(text.to_owned()), xs.iter().map(|&x| [x, 0.0]).collect())
    }

    fn xs(merged: &[Option<Vec<Point>>]) -> Vec<Option<Vec<f32>>> {
        merged.iter().map(|line| line.as_ref().map(|line| line.iter().map(|p| p[0]).collect())).collect()
    }

    #[test]
    fn a_line_between_two_others_joins_all_three() {
        let merged = merge_lines(vec![line("a", &[0.0, 1.0]), line("a", &[2.0, 3.0]), line("a", &[1.0, 2.0])]);
        assert_eq!(xs(&merged), [Some(vec![0.0, 1.0, 2.0, 3.0]), None, None]);
    }

    #[test]
    fn lines_are_joined_at_either_end_but_not_across_names() {
        let merged = merge_lines(vec![line("a", &[1.0, 2.0]), line("a", &[0.0, 1.0]), line("b", &[2.0, 3.0])]);
        assert_eq!(xs(&merged), [Some(vec![0.0, 1.0, 2.0]), None, Some(vec![2.0, 3.0])]);
    }

    #[test]
    fn a_point_joins_the_line_that_begins_at_it() {
        let merged = merge_lines(vec![line("a", &[1.0]), line("a", &[1.0, 2.0]), line("a", &[5.0, 1.0])]);
        assert_eq!(xs(&merged), [Some(vec![5.0, 1.0, 2.0]), None, None]);
    }

    #[test]
    fn a_ring_and_lines_without_names_stay() {
        let merged =
            merge_lines(vec![line("a", &[0.0, 1.0]), line("a", &[1.0, 0.0]), (None, vec![[0.0, 0.0], [1.0, 0.0]])]);
        assert_eq!(xs(&merged), [Some(vec![0.0, 1.0, 0.0]), None, Some(vec![0.0, 1.0])]);
    }
}
