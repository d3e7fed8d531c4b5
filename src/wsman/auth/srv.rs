//! Where the Kerberos servers of a domain are, as the DNS tells (RFC 2782), for systems whose
//! `krb5.conf` leaves that to the DNS.
//!
//! Blocks; must run where blocking is allowed. Only Linux needs it: on Windows and macOS the crate
//! `sspi` asks the system.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::time::Duration;

use uuid::Uuid;

use crate::base::file::read_up_to;

/// How long one name server may take.
const TIMEOUT: Duration = Duration::from_secs(2);
/// How many name servers are asked; as many as the C library does.
const MAX_SERVERS: usize = 3;
/// How often the names of an answer may point elsewhere.
const MAX_JUMPS: usize = 16;
/// The type of the records that tell where a service is.
const SRV: u16 = 33;

/// A Kerberos server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    priority: u16,
    weight: u16,
    port: u16,
    host: String,
}

impl Place {
    /// As the crate `sspi` takes it.
    pub(super) fn url(&self) -> String {
        format!("tcp://{}:{}", self.host, self.port)
    }
}

/// Asks the name servers of this system for the Kerberos server of a domain. A short name is no
/// name of the DNS.
pub(super) fn find(domain: &str) -> Option<Place> {
    if !cfg!(target_os = "linux") || !domain.trim_end_matches('.').contains('.') {
        return None;
    }
    let text = read_up_to(Path::new("/etc/resolv.conf"), 64 * 1024).ok()?;
    let servers = name_servers(&String::from_utf8_lossy(&text));
    servers.into_iter().find_map(|server| ask(server, domain))
}

fn name_servers(text: &str) -> Vec<SocketAddr> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver"))
        .filter_map(|address| address.trim().parse::<IpAddr>().ok())
        .map(|address| SocketAddr::new(address, 53))
        .take(MAX_SERVERS)
        .collect()
}

fn ask(server: SocketAddr, domain: &str) -> Option<Place> {
    let [first, second, ..] = *Uuid::new_v4().as_bytes();
    let question = question([first, second], domain)?;
    let any: IpAddr = if server.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.set_read_timeout(Some(TIMEOUT)).ok()?;
    socket.connect(server).ok()?;
    socket.send(&question).ok()?;
    let mut answer = [0; 4096];
    let length = socket.recv(&mut answer).ok()?;
    best(answer.get(..length)?, &question)
}

fn question(id: [u8; 2], domain: &str) -> Option<Vec<u8>> {
    let mut bytes = id.to_vec();
    // Recursion is wanted; one question.
    bytes.extend_from_slice(&[1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in ["_kerberos", "_tcp"]
        .into_iter()
        .chain(domain.trim_end_matches('.').split('.'))
    {
        let length = u8::try_from(label.len()).ok()?;
        if !(1..64).contains(&length) || !label.is_ascii() {
            return None;
        }
        bytes.push(length);
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.push(0);
    bytes.extend_from_slice(&SRV.to_be_bytes());
    bytes.extend_from_slice(&[0, 1]);
    Some(bytes)
}

/// The server that an answer puts first.
fn best(answer: &[u8], question: &[u8]) -> Option<Place> {
    let is_answer = answer.get(..2) == question.get(..2) && answer.get(2)? & 0x80 != 0;
    let asked = question.get(12..)?;
    if !is_answer
        || !answer
            .get(12..)?
            .to_ascii_lowercase()
            .starts_with(&asked.to_ascii_lowercase())
    {
        return None;
    }
    let count = number(answer, 6)?;
    let mut at = 12 + asked.len();
    let mut places = Vec::new();
    for _ in 0..count {
        let (_, head) = name(answer, at)?;
        let kind = number(answer, head)?;
        let length = usize::from(number(answer, head + 8)?);
        let data = head + 10;
        if kind == SRV {
            let (host, _) = name(answer, data + 6)?;
            places.push(Place {
                priority: number(answer, data)?,
                weight: number(answer, data + 2)?,
                port: number(answer, data + 4)?,
                host,
            });
        }
        at = data + length;
    }
    // A server without a name says that there is none.
    places.retain(|place| !place.host.is_empty());
    places
        .into_iter()
        .min_by_key(|place| (place.priority, u16::MAX - place.weight))
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(digits.try_into().ok()?))
}

/// A name and where what follows it begins. Names may end in a pointer to another place.
fn name(bytes: &[u8], mut at: usize) -> Option<(String, usize)> {
    let mut labels = Vec::new();
    let mut end = None;
    for _ in 0..MAX_JUMPS * 8 {
        let length = *bytes.get(at)?;
        match length {
            0 => {
                let after = end.unwrap_or(at + 1);
                return Some((labels.join("."), after));
            }
            1..=63 => {
                let label = bytes.get(at + 1..at + 1 + usize::from(length))?;
                let is_plain = label
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte));
                if !is_plain {
                    return None;
                }
                labels.push(String::from_utf8_lossy(label).into_owned());
                at += 1 + usize::from(length);
            }
            192.. => {
                end.get_or_insert(at + 2);
                at = usize::from(number(bytes, at)? & 0x3fff);
            }
            64..192 => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer with these servers, whose names end in a pointer to the domain in the question.
    fn answer(question: &[u8], places: &[(u16, u16, u16, &str)]) -> Vec<u8> {
        let mut bytes = question.to_vec();
        bytes[2] |= 0x80;
        bytes[7] = places.len() as u8;
        for (priority, weight, port, host) in places {
            bytes.extend_from_slice(&[0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 9]);
            let mut data = Vec::new();
            for number in [priority, weight, port] {
                data.extend_from_slice(&number.to_be_bytes());
            }
            data.push(host.len() as u8);
            data.extend_from_slice(host.as_bytes());
            // After `_kerberos` and `_tcp`.
            data.extend_from_slice(&[0xc0, 12 + 10 + 5]);
            bytes.extend_from_slice(&(data.len() as u16).to_be_bytes());
            bytes.extend_from_slice(&data);
        }
        bytes
    }

    #[test]
    fn the_first_server_of_an_answer_is_taken() {
        let question = question([7, 8], "corp.example").unwrap();
        let places = [(5, 0, 88, "dc3"), (0, 1, 88, "dc1"), (0, 9, 1088, "dc2")];
        let place = best(&answer(&question, &places), &question).unwrap();
        assert_eq!(place.url(), "tcp://dc2.corp.example:1088");
        assert_eq!(best(&answer(&question, &[]), &question), None);
    }

    #[test]
    fn what_is_no_answer_to_the_question_is_not_believed() {
        let question = question([7, 8], "corp.example").unwrap();
        let good = answer(&question, &[(0, 0, 88, "dc1")]);
        for at in [0, 2, 12, 20] {
            let mut other = good.clone();
            other[at] ^= 0x80;
            assert_eq!(best(&other, &question), None, "{at}");
        }
        for length in 0..good.len() {
            assert_eq!(best(&good[..length], &question), None, "{length}");
        }
        // A name that points to itself.
        let mut endless = good;
        let at = endless.len() - 1;
        endless[at] = at as u8 - 1;
        assert_eq!(best(&endless, &question), None);
    }

    #[test]
    fn names_and_servers_are_read_as_they_are_written() {
        for domain in ["corp..example", "cörp.example", ".", &"a".repeat(64)] {
            assert_eq!(question([0, 0], domain), None, "{domain}");
        }
        let text = "# x\nsearch a\nnameserver 10.0.0.1\n nameserver ::1\nnameserver bad\n";
        let servers: Vec<String> = name_servers(text).iter().map(|s| s.to_string()).collect();
        assert_eq!(servers, ["10.0.0.1:53", "[::1]:53"]);
        assert_eq!(find("CORP"), None);
    }

    #[test]
    fn a_name_server_is_asked_and_its_answer_read() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let serve = std::thread::Builder::new()
            .name("dns".to_owned())
            .spawn(move || {
                let mut question = [0; 512];
                let (length, from) = server.recv_from(&mut question).unwrap();
                let answer = answer(&question[..length], &[(0, 0, 88, "dc1")]);
                server.send_to(&answer, from).unwrap();
            })
            .unwrap();
        let place = ask(address, "corp.example").unwrap();
        serve.join().unwrap();
        assert_eq!(place.url(), "tcp://dc1.corp.example:88");
    }
}
