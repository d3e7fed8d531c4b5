//! What the palette offers for a text: commands, run profiles to add, places to go to.

use std::ops::Range;

use crate::mim::StepType;
use crate::model::Place;

use super::command::why_not_edit;
use super::fuzzy::{Fit, fit};
use super::tree::all_profiles;
use super::words::palette as words;
use super::words::quotes::shown;
use super::{Command, Menu, Msg, Select, State, TreeItem, TreeMsg};

/// A row of the palette.
#[derive(Debug, Clone)]
pub struct PaletteRow {
    /// Under which heading.
    pub group: PaletteGroup,
    /// Its words.
    pub title: String,
    /// Where the typed text was found in the title, in bytes.
    pub matches: Vec<Range<usize>>,
    /// What it is, in a word or two.
    pub hint: String,
    /// Its look.
    pub mark: PaletteMark,
    /// The keys of a command.
    pub keys: String,
    /// Why it cannot be performed now; empty when it can.
    pub why_not: String,
    /// What it does.
    pub msg: Msg,
}

/// The headings of the palette, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaletteGroup {
    /// Commands.
    Commands,
    /// Run profiles that are added to the selected thread.
    Add,
    /// Steps, threads and problems to go to.
    GoTo,
}

/// How a row of the palette looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaletteMark {
    /// A command, with its own icon.
    Command(Command),
    /// A run profile of this type.
    Profile(Option<StepType>),
    /// A place.
    Place,
    /// A problem.
    Problem,
}

/// The most rows.
const MOST: usize = 50;

/// The rows for what was typed, the best first within each group, at most 50. With nothing typed,
/// the commands that can be performed now.
pub fn palette_rows(state: &State) -> Vec<PaletteRow> {
    let text = state.palette.as_ref().map_or("", |palette| &palette.text);
    let mut found = Found {
        text: text.trim(),
        rows: Vec::new(),
    };
    commands(state, &mut found);
    if !found.text.is_empty() {
        profiles(state, &mut found);
        places(state, &mut found);
        problems(state, &mut found);
    }
    found.best()
}

/// A rank among the rows of a group: what can be done first, then the better fit, then the shorter.
type Rank = (PaletteGroup, bool, Fit, usize);

struct Found<'a> {
    text: &'a str,
    rows: Vec<(Rank, PaletteRow)>,
}

impl Found<'_> {
    /// Adds a row if it fits; the rest of it is made only then.
    fn offer(&mut self, title: String, rest: impl FnOnce(String) -> PaletteRow) {
        if let Some((fit, matches)) = fit(self.text, &title) {
            let length = if self.text.is_empty() { 0 } else { title.len() };
            let row = PaletteRow {
                matches,
                ..rest(title)
            };
            let rank = (row.group, !row.why_not.is_empty(), fit, length);
            self.rows.push((rank, row));
        }
    }

    /// Each group keeps its best rows; none crowds out the others.
    fn best(mut self) -> Vec<PaletteRow> {
        self.rows.sort_by_key(|(rank, _)| *rank);
        let groups = [
            PaletteGroup::Commands,
            PaletteGroup::Add,
            PaletteGroup::GoTo,
        ];
        let count = |group| {
            let of_group = self.rows.iter().filter(|(rank, _)| rank.0 == group);
            of_group.count()
        };
        let counts = groups.map(count);
        let mut room = MOST;
        let mut share = [0; 3];
        // Groups take turns until there is no room left or nothing to show.
        while room > 0 && share != counts {
            for (share, count) in share.iter_mut().zip(counts) {
                if room > 0 && *share < count {
                    *share += 1;
                    room -= 1;
                }
            }
        }
        let mut left: std::collections::BTreeMap<_, _> = groups.into_iter().zip(share).collect();
        self.rows
            .into_iter()
            .filter(|(rank, _)| {
                left.get_mut(&rank.0).is_some_and(|left| {
                    let has_room = *left > 0;
                    *left = left.saturating_sub(1);
                    has_room
                })
            })
            .map(|(_, row)| row)
            .collect()
    }
}

fn commands(state: &State, found: &mut Found<'_>) {
    for (menu, command) in in_menus() {
        if command == Command::Palette {
            continue;
        }
        let why_not = command.availability(state).err().unwrap_or_default();
        if found.text.is_empty() && !why_not.is_empty() {
            continue;
        }
        found.offer(command.label_for(state), |title| PaletteRow {
            group: PaletteGroup::Commands,
            title,
            matches: Vec::new(),
            hint: menu.label().to_owned(),
            mark: PaletteMark::Command(command),
            keys: command
                .shortcuts()
                .first()
                .map(|keys| keys.to_string())
                .unwrap_or_default(),
            why_not: why_not.to_owned(),
            msg: Msg::Command(command),
        });
    }
}

/// All commands with their menus, in the order of the menus.
fn in_menus() -> impl Iterator<Item = (Menu, Command)> {
    Menu::ALL.into_iter().flat_map(|menu| {
        let groups = menu.groups().iter();
        groups.flat_map(move |group| group.iter().map(move |command| (menu, *command)))
    })
}

fn profiles(state: &State, found: &mut Found<'_>) {
    let why_not = why_not_edit(state).err().unwrap_or_default();
    for (agent, profile, step_type) in all_profiles(state) {
        found.offer(words::profile(&agent, &profile), |title| PaletteRow {
            group: PaletteGroup::Add,
            title,
            matches: Vec::new(),
            hint: words::PROFILE.to_owned(),
            mark: PaletteMark::Profile(step_type),
            keys: String::new(),
            why_not: why_not.to_owned(),
            msg: Msg::Tree(TreeMsg::Add(TreeItem::Profile(agent, profile))),
        });
    }
}

fn places(state: &State, found: &mut Found<'_>) {
    let threads = state.document.sequence.threads.iter().enumerate();
    for (thread, content) in threads {
        let place = Place::Thread(thread);
        found.offer(words::thread(thread, &content.name), |title| {
            go_to(title, words::THREAD.to_owned(), place)
        });
        for (step, content) in content.steps.iter().enumerate() {
            let place = Place::Step { thread, step };
            found.offer(words::step(thread, step, &content.label()), |title| {
                go_to(title, words::in_thread(thread), place)
            });
        }
    }
}

const fn go_to(title: String, hint: String, place: Place) -> PaletteRow {
    PaletteRow {
        group: PaletteGroup::GoTo,
        title,
        matches: Vec::new(),
        hint,
        mark: PaletteMark::Place,
        keys: String::new(),
        why_not: String::new(),
        msg: Msg::Select(Select::One(place)),
    }
}

fn problems(state: &State, found: &mut Found<'_>) {
    for (index, problem) in state.problems.list.iter().enumerate() {
        found.offer(shown(&problem.message), |title| PaletteRow {
            mark: PaletteMark::Problem,
            msg: Msg::ShowProblem(index),
            ..go_to(title, words::PROBLEM.to_owned(), problem.place)
        });
    }
}

#[cfg(test)]
mod tests;
