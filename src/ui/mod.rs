//! The designer's window: drawing with egui, and nothing else.
//!
//! Draws state and answers with what the person asked for. Must not decide anything about
//! sequences, wait for anything or touch files and network; `effects` does that off the drawing
//! thread. Colours, sizes and fonts are named in `theme`, texts in `designer::words`.

mod app;
mod bottom;
mod canvas;
mod dialogs;
pub mod effects;
mod gallery;
mod icons;
mod in_order;
mod inspector;
mod keys;
mod marks;
mod menu_bar;
mod palette;
mod run_bar;
mod server_bar;
mod shell;
mod status_bar;
mod theme;
mod toasts;
mod toolbar;
mod tree;
mod view;
mod welcome;
mod widgets;

pub use app::{Options, TITLE, WindowError, dress, run};
pub use gallery::{
    GalleryError, GalleryOptions, Measured, Staged, gallery, measured, measured_now, scene_names,
    staged,
};
pub use shell::{Performer, Shell};
