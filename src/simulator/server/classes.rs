//! The classes of the WMI provider and their instances.
//!
//! `MIIS_ManagementAgent` (ms697764), `MIIS_Server` (ms697860), `MIIS_RunHistory` (ms697834). Must
//! not know their methods.

use super::enumerations::Found;
use crate::base::time::Moment;
use crate::simulator::scenario::{FaultKind, ResourceUris, same};
use crate::simulator::world::{HistoryRow, RunKey, World};
use crate::simulator::wql::Query;
use crate::wsman::message::resource::NAMESPACE_SELECTOR;
use crate::wsman::message::{Family, Fault, Instance, Reference, RequestHeader, Resource};

/// The provider's WMI namespace.
pub const NAMESPACE: &str = "root/MicrosoftIdentityIntegrationServer";

/// The name of the one instance of `MIIS_Server`.
const SERVER_NAME: &str = "MIIS_Server1";

/// A class of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The management agents.
    Agent,
    /// The one server.
    Server,
    /// The run history.
    RunHistory,
    /// The namespaces within this one, a class of WMI itself: there are none.
    Namespace,
}

/// The instance that a request's selectors pick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picked {
    /// An agent, by its place in the scenario.
    Agent(usize),
    /// The server.
    Server,
    /// A run.
    Run(RunKey),
}

impl Class {
    const ALL: [Self; 4] = [Self::Agent, Self::Server, Self::RunHistory, Self::Namespace];

    /// The class's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "MIIS_ManagementAgent",
            Self::Server => "MIIS_Server",
            Self::RunHistory => "MIIS_RunHistory",
            Self::Namespace => "__NAMESPACE",
        }
    }

    /// The property that picks an instance.
    const fn key(self) -> &'static str {
        match self {
            Self::Agent | Self::Server | Self::Namespace => "Name",
            Self::RunHistory => "Key",
        }
    }

    const fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Agent => &["Guid", "Name", "Type"],
            Self::Server | Self::Namespace => &["Name"],
            Self::RunHistory => &[
                "Key",
                "MaGuid",
                "MaName",
                "RunEndTime",
                "RunNumber",
                "RunProfile",
                "RunStartTime",
                "RunStatus",
            ],
        }
    }

    /// The class of this name, whatever its case.
    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|class| class.name().eq_ignore_ascii_case(name))
    }
}

/// The resource of a request: a class of the provider, or `None` for its whole namespace (`*`).
///
/// # Errors
/// The fault of a URI that names nothing here.
pub fn resource(world: &World, header: &RequestHeader) -> Result<(Resource, Option<Class>), Fault> {
    if header.resource_uri.is_empty() {
        return Err(Fault::missing_header("ResourceURI"));
    }
    let not_found = || {
        let reason = format!(
            "The WS-Management service cannot process the request. The resource URI `{}` was not \
             found.",
            header.resource_uri
        );
        Fault::sender("DestinationUnreachable", &reason)
            .with_detail("InvalidResourceURI")
            .with_wsman(2_150_858_752, &reason)
    };
    let resource =
        Resource::parse(&header.resource_uri, &header.selectors).ok_or_else(not_found)?;
    let known = world.resource_uris();
    let is_known = match resource.family {
        Family::Wmi => known != ResourceUris::Dmtf,
        Family::Cim => known != ResourceUris::Wmi,
    };
    if !is_known
        || !resource.namespace.eq_ignore_ascii_case(NAMESPACE)
        || world.has_fault(FaultKind::NamespaceMissing)
    {
        return Err(not_found());
    }
    if resource.class == "*" {
        return Ok((resource, None));
    }
    let class = Class::named(&resource.class).ok_or_else(not_found)?;
    if class != Class::Namespace && world.has_fault(FaultKind::ClassMissing) {
        return Err(not_found());
    }
    Ok((resource, Some(class)))
}

/// The instance that the selectors pick.
///
/// # Errors
/// The fault of missing, unknown or unmatched selectors.
pub fn pick(world: &World, class: Class, header: &RequestHeader) -> Result<Picked, Fault> {
    let own = || {
        let selectors = header.selectors.iter();
        selectors.filter(|(name, _)| !name.eq_ignore_ascii_case(NAMESPACE_SELECTOR))
    };
    if let Some((name, _)) = own().find(|(name, _)| !name.eq_ignore_ascii_case(class.key())) {
        let reason = format!("The selector `{name}` is not a key of the class.");
        return Err(Fault::sender("InvalidSelectors", &reason)
            .with_detail("UnexpectedSelectors")
            .with_wsman(2_150_858_813, &reason));
    }
    let Some((_, value)) = own().next() else {
        let reason = format!("The selector `{}` is missing.", class.key());
        return Err(Fault::sender("InvalidSelectors", &reason)
            .with_detail("InsufficientSelectors")
            .with_wsman(2_150_858_842, &reason));
    };
    let picked = match class {
        Class::Agent => world.agent(value).map(Picked::Agent),
        Class::Server => same(value, SERVER_NAME).then_some(Picked::Server),
        Class::RunHistory => world.run_of_key(value).map(Picked::Run),
        Class::Namespace => None,
    };
    picked.ok_or_else(|| {
        let reason = format!(
            "There is no {} whose {} is `{value}`.",
            class.name(),
            class.key()
        );
        Fault::sender("DestinationUnreachable", &reason)
            .with_detail("InvalidResourceURI")
            .with_wsman(2_150_858_752, &reason)
    })
}

/// One instance.
pub fn instance(world: &mut World, resource: &Resource, picked: Picked, now: Moment) -> Instance {
    let properties = match picked {
        Picked::Agent(agent) => agent_properties(world, agent),
        Picked::Server => server_properties(),
        Picked::Run(key) => {
            let [_, guid, _] = world.label(key.agent).unwrap_or_default();
            let wanted = format!("{guid}-{}", key.number);
            let rows = world.history(now);
            let row = rows.iter().find(|row| row.key == wanted);
            row.map_or_else(Vec::new, run_properties)
        }
    };
    let class = match picked {
        Picked::Agent(_) => Class::Agent,
        Picked::Server => Class::Server,
        Picked::Run(_) => Class::RunHistory,
    };
    shown(resource, class, properties)
}

/// All instances of a class.
pub fn instances(world: &mut World, resource: &Resource, class: Class, now: Moment) -> Vec<Found> {
    let all: Vec<Properties> = match class {
        Class::Agent => {
            let agents = 0..world.agent_count();
            agents.map(|agent| agent_properties(world, agent)).collect()
        }
        Class::Server => vec![server_properties()],
        Class::RunHistory => world.history(now).iter().map(run_properties).collect(),
        Class::Namespace => Vec::new(),
    };
    let found = all.into_iter().map(|properties| {
        let instance = shown(resource, class, properties);
        Found {
            reference: reference(resource, class, &instance),
            instance,
        }
    });
    found.collect()
}

/// The instances that a query asks for.
///
/// # Errors
/// The fault of a query that is not valid here: wrong words, an unknown class or property.
pub fn query(
    world: &mut World,
    resource: &Resource,
    text: &str,
    now: Moment,
) -> Result<Vec<Found>, Fault> {
    let query = Query::parse(text).map_err(|error| bad_query(&error.to_string()))?;
    let class = Class::named(&query.class)
        .ok_or_else(|| bad_query(&format!("there is no class `{}`", query.class)))?;
    if let Some(name) = query.unknown_property(class.properties()) {
        let problem = format!("the class {} has no property `{name}`", class.name());
        return Err(bad_query(&problem));
    }
    let mut found = instances(world, resource, class, now);
    found.retain(|found| query.matches(&|name| found.instance.value(name).map(str::to_owned)));
    if !query.properties.is_empty() {
        for Found { instance, .. } in &mut found {
            // Windows answers a list of properties as a fragment (MS-WSMV 3.1.4.1.13).
            "XmlFragment".clone_into(&mut instance.class);
            let is_wanted = |name: &str| query.properties.iter().any(|wanted| same(wanted, name));
            instance.properties.retain(|(name, _)| is_wanted(name));
        }
    }
    Ok(found)
}

/// The fault that answers a query which the service cannot take.
pub fn bad_query(problem: &str) -> Fault {
    let reason = "The WS-Management service cannot process the request. The WQL query is invalid.";
    let mut fault = Fault::sender("CannotProcessFilter", reason);
    fault.message = Some(problem.to_owned());
    fault
}

type Properties = Vec<(String, Option<String>)>;

fn shown(resource: &Resource, class: Class, properties: Properties) -> Instance {
    Instance {
        class_uri: resource.with_class(class.name()).uri(),
        class: class.name().to_owned(),
        properties,
    }
}

/// The reference that picks an instance again.
fn reference(resource: &Resource, class: Class, instance: &Instance) -> Reference {
    let mut selectors = resource.family_selectors();
    let key = instance.value(class.key()).unwrap_or_default();
    selectors.push((class.key().to_owned(), key.to_owned()));
    Reference {
        resource_uri: instance.class_uri.clone(),
        selectors,
    }
}

fn property(name: &str, value: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(value.to_owned()))
}

fn agent_properties(world: &World, agent: usize) -> Properties {
    let [name, guid, agent_type] = world.label(agent).unwrap_or_default();
    vec![
        property("Guid", guid),
        property("Name", name),
        property("Type", agent_type),
    ]
}

fn server_properties() -> Properties {
    vec![property("Name", SERVER_NAME)]
}

fn run_properties(row: &HistoryRow) -> Properties {
    vec![
        property("Key", &row.key),
        property("MaGuid", &row.agent_guid),
        property("MaName", &row.agent),
        property("RunEndTime", &row.ended),
        property("RunNumber", &row.run_number.to_string()),
        property("RunProfile", &row.profile),
        property("RunStartTime", &row.started),
        property("RunStatus", &row.status),
    ]
}
