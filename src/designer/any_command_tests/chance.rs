//! Seeded chance: states, edits and messages, sensible ones often and absurd ones now and then.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::check::check;
use crate::format;
use crate::mim::{AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, StepType};
use crate::model::{
    Command as Program, OnFailure, OverlapRule, Place, PostCommand, RunProfileStep, Sequence, Step,
    StepKind, Thread, When,
};
use crate::run::{
    Outline, RunId, RunOutcome, RunPhase, RunSummary, StepOutline, StepOutlineKind, ThreadOutline,
};
use crate::settings::{BottomTab, Settings};

use super::super::{
    Agents, Answer, Command, ConnectedServer, Connection, Direction, Document, DragMsg, DragSource,
    DropPoint, Edit, Field, FileStamp, FindMsg, ListedRun, Msg, PaletteMsg, Panel, PanelMsg,
    RunUpdate, Screen, Select, SequenceHead, ServerChoice, State, StepChange, ThreadHead, Token,
    TreeItem, TreeMsg,
};

const TEXTS: [&str; 10] = [
    "",
    " ",
    "Import",
    "HR",
    "Export",
    "a & <b>",
    "tab\tline\nend\r",
    "\u{0}\u{1b}[2J",
    "\u{FFFE}x",
    "Ärzte 🚑",
];
const AGENTS: [&str; 4] = ["HR", "AD", "SQL", "MIM Service"];
const PROFILES: [&str; 5] = [
    "Full Import",
    "Delta Import",
    "Full Sync",
    "Delta Sync",
    "Export",
];

/// A source of chance.
pub(super) struct Chance(fastrand::Rng);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.0.usize(..all.len())]
    }

    fn text(&mut self) -> String {
        self.one(&TEXTS).to_owned()
    }

    fn span(&mut self) -> Duration {
        self.one(&[
            Duration::ZERO,
            Duration::from_secs(30),
            Duration::from_micros(1_500),
            Duration::MAX,
        ])
    }

    fn some<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.0.bool().then(|| make(self))
    }

    fn program(&mut self) -> Program {
        let mut program = Program::new(self.text());
        program.arguments = (0..self.0.usize(..3)).map(|_| self.text()).collect();
        program.directory = self.some(Self::text);
        program.environment = (0..self.0.usize(..2))
            .map(|_| (self.text(), self.text()))
            .collect();
        program.timeout = self.some(Self::span);
        program
    }

    fn agent(&mut self) -> AgentName {
        AgentName::new(self.one(&AGENTS)).unwrap()
    }

    fn profile(&mut self) -> ProfileName {
        ProfileName::new(self.one(&PROFILES)).unwrap()
    }

    fn step(&mut self) -> Step {
        let mut step = Step::new(match self.0.usize(..4) {
            0 => StepKind::Delay {
                duration: self.span(),
            },
            1 => StepKind::Command(self.program()),
            _ => StepKind::RunProfile(RunProfileStep {
                agent: self.agent(),
                profile: self.profile(),
                step_type: self.some(|chance| chance.one(&StepType::ALL)),
            }),
        });
        step.name = self.some(Self::text);
        step.enabled = self.0.u8(..) > 60;
        step.timeout = self.some(Self::span);
        step.on_failure = self.one(&OnFailure::ALL);
        if self.0.u8(..) < 60 {
            step.processing.pre.push(self.program());
            step.processing.post.push(PostCommand {
                when: self.one(&When::ALL),
                command: self.program(),
            });
        }
        step
    }

    fn steps(&mut self, most: usize) -> Vec<Step> {
        (0..self.0.usize(..=most)).map(|_| self.step()).collect()
    }

    fn thread(&mut self) -> Thread {
        let mut thread = Thread::new(self.text());
        thread.enabled = self.0.u8(..) > 60;
        thread.start_delay = self.span();
        thread.steps = self.steps(4);
        thread
    }

    fn threads(&mut self, most: usize) -> Vec<Thread> {
        (0..self.0.usize(..=most)).map(|_| self.thread()).collect()
    }

    /// A sequence as a file holds it.
    fn sequence(&mut self) -> Sequence {
        let mut sequence = Sequence {
            name: self.text(),
            ..Sequence::default()
        };
        sequence.threads = self.threads(3);
        let edit = Edit::Replace {
            sequence: Box::new(sequence),
            label: String::new(),
        };
        let applied = edit.apply(&Sequence::default());
        applied.map_or_else(Sequence::default, |applied| applied.sequence)
    }

    fn agents(&mut self) -> Arc<[AgentInfo]> {
        AGENTS[..self.0.usize(..AGENTS.len())]
            .iter()
            .map(|name| AgentInfo {
                name: AgentName::new(name).unwrap(),
                guid: String::new(),
                agent_type: "SQL".to_owned(),
                state: AgentState::Idle { last_result: None },
                profiles: PROFILES
                    .iter()
                    .zip(StepType::ALL)
                    .map(|(name, kind)| ProfileInfo {
                        name: ProfileName::new(name).unwrap(),
                        step_types: vec![kind],
                    })
                    .collect(),
            })
            .collect()
    }

    pub(super) fn state(&mut self) -> State {
        let mut state = State::new(Settings::default());
        state.screen = Screen::Work;
        state.document = Document::new(self.sequence());
        if self.0.bool() {
            state.connection = Connection::Connected {
                token: Token(7),
                choice: ServerChoice::Demo,
                server: ConnectedServer::default(),
                agents: Agents {
                    list: self.agents(),
                    read_at: Some(Timestamp::UNIX_EPOCH),
                    is_reading: false,
                    problem: None,
                },
            };
        }
        state
    }

    fn index(&mut self, count: usize) -> usize {
        // One behind the end is where things are added, and two is nowhere.
        self.0.usize(..count + 2)
    }

    fn place(&mut self, state: &State) -> Place {
        let sequence = &state.document.sequence;
        let thread = self.index(sequence.threads.len());
        let count = sequence.thread(thread).map_or(0, |of| of.steps.len());
        match self.0.usize(..8) {
            0 => Place::Sequence,
            1 | 2 => Place::Thread(thread),
            _ => Place::Step {
                thread,
                step: self.index(count),
            },
        }
    }

    fn places(&mut self, state: &State) -> Vec<Place> {
        (0..self.0.usize(..5)).map(|_| self.place(state)).collect()
    }

    fn point(&mut self, state: &State) -> DropPoint {
        let sequence = &state.document.sequence;
        let thread = self.index(sequence.threads.len());
        if self.0.u8(..) < 64 {
            return DropPoint::NewThread(thread);
        }
        let count = sequence.thread(thread).map_or(0, |of| of.steps.len());
        let step = self.index(count);
        DropPoint::In { thread, step }
    }

    fn field(&mut self) -> Field {
        self.one(&[
            Field::Name,
            Field::Enabled,
            Field::Agent,
            Field::Timeout,
            Field::PreProcessing(0),
            Field::Overlap,
        ])
    }

    pub(super) fn edit(&mut self, state: &State) -> Edit {
        let sequence = &state.document.sequence;
        let place = self.place(state);
        let thread = self.index(sequence.threads.len());
        match self.0.usize(..11) {
            0 => {
                let mut head = SequenceHead::of(sequence);
                head.name = self.text();
                head.server.host = self.some(Self::text);
                head.server.port = self.some(|chance| chance.0.u16(..3));
                head.server.pin = self.some(Self::text);
                head.log.file = self.some(Self::text);
                head.run.overlap = self.one(&OverlapRule::ALL);
                head.processing.pre = vec![self.program()];
                Edit::Sequence {
                    head: Box::new(head),
                    field: self.field(),
                }
            }
            1 => Edit::Thread {
                thread,
                head: Box::new(ThreadHead {
                    name: self.text(),
                    enabled: self.0.bool(),
                    start_delay: self.span(),
                    repeat: NonZeroU32::MIN,
                    processing: crate::model::Processing::default(),
                }),
                field: self.field(),
            },
            2 => Edit::Step {
                place,
                step: Box::new(self.step()),
                field: self.field(),
            },
            3 => Edit::Steps {
                places: self.places(state),
                change: match self.0.usize(..3) {
                    0 => StepChange::Enabled(self.0.bool()),
                    1 => StepChange::Timeout(self.some(Self::span)),
                    _ => StepChange::OnFailure(self.one(&OnFailure::ALL)),
                },
            },
            4 => Edit::EnableThreads {
                threads: vec![thread, 0],
                enabled: self.0.bool(),
            },
            5 => Edit::AddThreads {
                at: thread,
                threads: self.threads(2),
            },
            6 => Edit::AddSteps {
                at: self.point(state),
                steps: self.steps(3),
            },
            7 => Edit::MoveSteps {
                places: self.places(state),
                to: self.point(state),
            },
            8 => Edit::MoveThread {
                from: thread,
                to: self.index(sequence.threads.len()),
            },
            9 => Edit::Remove {
                places: self.places(state),
            },
            _ => Edit::Replace {
                sequence: Box::new(self.sequence()),
                label: self.text(),
            },
        }
    }

    fn drag(&mut self, state: &State) -> DragMsg {
        match self.0.usize(..6) {
            0 => DragMsg::Start(match self.0.usize(..6) {
                0 => DragSource::Profile {
                    agent: self.agent(),
                    profile: self.profile(),
                },
                1 => DragSource::NewCommand,
                2 => DragSource::NewDelay,
                3 => DragSource::NewRunProfile,
                4 => DragSource::Thread(self.index(state.document.sequence.threads.len())),
                _ => DragSource::Steps(self.places(state)),
            }),
            1..=3 => DragMsg::Over {
                target: Some(self.point(state)),
                is_copy: self.0.bool(),
            },
            4 => DragMsg::Drop,
            _ => DragMsg::Cancel,
        }
    }

    fn direction(&mut self) -> Direction {
        self.one(&[
            Direction::Up,
            Direction::Down,
            Direction::Left,
            Direction::Right,
            Direction::Home,
            Direction::End,
        ])
    }

    /// A run of what is drawn, or of something else.
    fn outline(&mut self, state: &State) -> Outline {
        let mut sequence = (*state.document.sequence).clone();
        if self.0.u8(..) < 64 {
            sequence = self.sequence();
        }
        let step = |step: &Step| StepOutline {
            name: step.label(),
            enabled: step.enabled,
            does: StepOutlineKind::Delay { duration_ms: 1 },
        };
        let threads = sequence.threads.iter().map(|thread| ThreadOutline {
            name: thread.name.clone(),
            enabled: thread.enabled,
            repeat: 1,
            steps: thread.steps.iter().map(step).collect(),
        });
        Outline {
            part: None,
            run: RunId::new(Timestamp::UNIX_EPOCH, 1),
            sequence: String::new(),
            file: None,
            server: String::new(),
            overlap: String::new(),
            threads: threads.collect(),
        }
    }

    /// What a run says when it is first watched: it goes on or it is over.
    fn snapshot(&mut self, state: &State) -> RunSummary {
        RunSummary {
            outline: Some(self.outline(state)),
            phase: self.one(&[
                RunPhase::Running,
                RunPhase::Finished(RunOutcome::Success),
                RunPhase::Finished(RunOutcome::Failed),
            ]),
            ..RunSummary::default()
        }
    }

    fn answer(&mut self, state: &State) -> Answer {
        match self.0.usize(..9) {
            5 => Answer::RunStarted {
                token: None,
                run: ListedRun {
                    socket: PathBuf::from("/run"),
                    run: RunId::new(Timestamp::UNIX_EPOCH, 1),
                    sequence: String::new(),
                    file: None,
                    started: Timestamp::UNIX_EPOCH,
                },
            },
            6 => {
                let summary = self.snapshot(state);
                Answer::RunUpdates(vec![RunUpdate::Snapshot(Box::new(summary))])
            }
            7 => Answer::RunGone,
            0 => Answer::Opened {
                file: PathBuf::from("/a.xml"),
                sequence: Box::new(self.sequence()),
                stamp: FileStamp {
                    modified: None,
                    bytes: 1,
                    digest: "0".to_owned(),
                },
                at: Timestamp::UNIX_EPOCH,
            },
            1 => Answer::Failed {
                sentence: self.text(),
            },
            2 => Answer::AgentsRead {
                token: Token(7),
                agents: self.agents(),
                at: Timestamp::UNIX_EPOCH,
                reply_ms: 1,
            },
            _ => Answer::Checked {
                content: state.document.content,
                problems: check(&state.document.sequence, None),
            },
        }
    }

    fn item(&mut self) -> TreeItem {
        if self.0.bool() {
            TreeItem::Agent(self.agent())
        } else {
            TreeItem::Profile(self.agent(), self.profile())
        }
    }

    pub(super) fn msg(&mut self, state: &State) -> Msg {
        match self.0.usize(..24) {
            0..6 => Msg::Command(self.one(Command::ALL)),
            6..11 => Msg::Edit(self.edit(state)),
            11 => Msg::EndTyping,
            12..14 => {
                let place = self.place(state);
                Msg::Select(self.one(&[
                    Select::One(place),
                    Select::Toggle(place),
                    Select::To(place),
                ]))
            }
            14 => Msg::Cursor {
                direction: self.direction(),
                extend: self.0.bool(),
            },
            15..18 => Msg::Drag(self.drag(state)),
            18 => Msg::Rename {
                place: self.place(state),
                name: self.text(),
            },
            19 => Msg::Pasted(if self.0.bool() {
                self.text()
            } else {
                format::write(&self.sequence())
            }),
            20 => Msg::Find(match self.0.usize(..3) {
                0 => FindMsg::Text(self.text()),
                1 => FindMsg::Go {
                    forward: self.0.bool(),
                },
                _ => FindMsg::Close,
            }),
            21 => match self.0.usize(..3) {
                0 => Msg::ShowProblem(self.0.usize(..4)),
                1 => Msg::FixProblem(self.0.usize(..4)),
                _ => Msg::DialogAnswer(super::super::DialogButton::Cancel),
            },
            22 => self.panel_msg(),
            _ => Msg::Answer(self.answer(state)),
        }
    }

    fn panel_msg(&mut self) -> Msg {
        match self.0.usize(..9) {
            0 => Msg::Tree(TreeMsg::Filter(self.text())),
            1 => Msg::Tree(TreeMsg::Add(self.item())),
            2 => Msg::Tree(TreeMsg::Select(Some(self.item()))),
            3 => Msg::Tree(TreeMsg::FoldAll(self.0.bool())),
            4 => Msg::Palette(PaletteMsg::Text(self.text())),
            5 => Msg::Palette(PaletteMsg::Move(self.0.i32(-3..4))),
            6 => Msg::Palette(PaletteMsg::Run {
                row: self.some(|chance| chance.0.usize(..60)),
                keep_open: self.0.bool(),
            }),
            7 => Msg::Panel(PanelMsg::Focused(Panel::Tree)),
            _ => Msg::Panel(PanelMsg::Tab(BottomTab::Xml)),
        }
    }
}
