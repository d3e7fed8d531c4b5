//! The designer and its effects together, without pixels: open a file, start it on the demo's server,
//! watch it to its end, save it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use masequencer::designer::{Command, Effect, Msg, Screen, State, ToastKind, begin, update};
use masequencer::launch::detached::Program;
use masequencer::run::{RunOutcome, RunPhase};
use masequencer::settings::{Folders, Settings};
use masequencer::ui::effects::{Chosen, Effects, FileDialogs, Question, Setup};
use tempfile::TempDir;

use crate::LIMIT;

/// A window without pixels.
struct Window {
    state: State,
    effects: Effects,
    woken: Receiver<()>,
    is_closed: bool,
    folder: TempDir,
}

/// Nobody is asked here.
struct Nobody;

impl FileDialogs for Nobody {
    fn choose(&self, _: &Question) -> Chosen {
        Chosen::Cancelled
    }
}

impl Window {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (wake, woken) = mpsc::channel();
        let setup = Setup {
            folders: Some(Folders::below(folder.path())),
            program: Program::At(PathBuf::from(env!("CARGO_BIN_EXE_masequenceconfiguration"))),
            dialogs: Arc::new(Nobody),
            wake: Box::new(move || wake.send(()).unwrap_or_default()),
        };
        let mut window = Self {
            state: State::new(Settings::default()),
            effects: Effects::start(setup).expect("threads"),
            woken,
            is_closed: false,
            folder,
        };
        let effects = begin(&mut window.state);
        window.perform(effects);
        window
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if matches!(effect, Effect::CloseWindow) {
                self.is_closed = true;
            }
            self.effects.perform(effect);
        }
    }

    fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.state, msg);
        self.perform(effects);
    }

    #[track_caller]
    fn until(&mut self, what: &str, is_so: impl Fn(&State) -> bool) {
        while !is_so(&self.state) {
            if let Err(error) = self.woken.recv_timeout(LIMIT) {
                let (dialog, toasts) = (&self.state.dialog, &self.state.toasts);
                panic!("{what}: {error}; {dialog:?}; {toasts:?}");
            }
            for msg in self.effects.answers() {
                self.send(msg);
            }
        }
    }
}

const SEQUENCE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<masequence xmlns="urn:masequencer:sequence" version="1" name="Story">
  <server transport="demo"/>
  <thread name="Wait">
    <delay duration="10ms"/>
  </thread>
</masequence>
"#;

fn written(folder: &Path) -> PathBuf {
    let file = folder.join("story.xml");
    std::fs::write(&file, SEQUENCE).expect("a file");
    file
}

#[test]
fn a_file_is_opened_run_watched_and_saved() {
    let mut window = Window::open();
    let file = written(window.folder.path());
    window.send(Msg::OpenFile(file.clone()));
    window.until("opened", |state| state.document.file.is_some());
    assert_eq!(window.state.screen, Screen::Work);
    window.send(Msg::Command(Command::AddThread));
    assert!(window.state.document.is_modified());

    window.send(Msg::Command(Command::Start));
    window.until("the end", |state| {
        let watch = state.watch.as_ref();
        watch.is_some_and(|watch| matches!(watch.summary.phase, RunPhase::Finished(_)))
    });
    let watch = window.state.watch.as_ref().expect("a run");
    assert_eq!(watch.summary.phase, RunPhase::Finished(RunOutcome::Success));
    assert!(!watch.log.entries().is_empty());
    assert_eq!(watch.counts().success, 1);
    let is_told = |kind| window.state.toasts.iter().any(|toast| toast.kind == kind);
    assert!(is_told(ToastKind::Success), "{:?}", window.state.toasts);

    window.send(Msg::Command(Command::BackToEditing));
    window.send(Msg::Command(Command::Save));
    window.until("saved", |state| !state.document.is_modified());
    let text = std::fs::read_to_string(&file).expect("the file");
    assert_eq!(text.matches("<thread").count(), 2, "{text}");
    window.send(Msg::CloseRequested);
    assert!(window.is_closed);
}
