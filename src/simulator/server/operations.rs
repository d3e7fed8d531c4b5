//! What a request means: from a parsed request to an answer, or to a run that is waited for.
//!
//! Plain and synchronous. Must not know HTTP, sockets or tokio.

use std::time::Duration;

use super::classes::{self, Class};
use super::enumerations::{Enumerations, Pulled, Room};
use super::methods::{self, Call, MethodAnswer};
use crate::base::time::Moment;
use crate::simulator::world::{RunKey, World};
use crate::wsman::message::{
    Answer, Fault, Filter, Operation, Outputs, Request, RequestHeader, names,
};

/// The largest request that is read (`MaxEnvelopeSizekb` 500, MS-WSMV 2.2.4.10).
pub const MAX_ENVELOPE_BYTES: usize = 500 * 1024;

/// The smallest envelope that a client may ask for (MS-WSMV 3.1.4.1.19).
const SMALLEST_ENVELOPE_BYTES: u32 = 8_192;

/// What an envelope takes beside its items, rather too much.
const ENVELOPE_OVERHEAD_BYTES: usize = 3_000;

/// Everything that requests can see and change.
pub struct Desk {
    /// The service.
    pub world: World,
    /// What clients are in the middle of reading.
    pub enumerations: Enumerations,
}

/// What to do with a request.
#[derive(Debug)]
pub enum Decision {
    /// Answer it.
    Answer(Answer),
    /// Answer when a run has ended, or with a time-out.
    Wait(Waiting),
}

/// A request that is answered when a run has ended.
#[derive(Debug)]
pub struct Waiting {
    /// The run.
    pub run: RunKey,
    /// The URI of the request.
    pub resource_uri: String,
    /// The method that was called.
    pub method: String,
    /// How long the request may take; its own wish, or `None` for the server's limit.
    pub patience: Option<Duration>,
}

impl Waiting {
    /// The answer once the run's word is known.
    pub fn answer(self, word: String) -> Answer {
        returned(self.resource_uri, self.method, word)
    }
}

/// What a fault of the scenario may be limited to.
#[derive(Debug, Default)]
pub struct Subject<'a> {
    /// `Enumerate`, `Execute` and so on.
    pub request: &'a str,
    /// The agent that the selectors name.
    pub agent: Option<&'a str>,
    /// The profile that the arguments name.
    pub profile: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// The subject of a request.
    pub fn of(request: &'a Request) -> Self {
        let agent = request.header.selector("Name");
        let (request, profile) = match &request.operation {
            Operation::Identify => ("Identify", None),
            Operation::Enumerate { .. } => ("Enumerate", None),
            Operation::Pull { .. } => ("Pull", None),
            Operation::Release { .. } => ("Release", None),
            Operation::Get => ("Get", None),
            Operation::Invoke { method, arguments } => {
                let profile = arguments
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case("RunProfileName"))
                    .and_then(|(_, value)| value.as_deref());
                (method.as_str(), profile)
            }
        };
        Self {
            request,
            agent,
            profile,
        }
    }
}

/// The answer to Identify, which needs no account (DSP0226 section 11).
pub fn identity() -> Answer {
    Answer::Identify {
        vendor: "masequencer simulator".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The fault of an operation that took too long; what it began goes on (MS-WSMV 3.1.4.1.6).
pub fn timed_out() -> Fault {
    let reason = "The WS-Management service cannot complete the operation within the time \
                  specified in OperationTimeout.";
    Fault::receiver("TimedOut", reason).with_wsman(2_150_858_793, reason)
}

/// The fault of an answer that is larger than the envelope that the client asked for.
pub fn too_large() -> Fault {
    let reason = "The WS-Management service cannot process the request because the response \
                  exceeds the maximum envelope size.";
    Fault::sender("EncodingLimit", reason)
        .with_detail("MaxEnvelopeSizeExceeded")
        .with_wsman(2_150_858_824, reason)
}

/// The fault of a user who has too many requests open (MS-WSMV 3.1.4.1.19).
pub fn too_many() -> Fault {
    let reason = "The WS-Management service cannot process the request. The maximum number of \
                  concurrent operations for this user has been exceeded.";
    Fault::receiver("InternalError", reason).with_wsman(2_150_859_174, reason)
}

/// The fault of an account that WinRM's own rights do not let do it (MS-WSMV 3.1.4.1.28).
pub fn winrm_denied() -> Fault {
    let reason = "Access is denied.";
    Fault::sender("AccessDenied", reason).with_wsman(5, reason)
}

/// The fault of an account that the WMI namespace does not let in.
pub fn wmi_denied() -> Fault {
    let reason = "The WS-Management service cannot process the request. The WMI service returned an \
                  'access denied' error.";
    Fault::sender("AccessDenied", reason).with_wsman(2_150_859_012, reason)
}

/// Decides what to do with a request.
pub fn decide(desk: &mut Desk, request: &Request, account: &str, now: Moment) -> Decision {
    desk.world.advance(now);
    match perform(desk, request, account, now) {
        Ok(decision) => decision,
        Err(fault) => Decision::Answer(Answer::Fault(fault)),
    }
}

fn perform(
    desk: &mut Desk,
    request: &Request,
    account: &str,
    now: Moment,
) -> Result<Decision, Fault> {
    if request.operation == Operation::Identify {
        return Ok(Decision::Answer(identity()));
    }
    let header = &request.header;
    check_header(header)?;
    let (resource, class) = classes::resource(&desk.world, header)?;
    let answer = match &request.operation {
        Operation::Identify => identity(),
        Operation::Enumerate {
            filter,
            mode,
            is_optimized,
            max_elements,
        } => {
            refuse_if_down(desk)?;
            let found = match (class, filter) {
                (_, Some(filter)) => {
                    check_dialect(filter)?;
                    classes::query(&mut desk.world, &resource, &filter.text, now)?
                }
                (Some(class), None) => classes::instances(&mut desk.world, &resource, class, now),
                (None, None) => {
                    let problem = "a filter is needed to enumerate a whole namespace";
                    return Err(classes::bad_query(problem));
                }
            };
            let room = is_optimized.then(|| room(&desk.world, header, *max_elements));
            Answer::Enumerate(batch(desk.enumerations.open(found, *mode, room, now))?)
        }
        Operation::Pull {
            context,
            max_elements,
        } => {
            let room = room(&desk.world, header, *max_elements);
            Answer::Pull(batch(desk.enumerations.pull(context, room, now))?)
        }
        Operation::Release { context } => {
            if !desk.enumerations.release(context, now) {
                return Err(unknown_context());
            }
            Answer::Released
        }
        Operation::Get => {
            refuse_if_down(desk)?;
            let picked = classes::pick(&desk.world, one(class)?, header)?;
            Answer::Instance(classes::instance(&mut desk.world, &resource, picked, now))
        }
        Operation::Invoke { method, arguments } => {
            let picked = classes::pick(&desk.world, one(class)?, header)?;
            let call = Call {
                method,
                arguments,
                account,
            };
            match methods::call(&mut desk.world, picked, &call, now)? {
                MethodAnswer::Word(word) => {
                    returned(header.resource_uri.clone(), method.clone(), word)
                }
                MethodAnswer::WhenEnded(run) => {
                    return Ok(Decision::Wait(Waiting {
                        run,
                        resource_uri: header.resource_uri.clone(),
                        method: method.clone(),
                        patience: header.operation_timeout,
                    }));
                }
            }
        }
    };
    Ok(Decision::Answer(answer))
}

/// What MS-WSMV 3.1.4.1 wants in every header.
fn check_header(header: &RequestHeader) -> Result<(), Fault> {
    if header.to.is_empty() {
        return Err(Fault::missing_header("To"));
    }
    if header.message_id.is_empty() {
        return Err(Fault::missing_header("MessageID"));
    }
    match header.reply_to.as_deref() {
        None => return Err(Fault::missing_header("ReplyTo")),
        Some(names::ANONYMOUS) => {}
        Some(_) => return Err(Fault::invalid_header("ReplyTo")),
    }
    if header
        .max_envelope_size
        .is_some_and(|size| size < SMALLEST_ENVELOPE_BYTES)
    {
        let reason = format!("MaxEnvelopeSize is at least {SMALLEST_ENVELOPE_BYTES}.");
        return Err(Fault::sender("EncodingLimit", &reason).with_detail("MinimumEnvelopeLimit"));
    }
    if header
        .operation_timeout
        .is_some_and(|timeout| timeout.is_zero())
    {
        return Err(Fault::invalid_header("OperationTimeout"));
    }
    Ok(())
}

fn check_dialect(filter: &Filter) -> Result<(), Fault> {
    if filter.dialect.eq_ignore_ascii_case(names::WQL_DIALECT) {
        return Ok(());
    }
    let reason = format!("The filter dialect `{}` is not supported.", filter.dialect);
    Err(Fault::sender("FilterDialectRequestedUnavailable", &reason))
}

fn refuse_if_down(desk: &Desk) -> Result<(), Fault> {
    if !desk.world.is_service_down() {
        return Ok(());
    }
    let reason = "The WS-Management service cannot process the request. The WMI provider returned \
                  an error: the synchronization service is not running.";
    Err(Fault::receiver("InternalError", reason).with_wsman(2_150_858_755, reason))
}

fn one(class: Option<Class>) -> Result<Class, Fault> {
    class.ok_or_else(|| {
        let reason = "The resource URI names a namespace, not a class.";
        Fault::sender("DestinationUnreachable", reason).with_detail("InvalidResourceURI")
    })
}

/// How large an answer may be for this client: the server's own limit counts where it is smaller
/// (MS-WSMV 3.1.4.1.7).
pub fn envelope_limit(world: &World, header: &RequestHeader) -> usize {
    let wanted = header
        .max_envelope_size
        .and_then(|size| usize::try_from(size).ok());
    let own = world.max_envelope_bytes();
    wanted.map_or(own, |wanted| wanted.min(own))
}

fn room(world: &World, header: &RequestHeader, max_elements: Option<u32>) -> Room {
    Room {
        // One item unless the client says otherwise (WS-Enumeration).
        items: max_elements.unwrap_or(1),
        bytes: envelope_limit(world, header).saturating_sub(ENVELOPE_OVERHEAD_BYTES),
    }
}

fn batch(pulled: Pulled) -> Result<crate::wsman::message::Batch, Fault> {
    match pulled {
        Pulled::Batch(batch) => Ok(batch),
        Pulled::UnknownContext => Err(unknown_context()),
        Pulled::TooLarge => Err(too_large()),
    }
}

fn unknown_context() -> Fault {
    let reason = "The WS-Management service cannot process the request. The enumeration context is \
                  not valid or has expired.";
    Fault::receiver("InvalidEnumerationContext", reason)
}

fn returned(resource_uri: String, method: String, word: String) -> Answer {
    Answer::Invoked(Outputs {
        resource_uri,
        method,
        values: vec![("ReturnValue".to_owned(), Some(word))],
    })
}
