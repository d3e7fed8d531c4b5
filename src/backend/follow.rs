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
        // network was away, up to the longest pause of its retransmissions.
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
mod tests {
    use super::*;
    use crate::mim::{AgentName, Counters, Refusal, StepDetails};

    fn call() -> ProfileCall {
        ProfileCall {
            agent: AgentName::new("HR").unwrap(),
            profile: ProfileName::new("Full Import").unwrap(),
        }
    }

    fn lost() -> Follow {
        Follow::new(
            BackendOptions::default(),
            call(),
            (7, at(0)),
            &ExecuteReply::ProbablyRunning("no answer within 5 s".to_owned()),
            Some("CORP\\op".to_owned()),
        )
    }

    const fn at(secs: u64) -> Moment {
        Moment::after_zero(Duration::from_secs(secs))
    }

    fn word(text: &str) -> RunResult {
        RunResult::new(text)
    }

    fn entry(run_number: u64, profile: &str, result: &str) -> HistoryEntry {
        HistoryEntry {
            run_number,
            profile: ProfileName::new(profile).unwrap(),
            result: word(result),
        }
    }

    /// What the history says, where no run has details any more.
    fn told(
        follow: &mut Follow,
        now: Moment,
        number: u64,
        status: &RunResult,
        entries: &[HistoryEntry],
    ) -> Next {
        match follow.by_history(now, number, status, entries) {
            Next::Compare(candidates) => {
                let candidates: Vec<_> = candidates.into_iter().map(|one| (one, None)).collect();
                follow.compared(&candidates)
            }
            next => next,
        }
    }

    fn number_and_result(next: &Next) -> Option<(Option<u64>, &str)> {
        match next {
            Next::End(ProfileEnd::Ended {
                result, run_number, ..
            }) => Some((*run_number, result.as_str())),
            _ => None,
        }
    }

    #[test]
    fn replies_are_told_apart() {
        for (text, expected) in [
            ("success", "details"),
            ("completed-export-errors", "details"),
            ("stopped-server-down", "details"),
            ("no-start-file-not-found", "details"),
            ("a-word-of-the-future", "details"),
            ("in-progress", "follow"),
            ("completing-referential-updates", "follow"),
            ("", "follow"),
            ("no-start-unknown-profile-name", "ended"),
            ("access-denied", "ended"),
            ("connection-failure", "ended"),
            ("call-failure:0x80230709", "look again"),
        ] {
            let after = after_reply(&ExecuteReply::Ended(word(text)));
            let kind = match after {
                AfterReply::ReadDetails(_) => "details",
                AfterReply::LookAgain(_) => "look again",
                AfterReply::Follow => "follow",
                AfterReply::End(ProfileEnd::Ended { .. }) => "ended",
                AfterReply::End(_) => "other",
            };
            assert_eq!(kind, expected, "{text}");
        }
        for (text, expected) in [
            ("no-start-ma-already-running", Refusal::AgentBusy),
            ("no-start-ma-update-in-progress", Refusal::AgentUpdate),
            ("call-failure:0x8023063D", Refusal::SecondSynchronization),
        ] {
            assert_eq!(
                after_reply(&ExecuteReply::Ended(word(text))),
                AfterReply::End(ProfileEnd::Refused {
                    refusal: expected,
                    result: word(text)
                })
            );
        }
    }

    #[test]
    fn the_old_status_is_not_taken_for_a_new_result() {
        let mut follow = lost();
        let next = follow.polled(at(0), 7, &word("success"));
        assert!(matches!(next, Next::Poll(_)), "{next:?}");
    }

    #[test]
    fn an_idle_agent_means_not_started_only_after_the_grace() {
        let mut follow = lost();
        follow.polled(at(0), 7, &word("success"));
        assert!(matches!(
            follow.polled(at(29), 7, &word("success")),
            Next::Poll(_)
        ));
        let next = follow.polled(at(30), 7, &word("success"));
        let Next::End(ProfileEnd::NotStarted {
            message,
            is_passing: true,
        }) = next
        else {
            panic!("{next:?}");
        };
        assert!(message.contains("no answer within 5 s"), "{message}");
    }

    #[test]
    fn an_acknowledged_run_that_never_appears_is_unknown() {
        let mut follow = Follow::new(
            BackendOptions::default(),
            call(),
            (7, at(0)),
            &ExecuteReply::Ended(word("in-progress")),
            None,
        );
        follow.polled(at(0), 7, &word("success"));
        let next = follow.polled(at(40), 7, &word("success"));
        assert!(
            matches!(next, Next::End(ProfileEnd::Unknown { .. })),
            "{next:?}"
        );
    }

    #[test]
    fn a_loss_does_not_count_as_idleness() {
        let mut follow = lost();
        follow.polled(at(0), 7, &word("success"));
        follow.failed(at(10), ServiceErrorKind::Unreachable, "gone");
        let next = follow.polled(at(60), 7, &word("success"));
        assert!(matches!(next, Next::Poll(_)), "{next:?}");
        assert_eq!(follow.take_reports().len(), 2);
    }

    #[test]
    fn a_seen_run_is_told_once_per_status_and_settled_at_its_end() {
        let mut follow = lost();
        assert_eq!(
            follow.polled(at(0), 8, &word("in-progress")),
            Next::AskProfile { number: 8 }
        );
        follow.profile_seen(8, Some(&call().profile), None);
        assert!(follow.may_stop());
        follow.polled(at(1), 8, &word("in-progress"));
        follow.polled(at(2), 8, &word("in-progress"));
        follow.polled(at(3), 8, &word("completing-obsoletion"));
        assert_eq!(
            follow.take_reports(),
            [
                ProfileReport::Status("in-progress".to_owned()),
                ProfileReport::Status("completing-obsoletion".to_owned())
            ]
        );
        assert_eq!(
            follow.polled(at(4), 8, &word("success")),
            Next::Settle {
                number: 8,
                status: word("success")
            }
        );
    }

    #[test]
    fn a_foreign_run_moves_the_mark() {
        let mut follow = lost();
        follow.polled(at(0), 8, &word("in-progress"));
        let other = ProfileName::new("Export").unwrap();
        follow.profile_seen(8, Some(&other), None);
        let reports = follow.take_reports();
        assert!(
            matches!(&reports[..], [ProfileReport::Notice(Severity::Warning, sentence)]
                if sentence.contains("somebody else runs `Export` there")),
            "{reports:?}"
        );
        assert!(!follow.may_stop());
        assert_eq!(follow.noted(), 8);
        assert!(matches!(
            follow.polled(at(5), 8, &word("success")),
            Next::Poll(_)
        ));
    }

    #[test]
    fn the_same_profile_by_another_account_is_not_ours() {
        for (account, is_ours) in [
            ("CORP\\op", true),
            ("corp\\OP ", true),
            ("CORP\\somebody", false),
            // None of these is certainly somebody else.
            ("OTHER\\somebody", true),
            ("somebody@corp.example", true),
            ("somebody", true),
            ("CORP\\", true),
            ("", true),
        ] {
            let ours = call().profile;
            let mut follow = lost();
            follow.polled(at(0), 8, &word("in-progress"));
            assert!(follow.asks_for_account(8, Some(&ours)));
            follow.profile_seen(8, Some(&ours), Some(account));
            assert_eq!(follow.may_stop(), is_ours, "{account}");
            assert_eq!(follow.noted(), if is_ours { 7 } else { 8 }, "{account}");

            let by = |number: u64| RunDetails {
                account: account.to_owned(),
                ..details(number, "Full Import", Some("success"))
            };
            let mut follow = lost();
            let next = follow.by_details(8, &word("success"), Some(&by(8)));
            assert_eq!(matches!(next, Some(Next::End(_))), is_ours, "{account}");
            assert_eq!(follow.take_reports().len(), usize::from(!is_ours));

            // Of two candidates the one that is certainly somebody else's does not count.
            let mut follow = lost();
            let mine = RunDetails {
                account: "CORP\\op".to_owned(),
                ..by(10)
            };
            let candidates = [
                (entry(9, "Full Import", "stopped-server"), Some(by(9))),
                (entry(10, "Full Import", "success"), Some(mine)),
            ];
            let next = follow.compared(&candidates);
            let expected = (!is_ours).then_some((Some(10), "success"));
            assert_eq!(number_and_result(&next), expected, "{account}");
        }
    }

    #[test]
    fn an_account_that_cannot_be_known_is_not_asked_for() {
        let without = Follow::new(
            BackendOptions::default(),
            call(),
            (7, at(0)),
            &ExecuteReply::ProbablyRunning(String::new()),
            None,
        );
        assert!(!without.asks_for_account(8, Some(&call().profile)));
        let acknowledged = Follow::new(
            BackendOptions::default(),
            call(),
            (7, at(0)),
            &ExecuteReply::Ended(word("in-progress")),
            Some("CORP\\op".to_owned()),
        );
        assert!(!acknowledged.asks_for_account(8, Some(&call().profile)));
        let other = ProfileName::new("Export").unwrap();
        assert!(!lost().asks_for_account(8, Some(&other)));
        assert!(!lost().asks_for_account(9, Some(&call().profile)));
    }

    #[test]
    fn runs_that_are_all_somebody_elses_leave_the_question_open() {
        let mut follow = lost();
        let theirs = RunDetails {
            account: "CORP\\somebody".to_owned(),
            ..details(8, "Full Import", Some("success"))
        };
        let next = follow.compared(&[(entry(8, "Full Import", "success"), Some(theirs))]);
        assert!(matches!(next, Next::Poll(_)), "{next:?}");
        assert_eq!(follow.noted(), 8);
    }

    #[test]
    fn a_request_may_be_under_way_as_long_as_the_network_was_away() {
        for (away, grace) in [(10, 30), (60, 60), (1_000, 120)] {
            let mut follow = lost();
            follow.failed(at(1), ServiceErrorKind::Unreachable, "gone");
            follow.polled(at(away), 7, &word("success"));
            for secs in away + 1..away + grace {
                let next = follow.polled(at(secs), 7, &word("success"));
                assert!(matches!(next, Next::Poll(_)), "{away} {secs} {next:?}");
            }
            let next = follow.polled(at(away + grace), 7, &word("success"));
            assert!(
                matches!(next, Next::End(ProfileEnd::NotStarted { .. })),
                "{away} {next:?}"
            );
        }
    }

    #[test]
    fn a_restart_of_the_server_is_told_with_what_cannot_be_known() {
        let mut follow = lost();
        follow.polled(at(0), 8, &word("in-progress"));
        follow.profile_seen(8, Some(&call().profile), None);
        follow.failed(at(5), ServiceErrorKind::Unreachable, "gone");
        let stale = [entry(8, "Full Import", "in-progress")];
        for secs in [95, 125] {
            follow.polled(at(secs), 8, &word(""));
            let next = told(&mut follow, at(secs), 8, &word(""), &stale);
            let Next::End(ProfileEnd::Unknown { message }) = next else {
                assert_eq!(secs, 95, "{next:?}");
                continue;
            };
            assert!(
                message.contains("did not answer for 1 min 30 s"),
                "{message}"
            );
            assert!(message.contains("restarted"), "{message}");
        }
    }

    #[test]
    fn a_later_run_of_the_same_profile_is_left_to_the_history() {
        let mut follow = lost();
        follow.polled(at(0), 9, &word("in-progress"));
        let next = follow.profile_seen(9, Some(&call().profile), None);
        assert!(matches!(next, Next::Settle { number: 9, .. }), "{next:?}");
        assert!(!follow.may_stop());
        let entries = [
            entry(8, "Full Import", "success"),
            entry(9, "Full Import", "in-progress"),
        ];
        let next = told(&mut follow, at(0), 9, &word("in-progress"), &entries);
        assert_eq!(number_and_result(&next), Some((Some(8), "success")));
    }

    #[test]
    fn only_the_next_run_of_the_profile_is_certainly_ours() {
        for (number, profile, fits) in [
            (7, "Full Import", false),
            (8, "full import", true),
            (8, "Export", false),
            (9, "Full Import", false),
        ] {
            assert_eq!(
                details_fit(&details(number, profile, None), 7, &call().profile),
                fits,
                "{number} {profile}"
            );
        }
    }

    #[test]
    fn the_history_finds_ours_among_others() {
        for (entries, expected) in [
            (
                vec![
                    entry(8, "Full Import", "success"),
                    entry(9, "Export", "success"),
                ],
                Some((Some(8), "success")),
            ),
            (
                vec![
                    entry(8, "Export", "success"),
                    entry(9, "full import", "completed-no-objects"),
                ],
                Some((Some(9), "completed-no-objects")),
            ),
            (
                // The next number with our profile is ours, also when somebody repeats it.
                vec![
                    entry(8, "Full Import", "stopped-server"),
                    entry(9, "Full Import", "success"),
                ],
                Some((Some(8), "stopped-server")),
            ),
        ] {
            let next = told(&mut lost(), at(1), 9, &word("success"), &entries);
            assert_eq!(number_and_result(&next), expected, "{entries:?}");
        }
    }

    #[test]
    fn two_candidates_after_a_foreign_run_are_ambiguous() {
        let entries = [
            entry(8, "Export", "success"),
            entry(9, "Full Import", "success"),
            entry(10, "Full Import", "success"),
        ];
        let next = told(&mut lost(), at(1), 10, &word("success"), &entries);
        let Next::End(ProfileEnd::Unknown { message }) = next else {
            panic!("{next:?}");
        };
        assert!(message.contains("run 9 and run 10"), "{message}");
    }

    #[test]
    fn only_foreign_runs_leave_the_question_open() {
        let mut follow = lost();
        let entries = [entry(8, "Export", "success")];
        let next = told(&mut follow, at(1), 8, &word("success"), &entries);
        assert!(matches!(next, Next::Poll(_)), "{next:?}");
        assert_eq!(follow.noted(), 8);
    }

    #[test]
    fn patience_ends_and_a_refused_password_ends_it_at_once() {
        let mut follow = lost();
        assert!(matches!(
            follow.failed(at(0), ServiceErrorKind::Unreachable, "gone"),
            Next::Poll(_)
        ));
        assert!(matches!(
            follow.failed(at(1_799), ServiceErrorKind::Fault, "gone"),
            Next::Poll(_)
        ));
        assert!(matches!(
            follow.failed(at(1_800), ServiceErrorKind::Unreachable, "gone"),
            Next::End(ProfileEnd::Unknown { .. })
        ));
        for kind in [
            ServiceErrorKind::Unauthorized,
            ServiceErrorKind::Untrusted,
            ServiceErrorKind::Forbidden,
        ] {
            assert!(matches!(
                lost().failed(at(0), kind, "no"),
                Next::End(ProfileEnd::Unknown { .. })
            ));
        }
    }

    fn details(run_number: u64, profile: &str, step_result: Option<&str>) -> RunDetails {
        let step = |result: &str| StepDetails {
            number: 1,
            started: None,
            ended: None,
            result: word(result),
            step_type: None,
            counters: Counters::default(),
            outbound: Vec::new(),
            errors: Vec::new(),
            error_count: 0,
            connection: None,
        };
        RunDetails {
            agent: call().agent,
            agent_guid: String::new(),
            run_number,
            profile: ProfileName::new(profile).unwrap(),
            account: String::new(),
            steps: step_result.map(step).into_iter().collect(),
        }
    }

    #[test]
    fn details_are_taken_only_when_they_are_of_our_ended_run() {
        for (details, status, taken) in [
            (details(8, "Full Import", Some("success")), "success", true),
            (details(8, "Export", Some("success")), "success", false),
            (details(7, "Full Import", Some("success")), "success", false),
            (
                details(8, "Full Import", Some("success")),
                "in-progress",
                false,
            ),
            (details(8, "Full Import", Some("success")), "", false),
            // The status still is that of the run before.
            (
                details(8, "Full Import", Some("in-progress")),
                "success",
                false,
            ),
            (details(8, "Full Import", None), "success", false),
        ] {
            let end = lost().by_details(8, &word(status), Some(&details));
            assert_eq!(end.is_some(), taken, "{details:?} {status}");
        }
    }

    #[test]
    fn numbers_that_go_back_leave_nothing_certain() {
        let next = lost().polled(at(0), 3, &word("success"));
        assert!(
            matches!(next, Next::End(ProfileEnd::Unknown { .. })),
            "{next:?}"
        );
    }

    #[test]
    fn a_run_of_which_nothing_tells_is_given_up() {
        let mut follow = lost();
        for secs in 0..30 {
            follow.polled(at(secs), 8, &word("success"));
            let next = told(&mut follow, at(secs), 8, &word("success"), &[]);
            assert!(matches!(next, Next::Poll(_)), "{next:?}");
        }
        follow.polled(at(30), 8, &word("success"));
        let next = told(&mut follow, at(30), 8, &word("success"), &[]);
        assert!(
            matches!(next, Next::End(ProfileEnd::Unknown { .. })),
            "{next:?}"
        );
    }

    #[test]
    fn a_history_that_never_learns_of_the_end_is_not_believed_for_ever() {
        // Such as after a crash of the service in the middle of a run.
        for (status, expected) in [
            (
                "stopped-server-down",
                Some((Some(8), "stopped-server-down")),
            ),
            ("", None),
        ] {
            let mut follow = lost();
            let stale = [entry(8, "Full Import", "in-progress")];
            for secs in 0..30 {
                follow.polled(at(secs), 8, &word(status));
                let next = told(&mut follow, at(secs), 8, &word(status), &stale);
                assert!(matches!(next, Next::Poll(_)), "{next:?}");
            }
            follow.polled(at(30), 8, &word(status));
            let next = told(&mut follow, at(30), 8, &word(status), &stale);
            assert!(matches!(next, Next::End(_)), "{next:?}");
            assert_eq!(number_and_result(&next), expected);
        }
    }

    #[test]
    fn a_cleared_history_does_not_hide_a_run_that_was_seen() {
        let mut follow = lost();
        follow.polled(at(0), 8, &word("in-progress"));
        follow.profile_seen(8, Some(&call().profile), None);
        let next = told(&mut follow, at(5), 8, &word("success"), &[]);
        assert_eq!(number_and_result(&next), Some((Some(8), "success")));

        let mut follow = lost();
        follow.polled(at(0), 8, &word("in-progress"));
        follow.profile_seen(8, Some(&call().profile), None);
        let next = follow.polled(at(5), 0, &word(""));
        assert!(
            matches!(next, Next::End(ProfileEnd::Unknown { .. })),
            "{next:?}"
        );
    }
}
