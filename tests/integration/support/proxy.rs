//! A way to a server on which connections are cut at any byte, in either direction.
//!
//! It reads whole requests and answers of HTTP, so that a cut can be said in terms of an exchange.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

/// Which exchange is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one with this number, from 0, over all connections since the proxy was armed.
    Number(usize),
    /// The one of this method with this number, from 0.
    Method(&'static str, usize),
}

/// Where in an exchange it is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After so many bytes of the request have gone on.
    Request(Bytes),
    /// The whole request has gone on, and nothing of the answer has come back.
    Between,
    /// After so many bytes of the answer have come back.
    Answer(Bytes),
}

/// How many bytes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bytes {
    /// So many, at most all but one.
    First(usize),
    /// All but so many.
    AllBut(usize),
    /// The head without its last byte.
    AlmostHead,
    /// The head.
    Head,
    /// Thousandths of the whole.
    Share(usize),
}

/// What a cut is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// The connection is reset on both sides.
    Reset,
    /// The connection is closed on both sides.
    Close,
    /// For so long nothing passes on any connection. What was under way on this one goes on after as
    /// long again, even if whoever sent it has gone: as systems do that send again ever more rarely.
    Dark(Duration),
}

/// One cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Which exchange.
    pub which: Which,
    /// Where in it.
    pub place: Place,
    /// What happens there.
    pub manner: Manner,
}

/// A proxy. Dropping it ends it with all its connections.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    behind: SocketAddr,
    state: Mutex<State>,
    /// How many exchanges go on, also those that nobody waits for any more.
    open: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    cuts: Vec<Cut>,
    methods: Vec<String>,
    struck: usize,
    dark_until: Option<Instant>,
}

impl Proxy {
    /// A way to the server of this URL, with these cuts on it; each strikes once.
    pub async fn before(url: &str, cuts: &[Cut]) -> Self {
        let behind = url
            .split('/')
            .find_map(|part| part.parse().ok())
            .unwrap_or_else(|| panic!("{url} holds no address"));
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            behind,
            state: Mutex::new(State {
                cuts: cuts.to_vec(),
                ..State::default()
            }),
            open: watch::Sender::new(0),
        });
        let inside = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&inside);
                connections.spawn(async move { carry(client, &shared).await });
            }
        });
        Self {
            address,
            shared,
            task,
        }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/wsman", self.address)
    }

    /// Waits until nothing is under way any more.
    pub async fn quiet(&self) {
        let mut open = self.shared.open.subscribe();
        // The sender lives as long as the proxy.
        open.wait_for(|open| *open == 0).await.ok();
    }

    /// How many cuts have struck.
    pub fn struck(&self) -> usize {
        self.shared.state.lock().struck
    }

    /// The methods of all exchanges so far, in the order of their requests.
    pub fn methods(&self) -> Vec<String> {
        self.shared.state.lock().methods.clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    /// The cut of the exchange that begins with this request.
    fn next(&self, request: &Message) -> Option<Cut> {
        let mut state = self.state.lock();
        let number = state.methods.len();
        let method = request.method();
        let before = state.methods.iter().filter(|one| **one == method).count();
        state.methods.push(method.clone());
        let is_it = |cut: &Cut| match cut.which {
            Which::Number(wanted) => wanted == number,
            Which::Method(name, nth) => name == method && nth == before,
        };
        let place = state.cuts.iter().position(is_it)?;
        Some(state.cuts.remove(place))
    }

    /// Waits as long as it is dark.
    async fn light(&self) {
        loop {
            let until = self.state.lock().dark_until;
            match until.filter(|until| *until > Instant::now()) {
                Some(until) => tokio::time::sleep_until(until).await,
                None => return,
            }
        }
    }

    /// Strikes; whether the connection lives on.
    async fn strike(&self, manner: Manner, client: &TcpStream, server: &TcpStream) -> bool {
        self.state.lock().struck += 1;
        match manner {
            Manner::Reset => {
                // Closing then sends a reset instead of an end.
                for side in [client, server] {
                    side.set_zero_linger().ok();
                }
                false
            }
            Manner::Close => false,
            Manner::Dark(span) => {
                self.state.lock().dark_until = Some(Instant::now() + span);
                self.light().await;
                tokio::time::sleep(span).await;
                true
            }
        }
    }
}

impl Bytes {
    fn of(self, message: &Message) -> usize {
        let all = message.bytes.len();
        let wanted = match self {
            Self::First(count) => count,
            Self::AllBut(count) => all.saturating_sub(count),
            Self::AlmostHead => message.head.saturating_sub(1),
            Self::Head => message.head,
            Self::Share(thousandths) => all * thousandths / 1_000,
        };
        wanted.min(all.saturating_sub(1))
    }
}

/// A request or an answer, head and all.
struct Message {
    bytes: Vec<u8>,
    /// How long its head is, with the empty line.
    head: usize,
}

impl Message {
    /// Reads one; `None` at the end of the connection.
    async fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut bytes = Vec::new();
        let (head, length) = loop {
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
            if let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break (head + 4, content_length(bytes.split_at(head).0));
            }
        };
        while bytes.len() < head + length {
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        }
        Some(Self { bytes, head })
    }

    /// The last part of the action: the method, or `Enumerate` and so on.
    fn method(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let action = text
            .split_once("Action")
            .and_then(|(_, rest)| rest.split_once('>'))
            .and_then(|(_, rest)| rest.split_once('<'));
        let action = action.map_or("", |(action, _)| action);
        action.rsplit('/').next().unwrap_or_default().to_owned()
    }
}

fn content_length(head: &[u8]) -> usize {
    String::from_utf8_lossy(head)
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
}

/// Carries exchanges until the connection ends.
async fn carry(mut client: TcpStream, shared: &Shared) {
    shared.light().await;
    let Ok(mut server) = TcpStream::connect(shared.behind).await else {
        return;
    };
    for side in [&client, &server] {
        side.set_nodelay(true).ok();
    }
    while let Some(request) = Message::read(&mut client).await {
        shared.open.send_modify(|open| *open += 1);
        let goes_on = exchange(&request, &mut client, &mut server, shared).await;
        shared.open.send_modify(|open| *open -= 1);
        if goes_on.is_none() {
            return;
        }
    }
}

/// One request and its answer; `None` when the connection has ended.
async fn exchange(
    request: &Message,
    client: &mut TcpStream,
    server: &mut TcpStream,
    shared: &Shared,
) -> Option<()> {
    let cut = shared.next(request);
    // Whatever was sent while it is dark goes on afterwards.
    shared.light().await;
    let mut sent = 0;
    if let Some(Cut {
        place: Place::Request(count),
        manner,
        ..
    }) = cut
    {
        sent = count.of(request);
        server
            .write_all(request.bytes.split_at(sent).0)
            .await
            .ok()?;
        if !shared.strike(manner, client, server).await {
            return None;
        }
    }
    server
        .write_all(request.bytes.split_at(sent).1)
        .await
        .ok()?;
    if let Some(Cut {
        place: Place::Between,
        manner,
        ..
    }) = cut
        && !shared.strike(manner, client, server).await
    {
        return None;
    }
    let is_late = cut.is_some_and(|cut| matches!(cut.manner, Manner::Dark(_)));
    let answer = tokio::select! {
        answer = Message::read(server) => answer?,
        // The client has had enough, or speaks out of turn, which ours never does. What a broken network
        // has delivered late is carried out all the same.
        _ = client.readable(), if !is_late => return None,
    };
    shared.light().await;
    let mut sent = 0;
    if let Some(Cut {
        place: Place::Answer(count),
        manner,
        ..
    }) = cut
    {
        sent = count.of(&answer);
        client.write_all(answer.bytes.split_at(sent).0).await.ok()?;
        if !shared.strike(manner, client, server).await {
            return None;
        }
    }
    client.write_all(answer.bytes.split_at(sent).1).await.ok()
}
