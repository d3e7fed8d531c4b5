//! `doctor`: where the way to a server ends, line by line, and what to do about it.

use std::path::Path;

use serde::Serialize;

use crate::base::text::printable;
use crate::launch::Target;
use crate::launch::doctor::{self, DoctorOrder, Line, OrderProbe, Summary, Verdict};
use crate::mim::AgentName;
use crate::model::ServerSettings;

use super::super::arguments::DoctorArguments;
use super::super::console::{Colour, Output, Tone, width, word, wrap};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::password::{self, PasswordSources};
use super::super::runtime;

/// How wide the verdicts are.
const VERDICT_CELLS: usize = 11;
/// How wide the names of the checks are.
const TITLE_CELLS: usize = 17;

/// Examines a server.
///
/// # Errors
/// [`Failure`] when there is no server to examine, or no password.
pub fn doctor(arguments: &DoctorArguments, output: &Output) -> Result<ExitCode, Failure> {
    let probe_execute = arguments.probe_execute.as_deref().map(agent).transpose()?;
    let overrides = arguments.server.overrides();
    let target = Target::decide(&ServerSettings::default(), &overrides, Path::new(""))?;
    let server = &arguments.server;
    let sources = PasswordSources::named(&server.password, server.credential.as_deref());
    let password = password::of_target(sources, &target)?;
    let order = DoctorOrder {
        target,
        password,
        order_probe: probe_execute.map_or(OrderProbe::No, OrderProbe::On),
        protocol_log: None,
    };
    let is_json = arguments.json;
    let outcome = runtime::block_on(async {
        let tell = |line: &Line| {
            output.line(&if is_json {
                json(line)
            } else {
                text(line, output.columns(), output.colour())
            });
        };
        Ok(doctor::examine(order, tell).await?)
    })?;
    let summary = Summary::of(&outcome.lines);
    if !is_json {
        output.line(&format!("\n{}", closing(summary)));
    }
    Ok(exit_code(summary))
}

fn agent(name: &str) -> Result<AgentName, Failure> {
    AgentName::new(name).map_err(|error| {
        Failure::new(
            ExitCode::Usage,
            format!(
                "`{}` cannot be the name of an agent: {error}",
                printable(name)
            ),
        )
    })
}

const fn exit_code(summary: Summary) -> ExitCode {
    match summary {
        Summary::Well => ExitCode::Success,
        Summary::Doubtful => ExitCode::Warnings,
        Summary::Ill => ExitCode::CouldNotStart,
    }
}

const fn closing(summary: Summary) -> &'static str {
    match summary {
        Summary::Well => "All that was looked at is as it should be.",
        Summary::Doubtful => "A run may get through; look at what failed or is unknown.",
        Summary::Ill => "A run would not get through; the line that failed says what to do.",
    }
}

/// A line for people: verdict, name, and what was seen, with the remedy below.
fn text(line: &Line, columns: usize, colour: Colour) -> String {
    let (mark, tone) = match &line.verdict {
        Verdict::Pass(_) => ("passed", Tone::Good),
        Verdict::Fail { .. } => ("failed", Tone::Bad),
        Verdict::Unknown(_) => ("unknown", Tone::Doubtful),
        Verdict::NotAsked(_) => ("not asked", Tone::Quiet),
    };
    let title = line.check.title();
    let indent = VERDICT_CELLS + TITLE_CELLS;
    let room = columns.saturating_sub(indent);
    let mut whole = format!(
        "{}{}{title}{}",
        word(mark, tone, colour),
        blanks(mark, VERDICT_CELLS),
        blanks(title, TITLE_CELLS),
    );
    let seen = wrap(&printable(line.verdict.text()), room);
    let remedy = line.verdict.remedy().map(|remedy| {
        let sentence = format!("To do: {}", printable(remedy));
        wrap(&sentence, room)
    });
    let all = seen.into_iter().chain(remedy.into_iter().flatten());
    for (index, piece) in all.enumerate() {
        if index > 0 {
            whole.push('\n');
            whole.push_str(&" ".repeat(indent));
        }
        whole.push_str(&piece);
    }
    whole
}

fn blanks(before: &str, cells: usize) -> String {
    " ".repeat(cells.saturating_sub(width(before)))
}

#[derive(Serialize)]
struct JsonLine<'a> {
    check: &'static str,
    verdict: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'a str>,
}

fn json(line: &Line) -> String {
    let line = JsonLine {
        check: line.check.id(),
        verdict: line.verdict.id(),
        text: line.verdict.text(),
        remedy: line.verdict.remedy(),
    };
    // A struct of texts can always be written.
    serde_json::to_string(&line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::launch::doctor::Check;

    use super::*;

    fn failed() -> Line {
        Line {
            check: Check::PortOpen,
            verdict: Verdict::Fail {
                sentence: "nobody listens on port 5985".to_owned(),
                remedy: "check the port, and start WinRM there (winrm quickconfig)".to_owned(),
            },
        }
    }

    #[test]
    fn a_failure_has_its_remedy_below() {
        assert_eq!(
            text(&failed(), 80, Colour::Off),
            "failed     Port open        nobody listens on port 5985\n\
             \u{20}                           To do: check the port, and start WinRM there (winrm\n\
             \u{20}                           quickconfig)"
        );
        assert_eq!(
            json(&failed()),
            r#"{"check":"port-open","verdict":"fail","text":"nobody listens on port 5985","remedy":"check the port, and start WinRM there (winrm quickconfig)"}"#
        );
    }

    #[test]
    fn every_name_fits_its_column() {
        for check in Check::ALL {
            assert!(width(check.title()) < TITLE_CELLS, "{check:?}");
        }
    }

    #[test]
    fn foreign_text_cannot_move_the_cursor() {
        let line = Line {
            check: Check::Identify,
            verdict: Verdict::Pass("\u{1b}[2J".to_owned()),
        };
        assert!(!text(&line, 80, Colour::Off).contains('\u{1b}'));
    }
}
