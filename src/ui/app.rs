//! The window itself: opening it, and handing each frame to the screen that is shown.

use std::path::PathBuf;

use eframe::{CreationContext, Frame, NativeOptions, icon_data};
use egui::{Context, Ui, ViewportBuilder, ViewportCommand};

use crate::base::time::{Clock as _, SystemClock};
use crate::designer::words::window::window_title;
use crate::designer::{Command, Effect, Msg};
use crate::settings::{Folders, Settings, ThemeChoice};

use super::effects::{self, Effects, Setup};
use super::shell::{Performer, Shell};
use super::theme::{self, LookChoice, size};

pub use crate::designer::words::window::TITLE;

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
    pub(super) fn new(error: &eframe::Error) -> Self {
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

/// What the window opens with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The file to open.
    pub file: Option<PathBuf>,
    /// Whether to connect to the demo server at once.
    pub is_demo: bool,
}

/// Opens the window and returns when the person closes it.
///
/// # Errors
/// When there is no display to open it on, or the display cannot draw with OpenGL.
pub fn run(options: Options) -> Result<(), WindowError> {
    let folders = Folders::of_user();
    let (settings, told) = effects::stored_settings(folders.as_ref());
    eframe::run_native(
        TITLE,
        native_options(&settings),
        Box::new(|creation| {
            let ctx = creation.egui_ctx.clone();
            let setup = Setup::of_user(Box::new(move || ctx.request_repaint()));
            let effects = Effects::start(setup)?;
            let app = App::new(creation, settings, effects, options, told);
            Ok(Box::new(app))
        }),
    )
    .map_err(|error| WindowError::new(&error))
}

fn native_options(settings: &Settings) -> NativeOptions {
    let mut viewport = ViewportBuilder::default()
        .with_title(TITLE)
        .with_app_id(APP_ID)
        .with_inner_size(size::WINDOW)
        .with_min_inner_size(size::WINDOW_MIN);
    if let Some(place) = settings.window {
        viewport = viewport
            .with_inner_size([place.width, place.height])
            .with_maximized(place.maximized);
    }
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
struct App {
    shell: Shell,
    clock: SystemClock,
    dressed: Option<(ThemeChoice, u16, bool)>,
    title: String,
}

impl App {
    fn new(
        creation: &CreationContext<'_>,
        settings: Settings,
        effects: Effects,
        options: Options,
        told: Option<Msg>,
    ) -> Self {
        let mut first = Vec::from_iter(told);
        first.extend(options.file.map(Msg::OpenFile));
        if options.is_demo {
            first.push(Msg::Command(Command::ConnectDemo));
        }
        let mut app = Self {
            shell: Shell::new(settings, Box::new(effects), first),
            clock: SystemClock::start(),
            dressed: None,
            title: String::new(),
        };
        app.dress(&creation.egui_ctx);
        app
    }

    /// Applies theme, scale and motion when they have changed.
    fn dress(&mut self, ctx: &Context) {
        let settings = &self.shell.state().settings;
        let wanted = (settings.theme, settings.scale_percent, settings.motion);
        if self.dressed == Some(wanted) {
            return;
        }
        let (theme, scale, motion) = wanted;
        dress(ctx, theme, scale, motion);
        self.dressed = Some(wanted);
    }

    /// The window's title: the file, a mark for unsaved work, the program.
    fn retitle(&mut self, ctx: &Context) {
        let title = window_title(self.shell.state());
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        self.dress(ui.ctx());
        self.shell.frame(ui, self.clock.wall());
        self.retitle(ui.ctx());
        theme::fonts::lend(ui.ctx());
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// Dresses egui: colours, scale in percent, whether things move.
pub(super) fn dress(ctx: &Context, theme: ThemeChoice, scale: u16, motion: bool) {
    let look = match theme {
        ThemeChoice::System => LookChoice::System,
        ThemeChoice::Light => LookChoice::Light,
        ThemeChoice::Dark => LookChoice::Dark,
        ThemeChoice::HighContrast => LookChoice::HighContrast,
    };
    theme::apply(ctx, look, motion);
    ctx.set_zoom_factor(f32::from(scale) / 100.0);
}

impl Performer for Effects {
    fn perform(&mut self, effect: Effect) {
        Self::perform(self, effect);
    }

    fn answers(&mut self) -> Vec<Msg> {
        Self::answers(self)
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
        let (first, least) = (size::WINDOW, size::WINDOW_MIN);
        assert!(least.x <= first.x && least.y <= first.y);
    }
}
