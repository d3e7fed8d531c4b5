//! The first screen: what the program is, and what this version of the window can do.

use egui::{
    Align, Button, CentralPanel, ColorImage, Context, Frame, Image, Layout, Margin, Panel,
    RichText, ScrollArea, Stroke, TextureHandle, TextureOptions, Ui, vec2,
};

use super::app::{ICON_PNG, TITLE};
use super::theme::{LookChoice, Role, Status, Tokens, apply, gap, radius, tokens};

const COLUMN_WIDTH: f32 = 560.0;

/// What this version can do, said once and plainly.
const STATUS: &str = "This version of the window opens no file and connects to no server yet; \
                      sequences are run by the command-line program masequencer.";

/// The commands that do the work today: what for, and what to type.
const COMMANDS: [(&str, &str); 3] = [
    ("Run a sequence", "masequencer run FILE.xml --server HOST"),
    (
        "Try it on the built-in demo server",
        "masequencer run sample-sequences/full-cycle.xml --demo",
    ),
    ("See everything it can do", "masequencer --help"),
];

/// The choices of the theme, and how they are called.
const THEMES: [(LookChoice, &str); 4] = [
    (LookChoice::System, "System"),
    (LookChoice::Light, "Light"),
    (LookChoice::Dark, "Dark"),
    (LookChoice::HighContrast, "High contrast"),
];

/// The first screen and the picture it shows.
pub(super) struct Welcome {
    icon: Option<TextureHandle>,
}

impl Welcome {
    /// Loads the picture.
    pub(super) fn new(context: &Context) -> Self {
        let icon = eframe::icon_data::from_png_bytes(ICON_PNG).ok();
        let icon = icon.map(|icon| {
            let size = [icon.width as usize, icon.height as usize];
            let image = ColorImage::from_rgba_unmultiplied(size, &icon.rgba);
            let options =
                TextureOptions::LINEAR.with_mipmap_mode(Some(egui::TextureFilter::Linear));
            context.load_texture("icon", image, options)
        });
        Self { icon }
    }

    /// Draws the whole window.
    pub(super) fn ui(&self, ui: &mut Ui) {
        let tokens = tokens(ui);
        let bar = Frame::new()
            .fill(tokens.bg_window)
            .inner_margin(Margin::symmetric(14, 8));
        Panel::bottom("status")
            .frame(bar)
            .show(ui, |ui| status_bar_ui(ui, tokens));
        let panel = Frame::new().fill(tokens.bg_panel);
        CentralPanel::default().frame(panel).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                let width = (ui.available_width() - 2.0 * gap::FAR).min(COLUMN_WIDTH);
                let side = (ui.available_width() - width) / 2.0;
                ui.horizontal(|ui| {
                    ui.add_space(side - ui.spacing().item_spacing.x);
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        self.column_ui(ui, tokens);
                    });
                });
            });
        });
    }

    fn column_ui(&self, ui: &mut Ui, tokens: &Tokens) {
        ui.add_space(gap::FAR * 2.0);
        self.title_ui(ui, tokens);
        ui.add_space(gap::FAR);
        note_ui(ui, tokens);
        ui.add_space(gap::FAR);
        for (purpose, command) in COMMANDS {
            command_ui(ui, tokens, purpose, command);
            ui.add_space(gap::APART);
        }
    }

    fn title_ui(&self, ui: &mut Ui, tokens: &Tokens) {
        ui.horizontal(|ui| {
            if let Some(icon) = &self.icon {
                ui.add(
                    Image::new(icon)
                        .fit_to_exact_size(vec2(52.0, 52.0))
                        .alt_text("masequencer"),
                );
                ui.add_space(gap::NEAR);
            }
            ui.vertical(|ui| {
                ui.label(RichText::new(TITLE).font(Role::Display.font()));
                let words = "masequencer puts the run profiles of Microsoft's identity \
                             synchronization service in order: MIIS, ILM, FIM and MIM.";
                ui.label(RichText::new(words).color(tokens.text_secondary));
            });
        });
    }
}

fn note_ui(ui: &mut Ui, tokens: &Tokens) {
    Frame::new()
        .fill(tokens.status(Status::Info).tint)
        .stroke(Stroke::new(1.0, tokens.stroke_default))
        .corner_radius(radius::CARD)
        .inner_margin(Margin::same(16))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let heading = RichText::new("What this version can do").font(Role::Section.font());
            ui.label(heading.color(tokens.status(Status::Info).text));
            ui.add_space(gap::TIGHT);
            ui.label(STATUS);
        });
}

fn command_ui(ui: &mut Ui, tokens: &Tokens, purpose: &str, command: &str) {
    ui.label(RichText::new(purpose).color(tokens.text_secondary));
    ui.add_space(gap::TIGHT);
    Frame::new()
        .fill(tokens.bg_input)
        .stroke(Stroke::new(1.0, tokens.stroke_default))
        .corner_radius(radius::BADGE)
        .inner_margin(Margin::symmetric(12, 6))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(command).font(Role::Mono.font()));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let copy = ui.add(Button::new("Copy"));
                    if copy.on_hover_text("Copy the command").clicked() {
                        ui.ctx().copy_text(command.to_owned());
                    }
                });
            });
        });
}

fn status_bar_ui(ui: &mut Ui, tokens: &Tokens) {
    let small = |text: &str| {
        RichText::new(text)
            .font(Role::Small.font())
            .color(tokens.text_secondary)
    };
    ui.horizontal(|ui| {
        ui.label(small("Not connected"));
        ui.label(small("•"));
        ui.label(small(concat!("Version ", env!("CARGO_PKG_VERSION"))));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for (preference, name) in THEMES.into_iter().rev() {
                if ui.selectable_label(false, name).clicked() {
                    apply(ui.ctx(), preference, true);
                }
            }
            ui.label(small("Theme"));
        });
    });
}
