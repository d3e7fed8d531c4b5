//! What a step costs on the wire: its requests, and its time against the bare round trips of the
//! same requests on one connection.
//!
//! A sequence of one thread runs against the simulator, whose profiles end at once. A recorder
//! between both keeps the requests; then the recorded bytes are sent again, one after the other,
//! with nothing in between. Run with `cargo bench --no-default-features --bench wire`.

#[path = "measure.rs"]
mod measure;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::Runtime;

use masequencer::backend::{BackendOptions, ServiceBackend};
use masequencer::base::secret::Secret;
use masequencer::engine::{self, RunOptions};
use masequencer::mim::{AgentName, ProfileName, StepType};
use masequencer::model::{RunProfileStep, Sequence, Step, StepKind, Thread};
use masequencer::run::{RunEventKind, RunId, RunOutcome};
use masequencer::service::{ServiceSettings, SyncService as _, WinrmService};
use masequencer::simulator::{self, Simulator, SimulatorOptions};

use measure::{Times, millis, ratio, tell, time};

/// Steps of one run.
const STEPS: usize = 200;
/// How often each measurement is taken.
const ROUNDS: usize = 7;
/// So fast that the longest profile takes some microseconds.
const SPEED: f64 = 1e7;

const USER: &str = "bench";
const PASSWORD: &str = "bench";

fn main() {
    // The server is a process of its own in life: its own threads here.
    let server = runtime("server");
    let client = runtime("client");
    let simulator = server.block_on(start());
    let recorder = Recorder::start(&simulator.url());
    let service = client.block_on(connected(&recorder.url));
    recorder.forget();
    client.block_on(run(service));
    let requests = recorder.requests();
    let mut bare = Vec::new();
    // Both ways in turns, each against a server of its own, so that neither has the quieter
    // machine or the longer history.
    let taken = Times::of(ROUNDS, |_| {
        let simulator = server.block_on(start());
        bare.push(time(|| replay(&simulator.url(), &requests)));
        server.block_on(simulator.stop());
        let simulator = server.block_on(start());
        let service = client.block_on(connected(&simulator.url()));
        let taken = time(|| client.block_on(run(service)));
        server.block_on(simulator.stop());
        taken
    });
    let bare = Times::of(ROUNDS, |round| bare.get(round).copied().unwrap_or_default());
    server.block_on(simulator.stop());
    tell_figures(requests.len() as f64 / STEPS as f64, &taken, &bare);
}

fn tell_figures(requests_per_step: f64, taken: &Times, bare: &Times) {
    tell(&format!(
        "{STEPS} steps that end at once on the server; best (median) of {ROUNDS}"
    ));
    tell(&format!("  {requests_per_step:.2} requests a step"));
    for (name, times) in [("through masequencer", taken), ("bare round trips", bare)] {
        tell(&format!(
            "  {name}: {:.3} ({:.3}) ms a step",
            millis(times.best()) / STEPS as f64,
            millis(times.median()) / STEPS as f64,
        ));
    }
    tell(&format!(
        "  ratio: {:.2} ({:.2}), goal at most 1.3",
        ratio(taken.best(), bare.best()),
        ratio(taken.median(), bare.median()),
    ));
}

/// Two threads, as the runner has them.
fn runtime(name: &str) -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(name)
        .enable_all()
        .build()
        .expect("a runtime can be built")
}

async fn start() -> Simulator {
    let options = SimulatorOptions {
        speed: SPEED,
        ..SimulatorOptions::small_company(USER, Secret::new(PASSWORD.to_owned()))
    };
    simulator::start(options)
        .await
        .expect("the simulator starts")
}

/// A service that was spoken to once, as every run begins: the client is built by then.
async fn connected(url: &str) -> Arc<WinrmService> {
    let service = WinrmService::new(ServiceSettings {
        host: url.to_owned(),
        user: Some(USER.to_owned()),
        password: Some(Secret::new(PASSWORD.to_owned())),
        ..ServiceSettings::default()
    })
    .expect("the settings are good");
    service.identify().await.expect("the simulator answers");
    Arc::new(service)
}

/// Runs the sequence to its end.
async fn run(service: Arc<WinrmService>) {
    let server = service.server();
    let backend = ServiceBackend::new(service, BackendOptions::default());
    let step = RunProfileStep {
        agent: AgentName::new("HR").expect("a good name"),
        profile: ProfileName::new("Delta Import").expect("a good name"),
        step_type: Some(StepType::DeltaImport),
    };
    let mut thread = Thread::new("Only");
    thread.steps = vec![Step::new(StepKind::RunProfile(step)); STEPS];
    let sequence = Sequence {
        threads: vec![thread],
        ..Sequence::default()
    };
    let program = engine::compile(&sequence, &[]).expect("the sequence can run");
    let options = RunOptions {
        part: None,
        run: RunId::new(jiff::Timestamp::UNIX_EPOCH, 1),
        file: None,
        server,
        base_folder: PathBuf::from("."),
        zone: jiff::tz::TimeZone::UTC,
    };
    let (_handle, mut events) = engine::start(program, options, Arc::new(backend));
    let mut end = None;
    while let Some(event) = events.recv().await {
        if let RunEventKind::RunFinished { outcome, .. } = event.event {
            end = Some(outcome);
        }
    }
    assert_eq!(end, Some(RunOutcome::Success));
}

/// Sends recorded requests one after the other on one connection and reads each answer.
fn replay(url: &str, requests: &[Vec<u8>]) {
    let stream = TcpStream::connect(address(url)).expect("the simulator listens");
    stream
        .set_nodelay(true)
        .expect("a socket can be told not to wait");
    let mut reader = BufReader::new(stream.try_clone().expect("a socket can be cloned"));
    let mut writer = stream;
    for request in requests {
        writer.write_all(request).expect("the simulator reads");
        let answer = read_message(&mut reader).expect("the simulator answers");
        assert!(answer.starts_with(b"HTTP/1.1 "), "no answer of HTTP");
    }
}

/// `host:port` of an URL of the simulator.
fn address(url: &str) -> &str {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    rest.split('/').next().unwrap_or(rest)
}

/// Reads one HTTP message with a `Content-Length`, whole; none at the end of the stream.
fn read_message(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let begin = message.len();
        if reader.read_until(b'\n', &mut message).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(message.get(begin..)?).to_ascii_lowercase();
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let begin = message.len();
    message.resize(begin + length, 0);
    reader.read_exact(message.get_mut(begin..)?).ok()?;
    Some(message)
}

/// Stands between a client and the simulator, passes everything on and keeps the requests.
struct Recorder {
    url: String,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Recorder {
    fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let own = listener.local_addr().expect("it is bound");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorder = Self {
            url: format!("http://{own}/wsman"),
            requests: Arc::clone(&requests),
        };
        let server = address(server).to_owned();
        named("recorder", move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&server).expect("the simulator listens");
                let requests = Arc::clone(&requests);
                named("connection", move || pass_on(client, server, &requests));
            }
        });
        recorder
    }

    fn forget(&self) {
        self.requests.lock().clear();
    }

    fn requests(&self) -> Vec<Vec<u8>> {
        self.requests.lock().clone()
    }
}

/// Passes requests and answers on in turns until one side closes.
fn pass_on(client: TcpStream, server: TcpStream, requests: &Mutex<Vec<Vec<u8>>>) {
    for stream in [&client, &server] {
        let patience = Some(Duration::from_mins(1));
        stream
            .set_read_timeout(patience)
            .expect("a socket has a time-out");
        stream
            .set_nodelay(true)
            .expect("a socket can be told not to wait");
    }
    let (Ok(mut to_client), Ok(mut to_server)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let (mut from_client, mut from_server) = (BufReader::new(client), BufReader::new(server));
    while let Some(request) = read_message(&mut from_client) {
        let is_sent = to_server.write_all(&request).is_ok();
        requests.lock().push(request);
        let Some(answer) = read_message(&mut from_server).filter(|_| is_sent) else {
            return;
        };
        if to_client.write_all(&answer).is_err() {
            return;
        }
    }
}

fn named(name: &str, action: impl FnOnce() + Send + 'static) {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(action)
        .expect("a thread can be started");
}
