//! Tells the log of a run who is signed on to the server, and how, and when that changes.
//!
//! A client that falls back to NTLM stays with it, so a run of hours says so once. Must not ask the
//! server anything.

use std::sync::Arc;

use super::log_task::LogSender;
use crate::base::time::{Clock as _, SystemClock};
use crate::model::LogLevel;
use crate::service::SyncService;

/// What the log was told so far.
pub(super) struct SignOnLog {
    service: Arc<dyn SyncService>,
    clock: SystemClock,
    told: Option<String>,
}

impl SignOnLog {
    pub(super) const fn new(service: Arc<dyn SyncService>, clock: SystemClock) -> Self {
        Self {
            service,
            clock,
            told: None,
        }
    }

    /// Writes a line if there is something new.
    pub(super) async fn tell(&mut self, log: &LogSender) {
        let known = self.service.signed_on();
        if known.is_none() || known == self.told {
            return;
        }
        let level = if self.told.is_none() {
            LogLevel::Information
        } else {
            LogLevel::Warning
        };
        let text = format!("signed on as {}", known.as_deref().unwrap_or_default());
        self.told = known;
        log.remark(self.clock.wall(), level, text).await;
    }
}
