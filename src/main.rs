//! The program `tumen`.

fn main() {}
