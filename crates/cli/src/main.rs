//! The `mecum` command.
fn main() {}
