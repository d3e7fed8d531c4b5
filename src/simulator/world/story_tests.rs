//! The figures of the small company, read as a newcomer reads them: what HR tells is what goes out.

use std::time::Duration;

use super::*;
use crate::base::time::Moment;
use crate::simulator::scenario::Scenario;

/// Longer than any run of the scenario.
const STEP: Duration = Duration::from_mins(2);

/// The small company at work: one run after the other.
struct Company {
    world: World,
    now: Moment,
}

impl Company {
    fn new() -> Self {
        let wall = "2026-11-02T08:00:00Z".parse().unwrap();
        Self {
            world: World::new(&Scenario::small_company(), 1.0, Moment::ZERO, wall),
            now: Moment::ZERO,
        }
    }

    /// Runs a profile to its end and tells what its step did.
    fn run(&mut self, agent: &str, profile: &str) -> (StepWork, String) {
        let place = self.world.agent(agent).unwrap();
        let order = self.world.execute(place, profile, "DEMO\\me", self.now);
        let Order::Started(started) = order else {
            panic!("{agent}: {profile}: {order:?}");
        };
        self.now = self.now + STEP;
        self.world.advance(self.now);
        let run = self.world.run(started.run).unwrap();
        (run.steps[0].work.clone(), run.result.clone().unwrap())
    }

    fn space(&self, agent: &str) -> SpaceTally {
        let place = self.world.agent(agent).unwrap();
        self.world.directory().space(place).unwrap().tally()
    }

    /// Nothing waits for a synchronization, an export or a confirmation.
    fn assert_calm(&self) {
        for agent in AGENTS {
            let space = self.space(agent);
            let waiting = [
                space.import_add,
                space.import_update,
                space.import_delete,
                space.export_add,
                space.export_update,
                space.export_delete,
                space.unconfirmed,
            ];
            assert_eq!(waiting, [0; 7], "{agent}");
        }
    }
}

const AGENTS: [&str; 4] = ["HR", "SQL", "AD", "MIM Service"];
const TARGETS: [&str; 3] = ["SQL", "AD", "MIM Service"];

#[test]
fn the_past_leaves_nothing_undone() {
    Company::new().assert_calm();
}

#[test]
fn what_goes_out_is_what_came_in() {
    let mut company = Company::new();
    for _ in 0..3 {
        let people = company.world.people() as u64;
        let mut staged = StagingTally::default();
        for agent in AGENTS {
            let (work, _) = company.run(agent, "Delta Import");
            if agent == "HR" {
                staged = work.staging.unwrap();
            }
        }
        assert!(staged.add > 0 && staged.delete > 0, "{staged:?}");
        for agent in AGENTS {
            company.run(agent, "Delta Sync");
        }
        let now = company.world.people() as u64;
        assert_eq!(now, people + staged.add - staged.delete);
        for agent in TARGETS {
            let export = company.run(agent, "Export").0.export.unwrap();
            assert_eq!(
                (export.add, export.delete),
                (staged.add, staged.delete),
                "{agent}"
            );
            // Beside what HR changed: what somebody changed by hand, put right again.
            assert!(export.update >= staged.update, "{agent}: {export:?}");
            let confirmed = company.run(agent, "Delta Import").0.staging.unwrap();
            assert_eq!(confirmed.confirmed, confirmed.total(), "{agent}");
            assert_eq!(confirmed.total(), export.total(), "{agent}");
            company.run(agent, "Delta Sync");
        }
        company.assert_calm();
    }
}

#[test]
fn a_delta_import_tells_what_changed_since_the_last_import_only() {
    let mut company = Company::new();
    // The export only makes the next import one that confirms: nothing happens before it.
    for (before, expected) in [("Full Import", 0), ("Delta Import", 0)] {
        company.run("HR", before);
        company.run("HR", "Export");
        let (work, result) = company.run("HR", "Delta Import");
        assert_eq!(work.staging.unwrap().total(), expected, "after {before}");
        assert_eq!(result, "completed-no-objects");
    }
    let (work, _) = company.run("HR", "Delta Import");
    let total = work.staging.unwrap().total();
    assert!((1..60).contains(&total), "{total}");
}
