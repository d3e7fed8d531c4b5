//! The designer. Thin: the library does the work.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use masequencer::{cli, ui};

fn main() -> ExitCode {
    cli::designer::main(|opening| {
        ui::run(ui::Options {
            file: opening.file,
            is_demo: opening.is_demo,
            gallery: opening.gallery.map(|gallery| ui::GalleryOptions {
                folder: gallery.folder,
                only: gallery.only,
                scales: gallery.scales,
            }),
        })
    })
}
