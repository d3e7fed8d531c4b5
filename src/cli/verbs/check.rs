//! `check`: what is wrong with a sequence file, without running it.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::base::text::{list, plural, printable};
use crate::check::{Code, Known, Severity};
use crate::launch::{CheckFinding, Document, findings, kept_inventory, read_exported};
use crate::mim::{AgentInfo, Inventory, Knowledge};
use crate::model::{Place, ServerSettings};
use crate::settings::Folders;

use super::super::arguments::CheckArguments;
use super::super::console::{Output, Tone, word};
use super::super::exit_code::{ExitCode, WarningsAre};
use super::super::failure::Failure;
use super::agents;

/// Checks a file, with a server's agents if one is named.
///
/// # Errors
/// [`Failure`] when the file or the server cannot be used.
pub fn check(arguments: &CheckArguments, output: &Output) -> Result<ExitCode, Failure> {
    if let Some(code) = &arguments.explain {
        return explain(code, output);
    }
    let Some(file) = &arguments.file else {
        return Err(Failure::new(
            ExitCode::Usage,
            "name the sequence file to check",
        ));
    };
    let mut document = Document::read(file)?;
    let overrides = arguments.server.overrides();
    let is_asked = overrides.host.is_some() || overrides.is_demo;
    let live: Option<Arc<[AgentInfo]>> = if is_asked && !arguments.offline {
        let settings = &document.sequence.server;
        let agents = agents::ask(settings, &arguments.server, &document.folder)?;
        Some(agents.into())
    } else {
        None
    };
    // As a run with the same options would find it.
    document.sequence.server = overrides.over(&document.sequence.server);
    let mut inventory = if arguments.offline {
        kept(&document.sequence.server)?
    } else {
        Inventory::default()
    };
    if let Some(path) = &arguments.exported {
        inventory.export = Some(read_exported(path)?.joined(inventory.export));
    }
    let knowledge = Knowledge::of(live.as_ref(), &inventory);
    if arguments.offline && knowledge.is_none() {
        return Err(Failure::new(ExitCode::CouldNotStart, NOTHING_KEPT));
    }
    let zone = TimeZone::system();
    let known = knowledge.as_ref().map(|it| Known::of(it, &zone));
    let found = findings(&document, known);
    for finding in &found {
        if arguments.json {
            output.line(&json(finding)?);
        } else {
            output.line(&line(finding, output));
        }
    }
    if !arguments.json {
        output.line(&total(&found));
    }
    let worst = |severity| {
        found
            .iter()
            .any(|finding| finding.problem.severity == severity)
    };
    Ok(if worst(Severity::Error) {
        ExitCode::BadFile
    } else if worst(Severity::Warning) {
        ExitCode::warnings(WarningsAre::from_switch(arguments.warnings_ok))
    } else {
        ExitCode::Success
    })
}

/// Nobody has connected to the server from here.
const NOTHING_KEPT: &str = "nothing is known about this server without asking it; connect to it once in \
                            the designer, or name what was exported from it with --exported";

/// What the designer has kept about a server.
fn kept(server: &ServerSettings) -> Result<Inventory, Failure> {
    let Some(folders) = Folders::of_user() else {
        return Ok(Inventory::default());
    };
    Ok(kept_inventory(&folders.servers(), &server.kept_as())?)
}

fn explain(wanted: &str, output: &Output) -> Result<ExitCode, Failure> {
    let Some(code) = Code::from_word(wanted.trim()) else {
        let mut names = String::new();
        for code in Code::ALL {
            // Writing to a string cannot fail.
            write!(names, "\n  {}", code.as_str()).ok();
        }
        let message = format!(
            "`{}` is no problem's code; the codes are:{names}",
            printable(wanted)
        );
        return Err(Failure::new(ExitCode::Usage, message));
    };
    output.line(&format!(
        "{}\n\n{}",
        code.as_str(),
        code.explanation().trim_end()
    ));
    Ok(ExitCode::Success)
}

const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Doubtful,
        Severity::Note => Tone::Quiet,
    }
}

fn line(finding: &CheckFinding, output: &Output) -> String {
    let severity = finding.problem.severity;
    let word = word(severity.as_str(), tone(severity), output.colour());
    format!("{word}: {}", printable(&finding.sentence()))
}

fn total(found: &[CheckFinding]) -> String {
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| {
            let count = found
                .iter()
                .filter(|one| one.problem.severity == severity)
                .count();
            (count > 0).then(|| plural(count as u64, severity.as_str()))
        })
        .collect();
    if counts.is_empty() {
        "No problems found.".to_owned()
    } else {
        format!("Found {}.", list(&counts))
    }
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    severity: &'static str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
    place: &'a str,
    message: &'a str,
}

fn json(finding: &CheckFinding) -> Result<String, Failure> {
    let step = match finding.problem.place {
        Place::Step { step, .. } => Some(step),
        Place::Sequence | Place::Thread(_) => None,
    };
    super::to_json(&JsonFinding {
        severity: finding.problem.severity.as_str(),
        code: finding.problem.code.as_str(),
        thread: finding.problem.place.thread(),
        step,
        place: &finding.place,
        message: &finding.problem.message,
    })
}
