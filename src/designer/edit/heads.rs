//! Settings of a sequence or thread without what it holds: taken out, changed, put back.

use crate::model::{Sequence, Thread};

use super::{SequenceHead, ThreadHead};

impl SequenceHead {
    /// The settings of a sequence.
    pub fn of(sequence: &Sequence) -> Self {
        Self {
            name: sequence.name.clone(),
            server: sequence.server.clone(),
            log: sequence.log.clone(),
            run: sequence.run.clone(),
            processing: sequence.processing.clone(),
        }
    }

    /// Gives these settings to a sequence.
    pub fn put_on(self, sequence: &mut Sequence) {
        let Self {
            name,
            server,
            log,
            run,
            processing,
        } = self;
        sequence.name = name;
        sequence.server = server;
        sequence.log = log;
        sequence.run = run;
        sequence.processing = processing;
    }
}

impl ThreadHead {
    /// The settings of a thread.
    pub fn of(thread: &Thread) -> Self {
        Self {
            name: thread.name.clone(),
            enabled: thread.enabled,
            start_delay: thread.start_delay,
            repeat: thread.repeat,
            processing: thread.processing.clone(),
        }
    }

    /// Gives these settings to a thread.
    pub fn put_on(self, thread: &mut Thread) {
        let Self {
            name,
            enabled,
            start_delay,
            repeat,
            processing,
        } = self;
        thread.name = name;
        thread.enabled = enabled;
        thread.start_delay = start_delay;
        thread.repeat = repeat;
        thread.processing = processing;
    }
}
