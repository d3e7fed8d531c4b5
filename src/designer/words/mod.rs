//! Every text of the window, in one place; one file for each part of the screen.

pub mod canvas;
pub mod commands;
pub mod dialogs;
pub mod dialogs_panel;
pub mod drag;
pub mod edit;
pub mod effects;
pub mod files;
pub mod fix;
pub mod gallery;
pub mod palette;
pub mod palette_panel;
pub mod runs;
pub mod servers;
pub mod step_types;
pub mod templates;
pub mod toasts;
pub mod watch;
pub mod welcome;
pub mod widgets;
pub mod window;
