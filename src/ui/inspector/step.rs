//! The properties of one step.

use egui::Ui;

use super::form::{Form, Typed};
use super::{command, marks, processing};
use crate::designer::words::{inspector as words, step_types};
use crate::designer::{Edit, Field, Msg, ProgramOf, typed};
use crate::mim::{AgentName, ProfileName, StepType};
use crate::model::{Command, OnFailure, Place, RunProfileStep, Step, StepKind};
use crate::run::Slot;
use crate::ui::theme::gap;
use crate::ui::widgets::separator;

/// Draws them.
pub(super) fn show(form: &mut Form<'_, '_>, ui: &mut Ui, place: Place, step: &Step) {
    let said = match &step.kind {
        StepKind::RunProfile(run) => {
            run_profile(form, ui, run).map(|(run, field)| (StepKind::RunProfile(run), field))
        }
        StepKind::Delay { duration } => {
            let shown = typed::span_text(*duration);
            let said = form.text(ui, Typed::new(words::DURATION), &shown, |text| {
                typed::span(text).map_err(|sentence| {
                    if text.trim().is_empty() {
                        words::SPAN_MISSING.to_owned()
                    } else {
                        sentence
                    }
                })
            });
            Form::tip(ui, step_types::DELAY_TIP);
            said.map(|duration| (StepKind::Delay { duration }, Field::Duration))
        }
        StepKind::Command(command) => command_step(form, ui, place, command)
            .map(|(command, field)| (StepKind::Command(command), field)),
    };
    if let Some((kind, field)) = said {
        say(form, place, step, field, |new| new.kind = kind);
    }
    separator(ui);
    common(form, ui, place, step);
    separator(ui);
    ui.add_space(gap::TIGHT);
    if let Some((all, field)) = processing::show(form, ui, place, &step.processing) {
        say(form, place, step, field, |new| new.processing = all);
    }
}

fn say(
    form: &mut Form<'_, '_>,
    place: Place,
    step: &Step,
    field: Field,
    change: impl FnOnce(&mut Step),
) {
    let mut step = Box::new(step.clone());
    change(&mut step);
    form.view.say(Msg::Edit(Edit::Step { place, step, field }));
}

/// What steps of every kind have.
fn common(form: &mut Form<'_, '_>, ui: &mut Ui, place: Place, step: &Step) {
    if let Some(enabled) = form.toggle(ui, words::ENABLED, step.enabled, "") {
        say(form, place, step, Field::Enabled, |new| {
            new.enabled = enabled;
        });
    }
    let name = step.name.as_deref().unwrap_or_default();
    let unnamed = step.name.is_none().then(|| words::unnamed(&step.kind));
    let field = Typed::new(words::NAME).hint(unnamed.as_deref().unwrap_or_default());
    if let Some(name) = form.with_default(ui, field, name, |text| Ok(typed::optional_text(text))) {
        say(form, place, step, Field::Name, |new| new.name = name);
    }
    let shown = step.timeout.map(typed::span_text).unwrap_or_default();
    let field = Typed::new(words::TIMEOUT).hint(words::NO_LIMIT);
    if let Some(timeout) = form.with_default(ui, field, &shown, typed::optional_span) {
        say(form, place, step, Field::Timeout, |new| {
            new.timeout = timeout;
        });
    }
    if let Some(choice) = on_failure(form, ui, Some(step.on_failure)) {
        say(form, place, step, Field::OnFailure, |new| {
            new.on_failure = choice;
        });
    }
}

/// The choice of what happens when a step fails; `None` when several steps differ.
pub(super) fn on_failure(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    current: Option<OnFailure>,
) -> Option<OnFailure> {
    let options = OnFailure::ALL.map(|choice| {
        let name = words::on_failure(choice).to_owned();
        (Some(choice), name, words::on_failure_hint(choice))
    });
    let shown = current.map_or(words::MIXED, words::on_failure);
    form.choice(ui, words::ON_FAILURE, (current, shown), options)?
}

fn command_step(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    place: Place,
    command: &Command,
) -> Option<(Command, Field)> {
    let slot = Slot::Main;
    let said = command::fields(form, ui, ProgramOf { place, slot }, command);
    Form::tip(ui, step_types::COMMAND_TIP);
    said
}

fn run_profile(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    run: &RunProfileStep,
) -> Option<(RunProfileStep, Field)> {
    let state = form.view.state;
    let list = state.agents().map(|agents| &**agents).unwrap_or_default();
    let known = list
        .iter()
        .map(|agent| (agent.name.as_str(), agent.agent_type.clone()));
    let mut said = None;
    let field = Typed::new(words::AGENT);
    let new = form.name_of(ui, field, run.agent.as_str(), known, |text| {
        AgentName::new(text).map_err(|error| sentence(&error, words::AGENT_EXPECTED))
    });
    if let Some(agent) = new {
        said = Some((
            RunProfileStep {
                agent,
                ..run.clone()
            },
            Field::Agent,
        ));
    }
    let profiles = marks::agent(state, run).map(|agent| &*agent.profiles);
    let known = profiles.unwrap_or_default().iter().map(|profile| {
        let kind = profile.step_types.first().map(|kind| kind.label());
        (profile.name.as_str(), kind.unwrap_or_default().to_owned())
    });
    let field = Typed::new(words::PROFILE);
    let new = form.name_of(ui, field, run.profile.as_str(), known, |text| {
        ProfileName::new(text).map_err(|error| sentence(&error, words::PROFILE_EXPECTED))
    });
    if let Some(profile) = new {
        said = Some((
            RunProfileStep {
                profile,
                ..run.clone()
            },
            Field::Profile,
        ));
    }
    let told = marks::profile(state, run).and_then(|profile| profile.step_types.first().copied());
    if let Some(Chosen(step_type)) = step_type(form, ui, run.step_type, told) {
        said = Some((
            RunProfileStep {
                step_type,
                ..run.clone()
            },
            Field::StepType,
        ));
    }
    match run.step_type.or(told) {
        Some(kind) => Form::tip(ui, step_types::step_type_tip(kind)),
        None => Form::tip(ui, words::TYPE_UNKNOWN),
    }
    said
}

fn sentence(error: &crate::mim::NameError, empty: &str) -> String {
    match error {
        crate::mim::NameError::Empty => empty.to_owned(),
        other => other.to_string(),
    }
}

/// A chosen type; none is as the server says.
struct Chosen(Option<StepType>);

fn step_type(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    current: Option<StepType>,
    told: Option<StepType>,
) -> Option<Chosen> {
    let server = words::as_server_says(told);
    let shown: &str = match current {
        Some(kind) => kind.label(),
        None => &server,
    };
    let first = (None, server.clone(), words::AS_SERVER_SAYS_HINT);
    let rest = StepType::ALL.map(|kind| (Some(kind), kind.label().to_owned(), ""));
    let options = std::iter::once(first).chain(rest);
    form.choice(ui, words::STEP_TYPE, (current, shown), options)
        .map(Chosen)
}
