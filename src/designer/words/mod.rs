//! Every text of the window, in one place; one file for each part of the screen.

pub mod cards;
pub mod widgets;
pub mod window;
