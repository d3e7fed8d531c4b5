//! The file as it would be saved, line by line, and which lines belong to which place.

use std::ops::Range;

use crate::format;
use crate::model::{Place, Sequence};

/// The text of a sequence file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct XmlText {
    /// All of it.
    pub text: String,
    lines: Vec<Range<usize>>,
    places: Vec<(Place, Range<usize>)>,
}

impl XmlText {
    /// What would be saved.
    pub fn of(sequence: &Sequence) -> Self {
        let text = format::write(sequence);
        let mut lines = Vec::new();
        let mut begin = 0;
        for line in text.split_inclusive('\n') {
            let end = begin + line.trim_end_matches(['\n', '\r']).len();
            lines.push(begin..end);
            begin += line.len();
        }
        let mut xml = Self {
            text,
            lines,
            places: Vec::new(),
        };
        xml.find_places();
        xml
    }

    /// How many lines there are.
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A line, by index.
    pub fn line(&self, index: usize) -> &str {
        let range = self.lines.get(index).cloned().unwrap_or_default();
        self.text.get(range).unwrap_or_default()
    }

    /// The lines of a thread or step, as a range of indexes.
    pub fn lines_of(&self, place: Place) -> Option<Range<usize>> {
        let found = self
            .places
            .binary_search_by_key(&place, |(place, _)| *place)
            .ok()?;
        self.places.get(found).map(|(_, lines)| lines.clone())
    }

    /// The writer indents by depth, so that the indentation alone tells threads and steps apart.
    fn find_places(&mut self) {
        let mut places: Vec<(Place, Range<usize>)> = Vec::new();
        let mut thread = 0;
        let mut step = 0;
        let mut open: [Option<(Place, usize)>; 2] = [None, None];
        for index in 0..self.lines.len() {
            let line = self.line(index);
            let text = line.trim_start();
            let depth = (line.len() - text.len()) / INDENT;
            let place = match (depth, tag(text)) {
                (1, "thread") => {
                    step = 0;
                    thread += 1;
                    Some(Place::Thread(thread - 1))
                }
                (2, "run-profile" | "delay" | "command") => {
                    step += 1;
                    Some(Place::Step {
                        thread: thread.saturating_sub(1),
                        step: step - 1,
                    })
                }
                _ => None,
            };
            let Some(slot) = depth.checked_sub(1).and_then(|slot| open.get_mut(slot)) else {
                continue;
            };
            if let Some(place) = place {
                *slot = Some((place, index));
            }
            let ends = text.ends_with("/>") || text.starts_with("</");
            if ends && let Some((place, begin)) = slot.take() {
                places.push((place, begin..index + 1));
            }
        }
        places.sort_unstable_by_key(|(place, _)| *place);
        self.places = places;
    }
}

/// The blanks of one depth.
const INDENT: usize = 2;

/// The name of the element that a line begins or ends.
fn tag(text: &str) -> &str {
    let text = text.strip_prefix('<').unwrap_or_default();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Command, PostCommand, Step, StepKind, Thread, When};

    fn sequence() -> Sequence {
        let mut first = Thread::new("First <one>");
        let delay = StepKind::Delay {
            duration: std::time::Duration::from_secs(30),
        };
        first.steps.push(Step::new(delay.clone()));
        let mut command = Command::new("copy");
        command.arguments = vec!["a\nb".to_owned(), "<delay>".to_owned()];
        let mut step = Step::new(StepKind::Command(command.clone()));
        step.processing.post.push(PostCommand {
            when: When::Always,
            command,
        });
        first.steps.push(step);
        let mut second = Thread::new("Second");
        second.steps.push(Step::new(delay));
        Sequence {
            threads: vec![first, second, Thread::new("Empty")],
            ..Sequence::default()
        }
    }

    #[test]
    fn every_place_knows_its_lines() {
        let sequence = sequence();
        let xml = XmlText::of(&sequence);
        let places = (0..sequence.threads.len()).map(Place::Thread);
        for place in places.chain(sequence.step_places()) {
            let lines = xml.lines_of(place).unwrap();
            let first = xml.line(lines.start).trim_start();
            let word = match place {
                Place::Thread(_) | Place::Sequence => "thread",
                Place::Step { .. } if first.contains("program=") => "command",
                Place::Step { .. } => "delay",
            };
            assert_eq!(tag(first), word, "{place:?}");
            let last = xml.line(lines.end - 1).trim_start();
            assert!(
                last.ends_with("/>") || last == format!("</{word}>"),
                "{last}"
            );
        }
        assert_eq!(xml.lines_of(Place::Thread(3)), None);
    }

    #[test]
    fn the_lines_are_the_text() {
        let xml = XmlText::of(&sequence());
        let joined: Vec<&str> = (0..xml.len()).map(|index| xml.line(index)).collect();
        assert_eq!(format!("{}\n", joined.join("\n")), xml.text);
        assert_eq!(xml.line(xml.len()), "");
    }
}
