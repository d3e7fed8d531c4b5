//! The service over a WMI that answers as a test tells it to.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::{
    ExecuteReply, HistoryEntry, ServiceErrorKind, SyncService as _, WmiService, WmiSettings,
    WmiTimeouts,
};
use crate::base::secret::Secret;
use crate::mim::{AgentName, AgentState, ProfileName, RunResult};
use crate::wmi::{MethodCall, Opener, Permit, Row, Session, Stage, Value, WmiError};

const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(150);

type Answer = Result<&'static str, u32>;

/// What a call answers; `None` never comes back.
type Doing = fn(&MethodCall) -> Option<Answer>;

struct Fake {
    doing: Doing,
    refusal: Option<u32>,
    calls: Arc<Mutex<Vec<MethodCall>>>,
}

impl Opener for Fake {
    fn open(&self) -> Result<Box<dyn Session>, WmiError> {
        match self.refusal {
            Some(code) => Err(WmiError::from_code(Stage::Connect, code)),
            None => Ok(Box::new(Self {
                doing: self.doing,
                refusal: None,
                calls: Arc::clone(&self.calls),
            })),
        }
    }
}

fn row(values: &[(&str, &str)]) -> Row {
    Row {
        properties: values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())))
            .collect(),
    }
}

fn run(agent: &str, number: &str, profile: &str, status: &str) -> Row {
    row(&[
        ("Key", &format!("{{{agent}}}-{number}")),
        ("MaName", agent),
        ("RunNumber", number),
        ("RunProfile", profile),
        ("RunStatus", status),
    ])
}

impl Session for Fake {
    fn query(&self, wql: &str) -> Result<Vec<Row>, WmiError> {
        match wql {
            "select * from MIIS_ManagementAgent" => Ok(vec![
                row(&[("Name", "SQL"), ("Guid", "{2}"), ("Type", "Sql")]),
                row(&[("Name", "HR"), ("Guid", "{1}"), ("Type", "File")]),
            ]),
            near if near.contains(" and (RunNumber") => {
                Err(WmiError::from_code(Stage::Call, 0x8004_1017))
            }
            _ => Ok(vec![
                run("HR", "8", "Full Import", "success"),
                run("HR", "7", "Full Import", "success"),
                run("HR", "9", "Export", "stopped-server-down"),
                run("Gone", "1", "Full Import", "success"),
            ]),
        }
    }

    fn call(&self, call: &MethodCall, permit: &Permit) -> Result<Row, WmiError> {
        if !permit.begin() {
            return Err(WmiError::from_code(Stage::Connect, 0x8004_1001));
        }
        self.calls.lock().push(call.clone());
        match (self.doing)(call) {
            Some(Ok(value)) => Ok(row(&[("ReturnValue", value)])),
            Some(Err(code)) => Err(WmiError::from_code(Stage::Call, code)),
            None => loop {
                std::thread::park();
            },
        }
    }
}

fn service(doing: Doing, refusal: Option<u32>) -> (WmiService, Arc<Mutex<Vec<MethodCall>>>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let fake = Fake {
        doing,
        refusal,
        calls: Arc::clone(&calls),
    };
    let timeouts = WmiTimeouts {
        connect: LONG,
        call: LONG,
        execute: SHORT,
    };
    let server = r"\\mim01".to_owned();
    let user = r"CORP\op".to_owned();
    let service = WmiService::over(Arc::new(fake), server, user, timeouts);
    (service, calls)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "other fakes give no answer at times"
)]
fn company(call: &MethodCall) -> Option<Answer> {
    Some(Ok(match (call.method.as_str(), call.object.as_str()) {
        ("RunStatus", r#"MIIS_ManagementAgent.Name="HR""#) => "in-progress",
        ("RunProfile", r#"MIIS_ManagementAgent.Name="HR""#) => "Full Import",
        ("RunNumber", r#"MIIS_ManagementAgent.Name="HR""#) => "9",
        ("Stop", _) => "success",
        _ => "",
    }))
}

fn agent(name: &str) -> AgentName {
    AgentName::new(name).unwrap()
}

fn profile(name: &str) -> ProfileName {
    ProfileName::new(name).unwrap()
}

#[tokio::test]
async fn agents_come_with_state_and_profiles() {
    let (service, calls) = service(company, None);
    assert_eq!(service.identify().await.unwrap().vendor, "WMI");
    let agents = service.first_contact().await.unwrap();
    let names: Vec<_> = agents.iter().map(|agent| agent.name.as_str()).collect();
    assert_eq!(names, ["HR", "SQL"]);
    assert_eq!(
        agents[0].state,
        AgentState::Running {
            profile: Some(profile("Full Import"))
        }
    );
    assert_eq!(agents[1].state, AgentState::Idle { last_result: None });
    let profiles: Vec<_> = agents[0].profiles.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(profiles, ["Export", "Full Import"]);
    let detailed: Vec<_> = calls
        .lock()
        .iter()
        .filter(|call| call.method == "RunDetails")
        .map(|call| call.object.clone())
        .collect();
    assert_eq!(detailed, [r#"MIIS_RunHistory.Key="{HR}-8""#]);
    assert_eq!(service.run_number(&agent("HR")).await.unwrap(), 9);
    assert_eq!(service.run_number(&agent("SQL")).await.unwrap(), 0);
    assert_eq!(service.run_profile(&agent("SQL")).await.unwrap(), None);
    assert_eq!(
        service.stop(&agent("HR")).await.unwrap().as_str(),
        "success"
    );
}

#[tokio::test]
async fn a_provider_that_cannot_take_a_query_is_asked_more_simply() {
    let (service, _calls) = service(company, None);
    let entries = service.history(&agent("HR"), 7).await.unwrap();
    let expected = [
        ("8", "Full Import", "success"),
        ("9", "Export", "stopped-server-down"),
    ]
    .map(|(number, name, result)| HistoryEntry {
        run_number: number.parse().unwrap(),
        profile: profile(name),
        result: RunResult::new(result),
    });
    assert_eq!(entries, expected);
}

#[tokio::test]
async fn an_order_to_run_is_given_once_and_told_truly() {
    let table: [(Doing, &str); 6] = [
        (|_| Some(Ok("success")), "ended success"),
        (|_| Some(Ok("access-denied")), "ended access-denied"),
        (|_| Some(Ok("")), "probably"),
        (|_| Some(Err(0x8004_1002)), "not found"),
        (|_| Some(Err(0x8007_06BE)), "probably"),
        (|_| None, "probably"),
    ];
    for (doing, expected) in table {
        let (service, calls) = service(doing, None);
        let reply = service.execute(&agent("HR"), &profile("Full")).await;
        let told = match reply {
            Ok(ExecuteReply::Ended(result)) => format!("ended {}", result.as_str()),
            Ok(ExecuteReply::ProbablyRunning(_)) => "probably".to_owned(),
            Err(error) => error.kind.to_string(),
        };
        assert_eq!(told, expected);
        let calls = calls.lock();
        assert_eq!(calls.len(), 1);
        let argument = ("RunProfileName".to_owned(), Value::Text("Full".to_owned()));
        assert_eq!(calls[0].arguments, [argument]);
    }
}

#[tokio::test]
async fn a_refused_account_orders_nothing() {
    let (service, calls) = service(company, Some(0x8007_052E));
    let error = service
        .execute(&agent("HR"), &profile("Full"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ServiceErrorKind::Unauthorized);
    assert!(error.to_string().contains(r"CORP\op"), "{error}");
    assert!(calls.lock().is_empty());
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for (host, user, password, part) in [
        ("http://mim01", None, None, "not a URL"),
        ("mim01", Some("op"), None, "password of `op` is missing"),
    ] {
        let settings = WmiSettings {
            host: Some(host.to_owned()),
            user: user.map(str::to_owned),
            password,
        };
        let error = WmiService::new(settings).err().unwrap();
        assert_eq!(error.kind, ServiceErrorKind::Settings);
        assert!(error.to_string().contains(part), "{error}");
    }
    let secret = WmiSettings {
        password: Some(Secret::new("hunter2".to_owned())),
        ..WmiSettings::default()
    };
    assert!(!format!("{secret:?}").contains("hunter2"));
    #[cfg(not(windows))]
    {
        let error = WmiService::new(secret).err().unwrap();
        assert!(
            error.to_string().contains("part of Windows only"),
            "{error}"
        );
    }
}
