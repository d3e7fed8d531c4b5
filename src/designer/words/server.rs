//! What the server bar says.

use jiff::Timestamp;

use crate::base::text::short_duration;
use crate::designer::Agents;

/// The field for the host.
pub const SERVER: &str = "Server";
/// What to type there.
pub const SERVER_HINT: &str = "Name or address";
/// The field for the account.
pub const USER: &str = "User";
/// What to type there.
pub const USER_HINT: &str = "DOMAIN\\user";
/// The field for the password.
pub const PASSWORD: &str = "Password";
/// The button that connects to the bundled simulator.
pub const DEMO: &str = "Try the demo server";
/// The same where there is little room.
pub const DEMO_SHORT: &str = "Demo server";
/// A connection is being made.
pub const CANCEL: &str = "Cancel";
/// After a failure.
pub const TRY_AGAIN: &str = "Try again";
/// Back to the fields after a failure.
pub const CHANGE: &str = "Change";
/// Everything about a failure, and about the way to the server.
pub const DETAILS: &str = "Details";
/// The same before there is a failure.
pub const OPTIONS: &str = "More ways to connect…";
/// The pill of a connected server.
pub const CONNECTED: &str = "Connected";
/// What answers there.
pub const PRODUCT: &str = "Product";
/// The account in use.
pub const ACCOUNT: &str = "Account";
/// Where the demo server runs, in front of [`ON_THIS_COMPUTER`].
pub const RUNS: &str = "Runs";
/// Nothing leaves the machine, so nobody need care how it is signed on.
pub const ON_THIS_COMPUTER: &str = "on this computer";
/// How long an answer takes.
pub const REPLY: &str = "Reply";
/// Reads the agents again.
pub const REFRESH: &str = "Refresh";
/// The agents are being read for the first time.
pub const READING: &str = "Reading the agents";

/// A server that is being connected.
pub fn connecting(server: &str) -> String {
    format!("Connecting to {server}…")
}

/// A time in milliseconds.
pub fn milliseconds(time: u64) -> String {
    format!("{time} ms")
}

/// When the agents were read, and how often they are.
pub fn agents_read(agents: &Agents, every_secs: u32) -> String {
    if agents.read_at.is_none() {
        return READING.to_owned();
    }
    if every_secs.is_multiple_of(60) {
        format!("Agents read every {} min", every_secs / 60)
    } else {
        format!("Agents read every {every_secs} s")
    }
}

/// The same for who rests on it: when they were read last.
pub fn agents_read_tip(agents: &Agents, now: Timestamp) -> String {
    let Some(at) = agents.read_at else {
        return READING.to_owned();
    };
    let span = std::time::Duration::try_from(now.duration_since(at)).unwrap_or_default();
    format!(
        "Last read {} ago; the preferences say how often",
        short_duration(span)
    )
}
