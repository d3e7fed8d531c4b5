//! Threads, their steps as cards, and what floats over them.

use std::time::Duration;

use crate::base::text::{plural, short_duration};

/// The threads, for a screen reader.
pub const THREADS: &str = "Threads";
/// The slot at the end of a thread.
pub const ADD_STEP: &str = "Add step";
/// The column after the last thread.
pub const ADD_THREAD: &str = "Add thread";
/// What can be dropped into a thread without steps.
pub const DROP_HERE: &str = "Drop a run profile here";
/// What a thread without steps says during a run.
pub const NO_STEPS: &str = "No steps";
/// A sequence without threads.
pub const NO_THREADS: &str = "No thread yet";
/// What threads are for.
pub const NO_THREADS_SENTENCE: &str =
    "Threads run side by side; the steps of a thread run one after the other";
/// The menu of a card or of a thread's head.
pub const MORE: &str = "More actions";
/// A thread or step that takes no part in a run.
pub const OFF: &str = "Disabled";
/// Where a thread can be dragged.
pub const DRAG_THREAD: &str = "Drag to move the thread";
/// Whether a command step of a run is called after its program, with which its line begins.
pub fn is_command_label(name: &str, line: &str) -> bool {
    let program = name.strip_prefix(COMMAND).map(str::trim_start);
    program.is_some_and(|program| line.trim_start_matches('"').starts_with(program))
}

/// What a run profile step with a name of its own does.
pub fn agent_and_profile(agent: &str, profile: &str) -> String {
    format!("{agent} · {profile}")
}

/// A delay step.
pub const DELAY: &str = "Delay";
/// A command step.
pub const COMMAND: &str = "Command";
/// A command step whose program is not given yet.
pub const NO_PROGRAM: &str = "No program yet";
/// A thread or agent without a name.
pub const UNNAMED: &str = "Unnamed";
/// There are commands before the step.
pub const PRE: &str = "Pre";
/// There are commands after the step.
pub const POST: &str = "Post";
/// The run goes on when the step fails.
pub const ON_FAILURE_CONTINUE: &str = "Continue on failure";
/// The run ends when the step fails.
pub const ON_FAILURE_STOP_ALL: &str = "Stop all on failure";
/// The command is started and not waited for.
pub const NOT_AWAITED: &str = "Not awaited";
/// A thread of a run that runs, before its first step is known.
pub const RUNNING: &str = "Running";
/// A thread of a run that has not begun.
pub const PLANNED: &str = "Planned";
/// A run-profile step whose names are not typed in yet.
pub const NEW_RUN_PROFILE: &str = "Run profile";
/// The field in which a step or thread is renamed.
pub const NEW_NAME: &str = "Name";
/// The search field.
pub const FIND: &str = "Find in sequence";
/// Nothing was found.
pub const NOT_FOUND: &str = "Not found";
/// Ends the search.
pub const CLOSE_FIND: &str = "Close search";
/// The key that ends the search.
pub const ESCAPE: &str = "Esc";

/// The number of a step, from 1.
pub fn step_number(thread: usize, step: usize) -> String {
    format!("{}.{}", thread + 1, step + 1)
}

/// The number of a thread, from 1.
pub fn thread_number(thread: usize) -> String {
    (thread + 1).to_string()
}

/// A span of time that somebody set: `20 min`, `1 h 30 min`, `45 s`.
pub fn set_time(span: Duration) -> String {
    let secs = span.as_secs();
    let (hours, minutes, rest) = (secs / 3600, secs % 3600 / 60, secs % 60);
    let parts = [(hours, "h"), (minutes, "min"), (rest, "s")];
    let millis = span.subsec_millis();
    if secs == 0 {
        return if millis == 0 {
            "0 s".to_owned()
        } else {
            format!("{millis} ms")
        };
    }
    let words: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    words.join(" ")
}

/// How long a step has taken so far, or took.
pub fn taken(millis: u64) -> String {
    let secs = millis / 1000;
    if secs < 10 && millis > 0 {
        return short_duration(Duration::from_millis(millis));
    }
    match secs {
        0..60 => format!("{secs} s"),
        60..3600 => format!("{} min {:02} s", secs / 60, secs % 60),
        _ => format!("{} h {:02} min", secs / 3600, secs % 3600 / 60),
    }
}

/// How long a running step has taken so far; whole seconds, so that it changes once a second.
pub fn taken_so_far(millis: u64) -> String {
    let secs = millis / 1000;
    if secs < 60 {
        format!("{secs} s")
    } else {
        taken(secs * 1000)
    }
}

/// A thread's start delay, in its head.
pub fn starts_after(delay: Duration) -> String {
    format!("after {}", set_time(delay))
}

/// How often a thread runs, in its head.
pub fn repeats(rounds: u32) -> String {
    format!("{rounds}×")
}

/// Which round a repeated thread is in.
pub fn round_of(round: u32, rounds: u32) -> String {
    format!("round {round} of {rounds}")
}

/// How many badges found no room.
pub fn more_badges(count: usize) -> String {
    format!("+{count}")
}

/// How many errors a place has.
pub fn errors(count: usize) -> String {
    plural(count as u64, "error")
}

/// How many warnings a place has.
pub fn warnings(count: usize) -> String {
    plural(count as u64, "warning")
}

/// A thread's state in its head: `Running 2.4`.
pub fn running_at(number: &str) -> String {
    format!("Running {number}")
}

/// A thread's state in its head: `Waiting at 3.3`.
pub fn waiting_at(number: &str) -> String {
    format!("Waiting at {number}")
}

/// A thread's state in its head: `Failed at 1.2`.
pub fn failed_at(number: &str) -> String {
    format!("Failed at {number}")
}

/// A thread's state in its head: `Stopped at 1.2`.
pub fn stopped_at(number: &str) -> String {
    format!("Stopped at {number}")
}

/// How many steps are carried by the pointer.
pub fn carried(count: usize) -> String {
    count.to_string()
}

/// What is carried when it is a thread.
pub fn carried_steps(steps: usize) -> String {
    plural(steps as u64, "step")
}

/// What a card's tooltip says: the lines that were cut, then what the step does.
pub fn card_tip(cut: Option<(&str, &str)>, sentence: &str, tip: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    if let Some((title, text)) = cut {
        lines.extend([title, text]);
    }
    lines.extend([sentence, tip]);
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// The words in the place that a dragged card has left.
pub fn left_behind(title: &str, text: &str) -> String {
    format!("{title}, {text}")
}

/// Which hit of the search is shown: `2 of 5`.
pub fn hit_of(current: Option<usize>, all: usize) -> String {
    match current {
        Some(current) => format!("{} of {all}", current + 1),
        None => plural(all as u64, "hit"),
    }
}

/// A card for a screen reader: `Step 1.3, HR, Delta Import, 1 error`.
pub fn spoken_step(number: &str, parts: &[&str]) -> String {
    spoken(format!("Step {number}"), parts)
}

/// A thread's head for a screen reader: `Thread 1, Inbound, 5 steps`.
pub fn spoken_thread(thread: usize, steps: usize, parts: &[&str]) -> String {
    let text = spoken(format!("Thread {}", thread + 1), parts);
    format!("{text}, {}", plural(steps as u64, "step"))
}

/// The menu button of a thread, for a screen reader.
pub fn more_of(thread: usize) -> String {
    format!("{MORE}, thread {}", thread + 1)
}

/// The slot to add a step to a thread, for a screen reader.
pub fn add_step_to(thread: usize) -> String {
    format!("{ADD_STEP}, thread {}", thread + 1)
}

fn spoken(mut text: String, parts: &[&str]) -> String {
    for part in parts.iter().filter(|part| !part.is_empty()) {
        text.push_str(", ");
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_times_leave_out_what_is_zero() {
        let cases = [
            (0, "0 s"),
            (250, "250 ms"),
            (45_000, "45 s"),
            (1_200_000, "20 min"),
            (5_400_000, "1 h 30 min"),
            (90_000, "1 min 30 s"),
            (86_400_000, "24 h"),
        ];
        for (millis, text) in cases {
            assert_eq!(set_time(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn a_running_step_counts_whole_seconds() {
        let cases = [
            (0, "0 s"),
            (9_900, "9 s"),
            (61_000, "1 min 01 s"),
            (3_720_000, "1 h 02 min"),
        ];
        for (millis, text) in cases {
            assert_eq!(taken_so_far(millis), text);
        }
    }

    #[test]
    fn what_is_spoken_has_no_empty_parts() {
        assert_eq!(
            spoken_step("1.3", &["HR", "", "Delta Import"]),
            "Step 1.3, HR, Delta Import"
        );
        assert_eq!(
            spoken_thread(0, 1, &["Inbound"]),
            "Thread 1, Inbound, 1 step"
        );
    }
}
