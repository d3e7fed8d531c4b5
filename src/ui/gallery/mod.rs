//! Draws every panel, dialog and state of the window into pictures, for who looks after the design.
//!
//! A hidden verb of the designer (`gallery FOLDER`). Opens the real window, so it needs a display
//! that is large enough for it. Must not show anything that the real window cannot.

mod components;
mod connecting;
mod inventory;
mod measured;
mod sample;
mod scenes;
mod staged;
mod story;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::{CreationContext, Frame, NativeOptions};
use egui::{
    ColorImage, Context, Event, Modifiers, PointerButton, RawInput, Ui, ViewportBuilder,
    ViewportCommand,
};

use parking_lot::Mutex;

use crate::designer::{Effect, Msg};
use crate::settings::ThemeChoice;

use super::app::{WindowError, dress};
use super::shell::{Performer, Shell};
use super::theme::fonts;
use scenes::{Click, Scene};

pub(in crate::ui) use components::components;
pub use measured::{Measured, measured, measured_now};
pub use staged::{Staged, scene_names, staged};

/// How many frames a scene gets to come to rest before its picture is taken.
const FRAMES: u32 = 14;

/// At which of them the pointer clicks.
const CLICK_AT: u32 = 6;

/// Which pictures to draw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GalleryOptions {
    /// The folder for the pictures; it must be there.
    pub folder: PathBuf,
    /// Only the scenes whose names contain this.
    pub only: Option<String>,
    /// Only these scales in percent; none means 100 and 200.
    pub scales: Vec<u16>,
}

/// Draws the pictures and returns how many there are.
///
/// # Errors
/// When no window can open, or a picture cannot be written.
pub fn gallery(options: &GalleryOptions) -> Result<usize, GalleryError> {
    let pictures = pictures(options);
    let count = pictures.len();
    let (sender, problems) = std::sync::mpsc::channel();
    let folder = options.folder.clone();
    let native = NativeOptions {
        viewport: ViewportBuilder::default().with_inner_size(egui::vec2(1440.0, 900.0)),
        ..NativeOptions::default()
    };
    eframe::run_native(
        super::TITLE,
        native,
        Box::new(move |creation| Ok(Box::new(Painter::new(creation, pictures, folder, sender)))),
    )
    .map_err(|error| GalleryError::Window(WindowError::new(&error)))?;
    match problems.try_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(count),
    }
}

/// Why there are not all pictures.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// There is no display.
    #[error(transparent)]
    Window(WindowError),
    /// A picture could not be written.
    #[error("could not write the picture `{file}`")]
    Write {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: image::ImageError,
    },
}

struct Picture {
    scene: Scene,
    theme: ThemeChoice,
    scale: u16,
    file: String,
}

fn pictures(options: &GalleryOptions) -> Vec<Picture> {
    let scales = if options.scales.is_empty() {
        vec![100, 200]
    } else {
        options.scales.clone()
    };
    let themes = [
        (ThemeChoice::Light, "light"),
        (ThemeChoice::Dark, "dark"),
        (ThemeChoice::HighContrast, "contrast"),
    ];
    let mut pictures = Vec::new();
    for scale in scales {
        for (theme, word) in themes {
            for scene in scenes::all() {
                let file = format!("{}-{word}-{scale}.png", scene.name);
                let is_wanted = options.only.as_ref();
                if is_wanted.is_none_or(|only| file.contains(only.as_str())) {
                    pictures.push(Picture {
                        scene,
                        theme,
                        scale,
                        file,
                    });
                }
            }
        }
    }
    pictures
}

/// The window that draws one picture after the other.
struct Painter {
    /// The remaining ones, the next at the end.
    pictures: Vec<Picture>,
    folder: PathBuf,
    problems: std::sync::mpsc::Sender<GalleryError>,
    shell: Option<Shell>,
    frame: u32,
    taken: Arc<Mutex<Option<Arc<ColorImage>>>>,
}

impl Painter {
    fn new(
        creation: &CreationContext<'_>,
        mut pictures: Vec<Picture>,
        folder: PathBuf,
        problems: std::sync::mpsc::Sender<GalleryError>,
    ) -> Self {
        pictures.reverse();
        let mut painter = Self {
            pictures,
            folder,
            problems,
            shell: None,
            frame: 0,
            taken: Arc::default(),
        };
        painter.begin(&creation.egui_ctx);
        painter
    }

    /// Sets the next scene up.
    fn begin(&mut self, ctx: &Context) {
        self.frame = 0;
        self.shell = None;
        let Some(picture) = self.pictures.last() else {
            ctx.send_viewport_cmd(ViewportCommand::Close);
            return;
        };
        // What the last scene left behind (menus, scroll places, focus) must not be seen.
        ctx.memory_mut(|memory| *memory = egui::Memory::default());
        dress(ctx, picture.theme, picture.scale, false);
        // A picture has no half second to wait for.
        ctx.all_styles_mut(|style| style.interaction.tooltip_delay = 0.0);
        let state = (picture.scene.build)();
        self.shell = Some(Shell::showing(state, Box::new(Nobody)));
    }

    fn finish(&mut self, ctx: &Context, image: &Arc<ColorImage>) {
        if let Some(picture) = self.pictures.pop() {
            let file = self.folder.join(&picture.file);
            if let Err(source) = write(&file, image) {
                self.problems
                    .send(GalleryError::Write { file, source })
                    .ok();
                self.pictures.clear();
            }
        }
        self.begin(ctx);
    }
}

impl eframe::App for Painter {
    fn raw_input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        // Whatever the real pointer and keyboard do is none of the scene's business.
        input.events.clear();
        let Some((at, click)) = self
            .pictures
            .last()
            .and_then(|picture| picture.scene.pointer)
        else {
            input.events.push(Event::PointerGone);
            return;
        };
        input.events.push(Event::PointerMoved(at));
        let button = match click {
            Click::No => return,
            Click::Primary => PointerButton::Primary,
            Click::Secondary => PointerButton::Secondary,
        };
        let pressed = match self.frame {
            CLICK_AT => true,
            frame if frame == CLICK_AT + 1 => false,
            _ => return,
        };
        input.events.push(Event::PointerButton {
            pos: at,
            button,
            pressed,
            modifiers: Modifiers::default(),
        });
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        let picture = self.pictures.last();
        if picture.is_some_and(|picture| picture.scene.name == scenes::SHEET) {
            components(ui);
        } else if let Some(shell) = &mut self.shell {
            shell.frame(ui, sample::now() + std::time::Duration::from_secs(860));
        }
        let ctx = ui.ctx().clone();
        fonts::lend(&ctx);
        self.frame += 1;
        // The scale holds from the second frame on, and the size is told in points.
        if self.frame == 2
            && let Some(picture) = self.pictures.last()
        {
            ctx.send_viewport_cmd(ViewportCommand::InnerSize(picture.scene.size));
        }
        let taken = self.taken.lock().take();
        if let Some(image) = taken {
            self.finish(&ctx, &image);
        } else if self.frame == FRAMES {
            let taken = Arc::clone(&self.taken);
            ctx.request_screenshot(move |image| *taken.lock() = Some(image));
        }
        ctx.request_repaint();
    }
}

fn write(file: &Path, picture: &ColorImage) -> Result<(), image::ImageError> {
    let [width, height] = picture.size;
    image::save_buffer(
        file,
        picture.as_raw(),
        width as u32,
        height as u32,
        image::ExtendedColorType::Rgba8,
    )
}

/// Performs nothing: pictures have no world.
struct Nobody;

impl Performer for Nobody {
    fn perform(&mut self, _effect: Effect) {}

    fn answers(&mut self) -> Vec<Msg> {
        Vec::new()
    }
}
