//! Makes the events of a run: numbers, times, places, sentences.

use std::time::Duration;

use jiff::Timestamp;

use crate::base::time::Moment;
use crate::run::{At, Holder, Outline, RunEvent, RunEventKind, WaitReason};

use super::super::gate::{Block, Other};
use super::thread::Told;
use super::{Effect, Owner, State};

impl State {
    pub(super) fn say(&mut self, event: RunEventKind) {
        self.seq += 1;
        self.effects.push(Effect::Emit(RunEvent {
            seq: self.seq,
            at: self.wall(),
            elapsed_ms: self.elapsed_ms(Moment::ZERO),
            event,
        }));
    }

    pub(super) fn wall(&self) -> Timestamp {
        self.wall_at(self.now)
    }

    pub(super) fn wall_at(&self, moment: Moment) -> Timestamp {
        self.origin
            .saturating_add(moment.since(Moment::ZERO))
            .unwrap_or(Timestamp::MAX)
    }

    pub(super) fn elapsed_ms(&self, since: Moment) -> u64 {
        millis(self.now.since(since))
    }

    pub(super) fn say_run_started(&mut self) {
        let file = self.options.file.as_ref();
        let named = file
            .and_then(|file| file.file_stem())
            .map(|s| s.to_string_lossy().into_owned());
        let sequence = if self.program.name.is_empty() {
            named.unwrap_or_default()
        } else {
            self.program.name.clone()
        };
        let outline = Outline {
            run: self.options.run.clone(),
            sequence,
            file: file.map(|file| file.display().to_string()),
            server: self.options.server.clone(),
            overlap: self.program.overlap.as_str().to_owned(),
            part: self.options.part,
            threads: self.program.thread_outlines(),
        };
        self.say(RunEventKind::RunStarted { outline });
    }

    pub(super) fn at(&self, owner: Owner) -> At {
        match owner {
            Owner::Sequence => At::sequence(),
            Owner::Thread(thread) => self.at_thread(thread),
            Owner::Step(thread) => {
                let step = self.threads.get(thread).and_then(|run| run.step.as_ref());
                step.map_or_else(
                    || self.at_thread(thread),
                    |step| self.at_step(thread, step.index),
                )
            }
        }
    }

    pub(super) fn at_thread(&self, thread: usize) -> At {
        At {
            thread: Some(thread),
            thread_name: self
                .program
                .threads
                .get(thread)
                .map(|thread| thread.name.clone()),
            step: None,
            step_name: None,
        }
    }

    pub(super) fn at_step(&self, thread: usize, step: usize) -> At {
        let program = self.program.threads.get(thread);
        At {
            step: Some(step),
            step_name: program
                .and_then(|t| t.steps.get(step))
                .map(|step| step.label.clone()),
            ..self.at_thread(thread)
        }
    }

    /// Tells of every thread that waits for a reason it has not told yet.
    pub(super) fn say_waits(&mut self) {
        let mut reasons: Vec<(usize, Told)> = Vec::new();
        if let Some(since) = self.paused_since {
            let waiting = self
                .threads
                .iter()
                .enumerate()
                .filter(|(_, run)| run.waits_to_start());
            let because = || Told::Reason(WaitReason::Paused { since });
            reasons.extend(waiting.map(|(thread, _)| (thread, because())));
        } else if !self.is_stopping() {
            let blocks = self.gate.blocks().into_iter();
            reasons.extend(blocks.map(|(thread, block)| (thread, Told::Block(block))));
            for (thread, run) in self.threads.iter().enumerate() {
                if let Some(reason) = run.own_reason(|moment| self.wall_at(moment)) {
                    reasons.push((thread, Told::Reason(reason)));
                }
            }
        }
        for (thread, because) in reasons {
            self.say_wait(thread, because);
        }
    }

    fn say_wait(&mut self, thread: usize, told: Told) {
        let Some(run) = self.threads.get_mut(thread) else {
            return;
        };
        if run.told.as_ref().is_some_and(|last| is_same(last, &told)) {
            return;
        }
        let because = match &told {
            Told::Block(block) => self.reason(thread, block),
            Told::Reason(reason) => reason.clone(),
        };
        if let Some(run) = self.threads.get_mut(thread) {
            run.told = Some(told);
        }
        let sentence = because.sentence(&self.options.zone);
        let at = self.at(Owner::Step(thread));
        self.say(RunEventKind::Waiting {
            at,
            because,
            sentence,
        });
    }

    fn reason(&self, thread: usize, block: &Block) -> WaitReason {
        match *block {
            Block::Agent(other) => WaitReason::AgentBusy {
                agent: self.agent_of(thread),
                holder: self.holder(other),
            },
            Block::Synchronization(other) => WaitReason::Synchronization {
                holder: self.holder(other),
            },
            Block::BeforeSynchronization(other, others) => WaitReason::BeforeSynchronization {
                holder: self.holder(other),
                others,
            },
            Block::MimService(other) => WaitReason::MimService {
                holder: self.holder(other),
            },
            Block::Turn(other) => WaitReason::Turn {
                holder: self.holder(other),
            },
            Block::Full(limit) => WaitReason::MaxParallel {
                limit: u32::try_from(limit).unwrap_or(u32::MAX),
            },
        }
    }

    fn holder(&self, other: Other) -> Holder {
        let at = self.at(Owner::Step(other.key));
        Holder {
            thread: at.thread_name.unwrap_or_default(),
            step: at.step_name.unwrap_or_default(),
            since: self.wall_at(other.since),
        }
    }

    fn agent_of(&self, thread: usize) -> String {
        self.footprint(thread)
            .map(|f| f.agent.as_str().to_owned())
            .unwrap_or_default()
    }
}

/// Whether two reasons read the same to a person; a count that went down is no news.
fn is_same(last: &Told, now: &Told) -> bool {
    match (last, now) {
        (
            Told::Block(Block::BeforeSynchronization(a, _)),
            Told::Block(Block::BeforeSynchronization(b, _)),
        ) => a == b,
        _ => last == now,
    }
}

pub(super) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
