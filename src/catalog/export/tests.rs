//! Exports, made and read again.
