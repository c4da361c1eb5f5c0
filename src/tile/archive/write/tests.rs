//! Archives, written and read again.
