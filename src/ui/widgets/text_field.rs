//! The field to type in.

use egui::accesskit::Invalid;
use egui::epaint::RectShape;
use egui::{
    Align2, Color32, CornerRadius, Frame, Mesh, Rect, Response, RichText, Sense, Stroke,
    StrokeKind, TextEdit, Ui, UiBuilder, pos2, vec2,
};

use super::paint::{focus_ring, layout};
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, gap, radius, size, tokens};

/// A field to type in; its name is what a screen reader says.
#[must_use = "a field is drawn by show"]
pub(in crate::ui) struct TextField<'a> {
    name: &'a str,
    text: &'a mut String,
    id: Option<egui::Id>,
    hint: &'a str,
    unit: &'a str,
    icon: Option<Icon>,
    error: Option<&'a str>,
    enabled: Result<(), &'a str>,
    width: Option<f32>,
    trailing: f32,
    rows: usize,
    password: bool,
    mono: bool,
    small: bool,
}

impl<'a> TextField<'a> {
    /// A field with this name over this text.
    pub(in crate::ui) const fn new(name: &'a str, text: &'a mut String) -> Self {
        Self {
            name,
            text,
            id: None,
            hint: "",
            unit: "",
            icon: None,
            error: None,
            enabled: Ok(()),
            width: None,
            trailing: 0.0,
            rows: 1,
            password: false,
            mono: false,
            small: false,
        }
    }

    /// An id that others know, so that they can give it the focus.
    pub(in crate::ui) const fn id(mut self, id: egui::Id) -> Self {
        self.id = Some(id);
        self
    }

    /// What to type, shown while the field is empty.
    pub(in crate::ui) const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// The unit of a number, at the right edge.
    pub(in crate::ui) const fn unit(mut self, unit: &'a str) -> Self {
        self.unit = unit;
        self
    }

    /// An icon at the left edge.
    pub(in crate::ui) const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// What is wrong with the text; shown under the field.
    pub(in crate::ui) const fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// Disabled for this reason, unless all is well.
    pub(in crate::ui) const fn enabled_or(mut self, enabled: Result<(), &'a str>) -> Self {
        self.enabled = enabled;
        self
    }

    /// As wide as this instead of all the room.
    pub(in crate::ui) const fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Room kept at the right edge for a button that the caller puts there.
    pub(in crate::ui) const fn trailing(mut self, width: f32) -> Self {
        self.trailing = width;
        self
    }

    /// Dots instead of letters.
    pub(in crate::ui) const fn password(mut self) -> Self {
        self.password = true;
        self
    }

    /// Letters of equal width.
    pub(in crate::ui) const fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// Lower, for tables.
    pub(in crate::ui) const fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Several lines.
    pub(in crate::ui) const fn multiline(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// Draws the field.
    pub(in crate::ui) fn show(self, ui: &mut Ui) -> Response {
        let error = self.error;
        if error.is_none() {
            return self.field(ui);
        }
        let width = self.width.unwrap_or_else(|| ui.available_width());
        ui.vertical(|ui| {
            let response = self.field(ui);
            ui.add_space(gap::HAIR);
            error_line(ui, error.unwrap_or_default(), width);
            response
        })
        .inner
    }

    fn field(self, ui: &mut Ui) -> Response {
        let tokens = tokens(ui);
        let enabled = self.enabled.is_ok() && ui.is_enabled();
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let (rect, _) = ui.allocate_exact_size(vec2(width, self.height()), Sense::hover());
        let own = rect.with_max_x(rect.right() - self.trailing);
        let frame = ui.interact(
            own,
            ui.scope_id().with((self.name, "frame")),
            Sense::hover(),
        );
        let background = ui.painter().add(egui::Shape::Noop);
        let inner = self.beside(ui, rect, enabled);

        let is_cut = self.is_cut(ui, inner.width());
        let name = self.name;
        let (error, reason) = (self.error, self.enabled);
        let mut child = ui.new_child(UiBuilder::new().max_rect(inner).id_salt(name));
        child.shrink_clip_rect(rect);
        // The field itself is as high as it should be; the letters in it need no more than a line.
        child.spacing_mut().interact_size.y = 0.0;
        let response = self
            .letters(&mut child, inner, enabled)
            .accessible_name(name);
        if frame.hovered() && enabled {
            ui.ctx().set_cursor_icon(egui::CursorIcon::Text);
        }
        if enabled && !response.has_focus() && pressed_on(ui, &frame) {
            response.request_focus();
        }

        let border = match (enabled, error.is_some(), response.has_focus()) {
            (false, ..) => Stroke::new(1.0, tokens.stroke_default),
            (true, true, _) => Stroke::new(2.0, tokens.status(Status::Error).solid),
            (true, false, true) => Stroke::new(2.0, tokens.focus),
            (true, false, false) => Stroke::new(1.0, tokens.stroke_strong),
        };
        let fill = if enabled {
            tokens.bg_input
        } else {
            tokens.bg_disabled
        };
        if is_cut && !response.has_focus() {
            fade_end(ui, inner, fill);
        }
        let corner = CornerRadius::same(radius::BUTTON);
        let shape = RectShape::new(rect, corner, fill, border, StrokeKind::Inside);
        ui.painter().set(background, shape);
        focus_ring(ui, &response, rect, radius::BUTTON);
        if let Err(reason) = reason {
            super::tooltip(&frame, reason, None);
        }
        if let Some(error) = error.or_else(|| reason.err()) {
            ui.ctx().accesskit_node_builder(response.id, |node| {
                if enabled {
                    node.set_invalid(Invalid::True);
                }
                node.set_description(error);
            });
        }
        response
    }

    /// Whether its one line has more letters than room.
    fn is_cut(&self, ui: &Ui, room: f32) -> bool {
        let is_line = self.rows <= 1 && !self.password && !self.text.is_empty();
        is_line && {
            let galley = layout(ui.painter(), self.text, self.role(), f32::INFINITY);
            galley.size().x > room
        }
    }

    const fn role(&self) -> Role {
        if self.mono { Role::Mono } else { Role::Body }
    }

    fn height(&self) -> f32 {
        match (self.rows > 1, self.small) {
            (true, _) => self.role().line_height() * self.rows as f32 + 12.0,
            (false, true) => size::INPUT_TABLE,
            (false, false) => size::INPUT,
        }
    }

    /// Draws what stands beside the letters, and says what room is left for them.
    fn beside(&self, ui: &Ui, rect: Rect, enabled: bool) -> Rect {
        let tokens = tokens(ui);
        let dim = if enabled {
            tokens.text_tertiary
        } else {
            tokens.text_disabled
        };
        let mut inner = rect.shrink2(vec2(9.0, 0.0));
        let centre = rect.center().y;
        if let Some(icon) = self.icon {
            let at = pos2(inner.left() + size::ICON_ROW / 2.0, centre);
            let place = Rect::from_center_size(at, vec2(size::ICON_ROW, size::ICON_ROW));
            icons::paint_with(ui.painter(), icon, place, dim, Weight::Regular);
            inner.min.x += size::ICON_ROW + 7.0;
        }
        inner.max.x -= self.trailing;
        if !self.unit.is_empty() {
            let galley = layout(ui.painter(), self.unit, Role::Body, rect.width() / 2.0);
            let at = pos2(
                inner.right() - galley.size().x,
                centre - galley.size().y / 2.0,
            );
            inner.max.x = at.x - 6.0;
            ui.painter().galley(at, galley, dim);
        }
        if self.rows > 1 {
            return inner.shrink2(vec2(0.0, 6.0));
        }
        let half = self.role().line_height() / 2.0;
        Rect::from_x_y_ranges(inner.x_range(), centre - half..=centre + half)
    }

    fn letters(self, ui: &mut Ui, room: Rect, enabled: bool) -> Response {
        let tokens = tokens(ui);
        let font = self.role().font();
        let hint = RichText::new(self.hint).font(font.clone());
        let several = self.rows > 1;
        let edit = if several {
            TextEdit::multiline(self.text)
                .desired_rows(self.rows)
                .align(Align2::LEFT_TOP)
        } else {
            TextEdit::singleline(self.text).align(Align2::LEFT_CENTER)
        };
        let mut edit = edit
            .font(font)
            .hint_text(hint)
            .password(self.password)
            .frame(Frame::NONE)
            .desired_width(room.width())
            .min_size(room.size())
            .text_color(if enabled {
                tokens.text_primary
            } else {
                tokens.text_disabled
            });
        if let Some(id) = self.id {
            edit = edit.id(id);
        }
        ui.add_enabled(enabled, edit)
    }
}

/// Lets the letters at the end fade, so that nobody takes what is seen for all there is.
fn fade_end(ui: &Ui, room: Rect, ground: Color32) {
    const WIDTH: f32 = 28.0;
    let rect = room.with_min_x((room.right() - WIDTH).max(room.left()));
    let clear = ground.gamma_multiply(0.0);
    let mut mesh = Mesh::default();
    mesh.colored_vertex(rect.left_top(), clear);
    mesh.colored_vertex(rect.right_top(), ground);
    mesh.colored_vertex(rect.right_bottom(), ground);
    mesh.colored_vertex(rect.left_bottom(), clear);
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(0, 2, 3);
    ui.painter().add(mesh);
}

/// A press beside the letters, on the unit or the icon, is meant for the field too.
fn pressed_on(ui: &Ui, frame: &Response) -> bool {
    frame.contains_pointer() && ui.input(|input| input.pointer.primary_pressed())
}

fn error_line(ui: &mut Ui, error: &str, width: f32) {
    let colour = tokens(ui).status(Status::Error).text;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap::TIGHT;
        icons::show(ui, Icon::Error, size::ICON_PILL, colour);
        ui.vertical(|ui| {
            ui.set_max_width((width - size::ICON_PILL - gap::TIGHT).max(MESSAGE));
            super::text(ui, error, Role::Small, colour);
        });
    });
}

/// The least room for a message, under a field that is narrower than any sentence.
const MESSAGE: f32 = 110.0;
