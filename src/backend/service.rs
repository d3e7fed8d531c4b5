//! Run profiles over a [`SyncService`]: asks, follows, stops, and never asks twice to start.
//!
//! Carries out what [`super::follow`] decides. Must not hold a rule of its own about what an answer
//! means.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::base::text::short_duration;
use crate::base::time::{Clock as _, Moment, SystemClock};
use crate::engine::{
    Backend, CommandCall, CommandReport, Grant, Observation, ObserveError, ProfileCall, ProfileEnd,
    ProfileReport, Reporter, StopSignal,
};
use crate::mim::{AgentName, ResultClass, RunDetails, RunResult};
use crate::run::{ProfileStatistics, Severity};
use crate::service::{ExecuteReply, HistoryEntry, ServiceError, ServiceErrorKind, SyncService};

use super::BackendOptions;
use super::follow::{AfterReply, Follow, Next, after_reply, details_fit};
use super::process;

/// How long a question is open before somebody is told.
const SILENCE: Duration = Duration::from_secs(10);

/// The world as it is: a synchronization service and the programs of this machine.
pub struct ServiceBackend {
    service: Arc<dyn SyncService>,
    options: BackendOptions,
    clock: SystemClock,
    hidden_variables: Vec<String>,
}

impl ServiceBackend {
    /// A backend over this service.
    pub fn new(service: Arc<dyn SyncService>, options: BackendOptions) -> Self {
        Self {
            service,
            options,
            clock: SystemClock::start(),
            hidden_variables: Vec::new(),
        }
    }

    /// Keeps these environment variables of this process from the programs that it starts: they
    /// hold the password.
    pub fn hiding(mut self, variables: Vec<String>) -> Self {
        self.hidden_variables = variables;
        self
    }
}

#[async_trait]
impl Backend for ServiceBackend {
    async fn observe(&self, agent: &AgentName) -> Result<Observation, ObserveError> {
        observe(&*self.service, agent)
            .await
            .map_err(|error| ObserveError {
                message: error.to_string(),
                is_passing: error.kind.is_passing(),
            })
    }

    async fn run_profile(
        &self,
        call: ProfileCall,
        reporter: Reporter,
        stop: StopSignal,
    ) -> ProfileEnd {
        let mut attempt = Attempt {
            service: &*self.service,
            options: self.options,
            clock: self.clock,
            call: &call,
            reporter: &reporter,
            stop,
            order: StopOrder::None,
            silence_told: AtomicBool::new(false),
            unread: Mutex::new(None),
        };
        attempt.run().await
    }

    async fn run_command(&self, call: CommandCall, stop: StopSignal) -> CommandReport {
        process::run_command(call, stop, &self.hidden_variables).await
    }
}

async fn observe(
    service: &dyn SyncService,
    agent: &AgentName,
) -> Result<Observation, ServiceError> {
    let status = service.run_status(agent).await?;
    if status.class() != ResultClass::Running {
        return Ok(Observation::Idle);
    }
    // The name is for people only; without it the agent is as busy.
    Ok(Observation::Busy(
        service.run_profile(agent).await.ok().flatten(),
    ))
}

/// What an agent does, and the number of its last run. The status is asked first: whoever starts
/// between the two answers is then counted in the number, and cannot be taken for our run.
async fn look(
    service: &dyn SyncService,
    agent: &AgentName,
) -> Result<(Observation, u64), ServiceError> {
    let seen = observe(service, agent).await?;
    Ok((seen, service.run_number(agent).await?))
}

/// What has become of a wish to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StopOrder {
    /// Nobody wants it.
    None,
    /// Wanted; the service was not asked yet, or the question did not arrive.
    Wanted,
    /// The service has answered the question, or will never take it.
    Answered,
}

/// The agent's last run number before an order, and when the order was sent.
type Mark = (u64, Moment);

/// One call to run a profile.
struct Attempt<'a> {
    service: &'a dyn SyncService,
    options: BackendOptions,
    clock: SystemClock,
    call: &'a ProfileCall,
    reporter: &'a Reporter,
    stop: StopSignal,
    order: StopOrder,
    silence_told: AtomicBool,
    /// Why the details were not read when they were last asked for.
    unread: Mutex<Option<String>>,
}

impl Attempt<'_> {
    async fn run(&mut self) -> ProfileEnd {
        if self.stop.cause().is_some() {
            return ProfileEnd::Withdrawn;
        }
        let (service, agent) = (self.service, &self.call.agent);
        let looked = tokio::select! {
            looked = look(service, agent) => looked,
            // Nothing was started, so nothing has to be waited for.
            _ = self.stop.fired() => return ProfileEnd::Withdrawn,
        };
        let (seen, noted) = match looked {
            Ok(looked) => looked,
            Err(error) => return not_started(&error),
        };
        let grant = self.reporter.may_start(seen).await;
        if grant == Grant::Withdraw || self.stop.cause().is_some() {
            return ProfileEnd::Withdrawn;
        }
        let (mark, reply) = match self.ordered(noted).await {
            Ok(Some(ordered)) => ordered,
            Ok(None) => return ProfileEnd::Withdrawn,
            Err(error) => return not_started(&error),
        };
        match after_reply(&reply) {
            AfterReply::End(end) => end,
            AfterReply::LookAgain(end) => match look(self.service, &self.call.agent).await {
                Ok((Observation::Idle, number)) if number == mark.0 => end,
                Ok(_) | Err(_) => self.follow(mark, &reply).await,
            },
            AfterReply::ReadDetails(result) => self.ended_at_once(result, mark.0).await,
            AfterReply::Follow => self.follow(mark, &reply).await,
        }
    }

    /// Orders the run. A server that has too much to do has taken no order, so it is asked again with
    /// growing pauses, as long as nobody stops the run. The number is the agent's last one before the
    /// order that was taken; `None` when it was stopped before.
    async fn ordered(&mut self, noted: u64) -> Result<Option<(Mark, ExecuteReply)>, ServiceError> {
        let (mut noted, mut pause) = (noted, self.options.first_interval);
        let began = self.clock.now();
        loop {
            let mark = (noted, self.clock.now());
            let error = match self.execute(noted).await {
                Ok(reply) => return Ok(Some((mark, reply))),
                Err(error) => error,
            };
            let waited = self.clock.now().since(began);
            if error.kind != ServiceErrorKind::Busy || waited >= self.options.busy_patience {
                return Err(error);
            }
            if pause == self.options.first_interval {
                let sentence = format!("{error}; it is asked again");
                self.notice(Severity::Warning, sentence).await;
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = self.stop.fired() => return Ok(None),
            }
            pause = self.options.after(pause);
            // Somebody else may have run there meanwhile.
            noted = noted.max(look(self.service, &self.call.agent).await?.1);
        }
    }

    /// Sends the one request to start, and passes a stop on while its answer is awaited.
    async fn execute(&mut self, noted: u64) -> Result<ExecuteReply, ServiceError> {
        let mut execute = self.service.execute(&self.call.agent, &self.call.profile);
        tokio::select! {
            biased;
            reply = &mut execute => return reply,
            () = self.stop_while_executing(noted) => {}
        }
        execute.await
    }

    /// Waits for a stop, then for the moment when our run is to be seen, and stops it.
    async fn stop_while_executing(&mut self, noted: u64) {
        self.stop.fired().await;
        self.order = StopOrder::Wanted;
        let mut pause = self.options.first_interval;
        while self.order == StopOrder::Wanted {
            let number = self.service.run_number(&self.call.agent).await;
            if number.is_ok_and(|number| number > noted) {
                let running = observe(self.service, &self.call.agent).await;
                let ours = Observation::Busy(Some(self.call.profile.clone()));
                if running.is_ok_and(|seen| seen == ours) {
                    self.send_stop().await;
                    continue;
                }
            }
            tokio::time::sleep(pause).await;
            pause = self.options.after(pause);
        }
    }

    /// The reply to `Execute` was the service's last word; only the details are missing.
    async fn ended_at_once(&self, result: RunResult, noted: u64) -> ProfileEnd {
        let fits = |details: &RunDetails| details_fit(details, noted, &self.call.profile);
        let details = match self.details(None).await {
            // Somebody else has run there since.
            Some(details) if !fits(&details) => self.details(Some(noted.saturating_add(1))).await,
            details => details,
        };
        let details = details.filter(fits);
        if details.is_none() {
            self.notice_missing_details().await;
        }
        ProfileEnd::Ended {
            result,
            run_number: details.as_ref().map(|details| details.run_number),
            statistics: details
                .as_ref()
                .map_or_else(ProfileStatistics::default, ProfileStatistics::from),
        }
    }

    async fn follow(&mut self, mark: Mark, reply: &ExecuteReply) -> ProfileEnd {
        let account = self.service.account();
        let mut follow = Follow::new(self.options, self.call.clone(), mark, reply, account);
        let mut next = follow.begin();
        loop {
            if self.order == StopOrder::Wanted {
                follow.stop_wanted(self.clock.now());
            }
            next = match next {
                Next::End(end) => {
                    if is_without_details(&end) {
                        self.notice_missing_details().await;
                    }
                    return end;
                }
                Next::Poll(pause) => {
                    self.pause(pause).await;
                    self.poll(&mut follow).await
                }
                Next::AskProfile { number } => self.ask_profile(&mut follow, number).await,
                Next::Compare(candidates) => self.compare(&mut follow, candidates).await,
                Next::Settle { number, status } => self.settle(&mut follow, number, &status).await,
            };
            for report in follow.take_reports() {
                self.reporter.report(report).await;
            }
            if self.order == StopOrder::Wanted && follow.may_stop() {
                self.send_stop().await;
                follow.hurry();
                next = follow.begin();
            }
        }
    }

    async fn ask_profile(&self, follow: &mut Follow, number: u64) -> Next {
        let profile = match self.service.run_profile(&self.call.agent).await {
            Ok(profile) => profile,
            Err(error) => return failed(follow, self.clock, &error),
        };
        let account = if follow.asks_for_account(number, profile.as_ref()) {
            // Without it the number and the profile have to do.
            let details = self.service.last_run(&self.call.agent).await.ok().flatten();
            details.filter(|details| details.run_number == number)
        } else {
            None
        };
        let account = account.as_ref().map(|details| details.account.as_str());
        follow.profile_seen(number, profile.as_ref(), account)
    }

    /// Reads the details of runs of the history, each as far as the service still has them.
    async fn compare(&self, follow: &mut Follow, candidates: Vec<HistoryEntry>) -> Next {
        let mut compared = Vec::with_capacity(candidates.len());
        for entry in candidates {
            let details = self.details(Some(entry.run_number)).await;
            compared.push((entry, details));
        }
        follow.compared(&compared)
    }

    async fn poll(&self, follow: &mut Follow) -> Next {
        let service = &self.service;
        let agent = &self.call.agent;
        let answers = std::pin::pin!(async {
            let number = service.run_number(agent).await?;
            Ok::<_, ServiceError>((number, service.run_status(agent).await?))
        });
        let answers = self.tell_silence(answers).await;
        match answers {
            Ok((number, status)) => follow.polled(self.clock.now(), number, &status),
            Err(error) => failed(follow, self.clock, &error),
        }
    }

    /// Waits for an answer; says once in a run that it does, because a question may stay open for
    /// much longer than anybody watches a screen on which nothing happens.
    async fn tell_silence<T>(&self, mut answer: Pin<&mut impl Future<Output = T>>) -> T {
        if let Ok(answer) = tokio::time::timeout(SILENCE, &mut answer).await {
            return answer;
        }
        if !self.silence_told.swap(true, Ordering::Relaxed) {
            let sentence = format!(
                "the server has not said for {} how `{}` of agent `{}` is going; it is given more time",
                short_duration(SILENCE),
                self.call.profile,
                self.call.agent
            );
            self.notice(Severity::Warning, sentence).await;
        }
        answer.await
    }

    async fn settle(&self, follow: &mut Follow, number: u64, status: &RunResult) -> Next {
        // While somebody else's run goes on, the details are of that one.
        let details = if status.class() == ResultClass::Running {
            None
        } else {
            self.details(None).await
        };
        if let Some(next) = follow.by_details(number, status, details.as_ref()) {
            return next;
        }
        let history = self.service.history(&self.call.agent, follow.noted());
        match history.await {
            Ok(entries) => {
                let now = self.clock.now();
                follow.by_history(now, number, status, &entries)
            }
            Err(error) => failed(follow, self.clock, &error),
        }
    }

    /// The details of the run with this number, or of the agent's last run; after a few failures none.
    async fn details(&self, number: Option<u64>) -> Option<RunDetails> {
        let mut pause = self.options.first_interval;
        for attempt in 1.. {
            let details = match number {
                Some(number) => self.service.details_of(&self.call.agent, number).await,
                None => self.service.last_run(&self.call.agent).await,
            };
            match details {
                Ok(details) => {
                    *self.unread.lock() = None;
                    return details;
                }
                Err(error) if error.kind.is_passing() && attempt < self.options.details_tries => {
                    tokio::time::sleep(pause).await;
                    pause = self.options.after(pause);
                }
                Err(error) => {
                    *self.unread.lock() = Some(error.to_string());
                    return None;
                }
            }
        }
        None
    }

    /// Waits, but not beyond a stop that nobody has seen yet.
    async fn pause(&mut self, pause: Duration) {
        if self.order != StopOrder::None {
            return tokio::time::sleep(pause).await;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = self.stop.fired() => self.order = StopOrder::Wanted,
        }
    }

    async fn notice_missing_details(&self) {
        let why = self.unread.lock().take();
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        let sentence = format!(
            "the service gave no details of the run of `{}` on agent `{}`, so its counters are not known{why}",
            self.call.profile, self.call.agent
        );
        self.notice(Severity::Warning, sentence).await;
    }

    async fn send_stop(&mut self) {
        let agent = &self.call.agent;
        match self.service.stop(agent).await {
            Ok(word) => {
                self.order = StopOrder::Answered;
                if word.as_str() != "success" {
                    let sentence =
                        format!("asked to stop agent `{agent}`, the service answered `{word}`");
                    self.notice(Severity::Warning, sentence).await;
                }
            }
            // It may not have arrived; the next answer shows whether the run still goes on.
            Err(error) if error.kind.is_passing() => {}
            Err(error) => {
                self.order = StopOrder::Answered;
                let sentence =
                    format!("agent `{agent}` could not be told to stop, its run goes on: {error}");
                self.notice(Severity::Error, sentence).await;
            }
        }
    }

    async fn notice(&self, severity: Severity, sentence: String) {
        let report = ProfileReport::Notice(severity, sentence);
        self.reporter.report(report).await;
    }
}

fn is_without_details(end: &ProfileEnd) -> bool {
    matches!(end, ProfileEnd::Ended { statistics, .. } if statistics.steps.is_empty())
}

fn not_started(error: &ServiceError) -> ProfileEnd {
    ProfileEnd::NotStarted {
        message: error.to_string(),
        is_passing: error.kind.is_passing(),
    }
}

fn failed(follow: &mut Follow, clock: SystemClock, error: &ServiceError) -> Next {
    follow.failed(clock.now(), error.kind, &error.to_string())
}

#[cfg(test)]
mod tests {
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

    async fn stopped_at(
        at: u64,
        service: FakeService,
    ) -> (ProfileEnd, Arc<Heard>, Arc<FakeService>) {
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
}
