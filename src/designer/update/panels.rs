//! The tree, the panels, the palette, the settings, passing messages.

use crate::settings::{Settings, WindowPlace};

use super::super::{
    BottomTab, Command, Effect, Msg, PaletteMsg, Panel, PanelMsg, State, TimelineZoom, ToastAction,
    TreeMsg, palette_rows, tree_rows, update,
};
use super::{canvas, connecting, files, servers};

/// The panels in the order of F6.
const PANELS: [Panel; 5] = [
    Panel::Server,
    Panel::Tree,
    Panel::Canvas,
    Panel::Inspector,
    Panel::Bottom,
];

/// Changes a setting; it is stored when it really changes.
pub(super) fn set(state: &mut State, change: impl FnOnce(&mut Settings)) -> Vec<Effect> {
    let before = state.settings.clone();
    change(&mut state.settings);
    if state.settings == before {
        return Vec::new();
    }
    vec![Effect::SaveSettings(Box::new(state.settings.clone()))]
}

pub(super) fn tree(state: &mut State, tree: TreeMsg) -> Vec<Effect> {
    match tree {
        TreeMsg::Filter(filter) => state.tree.filter = filter,
        TreeMsg::Toggle(agent) => {
            if !state.tree.folded.remove(&agent) {
                state.tree.folded.insert(agent);
            }
        }
        TreeMsg::FoldAll(is_folded) => {
            state.tree.folded.clear();
            if is_folded {
                let rows = tree_rows(state);
                let agents = rows.into_iter().filter_map(|row| row.item.into_agent());
                state.tree.folded.extend(agents);
            }
        }
        TreeMsg::Select(item) => state.tree.selected = item,
        TreeMsg::Add(item) => {
            let effects = canvas::add_item(state, &item);
            state.tree.selected = Some(item);
            return effects;
        }
    }
    Vec::new()
}

pub(super) fn panel(state: &mut State, panel: PanelMsg) -> Vec<Effect> {
    match panel {
        PanelMsg::Tab(tab) => return show_tab(state, tab),
        PanelMsg::Focused(panel) => state.focus = panel,
        PanelMsg::Sizes(tree, inspector, bottom) => {
            return set(state, |settings| {
                settings.panels.tree = tree;
                settings.panels.inspector = inspector;
                settings.panels.bottom = bottom;
                *settings = settings.clone().within_limits();
            });
        }
        PanelMsg::Log(filter) => state.log_filter = filter,
        PanelMsg::FollowLog(follows) => state.log_follows = follows,
    }
    Vec::new()
}

/// Shows a tab of the bottom panel.
pub(super) fn show_tab(state: &mut State, tab: BottomTab) -> Vec<Effect> {
    set(state, |settings| {
        settings.bottom_tab = tab;
        settings.panels.bottom_open = true;
    })
}

/// Shows another part of the run's time, and the timeline with it.
pub(super) fn zoom_timeline(state: &mut State, zoom: TimelineZoom) -> Vec<Effect> {
    let mut effects = show_tab(state, BottomTab::Timeline);
    effects.push(Effect::ZoomTimeline(zoom));
    effects
}

/// Shows or hides a panel; the keyboard does not stay in a hidden one.
pub(super) fn toggle(state: &mut State, command: Command) -> Vec<Effect> {
    let mut effects = set(state, |settings| {
        let panels = &mut settings.panels;
        let is_open = match command {
            Command::ToggleTree => &mut panels.tree_open,
            Command::ToggleInspector => &mut panels.inspector_open,
            _ => &mut panels.bottom_open,
        };
        *is_open = !*is_open;
    });
    if !is_open(state, state.focus) {
        state.focus = Panel::Canvas;
        effects.push(Effect::Focus(state.focus));
    }
    effects
}

const fn is_open(state: &State, panel: Panel) -> bool {
    let panels = &state.settings.panels;
    match panel {
        Panel::Server | Panel::Canvas => true,
        Panel::Tree => panels.tree_open,
        Panel::Inspector => panels.inspector_open,
        Panel::Bottom => panels.bottom_open,
    }
}

/// Moves the keyboard to the next or previous panel that is open.
pub(super) fn next(state: &mut State, forward: bool) -> Vec<Effect> {
    let now = PANELS.iter().position(|panel| *panel == state.focus);
    let now = now.unwrap_or_default();
    let count = PANELS.len();
    let mut others = (1..=count).map(|away| {
        let index = if forward {
            now + away
        } else {
            now + count - away
        };
        PANELS.get(index % count).copied().unwrap_or_default()
    });
    if let Some(panel) = others.find(|panel| is_open(state, *panel)) {
        state.focus = panel;
    }
    vec![Effect::Focus(state.focus)]
}

pub(super) fn palette(state: &mut State, message: PaletteMsg) -> Vec<Effect> {
    if state.palette.is_none() {
        return Vec::new();
    }
    match message {
        PaletteMsg::Text(text) => {
            if let Some(palette) = &mut state.palette {
                palette.text = text;
                palette.row = 0;
            }
            Vec::new()
        }
        PaletteMsg::Move(by) => {
            let count = palette_rows(state).len();
            if let Some(palette) = &mut state.palette {
                palette.row = moved(palette.row, by, count);
            }
            Vec::new()
        }
        PaletteMsg::Run { row, keep_open } => run_row(state, row, keep_open),
        PaletteMsg::Close => {
            state.palette = None;
            vec![Effect::Focus(state.focus)]
        }
    }
}

/// The row so many further; behind the last comes the first.
fn moved(row: usize, by: i32, count: usize) -> usize {
    let (Ok(row), Ok(count)) = (i64::try_from(row), i64::try_from(count)) else {
        return 0;
    };
    if count == 0 {
        return 0;
    }
    usize::try_from((row + i64::from(by)).rem_euclid(count)).unwrap_or_default()
}

fn run_row(state: &mut State, row: Option<usize>, keep_open: bool) -> Vec<Effect> {
    let chosen = state.palette.as_ref().map_or(0, |palette| palette.row);
    let mut rows = palette_rows(state);
    let row = row.unwrap_or(chosen);
    if row >= rows.len() {
        return Vec::new();
    }
    let row = rows.swap_remove(row);
    if !row.why_not.is_empty() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    if !keep_open {
        state.palette = None;
        effects.push(Effect::Focus(state.focus));
    }
    match row.msg {
        // The palette may itself be a row of the palette.
        Msg::Command(Command::Palette) => {}
        Msg::Select(super::super::Select::One(place)) => {
            effects.extend(canvas::show(state, place));
        }
        msg => effects.extend(update(state, msg)),
    }
    if let Some(palette) = state.palette.take() {
        // What was done may leave fewer rows.
        let count = palette_rows_of(state, &palette);
        let row = palette.row.min(count.saturating_sub(1));
        state.palette = Some(super::super::Palette { row, ..palette });
    }
    effects
}

fn palette_rows_of(state: &mut State, palette: &super::super::Palette) -> usize {
    state.palette = Some(palette.clone());
    palette_rows(state).len()
}

pub(super) fn settings(state: &mut State, settings: Settings) -> Vec<Effect> {
    let before = state.settings.refresh_secs;
    let mut effects = set(state, |now| *now = settings.within_limits());
    if state.settings.refresh_secs != before {
        effects.extend(servers::refresh(state));
    }
    effects
}

pub(super) fn window(state: &mut State, size: (f32, f32, bool)) -> Vec<Effect> {
    let (width, height, maximized) = size;
    set(state, |settings| {
        let before = settings.window.unwrap_or_default();
        let place = if maximized && settings.window.is_some() {
            // The size to which the window goes back is kept.
            WindowPlace {
                maximized,
                ..before
            }
        } else {
            WindowPlace {
                width,
                height,
                maximized,
                ..before
            }
        };
        settings.window = Some(place);
        *settings = settings.clone().within_limits();
    })
}

pub(super) fn close_toast(state: &mut State, id: u64) -> Vec<Effect> {
    state.toasts.retain(|toast| toast.id != id);
    Vec::new()
}

pub(super) fn toast_action(state: &mut State, id: u64) -> Vec<Effect> {
    let Some(index) = state.toasts.iter().position(|toast| toast.id == id) else {
        return Vec::new();
    };
    let action = state.toasts.remove(index).action;
    match action.filter(|action| action.is_possible(state)) {
        Some(ToastAction::Undo(_)) => canvas::undo(state),
        Some(ToastAction::Show(place)) => canvas::show(state, place),
        Some(ToastAction::ShowLog) => show_tab(state, BottomTab::Log),
        Some(ToastAction::Reload) => files::reload(state),
        Some(ToastAction::Examine) => connecting::examine(state),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
