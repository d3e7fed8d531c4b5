//! The designer. Thin: the library does the work.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use masequencer::{base, ui};

fn main() -> ExitCode {
    if std::env::args_os().len() > 1 {
        return fail(
            "this version of the designer takes no arguments; `masequencer run FILE` runs a sequence",
        );
    }
    match ui::run(ui::Options::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&base::error_chain::one_line(&error)),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "without a window there is no other place to say it"
)]
fn fail(sentence: &str) -> ExitCode {
    eprintln!("masequenceconfiguration: {sentence}");
    ExitCode::FAILURE
}
