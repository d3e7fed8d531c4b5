//! The past: what ran before the start happens here, at once and in its order.
//!
//! [`super::history`] decides what has run; this makes it happen to the objects.

use jiff::{SignedDuration, Timestamp};

use super::agent::{new_run, next_step_runs, run_result, steps_of};
use super::engine::World;
use super::history::{PastRun, past_runs};
use super::run::StepRecord;
use crate::simulator::scenario::{Scenario, ScenarioProfile};

impl World {
    /// Lets the past happen, one run after the other, each day from three o'clock before now on.
    pub(super) fn live_through(&mut self, scenario: &Scenario) {
        let runs = past_runs(scenario);
        let mut day = 0;
        let mut at = self.wall;
        for PastRun {
            days_ago,
            agent,
            profile,
        } in runs
        {
            if days_ago != day {
                day = days_ago;
                let back = SignedDuration::from_hours(i64::from(days_ago) * 24);
                at = self.wall.saturating_sub(back).unwrap_or(Timestamp::MIN);
            }
            let described = scenario.agents.get(agent);
            let described = described.and_then(|described| described.profiles.get(profile));
            if let Some(described) = described {
                at = self.live_run(agent, described, &scenario.account, at);
            }
        }
    }

    /// A run of the past that begins at `at`; tells when it ended.
    fn live_run(
        &mut self,
        agent: usize,
        profile: &ScenarioProfile,
        account: &str,
        at: Timestamp,
    ) -> Timestamp {
        let span = self.spread(profile) / steps_of(profile);
        let mut record = new_run(profile, account, at);
        let mut time = at;
        for step_type in &profile.steps {
            let (work, result) = self.perform(agent, *step_type, None);
            let ended = time.saturating_add(span).unwrap_or(Timestamp::MAX);
            let goes_on = next_step_runs(&result);
            record.steps.push(StepRecord {
                step_type: *step_type,
                started: time,
                ended: Some(ended),
                result: Some(result),
                work,
            });
            time = ended;
            if !goes_on {
                break;
            }
        }
        record.result = Some(run_result(&record));
        record.ended = Some(time);
        if let Some(agent) = self.agents.get_mut(agent) {
            agent.add_run(record);
        }
        time
    }
}
