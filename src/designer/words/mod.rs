//! Every text of the window, in one place; one file for each part of the screen.

pub mod effects;
pub mod gallery;
pub mod widgets;
pub mod window;
