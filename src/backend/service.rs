//! Run profiles over a [`SyncService`]: asks, follows, stops, and never asks twice to start.
//!
//! Carries out what [`super::follow`] decides. Must not hold a rule of its own about what an answer
//! means.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::base::error_chain::one_line;
use crate::base::time::{Clock as _, SystemClock};
use crate::engine::{
    Backend, CommandCall, CommandReport, Grant, Observation, ProfileCall, ProfileEnd,
    ProfileReport, Reporter, StopSignal,
};
use crate::mim::{AgentName, ResultClass, RunDetails, RunResult};
use crate::run::{ProfileStatistics, Severity};
use crate::service::{ExecuteReply, ServiceError, SyncService};

use super::BackendOptions;
use super::follow::{AfterReply, Follow, Next, after_reply, details_fit};
use super::process;

/// The world as it is: a synchronization service and the programs of this machine.
pub struct ServiceBackend {
    service: Arc<dyn SyncService>,
    options: BackendOptions,
    clock: SystemClock,
}

impl ServiceBackend {
    /// A backend over this service.
    pub fn new(service: Arc<dyn SyncService>, options: BackendOptions) -> Self {
        Self {
            service,
            options,
            clock: SystemClock::start(),
        }
    }
}

#[async_trait]
impl Backend for ServiceBackend {
    async fn observe(&self, agent: &AgentName) -> Result<Observation, String> {
        observe(&*self.service, agent)
            .await
            .map_err(|error| one_line(&error))
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
        };
        attempt.run().await
    }

    async fn run_command(&self, call: CommandCall, stop: StopSignal) -> CommandReport {
        process::run_command(call, stop).await
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

/// One call to run a profile.
struct Attempt<'a> {
    service: &'a dyn SyncService,
    options: BackendOptions,
    clock: SystemClock,
    call: &'a ProfileCall,
    reporter: &'a Reporter,
    stop: StopSignal,
    order: StopOrder,
}

impl Attempt<'_> {
    async fn run(&mut self) -> ProfileEnd {
        if self.stop.cause().is_some() {
            return ProfileEnd::Withdrawn;
        }
        // The status first: whoever starts between the two answers is then counted in the number,
        // and cannot be taken for our run.
        let looked = async {
            let seen = observe(self.service, &self.call.agent).await?;
            let noted = self.service.run_number(&self.call.agent).await?;
            Ok::<_, ServiceError>((seen, noted))
        };
        let (seen, noted) = match looked.await {
            Ok(looked) => looked,
            Err(error) => return not_started(&error),
        };
        let grant = self.reporter.may_start(seen).await;
        if grant == Grant::Withdraw || self.stop.cause().is_some() {
            return ProfileEnd::Withdrawn;
        }
        let reply = match self.execute(noted).await {
            Ok(reply) => reply,
            Err(error) => return not_started(&error),
        };
        match after_reply(&reply) {
            AfterReply::End(end) => end,
            AfterReply::ReadDetails(result) => self.ended_at_once(result, noted).await,
            AfterReply::Follow => self.follow(noted, &reply).await,
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
        let details = self
            .details()
            .await
            .filter(|details| details_fit(details, noted, &self.call.profile));
        if details.is_none() {
            self.notice(
                Severity::Warning,
                format!(
                    "the service gave no details of the run of `{}` on agent `{}`, so its counters are not known",
                    self.call.profile, self.call.agent
                ),
            )
            .await;
        }
        ProfileEnd::Ended {
            result,
            run_number: details.as_ref().map(|details| details.run_number),
            statistics: details
                .as_ref()
                .map_or_else(ProfileStatistics::default, ProfileStatistics::from),
        }
    }

    async fn follow(&mut self, noted: u64, reply: &ExecuteReply) -> ProfileEnd {
        let mut follow = Follow::new(self.options, self.call.clone(), noted, reply);
        let mut next = follow.begin();
        loop {
            next = match next {
                Next::End(end) => return end,
                Next::Poll(pause) => {
                    self.pause(pause).await;
                    self.poll(&mut follow).await
                }
                Next::AskProfile { number } => {
                    match self.service.run_profile(&self.call.agent).await {
                        Ok(profile) => follow.profile_seen(number, profile.as_ref()),
                        Err(error) => failed(&mut follow, self.clock, &error),
                    }
                }
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

    async fn poll(&self, follow: &mut Follow) -> Next {
        let agent = &self.call.agent;
        let answers = async {
            let number = self.service.run_number(agent).await?;
            Ok::<_, ServiceError>((number, self.service.run_status(agent).await?))
        };
        match answers.await {
            Ok((number, status)) => follow.polled(self.clock.now(), number, &status),
            Err(error) => failed(follow, self.clock, &error),
        }
    }

    async fn settle(&self, follow: &mut Follow, number: u64, status: &RunResult) -> Next {
        // While somebody else's run goes on, the details are of that one.
        let details = if status.class() == ResultClass::Running {
            None
        } else {
            self.details().await
        };
        if let Some(end) = follow.by_details(number, status, details.as_ref()) {
            return Next::End(end);
        }
        let history = self.service.history(&self.call.agent, follow.noted());
        match history.await {
            Ok(entries) => {
                let now = self.clock.now();
                follow.by_history(now, number, status, &entries, details.as_ref())
            }
            Err(error) => failed(follow, self.clock, &error),
        }
    }

    /// The details of the agent's last run; after a few failures none.
    async fn details(&self) -> Option<RunDetails> {
        let mut pause = self.options.first_interval;
        for attempt in 1.. {
            match self.service.last_run(&self.call.agent).await {
                Ok(details) => return details,
                Err(error) if error.kind.is_passing() && attempt < self.options.details_tries => {
                    tokio::time::sleep(pause).await;
                    pause = self.options.after(pause);
                }
                Err(error) => {
                    let sentence = format!(
                        "the details of the run on agent `{}` could not be read: {}",
                        self.call.agent,
                        one_line(&error)
                    );
                    self.notice(Severity::Warning, sentence).await;
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
                let sentence = format!(
                    "agent `{agent}` could not be told to stop, its run goes on: {}",
                    one_line(&error)
                );
                self.notice(Severity::Error, sentence).await;
            }
        }
    }

    async fn notice(&self, severity: Severity, sentence: String) {
        let report = ProfileReport::Notice(severity, sentence);
        self.reporter.report(report).await;
    }
}

fn not_started(error: &ServiceError) -> ProfileEnd {
    ProfileEnd::NotStarted {
        message: one_line(error),
        is_passing: error.kind.is_passing(),
    }
}

fn failed(follow: &mut Follow, clock: SystemClock, error: &ServiceError) -> Next {
    follow.failed(clock.now(), error.kind, &one_line(error))
}
