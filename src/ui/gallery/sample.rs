//! The made-up company of the pictures: a server, its agents, a sequence, a run in the middle.
//!
//! Everything here is fixed, so that two pictures of one scene are equal.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::designer::ConnectedServer;
use crate::mim::{AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, RunResult, StepType};
use crate::model::{
    Command, OnFailure, PostCommand, RunProfileStep, Sequence, Step, StepKind, Thread, When,
};

use StepType::{DeltaImport, DeltaSync, Export, FullImport, FullSync};

/// The moment of all pictures.
pub(super) fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + Duration::from_hours(498_718)
}

/// The server as it is connected in the pictures.
pub(super) fn server() -> ConnectedServer {
    ConnectedServer {
        name: "mim01".to_owned(),
        address: "https://mim01.contoso.local:5986/wsman".to_owned(),
        account: r"CONTOSO\svc-mim".to_owned(),
        signed_on: r"CONTOSO\svc-mim by Kerberos, encrypted".to_owned(),
        product: "Microsoft Corporation OS: 10.0.17763 SP: 0.0 Stack: 3.0".to_owned(),
        reply_ms: 12,
    }
}

fn agent(
    name: &str,
    kind: &str,
    state: AgentState,
    profiles: &[(&str, StepType)],
) -> Option<AgentInfo> {
    let profiles = profiles.iter().filter_map(|(name, step)| {
        Some(ProfileInfo {
            name: ProfileName::new(name).ok()?,
            step_types: vec![*step],
        })
    });
    Some(AgentInfo {
        name: AgentName::new(name).ok()?,
        // No two of them have names of the same length.
        guid: format!("{{7C0C6A1E-0F43-4E5B-9B6B-{:012X}}}", name.len()),
        agent_type: kind.to_owned(),
        state,
        profiles: profiles.collect(),
    })
}

fn idle(result: &str) -> AgentState {
    AgentState::Idle {
        last_result: Some(RunResult::new(result)),
    }
}

/// The agents of the server.
pub(super) fn agents() -> Arc<[AgentInfo]> {
    let cycle = [
        ("Full Import", FullImport),
        ("Delta Import", DeltaImport),
        ("Full Synchronization", FullSync),
        ("Delta Synchronization", DeltaSync),
        ("Export", Export),
    ];
    let [full_import, delta_import, full_sync, delta_sync, export] = cycle;
    let running = AgentState::Running {
        profile: ProfileName::new("Delta Import").ok(),
    };
    [
        agent(
            "HR",
            "Delimited text file",
            idle("success"),
            &[full_import, full_sync],
        ),
        agent("Contoso AD", "Active Directory", running, &cycle),
        agent(
            "SQL Badge",
            "SQL Server",
            idle("completed-discovery-errors"),
            &[full_import, full_sync],
        ),
        agent(
            "MIM Service",
            "FIM",
            idle("success"),
            &[delta_import, delta_sync, export],
        ),
        agent(
            "Phone book LDAP",
            "Generic LDAP",
            idle("stopped-connectivity"),
            &[full_import, export],
        ),
        agent(
            "Azure AD",
            "Windows Azure Active Directory",
            AgentState::Idle { last_result: None },
            &[delta_import, delta_sync, export],
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A step that runs a profile.
pub(super) fn profile(agent: &str, profile: &str, kind: StepType) -> Option<Step> {
    Some(Step::new(StepKind::RunProfile(RunProfileStep {
        agent: AgentName::new(agent).ok()?,
        profile: ProfileName::new(profile).ok()?,
        step_type: Some(kind),
    })))
}

/// A thread of steps.
pub(super) fn thread(name: &str, steps: impl IntoIterator<Item = Option<Step>>) -> Thread {
    Thread {
        steps: steps.into_iter().flatten().collect(),
        ..Thread::new(name)
    }
}

fn with(step: Option<Step>, change: impl FnOnce(&mut Step)) -> Option<Step> {
    step.map(|mut step| {
        change(&mut step);
        step
    })
}

fn copy_feed() -> Command {
    Command {
        arguments: vec![
            r"\\hr01\export\employees.csv".to_owned(),
            r"D:\feeds\hr.csv".to_owned(),
        ],
        ..Command::new("copy-feed.cmd")
    }
}

/// The sequence of the pictures.
pub(super) fn sequence() -> Sequence {
    let inbound = thread(
        "Inbound",
        [
            with(profile("HR", "Full Import", FullImport), |step| {
                step.timeout = Some(Duration::from_mins(20));
                step.processing.pre.push(copy_feed());
            }),
            profile("HR", "Full Synchronization", FullSync),
            with(profile("Contoso AD", "Delta Import", DeltaImport), |step| {
                step.on_failure = OnFailure::StopAll;
            }),
            profile("Contoso AD", "Delta Synchronization", DeltaSync),
            with(profile("Contoso AD", "Export", Export), |step| {
                step.timeout = Some(Duration::from_mins(30));
                step.processing.post.push(PostCommand {
                    when: When::Failure,
                    command: Command::new("notify.ps1"),
                });
            }),
        ],
    );
    let badge = thread(
        "Badge and portal",
        [
            profile("SQL Badge", "Full Import", FullImport),
            profile("SQL Badge", "Full Synchronization", FullSync),
            profile("MIM Service", "Delta Import", DeltaImport),
            profile("MIM Service", "Delta Synchronization", DeltaSync),
            with(profile("MIM Service", "Export", Export), |step| {
                step.processing.post.push(PostCommand {
                    when: When::Always,
                    command: Command::new("notify.ps1"),
                });
            }),
        ],
    );
    let cloud = thread(
        "Cloud and phone book",
        [
            Some(Step::new(StepKind::Delay {
                duration: Duration::from_mins(5),
            })),
            with(profile("Azure AD", "Delta Import", DeltaImport), |step| {
                step.timeout = Some(Duration::from_mins(30));
            }),
            profile("Azure AD", "Delta Synchronization", DeltaSync),
            profile("Azure AD", "Export", Export),
            with(profile("Phone book LDAP", "Export", Export), |step| {
                step.enabled = false;
            }),
            Some(Step::new(StepKind::Command(Command {
                arguments: vec!["-Site".to_owned(), "HQ".to_owned()],
                ..Command::new("refresh-phone-book.ps1")
            }))),
        ],
    );
    Sequence {
        name: "Full cycle".to_owned(),
        threads: vec![inbound, badge, cloud],
        ..Sequence::default()
    }
}
