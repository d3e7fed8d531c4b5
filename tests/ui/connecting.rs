//! The Connect dialog against a simulator of its own: the doctor's list, kept passwords, the list of
//! servers. Found by role and name, as somebody meets them who cannot see the window.

use std::path::Path;
use std::process::Command;

use egui::Key;
use egui::accesskit::Role;
use masequencer::designer::{Connection, Dialog, State};
use masequencer::settings::credentials::Credentials;
use tempfile::TempDir;

use crate::LIMIT;
use crate::process::Process;
use crate::wait::until;
use crate::window::Window;

pub const USER: &str = "CORP\\svc-sync";
pub const PASSWORD: &str = "correct horse battery staple";

/// A simulator as a process of its own.
pub struct Simulator {
    process: Process,
    pub url: String,
}

impl Simulator {
    pub fn start(home: &Path, fault: &str, arguments: &[&str]) -> Self {
        let company = include_str!("../../sample-sequences/demo-company.toml");
        let scenario = home.join("scenario.toml");
        let fault = if fault.is_empty() {
            String::new()
        } else {
            format!("\n[[fault]]\nkind = \"{fault}\"\n")
        };
        std::fs::write(&scenario, format!("{company}{fault}")).expect("a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_masequencer"));
        command
            .args(["simulate", "--listen", "127.0.0.1:0", "--user", USER])
            .args(["--password-env", "SIMULATED", "--scenario"])
            .arg(&scenario)
            .args(arguments)
            .env("SIMULATED", PASSWORD);
        let process = Process::start("masequencer simulate", &mut command, None);
        let url = || {
            let said = process.stdout();
            let line = said
                .lines()
                .find_map(|line| line.split_once("listening on "));
            line.map(|(_, url)| url.trim().to_owned())
        };
        let url = until("the simulator's address", LIMIT, url, || process.dump());
        Self { process, url }
    }

    fn end(self) {
        drop(self.process);
    }
}

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The dialog with all of this typed.
fn open_dialog(window: &mut Window, url: &str, password: &str) {
    window.keys(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, Key::O);
    window.until("the dialog", |state| form(state).is_some());
    window.type_over(Role::TextInput, "Server", url);
    window.type_over(Role::TextInput, "User", USER);
    if !password.is_empty() {
        window.type_over(Role::PasswordInput, "Password", password);
    }
}

fn form(state: &State) -> Option<&masequencer::designer::ConnectForm> {
    match &state.dialog {
        Some(Dialog::Connect(form)) => Some(form),
        _ => None,
    }
}

fn is_ended(state: &State) -> bool {
    let diagnosis = form(state).and_then(|form| form.diagnosis.as_ref());
    diagnosis.is_some_and(|diagnosis| !diagnosis.is_going_on)
}

#[track_caller]
fn assert_says(window: &Window, words: &[&str]) {
    for words in words {
        assert!(window.says(words), "{words}\n{}", window.dump());
    }
}

#[test]
fn the_doctor_says_where_the_way_to_a_server_ends() {
    let home = home();
    let simulator = Simulator::start(home.path(), "class-missing", &[]);
    let mut window = Window::open(home.path());
    open_dialog(&mut window, &simulator.url, PASSWORD);
    window.click_over(Role::Button, "Check the way");
    window.until("the end", is_ended);
    assert_says(
        &window,
        &[
            "Name resolves: Passed",
            "Authentication: Passed",
            "WMI class: Failed",
            "The namespace has no class MIIS_ManagementAgent",
            "To do: Check that this is the server of the synchronization service",
            "Right to run: Left out",
            "1 failed",
        ],
    );
    // What was typed wrong is told at its own station, and the password is asked for again.
    window.type_over(Role::PasswordInput, "Password", "wrong");
    window.click_over(Role::Button, "Check again");
    window.until("the end", |state| {
        is_ended(state) && state.fields.password.is_empty()
    });
    assert_says(
        &window,
        &[
            "Authentication: Failed",
            "refuses the user name or the password",
            "WMI class: Not known",
        ],
    );
    simulator.end();
    window.type_over(Role::PasswordInput, "Password", PASSWORD);
    window.click_over(Role::Button, "Connect");
    window.until("it fails", |state| {
        matches!(state.connection, Connection::Failed { .. })
    });
    // The list is gone with the attempt, and comes again where it is offered.
    assert!(!window.says("Port open: Passed"), "{}", window.dump());
    window.click_over(Role::Button, "Find out why");
    window.until("the end", is_ended);
    assert_says(&window, &["Port open: Failed", "winrm quickconfig"]);
    window.key(Key::Escape);
    window.until("it closes", |state| state.dialog.is_none());
}

#[test]
fn the_right_to_run_profiles_is_tried_only_when_it_is_ticked() {
    let home = home();
    let simulator = Simulator::start(home.path(), "access-denied", &[]);
    let mut window = Window::open(home.path());
    open_dialog(&mut window, &simulator.url, PASSWORD);
    window.click_over(Role::Button, "Check the way");
    window.until("the end", is_ended);
    assert_says(
        &window,
        &["Right to run: Left out", "Service running: Passed"],
    );
    window.click_over(Role::CheckBox, "Also check the right to run profiles");
    window.click_over(Role::Button, "Check again");
    window.until("the end", is_ended);
    assert_says(&window, &["Right to run: Failed", "FIMSyncOperators"]);
}

#[test]
fn a_certificate_that_nobody_knows_is_told_in_the_words_of_the_dialog() {
    let home = home();
    let simulator = Simulator::start(home.path(), "", &["--tls"]);
    let mut window = Window::open(home.path());
    open_dialog(&mut window, &simulator.url, PASSWORD);
    window.click_over(Role::Button, "Check the way");
    window.until("the end", is_ended);
    assert_says(&window, &["TLS: Failed", "“CA file”"]);
    assert!(!window.says("--"), "{}", window.dump());
    assert!(window.shows(Role::Button, "Choose the CA file"));
}

#[test]
fn a_password_is_kept_used_and_forgotten() {
    let home = home();
    let simulator = Simulator::start(home.path(), "", &[]);
    let store = Credentials::in_memory();
    let mut window = Window::open_keeping(home.path(), store.clone());
    open_dialog(&mut window, &simulator.url, PASSWORD);
    window.click_over(Role::CheckBox, "Keep the password*");
    window.click_over(Role::Button, "Connect");
    window.until("connected", |state| state.connection.is_connected());
    drop(window);
    // The next window finds server, account and password.
    let mut window = Window::open_keeping(home.path(), store);
    window.keys(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, Key::O);
    window.click_over(Role::Button, "Use *");
    window.click_over(Role::Button, "Connect");
    window.until("connected", |state| state.connection.is_connected());
    window.click(Role::Button, "Disconnect");
    window.until("not connected", |state| !state.connection.is_connected());
    window.keys(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, Key::O);
    window.click_over(Role::Button, "Forget the kept password");
    window.until("forgotten", |state| !state.toasts.is_empty());
    assert_says(&window, &["No password is kept"]);
    window.click_over(Role::Button, "Connect");
    window.until("it asks", |state| {
        form(state).is_some_and(|form| form.missing.is_some())
    });
    assert_says(&window, &["Type the password"]);
    // The server goes out of the list by the keyboard.
    window.focus(Role::Button, "Remove *");
    window.key(Key::Enter);
    window.until("the list is empty", |state| {
        state.settings.recent_servers.is_empty()
    });
    assert!(window.state().dialog.is_some(), "{}", window.dump());
    assert_says(&window, &["Servers that you connect to are listed here"]);
}
