//! Reads the `<run-history>` document into [`RunDetails`].
//!
//! A pull parser under limits; must not decide what a run means. Elements that are not known are
//! passed over, since the service adds to its schema (ff758764) with each release.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::details::{DetailsError, ErrorPhase, MAX_ERRORS, ObjectError, RunDetails, StepDetails};
use super::details_xml::{Tag, Walker};
use super::{AgentName, Counter, CounterGroup, Counters, ProfileName, RunResult, StepType};

/// How many steps of all runs are taken before the document is refused.
const MAX_STEPS: usize = 20_000;

/// Reads all runs of a document.
pub(super) fn read(xml: &str) -> Result<Vec<RunDetails>, DetailsError> {
    if xml.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut reader = Reader {
        walker: Walker::new(xml)?,
        step_count: 0,
    };
    let root = reader.walker.root()?;
    let mut runs = Vec::new();
    match root.name.as_str() {
        "execution-histories" => {
            while let Some(tag) = reader.walker.next_child()? {
                match tag.name.as_str() {
                    "run-history" => reader.run_history(&mut runs)?,
                    _ => reader.walker.skip()?,
                }
            }
        }
        "run-history" => reader.run_history(&mut runs)?,
        "run-details" => runs.push(reader.run()?),
        other => {
            let problem = format!("expected `run-history`, found `{other}`");
            return Err(reader.walker.error(problem));
        }
    }
    reader.walker.end_of_document()?;
    Ok(runs)
}

struct Reader<'a> {
    walker: Walker<'a>,
    step_count: usize,
}

impl Reader<'_> {
    fn run_history(&mut self, runs: &mut Vec<RunDetails>) -> Result<(), DetailsError> {
        while let Some(tag) = self.walker.next_child()? {
            match tag.name.as_str() {
                "run-details" => runs.push(self.run()?),
                _ => self.walker.skip()?,
            }
        }
        Ok(())
    }

    fn run(&mut self) -> Result<RunDetails, DetailsError> {
        let mut agent = None;
        let mut agent_guid = String::new();
        let mut run_number = None;
        let mut profile = None;
        let mut account = String::new();
        let mut steps = Vec::new();
        while let Some(tag) = self.walker.next_child()? {
            match tag.name.as_str() {
                "ma-id" => agent_guid = self.walker.text()?,
                "ma-name" => agent = AgentName::new(&self.walker.text()?).ok(),
                "run-number" => run_number = self.walker.text()?.parse().ok(),
                "run-profile-name" => profile = ProfileName::new(&self.walker.text()?).ok(),
                "security-id" => account = self.walker.text()?,
                "step-details" => {
                    let position = u32::try_from(steps.len() + 1).unwrap_or(u32::MAX);
                    steps.push(self.step(&tag, position)?);
                }
                _ => self.walker.skip()?,
            }
        }
        // The documentation says run order, a known reader takes the first as the latest; the
        // number is the only thing to trust.
        steps.sort_by_key(|step| step.number);
        let missing = |name: &str| {
            let problem = format!("a run without a usable `{name}`");
            self.walker.error(problem)
        };
        Ok(RunDetails {
            agent: agent.ok_or_else(|| missing("ma-name"))?,
            agent_guid,
            run_number: run_number.ok_or_else(|| missing("run-number"))?,
            profile: profile.ok_or_else(|| missing("run-profile-name"))?,
            account,
            steps,
        })
    }

    fn step(&mut self, tag: &Tag, position: u32) -> Result<StepDetails, DetailsError> {
        self.step_count += 1;
        if self.step_count > MAX_STEPS {
            return Err(self.walker.error(format!("more than {MAX_STEPS} steps")));
        }
        let number = tag
            .attribute("step-number")
            .or_else(|| tag.attribute("number"))
            .and_then(|number| number.trim().parse().ok());
        let mut step = StepDetails {
            number: number.unwrap_or(position),
            started: None,
            ended: None,
            result: RunResult::new(""),
            step_type: None,
            counters: Counters::default(),
            outbound: Vec::new(),
            errors: Vec::new(),
            error_count: 0,
            connection: None,
        };
        while let Some(tag) = self.walker.next_child()? {
            match tag.name.as_str() {
                "start-date" => step.started = utc(&self.walker.text()?),
                "end-date" => step.ended = utc(&self.walker.text()?),
                "step-result" => step.result = RunResult::new(&self.walker.text()?),
                "step-description" => step.step_type = self.step_description()?,
                "ma-connection" => step.connection = self.connection()?,
                "ma-discovery-errors" | "synchronization-errors" | "mv-retry-errors" => {
                    self.errors(&mut step)?;
                }
                "outbound-flow-counters" => self.outbound(&tag, &mut step)?,
                name => match group(name) {
                    Some(group) => {
                        let counters = self.counters(group)?;
                        step.counters.merge(&counters);
                    }
                    None => self.walker.skip()?,
                },
            }
        }
        Ok(step)
    }

    fn step_description(&mut self) -> Result<Option<StepType>, DetailsError> {
        let mut found = None;
        while let Some(tag) = self.walker.next_child()? {
            if tag.name != "step-type" {
                self.walker.skip()?;
                continue;
            }
            found = read_step_type(&mut self.walker, &tag)?;
        }
        Ok(found)
    }

    /// What went wrong with the connection; `None` when it worked.
    fn connection(&mut self) -> Result<Option<String>, DetailsError> {
        let mut result = String::new();
        let mut server = String::new();
        while let Some(tag) = self.walker.next_child()? {
            match tag.name.as_str() {
                "connection-result" => result = self.walker.text()?,
                "server" => server = self.walker.text()?,
                _ => self.walker.skip()?,
            }
        }
        Ok(match (result.as_str(), server.as_str()) {
            ("" | "success", _) => None,
            (_, "") => Some(result),
            _ => Some(format!("{result} ({server})")),
        })
    }

    fn errors(&mut self, step: &mut StepDetails) -> Result<(), DetailsError> {
        while let Some(tag) = self.walker.next_child()? {
            let phase = match tag.name.as_str() {
                "ma-object-error" => ErrorPhase::Discovery,
                "import-error" => ErrorPhase::Import,
                "export-error" => ErrorPhase::Export,
                "retry-error" => ErrorPhase::MetaverseRetry,
                _ => {
                    self.walker.skip()?;
                    continue;
                }
            };
            step.error_count += 1;
            if step.errors.len() < MAX_ERRORS {
                step.errors.push(self.object_error(&tag, phase)?);
            } else {
                self.walker.skip()?;
            }
        }
        Ok(())
    }

    fn object_error(&mut self, tag: &Tag, phase: ErrorPhase) -> Result<ObjectError, DetailsError> {
        let mut error = ObjectError {
            phase,
            error_type: String::new(),
            dn: tag.attribute("dn").unwrap_or_default().to_owned(),
            detail: String::new(),
        };
        while let Some(child) = self.walker.next_child()? {
            match child.name.as_str() {
                "error-type" => error.error_type = self.walker.text()?,
                "dn" => error.dn = self.walker.text()?,
                "cd-error" => error.detail = self.walker.deep_text()?,
                "extension-error-info" | "rules-error-info" if error.detail.is_empty() => {
                    error.detail = self.walker.deep_text()?;
                }
                _ => self.walker.skip()?,
            }
        }
        Ok(error)
    }

    fn outbound(&mut self, tag: &Tag, step: &mut StepDetails) -> Result<(), DetailsError> {
        let counters = self.counters(CounterGroup::Outbound)?;
        if let Ok(agent) = AgentName::new(tag.attribute("ma").unwrap_or_default()) {
            step.outbound.push((agent, counters));
        }
        Ok(())
    }

    fn counters(&mut self, group: CounterGroup) -> Result<Counters, DetailsError> {
        let mut counters = Counters::default();
        while let Some(tag) = self.walker.next_child()? {
            match Counter::from_word(group, &tag.name) {
                None => self.walker.skip()?,
                Some(counter) => {
                    let text = self.walker.text()?;
                    let count = text.parse().ok().ok_or_else(|| {
                        let problem = format!("`{text}` is no count of `{}`", tag.name);
                        self.walker.error(problem)
                    })?;
                    counters.add(counter, count);
                }
            }
        }
        Ok(counters)
    }
}

fn group(name: &str) -> Option<CounterGroup> {
    CounterGroup::ALL
        .into_iter()
        .find(|group| group.as_str() == name)
}

/// Reads an element `step-type`; goes to its end.
pub(super) fn read_step_type(
    walker: &mut Walker<'_>,
    tag: &Tag,
) -> Result<Option<StepType>, DetailsError> {
    let mut subtypes = Vec::new();
    while let Some(child) = walker.next_child()? {
        match child.name.as_str() {
            "import-subtype" | "apply-rules-subtype" => subtypes.push(walker.text()?),
            _ => walker.skip()?,
        }
    }
    Ok(step_type(
        tag.attribute("type").unwrap_or_default(),
        &subtypes,
    ))
}

/// The type of a step from `step-type/@type` and its subtypes (lithnet miis-client, `RunStep.cs`).
fn step_type(kind: &str, subtypes: &[String]) -> Option<StepType> {
    let has = |subtype: &str| subtypes.iter().any(|text| text == subtype);
    // An import that is not said to end in the connector space goes on to synchronize.
    match kind {
        "full-import" if has("to-cs") => Some(StepType::FullImport),
        "full-import" => Some(StepType::FullImportDeltaSync),
        "delta-import" if has("to-cs") => Some(StepType::DeltaImport),
        "delta-import" => Some(StepType::DeltaImportDeltaSync),
        "full-import-reevaluate-rules" => Some(StepType::FullImportFullSync),
        "export" => Some(StepType::Export),
        "apply-rules" if has("apply-pending") => Some(StepType::DeltaSync),
        "apply-rules" if has("reevaluate-flow-connectors") => Some(StepType::FullSync),
        _ => None,
    }
}

/// Reads `yyyy-mm-dd hh:mm:ss.fff`, which is UTC although it does not say so (ms698397). A text of
/// another form is no moment: a run's result must not be lost for the sake of its date.
fn utc(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
        Some(zoned.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(step: &str) -> StepDetails {
        let text = format!(
            "<run-history><run-details><ma-name>HR</ma-name><run-number>1</run-number>\
             <run-profile-name>FI</run-profile-name>{step}</run-details></run-history>"
        );
        let mut runs = read(&text).unwrap();
        assert_eq!(runs.len(), 1);
        runs.remove(0).steps.remove(0)
    }

    #[test]
    fn a_whole_run_is_read() {
        let runs = read(
            r#"<?xml version="1.0"?><run-history><run-details>
            <ma-id>{56A2E5E8-1A1B-4F5C-9D60-93B1E0C3CF30}</ma-id>
            <ma-name>Fabrikam HR MA</ma-name><run-number>8</run-number>
            <run-profile-name>Both</run-profile-name><security-id>FABRIKAM\op</security-id>
            <a-word-of-the-future><ma-name>x</ma-name></a-word-of-the-future>
            <step-details step-number="2" step-id="{1}"><start-date>2026-11-21 10:00:01.5</start-date>
              <step-result progress="1/7">in-progress</step-result>
              <step-description><step-type type="apply-rules">
                <apply-rules-subtype>apply-pending</apply-rules-subtype></step-type>
                <partition>default</partition></step-description>
              <inbound-flow-counters><connector-flow detail="true">4</connector-flow>
              </inbound-flow-counters>
              <outbound-flow-counters ma="Fabrikam AD MA" ma-id="{2}">
                <connector-flow detail="true">3</connector-flow>
                <provisioned-add-flow detail="true">2</provisioned-add-flow>
              </outbound-flow-counters>
            </step-details>
            <step-details step-number="1"><start-date>2026-11-21 10:00:00.980</start-date>
              <end-date>2026-11-21 10:00:01.000</end-date><step-result>success</step-result>
              <step-description><step-type type="full-import">
                <import-subtype>to-cs</import-subtype></step-type><threshold><object>9</object>
                </threshold></step-description>
              <ma-connection><connection-result>success</connection-result></ma-connection>
              <ma-discovery-counters><filtered-objects>1</filtered-objects></ma-discovery-counters>
              <staging-counters><stage-add detail="true">17</stage-add>
                <stage-no-change detail="false">0</stage-no-change></staging-counters>
            </step-details></run-details></run-history>"#,
        )
        .unwrap();
        let run = &runs[0];
        assert_eq!(run.agent.as_str(), "Fabrikam HR MA");
        assert_eq!(run.run_number, 8);
        assert_eq!(run.account, "FABRIKAM\\op");
        let [first, second] = &run.steps[..] else {
            panic!("{run:?}");
        };
        assert_eq!((first.number, second.number), (1, 2));
        assert_eq!(first.step_type, Some(StepType::FullImport));
        assert_eq!(first.result.as_str(), "success");
        assert_eq!(first.connection, None);
        let span = first.ended.unwrap().duration_since(first.started.unwrap());
        assert_eq!(span.as_millis(), 20);
        assert_eq!(
            first.started.unwrap().to_string(),
            "2026-11-21T10:00:00.98Z"
        );
        assert_eq!(
            first.counters.iter().collect::<Vec<_>>(),
            [(Counter::FilteredObjects, 1), (Counter::StageAdd, 17)]
        );
        assert_eq!(second.ended, None);
        assert_eq!(second.result.as_str(), "in-progress");
        assert_eq!(second.counters.value(Counter::ConnectorFlow), 4);
        let (agent, outbound) = &second.outbound[0];
        assert_eq!(agent.as_str(), "Fabrikam AD MA");
        assert_eq!(outbound.value(Counter::OutboundConnectorFlow), 3);
        assert_eq!(outbound.total(CounterGroup::Outbound), 5);
    }

    #[test]
    fn step_types_are_told_from_their_subtypes() {
        let to_cs = "<import-subtype>to-cs</import-subtype>";
        let pending = "<apply-rules-subtype>apply-pending</apply-rules-subtype>";
        let full = "<apply-rules-subtype>reevaluate-flow-connectors</apply-rules-subtype>";
        for (kind, subtypes, expected) in [
            ("full-import", to_cs, Some(StepType::FullImport)),
            ("full-import", "", Some(StepType::FullImportDeltaSync)),
            ("delta-import", to_cs, Some(StepType::DeltaImport)),
            ("delta-import", "", Some(StepType::DeltaImportDeltaSync)),
            (
                "full-import-reevaluate-rules",
                "",
                Some(StepType::FullImportFullSync),
            ),
            ("export", "", Some(StepType::Export)),
            ("apply-rules", pending, Some(StepType::DeltaSync)),
            ("apply-rules", full, Some(StepType::FullSync)),
            ("apply-rules", "", None),
            ("dream", "", None),
        ] {
            let step = one(&format!(
                "<step-details><step-description><step-type type='{kind}'>{subtypes}</step-type>\
                 </step-description></step-details>"
            ));
            assert_eq!(step.step_type, expected, "{kind} {subtypes}");
        }
    }

    #[test]
    fn errors_of_all_phases_are_kept_and_counted() {
        let step = one(
            "<step-details number='3'><ma-connection><connection-result>failed-search</connection-result>\
             <server>dc1:389</server><connection-log><incident><connection-result>x\
             </connection-result></incident></connection-log></ma-connection>\
             <ma-discovery-errors><ma-object-error><error-type>missing-anchor</error-type>\
             <line-number>7</line-number><dn>CN=a</dn></ma-object-error></ma-discovery-errors>\
             <synchronization-errors><import-error cs-guid='{1}' dn='CN=b'>\
             <error-type>extension-error</error-type><extension-error-info><extension-name>e.dll\
             </extension-name><call-site>join</call-site></extension-error-info></import-error>\
             <export-error dn='CN=c'><error-type>cd-error</error-type><cd-error>\
             <error-code>32</error-code><error-literal>No &lt;such&gt; object</error-literal></cd-error>\
             </export-error><else/></synchronization-errors><mv-retry-errors><retry-error>\
             <error-type>r</error-type></retry-error></mv-retry-errors></step-details>",
        );
        assert_eq!(step.number, 3);
        assert_eq!(step.connection.as_deref(), Some("failed-search (dc1:389)"));
        assert_eq!(step.error_count, 4);
        let told: Vec<_> = step
            .errors
            .iter()
            .map(|e| {
                (
                    e.phase,
                    e.error_type.as_str(),
                    e.dn.as_str(),
                    e.detail.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (ErrorPhase::Discovery, "missing-anchor", "CN=a", ""),
                (ErrorPhase::Import, "extension-error", "CN=b", "e.dll join"),
                (
                    ErrorPhase::Export,
                    "cd-error",
                    "CN=c",
                    "32 No <such> object"
                ),
                (ErrorPhase::MetaverseRetry, "r", "", ""),
            ]
        );
    }

    #[test]
    fn errors_beyond_the_cap_are_only_counted() {
        let errors = "<import-error dn='x'><error-type>e</error-type></import-error>".repeat(1_200);
        let step = one(&format!(
            "<step-details><synchronization-errors>{errors}</synchronization-errors></step-details>"
        ));
        assert_eq!(step.errors.len(), MAX_ERRORS);
        assert_eq!(step.error_count, 1_200);
    }

    #[test]
    fn wrappers_and_emptiness_are_understood() {
        let run = "<run-details><ma-name>A</ma-name><run-number>1</run-number>\
                   <run-profile-name>P</run-profile-name></run-details>";
        for (text, count) in [
            (String::new(), 0),
            ("<run-history/>".to_owned(), 0),
            ("<run-history> </run-history>".to_owned(), 0),
            (format!("<run-history>{run}{run}</run-history>"), 2),
            (
                format!(
                    "<execution-histories><run-history>{run}</run-history><x/>\
                     <run-history>{run}</run-history></execution-histories>"
                ),
                2,
            ),
            (run.to_owned(), 1),
        ] {
            assert_eq!(read(&text).unwrap().len(), count, "{text}");
        }
    }

    #[test]
    fn dates_have_up_to_three_digits_of_fraction() {
        for (text, expected) in [
            ("2026-11-21 10:00:00.1", Some("2026-11-21T10:00:00.1Z")),
            ("2026-11-21 10:00:00.123", Some("2026-11-21T10:00:00.123Z")),
            ("2026-11-21 10:00:00", Some("2026-11-21T10:00:00Z")),
            ("2026-11-21T10:00:00+01:00", Some("2026-11-21T09:00:00Z")),
            ("21.11.2026", None),
            ("", None),
        ] {
            assert_eq!(
                utc(text).map(|t| t.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn malformed_texts_are_refused_with_their_place() {
        for (text, place, problem) in [
            ("garbage", 0, "text outside"),
            ("<html></html>", 0, "expected `run-history`"),
            ("<run-history>", 13, "ends"),
            (
                "<run-history><run-details></run-details></run-history>",
                26,
                "`ma-name`",
            ),
            ("<!DOCTYPE a><run-history/>", 0, "document type"),
            ("<run-history>&who;</run-history>", 13, "who"),
            ("<run-history/><run-history/>", 14, "after the end"),
        ] {
            let DetailsError::Malformed {
                position,
                problem: found,
            } = read(text).unwrap_err();
            assert!(found.contains(problem), "{text}: {found}");
            assert_eq!(position, place, "{text}: {found}");
        }
        let deep = format!("<run-history>{}", "<a>".repeat(10_000));
        assert!(read(&deep).is_err());
        let count = "<run-history><run-details><step-details><staging-counters>\
                     <stage-add>many</stage-add>";
        assert!(read(count).unwrap_err().to_string().contains("`many`"));
    }

    proptest::proptest! {
        #[test]
        fn no_damaged_text_harms_the_reader(
            edits in proptest::collection::vec(
                (proptest::prelude::any::<proptest::sample::Index>(), "[<>/&;'\"!a-z0-9 =\\[\\]-]{0,3}"),
                1..6,
            ),
        ) {
            let mut text = "<run-history><run-details><ma-name>A</ma-name><run-number>1</run-number>\
                <run-profile-name>P</run-profile-name><step-details step-number='1'>\
                <staging-counters><stage-add>1</stage-add></staging-counters></step-details>\
                </run-details></run-history>"
                .to_owned();
            let length = text.len();
            for (place, piece) in edits {
                let place = place.index(text.len());
                text.replace_range(place..=place, &piece);
            }
            match read(&text) {
                Ok(runs) => proptest::prop_assert!(runs.len() <= 1),
                Err(DetailsError::Malformed { position, .. }) => {
                    proptest::prop_assert!(position <= (length + 18) as u64);
                }
            }
        }
    }
}
