//! The preferences.

use egui::style::HandleShape;
use egui::{Slider, Ui};

use crate::designer::words::dialogs_panel as words;
use crate::designer::{Msg, State};
use crate::settings::{MAX_SCALE_PERCENT, MIN_SCALE_PERCENT, Settings, ThemeChoice};
use crate::ui::theme::{Role, gap, size, tokens};
use crate::ui::widgets::{TextField, radio, section, separator, switch, text};

use super::fields::Drafts;

/// The themes in the order in which they are offered.
const THEMES: [ThemeChoice; 4] = [
    ThemeChoice::System,
    ThemeChoice::Light,
    ThemeChoice::Dark,
    ThemeChoice::HighContrast,
];

/// Draws the preferences; every change holds at once.
pub(super) fn show(ui: &mut Ui, state: &State, drafts: &mut Drafts, said: &mut Vec<Msg>) {
    let mut settings = state.settings.clone();
    section(ui, None, words::THEME, |_| {});
    for choice in THEMES {
        let (name, hint) = words::theme(choice);
        if radio(ui, name, hint, settings.theme == choice).clicked() {
            settings.theme = choice;
        }
    }
    space(ui);
    scale(ui, &mut settings);
    space(ui);
    section(ui, None, words::MOTION, |ui| {
        switch(ui, words::MOTION, &mut settings.motion);
    });
    let colour = tokens(ui).text_tertiary;
    text(ui, words::MOTION_HELP, Role::Small, colour);
    space(ui);
    refresh(ui, &mut settings, drafts);
    if settings != state.settings {
        said.push(Msg::Settings(Box::new(settings)));
    }
}

fn space(ui: &mut Ui) {
    ui.add_space(gap::NEAR);
    separator(ui);
    ui.add_space(gap::TIGHT);
}

fn scale(ui: &mut Ui, settings: &mut Settings) {
    let shown = words::percent(settings.scale_percent);
    section(ui, None, words::SCALE, |ui| {
        let colour = tokens(ui).text_secondary;
        text(ui, &shown, Role::Body, colour);
        let range = MIN_SCALE_PERCENT..=MAX_SCALE_PERCENT;
        // The window changes under the pointer while it is dragged: it takes hold when let go.
        let mut value = settings.scale_percent;
        // The rail would have the dialog's own colour.
        ui.visuals_mut().widgets.inactive.bg_fill = tokens(ui).bg_pressed;
        ui.spacing_mut().interact_size.y = size::SWITCH.y;
        let slider = ui.add(
            Slider::new(&mut value, range)
                .step_by(25.0)
                .handle_shape(HandleShape::Circle)
                .trailing_fill(true)
                .show_value(false),
        );
        slider.widget_info(|| egui::WidgetInfo::slider(true, f64::from(value), words::SCALE));
        if !slider.dragged() || ui.input(|input| input.pointer.any_released()) {
            settings.scale_percent = value;
        }
    });
}

fn refresh(ui: &mut Ui, settings: &mut Settings, drafts: &mut Drafts) {
    section(ui, None, words::REFRESH, |ui| {
        let draft = drafts
            .refresh
            .get_or_insert_with(|| settings.refresh_secs.to_string());
        let parsed = draft
            .trim()
            .parse()
            .ok()
            .filter(|seconds| (2..=3600).contains(seconds));
        let error = parsed.is_none().then_some(words::REFRESH_BAD);
        TextField::new(words::REFRESH, draft)
            .unit(words::SECONDS)
            .width(96.0)
            .error(error)
            .show(ui);
        if let Some(seconds) = parsed {
            settings.refresh_secs = seconds;
        }
    });
}
