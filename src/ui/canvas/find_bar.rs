//! The search that floats over the threads.

use egui::{
    Align2, CornerRadius, Frame, Id, Key, Margin, Modifiers, Order, Rect, Role as Part, Sense,
    Stroke, Ui, WidgetInfo, vec2,
};

use crate::designer::words::cards as words;
use crate::designer::{Command, FindMsg, Msg};
use crate::ui::icons::Icon;
use crate::ui::theme::{Elevation, Role, Status, gap, radius, shadow, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{IconButton, TextField, focus_ring, text, tooltip};

/// What the search remembers by itself.
#[derive(Default)]
pub(super) struct Memory {
    is_open: bool,
}

/// Draws the search in the upper right corner of the canvas.
pub(super) fn show(ui: &Ui, view: &mut View<'_>, memory: &mut Memory, canvas: Rect) {
    let is_new = !memory.is_open;
    memory.is_open = view.state.find.is_some();
    if !memory.is_open {
        return;
    }
    let corner = canvas.right_top() + vec2(-gap::APART, gap::NEAR);
    egui::Area::new(Id::unique("canvas-find"))
        .order(Order::Middle)
        .pivot(Align2::RIGHT_TOP)
        .fixed_pos(corner)
        .constrain_to(canvas)
        .show(ui.ctx(), |ui| {
            let tokens = tokens(ui);
            Frame::new()
                .fill(tokens.bg_overlay)
                .stroke(Stroke::new(1.0, tokens.stroke_default))
                .corner_radius(radius::CARD)
                .inner_margin(Margin::same(6))
                .shadow(shadow(ui, Elevation::Menu))
                .show(ui, |ui| {
                    ui.horizontal(|ui| bar(ui, view, is_new));
                });
        });
}

fn bar(ui: &mut Ui, view: &mut View<'_>, is_new: bool) {
    let Some(find) = &view.state.find else {
        return;
    };
    const WIDTH: f32 = 210.0;
    const COUNT: f32 = 72.0;
    let id = Id::unique("canvas-find-text");
    let mut typed = find.text.clone();
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    let typed_go = if has_focus { go_key(ui) } else { None };
    let field = TextField::new(words::FIND, &mut typed)
        .id(id)
        .hint(words::FIND)
        .icon(Icon::Search)
        .small()
        .width(WIDTH)
        .show(ui);
    if is_new {
        field.request_focus();
    }
    let tokens = tokens(ui);
    let is_missed = find.hits.is_empty() && !find.text.is_empty();
    ui.allocate_ui(vec2(COUNT, 20.0), |ui| {
        ui.set_min_width(COUNT);
        if is_missed {
            let colour = tokens.status(Status::Warning).text;
            text(ui, words::NOT_FOUND, Role::Small, colour);
        } else if !find.hits.is_empty() {
            let count = words::hit_of(find.current, find.hits.len());
            text(ui, &count, Role::Small, tokens.text_secondary);
        }
    });
    let key = |command: Command| command.shortcuts().first().map(ToString::to_string);
    let previous = key(Command::FindPrevious);
    let next = key(Command::FindNext);
    ui.spacing_mut().item_spacing.x = gap::HAIR;
    let back = chevron(ui, true, Command::FindPrevious.label(), previous.as_deref());
    let forth = chevron(ui, false, Command::FindNext.label(), next.as_deref());
    let close = IconButton::new(Icon::Close, words::CLOSE_FIND)
        .small()
        .key(words::ESCAPE)
        .show(ui)
        .clicked();
    let go = if forth {
        Some(true)
    } else if back {
        Some(false)
    } else {
        typed_go
    };
    let is_changed = typed != find.text;
    // egui takes the keyboard away at once when Escape is pressed.
    let is_escaped = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
    let close = close || is_escaped;
    if is_changed {
        view.say(Msg::Find(FindMsg::Text(typed)));
    }
    if let Some(forward) = go {
        view.say(Msg::Find(FindMsg::Go { forward }));
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    if close {
        view.say(Msg::Find(FindMsg::Close));
    }
}

/// A small button with a chevron up or down.
fn chevron(ui: &mut Ui, is_up: bool, name: &str, key: Option<&str>) -> bool {
    let tokens = tokens(ui);
    let side = vec2(size::ICON_BUTTON_SMALL, size::ICON_BUTTON_SMALL);
    let (rect, response) = ui.allocate_exact_size(side, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Part::Button, true, name));
    if response.hovered() {
        let corner = CornerRadius::same(radius::BADGE);
        ui.painter().rect_filled(rect, corner, tokens.bg_hover);
    }
    let up = if is_up { -1.0 } else { 1.0 };
    let centre = rect.center();
    let ends = [(-4.0, -2.0), (0.0, 2.0), (4.0, -2.0)].map(|(x, y)| centre + vec2(x, y * up));
    let stroke = Stroke::new(1.5, tokens.text_secondary);
    ui.painter().line(ends.to_vec(), stroke);
    focus_ring(ui, &response, rect, radius::BADGE);
    tooltip(&response, name, key);
    response.clicked()
}

/// Enter goes on, Shift+Enter goes back; taken before the field sees them.
fn go_key(ui: &Ui) -> Option<bool> {
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::SHIFT, Key::Enter) {
            Some(false)
        } else {
            input
                .consume_key(Modifiers::NONE, Key::Enter)
                .then_some(true)
        }
    })
}
