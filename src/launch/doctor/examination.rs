//! From facts to lines: what to find out next, and what each finding means.
//!
//! Plain and synchronous: never waits and asks nobody. Must not call a line passed whose ground was
//! not reached.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use jiff::Timestamp;

use super::check::{Check, Line, Verdict};
use super::facts::{Fact, Gone, Probe};
use super::judge;
use super::remedies::{self, remedy};
use crate::base::text::printable;
use crate::mim::{AgentName, ProfileName};
use crate::service::{LoggedOn, Trouble, TroubleKind};
use crate::wsman::{Heard, Host};

/// What is known about the question before anything is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The server's name or address.
    pub name: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    pub way: Way,
    /// Whether the server is this machine.
    pub is_loopback: bool,
    /// The account.
    pub user: String,
    /// The agent on which to try an order (`None` is the first), and a profile name that nobody has.
    pub execute: Option<(Option<AgentName>, ProfileName)>,
}

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// WS-Management over HTTP.
    Http,
    /// WS-Management over HTTPS.
    Https,
    /// WMI, on this machine or over DCOM.
    Wmi,
}

/// A diagnosis in the making.
pub struct Examination {
    question: Question,
    verdicts: BTreeMap<Check, Verdict>,
    next: Option<Probe>,
    told: usize,
    is_password_refused: bool,
}

impl Examination {
    /// Begins with nothing known.
    pub fn new(question: Question) -> Self {
        let mut verdicts = BTreeMap::new();
        if question.execute.is_none() {
            let why = "an order is tried only on demand (--probe-execute AGENT)".to_owned();
            verdicts.insert(Check::ExecuteAllowed, Verdict::NotAsked(why));
        }
        let mut next = Probe::Resolve;
        let mut leave_out = |checks: &[Check], why: &str| {
            for check in checks {
                verdicts.insert(*check, Verdict::NotAsked(why.to_owned()));
            }
        };
        match question.way {
            Way::Https => {}
            Way::Http => leave_out(&[Check::Tls], "the way is http, not https"),
            Way::Wmi => {
                leave_out(&[Check::Tls], "WMI does without it");
                leave_out(&[Check::Clock], "WMI does not tell the time");
            }
        }
        if question.way == Way::Wmi && question.is_loopback {
            let why = "WMI is asked on this machine itself";
            leave_out(&[Check::NameResolves, Check::PortOpen, Check::Clock], why);
            next = Probe::LogOn;
        }
        let why = "the provider tells nobody the version of the service".to_owned();
        verdicts.insert(Check::Version, Verdict::Unknown(why));
        Self {
            question,
            verdicts,
            next: Some(next),
            told: 0,
            is_password_refused: false,
        }
    }

    /// What to find out next; `None` at the end.
    pub const fn next(&self) -> Option<&Probe> {
        self.next.as_ref()
    }

    /// Whether the server did not take the password.
    pub const fn is_password_refused(&self) -> bool {
        self.is_password_refused
    }

    /// The lines that can be told now and were not yet, in order.
    pub fn fresh_lines(&mut self) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(check) = Check::ALL.get(self.told).copied()
            && let Some(verdict) = self.verdicts.get(&check)
        {
            lines.push(Line {
                check,
                verdict: verdict.clone(),
            });
            self.told += 1;
        }
        lines
    }

    /// Takes in what was found out.
    pub fn learn(&mut self, fact: Fact) {
        self.is_password_refused |= fact.refuses_password();
        self.next = match fact {
            Fact::Resolved(found) => self.resolved(found),
            Fact::Connected(found) => self.connected(found),
            Fact::Rang(found, here) => self.rang(found, here),
            Fact::LoggedOn(found) => self.logged_on(found),
            Fact::Agents(found) => self.agents(found),
            Fact::Namespace(found) => self.namespace(found),
            Fact::Status(found) => self.status(found),
            Fact::Executed(found) => self.executed(found),
        };
        if self.next.is_none() {
            self.close();
        }
    }

    fn resolved(&mut self, found: Result<Vec<IpAddr>, Gone>) -> Option<Probe> {
        let verdict = judge::name(&self.question.name, &found);
        let addresses = found.ok().filter(|addresses| !addresses.is_empty());
        self.put(Check::NameResolves, verdict);
        addresses.map(Probe::Connect)
    }

    fn connected(&mut self, found: Result<SocketAddr, Gone>) -> Option<Probe> {
        let is_open = found.is_ok();
        let verdict = judge::port(&self.question, found);
        self.put(Check::PortOpen, verdict);
        is_open.then_some(match self.question.way {
            Way::Http | Way::Https => Probe::Ring,
            Way::Wmi => Probe::LogOn,
        })
    }

    fn rang(&mut self, found: Result<Heard, Trouble>, here: Timestamp) -> Option<Probe> {
        let heard = match found {
            Ok(heard) => heard,
            Err(trouble) if trouble.kind == TroubleKind::Tls => {
                return self.fail_with(Check::Tls, trouble);
            }
            Err(trouble) => {
                if trouble.kind != TroubleKind::Unreachable {
                    // An answer of whatever kind came through the encryption.
                    self.tls_is_good();
                }
                return self.fail_with(Check::Identify, trouble);
            }
        };
        self.tls_is_good();
        self.put(Check::Clock, judge::clock(heard.date, here));
        match heard.host {
            Host::Known { vendor, version } => {
                self.pass(Check::Identify, judge::host(&vendor, &version));
            }
            // It will be asked again with the account.
            Host::WantsAccount(_) => {}
        }
        Some(Probe::LogOn)
    }

    fn tls_is_good(&mut self) {
        if self.question.way == Way::Https {
            self.pass(Check::Tls, "the certificate is trusted".to_owned());
        }
    }

    fn logged_on(&mut self, found: Result<LoggedOn, Trouble>) -> Option<Probe> {
        let signed_on = match found {
            Ok(found) => {
                let seen = judge::host(&found.vendor, &found.version);
                self.pass_if_open(Check::Identify, seen);
                found.signed_on
            }
            Err(trouble) => match trouble.kind {
                TroubleKind::Encryption => {
                    self.unknown(Check::Authentication, "it depends on the encryption");
                    return self.fail_with(Check::Encryption, trouble);
                }
                TroubleKind::Protocol if !self.verdicts.contains_key(&Check::Identify) => {
                    return self.fail_with(Check::Identify, trouble);
                }
                // WMI is first asked with the account, so it may be that nobody is there at all.
                TroubleKind::Unreachable if self.question.way == Way::Wmi => {
                    return self.fail_with(Check::Identify, trouble);
                }
                TroubleKind::Account
                | TroubleKind::Settings
                | TroubleKind::Unreachable
                | TroubleKind::Tls
                | TroubleKind::Protocol => {
                    if self.question.way == Way::Wmi {
                        self.pass_if_open(Check::Identify, "WMI".to_owned());
                    }
                    return self.fail_with(Check::Authentication, trouble);
                }
                // Whoever is refused with a fault of the protocol has been let in.
                TroubleKind::WinrmRight
                | TroubleKind::NamespaceRight
                | TroubleKind::ProviderRight
                | TroubleKind::NotFound
                | TroubleKind::ProviderFailed
                | TroubleKind::Fault => {
                    let seen = match self.question.way {
                        Way::Http | Way::Https => {
                            "WS-Management answers, but does not say who it is"
                        }
                        Way::Wmi => "WMI",
                    };
                    self.pass_if_open(Check::Identify, seen.to_owned());
                    None
                }
            },
        };
        let seen = judge::account(&self.question.user, signed_on.as_ref());
        self.pass(Check::Authentication, seen);
        let is_sealed = signed_on.is_some_and(|signed_on| signed_on.is_encrypted);
        let seen = judge::encryption(&self.question, is_sealed);
        self.pass(Check::Encryption, seen.to_owned());
        Some(Probe::ListAgents)
    }

    fn agents(&mut self, found: Result<Vec<AgentName>, Trouble>) -> Option<Probe> {
        match found {
            Ok(agents) => {
                self.namespace_is_there();
                self.class_is_there();
                let count = agents.len();
                let noun = if count == 1 { "agent" } else { "agents" };
                let seen = format!("{count} management {noun} can be read");
                self.pass(Check::EnumerateAllowed, seen);
                self.first_agent(&agents)
            }
            Err(trouble) => match trouble.kind {
                TroubleKind::NotFound => Some(Probe::LookIntoNamespace),
                TroubleKind::ProviderFailed => {
                    self.namespace_is_there();
                    self.class_is_there();
                    self.unknown(Check::EnumerateAllowed, "the provider did not get so far");
                    self.fail_with(Check::ServiceRunning, trouble)
                }
                TroubleKind::WinrmRight
                | TroubleKind::NamespaceRight
                | TroubleKind::ProviderRight => {
                    let why = "the account may not look";
                    self.unknown(Check::NamespaceThere, why);
                    self.unknown(Check::ClassThere, why);
                    self.fail_with(Check::EnumerateAllowed, trouble)
                }
                TroubleKind::Unreachable
                | TroubleKind::Tls
                | TroubleKind::Protocol
                | TroubleKind::Account
                | TroubleKind::Encryption
                | TroubleKind::Fault
                | TroubleKind::Settings => {
                    let why = "the question for the agents had no answer";
                    self.unknown(Check::NamespaceThere, why);
                    self.unknown(Check::ClassThere, why);
                    self.fail_with(Check::EnumerateAllowed, trouble)
                }
            },
        }
    }

    /// Which agent to ask: the one on which an order is to be tried, else any.
    fn first_agent(&mut self, agents: &[AgentName]) -> Option<Probe> {
        let Some(first) = agents.first() else {
            self.unknown(Check::ServiceRunning, "there is no agent to ask");
            return None;
        };
        let agent = match &mut self.question.execute {
            None => first.clone(),
            Some((agent @ None, _)) => agent.insert(first.clone()).clone(),
            Some((Some(agent), _)) if agents.contains(agent) => agent.clone(),
            Some((Some(agent), _)) => {
                let known: Vec<&str> = agents.iter().map(AgentName::as_str).collect();
                let why = format!(
                    "there is no agent `{agent}`; there are {}",
                    printable(&known.join(", "))
                );
                self.unknown(Check::ExecuteAllowed, &why);
                first.clone()
            }
        };
        Some(Probe::AskAgent(agent))
    }

    fn namespace(&mut self, found: Result<(), Trouble>) -> Option<Probe> {
        match found {
            Ok(()) => {
                self.namespace_is_there();
                let sentence = "the namespace has no class MIIS_ManagementAgent".to_owned();
                self.fail(Check::ClassThere, sentence, remedies::PROVIDER)
            }
            Err(trouble) if trouble.kind == TroubleKind::NotFound => {
                let sentence =
                    "there is no WMI namespace root\\MicrosoftIdentityIntegrationServer".to_owned();
                self.fail(Check::NamespaceThere, sentence, remedies::PROVIDER)
            }
            Err(_) => {
                let why = "the server does not say whether the namespace or its class is missing";
                self.unknown(Check::NamespaceThere, why);
                let sentence = "the class MIIS_ManagementAgent cannot be found".to_owned();
                self.fail(Check::ClassThere, sentence, remedies::PROVIDER)
            }
        }
    }

    fn namespace_is_there(&mut self) {
        let seen = "root\\MicrosoftIdentityIntegrationServer is there";
        self.pass(Check::NamespaceThere, seen.to_owned());
    }

    fn class_is_there(&mut self) {
        let seen = "MIIS_ManagementAgent is there";
        self.pass(Check::ClassThere, seen.to_owned());
    }

    fn status(&mut self, found: Result<String, Trouble>) -> Option<Probe> {
        let word = match found {
            Ok(word) => word,
            Err(trouble) => {
                return match trouble.kind {
                    // Every method needs the right to execute, one that only tells something too.
                    TroubleKind::WinrmRight
                    | TroubleKind::NamespaceRight
                    | TroubleKind::ProviderRight => {
                        let why = "the account may call no method";
                        self.unknown(Check::ServiceRunning, why);
                        self.fail_with(Check::ExecuteAllowed, trouble)
                    }
                    TroubleKind::Unreachable
                    | TroubleKind::Tls
                    | TroubleKind::Protocol
                    | TroubleKind::Account
                    | TroubleKind::Encryption
                    | TroubleKind::NotFound
                    | TroubleKind::ProviderFailed
                    | TroubleKind::Fault
                    | TroubleKind::Settings => self.fail_with(Check::ServiceRunning, trouble),
                };
            }
        };
        match word.as_str() {
            "connection-failure" => {
                let sentence = "the provider cannot ask the synchronization service, or not for \
                                this account (connection-failure)";
                self.fail(
                    Check::ServiceRunning,
                    sentence.to_owned(),
                    remedies::SERVICE,
                )
            }
            "access-denied" => {
                self.service_answers();
                let user = &self.question.user;
                let sentence = format!("the service tells {user} nothing (access-denied)");
                self.fail(Check::GroupMembership, sentence, remedies::GROUP)
            }
            failure if failure.starts_with("call-failure") => {
                let sentence = format!("the service fails ({})", printable(failure));
                let remedy = "look into the event log Application of the server";
                self.fail(Check::ServiceRunning, sentence, remedy)
            }
            _ => {
                self.service_answers();
                if self.verdicts.contains_key(&Check::ExecuteAllowed) {
                    let why = "it may read; whether it may also run is tried only on demand";
                    self.unknown(Check::GroupMembership, why);
                    return None;
                }
                let order = self.question.execute.clone();
                let (agent, profile) = order?;
                Some(Probe::Execute(agent?, profile))
            }
        }
    }

    fn service_answers(&mut self) {
        self.pass(Check::ServiceRunning, "the service answers".to_owned());
    }

    fn executed(&mut self, found: Result<String, Trouble>) -> Option<Probe> {
        let word = match found {
            Ok(word) => word,
            Err(trouble) => match trouble.kind {
                TroubleKind::Unreachable
                | TroubleKind::Tls
                | TroubleKind::Protocol
                | TroubleKind::Encryption => {
                    let why = format!("the order had no answer ({})", trouble.sentence);
                    self.unknown(Check::ExecuteAllowed, &why);
                    return None;
                }
                TroubleKind::Account
                | TroubleKind::WinrmRight
                | TroubleKind::NamespaceRight
                | TroubleKind::ProviderRight
                | TroubleKind::NotFound
                | TroubleKind::ProviderFailed
                | TroubleKind::Fault
                | TroubleKind::Settings => {
                    return self.fail_with(Check::ExecuteAllowed, trouble);
                }
            },
        };
        match word.as_str() {
            "no-start-unknown-profile-name" => {
                let seen = "an order is taken; its profile did not exist, so nothing ran";
                self.pass(Check::ExecuteAllowed, seen.to_owned());
                let seen = "one that may run profiles, operators or administrators";
                self.pass(Check::GroupMembership, seen.to_owned());
                None
            }
            "access-denied" => {
                let why = "it may read, but is in no group that may run";
                self.unknown(Check::GroupMembership, why);
                let user = &self.question.user;
                let sentence =
                    format!("the service does not let {user} run a profile (access-denied)");
                self.fail(Check::ExecuteAllowed, sentence, remedies::GROUP)
            }
            other => {
                let why = format!(
                    "the service answered {} before it looked at the right",
                    printable(other)
                );
                self.unknown(Check::ExecuteAllowed, &why);
                None
            }
        }
    }

    /// What is open at the end was not reached.
    fn close(&mut self) {
        for check in Check::ALL {
            self.verdicts
                .entry(check)
                .or_insert_with(|| Verdict::Unknown("not reached".to_owned()));
        }
    }

    fn pass(&mut self, check: Check, seen: String) {
        self.put(check, Verdict::Pass(seen));
    }

    fn pass_if_open(&mut self, check: Check, seen: String) {
        self.verdicts.entry(check).or_insert(Verdict::Pass(seen));
    }

    fn unknown(&mut self, check: Check, why: &str) {
        self.put(check, Verdict::Unknown(why.to_owned()));
    }

    fn put(&mut self, check: Check, verdict: Verdict) {
        self.verdicts.insert(check, verdict);
    }

    /// A failure after which nothing can be asked.
    fn fail(&mut self, check: Check, sentence: String, remedy: &str) -> Option<Probe> {
        let remedy = remedy.to_owned();
        self.put(check, Verdict::Fail { sentence, remedy });
        None
    }

    fn fail_with(&mut self, check: Check, trouble: Trouble) -> Option<Probe> {
        let known = trouble.remedy;
        let remedy = known.unwrap_or_else(|| remedy(check, trouble.kind));
        self.fail(check, trouble.sentence, &remedy)
    }
}
