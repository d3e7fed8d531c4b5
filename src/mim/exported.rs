//! The configuration that the service's own window exports: agents with all their run profiles.
//!
//! The service's WMI classes have no list of run profiles; an exported server (a folder with a file
//! for each agent) or an exported agent has one. Elements: `ma-data`, as `Get-MimSyncRunProfile` and
//! lithnet miis-client read them (domain notes, "Enumerating run profiles"). Pure; must not decide
//! whether an export is too old to be believed.

use super::details::DetailsError;
use super::details_read::read_step_type;
use super::details_xml::Walker;
use super::{AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, StepType};

/// How deep below the root an agent may lie.
const MAX_LEVEL: usize = 4;
/// How many agents one file may hold.
const MAX_AGENTS: usize = 1_000;
/// How many run profiles one agent may have.
const MAX_PROFILES: usize = 1_000;

/// An agent as an export describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedAgent {
    /// Its name.
    pub name: AgentName,
    /// Its identifier, in braces and upper case; empty when the export has none.
    pub guid: String,
    /// Its type, such as `AD`; empty when the export has none.
    pub agent_type: String,
    /// All of its run profiles, by name.
    pub profiles: Vec<ProfileInfo>,
}

/// Reads an exported server or agent: no agent for a file of another kind.
///
/// # Errors
/// [`DetailsError`] when it is no XML, or has more of something than can be.
pub fn parse_exported(xml: &str) -> Result<Vec<ExportedAgent>, DetailsError> {
    let mut walker = Walker::new(xml.trim_start_matches('\u{feff}'))?;
    let mut agents = Vec::new();
    let root = walker.root()?;
    if root.name == "ma-data" {
        agents.extend(agent(&mut walker)?);
    } else {
        search(&mut walker, MAX_LEVEL, &mut agents)?;
    }
    walker.end_of_document()?;
    Ok(agents)
}

fn search(
    walker: &mut Walker<'_>,
    levels: usize,
    agents: &mut Vec<ExportedAgent>,
) -> Result<(), DetailsError> {
    while let Some(tag) = walker.next_child()? {
        if tag.name == "ma-data" {
            agents.extend(agent(walker)?);
            if agents.len() > MAX_AGENTS {
                return Err(walker.error(format!("more than {MAX_AGENTS} management agents")));
            }
        } else if levels == 0 {
            walker.skip()?;
        } else {
            search(walker, levels - 1, agents)?;
        }
    }
    Ok(())
}

/// Nothing for an agent without a name, such as the one that stands for the metaverse.
fn agent(walker: &mut Walker<'_>) -> Result<Option<ExportedAgent>, DetailsError> {
    let (mut name, mut guid, mut agent_type) = (None, String::new(), String::new());
    let mut profiles = Vec::new();
    while let Some(tag) = walker.next_child()? {
        match tag.name.as_str() {
            "name" => name = AgentName::new(&walker.text()?).ok(),
            "id" => guid = braced(&walker.text()?),
            "category" => agent_type = walker.text()?,
            "ma-run-data" => profiles = run_data(walker)?,
            _ => walker.skip()?,
        }
    }
    profiles.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(name.map(|name| ExportedAgent {
        name,
        guid,
        agent_type,
        profiles,
    }))
}

fn run_data(walker: &mut Walker<'_>) -> Result<Vec<ProfileInfo>, DetailsError> {
    let mut profiles = Vec::new();
    while let Some(tag) = walker.next_child()? {
        if tag.name != "run-configuration" {
            walker.skip()?;
            continue;
        }
        profiles.extend(profile(walker)?);
        if profiles.len() > MAX_PROFILES {
            return Err(walker.error(format!("more than {MAX_PROFILES} run profiles")));
        }
    }
    Ok(profiles)
}

fn profile(walker: &mut Walker<'_>) -> Result<Option<ProfileInfo>, DetailsError> {
    let mut name = None;
    let mut step_types = Vec::new();
    while let Some(tag) = walker.next_child()? {
        match tag.name.as_str() {
            "name" => name = ProfileName::new(&walker.text()?).ok(),
            "configuration" => step_types = steps(walker)?,
            _ => walker.skip()?,
        }
    }
    Ok(name.map(|name| ProfileInfo { name, step_types }))
}

/// The types of all steps, or none when one of them is not known: half a list would hide a
/// synchronization.
fn steps(walker: &mut Walker<'_>) -> Result<Vec<StepType>, DetailsError> {
    let mut types: Option<Vec<StepType>> = Some(Vec::new());
    while let Some(tag) = walker.next_child()? {
        if tag.name != "step" {
            walker.skip()?;
            continue;
        }
        let mut found = None;
        while let Some(child) = walker.next_child()? {
            if child.name == "step-type" {
                found = read_step_type(walker, &child)?;
            } else {
                walker.skip()?;
            }
        }
        types = types.zip(found).map(|(mut types, found)| {
            types.push(found);
            types
        });
    }
    Ok(types.unwrap_or_default())
}

/// An identifier as the server writes it: in braces and upper case.
fn braced(guid: &str) -> String {
    let bare = guid.trim().trim_matches(['{', '}']).to_ascii_uppercase();
    if bare.is_empty() {
        bare
    } else {
        format!("{{{bare}}}")
    }
}

/// What only an export knows about a run profile of an agent.
pub(super) struct Supplied {
    pub(super) profile: ProfileName,
    /// Whether nobody else knows the profile; else only its types come from the export.
    pub(super) is_new: bool,
}

impl ExportedAgent {
    /// Whether it is this agent of the server: by identifier, or by name where one side has none.
    pub(super) fn is_same(&self, agent: &AgentInfo) -> bool {
        if agent.guid.is_empty() || self.guid.is_empty() {
            agent.name == self.name
        } else {
            agent.guid == self.guid
        }
    }

    /// The agent as a server would tell of it; an export does not know what it does.
    pub(super) fn as_info(&self) -> AgentInfo {
        AgentInfo {
            name: self.name.clone(),
            guid: self.guid.clone(),
            agent_type: self.agent_type.clone(),
            state: AgentState::Idle { last_result: None },
            profiles: self.profiles.clone(),
        }
    }

    /// Adds what only the export knows, and says what that is.
    pub(super) fn add_to(&self, agent: &mut AgentInfo) -> Vec<Supplied> {
        let mut supplied = Vec::new();
        for profile in &self.profiles {
            let known = agent.profiles.iter_mut().find(|it| it.name == profile.name);
            let is_new = known.is_none();
            match known {
                None => agent.profiles.push(profile.clone()),
                Some(known) if known.step_types.is_empty() => {
                    known.step_types.clone_from(&profile.step_types);
                }
                Some(_) => continue,
            }
            let profile = profile.name.clone();
            supplied.push(Supplied { profile, is_new });
        }
        agent.profiles.sort_by(|a, b| a.name.cmp(&b.name));
        supplied
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HR: &str = r#"<?xml version="1.0" encoding="UTF-16"?>
<saved-ma-configuration version="1.0">
  <ma-data>
    <format-version>1</format-version>
    <id>{56a2ab4b-0d8b-4f1c-9a6c-0d1f1c1ecf30}</id>
    <name>HR &amp; payroll</name>
    <category>FIM</category>
    <ma-run-data>
      <run-configuration>
        <id>{1}</id>
        <name>Full Import and Sync</name>
        <version>3</version>
        <configuration>
          <step id="{a}"><step-type type="full-import"><import-subtype>to-cs</import-subtype></step-type><partition>default</partition></step>
          <step id="{b}"><step-type type="apply-rules"><apply-rules-subtype>reevaluate-flow-connectors</apply-rules-subtype></step-type></step>
        </configuration>
      </run-configuration>
      <run-configuration>
        <name>Export</name>
        <configuration><step><step-type type="export"/></step></configuration>
      </run-configuration>
      <run-configuration>
        <name>Odd</name>
        <configuration><step><step-type type="export"/></step><step><step-type type="new-thing"/></step></configuration>
      </run-configuration>
    </ma-run-data>
  </ma-data>
</saved-ma-configuration>"#;

    fn name(text: &str) -> AgentName {
        AgentName::new(text).unwrap()
    }

    fn profile(text: &str, step_types: &[StepType]) -> ProfileInfo {
        ProfileInfo {
            name: ProfileName::new(text).unwrap(),
            step_types: step_types.to_vec(),
        }
    }

    #[test]
    fn an_exported_agent_names_its_profiles_and_their_steps() {
        let agents = parse_exported(&format!("\u{feff}{HR}")).unwrap();
        let expected = ExportedAgent {
            name: name("HR & payroll"),
            guid: "{56A2AB4B-0D8B-4F1C-9A6C-0D1F1C1ECF30}".to_owned(),
            agent_type: "FIM".to_owned(),
            profiles: vec![
                profile("Export", &[StepType::Export]),
                profile(
                    "Full Import and Sync",
                    &[StepType::FullImport, StepType::FullSync],
                ),
                // A step of an unknown type: half a list could hide a synchronization.
                profile("Odd", &[]),
            ],
        };
        assert_eq!(agents, [expected]);
    }

    #[test]
    fn other_documents_hold_no_agent_and_broken_ones_are_told() {
        for other in [
            "<saved-mv-configuration><mv-data><id>x</id></mv-data></saved-mv-configuration>",
            "<masequence/>",
            "<ma-data><id>x</id></ma-data>",
        ] {
            assert_eq!(parse_exported(other), Ok(Vec::new()), "{other}");
        }
        for broken in [
            "",
            "no xml",
            "<a><ma-data><name>HR</name>",
            "<!DOCTYPE a><a/>",
        ] {
            assert!(parse_exported(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn the_server_is_believed_before_the_export() {
        let exported = parse_exported(HR).unwrap();
        let mut agents = [AgentInfo {
            // Renamed since the export was made.
            name: name("HR"),
            guid: "{56A2AB4B-0D8B-4F1C-9A6C-0D1F1C1ECF30}".to_owned(),
            agent_type: "FIM".to_owned(),
            state: AgentState::Idle { last_result: None },
            profiles: vec![
                profile("Export", &[]),
                profile("Full Import and Sync", &[StepType::FullImport]),
            ],
        }];
        exported[0].add_to(&mut agents[0]);
        assert_eq!(
            agents[0].profiles,
            [
                profile("Export", &[StepType::Export]),
                profile("Full Import and Sync", &[StepType::FullImport]),
                profile("Odd", &[]),
            ]
        );
        assert_eq!(agents[0].name, name("HR"));
    }
}
