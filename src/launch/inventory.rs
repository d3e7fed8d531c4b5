//! What is known about the agents of a server, kept for when it cannot be asked.
//!
//! One small file for each server in the user's data folder, without secrets, written whole or not
//! at all. A file that is damaged or newer is left alone. Must not decide whether what a file holds
//! is still true: whoever uses it is told how old it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::base::file::{FileProblem, create_private_folder, read_up_to, replace_private};
use crate::mim::{
    AgentInfo, AgentName, AgentState, Export, ExportedAgent, FormerName, Inventory, ProfileInfo,
    ProfileName, StepType, Told,
};

/// The version of the file.
const VERSION: u32 = 1;
/// The largest file.
const MAX_BYTES: u64 = 16 << 20;
/// How many servers are kept; the one that was kept longest ago goes first.
const MAX_SERVERS: usize = 50;

/// Why there is nothing to be had from a kept file, or nothing can be kept.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// The system refuses the file.
    #[error("what a server told of its agents cannot be kept in `{path}`")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: FileProblem,
    },
    /// It is not what was written.
    #[error(
        "`{path}`, which keeps what a server told of its agents, is damaged (line {line}, column \
         {column}); it is left alone: remove it and start the designer anew, and what the server \
         says is kept again"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A newer program wrote it.
    #[error(
        "`{path}`, which keeps what a server told of its agents, was written by a newer version of \
         this program; it is left alone"
    )]
    Newer {
        /// The file.
        path: PathBuf,
    },
}

/// What is kept about a server; empty when nothing is.
///
/// # Errors
/// [`InventoryError`] names the file.
pub fn kept_inventory(folder: &Path, server: &str) -> Result<Inventory, InventoryError> {
    Ok(read(&path(folder, server), server)?.map_or_else(Inventory::default, restore))
}

/// Keeps what a server told in the place of what it told before; an export stays.
///
/// # Errors
/// [`InventoryError`]; what was kept before is still there then.
pub fn keep_told(folder: &Path, server: &str, told: &Told) -> Result<(), InventoryError> {
    keep(folder, server, |stored| {
        stored.told = Some(store_told(told));
    })
}

/// Keeps what was exported from a server, or forgets it; what the server told stays.
///
/// # Errors
/// As for [`keep_told`].
pub fn keep_export(
    folder: &Path,
    server: &str,
    export: Option<&Export>,
) -> Result<(), InventoryError> {
    keep(folder, server, |stored| {
        stored.export = export.map(store_export);
    })
}

/// Forgets everything about a server, whatever its file holds.
///
/// # Errors
/// [`InventoryError`] names the file that is still there.
pub fn forget_inventory(folder: &Path, server: &str) -> Result<(), InventoryError> {
    let path = path(folder, server);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(InventoryError::File {
            path,
            source: error.into(),
        }),
        _ => Ok(()),
    }
}

fn keep(
    folder: &Path,
    server: &str,
    change: impl FnOnce(&mut Stored),
) -> Result<(), InventoryError> {
    let path = path(folder, server);
    let mut stored = read(&path, server)?.unwrap_or_else(|| Stored {
        version: VERSION,
        server: normal(server),
        told: None,
        export: None,
    });
    change(&mut stored);
    write(folder, &path, &stored).map_err(|error| InventoryError::File {
        path,
        source: error.into(),
    })
}

fn write(folder: &Path, path: &Path, stored: &Stored) -> io::Result<()> {
    create_private_folder(folder)?;
    let bytes = serde_json::to_vec(stored)?;
    if bytes.len() as u64 > MAX_BYTES {
        let problem = format!("larger than {MAX_BYTES} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
    }
    replace_private(path, &bytes)?;
    forget_oldest(folder);
    Ok(())
}

/// What lies in a file; nothing when there is none.
fn read(path: &Path, server: &str) -> Result<Option<Stored>, InventoryError> {
    let bytes = match read_up_to(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(InventoryError::File {
                path: path.to_path_buf(),
                source: error.into(),
            });
        }
    };
    let damaged = |line, column| InventoryError::Damaged {
        path: path.to_path_buf(),
        line,
        column,
    };
    let at = |error: serde_json::Error| damaged(error.line(), error.column());
    let head: Head = serde_json::from_slice(&bytes).map_err(at)?;
    if head.version > VERSION {
        let path = path.to_path_buf();
        return Err(InventoryError::Newer { path });
    }
    let stored: Stored = serde_json::from_slice(&bytes).map_err(at)?;
    if stored.version != VERSION || stored.server != normal(server) {
        return Err(damaged(1, 1));
    }
    Ok(Some(stored))
}

/// Host names are the same in capitals and small letters, and blanks around them mean nothing.
fn normal(server: &str) -> String {
    server.trim().to_lowercase()
}

fn path(folder: &Path, server: &str) -> PathBuf {
    use std::fmt::Write as _;
    let digest = Sha256::digest(normal(server).as_bytes());
    let mut name = String::new();
    for byte in digest.iter().take(NAME_CHARS / 2) {
        // Writing to a string cannot fail.
        write!(name, "{byte:02x}").ok();
    }
    folder.join(name).with_extension("json")
}

/// How long the name of a file is.
const NAME_CHARS: usize = 32;

fn is_ours(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let is_name =
        |stem: &str| stem.len() == NAME_CHARS && stem.chars().all(|c| c.is_ascii_hexdigit());
    stem.is_some_and(is_name) && path.extension().is_some_and(|it| it == "json")
}

/// Keeps the folder small; what cannot be removed does no harm.
fn forget_oldest(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut files: Vec<_> = entries
        .flatten()
        .filter(|entry| is_ours(&entry.path()))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort();
    let surplus = files.len().saturating_sub(MAX_SERVERS);
    for (_, file) in files.into_iter().take(surplus) {
        fs::remove_file(file).ok();
    }
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    server: String,
    told: Option<StoredTold>,
    export: Option<StoredExport>,
}

#[derive(Serialize, Deserialize)]
struct StoredTold {
    server: String,
    account: String,
    read_at: Timestamp,
    agents: Vec<StoredAgent>,
    former: Vec<StoredName>,
}

#[derive(Serialize, Deserialize)]
struct StoredExport {
    origin: String,
    written: Option<Timestamp>,
    whole: bool,
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

#[derive(Serialize, Deserialize)]
struct StoredName {
    name: String,
    guid: String,
}

fn store_told(told: &Told) -> StoredTold {
    let agents = told.agents.iter().map(|agent| {
        let (name, guid) = (&agent.name, &agent.guid);
        store_agent(name, guid, &agent.agent_type, &agent.profiles)
    });
    let former = told.former.iter().map(|former| StoredName {
        name: former.name.to_string(),
        guid: former.guid.clone(),
    });
    StoredTold {
        server: told.server.clone(),
        account: told.account.clone(),
        read_at: told.read_at,
        agents: agents.collect(),
        former: former.collect(),
    }
}

fn store_export(export: &Export) -> StoredExport {
    let agents = export.agents.iter().map(|agent| {
        let (name, guid) = (&agent.name, &agent.guid);
        store_agent(name, guid, &agent.agent_type, &agent.profiles)
    });
    StoredExport {
        origin: export.origin.clone(),
        written: export.written,
        whole: export.is_whole,
        agents: agents.collect(),
    }
}

fn store_agent(
    name: &AgentName,
    guid: &str,
    agent_type: &str,
    profiles: &[ProfileInfo],
) -> StoredAgent {
    let profiles = profiles.iter().map(|profile| StoredProfile {
        name: profile.name.to_string(),
        steps: profile
            .step_types
            .iter()
            .map(|kind| kind.as_str().to_owned())
            .collect(),
    });
    StoredAgent {
        name: name.to_string(),
        guid: guid.to_owned(),
        agent_type: agent_type.to_owned(),
        profiles: profiles.collect(),
    }
}

fn restore(stored: Stored) -> Inventory {
    Inventory {
        told: stored.told.map(|told| Told {
            server: told.server,
            account: told.account,
            read_at: told.read_at,
            agents: told
                .agents
                .into_iter()
                .filter_map(restore_agent)
                .map(|agent| AgentInfo {
                    name: agent.name,
                    guid: agent.guid,
                    agent_type: agent.agent_type,
                    state: AgentState::Idle { last_result: None },
                    profiles: agent.profiles,
                })
                .collect(),
            former: told.former.into_iter().filter_map(restore_name).collect(),
        }),
        export: stored.export.map(|export| Export {
            origin: export.origin,
            written: export.written,
            is_whole: export.whole,
            agents: export
                .agents
                .into_iter()
                .filter_map(restore_agent)
                .collect(),
        }),
    }
}

fn restore_name(former: StoredName) -> Option<FormerName> {
    Some(FormerName {
        name: AgentName::new(&former.name).ok()?,
        guid: former.guid,
    })
}

fn restore_agent(agent: StoredAgent) -> Option<ExportedAgent> {
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
    Some(ExportedAgent {
        name: AgentName::new(&agent.name).ok()?,
        guid: agent.guid,
        agent_type: agent.agent_type,
        profiles: profiles.collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use crate::base::error_chain;

    use super::*;

    fn profile(name: &str, step_types: &[StepType]) -> ProfileInfo {
        ProfileInfo {
            name: ProfileName::new(name).unwrap(),
            step_types: step_types.to_vec(),
        }
    }

    fn told(name: &str) -> Told {
        let types = [StepType::FullImport, StepType::FullSync];
        Told {
            server: "Mim01".to_owned(),
            account: "CORP\\svc".to_owned(),
            read_at: Timestamp::UNIX_EPOCH,
            agents: [AgentInfo {
                name: AgentName::new(name).unwrap(),
                guid: "{1}".to_owned(),
                agent_type: "AD".to_owned(),
                state: AgentState::Idle { last_result: None },
                profiles: vec![profile("Full", &types), profile("Odd", &[])],
            }]
            .into(),
            former: vec![FormerName {
                name: AgentName::new("Old").unwrap(),
                guid: "{1}".to_owned(),
            }],
        }
    }

    fn export() -> Export {
        Export {
            origin: "/srv/export".to_owned(),
            written: None,
            is_whole: true,
            agents: vec![ExportedAgent {
                name: AgentName::new("HR").unwrap(),
                guid: String::new(),
                agent_type: String::new(),
                profiles: vec![profile("Export", &[StepType::Export])],
            }],
        }
    }

    #[test]
    fn what_is_kept_comes_back_each_half_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("servers");
        let kept = |server: &str| kept_inventory(&folder, server).unwrap();
        assert_eq!(kept("mim01"), Inventory::default());
        keep_told(&folder, "Mim01 ", &told("HR")).unwrap();
        keep_export(&folder, "mim01", Some(&export())).unwrap();
        keep_told(&folder, "mim01", &told("HR 2")).unwrap();
        let both = Inventory {
            told: Some(told("HR 2")),
            export: Some(export()),
        };
        assert_eq!(kept("MIM01"), both);
        keep_export(&folder, "mim01", None).unwrap();
        assert_eq!(kept("mim01").export, None);
        assert_eq!(kept("mim02"), Inventory::default());
        keep_told(&folder, "mim02", &told("AD")).unwrap();
        for server in ["MIM01", "mim01", "mim03"] {
            forget_inventory(&folder, server).unwrap();
        }
        assert_eq!(kept("mim01"), Inventory::default());
        assert_eq!(kept("mim02").told, Some(told("AD")), "nothing of others");
        keep_told(&folder, "mim01", &told("HR")).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&folder), 0o700);
            assert_eq!(mode(&path(&folder, "mim01")), 0o600);
        }
    }

    #[test]
    fn a_damaged_or_newer_file_is_told_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = path(folder.path(), "mim01");
        let other = r#"{"version":1,"server":"other","told":null,"export":null}"#;
        for (content, said) in [
            ("", "is damaged (line 1, column 0)"),
            ("{\n\"version\":1", "is damaged (line 2, column 11)"),
            (other, "is damaged (line 1, column 1)"),
            (
                r#"{"version":2,"new":true}"#,
                "was written by a newer version of this program",
            ),
        ] {
            fs::write(&file, content).unwrap();
            for error in [
                kept_inventory(folder.path(), "mim01").unwrap_err(),
                keep_told(folder.path(), "mim01", &told("HR")).unwrap_err(),
                keep_export(folder.path(), "mim01", None).unwrap_err(),
            ] {
                let text = error_chain::one_line(&error);
                assert!(text.contains(said), "{content}: {text}");
                assert!(text.contains(&file.display().to_string()), "{text}");
            }
            assert_eq!(fs::read_to_string(&file).unwrap(), content);
        }
    }

    #[test]
    fn a_type_that_is_not_known_makes_all_types_of_its_profile_unknown() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            path(folder.path(), "mim01"),
            r#"{"version":1,"server":"mim01","told":null,"export":{"origin":"","written":null,
                "whole":false,"agents":[{"name":"HR","guid":"","type":"","profiles":[
                    {"name":"P","steps":["export","new-thing"]}]}]}}"#,
        )
        .unwrap();
        let kept = kept_inventory(folder.path(), "mim01").unwrap();
        assert_eq!(kept.export.unwrap().agents[0].profiles[0].step_types, []);
    }

    #[test]
    fn only_so_many_servers_are_kept_and_nothing_of_others_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.json"), "mine").unwrap();
        let all = MAX_SERVERS + 3;
        for number in 0..all {
            let server = format!("mim{number}");
            keep_export(folder.path(), &server, Some(&export())).unwrap();
            // As if it had been kept a while ago, each a minute after the one before.
            let file = fs::File::open(path(folder.path(), &server)).unwrap();
            let age = Duration::from_mins((all - number) as u64);
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        let count = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(count, MAX_SERVERS + 1);
        let is_kept = |number: &usize| {
            let server = format!("mim{number}");
            let kept = kept_inventory(folder.path(), &server).unwrap();
            kept.export.is_some()
        };
        let kept: Vec<usize> = (0..all).filter(is_kept).collect();
        assert_eq!(kept, (3..all).collect::<Vec<_>>(), "the newest stay");
    }
}
