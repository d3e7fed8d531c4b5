//! The rows that are seen, and what the pointer does to them.

use egui::{Id, Rect, Role as Part, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::designer::words::tree_panel as words;
use crate::designer::{DragMsg, DragSource, Msg, TreeItem, TreeMsg, TreeRow};
use crate::ui::view::View;

use super::row::Look;
use super::{Memory, keyboard, list_id, row};

fn row_id(item: &TreeItem) -> Id {
    match item {
        TreeItem::Agent(agent) => list_id().with(agent.as_str()),
        TreeItem::Profile(agent, profile) => list_id().with((agent.as_str(), profile.as_str())),
    }
}

/// Draws the rows.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    let place = ui.available_rect_before_wrap();
    let whole = ui.interact(place, list_id(), Sense::FOCUSABLE);
    whole.widget_info(|| WidgetInfo::labeled(Part::Tree, true, words::LIST));
    let chosen = memory.chosen(view);
    if let Some(row) = chosen.and_then(|chosen| memory.rows.get(chosen)) {
        let id = row_id(&row.item);
        ui.ctx().accesskit_node_builder(whole.id, |node| {
            node.set_active_descendant(id.accesskit_id());
        });
    }
    if whole.has_focus() {
        keyboard::read(ui, view, memory);
    }
    let reveal = memory.reveal.take();
    let total = memory.ends.last().copied().unwrap_or_default();
    ScrollArea::vertical()
        .id_salt("tree-list")
        .auto_shrink(false)
        .show_viewport(ui, |ui, seen| {
            ui.set_min_height(total);
            let origin = ui.max_rect().min;
            let width = ui.max_rect().width();
            let first = memory.ends.partition_point(|end| *end < seen.top());
            let mut top = first
                .checked_sub(1)
                .and_then(|before| memory.ends.get(before).copied())
                .unwrap_or_default();
            let ends = memory.ends.iter().skip(first);
            for (row, end) in memory.rows.iter().skip(first).zip(ends) {
                if top > seen.bottom() {
                    break;
                }
                let min = pos2(origin.x, origin.y + top);
                let rect = Rect::from_min_size(min, vec2(width, end - top));
                one(ui, view, row, rect, whole.has_focus());
                top = *end;
            }
            if let Some(rect) = reveal.and_then(|index| rect_of(memory, index, origin, width)) {
                ui.scroll_to_rect(rect, None);
            }
        });
}

fn rect_of(memory: &Memory, index: usize, origin: egui::Pos2, width: f32) -> Option<Rect> {
    let end = memory.ends.get(index)?;
    let top = match index.checked_sub(1) {
        Some(before) => *memory.ends.get(before)?,
        None => 0.0,
    };
    let min = pos2(origin.x, origin.y + top);
    Some(Rect::from_min_size(min, vec2(width, end - top)))
}

fn one(ui: &Ui, view: &mut View<'_>, row: &TreeRow, rect: Rect, has_keyboard: bool) {
    let state = view.state;
    let is_chosen = state.tree.selected.as_ref() == Some(&row.item);
    let response = ui.interact(rect, row_id(&row.item), Sense::CLICK | Sense::DRAG);
    let look = Look {
        is_chosen,
        has_keyboard: is_chosen && has_keyboard,
        asked: state.asked(),
        is_filtered: !state.tree.filter.trim().is_empty(),
    };
    row::paint(ui, row, &response, look);
    row::tell(ui, row, &response, look);
    if response.clicked() || response.drag_started() {
        ui.memory_mut(|memory| memory.request_focus(list_id()));
        if !is_chosen {
            view.say(Msg::Tree(TreeMsg::Select(Some(row.item.clone()))));
        }
    }
    match &row.item {
        TreeItem::Agent(agent) => {
            if response.clicked() && !look.is_filtered {
                view.say(Msg::Tree(TreeMsg::Toggle(agent.clone())));
            }
        }
        TreeItem::Profile(agent, profile) => {
            if response.double_clicked() {
                view.say(Msg::Tree(TreeMsg::Add(row.item.clone())));
            } else if response.drag_started() {
                view.say(Msg::Drag(DragMsg::Start(DragSource::Profile {
                    agent: agent.clone(),
                    profile: profile.clone(),
                })));
            }
        }
    }
}
