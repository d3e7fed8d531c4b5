//! The `<run-history>` document that `RunDetails` returns.
//!
//! Shape: ms698398, ms698397, schema ff758764; the latest step stands first, as the service writes
//! it (lithnet miis-client takes the first as the latest). Written by hand and not with the words of
//! `mim`, so that a mistake in the reader cannot hide behind the same mistake here.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::run::{FailurePhase, ObjectFailure, Run, StepRecord};
use super::space::Anchor;
use super::tally::{ExportTally, InboundTally, OutboundTally, StagingTally};
use crate::mim::StepType;

/// What the document says about the agent and about the agents that its runs flow to.
pub struct AgentLabel<'a> {
    /// The agent's name.
    pub name: &'a str,
    /// The agent's identifier, in braces.
    pub guid: &'a str,
}

/// The empty document of an agent that never ran.
pub const NO_RUN: &str = "<run-history></run-history>";

/// The details of a run; `phase` is the running step's word, such as `in-progress`.
pub fn document(agent: &AgentLabel<'_>, all: &[AgentLabel<'_>], run: &Run, phase: &str) -> String {
    let mut xml = Writer(String::with_capacity(2_048));
    xml.open("run-history", &[]);
    xml.open("run-details", &[]);
    xml.leaf("ma-id", agent.guid);
    xml.leaf("ma-name", agent.name);
    xml.leaf("run-number", &run.number.to_string());
    xml.leaf("run-profile-name", &run.profile);
    xml.leaf("security-id", &run.account);
    for (index, step) in run.steps.iter().enumerate().rev() {
        step_details(&mut xml, all, run.number, index + 1, step, phase);
    }
    xml.close("run-details");
    xml.close("run-history");
    xml.0
}

/// A time as the service writes it: UTC, `yyyy-MM-dd HH:mm:ss.fff`.
pub fn time_text(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string()
}

fn step_details(
    xml: &mut Writer,
    all: &[AgentLabel<'_>],
    run_number: u64,
    number: usize,
    step: &StepRecord,
    phase: &str,
) {
    // The identifier only has to differ from step to step.
    let id = format!("{{00000000-0000-4000-8000-{run_number:08X}{number:04X}}}");
    xml.open(
        "step-details",
        &[("step-number", &number.to_string()), ("step-id", &id)],
    );
    xml.leaf("start-date", &time_text(step.started));
    if let Some(ended) = step.ended {
        xml.leaf("end-date", &time_text(ended));
    }
    xml.leaf("step-result", step.result.as_deref().unwrap_or(phase));
    description(xml, step.step_type);
    xml.leaf("current-export-step-counter", "0");
    xml.leaf("last-successful-export-step-counter", "0");
    connection(xml, step);
    discovery(xml, &step.work.failures);
    synchronization_errors(xml, step);
    xml.leaf("mv-retry-errors", "");
    for (index, tally) in &step.work.outbound {
        if let Some(label) = all.get(*index) {
            outbound(xml, label, tally);
        }
    }
    staging(xml, &step.work.staging.unwrap_or_default());
    inbound(xml, &step.work.inbound.unwrap_or_default());
    export(xml, &step.work.export.unwrap_or_default());
    xml.close("step-details");
}

/// The step's description; encoding of the types: lithnet miis-client, `RunStep.cs`.
fn description(xml: &mut Writer, step_type: StepType) {
    let (kind, subtypes): (&str, &[(&str, &str)]) = match step_type {
        StepType::FullImport => ("full-import", &[("import-subtype", "to-cs")]),
        StepType::DeltaImport => ("delta-import", &[("import-subtype", "to-cs")]),
        StepType::FullImportDeltaSync => ("full-import", &[]),
        StepType::DeltaImportDeltaSync => ("delta-import", &[]),
        StepType::FullImportFullSync => ("full-import-reevaluate-rules", &[]),
        StepType::FullSync => (
            "apply-rules",
            &[("apply-rules-subtype", "reevaluate-flow-connectors")],
        ),
        StepType::DeltaSync => ("apply-rules", &[("apply-rules-subtype", "apply-pending")]),
        StepType::Export => ("export", &[]),
    };
    xml.open("step-description", &[]);
    xml.open("step-type", &[("type", kind)]);
    for (name, value) in subtypes {
        xml.leaf(name, value);
    }
    xml.close("step-type");
    xml.leaf("partition", "default");
    xml.open("custom-data", &[]);
    xml.leaf("run-config", "");
    xml.close("custom-data");
    xml.close("step-description");
}

fn connection(xml: &mut Writer, step: &StepRecord) {
    let reaches_out = step.step_type.imports() || step.step_type.exports();
    xml.open("ma-connection", &[]);
    match &step.work.connection {
        Some(problem) => {
            xml.leaf("connection-result", problem);
            xml.open("connection-log", &[]);
            xml.open("incident", &[]);
            xml.leaf("connection-result", problem);
            xml.leaf("date", &time_text(step.started));
            xml.close("incident");
            xml.close("connection-log");
        }
        None if reaches_out => xml.leaf("connection-result", "success"),
        None => {}
    }
    xml.close("ma-connection");
}

fn discovery(xml: &mut Writer, failures: &[ObjectFailure]) {
    xml.open("ma-discovery-errors", &[]);
    for failure in failures {
        if failure.phase == FailurePhase::Discovery {
            xml.open("ma-object-error", &[]);
            xml.leaf("error-type", failure.error_type);
            xml.leaf("entry-number", &failure.anchor.to_string());
            xml.leaf("dn", &distinguished_name(failure.anchor));
            cd_error(xml, failure.detail);
            xml.close("ma-object-error");
        }
    }
    xml.close("ma-discovery-errors");
    xml.open("ma-discovery-counters", &[]);
    xml.count("filtered-deletions", 0);
    xml.count("filtered-objects", 0);
    xml.close("ma-discovery-counters");
}

fn synchronization_errors(xml: &mut Writer, step: &StepRecord) {
    let at = time_text(step.ended.unwrap_or(step.started));
    xml.open("synchronization-errors", &[]);
    for failure in &step.work.failures {
        let element = match failure.phase {
            FailurePhase::Discovery => continue,
            FailurePhase::Import => "import-error",
            FailurePhase::Export => "export-error",
        };
        let guid = format!("{{00000000-0000-4000-9000-{:012X}}}", failure.anchor);
        let dn = distinguished_name(failure.anchor);
        xml.open(element, &[("cs-guid", &guid), ("dn", &dn)]);
        xml.leaf("date-occurred", &at);
        xml.leaf("first-occurred", &at);
        xml.leaf("retry-count", "0");
        xml.leaf("error-type", failure.error_type);
        match failure.phase {
            FailurePhase::Export => cd_error(xml, failure.detail),
            FailurePhase::Import => xml.leaf("algorithm-step", "staging"),
            FailurePhase::Discovery => {}
        }
        xml.close(element);
    }
    xml.close("synchronization-errors");
}

fn cd_error(xml: &mut Writer, detail: &str) {
    xml.open("cd-error", &[]);
    xml.leaf("error-code", "0x35");
    xml.leaf("error-literal", detail);
    xml.close("cd-error");
}

fn outbound(xml: &mut Writer, label: &AgentLabel<'_>, tally: &OutboundTally) {
    xml.open(
        "outbound-flow-counters",
        &[("ma", label.name), ("ma-id", label.guid)],
    );
    xml.count("provisioned-add-no-flow", 0);
    xml.count("provisioned-add-flow", tally.provisioned_add);
    xml.count("provisioned-rename-no-flow", 0);
    xml.count("provisioned-rename-flow", 0);
    xml.count("provisioned-delete-add-no-flow", 0);
    xml.count("provisioned-delete-add-flow", tally.provisioned_delete_add);
    xml.count("provisioned-disconnect", tally.provisioned_disconnect);
    xml.count("connector-flow", tally.connector_flow);
    xml.count("connector-no-flow", tally.connector_no_flow);
    xml.close("outbound-flow-counters");
}

fn staging(xml: &mut Writer, tally: &StagingTally) {
    xml.open("staging-counters", &[]);
    xml.count("stage-no-change", tally.no_change);
    xml.count("stage-add", tally.add);
    xml.count("stage-update", tally.update);
    xml.count("stage-rename", 0);
    xml.count("stage-delete", tally.delete);
    xml.count("stage-delete-add", tally.delete_add);
    xml.count("stage-failure", 0);
    xml.close("staging-counters");
}

fn inbound(xml: &mut Writer, tally: &InboundTally) {
    xml.open("inbound-flow-counters", &[]);
    xml.count("disconnector-filtered", 0);
    xml.count("disconnector-joined-no-flow", tally.joined_no_flow);
    xml.count("disconnector-joined-flow", tally.joined_flow);
    xml.count("disconnector-joined-remove-mv", 0);
    xml.count("disconnector-projected-no-flow", 0);
    xml.count("disconnector-projected-flow", tally.projected_flow);
    xml.count("disconnector-projected-remove-mv", 0);
    xml.count("disconnector-remains", tally.disconnector_remains);
    xml.count("connector-filtered-remove-mv", 0);
    xml.count("connector-filtered-leave-mv", 0);
    xml.count("connector-flow", tally.connector_flow);
    xml.count("connector-flow-remove-mv", 0);
    xml.count("connector-no-flow", tally.connector_no_flow);
    xml.count("connector-delete-remove-mv", tally.delete_remove_mv);
    xml.count("connector-delete-leave-mv", tally.delete_leave_mv);
    xml.count("connector-delete-add-processed", 0);
    xml.count("flow-failure", 0);
    xml.close("inbound-flow-counters");
}

fn export(xml: &mut Writer, tally: &ExportTally) {
    xml.open("export-counters", &[]);
    xml.count("export-add", tally.add);
    xml.count("export-update", tally.update);
    xml.count("export-rename", 0);
    xml.count("export-delete", tally.delete);
    xml.count("export-delete-add", 0);
    xml.count("export-failure", tally.failure);
    xml.close("export-counters");
}

fn distinguished_name(anchor: Anchor) -> String {
    format!("CN=Person {anchor},OU=People,DC=demo,DC=example")
}

/// A text into which elements are written in order.
struct Writer(String);

impl Writer {
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.0.push('<');
        self.0.push_str(name);
        for (key, value) in attributes {
            // Writing to a string cannot fail.
            write!(self.0, " {key}=\"{}\"", escaped(value)).ok();
        }
        self.0.push('>');
    }

    fn close(&mut self, name: &str) {
        write!(self.0, "</{name}>").ok();
    }

    fn leaf(&mut self, name: &str, text: &str) {
        write!(self.0, "<{name}>{}</{name}>", escaped(text)).ok();
    }

    fn count(&mut self, name: &str, count: u64) {
        let detail = if count > 0 { "true" } else { "false" };
        write!(self.0, "<{name} detail=\"{detail}\">{count}</{name}>").ok();
    }
}

/// Text that is safe in content and in attributes; control characters, which XML cannot hold, go.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_milliseconds() {
        let time: Timestamp = "2026-03-01T04:05:06.007Z".parse().unwrap();
        assert_eq!(time_text(time), "2026-03-01 04:05:06.007");
        assert_eq!(time_text(Timestamp::UNIX_EPOCH), "1970-01-01 00:00:00.000");
    }

    #[test]
    fn names_are_escaped_and_the_latest_step_stands_first() {
        let step = |step_type| StepRecord {
            step_type,
            started: Timestamp::UNIX_EPOCH,
            ended: None,
            result: None,
            work: super::super::run::StepWork::default(),
        };
        let run = Run {
            number: 8,
            profile: "Full <all> & \"quick\"".to_owned(),
            account: "DEMO\\svc".to_owned(),
            started: Timestamp::UNIX_EPOCH,
            ended: None,
            result: None,
            steps: vec![step(StepType::FullImport), step(StepType::DeltaSync)],
        };
        let label = AgentLabel {
            name: "HR & more",
            guid: "{1}",
        };
        let text = document(&label, &[], &run, "in-progress");
        assert!(text.contains("<ma-name>HR &amp; more</ma-name>"));
        assert!(text.contains("Full &lt;all&gt; &amp; &quot;quick&quot;"));
        let second = text.find("step-number=\"2\"").unwrap();
        let first = text.find("step-number=\"1\"").unwrap();
        assert!(second < first);
        assert!(text.contains("apply-pending"));
        assert!(!text.contains("end-date"));
    }
}
