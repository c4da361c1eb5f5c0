//! Where settings are written, one layer over the other.

use std::fmt::Display;

use serde::Deserialize;
use toml::Table;
use toml::Value;

use super::Config;
use super::Error;

/// Settings as they were written: later layers win.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    table: Table,
    /// Variables of the environment that name no setting.
    unknown: Vec<String>,
}

/// The part of a variable's name before the setting's.
const PREFIX: &str = "TUMEN_";

impl Layers {
    /// No settings: all are as they are by default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lays the text of a file over what was there. `name` is the file's, for messages.
    pub fn file(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let fault = |error: toml::de::Error| Error::File { name: name.to_owned(), message: error.to_string() };
        // Read twice: the types are checked here, where errors know their line and column.
        toml::from_str::<Config>(text).map_err(fault)?;
        overlay(&mut self.table, text.parse().map_err(fault)?);
        Ok(())
    }

    /// Lays the variables `TUMEN_...` over what was there: `TUMEN_BASE_PATH` is `base_path`, `TUMEN_LIMITS_ITEMS` is
    /// `items` of `[limits]`; lists are written with commas. Other variables are passed over.
    pub fn environment(&mut self, variables: impl Iterator<Item = (String, String)>) -> Result<(), Error> {
        let known = every_key();
        for (name, text) in variables {
            let Some(key) = name.strip_prefix(PREFIX).map(str::to_lowercase) else { continue };
            let limit = key.strip_prefix("limits_").filter(|limit| known["limits"].get(limit).is_some());
            let one = |value: Value| match limit {
                Some(limit) => {
                    Table::from_iter([("limits".to_owned(), Table::from_iter([(limit.to_owned(), value)]).into())])
                }
                None => Table::from_iter([(key.clone(), value)]),
            };
            if limit.is_none() && known.get(&key).is_none_or(Value::is_table) {
                self.unknown.push(name);
                continue;
            }
            // What the text means is known by what the setting takes.
            let mut fault = None;
            let fitting = meanings(&text).into_iter().map(one).find(|table| {
                let read = Config::deserialize(table.clone());
                fault = read.as_ref().err().map(ToString::to_string);
                read.is_ok()
            });
            let message = || fault.clone().unwrap_or_default().trim().to_owned();
            overlay(&mut self.table, fitting.ok_or_else(|| Error::Value { name: name.clone(), message: message() })?);
        }
        Ok(())
    }

    /// Lays one flag over what was there.
    pub fn flag(&mut self, flag: &str, key: &str, value: impl Into<Value>) -> Result<(), Error> {
        let table = Table::from_iter([(key.to_owned(), value.into())]);
        let fault = |error: &dyn Display| Error::Value { name: flag.to_owned(), message: error.to_string() };
        Config::deserialize(table.clone()).map_err(|error| fault(&error))?;
        overlay(&mut self.table, table);
        Ok(())
    }

    /// Variables that began like ours and name no setting.
    pub fn unknown_variables(&self) -> &[String] {
        &self.unknown
    }

    /// The settings, checked.
    pub fn merge(self) -> Result<Config, Error> {
        Config::deserialize(self.table).map_err(|error| Error::Together(error.to_string()))?.check()
    }
}

/// What a text can mean: a TOML value, a list of numbers, a list of strings, a string.
fn meanings(text: &str) -> Vec<Value> {
    let literal = format!("value = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
    let parts = || text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let numbers: Option<Vec<Value>> = parts().map(|part| part.parse().ok().map(Value::Integer)).collect();
    let words = parts().map(|part| Value::String(part.to_owned())).collect();
    let lists = numbers.map(Value::Array).into_iter().chain([Value::Array(words)]);
    literal.into_iter().chain(lists).chain([Value::String(text.to_owned())]).collect()
}

/// A table with every key there is.
fn every_key() -> Table {
    let config = Config {
        styles: Some("styles".into()),
        cache_dir: Some("cache".into()),
        tile_matrix_sets: Some("tilematrixsets".into()),
        threads: Some(std::num::NonZeroUsize::MIN),
        webp_quality: Some(80),
        ..Config::default()
    };
    Table::try_from(config).expect("settings can be written as TOML")
}

fn overlay(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => overlay(under, over),
            (_, value) => drop(under.insert(key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, value: &str) -> impl Iterator<Item = (String, String)> {
        [(name.to_owned(), value.to_owned())].into_iter()
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let mut layers = Layers::new();
        layers.file("tumen.toml", "title = 'a'\nlog = 'warn'\nbase_path = '/x'\n[limits]\nitems = 50\n").unwrap();
        layers.environment(variable("TUMEN_LOG", "debug")).unwrap();
        layers.environment(variable("TUMEN_BASE_PATH", "/y")).unwrap();
        layers.flag("--base-path", "base_path", "/z").unwrap();
        let config = layers.merge().unwrap();
        assert_eq!((config.title.as_str(), config.log.as_str(), config.base_path.as_str()), ("a", "debug", "/z"));
        assert_eq!((config.limits.items, config.limits.zoom), (50, 22));
    }

    #[test]
    fn a_list_of_numbers_is_written_with_commas() {
        for (text, codes) in [("5179", vec![5179]), ("5179, 5174", vec![5179, 5174]), ("", vec![])] {
            let mut layers = Layers::new();
            layers.environment(variable("TUMEN_CRS", text)).unwrap();
            assert_eq!(layers.merge().unwrap().crs, codes, "{text}");
        }
        let mut layers = Layers::new();
        layers.environment(variable("TUMEN_CRS", "1")).unwrap();
        assert!(layers.merge().unwrap_err().to_string().contains("crs has 1"));
    }

    #[test]
    fn a_variable_is_read_as_what_its_setting_takes() {
        let mut layers = Layers::new();
        layers.environment(variable("TUMEN_LIMITS_ITEMS", "7000")).unwrap();
        layers.environment(variable("TUMEN_TITLE", "1988")).unwrap();
        layers.environment(variable("TUMEN_FEATURES", "a.geojson, b")).unwrap();
        layers.environment(variable("TUMEN_TRUSTED_PROXIES", "10.0.0.0/8,::1")).unwrap();
        layers.environment(variable("TUMEN_ACCESS_LOG", "false")).unwrap();
        layers.environment(variable("TUMEN_LISTEN", "0.0.0.0:80")).unwrap();
        layers.environment(variable("TUMEN_THREADS", "3")).unwrap();
        let config = layers.merge().unwrap();
        assert_eq!((config.limits.items, config.title.as_str()), (7000, "1988"));
        assert_eq!(config.features, ["a.geojson", "b"]);
        assert_eq!(config.trusted_proxies.len(), 2);
        assert!(!config.access_log && config.listen.port() == 80 && config.threads.unwrap().get() == 3);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let error = Layers::new().file("tumen.toml", "title = 'x'\n\n[limits]\nitmes = 5\n").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("line 4, column 1") && text.contains("itmes"), "{text}");
    }

    #[test]
    fn values_that_cannot_be_are_refused_by_name() {
        let error = Layers::new().environment(variable("TUMEN_LISTEN", "here")).unwrap_err();
        assert!(error.to_string().starts_with("TUMEN_LISTEN: "), "{error}");
        let refused = |text: &str| {
            let mut layers = Layers::new();
            layers.file("tumen.toml", text).unwrap();
            layers.merge().unwrap_err().to_string()
        };
        assert!(refused("base_path = 'maps'").contains("base_path"));
        assert!(refused("limits.queue = 0").contains("limits.queue"));
        assert!(refused("limits.items = 5").contains("default_items"));
        assert!(refused("features = ['-', '-']").contains("once"));
    }

    #[test]
    fn variables_of_others_are_passed_over_and_unknown_ones_are_kept_for_a_warning() {
        let mut layers = Layers::new();
        layers.environment(variable("PATH", "/bin")).unwrap();
        layers.environment(variable("TUMEN_PORT", "tcp://10.0.0.1:80")).unwrap();
        assert_eq!(layers.unknown_variables(), ["TUMEN_PORT"]);
        assert_eq!(layers.merge(), Ok(Config::default()));
    }

    #[test]
    fn printed_settings_read_back_as_they_were() {
        let config = Config { title: "Ü".to_owned(), styles: Some("s".into()), ..Config::default() };
        let mut layers = Layers::new();
        layers.file("printed", &toml::to_string_pretty(&config).unwrap()).unwrap();
        assert_eq!(layers.merge(), Ok(config));
    }
}
