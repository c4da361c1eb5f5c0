//! How tiles are cut.

/// How finely and how generously features are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutSettings {
    /// Units of the integer grid a tile side.
    pub extent: u32,
    /// Units beyond each side of the tile that are cut too, so that outlines and circles go on over the seam.
    pub buffer: u32,
    /// Detail that may go, in units: a vertex is left out when the triangle that it makes with its neighbours is smaller
    /// than the square of this. At 0 every vertex stays that is a bend on the grid.
    pub tolerance: f64,
}

impl CutSettings {
    /// The same without simplification, for the highest zoom of a tileset: clients show that zoom enlarged.
    #[must_use]
    pub fn exact(self) -> Self {
        Self { tolerance: 0.0, ..self }
    }
}

impl Default for CutSettings {
    /// The 4096 units that all clients expect. On a tile shown at 512 pixels the buffer is 8 pixels wide, and each
    /// triangle that is simplified away is smaller than a 64th of a pixel.
    fn default() -> Self {
        Self { extent: 4096, buffer: 64, tolerance: 1.0 }
    }
}
