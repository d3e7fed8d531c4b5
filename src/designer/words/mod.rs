//! Every text of the window, in one place; one file for each part of the screen.

pub mod bottom;
pub mod inspector;
pub mod run_bar;
pub mod widgets;
pub mod window;
