//! The panel at the bottom: problems, timeline, log, XML.

mod log;
mod problems;
mod timeline;
mod xml;

use egui::{Align, Layout, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

use super::icons::Icon;
use super::theme::{gap, size, tokens};
use super::view::View;
use super::widgets::{IconButton, Tab, empty_state};
use crate::designer::words::bottom as words;
use crate::designer::{BottomTab, Command, Msg, PanelMsg, TimelineZoom};

/// What it remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    problems: problems::Memory,
    timeline: timeline::Memory,
    log: log::Memory,
    xml: xml::Memory,
}

impl Memory {
    /// Shows another part of the run's time.
    pub(in crate::ui) fn zoom_timeline(&mut self, zoom: TimelineZoom) {
        self.timeline.change(zoom);
    }
}

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    let whole = ui.available_rect_before_wrap();
    let bar = Rect::from_min_size(whole.min, vec2(whole.width(), size::TAB));
    let body = Rect::from_min_max(pos2(whole.left(), bar.bottom()), whole.max);
    let tab = view.state.settings.bottom_tab;
    let mut child = ui.new_child(UiBuilder::new().max_rect(bar).id_salt("bottom-bar"));
    tabs(&mut child, view, memory, tab);
    let mut child = ui.new_child(
        UiBuilder::new()
            .max_rect(body)
            .id_salt(("bottom", tab as u8)),
    );
    child.shrink_clip_rect(body);
    child.spacing_mut().item_spacing = vec2(0.0, 0.0);
    match tab {
        BottomTab::Problems => problems::show(&mut child, view, &mut memory.problems),
        BottomTab::Timeline => timeline::show(&mut child, view, &mut memory.timeline),
        BottomTab::Log => log::show(&mut child, view, &mut memory.log),
        BottomTab::Xml => xml::show(&mut child, view, &mut memory.xml),
    }
    ui.advance_cursor_after_rect(whole);
}

fn tabs(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory, tab: BottomTab) {
    let bar = ui.max_rect();
    let edge = Rect::from_min_max(pos2(bar.left(), bar.bottom() - 1.0), bar.max);
    ui.painter()
        .rect_filled(edge, 0.0, tokens(ui).stroke_subtle);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = gap::TIGHT;
        ui.add_space(gap::CLOSE);
        let problems = view.state.problems.list.len();
        for (which, icon, word, count, command) in [
            (
                BottomTab::Problems,
                Icon::Warning,
                words::PROBLEMS,
                problems,
                Command::ShowProblems,
            ),
            (
                BottomTab::Timeline,
                Icon::Gantt,
                words::TIMELINE,
                0,
                Command::ShowTimeline,
            ),
            (BottomTab::Log, Icon::Log, words::LOG, 0, Command::ShowLog),
            (BottomTab::Xml, Icon::Xml, words::XML, 0, Command::ShowXml),
        ] {
            let response = Tab::new(icon, word)
                .count(count)
                .selected(which == tab)
                .show(ui);
            if response.contains_pointer() {
                let key = command.shortcuts().first().map(ToString::to_string);
                super::widgets::tooltip(&response, word, key.as_deref());
            }
            if response.clicked() {
                view.say(Msg::Panel(PanelMsg::Tab(which)));
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = gap::NEAR;
            ui.add_space(gap::NEAR);
            let fold = IconButton::new(Icon::Collapse, words::FOLD).small();
            if fold.show(ui).clicked() {
                view.command(Command::ToggleBottom);
            }
            match tab {
                BottomTab::Problems => problems::tools(ui, view, &mut memory.problems),
                BottomTab::Timeline => timeline::tools(ui, view, &mut memory.timeline),
                BottomTab::Log => log::tools(ui, view, &mut memory.log),
                BottomTab::Xml => xml::tools(ui, view, &mut memory.xml),
            }
        });
    });
}

/// What a tab shows while there is nothing in it; the panel is low, so it begins near its top.
fn empty(ui: &mut Ui, icon: Icon, [title, hint]: [&str; 2], actions: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.add_space(-gap::GROUP);
        empty_state(ui, icon, title, hint, actions);
    });
}
