//! The walk-through of a new user, in the window: draw, test, watch, save, and the runner runs it.

use std::fs;
use std::path::Path;
use std::process::Command;

use egui::Key;
use egui::accesskit::Role;
use egui::vec2;
use masequencer::designer::Screen;
use masequencer::model::Step;
use masequencer::run::{RunOutcome, RunPhase};
use masequencer::ui::effects::Chosen;

use crate::LIMIT;
use crate::process::Process;
use crate::window::Window;

/// Agent and run profile of the steps of a thread.
fn steps(window: &Window, thread: usize) -> Vec<String> {
    let thread = window.sequence().threads.get(thread).expect("a thread");
    let profiles = thread.steps.iter().filter_map(Step::run_profile);
    profiles
        .map(|step| format!("{} {}", step.agent, step.profile))
        .collect()
}

#[test]
fn a_new_user_draws_tests_watches_saves_and_the_runner_runs_the_same_file() {
    let home = tempfile::tempdir().expect("a folder");
    let (feed, copy) = (home.path().join("feed.csv"), home.path().join("copy.csv"));
    fs::write(&feed, "name\nAda\n").expect("a file");
    let mut window = Window::open(home.path());

    window.click(Role::ListItem, "New sequence");
    assert_eq!(window.state().screen, Screen::Work);
    window.click(Role::Button, "Try the demo server");
    window.until("connected", |state| state.connection.is_connected());
    window.until("agents are listed", |state| {
        let agents = state.connection.agents();
        agents.is_some_and(|agents| agents.read_at.is_some())
    });

    window.click(Role::Button, "Add thread");
    assert_eq!(window.sequence().threads.len(), 2);
    let below = vec2(0.0, 4.0);
    for (thread, profile) in [(1, "Full Import*"), (2, "Delta Import*")] {
        let slot = format!("Add step, thread {thread}");
        window.drag((Role::TreeItem, profile), (Role::Button, &slot), below);
    }
    let drawn = [steps(&window, 0), steps(&window, 1)];
    assert!(drawn[0][0].ends_with("Full Import"), "{drawn:?}");
    assert!(drawn[1][0].ends_with("Delta Import"), "{drawn:?}");

    window.click(Role::ListItem, "Step 1.1, *");
    window.click(Role::Button, "Copy a file…");
    window.type_into(Role::TextInput, "Copy from", &feed.to_string_lossy());
    window.type_into(Role::TextInput, "Copy to", &copy.to_string_lossy());
    window.key(Key::Tab);
    let pre = &window.sequence().threads[0].steps[0].processing.pre;
    assert_eq!(pre.len(), 1);
    assert!(
        pre[0]
            .arguments
            .contains(&copy.to_string_lossy().into_owned()),
        "{pre:?}"
    );

    window.click(Role::Button, "Start");
    window.until("ended", |state| {
        let watch = state.watch.as_ref();
        watch.is_some_and(|watch| matches!(watch.summary.phase, RunPhase::Finished(_)))
    });
    let watch = window.state().watch.as_ref().expect("it is watched");
    let phase = watch.summary.phase;
    assert_eq!(
        phase,
        RunPhase::Finished(RunOutcome::Success),
        "{}",
        window.dump()
    );
    for (card, [step]) in ["Step 1.1", "Step 2.1"]
        .iter()
        .zip([&drawn[0], &drawn[1]].map(|it| [&it[0]]))
    {
        let (agent, profile) = step.split_once(' ').expect("two names");
        let done = format!("{card}, {agent}, {profile}, Success*");
        assert!(
            window.shows(Role::ListItem, &done),
            "{done}\n{}",
            window.dump()
        );
    }
    assert_eq!(fs::read_to_string(&copy).expect("the copy"), "name\nAda\n");

    window.click(Role::Button, "Back to editing");
    assert!(window.state().watch.is_none());
    let file = home.path().join("drawn.xml");
    window
        .dialogs
        .answers
        .lock()
        .push(Chosen::Path(file.clone()));
    window.ctrl(Key::S);
    window.until("saved", |state| !state.document.is_modified());
    assert_eq!(window.state().document.file.as_ref(), Some(&file));
    let sequence = window.sequence().clone();
    drop(window);

    let window = reopened(home.path(), "drawn.xml*");
    assert_eq!(*window.sequence(), sequence);

    fs::remove_file(&copy).expect("the copy");
    run_headless(home.path(), &file);
    assert_eq!(fs::read_to_string(&copy).expect("the copy"), "name\nAda\n");
}

/// Runs a file on the demo server with the program that has no window.
fn run_headless(home: &Path, file: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masequencer"));
    command.args(["run", "--demo"]).arg(file);
    command.env("MASEQUENCER_CONFIG_DIR", home);
    let mut runner = Process::start("masequencer", &mut command, None);
    assert_eq!(runner.wait(LIMIT).code(), Some(0), "{}", runner.dump());
}

/// Opens the file from the list of recent ones.
fn reopened(home: &Path, name: &str) -> Window {
    let mut window = Window::open(home);
    window.until("looked at", |state| !state.recent_seen.is_empty());
    window.click(Role::ListItem, name);
    window.until("opened", |state| state.screen == Screen::Work);
    window
}
