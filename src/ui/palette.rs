//! The palette: search or run a command.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, Align2, Area, Color32, CornerRadius, Frame, Id, Key, Layout, Margin, Modifiers, Order,
    Rect, Response, ScrollArea, Sense, Stroke, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use crate::designer::words::palette::heading;
use crate::designer::words::palette_panel as words;
use crate::designer::{Msg, PaletteMark, PaletteMsg, PaletteRow, palette_rows};
use crate::model::Place;

use super::icons::{self, Icon};
use super::marks;
use super::theme::{Elevation, Role, gap, radius, shadow, size, tokens};
use super::view::View;
use super::widgets::{chosen_ground, empty_state, key_caps, text};

/// What the palette remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    is_open: bool,
    row: usize,
    /// The rows, and the state that they were made of.
    rows: (u64, Vec<PaletteRow>),
}

/// Draws the palette, if it is open.
pub(in crate::ui) fn show(ui: &Ui, view: &mut View<'_>, memory: &mut Memory) {
    let Some(palette) = &view.state.palette else {
        memory.is_open = false;
        memory.rows = (0, Vec::new());
        return;
    };
    let is_new = !std::mem::replace(&mut memory.is_open, true);
    let age = view.state.age();
    if is_new || memory.rows.0 != age {
        memory.rows = (age, palette_rows(view.state));
    }
    let rows = &memory.rows.1;
    keys(ui, view);
    let screen = ui.ctx().content_rect();
    scrim(ui, view, screen);
    let width = size::PALETTE.min(screen.width() - 2.0 * gap::FAR);
    let top = screen.top() + (screen.height() * 0.105).max(gap::FAR);
    let at = pos2(screen.center().x - width / 2.0, top);
    let tallest = screen.bottom() - top - gap::FAR;
    let tokens = tokens(ui);
    Area::new(Id::unique("palette"))
        .order(Order::Foreground)
        .fixed_pos(at)
        .show(ui.ctx(), |ui| {
            Frame::new()
                .fill(tokens.bg_overlay)
                .stroke(Stroke::new(1.0, tokens.stroke_default))
                .corner_radius(radius::DIALOG)
                .shadow(shadow(ui, Elevation::Dialog))
                .show(ui, |ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.y = 0.0;
                    field(ui, view, &palette.text, is_new);
                    rule(ui);
                    let moved = memory.row != palette.row;
                    memory.row = palette.row;
                    let room = tallest - FIELD - FOOT - 4.0;
                    list(ui, view, rows, (palette.row, moved), room);
                    rule(ui);
                    foot(ui, rows.len());
                });
        });
}

/// The height of the field.
const FIELD: f32 = 50.0;
/// The height of the line with the keys.
const FOOT: f32 = 38.0;

/// The keys of the palette; letters go to its field.
fn keys(ui: &Ui, view: &mut View<'_>) {
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let none = Modifiers::NONE;
    // The palette keeps the keyboard as long as it is open: Tab walks its rows.
    if pressed(Modifiers::SHIFT, Key::Tab) {
        view.say(Msg::Palette(PaletteMsg::Move(-1)));
    }
    for (key, by) in [
        (Key::Tab, 1),
        (Key::ArrowUp, -1),
        (Key::ArrowDown, 1),
        (Key::PageUp, -8),
        (Key::PageDown, 8),
    ] {
        if pressed(none, key) {
            view.say(Msg::Palette(PaletteMsg::Move(by)));
        }
    }
    if pressed(none, Key::Escape) {
        view.say(Msg::Palette(PaletteMsg::Close));
    }
    for (modifiers, keep_open) in [(Modifiers::COMMAND, true), (none, false)] {
        if pressed(modifiers, Key::Enter) {
            let row = None;
            view.say(Msg::Palette(PaletteMsg::Run { row, keep_open }));
        }
    }
}

/// Dims the window; a click beside the palette closes it.
fn scrim(ui: &Ui, view: &mut View<'_>, screen: Rect) {
    let colour = tokens(ui).scrim.gamma_multiply(0.6);
    let area = Area::new(Id::unique("palette-scrim"))
        .order(Order::Middle)
        .fixed_pos(screen.min);
    let beside = area.show(ui.ctx(), |ui| {
        ui.painter().rect_filled(screen, 0.0, colour);
        ui.allocate_rect(screen, Sense::CLICK)
    });
    if beside.inner.clicked() {
        view.say(Msg::Palette(PaletteMsg::Close));
    }
}

fn field(ui: &mut Ui, view: &mut View<'_>, typed: &str, is_new: bool) {
    let tokens = tokens(ui);
    let mut draft = typed.to_owned();
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), FIELD),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.set_min_height(FIELD);
            ui.add_space(gap::GROUP);
            icons::show(ui, Icon::Search, size::ICON_TOOLBAR, tokens.text_secondary);
            ui.add_space(gap::NEAR);
            let width = ui.available_width() - 64.0;
            let edit = TextEdit::singleline(&mut draft)
                .id(Id::unique("palette-field"))
                .lock_focus(true)
                .font(Role::CardState.font())
                .align(Align2::LEFT_CENTER)
                .min_size(vec2(0.0, FIELD))
                .frame(Frame::NONE)
                .desired_width(width)
                .align(egui::Align2::LEFT_CENTER)
                .min_size(vec2(width, FIELD))
                .hint_text(words::FIELD);
            let response = ui.add(edit);
            ui.ctx()
                .accesskit_node_builder(response.id, |node| node.set_label(words::FIELD));
            if is_new {
                response.request_focus();
            }
            key_caps(ui, crate::designer::words::widgets::ESCAPE);
        },
    );
    if draft != typed {
        view.say(Msg::Palette(PaletteMsg::Text(draft)));
    }
}

fn rule(ui: &mut Ui) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 1.0));
    ui.painter()
        .rect_filled(rect, 0.0, tokens(ui).stroke_default);
}

fn list(
    ui: &mut Ui,
    view: &mut View<'_>,
    rows: &[PaletteRow],
    (chosen, moved): (usize, bool),
    room: f32,
) {
    if rows.is_empty() {
        empty_state(
            ui,
            Icon::Search,
            words::NOTHING,
            words::NOTHING_TEXT,
            |_| {},
        );
        return;
    }
    let thread = view
        .state
        .selection
        .cursor
        .and_then(Place::thread)
        .unwrap_or(0);
    ScrollArea::vertical()
        .max_height(room)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            Frame::new().inner_margin(Margin::same(9)).show(ui, |ui| {
                let mut group = None;
                for (index, row) in rows.iter().enumerate() {
                    if group.replace(row.group) != Some(row.group) {
                        ui.add_space(gap::TIGHT);
                        ui.horizontal(|ui| {
                            ui.add_space(gap::NEAR);
                            let colour = tokens(ui).text_secondary;
                            text(ui, &heading(row.group, thread), Role::Small, colour);
                        });
                        ui.add_space(gap::TIGHT);
                    }
                    let response = entry(ui, row, index, index == chosen);
                    if index == chosen && moved {
                        response.scroll_to_me(None);
                    }
                    if response.clicked() {
                        let keep_open = ui.input(|input| input.modifiers.command);
                        let row = Some(index);
                        view.say(Msg::Palette(PaletteMsg::Run { row, keep_open }));
                    }
                }
            });
        });
}

fn entry(ui: &mut Ui, row: &PaletteRow, index: usize, is_chosen: bool) -> Response {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::PALETTE_ROW));
    let response = ui.interact(rect, Id::unique(("palette-row", index)), Sense::click());
    let is_able = row.why_not.is_empty();
    response
        .widget_info(|| WidgetInfo::selected(egui::Role::ListItem, is_able, is_chosen, &row.title));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let tokens = tokens(ui);
    if is_chosen {
        chosen_ground(ui, rect, radius::BUTTON);
    } else if response.hovered() {
        let corner = CornerRadius::same(radius::BUTTON);
        ui.painter().rect_filled(rect, corner, tokens.bg_hover);
    }
    let (icon, tint) = mark(ui, row.mark);
    let colour = if is_able {
        tokens.text_primary
    } else {
        tokens.text_disabled
    };
    let left = rect.left() + gap::NEAR;
    let place = Rect::from_center_size(
        pos2(left + 9.0, rect.center().y),
        vec2(size::ICON_ROW, size::ICON_ROW),
    );
    icons::paint(ui, icon, place, if is_able { tint } else { colour });
    let mut end = rect.right() - gap::NEAR;
    if !row.keys.is_empty() {
        let keys = ui.painter().layout_no_wrap(
            row.keys.clone(),
            Role::Badge.font(),
            tokens.text_secondary,
        );
        end -= keys.size().x;
        let at = pos2(end, rect.center().y - keys.size().y / 2.0);
        ui.painter().galley(at, keys, tokens.text_secondary);
        end -= gap::APART;
    }
    let start = left + 30.0;
    let title = title(row, colour, tokens.accent_text, end - start);
    let title = ui.painter().layout_job(title);
    let at = pos2(start, rect.center().y - title.size().y / 2.0);
    let width = title.size().x;
    ui.painter().galley(at, title, colour);
    let hint = if is_able { &row.hint } else { &row.why_not };
    let room = end - start - width - gap::APART;
    if room > 20.0 {
        let quiet = tokens.text_tertiary;
        let mut job = LayoutJob::simple(hint.clone(), Role::Small.font(), quiet, room);
        job.wrap.max_rows = 1;
        let hint = ui.painter().layout_job(job);
        let at = pos2(
            start + width + gap::APART,
            rect.center().y - hint.size().y / 2.0,
        );
        ui.painter().galley(at, hint, quiet);
    }
    response
}

/// The title, with what was typed set apart.
fn title(row: &PaletteRow, colour: Color32, found: Color32, room: f32) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = room;
    job.wrap.max_rows = 1;
    let mut end = 0;
    let mut add = |part: Option<&str>, is_found: bool| {
        let role = if is_found {
            Role::BodyStrong
        } else {
            Role::Body
        };
        let format = TextFormat::simple(role.font(), if is_found { found } else { colour });
        job.append(part.unwrap_or_default(), 0.0, format);
    };
    for part in &row.matches {
        add(row.title.get(end..part.start), false);
        add(row.title.get(part.clone()), true);
        end = part.end;
    }
    add(row.title.get(end..), false);
    job
}

fn mark(ui: &Ui, mark: PaletteMark) -> (Icon, Color32) {
    let tokens = tokens(ui);
    match mark {
        PaletteMark::Command(command) => (
            marks::of_command(command).unwrap_or(Icon::Palette),
            tokens.text_secondary,
        ),
        PaletteMark::Profile(kind) => {
            let (icon, look) = marks::of_type(kind);
            (icon, tokens.kind(look).icon)
        }
        PaletteMark::Place => (Icon::ArrowRight, tokens.text_secondary),
        PaletteMark::Problem => (
            Icon::Warning,
            tokens.status(super::theme::Status::Warning).text,
        ),
    }
}

fn foot(ui: &mut Ui, count: usize) {
    let colour = tokens(ui).text_secondary;
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), FOOT),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.set_min_height(FOOT);
            ui.add_space(gap::GROUP);
            for (keys, what) in [
                (words::MOVE_KEYS, words::MOVE),
                (words::RUN_KEY, words::RUN),
                (words::KEEP_KEYS, words::KEEP),
            ] {
                key_caps(ui, keys);
                text(ui, what, Role::Small, colour);
                ui.add_space(gap::APART);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(gap::GROUP);
                text(ui, &words::results(count), Role::Small, colour);
            });
        },
    );
}
