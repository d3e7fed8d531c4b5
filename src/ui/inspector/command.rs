//! The fields of a command: of a command step, and of pre- and post-processing.

use egui::{Align, Layout, Ui, vec2};

use super::fold::Line;
use super::form::{Form, Typed};
use crate::designer::words::inspector as words;
use crate::designer::{Field, PathPurpose, ProgramOf, recipe, typed};
use crate::model::Command;
use crate::run::Slot;
use crate::ui::icons::Icon;
use crate::ui::theme::{Role, gap, size, tokens};
use crate::ui::widgets::{IconButton, text};

/// A command, and what the fields have made of it.
struct Changed<'a> {
    command: &'a Command,
    said: Option<(Command, Field)>,
}

impl<'a> Changed<'a> {
    const fn of(command: &'a Command) -> Self {
        Self {
            command,
            said: None,
        }
    }

    fn set(&mut self, field: Field, apply: impl FnOnce(&mut Command)) {
        let mut new = self.command.clone();
        apply(&mut new);
        self.said = Some((new, field));
    }
}

/// Draws them; the changed command and what has changed.
pub(super) fn fields(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    of: ProgramOf,
    command: &Command,
) -> Option<(Command, Field)> {
    let mut changed = Changed::of(command);
    if let Some((from, to)) = recipe::copied(command) {
        if let Some((from, to)) = copy(form, ui, of, (from, to)) {
            let copy = recipe::copy_file(&from, &to);
            changed.set(Field::Arguments, |new| {
                new.arguments.clone_from(&copy.arguments);
            });
        }
    } else {
        let field = Typed::new(words::PROGRAM).hint(words::PROGRAM_HINT);
        let purpose = PathPurpose::Program(of);
        if let Some(program) = form.path(ui, field, &command.program, purpose) {
            changed.set(Field::Program, |new| new.program.clone_from(&program));
        }
        if let Some(arguments) = arguments(form, ui, &command.arguments) {
            changed.set(Field::Arguments, |new| {
                new.arguments.clone_from(&arguments);
            });
        }
    }
    if form.view.state.document.file.is_none() {
        Form::tip(ui, words::PATHS_UNSAVED);
    }
    let is_plain = is_plain(command, of.slot);
    let line = Line {
        title: words::MORE,
        end: "",
        is_open: !is_plain,
    };
    if form.fold(ui, ("more", 0), line)
        && let Some((new, field)) = more(form, ui, of, command)
    {
        return Some((new, field));
    }
    changed.said
}

/// The first field of a command.
pub(super) fn first_field(form: &Form<'_, '_>, command: &Command) -> egui::Id {
    let is_copy = recipe::copied(command).is_some();
    form.scope.with(if is_copy {
        words::COPY_FROM
    } else {
        words::PROGRAM
    })
}

/// Whether the settings that are folded away all have their defaults.
fn is_plain(command: &Command, slot: Slot) -> bool {
    let plain = Command::new("");
    command.directory.is_none()
        && command.environment.is_empty()
        && command.wait
        && command.allowed_exit_codes == plain.allowed_exit_codes
        && (slot == Slot::Main || command.timeout.is_none())
}

fn copy(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    of: ProgramOf,
    (from, to): (&str, &str),
) -> Option<(String, String)> {
    let new_from = form.path(
        ui,
        Typed::new(words::COPY_FROM),
        from,
        PathPurpose::CopyFrom(of),
    );
    let new_to = form.path(ui, Typed::new(words::COPY_TO), to, PathPurpose::CopyTo(of));
    match (new_from, new_to) {
        (None, None) => None,
        (new_from, new_to) => Some((
            new_from.unwrap_or_else(|| from.to_owned()),
            new_to.unwrap_or_else(|| to.to_owned()),
        )),
    }
}

fn arguments(form: &mut Form<'_, '_>, ui: &mut Ui, arguments: &[String]) -> Option<Vec<String>> {
    const LETTER: f32 = 7.3;
    const LEAST: usize = 2;
    const MOST: usize = 14;
    let shown = arguments.join("\n");
    let letters = ((ui.available_width() - size::LABEL - 20.0) / LETTER).max(4.0) as usize;
    let lines: usize = arguments
        .iter()
        .map(|argument| 1 + argument.chars().count() / letters)
        .sum();
    let field = Typed {
        rows: (lines + 1).clamp(LEAST, MOST),
        mono: true,
        ..Typed::new(words::ARGUMENTS).hint(words::ARGUMENTS_HINT)
    };
    form.text(ui, field, &shown, |text| Ok(split(text)))
}

/// One argument on each line; the end of the last line does not begin another one.
fn split(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.split('\n').map(str::to_owned).collect()
}

fn more(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    of: ProgramOf,
    command: &Command,
) -> Option<(Command, Field)> {
    let mut changed = Changed::of(command);
    let directory = command.directory.as_deref().unwrap_or_default();
    let field = Typed::new(words::DIRECTORY).hint(words::DIRECTORY_HINT);
    if let Some(text) = form.path(ui, field, directory, PathPurpose::Directory(of)) {
        changed.set(Field::Directory, |new| {
            new.directory = typed::optional_text(&text);
        });
    }
    if of.slot != Slot::Main {
        let shown = command.timeout.map(typed::span_text).unwrap_or_default();
        let field = Typed::new(words::TIMEOUT).hint(words::NO_LIMIT);
        if let Some(timeout) = form.with_default(ui, field, &shown, typed::optional_span) {
            changed.set(Field::CommandTimeout, |new| new.timeout = timeout);
        }
    }
    if let Some(wait) = form.toggle(ui, words::WAIT, command.wait, words::WAIT_OFF) {
        changed.set(Field::Wait, |new| new.wait = wait);
    }
    let plain = Command::new("").allowed_exit_codes;
    let shown = if command.allowed_exit_codes == plain {
        String::new()
    } else {
        typed::exit_codes_text(&command.allowed_exit_codes)
    };
    let field = Typed::new(words::EXIT_CODES).hint(words::EXIT_CODES_HINT);
    if let Some(codes) = form.with_default(ui, field, &shown, typed::exit_codes) {
        changed.set(Field::ExitCodes, |new| {
            new.allowed_exit_codes = codes.clone();
        });
    }
    if let Some(environment) = environment(form, ui, &command.environment) {
        changed.set(Field::Environment, |new| {
            new.environment.clone_from(&environment);
        });
    }
    changed.said
}

fn environment(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    variables: &[(String, String)],
) -> Option<Vec<(String, String)>> {
    let mut said = None;
    let colour = tokens(ui).text_secondary;
    text(ui, words::ENVIRONMENT, Role::Body, colour);
    ui.add_space(gap::HAIR);
    for (index, (name, value)) in variables.iter().enumerate() {
        form.part(("variable", index), |form| {
            if let Some(new) = variable(form, ui, (name, value)) {
                let mut all = variables.to_vec();
                if let Variable::Is(pair) = new {
                    all.splice(index..=index, [pair]);
                } else {
                    all.remove(index);
                    form.drafts.clear();
                }
                said = Some(all);
            }
        });
    }
    if form.small_button(ui, Icon::Add, words::ADD_VARIABLE, "") {
        let mut all = variables.to_vec();
        all.push((String::new(), String::new()));
        said = Some(all);
    }
    ui.add_space(gap::CLOSE);
    said
}

/// What a person wants of a variable.
enum Variable {
    Is((String, String)),
    IsGone,
}

fn variable(form: &mut Form<'_, '_>, ui: &mut Ui, (name, value): (&str, &str)) -> Option<Variable> {
    let any = |text: &str| Ok(text.to_owned());
    let wanted = vec2(ui.available_width(), size::INPUT);
    let said = ui
        .allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = gap::TIGHT;
            let room = ui.available_width() - size::ICON_BUTTON_SMALL - 2.0 * gap::TIGHT;
            let field = |name| Typed {
                width: Some(room / 2.0),
                mono: true,
                ..Typed::new(name).hint(name)
            };
            let new_name = form.typed(ui, field(words::VARIABLE), name, any);
            let new_value = form.typed(ui, field(words::VALUE), value, any);
            let remove = IconButton::new(Icon::Close, words::REMOVE_VARIABLE).small();
            if ui
                .add_enabled_ui(form.enabled, |ui| remove.show(ui).clicked())
                .inner
            {
                return Some(Variable::IsGone);
            }
            match (new_name, new_value) {
                (None, None) => None,
                (new_name, new_value) => Some(Variable::Is((
                    new_name.unwrap_or_else(|| name.to_owned()),
                    new_value.unwrap_or_else(|| value.to_owned()),
                ))),
            }
        })
        .inner;
    ui.add_space(gap::TIGHT);
    said
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn each_line_is_an_argument() {
        let cases: [(&str, &[&str]); 5] = [
            ("", &[]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a b\n\nc", &["a b", "", "c"]),
            ("\n", &[""]),
        ];
        for (text, arguments) in cases {
            assert_eq!(split(text), arguments, "{text:?}");
        }
    }
}
