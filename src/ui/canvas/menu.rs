//! The menu of a card, a head, or the slot that adds a step: commands at the pointer or the card.

use egui::{Align, Id, Key, Layout, Popup, PopupKind, Pos2, SetOpenCommand, Ui};

use crate::designer::{Command, Msg, Select};
use crate::model::Place;
use crate::ui::marks;
use crate::ui::view::View;
use crate::ui::widgets::{menu_frame, menu_item, separator};

/// A menu that is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OpenMenu {
    pub(super) kind: MenuKind,
    pub(super) at: Pos2,
    /// Whether it was opened in this frame.
    pub(super) is_new: bool,
}

/// Whose menu it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MenuKind {
    Step,
    Thread,
    Add,
    Run,
}

impl MenuKind {
    const fn groups(self) -> &'static [&'static [Command]] {
        use Command as C;
        match self {
            Self::Step => &[
                &[C::Cut, C::Copy, C::Paste, C::Duplicate],
                &[C::Rename, C::ToggleEnabled],
                &[C::MoveUp, C::MoveDown, C::MoveLeft, C::MoveRight],
                &[C::StartFromHere, C::StartThread],
                &[C::Delete],
            ],
            Self::Thread => &[
                &[C::AddSelected, C::AddRunProfile, C::AddCommand, C::AddDelay],
                &[C::Cut, C::Copy, C::Paste, C::Duplicate],
                &[C::Rename, C::ToggleEnabled],
                &[C::MoveLeft, C::MoveRight],
                &[C::StartThread],
                &[C::Delete],
            ],
            Self::Add => &[&[C::AddSelected, C::AddRunProfile, C::AddCommand, C::AddDelay]],
            Self::Run => &[
                &[C::Pause, C::Resume, C::Stop, C::StopNow],
                &[C::ShowLog, C::ShowTimeline],
                &[C::BackToEditing],
            ],
        }
    }
}

/// Opens the menu of a place; what is not chosen yet becomes chosen, so that the menu is about it.
pub(super) fn open(
    view: &mut View<'_>,
    menu: &mut Option<OpenMenu>,
    place: Place,
    kind: MenuKind,
    at: Pos2,
) {
    let is_watched = view.state.watch.is_some();
    if !is_watched && !view.state.selection.contains(place) {
        view.say(Msg::Select(Select::One(place)));
    }
    let kind = if is_watched { MenuKind::Run } else { kind };
    *menu = Some(OpenMenu {
        kind,
        at,
        is_new: true,
    });
}

/// Draws the open menu.
pub(super) fn show(ui: &Ui, view: &mut View<'_>, menu: &mut Option<OpenMenu>, name: &str) {
    let Some(open) = menu else {
        return;
    };
    let set = open.is_new.then_some(SetOpenCommand::Bool(true));
    open.is_new = false;
    let id = Id::unique("canvas-menu");
    let popup = Popup::new(id, ui.ctx().clone(), open.at, ui.layer_id())
        .kind(PopupKind::Menu)
        .layout(Layout::top_down_justified(Align::Min))
        .frame(menu_frame(ui))
        .gap(0.0)
        .width(WIDTH)
        .accessible_name(name)
        .open_memory(set);
    let kind = open.kind;
    let shown = popup.show(|ui| {
        ui.set_min_width(WIDTH);
        ui.spacing_mut().item_spacing.y = 0.0;
        items(ui, view, kind);
    });
    let escaped = ui.input(|input| input.key_pressed(Key::Escape));
    if escaped {
        Popup::close_id(ui.ctx(), id);
    }
    if shown.is_none() || escaped || !Popup::is_id_open(ui.ctx(), id) {
        *menu = None;
    }
}

const WIDTH: f32 = 232.0;

fn items(ui: &mut Ui, view: &mut View<'_>, kind: MenuKind) {
    for (index, group) in kind.groups().iter().enumerate() {
        if index > 0 {
            separator(ui);
        }
        for command in *group {
            let keys = command.shortcuts().first().map(ToString::to_string);
            let can = command.availability(view.state);
            let is_clicked = menu_item(
                ui,
                marks::of_command(*command),
                command.label(),
                keys.as_deref().unwrap_or_default(),
                can,
            );
            if is_clicked {
                view.command(*command);
            }
        }
    }
}
