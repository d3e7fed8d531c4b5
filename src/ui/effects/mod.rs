//! Performs what the designer wants done in the world, off the drawing thread.
//!
//! Every order returns at once; what comes of it is an answer later. Must not draw, and must not
//! decide what an answer means: `designer::update` does.

mod checks;
mod dialogs;
mod doctor;
mod exports;
mod external;
mod files;
mod keeper;
mod outbox;
mod passwords;
mod runs;
mod servers;
mod stamp;
mod watched;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Runtime;

use crate::designer::{Answer, Effect, Msg};
use crate::launch::detached::Program;
use crate::settings::credentials::Credentials;
use crate::settings::{self, Folders, Settings};

use checks::{Check, Checks};
use doctor::{Doctor, Patient};
use files::{Desk, Files, Job};
use keeper::Keeper;
use outbox::Outbox;
use passwords::Passwords;
use runs::Runs;
use servers::{Servers, Wanted};
use watched::Watched;

pub use dialogs::{Chosen, FileDialogs, Question, SystemDialogs};
pub use outbox::Wake;

/// What effects are performed with.
pub struct Setup {
    /// Where settings and recovery copies lie; `None` keeps nothing.
    pub folders: Option<Folders>,
    /// What hosts runs and the demo's server.
    pub program: Program,
    /// How a person is asked for a path.
    pub dialogs: Arc<dyn FileDialogs>,
    /// Where passwords are kept.
    pub credentials: Credentials,
    /// Calls the drawing thread when there is an answer.
    pub wake: Wake,
}

/// The performer. Dropping it writes what is still to be written, and leaves runs alone.
pub struct Effects {
    outbox: Outbox,
    dialogs: Arc<dyn FileDialogs>,
    is_asking: Arc<AtomicBool>,
    checks: Checks,
    files: Files,
    watched: Watched,
    servers: Servers,
    doctor: Doctor,
    passwords: Passwords,
    runs: Runs,
    keeper: Keeper,
    runtime: Option<Runtime>,
}

impl Setup {
    /// What a person's own window uses.
    pub fn of_user(wake: Wake) -> Self {
        Self {
            folders: Folders::of_user(),
            program: Program::Own,
            dialogs: Arc::new(SystemDialogs),
            credentials: Credentials::of_user(),
            wake,
        }
    }
}

/// The settings of a person, and what there is to tell about them.
pub fn stored_settings(folders: Option<&Folders>) -> (Settings, Option<Msg>) {
    let Some(folders) = folders else {
        return (Settings::default(), None);
    };
    let (settings, problem) = settings::load(folders.config());
    let told = problem.map(|problem| {
        let sentence = problem.to_string();
        Msg::Answer(Answer::Failed { sentence })
    });
    (settings, told)
}

impl Effects {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start(setup: Setup) -> io::Result<Self> {
        let Setup {
            folders,
            program,
            dialogs,
            credentials,
            wake,
        } = setup;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("effects")
            .enable_all()
            .build()?;
        let outbox = Outbox::new(wake);
        let watched = Watched::new(outbox.clone());
        let files = Files::start(Desk {
            recovery: folders.as_ref().map(Folders::recovery),
            servers: folders.as_ref().map(Folders::servers),
            known: watched.known(),
            outbox: outbox.clone(),
        })?;
        let servers = Servers::new(program.clone(), outbox.clone());
        let current = servers.current();
        Ok(Self {
            dialogs,
            is_asking: Arc::default(),
            checks: Checks::start(runtime.handle(), outbox.clone()),
            files,
            watched,
            servers,
            doctor: Doctor::new(outbox.clone()),
            passwords: Passwords::new(credentials, outbox.clone()),
            runs: Runs::new(program, folders.clone(), current, outbox.clone()),
            keeper: Keeper::start(folders, outbox.clone())?,
            outbox,
            runtime: Some(runtime),
        })
    }

    /// What has been answered since the last call.
    pub fn answers(&self) -> Vec<Msg> {
        self.outbox.take().into_iter().map(Msg::Answer).collect()
    }

    /// Begins an effect; never waits for it. What only a window can do is not done here.
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::OpenFile(file) => self.files.perform(Job::Open(file)),
            Effect::SaveFile {
                file,
                sequence,
                content,
                expected,
            } => self.files.perform(Job::Save {
                file,
                sequence,
                content,
                expected,
            }),
            Effect::KeepRecovery { sequence, file } => self.keeper.keep(sequence, file),
            Effect::DropRecovery => self.keeper.discard(),
            Effect::FindRecovery => self.files.perform(Job::FindRecovery),
            Effect::TakeRecovery(id) => self.files.perform(Job::TakeRecovery(id)),
            Effect::DiscardRecovery(id) => self.keeper.discard_left(id),
            Effect::Check {
                content,
                sequence,
                known,
            } => self.checks.perform(Check {
                content,
                sequence,
                known,
            }),
            Effect::ReadInventory(of) => self.files.perform(Job::ReadInventory(of)),
            Effect::KeepInventory { of, part } => self.keeper.inventory(of, part),
            Effect::Disconnect => self.servers.disconnect(),
            Effect::EndExamination => self.doctor.end(),
            Effect::Detach => self.runs.detach(),
            Effect::Control(control) => self.runs.control(control),
            Effect::SaveSettings(settings) => self.keeper.settings(settings),
            other => self.perform_beside(other),
        }
    }

    /// The effects that need the runtime.
    fn perform_beside(&mut self, effect: Effect) {
        let Some(runtime) = self.runtime.as_ref().map(Runtime::handle) else {
            return;
        };
        match effect {
            Effect::ChoosePath {
                purpose,
                folder,
                name,
            } => self.ask(Question {
                purpose,
                folder,
                name,
            }),
            Effect::WatchFile(file) => self.watched.watch(file, runtime),
            Effect::Connect {
                token,
                choice,
                password,
                folder,
            } => {
                let wanted = Wanted {
                    token,
                    choice,
                    password,
                    folder,
                };
                self.servers.connect(wanted, runtime);
            }
            Effect::Examine {
                token,
                settings,
                password,
                folder,
                is_order_tried,
            } => {
                let patient = Patient {
                    token,
                    settings: *settings,
                    password,
                    folder,
                    is_order_tried,
                };
                self.doctor.examine(patient, runtime);
            }
            Effect::Recall { token, of } => self.passwords.recall(token, &of, runtime),
            Effect::Remember { of, password } => {
                self.passwords.remember(&of, password, runtime);
            }
            Effect::Forget(of) => self.passwords.forget(&of, runtime),
            Effect::ReadAgents {
                token,
                every_seconds,
            } => self.servers.read_agents(token, every_seconds, runtime),
            Effect::StartRun(order) => self.runs.start(*order, runtime),
            Effect::FindRuns { of_file } => self.runs.find(of_file, runtime),
            Effect::Attach(socket) => self.runs.attach(socket, runtime),
            Effect::OpenExternally(file) => external::open(file, runtime, self.outbox.clone()),
            Effect::ReadExport(path) => exports::read(path, runtime, self.outbox.clone()),
            Effect::LookAtDropped(path) => exports::look(path, runtime, self.outbox.clone()),
            Effect::LookAtRecent(files) => external::look_at(files, runtime, self.outbox.clone()),
            _ => {}
        }
    }

    /// Asks a person for a path. One dialog at a time: a second question is the first one's echo.
    fn ask(&self, question: Question) {
        if self.is_asking.swap(true, Ordering::AcqRel) {
            return;
        }
        let (dialogs, outbox) = (Arc::clone(&self.dialogs), self.outbox.clone());
        let is_asking = Arc::clone(&self.is_asking);
        let Some(runtime) = &self.runtime else {
            return;
        };
        runtime.spawn_blocking(move || {
            let chosen = dialogs.choose(&question);
            // Before the answer: it may bring up the next question.
            is_asking.store(false, Ordering::Release);
            let Question {
                purpose, folder, ..
            } = question;
            outbox.send(match chosen {
                Chosen::Path(path) => Answer::PathChosen { purpose, path },
                Chosen::Cancelled => Answer::PathCancelled,
                Chosen::NoDialog => Answer::NoDialog {
                    purpose,
                    folder: folder.or_else(dialogs::usual_folder),
                },
            });
        });
    }
}

impl Drop for Effects {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A dialog that is open, or a server that does not answer, must not hold the end up.
            runtime.shutdown_background();
        }
    }
}
