//! `agents`: the management agents of a server, their states and run profiles.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::base::text::printable;
use crate::launch::{Connection, Target, read_exported};
use crate::mim::{AgentInfo, AgentState, Inventory, Knowledge, ResultClass};
use crate::model::ServerSettings;

use super::super::arguments::{AgentsArguments, ServerArguments};
use super::super::console::{Cell, Output, Tone, render};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::password::{self, PasswordSources};
use super::super::runtime;

/// Lists the agents.
///
/// # Errors
/// [`Failure`] when the server cannot be used.
pub fn agents(arguments: &AgentsArguments, output: &Output) -> Result<ExitCode, Failure> {
    let overrides = arguments.server.overrides();
    let is_asked = overrides.host.is_some() || overrides.is_demo || arguments.exported.is_none();
    let told: Option<Arc<[AgentInfo]>> = if is_asked {
        let told = ask(&ServerSettings::default(), &arguments.server, Path::new(""))?;
        Some(told.into())
    } else {
        None
    };
    let inventory = Inventory {
        told: None,
        export: arguments
            .exported
            .as_deref()
            .map(read_exported)
            .transpose()?,
    };
    let known = Knowledge::of(told.as_ref(), &inventory).map(|known| known.agents);
    let known = known.unwrap_or_default();
    if arguments.json {
        for agent in &*known {
            output.line(&json(agent, is_asked)?);
        }
    } else if known.is_empty() {
        output.line("The server has no management agents.");
    } else {
        let rows: Vec<[Cell; 4]> = known.iter().map(|agent| row(agent, is_asked)).collect();
        output.line(&render(
            ["Agent", "Type", "State", "Run profiles"],
            &rows,
            output.colour(),
        ));
    }
    Ok(ExitCode::Success)
}

/// Asks a server for its agents.
///
/// # Errors
/// [`Failure`] when the server cannot be used.
pub fn ask(
    settings: &ServerSettings,
    arguments: &ServerArguments,
    folder: &Path,
) -> Result<Vec<AgentInfo>, Failure> {
    let target = Target::decide(settings, &arguments.overrides(), folder)?;
    let sources = PasswordSources::named(&arguments.password, arguments.credential.as_deref());
    let password = password::of_target(sources, &target)?;
    runtime::block_on(async move {
        let connection = Connection::open(&target, password, None).await?;
        let agents = connection.service().first_contact().await;
        connection.close().await;
        Ok(agents?)
    })
}

fn row(agent: &AgentInfo, is_asked: bool) -> [Cell; 4] {
    let profiles: Vec<String> = agent
        .profiles
        .iter()
        .map(|profile| printable(profile.name.as_str()))
        .collect();
    [
        printable(agent.name.as_str()).into(),
        printable(&agent.agent_type).into(),
        if is_asked {
            state_cell(&agent.state)
        } else {
            Cell::toned("not asked", Tone::Quiet)
        },
        profiles.join(", ").into(),
    ]
}

fn state_cell(state: &AgentState) -> Cell {
    match state {
        AgentState::Running {
            profile: Some(profile),
        } => Cell::toned(
            format!("runs {}", printable(profile.as_str())),
            Tone::Doubtful,
        ),
        AgentState::Running { profile: None } => Cell::toned("running", Tone::Doubtful),
        AgentState::Idle { last_result: None } => Cell::toned("idle, never ran", Tone::Quiet),
        AgentState::Idle {
            last_result: Some(result),
        } => {
            let tone = match result.class() {
                ResultClass::Success => Tone::Good,
                ResultClass::Warning | ResultClass::Running => Tone::Doubtful,
                ResultClass::Error | ResultClass::Unknown => Tone::Bad,
            };
            Cell::toned(format!("idle, last {}", printable(result.as_str())), tone)
        }
    }
}

#[derive(Serialize)]
struct JsonAgent<'a> {
    name: &'a str,
    guid: &'a str,
    #[serde(rename = "type")]
    agent_type: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_result: Option<&'a str>,
    profiles: Vec<JsonProfile<'a>>,
}

#[derive(Serialize)]
struct JsonProfile<'a> {
    name: &'a str,
    step_types: Vec<&'static str>,
}

fn json(agent: &AgentInfo, is_asked: bool) -> Result<String, Failure> {
    let (state, profile, last_result) = match &agent.state {
        _ if !is_asked => ("not asked", None, None),
        AgentState::Running { profile } => ("running", profile.as_ref().map(|p| p.as_str()), None),
        AgentState::Idle { last_result } => {
            ("idle", None, last_result.as_ref().map(|r| r.as_str()))
        }
    };
    let profiles = agent.profiles.iter().map(|profile| JsonProfile {
        name: profile.name.as_str(),
        step_types: profile
            .step_types
            .iter()
            .map(|kind| kind.as_str())
            .collect(),
    });
    super::to_json(&JsonAgent {
        name: agent.name.as_str(),
        guid: &agent.guid,
        agent_type: &agent.agent_type,
        state,
        profile,
        last_result,
        profiles: profiles.collect(),
    })
}

#[cfg(test)]
mod tests {
    use crate::mim::{AgentName, ProfileInfo, ProfileName, RunResult, StepType};

    use super::*;

    #[test]
    fn an_agent_as_json_has_its_state_and_profiles() {
        let mut agent = AgentInfo {
            name: AgentName::new("HR").unwrap(),
            guid: "{A}".to_owned(),
            agent_type: "SQL".to_owned(),
            state: AgentState::Idle {
                last_result: Some(RunResult::new("success")),
            },
            profiles: vec![ProfileInfo {
                name: ProfileName::new("Full Import").unwrap(),
                step_types: vec![StepType::FullImport],
            }],
        };
        assert_eq!(
            json(&agent, true).unwrap(),
            r#"{"name":"HR","guid":"{A}","type":"SQL","state":"idle","last_result":"success","profiles":[{"name":"Full Import","step_types":["full-import"]}]}"#
        );
        agent.state = AgentState::Running { profile: None };
        assert!(
            json(&agent, true)
                .unwrap()
                .contains(r#""state":"running","profiles""#)
        );
    }
}
