//! The methods of the classes.
//!
//! Each returns a string, figures among them (lithnet miis-client, `MARunScheduler`). Must not wait:
//! Execute answers with the run to wait for.

use super::classes::Picked;
use crate::base::time::Moment;
use crate::simulator::world::{Activity, AgentNumbers, Order, RunKey, World};
use crate::wsman::message::Fault;

/// What a method does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MethodAnswer {
    /// It returns this string.
    Word(String),
    /// It returns when this run has ended.
    WhenEnded(RunKey),
}

/// A call of a method.
pub struct Call<'a> {
    /// The method's name; its case does not count.
    pub method: &'a str,
    /// Its arguments; `None` is null.
    pub arguments: &'a [(String, Option<String>)],
    /// Who calls, as the run history names it.
    pub account: &'a str,
}

impl Call<'_> {
    fn is(&self, method: &str) -> bool {
        self.method.eq_ignore_ascii_case(method)
    }

    fn argument(&self, name: &str) -> Result<&str, Fault> {
        self.arguments
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| value.as_deref())
            .ok_or_else(|| {
                let reason = format!("The parameter `{name}` of {} is missing.", self.method);
                Fault::schema_validation(&reason)
            })
    }
}

/// Calls a method of an instance.
///
/// # Errors
/// The fault of a method that the class does not have, or of a missing argument.
pub fn call(
    world: &mut World,
    picked: Picked,
    call: &Call<'_>,
    now: Moment,
) -> Result<MethodAnswer, Fault> {
    match picked {
        Picked::Agent(agent) => call_agent(world, agent, call, now),
        Picked::Server => call_server(world, call, now).map(MethodAnswer::Word),
        Picked::Run(key) if call.is("RunDetails") => {
            world.advance(now);
            Ok(MethodAnswer::Word(guarded(world, |world| {
                world.details_of(key)
            })))
        }
        Picked::Run(_) => Err(unknown(call)),
    }
}

fn unknown(call: &Call<'_>) -> Fault {
    Fault::action_not_supported(call.method)
}

/// What a method may tell, or that the caller may not ask.
fn guarded(world: &mut World, tell: impl FnOnce(&mut World) -> String) -> String {
    if world.may_browse() {
        tell(world)
    } else {
        "connection-failure".to_owned()
    }
}

/// The methods of `MIIS_Server` (ms697860). The page that names the count of the metaverse is not
/// public; `NumMVObjects` follows the pattern of its neighbour `NumPasswordQueueObjects`
/// (ms697737).
fn call_server(world: &mut World, call: &Call<'_>, now: Moment) -> Result<String, Fault> {
    if call.is("ClearRuns") {
        return Ok(world.clear_runs(call.argument("EndingBefore")?, now));
    }
    world.advance(now);
    if call.is("NumMVObjects") {
        return Ok(guarded(world, |world| world.people().to_string()));
    }
    // Passwords are not simulated: their queue is always empty.
    if call.is("NumPasswordQueueObjects") {
        return Ok(guarded(world, |_| "0".to_owned()));
    }
    // These two are for administrators; the caller is an operator at most.
    if call.is("ClearPasswordQueue") || call.is("ClearPasswordHistory") {
        return Ok(guarded(world, |_| "access-denied".to_owned()));
    }
    Err(unknown(call))
}

fn call_agent(
    world: &mut World,
    agent: usize,
    call: &Call<'_>,
    now: Moment,
) -> Result<MethodAnswer, Fault> {
    if call.is("Execute") {
        let profile = call.argument("RunProfileName")?;
        return Ok(match world.execute(agent, profile, call.account, now) {
            Order::Started(started) => MethodAnswer::WhenEnded(started.run),
            Order::Refused(word) => MethodAnswer::Word(word),
        });
    }
    if call.is("Stop") {
        return Ok(MethodAnswer::Word(world.stop(agent, now)));
    }
    world.advance(now);
    let known = READERS.iter().find(|(name, _)| call.is(name));
    let (_, reader) = known.ok_or_else(|| unknown(call))?;
    let word = guarded(world, |world| reader.read(world, agent, now));
    Ok(MethodAnswer::Word(word))
}

/// How a method that only tells something finds it.
#[derive(Clone, Copy)]
enum Reader {
    Status,
    Details,
    Word(fn(&AgentNumbers) -> Option<String>),
    Count(fn(&AgentNumbers) -> u64),
    Constant(&'static str),
}

const READERS: [(&str, Reader); 24] = [
    ("RunStatus", Reader::Status),
    ("RunDetails", Reader::Details),
    ("RunProfile", Reader::Word(|n| n.profile.clone())),
    (
        "RunNumber",
        Reader::Word(|n| n.run_number.map(|number| number.to_string())),
    ),
    ("RunStartTime", Reader::Word(|n| n.started.clone())),
    ("RunEndTime", Reader::Word(|n| n.ended.clone())),
    ("NumCSObjects", Reader::Count(|n| n.space.objects)),
    ("NumConnectors", Reader::Count(|n| n.space.connectors)),
    ("NumTotalConnectors", Reader::Count(|n| n.space.connectors)),
    ("NumExplicitConnectors", Reader::Constant("0")),
    ("NumDisconnectors", Reader::Count(|n| n.space.disconnectors)),
    (
        "NumTotalDisconnectors",
        Reader::Count(|n| n.space.disconnectors),
    ),
    ("NumExplicitDisconnectors", Reader::Constant("0")),
    ("NumFilteredDisconnectors", Reader::Constant("0")),
    ("NumPlaceHolders", Reader::Constant("0")),
    ("NumImportAdd", Reader::Count(|n| n.space.import_add)),
    ("NumImportUpdate", Reader::Count(|n| n.space.import_update)),
    ("NumImportDelete", Reader::Count(|n| n.space.import_delete)),
    (
        "NumImportNoChange",
        Reader::Count(|n| n.space.import_no_change),
    ),
    ("NumExportAdd", Reader::Count(|n| n.space.export_add)),
    ("NumExportUpdate", Reader::Count(|n| n.space.export_update)),
    ("NumExportDelete", Reader::Count(|n| n.space.export_delete)),
    ("GetServerStatus", Reader::Constant("success")),
    ("SuppressFullSyncWarning", Reader::Constant("success")),
];

impl Reader {
    fn read(self, world: &mut World, agent: usize, now: Moment) -> String {
        match self {
            Self::Status => match world.activity(agent, now) {
                Activity::Never => String::new(),
                Activity::Running(word) | Activity::Idle(word) => word,
            },
            Self::Details => world.details(agent, now),
            Self::Word(word) => {
                let numbers = world.numbers(agent, now);
                numbers.as_ref().and_then(word).unwrap_or_default()
            }
            Self::Count(count) => {
                let numbers = world.numbers(agent, now);
                numbers.as_ref().map_or(0, count).to_string()
            }
            Self::Constant(word) => word.to_owned(),
        }
    }
}
