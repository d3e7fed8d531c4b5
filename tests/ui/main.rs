//! The designer's window, as the real program on a virtual screen.
fn main() {}
