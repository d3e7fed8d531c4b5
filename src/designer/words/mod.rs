//! Every text of the window, in one place; one file for each part of the screen.

pub mod dialogs;
pub mod files;
pub mod runs;
pub mod servers;
pub mod toasts;
pub mod watch;
