//! Where icons lie on their sheet.

/// Free pixels between icons, so that none bleeds into another when it is drawn turned or scaled.
const GAP: u32 = 1;

/// Lays boxes in rows, the highest first, and those of the same height in the order in which they come. Answers the corner of
/// each, and the sheet's sides.
pub(super) fn pack(sizes: &[[u32; 2]]) -> (Vec<[u32; 2]>, [u32; 2]) {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(sizes[index][1]), std::cmp::Reverse(sizes[index][0]), index));
    let area: f64 = sizes.iter().map(|&[width, height]| f64::from(width + GAP) * f64::from(height + GAP)).sum();
    let widest = sizes.iter().map(|size| size[0]).max().unwrap_or(0);
    let width = (area.sqrt().ceil() as u32).max(widest + 2 * GAP);
    let mut places = vec![[0, 0]; sizes.len()];
    let (mut left, mut top, mut row, mut right) = (GAP, GAP, 0, 0);
    for index in order {
        let [wide, high] = sizes[index];
        if left + wide + GAP > width {
            (left, top, row) = (GAP, top + row + GAP, 0);
        }
        places[index] = [left, top];
        left += wide + GAP;
        right = right.max(left);
        row = row.max(high);
    }
    (places, [right.max(1), (top + row + GAP).max(1)])
}
