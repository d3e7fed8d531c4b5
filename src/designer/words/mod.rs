//! Every text of the window, in one place; one file for each part of the screen.

pub mod canvas;
pub mod commands;
pub mod drag;
pub mod edit;
pub mod effects;
pub mod fix;
pub mod gallery;
pub mod palette;
pub mod step_types;
pub mod templates;
pub mod widgets;
pub mod window;
