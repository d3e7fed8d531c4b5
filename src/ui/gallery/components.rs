//! The sheet of controls: each of them, in the states that can stand still.

use egui::{Color32, CornerRadius, Frame, Id, Margin, Sense, Stroke, StrokeKind, Ui, vec2};

use crate::designer::words::gallery as words;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Elevation, Role, Status, StepLook, gap, radius, shadow, size, tokens};
use crate::ui::widgets::{
    BadgeKind, Button, ButtonKind, Chip, Column, Combo, Elide, IconButton, Tab, TextField, badge,
    checkbox, dashed_rect, elided, empty_state, key_caps, menu_frame, menu_item, option, pill,
    progress_bar, radio, row, section, separator, status_icon, switch, table_head, text,
};

/// Draws the sheet of controls into all the room there is.
pub(in crate::ui) fn components(ui: &mut Ui) {
    let tokens = tokens(ui);
    let all = ui.max_rect();
    ui.painter().rect_filled(all, 0.0, tokens.bg_canvas);
    Frame::new().inner_margin(Margin::same(16)).show(ui, |ui| {
        text(ui, words::TITLE, Role::DialogTitle, tokens.text_primary);
        ui.add_space(gap::NEAR);
        let width = (ui.available_width() - 2.0 * gap::APART) / 3.0;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap::APART;
            panel(ui, width, first_column);
            panel(ui, width, second_column);
            panel(ui, width, third_column);
        });
    });
}

fn panel(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) {
    let tokens = tokens(ui);
    Frame::new()
        .fill(tokens.bg_panel)
        .stroke(Stroke::new(1.0, tokens.stroke_default))
        .corner_radius(radius::CARD)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.vertical(|ui| {
                ui.set_width(width - 26.0);
                ui.spacing_mut().item_spacing = vec2(gap::NEAR, gap::NEAR);
                content(ui);
            });
        });
}

fn heading(ui: &mut Ui, words: &str) {
    text(ui, words, Role::Small, tokens(ui).text_tertiary);
}

fn first_column(ui: &mut Ui) {
    heading(ui, words::BUTTONS);
    buttons(ui);
    heading(ui, words::INPUTS);
    inputs(ui);
    choices(ui);
    heading(ui, words::MENU);
    menu(ui);
    heading(ui, words::ROWS);
    rows(ui);
}

fn buttons(ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        Button::new(words::PRIMARY)
            .kind(ButtonKind::Primary)
            .show(ui);
        Button::new(words::NORMAL).show(ui);
        Button::new(words::DISABLED)
            .enabled_or(Err(words::DISABLED_WHY))
            .show(ui);
        Button::new(words::DELETE)
            .icon(Icon::Delete)
            .kind(ButtonKind::Danger)
            .show(ui);
        Button::new(words::DELETE_MANY)
            .kind(ButtonKind::DangerSolid)
            .show(ui);
        Button::new(words::LINK).kind(ButtonKind::Link).show(ui);
        Button::new(words::SMALL).icon(Icon::Retry).small().show(ui);
        Button::new(words::QUIET)
            .icon(Icon::CheckList)
            .kind(ButtonKind::Quiet)
            .show(ui);
        separator(ui);
        IconButton::new(Icon::Undo, words::UNDO)
            .key(words::UNDO_KEY)
            .show(ui);
        IconButton::new(Icon::History, words::HISTORY)
            .selected(true)
            .show(ui);
        IconButton::new(Icon::Redo, words::UNDO)
            .enabled_or(Err(words::DISABLED_WHY))
            .show(ui);
        IconButton::new(Icon::More, words::HISTORY).small().show(ui);
        key_caps(ui, words::KEY);
    });
}

fn inputs(ui: &mut Ui) {
    let id = ui.scope_id();
    ui.horizontal_top(|ui| {
        Combo::new(id.with("agent"), words::FIELD, words::AGENT)
            .width(128.0)
            .show(ui, options);
        let mut text = "30".to_owned();
        TextField::new(words::FIELD, &mut text)
            .unit(words::MINUTES)
            .width(78.0)
            .show(ui);
        let mut text = "700".to_owned();
        TextField::new(words::PERCENT, &mut text)
            .unit(words::PERCENT)
            .width(90.0)
            .error(Some(words::FIELD_ERROR))
            .show(ui);
        let mut text = "5".to_owned();
        TextField::new(words::DISABLED, &mut text)
            .enabled_or(Err(words::DISABLED_WHY))
            .width(60.0)
            .show(ui);
    });
    let mut text = String::new();
    TextField::new(words::FIELD_HINT, &mut text)
        .hint(words::FIELD_HINT)
        .icon(Icon::Search)
        .show(ui);
    let mut text = words::MONO.to_owned();
    TextField::new(words::AGENT, &mut text)
        .mono()
        .multiline(2)
        .show(ui);
}

fn options(ui: &mut Ui) -> Option<usize> {
    let mut chosen = None;
    for (place, (text, hint)) in words::OPTIONS.into_iter().enumerate() {
        if option(ui, place == 0, text, hint) {
            chosen = Some(place);
        }
    }
    chosen
}

fn choices(ui: &mut Ui) {
    ui.horizontal(|ui| {
        switch(ui, words::PRIMARY, &mut true);
        switch(ui, words::NORMAL, &mut false);
        checkbox(ui, words::NORMAL, &mut true);
        checkbox(ui, words::CHECK, &mut false);
        ui.add_enabled_ui(false, |ui| {
            switch(ui, words::DISABLED, &mut true);
            checkbox(ui, words::DISABLED, &mut true);
        });
    });
    for (place, (name, hint)) in words::RADIOS.into_iter().enumerate() {
        radio(ui, name, hint, place == 0);
    }
    progress_bar(ui, words::STATUS[3], 0.62, Status::Running);
}

fn menu(ui: &mut Ui) {
    menu_frame(ui).show(ui, |ui| {
        ui.set_width(200.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let icons = [Icon::Cut, Icon::Copy, Icon::Duplicate, Icon::Delete];
        for (icon, (text, key)) in icons.into_iter().zip(words::MENU_ROWS) {
            if icon == Icon::Delete {
                separator(ui);
            }
            let can = if icon == Icon::Duplicate {
                Err(words::DISABLED_WHY)
            } else {
                Ok(())
            };
            menu_item(ui, Some(icon), text, key, can);
        }
    });
}

fn rows(ui: &mut Ui) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let kinds = [
            (Icon::Import, StepLook::Import),
            (Icon::Sync, StepLook::Sync),
            (Icon::Export, StepLook::Export),
            (Icon::Command, StepLook::Flow),
        ];
        for (place, ((icon, kind), name)) in kinds.into_iter().zip(words::ROW_NAMES).enumerate() {
            let id = ui.scope_id().with(("row", place));
            row(ui, (id, name), place == 2, size::TREE_SUB_ROW, |ui| {
                let colours = tokens(ui).kind(kind);
                icons::show(ui, icon, size::ICON_ROW, colours.icon);
                let words = tokens(ui).text_primary;
                elided(
                    ui,
                    name,
                    Role::Body,
                    words,
                    Elide::End,
                    ui.available_width(),
                );
            });
        }
    });
}

fn second_column(ui: &mut Ui) {
    heading(ui, words::BADGES);
    badges(ui);
    heading(ui, words::PILLS);
    ui.horizontal_wrapped(|ui| {
        for (status, word) in Status::ALL.into_iter().zip(words::STATUS) {
            pill(ui, status, word);
        }
    });
    heading(ui, words::CHIPS);
    ui.horizontal_wrapped(|ui| {
        let [all, users, days] = words::FILTERS;
        Chip::new(all).selected(true).show(ui);
        Chip::new(users).show(ui);
        Chip::new(days).icon(Icon::Calendar).show(ui);
    });
    heading(ui, words::BLOCKS);
    ui.horizontal_wrapped(|ui| {
        for status in Status::ALL {
            block(ui, status);
        }
    });
    heading(ui, words::TYPE);
    let primary = tokens(ui).text_primary;
    let roles = [
        Role::Display,
        Role::DialogTitle,
        Role::CardState,
        Role::Section,
        Role::Body,
        Role::Small,
    ];
    for (role, word) in roles.into_iter().zip(words::ROLES) {
        text(ui, word, role, primary);
    }
    text(ui, words::MONO, Role::Mono, primary);
    heading(ui, words::ELIDED);
    let room = ui.available_width();
    elided(ui, words::LONG, Role::Body, primary, Elide::Middle, room);
    elided(ui, words::LONG, Role::Body, primary, Elide::End, room);
    heading(ui, words::SCRIPTS);
    text(ui, words::MANY_SCRIPTS, Role::Body, primary);
    text(ui, words::MANY_SCRIPTS, Role::BodyStrong, primary);
}

fn badges(ui: &mut Ui) {
    let icons = [
        Icon::Pre,
        Icon::Post,
        Icon::Retry,
        Icon::Limit,
        Icon::Condition,
        Icon::Timeout,
        Icon::Warning,
        Icon::Error,
    ];
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::TIGHT, gap::TIGHT);
        ui.spacing_mut().interact_size.y = size::BADGE;
        for (icon, word) in icons.into_iter().zip(words::STEP_BADGES) {
            let kind = match icon {
                Icon::Warning => BadgeKind::Warning,
                Icon::Error => BadgeKind::Error,
                _ => BadgeKind::Plain,
            };
            badge(ui, Some(icon), word, kind);
        }
    });
}

fn block(ui: &mut Ui, status: Status) {
    const SIDE: f32 = 44.0;
    let colours = tokens(ui).status(status);
    let (rect, _) = ui.allocate_exact_size(vec2(SIDE, SIDE), Sense::hover());
    let corner = CornerRadius::same(radius::BUTTON);
    let (fill, border, ink) = match status {
        Status::Waiting => (colours.tint, colours.solid, colours.text),
        Status::Skipped => (Color32::TRANSPARENT, Color32::TRANSPARENT, colours.text),
        _ => (colours.solid, colours.solid, colours.on),
    };
    let edge = Stroke::new(1.0, border);
    ui.painter()
        .rect(rect, corner, fill, edge, StrokeKind::Inside);
    if status == Status::Skipped {
        let edge = Stroke::new(1.0, colours.solid);
        dashed_rect(ui.painter(), rect, 6.0, edge, (3.0, 3.0));
    }
    let icon = match status {
        Status::Success => Icon::Check,
        Status::Error => Icon::Close,
        other => status_icon(other),
    };
    let place = egui::Rect::from_center_size(rect.center(), vec2(26.0, 26.0));
    icons::paint_with(ui.painter(), icon, place, ink, Weight::Block);
}

fn third_column(ui: &mut Ui) {
    heading(ui, words::TABLES);
    tables(ui);
    section(ui, Some(Icon::Limit), words::SECTION, |ui| {
        switch(ui, words::SECTION, &mut true);
    });
    heading(ui, words::EMPTY);
    empty_state(
        ui,
        Icon::Thread,
        words::EMPTY_TITLE,
        words::EMPTY_TEXT,
        |ui| {
            Button::new(words::EMPTY_ACTION)
                .icon(Icon::Add)
                .kind(ButtonKind::Primary)
                .show(ui);
        },
    );
    heading(ui, words::ICONS);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::NEAR, gap::NEAR);
        let colour = tokens(ui).text_primary;
        for &icon in Icon::ALL {
            icons::show(ui, icon, size::ICON_TILE, colour);
        }
    });
    heading(ui, words::SURFACES);
    surfaces(ui);
}

fn tables(ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let icons = [Icon::Warning, Icon::Log, Icon::Xml];
        for (place, (icon, word)) in icons.into_iter().zip(words::TABS).enumerate() {
            let count = if place == 0 { 2 } else { 0 };
            Tab::new(icon, word)
                .count(count)
                .selected(place == 0)
                .show(ui);
        }
    });
    let [severity, problem, place] = words::HEADS;
    let columns = [(severity, 90.0), (problem, 200.0), (place, 120.0)];
    let columns = columns.map(|(title, width)| Column {
        title,
        width,
        right: false,
    });
    table_head(ui, &columns);
    let [_, warning, failed, ..] = words::STATUS;
    let problems = [(Status::Error, failed), (Status::Warning, warning)];
    for (place, (status, word)) in problems.into_iter().enumerate() {
        let id = Id::unique(("gallery-problem", place));
        row(ui, (id, words::PROBLEM), place == 0, size::ROW, |ui| {
            pill(ui, status, word);
            let primary = tokens(ui).text_primary;
            elided(ui, words::PROBLEM, Role::Body, primary, Elide::End, 190.0);
            elided(ui, words::PLACE, Role::Body, primary, Elide::End, 100.0);
        });
    }
}

fn surfaces(ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::FAR;
        for elevation in [Elevation::Card, Elevation::Menu, Elevation::Dialog] {
            let tokens = tokens(ui);
            Frame::new()
                .fill(tokens.bg_card)
                .stroke(Stroke::new(1.0, tokens.stroke_default))
                .corner_radius(radius::CARD)
                .shadow(shadow(ui, elevation))
                .show(ui, |ui| ui.allocate_space(vec2(80.0, 48.0)));
        }
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;

    use super::*;
    use crate::ui::theme::{LookChoice, apply};

    #[test]
    fn every_control_of_the_sheet_has_a_name_in_every_look() {
        for look in LookChoice::ALL {
            let mut harness = Harness::builder()
                .with_size(vec2(1440.0, 1000.0))
                .build_ui(|ui| {
                    // Which scripts can be drawn is up to the system that runs the test.
                    ui.ctx()
                        .set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
                    apply(ui.ctx(), look, false);
                    components(ui);
                });
            // The harness itself fails on a control without a name.
            harness.run();
        }
    }
}
