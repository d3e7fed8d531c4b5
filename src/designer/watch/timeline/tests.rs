//! The timeline, event by event and from a state.

use super::super::rig::{Story, at, outline};
use super::*;

fn bar(step: usize, kind: BarKind, start: u64, end: Option<u64>) -> Bar {
    Bar {
        step,
        round: 1,
        kind,
        start_ms: start * 1_000,
        end_ms: end.map(|end| end * 1_000),
    }
}

fn waited(sentence: &str) -> BarKind {
    BarKind::Waited(sentence.to_owned())
}

fn told(story: &Story) -> Timeline {
    let mut timeline = Timeline::default();
    for event in &story.events {
        timeline.apply(event);
        timeline.apply(event);
    }
    timeline
}

/// Two threads: an import and a sync beside an export that waits for the sync.
fn story() -> Story {
    Story::new(outline())
        .step_started(0, 0) // 1 s
        .step_finished(0, 0, StepOutcome::Success, "") // 2 s
        .step_started(0, 1) // 3 s, synchronizes
        .waiting(1, Some(0), "waits for it") // 4 s
        .waiting(1, Some(0), "waits for it") // 5 s
        .waiting(1, Some(0), "waits for more") // 6 s
}

#[test]
fn waits_runs_and_the_lock_follow_the_events() {
    let mut story = story();
    let timeline = told(&story);
    assert_eq!(
        timeline.lanes[0].bars,
        [
            bar(0, BarKind::Ended(StepOutcome::Success), 1, Some(2)),
            bar(1, BarKind::Runs, 3, None),
        ]
    );
    assert_eq!(
        timeline.lanes[1].bars,
        [
            bar(0, waited("waits for it"), 4, Some(6)),
            bar(0, waited("waits for more"), 6, None),
        ]
    );
    let lock = |end| {
        vec![SyncBar {
            thread: 0,
            step: 1,
            start_ms: 3_000,
            end_ms: end,
        }]
    };
    assert_eq!(timeline.sync, lock(None));
    story = story
        .step_finished(0, 1, StepOutcome::Warning, "errors") // 7 s
        .step_started(1, 0); // 8 s
    let timeline = told(&story);
    assert_eq!(timeline.sync, lock(Some(7_000)));
    let last = timeline.lanes[1].bars.last();
    assert_eq!(last, Some(&bar(0, BarKind::Runs, 8, None)));
    let timeline = told(&story.run_finished(crate::run::RunOutcome::Failed));
    let bars = timeline.lanes.iter().flat_map(|lane| &lane.bars);
    assert!(bars.clone().all(|bar| bar.end_ms.is_some()), "{timeline:?}");
    assert_eq!(timeline.now_ms, 9_000);
}

#[test]
fn a_pause_and_a_refusal_stop_nothing() {
    let paused = RunEventKind::Waiting {
        at: at(0, Some(0)),
        because: WaitReason::Paused {
            since: jiff::Timestamp::UNIX_EPOCH,
        },
        sentence: "paused".to_owned(),
    };
    let story = Story::new(outline())
        .step_started(0, 0) // 1 s
        .then(paused) // 2 s
        .step_finished(0, 0, StepOutcome::Success, "") // 3 s
        .step_started(0, 1) // 4 s
        .waiting(0, Some(1), "refused"); // 5 s
    assert_eq!(
        told(&story).lanes[0].bars,
        [
            bar(0, BarKind::Ended(StepOutcome::Success), 1, Some(3)),
            bar(1, waited("refused"), 4, None),
        ]
    );
}

#[test]
fn a_state_gives_the_same_bars_as_far_as_it_tells() {
    let story = story();
    let mut timeline = Timeline::default();
    timeline.restart(&story.summary());
    let by_events = told(&story);
    assert_eq!(timeline.lanes[0], by_events.lanes[0]);
    // The earlier reason is forgotten; the wait began with the current one.
    assert_eq!(
        timeline.lanes[1].bars,
        [bar(0, waited("waits for more"), 6, None)]
    );
    assert_eq!(timeline.sync, by_events.sync);
    assert_eq!(timeline.now_ms, by_events.now_ms);
    // Events go on from there.
    let story = story.step_finished(0, 1, StepOutcome::Success, "");
    for event in &story.events {
        timeline.apply(event);
    }
    assert_eq!(timeline.lanes[0], told(&story).lanes[0]);
}

#[test]
fn a_state_after_missed_events_keeps_what_was_seen() {
    let story = story();
    let mut timeline = told(&story);
    let story = story
        .step_finished(0, 1, StepOutcome::Success, "")
        .step_started(1, 0);
    timeline.restart(&story.summary());
    assert_eq!(timeline, {
        let mut expected = told(&story);
        // The wait that ended unseen is not known to have ended.
        expected.lanes[1].bars.remove(1);
        expected
    });
}

#[test]
fn rounds_are_told_apart() {
    let story = Story::new(outline())
        .step_started(0, 0)
        .step_finished(0, 0, StepOutcome::Success, "")
        .then(RunEventKind::RoundStarted {
            at: at(0, None),
            round: 2,
        })
        .step_started(0, 0);
    let rounds: Vec<u32> = told(&story).lanes[0]
        .bars
        .iter()
        .map(|bar| bar.round)
        .collect();
    assert_eq!(rounds, [1, 2]);
    let mut timeline = told(&story);
    timeline.restart(&story.summary());
    assert_eq!(timeline, told(&story));
}

#[test]
fn places_that_are_not_there_change_nothing() {
    let story = Story::new(outline())
        .step_started(9, 0)
        .waiting(9, None, "x");
    assert!(told(&story).lanes.iter().all(|lane| lane.bars.is_empty()));
}
