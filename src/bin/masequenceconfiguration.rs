//! The designer. Thin: the library does the work.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use masequencer::cli::designer::{self, Opening};
use masequencer::ui;

fn main() -> ExitCode {
    designer::main(|opening| match opening {
        Opening::Window { file, is_demo } => Ok(ui::run(ui::Options { file, is_demo })?),
        Opening::Gallery {
            folder,
            only,
            scales,
        } => {
            ui::gallery(&ui::GalleryOptions {
                folder,
                only,
                scales,
            })?;
            Ok(())
        }
    })
}
