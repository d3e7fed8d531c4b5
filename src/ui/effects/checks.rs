//! Applies the rules beside the drawing; only the newest content counts.

use std::sync::Arc;

use jiff::tz::TimeZone;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::check::{self, Known};
use crate::designer::Answer;
use crate::mim::Knowledge;
use crate::model::Sequence;

use super::outbox::Outbox;

/// Something to check.
#[derive(Clone)]
pub(super) struct Check {
    pub(super) content: u64,
    pub(super) sequence: Arc<Sequence>,
    pub(super) known: Option<Arc<Knowledge>>,
}

/// The worker; it ends when this is dropped.
pub(super) struct Checks {
    newest: watch::Sender<Option<Check>>,
}

impl Checks {
    pub(super) fn start(runtime: &Handle, outbox: Outbox) -> Self {
        let (newest, mut wanted) = watch::channel(None::<Check>);
        runtime.spawn(async move {
            while wanted.changed().await.is_ok() {
                let Some(check) = wanted.borrow_and_update().clone() else {
                    continue;
                };
                let content = check.content;
                let checking = tokio::task::spawn_blocking(move || {
                    let zone = TimeZone::system();
                    let known = check.known.as_deref();
                    let known = known.map(|knowledge| Known::of(knowledge, &zone));
                    check::check_known(&check.sequence, known)
                });
                let Ok(problems) = checking.await else {
                    continue;
                };
                let is_old = wanted.has_changed().unwrap_or(false);
                if !is_old {
                    outbox.send(Answer::Checked { content, problems });
                }
            }
        });
        Self { newest }
    }

    /// Checks this instead of whatever waits.
    pub(super) fn perform(&self, check: Check) {
        self.newest.send_replace(Some(check));
    }
}
