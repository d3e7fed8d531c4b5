//! The command line of `masequenceconfiguration`: opening the window, and the hidden verbs with
//! which the designer starts itself as the host of a run and as the demo's server.
//!
//! Must not know the window: whoever calls [`main`] opens it.

mod arguments;
mod demo_server;
mod run_host;

use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode as ProcessCode;

use clap::Parser as _;

use crate::base::error_chain;
use crate::base::memory;
use crate::base::text::printable;

use super::ExitCode;
use arguments::{Arguments, Verb};

pub use arguments::Opening;

/// The whole of `masequenceconfiguration`; `open` opens the window and returns when it is closed.
pub fn main(open: impl FnOnce(Opening) -> Result<(), Box<dyn Error>>) -> ProcessCode {
    memory::forbid_core_dumps();
    perform(std::env::args_os(), open).into()
}

fn perform(
    arguments: impl Iterator<Item = OsString>,
    open: impl FnOnce(Opening) -> Result<(), Box<dyn Error>>,
) -> ExitCode {
    let opening = match Arguments::try_parse_from(arguments) {
        Ok(Arguments {
            verb: Some(Verb::RunHost),
            ..
        }) => {
            memory::forbid_reading();
            return run_host::run_host();
        }
        Ok(Arguments {
            verb: Some(Verb::DemoServer),
            ..
        }) => {
            memory::forbid_reading();
            return demo_server::demo_server();
        }
        Ok(arguments) => arguments.opening(),
        Err(answer) => return tell(&answer),
    };
    match open(opening) {
        Ok(()) => ExitCode::Success,
        Err(error) => {
            complain(&printable(&error_chain::one_line(error.as_ref())));
            ExitCode::Failed
        }
    }
}

/// Help and version are answers, everything else is a wrong usage: one sentence.
fn tell(answer: &clap::Error) -> ExitCode {
    let text = answer.to_string();
    if !answer.use_stderr() {
        print(text.trim_end());
        return ExitCode::Success;
    }
    let first = text.lines().next().unwrap_or_default();
    let said = first.strip_prefix("error: ").unwrap_or(first);
    complain(&format!(
        "{said}; see masequenceconfiguration --help, or run a sequence with masequencer run FILE"
    ));
    ExitCode::Usage
}

#[expect(
    clippy::print_stdout,
    reason = "help and version, before there is a window"
)]
fn print(text: &str) {
    println!("{text}");
}

#[expect(
    clippy::print_stderr,
    reason = "without a window there is no other place to say it"
)]
fn complain(sentence: &str) {
    eprintln!("masequenceconfiguration: {sentence}");
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn opened(words: &[&str]) -> (ExitCode, Option<Opening>) {
        let mut opening = None;
        let words = std::iter::once("masequenceconfiguration").chain(words.iter().copied());
        let code = perform(words.map(OsString::from), |asked| {
            opening = Some(asked);
            Ok(())
        });
        (code, opening)
    }

    #[test]
    fn a_window_opens_with_what_was_asked_for() {
        for (words, file, is_demo) in [
            (&[][..], None, false),
            (&["a.xml"], Some("a.xml"), false),
            (&["a.xml", "--demo"], Some("a.xml"), true),
            (&["--demo"], None, true),
            (&["./gallery"], Some("./gallery"), false),
            (&["--", "-odd.xml"], Some("-odd.xml"), false),
            (&["help"], Some("help"), false),
        ] {
            let expected = Opening::Window {
                file: file.map(Into::into),
                is_demo,
            };
            assert_eq!(opened(words), (ExitCode::Success, Some(expected)));
        }
        let gallery = ["gallery", "out", "--only", "x", "--scale", "300"];
        let expected = Opening::Gallery {
            folder: "out".into(),
            only: Some("x".to_owned()),
            scales: vec![300],
        };
        assert_eq!(opened(&gallery), (ExitCode::Success, Some(expected)));
    }

    #[test]
    fn a_wrong_argument_opens_nothing() {
        for words in [
            &["--nonsense"][..],
            &["a.xml", "b.xml"],
            &["gallery"],
            &["--demo=yes"],
            &["gallery", "a", "b"],
            &["gallery", "a", "--scale", "20"],
        ] {
            assert_eq!(opened(words), (ExitCode::Usage, None), "{words:?}");
        }
        for words in [&["--help"][..], &["--version"]] {
            assert_eq!(opened(words), (ExitCode::Success, None), "{words:?}");
        }
    }

    #[test]
    fn a_window_that_does_not_open_is_a_failure() {
        let words = ["masequenceconfiguration"].map(OsString::from);
        let code = perform(words.into_iter(), |_| {
            Err(io::Error::other("no display").into())
        });
        assert_eq!(code, ExitCode::Failed);
    }
}
