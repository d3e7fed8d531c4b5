//! What can be done with several steps or threads at once.

use egui::{Align, Layout, Ui, vec2};

use super::form::{Form, Typed};
use super::step;
use crate::designer::words::inspector as words;
use crate::designer::{Edit, Msg, Selection, StepChange, typed};
use crate::model::{Place, Sequence, Step};
use crate::ui::icons::Icon;
use crate::ui::theme::{gap, size};
use crate::ui::widgets::separator;

/// Draws it.
pub(super) fn show(form: &mut Form<'_, '_>, ui: &mut Ui, sequence: &Sequence, chosen: &Selection) {
    if let Some(enabled) = enable(form, ui) {
        let threads: Vec<usize> = chosen.threads().collect();
        form.view.say(Msg::Edit(if threads.is_empty() {
            let places = chosen.steps().collect();
            let change = StepChange::Enabled(enabled);
            Edit::Steps { places, change }
        } else {
            Edit::EnableThreads { threads, enabled }
        }));
    }
    let places: Vec<Place> = chosen.steps().collect();
    if places.is_empty() {
        return;
    }
    ui.add_space(gap::TIGHT);
    separator(ui);
    let steps = || places.iter().filter_map(|place| sequence.step(*place));
    let timeout = common(steps().map(|step: &Step| step.timeout));
    let shown = timeout.flatten().map(typed::span_text).unwrap_or_default();
    let hint = if timeout.is_some() {
        words::NO_LIMIT
    } else {
        words::MIXED
    };
    let field = Typed::new(words::TIMEOUT).hint(hint);
    if let Some(timeout) = form.with_default(ui, field, &shown, typed::optional_span) {
        say(form, &places, StepChange::Timeout(timeout));
    }
    let current = common(steps().map(|step: &Step| step.on_failure));
    if let Some(choice) = step::on_failure(form, ui, current) {
        say(form, &places, StepChange::OnFailure(choice));
    }
}

fn say(form: &mut Form<'_, '_>, places: &[Place], change: StepChange) {
    let places = places.to_vec();
    form.view.say(Msg::Edit(Edit::Steps { places, change }));
}

/// The value that all have, if they do.
fn common<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

fn enable(form: &Form<'_, '_>, ui: &mut Ui) -> Option<bool> {
    let wanted = vec2(ui.available_width(), size::BUTTON_SMALL);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = gap::CLOSE;
        let on = form.small_button(ui, Icon::Check, words::ENABLE, "");
        let off = form.small_button(ui, Icon::Skip, words::DISABLE, "");
        match (on, off) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    })
    .inner
}

#[cfg(test)]
mod tests {
    use super::common;

    #[test]
    fn a_common_value_is_one_that_all_have() {
        assert_eq!(common([1, 1].into_iter()), Some(1));
        assert_eq!(common([1, 2].into_iter()), None);
        assert_eq!(common(std::iter::empty::<u8>()), None);
    }
}
