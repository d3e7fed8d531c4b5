//! What a server told about its agents when it was last asked, kept for when it cannot be asked.
//!
//! One small file for each server and account, without secrets. Must not decide whether what it
//! holds is still true: whoever shows it says how old it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::base::file::{create_private_folder, read_up_to, replace_private};
use crate::mim::{AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, StepType};

/// The version of the file.
const VERSION: u32 = 1;
/// The largest file that is read.
const MAX_BYTES: u64 = 16 << 20;
/// How many servers are kept; the one that was asked longest ago goes first.
const MAX_SERVERS: usize = 50;

/// The agents of a server as they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// When the server was asked.
    pub read_at: Timestamp,
    /// Its agents, idle all of them: what they did then means nothing now.
    pub agents: Vec<AgentInfo>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    server: String,
    read_at: Timestamp,
    agents: Vec<StoredAgent>,
}

#[derive(Serialize, Deserialize)]
struct StoredAgent {
    name: String,
    guid: String,
    #[serde(rename = "type")]
    agent_type: String,
    profiles: Vec<StoredProfile>,
}

#[derive(Serialize, Deserialize)]
struct StoredProfile {
    name: String,
    steps: Vec<String>,
}

/// Keeps what a server told.
///
/// # Errors
/// Any error of the system; what was kept before is still there then.
pub fn keep_inventory(
    folder: &Path,
    server: &str,
    agents: &[AgentInfo],
    read_at: Timestamp,
) -> io::Result<()> {
    create_private_folder(folder)?;
    let stored = Stored {
        version: VERSION,
        server: normal(server),
        read_at,
        agents: agents.iter().map(store).collect(),
    };
    replace_private(&path(folder, server), &serde_json::to_vec(&stored)?)?;
    forget_oldest(folder);
    Ok(())
}

/// What a server told when it was last asked; `None` when it never was, or the file is damaged or
/// of a newer version: it is only a convenience, and the next answer replaces it.
pub fn kept_inventory(folder: &Path, server: &str) -> Option<Inventory> {
    let bytes = read_up_to(&path(folder, server), MAX_BYTES).ok()?;
    let stored: Stored = serde_json::from_slice(&bytes).ok()?;
    if stored.version != VERSION || stored.server != normal(server) {
        return None;
    }
    Some(Inventory {
        read_at: stored.read_at,
        agents: stored.agents.into_iter().filter_map(restore).collect(),
    })
}

/// Host names are the same in capitals and small letters, and blanks around them mean nothing.
fn normal(server: &str) -> String {
    server.trim().to_lowercase()
}

fn path(folder: &Path, server: &str) -> PathBuf {
    use std::fmt::Write as _;
    let digest = Sha256::digest(normal(server).as_bytes());
    let mut name = String::new();
    for byte in digest.iter().take(16) {
        // Writing to a string cannot fail.
        write!(name, "{byte:02x}").ok();
    }
    folder.join(name).with_extension("json")
}

fn store(agent: &AgentInfo) -> StoredAgent {
    StoredAgent {
        name: agent.name.to_string(),
        guid: agent.guid.clone(),
        agent_type: agent.agent_type.clone(),
        profiles: agent
            .profiles
            .iter()
            .map(|profile| StoredProfile {
                name: profile.name.to_string(),
                steps: profile
                    .step_types
                    .iter()
                    .map(|kind| kind.as_str().to_owned())
                    .collect(),
            })
            .collect(),
    }
}

fn restore(agent: StoredAgent) -> Option<AgentInfo> {
    let profiles = agent.profiles.into_iter().filter_map(|profile| {
        // Half a list of types would hide a synchronization.
        let steps: Option<Vec<StepType>> = profile
            .steps
            .iter()
            .map(|word| StepType::from_word(word))
            .collect();
        Some(ProfileInfo {
            name: ProfileName::new(&profile.name).ok()?,
            step_types: steps.unwrap_or_default(),
        })
    });
    Some(AgentInfo {
        name: AgentName::new(&agent.name).ok()?,
        guid: agent.guid,
        agent_type: agent.agent_type,
        state: AgentState::Idle { last_result: None },
        profiles: profiles.collect(),
    })
}

/// Keeps the folder small; what cannot be removed does no harm.
fn forget_oldest(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut files: Vec<_> = entries
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort();
    let surplus = files.len().saturating_sub(MAX_SERVERS);
    for (_, file) in files.into_iter().take(surplus) {
        fs::remove_file(file).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(name: &str, profile: &str, step_types: &[StepType]) -> AgentInfo {
        AgentInfo {
            name: AgentName::new(name).unwrap(),
            guid: "{1}".to_owned(),
            agent_type: "AD".to_owned(),
            state: AgentState::Running { profile: None },
            profiles: vec![ProfileInfo {
                name: ProfileName::new(profile).unwrap(),
                step_types: step_types.to_vec(),
            }],
        }
    }

    #[test]
    fn what_a_server_told_comes_back_without_what_it_did() {
        let folder = tempfile::tempdir().unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let told = [agent(
            "HR",
            "Full",
            &[StepType::FullImport, StepType::FullSync],
        )];
        keep_inventory(folder.path(), "Mim01 ", &told, at).unwrap();
        let kept = kept_inventory(folder.path(), "mim01").unwrap();
        assert_eq!(kept.read_at, at);
        let idle = AgentInfo {
            state: AgentState::Idle { last_result: None },
            ..told[0].clone()
        };
        assert_eq!(kept.agents, [idle]);
        assert_eq!(kept_inventory(folder.path(), "mim02"), None);
    }

    #[test]
    fn a_damaged_or_newer_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = path(folder.path(), "mim01");
        for content in [
            "",
            "{",
            r#"{"version":2,"server":"mim01","read_at":"1970-01-01T00:00:00Z","agents":[]}"#,
            r#"{"version":1,"server":"other","read_at":"1970-01-01T00:00:00Z","agents":[]}"#,
        ] {
            fs::write(&file, content).unwrap();
            assert_eq!(kept_inventory(folder.path(), "mim01"), None, "{content}");
        }
        // A type that a newer version knows makes all types of its profile unknown.
        fs::write(
            &file,
            r#"{"version":1,"server":"mim01","read_at":"1970-01-01T00:00:00Z","agents":[
                {"name":"HR","guid":"","type":"","profiles":[
                    {"name":"P","steps":["export","new-thing"]}]}]}"#,
        )
        .unwrap();
        let kept = kept_inventory(folder.path(), "mim01").unwrap();
        assert_eq!(kept.agents[0].profiles[0].step_types, []);
    }

    #[test]
    fn only_so_many_servers_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..MAX_SERVERS + 3 {
            let server = format!("mim{number}");
            keep_inventory(folder.path(), &server, &[], Timestamp::UNIX_EPOCH).unwrap();
        }
        let count = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(count, MAX_SERVERS);
    }
}
