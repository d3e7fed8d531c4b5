//! A designer for tests: what is done to it, and which effects it wants.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::base::secret::Secret;
use crate::mim::{AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, StepType};
use crate::model::{RunProfileStep, Sequence, Step, StepKind, Thread};
use crate::settings::Settings;

use super::super::{
    Answer, Command, ConnectedServer, DialogButton, Edit, Effect, FileStamp, Msg, ServerMsg, State,
    Token, begin, update,
};

pub(super) const PASSWORD: &str = "correct horse";

pub(super) struct Designer {
    pub(super) state: State,
}

pub(super) fn path(name: &str) -> PathBuf {
    PathBuf::from("/data").join(name)
}

pub(super) fn stamp(digest: &str) -> FileStamp {
    FileStamp {
        modified: None,
        bytes: 1,
        digest: digest.to_owned(),
    }
}

/// One thread that imports HR.
pub(super) fn sequence() -> Sequence {
    let mut thread = Thread::new("Import");
    thread
        .steps
        .push(Step::new(StepKind::RunProfile(RunProfileStep {
            agent: AgentName::new("HR").unwrap(),
            profile: ProfileName::new("Delta Import").unwrap(),
            step_type: Some(StepType::DeltaImport),
        })));
    Sequence {
        threads: vec![thread],
        ..Sequence::default()
    }
}

pub(super) fn agents(profiles: &[&str]) -> Arc<[AgentInfo]> {
    let profiles = profiles.iter().map(|name| ProfileInfo {
        name: ProfileName::new(name).unwrap(),
        step_types: vec![StepType::DeltaImport],
    });
    Arc::from([AgentInfo {
        name: AgentName::new("HR").unwrap(),
        guid: String::new(),
        agent_type: "SQL".to_owned(),
        state: AgentState::Idle { last_result: None },
        profiles: profiles.collect(),
    }])
}

/// The names of effects, in order.
pub(super) fn names(effects: &[Effect]) -> Vec<String> {
    let name = |effect: &Effect| {
        let text = format!("{effect:?}");
        text.chars().take_while(|c| c.is_alphanumeric()).collect()
    };
    effects.iter().map(name).collect()
}

impl Designer {
    pub(super) fn new() -> Self {
        let mut state = State::new(Settings::default());
        begin(&mut state);
        Self { state }
    }

    /// With a file open, as it is on disk.
    pub(super) fn opened() -> Self {
        let mut designer = Self::new();
        designer.open("a.xml", sequence(), "d1");
        designer
    }

    /// Connected to `mim01`.
    pub(super) fn connected() -> Self {
        let mut designer = Self::opened();
        designer.connect();
        designer
    }

    /// Tells it something; what is kept about servers follows everything and is left out.
    pub(super) fn send(&mut self, msg: Msg) -> Vec<Effect> {
        let is_of_inventory = |effect: &Effect| {
            matches!(
                effect,
                Effect::ReadInventory(_) | Effect::KeepInventory { .. }
            )
        };
        let mut effects = self.say(msg);
        effects.retain(|effect| !is_of_inventory(effect));
        effects
    }

    pub(super) fn say(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = update(&mut self.state, msg);
        // Whatever happens, nobody may read the password.
        for text in [format!("{:?}", self.state), format!("{effects:?}")] {
            assert!(!text.contains(PASSWORD), "{text}");
        }
        effects
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Vec<Effect> {
        self.send(Msg::Answer(answer))
    }

    pub(super) fn command(&mut self, command: Command) -> Vec<Effect> {
        self.send(Msg::Command(command))
    }

    pub(super) fn press(&mut self, button: DialogButton) -> Vec<Effect> {
        self.send(Msg::DialogAnswer(button))
    }

    pub(super) fn open(&mut self, name: &str, sequence: Sequence, digest: &str) -> Vec<Effect> {
        self.send(Msg::OpenFile(path(name)));
        self.answer(Answer::Opened {
            file: path(name),
            sequence: Box::new(sequence),
            stamp: stamp(digest),
            at: Timestamp::UNIX_EPOCH,
        })
    }

    pub(super) fn saved(&mut self, name: &str, digest: &str) -> Vec<Effect> {
        let content = self.state.document.content;
        self.answer(Answer::Saved {
            file: path(name),
            content,
            stamp: stamp(digest),
            at: Timestamp::UNIX_EPOCH,
        })
    }

    /// Makes unsaved work.
    pub(super) fn draw(&mut self) {
        self.send(Msg::Edit(Edit::AddThreads {
            at: 0,
            threads: vec![Thread::new("More")],
        }));
        assert!(self.state.document.is_modified());
    }

    pub(super) fn type_server(&mut self, host: &str, user: &str, password: &str) {
        self.send(Msg::Server(ServerMsg::Host(host.to_owned())));
        self.send(Msg::Server(ServerMsg::User(user.to_owned())));
        let password = Secret::new(password.to_owned());
        self.send(Msg::Server(ServerMsg::Password(password)));
    }

    /// The token of the connection or of the attempt at one.
    pub(super) fn token(&self) -> Token {
        use super::super::Connection::{Connected, Connecting};
        match &self.state.connection {
            Connecting { token, .. } | Connected { token, .. } => *token,
            _ => panic!("{:?}", self.state.connection),
        }
    }

    pub(super) fn connected_answer(&self) -> Answer {
        Answer::Connected {
            token: self.token(),
            server: ConnectedServer {
                name: "mim01".to_owned(),
                ..ConnectedServer::default()
            },
            agents: agents(&["Delta Import"]),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    pub(super) fn connect(&mut self) -> Vec<Effect> {
        self.type_server("mim01", "CORP\\svc", PASSWORD);
        self.command(Command::Connect);
        let answer = self.connected_answer();
        self.answer(answer)
    }

    /// The store of passwords has none.
    pub(super) fn nothing_stored(&mut self) -> Vec<Effect> {
        let token = self.token();
        self.answer(Answer::Recalled {
            token,
            password: None,
            problem: None,
        })
    }

    pub(super) fn toasts(&self) -> Vec<&str> {
        let toasts = self.state.toasts.iter();
        toasts.map(|toast| toast.title.as_str()).collect()
    }
}
