//! What a server tells about its management agents and their run profiles.

use super::{AgentName, ProfileName, RunResult, StepType};

/// A management agent as `MIIS_ManagementAgent` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentInfo {
    /// Its name, the key of the class.
    pub name: AgentName,
    /// Its identifier, in braces and upper case.
    pub guid: String,
    /// Its type, such as `SQL` or `FIM`: an open set of the service's words.
    pub agent_type: String,
    /// What it does now.
    pub state: AgentState,
    /// The run profiles that are known, by name; the service has no list of them, they come from
    /// its run history (domain notes, "Enumerating run profiles").
    pub profiles: Vec<ProfileInfo>,
}

/// A run profile and what its steps do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileInfo {
    /// Its name.
    pub name: ProfileName,
    /// The type of each step in order; empty when nothing is known.
    pub step_types: Vec<StepType>,
}

/// What an agent does now, or how its last run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentState {
    /// A run profile runs.
    Running {
        /// The profile, if the service named it.
        profile: Option<ProfileName>,
    },
    /// Nothing runs; the last run ended so, `None` when there was none or the history is cleared.
    Idle {
        /// The result of the last run.
        last_result: Option<RunResult>,
    },
}

/// Whether an agent of this type is the MIM Service's (FIM Service's) agent, whose delta import
/// must not overlap a synchronization of another agent.
///
/// Accepts the spellings seen in exported configurations: `FIM`, `FIM Service`, `MIM Service`.
pub fn is_mim_service(agent_type: &str) -> bool {
    let folded: String = agent_type
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    matches!(folded.as_str(), "fim" | "mim" | "fimservice" | "mimservice")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mim_service_agent_is_known_by_its_type() {
        for agent_type in ["FIM", "FIM Service", "mim service"] {
            assert!(is_mim_service(agent_type), "{agent_type}");
        }
        assert!(!is_mim_service("SQL"));
    }
}
