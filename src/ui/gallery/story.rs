//! A run in the middle, told as events, for the pictures of live cards, timeline and log.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::designer::{ListedRun, RunUpdate};
use crate::model::{Sequence, Step, StepKind};
use crate::run::{
    At, Holder, Outline, ProfileStatistics, RunEvent, RunEventKind, RunId, RunOutcome, SkipReason,
    StepOutcome, StepOutline, StepOutlineKind, StepStatistics, ThreadOutline, WaitReason,
};

use super::sample;

/// How far the told run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chapter {
    /// In the middle: something failed, something runs, something waits.
    Middle,
    /// Paused in the middle.
    Paused,
    /// Ended with a failure.
    Failed,
    /// Ended well.
    Success,
}

/// The run of the pictures.
pub(super) fn listed() -> ListedRun {
    ListedRun {
        socket: "20261121-220000-4f2a9c.sock".into(),
        run: RunId::new(sample::now(), 0x4f_2a9c),
        sequence: "Full cycle".to_owned(),
        file: Some("/srv/mim/production/full-cycle.xml".to_owned()),
        started: sample::now(),
    }
}

/// What the run has said up to a chapter.
pub(super) fn told(sequence: &Sequence, chapter: Chapter) -> Vec<RunUpdate> {
    let mut teller = Teller {
        sequence,
        events: Vec::new(),
    };
    teller.say(
        0,
        RunEventKind::RunStarted {
            outline: outline(sequence),
        },
    );
    if chapter == Chapter::Success {
        teller.good_day();
    } else {
        teller.bad_day();
    }
    match chapter {
        Chapter::Middle | Chapter::Success => {}
        Chapter::Paused => teller.say(850, RunEventKind::Paused),
        Chapter::Failed => teller.end_badly(),
    }
    numbered(teller.events)
}

/// A run in which every thread runs its first step.
pub(super) fn all_running(sequence: &Sequence) -> Vec<RunUpdate> {
    let mut teller = Teller {
        sequence,
        events: Vec::new(),
    };
    let outline = outline(sequence);
    teller.say(0, RunEventKind::RunStarted { outline });
    for thread in 0..sequence.threads.len() {
        let at = teller.at(thread, None);
        teller.say(0, RunEventKind::ThreadStarted { at });
        teller.starts(thread, 0, 1);
    }
    numbered(teller.events)
}

fn numbered(mut events: Vec<RunEvent>) -> Vec<RunUpdate> {
    // The teller jumps between threads; a run does not.
    events.sort_by_key(|event| event.elapsed_ms);
    let numbered = events.into_iter().zip(1..);
    numbered
        .map(|(event, seq)| RunUpdate::Event(Box::new(RunEvent { seq, ..event })))
        .collect()
}

struct Teller<'a> {
    sequence: &'a Sequence,
    events: Vec<RunEvent>,
}

impl Teller<'_> {
    fn say(&mut self, second: u64, event: RunEventKind) {
        self.events.push(RunEvent {
            seq: 0,
            at: sample::now() + Duration::from_secs(second),
            elapsed_ms: second * 1000,
            event,
        });
    }

    fn bad_day(&mut self) {
        for thread in 0..3 {
            self.say(
                0,
                RunEventKind::ThreadStarted {
                    at: self.at(thread, None),
                },
            );
        }
        self.ran(0, 0, (0, 108), StepOutcome::Success);
        self.ran(0, 1, (108, 300), StepOutcome::Warning);
        self.ran(0, 2, (300, 430), StepOutcome::Success);
        self.ran(0, 3, (430, 575), StepOutcome::Success);
        self.starts(0, 4, 595);
        self.ran(1, 0, (0, 252), StepOutcome::Failed);
        self.skipped(1, 1, 252);
        self.ran(1, 2, (252, 480), StepOutcome::Success);
        self.waits(1, 3, 480);
        self.starts(1, 3, 576);
        self.ran(2, 0, (0, 300), StepOutcome::Success);
        self.ran(2, 1, (300, 626), StepOutcome::Success);
        self.waits(2, 2, 626);
    }

    fn good_day(&mut self) {
        let mut end = 0;
        for (thread, content) in self.sequence.threads.iter().enumerate() {
            let mut second = 0;
            self.say(
                0,
                RunEventKind::ThreadStarted {
                    at: self.at(thread, None),
                },
            );
            for (step, what) in content.steps.iter().enumerate() {
                if what.enabled {
                    self.ran(thread, step, (second, second + 94), StepOutcome::Success);
                    second += 94;
                } else {
                    self.say(
                        second,
                        RunEventKind::StepSkipped {
                            at: self.at(thread, Some(step)),
                            because: SkipReason::Disabled,
                            sentence: SkipReason::Disabled.sentence(),
                        },
                    );
                }
            }
            self.thread_ends(thread, second, StepOutcome::Success);
            end = end.max(second);
        }
        self.say(
            end,
            RunEventKind::RunFinished {
                outcome: RunOutcome::Success,
                elapsed_ms: end * 1000,
            },
        );
    }

    fn end_badly(&mut self) {
        self.finishes(0, 4, (595, 900), StepOutcome::Success);
        self.finishes(1, 3, (576, 880), StepOutcome::Success);
        self.ran(1, 4, (880, 960), StepOutcome::Success);
        self.ran(2, 2, (880, 1000), StepOutcome::Success);
        self.ran(2, 3, (1000, 1080), StepOutcome::Warning);
        self.ran(2, 5, (1080, 1100), StepOutcome::Success);
        for (thread, end, outcome) in [
            (0, 900, StepOutcome::Warning),
            (1, 960, StepOutcome::Failed),
            (2, 1100, StepOutcome::Warning),
        ] {
            self.thread_ends(thread, end, outcome);
        }
        self.say(
            1100,
            RunEventKind::RunFinished {
                outcome: RunOutcome::Failed,
                elapsed_ms: 1_100_000,
            },
        );
    }

    fn ran(&mut self, thread: usize, step: usize, span: (u64, u64), outcome: StepOutcome) {
        self.starts(thread, step, span.0);
        self.finishes(thread, step, span, outcome);
    }

    fn starts(&mut self, thread: usize, step: usize, second: u64) {
        let at = self.at(thread, Some(step));
        self.say(second, RunEventKind::StepStarted { at: at.clone() });
        if let Some((agent, profile)) = self.names(thread, step) {
            self.say(second, RunEventKind::ProfileStarted { at, agent, profile });
        }
    }

    fn finishes(&mut self, thread: usize, step: usize, span: (u64, u64), outcome: StepOutcome) {
        let at = self.at(thread, Some(step));
        let elapsed_ms = (span.1 - span.0) * 1000;
        let (result, sentence) = match outcome {
            StepOutcome::Warning => (
                "completed-sync-errors",
                "the service says `completed-sync-errors`, 3 objects with errors",
            ),
            StepOutcome::Failed => (
                "stopped-connectivity",
                "the service says `stopped-connectivity`; the connection: failed-connection",
            ),
            StepOutcome::Success | StepOutcome::Skipped | StepOutcome::Stopped => ("success", ""),
        };
        if let Some((agent, profile)) = self.names(thread, step) {
            self.say(
                span.1,
                RunEventKind::ProfileFinished {
                    at: at.clone(),
                    agent,
                    profile,
                    run_number: Some(1_204),
                    result: result.to_owned(),
                    class: outcome.word().to_owned(),
                    statistics: statistics(result, outcome),
                    elapsed_ms,
                },
            );
        }
        self.say(
            span.1,
            RunEventKind::StepFinished {
                at,
                outcome,
                sentence: sentence.to_owned(),
                elapsed_ms,
            },
        );
    }

    fn skipped(&mut self, thread: usize, step: usize, second: u64) {
        let because = SkipReason::ImportFailed {
            agent: "SQL Badge".to_owned(),
        };
        self.say(
            second,
            RunEventKind::StepSkipped {
                at: self.at(thread, Some(step)),
                sentence: because.sentence(),
                because,
            },
        );
    }

    fn waits(&mut self, thread: usize, step: usize, second: u64) {
        let because = WaitReason::Synchronization {
            holder: Holder {
                thread: "Badge and portal".to_owned(),
                step: "MIM Service · Delta Synchronization".to_owned(),
                since: sample::now() + Duration::from_secs(576),
            },
        };
        self.say(
            second,
            RunEventKind::Waiting {
                at: self.at(thread, Some(step)),
                sentence: because.sentence(&jiff::tz::TimeZone::UTC),
                because,
            },
        );
    }

    fn thread_ends(&mut self, thread: usize, second: u64, outcome: StepOutcome) {
        self.say(
            second,
            RunEventKind::ThreadFinished {
                at: self.at(thread, None),
                outcome,
                elapsed_ms: second * 1000,
            },
        );
    }

    fn step(&self, thread: usize, step: usize) -> Option<&Step> {
        self.sequence.threads.get(thread)?.steps.get(step)
    }

    fn names(&self, thread: usize, step: usize) -> Option<(String, String)> {
        let step = self.step(thread, step)?.run_profile()?;
        Some((step.agent.to_string(), step.profile.to_string()))
    }

    fn at(&self, thread: usize, step: Option<usize>) -> At {
        At {
            thread: Some(thread),
            thread_name: self
                .sequence
                .thread(thread)
                .map(|thread| thread.name.clone()),
            step,
            step_name: step.and_then(|step| Some(self.step(thread, step)?.label())),
        }
    }
}

fn statistics(result: &str, outcome: StepOutcome) -> ProfileStatistics {
    let counters = |pairs: &[(&str, u64)]| -> BTreeMap<String, u64> {
        pairs
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    };
    let failed = outcome == StepOutcome::Failed;
    let errors: &[&str] = if outcome == StepOutcome::Warning {
        &[
            "sync-generic-failure: CN=Aalto Mira,OU=Staff,DC=contoso,DC=local: the attribute mail has two values",
            "extension-dll-exception: CN=Berg Anna,OU=Staff,DC=contoso,DC=local",
            "ambiguous-import-flow-from-multiple-connectors: CN=Costa Rui,OU=Staff,DC=contoso,DC=local",
        ]
    } else {
        &[]
    };
    ProfileStatistics {
        steps: vec![StepStatistics {
            number: 1,
            step_type: Some("delta-sync".to_owned()),
            result: result.to_owned(),
            counters: if failed {
                BTreeMap::new()
            } else {
                counters(&[
                    ("stage-add", 12),
                    ("stage-update", 160),
                    ("stage-no-change", 2126),
                    ("stage-delete", 12),
                    ("connector-flow", 571),
                    ("disconnector-joined-flow", 48),
                    ("disconnector-projected-flow", 12),
                ])
            },
            outbound: if failed {
                BTreeMap::new()
            } else {
                BTreeMap::from([(
                    "Azure AD".to_owned(),
                    counters(&[("provisioned-add-flow", 12), ("connector-flow", 82)]),
                )])
            },
            error_count: errors.len() as u64,
            errors: errors.iter().map(|error| (*error).to_owned()).collect(),
            connection: failed
                .then(|| "no-connection to SQLHR01: a network-related error occurred".to_owned()),
        }],
    }
}

fn outline(sequence: &Sequence) -> Outline {
    let step = |step: &Step| StepOutline {
        name: step.label(),
        enabled: step.enabled,
        does: match &step.kind {
            StepKind::RunProfile(profile) => StepOutlineKind::RunProfile {
                agent: profile.agent.to_string(),
                profile: profile.profile.to_string(),
                step_types: profile
                    .step_type
                    .iter()
                    .map(|kind| kind.as_str().to_owned())
                    .collect(),
            },
            StepKind::Delay { duration } => StepOutlineKind::Delay {
                duration_ms: duration.as_millis() as u64,
            },
            StepKind::Command(command) => StepOutlineKind::Command {
                line: command.display_line(),
            },
        },
    };
    let threads = sequence.threads.iter().map(|thread| ThreadOutline {
        name: thread.name.clone(),
        enabled: thread.enabled,
        repeat: thread.repeat.get(),
        steps: thread.steps.iter().map(step).collect(),
    });
    Outline {
        part: None,
        run: listed().run,
        sequence: sequence.name.clone(),
        file: listed().file,
        server: "mim01".to_owned(),
        overlap: sequence.run.overlap.as_str().to_owned(),
        threads: threads.collect(),
    }
}
