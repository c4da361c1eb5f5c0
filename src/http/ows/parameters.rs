//! Parameters as the older services of the OGC read them (OGC 06-042, 6.8): names have no case, order does not matter, and
//! those that nobody asks for are passed over.

use crate::catalog::Collection;
use crate::http::Call;
use crate::http::Error;
use crate::http::Kind;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::params::pairs;
use crate::http::params::segment;
use crate::http::selectors;
use crate::space::CrsList;

/// The parameters of a request; of several of one name the first counts.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Parameters(Vec<(String, String)>);

/// A parameter that has to be given, and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct Missing(pub(in crate::http) &'static str);

impl Parameters {
    /// Those of a request.
    pub(in crate::http) fn of(call: &Call) -> Result<Self, Error> {
        pairs(&call.query).map(Self)
    }

    /// What was given, which may be empty.
    pub(in crate::http) fn written(&self, name: &str) -> Option<&str> {
        let own = self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        own.map(|(_, value)| value.as_str())
    }

    /// What was given; an empty value is none.
    pub(in crate::http) fn value(&self, name: &str) -> Option<&str> {
        self.written(name).filter(|value| !value.is_empty())
    }

    /// What has to be given.
    pub(in crate::http) fn required(&self, name: &'static str) -> Result<&str, Missing> {
        self.value(name).ok_or(Missing(name))
    }

    /// The conditions that features shall meet: `filter`, `filter-lang`, `filter-crs` and `filter.` with the id of a
    /// collection, as everywhere on this server.
    pub(in crate::http) fn conditions(&self, call: &Call, collections: &[&Collection]) -> Result<Params, Error> {
        let mut systems = CrsList::of_extent(None);
        for crs in collections.iter().flat_map(|collection| collection.systems.iter()) {
            systems = systems.including(crs.clone());
        }
        let mut table = selectors::conditions(&systems).to_vec();
        table.extend(
            collections.iter().map(|own| Parameter::described(format!("filter.{}", own.id), Kind::Text, String::new())),
        );
        let mut query = String::new();
        for parameter in &table {
            // Identical ids in another case are other collections.
            let own = self.0.iter().find(|(name, _)| match name.split_once('.') {
                Some((head, id)) => head.eq_ignore_ascii_case("filter") && parameter.name[..] == format!("filter.{id}"),
                None => name.eq_ignore_ascii_case(&parameter.name),
            });
            if let Some((_, value)) = own.filter(|(_, value)| !value.is_empty()) {
                query.push_str(&format!("{}={}&", segment(&parameter.name), segment(value)));
            }
        }
        Params::parse(&query, &table, &call.app.config.ignored_parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_case_and_empty_values_are_none() {
        let of = |text: &str| Parameters(pairs(text).unwrap());
        let parameters = of("Layers=a%2Cb+c&STYLES=&x&LAYERS=other");
        assert_eq!(parameters.value("LAYERS"), Some("a,b c"));
        assert_eq!((parameters.value("styles"), parameters.written("styles")), (None, Some("")));
        assert_eq!((parameters.written("x"), parameters.written("y")), (Some(""), None));
        assert_eq!(parameters.required("BBOX"), Err(Missing("BBOX")));
    }
}
