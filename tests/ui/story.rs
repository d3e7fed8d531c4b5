//! The designer without its pixels: its state, its effects, real files and real processes.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use masequencer::designer::{Command, Dialog, Effect, Msg, Screen, State, begin, update};
use masequencer::launch::detached::Program;
use masequencer::model::Place;
use masequencer::run::{RunOutcome, RunPhase};
use masequencer::settings::Folders;
use masequencer::settings::credentials::Credentials;
use masequencer::ui::effects::{Effects, Setup, SystemDialogs, stored_settings};

use crate::LIMIT;

/// A window without pixels.
struct Window {
    state: State,
    effects: Effects,
    woken: Receiver<()>,
    is_closed: bool,
}

impl Window {
    fn open(home: &Path) -> Self {
        let folders = Folders::below(home);
        let (settings, told) = stored_settings(Some(&folders));
        assert!(told.is_none(), "{told:?}");
        let (wake, woken) = mpsc::channel();
        let setup = Setup {
            folders: Some(folders),
            program: Program::At(PathBuf::from(env!("CARGO_BIN_EXE_masequenceconfiguration"))),
            dialogs: Arc::new(SystemDialogs),
            credentials: Credentials::off(),
            wake: Box::new(move || wake.send(()).unwrap_or_default()),
        };
        let mut window = Self {
            state: State::new(settings),
            effects: Effects::start(setup).expect("threads"),
            woken,
            is_closed: false,
        };
        for effect in begin(&mut window.state) {
            window.perform(effect);
        }
        window
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::CloseWindow => self.is_closed = true,
            other => self.effects.perform(other),
        }
    }

    fn say(&mut self, msg: Msg) {
        let mut msgs = VecDeque::from([msg]);
        while let Some(msg) = msgs.pop_front() {
            for effect in update(&mut self.state, msg) {
                self.perform(effect);
            }
        }
    }

    fn command(&mut self, command: Command) {
        self.say(Msg::Command(command));
    }

    /// Takes answers until the state is as wanted.
    #[track_caller]
    fn until(&mut self, what: &str, is_so: impl Fn(&State) -> bool) {
        while !is_so(&self.state) {
            let woken = self.woken.recv_timeout(LIMIT);
            woken.unwrap_or_else(|error| {
                panic!(
                    "{what}: {error}; dialog {:?}, toasts {:?}, connection {:?}",
                    self.state.dialog, self.state.toasts, self.state.connection
                )
            });
            for msg in self.effects.answers() {
                self.say(msg);
            }
        }
    }

    fn open_file(&mut self, file: &Path) {
        self.say(Msg::OpenFile(file.to_path_buf()));
        let file = file.to_path_buf();
        self.until("opened", move |state| {
            state.screen == Screen::Work && state.document.file.as_deref() == Some(&*file)
        });
    }

    fn rename_first_thread(&mut self, name: &str) {
        self.say(Msg::Rename {
            place: Place::Thread(0),
            name: name.to_owned(),
        });
        assert!(self.state.document.is_modified());
    }
}

fn copy_of_sample(folder: &Path) -> PathBuf {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sequences/full-cycle.xml");
    let file = folder.join("full-cycle.xml");
    fs::copy(sample, &file).expect("the sample is there");
    file
}

fn first_thread(state: &State) -> &str {
    let threads = state.document.sequence.threads.first();
    threads.map_or("", |thread| thread.name.as_str())
}

#[test]
fn a_file_is_opened_run_on_the_demo_and_watched_to_its_end() {
    let home = tempfile::tempdir().expect("a folder");
    let file = copy_of_sample(home.path());
    let mut window = Window::open(home.path());
    window.open_file(&file);
    window.command(Command::ConnectDemo);
    window.until("connected", |state| state.connection.is_connected());
    window.command(Command::Start);
    window.until("watched", |state| state.watch.is_some());
    window.until("ended", |state| {
        let watch = state.watch.as_ref();
        watch.is_some_and(|watch| matches!(watch.summary.phase, RunPhase::Finished(_)))
    });
    let watch = window.state.watch.as_ref().expect("it is watched");
    assert_eq!(
        watch.summary.phase,
        RunPhase::Finished(RunOutcome::Success),
        "{:?}",
        watch.summary
    );
    let log = fs::read_to_string(home.path().join("full-cycle.log")).expect("a log");
    assert!(log.contains("HR"), "{log}");
}

#[test]
fn work_is_saved_and_nobody_elses_is_lost() {
    let home = tempfile::tempdir().expect("a folder");
    let file = copy_of_sample(home.path());
    let mut window = Window::open(home.path());
    window.open_file(&file);
    window.rename_first_thread("Renamed");
    window.command(Command::Save);
    window.until("saved", |state| !state.document.is_modified());
    let saved = fs::read_to_string(&file).expect("the file");
    assert!(saved.contains("name=\"Renamed\""), "{saved}");
    // Somebody else changes it: what is drawn follows as long as nothing is lost by it.
    fs::write(&file, saved.replace("\"Renamed\"", "\"Theirs\"")).expect("the file");
    window.until("read again", |state| first_thread(state) == "Theirs");
    // And now both have work.
    window.rename_first_thread("Mine");
    fs::write(&file, saved.replace("\"Renamed\"", "\"Later\"")).expect("the file");
    window.until("told", |state| !state.toasts.is_empty());
    window.command(Command::Save);
    window.until("asked", |state| {
        matches!(state.dialog, Some(Dialog::ChangedOnDisk { .. }))
    });
    let theirs = fs::read_to_string(&file).expect("the file");
    assert!(theirs.contains("\"Later\""), "{theirs}");
}

#[test]
fn work_that_was_interrupted_is_offered_and_the_settings_come_back() {
    let home = tempfile::tempdir().expect("a folder");
    let file = copy_of_sample(home.path());
    let mut window = Window::open(home.path());
    window.open_file(&file);
    window.command(Command::ZoomIn);
    let scale = window.state.settings.scale_percent;
    window.rename_first_thread("Interrupted");
    // Dropped without a word, as when the program is ended from outside after the last write.
    drop(window);
    let mut window = Window::open(home.path());
    assert_eq!(window.state.settings.scale_percent, scale);
    assert_eq!(
        window
            .state
            .settings
            .recent
            .first()
            .map(|recent| &recent.path),
        Some(&file)
    );
    window.until("offered", |state| {
        matches!(state.dialog, Some(Dialog::Recovery { .. }))
    });
    let Some(Dialog::Recovery { copies }) = window.state.dialog.clone() else {
        panic!("no dialog");
    };
    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0].file.as_ref(), Some(&file));
    window.say(Msg::Recover(copies[0].id.clone()));
    window.until("recovered", |state| first_thread(state) == "Interrupted");
    assert!(window.state.document.is_modified());
    assert_eq!(window.state.document.file.as_ref(), Some(&file));
    window.command(Command::Save);
    window.until("saved", |state| !state.document.is_modified());
    window.command(Command::Exit);
    assert!(window.is_closed);
    drop(window);
    let left = fs::read_dir(Folders::below(home.path()).recovery()).expect("the folder");
    assert_eq!(left.count(), 0, "saved work leaves no copy");
}
