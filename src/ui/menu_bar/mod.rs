//! The menu bar: every command where an old user looks for it.
//!
//! Must not decide which command can be performed: the commands say so themselves.

use egui::{
    CornerRadius, Event, Id, Key, Popup, Response, Role as Part, ScrollArea, Sense, SetOpenCommand,
    Ui, WidgetInfo, vec2,
};

use crate::designer::words::menus as words;
use crate::designer::{Command, Menu, Msg};

use super::icons::Icon;
use super::marks;
use super::theme::{Role, gap, radius, size, tokens};
use super::view::View;
use super::widgets::{MenuRow, focus_ring, layout, menu_frame, separator};

/// How wide a menu is at least.
const WIDTH: f32 = 304.0;

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>) {
    // What lies over the window has the keyboard for itself.
    let is_covered = view.state.dialog.is_some() || view.state.palette.is_some();
    let wanted = if is_covered { None } else { by_keys(ui) };
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(gap::TIGHT);
        for (index, menu) in Menu::ALL.into_iter().enumerate() {
            one(ui, view, (index, menu), wanted == Some(index));
        }
    });
}

fn id(index: usize) -> Id {
    Id::unique(("menu-bar", index))
}

fn popup_id(index: usize) -> Id {
    id(index).with("list")
}

/// The menu that is open.
fn open(ui: &Ui) -> Option<usize> {
    (0..Menu::ALL.len()).find(|index| Popup::is_id_open(ui.ctx(), popup_id(*index)))
}

/// The menu that a key asks for: Alt alone, Alt with the first letter, an arrow from its neighbour.
fn by_keys(ui: &Ui) -> Option<usize> {
    if let Some(now) = open(ui) {
        let count = Menu::ALL.len();
        let inner = ui
            .data(|data| data.get_temp::<Inner>(inner_id()))
            .filter(|_| now == 0)
            .unwrap_or_default();
        return ui.input(|input| {
            if input.key_pressed(Key::ArrowRight) && !inner.is_ahead {
                Some((now + 1) % count)
            } else if input.key_pressed(Key::ArrowLeft) && !inner.is_inside {
                Some((now + count - 1) % count)
            } else {
                None
            }
        });
    }
    by_alt(ui).or_else(|| by_letter(ui))
}

fn inner_id() -> Id {
    Id::unique("menu-bar-inner")
}

/// Where the keyboard is with regard to the menu within the file menu.
#[derive(Debug, Clone, Copy, Default)]
struct Inner {
    /// The next key to the right opens or enters it.
    is_ahead: bool,
    /// The next key to the left leaves it.
    is_inside: bool,
}

fn by_letter(ui: &Ui) -> Option<usize> {
    ui.input_mut(|input| {
        let asked = |key: Key| {
            let mut menus = Menu::ALL.into_iter();
            menus.position(|menu| menu.label().starts_with(key.name()))
        };
        let mut found = None;
        input.events.retain(|event| match event {
            Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } if modifiers.alt && !modifiers.ctrl && !modifiers.shift => {
                let menu = asked(*key);
                found = found.or(menu);
                menu.is_none()
            }
            _ => true,
        });
        found
    })
}

/// Whether Alt was pressed and let go with nothing in between.
fn by_alt(ui: &Ui) -> Option<usize> {
    let id = Id::unique("menu-bar-alt");
    let was = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    let (mut is_alone, mut is_meant) = (was, false);
    ui.input(|input| {
        for event in &input.events {
            match event {
                Event::Key {
                    key: Key::AltLeft,
                    pressed: true,
                    repeat,
                    ..
                } => is_alone |= !repeat,
                Event::Key {
                    key: Key::AltLeft,
                    pressed: false,
                    ..
                } => is_meant |= std::mem::take(&mut is_alone),
                Event::Key { .. } | Event::PointerButton { .. } | Event::WindowFocused(_) => {
                    is_alone = false;
                }
                _ => {}
            }
        }
    });
    if is_alone != was {
        ui.data_mut(|data| data.insert_temp(id, is_alone));
    }
    is_meant.then_some(0)
}

fn one(ui: &mut Ui, view: &mut View<'_>, (index, menu): (usize, Menu), is_wanted: bool) {
    let response = title(ui, index, menu);
    let other = open(ui).filter(|open| *open != index);
    let is_entered = other.is_some() && response.hovered() && is_moving(ui);
    let set = if is_wanted || is_entered {
        response.request_focus();
        Some(SetOpenCommand::Bool(true))
    } else if response.clicked() {
        Some(SetOpenCommand::Toggle)
    } else {
        None
    };
    let popup = Popup::menu(&response)
        .id(popup_id(index))
        .open_memory(set)
        .gap(0.0)
        .width(WIDTH)
        .frame(menu_frame(ui))
        .accessible_name(menu.label());
    popup.show(|ui| {
        ui.set_min_width(WIDTH);
        ui.spacing_mut().item_spacing.y = 0.0;
        let tall = ui.ctx().content_rect().height() - size::MENU_BAR - gap::FAR;
        ui.set_max_height(tall);
        ScrollArea::vertical()
            .max_height(tall)
            .show(ui, |ui| list(ui, view, menu));
    });
}

/// A menu that a key opened stays open under a pointer that only happens to be there.
fn is_moving(ui: &Ui) -> bool {
    ui.input(|input| input.pointer.is_moving())
}

fn title(ui: &mut Ui, index: usize, menu: Menu) -> Response {
    let tokens = tokens(ui);
    let galley = layout(ui.painter(), menu.label(), Role::Body, f32::INFINITY);
    let wanted = vec2(galley.size().x + 2.0 * 10.0, size::MENU_BAR - 4.0);
    let (_, rect) = ui.allocate_space(wanted);
    let response = ui.interact(rect, id(index), Sense::click());
    let is_open = Popup::is_id_open(ui.ctx(), popup_id(index));
    response.widget_info(|| {
        WidgetInfo::selected(Part::MenuItem, ui.is_enabled(), is_open, menu.label())
    });
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_has_popup(egui::accesskit::HasPopup::Menu);
        node.set_expanded(is_open);
    });
    let fill = match (is_open, response.hovered()) {
        (true, _) => tokens.bg_pressed,
        (false, true) => tokens.bg_hover,
        (false, false) => egui::Color32::TRANSPARENT,
    };
    let painter = ui.painter();
    painter.rect_filled(rect, CornerRadius::same(radius::BADGE), fill);
    painter.galley(
        rect.center() - galley.size() / 2.0,
        galley,
        tokens.text_primary,
    );
    focus_ring(ui, &response, rect.shrink(2.0), radius::CHECK);
    response
}

fn list(ui: &mut Ui, view: &mut View<'_>, menu: Menu) {
    for (index, group) in menu.groups().iter().enumerate() {
        if index > 0 {
            separator(ui);
        }
        for command in *group {
            if command_item(ui, view, *command) {
                view.command(*command);
            }
        }
        if menu == Menu::File && index == 0 {
            recent(ui, view);
        }
    }
}

/// A command as a row of a menu; whether it was chosen now.
fn command_item(ui: &mut Ui, view: &View<'_>, command: Command) -> bool {
    let state = view.state;
    let label = command.label_for(state);
    let key = command.shortcuts().first().map(ToString::to_string);
    MenuRow {
        icon: marks::of_command(command),
        is_on: is_choice(command).then(|| command.is_on(state)),
        text: &label,
        key: key.as_deref().unwrap_or_default(),
        tip: command.tooltip(),
        enabled: command.availability(state),
        opens: false,
    }
    .show(ui)
    .chosen(ui)
}

/// Whether a command is a choice that is on or off.
const fn is_choice(command: Command) -> bool {
    matches!(
        command,
        Command::ThemeSystem
            | Command::ThemeLight
            | Command::ThemeDark
            | Command::ThemeHighContrast
            | Command::ShowProblems
            | Command::ShowTimeline
            | Command::ShowLog
            | Command::ShowXml
            | Command::ToggleTree
            | Command::ToggleInspector
            | Command::ToggleBottom
    )
}

/// The files that were opened before, in a menu of their own.
fn recent(ui: &mut Ui, view: &mut View<'_>) {
    let files = &view.state.settings.recent;
    let can = if view.state.dialog.is_some() {
        Command::Open.availability(view.state)
    } else if files.is_empty() {
        Err(words::NO_RECENT)
    } else {
        Ok(())
    };
    let parent = MenuRow {
        icon: Some(Icon::History),
        is_on: None,
        text: words::RECENT,
        key: "",
        tip: "",
        enabled: can,
        opens: true,
    }
    .show(ui);
    if can.is_err() {
        return;
    }
    let has_focus = parent.response().has_focus();
    let shown = egui::containers::menu::SubMenu::new().show(ui, parent.response(), |ui| {
        ui.set_min_width(WIDTH);
        ui.set_max_width(RECENT_WIDTH);
        ui.spacing_mut().item_spacing.y = 0.0;
        for file in files {
            let is_there = view.state.recent_seen.get(&file.path).copied();
            let path = file.path.to_string_lossy();
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            let chosen = MenuRow {
                icon: None,
                is_on: None,
                text: &name,
                key: &words::folder(&file.path),
                tip: &path,
                enabled: if is_there == Some(false) {
                    Err(words::GONE)
                } else {
                    Ok(())
                },
                opens: false,
            }
            .show(ui)
            .chosen(ui);
            if chosen {
                view.say(Msg::OpenFile(file.path.clone()));
            }
        }
        separator(ui);
        let clear = MenuRow {
            icon: Some(Icon::ClearHistory),
            is_on: None,
            text: words::CLEAR_RECENT,
            key: "",
            tip: words::CLEAR_RECENT_TIP,
            enabled: Ok(()),
            opens: false,
        };
        if clear.show(ui).chosen(ui) {
            view.say(Msg::ClearRecent);
        }
    });
    let inner = Inner {
        is_ahead: has_focus || shown.is_some(),
        is_inside: shown.is_some() && !has_focus,
    };
    ui.data_mut(|data| data.insert_temp(inner_id(), inner));
}

/// How wide the list of recent files is at most.
const RECENT_WIDTH: f32 = 460.0;
