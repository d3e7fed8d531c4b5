//! The window itself: opening it, and handing each frame to the screen that is shown.

use std::path::PathBuf;
use std::time::Duration;

use eframe::{CreationContext, Frame, NativeOptions, icon_data};
use egui::{
    Align2, Context, CornerRadius, Id, LayerId, Order, Rect, Stroke, StrokeKind, Ui,
    ViewportBuilder, ViewportCommand, vec2,
};

use crate::base::time::{Clock as _, SystemClock};
use crate::designer::words::menus::DROP_TO_OPEN;
use crate::designer::words::window::window_title;
use crate::designer::{Command, Effect, Msg};
use crate::settings::{Folders, Settings, ThemeChoice};

use super::effects::{self, Effects, Setup};
use super::icons::{self, Icon, Weight};
use super::shell::{Performer, Shell};
use super::theme::{self, LookChoice, Role, radius, size, tokens};
use super::widgets;

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
    size: Option<SeenSize>,
}

/// The window's size as last seen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct SeenSize {
    /// Width and height in points of the system, and whether it is maximized.
    size: (f32, f32, bool),
    /// When it was seen first, in seconds.
    since: f64,
    /// Whether it was told.
    is_told: bool,
}

/// How long a size must last to be worth remembering, in seconds.
const SETTLED: f64 = 0.6;

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
            size: None,
        };
        creation.egui_ctx.options_mut(|options| {
            // The designer asks before it ends, and remembers its own scale.
            options.quit_shortcuts.clear();
            options.zoom_with_keyboard = false;
        });
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

impl App {
    /// What happened to the window: it was closed, something fell on it, its size has settled.
    fn happened(&mut self, ctx: &Context) -> Vec<Msg> {
        let mut msgs = Vec::new();
        let (is_closed, dropped) = ctx.input(|input| {
            let dropped = input.raw.dropped_files.first();
            let dropped = dropped.map(|file| file.path().to_path_buf());
            (input.viewport().close_requested(), dropped)
        });
        if is_closed && !self.shell.is_closing() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            msgs.push(Msg::CloseRequested);
        }
        msgs.extend(dropped.map(Msg::Dropped));
        msgs.extend(self.resized(ctx));
        msgs
    }

    fn resized(&mut self, ctx: &Context) -> Option<Msg> {
        let zoom = ctx.zoom_factor();
        let (rect, maximized, minimized, now) = ctx.input(|input| {
            let viewport = input.viewport();
            let is = |flag: Option<bool>| flag.unwrap_or(false);
            (
                viewport.inner_rect,
                is(viewport.maximized),
                is(viewport.minimized),
                input.time,
            )
        });
        let size = rect.filter(|_| !minimized)?.size() * zoom;
        let size = (size.x.round(), size.y.round(), maximized);
        let Some(seen) = self.size.filter(|seen| seen.size == size) else {
            // The first size is the one that the window was opened with.
            let is_told = self.size.is_none();
            self.size = Some(SeenSize {
                size,
                since: now,
                is_told,
            });
            if !is_told {
                ctx.request_repaint_after(wait(SETTLED));
            }
            return None;
        };
        if seen.is_told {
            return None;
        }
        let left = SETTLED - (now - seen.since);
        if left > 0.0 {
            ctx.request_repaint_after(wait(left));
            return None;
        }
        self.size = Some(SeenSize {
            is_told: true,
            ..seen
        });
        Some(Msg::WindowChanged { size })
    }
}

fn wait(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// Says that a file which is held over the window can be dropped.
fn drop_hint(ui: &Ui) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let look = tokens(ui);
    let layer = LayerId::new(Order::Foreground, Id::unique("drop-hint"));
    let painter = ui.ctx().layer_painter(layer);
    let window = ui.ctx().content_rect();
    painter.rect_filled(window, 0.0, look.scrim);
    let place = Rect::from_center_size(window.center(), vec2(320.0, 120.0));
    let corner = CornerRadius::same(radius::DIALOG);
    painter.rect(
        place,
        corner,
        look.bg_overlay,
        Stroke::new(2.0, look.accent),
        StrokeKind::Inside,
    );
    let icon = Rect::from_center_size(place.center() - vec2(0.0, 22.0), vec2(34.0, 34.0));
    icons::paint_with(
        &painter,
        Icon::Open,
        icon,
        look.accent_text,
        Weight::Regular,
    );
    let at = (place.center() + vec2(0.0, 22.0), Align2::CENTER_CENTER);
    widgets::line(&painter, at, DROP_TO_OPEN, Role::Section, look.text_primary);
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        self.dress(ui.ctx());
        let msgs = self.happened(ui.ctx());
        self.shell.frame(ui, self.clock.wall());
        // What was typed in this frame came before the window was closed.
        self.shell.tell(ui, msgs);
        drop_hint(ui);
        self.retitle(ui.ctx());
        theme::fonts::lend(ui.ctx());
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// Dresses egui: colours, scale in percent, whether things move.
pub fn dress(ctx: &Context, theme: ThemeChoice, scale: u16, motion: bool) {
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
