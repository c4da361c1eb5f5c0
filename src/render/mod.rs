//! Style, features and tiles become a picture.

pub mod text;
