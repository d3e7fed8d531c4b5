//! Whole calls against a service whose time stands still until something waits for it.

use super::*;
use crate::backend::fake_service::{FakeService, NOTED, OnExecute};
use crate::engine::StopCause;
use crate::mim::{ProfileName, Refusal};
use crate::service::ServiceErrorKind;

const OURS: &str = "Full Import";

/// What a call said on its way.
#[derive(Default)]
struct Heard {
    seen: Mutex<Vec<Observation>>,
    reports: Mutex<Vec<ProfileReport>>,
}

impl Heard {
    fn statuses(&self) -> Vec<String> {
        let reports = self.reports.lock();
        let statuses = reports.iter().filter_map(|report| match report {
            ProfileReport::Status(status) => Some(status.clone()),
            ProfileReport::Notice(..) => None,
        });
        statuses.collect()
    }

    fn notices(&self) -> Vec<String> {
        let reports = self.reports.lock();
        let notices = reports.iter().filter_map(|report| match report {
            ProfileReport::Notice(_, sentence) => Some(sentence.clone()),
            ProfileReport::Status(_) => None,
        });
        notices.collect()
    }
}

fn call() -> ProfileCall {
    ProfileCall {
        agent: AgentName::new("HR").unwrap(),
        profile: ProfileName::new(OURS).unwrap(),
    }
}

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

const fn run(lasts: u64, result: &'static str) -> OnExecute {
    OnExecute::Run {
        delay: Duration::ZERO,
        lasts: secs(lasts),
        result,
    }
}

/// Runs a profile with a grant and, if given, a stop so many seconds after the beginning.
async fn played(
    service: &Arc<FakeService>,
    grant: Grant,
    stop_at: Option<u64>,
) -> (ProfileEnd, Arc<Heard>) {
    let heard = Arc::new(Heard::default());
    let (asked, told) = (Arc::clone(&heard), Arc::clone(&heard));
    let reporter = Reporter::new(
        move |seen| {
            asked.seen.lock().push(seen);
            async move { grant }
        },
        move |report| {
            told.reports.lock().push(report);
            async {}
        },
    );
    let as_service: Arc<dyn SyncService> = Arc::<FakeService>::clone(service);
    let backend = ServiceBackend::new(as_service, BackendOptions::default());
    let (switch, stop) = StopSignal::new();
    if stop_at == Some(0) {
        switch.send_replace(Some(StopCause::Person));
    }
    let stopping = async {
        if let Some(at) = stop_at {
            tokio::time::sleep(secs(at)).await;
            switch.send_replace(Some(StopCause::Person));
        }
        std::future::pending::<()>().await;
    };
    let end = tokio::select! {
        end = backend.run_profile(call(), reporter, stop) => end,
        () = stopping => unreachable!("it waits for ever"),
    };
    (end, heard)
}

async fn started(service: FakeService) -> (ProfileEnd, Arc<Heard>, Arc<FakeService>) {
    let service = Arc::new(service);
    let (end, heard) = played(&service, Grant::Start, None).await;
    assert_eq!(service.count("Execute"), 1, "exactly one Execute");
    assert_eq!(service.count("Stop"), 0);
    (end, heard, service)
}

async fn stopped_at(at: u64, service: FakeService) -> (ProfileEnd, Arc<Heard>, Arc<FakeService>) {
    let service = Arc::new(service);
    let (end, heard) = played(&service, Grant::Start, Some(at)).await;
    assert_eq!(service.count("Execute"), 1, "exactly one Execute");
    (end, heard, service)
}

/// Result, number and the count of staged objects, which the fake sets to the run's number.
fn ended(end: &ProfileEnd) -> (&str, Option<u64>, Option<u64>) {
    let ProfileEnd::Ended {
        result,
        run_number,
        statistics,
    } = end
    else {
        panic!("{end:?}");
    };
    let staged = statistics.totals().get("stage-add").copied();
    (result.as_str(), *run_number, staged)
}

const FIRST: Option<u64> = Some(NOTED + 1);
const SECOND: Option<u64> = Some(NOTED + 2);
const STOPPED: &str = "stopped-user-termination-from-wmi-or-ui";

#[tokio::test(start_paused = true)]
async fn a_quick_run_takes_four_requests() {
    let (end, heard, service) = started(FakeService::new(run(2, "success"))).await;
    assert_eq!(ended(&end), ("success", FIRST, FIRST));
    assert_eq!(
        service.calls(),
        ["RunStatus", "RunNumber", "Execute", "RunDetails"]
    );
    assert_eq!(service.elapsed(), secs(2));
    assert_eq!(*heard.seen.lock(), [Observation::Idle]);
    assert!(heard.reports.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_long_run_outlives_its_request() {
    let service = FakeService::new(run(600, "completed-export-errors"))
        .completing("completing-referential-updates");
    let (end, heard, service) = started(service).await;
    assert_eq!(ended(&end), ("completed-export-errors", FIRST, FIRST));
    assert_eq!(heard.statuses()[0], "in-progress");
    assert!(heard.notices().is_empty());
    assert!(service.elapsed() < secs(606), "{:?}", service.elapsed());
    assert!(
        service.count("RunStatus") < 150,
        "{}",
        service.count("RunStatus")
    );
}

#[tokio::test(start_paused = true)]
async fn completing_is_not_an_end() {
    for word in ["completing-obsoletion", "in-progress", ""] {
        let on_execute = OnExecute::AnswerAndRun(word, secs(20));
        let (end, heard, service) = started(FakeService::new(on_execute)).await;
        assert_eq!(ended(&end), ("success", FIRST, FIRST), "{word}");
        assert_eq!(heard.statuses(), ["in-progress"]);
        assert!(service.elapsed() >= secs(20));
    }
    let service =
        FakeService::new(OnExecute::Break(Some(secs(1)))).completing("completing-obsoletion");
    let (end, heard, _) = started(service).await;
    assert_eq!(ended(&end).0, "success");
    assert_eq!(heard.statuses(), ["completing-obsoletion"]);
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_is_followed_when_the_run_began() {
    for lasts in [Duration::ZERO, Duration::from_millis(50), secs(90)] {
        let service = FakeService::new(OnExecute::Break(Some(lasts)));
        let (end, _, _) = started(service).await;
        assert_eq!(ended(&end), ("success", FIRST, FIRST), "{lasts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_without_a_run_is_told_after_the_grace() {
    let (end, _, service) = started(FakeService::new(OnExecute::Break(None))).await;
    let ProfileEnd::NotStarted {
        message,
        is_passing: true,
    } = end
    else {
        panic!("{end:?}");
    };
    assert!(message.contains("the connection broke"), "{message}");
    assert!(service.elapsed() >= BackendOptions::default().grace);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_arrives_late_is_not_sent_again() {
    let service = FakeService::new(OnExecute::Run {
        delay: secs(25),
        lasts: secs(10),
        result: "success",
    });
    let (end, _, _) = started(service).await;
    assert_eq!(ended(&end), ("success", FIRST, FIRST));
}

#[tokio::test(start_paused = true)]
async fn somebody_who_was_faster_is_waited_for_and_not_taken_for_ours() {
    let service = FakeService::new(OnExecute::Break(None)).foreign("Export", 1, 200);
    let (end, heard, service) = started(service).await;
    assert!(
        matches!(
            end,
            ProfileEnd::NotStarted {
                is_passing: true,
                ..
            }
        ),
        "{end:?}"
    );
    assert!(service.elapsed() >= secs(230));
    assert!(heard.statuses().is_empty());
}

#[tokio::test(start_paused = true)]
async fn ours_is_found_behind_a_later_foreign_run() {
    // Ours ends unseen while the server is away, and somebody starts another run.
    let service = FakeService::new(run(60, "completed-no-objects"))
        .outage(30, 100, ServiceErrorKind::Unreachable)
        .foreign("Export", 80, 300);
    let (end, heard, service) = started(service).await;
    assert_eq!(ended(&end), ("completed-no-objects", FIRST, None));
    assert!(service.elapsed() < secs(110), "{:?}", service.elapsed());
    let notices = heard.notices();
    assert_eq!(notices.len(), 3, "{notices:?}");
    assert!(notices[2].contains("gave no details"), "{notices:?}");
}

#[tokio::test(start_paused = true)]
async fn ours_is_found_behind_an_earlier_foreign_run() {
    let late = OnExecute::Run {
        delay: secs(20),
        lasts: secs(40),
        result: "success",
    };
    let service = FakeService::new(late).foreign("Export", 1, 15);
    let (end, _, _) = started(service).await;
    assert_eq!(ended(&end), ("success", SECOND, SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_vanishes_and_returns_is_followed() {
    for kind in [
        ServiceErrorKind::Unreachable,
        ServiceErrorKind::Fault,
        ServiceErrorKind::Protocol,
    ] {
        let service = FakeService::new(run(60, "success")).outage(10, 1_000, kind);
        let (end, heard, service) = started(service).await;
        assert_eq!(ended(&end), ("success", FIRST, FIRST));
        assert!(service.elapsed() < secs(1_006), "{:?}", service.elapsed());
        let notices = heard.notices();
        assert_eq!(notices.len(), 2, "{notices:?}");
        assert!(
            notices[0].contains("keeps asking for 30 min 00 s"),
            "{notices:?}"
        );
        assert!(
            notices[1].contains("answers again after 16 min"),
            "{notices:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_vanishes_for_good_leaves_the_end_unknown() {
    let service =
        FakeService::new(run(60, "success")).outage(10, 100_000, ServiceErrorKind::Unreachable);
    let (end, _, service) = started(service).await;
    let ProfileEnd::Unknown { message } = end else {
        panic!("{end:?}");
    };
    assert!(
        message.contains("has not answered for 30 min 00 s"),
        "{message}"
    );
    let patience = BackendOptions::default().patience;
    let waited = service.elapsed();
    assert!(
        patience < waited && waited < patience + secs(20),
        "{waited:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refused_password_is_not_tried_again() {
    let kind = ServiceErrorKind::Unauthorized;
    let service = FakeService::new(run(60, "success")).outage(10, 100_000, kind);
    let (end, _, service) = started(service).await;
    assert!(matches!(end, ProfileEnd::Unknown { .. }), "{end:?}");
    let calls = service.calls();
    let last = calls.len() - 1;
    assert_eq!(calls[last], "RunNumber", "one question only: {calls:?}");
    assert!(service.elapsed() < secs(16));
}

#[tokio::test(start_paused = true)]
async fn refusals_and_failures_at_the_start_are_told_apart() {
    for (word, refusal) in [
        ("no-start-ma-already-running", Refusal::AgentBusy),
        ("call-failure:0x8023063D", Refusal::SecondSynchronization),
        ("no-start-ma-update-in-progress", Refusal::AgentUpdate),
    ] {
        let (end, _, service) = started(FakeService::new(OnExecute::Answer(word))).await;
        let result = RunResult::new(word);
        assert_eq!(end, ProfileEnd::Refused { refusal, result });
        assert_eq!(service.calls(), ["RunStatus", "RunNumber", "Execute"]);
    }
    for (word, looks_again) in [
        ("no-start-unknown-profile-name", false),
        ("access-denied", false),
        ("call-failure:0x80230709", true),
    ] {
        let (end, _, service) = started(FakeService::new(OnExecute::Answer(word))).await;
        assert_eq!(ended(&end), (word, None, None));
        let looks: &[&str] = &["RunStatus", "RunNumber"];
        let again = if looks_again { looks } else { &[] };
        assert_eq!(service.calls(), [looks, &["Execute"], again].concat());
    }
    for (kind, passing) in [
        (ServiceErrorKind::Unreachable, true),
        (ServiceErrorKind::Unauthorized, false),
        (ServiceErrorKind::NotFound, false),
    ] {
        let (end, _, _) = started(FakeService::new(OnExecute::Fail(kind))).await;
        assert!(
            matches!(end, ProfileEnd::NotStarted { is_passing, .. } if is_passing == passing),
            "{end:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_server_is_asked_again_until_it_takes_the_order() {
    let service = FakeService::new(run(2, "success")).refusing_orders(6);
    let (end, heard, service) = started(service).await;
    assert_eq!(ended(&end), ("success", FIRST, FIRST));
    assert_eq!(service.count("Refused"), 6);
    assert_eq!(heard.notices().len(), 1, "{:?}", heard.notices());

    let service = FakeService::new(run(2, "success")).refusing_orders(usize::MAX);
    let service = Arc::new(service);
    let (end, _) = played(&service, Grant::Start, None).await;
    assert!(
        matches!(
            end,
            ProfileEnd::NotStarted {
                is_passing: true,
                ..
            }
        ),
        "{end:?}"
    );
    assert!(
        service.count("Execute") < 60,
        "{}",
        service.count("Execute")
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_wait_for_a_full_server() {
    let service = FakeService::new(run(2, "success")).refusing_orders(usize::MAX);
    let service = Arc::new(service);
    let (end, _) = played(&service, Grant::Start, Some(30)).await;
    assert_eq!(end, ProfileEnd::Withdrawn);
    assert_eq!(service.count("Stop"), 0, "nothing runs");
}

#[tokio::test(start_paused = true)]
async fn missing_details_do_not_hide_the_result() {
    let service = FakeService::new(run(2, "success")).without_details();
    let (end, heard, _) = started(service).await;
    assert_eq!(ended(&end), ("success", None, None));
    assert_eq!(heard.notices().len(), 1);

    let service = FakeService::new(run(20, "success")).without_details();
    let (end, heard, _) = started(service).await;
    assert_eq!(ended(&end), ("success", FIRST, None));
    assert_eq!(heard.notices().len(), 1);

    let service = FakeService::new(run(20, "success"))
        .without_details()
        .without_history();
    let (end, _, _) = started(service).await;
    assert_eq!(ended(&end), ("success", FIRST, None));

    // Never seen while it ran, and nothing is left of it.
    let service = FakeService::new(OnExecute::Break(Some(Duration::ZERO)))
        .without_details()
        .without_history();
    let (end, _, _) = started(service).await;
    assert!(matches!(end, ProfileEnd::Unknown { .. }), "{end:?}");
}

#[tokio::test(start_paused = true)]
async fn details_of_the_run_before_are_not_taken() {
    // The service refuses for good in a way that could have been a run; no new run is there.
    let service = FakeService::new(OnExecute::Answer("no-start-file-not-found"));
    let (end, _, _) = started(service).await;
    assert_eq!(ended(&end), ("no-start-file-not-found", None, None));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_for_without_a_grant() {
    let service = Arc::new(FakeService::new(run(2, "success")).foreign("Export", 0, 50));
    let (end, heard) = played(&service, Grant::Withdraw, None).await;
    assert_eq!(end, ProfileEnd::Withdrawn);
    assert_eq!(service.count("Execute"), 0);
    let export = ProfileName::new("Export").unwrap();
    assert_eq!(*heard.seen.lock(), [Observation::Busy(Some(export))]);

    let (end, _) = played(&service, Grant::Start, Some(0)).await;
    assert_eq!(end, ProfileEnd::Withdrawn);
    assert_eq!(service.count("Execute"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_before_the_start_starts_nothing() {
    let kind = ServiceErrorKind::Unreachable;
    let service = Arc::new(FakeService::new(run(2, "success")).outage(0, 5, kind));
    let (end, heard) = played(&service, Grant::Start, None).await;
    assert!(
        matches!(
            end,
            ProfileEnd::NotStarted {
                is_passing: true,
                ..
            }
        ),
        "{end:?}"
    );
    assert_eq!(service.count("Execute"), 0);
    assert!(heard.seen.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stop_is_sent_once_and_the_run_is_followed_to_its_end() {
    for at in [1, 30] {
        let service = FakeService::new(run(600, "success"));
        let (end, _, service) = stopped_at(at, service).await;
        assert_eq!(ended(&end), (STOPPED, FIRST, FIRST), "{at}");
        assert_eq!(service.count("Stop"), 1, "{at}");
        assert!(service.elapsed() < secs(at + 6), "{:?}", service.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_a_silent_server_before_the_start() {
    let service = Arc::new(FakeService::new(run(600, "success")).silent(0, 86_400));
    let (end, heard) = played(&service, Grant::Start, Some(3)).await;
    assert_eq!(end, ProfileEnd::Withdrawn);
    assert_eq!(service.elapsed(), secs(3));
    assert_eq!(service.count("Execute"), 0);
    assert!(heard.seen.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_is_told_once_before_anybody_gives_it_up() {
    let service = FakeService::new(run(100, "success")).silent(20, 60);
    let (end, heard, service) = started(service).await;
    assert_eq!(ended(&end), ("success", FIRST, FIRST));
    let told = heard.notices();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told.iter()
            .all(|told| told.contains("has not said for 10 s")),
        "{told:?}"
    );
    assert!(service.elapsed() >= secs(100));
}

#[tokio::test(start_paused = true)]
async fn a_stop_shortens_the_wait_for_a_vanished_server() {
    for lost_from in [20, 40] {
        let service = FakeService::new(run(600, "success")).outage(
            lost_from,
            86_400,
            ServiceErrorKind::Unreachable,
        );
        let (end, _, service) = stopped_at(40, service).await;
        assert!(matches!(end, ProfileEnd::Unknown { .. }), "{end:?}");
        assert!(service.elapsed() >= secs(100), "{:?}", service.elapsed());
        assert!(service.elapsed() < secs(120), "{:?}", service.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_call_that_started_a_run_all_the_same_is_followed() {
    let on_execute = OnExecute::AnswerAndRun("call-failure:0x800706BE", secs(100));
    let (end, _, service) = started(FakeService::new(on_execute)).await;
    assert_eq!(ended(&end), ("success", FIRST, FIRST));
    assert!(service.elapsed() >= secs(100));
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_did_not_arrive_is_sent_again() {
    for at in [1, 30] {
        let service = FakeService::new(run(600, "success")).failing_stops(2);
        let (end, _, service) = stopped_at(at, service).await;
        assert_eq!(ended(&end).0, STOPPED);
        assert_eq!(service.count("Stop"), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_never_meets_a_foreign_run() {
    let service = FakeService::new(OnExecute::Break(None)).foreign("Export", 1, 100);
    let (end, _, service) = stopped_at(20, service).await;
    assert!(matches!(end, ProfileEnd::NotStarted { .. }), "{end:?}");
    assert_eq!(service.count("Stop"), 0);

    // Also not the one that began after ours had ended.
    let service = FakeService::new(run(10, "success")).foreign("Export", 11, 100);
    let (end, _, service) = stopped_at(12, service).await;
    assert_eq!(ended(&end).0, "success");
    assert_eq!(service.count("Stop"), 0);
}
