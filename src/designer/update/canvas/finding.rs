//! Searching the sequence.

use crate::model::{Command as Program, Place, Sequence, Step, StepKind};

use super::super::super::{Effect, Find, FindMsg, State};
use super::go_to;

pub(in crate::designer::update) fn find(state: &mut State, find: FindMsg) -> Vec<Effect> {
    match find {
        FindMsg::Text(text) => search(state, text),
        FindMsg::Go { forward } => go(state, forward),
        FindMsg::Close => {
            state.find = None;
            vec![Effect::Focus(state.focus)]
        }
    }
}

/// Opens the search.
pub(in crate::designer::update) fn open(state: &mut State) -> Vec<Effect> {
    state.find.get_or_insert_default();
    Vec::new()
}

fn search(state: &mut State, text: String) -> Vec<Effect> {
    let hits = hits(&state.document.sequence, &text);
    // The search stays where it is as long as the place still fits the text.
    let from = state.selection.single().unwrap_or(Place::Sequence);
    let current = if hits.is_empty() {
        None
    } else {
        let next = hits.iter().position(|hit| *hit >= from);
        Some(next.unwrap_or(0))
    };
    let place = current.and_then(|index| hits.get(index).copied());
    state.find = Some(Find {
        text,
        hits,
        current,
    });
    place.map_or_else(Vec::new, |place| go_to(state, place))
}

/// Goes to the next or previous hit; behind the last comes the first.
pub(in crate::designer::update) fn go(state: &mut State, forward: bool) -> Vec<Effect> {
    let Some(find) = &mut state.find else {
        return open(state);
    };
    let count = find.hits.len();
    if count == 0 {
        return Vec::new();
    }
    let next = match (find.current, forward) {
        (Some(current), true) => (current + 1) % count,
        (Some(current), false) => (current + count - 1) % count,
        (None, true) => 0,
        (None, false) => count - 1,
    };
    find.current = Some(next);
    let place = find.hits.get(next).copied();
    place.map_or_else(Vec::new, |place| go_to(state, place))
}

/// Searches again after the sequence has changed.
pub(super) fn refresh(state: &mut State) {
    let Some(find) = &mut state.find else {
        return;
    };
    let was = find.current.and_then(|index| find.hits.get(index).copied());
    find.hits = hits(&state.document.sequence, &find.text);
    let same = was.and_then(|was| find.hits.iter().position(|hit| *hit >= was));
    find.current = same.or_else(|| (!find.hits.is_empty()).then_some(0));
}

/// The places with this text, letter case aside, in the order of the document. A thread comes before
/// its steps.
fn hits(sequence: &Sequence, text: &str) -> Vec<Place> {
    let wanted = text.trim().to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    let mut hits = Vec::new();
    for (thread, content) in sequence.threads.iter().enumerate() {
        if has(&content.name) {
            hits.push(Place::Thread(thread));
        }
        for (step, content) in content.steps.iter().enumerate() {
            if step_has(content, &has) {
                hits.push(Place::Step { thread, step });
            }
        }
    }
    hits
}

fn step_has(step: &Step, has: &impl Fn(&str) -> bool) -> bool {
    let in_program = |program: &Program| {
        has(&program.program) || program.arguments.iter().any(|argument| has(argument))
    };
    let in_kind = match &step.kind {
        StepKind::RunProfile(run) => has(run.agent.as_str()) || has(run.profile.as_str()),
        StepKind::Command(command) => in_program(command),
        StepKind::Delay { .. } => false,
    };
    in_kind
        || has(&step.label())
        || step.processing.pre.iter().any(in_program)
        || step
            .processing
            .post
            .iter()
            .any(|post| in_program(&post.command))
}
