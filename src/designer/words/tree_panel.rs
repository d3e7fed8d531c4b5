//! What the tree of agents and the building blocks say.

use super::step_types::{COMMAND_TIP, DELAY_TIP, step_type_tip};
use crate::designer::{Asked, Command, TreeRow};
use crate::mim::{Added, AgentState, ResultClass, RunResult};

/// The head of the tree.
pub const AGENTS: &str = "Agents";
/// The list of agents, for a screen reader.
pub const LIST: &str = "Management agents and run profiles";
/// The field that filters.
pub const FILTER: &str = "Filter agents and run profiles";
/// Folds all agents.
pub const FOLD_ALL: &str = "Fold all agents";
/// Unfolds all agents.
pub const UNFOLD_ALL: &str = "Unfold all agents";
/// Takes the filter away.
pub const CLEAR_FILTER: &str = "Clear the filter";
/// The head of the building blocks.
pub const BLOCKS: &str = "Building blocks";
/// A step that runs a program.
pub const COMMAND: &str = "Command";
/// A step that waits.
pub const DELAY: &str = "Delay";
/// A step whose agent and profile are typed in.
pub const RUN_PROFILE: &str = "Run profile by name";
/// How a row or a block gets into a thread.
pub const HOW_TO_ADD: &str = "Drag it into a thread, or press Enter to add it to the selected one";
/// No server, no agents.
pub const NO_AGENTS: &str = "No agents yet";
/// What to do about it.
pub const NO_AGENTS_SENTENCE: &str = "Connect to a server to see its management agents, read what was exported from it, or look around with the demo server.";
/// Takes the person to the server bar.
pub const CONNECT: &str = "Connect…";
/// Connects to the bundled simulator.
pub const DEMO: &str = "Try the demo server";
/// The agents are being read.
pub const LOADING: &str = "Reading the agents";
/// What comes of it.
pub const LOADING_SENTENCE: &str = "They appear here as soon as the server has answered.";
/// A server without agents.
pub const EMPTY: &str = "This server has no agents";
/// What to do about it.
pub const EMPTY_SENTENCE: &str =
    "Agents are set up in the synchronization service itself; refresh after that.";
/// The filter hides everything.
pub const NO_MATCH: &str = "Nothing matches";
/// What to do about it.
pub const NO_MATCH_SENTENCE: &str = "No agent or run profile has this text in its name.";
/// What only the document names.
pub const NOT_ON_SERVER: &str = "not on this server";
/// The same when the server is not asked now.
pub const NOT_SEEN: &str = "not seen there";

/// What a block does.
pub const fn block_tip(command: Command) -> &'static str {
    match command {
        Command::AddCommand => COMMAND_TIP,
        Command::AddDelay => DELAY_TIP,
        _ => command.tooltip(),
    }
}

/// The tooltip of a run profile: its type and when it is safe.
pub fn profile_tip(name: &str, row: &TreeRow, asked: Asked) -> String {
    let what = match row.step_type {
        Some(step_type) => format!("{}. {}.", step_type.label(), step_type_tip(step_type)),
        None => "Nobody knows yet what it does: the server learns that when it runs.".to_owned(),
    };
    let known = match (row.added, asked) {
        (Some(Added::Export), _) => "\nOnly the exported configuration names it.",
        (Some(Added::Earlier), _) => "\nThe server named it before the run history was cleared.",
        (None, Asked::Now) if !row.is_known => "\nThe server does not know this run profile.",
        (None, Asked::Before) if !row.is_known => {
            "\nNobody has told of this run profile; connect to see whether it is there."
        }
        (None, _) => "",
    };
    format!("{name}\n{what}{known}\n{HOW_TO_ADD}.")
}

/// The tooltip of an agent: its type and state.
pub fn agent_tip(name: &str, row: &TreeRow, asked: Asked) -> String {
    let kind = if row.agent_type.is_empty() {
        String::new()
    } else {
        format!("\n{}", row.agent_type)
    };
    let state = match &row.state {
        Some(state) => format!("\n{}", agent_state(state)),
        None => format!("\n{}", unasked(row, asked)),
    };
    format!("{name}{kind}{state}")
}

/// What is said of an agent that does not say what it does.
const fn unasked(row: &TreeRow, asked: Asked) -> &'static str {
    match (row.added, asked) {
        (Some(Added::Export), _) => {
            "Only the exported configuration names it; connect to see whether it is still there."
        }
        (_, Asked::Now) => "The server does not know this agent.",
        (_, Asked::Before) if row.is_known => "What it does now shows as soon as it is connected.",
        (_, Asked::Before) => "Nobody has told of it; connect to see whether it is there.",
        (_, Asked::Never) => "Only the sequence names it; connect to see more.",
    }
}

/// What an agent does, one sentence.
pub fn agent_state(state: &AgentState) -> String {
    match state {
        AgentState::Running {
            profile: Some(profile),
        } => format!("Runs {profile} now"),
        AgentState::Running { profile: None } => "Runs a profile now".to_owned(),
        AgentState::Idle {
            last_result: Some(result),
        } => last_result(result),
        AgentState::Idle { last_result: None } => "Has not run yet, as far as is known".to_owned(),
    }
}

fn last_result(result: &RunResult) -> String {
    let word = match result.class() {
        ResultClass::Success => "ended well",
        ResultClass::Warning => "ended with warnings",
        ResultClass::Error => "failed",
        ResultClass::Running => "has not ended",
        ResultClass::Unknown => "ended",
    };
    format!("Its last run {word} ({result})")
}

/// A row for a screen reader, where its name alone does not say enough.
pub fn row_description(row: &TreeRow, asked: Asked) -> String {
    let what = match (&row.state, row.step_type) {
        (Some(state), _) => agent_state(state),
        (None, Some(step_type)) => step_type.label().to_owned(),
        (None, None) if row.is_known => String::new(),
        (None, None) => missing(asked).to_owned(),
    };
    match row.added.map(added) {
        Some(added) if what.is_empty() => added.to_owned(),
        Some(added) => format!("{what}, {added}"),
        None => what,
    }
}

/// What stands at a row that only the document names.
pub const fn missing(asked: Asked) -> &'static str {
    match asked {
        Asked::Now => NOT_ON_SERVER,
        Asked::Before => NOT_SEEN,
        Asked::Never => "",
    }
}

/// Where something comes from that the server itself did not name, in a few words.
pub const fn added(added: Added) -> &'static str {
    match added {
        Added::Export => "from the export",
        Added::Earlier => "from earlier runs",
    }
}

/// Opens the folded tree.
pub const OPEN: &str = "Show agents";
/// Why it stays folded.
pub const NO_ROOM: &str = "The window is too narrow for agents beside a run";
