//! The threads with a WMI that does as a test tells it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use super::{
    Caller, Limits, Meaning, MethodCall, Opener, Permit, Row, Session, Stage, Value, WmiError,
};

const LONG: Duration = Duration::from_secs(30);
/// Enough for nobody: what waits for it has not come.
const SHORT: Duration = Duration::from_millis(40);

/// A gate that calls wait at until a test opens it.
#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    fn open(&self) {
        *self.is_open.lock() = true;
        self.changed.notify_all();
    }

    fn pass(&self) {
        let mut is_open = self.is_open.lock();
        while !*is_open {
            self.changed.wait(&mut is_open);
        }
    }
}

#[derive(Default)]
struct World {
    /// What opening a session says, if it fails.
    refusal: Option<WmiError>,
    /// What a query says, if it fails.
    failure: Option<WmiError>,
    slow_open: Option<Arc<Gate>>,
    slow_call: Option<Arc<Gate>>,
    opened: AtomicUsize,
    begun: AtomicUsize,
    ended: AtomicUsize,
}

struct Fake(Arc<World>);

impl Opener for Fake {
    fn open(&self) -> Result<Box<dyn Session>, WmiError> {
        if let Some(gate) = &self.0.slow_open {
            gate.pass();
        }
        self.0.opened.fetch_add(1, Ordering::SeqCst);
        match &self.0.refusal {
            Some(error) => Err(error.clone()),
            None => Ok(Box::new(Self(Arc::clone(&self.0)))),
        }
    }
}

impl Session for Fake {
    fn query(&self, wql: &str) -> Result<Vec<Row>, WmiError> {
        match &self.0.failure {
            Some(error) => Err(error.clone()),
            None => Ok(vec![row(wql)]),
        }
    }

    fn call(&self, call: &MethodCall, permit: &Permit) -> Result<Row, WmiError> {
        if !permit.begin() {
            return Err(WmiError::of(Stage::Connect, Meaning::Abandoned));
        }
        self.0.begun.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = &self.0.slow_call {
            gate.pass();
        }
        self.0.ended.fetch_add(1, Ordering::SeqCst);
        Ok(row(&call.method))
    }
}

fn row(value: &str) -> Row {
    Row {
        properties: vec![("ReturnValue".to_owned(), Some(value.to_owned()))],
    }
}

fn call() -> MethodCall {
    MethodCall {
        class: "C".to_owned(),
        object: "C.Name=\"a\"".to_owned(),
        method: "Execute".to_owned(),
        arguments: vec![("RunProfileName".to_owned(), Value::Text("Full".to_owned()))],
    }
}

fn caller(world: World, limits: Limits) -> (Caller, Arc<World>) {
    let world = Arc::new(world);
    let opener = Arc::new(Fake(Arc::clone(&world)));
    (Caller::new(opener, limits), world)
}

/// Waits for what must come.
async fn until(condition: impl Fn() -> bool) {
    tokio::time::timeout(LONG, async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_session_serves_many_calls() {
    let (caller, world) = caller(World::default(), Limits::default());
    caller.open(LONG).await.unwrap();
    for _ in 0..3 {
        let rows = caller.query("select", LONG).await.unwrap();
        assert_eq!(rows[0].value("returnvalue"), Some("select"));
        let row = caller.call(call(), LONG).await.unwrap();
        assert_eq!(row.value("ReturnValue"), Some("Execute"));
    }
    assert_eq!(world.opened.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_call_that_goes_on_is_left_behind_and_replaced() {
    let gate = Arc::new(Gate::default());
    let (caller, world) = caller(
        World {
            slow_call: Some(Arc::clone(&gate)),
            ..World::default()
        },
        Limits::default(),
    );
    caller.open(LONG).await.unwrap();
    let error = caller.call(call(), SHORT).await.unwrap_err();
    // Whether it began within the time is the thread's luck; both are told truly.
    if error.meaning == Meaning::TimedOut {
        assert!(!error.nothing_was_done());
        assert_eq!(world.begun.load(Ordering::SeqCst), 1);
    } else {
        assert_eq!(error.meaning, Meaning::Abandoned);
        assert!(error.nothing_was_done());
        assert_eq!(world.begun.load(Ordering::SeqCst), 0);
    }
    caller.query("select", LONG).await.unwrap();
    assert_eq!(world.opened.load(Ordering::SeqCst), 2);
    gate.open();
    until(|| world.ended.load(Ordering::SeqCst) == world.begun.load(Ordering::SeqCst)).await;
}

#[tokio::test]
async fn what_was_given_up_before_it_began_never_begins() {
    let gate = Arc::new(Gate::default());
    let (caller, world) = caller(
        World {
            slow_open: Some(Arc::clone(&gate)),
            ..World::default()
        },
        Limits::default(),
    );
    let error = caller.call(call(), SHORT).await.unwrap_err();
    assert_eq!(error.meaning, Meaning::Abandoned);
    assert!(error.nothing_was_done());
    gate.open();
    // The second call's session opens after the first one's: the first thread had its turn.
    caller.call(call(), LONG).await.unwrap();
    until(|| world.opened.load(Ordering::SeqCst) == 2).await;
    assert_eq!(world.begun.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_refused_account_is_tried_once_by_all_threads_together() {
    for (code, tries) in [
        (0x8007_052E, 1),
        (0x8007_0005, 1),
        (0x8007_0775, 1),
        (0x8007_06BA, 5),
    ] {
        let (caller, world) = caller(
            World {
                refusal: Some(WmiError::from_code(Stage::Connect, code)),
                ..World::default()
            },
            Limits::default(),
        );
        let tasks: Vec<_> = (0..5)
            .map(|_| {
                let caller = caller.clone();
                tokio::spawn(async move { caller.query("select", LONG).await })
            })
            .collect();
        for task in tasks {
            let error = task.await.unwrap().unwrap_err();
            assert_eq!(error.code, Some(code));
        }
        assert_eq!(world.opened.load(Ordering::SeqCst), tries, "{code:X}");
    }
}

#[tokio::test]
async fn a_broken_session_is_not_used_again() {
    for (code, sessions) in [(0x8007_06BE, 2), (0x8004_1017, 1)] {
        let (caller, world) = caller(
            World {
                failure: Some(WmiError::from_code(Stage::Call, code)),
                ..World::default()
            },
            Limits::default(),
        );
        caller.query("select", LONG).await.unwrap_err();
        caller.open(LONG).await.unwrap();
        assert_eq!(world.opened.load(Ordering::SeqCst), sessions, "{code:X}");
    }
}

#[tokio::test]
async fn the_number_of_threads_has_an_end() {
    let gate = Arc::new(Gate::default());
    let (caller, _world) = caller(
        World {
            slow_open: Some(Arc::clone(&gate)),
            ..World::default()
        },
        Limits {
            idle: 1,
            threads: 2,
        },
    );
    for _ in 0..2 {
        let error = caller.query("select", SHORT).await.unwrap_err();
        assert_eq!(error.meaning, Meaning::TimedOut);
    }
    let error = caller.query("select", LONG).await.unwrap_err();
    assert_eq!(error.meaning, Meaning::Busy);
    gate.open();
    // Those that were left behind end, and there is room again.
    tokio::time::timeout(LONG, async {
        while caller.query("select", LONG).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}
