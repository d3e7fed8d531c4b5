//! Runs for tests, told event by event: each comes a second after the one before.

use jiff::Timestamp;

use crate::run::{
    At, Outline, ProfileStatistics, RunEvent, RunEventKind, RunId, RunOutcome, RunSummary,
    StepOutcome, StepOutline, StepOutlineKind, ThreadOutline, WaitReason,
};

use super::super::{ListedRun, RunScope, RunUpdate};
use super::Watch;

pub(in super::super) struct Story {
    pub(in super::super) events: Vec<RunEvent>,
}

fn profile(agent: &str, profile: &str, step_type: &str) -> StepOutline {
    StepOutline {
        name: format!("{agent} · {profile}"),
        enabled: true,
        does: StepOutlineKind::RunProfile {
            agent: agent.to_owned(),
            profile: profile.to_owned(),
            step_types: vec![step_type.to_owned()],
        },
    }
}

fn thread(name: &str, steps: Vec<StepOutline>) -> ThreadOutline {
    ThreadOutline {
        name: name.to_owned(),
        enabled: true,
        repeat: 1,
        steps,
    }
}

/// `Inbound`: HR delta import, HR delta sync. `Outbound`: AD export, a delay.
pub(in super::super) fn outline() -> Outline {
    let delay = StepOutline {
        name: "Delay 30s".to_owned(),
        enabled: true,
        does: StepOutlineKind::Delay {
            duration_ms: 30_000,
        },
    };
    Outline {
        part: None,
        run: RunId::parse("r1").unwrap(),
        sequence: "Nightly".to_owned(),
        file: None,
        server: "mim01".to_owned(),
        overlap: "exclusive-sync".to_owned(),
        threads: vec![
            thread(
                "Inbound",
                vec![
                    profile("HR", "Delta Import", "delta-import"),
                    profile("HR", "Delta Sync", "delta-sync"),
                ],
            ),
            thread("Outbound", vec![profile("AD", "Export", "export"), delay]),
        ],
    }
}

pub(in super::super) fn at(thread: usize, step: Option<usize>) -> At {
    let outline = outline();
    let known = outline.threads.get(thread);
    let known_step = known.and_then(|known| known.steps.get(step?));
    At {
        thread: Some(thread),
        thread_name: known.map(|known| known.name.clone()),
        step,
        step_name: known_step.map(|known| known.name.clone()),
    }
}

pub(in super::super) fn listed() -> ListedRun {
    ListedRun {
        socket: "/run/r1".into(),
        run: RunId::parse("r1").unwrap(),
        sequence: "Nightly".to_owned(),
        file: None,
        started: Timestamp::UNIX_EPOCH,
    }
}

impl Story {
    pub(in super::super) fn new(outline: Outline) -> Self {
        Self { events: Vec::new() }.then(RunEventKind::RunStarted { outline })
    }

    pub(in super::super) fn then(mut self, event: RunEventKind) -> Self {
        let seq = self.events.len() as u64 + 1;
        self.events.push(RunEvent {
            seq,
            at: Timestamp::from_second(i64::try_from(seq).unwrap()).unwrap(),
            // The run began with its first event, a second after the epoch.
            elapsed_ms: (seq - 1) * 1_000,
            event,
        });
        self
    }

    pub(in super::super) fn step_started(self, thread: usize, step: usize) -> Self {
        self.then(RunEventKind::StepStarted {
            at: at(thread, Some(step)),
        })
    }

    pub(in super::super) fn waiting(
        self,
        thread: usize,
        step: Option<usize>,
        sentence: &str,
    ) -> Self {
        self.then(RunEventKind::Waiting {
            at: at(thread, step),
            because: WaitReason::MaxParallel { limit: 1 },
            sentence: sentence.to_owned(),
        })
    }

    pub(in super::super) fn profile_finished(
        self,
        thread: usize,
        step: usize,
        result: &str,
        statistics: ProfileStatistics,
    ) -> Self {
        self.then(RunEventKind::ProfileFinished {
            at: at(thread, Some(step)),
            agent: String::new(),
            profile: String::new(),
            run_number: None,
            result: result.to_owned(),
            class: String::new(),
            statistics,
            elapsed_ms: 1_000,
        })
    }

    pub(in super::super) fn step_finished(
        self,
        thread: usize,
        step: usize,
        outcome: StepOutcome,
        sentence: &str,
    ) -> Self {
        let is_start = |event: &&RunEvent| matches!(&event.event, RunEventKind::StepStarted { at } if (at.thread, at.step) == (Some(thread), Some(step)));
        let start = self.events.iter().rev().find(is_start);
        let now = self.events.len() as u64 * 1_000;
        let elapsed_ms = start.map_or(0, |start| now - start.elapsed_ms);
        self.then(RunEventKind::StepFinished {
            at: at(thread, Some(step)),
            outcome,
            sentence: sentence.to_owned(),
            elapsed_ms,
        })
    }

    pub(in super::super) fn run_finished(self, outcome: RunOutcome) -> Self {
        let elapsed_ms = self.events.len() as u64 * 1_000;
        self.then(RunEventKind::RunFinished {
            outcome,
            elapsed_ms,
        })
    }

    pub(in super::super) fn summary(&self) -> RunSummary {
        let mut summary = RunSummary::default();
        for event in &self.events {
            summary.apply(event);
        }
        summary
    }

    pub(in super::super) fn updates(&self) -> Vec<RunUpdate> {
        let events = self.events.iter();
        events
            .map(|event| RunUpdate::Event(Box::new(event.clone())))
            .collect()
    }

    pub(in super::super) fn watch(&self) -> Watch {
        let mut watch = Watch::new(listed(), RunScope::All);
        for update in self.updates() {
            watch.take(&update);
        }
        watch
    }
}
