//! The field in which a step or thread is renamed where it stands.

use egui::{Id, Key, Modifiers, Rect, Ui, UiBuilder};

use crate::designer::Msg;
use crate::designer::words::cards as words;
use crate::model::Place;
use crate::ui::view::View;
use crate::ui::widgets::TextField;

/// What is being typed.
#[derive(Default)]
pub(super) struct Memory {
    place: Option<Place>,
    text: String,
}

/// Forgets what was typed when nothing is renamed any more.
pub(super) fn settle(memory: &mut Memory, renaming: Option<Place>) {
    if memory.place != renaming {
        memory.place = None;
    }
}

/// Draws the field; Enter accepts, Escape gives up, leaving it accepts.
pub(super) fn show(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    place: Place,
    (old, hint): (&str, &str),
    rect: Rect,
) {
    let id = Id::unique("canvas-rename");
    let is_new = memory.place != Some(place);
    if is_new {
        memory.place = Some(place);
        old.clone_into(&mut memory.text);
    }
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    let is_accepted =
        has_focus && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
    let mut child = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .id_salt("canvas-rename-field"),
    );
    let response = TextField::new(words::NEW_NAME, &mut memory.text)
        .id(id)
        .hint(hint)
        .small()
        .width(rect.width())
        .show(&mut child);
    if is_new {
        response.request_focus();
        select_all(ui, id, memory.text.chars().count());
    }
    // egui takes the keyboard away at once when Escape is pressed.
    let is_given_up = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
    if is_given_up {
        view.say(Msg::CancelRename);
    } else if response.changed() && !is_accepted && !response.lost_focus() {
        // Whoever saves, starts or closes meanwhile means this name too.
        view.say(Msg::RenameText(memory.text.clone()));
    } else if is_accepted || (response.lost_focus() && !is_new) {
        let name = memory.text.clone();
        view.say(Msg::Rename { place, name });
    }
    if is_accepted || is_given_up {
        ui.memory_mut(|memory| memory.request_focus(super::id()));
    }
}

/// What was there is chosen, so that typing replaces it.
fn select_all(ui: &Ui, id: Id, letters: usize) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let range = CCursorRange::two(CCursor::new(0), CCursor::new(letters));
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), id);
}
