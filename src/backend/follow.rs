//! The rules by which a run that was asked for is followed to its end (design section 5, rule 4).
//!
//! The reply of `Execute` is never waited for: the run may outlive its request (MS-WSMV 3.1.4.1.6
//! replaces every longer time-out by the server's own). What counts is the agent's run number,
//! which was noted before the request, and the run history. Pure: takes what was seen and the
//! moment, says what to do next. Must not ask anybody anything.

use std::time::Duration;

use crate::base::text::short_duration;
use crate::base::time::Moment;
use crate::engine::{ProfileCall, ProfileEnd, ProfileReport};
use crate::mim::{ProfileName, ResultClass, RunDetails, RunResult};
use crate::run::{ProfileStatistics, Severity};
use crate::service::{ExecuteReply, HistoryEntry, ServiceErrorKind};

use super::BackendOptions;

/// What to do after a reply to `Execute`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AfterReply {
    /// The run has ended with this word; its details may be there.
    ReadDetails(RunResult),
    /// All is said.
    End(ProfileEnd),
    /// All is said if the agent is still as it was before the request; else follow it.
    LookAgain(ProfileEnd),
    /// Nobody knows yet: follow it.
    Follow,
}

/// What to do next while following.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next {
    /// Wait so long, then read the run number and, after it, the status.
    Poll(Duration),
    /// Read the name of the profile that runs now.
    AskProfile {
        /// The number under which it was seen.
        number: u64,
    },
    /// These runs of the history can be ours: read the details of each, then decide.
    Compare(Vec<HistoryEntry>),
    /// The run has ended: read details and, if they are not its own, the history.
    Settle {
        /// The agent's run number.
        number: u64,
        /// The agent's status.
        status: RunResult,
    },
    /// All is said.
    End(ProfileEnd),
}

/// Decides what a reply to `Execute` means.
pub(super) fn after_reply(reply: &ExecuteReply) -> AfterReply {
    let ExecuteReply::Ended(result) = reply else {
        return AfterReply::Follow;
    };
    if let Some(refusal) = result.refusal() {
        return AfterReply::End(ProfileEnd::Refused {
            refusal,
            result: result.clone(),
        });
    }
    if result.class() == ResultClass::Running || result.as_str().is_empty() {
        AfterReply::Follow
    } else if can_have_run(result) {
        AfterReply::ReadDetails(result.clone())
    } else {
        let end = ProfileEnd::Ended {
            result: result.clone(),
            run_number: None,
            statistics: ProfileStatistics::default(),
        };
        // The call failed, which may have been after the run began.
        if result.as_str().starts_with("call-failure") {
            AfterReply::LookAgain(end)
        } else {
            AfterReply::End(end)
        }
    }
}

/// Whether a result can stand at the end of a run. Some words only ever answer the request itself
/// (ms697765); the other `no-start-*` words are results of a step, with details.
fn can_have_run(result: &RunResult) -> bool {
    let text = result.as_str();
    !(text.starts_with("call-failure")
        || matches!(
            text,
            "access-denied"
                | "connection-failure"
                | "no-start-unknown-profile-name"
                | "no-start-concurrent-execution-not-support"
                | "no-start-ma-already-running"
                | "no-start-ma-update-in-progress"
        ))
}

/// Whether the details of the agent's last run certainly belong to the run of this call: its profile,
/// and the number after the noted one. A higher number may be somebody's run of the same profile who
/// was next.
pub(super) fn details_fit(details: &RunDetails, noted: u64, profile: &ProfileName) -> bool {
    details.run_number == noted.saturating_add(1) && details.profile == *profile
}

/// Whether an account of the run history is certainly not ours. Only the same domain says so: the
/// other ways to write an account (`user@domain`, `.\\user`, the domain's long name) may name us.
fn is_somebody_else(account: &str, ours: Option<&str>) -> bool {
    let Some((ours, theirs)) =
        ours.and_then(|ours| ours.split_once('\\').zip(account.split_once('\\')))
    else {
        return false;
    };
    let same = |left: &str, right: &str| left.trim().to_lowercase() == right.trim().to_lowercase();
    same(ours.0, theirs.0) && !theirs.1.trim().is_empty() && !same(ours.1, theirs.1)
}

/// The longest time after which a system sends again what a broken network did not take (the upper
/// bound of RFC 6298, 2.5, as systems have it).
const LONGEST_RETRANSMISSION: Duration = Duration::from_mins(2);

/// Follows one run.
#[derive(Debug)]
pub(super) struct Follow {
    options: BackendOptions,
    call: ProfileCall,
    /// The account by which the run history names us, where it can be known.
    account: Option<String>,
    /// Why nobody knows whether it was started.
    doubt: Doubt,
    /// The highest run number that is certainly not ours.
    noted: u64,
    /// The number of the run that is ours, once seen.
    ours: Option<u64>,
    /// Whether the last answer showed it running.
    is_running: bool,
    interval: Duration,
    idle_since: Option<Moment>,
    /// Since when a run has ended of which neither details nor history tell.
    untold_since: Option<Moment>,
    lost_since: Option<Moment>,
    /// For how long the server was away at most, until it answered again.
    longest_loss: Duration,
    /// When the server was last heard, or the order sent.
    heard: Moment,
    /// How long it said nothing at most.
    longest_silence: Duration,
    /// Since when somebody wants it stopped.
    stop_wanted_since: Option<Moment>,
    told_status: Option<RunResult>,
    reports: Vec<ProfileReport>,
}

/// What is known about the request.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Doubt {
    /// No answer came; the sentence says why.
    NoAnswer(String),
    /// The service said that it runs.
    SaidToRun(RunResult),
}

impl Follow {
    /// Follows a call that was sent at `ordered`, when its agent had `noted` as its last run number.
    /// `account` is how the run history names us, where that can be known.
    pub(super) fn new(
        options: BackendOptions,
        call: ProfileCall,
        (noted, ordered): (u64, Moment),
        reply: &ExecuteReply,
        account: Option<String>,
    ) -> Self {
        let doubt = match reply {
            ExecuteReply::Ended(word) => Doubt::SaidToRun(word.clone()),
            ExecuteReply::ProbablyRunning(why) => Doubt::NoAnswer(why.clone()),
        };
        Self {
            options,
            call,
            account,
            doubt,
            noted,
            ours: None,
            is_running: false,
            interval: options.first_interval,
            idle_since: None,
            untold_since: None,
            lost_since: None,
            longest_loss: Duration::ZERO,
            heard: ordered,
            longest_silence: Duration::ZERO,
            stop_wanted_since: None,
            told_status: None,
            reports: Vec::new(),
        }
    }

    /// The first thing to do.
    pub(super) const fn begin(&self) -> Next {
        Next::Poll(self.interval)
    }

    /// The highest run number that is certainly not ours.
    pub(super) const fn noted(&self) -> u64 {
        self.noted
    }

    /// Whether the last answer showed our own run, so that a stop can only meet that one.
    pub(super) const fn may_stop(&self) -> bool {
        self.is_running
    }

    /// What has become worth telling since the last call.
    pub(super) fn take_reports(&mut self) -> Vec<ProfileReport> {
        std::mem::take(&mut self.reports)
    }

    /// Somebody wants the run stopped, and will not wait long for a server that has vanished.
    pub(super) fn stop_wanted(&mut self, now: Moment) {
        self.stop_wanted_since.get_or_insert(now);
    }

    /// Since when a lost server is waited for, and how long it is.
    fn patience(&self, lost_since: Moment) -> (Moment, Duration) {
        match self.stop_wanted_since {
            Some(since) => (since.max(lost_since), self.options.stop_patience),
            None => (lost_since, self.options.patience),
        }
    }

    /// Asks again soon, since something was just done that should change what is seen.
    pub(super) const fn hurry(&mut self) {
        self.interval = self.options.first_interval;
    }

    /// The run number was read, and after it the status. Only in this order does a final status
    /// belong to a run with at least that number.
    pub(super) fn polled(&mut self, now: Moment, number: u64, status: &RunResult) -> Next {
        self.answered(now);
        self.is_running = false;
        let is_running = status.class() == ResultClass::Running;
        if number > self.noted {
            self.idle_since = None;
            return match self.ours {
                None if is_running => Next::AskProfile { number },
                Some(ours) if is_running && ours == number => {
                    self.is_running = true;
                    self.untold_since = None;
                    self.tell_status(status);
                    self.poll()
                }
                _ => Next::Settle {
                    number,
                    status: status.clone(),
                },
            };
        }
        if is_running {
            self.idle_since = None;
            return self.poll();
        }
        if self.ours.is_some() || number < self.noted {
            return self.unknown(
                "the run numbers of the agent went back, so its run history was cleared meanwhile",
            );
        }
        self.idle(now)
    }

    /// Whether it helps to know who started the run that was just seen with this profile.
    pub(super) fn asks_for_account(&self, number: u64, seen: Option<&ProfileName>) -> bool {
        self.account.is_some()
            && matches!(self.doubt, Doubt::NoAnswer(_))
            && number == self.noted.saturating_add(1)
            && seen == Some(&self.call.profile)
    }

    /// The name of the running profile was read; `number` was read before it. `account` is whoever
    /// started that run, where it was asked for and told.
    pub(super) fn profile_seen(
        &mut self,
        number: u64,
        seen: Option<&ProfileName>,
        account: Option<&str>,
    ) -> Next {
        let is_next = number == self.noted.saturating_add(1);
        match seen {
            Some(profile) if is_next && *profile == self.call.profile => {
                let stranger =
                    account.filter(|account| is_somebody_else(account, self.account.as_deref()));
                if let Some(account) = stranger {
                    let who = format!("`{account}` runs `{profile}` there");
                    self.somebody_was_faster(number, &who);
                } else {
                    self.ours = Some(number);
                    self.is_running = true;
                }
            }
            Some(foreign) if is_next => {
                let who = format!("somebody else runs `{foreign}` there");
                self.somebody_was_faster(number, &who);
            }
            // Ours may have been one of the numbers between: only the history knows.
            Some(_) => {
                return Next::Settle {
                    number,
                    status: RunResult::new("in-progress"),
                };
            }
            None => {}
        }
        self.poll()
    }

    /// This run and all before it are not ours; ours can only have a higher number.
    fn somebody_was_faster(&mut self, number: u64, who: &str) {
        self.noted = self.noted.max(number);
        self.ours = None;
        let sentence = format!(
            "no answer came to the request to run `{}` of agent `{}`, and {who}; only after that it \
             is clear whether ours begins",
            self.call.profile, self.call.agent
        );
        self.notice(Severity::Warning, sentence);
    }

    /// The details of the agent's last run were read; `None` leaves it to the history.
    pub(super) fn by_details(
        &mut self,
        number: u64,
        status: &RunResult,
        details: Option<&RunDetails>,
    ) -> Option<Next> {
        let details = details?;
        let is_next = details.run_number == number && number == self.noted.saturating_add(1);
        // The number of a new run may be seen a moment before the status leaves the old result; a
        // step that still runs, or none yet, gives that away.
        let has_ended = !details.steps.is_empty()
            && details
                .steps
                .iter()
                .all(|step| step.result.class() != ResultClass::Running);
        let is_ours = is_next && details_fit(details, self.noted, &self.call.profile);
        if !is_ours || !has_ended || !is_final(status) {
            return None;
        }
        if self.is_foreign(details) {
            let who = format!("`{}` has run the same profile there", details.account);
            self.somebody_was_faster(number, &who);
            return Some(self.poll());
        }
        Some(Next::End(ProfileEnd::Ended {
            result: status.clone(),
            run_number: Some(number),
            statistics: details.into(),
        }))
    }

    /// Whether details are certainly of somebody else's run.
    fn is_foreign(&self, details: &RunDetails) -> bool {
        matches!(self.doubt, Doubt::NoAnswer(_))
            && is_somebody_else(&details.account, self.account.as_deref())
    }

    /// The run history above [`Follow::noted`] was read.
    pub(super) fn by_history(
        &mut self,
        now: Moment,
        number: u64,
        status: &RunResult,
        entries: &[HistoryEntry],
    ) -> Next {
        self.answered(now);
        let mut candidates: Vec<HistoryEntry> = entries
            .iter()
            .filter(|entry| entry.run_number > self.noted && entry.profile == self.call.profile)
            .cloned()
            .collect();
        // A run that was seen under this number is ours, and the next one is, whoever repeats it.
        let known = self.ours.unwrap_or_else(|| self.noted.saturating_add(1));
        if candidates.iter().any(|entry| entry.run_number == known) {
            candidates.retain(|entry| entry.run_number == known);
        }
        match &candidates[..] {
            [] => self.not_in_history(now, number, status, entries),
            [one] if one.result.class() == ResultClass::Running => {
                self.ours = Some(one.run_number);
                let is_its_status = one.run_number == number && is_final(status);
                self.untold(now, is_its_status.then(|| ended(number, status, None)))
            }
            _ => Next::Compare(candidates),
        }
    }

    /// The details of the runs that can be ours were read, where the service still has them.
    pub(super) fn compared(&mut self, candidates: &[(HistoryEntry, Option<RunDetails>)]) -> Next {
        let mut ours = candidates.iter().filter(|(_, details)| {
            !details
                .as_ref()
                .is_some_and(|details| self.is_foreign(details))
        });
        match (ours.next(), ours.next()) {
            (Some((one, _)), Some((other, _))) => self.unknown(&format!(
                "the answer to the request was lost, and both run {} and run {} have that profile",
                one.run_number, other.run_number
            )),
            (Some((entry, _)), None) if entry.result.class() == ResultClass::Running => {
                self.ours = Some(entry.run_number);
                self.poll()
            }
            (Some((entry, details)), None) => {
                Next::End(ended(entry.run_number, &entry.result, details.as_ref()))
            }
            (None, _) => {
                let newest = candidates.iter().map(|(entry, _)| entry.run_number).max();
                let number = newest.unwrap_or(self.noted);
                self.somebody_was_faster(number, "somebody else has run the same profile there");
                self.poll()
            }
        }
    }

    fn not_in_history(
        &mut self,
        now: Moment,
        number: u64,
        status: &RunResult,
        entries: &[HistoryEntry],
    ) -> Next {
        let is_final = is_final(status);
        if is_final && self.ours == Some(number) {
            // Seen while it ran, under this number: the status is its result even if the history
            // has been cleared.
            return Next::End(ended(number, status, None));
        }
        let newest = entries.iter().map(|entry| entry.run_number).max();
        if newest.is_some_and(|newest| newest >= number) && self.ours.is_none() {
            // All of them are somebody else's.
            self.noted = number;
            return if is_final {
                self.idle(now)
            } else {
                self.poll()
            };
        }
        self.untold(now, None)
    }

    /// The history does not tell the end of a run that has ended: it has some time to learn of it,
    /// then what else is known counts.
    fn untold(&mut self, now: Moment, known: Option<ProfileEnd>) -> Next {
        let since = *self.untold_since.get_or_insert(now);
        if now.since(since) < self.options.grace {
            return self.poll();
        }
        match known {
            Some(end) => Next::End(end),
            None => self.unknown("the run history does not tell how it ended"),
        }
    }

    /// A question failed.
    pub(super) fn failed(&mut self, now: Moment, kind: ServiceErrorKind, message: &str) -> Next {
        self.is_running = false;
        match kind {
            ServiceErrorKind::Unauthorized
            | ServiceErrorKind::Untrusted
            | ServiceErrorKind::Forbidden
            | ServiceErrorKind::Settings => return self.unknown(message),
            // A service that restarts answers with faults, or with what a proxy makes of it.
            ServiceErrorKind::Unreachable
            | ServiceErrorKind::Busy
            | ServiceErrorKind::NotFound
            | ServiceErrorKind::Fault
            | ServiceErrorKind::Protocol => {}
        }
        let is_new = self.lost_since.is_none();
        let since = *self.lost_since.get_or_insert(now);
        let (since, patience) = self.patience(since);
        if now.since(since) >= patience {
            return self.unknown(&format!(
                "the server has not answered for {}: {message}",
                short_duration(patience)
            ));
        }
        if is_new {
            self.notice(
                Severity::Warning,
                format!(
                    "cannot ask the server how `{}` of agent `{}` is going, and keeps asking for {}: {message}",
                    self.call.profile,
                    self.call.agent,
                    short_duration(patience)
                ),
            );
        }
        self.poll()
    }

    fn answered(&mut self, now: Moment) {
        self.longest_silence = self.longest_silence.max(now.since(self.heard));
        self.heard = now;
        if let Some(since) = self.lost_since.take() {
            self.longest_loss = self.longest_loss.max(now.since(since));
            // The time without answers says nothing about the agent being idle.
            self.idle_since = None;
            self.untold_since = None;
            self.notice(
                Severity::Information,
                format!(
                    "the server answers again after {}",
                    short_duration(now.since(since))
                ),
            );
        }
    }

    fn idle(&mut self, now: Moment) -> Next {
        let since = *self.idle_since.get_or_insert(now);
        // A request that a broken network kept may still be delivered after as long a time as the
        // network was away, up to the longest pause of its retransmissions. Our own system throws away
        // what is given up, but gateways on the way have systems of their own.
        let grace = self.longest_silence.min(LONGEST_RETRANSMISSION);
        let grace = grace.max(self.options.grace);
        if now.since(since) < grace {
            return self.poll();
        }
        let idle = short_duration(grace);
        match self.doubt.clone() {
            Doubt::NoAnswer(why) => Next::End(ProfileEnd::NotStarted {
                message: format!(
                    "the service did not start `{}` of agent `{}`: {why}, and the agent has been \
                     idle for {idle} since",
                    self.call.profile, self.call.agent
                ),
                is_passing: true,
            }),
            Doubt::SaidToRun(word) => self.unknown(&format!(
                "the service answered `{word}`, but the agent has been idle for {idle} without a new run"
            )),
        }
    }

    fn unknown(&self, why: &str) -> Next {
        let away = if self.longest_loss.is_zero() {
            String::new()
        } else {
            format!(
                "; the server did not answer for {} meanwhile, so it may have been restarted",
                short_duration(self.longest_loss)
            )
        };
        Next::End(ProfileEnd::Unknown {
            message: format!(
                "the service was asked to run `{}` of agent `{}`, and how it ended cannot be told: {why}{away}",
                self.call.profile, self.call.agent
            ),
        })
    }

    fn poll(&mut self) -> Next {
        let pause = self.interval;
        self.interval = self.options.after(pause);
        Next::Poll(pause)
    }

    fn tell_status(&mut self, status: &RunResult) {
        if self.told_status.as_ref() != Some(status) {
            self.told_status = Some(status.clone());
            self.reports
                .push(ProfileReport::Status(status.as_str().to_owned()));
        }
    }

    fn notice(&mut self, severity: Severity, sentence: String) {
        self.reports.push(ProfileReport::Notice(severity, sentence));
    }
}

/// Whether a status says how a run ended.
fn is_final(status: &RunResult) -> bool {
    status.class() != ResultClass::Running && !status.as_str().is_empty()
}

fn ended(number: u64, result: &RunResult, details: Option<&RunDetails>) -> ProfileEnd {
    ProfileEnd::Ended {
        result: result.clone(),
        run_number: Some(number),
        statistics: details
            .filter(|details| details.run_number == number)
            .map_or_else(ProfileStatistics::default, ProfileStatistics::from),
    }
}

#[cfg(test)]
mod tests;
