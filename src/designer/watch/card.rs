//! What the card of a step says while a run is watched.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::mim::{CounterGroup, StepType};
use crate::model::Place;
use crate::run::{
    ProfileStatistics, StepOutcome, StepOutline, StepOutlineKind, StepStatus, StepSummary,
    ThreadOutline, ThreadStatus,
};

use super::super::words::watch as words;
use super::Watch;
use super::statistics::sum_of;

/// How a step stands, which decides the look of its card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardState {
    /// It does not take part.
    Off,
    /// Its turn has not come.
    Planned,
    /// It waits.
    Waiting,
    /// It runs.
    Running,
    /// It has ended, the worst round counting.
    Ended(StepOutcome),
}

/// The words of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardText<'a> {
    /// How the step stands.
    pub state: CardState,
    /// The state in a word.
    pub word: &'static str,
    /// What it did, why it waits or what went wrong, in a few words; may be empty.
    pub sentence: Cow<'a, str>,
    /// What its clock shows.
    pub time: CardTime,
}

/// What the clock of a card shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardTime {
    /// Nothing.
    None,
    /// How long it took, in milliseconds.
    Took(u64),
    /// The time since then; where it is known how long it will take, the share of that is its
    /// progress.
    Since {
        /// When the current state began.
        since: Timestamp,
        /// How long it will take, in milliseconds.
        expected_ms: Option<u64>,
    },
}

impl Watch {
    /// Why a step, or the whole thread, does not take part: nobody asked for it, or the file says so.
    pub fn off_word(&self, thread: usize, step: Option<usize>) -> &'static str {
        let outline = self.summary.outline.as_ref();
        if outline.is_some_and(|outline| outline.is_left_out(thread, step)) {
            words::LEFT_OUT
        } else {
            words::OFF
        }
    }

    /// What the card of a step says; `None` for a place that is no step of the run.
    pub fn card_text(&self, place: Place) -> Option<CardText<'_>> {
        let Place::Step { thread, step } = place else {
            return None;
        };
        let known_thread = self.summary.outline.as_ref()?.threads.get(thread)?;
        let known = known_thread.steps.get(step)?;
        let thread_state = self.summary.threads.get(thread)?;
        let state = thread_state.steps.get(step)?;
        if !known_thread.enabled || !known.enabled {
            return Some(CardText {
                state: CardState::Off,
                word: self.off_word(thread, Some(step)),
                sentence: Cow::Borrowed(""),
                time: CardTime::None,
            });
        }
        let has_ended = matches!(thread_state.status, ThreadStatus::Finished(_));
        Some(match state.status {
            StepStatus::Pending if has_ended => CardText {
                state: CardState::Ended(StepOutcome::Skipped),
                word: words::outcome(StepOutcome::Skipped),
                sentence: Cow::Borrowed(""),
                time: CardTime::None,
            },
            StepStatus::Pending => planned(state, known_thread, thread, step),
            StepStatus::Waiting | StepStatus::Running if self.is_broken_off() => CardText {
                // It must not look as if it went on, nor as if it had ended.
                state: CardState::Off,
                word: words::UNKNOWN,
                sentence: Cow::Borrowed(words::UNKNOWN_SENTENCE),
                time: CardTime::None,
            },
            StepStatus::Waiting => CardText {
                state: CardState::Waiting,
                word: words::WAITING,
                sentence: words::wait(&state.sentence),
                time: since(state, None),
            },
            StepStatus::Running => match self.notices.get(&place) {
                Some(notice) => CardText {
                    sentence: words::first_upper(notice),
                    ..running(state, known)
                },
                None => running(state, known),
            },
            StepStatus::Finished(outcome) => ended(state, outcome, known),
        })
    }
}

fn planned<'a>(
    state: &'a StepSummary,
    known: &ThreadOutline,
    thread: usize,
    step: usize,
) -> CardText<'a> {
    let before = known.steps.iter().enumerate().take(step);
    let before = before.rev().find(|(_, known)| known.enabled);
    let sentence = match (&state.earlier, before) {
        (Some(earlier), _) => words::earlier(earlier.round, earlier.outcome, &earlier.sentence),
        (None, Some((before, _))) => words::after(&words::number(thread, before)),
        (None, None) => String::new(),
    };
    CardText {
        state: CardState::Planned,
        word: words::PLANNED,
        sentence: Cow::Owned(sentence),
        time: CardTime::None,
    }
}

fn running<'a>(state: &'a StepSummary, known: &StepOutline) -> CardText<'a> {
    let (sentence, expected_ms) = match &known.does {
        StepOutlineKind::Delay { duration_ms } => (Cow::Borrowed(""), Some(*duration_ms)),
        StepOutlineKind::Command { .. } => (Cow::Borrowed(""), None),
        StepOutlineKind::RunProfile { .. } => {
            // The word that every running profile has says nothing.
            let result = state.result.as_deref().unwrap_or_default();
            let result = if result == "in-progress" { "" } else { result };
            (Cow::Borrowed(result), None)
        }
    };
    CardText {
        state: CardState::Running,
        word: words::RUNNING,
        sentence,
        time: since(state, expected_ms),
    }
}

fn ended<'a>(state: &'a StepSummary, outcome: StepOutcome, known: &'a StepOutline) -> CardText<'a> {
    let worst = state.worst().unwrap_or(outcome);
    let sentence = match (&state.earlier, &state.statistics) {
        (Some(earlier), _) if earlier.outcome == worst && worst > outcome => Cow::Owned(
            words::earlier(earlier.round, earlier.outcome, &earlier.sentence),
        ),
        (_, Some(statistics)) if outcome == StepOutcome::Success => did(statistics, known, state),
        (_, Some(statistics))
            if outcome == StepOutcome::Warning && statistics.error_count() > 0 =>
        {
            Cow::Owned(words::errors(statistics.error_count()))
        }
        _ if outcome == StepOutcome::Skipped => words::skip(&state.sentence),
        _ if state.sentence.is_empty() => {
            let result = state.result.as_deref().unwrap_or_default();
            Cow::Borrowed(if outcome == StepOutcome::Success {
                ""
            } else {
                result
            })
        }
        _ => words::ended(&state.sentence),
    };
    CardText {
        state: CardState::Ended(worst),
        word: words::outcome(worst),
        sentence,
        time: state.elapsed_ms.map_or(CardTime::None, CardTime::Took),
    }
}

/// What a run profile did, in a few words: the kind of its last step counts.
fn did<'a>(
    statistics: &ProfileStatistics,
    known: &StepOutline,
    state: &'a StepSummary,
) -> Cow<'a, str> {
    let told = statistics.steps.iter().rev();
    let told = told.filter_map(|step| StepType::from_word(step.step_type.as_deref()?));
    let outlined = match &known.does {
        StepOutlineKind::RunProfile { step_types, .. } => step_types.last(),
        StepOutlineKind::Delay { .. } | StepOutlineKind::Command { .. } => None,
    };
    let outlined = outlined.and_then(|word| StepType::from_word(word));
    let Some(kind) = told.into_iter().next().or(outlined) else {
        return Cow::Borrowed(state.result.as_deref().unwrap_or_default());
    };
    let group = if kind.exports() {
        CounterGroup::Export
    } else if kind.synchronizes() {
        CounterGroup::Inbound
    } else {
        CounterGroup::Staging
    };
    let all = statistics.steps.iter().map(|step| sum_of(step, group));
    let (changed, unchanged) = all.fold((0_u64, 0_u64), |sum, one| {
        (sum.0.saturating_add(one.0), sum.1.saturating_add(one.1))
    });
    Cow::Owned(words::did(group, changed, unchanged))
}

fn since(state: &StepSummary, expected_ms: Option<u64>) -> CardTime {
    state.since.map_or(CardTime::None, |since| CardTime::Since {
        since,
        expected_ms,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::run::{RunEventKind, RunPart, Severity, StepStatistics};

    use super::super::rig::{Story, at, outline};
    use super::*;

    fn counted(step_type: &str, counters: &[(&str, u64)], error_count: u64) -> ProfileStatistics {
        let counters: BTreeMap<String, u64> = counters
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect();
        ProfileStatistics {
            steps: vec![StepStatistics {
                number: 1,
                step_type: Some(step_type.to_owned()),
                counters,
                error_count,
                ..StepStatistics::default()
            }],
        }
    }

    fn ended(step: usize, outcome: StepOutcome, statistics: ProfileStatistics) -> Story {
        Story::new(outline())
            .step_started(0, step)
            .profile_finished(0, step, "completed-x", statistics)
            .step_finished(0, step, outcome, "")
    }

    const FIRST: Place = Place::Step { thread: 0, step: 0 };
    const SECOND: Place = Place::Step { thread: 0, step: 1 };

    #[test]
    fn a_card_says_how_its_step_stands() {
        use CardState as C;
        let import = [
            ("stage-no-change", 9),
            ("stage-add", 1_200),
            ("stage-update", 26),
        ];
        let unchanged = [("stage-no-change", 2_310)];
        let sync = [("connector-flow", 3), ("disconnector-projected-flow", 9)];
        let begun = || Story::new(outline());
        for (story, place, state, word, sentence) in [
            (begun(), FIRST, C::Planned, "Planned", ""),
            (begun(), SECOND, C::Planned, "Planned", "After step 1.1"),
            (
                begun().waiting(0, Some(0), "waits for `x` to end"),
                FIRST,
                C::Waiting,
                "Waiting",
                "For `x` to end",
            ),
            (begun().step_started(0, 0), FIRST, C::Running, "Running", ""),
            (
                ended(0, StepOutcome::Success, counted("delta-import", &import, 0)),
                FIRST,
                C::Ended(StepOutcome::Success),
                "Success",
                "1,226 changes",
            ),
            (
                ended(
                    0,
                    StepOutcome::Success,
                    counted("full-import", &unchanged, 0),
                ),
                FIRST,
                C::Ended(StepOutcome::Success),
                "Success",
                "No changes in 2,310 objects",
            ),
            (
                ended(1, StepOutcome::Success, counted("delta-sync", &sync, 0)),
                SECOND,
                C::Ended(StepOutcome::Success),
                "Success",
                "12 changed",
            ),
            (
                ended(1, StepOutcome::Warning, counted("delta-sync", &sync, 3)),
                SECOND,
                C::Ended(StepOutcome::Warning),
                "Warning",
                "3 errors",
            ),
            (
                begun().step_finished(0, 0, StepOutcome::Failed, "no connection"),
                FIRST,
                C::Ended(StepOutcome::Failed),
                "Failed",
                "No connection",
            ),
        ] {
            let watch = story.watch();
            let card = watch.card_text(place).unwrap();
            assert_eq!(
                (card.state, card.word, &*card.sentence),
                (state, word, sentence)
            );
        }
    }

    #[test]
    fn a_running_delay_knows_how_long_it_takes() {
        let watch = Story::new(outline()).step_started(1, 1).watch();
        let card = watch.card_text(Place::Step { thread: 1, step: 1 });
        let since = Timestamp::from_second(2).unwrap();
        let expected_ms = Some(30_000);
        assert_eq!(
            card.map(|card| card.time),
            Some(CardTime::Since { since, expected_ms })
        );
    }

    #[test]
    fn what_does_not_take_part_says_so() {
        let mut outline = outline();
        outline.threads[0].enabled = false;
        let watch = Story::new(outline).watch();
        assert_eq!(
            watch.card_text(FIRST).map(|card| card.state),
            Some(CardState::Off)
        );
        let word = |place| watch.card_text(place).map(|card| card.word);
        assert_eq!(word(FIRST), Some("Disabled"));
        assert_eq!(watch.card_text(Place::Thread(0)), None);
        assert_eq!(watch.card_text(Place::Step { thread: 0, step: 9 }), None);
    }

    #[test]
    fn what_was_left_out_is_not_called_disabled() {
        let mut outline = outline();
        let thread = 0;
        outline.part = Some(RunPart {
            thread,
            first_step: 1,
        });
        outline.threads[0].steps[0].enabled = false;
        outline.threads[0].steps[1].enabled = false;
        outline.threads[1].enabled = false;
        let watch = Story::new(outline).watch();
        for (place, word) in [
            (FIRST, "Not in this run"),
            (SECOND, "Disabled"),
            (Place::Step { thread: 1, step: 1 }, "Not in this run"),
        ] {
            assert_eq!(watch.card_text(place).map(|card| card.word), Some(word));
        }
    }

    #[test]
    fn a_server_that_does_not_answer_is_seen_until_it_answers() {
        let notice = |severity, message: &str| RunEventKind::Notice {
            at: at(0, Some(0)),
            severity,
            message: message.to_owned(),
        };
        let lost = || {
            Story::new(outline())
                .step_started(0, 0)
                .then(notice(Severity::Warning, "no answer"))
        };
        let found = lost().then(notice(Severity::Information, "it answers again"));
        for (story, sentence) in [(lost(), "No answer"), (found, "")] {
            let watch = story.watch();
            let card = watch.card_text(FIRST).unwrap();
            assert_eq!((card.word, &*card.sentence), ("Running", sentence));
        }
    }

    #[test]
    fn what_ran_when_the_run_broke_off_is_unknown() {
        let mut watch = Story::new(outline()).step_started(0, 0).watch();
        watch.is_attached = false;
        let card = watch.card_text(FIRST).unwrap();
        assert_eq!((card.state, card.word), (CardState::Off, "Unknown"));
    }
}
