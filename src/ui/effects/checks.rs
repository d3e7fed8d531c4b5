//! Applies the rules beside the drawing; only the newest content counts.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::check;
use crate::designer::Answer;
use crate::mim::AgentInfo;
use crate::model::Sequence;

use super::outbox::Outbox;

/// Something to check.
#[derive(Clone)]
pub(super) struct Check {
    pub(super) content: u64,
    pub(super) sequence: Arc<Sequence>,
    pub(super) agents: Option<Arc<[AgentInfo]>>,
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
                    check::check(&check.sequence, check.agents.as_deref())
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
