//! The way to a Kerberos server: TCP with deadlines.
//!
//! Blocks; must run where blocking is allowed. Which server it is, the crate `sspi` finds out:
//! `SSPI_KDC_URL`, `krb5.conf`, or the registry of Windows.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use sspi::generator::NetworkRequest;
use sspi::network_client::{NetworkClient, NetworkProtocol};
use sspi::{Error, ErrorKind};

use super::key_types::{Keyless, keyless};

/// How long a connection may take to come about; what MIT's own client waits.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer; a ticket with a thousand groups has a tenth of it.
const MAX_ANSWER_BYTES: u32 = 1 << 20;
/// What an account without a key that can be used is told by.
pub(super) const NO_USABLE_KEY: &str = "the account has no key of AES-256";
/// What a service without a key that can be used is told by.
pub(super) const NO_SERVICE_KEY: &str = "the service has no key of AES";
/// Where Kerberos listens.
const PORT: u16 = 88;

/// Carries the questions of the crate `sspi` to a Kerberos server.
pub(super) struct Kdc;

impl NetworkClient for Kdc {
    fn send(&self, request: &NetworkRequest) -> sspi::Result<Vec<u8>> {
        let host = request.url.host_str().unwrap_or_default();
        let port = request.url.port().unwrap_or(PORT);
        let failed = |why: &str| {
            let words = format!("{host}:{port} {why}");
            Error::new(ErrorKind::NoAuthenticatingAuthority, words)
        };
        if request.protocol != NetworkProtocol::Tcp {
            return Err(failed("is not reached with tcp"));
        }
        let answer = ask(host, port, &request.data)
            .map_err(|error| failed(&format!("does not answer ({error})")))?;
        let why = match keyless(&request.data, &answer) {
            None => return Ok(answer),
            Some(Keyless::Account) => NO_USABLE_KEY,
            Some(Keyless::Service) => NO_SERVICE_KEY,
        };
        Err(Error::new(ErrorKind::OperationNotSupported, why))
    }
}

/// Sends a question with its length before it, and reads the answer with the same.
fn ask(host: &str, port: u16, question: &[u8]) -> io::Result<Vec<u8>> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let mut stream = connect(bare, port)?;
    stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
    stream.write_all(question)?;
    let mut prefix = [0; 4];
    stream.read_exact(&mut prefix)?;
    let length = u32::from_be_bytes(prefix);
    if length > MAX_ANSWER_BYTES {
        return Err(io::Error::other("its answer is too long"));
    }
    let mut answer = prefix.to_vec();
    let read = stream.take(length.into()).read_to_end(&mut answer)?;
    if read < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(answer)
}

fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "its name does not resolve");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// A server that answers one question with these bytes.
    fn server(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::Builder::new()
            .name("kdc".to_owned())
            .spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut question = [0; 6];
                stream.read_exact(&mut question).unwrap();
                stream.write_all(answer).unwrap();
            })
            .unwrap();
        port
    }

    #[test]
    fn an_answer_comes_whole_or_not_at_all() {
        for (answer, is_whole) in [
            (&b"\0\0\0\x02ab"[..], true),
            (b"\0\0\0\x03ab", false),
            (b"\0\0", false),
            (b"\xff\xff\xff\xffab", false),
        ] {
            let port = server(answer);
            let got = ask("127.0.0.1", port, b"\0\0\0\x02xy");
            assert_eq!(got.is_ok(), is_whole, "{answer:?}: {got:?}");
            if let Ok(got) = got {
                assert_eq!(got, answer);
            }
        }
    }
}
