//! The window itself: opening it, and handing each frame to the screen that is shown.

use std::path::PathBuf;

use eframe::{App, CreationContext, Frame, NativeOptions, icon_data};
use egui::{Ui, ViewportBuilder};

use super::{theme, welcome};

/// The window's title; the words that users of the old tool look for.
pub const TITLE: &str = "MA Run Sequence Configuration";

/// Identifies the window to the desktop, so that it groups windows and finds the icon.
const APP_ID: &str = "masequenceconfiguration";

/// The program's icon, also drawn beside the title.
pub(super) const ICON_PNG: &[u8] = include_bytes!("../../assets/icons/masequencer-256.png");

/// Why the window could not open.
#[derive(Debug, thiserror::Error)]
#[error("no window can open here ({reason}); to run a sequence without one: masequencer run FILE")]
pub struct WindowError {
    reason: String,
}

impl WindowError {
    fn new(error: &eframe::Error) -> Self {
        let text = match error {
            eframe::Error::WinitEventLoop(error) => error.to_string(),
            eframe::Error::Winit(error) => error.to_string(),
            other => other.to_string(),
        };
        // The window library puts its own source file and line before what the system said.
        let said = match text.strip_prefix("os error at ") {
            Some(located) => located.splitn(2, ": ").last().unwrap_or(located),
            None => &text,
        };
        Self {
            reason: said.trim_end_matches('.').to_owned(),
        }
    }
}

/// How the window opens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The sequence file to open.
    pub file: Option<PathBuf>,
    /// Whether to start the bundled simulator and connect to it.
    pub is_demo: bool,
    /// A folder for pictures of the window, instead of a person's work in it.
    pub gallery: Option<PathBuf>,
}

/// Opens the window and returns when the person closes it.
///
/// # Errors
/// When there is no display to open it on, or the display cannot draw with OpenGL.
pub fn run(_options: Options) -> Result<(), WindowError> {
    eframe::run_native(
        TITLE,
        native_options(),
        Box::new(|creation| Ok(Box::new(Designer::new(creation)))),
    )
    .map_err(|error| WindowError::new(&error))
}

fn native_options() -> NativeOptions {
    let mut viewport = ViewportBuilder::default()
        .with_title(TITLE)
        .with_app_id(APP_ID)
        .with_inner_size(theme::WINDOW_SIZE)
        .with_min_inner_size(theme::WINDOW_MIN_SIZE);
    // A window without its own icon is better than none, and a test reads the picture.
    if let Ok(icon) = icon_data::from_png_bytes(ICON_PNG) {
        viewport = viewport.with_icon(icon);
    }
    NativeOptions {
        viewport,
        centered: true,
        ..NativeOptions::default()
    }
}

/// What lives as long as the window.
struct Designer {
    welcome: welcome::Welcome,
}

impl Designer {
    fn new(creation: &CreationContext<'_>) -> Self {
        theme::apply(&creation.egui_ctx);
        Self {
            welcome: welcome::Welcome::new(&creation.egui_ctx),
        }
    }
}

impl App for Designer {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        self.welcome.ui(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_is_a_picture() {
        let icon = icon_data::from_png_bytes(ICON_PNG).unwrap();
        assert_eq!((icon.width, icon.height), (256, 256));
    }

    #[test]
    fn the_smallest_window_is_no_larger_than_the_first() {
        let (first, least) = (theme::WINDOW_SIZE, theme::WINDOW_MIN_SIZE);
        assert!(least.x <= first.x && least.y <= first.y);
    }
}
