//! The table of a run: its threads, their steps, what became of them and why.
//!
//! Fits a width: what a step did is wrapped beside it, why it did not work stands below it, and
//! neighbours with the same fate share a row. A failure or a deletion is never left out. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::base::text::{plural, printable, short_duration};
use crate::run::{
    Outline, ProfileStatistics, RunSummary, StepOutcome, StepOutline, StepStatus, StepSummary,
    ThreadOutline, ThreadSummary,
};

use super::Colour;
use super::layout::{elide, keep_together, width, wrap};
use super::paint::{self, Tone};
use super::words::off_word;

/// How many counters a row names; more only if they are failures or deletions.
const SHOWN_COUNTERS: usize = 5;
/// The narrowest column of counters; where less is left, they stand below their step.
const LEAST_COUNTERS: usize = 30;
/// How far a step is indented below its thread.
const STEP_INDENT: usize = 2;
/// How far a reason is indented below its thread.
const REASON_INDENT: usize = 6;

/// One step, or neighbours with the same fate.
struct Row {
    step: String,
    status: (&'static str, Tone),
    time: String,
    counters: String,
    reason: String,
}

/// The widths of the columns.
struct Columns {
    step: usize,
    status: usize,
    time: usize,
    total: usize,
}

/// The table of every step, at most `columns` cells wide.
pub fn closing_table(summary: &RunSummary, columns: usize, colour: Colour) -> String {
    let Some(outline) = &summary.outline else {
        return String::new();
    };
    let threads = threads(outline, summary, columns);
    let widths = Columns::of(&threads, columns);
    let mut lines = vec![paint::word(&widths.heading(), Tone::Quiet, colour)];
    for (heading, rows) in &threads {
        lines.push(heading.paint(colour));
        for row in rows {
            widths.write(row, colour, &mut lines);
        }
    }
    lines.join("\n")
}

/// A thread's own line.
struct Heading {
    name: String,
    /// Why it does not take part; empty when it does.
    off: &'static str,
}

impl Heading {
    fn paint(&self, colour: Colour) -> String {
        if self.off.is_empty() {
            self.name.clone()
        } else {
            format!(
                "{}  {}",
                self.name,
                paint::word(self.off, Tone::Quiet, colour)
            )
        }
    }
}

fn threads(outline: &Outline, summary: &RunSummary, columns: usize) -> Vec<(Heading, Vec<Row>)> {
    let threads = outline.threads.iter().zip(&summary.threads);
    threads
        .enumerate()
        .map(|(index, (thread, state))| {
            let heading = Heading {
                name: thread_name(thread, state, columns),
                off: if thread.enabled {
                    ""
                } else {
                    off_word(Some(outline), index)
                },
            };
            let rows = if thread.enabled {
                rows(thread, state, columns)
            } else {
                Vec::new()
            };
            (heading, rows)
        })
        .collect()
}

fn thread_name(thread: &ThreadOutline, state: &ThreadSummary, columns: usize) -> String {
    let round = if thread.repeat > 1 {
        format!(", round {} of {}", state.round, thread.repeat)
    } else {
        String::new()
    };
    let room = columns.saturating_sub(width(&round) + "  not in this run".len());
    format!("{}{round}", elide(&printable(&thread.name), room))
}

/// The rows of a thread; neighbours of which there is only the same to say are one row.
fn rows(thread: &ThreadOutline, state: &ThreadSummary, columns: usize) -> Vec<Row> {
    let steps: Vec<(&StepOutline, &StepSummary)> = thread.steps.iter().zip(&state.steps).collect();
    steps
        .chunk_by(|(_, one), (_, next)| share_a_fate(one, next))
        .filter_map(|group| match group {
            [] => None,
            [(step, state)] => Some(row(step, state, columns)),
            [(_, state), ..] => Some(shared_row(group, state)),
        })
        .collect()
}

/// Whether nothing but their names tells two steps apart.
fn share_a_fate(one: &StepSummary, next: &StepSummary) -> bool {
    let is_idle = matches!(
        one.status,
        StepStatus::Pending | StepStatus::Finished(StepOutcome::Skipped)
    );
    is_idle
        && one.status == next.status
        && one.worst() == next.worst()
        && one.statistics.is_none()
        && next.statistics.is_none()
        && reason(one) == reason(next)
}

fn row(step: &StepOutline, state: &StepSummary, columns: usize) -> Row {
    // A third of the line is enough for a name; both of its ends are kept.
    let room = (columns / 3).max(20);
    let elapsed = state.elapsed_ms.map(Duration::from_millis);
    Row {
        step: elide(&printable(&step.name), room),
        status: status(state),
        time: elapsed.map(short_duration).unwrap_or_default(),
        counters: counters(state, SHOWN_COUNTERS),
        reason: printable(&reason(state)),
    }
}

fn shared_row(group: &[(&StepOutline, &StepSummary)], state: &StepSummary) -> Row {
    let names: Vec<String> = group
        .iter()
        .map(|(step, _)| printable(&step.name))
        .collect();
    let names = keep_together(&names);
    let why = printable(&reason(state));
    Row {
        step: plural(group.len() as u64, "step"),
        status: status(state),
        time: String::new(),
        counters: String::new(),
        reason: if why.is_empty() {
            names
        } else {
            format!("{why}: {names}")
        },
    }
}

fn status(step: &StepSummary) -> (&'static str, Tone) {
    match step.status {
        StepStatus::Pending => ("not started", Tone::Quiet),
        StepStatus::Waiting => ("waiting", Tone::Quiet),
        StepStatus::Running => ("running", Tone::Doubtful),
        StepStatus::Finished(outcome) => {
            let worst = step.worst().unwrap_or(outcome);
            (worst.word(), worst.into())
        }
    }
}

impl Columns {
    fn of(threads: &[(Heading, Vec<Row>)], total: usize) -> Self {
        let rows = || threads.iter().flat_map(|(_, rows)| rows);
        let widest = |heading: &str, cell: fn(&Row) -> usize| {
            rows().map(cell).fold(width(heading), usize::max)
        };
        Self {
            step: widest("Step", |row| width(&row.step)),
            status: widest("Result", |row| width(row.status.0)),
            time: widest("Time", |row| width(&row.time)),
            total,
        }
    }

    fn heading(&self) -> String {
        let start = self.start("Step", "Result", "Result".len(), "Time");
        match self.counters() {
            Some(_) => format!("{start}  Counters"),
            None => start,
        }
    }

    /// Where the counters begin and how wide they may be, if they fit beside the rest.
    fn counters(&self) -> Option<(usize, usize)> {
        let start = STEP_INDENT + self.step + 2 + self.status + 2 + self.time + 2;
        let room = self.total.saturating_sub(start);
        (room >= LEAST_COUNTERS).then_some((start, room))
    }

    /// The first three columns; the result may be coloured, so its width comes along.
    fn start(&self, step: &str, status: &str, status_width: usize, time: &str) -> String {
        let pad = |wide: usize, own: usize| " ".repeat(wide.saturating_sub(own));
        format!(
            "{}{step}{}  {status}{}  {}{time}",
            " ".repeat(STEP_INDENT),
            pad(self.step, width(step)),
            pad(self.status, status_width),
            pad(self.time, width(time)),
        )
    }

    fn write(&self, row: &Row, colour: Colour, lines: &mut Vec<String>) {
        let (word, tone) = row.status;
        let status = paint::word(word, tone, colour);
        let start = self.start(&row.step, &status, width(word), &row.time);
        if let Some((indent, room)) = self.counters() {
            let mut counters = wrap(&row.counters, room).into_iter();
            let first = counters.next().unwrap_or_default();
            lines.push(format!("{start}  {first}").trim_end().to_owned());
            lines.extend(counters.map(|line| format!("{}{line}", " ".repeat(indent))));
        } else {
            lines.push(start.trim_end().to_owned());
            self.below(&row.counters, lines);
        }
        self.below(&row.reason, lines);
    }

    /// Writes a text below a row.
    fn below(&self, text: &str, lines: &mut Vec<String>) {
        let room = self.total.saturating_sub(REASON_INDENT);
        let wrapped = wrap(text, room).into_iter();
        lines.extend(wrapped.map(|line| format!("{}{line}", " ".repeat(REASON_INDENT))));
    }
}

/// What there is to say about a step beyond its outcome.
pub fn reason(step: &StepSummary) -> String {
    if let Some(earlier) = &step.earlier
        && step.worst() == Some(earlier.outcome)
        && step.status != StepStatus::Finished(earlier.outcome)
    {
        return format!("round {}: {}", earlier.round, earlier.sentence);
    }
    if !step.sentence.is_empty() {
        return step.sentence.clone();
    }
    match (&step.result, step.status) {
        (Some(result), StepStatus::Finished(outcome)) if outcome > StepOutcome::Success => {
            result.clone()
        }
        _ => String::new(),
    }
}

/// The counters of a step that say most: failures and deletions, then what else changed, the
/// largest first; about `limit` of them. What did not change is named only where nothing did.
pub fn counters(step: &StepSummary, limit: usize) -> String {
    let Some(statistics) = &step.statistics else {
        return String::new();
    };
    let own = statistics.totals().into_iter().map(|(name, count)| Told {
        name,
        count,
        agents: Vec::new(),
    });
    let (unchanged, mut telling): (Vec<_>, Vec<_>) = own.partition(|told| is_unchanged(&told.name));
    telling.extend(outbound(statistics));
    if telling.is_empty() {
        telling = unchanged;
    }
    telling.sort_by_key(|told| (urgency(&told.name), std::cmp::Reverse(told.count)));
    // A deletion is never among the ones left out, and to count a single one saves nothing.
    let urgent = telling.iter().filter(|told| urgency(&told.name) < 2);
    let shown = limit.max(urgent.count());
    let more = telling.len().saturating_sub(shown);
    let (shown, more) = if more == 1 {
        (shown + 1, 0)
    } else {
        (shown, more)
    };
    let mut words: Vec<String> = telling.iter().take(shown).map(Told::words).collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    keep_together(&words)
}

/// A counter that is told, with the other agents that it is about.
struct Told {
    name: String,
    count: u64,
    agents: Vec<String>,
}

impl Told {
    fn words(&self) -> String {
        let agents = if self.agents.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.agents.join(", "))
        };
        format!("{} {}{agents}", printable(&self.name), self.count)
    }
}

/// What a synchronization takes away from other agents. The rest of what it does there would fill
/// a page, but these become deletions with the next export.
fn outbound(statistics: &ProfileStatistics) -> impl Iterator<Item = Told> {
    let mut sums: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for (agent, counters) in statistics.steps.iter().flat_map(|step| &step.outbound) {
        for (name, count) in counters.iter().filter(|(name, _)| urgency(name) < 2) {
            let sum = sums.entry(name).or_default().entry(agent).or_default();
            *sum = sum.saturating_add(*count);
        }
    }
    sums.into_iter().map(|(name, agents)| Told {
        name: name.to_owned(),
        count: agents
            .values()
            .fold(0, |sum, count| sum.saturating_add(*count)),
        agents: agents
            .iter()
            .map(|(agent, count)| format!("{} {count}", printable(agent)))
            .collect(),
    })
}

/// What a person must see first.
fn urgency(counter: &str) -> u8 {
    if counter.ends_with("failure") {
        0
    } else if ["delete", "remove"]
        .iter()
        .any(|word| counter.contains(word))
        || counter.ends_with("-disconnect")
    {
        1
    } else {
        2
    }
}

fn is_unchanged(counter: &str) -> bool {
    counter.ends_with("no-change")
        || counter.ends_with("no-flow")
        || counter == "disconnector-remains"
}

#[cfg(test)]
mod tests {
    use crate::run::{RunId, StepOutlineKind, StepStatistics, ThreadStatus};

    use super::*;

    fn step(status: StepStatus, sentence: &str) -> StepSummary {
        StepSummary {
            status,
            sentence: sentence.to_owned(),
            waiting: None,
            since: None,
            result: None,
            statistics: None,
            elapsed_ms: None,
            earlier: None,
        }
    }

    fn ended(outcome: StepOutcome, sentence: &str, counts: &[(&str, u64)]) -> StepSummary {
        StepSummary {
            statistics: Some(statistics(counts, &[])),
            elapsed_ms: Some(4_200),
            ..step(StepStatus::Finished(outcome), sentence)
        }
    }

    fn counts_of(counts: &[(&str, u64)]) -> BTreeMap<String, u64> {
        let counts = counts.iter();
        counts
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    }

    fn statistics(own: &[(&str, u64)], out: &[(&str, &[(&str, u64)])]) -> ProfileStatistics {
        let outbound = out.iter();
        ProfileStatistics {
            steps: vec![StepStatistics {
                counters: counts_of(own),
                outbound: outbound
                    .map(|(agent, counts)| ((*agent).to_owned(), counts_of(counts)))
                    .collect(),
                ..StepStatistics::default()
            }],
        }
    }

    /// A thread's name, whether it takes part, and its steps.
    type Thread<'a> = (&'a str, bool, Vec<(&'a str, StepSummary)>);

    fn summary(threads: Vec<Thread<'_>>) -> RunSummary {
        let mut outlines = Vec::new();
        let mut states = Vec::new();
        for (name, enabled, steps) in threads {
            let (names, steps): (Vec<_>, Vec<_>) = steps.into_iter().unzip();
            outlines.push(ThreadOutline {
                name: name.to_owned(),
                enabled,
                repeat: 1,
                steps: names
                    .into_iter()
                    .map(|name| StepOutline {
                        name: name.to_owned(),
                        enabled: true,
                        does: StepOutlineKind::Delay { duration_ms: 1 },
                    })
                    .collect(),
            });
            states.push(ThreadSummary {
                status: ThreadStatus::Pending,
                round: 1,
                steps,
            });
        }
        RunSummary {
            outline: Some(Outline {
                part: None,
                run: RunId::parse("r1").unwrap(),
                sequence: "Nightly".to_owned(),
                file: None,
                server: "mim01".to_owned(),
                overlap: "exclusive-sync".to_owned(),
                threads: outlines,
            }),
            threads: states,
            ..RunSummary::default()
        }
    }

    fn bad_night() -> RunSummary {
        let skipped = || {
            step(
                StepStatus::Finished(StepOutcome::Skipped),
                "skipped because `AD · Export` failed before it and its thread stops on failure",
            )
        };
        summary(vec![
            (
                "Cycle",
                true,
                vec![
                    (
                        "HR · Delta Import",
                        ended(
                            StepOutcome::Success,
                            "",
                            &[("stage-delete", 2), ("stage-update", 17), ("stage-add", 6)],
                        ),
                    ),
                    (
                        "AD · Export",
                        ended(
                            StepOutcome::Failed,
                            "the service says `stopped-server-down`",
                            &[],
                        ),
                    ),
                    ("HR · Export", skipped()),
                    ("SQL · Export", skipped()),
                    ("SQL · Delta Import", skipped()),
                ],
            ),
            ("Old", false, vec![("X", step(StepStatus::Pending, ""))]),
        ])
    }

    #[test]
    fn the_table_names_every_step_and_says_a_shared_reason_once() {
        assert_eq!(
            closing_table(&bad_night(), 70, Colour::Off),
            "  Step               Result    Time  Counters\n\
             Cycle\n  \
             HR · Delta Import  success  4.2 s  stage-delete 2, stage-update 17,\n                                     \
             stage-add 6\n  \
             AD · Export        failed   4.2 s\n      \
             the service says `stopped-server-down`\n  \
             3 steps            skipped\n      \
             skipped because `AD · Export` failed before it and its thread\n      \
             stops on failure: HR · Export, SQL · Export, SQL · Delta Import\n\
             Old  disabled"
        );
    }

    #[test]
    fn no_line_is_wider_than_asked_whatever_the_names_are() {
        let long = "x".repeat(200);
        let wide = "人事情報".repeat(50);
        let story = || {
            ended(
                StepOutcome::Warning,
                &long,
                &[("disconnector-joined-remove-mv", 1)],
            )
        };
        let summary = summary(vec![
            (long.as_str(), true, vec![(wide.as_str(), story())]),
            (wide.as_str(), true, vec![(long.as_str(), story())]),
            (wide.as_str(), false, Vec::new()),
        ]);
        for columns in [60, 80, 120] {
            for line in closing_table(&summary, columns, Colour::Off).lines() {
                assert!(width(line) <= columns, "{columns}: {line}");
            }
        }
    }

    #[test]
    fn neighbours_with_different_fates_have_their_own_rows() {
        let summary = summary(vec![(
            "A",
            true,
            vec![
                (
                    "one",
                    step(StepStatus::Finished(StepOutcome::Skipped), "why"),
                ),
                (
                    "two",
                    step(StepStatus::Finished(StepOutcome::Skipped), "other"),
                ),
                ("three", step(StepStatus::Pending, "")),
                ("four", step(StepStatus::Running, "")),
                ("five", step(StepStatus::Running, "")),
            ],
        )]);
        assert_eq!(
            closing_table(&summary, 80, Colour::Off).lines().count(),
            2 + 5 + 2
        );
    }

    #[test]
    fn counters_say_what_changed_before_what_did_not() {
        for (counts, text) in [
            (&[][..], ""),
            (
                &[("stage-no-change", 90), ("connector-no-flow", 10)],
                "stage-no-change 90, connector-no-flow 10",
            ),
            (
                &[("a", 1), ("b", 2), ("c", 3), ("d", 4)],
                "d 4, c 3, b 2, a 1",
            ),
            (
                &[
                    ("a", 1),
                    ("b", 2),
                    ("c", 3),
                    ("d", 4),
                    ("e", 5),
                    ("export-failure", 1),
                ],
                "export-failure 1, e 5, d 4, 3 more",
            ),
            (
                &[
                    ("export-delete", 1),
                    ("export-delete-add", 2),
                    ("export-failure", 3),
                    ("export-add", 70),
                    ("export-update", 71),
                    ("connector-delete-remove-mv", 1),
                ],
                "export-failure 3, export-delete-add 2, connector-delete-remove-mv 1, \
                 export-delete 1, 2 more",
            ),
        ] {
            assert_eq!(said(statistics(counts, &[])), text);
        }
    }

    #[test]
    fn what_a_synchronization_takes_away_elsewhere_is_told() {
        let away: &[_] = &[("provisioned-disconnect", 2), ("provisioned-add-flow", 9)];
        let statistics = statistics(&[("connector-flow", 5)], &[("AD", away), ("SQL", away)]);
        assert_eq!(
            said(statistics),
            "provisioned-disconnect 4 (AD 2, SQL 2), connector-flow 5"
        );
    }

    /// At most three counters, with plain blanks.
    fn said(statistics: ProfileStatistics) -> String {
        let step = StepSummary {
            statistics: Some(statistics),
            ..step(StepStatus::Finished(StepOutcome::Success), "")
        };
        counters(&step, 3).replace('\u{a0}', " ")
    }
}
