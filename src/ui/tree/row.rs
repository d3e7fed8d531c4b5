//! How one row of the tree looks, and what it tells.

use egui::{
    Align2, Color32, CornerRadius, Rect, Response, Role as Part, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::designer::words::tree_panel as words;
use crate::designer::{AgentKind, Asked, TreeItem, TreeRow};
use crate::mim::{Added, AgentState, ResultClass};
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::marks;
use crate::ui::theme::{Role, Status, Tokens, by_keyboard, gap, radius, size, tokens};
use crate::ui::widgets::{Elide, paint_elided, status_icon, tooltip};

/// What is known about a row besides what it shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) is_chosen: bool,
    pub(super) has_keyboard: bool,
    pub(super) asked: Asked,
    pub(super) is_filtered: bool,
}

/// The icon of an agent.
const fn agent_icon(kind: AgentKind) -> Icon {
    match kind {
        AgentKind::MimService => Icon::AgentPortal,
        AgentKind::Cloud => Icon::AgentCloud,
        AgentKind::ActiveDirectory => Icon::AgentAd,
        AgentKind::Database => Icon::AgentSql,
        AgentKind::Directory => Icon::AgentLdap,
        AgentKind::File => Icon::AgentHr,
        AgentKind::Other => Icon::AgentGeneric,
    }
}

/// Draws a row.
pub(super) fn paint(ui: &Ui, row: &TreeRow, response: &Response, look: Look) {
    let tokens = tokens(ui);
    let rect = response.rect.shrink2(vec2(8.0, 0.0));
    let corner = CornerRadius::same(radius::BADGE);
    let painter = ui.painter();
    let fill = match (look.is_chosen, response.hovered()) {
        (true, _) => tokens.bg_selected,
        (false, true) => tokens.bg_hover,
        (false, false) => Color32::TRANSPARENT,
    };
    painter.rect_filled(rect, corner, fill);
    if look.has_keyboard && by_keyboard(ui.ctx()) {
        let ring = Stroke::new(2.0, tokens.focus);
        painter.rect_stroke(rect, corner, ring, StrokeKind::Inside);
    }
    match &row.item {
        TreeItem::Agent(agent) => paint_agent(ui, row, agent.as_str(), rect, look),
        TreeItem::Profile(_, profile) => paint_profile(ui, row, profile.as_str(), rect, look),
    }
}

fn icon(ui: &Ui, icon: Icon, (x, rect): (f32, Rect), side: f32, colour: Color32) {
    let place = Rect::from_center_size(pos2(x + side / 2.0, rect.center().y), vec2(side, side));
    icons::paint_with(ui.painter(), icon, place, colour, Weight::Regular);
}

fn paint_agent(ui: &Ui, row: &TreeRow, name: &str, rect: Rect, look: Look) {
    let tokens = tokens(ui);
    let (words, glyph) = match look.asked {
        Asked::Never => (tokens.text_primary, tokens.text_secondary),
        _ if !row.is_known => (tokens.text_tertiary, tokens.text_tertiary),
        Asked::Now => (tokens.text_primary, tokens.text_secondary),
        // As it was: nothing of it is alive.
        Asked::Before => (tokens.text_secondary, tokens.text_tertiary),
    };
    let fold = if row.is_folded {
        Icon::Expand
    } else {
        Icon::Collapse
    };
    let left = rect.left() + 6.0;
    icon(
        ui,
        fold,
        (left, rect),
        size::ICON_PILL,
        tokens.text_secondary,
    );
    let left = left + size::ICON_PILL + gap::NEAR + 1.0;
    icon(
        ui,
        agent_icon(AgentKind::of(&row.agent_type)),
        (left, rect),
        size::ICON_ROW,
        glyph,
    );
    let left = left + size::ICON_ROW + gap::NEAR;
    let right = paint_end(ui, row, rect, look, tokens);
    let at = (pos2(left, rect.center().y), Align2::LEFT_CENTER);
    let room = (right - gap::CLOSE - left).max(24.0);
    paint_elided(
        ui.painter(),
        at,
        name,
        (Role::BodyStrong, words),
        Elide::End,
        room,
    );
}

/// Draws what stands at the end of an agent's row; says where it begins.
fn paint_end(ui: &Ui, row: &TreeRow, rect: Rect, look: Look, tokens: &Tokens) -> f32 {
    let painter = ui.painter();
    let mut right = rect.right() - gap::NEAR;
    let centre = rect.center().y;
    if row.is_folded {
        let count = row.count.to_string();
        let at = (pos2(right, centre), Align2::RIGHT_CENTER);
        let style = (Role::Small, tokens.text_tertiary);
        let (drawn, _) = paint_elided(painter, at, &count, style, Elide::End, f32::INFINITY);
        right = drawn.left() - gap::NEAR;
    }
    let side = size::ICON_PILL;
    let half = rect.width() * 0.4;
    match &row.state {
        Some(AgentState::Running { profile }) => {
            let colour = tokens.status(Status::Running).text;
            if let Some(profile) = profile {
                let at = (pos2(right, centre), Align2::RIGHT_CENTER);
                let style = (Role::Small, colour);
                let name = profile.as_str();
                let (drawn, _) = paint_elided(painter, at, name, style, Elide::End, half - side);
                right = drawn.left() - gap::TIGHT;
            }
            right -= side;
            icon(ui, Icon::Running, (right, rect), side, colour);
        }
        Some(AgentState::Idle {
            last_result: Some(result),
        }) => {
            if let Some(status) = status_of(result.class()) {
                right -= side;
                let colour = tokens.status(status).text;
                icon(ui, status_icon(status), (right, rect), side, colour);
            }
        }
        None if row.added.is_some() => right = paint_added(ui, row, (right, rect), tokens),
        None if !row.is_known => {
            let at = (pos2(right, centre), Align2::RIGHT_CENTER);
            let style = (Role::Small, tokens.text_tertiary);
            let text = words::missing(look.asked);
            let (drawn, _) = paint_elided(painter, at, text, style, Elide::End, half);
            right = drawn.left();
        }
        Some(AgentState::Idle { last_result: None }) | None => {}
    }
    right
}

/// Marks what the server itself did not name; says where the mark begins.
fn paint_added(ui: &Ui, row: &TreeRow, (right, rect): (f32, Rect), tokens: &Tokens) -> f32 {
    let mark = match row.added {
        Some(Added::Export) => Icon::Open,
        Some(Added::Earlier) => Icon::History,
        None => return right,
    };
    let side = size::ICON_BADGE;
    let left = right - side;
    icon(ui, mark, (left, rect), side, tokens.text_tertiary);
    left
}

const fn status_of(class: ResultClass) -> Option<Status> {
    match class {
        ResultClass::Success => Some(Status::Success),
        ResultClass::Warning => Some(Status::Warning),
        ResultClass::Error => Some(Status::Error),
        ResultClass::Running => Some(Status::Running),
        ResultClass::Unknown => None,
    }
}

fn paint_profile(ui: &Ui, row: &TreeRow, name: &str, rect: Rect, look: Look) {
    let tokens = tokens(ui);
    let (glyph, kind) = marks::of_type(row.step_type);
    let (words, colour) = match look.asked {
        _ if !row.is_known => (tokens.text_tertiary, tokens.text_tertiary),
        Asked::Before => (tokens.text_secondary, tokens.kind(kind).icon),
        Asked::Now | Asked::Never => (tokens.text_primary, tokens.kind(kind).icon),
    };
    let left = rect.left() + size::TREE_INDENT - 8.0 + 6.0;
    icon(ui, glyph, (left, rect), size::ICON_ROW - 1.0, colour);
    let left = left + size::ICON_ROW + gap::NEAR - 1.0;
    let at = (pos2(left, rect.center().y), Align2::LEFT_CENTER);
    let right = paint_added(ui, row, (rect.right() - gap::NEAR, rect), tokens);
    let room = (right - gap::CLOSE - left).max(24.0);
    paint_elided(
        ui.painter(),
        at,
        name,
        (Role::Body, words),
        Elide::End,
        room,
    );
}

/// Tells a screen reader and who rests on it.
pub(super) fn tell(ui: &Ui, row: &TreeRow, response: &Response, look: Look) {
    let (name, level) = match &row.item {
        TreeItem::Agent(agent) => (agent.as_str(), 1),
        TreeItem::Profile(_, profile) => (profile.as_str(), 2),
    };
    response.widget_info(|| WidgetInfo::selected(Part::TreeItem, true, look.is_chosen, name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_level(level);
        node.set_selected(look.is_chosen);
        node.set_description(words::row_description(row, look.asked));
        if level == 1 {
            node.set_expanded(!row.is_folded);
        }
    });
    if response.contains_pointer() && !response.dragged() {
        let tip = match row.item {
            TreeItem::Agent(_) => words::agent_tip(name, row, look.asked),
            TreeItem::Profile(..) => words::profile_tip(name, row, look.asked),
        };
        tooltip(response, &tip, None);
    }
}
