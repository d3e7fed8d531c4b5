//! What is said about servers.

use super::super::{Connection, ServerChoice};

/// The bundled simulator.
pub const DEMO: &str = "Demo server";
/// Where it runs, for the status bar.
pub const ON_THIS_COMPUTER: &str = "On this computer";
/// No server was named.
pub const NO_HOST: &str = "No server is named";
/// What to do about it.
pub const NO_HOST_HELP: &str =
    "Type the name of the synchronization server, or use the demo server.";
/// No account was named.
pub const NO_USER: &str = "No account is named";
/// What to do about it.
pub const NO_USER_HELP: &str = "Type the account, such as DOMAIN\\user.";
/// A server that could not be connected.
pub const NOT_CONNECTED: &str = "Not connected";
/// No password was typed, and none is stored.
pub const NO_PASSWORD: &str = "The password is missing";
/// What to do about it.
pub const NO_PASSWORD_HELP: &str = "Type it into the server bar and connect again.";
/// The store of passwords could not be asked.
pub const NOT_RECALLED: &str = "No stored password was found";
/// The store of passwords did not take one.
pub const NOT_REMEMBERED: &str = "The password was not stored";
/// The store of passwords did not remove one.
pub const NOT_FORGOTTEN: &str = "The stored password was not removed";
/// The store of passwords has removed one, or had none.
pub const FORGOTTEN: &str = "No password is kept";
/// What that means.
pub const FORGOTTEN_HELP: &str = "It is asked for when this account connects again.";
/// A transport that this window does not speak.
pub const NOT_OVER_WMI: &str = "The file asks for WMI, which only works on the server itself; it is connected over WinRM instead.";

/// A server for people.
pub fn choice(choice: &ServerChoice) -> String {
    match choice {
        ServerChoice::Demo => DEMO.to_owned(),
        ServerChoice::Winrm(settings) => settings.host.clone().unwrap_or_default(),
    }
}

/// A server that is being connected.
pub fn connecting(server: &ServerChoice) -> String {
    super::server::connecting(&choice(server))
}

/// The state of the connection in a few words, for the status bar.
pub fn state(connection: &Connection) -> String {
    match connection {
        Connection::None => "Not connected".to_owned(),
        Connection::Connecting { choice: server, .. } => {
            format!("Connecting to {}", choice(server))
        }
        Connection::Failed { .. } => NOT_CONNECTED.to_owned(),
        Connection::Connected { server, agents, .. } if agents.problem.is_some() => {
            format!("No answer from {}", server.name)
        }
        Connection::Connected { server, .. } => format!("Connected to {}", server.name),
    }
}

/// Who is signed on and how, while a server is connected and that is known; of the demo server where
/// it runs, since its account means nothing.
pub fn signed_on(connection: &Connection) -> Option<&str> {
    match connection {
        Connection::Connected {
            choice: ServerChoice::Demo,
            ..
        } => Some(ON_THIS_COMPUTER),
        Connection::Connected { server, .. } => Some(server.signed_on.as_str()),
        _ => None,
    }
    .filter(|words| !words.is_empty())
}

/// How many agents a server has.
pub fn agents(count: usize) -> String {
    crate::base::text::plural(count as u64, "agent")
}

#[cfg(test)]
mod tests {
    use crate::designer::fixtures;
    use crate::model::{Sequence, ServerSettings};

    use super::*;

    #[test]
    fn the_demo_server_is_on_this_computer_and_others_say_who_is_signed_on() {
        let agents = Some(std::sync::Arc::default());
        let mut connection = fixtures::state(Sequence::default(), agents).connection;
        assert_eq!(signed_on(&connection), Some(ON_THIS_COMPUTER));
        if let Connection::Connected { choice, server, .. } = &mut connection {
            *choice = ServerChoice::Winrm(ServerSettings::default());
            "CORP\\anna by NTLM, encrypted".clone_into(&mut server.signed_on);
        }
        assert_eq!(
            signed_on(&connection),
            Some("CORP\\anna by NTLM, encrypted")
        );
        assert_eq!(signed_on(&Connection::None), None);
    }
}
