//! Which fault of the scenario strikes now.
//!
//! Counts cases and decides; must not know what a fault does.

use std::time::Duration;

use crate::simulator::scenario::{Fault, FaultKind, Phase, same};

/// The scenario's faults and how often each had its chance.
#[derive(Debug, Clone)]
pub struct FaultBook(Vec<(Fault, u32)>);

/// A connection fault that strikes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerFault {
    /// What happens to the answer.
    pub kind: FaultKind,
    /// Whether the request is performed first.
    pub phase: Phase,
    /// `cut`: how many bytes of the answer arrive.
    pub after_bytes: u64,
}

impl FaultBook {
    /// All faults of a scenario, none of which has struck.
    pub fn new(faults: &[Fault]) -> Self {
        Self(faults.iter().map(|fault| (fault.clone(), 0)).collect())
    }

    /// The fault of one of these kinds that strikes this agent and profile; counts the case.
    pub fn strike(
        &mut self,
        kinds: &[FaultKind],
        agent: &str,
        profile: &str,
        elapsed: Duration,
    ) -> Option<Fault> {
        self.first(elapsed, |fault| {
            kinds.contains(&fault.kind)
                && fault.agent.as_deref().is_none_or(|name| same(name, agent))
                && fault
                    .profile
                    .as_deref()
                    .is_none_or(|name| same(name, profile))
        })
    }

    /// The fault that strikes this request's connection or answer; counts the case.
    pub fn strike_request(
        &mut self,
        request: &str,
        agent: Option<&str>,
        profile: Option<&str>,
        elapsed: Duration,
    ) -> Option<AnswerFault> {
        let fault = self.first(elapsed, |fault| {
            let is_limited_to = |wanted: &Option<String>, seen: Option<&str>| match wanted {
                None => true,
                Some(name) => seen.is_some_and(|seen| same(name, seen)),
            };
            let is_of_request = fault.kind == FaultKind::Cut && fault.phase == Phase::Before;
            strikes_answers(fault.kind)
                && !is_of_request
                && fault
                    .request
                    .as_deref()
                    .is_none_or(|name| name.eq_ignore_ascii_case(request))
                && is_limited_to(&fault.agent, agent)
                && is_limited_to(&fault.profile, profile)
        })?;
        Some(AnswerFault {
            kind: fault.kind,
            phase: fault.phase,
            after_bytes: fault.after_bytes,
        })
    }

    /// After how many bytes of the request that begins to arrive its connection is cut; counts the
    /// case. Nobody can tell yet what the request is.
    pub fn strike_incoming(&mut self, elapsed: Duration) -> Option<u64> {
        let is_of_request =
            |fault: &Fault| fault.kind == FaultKind::Cut && fault.phase == Phase::Before;
        self.first(elapsed, is_of_request)
            .map(|fault| fault.after_bytes)
    }

    /// Whether a fault of this kind lasts now; counts nothing.
    pub fn lasts(&self, kind: FaultKind, elapsed: Duration) -> bool {
        self.0
            .iter()
            .any(|(fault, _)| fault.kind == kind && is_time(fault, elapsed))
    }

    /// The length of a fault of this kind that lasts now; `None` when there is none, or it names no
    /// length.
    pub fn length(&self, kind: FaultKind, elapsed: Duration) -> Option<Duration> {
        let mut lasting = self.0.iter().map(|(fault, _)| fault);
        lasting
            .find(|fault| fault.kind == kind && is_time(fault, elapsed))
            .and_then(|fault| fault.length)
    }

    /// The next time after `elapsed` at which a fault of this kind begins or ends.
    pub fn next_turn(&self, kind: FaultKind, elapsed: Duration) -> Option<Duration> {
        self.0
            .iter()
            .filter(|(fault, _)| fault.kind == kind)
            .flat_map(|(fault, _)| {
                let end = fault.lasts.map(|lasts| fault.after.saturating_add(lasts));
                [Some(fault.after), end]
            })
            .flatten()
            .filter(|turn| *turn > elapsed)
            .min()
    }

    fn first(&mut self, elapsed: Duration, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        for (fault, seen) in &mut self.0 {
            if !fits(fault) || !is_time(fault, elapsed) {
                continue;
            }
            let case = *seen;
            *seen = seen.saturating_add(1);
            let Some(struck) = case.checked_sub(fault.skip) else {
                continue;
            };
            if fault.count.is_none_or(|count| struck < count) {
                return Some(fault.clone());
            }
        }
        None
    }
}

const fn strikes_answers(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::ConnectionReset
            | FaultKind::Silence
            | FaultKind::SlowBody
            | FaultKind::Garbage
            | FaultKind::Unauthorized
            | FaultKind::TimedOut
            | FaultKind::WinrmDenied
            | FaultKind::WmiDenied
            | FaultKind::Cut
    )
}

fn is_time(fault: &Fault, elapsed: Duration) -> bool {
    let end = fault.lasts.map(|lasts| fault.after.saturating_add(lasts));
    fault.after <= elapsed && end.is_none_or(|end| elapsed < end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::scenario::Scenario;

    fn book(faults: &str) -> FaultBook {
        let text = format!(
            "name = \"x\"\n[[agent]]\nname = \"HR\"\ntype = \"SQL\"\nrole = \"source\"\n\
             [[agent.profile]]\nname = \"FI\"\nsteps = [\"full-import\"]\nduration = \"2s\"\n{faults}"
        );
        FaultBook::new(&Scenario::read(&text).unwrap().faults)
    }

    #[test]
    fn skip_and_count_limit_a_fault() {
        let mut book = book("[[fault]]\nkind = \"hang\"\nagent = \"hr\"\nskip = 1\ncount = 2\n");
        let mut strikes = |agent| {
            book.strike(&[FaultKind::Hang], agent, "FI", Duration::ZERO)
                .is_some()
        };
        assert!(!strikes("AD"));
        let cases: Vec<bool> = (0..5).map(|_| strikes("HR")).collect();
        assert_eq!(cases, [false, true, true, false, false]);
    }

    #[test]
    fn time_limits_a_fault() {
        let book = book("[[fault]]\nkind = \"service-stopped\"\nafter = \"10s\"\nfor = \"5s\"\n");
        let at = Duration::from_secs;
        let lasts = |secs| book.lasts(FaultKind::ServiceStopped, at(secs));
        assert_eq!(
            [lasts(9), lasts(10), lasts(14), lasts(15)],
            [false, true, true, false]
        );
        let turn = |secs| book.next_turn(FaultKind::ServiceStopped, at(secs));
        assert_eq!(
            [turn(0), turn(10), turn(15)],
            [Some(at(10)), Some(at(15)), None]
        );
    }

    #[test]
    fn requests_are_told_apart() {
        let mut book = book(
            "[[fault]]\nkind = \"garbage\"\nrequest = \"execute\"\nagent = \"HR\"\nphase = \"after\"\n",
        );
        let mut strikes =
            |request, agent| book.strike_request(request, agent, None, Duration::ZERO);
        assert_eq!(strikes("Execute", None), None);
        assert_eq!(strikes("RunStatus", Some("HR")), None);
        assert_eq!(
            strikes("Execute", Some("HR")),
            Some(AnswerFault {
                kind: FaultKind::Garbage,
                phase: Phase::After,
                after_bytes: 0,
            })
        );
    }
}
