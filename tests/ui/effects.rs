//! The designer's effects with real processes: the demo's server, and a run that is watched.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use masequencer::base::secret::Secret;
use masequencer::designer::{
    Answer, Effect, Msg, PasswordOf, PathPurpose, RunUpdate, ServerChoice, StartOrder, StoreAnswer,
    Token,
};
use masequencer::launch::detached::Program;
use masequencer::model::{Command, Sequence, Step, StepKind, Thread};
use masequencer::run::{RunControl, RunEventKind, RunOutcome, RunPhase, StopMode};
use masequencer::settings::credentials::Credentials;
use masequencer::settings::{Folders, LastServer, Settings};
use masequencer::ui::effects::{Chosen, Effects, FileDialogs, Question, Setup};
use tempfile::TempDir;

use crate::LIMIT;

/// Effects as the window has them, and the place where it would be woken.
struct World {
    effects: Effects,
    woken: Receiver<()>,
    seen: Vec<Answer>,
    folder: TempDir,
}

/// Stands for a person at a dialog.
struct Person(Chosen);

impl FileDialogs for Person {
    fn choose(&self, _: &Question) -> Chosen {
        self.0.clone()
    }
}

fn world(person: Chosen) -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let (wake, woken) = mpsc::channel();
    let setup = Setup {
        folders: Some(Folders::below(folder.path())),
        program: Program::At(PathBuf::from(env!("CARGO_BIN_EXE_masequenceconfiguration"))),
        dialogs: Arc::new(Person(person)),
        credentials: Credentials::in_memory(),
        wake: Box::new(move || wake.send(()).unwrap_or_default()),
    };
    World {
        effects: Effects::start(setup).expect("threads"),
        woken,
        seen: Vec::new(),
        folder,
    }
}

impl World {
    /// Waits for an answer that says something; what else comes is dropped.
    #[track_caller]
    fn until<T>(&mut self, what: &str, said: impl Fn(Answer) -> Option<T>) -> T {
        loop {
            while !self.seen.is_empty() {
                let answer = self.seen.remove(0);
                if let Some(found) = said(answer) {
                    return found;
                }
            }
            self.woken
                .recv_timeout(LIMIT)
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            let answers = self.effects.answers().into_iter();
            self.seen.extend(answers.filter_map(|msg| match msg {
                Msg::Answer(answer) => Some(answer),
                _ => None,
            }));
        }
    }

    fn connect_demo(&mut self) {
        self.effects.perform(Effect::Connect {
            token: Token(1),
            choice: ServerChoice::Demo,
            password: None,
            folder: None,
        });
        let (server, agents) = self.until("connected", |answer| match answer {
            Answer::Connected {
                token: Token(1),
                server,
                agents,
                ..
            } => Some((server, agents)),
            Answer::NotConnected { sentence, .. } => panic!("{sentence}"),
            _ => None,
        });
        assert_eq!(server.name, "Demo server");
        assert!(server.address.starts_with("http://127.0.0.1:"));
        assert!(agents.iter().any(|agent| agent.name.as_str() == "HR"));
    }

    fn start(&mut self, token: u64, sequence: Sequence) -> PathBuf {
        self.effects.perform(Effect::StartRun(Box::new(StartOrder {
            part: None,
            token: Token(token),
            sequence: Arc::new(sequence),
            file: None,
            document: token,
            agents: None,
            choice: ServerChoice::Demo,
            password: None,
        })));
        self.until("started", |answer| match answer {
            Answer::RunStarted {
                token: Some(given),
                run,
            } if given == Token(token) => Some(run.socket),
            Answer::RunNotStarted { sentence } => panic!("{sentence}"),
            _ => None,
        })
    }

    fn until_end(&mut self) -> RunOutcome {
        let outcome = self.until("the end", |answer| match answer {
            Answer::RunUpdates(updates) => updates.iter().find_map(end),
            _ => None,
        });
        self.until("gone", |answer| {
            matches!(answer, Answer::RunGone).then_some(())
        });
        outcome
    }
}

fn end(update: &RunUpdate) -> Option<RunOutcome> {
    match update {
        RunUpdate::Snapshot(summary) => match summary.phase {
            RunPhase::Finished(outcome) => Some(outcome),
            _ => None,
        },
        RunUpdate::Event(event) => match event.event {
            RunEventKind::RunFinished { outcome, .. } => Some(outcome),
            _ => None,
        },
    }
}

fn sequence(program: &str, arguments: &[&str]) -> Sequence {
    let mut command = Command::new(program);
    command.arguments = arguments.iter().map(|text| (*text).to_owned()).collect();
    let mut thread = Thread::new("Only");
    thread.steps.push(Step::new(StepKind::Command(command)));
    Sequence {
        name: "Effects".to_owned(),
        threads: vec![thread],
        ..Sequence::default()
    }
}

#[test]
fn a_run_on_the_demo_is_started_watched_and_comes_to_its_end() {
    let mut world = world(Chosen::Cancelled);
    world.connect_demo();
    world.effects.perform(Effect::ReadAgents {
        token: Token(2),
        every_seconds: 0,
    });
    world.until("agents", |answer| match answer {
        Answer::AgentsRead {
            token: Token(2),
            agents,
            ..
        } => Some(agents),
        _ => None,
    });
    world.start(3, sequence("true", &[]));
    assert_eq!(world.until_end(), RunOutcome::Success);
    let log = world.folder.path().join("data/unsaved/MASequencer.log");
    assert!(log.exists(), "the log lies beside the unsaved document");
}

#[test]
fn a_run_is_left_found_attached_to_and_stopped() {
    let mut world = world(Chosen::Cancelled);
    world.connect_demo();
    let socket = world.start(1, sequence("sleep", &["600"]));
    world.effects.perform(Effect::Detach);
    world.effects.perform(Effect::Control(RunControl::Pause));
    let refused = world.until("refused", |answer| match answer {
        Answer::NotControlled { sentence } => Some(sentence),
        _ => None,
    });
    assert_eq!(refused, "No run is being watched any more.");
    world.effects.perform(Effect::FindRuns { of_file: None });
    let found = world.until("found", |answer| match answer {
        Answer::RunsFound { runs, .. } => Some(runs),
        _ => None,
    });
    assert!(found.iter().any(|run| run.socket == socket), "{found:?}");
    world.effects.perform(Effect::Attach(socket));
    world.until("attached", |answer| match answer {
        Answer::RunStarted { token: None, .. } => Some(()),
        Answer::RunNotStarted { sentence } => panic!("{sentence}"),
        _ => None,
    });
    world.effects.perform(Effect::Control(RunControl::Stop {
        mode: StopMode::Now,
    }));
    assert_ne!(world.until_end(), RunOutcome::Success);
}

#[test]
fn what_does_not_start_is_one_sentence() {
    let mut world = world(Chosen::Cancelled);
    world.effects.perform(Effect::StartRun(Box::new(StartOrder {
        part: None,
        token: Token(1),
        sequence: Arc::new(sequence("true", &[])),
        file: None,
        document: 1,
        agents: None,
        choice: ServerChoice::Winrm(masequencer::model::ServerSettings::default()),
        password: None,
    })));
    let sentence = world.until("refused", |answer| match answer {
        Answer::RunNotStarted { sentence } => Some(sentence),
        _ => None,
    });
    assert!(sentence.starts_with("No server is named"), "{sentence}");
    world
        .effects
        .perform(Effect::Attach(PathBuf::from("/nowhere/a b.sock")));
    let sentence = world.until("refused", |answer| match answer {
        Answer::RunNotStarted { sentence } => Some(sentence),
        _ => None,
    });
    assert_eq!(sentence, "This is not the control socket of a run.");
}

#[test]
fn a_person_is_asked_and_only_the_newest_content_is_checked() {
    for (chosen, expected) in [
        (Chosen::Path(PathBuf::from("/a.xml")), "path"),
        (Chosen::Cancelled, "cancelled"),
        (Chosen::NoDialog, "none"),
    ] {
        let mut world = world(chosen);
        world.effects.perform(Effect::ChoosePath {
            purpose: PathPurpose::Open,
            folder: None,
            name: None,
        });
        let got = world.until("chosen", |answer| match answer {
            Answer::PathChosen { .. } => Some("path"),
            Answer::PathCancelled => Some("cancelled"),
            Answer::NoDialog { .. } => Some("none"),
            _ => None,
        });
        assert_eq!(got, expected);
        for content in 1..=50 {
            world.effects.perform(Effect::Check {
                content,
                sequence: Arc::new(sequence("true", &[])),
                known: None,
            });
        }
        world.until("checked", |answer| match answer {
            Answer::Checked { content: 50, .. } => Some(()),
            _ => None,
        });
    }
}

#[test]
fn a_password_is_kept_found_forgotten_and_in_no_file() {
    const PASSWORD: &str = "canary of the window";
    let mut world = world(Chosen::Cancelled);
    let of = |host: &str| PasswordOf {
        user: "CORP\\svc".to_owned(),
        host: host.to_owned(),
    };
    let recall = |world: &mut World, number: u64| {
        let (token, of) = (Token(number), of("https://mim01:5986/wsman"));
        world.effects.perform(Effect::Recall { token, of });
        world.until("recalled", |answer| match answer {
            Answer::Recalled {
                token: given,
                password,
                problem: None,
            } if given == token => Some(password),
            _ => None,
        })
    };
    let stored = |world: &mut World| {
        world.until("stored", |answer| match answer {
            Answer::Store(answer) => Some(answer),
            _ => None,
        })
    };
    assert!(recall(&mut world, 1).is_none());
    world.effects.perform(Effect::Remember {
        of: of("mim01"),
        password: Secret::new(PASSWORD.to_owned()),
    });
    assert_eq!(stored(&mut world), StoreAnswer::Remembered(None));
    let found = recall(&mut world, 2).expect("it is the same server");
    assert_eq!(found.reveal(), PASSWORD);
    world.effects.perform(Effect::Forget(of("MIM01")));
    assert_eq!(stored(&mut world), StoreAnswer::Forgotten(None));
    assert!(recall(&mut world, 3).is_none());
    let settings = Settings {
        last_server: Some(LastServer {
            host: "mim01".to_owned(),
            user: "CORP\\svc".to_owned(),
            ..LastServer::default()
        }),
        ..Settings::default()
    };
    world
        .effects
        .perform(Effect::SaveSettings(Box::new(settings)));
    world.effects.perform(Effect::KeepRecovery {
        sequence: Arc::new(Sequence::default()),
        file: None,
    });
    drop(world.effects);
    let mut looked_at = 0;
    let mut folders = vec![world.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let bytes = std::fs::read(entry.path()).unwrap();
                assert!(!String::from_utf8_lossy(&bytes).contains(PASSWORD));
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 0, "the settings are written");
}
