//! Starting and stopping a simulated server: the port, the connections, the handle.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::account::Account;
use super::authentication::{Door, Keytab, Offer, Replays, Session};
use super::enumerations::Enumerations;
use super::http::{self, Shared};
use super::operations::Desk;
use super::tls::Tls;
use super::wire::Wire;
use crate::base::secret::Secret;
use crate::base::time::{Clock, SystemClock};
use crate::simulator::scenario::Scenario;
use crate::simulator::world::{World, WorldCounts};

/// The most connections at the same time (`MaxConnections`, MS-WSMV 2.2.4.36).
const MAX_CONNECTIONS: usize = 300;

/// How long a connection may be silent between two requests.
const IDLE_TIMEOUT: Duration = Duration::from_mins(3);

/// How long to wait before a port is tried again, on which nobody listened for a while.
const REBIND_PAUSE: Duration = Duration::from_millis(20);

/// What a simulated server is to be.
pub struct SimulatorOptions {
    /// Where it listens; port 0 is any free one.
    pub listen: SocketAddr,
    /// The story.
    pub scenario: Scenario,
    /// How much faster than the scenario's spans time passes; 1 is as written.
    pub speed: f64,
    /// The longest that any request may take (`MaxTimeoutms`); Windows has 60 s.
    pub max_timeout: Duration,
    /// The one user.
    pub user: String,
    /// The user's password.
    pub password: Secret,
    /// The schemes by which the user may prove itself.
    pub offer: Offer,
    /// The keys of services for Kerberos.
    pub keytab: Option<Keytab>,
    /// The certificate, where it is to speak HTTPS.
    pub tls: Option<Tls>,
    /// Whether requests may come unencrypted over HTTP after NTLM or Kerberos
    /// (`AllowUnencrypted`; Windows takes none).
    pub allow_unencrypted: bool,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

impl SimulatorOptions {
    /// The small company on a free loopback port at speed 1 with Windows' limits, by Basic over HTTP.
    pub fn small_company(user: &str, password: Secret) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            scenario: Scenario::small_company(),
            speed: 1.0,
            max_timeout: Duration::from_mins(1),
            user: user.to_owned(),
            password,
            offer: Offer::BASIC,
            keytab: None,
            tls: None,
            allow_unencrypted: false,
            clock: Arc::new(SystemClock::start()),
        }
    }
}

/// Why a simulated server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The port is taken, or the address is not this machine's.
    #[error("cannot listen on {address}; choose another port, or 0 for any free one")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// The system's own words.
        #[source]
        source: io::Error,
    },
}

/// A running simulated server; it ends when this is dropped.
pub struct Simulator {
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

/// What tests ask about the world behind a server.
#[derive(Clone)]
pub struct WorldHandle(Arc<Shared>);

/// Starts a server; needs a tokio runtime. It serves until [`Simulator::stop`] or until dropped.
///
/// # Errors
/// [`SimulatorError::Listen`] when the address cannot be listened on.
pub async fn start(options: SimulatorOptions) -> Result<Simulator, SimulatorError> {
    let failed = |source| SimulatorError::Listen {
        address: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let clock = options.clock;
    let clock_now = clock.now();
    let world = World::new(&options.scenario, options.speed, clock_now, clock.wall());
    let shared = Arc::new(Shared {
        desk: Mutex::new(Desk {
            world,
            enumerations: Enumerations::default(),
        }),
        door: Door {
            account: Account::new(options.user, options.password),
            offer: options.offer,
            keytab: options.keytab,
            replays: Replays::default(),
        },
        takes_plain: options.allow_unencrypted || options.tls.is_some(),
        clock,
        max_timeout: options.max_timeout,
        open_requests: AtomicU32::new(0),
        max_open_requests: options.scenario.operations_per_user,
        last_request: Mutex::new(clock_now),
        changed: watch::Sender::new(()),
    });
    let (stop, stopped) = watch::channel(false);
    let scheme = options.tls.as_ref().map_or("http", |_| "https");
    let acceptor = options.tls.map(|tls| tls.acceptor().clone());
    let task = tokio::spawn(listen(listener, acceptor, Arc::clone(&shared), stopped));
    Ok(Simulator {
        address,
        scheme,
        shared,
        stop,
        task: Some(task),
    })
}

impl Simulator {
    /// Where it listens, such as `http://127.0.0.1:5985/wsman`.
    pub fn url(&self) -> String {
        format!("{}://{}/wsman", self.scheme, self.address)
    }

    /// How long no request has been open: zero while one is.
    pub fn idle_for(&self) -> Duration {
        if self.shared.open_requests.load(Ordering::Relaxed) > 0 {
            return Duration::ZERO;
        }
        let now = self.shared.clock.now();
        now.since(*self.shared.last_request.lock())
    }

    /// The world behind it.
    pub fn world(&self) -> WorldHandle {
        WorldHandle(Arc::clone(&self.shared))
    }

    /// Stops listening and drops all connections.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take() {
            // A task that panicked has ended too, and tokio has told it.
            task.await.ok();
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl WorldHandle {
    /// How many runs of an agent were started by an order; 0 for an unknown agent.
    pub fn executions(&self, agent: &str) -> u64 {
        self.counts(agent).executions
    }

    /// How many orders were refused since another synchronization ran, over all agents.
    pub fn refused_synchronizations(&self) -> u64 {
        self.total(|counts| counts.refused_synchronizations)
    }

    /// How many orders were refused since the agent itself ran, over all agents.
    pub fn refused_busy(&self) -> u64 {
        self.total(|counts| counts.refused_busy)
    }

    /// Looks at the world, or gives an order as if from elsewhere, at the current moment.
    pub fn with<T>(&self, look: impl FnOnce(&mut World, crate::base::time::Moment) -> T) -> T {
        let now = self.0.clock.now();
        let result = look(&mut self.0.desk.lock().world, now);
        self.0.changed.send_replace(());
        result
    }

    fn counts(&self, agent: &str) -> WorldCounts {
        let world = &self.0.desk.lock().world;
        let place = world.agent(agent);
        place.map_or_else(WorldCounts::default, |place| world.counts(place))
    }

    fn total(&self, figure: fn(&WorldCounts) -> u64) -> u64 {
        let world = &self.0.desk.lock().world;
        let agents = 0..world.agent_count();
        agents.map(|agent| figure(&world.counts(agent))).sum()
    }
}

/// Takes connections until told to stop; all of them end with this.
async fn listen(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<bool>,
) {
    let Ok(address) = listener.local_addr() else {
        return;
    };
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let (is_refused, turn) = {
            let now = shared.clock.now();
            let (is_refused, turn) = shared.desk.lock().world.refuses_connections(now);
            (is_refused, turn.map(|turn| turn.since(now)))
        };
        if is_refused {
            listener = None;
            connections.abort_all();
        } else if listener.is_none() {
            listener = TcpListener::bind(address).await.ok();
        }
        let pause = match (&listener, is_refused) {
            (None, false) => Some(REBIND_PAUSE),
            _ => turn,
        };
        tokio::select! {
            biased;
            _ = stopped.changed() => return,
            accepted = accept(listener.as_ref()) => {
                if let (Ok((stream, _)), Ok(permit)) =
                    (accepted, Arc::clone(&free).try_acquire_owned())
                {
                    let shared = Arc::clone(&shared);
                    let acceptor = acceptor.clone();
                    connections.spawn(async move {
                        serve(stream, acceptor, shared).await;
                        drop(permit);
                    });
                }
            }
            // Ended connections are taken out, so that the set does not grow.
            Some(_) = connections.join_next() => {}
            () = pause_for(pause) => {}
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

async fn pause_for(pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => std::future::pending().await,
    }
}

/// Serves one connection until it ends or the scenario resets it.
async fn serve(stream: TcpStream, acceptor: Option<TlsAcceptor>, shared: Arc<Shared>) {
    stream.set_nodelay(true).ok();
    let Some((stream, second)) = twice(stream) else {
        return;
    };
    let is_reset = match acceptor {
        None => serve_http(stream, shared).await,
        Some(acceptor) => match tokio::time::timeout(IDLE_TIMEOUT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => serve_http(stream, shared).await,
            // A client that does not trust the certificate leaves.
            Ok(Err(_)) | Err(_) => return,
        },
    };
    if is_reset {
        // With no time to linger, closing the last handle sends a reset (RFC 9293, 3.10.4).
        second.set_zero_linger().ok();
    }
}

/// Serves HTTP on a connection; whether it is to be reset.
async fn serve_http<S>(stream: S, shared: Arc<Shared>) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let ordered = Arc::clone(&shared);
    let wire = Wire::new(move || {
        let now = ordered.clock.now();
        ordered.desk.lock().world.strike_incoming(now)
    });
    let session = Mutex::new(Session::default());
    let reset = Notify::new();
    let service = service_fn(|request| async {
        let mut answer = http::answer(&shared, &session, &wire, request).await;
        if let Ok(answer) = &mut answer {
            http::show_clock(&shared, answer);
        } else {
            reset.notify_one();
            // The connection is dropped from outside, so that nothing more is written to it.
            std::future::pending::<()>().await;
        }
        answer
    });
    let stream = wire.clone().counted(stream);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // A connection that ends with an error has ended; the client knows better than we do.
        _ = connection => false,
        () = reset.notified() => true,
        () = wire.is_cut() => false,
    }
}

/// The same connection twice: one to serve, one to reset it.
fn twice(stream: TcpStream) -> Option<(TcpStream, TcpStream)> {
    let stream = stream.into_std().ok()?;
    let second = stream.try_clone().ok()?;
    Some((
        TcpStream::from_std(stream).ok()?,
        TcpStream::from_std(second).ok()?,
    ))
}
