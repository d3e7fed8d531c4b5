//! The keys of the tree: moving, folding, adding, and typing to filter.

use egui::{Event, EventFilter, Key, Modifiers, Ui};

use crate::designer::{Msg, TreeItem, TreeMsg, TreeRow};
use crate::ui::view::View;

use super::{Memory, filter_id, list_id};

/// How many rows a page has.
const PAGE: usize = 10;

/// From a row to another one; the second number is the last row.
type Move = fn(usize, usize) -> usize;

/// Reads the keys while the list has the keyboard.
pub(super) fn read(ui: &Ui, view: &mut View<'_>, memory: &mut Memory) {
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(list_id(), filter));
    let chosen = memory.chosen(view);
    let last = memory.rows.len().saturating_sub(1);
    let moves: [(Key, Move); 6] = [
        (Key::ArrowUp, |at, _| at.saturating_sub(1)),
        (Key::ArrowDown, |at, _| at + 1),
        (Key::PageUp, |at, _| at.saturating_sub(PAGE)),
        (Key::PageDown, |at, _| at + PAGE),
        (Key::Home, |_, _| 0),
        (Key::End, |_, last| last),
    ];
    for (key, to) in moves {
        if pressed(ui, key) {
            let to = chosen.map_or(0, |at| to(at, last).min(last));
            choose(view, memory, to);
        }
    }
    if let Some(at) = chosen {
        act(ui, view, memory, at);
    }
    type_ahead(ui, view);
}

fn act(ui: &Ui, view: &mut View<'_>, memory: &mut Memory, at: usize) {
    let Some(row) = memory.rows.get(at) else {
        return;
    };
    let (item, is_folded) = (row.item.clone(), row.is_folded);
    let toggle = |agent| Msg::Tree(TreeMsg::Toggle(agent));
    match item {
        TreeItem::Agent(agent) => {
            if pressed(ui, Key::ArrowRight) {
                if is_folded {
                    view.say(toggle(agent.clone()));
                } else if matches!(
                    memory.rows.get(at + 1).map(|next| &next.item),
                    Some(TreeItem::Profile(..))
                ) {
                    choose(view, memory, at + 1);
                }
            }
            let folds = pressed(ui, Key::ArrowLeft) && !is_folded;
            if folds || pressed(ui, Key::Enter) || pressed(ui, Key::Space) {
                view.say(toggle(agent));
            }
        }
        TreeItem::Profile(agent, profile) => {
            if pressed(ui, Key::ArrowLeft) {
                let parent = TreeItem::Agent(agent.clone());
                if let Some(at) = memory.rows.iter().position(|row| row.item == parent) {
                    choose(view, memory, at);
                }
            }
            if pressed(ui, Key::Enter) || pressed(ui, Key::Space) {
                view.say(Msg::Tree(TreeMsg::Add(TreeItem::Profile(agent, profile))));
            }
        }
    }
}

fn choose(view: &mut View<'_>, memory: &mut Memory, at: usize) {
    let item = memory.rows.get(at).map(|row| row.item.clone());
    if item.is_some() {
        memory.reveal = Some(at);
        view.say(Msg::Tree(TreeMsg::Select(item)));
    }
}

/// Letters go on in the filter.
fn type_ahead(ui: &Ui, view: &mut View<'_>) {
    let typed: String = ui.input(|input| {
        let texts = input.events.iter().filter_map(|event| match event {
            Event::Text(text) if !text.trim().is_empty() => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    });
    let is_back = pressed(ui, Key::Backspace) && !view.state.tree.filter.is_empty();
    if typed.is_empty() && !is_back {
        return;
    }
    let mut filter = view.state.tree.filter.clone();
    if is_back {
        filter.pop();
    }
    filter.push_str(&typed);
    let end = egui::text::CCursor::new(filter.chars().count());
    let mut state = egui::text_edit::TextEditState::load(ui.ctx(), filter_id()).unwrap_or_default();
    let range = egui::text::CCursorRange::one(end);
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), filter_id());
    view.say(Msg::Tree(TreeMsg::Filter(filter)));
    ui.memory_mut(|memory| memory.request_focus(filter_id()));
}

/// The keys of the filter that lead into the list.
pub(super) fn from_filter(ui: &Ui, view: &mut View<'_>, memory: &mut Memory) {
    let leads = ui.input_mut(|input| {
        input.consume_key(Modifiers::NONE, Key::ArrowDown)
            || input.consume_key(Modifiers::NONE, Key::Enter)
    });
    if leads {
        let is_profile = |row: &TreeRow| matches!(row.item, TreeItem::Profile(..));
        if memory.chosen(view).is_none()
            && let Some(first) = memory.rows.iter().position(is_profile)
        {
            choose(view, memory, first);
        }
        ui.memory_mut(|memory| memory.request_focus(list_id()));
    }
    let clears =
        !view.state.tree.filter.is_empty() && ui.input(|input| input.key_pressed(Key::Escape));
    if clears {
        view.say(Msg::Tree(TreeMsg::Filter(String::new())));
    }
}

/// Whether a key was pressed with nothing held; nobody else sees it then.
fn pressed(ui: &Ui, key: Key) -> bool {
    ui.input_mut(|input| input.modifiers.is_none() && input.consume_key(Modifiers::NONE, key))
}
