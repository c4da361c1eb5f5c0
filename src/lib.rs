//! Tumen.
