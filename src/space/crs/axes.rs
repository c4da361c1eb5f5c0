//! In which order and direction a system writes its two coordinates.

/// The axes of a coordinate reference system in the order of its authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axes {
    /// Easting, northing; longitude, latitude.
    EastNorth,
    /// Northing, easting; latitude, longitude.
    NorthEast,
    /// Westing, southing.
    WestSouth,
    /// Southing, westing.
    SouthWest,
}

impl Axes {
    /// A position that is east and north, as the authority writes it.
    pub fn write(self, [east, north]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::EastNorth => [east, north],
            Self::NorthEast => [north, east],
            Self::WestSouth => [-east, -north],
            Self::SouthWest => [-north, -east],
        }
    }

    /// A position as the authority writes it, east and north.
    pub fn read(self, position: [f64; 2]) -> [f64; 2] {
        // Swapping and turning round both undo themselves.
        self.write(position)
    }

    /// Whether the axis that runs north or south comes first.
    pub fn is_swapped(self) -> bool {
        matches!(self, Self::NorthEast | Self::SouthWest)
    }
}
