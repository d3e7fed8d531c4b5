//! Nothing is lost, and the same sequence gives the same bytes.

use std::time::Duration;

use proptest::prelude::*;

use super::arbitrary::sequence;
use super::{SAMPLES, in_package};
use crate::format::{read, write};
use crate::mim::{AgentName, ProfileName, StepType};
use crate::model::{
    Command, OnFailure, OverlapRule, RunProfileStep, Sequence, Step, StepKind, Thread,
};

#[test]
fn samples_are_read_and_survive_a_rewrite() {
    for sample in SAMPLES {
        let bytes = std::fs::read(in_package("sample-sequences").join(sample)).unwrap();
        let sequence = read(&bytes).unwrap();
        let written = write(&sequence);
        assert_eq!(read(written.as_bytes()).unwrap(), sequence, "{sample}");
        assert_eq!(
            write(&read(written.as_bytes()).unwrap()),
            written,
            "{sample}"
        );
    }
}

#[test]
fn the_canonical_file_looks_like_this() {
    let mut sequence = Sequence {
        name: "Nightly \"run\"".to_owned(),
        ..Sequence::default()
    };
    sequence.server.host = Some("mim01".to_owned());
    sequence.server.port = Some(5986);
    sequence.run.overlap = OverlapRule::SingleSync;
    let mut import = Step::new(StepKind::RunProfile(RunProfileStep {
        agent: AgentName::new("HR").unwrap(),
        profile: ProfileName::new("Delta Import").unwrap(),
        step_type: Some(StepType::DeltaImport),
    }));
    let mut copy = Command::new("cp");
    copy.arguments = vec![" a&b".into(), String::new(), "x\r\ny".into()];
    copy.environment = vec![("A".into(), "1\t2".into())];
    import.processing.pre.push(copy);
    import.on_failure = OnFailure::StopAll;
    let mut thread = Thread::new("Import");
    thread.steps.push(import);
    thread.steps.push(Step::new(StepKind::Delay {
        duration: Duration::from_millis(90_500),
    }));
    sequence.threads.push(thread);
    sequence.threads.push(Thread::new("Empty"));
    assert_eq!(
        write(&sequence),
        r#"<?xml version="1.0" encoding="utf-8"?>
<masequence xmlns="urn:masequencer:sequence" version="1" name="Nightly &quot;run&quot;">
  <server host="mim01" port="5986"/>
  <run overlap="single-sync"/>
  <thread name="Import">
    <run-profile agent="HR" profile="Delta Import" type="delta-import" on-failure="stop-all">
      <pre-processing program="cp">
        <argument>&#32;a&amp;b</argument>
        <argument/>
        <argument>x&#13;
y</argument>
        <variable name="A" value="1&#9;2"/>
      </pre-processing>
    </run-profile>
    <delay duration="1m30s500ms"/>
  </thread>
  <thread name="Empty"/>
</masequence>
"#
    );
    assert_eq!(
        write(&Sequence::default()),
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"/>\n"
    );
}

#[test]
fn a_command_step_has_one_limit() {
    let mut command = Command::new("a");
    command.timeout = Some(Duration::from_secs(5));
    let mut step = Step::new(StepKind::Command(command));
    step.timeout = Some(Duration::from_secs(9));
    let mut thread = Thread::new("T");
    thread.steps.push(step);
    let sequence = Sequence {
        threads: vec![thread],
        ..Sequence::default()
    };
    let again = read(write(&sequence).as_bytes()).unwrap();
    assert_eq!(
        again.threads[0].steps[0].timeout,
        Some(Duration::from_secs(5))
    );
}

#[test]
fn what_xml_cannot_hold_never_makes_a_file_unreadable() {
    let mut thread = Thread::new("a\u{0}b\u{FFFE}");
    let mut command = Command::new("\u{1b}");
    command.arguments = vec!["\u{8}".into()];
    thread.processing.pre.push(command);
    let sequence = Sequence {
        threads: vec![thread],
        ..Sequence::default()
    };
    let again = read(write(&sequence).as_bytes()).unwrap();
    assert_eq!(again.threads[0].name, "a\u{FFFD}b\u{FFFD}");
}

/// Names compare without regard to case, so their spelling is compared as well.
fn assert_same(left: &Sequence, right: &Sequence) {
    assert_eq!(left, right);
    assert_eq!(format!("{left:?}"), format!("{right:?}"));
}

proptest! {
    #[test]
    fn nothing_is_lost(sequence in sequence()) {
        let written = write(&sequence);
        let again = read(written.as_bytes()).unwrap();
        assert_same(&again, &sequence);
        prop_assert_eq!(write(&again), written);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read(&bytes).ok();
    }

    #[test]
    fn no_damage_makes_it_panic(
        sequence in sequence(),
        at in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = write(&sequence).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Err(error) = read(&bytes) {
            prop_assert!(error.line >= 1 && error.column >= 1);
        }
        // Only the line end may be missing.
        bytes.truncate(at.min(bytes.len() - 2));
        prop_assert!(read(&bytes).is_err());
    }
}
