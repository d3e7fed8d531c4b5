//! Which of the two command lines somebody wrote.
//!
//! The old one has letters with a colon (`/f:File`, `-L:1`) or a file behind a slash
//! (`/RunADImport.xml`); the new one begins with a verb. Must not look at the disk.

use std::ffi::OsString;

/// The manner of a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Nothing at all: the short help, as an error, so that a scheduler that lost the arguments
    /// does not take it for a success.
    Nothing,
    /// `/?`: a short help shows both manners.
    Help,
    /// The original's options.
    Old,
    /// A verb with long options.
    New,
}

/// Tells the manner of the arguments (without the program's name) by the first of them.
pub fn of(arguments: &[OsString]) -> Style {
    let Some(first) = arguments.first() else {
        return Style::Nothing;
    };
    // Names that are no Unicode only matter behind the first character.
    let first = first.to_string_lossy();
    match first.as_ref() {
        "/?" | "-?" => Style::Help,
        text if text.starts_with('/') => Style::Old,
        text if is_old_with_dash(text) => Style::Old,
        _ => Style::New,
    }
}

fn is_old_with_dash(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-') else {
        return false;
    };
    let mut chars = rest.chars();
    let has_letter_and_colon =
        chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    let is_file = !rest.starts_with('-') && rest.to_ascii_lowercase().ends_with(".xml");
    has_letter_and_colon || is_file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_argument_tells() {
        for (arguments, style) in [
            (&[][..], Style::Nothing),
            (&["/?"], Style::Help),
            (&["-?"], Style::Help),
            (&["/f:a.xml"], Style::Old),
            (&["/F:a.xml", "/l:1"], Style::Old),
            (&["-f:a.xml"], Style::Old),
            (&["-S:mim01", "-f:a.xml"], Style::Old),
            (&["/RunADImport.xml"], Style::Old),
            (&["/home/me/a.xml"], Style::Old),
            (&["-RunADImport.XML"], Style::Old),
            (&["/x"], Style::Old),
            (&["run", "/f:a.xml"], Style::New),
            (&["run", "a.xml"], Style::New),
            (&["--help"], Style::New),
            (&["-h"], Style::New),
            (&["-V"], Style::New),
            (&["--file.xml"], Style::New),
            (&["a.xml"], Style::New),
            (&[""], Style::New),
        ] {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            assert_eq!(of(&arguments), style, "{arguments:?}");
        }
    }
}
