//! The scenario file: which agents, profiles, objects and faults a simulated server has.
//!
//! TOML, strict: an unknown key is an error with its line. Must not know how the simulator uses it.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::world::Role;
use crate::base::duration;
use crate::mim::{AgentName, ProfileName, StepType};

/// The largest scenario text that is read.
pub const MAX_SCENARIO_BYTES: usize = 1 << 20;

/// The most objects of one agent: enough for a big company, little enough for any machine.
pub const MAX_PEOPLE: u32 = 1_000_000;

const SMALL_COMPANY: &str = include_str!("../../sample-sequences/demo-company.toml");

/// A simulated server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// Its name, for people.
    pub name: String,
    /// The seed of all chance: the same seed, the same story.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// The account that the run history of the past names.
    #[serde(default = "default_account")]
    pub account: String,
    /// How many days of run history there are at start; 0 is a fresh installation.
    #[serde(default = "default_history_days")]
    pub history_days: u32,
    /// What the account of the caller may do.
    #[serde(default)]
    pub rights: Rights,
    /// How many requests one user may have open at the same time.
    #[serde(default = "default_operations_per_user")]
    pub operations_per_user: u32,
    /// The largest envelope in kilobytes (`MaxEnvelopeSizekb`).
    #[serde(default = "default_max_envelope_kb")]
    pub max_envelope_kb: u32,
    /// Which ways to write a class as a URI are understood.
    #[serde(default)]
    pub resource_uris: ResourceUris,
    /// The management agents; at least one.
    #[serde(rename = "agent")]
    pub agents: Vec<ScenarioAgent>,
    /// What goes wrong.
    #[serde(rename = "fault", default)]
    pub faults: Vec<Fault>,
}

/// What the caller may do, by the service's own groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rights {
    /// Run and stop (`FIMSyncOperators`, `FIMSyncAdmins`).
    #[default]
    Operator,
    /// Only look (`FIMSyncBrowse`): orders are answered `access-denied`.
    Browse,
    /// No group at all: every method is answered `connection-failure`.
    None,
}

/// Which families of resource URIs a server takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceUris {
    /// Both, as Windows does.
    #[default]
    Both,
    /// Only Microsoft's, with the namespace in the URI.
    Wmi,
    /// Only that of the DMTF, with the namespace as a selector.
    Dmtf,
}

/// A management agent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScenarioAgent {
    /// Its name; differs from all others also without regard to case.
    pub name: String,
    /// Its type in the service's words, such as `FIM`.
    #[serde(rename = "type")]
    pub agent_type: String,
    /// What it is for.
    pub role: Role,
    /// How many objects the connected system has at start.
    #[serde(default)]
    pub people: u32,
    /// The anchor of the first of them; people are the same person where anchors meet.
    #[serde(default = "default_first")]
    pub first: u32,
    /// What happens in the connected system between two imports.
    #[serde(default)]
    pub changes: Changes,
    /// Its run profiles; at least one.
    #[serde(rename = "profile")]
    pub profiles: Vec<ScenarioProfile>,
}

/// What happens in a connected system between two imports, on average.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// Objects that come.
    #[serde(default)]
    pub new: u32,
    /// Objects whose attributes change.
    #[serde(default)]
    pub changed: u32,
    /// Objects that go.
    #[serde(default)]
    pub gone: u32,
}

/// A run profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioProfile {
    /// Its name; differs from all others of its agent also without regard to case.
    pub name: String,
    /// The types of its steps in order; at least one.
    #[serde(deserialize_with = "step_types")]
    pub steps: Vec<StepType>,
    /// How long a run takes at speed 1, all steps together.
    #[serde(deserialize_with = "span")]
    pub duration: Duration,
    /// By which share of the duration runs differ, 0 to 0.9.
    #[serde(default = "default_spread")]
    pub spread: f64,
}

/// Something that goes wrong.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Only for this agent.
    #[serde(default)]
    pub agent: Option<String>,
    /// Only for this profile.
    #[serde(default)]
    pub profile: Option<String>,
    /// Connection faults: only for this request: `Identify`, `Enumerate`, `Pull`, `Release`, `Get`
    /// or the name of a method.
    #[serde(default)]
    pub request: Option<String>,
    /// Connection faults: before the request is performed, or after (the answer is lost).
    #[serde(default)]
    pub phase: Phase,
    /// How many cases pass before the first that goes wrong.
    #[serde(default)]
    pub skip: u32,
    /// How many cases go wrong; without it, all.
    #[serde(default)]
    pub count: Option<u32>,
    /// Not before this time after the start (at speed 1).
    #[serde(default, deserialize_with = "span")]
    pub after: Duration,
    /// For so long after `after` (at speed 1); without it, for ever.
    #[serde(default, rename = "for", deserialize_with = "some_span")]
    pub lasts: Option<Duration>,
    /// `mass-delete`: the share of objects that go, in percent.
    #[serde(default = "default_percent")]
    pub percent: f64,
    /// `discovery-errors`, `export-errors`: how many objects fail.
    #[serde(default = "default_objects")]
    pub objects: u32,
    /// `hang`: how much longer than usual each step takes (at speed 1); without it, for ever.
    /// `clock-ahead`: by how much; without it, ten minutes.
    #[serde(default, deserialize_with = "some_span")]
    pub length: Option<Duration>,
    /// `cut`: how many bytes of the request or of the answer pass.
    #[serde(default)]
    pub after_bytes: u64,
    /// `result`: the word with which the run ends.
    #[serde(default)]
    pub result: Option<String>,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// A run never ends by itself, or much later than usual.
    Hang,
    /// A run ends as `stopped-deadlocked`.
    Deadlock,
    /// An import ends as `completed-discovery-errors` and detects no deletion.
    DiscoveryErrors,
    /// A share of the connected system's objects is gone when an import reads it.
    MassDelete,
    /// The connected system refuses some changes: `completed-export-errors`.
    ExportErrors,
    /// A run ends with the word of `result` and does nothing.
    Result,
    /// Execute answers `completing-referential-updates` while the run goes on.
    EarlyReply,
    /// Execute is answered `access-denied`.
    AccessDenied,
    /// Execute is answered `call-failure:0x80230709`.
    CallFailure,
    /// Execute is answered `no-start-ma-update-in-progress`.
    UpdateInProgress,
    /// The synchronization service is stopped: runs end, methods say `connection-failure`.
    ServiceStopped,
    /// Nobody listens on the port.
    ConnectionRefused,
    /// The connection is reset.
    ConnectionReset,
    /// The request is read and never answered.
    Silence,
    /// The answer's body comes byte by byte.
    SlowBody,
    /// The answer is not XML.
    Garbage,
    /// The answer is 401 although the password is right.
    Unauthorized,
    /// The answer is a fault `TimedOut`.
    TimedOut,
    /// The connection ends after some bytes of the request or of the answer.
    Cut,
    /// WinRM does not let the account do it: a fault `AccessDenied`.
    WinrmDenied,
    /// The WMI namespace does not let the account in: Windows' fault for that.
    WmiDenied,
    /// The provider's WMI namespace is not there.
    NamespaceMissing,
    /// The provider's namespace has none of its classes.
    ClassMissing,
    /// The clock that the answers show is ahead.
    ClockAhead,
}

impl FaultKind {
    /// Every kind, in the order of this type.
    pub const ALL: [Self; 24] = [
        Self::Hang,
        Self::Deadlock,
        Self::DiscoveryErrors,
        Self::MassDelete,
        Self::ExportErrors,
        Self::Result,
        Self::EarlyReply,
        Self::AccessDenied,
        Self::CallFailure,
        Self::UpdateInProgress,
        Self::ServiceStopped,
        Self::ConnectionRefused,
        Self::ConnectionReset,
        Self::Silence,
        Self::SlowBody,
        Self::Garbage,
        Self::Unauthorized,
        Self::TimedOut,
        Self::Cut,
        Self::WinrmDenied,
        Self::WmiDenied,
        Self::NamespaceMissing,
        Self::ClassMissing,
        Self::ClockAhead,
    ];
}

/// When a connection fault strikes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The request is not performed; `cut` calls it `request`.
    #[default]
    #[serde(alias = "request")]
    Before,
    /// The request is performed, its answer does not arrive; `cut` calls it `answer`.
    #[serde(alias = "answer")]
    After,
}

/// Why a text is not a scenario; one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// Not TOML, or not the expected keys.
    #[error("line {line} of the scenario: {problem}")]
    Text {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// Readable, but it cannot be simulated.
    #[error("the scenario cannot be simulated: {0}")]
    Meaning(String),
}

impl Scenario {
    /// The built-in small company: HR, SQL, AD and MIM Service, as in
    /// `sample-sequences/demo-company.toml`.
    pub fn small_company() -> Self {
        Self::read(SMALL_COMPANY).expect("a test reads the built-in scenario")
    }

    /// Reads a scenario.
    ///
    /// # Errors
    /// [`ScenarioError`] when the text is not TOML, has unknown keys, or makes no sense.
    pub fn read(text: &str) -> Result<Self, ScenarioError> {
        if text.len() > MAX_SCENARIO_BYTES {
            let problem = format!("it is larger than {MAX_SCENARIO_BYTES} bytes");
            return Err(ScenarioError::Meaning(problem));
        }
        let scenario: Self = toml::from_str(text).map_err(|error| text_error(text, &error))?;
        match scenario.problem() {
            Some(problem) => Err(ScenarioError::Meaning(problem)),
            None => Ok(scenario),
        }
    }

    fn problem(&self) -> Option<String> {
        if self.agents.is_empty() {
            return Some("it has no [[agent]]".to_owned());
        }
        if self.history_days > 366 {
            return Some("history-days is at most 366".to_owned());
        }
        // Below it, Windows does not let the limit be set (MS-WSMV 2.2.4.10).
        if self.max_envelope_kb < 32 {
            return Some("max-envelope-kb is at least 32".to_owned());
        }
        let mut names: Vec<AgentName> = Vec::new();
        for agent in &self.agents {
            let name = match AgentName::new(&agent.name) {
                Ok(name) => name,
                Err(error) => return Some(format!("an agent's name is wrong: {error}")),
            };
            if names.contains(&name) {
                return Some(format!("two agents are named `{name}`"));
            }
            names.push(name);
            let problem = agent.problem();
            if problem.is_some() {
                return problem;
            }
        }
        self.faults
            .iter()
            .find_map(|fault| self.fault_problem(fault))
    }

    fn fault_problem(&self, fault: &Fault) -> Option<String> {
        if !(0.0..=100.0).contains(&fault.percent) {
            return Some("a fault's percent lies between 0 and 100".to_owned());
        }
        if fault.kind == FaultKind::Result && fault.result.is_none() {
            return Some("a fault of kind `result` needs the word as `result`".to_owned());
        }
        let names_request =
            fault.request.is_some() || fault.agent.is_some() || fault.profile.is_some();
        if fault.kind == FaultKind::Cut && fault.phase == Phase::Before && names_request {
            return Some(
                "a fault `cut` of the phase `request` strikes before anybody knows what the \
                 request is; it can be limited by `skip`, `count` and `after` only"
                    .to_owned(),
            );
        }
        let wanted = fault.agent.as_deref()?;
        let agent = self.agents.iter().find(|agent| same(&agent.name, wanted));
        let Some(agent) = agent else {
            return Some(format!(
                "a fault names the agent `{wanted}`, which is not there"
            ));
        };
        let profile = fault.profile.as_deref()?;
        let is_there = agent
            .profiles
            .iter()
            .any(|known| same(&known.name, profile));
        (!is_there).then(|| {
            format!("a fault names the profile `{profile}`, which agent `{wanted}` does not have")
        })
    }
}

impl ScenarioAgent {
    fn problem(&self) -> Option<String> {
        let agent = &self.name;
        if self.people > MAX_PEOPLE || self.first > u32::MAX / 2 {
            return Some(format!(
                "agent `{agent}` has at most {MAX_PEOPLE} people, the first below {}",
                u32::MAX / 2
            ));
        }
        if self.profiles.is_empty() {
            return Some(format!("agent `{agent}` has no [[agent.profile]]"));
        }
        let mut names: Vec<ProfileName> = Vec::new();
        for profile in &self.profiles {
            let name = match ProfileName::new(&profile.name) {
                Ok(name) => name,
                Err(error) => {
                    return Some(format!(
                        "a profile name of agent `{agent}` is wrong: {error}"
                    ));
                }
            };
            if names.contains(&name) {
                return Some(format!("agent `{agent}` has two profiles named `{name}`"));
            }
            if profile.steps.is_empty() {
                return Some(format!("profile `{name}` of agent `{agent}` has no step"));
            }
            if !(0.0..=0.9).contains(&profile.spread) {
                return Some(format!(
                    "the spread of profile `{name}` of agent `{agent}` lies between 0 and 0.9"
                ));
            }
            names.push(name);
        }
        None
    }
}

/// Whether two names are the same to the service, which does not tell upper from lower case.
pub fn same(left: &str, right: &str) -> bool {
    let folded = |text: &str| text.trim().chars().flat_map(char::to_lowercase).collect();
    let (left, right): (String, String) = (folded(left), folded(right));
    left == right
}

fn text_error(text: &str, error: &toml::de::Error) -> ScenarioError {
    let offset = error.span().map_or(0, |span| span.start);
    let before = text.get(..offset).unwrap_or(text);
    ScenarioError::Text {
        line: before.matches('\n').count() + 1,
        problem: error.message().replace('\n', " "),
    }
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    duration::parse(&text).map_err(serde::de::Error::custom)
}

fn some_span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    span(deserializer).map(Some)
}

fn step_types<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<StepType>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    let known = || StepType::ALL.map(StepType::as_str).join(", ");
    words
        .iter()
        .map(|word| {
            StepType::from_word(word).ok_or_else(|| {
                serde::de::Error::custom(format!(
                    "`{word}` is not a step type; there are {}",
                    known()
                ))
            })
        })
        .collect()
}

const fn default_seed() -> u64 {
    20_030_801
}

fn default_account() -> String {
    "DEMO\\svc-sync".to_owned()
}

const fn default_history_days() -> u32 {
    7
}

const fn default_operations_per_user() -> u32 {
    1_500
}

const fn default_max_envelope_kb() -> u32 {
    500
}

const fn default_first() -> u32 {
    1
}

const fn default_spread() -> f64 {
    0.15
}

const fn default_percent() -> f64 {
    50.0
}

const fn default_objects() -> u32 {
    3
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "name = \"x\"\n[[agent]]\nname = \"HR\"\ntype = \"SQL\"\nrole = \"source\"\n\
                         [[agent.profile]]\nname = \"FI\"\nsteps = [\"full-import\"]\nduration = \"2s\"\n";

    #[test]
    fn the_small_company_has_what_the_samples_use() {
        let scenario = Scenario::small_company();
        let names: Vec<_> = scenario.agents.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["HR", "SQL", "AD", "MIM Service"]);
        for agent in &scenario.agents {
            let profiles: Vec<_> = agent.profiles.iter().map(|p| p.name.as_str()).collect();
            assert_eq!(
                profiles,
                [
                    "Full Import",
                    "Delta Import",
                    "Full Sync",
                    "Delta Sync",
                    "Export"
                ],
                "{}",
                agent.name
            );
            for profile in &agent.profiles {
                let secs = profile.duration.as_secs();
                assert!((2..=40).contains(&secs), "{}: {secs} s", profile.name);
            }
        }
        assert_eq!(scenario.agents[3].agent_type, "FIM");
        assert!(scenario.faults.is_empty());
    }

    #[test]
    fn defaults_are_filled_in() {
        let scenario = Scenario::read(SMALL).unwrap();
        assert_eq!(scenario.rights, Rights::Operator);
        assert_eq!(scenario.history_days, 7);
        assert_eq!(scenario.agents[0].first, 1);
    }

    /// Takes the `#` away from every example of a fault.
    fn with_examples_on(text: &str) -> String {
        let mut is_example = false;
        let lines = text.lines().map(|line| {
            is_example = line == "# [[fault]]" || (is_example && line.starts_with("# "));
            let switched = line.strip_prefix("# ").filter(|_| is_example);
            format!("{}\n", switched.unwrap_or(line))
        });
        lines.collect()
    }

    #[test]
    fn every_fault_has_an_example_that_can_be_switched_on() {
        let scenario = Scenario::read(&with_examples_on(SMALL_COMPANY)).unwrap();
        let kinds: Vec<FaultKind> = scenario.faults.iter().map(|fault| fault.kind).collect();
        for kind in FaultKind::ALL {
            assert!(kinds.contains(&kind), "{kind:?}");
        }
        assert_eq!(kinds.len(), FaultKind::ALL.len());
    }

    #[test]
    fn the_bad_day_has_the_agents_of_the_small_company() {
        let bad_day = include_str!("../../sample-sequences/bad-day.toml");
        let bad_day = Scenario::read(bad_day).unwrap();
        assert!(bad_day.faults.len() >= 4);
        let shape = |scenario: &Scenario| {
            let agents = scenario.agents.iter().map(|agent| {
                let profiles = agent.profiles.iter();
                let profiles: Vec<_> = profiles
                    .map(|p| (p.name.clone(), p.steps.clone()))
                    .collect();
                (
                    agent.name.clone(),
                    agent.agent_type.clone(),
                    agent.role,
                    profiles,
                )
            });
            agents.collect::<Vec<_>>()
        };
        assert_eq!(shape(&bad_day), shape(&Scenario::small_company()));
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, expected) in [
            ("name = \"x\"\n\ncolour = 3\n", "line 3"),
            ("name = ", "line 1"),
            (&SMALL.replace("2s", "2 seconds"), "line 9"),
            (
                &SMALL.replace("full-import", "fast-import"),
                "`fast-import` is not a step type",
            ),
            (&SMALL.replace("\"source\"", "\"boss\""), "line 5"),
            (&format!("{SMALL}[[fault]]\nkind = \"fire\"\n"), "line 11"),
            (
                &format!("{SMALL}[[fault]]\nkind = \"hang\"\nagent = \"SQL\"\n"),
                "agent `SQL`, which is not there",
            ),
            (
                &format!("{SMALL}[[fault]]\nkind = \"hang\"\nagent = \"hr\"\nprofile = \"EX\"\n"),
                "does not have",
            ),
            (
                &format!("{SMALL}[[fault]]\nkind = \"cut\"\nrequest = \"Execute\"\n"),
                "before anybody knows",
            ),
            (
                &SMALL.replace("[[agent.profile]]", "[[agent.profile]]\nspread = 2.0"),
                "spread",
            ),
            (
                &SMALL.replace("name = \"HR\"", "name = \" \""),
                "must not be empty",
            ),
            ("name = \"x\"\nagent = []\n", "no [[agent]]"),
        ] {
            let error = Scenario::read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}\n{error}");
        }
    }
}
