//! The icon and colour of what is chosen, and what is known about it.

use egui::{CornerRadius, Rect, Ui, vec2};

use crate::designer::State;
use crate::mim::{AgentInfo, ProfileInfo, StepType};
use crate::model::{RunProfileStep, Step, StepKind};
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{StepLook, radius, size, tokens};

/// What is known of an agent.
pub(super) fn agent<'s>(state: &'s State, run: &RunProfileStep) -> Option<&'s AgentInfo> {
    let mut agents = state.agents()?.iter();
    agents.find(|agent| agent.name == run.agent)
}

/// What is known of a run profile.
pub(super) fn profile<'s>(state: &'s State, run: &RunProfileStep) -> Option<&'s ProfileInfo> {
    let agent = agent(state, run)?;
    agent
        .profiles
        .iter()
        .find(|known| known.name == run.profile)
}

/// What a run profile does: as the file says, else as the server says.
pub(super) fn step_type(state: &State, run: &RunProfileStep) -> Option<StepType> {
    run.step_type
        .or_else(|| profile(state, run)?.step_types.first().copied())
}

/// The icon and the family of a step.
pub(super) fn step(state: &State, step: &Step) -> (Icon, StepLook) {
    match &step.kind {
        StepKind::RunProfile(run) => {
            step_type(state, run).map_or((Icon::Sync, StepLook::Flow), of_type)
        }
        StepKind::Delay { .. } => (Icon::Delay, StepLook::Flow),
        StepKind::Command(_) => (Icon::Command, StepLook::Flow),
    }
}

/// The icon and the family of a step type.
pub(super) const fn of_type(kind: StepType) -> (Icon, StepLook) {
    match kind {
        StepType::FullImport | StepType::DeltaImport => (Icon::Import, StepLook::Import),
        StepType::FullSync | StepType::DeltaSync => (Icon::Sync, StepLook::Sync),
        StepType::Export => (Icon::Export, StepLook::Export),
        StepType::FullImportDeltaSync
        | StepType::DeltaImportDeltaSync
        | StepType::FullImportFullSync => (Icon::Combined, StepLook::Sync),
    }
}

/// The tile at the head of the inspector.
pub(super) fn tile(ui: &mut Ui, icon: Icon, look: StepLook) {
    let colours = tokens(ui).kind(look);
    let (rect, _) = ui.allocate_exact_size(vec2(size::TILE, size::TILE), egui::Sense::hover());
    ui.painter()
        .rect_filled(rect, CornerRadius::same(radius::TILE), colours.tile);
    let place = Rect::from_center_size(rect.center(), vec2(size::ICON_TILE, size::ICON_TILE));
    icons::paint_with(ui.painter(), icon, place, colours.icon, Weight::Regular);
}
