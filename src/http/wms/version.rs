//! The versions that are spoken.

use std::cmp::Ordering;

/// A version of WMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// OGC 01-068r3: coordinates are always east first.
    V1_1_1,
    /// OGC 06-042: coordinates are in the order of their system's authority.
    V1_3_0,
}

impl Version {
    /// As it is written.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::V1_1_1 => "1.1.1",
            Self::V1_3_0 => "1.3.0",
        }
    }

    /// The parameter, and the element, that names a coordinate reference system.
    pub(super) const fn crs(self) -> &'static str {
        match self {
            Self::V1_1_1 => "SRS",
            Self::V1_3_0 => "CRS",
        }
    }

    /// The version of a name.
    pub(super) fn named(text: &str) -> Option<Self> {
        [Self::V1_1_1, Self::V1_3_0].into_iter().find(|version| version.name() == text.trim())
    }

    /// The version in which a request for another is answered (OGC 06-042, 6.2.4): the highest that is not above the one
    /// that is asked for, and the lowest for what lies below all. Nothing, and what is no version, is answered in the highest.
    pub(super) fn negotiated(text: Option<&str>) -> Self {
        let Some(asked) = text.and_then(numbers) else { return Self::V1_3_0 };
        if asked.cmp(&[1, 3, 0]) == Ordering::Less { Self::V1_1_1 } else { Self::V1_3_0 }
    }
}

fn numbers(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.trim().split('.').map(|part| part.parse::<u32>().ok());
    let numbers = [parts.next()??, parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?];
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_negotiated_downwards() {
        for (asked, answered) in [
            (None, Version::V1_3_0),
            (Some("1.3.0"), Version::V1_3_0),
            (Some("100.0.0"), Version::V1_3_0),
            (Some("1.2.9"), Version::V1_1_1),
            (Some("1.1.1"), Version::V1_1_1),
            (Some("1.1.0"), Version::V1_1_1),
            (Some("0.0.0"), Version::V1_1_1),
            (Some("1.3"), Version::V1_3_0),
            (Some("new"), Version::V1_3_0),
        ] {
            assert_eq!(Version::negotiated(asked), answered, "{asked:?}");
        }
        assert_eq!((Version::named("1.3.0"), Version::named("1.3")), (Some(Version::V1_3_0), None));
    }
}
