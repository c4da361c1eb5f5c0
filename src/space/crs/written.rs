//! Systems in files of settings: the code of the EPSG as a number, or a name.

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;

use super::Crs;
use super::InvalidCrs;

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Code(u32),
    Name(String),
}

impl<'de> Deserialize<'de> for Crs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = match Written::deserialize(deserializer)? {
            Written::Code(code) => Self::epsg(code).ok_or_else(|| InvalidCrs::Unknown(code.to_string())),
            Written::Name(name) => Self::parse(&name),
        };
        read.map_err(Error::custom)
    }
}

impl Serialize for Crs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.code() {
            Some(code) => serializer.serialize_u32(code),
            None => serializer.serialize_str(&self.short_name()),
        }
    }
}
