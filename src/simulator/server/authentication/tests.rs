//! Logins over real sockets with the client side of the same crate, and clients that cheat. That
//! other implementations get in is tested in `tests/integration/interop.rs`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sspi::ntlm::NtlmConfig;
use sspi::{
    AuthIdentity, BufferType, ClientRequestFlags, CredentialUse, Credentials, DataRepresentation,
    EncryptionFlags, Negotiate, NegotiateConfig, Ntlm, SecurityBuffer, SecurityBufferRef, Sspi,
    SspiImpl, Username,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::super::tests::{PASSWORD, invoke, options};
use super::super::{Simulator, SimulatorOptions, start};
use super::context::{Context, Step};
use super::session::Session;
use super::*;
use crate::base::secret::Secret;
use crate::base::time::{Clock as _, ManualClock};
use crate::simulator::server::account::Account;
use crate::wsman::message::xml::Limits;
use crate::wsman::message::{Answer, Response};
use crate::wsman::seal::{self, Indent, Protocol, Sealed};

const USER: &str = "CORP\\operator";

/// One connection.
struct Peer(TcpStream);

struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    /// The token that the server answers under `Negotiate`.
    fn token(&self) -> Vec<u8> {
        let mut lines = self.head.lines();
        let token = lines.find_map(|line| line.strip_prefix("www-authenticate: Negotiate "));
        STANDARD.decode(token.unwrap_or_default()).unwrap()
    }

    fn challenges(&self) -> Vec<&str> {
        let lines = self.head.lines();
        lines
            .filter_map(|line| line.strip_prefix("www-authenticate: "))
            .collect()
    }
}

impl Peer {
    async fn connect(simulator: &Simulator) -> Self {
        let url = simulator.url();
        let address = url.trim_start_matches("http://").trim_end_matches("/wsman");
        Self(TcpStream::connect(address).await.unwrap())
    }

    async fn post(&mut self, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut head = format!(
            "POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        let whole = [head.as_bytes(), body].concat();
        self.0.write_all(&whole).await.unwrap();
        self.reply().await
    }

    async fn reply(&mut self) -> Reply {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).await.unwrap();
        Reply {
            status: head[9..12].parse().unwrap(),
            head,
            body,
        }
    }

    async fn token(&mut self, token: &[u8]) -> Reply {
        let value = format!("Negotiate {}", STANDARD.encode(token));
        self.post(&[("Authorization", &value)], b"").await
    }

    /// Logs in; the reply to the last token.
    async fn login(&mut self, client: &mut Client) -> Reply {
        let mut reply = self.token(&client.step(b"")).await;
        loop {
            let token = reply.token();
            if token.is_empty() {
                return reply;
            }
            let next = client.step(&token);
            if next.is_empty() {
                return reply;
            }
            reply = self.token(&next).await;
        }
    }

    /// Sends a sealed document and opens the answer.
    async fn ask(&mut self, client: &mut Client, document: &str) -> (u16, String) {
        let body = client.sealed(document);
        let kind = Protocol::Spnego.content_type();
        let reply = self.post(&[("Content-Type", &kind)], &body).await;
        if reply.status != 200 && reply.status != 500 {
            return (reply.status, String::new());
        }
        assert!(reply.head.contains(&kind), "{}", reply.head);
        (reply.status, client.opened(&reply.body))
    }
}

/// The other side of a login.
enum Client {
    Ntlm(Box<Ntlm>, Option<sspi::AuthIdentityBuffers>),
    Negotiate(Box<Negotiate>, Option<sspi::CredentialsBuffers>),
}

impl Client {
    fn ntlm(user: &str, password: &str) -> Self {
        let mut ntlm = Ntlm::with_config(NtlmConfig::new("CLIENT".to_owned()));
        let identity = identity(user, password);
        let handle = ntlm
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Outbound)
            .with_auth_data(&identity)
            .execute(&mut ntlm)
            .unwrap();
        Self::Ntlm(Box::new(ntlm), handle.credentials_handle)
    }

    fn negotiate(user: &str, password: &str) -> Self {
        let name = "CLIENT".to_owned();
        let packages = Some("ntlm,!kerberos,!pku2u".to_owned());
        let config = NegotiateConfig::new(Box::new(NtlmConfig::new(name.clone())), packages, name);
        let mut negotiate = Negotiate::new_client(config).unwrap();
        let identity = Credentials::from(identity(user, password));
        let handle = negotiate
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Outbound)
            .with_auth_data(&identity)
            .execute(&mut negotiate)
            .unwrap();
        Self::Negotiate(Box::new(negotiate), handle.credentials_handle)
    }

    fn step(&mut self, token: &[u8]) -> Vec<u8> {
        match self {
            Self::Ntlm(ntlm, handle) => initialize(ntlm.as_mut(), handle, token),
            Self::Negotiate(negotiate, handle) => initialize(negotiate.as_mut(), handle, token),
        }
    }

    fn sealed(&mut self, document: &str) -> Vec<u8> {
        let mut signature = vec![0; 16];
        let mut data = document.as_bytes().to_vec();
        let mut message = [
            SecurityBufferRef::token_buf(&mut signature),
            SecurityBufferRef::data_buf(&mut data),
        ];
        let flags = EncryptionFlags::empty();
        match self {
            Self::Ntlm(ntlm, _) => ntlm.encrypt_message(flags, &mut message),
            Self::Negotiate(negotiate, _) => negotiate.encrypt_message(flags, &mut message),
        }
        .unwrap();
        let sealed = Sealed {
            plain_length: document.len(),
            signature,
            data,
        };
        seal::frame(Protocol::Spnego, &sealed, Indent::Tab)
    }

    fn opened(&mut self, body: &[u8]) -> String {
        let mut sealed = seal::unframe(body).unwrap();
        let mut message = [
            SecurityBufferRef::token_buf(&mut sealed.signature),
            SecurityBufferRef::data_buf(&mut sealed.data),
        ];
        match self {
            Self::Ntlm(ntlm, _) => ntlm.decrypt_message(&mut message),
            Self::Negotiate(negotiate, _) => negotiate.decrypt_message(&mut message),
        }
        .unwrap();
        String::from_utf8(message[1].data().to_vec()).unwrap()
    }
}

fn identity(user: &str, password: &str) -> AuthIdentity {
    AuthIdentity {
        username: Username::parse(user).unwrap(),
        password: password.to_owned().into(),
    }
}

fn initialize<P: Sspi + SspiImpl>(
    package: &mut P,
    handle: &mut P::CredentialsHandle,
    token: &[u8],
) -> Vec<u8> {
    let mut input = [SecurityBuffer::new(token.to_vec(), BufferType::Token)];
    let mut output = [SecurityBuffer::new(Vec::new(), BufferType::Token)];
    let flags = ClientRequestFlags::CONFIDENTIALITY
        | ClientRequestFlags::INTEGRITY
        | ClientRequestFlags::MUTUAL_AUTH
        | ClientRequestFlags::REPLAY_DETECT
        | ClientRequestFlags::SEQUENCE_DETECT
        | ClientRequestFlags::ALLOCATE_MEMORY;
    let mut builder = package
        .initialize_security_context()
        .with_credentials_handle(handle)
        .with_context_requirements(flags)
        .with_target_data_representation(DataRepresentation::Native)
        .with_target_name("HTTP/localhost")
        .with_input(&mut input)
        .with_output(&mut output);
    package
        .initialize_security_context_impl(&mut builder)
        .unwrap()
        .resolve_to_result()
        .unwrap();
    let [output] = output;
    output.buffer
}

fn offering(schemes: &str) -> SimulatorOptions {
    SimulatorOptions {
        user: USER.to_owned(),
        offer: schemes.parse().unwrap(),
        ..options()
    }
}

fn clients(user: &str, password: &str) -> [Client; 2] {
    [
        Client::ntlm(user, password),
        Client::negotiate(user, password),
    ]
}

fn status() -> String {
    invoke("HR", "RunStatus", None).to_xml()
}

fn word(document: &str) -> String {
    let response = Response::parse(document.as_bytes(), &Limits::default()).unwrap();
    match response.answer {
        Answer::Invoked(outputs) => outputs.return_value().unwrap_or_default().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_login_opens_the_connection_for_sealed_requests_only() {
    let simulator = start(offering("basic,negotiate")).await.unwrap();
    for user in [USER, "corp\\OPERATOR", "operator@corp"] {
        for mut client in clients(user, PASSWORD) {
            let mut peer = Peer::connect(&simulator).await;
            let reply = peer.login(&mut client).await;
            assert_eq!(reply.status, 200, "{user}");
            for _ in 0..3 {
                let (status, document) = peer.ask(&mut client, &status()).await;
                assert_eq!((status, word(&document).as_str()), (200, "success"));
            }
            let fault = invoke("nobody", "RunStatus", None).to_xml();
            let (status_of_fault, document) = peer.ask(&mut client, &fault).await;
            assert_eq!(status_of_fault, 500);
            assert!(document.contains("DestinationUnreachable"), "{document}");
            let plain = peer.post(&[], status().as_bytes()).await;
            assert_eq!((plain.status, plain.body.len()), (500, 0));
        }
    }
}

#[tokio::test]
async fn unencrypted_requests_are_taken_where_that_is_allowed() {
    let simulator = start(SimulatorOptions {
        allow_unencrypted: true,
        ..offering("ntlm")
    })
    .await
    .unwrap();
    let mut peer = Peer::connect(&simulator).await;
    let mut client = Client::ntlm(USER, PASSWORD);
    assert_eq!(peer.login(&mut client).await.status, 200);
    let plain = peer.post(&[], status().as_bytes()).await;
    assert_eq!(plain.status, 200);
    assert_eq!(word(&String::from_utf8(plain.body).unwrap()), "success");
    // The login belongs to its connection.
    let mut other = Peer::connect(&simulator).await;
    assert_eq!(other.post(&[], status().as_bytes()).await.status, 401);
}

#[tokio::test]
async fn whoever_is_not_the_user_is_told_the_schemes() {
    let simulator = start(offering("kerberos,basic,ntlm")).await.unwrap();
    for (user, password) in [
        (USER, "wrong"),
        (USER, ""),
        ("CORP\\bob", PASSWORD),
        ("OTHER\\operator", PASSWORD),
        ("operator", PASSWORD),
    ] {
        for mut client in clients(user, password) {
            let mut peer = Peer::connect(&simulator).await;
            let reply = peer.login(&mut client).await;
            assert_eq!(reply.status, 401, "{user} {password}");
            assert_eq!(
                reply.challenges(),
                ["Negotiate", "Kerberos", "Basic realm=\"WSMAN\""]
            );
            assert_eq!(peer.post(&[], status().as_bytes()).await.status, 401);
        }
    }
    for scheme in ["Kerberos", "Digest", "NTLM", "Negotiate"] {
        let mut peer = Peer::connect(&simulator).await;
        let reply = peer.post(&[("Authorization", scheme)], b"").await;
        assert_eq!(reply.status, 401, "{scheme}");
    }
}

#[tokio::test]
async fn a_body_that_somebody_changed_is_not_performed() {
    let simulator = start(offering("ntlm")).await.unwrap();
    let order = invoke("HR", "Execute", Some("Full Import")).to_xml();
    let kind = Protocol::Spnego.content_type();
    let mut client = Client::ntlm(USER, PASSWORD);
    let whole = client.step(b"").len();
    assert!(whole > 0);
    for change in 0..4 {
        let mut client = Client::ntlm(USER, PASSWORD);
        let mut peer = Peer::connect(&simulator).await;
        assert_eq!(peer.login(&mut client).await.status, 200);
        let mut body = client.sealed(&order);
        let length = body.len();
        match change {
            // The last byte of the document, the signature, the length, a part of the frame.
            0 => body[length - 30] ^= 1,
            1 => body[length - order.len() - 30] ^= 1,
            2 => body.drain(length - 40..length - 30).for_each(drop),
            _ => body.truncate(length - 10),
        }
        let reply = peer.post(&[("Content-Type", &kind)], &body).await;
        assert_eq!(reply.status, 400, "change {change}");
    }
    // What was sent once is not taken twice.
    let mut client = Client::ntlm(USER, PASSWORD);
    let mut peer = Peer::connect(&simulator).await;
    assert_eq!(peer.login(&mut client).await.status, 200);
    let body = client.sealed(&status());
    let kinds = [("Content-Type", kind.as_str())];
    assert_eq!(peer.post(&kinds, &body).await.status, 200);
    assert_eq!(peer.post(&kinds, &body).await.status, 400);
    assert_eq!(simulator.world().executions("HR"), 0);
}

fn door(schemes: &str, keytab: Option<Keytab>) -> Door {
    Door {
        account: Account::new(USER.to_owned(), Secret::new(PASSWORD.to_owned())),
        offer: schemes.parse().unwrap(),
        keytab,
        replays: Replays::default(),
    }
}

fn admit(session: &mut Session, door: &Door, scheme: &str, token: &[u8]) -> Entry {
    let clock = ManualClock::new(jiff::Timestamp::UNIX_EPOCH);
    let value = format!("{scheme} {}", STANDARD.encode(token));
    session.admit(door, Some(&value), clock.now())
}

fn token_of(entry: &Entry) -> Vec<u8> {
    let Entry::Unknown(challenges) = entry else {
        panic!("{entry:?}");
    };
    let [challenge] = challenges.as_slice() else {
        panic!("{challenges:?}");
    };
    let token = challenge.strip_prefix("Negotiate ").unwrap();
    STANDARD.decode(token).unwrap()
}

#[test]
fn leaving_out_the_integrity_code_of_ntlm_helps_nobody() {
    let without_code = |token: &mut Vec<u8>| token[62] &= !0x80;
    let mut client = Client::ntlm(USER, "wrong");
    let mut context = Context::ntlm(&Secret::new(PASSWORD.to_owned()));
    let Ok(Step::More(challenge)) = context.step(&client.step(b"")) else {
        panic!("no challenge");
    };
    let mut last = client.step(&challenge);
    without_code(&mut last);
    // The crate by itself lets it in. Once this fails, the guard can go.
    assert!(matches!(context.step(&last), Ok(Step::Done(..))));

    let door = door("ntlm", None);
    let mut session = Session::default();
    let mut client = Client::ntlm(USER, "wrong");
    let entry = admit(&mut session, &door, "Negotiate", &client.step(b""));
    let mut last = client.step(&token_of(&entry));
    without_code(&mut last);
    let entry = admit(&mut session, &door, "Negotiate", &last);
    assert_eq!(entry, Entry::Unknown(vec!["Negotiate".to_owned()]));
}

#[test]
fn tokens_out_of_turn_are_refused() {
    let door = door("negotiate", None);
    let refused = Entry::Unknown(vec!["Negotiate".to_owned()]);
    let challenge_of = |session: &mut Session, client: &mut Client| {
        token_of(&admit(session, &door, "Negotiate", &client.step(b"")))
    };
    // The last message without the first, or on another connection.
    for mut client in clients(USER, PASSWORD) {
        let mut session = Session::default();
        let challenge = challenge_of(&mut session, &mut client);
        let last = client.step(&challenge);
        let mut other = Session::default();
        assert_eq!(admit(&mut other, &door, "Negotiate", &last), refused);
        // A request without a token ends the login that was under way.
        let clock = ManualClock::new(jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(session.admit(&door, None, clock.now()), refused);
        assert_eq!(admit(&mut session, &door, "Negotiate", &last), refused);
    }
}

/// First tokens of every kind, as seen in real ones.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = clients(USER, PASSWORD)
        .iter_mut()
        .map(|client| client.step(b""))
        .collect();
    let hex = |text: &str| -> Vec<u8> {
        let digits = text.as_bytes().chunks(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        digits.map(byte).collect()
    };
    // An AP-REQ with short ciphers, by itself and within SPNEGO.
    let request = "6e5a3058a003020105a10302010ea20703050020000000a32e612c302aa003020105a10a1b084c41\
                   422e54455354a2173015a003020101a10e300c1b04485454501b0461626364a30b3009a003020112\
                   a202040061a40b3009a003020112a2020400";
    let request = hex(&request.replace(' ', ""));
    let kerberos = [&hex("606706092a864886f7120102020100")[..], &request].concat();
    let spnego = [
        &hex("60817e06062b0601050502a0743072a00d300b06092a864886f712010202a2610460")[..],
        &kerberos,
    ]
    .concat();
    seeds.extend([kerberos, spnego, hex("a1073005a0030a0101"), Vec::new()]);
    seeds
}

fn keytab() -> Keytab {
    let mut entry =
        b"\0\x02\0\x08LAB.TEST\0\x04HTTP\0\x09localhost\0\0\0\x01\0\0\0\0\x01\0\x12\0\x20".to_vec();
    entry.extend([7; 32]);
    let length = i32::try_from(entry.len()).unwrap().to_be_bytes();
    Keytab::read(&[&[5, 2], &length[..], &entry].concat()).unwrap()
}

#[test]
fn garbage_opens_no_door_and_ends_no_process() {
    let doors = [
        door("negotiate", None),
        door("ntlm,negotiate,kerberos", Some(keytab())),
    ];
    let seeds = seeds();
    let mut random = fastrand::Rng::with_seed(20_030_801);
    let mut ends = [0_u32; 2];
    for round in 0..2_000 {
        let door = &doors[round % doors.len()];
        let scheme = ["Negotiate", "Kerberos"][random.usize(0..8) / 7];
        let mut token = seeds[round % seeds.len()].clone();
        for _ in 0..random.usize(0..6) {
            match random.u8(0..4) {
                0 if !token.is_empty() => {
                    let at = random.usize(0..token.len());
                    token[at] = random.u8(..);
                }
                1 if !token.is_empty() => {
                    let at = random.usize(0..token.len());
                    token[at] ^= 1 << random.u8(0..8);
                }
                2 => token.truncate(random.usize(0..=token.len())),
                _ => token.extend((0..random.usize(0..30)).map(|_| random.u8(..))),
            }
        }
        let mut session = Session::default();
        for _ in 0..2 {
            match admit(&mut session, door, scheme, &token) {
                Entry::Known(..) => panic!("round {round}: {token:x?} was let in"),
                Entry::Unknown(_) => ends[0] += 1,
                Entry::Broken => ends[1] += 1,
            }
        }
    }
    assert!(ends[0] > 2_000, "{ends:?}");
}
