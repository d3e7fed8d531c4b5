//! Dialogs to read: the keys, what a rule means, the program.

use egui::{Grid, IdSalt, RichText, Ui};

use crate::check::Code;
use crate::designer::words::{dialogs_panel as words, quotes::quoted};
use crate::designer::{Command, Menu};
use crate::ui::theme::{Role, gap, tokens};
use crate::ui::widgets::{key_caps, section, text};

/// All keys, menu by menu, in as many columns as there is room for.
pub(super) fn shortcuts(ui: &mut Ui) {
    let columns = if ui.available_width() > 700.0 { 2 } else { 1 };
    let menus: Vec<Menu> = Menu::ALL
        .into_iter()
        .filter(|menu| with_keys(*menu) > 0)
        .collect();
    let half = menus
        .iter()
        .map(|menu| with_keys(*menu) + 2)
        .sum::<usize>()
        .div_ceil(columns);
    ui.columns(columns, |uis| {
        let (mut column, mut rows) = (0, 0);
        for menu in menus {
            let length = with_keys(menu) + 2;
            if rows > 0 && rows + length > half + 2 && column + 1 < columns {
                (column, rows) = (column + 1, 0);
            }
            rows += length;
            if let Some(ui) = uis.get_mut(column) {
                keys_of(ui, menu);
            }
        }
    });
}

fn commands(menu: Menu) -> impl Iterator<Item = Command> {
    let all = menu.groups().iter().flat_map(|group| group.iter().copied());
    all.filter(|command| !command.shortcuts().is_empty())
}

fn with_keys(menu: Menu) -> usize {
    commands(menu).count()
}

fn keys_of(ui: &mut Ui, menu: Menu) {
    section(ui, None, menu.label(), |_| {});
    Grid::new(IdSalt::new(menu.label()))
        .num_columns(2)
        .min_col_width(130.0)
        .show(ui, |ui| {
            for command in commands(menu) {
                ui.horizontal(|ui| {
                    for keys in command.shortcuts() {
                        key_caps(ui, &keys.to_string());
                    }
                });
                let colour = tokens(ui).text_secondary;
                text(ui, command.label(), Role::Body, colour);
                ui.end_row();
            }
        });
    ui.add_space(gap::NEAR);
}

/// What a rule means, why it is dangerous, how to mend it.
pub(super) fn explain(ui: &mut Ui, code: Code) {
    let colour = tokens(ui).text_primary;
    for paragraph in code.explanation().split("\n\n") {
        // The pages are wrapped for terminals.
        let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        text(ui, &quoted(&words), Role::Body, colour);
        ui.add_space(gap::NEAR);
    }
}

/// The program and its version.
pub(super) fn about(ui: &mut Ui) {
    let tokens = tokens(ui);
    text(ui, words::PROGRAM, Role::Section, tokens.text_primary);
    text(ui, words::VERSION, Role::Body, tokens.text_secondary);
    ui.add_space(gap::NEAR);
    text(ui, words::ABOUT, Role::Body, tokens.text_primary);
    ui.add_space(gap::NEAR);
    text(ui, words::ABOUT_RUNNER, Role::Body, tokens.text_primary);
    ui.label(
        RichText::new(words::RUNNER)
            .font(Role::Mono.font())
            .color(tokens.text_primary),
    );
    ui.add_space(gap::NEAR);
    text(ui, words::LICENCE, Role::Small, tokens.text_tertiary);
}
