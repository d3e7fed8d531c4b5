//! The keyboard: keys become commands, F6 moves between panels.
//!
//! Must not act on keys that belong to an open dialog, palette or menu, or to the field with the
//! cursor.

use egui::{Event, Id, InputState, Key as Pressed, Modifiers, Popup, Rect, Stroke, Ui, WidgetRect};

use crate::designer::{Command, DragMsg, FindMsg, Key, Msg, Panel, PanelMsg, Shortcut};

use super::theme::{by_keyboard, tokens};
use super::view::View;

/// Reads the keys of this frame that belong to commands.
pub(in crate::ui) fn read(ui: &Ui, view: &mut View<'_>) {
    let state = view.state;
    if state.dialog.is_some() || state.palette.is_some() || Popup::is_any_open(ui.ctx()) {
        return;
    }
    escape(ui, view);
    let is_typing = ui.ctx().text_edit_focused();
    let mut wanted = Vec::new();
    ui.input_mut(|input| {
        if !is_typing {
            clipboard(input, state.focus, &mut wanted);
        }
        input.events.retain(|event| {
            let Event::Key {
                key,
                pressed: true,
                repeat,
                modifiers,
                ..
            } = event
            else {
                return true;
            };
            let Some(command) = command(*key, *modifiers) else {
                return true;
            };
            if is_typing && command.yields_to_text() || !is_for(command, state.focus) {
                return true;
            }
            if !*repeat || is_repeated(command) {
                wanted.push(Msg::Command(command));
            }
            false
        });
    });
    for msg in wanted {
        view.say(msg);
    }
}

/// Whether a key means the canvas while the keyboard is in this panel: what is chosen on the canvas
/// must not vanish because somebody meant a row of the tree.
const fn is_for(command: Command, panel: Panel) -> bool {
    match command {
        Command::Delete | Command::Cut => matches!(panel, Panel::Canvas | Panel::Inspector),
        Command::Copy => !matches!(panel, Panel::Bottom),
        _ => true,
    }
}

/// Whether holding the key goes on doing it.
const fn is_repeated(command: Command) -> bool {
    matches!(
        command,
        Command::Undo
            | Command::Redo
            | Command::MoveUp
            | Command::MoveDown
            | Command::MoveLeft
            | Command::MoveRight
            | Command::FindNext
            | Command::FindPrevious
            | Command::NextProblem
            | Command::PreviousProblem
            | Command::NextPanel
            | Command::PreviousPanel
            | Command::ZoomIn
            | Command::ZoomOut
    )
}

/// The window library tells of the clipboard's keys by what they mean.
fn clipboard(input: &mut InputState, panel: Panel, wanted: &mut Vec<Msg>) {
    input.events.retain(|event| {
        let command = match event {
            Event::Copy => Command::Copy,
            Event::Cut => Command::Cut,
            Event::Paste(text) => {
                wanted.push(Msg::Pasted(text.clone()));
                return false;
            }
            _ => return true,
        };
        let is_meant = is_for(command, panel);
        if is_meant {
            wanted.push(Msg::Command(command));
        }
        !is_meant
    });
}

fn escape(ui: &Ui, view: &mut View<'_>) {
    let state = view.state;
    let msg = if state.drag.is_some() {
        Msg::Drag(DragMsg::Cancel)
    } else if state.find.is_some() && state.renaming.is_none() {
        Msg::Find(FindMsg::Close)
    } else {
        return;
    };
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Pressed::Escape)) {
        view.say(msg);
    }
}

/// The command of a key.
fn command(key: Pressed, modifiers: Modifiers) -> Option<Command> {
    let is_meant = |shortcut: &Shortcut| {
        // Where a sign needs Shift, Shift is no part of the shortcut.
        let needs_shift = matches!(shortcut.key, Key::Char('+'));
        shortcut.ctrl == modifiers.command
            && shortcut.alt == modifiers.alt
            && (shortcut.shift == modifiers.shift || needs_shift)
            && pressed(shortcut.key) == Some(key)
    };
    let mut commands = Command::ALL.iter().copied();
    commands.find(|command| command.shortcuts().iter().any(is_meant))
}

/// A key as the window library calls it.
fn pressed(key: Key) -> Option<Pressed> {
    Some(match key {
        Key::Char(sign) => {
            let mut letters = [0; 4];
            return Pressed::from_name(sign.encode_utf8(&mut letters));
        }
        Key::F(number) => return FUNCTION.get(usize::from(number).checked_sub(1)?).copied(),
        Key::Enter => Pressed::Enter,
        Key::Delete => Pressed::Delete,
        Key::Up => Pressed::ArrowUp,
        Key::Down => Pressed::ArrowDown,
        Key::Left => Pressed::ArrowLeft,
        Key::Right => Pressed::ArrowRight,
    })
}

const FUNCTION: [Pressed; 12] = [
    Pressed::F1,
    Pressed::F2,
    Pressed::F3,
    Pressed::F4,
    Pressed::F5,
    Pressed::F6,
    Pressed::F7,
    Pressed::F8,
    Pressed::F9,
    Pressed::F10,
    Pressed::F11,
    Pressed::F12,
];

/// Moves the keyboard to a panel, as soon as it is drawn.
pub(in crate::ui) fn focus(ui: &Ui, panel: Panel) {
    ui.data_mut(|data| data.insert_temp(wanted_id(), panel));
    ui.ctx().request_repaint();
}

fn wanted_id() -> Id {
    Id::unique("keys-wanted-panel")
}

/// Where the panels are in this frame.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::ui) struct Places {
    places: [Option<Rect>; 5],
}

impl Places {
    /// Notes where a panel was drawn.
    pub(in crate::ui) fn note(&mut self, panel: Panel, rect: Rect) {
        if let Some(place) = self.places.get_mut(panel as usize) {
            *place = Some(rect);
        }
    }

    /// Where a panel is.
    pub(in crate::ui) fn of(&self, panel: Panel) -> Option<Rect> {
        self.places.get(panel as usize).copied().flatten()
    }

    fn at(&self, rect: Rect) -> Option<Panel> {
        let all = [
            Panel::Server,
            Panel::Tree,
            Panel::Canvas,
            Panel::Inspector,
            Panel::Bottom,
        ];
        let middle = rect.center();
        all.into_iter()
            .find(|panel| self.of(*panel).is_some_and(|place| place.contains(middle)))
    }
}

/// After the panels were drawn: gives the keyboard to the panel that was asked for, says which panel
/// has it, and marks that panel.
pub(in crate::ui) fn settle(ui: &Ui, view: &mut View<'_>, places: &Places) {
    let asked: Option<Panel> = ui.data_mut(|data| data.remove_temp(wanted_id()));
    if let Some(panel) = asked {
        // Who is to type a name has the keyboard already.
        let is_taken = panel == Panel::Canvas && view.state.renaming.is_some();
        if !is_taken
            && let Some(first) = places
                .of(panel)
                .and_then(|place| first_in(ui, panel, place))
        {
            ui.memory_mut(|memory| memory.request_focus(first));
        }
        if view.state.focus != panel {
            view.say(Msg::Panel(PanelMsg::Focused(panel)));
        }
        ui.ctx().request_repaint();
        return;
    }
    let focused = ui.memory(|memory| memory.focused());
    let rect = focused.and_then(|id| {
        ui.ctx().viewport(|viewport| {
            let widget = viewport.this_pass.widgets.get(id)?;
            (widget.layer_id == ui.layer_id()).then_some(widget.interact_rect)
        })
    });
    let Some(panel) = rect.and_then(|rect| places.at(rect)) else {
        return;
    };
    if panel != view.state.focus {
        view.say(Msg::Panel(PanelMsg::Focused(panel)));
    }
    if by_keyboard(ui.ctx())
        && let Some(place) = places.of(panel)
    {
        let stroke = Stroke::new(2.0, tokens(ui).focus);
        ui.painter()
            .hline(place.x_range(), place.top() + 1.0, stroke);
    }
}

/// The widget of a panel that takes the keyboard: its list, or else its first control.
fn first_in(ui: &Ui, panel: Panel, place: Rect) -> Option<Id> {
    let known = match panel {
        Panel::Tree => Some(super::tree::list_id()),
        Panel::Canvas => Some(Id::unique("canvas-threads")),
        Panel::Server => Some(super::server_bar::first_id()),
        Panel::Inspector | Panel::Bottom => None,
    };
    ui.ctx().viewport(|viewport| {
        let widgets = &viewport.this_pass.widgets;
        if let Some(known) = known.filter(|id| widgets.get(*id).is_some()) {
            return Some(known);
        }
        widgets
            .get_layer(ui.layer_id())
            .filter(|widget| {
                widget.enabled
                    && widget.sense.is_focusable()
                    && widget.sense.senses_click()
                    // The edge by which a panel is dragged lies half outside.
                    && place.contains_rect(widget.interact_rect)
            })
            // A foot may be drawn before what is above it.
            .min_by(|one, other| {
                let at = |widget: &WidgetRect| (widget.rect.top(), widget.rect.left());
                at(one)
                    .partial_cmp(&at(other))
                    .unwrap_or(std::cmp::Ordering::Equal)
            })
            .map(|widget| widget.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shortcut_is_a_key_that_the_window_library_knows() {
        for command in Command::ALL {
            for shortcut in command.shortcuts() {
                let key = pressed(shortcut.key);
                assert!(key.is_some(), "{shortcut}");
                let modifiers = Modifiers {
                    alt: shortcut.alt,
                    ctrl: shortcut.ctrl,
                    shift: shortcut.shift,
                    command: shortcut.ctrl,
                    mac_cmd: false,
                };
                assert_eq!(super::command(key.unwrap(), modifiers), Some(*command));
            }
        }
    }

    #[test]
    fn a_letter_alone_is_no_command() {
        for key in [Pressed::A, Pressed::S, Pressed::Num1, Pressed::Space] {
            assert_eq!(command(key, Modifiers::NONE), None);
            assert_eq!(command(key, Modifiers::SHIFT), None);
        }
    }

    #[test]
    fn larger_is_found_whether_the_sign_needs_shift_or_not() {
        for modifiers in [Modifiers::COMMAND, Modifiers::COMMAND | Modifiers::SHIFT] {
            assert_eq!(command(Pressed::Plus, modifiers), Some(Command::ZoomIn));
        }
        assert_eq!(
            command(Pressed::Equals, Modifiers::COMMAND),
            Some(Command::ZoomIn)
        );
    }
}
