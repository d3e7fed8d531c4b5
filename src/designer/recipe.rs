//! Commands that are ready made: copying a file, as people do before an import.

use crate::model::Command;

#[cfg(windows)]
const COPY: (&str, &[&str]) = ("cmd", &["/c", "copy", "/y"]);
#[cfg(not(windows))]
const COPY: (&str, &[&str]) = ("cp", &[]);

/// A command that copies a file from one path to another with this system's own program.
pub fn copy_file(from: &str, to: &str) -> Command {
    let (program, words) = COPY;
    let mut command = Command::new(program);
    command.arguments = words.iter().map(|word| (*word).to_owned()).collect();
    command.arguments.push(from.to_owned());
    command.arguments.push(to.to_owned());
    command
}

/// From where to where a command copies, if [`copy_file`] made it.
pub fn copied(command: &Command) -> Option<(&str, &str)> {
    let (program, words) = COPY;
    if command.program != program {
        return None;
    }
    let (first, rest) = command.arguments.split_at_checked(words.len())?;
    if first != words {
        return None;
    }
    match rest {
        [from, to] if !from.starts_with('-') => Some((from, to)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_known_again() {
        let command = copy_file("in/hr feed.csv", "work/hr.csv");
        assert_eq!(copied(&command), Some(("in/hr feed.csv", "work/hr.csv")));
        let mut other = command.clone();
        other.arguments.push("more".to_owned());
        assert_eq!(copied(&other), None);
        let mut other = command;
        other.program = "rsync".to_owned();
        assert_eq!(copied(&other), None);
        assert_eq!(copied(&copy_file("", "")), Some(("", "")));
    }
}
