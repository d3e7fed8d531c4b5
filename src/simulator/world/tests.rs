//! The world under test: its rules one by one, and series of any operations.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::base::time::Moment;
use crate::mim::StepType;
use crate::simulator::scenario::Scenario;

const fn at(secs: u64) -> Moment {
    Moment::after_zero(Duration::from_secs(secs))
}

fn wall() -> Timestamp {
    "2026-11-02T08:00:00Z".parse().unwrap()
}

/// Agents `HR` and `AD` with all profiles of ten seconds each, and more text.
fn scenario(more: &str) -> Scenario {
    let mut text = "name = \"test\"\nhistory-days = 0\n".to_owned();
    for (name, role, people) in [("HR", "source", 20), ("AD", "target", 0)] {
        write!(
            text,
            "[[agent]]\nname = \"{name}\"\ntype = \"X\"\nrole = \"{role}\"\npeople = {people}\n"
        )
        .unwrap();
        for (profile, steps) in [
            ("FI", "\"full-import\""),
            ("DI", "\"delta-import\""),
            ("FS", "\"full-sync\""),
            ("DS", "\"delta-sync\""),
            ("EX", "\"export\""),
            ("FIDS", "\"full-import\", \"delta-sync\""),
            ("COMBI", "\"full-import-full-sync\""),
        ] {
            write!(
                text,
                "[[agent.profile]]\nname = \"{profile}\"\nsteps = [{steps}]\nduration = \"10s\"\n\
                 spread = 0.0\n"
            )
            .unwrap();
        }
    }
    text.push_str(more);
    Scenario::read(&text).unwrap()
}

fn world(more: &str) -> World {
    World::new(&scenario(more), 1.0, Moment::ZERO, wall())
}

fn start(world: &mut World, agent: &str, profile: &str, secs: u64) -> RunKey {
    let agent = world.agent(agent).unwrap();
    match world.execute(agent, profile, "DEMO\\me", at(secs)) {
        Order::Started(started) => started.run,
        Order::Refused(word) => panic!("refused: {word}"),
    }
}

fn refused(world: &mut World, agent: &str, profile: &str, secs: u64) -> String {
    let agent = world.agent(agent).unwrap();
    match world.execute(agent, profile, "DEMO\\me", at(secs)) {
        Order::Started(started) => panic!("{started:?}"),
        Order::Refused(word) => word,
    }
}

/// Runs a profile to its end; `secs` counts on.
fn run(world: &mut World, agent: &str, profile: &str, secs: &mut u64) -> Run {
    let key = start(world, agent, profile, *secs);
    *secs += 10;
    world.advance(at(*secs));
    world.run(key).unwrap().clone()
}

#[test]
fn a_cycle_carries_people_from_source_to_target() {
    let mut world = world("");
    let mut secs = 0;
    let import = run(&mut world, "HR", "FI", &mut secs);
    assert_eq!(import.result.as_deref(), Some("success"));
    assert_eq!(import.steps[0].work.staging.unwrap().add, 20);
    let sync = run(&mut world, "HR", "DS", &mut secs);
    assert_eq!(sync.steps[0].work.inbound.unwrap().projected_flow, 20);
    assert_eq!(sync.steps[0].work.outbound.len(), 1);
    assert_eq!(sync.steps[0].work.outbound[0].1.provisioned_add, 20);
    assert_eq!(world.people(), 20);
    let numbers = world.numbers(1, at(secs)).unwrap();
    assert_eq!(numbers.space.export_add, 20);
    let export = run(&mut world, "AD", "EX", &mut secs);
    assert_eq!(export.steps[0].work.export.unwrap().add, 20);
    assert_eq!(world.numbers(1, at(secs)).unwrap().space.unconfirmed, 20);
    let confirm = run(&mut world, "AD", "DI", &mut secs);
    assert_eq!(confirm.steps[0].work.staging.unwrap().confirmed, 20);
    let nothing = run(&mut world, "AD", "DI", &mut secs);
    assert_eq!(nothing.result.as_deref(), Some("completed-no-objects"));
}

#[test]
fn times_numbers_and_states_follow_the_run() {
    let mut world = world("");
    assert_eq!(world.activity(0, at(0)), Activity::Never);
    assert_eq!(world.details(0, at(0)), "<run-history></run-history>");
    let key = start(&mut world, "hr", "fi", 5);
    assert_eq!(key.number, 1);
    assert_eq!(
        world.activity(0, at(6)),
        Activity::Running("in-progress".to_owned())
    );
    let running = world.numbers(0, at(6)).unwrap();
    assert_eq!(running.profile.as_deref(), Some("FI"));
    assert_eq!((running.run_number, running.started), (Some(1), None));
    assert_eq!(world.answer(key, at(6)), Answer::NotBefore(Some(at(15))));
    assert!(
        world
            .details(0, at(6))
            .contains("<step-result>in-progress<")
    );
    assert_eq!(
        world.answer(key, at(15)),
        Answer::Word("success".to_owned())
    );
    let idle = world.numbers(0, at(20)).unwrap();
    assert_eq!(idle.started.as_deref(), Some("2026-11-02 08:00:05.000"));
    assert_eq!(idle.ended.as_deref(), Some("2026-11-02 08:00:15.000"));
    assert_eq!(world.history(at(20))[0].status, "success");
    let other = start(&mut world, "HR", "FS", 30);
    assert_eq!(
        world.activity(0, at(39)),
        Activity::Running("completing-referential-updates".to_owned())
    );
    assert_eq!(other.number, 2);
}

#[test]
fn the_real_rules_are_kept() {
    let mut world = world("");
    start(&mut world, "HR", "FS", 0);
    assert_eq!(
        refused(&mut world, "HR", "FI", 1),
        "no-start-ma-already-running"
    );
    assert_eq!(
        refused(&mut world, "AD", "nothing", 1),
        "no-start-unknown-profile-name"
    );
    for sync in ["DS", "FIDS", "COMBI"] {
        assert_eq!(
            refused(&mut world, "AD", sync, 1),
            "call-failure:0x8023063D"
        );
    }
    start(&mut world, "AD", "FI", 1);
    let counts = [world.counts(0), world.counts(1)];
    assert_eq!((counts[0].executions, counts[0].refused_busy), (1, 1));
    assert_eq!(
        (counts[1].executions, counts[1].refused_synchronizations),
        (1, 3)
    );
}

#[test]
fn stop_ends_a_run_and_its_work_is_not_done() {
    let mut world = world("");
    let key = start(&mut world, "HR", "FI", 0);
    assert_eq!(world.stop(0, at(3)), "success");
    assert_eq!(
        world.answer(key, at(3)),
        Answer::Word("stopped-user-termination-from-wmi-or-ui".to_owned())
    );
    assert_eq!(world.stop(0, at(3)), "ma-not-running");
    assert_eq!(world.numbers(0, at(50)).unwrap().space.objects, 0);
}

#[test]
fn steps_of_a_profile_follow_each_other_unless_one_fails() {
    let mut first = world("");
    let mut secs = 0;
    let done = run(&mut first, "HR", "FIDS", &mut secs);
    assert_eq!(done.steps.len(), 2);
    assert_eq!(done.steps[1].started, done.steps[0].ended.unwrap());
    assert_eq!(done.steps[1].work.inbound.unwrap().total(), 20);
    let mut second =
        world("[[fault]]\nkind = \"discovery-errors\"\nprofile = \"FIDS\"\nobjects = 4\n");
    let failed = run(&mut second, "HR", "FIDS", &mut 0);
    assert_eq!(failed.result.as_deref(), Some("completed-discovery-errors"));
    assert_eq!(
        (failed.steps.len(), failed.steps[0].work.failures.len()),
        (1, 4)
    );
    assert_eq!(failed.steps[0].work.staging.unwrap().add, 16);
}

#[test]
fn faults_of_runs() {
    for (fault, profile, expected) in [
        ("kind = \"deadlock\"", "FI", "stopped-deadlocked"),
        (
            "kind = \"result\"\nresult = \"stopped-server-down\"",
            "FI",
            "stopped-server-down",
        ),
        (
            "kind = \"discovery-errors\"",
            "FI",
            "completed-discovery-errors",
        ),
    ] {
        let mut world = world(&format!("[[fault]]\n{fault}\nagent = \"HR\"\ncount = 1\n"));
        let mut secs = 0;
        let first = run(&mut world, "HR", profile, &mut secs);
        assert_eq!(first.result.as_deref(), Some(expected));
        let second = run(&mut world, "HR", profile, &mut secs);
        assert_eq!(second.result.as_deref(), Some("success"), "{expected}");
    }
    for (kind, expected) in [
        ("access-denied", "access-denied"),
        ("call-failure", "call-failure:0x80230709"),
        ("update-in-progress", "no-start-ma-update-in-progress"),
    ] {
        let mut world = world(&format!("[[fault]]\nkind = \"{kind}\"\ncount = 1\n"));
        assert_eq!(refused(&mut world, "HR", "FI", 0), expected);
        start(&mut world, "HR", "FI", 1);
    }
    // Ten seconds as always, and a minute more.
    let mut late = world("[[fault]]\nkind = \"hang\"\nlength = \"1m\"\ncount = 1\n");
    let key = start(&mut late, "HR", "FI", 0);
    assert!(matches!(late.answer(key, at(60)), Answer::NotBefore(_)));
    assert_eq!(late.answer(key, at(75)), Answer::Word("success".to_owned()));

    let mut hanging = world("[[fault]]\nkind = \"hang\"\n");
    let key = start(&mut hanging, "HR", "FI", 0);
    assert_eq!(hanging.answer(key, at(1_000_000)), Answer::NotBefore(None));
    assert_eq!(hanging.stop(0, at(1_000_000)), "success");
}

#[test]
fn a_mass_delete_reaches_the_target() {
    let mut secs = 0;
    let mut world = world(
        "[[fault]]\nkind = \"mass-delete\"\nprofile = \"DI\"\nagent = \"HR\"\npercent = 50\n",
    );
    for (agent, profile) in [("HR", "FI"), ("HR", "DS"), ("AD", "EX"), ("AD", "DI")] {
        run(&mut world, agent, profile, &mut secs);
    }
    let gone = run(&mut world, "HR", "DI", &mut secs);
    assert_eq!(gone.steps[0].work.staging.unwrap().delete, 10);
    let sync = run(&mut world, "HR", "DS", &mut secs);
    assert_eq!(sync.steps[0].work.inbound.unwrap().delete_remove_mv, 10);
    assert_eq!(world.numbers(1, at(secs)).unwrap().space.export_delete, 10);
    let export = run(&mut world, "AD", "EX", &mut secs);
    assert_eq!(export.steps[0].work.export.unwrap().delete, 10);
    run(&mut world, "AD", "DI", &mut secs);
    assert_eq!(world.numbers(1, at(secs)).unwrap().space.objects, 10);
}

#[test]
fn a_stopped_service_ends_runs_and_comes_back() {
    let mut world = world("[[fault]]\nkind = \"service-stopped\"\nafter = \"5s\"\nfor = \"5s\"\n");
    let key = start(&mut world, "HR", "FI", 0);
    assert_eq!(
        world.answer(key, at(7)),
        Answer::Word("stopped-server".to_owned())
    );
    assert_eq!(
        world.run(key).unwrap().ended.unwrap(),
        wall() + Duration::from_secs(5)
    );
    assert_eq!(refused(&mut world, "HR", "FI", 8), "connection-failure");
    start(&mut world, "HR", "FI", 11);
}

#[test]
fn an_early_reply_comes_before_the_end() {
    let mut world = world("[[fault]]\nkind = \"early-reply\"\n");
    let key = start(&mut world, "HR", "FS", 0);
    assert_eq!(world.answer(key, at(1)), Answer::NotBefore(Some(at(8))));
    assert_eq!(
        world.answer(key, at(8)),
        Answer::Word("completing-referential-updates".to_owned())
    );
    assert!(matches!(world.activity(0, at(9)), Activity::Running(_)));
    assert_eq!(
        world.activity(0, at(10)),
        Activity::Idle("success".to_owned())
    );
}

#[test]
fn speed_divides_every_span() {
    let mut world = World::new(&scenario(""), 100.0, Moment::ZERO, wall());
    let key = start(&mut world, "HR", "FI", 0);
    assert_eq!(
        world.answer(key, Moment::ZERO + Duration::from_millis(100)),
        Answer::Word("success".to_owned())
    );
}

#[test]
fn the_small_company_has_a_past_and_a_future() {
    let mut world = World::new(&Scenario::small_company(), 1.0, Moment::ZERO, wall());
    assert_eq!(world.directory().broken_rule(), None);
    let rows = world.history(at(0));
    assert!(
        rows.iter()
            .all(|row| row.ended.as_str() < "2026-11-02 08:00:00.000")
    );
    assert!(rows[0].started.starts_with("2026-10-26"));
    for row in &rows {
        assert!(!row.status.starts_with("stopped"), "{row:?}");
    }
    let people = world.people();
    assert!((1_880..1_940).contains(&people), "{people}");
    let import = run(&mut world, "HR", "Delta Import", &mut 0);
    assert!(import.steps[0].work.staging.unwrap().total() > 5);
}

#[test]
fn clear_runs_deletes_what_ended_before() {
    let mut world = World::new(&Scenario::small_company(), 1.0, Moment::ZERO, wall());
    let before = world.history(at(0)).len();
    assert_eq!(
        world.clear_runs("yesterday", at(0)),
        "invalid-date-parameter"
    );
    assert_eq!(
        world.clear_runs("2020-01-01", at(0)),
        "invalid-date-parameter"
    );
    assert_eq!(
        world.clear_runs("2026-10-29 12:00:00.000", at(0)),
        "success"
    );
    let after = world.history(at(0));
    assert!(!after.is_empty() && after.len() < before);
    let key = &after[0].key;
    assert!(world.run_of_key(&key.to_lowercase()).is_some());
    assert_eq!(world.run_of_key("{nothing}-1"), None);
    assert_eq!(world.clear_runs("2026-11-02", at(0)), "success");
    assert_eq!(world.activity(0, at(0)), Activity::Never);
    // Numbers go on: a number never names two runs.
    assert!(start(&mut world, "HR", "Full Import", 1).number > 10);
}

/// What may happen in a story.
#[derive(Debug, Clone)]
enum Happening {
    Write {
        agent: usize,
        anchor: u32,
        stamp: u64,
    },
    Remove {
        agent: usize,
        anchor: u32,
    },
    Step {
        agent: usize,
        step: usize,
    },
    Refused {
        agent: usize,
        refused: u64,
    },
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (0..4_usize, 0..12_u32, 0..3_u64)
            .prop_map(|(agent, anchor, stamp)| Happening::Write { agent, anchor, stamp }),
        2 => (0..4_usize, 0..12_u32).prop_map(|(agent, anchor)| Happening::Remove { agent, anchor }),
        8 => (0..4_usize, 0..5_usize).prop_map(|(agent, step)| Happening::Step { agent, step }),
        1 => (0..4_usize, 0..4_u64).prop_map(|(agent, refused)| Happening::Refused { agent, refused }),
    ]
}

/// Imports and checks that the counters tell all that became of rows and objects.
fn import(directory: &mut Directory, agent: usize, everything: bool) {
    let space = directory.space_mut(agent).unwrap();
    let before = space.tally();
    let rows = space.rows.len() as u64;
    let mut failures = Vec::new();
    let tally = if everything {
        space.import_all(&mut failures)
    } else {
        space.import_changes(&mut failures)
    };
    let after = space.tally();
    assert_eq!(
        after.objects,
        before.objects + tally.created - tally.removed
    );
    assert_eq!(
        after.unconfirmed + tally.confirmed + failures.len() as u64,
        before.unconfirmed
    );
    if everything {
        // Each row was looked at exactly once; deletions come on top.
        assert_eq!(tally.total() - tally.delete, rows);
        assert_eq!(after.unconfirmed, 0);
    }
    assert!(space.changed.is_empty());
}

fn synchronize(directory: &mut Directory, agent: usize, everything: bool) {
    let before: Vec<_> = (0..4)
        .map(|n| directory.space(n).unwrap().tally())
        .collect();
    let people = directory.people() as u64;
    let outcome = if everything {
        directory.synchronize_all(agent)
    } else {
        directory.synchronize_changes(agent)
    };
    let own = before[agent];
    let pending = own.import_add + own.import_update + own.import_delete;
    let inbound = outcome.inbound;
    assert_eq!(
        inbound.total(),
        if everything { own.objects } else { pending }
    );
    assert_eq!(
        directory.people() as u64,
        people + inbound.projected_flow - inbound.delete_remove_mv
    );
    let deleted = inbound.delete_remove_mv + inbound.delete_leave_mv;
    for (other, before) in before.iter().enumerate() {
        let after = directory.space(other).unwrap().tally();
        let outbound = outcome.outbound.get(&other).copied().unwrap_or_default();
        let gone = outbound.removed + if other == agent { deleted } else { 0 };
        assert_eq!(
            after.objects + gone,
            before.objects + outbound.provisioned_add
        );
    }
    let after = directory.space(agent).unwrap().tally();
    assert_eq!(
        after.import_add + after.import_update + after.import_delete,
        0
    );
}

fn export(directory: &mut Directory, agent: usize, refused: u64) {
    let space = directory.space_mut(agent).unwrap();
    let before = space.tally();
    let rows = space.rows.len() as u64;
    let mut failures = Vec::new();
    let tally = space.export(refused, &mut failures);
    let after = space.tally();
    let pending = |tally: SpaceTally| tally.export_add + tally.export_update + tally.export_delete;
    assert_eq!(tally.total(), pending(before));
    assert_eq!(tally.failure, pending(after));
    assert_eq!(failures.len() as u64, tally.failure);
    assert_eq!(after.objects, before.objects);
    assert_eq!(space.rows.len() as u64, rows + tally.add - tally.delete);
}

proptest! {
    /// Whatever happens, no object is made or lost without a counter that says so, and in the end
    /// some calm cycles bring every target to exactly the people of the metaverse.
    #[test]
    fn nothing_is_created_or_lost(story in proptest::collection::vec(happening(), 1..60)) {
        let roles = [Role::Source, Role::Source, Role::Contributor, Role::Target];
        let spaces = roles.map(|role| Space::new(role, (0..4).map(|n| (n, u64::from(n))).collect()));
        let mut directory = Directory::new(spaces.to_vec());
        for happening in &story {
            match *happening {
                Happening::Write { agent, anchor, stamp } => {
                    directory.space_mut(agent).unwrap().write_row(anchor, stamp);
                }
                Happening::Remove { agent, anchor } => {
                    directory.space_mut(agent).unwrap().remove_row(anchor);
                }
                Happening::Step { agent, step } => match step {
                    0 => import(&mut directory, agent, true),
                    1 => import(&mut directory, agent, false),
                    2 => synchronize(&mut directory, agent, true),
                    3 => synchronize(&mut directory, agent, false),
                    _ => export(&mut directory, agent, 0),
                },
                Happening::Refused { agent, refused } => export(&mut directory, agent, refused),
            }
            prop_assert_eq!(directory.broken_rule(), None);
        }
        for _ in 0..4 {
            for agent in 0..4 {
                import(&mut directory, agent, true);
            }
            for agent in 0..4 {
                synchronize(&mut directory, agent, true);
            }
            export(&mut directory, 3, 0);
        }
        import(&mut directory, 3, true);
        let target = directory.space(3).unwrap().tally();
        prop_assert_eq!(target.connectors, directory.people() as u64);
        prop_assert_eq!(target.export_add + target.export_update + target.export_delete, 0);
        prop_assert_eq!(target.import_add + target.import_update + target.import_delete, 0);
    }

    /// Orders at any time keep the world whole, and its history counts every run.
    #[test]
    fn any_orders_keep_the_world_whole(
        orders in proptest::collection::vec((0..2_usize, 0..8_usize, 0..15_u64), 1..40)
    ) {
        let names = ["FI", "DI", "FS", "DS", "EX", "FIDS", "COMBI", "stop"];
        let mut world = world("");
        let mut secs = 0;
        let mut started = 0;
        for (agent, profile, later) in orders {
            secs += later;
            if names[profile] == "stop" {
                world.stop(agent, at(secs));
            } else if let Order::Started(_) = world.execute(agent, names[profile], "x", at(secs)) {
                started += 1;
            }
            prop_assert_eq!(world.directory().broken_rule(), None);
        }
        world.advance(at(secs + 100));
        let rows = world.history(at(secs + 100));
        prop_assert_eq!(rows.len(), started);
        prop_assert!(rows.iter().all(|row| !row.ended.is_empty()));
        let executions = world.counts(0).executions + world.counts(1).executions;
        prop_assert_eq!(executions, started as u64);
    }
}

#[test]
fn all_step_types_are_described_apart() {
    let mut seen = std::collections::BTreeSet::new();
    for step_type in StepType::ALL {
        let mut text = scenario("");
        text.agents[0].profiles[0].steps = vec![step_type];
        let mut world = World::new(&text, 1.0, Moment::ZERO, wall());
        start(&mut world, "HR", "FI", 0);
        let details = world.details(0, at(1));
        let from = details.find("<step-type").unwrap();
        let to = details.find("</step-type>").unwrap();
        assert!(seen.insert(details[from..to].to_owned()), "{step_type}");
    }
}
