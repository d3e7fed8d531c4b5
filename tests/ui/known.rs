//! What the window knows of a server that it is not connected to: what that told before, and what was
//! exported from it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::accesskit::Role;
use egui::vec2;
use masequencer::designer::{Asked, State};
use masequencer::launch::{keep_told, kept_inventory};
use masequencer::mim::{AgentInfo, AgentName, Inventory, Told};
use masequencer::settings::Folders;
use masequencer::ui::effects::Chosen;
use tempfile::TempDir;

use crate::window::Window;

/// The name under which the demo's server is kept.
const DEMO: &str = ":demo";

fn home(steps: &str) -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("known.xml");
    let sequence = format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<masequence xmlns="urn:masequencer:sequence" version="1" name="Known">
  <server transport="demo"/>
  <thread name="Import">
    {steps}
  </thread>
</masequence>
"#
    );
    fs::write(&file, sequence).expect("a file");
    (home, file)
}

fn open(home: &Path, file: &Path) -> Window {
    let mut window = Window::open_file(home, file);
    window.until("checked", |state| {
        state.problems.content == state.document.content
    });
    window
}

fn connect(window: &mut Window) {
    window.click(Role::Button, "Try the demo server");
    window.until("agents are listed", |state| state.asked() == Asked::Now);
}

fn kept(home: &Path) -> Option<Told> {
    all_kept(home).told
}

fn all_kept(home: &Path) -> Inventory {
    let folders = Folders::below(home);
    kept_inventory(&folders.servers(), DEMO).expect("it can be read")
}

fn says(state: &State, part: &str) -> bool {
    let mut problems = state.problems.list.iter();
    problems.any(|problem| problem.message.contains(part))
}

#[test]
fn one_draws_with_what_the_server_told_before() {
    let (home, file) = home(r#"<run-profile agent="HRR" profile="Full Import"/>"#);
    let mut window = open(home.path(), &file);
    connect(&mut window);
    // What is to be written is written before the window is gone.
    drop(window);
    let told = kept(home.path()).expect("it was kept");
    assert_eq!(told.server, "Demo server");

    let mut window = open(home.path(), &file);
    window.until("it is known", |state| state.asked() == Asked::Before);
    window.rest();
    assert!(
        window.says("From Demo server, just now"),
        "{}",
        window.dump()
    );
    assert!(window.shows(Role::TreeItem, "HR"));
    window.until("the rules have looked at it", |state| says(state, "as of "));
    let errors = window.state().problems.list.iter();
    let worst = errors.map(|problem| problem.severity.as_str()).max();
    assert_eq!(worst, Some("warning"), "nothing that is old is an error");
    let slot = (Role::Button, "Add step, thread 1");
    window.drag((Role::TreeItem, "Delta Import*"), slot, vec2(0.0, 4.0));
    let steps = &window.sequence().threads[0].steps;
    assert_eq!(steps.len(), 2);
    let drawn = steps[1].run_profile().expect("a run profile");
    assert!(drawn.step_type.is_some(), "what it does was told, too");
    window.click(Role::ListItem, "Step 1.1, *");
    window.click(Role::Button, "Change to HR");
    let first = &window.sequence().threads[0].steps[0];
    assert_eq!(first.run_profile().expect("one").agent.as_str(), "HR");
}

#[test]
fn an_agent_that_was_renamed_since_is_told_and_changed_with_one_click() {
    let (home, file) = home(r#"<run-profile agent="Personnel" profile="Full Import"/>"#);
    let mut window = open(home.path(), &file);
    connect(&mut window);
    drop(window);
    // As if it had been called so then.
    let told = kept(home.path()).expect("it was kept");
    let rename = |agent: &AgentInfo| {
        let is_it = agent.name.as_str() == "HR";
        let name = AgentName::new("Personnel").expect("a name");
        AgentInfo {
            name: if is_it { name } else { agent.name.clone() },
            ..agent.clone()
        }
    };
    let agents: Arc<[AgentInfo]> = told.agents.iter().map(rename).collect();
    let folders = Folders::below(home.path());
    keep_told(&folders.servers(), DEMO, &Told { agents, ..told }).expect("it is kept");

    let mut window = open(home.path(), &file);
    window.until("it is known", |state| state.asked() == Asked::Before);
    assert!(
        !says(window.state(), "Personnel"),
        "it is called so, as far as is known"
    );
    connect(&mut window);
    let renamed = "the management agent `Personnel` is called `HR` now";
    window.until("it is told", |state| says(state, renamed));
    window.click(Role::ListItem, "Step 1.1, *");
    window.click(Role::Button, "Change to HR");
    let first = &window.sequence().threads[0].steps[0];
    assert_eq!(first.run_profile().expect("one").agent.as_str(), "HR");
    window.until("it is settled", |state| !says(state, renamed));
}

#[test]
fn an_export_is_read_shown_with_its_age_and_forgotten() {
    let (home, file) = home(r#"<run-profile agent="SAP" profile="Exprot" type="export"/>"#);
    let export = home.path().join("mim-config");
    fs::create_dir(&export).expect("a folder");
    let agent = "<saved-ma-configuration><ma-data><name>SAP</name><ma-run-data>\
                 <run-configuration><name>Export</name><configuration><step>\
                 <step-type type=\"export\"/></step></configuration></run-configuration>\
                 </ma-run-data></ma-data></saved-ma-configuration>";
    fs::write(export.join("MA-1.xml"), agent).expect("a file");
    let broken = home.path().join("MA-2.xml");
    fs::write(&broken, "<saved-ma-configuration>\n  <ma-data></a>").expect("a file");

    let mut window = open(home.path(), &file);
    let answers = [Chosen::NoDialog, Chosen::Path(export)];
    window.dialogs.answers.lock().extend(answers);
    // No dialog can open: the path is typed in, and what is wrong with the file is said.
    window.click(Role::MenuItem, "Server");
    window.click(Role::MenuItem, "Read agent file…");
    window.until("asked", |state| state.dialog.is_some());
    window.type_into(Role::TextInput, "Path", &broken.to_string_lossy());
    window.click(Role::Button, "Read");
    window.until("refused", |state| !state.toasts.is_empty());
    assert!(window.says("line 2, column "), "{}", window.dump());

    window.click(Role::MenuItem, "Server");
    window.click(Role::MenuItem, "Read configuration folder…");
    window.until("read", |state| state.asked() == Asked::Before);
    window.rest();
    assert!(
        window.says("From mim-config, just now"),
        "{}",
        window.dump()
    );
    assert!(window.shows(Role::TreeItem, "SAP"));
    window.until("the rules have looked at it", |state| {
        says(state, "has no run profile `Exprot` of `SAP`")
    });
    window.click(Role::ListItem, "Step 1.1, *");
    assert!(window.shows(Role::Button, "Change to Export"));
    drop(window);
    let export = all_kept(home.path()).export.expect("it was kept");
    assert_eq!(export.agents[0].name.as_str(), "SAP");

    let mut window = open(home.path(), &file);
    window.until("it was kept", |state| state.asked() == Asked::Before);
    window.rest();
    window.click(Role::Button, "Forget configuration files");
    assert_eq!(window.state().asked(), Asked::Never);
    assert!(!window.says("From mim-config"), "{}", window.dump());
    drop(window);
    assert_eq!(all_kept(home.path()), Inventory::default());
}

#[test]
fn a_damaged_file_is_told_and_left_alone() {
    let (home, file) = home("");
    let mut window = open(home.path(), &file);
    connect(&mut window);
    drop(window);
    let folder = Folders::below(home.path()).servers();
    let entry = fs::read_dir(&folder).expect("a folder").flatten().next();
    let inventory = entry.expect("a file").path();
    fs::write(&inventory, "{\"version\":").expect("a file");
    let mut window = open(home.path(), &file);
    window.until("told", |state| !state.toasts.is_empty());
    assert!(
        window.says("is damaged (line 1, column 11)"),
        "{}",
        window.dump()
    );
    connect(&mut window);
    drop(window);
    let left = fs::read_to_string(&inventory).expect("a file");
    assert_eq!(left, "{\"version\":");
}
