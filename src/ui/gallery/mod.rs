//! Pictures of the parts of the window, for who looks after the design and for the tests.

mod components;

pub(in crate::ui) use components::components;
