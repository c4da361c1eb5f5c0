//! Profiles: which members JSON features have (OGC API Features, Part 5, and JSON-FG, 8).

use crate::http::Format;
use crate::http::Link;

/// What a JSON representation of features is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Plain GeoJSON.
    Rfc7946,
    /// JSON-FG: a geometry in another coordinate system is the member `place`, and `geometry` is null beside it.
    JsonFg,
    /// JSON-FG that readers of GeoJSON understand: `geometry` is never null where `place` is not.
    JsonFgPlus,
}

impl Profile {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Rfc7946, Self::JsonFg, Self::JsonFgPlus];

    /// Its name as a value of the parameter `profile`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfc7946 => "rfc7946",
            Self::JsonFg => "jsonfg",
            Self::JsonFgPlus => "jsonfg-plus",
        }
    }

    /// The name under which the OGC registers it.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Rfc7946 => "http://www.opengis.net/def/profile/OGC/0/rfc7946",
            Self::JsonFg => "http://www.opengis.net/def/profile/OGC/0/jsonfg",
            Self::JsonFgPlus => "http://www.opengis.net/def/profile/OGC/0/jsonfg-plus",
        }
    }

    /// The link by which an answer says its profile (RFC 6906).
    pub fn link(self) -> Link {
        Link::new("profile", Format::Html, format!("The profile {}", self.name()), self.uri().to_owned())
    }

    /// The first that is known in a comma list of names or addresses, for a representation; profiles that are not known are
    /// passed over, as Part 5 has it. `None` when the representation has no profiles.
    pub fn negotiate(asked: Option<&str>, format: Format) -> Option<Self> {
        let known = |name: &str| Self::ALL.into_iter().find(|own| name == own.name() || name == own.uri());
        let asked = asked.and_then(|list| list.split(',').find_map(|name| known(name.trim())));
        match format {
            Format::GeoJson | Format::GeoJsonSeq => Some(asked.unwrap_or(Self::Rfc7946)),
            Format::JsonFg => Some(asked.filter(|own| *own != Self::Rfc7946).unwrap_or(Self::JsonFg)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_profile_that_fits_the_representation_is_taken() {
        let plus = Some(Profile::JsonFgPlus);
        assert_eq!(Profile::negotiate(Some("nonsense,jsonfg-plus,jsonfg"), Format::GeoJson), plus);
        assert_eq!(Profile::negotiate(Some(Profile::JsonFgPlus.uri()), Format::JsonFg), plus);
        assert_eq!(Profile::negotiate(Some("nonsense"), Format::GeoJson), Some(Profile::Rfc7946));
        assert_eq!(Profile::negotiate(Some("rfc7946"), Format::JsonFg), Some(Profile::JsonFg));
        assert_eq!(Profile::negotiate(Some("jsonfg"), Format::Csv), None);
    }
}
