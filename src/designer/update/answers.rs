//! What the world answers, handed to the part that asked.

use super::super::words::files as words;
use super::super::{Answer, Effect, State};
use super::{checking, diagnosing, dialogs, files, inventory, passwords, runs, servers, toasts};

pub(super) fn take(state: &mut State, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Opened {
            file,
            sequence,
            stamp,
            at,
        } => files::opened(state, file, *sequence, stamp, at),
        Answer::NotOpened { file, sentence } => files::not_opened(state, file, sentence),
        Answer::Saved {
            file,
            content,
            stamp,
            at,
        } => files::saved(state, &file, content, stamp, at),
        Answer::NotSaved { file, sentence } => files::not_saved(state, &file, sentence),
        Answer::ChangedUnderneath { file, theirs } => {
            files::changed_underneath(state, &file, theirs)
        }
        Answer::DiskChanged { file, theirs } => files::disk_changed(state, &file, theirs),
        Answer::PathChosen { purpose, path } => dialogs::path_chosen(state, purpose, path, false),
        Answer::PathCancelled => files::path_cancelled(state),
        Answer::NoDialog { purpose, folder } => dialogs::no_dialog(state, purpose, folder),
        Answer::RecoveryFound(copies) => files::recovery_found(state, copies),
        Answer::Recovered {
            file,
            sequence,
            stamp,
        } => files::recovered(state, file, *sequence, stamp),
        Answer::Checked { content, problems } => checking::checked(state, content, problems),
        Answer::Connected { .. }
        | Answer::NotConnected { .. }
        | Answer::Examined { .. }
        | Answer::Recalled { .. }
        | Answer::Store(_)
        | Answer::AgentsRead { .. }
        | Answer::AgentsNotRead { .. } => of_server(state, answer),
        Answer::Inventory(answer) => inventory::answered(state, answer),
        Answer::RunStarted { token, run } => runs::started(state, token, run),
        Answer::RunNotStarted { sentence } => runs::not_started(state, sentence),
        Answer::RunRefused { errors } => runs::refused(state, &errors),
        Answer::RunUpdates(updates) => runs::updates(state, &updates),
        Answer::RunGone => runs::gone(state),
        Answer::NotControlled { sentence } => runs::not_controlled(state, sentence),
        Answer::RunsFound {
            of_file,
            runs: list,
            problem,
        } => runs::found(state, of_file, list, problem),
        Answer::RecentSeen(seen) => files::recent_seen(state, seen),
        Answer::Failed { sentence } => failed(state, sentence),
    }
}

/// What comes of connecting, and of what goes with it.
fn of_server(state: &mut State, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Connected {
            token,
            server,
            agents,
            at,
        } => servers::connected(state, token, server, agents, at),
        Answer::NotConnected {
            token,
            sentence,
            is_password,
            certificate,
        } => {
            let failure = servers::Failure::new(sentence, is_password, certificate);
            servers::not_connected(state, token, failure)
        }
        Answer::Examined { token, news } => diagnosing::told(state, token, news),
        Answer::Recalled {
            token,
            password,
            problem,
        } => passwords::recalled(state, token, password, problem),
        Answer::Store(answer) => passwords::stored(state, answer),
        Answer::AgentsRead {
            token,
            agents,
            at,
            reply_ms,
        } => {
            servers::replied(state, token, reply_ms);
            servers::agents_read(state, token, agents, at)
        }
        Answer::AgentsNotRead { token, sentence } => {
            servers::agents_not_read(state, token, sentence)
        }
        _ => Vec::new(),
    }
}

fn failed(state: &mut State, sentence: String) -> Vec<Effect> {
    toasts::failed(state, words::FAILED, sentence);
    Vec::new()
}
