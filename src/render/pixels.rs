//! Memory for pixels that is used again.
//!
//! Pictures are made by few threads, one after the other and of few sizes. Memory of a picture's size goes back to the system
//! when it is freed, and a page that comes from there takes longer to clear than most pictures to fill it.

use std::cell::Cell;
use std::ops::Deref;
use std::ops::DerefMut;

/// Pixels of four bytes, whose memory serves the thread's next picture.
#[derive(Debug)]
pub struct Pixels(Vec<[u8; 4]>);

/// Pixels whose memory a thread keeps; that of larger pictures goes back.
const MOST_KEPT: usize = 1024 * 1024;

thread_local! {
    static SPARE: Cell<Vec<[u8; 4]>> = const { Cell::new(Vec::new()) };
}

impl Pixels {
    /// So many, all of them transparent black.
    pub fn clear(count: usize) -> Self {
        let mut pixels = SPARE.try_with(Cell::take).unwrap_or_default();
        pixels.clear();
        pixels.resize(count, [0; 4]);
        Self(pixels)
    }
}

impl Drop for Pixels {
    fn drop(&mut self) {
        let own = std::mem::take(&mut self.0);
        if own.capacity() > MOST_KEPT {
            return;
        }
        // A thread that ends keeps nothing.
        let _ = SPARE.try_with(|spare| {
            let other = spare.take();
            spare.set(if other.capacity() > own.capacity() { other } else { own });
        });
    }
}

impl Clone for Pixels {
    fn clone(&self) -> Self {
        let mut copy = Self::clear(self.len());
        copy.copy_from_slice(self);
        copy
    }
}

impl Deref for Pixels {
    type Target = [[u8; 4]];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Pixels {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// Whether no pixel lets anything through.
pub fn is_opaque(pixels: &[[u8; 4]]) -> bool {
    // In runs of a fixed length, which the compiler looks at many at a time.
    let (runs, rest) = pixels.as_chunks::<64>();
    let all = |run: &[[u8; 4]]| run.iter().fold(255, |least, pixel| least & pixel[3]) == 255;
    runs.iter().all(|run| all(run)) && all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again_and_is_clear() {
        let mut first = Pixels::clear(500);
        first.fill([9; 4]);
        let place = first.as_ptr();
        drop(first);
        let second = Pixels::clear(400);
        assert_eq!(second.as_ptr(), place);
        assert!(second.iter().all(|pixel| *pixel == [0; 4]));
        assert_eq!(Pixels::clear(700).len(), 700);
    }

    #[test]
    fn one_pixel_that_lets_something_through_is_found_anywhere() {
        for count in [1, 63, 64, 65, 200] {
            let mut pixels = vec![[0, 0, 0, 255]; count];
            assert!(is_opaque(&pixels));
            pixels[count - 1][3] = 254;
            assert!(!is_opaque(&pixels));
        }
    }
}
