//! Why a step waits or was skipped: structured, and as one sentence.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The step that holds what another one needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its thread's name.
    pub thread: String,
    /// What people call it.
    pub step: String,
    /// Since when it holds it.
    pub since: Timestamp,
}

/// Why a step does not run yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum WaitReason {
    /// The run is paused.
    Paused {
        /// Since when.
        since: Timestamp,
    },
    /// The thread's start delay runs off.
    StartDelay {
        /// When it will be over.
        until: Timestamp,
    },
    /// Another step of this run uses the agent.
    AgentBusy {
        /// The agent.
        agent: String,
        /// The step that uses it.
        holder: Holder,
    },
    /// A synchronization of this run is under way, and this step may not run beside it.
    Synchronization {
        /// The step that synchronizes.
        holder: Holder,
    },
    /// This step synchronizes, and what runs must end first.
    BeforeSynchronization {
        /// The step that has run the longest of those.
        holder: Holder,
        /// How many more there are.
        others: usize,
    },
    /// The MIM Service agent's delta import and another agent's synchronization exclude each other.
    MimService {
        /// The step in the way.
        holder: Holder,
    },
    /// An older waiter must not be overtaken.
    Turn {
        /// The step that is ahead, waiting since.
        holder: Holder,
    },
    /// As many run profiles run as may.
    MaxParallel {
        /// The limit.
        limit: u32,
    },
    /// Somebody else runs a profile on the agent.
    ForeignRun {
        /// The agent.
        agent: String,
        /// The profile, if the service named it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// Since when we have seen it.
        since: Timestamp,
    },
    /// Somebody else synchronizes on the server.
    ForeignSynchronization {
        /// Since when we have seen it.
        since: Timestamp,
    },
    /// Somebody changes an agent on the server.
    AgentUpdate {
        /// Since when we have seen it.
        since: Timestamp,
    },
    /// The server does not answer.
    ServiceUnavailable {
        /// What went wrong.
        message: String,
        /// Since when.
        since: Timestamp,
    },
}

impl WaitReason {
    /// The reason as one sentence, without its full stop; times are shown in `zone`.
    pub fn sentence(&self, zone: &TimeZone) -> String {
        let clock = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string();
        let who = |holder: &Holder| {
            format!(
                "`{}` (thread `{}`, since {})",
                holder.step,
                holder.thread,
                clock(holder.since)
            )
        };
        match self {
            Self::Paused { since } => {
                format!("waits because the run is paused since {}", clock(*since))
            }
            Self::StartDelay { until } => {
                format!(
                    "waits until {}, the start delay of its thread",
                    clock(*until)
                )
            }
            Self::AgentBusy { agent, holder } => {
                format!("waits for {}, which uses agent `{agent}`", who(holder))
            }
            Self::Synchronization { holder } => format!(
                "waits for {}, which synchronizes; the overlap rule lets nothing run beside it",
                who(holder)
            ),
            Self::BeforeSynchronization { holder, others: 0 } => format!(
                "waits for {} to end, because the overlap rule lets nothing run beside a synchronization",
                who(holder)
            ),
            Self::BeforeSynchronization { holder, others } => format!(
                "waits for {} and {others} more to end, because the overlap rule lets nothing run \
                 beside a synchronization",
                who(holder)
            ),
            Self::MimService { holder } => format!(
                "waits for {}, because a delta import of the MIM Service agent beside another \
                 agent's synchronization hangs the service",
                who(holder)
            ),
            Self::Turn { holder } => {
                format!(
                    "waits for its turn behind {}, which has waited longer",
                    who(holder)
                )
            }
            Self::MaxParallel { limit } => {
                format!("waits because {limit} run profiles run already, the limit (max-parallel)")
            }
            Self::ForeignRun {
                agent,
                profile: Some(profile),
                since,
            } => format!(
                "waits because somebody else runs `{profile}` on agent `{agent}`, seen since {}",
                clock(*since)
            ),
            Self::ForeignRun {
                agent,
                profile: None,
                since,
            } => format!(
                "waits because somebody else runs a profile on agent `{agent}`, seen since {}",
                clock(*since)
            ),
            Self::ForeignSynchronization { since } => format!(
                "waits because somebody else synchronizes on this server, seen since {}",
                clock(*since)
            ),
            Self::AgentUpdate { since } => format!(
                "waits because somebody creates, changes or deletes an agent on this server, seen since {}",
                clock(*since)
            ),
            Self::ServiceUnavailable { message, since } => {
                format!(
                    "waits because the server does not answer since {}: {message}",
                    clock(*since)
                )
            }
        }
    }
}

/// Why a step did not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum SkipReason {
    /// It is switched off in the file.
    Disabled,
    /// An earlier step of its thread failed.
    EarlierFailure {
        /// What people call that step.
        step: String,
    },
    /// The same agent's import failed, so a synchronization would work on old data.
    ImportFailed {
        /// The agent.
        agent: String,
    },
    /// A pre-processing of its thread or of the sequence failed.
    PreProcessing,
    /// The run was stopped before.
    Stopped,
}

impl SkipReason {
    /// The reason as one sentence, without its full stop.
    pub fn sentence(&self) -> String {
        match self {
            Self::Disabled => "skipped because it is disabled in the file".to_owned(),
            Self::EarlierFailure { step } => {
                format!("skipped because `{step}` failed before it and its thread stops on failure")
            }
            Self::ImportFailed { agent } => {
                format!("skipped because the import of agent `{agent}` failed before it")
            }
            Self::PreProcessing => "skipped because a pre-processing before it failed".to_owned(),
            Self::Stopped => "skipped because the run was stopped".to_owned(),
        }
    }
}
