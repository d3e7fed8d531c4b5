//! Rows of a form: a label, a control, what is wrong with it; and drafts of what is being typed.
//!
//! A draft lives while its field has the keyboard, or as long as it cannot be read. Must not know
//! what is edited.

use std::collections::HashSet;

use egui::{Align, Id, Key, Layout, Popup, Rect, Response, Ui, UiBuilder, pos2, vec2};

use crate::designer::words::inspector as words;
use crate::designer::{Msg, PathPurpose};
use crate::ui::icons::Icon;
use crate::ui::theme::{Role, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{
    Button, Combo, Elide, IconButton, TextField, elided, menu_frame, option, switch, text, tooltip,
};

/// What is being typed, or cannot be read.
#[derive(Default)]
pub(super) struct Drafts(Vec<(Id, String)>);

impl Drafts {
    /// Forgets them all.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn get(&self, id: Id) -> Option<&str> {
        let found = self.0.iter().find(|(of, _)| *of == id);
        found.map(|(_, text)| text.as_str())
    }

    fn set(&mut self, id: Id, text: String) {
        match self.0.iter_mut().find(|(of, _)| *of == id) {
            Some((_, old)) => *old = text,
            None => self.0.push((id, text)),
        }
    }

    fn remove(&mut self, id: Id) {
        self.0.retain(|(of, _)| *of != id);
    }
}

/// A form while it is drawn: what all of its rows share.
pub(super) struct Form<'a, 'v> {
    /// The frame's view.
    pub(super) view: &'a mut View<'v>,
    /// What is being typed.
    pub(super) drafts: &'a mut Drafts,
    /// The parent of the ids of all fields.
    pub(super) scope: Id,
    /// The folds that are not as they are by default.
    pub(super) folds: &'a mut HashSet<Id>,
    /// The fold of what was just added: to be seen, and typed into.
    pub(super) fresh: &'a mut Option<Id>,
    /// Whether something may be changed.
    pub(super) enabled: bool,
}

/// What a field to type in is like.
#[derive(Clone, Copy, Default)]
pub(super) struct Typed<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// What it means to leave it empty.
    pub(super) hint: &'a str,
    /// The unit, at its right edge.
    pub(super) unit: &'a str,
    /// How many lines it has.
    pub(super) rows: usize,
    /// Its width, if not all there is.
    pub(super) width: Option<f32>,
    /// Room at its right edge for a button.
    pub(super) trailing: f32,
    /// Letters of equal width.
    pub(super) mono: bool,
}

impl<'a> Typed<'a> {
    /// A field with this name.
    pub(super) const fn new(name: &'a str) -> Self {
        Self {
            name,
            hint: "",
            unit: "",
            rows: 1,
            width: None,
            trailing: 0.0,
            mono: false,
        }
    }

    /// The same, with what it means to leave it empty.
    pub(super) const fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }
}

impl Form<'_, '_> {
    /// The same form for a part of it, so that ids do not meet.
    pub(super) fn part<R>(
        &mut self,
        salt: impl std::hash::Hash + std::fmt::Debug,
        show: impl FnOnce(&mut Form<'_, '_>) -> R,
    ) -> R {
        let scope = self.scope.with(salt);
        show(&mut Form {
            view: &mut *self.view,
            drafts: &mut *self.drafts,
            folds: &mut *self.folds,
            fresh: &mut *self.fresh,
            scope,
            enabled: self.enabled,
        })
    }

    /// A label with its control; what the control needs more room for goes below it.
    pub(super) fn row<R>(
        &mut self,
        ui: &mut Ui,
        label: &str,
        control: impl FnOnce(&mut Self, &mut Ui) -> R,
    ) -> R {
        let shown = ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let before = ui.cursor().left();
            ui.allocate_ui_with_layout(
                vec2(size::LABEL, size::INPUT),
                Layout::left_to_right(Align::Center),
                |ui| {
                    ui.set_min_size(vec2(size::LABEL, size::INPUT));
                    let colour = tokens(ui).text_secondary;
                    let room = size::LABEL - gap::CLOSE;
                    elided(ui, label, Role::Body, colour, Elide::End, room);
                },
            );
            let used = ui.cursor().left() - before;
            ui.add_space((size::LABEL - used).max(0.0));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing = vec2(gap::CLOSE, gap::HAIR);
                control(self, ui)
            })
            .inner
        });
        ui.add_space(gap::TIGHT);
        shown.inner
    }

    /// A field over a value: says the new one whenever what is typed can be read.
    pub(super) fn typed<T>(
        &mut self,
        ui: &mut Ui,
        field: Typed<'_>,
        shown: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let id = self.scope.with(field.name);
        let drafted = self.drafts.get(id);
        let is_drafted = drafted.is_some();
        let mut value = drafted.unwrap_or(shown).to_owned();
        let error = if is_drafted { read(&value).err() } else { None };
        let mut edit = TextField::new(field.name, &mut value)
            .id(id)
            .hint(field.hint)
            .unit(field.unit)
            .multiline(field.rows.max(1))
            .trailing(field.trailing)
            .error(error.as_deref());
        if let Some(width) = field.width {
            edit = edit.width(width.min(ui.available_width()));
        }
        if field.mono {
            edit = edit.mono();
        }
        let response = ui.add_enabled_ui(self.enabled, |ui| edit.show(ui)).inner;
        self.settle(ui, (id, is_drafted), &response, (value, shown), read)
    }

    /// Keeps or drops the draft after its field was drawn.
    fn settle<T>(
        &mut self,
        ui: &Ui,
        (id, was_drafted): (Id, bool),
        response: &Response,
        (value, shown): (String, &str),
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let is_given_up = was_drafted
            && response.lost_focus()
            && ui.input(|input| input.key_pressed(Key::Escape));
        if is_given_up {
            self.drafts.remove(id);
            self.view.say(Msg::EndTyping);
            return None;
        }
        let mut said = None;
        if response.changed() {
            said = read(&value).ok();
            self.drafts.set(id, value);
        } else if response.lost_focus() && was_drafted {
            if value == shown || read(&value).is_ok() {
                self.drafts.remove(id);
            }
            self.view.say(Msg::EndTyping);
        }
        said
    }

    /// A labelled field over a value.
    pub(super) fn text<T>(
        &mut self,
        ui: &mut Ui,
        field: Typed<'_>,
        shown: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.row(ui, field.name, |form, ui| {
            form.typed(ui, field, shown, read)
        })
    }

    /// A labelled field over a value that has a default, with a way back to it.
    pub(super) fn with_default<T>(
        &mut self,
        ui: &mut Ui,
        field: Typed<'_>,
        shown: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        if shown.is_empty() || !self.enabled {
            return self.row(ui, field.name, |form, ui| {
                let room = ui.available_width();
                let typed = Typed {
                    width: Some(field.width.unwrap_or(room).min(room)),
                    ..field
                };
                form.typed(ui, typed, shown, read)
            });
        }
        let (said, is_reset) = self.with_button(ui, field, (shown, &read), |form, ui, _| {
            let reset = IconButton::new(Icon::Undo, words::RESET).small();
            let is_clicked = reset.show(ui).clicked();
            if is_clicked {
                form.drafts.remove(form.scope.with(field.name));
            }
            is_clicked
        });
        if is_reset { read("").ok() } else { said }
    }

    /// A labelled field with a small button at its right; the button is told where both begin and how
    /// wide they are.
    fn with_button<T, R>(
        &mut self,
        ui: &mut Ui,
        field: Typed<'_>,
        (shown, read): (&str, &impl Fn(&str) -> Result<T, String>),
        button: impl FnOnce(&mut Self, &mut Ui, (f32, f32)) -> R,
    ) -> (Option<T>, R) {
        self.row(ui, field.name, |form, ui| {
            ui.vertical(|ui| {
                let first = ui.cursor().min;
                let room = ui.available_width();
                let width = field.width.unwrap_or(room).min(room);
                let typed = Typed {
                    width: Some(width),
                    trailing: size::ICON_BUTTON_SMALL,
                    ..field
                };
                let said = form.typed(ui, typed, shown, read);
                let inside = Rect::from_min_size(
                    pos2(
                        first.x + width - size::ICON_BUTTON_SMALL - gap::HAIR,
                        first.y,
                    ),
                    vec2(size::ICON_BUTTON_SMALL, size::INPUT),
                );
                let place = UiBuilder::new()
                    .max_rect(inside)
                    .layout(Layout::left_to_right(Align::Center));
                let mut beside = ui.new_child(place);
                (said, button(form, &mut beside, (first.x, width)))
            })
            .inner
        })
    }

    /// A labelled path with the system's dialog.
    pub(super) fn path(
        &mut self,
        ui: &mut Ui,
        field: Typed<'_>,
        shown: &str,
        purpose: PathPurpose,
    ) -> Option<String> {
        let read = |text: &str| Ok(text.to_owned());
        let (said, ()) = self.with_button(ui, field, (shown, &read), |form, ui, _| {
            let button = IconButton::new(Icon::Open, words::BROWSE).small();
            let shown = ui.add_enabled_ui(form.enabled, |ui| button.show(ui));
            if shown.inner.clicked() {
                form.view.say(Msg::Browse(purpose));
            }
        });
        said
    }

    /// A labelled name that can be typed or chosen of those that are known.
    pub(super) fn name_of<'n, T>(
        &mut self,
        ui: &mut Ui,
        field: Typed<'_>,
        shown: &str,
        known: impl Iterator<Item = (&'n str, String)>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (said, chosen) = self.with_button(ui, field, (shown, &read), |form, ui, whole| {
            form.known(ui, field.name, shown, whole, known)
        });
        match chosen {
            Some(name) => {
                self.drafts.remove(self.scope.with(field.name));
                read(&name).ok()
            }
            None => said,
        }
    }

    /// The button that lists what is known, and its list.
    fn known<'n>(
        &self,
        ui: &mut Ui,
        name: &str,
        shown: &str,
        (left, width): (f32, f32),
        known: impl Iterator<Item = (&'n str, String)>,
    ) -> Option<String> {
        let button = ui
            .add_enabled_ui(self.enabled, |ui| {
                IconButton::new(Icon::Collapse, words::SHOW_KNOWN)
                    .small()
                    .show(ui)
            })
            .inner;
        let id = self.scope.with((name, "known"));
        let place = egui::pos2(left, button.rect.bottom() + gap::TIGHT);
        let list = Popup::menu(&button)
            .id(id)
            .at_position(place)
            .width(width)
            .frame(menu_frame(ui));
        let shown = list.show(|ui| {
            ui.set_min_width(width - gap::APART);
            let mut chosen = None;
            let mut is_empty = true;
            let tall = ui.ctx().content_rect().height() * 0.5;
            egui::ScrollArea::vertical()
                .max_height(tall)
                .show(ui, |ui| {
                    for (name, hint) in known {
                        is_empty = false;
                        if option(ui, name == shown, name, &hint) {
                            chosen = Some(name.to_owned());
                        }
                    }
                });
            if is_empty {
                let colour = tokens(ui).text_secondary;
                text(ui, words::NOTHING_KNOWN, Role::Body, colour);
            }
            chosen
        })?;
        if shown.inner.is_some() {
            Popup::close_id(ui.ctx(), id);
        }
        shown.inner
    }

    /// A labelled list to choose one of.
    pub(super) fn choice<T: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        (current, shown): (T, &str),
        options: impl IntoIterator<Item = (T, String, &'static str)>,
    ) -> Option<T> {
        self.row(ui, name, |form, ui| {
            let id = form.scope.with(name);
            ui.add_enabled_ui(form.enabled, |ui| {
                let one_of = |ui: &mut Ui| {
                    let options = options
                        .into_iter()
                        .filter(|(value, text, hint)| option(ui, *value == current, text, hint));
                    options.last().map(|(value, ..)| value)
                };
                Combo::new(id, name, shown).show(ui, one_of)
            })
            .inner
        })
        .filter(|chosen| *chosen != current)
    }

    /// A switch with its words before it.
    pub(super) fn toggle(&self, ui: &mut Ui, name: &str, is_on: bool, hint: &str) -> Option<bool> {
        let mut on = is_on;
        let wanted = vec2(ui.available_width(), size::BUTTON_SMALL + gap::HAIR);
        ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_height(wanted.y);
            let look = tokens(ui);
            let room = ui.available_width() - size::SWITCH.x - gap::APART;
            elided(ui, name, Role::Body, look.text_secondary, Elide::End, room);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_enabled_ui(self.enabled, |ui| {
                    let response = switch(ui, name, &mut on);
                    tooltip(&response, hint, None);
                });
            });
        });
        (on != is_on).then_some(on)
    }

    /// A sentence under a control that explains it.
    pub(super) fn tip(ui: &mut Ui, sentence: &str) {
        let look = tokens(ui);
        egui::Frame::new()
            .fill(look.bg_window)
            // Where panel and window have one colour, the box shows by its edge.
            .stroke(egui::Stroke::new(1.0, look.stroke_subtle))
            .corner_radius(radius::BUTTON)
            .inner_margin(egui::Margin::symmetric(9, 6))
            .show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                text(ui, sentence, Role::Small, look.text_secondary);
            });
        ui.add_space(gap::CLOSE);
    }

    /// A button of a row.
    pub(super) fn small_button(
        &self,
        ui: &mut Ui,
        icon: impl Into<Option<Icon>>,
        label: &str,
        tip: &str,
    ) -> bool {
        let mut button = Button::new(label).small().tooltip(tip);
        if let Some(icon) = icon.into() {
            button = button.icon(icon);
        }
        ui.add_enabled_ui(self.enabled, |ui| button.show(ui).clicked())
            .inner
    }
}
