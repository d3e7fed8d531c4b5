//! The tree of management agents and run profiles, and the building blocks.
//!
//! Draws only the rows that are seen, and works the rows out only when what they show has changed.

mod blocks;
mod keyboard;
mod list;
mod row;
mod sources;

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Align, Id, Layout, Rect, Ui, pos2, vec2};

use crate::designer::words::tree_panel as words;
use crate::designer::{
    Asked, Command, Connection, Msg, Panel, TreeItem, TreeMsg, TreeRow, tree_rows,
};
use crate::mim::{AgentInfo, AgentName};

use super::icons::Icon;
use super::theme::{Role, gap, size, tokens};
use super::view::View;
use super::widgets::{Button, ButtonKind, IconButton, TextField, empty_state, text};

/// What it remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    of: Option<Shown>,
    rows: Vec<TreeRow>,
    /// Where each row ends, counted from the top of the list.
    ends: Vec<f32>,
    /// The row that a key has chosen, to be scrolled to.
    reveal: Option<usize>,
}

/// What the rows were worked out from.
#[derive(Debug, Clone)]
struct Shown {
    content: u64,
    agents: Option<Arc<[AgentInfo]>>,
    asked: Asked,
    filter: String,
    folded: BTreeSet<AgentName>,
}

impl Shown {
    fn is_of(&self, view: &View<'_>) -> bool {
        let state = view.state;
        let is_same = match (&self.agents, state.agents()) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (None, None) => true,
            _ => false,
        };
        is_same
            && self.asked == state.asked()
            && self.content == state.document.content
            && self.filter == state.tree.filter
            && self.folded == state.tree.folded
    }
}

impl Memory {
    fn refresh(&mut self, view: &View<'_>) {
        if self.of.as_ref().is_some_and(|of| of.is_of(view)) {
            return;
        }
        let state = view.state;
        self.of = Some(Shown {
            content: state.document.content,
            agents: state.agents().map(Arc::clone),
            asked: state.asked(),
            filter: state.tree.filter.clone(),
            folded: state.tree.folded.clone(),
        });
        self.rows = tree_rows(state);
        let mut end = 0.0;
        self.ends.clear();
        self.ends.extend(self.rows.iter().map(|row| {
            end += height(row);
            end
        }));
    }

    fn chosen(&self, view: &View<'_>) -> Option<usize> {
        let item = view.state.tree.selected.as_ref()?;
        self.rows.iter().position(|row| row.item == *item)
    }
}

const fn height(row: &TreeRow) -> f32 {
    match row.item {
        TreeItem::Agent(_) => size::TREE_ROW,
        TreeItem::Profile(..) => size::TREE_SUB_ROW,
    }
}

/// The list of agents, which takes the keyboard.
pub(in crate::ui) fn list_id() -> Id {
    Id::unique("tree-rows")
}

fn filter_id() -> Id {
    Id::unique("tree-filter")
}

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    memory.refresh(view);
    let rect = ui.max_rect();
    let foot = blocks::HEIGHT.min(rect.height() / 2.0);
    let split = rect.bottom() - foot;
    let top = Rect::from_min_max(rect.min, pos2(rect.right(), split));
    let mut upper = ui.new_child(egui::UiBuilder::new().max_rect(top).id_salt("tree-agents"));
    upper.shrink_clip_rect(top);
    agents(&mut upper, view, memory);
    let bottom = Rect::from_min_max(pos2(rect.left(), split), rect.max);
    let builder = egui::UiBuilder::new()
        .max_rect(bottom)
        .id_salt("tree-blocks");
    let mut lower = ui.new_child(builder);
    lower.shrink_clip_rect(bottom);
    blocks::show(&mut lower, view);
    ui.allocate_rect(rect, egui::Sense::HOVER);
}

/// The rail in the place of the folded tree, with the button that opens it again.
pub(in crate::ui) fn rail(ui: &mut Ui, view: &mut View<'_>, has_room: bool) {
    let open = Command::ToggleTree;
    let can = if has_room {
        open.availability(view.state)
    } else {
        Err(words::NO_ROOM)
    };
    ui.vertical_centered(|ui| {
        ui.add_space(gap::NEAR);
        let key = open.shortcuts().first().map(ToString::to_string);
        let mut button = IconButton::new(Icon::Tree, words::OPEN).enabled_or(can);
        if let Some(key) = &key {
            button = button.key(key);
        }
        if button.show(ui).clicked() {
            view.command(open);
        }
    });
}

fn agents(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head(ui, view, memory);
    filter(ui, view, memory);
    ui.add_space(gap::CLOSE);
    sources::show(ui, view);
    if memory.rows.is_empty() {
        empty(ui, view);
    } else {
        list::show(ui, view, memory);
    }
}

fn head(ui: &mut Ui, view: &mut View<'_>, memory: &Memory) {
    const HEIGHT: f32 = 40.0;
    let look = tokens(ui);
    let is_agent = |row: &&TreeRow| matches!(row.item, TreeItem::Agent(_));
    let count = memory.rows.iter().filter(is_agent).count();
    let wanted = vec2(ui.available_width(), HEIGHT);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(HEIGHT);
        ui.spacing_mut().item_spacing.x = gap::NEAR;
        ui.add_space(gap::PANEL);
        text(ui, words::AGENTS, Role::BodyStrong, look.text_primary);
        if count > 0 {
            text(ui, &count.to_string(), Role::Small, look.text_tertiary);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(10.0);
            if count > 0 && view.state.tree.filter.is_empty() {
                let is_folded = view.state.tree.folded.len() >= count;
                let name = if is_folded {
                    words::UNFOLD_ALL
                } else {
                    words::FOLD_ALL
                };
                if IconButton::new(Icon::Sort, name).small().show(ui).clicked() {
                    view.say(Msg::Tree(TreeMsg::FoldAll(!is_folded)));
                }
            }
        });
    });
}

fn filter(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    let wanted = vec2(ui.available_width(), size::INPUT);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = gap::TIGHT;
        ui.add_space(10.0);
        let mut typed = view.state.tree.filter.clone();
        let is_filtered = !typed.is_empty();
        let clear = if is_filtered {
            size::ICON_BUTTON_SMALL + gap::TIGHT
        } else {
            0.0
        };
        let width = ui.available_width() - 10.0 - clear;
        let field = TextField::new(words::FILTER, &mut typed)
            .id(filter_id())
            .hint(words::FILTER)
            .icon(Icon::Search)
            .width(width)
            .show(ui);
        if field.changed() {
            view.say(Msg::Tree(TreeMsg::Filter(typed)));
        }
        if field.has_focus() {
            keyboard::from_filter(ui, view, memory);
        }
        if is_filtered {
            let button = IconButton::new(Icon::Close, words::CLEAR_FILTER).small();
            if button.show(ui).clicked() {
                view.say(Msg::Tree(TreeMsg::Filter(String::new())));
            }
        }
    });
}

/// What stands where there is no row.
fn empty(ui: &mut Ui, view: &mut View<'_>) {
    egui::ScrollArea::vertical()
        .id_salt("tree-empty")
        .show(ui, |ui| {
            if !view.state.tree.filter.trim().is_empty() {
                empty_state(
                    ui,
                    Icon::Search,
                    words::NO_MATCH,
                    words::NO_MATCH_SENTENCE,
                    |ui| {
                        if Button::new(words::CLEAR_FILTER).show(ui).clicked() {
                            view.say(Msg::Tree(TreeMsg::Filter(String::new())));
                        }
                    },
                );
                return;
            }
            match &view.state.connection {
                Connection::Connecting { .. } => {
                    empty_state(
                        ui,
                        Icon::Server,
                        words::LOADING,
                        words::LOADING_SENTENCE,
                        |_| {},
                    );
                }
                Connection::Connected { agents, .. } if agents.read_at.is_none() => {
                    empty_state(
                        ui,
                        Icon::Server,
                        words::LOADING,
                        words::LOADING_SENTENCE,
                        |_| {},
                    );
                }
                Connection::Connected { .. } => {
                    let title = words::EMPTY;
                    empty_state(ui, Icon::Tree, title, words::EMPTY_SENTENCE, |ui| {
                        command(ui, view, Command::Refresh, Command::Refresh.label());
                    });
                }
                Connection::None | Connection::Failed { .. } => unconnected(ui, view),
            }
        });
}

fn unconnected(ui: &mut Ui, view: &mut View<'_>) {
    let title = words::NO_AGENTS;
    empty_state(ui, Icon::Server, title, words::NO_AGENTS_SENTENCE, |ui| {
        command(ui, view, Command::ConnectDemo, words::DEMO);
        ui.add_space(gap::CLOSE);
        let button = Button::new(words::CONNECT).kind(ButtonKind::Link);
        if button.show(ui).clicked() {
            super::keys::focus(ui, Panel::Server);
        }
        let export = Command::ReadExport;
        let button = Button::new(export.label())
            .kind(ButtonKind::Link)
            .tooltip(export.tooltip())
            .enabled_or(export.availability(view.state));
        if button.show(ui).clicked() {
            view.command(export);
        }
    });
}

fn command(ui: &mut Ui, view: &mut View<'_>, command: Command, label: &str) {
    let button = Button::new(label)
        .tooltip(command.tooltip())
        .enabled_or(command.availability(view.state));
    if button.show(ui).clicked() {
        view.command(command);
    }
}
