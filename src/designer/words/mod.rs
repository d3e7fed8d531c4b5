//! Every text of the window, in one place; one file for each part of the screen.

pub mod canvas;
pub mod commands;
pub mod dialogs;
pub mod drag;
pub mod edit;
pub mod effects;
pub mod files;
pub mod fix;
pub mod gallery;
pub mod menus;
pub mod palette;
pub mod runs;
pub mod server;
pub mod servers;
pub mod status;
pub mod step_types;
pub mod templates;
pub mod toasts;
pub mod toasts_panel;
pub mod toolbar;
pub mod tree_panel;
pub mod watch;
pub mod widgets;
pub mod window;
