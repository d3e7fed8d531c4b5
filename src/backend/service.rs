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
mod tests;
