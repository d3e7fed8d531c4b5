//! The search that floats over the threads.

use egui::{Align2, Frame, Id, Key, Margin, Modifiers, Order, Rect, Stroke, Ui, vec2};

use crate::designer::words::cards as words;
use crate::designer::{Command, FindMsg, Msg};
use crate::ui::icons::Icon;
use crate::ui::theme::{Elevation, Role, Status, gap, radius, shadow, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{IconButton, TextField, text};

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
    let keys = ui.memory(|memory| memory.has_focus(id)).then(|| field_keys(ui));
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
    let button = |ui: &mut Ui, icon, name, key: Option<&str>| {
        let button = IconButton::new(icon, name).small();
        let button = match key {
            Some(key) => button.key(key),
            None => button,
        };
        button.show(ui).clicked()
    };
    ui.spacing_mut().item_spacing.x = gap::HAIR;
    let back = button(
        ui,
        Icon::ArrowUp,
        Command::FindPrevious.label(),
        previous.as_deref(),
    );
    let forth = button(
        ui,
        Icon::Collapse,
        Command::FindNext.label(),
        next.as_deref(),
    );
    let close = button(ui, Icon::Close, words::CLOSE_FIND, Some(words::ESCAPE));
    let go = if forth {
        Some(true)
    } else if back {
        Some(false)
    } else {
        keys.and_then(|keys| keys.go)
    };
    let is_changed = typed != find.text;
    let close = close || keys.is_some_and(|keys| keys.close);
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

#[derive(Clone, Copy)]
struct FieldKeys {
    go: Option<bool>,
    close: bool,
}

/// Enter goes on, Shift+Enter goes back, Escape closes; taken before the field sees them.
fn field_keys(ui: &Ui) -> FieldKeys {
    ui.input_mut(|input| {
        let back = input.consume_key(Modifiers::SHIFT, Key::Enter);
        let forth = input.consume_key(Modifiers::NONE, Key::Enter);
        let close = input.consume_key(Modifiers::NONE, Key::Escape);
        FieldKeys {
            go: if forth {
                Some(true)
            } else {
                back.then_some(false)
            },
            close,
        }
    })
}
