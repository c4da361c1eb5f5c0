//! Points of a plane in a kd-tree, found by box and by distance.

/// A static kd-tree. What is found comes in an order that depends on nothing but the points and their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Plane {
    ids: Vec<u32>,
    coords: Vec<[f32; 2]>,
}

/// Points that are not sorted further.
const LEAF: usize = 64;

/// From this many points on, a sample finds the middle faster.
const MANY: isize = 600;

impl Plane {
    /// Sorts points; each has its position in the list as its id.
    pub(super) fn new(coords: Vec<[f32; 2]>) -> Self {
        let mut plane = Self { ids: (0..coords.len() as u32).collect(), coords };
        if let Some(last) = plane.ids.len().checked_sub(1) {
            plane.sort(0, last as isize, 0);
        }
        plane
    }

    /// Ids of points in a box, its edges included.
    pub(super) fn in_box(&self, [min_x, min_y]: [f64; 2], [max_x, max_y]: [f64; 2]) -> Vec<u32> {
        let is_in = |[x, y]: [f64; 2]| (min_x..=max_x).contains(&x) && (min_y..=max_y).contains(&y);
        self.search([min_x, min_y], [max_x, max_y], is_in)
    }

    /// Ids of points that are no further away than `radius`.
    pub(super) fn around(&self, [x, y]: [f64; 2], radius: f64) -> Vec<u32> {
        let is_in = |[px, py]: [f64; 2]| (px - x) * (px - x) + (py - y) * (py - y) <= radius * radius;
        self.search([x - radius, y - radius], [x + radius, y + radius], is_in)
    }

    fn search(&self, min: [f64; 2], max: [f64; 2], is_in: impl Fn([f64; 2]) -> bool) -> Vec<u32> {
        let mut found = Vec::new();
        let mut stack = Vec::with_capacity(32);
        stack.extend((!self.ids.is_empty()).then(|| (0, self.ids.len() - 1, 0)));
        let at = |index: usize| self.coords[index].map(f64::from);
        while let Some((left, right, axis)) = stack.pop() {
            if right - left <= LEAF {
                found.extend((left..=right).filter(|&index| is_in(at(index))).map(|index| self.ids[index]));
                continue;
            }
            let middle = usize::midpoint(left, right);
            let point = at(middle);
            if is_in(point) {
                found.push(self.ids[middle]);
            }
            if min[axis] <= point[axis] {
                stack.push((left, middle - 1, 1 - axis));
            }
            if max[axis] >= point[axis] {
                stack.push((middle + 1, right, 1 - axis));
            }
        }
        found
    }

    fn sort(&mut self, left: isize, right: isize, axis: usize) {
        if right - left <= LEAF as isize {
            return;
        }
        let middle = isize::midpoint(left, right);
        self.select(middle, left, right, axis);
        self.sort(left, middle - 1, 1 - axis);
        self.sort(middle + 1, right, 1 - axis);
    }

    /// Puts the point in its place that comes at `middle` along the axis, and those before it before it (Floyd and Rivest,
    /// "Algorithm 489: the algorithm SELECT", 1975).
    fn select(&mut self, middle: isize, mut left: isize, mut right: isize, axis: usize) {
        while right > left {
            if right - left > MANY {
                let count = (right - left + 1) as f64;
                let place = (middle - left + 1) as f64;
                let log = count.ln();
                let sample = 0.5 * (2.0 * log / 3.0).exp();
                let side = if place < count / 2.0 { -1.0 } else { 1.0 };
                let spread = 0.5 * (log * sample * (count - sample) / count).sqrt() * side;
                let low = (middle as f64 - place * sample / count + spread).floor() as isize;
                let high = (middle as f64 + (count - place) * sample / count + spread).floor() as isize;
                self.select(middle, left.max(low), right.min(high), axis);
            }
            let pivot = self.along(middle, axis);
            let (mut up, mut down) = (left, right);
            self.swap(left, middle);
            if self.along(right, axis) > pivot {
                self.swap(left, right);
            }
            while up < down {
                self.swap(up, down);
                up += 1;
                down -= 1;
                while self.along(up, axis) < pivot {
                    up += 1;
                }
                while self.along(down, axis) > pivot {
                    down -= 1;
                }
            }
            if self.along(left, axis) == pivot {
                self.swap(left, down);
            } else {
                down += 1;
                self.swap(down, right);
            }
            if down <= middle {
                left = down + 1;
            }
            if middle <= down {
                right = down - 1;
            }
        }
    }

    fn along(&self, index: isize, axis: usize) -> f32 {
        self.coords[index as usize][axis]
    }

    fn swap(&mut self, one: isize, other: isize) {
        self.ids.swap(one as usize, other as usize);
        self.coords.swap(one as usize, other as usize);
    }
}
