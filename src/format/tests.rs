//! Whole files: what is read, what is refused and with which words, and that nothing is lost.

use std::process::Command as Process;
use std::time::Duration;

use proptest::prelude::*;

use super::reader::{MAX_COMMANDS, MAX_STEPS, MAX_THREADS};
use super::{MAX_FILE_BYTES, read, write};
use crate::mim::{AgentName, ProfileName, StepType};
use crate::model::{
    Command, ExitCodes, LogLevel, LogSettings, OnFailure, OverlapRule, PostCommand, Processing,
    RunProfileStep, RunSettings, Sequence, ServerSettings, Step, StepKind, Thread, Transport, When,
};

const SAMPLES: [&str; 3] = ["full-cycle.xml", "Runadimport.xml", "every-element.xml"];

fn in_package(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn message(text: &str) -> String {
    read(text.as_bytes()).unwrap_err().to_string()
}

/// A file with this within its root element.
fn file(content: &str) -> String {
    format!("<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\">{content}</masequence>")
}

/// Like [`file`], with this within a thread.
fn threaded(content: &str) -> String {
    file(&format!("<thread name=\"T\">{content}</thread>"))
}

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
fn hand_written_files_have_their_freedoms() {
    let text = "\u{feff}<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- a -- free -->"
        .replace(" -- ", " - ")
        + "<?editor hint?>\r\n<s:masequence version=' 1 ' xmlns:s='urn:masequencer:sequence'\r\n\
           xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'>\r\n\
           <s:post-processing program='z'/><s:thread name='a&#10;b'><!-- c --><s:command \
           allowed-exit-codes=' 3   1 ' program='p'><s:argument>a<![CDATA[<&]]>&gt;&#x20;<!-- d -->\
           </s:argument></s:command></s:thread><s:log level='2' file=''/></s:masequence>\r\n<!-- e -->";
    let sequence = read(text.as_bytes()).unwrap();
    assert_eq!(sequence.log.level, LogLevel::Detail);
    assert_eq!(sequence.log.file, None);
    assert_eq!(sequence.threads[0].name, "a\nb");
    let StepKind::Command(command) = &sequence.threads[0].steps[0].kind else {
        panic!("a command step");
    };
    assert_eq!(command.arguments, ["a<&> "]);
    assert_eq!(command.allowed_exit_codes, ExitCodes::new([1, 3]).unwrap());
}

#[test]
fn a_file_in_utf_16_is_read() {
    let text = file("<thread name=\"Ä😀\"/>");
    let mut bytes = vec![0xFF, 0xFE];
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{text}");
    bytes.extend(declared.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&bytes).unwrap().threads[0].name, "Ä😀");
}

#[test]
fn files_that_are_no_sequence_are_told_so() {
    for (text, expected) in [
        (
            "",
            "the file is empty; a sequence begins with `<masequence …>`",
        ),
        (
            " \n",
            "the file is empty; a sequence begins with `<masequence …>`",
        ),
        (
            "{}",
            "this is not an XML file; a sequence begins with `<masequence …>`",
        ),
        (
            "<a>",
            "line 1, column 1: the root element is `<a>`, not `<masequence>`; choose a file that \
             masequencer or masequenceconfiguration has saved",
        ),
        (
            "<MARunScheduler Console=\"true\"/>",
            "line 1, column 1: the root element is `<MARunScheduler>`, not `<masequence>`; this \
             looks like a configuration of MARunScheduler, which masequencer cannot read; draw the \
             sequence anew, thread by thread",
        ),
        (
            "\n<MASequence/>",
            "line 2, column 1: the root element is `<MASequence>`, not `<masequence>`; this looks \
             like a file of the original MASequenceConfiguration, whose format was never published \
             and which masequencer cannot read; draw the sequence anew",
        ),
        (
            "<masequence version=\"1\"/>",
            "line 1, column 1: `<masequence>` is in no namespace; write `<masequence \
             xmlns=\"urn:masequencer:sequence\" version=\"1\">`",
        ),
        (
            "<masequence xmlns=\"urn:x\"/>",
            "line 1, column 1: `<masequence>` is in the namespace `urn:x`; write `<masequence \
             xmlns=\"urn:masequencer:sequence\" version=\"1\">`",
        ),
        (
            "<masequence xmlns=\"urn:masequencer:sequence\" version=\"2\"/>",
            "line 1, column 1: the file has version `2`; this masequencer reads version 1, so use a \
             newer one",
        ),
        (
            "<masequence xmlns=\"urn:masequencer:sequence\" version=\"x\"/>",
            "line 1, column 1: `x` is not a value for the attribute `version` of `<masequence>`; \
             expected `1`",
        ),
        (
            "<masequence xmlns=\"urn:masequencer:sequence\"/>",
            "line 1, column 1: `<masequence>` has no attribute `version`; write for instance \
             version=\"1\"",
        ),
        (
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><masequence/>",
            "line 1, column 1: the encoding `ISO-8859-1` is not supported; save the file as UTF-8",
        ),
        (
            "<!DOCTYPE masequence [<!ENTITY a \"b\">]><masequence/>",
            "line 1, column 1: a document type declaration (`<!DOCTYPE`) is not allowed; remove it",
        ),
    ] {
        assert_eq!(message(text), expected);
    }
}

/// The text without its mark `¦`, and the line and column at which the mark was.
fn marked(text: &str) -> (String, String) {
    let (before, after) = text.split_once('¦').unwrap();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    (
        format!("{before}{after}"),
        format!("line {line}, column {column}: "),
    )
}

#[test]
fn what_is_not_known_is_named_with_its_place() {
    for (text, expected) in [
        (
            threaded("\n  <!-- ä --> ¦ä"),
            "text `ä` within `<thread>`, which holds only elements; remove it",
        ),
        (
            threaded("¦<![CDATA[x]]>"),
            "text `x` within `<thread>`, which holds only elements; remove it",
        ),
        (
            threaded("¦&nbsp;"),
            "text `&nbsp;` within `<thread>`, which holds only elements; remove it",
        ),
        (
            threaded("\r\n<delay duration=\"1s\"/>\r\n\t¦<stepp/>"),
            "unknown element `<stepp>` in `<thread>`; expected <pre-processing>, <run-profile>, \
             <delay>, <command> or <post-processing>",
        ),
        (
            file("\n<!-- ä -->¦<thraed/>"),
            "unknown element `<thraed>` in `<masequence>` (did you mean `<thread>`?); expected \
             <server>, <log>, <run>, <pre-processing>, <thread> or <post-processing>",
        ),
        (
            file("<server>¦<x/></server>"),
            "unknown element `<x>` in `<server>`; no element is allowed there",
        ),
        (
            threaded("¦<delay xmlns=\"urn:x\" duration=\"1s\"/>"),
            "unknown element `<delay>` in `<thread>`; expected <pre-processing>, <run-profile>, \
             <delay>, <command> or <post-processing>",
        ),
        (
            threaded("<delay\n ¦durration=\"1s\"/>"),
            "unknown attribute `durration` of `<delay>` (did you mean `duration`?); expected \
             duration, name, enabled, timeout or on-failure",
        ),
        (
            threaded("¦<delay/>"),
            "`<delay>` has no attribute `duration`; write for instance duration=\"30s\"",
        ),
        (
            threaded("<delay duration=\"1s\" ¦duration=\"2s\"/>"),
            "`<delay>` has the attribute `duration` twice; remove one",
        ),
        (
            file("<log/>¦<log/>"),
            "a second `<log>`; there may be only one",
        ),
        (
            file("<server ¦password=\"hunter2\"/>"),
            "a password is never stored in a sequence file; remove it and set the environment \
             variable MASEQUENCER_PASSWORD when you run the sequence",
        ),
        (
            threaded("<command program=\"a\"><argument>x¦<b/></argument></command>"),
            "element `<b>` within `<argument>`, which holds only text",
        ),
        (
            threaded("<delay duration=\"ä ¦&evil;\"/>"),
            "unknown entity `&evil;`; only &lt; &gt; &amp; &quot; &apos; and numbers such as &#10; \
             are allowed",
        ),
    ] {
        let (text, place) = marked(&text);
        assert_eq!(message(&text), format!("{place}{expected}"));
    }
}

#[test]
fn wrong_values_say_what_is_right() {
    for (content, value_and_place, expected) in [
        (
            "<delay duration=\"30\"/>",
            "`30`",
            "write a number with a unit, such as `30s`, `5m` or `1h30m`",
        ),
        (
            "<delay duration=\"367d\"/>",
            "`367d`",
            "write at most `366d`",
        ),
        (
            "<delay duration=\"1s\" enabled=\"yes\"/>",
            "`yes`",
            "expected `true` or `false`",
        ),
        (
            "<run-profile agent=\"A\" profile=\"P\" type=\"Delta Import\"/>",
            "`Delta Import`",
            "did you mean `delta-import`?",
        ),
        (
            "<run-profile agent=\" \" profile=\"P\"/>",
            "` `",
            "a name must not be empty",
        ),
        (
            "<command program=\"a\" allowed-exit-codes=\"0,1\"/>",
            "`0,1`",
            "expected whole numbers separated by blanks, such as `0 1 3010`",
        ),
        (
            "<command program=\"a\" allowed-exit-codes=\"\"/>",
            "``",
            "expected whole numbers",
        ),
        (
            "<delay duration=\"1s\" on-failure=\"stop\"/>",
            "`stop`",
            "expected `continue`, `stop-thread` or `stop-all`",
        ),
    ] {
        let message = message(&threaded(content));
        assert!(
            message.contains(&format!("{value_and_place} is not a value for")),
            "{message}"
        );
        assert!(message.contains(expected), "{message}");
    }
    for (content, expected) in [
        (
            "<server port=\"0\"/>",
            "expected a whole number from 1 to 65535",
        ),
        ("<server pin=\"AB:CD\"/>", "64 hexadecimal digits"),
        ("<server transport=\"winrn\"/>", "did you mean `winrm`?"),
        (
            "<run max-parallel=\"0\"/>",
            "expected a whole number from 1 to 4294967295",
        ),
        ("<log level=\"4\"/>", "expected `error`, `warning`"),
    ] {
        let message = message(&file(content));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn broken_xml_is_refused() {
    for (text, expected) in [
        (
            threaded("<delay duration=\"1s\">"),
            "expected `</delay>`, but `</thread>` was found",
        ),
        (
            "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"><thread name=\"a\">"
                .to_owned(),
            "the file ends within `<thread>`; its end tag `</thread>` is missing",
        ),
        (
            file("") + "<x/>",
            "something follows the end of `</masequence>`",
        ),
        (
            file("") + "text",
            "something follows the end of `</masequence>`",
        ),
        (
            format!(" <?xml version=\"1.0\"?>{}", file("")),
            "may stand only at the very beginning",
        ),
        (
            format!("<?xml version=\"1.1\"?>{}", file("")),
            "write `<?xml version=\"1.0\"?>`",
        ),
        (
            threaded("<delay duration=\"1s\"name=\"a\"/>"),
            "a blank is missing before the attribute",
        ),
        (
            threaded("<delay duration=1s/>"),
            "an attribute's value without quotes",
        ),
        (
            threaded("<delay duration/>"),
            "an attribute without `=` and a value",
        ),
        (
            threaded("<delay duration=\"a<b\"/>"),
            "a `<` within an attribute's value",
        ),
        (
            threaded("<delay duration=\"a&b\"/>"),
            "a lone `&`; write `&amp;`",
        ),
        (
            threaded("<delay duration=\"&evil;\"/>"),
            "unknown entity `&evil;`",
        ),
        (
            threaded("<delay duration=\"&#1;\"/>"),
            "the character U+0001 is not allowed in XML",
        ),
        (
            threaded("<command program=\"a\"><argument>]]></argument></command>"),
            "`]]>` within text",
        ),
        (
            threaded("<command program=\"a\"><argument>&evil;</argument></command>"),
            "unknown entity",
        ),
        (threaded("<!-- a -- b -->"), "`--`"),
        (
            threaded("\u{1}"),
            "the character U+0001 is not allowed in XML; remove it",
        ),
        (
            threaded("<x:delay duration=\"1s\"/>"),
            "unknown element `<x:delay>`",
        ),
        (threaded("<!-- "), "comment not closed"),
    ] {
        let message = message(&text);
        assert!(message.contains(expected), "{text}\n{message}");
        assert!(message.starts_with("line 1, column "), "{message}");
    }
}

#[test]
fn giants_are_refused_at_once() {
    let too_large = vec![b' '; MAX_FILE_BYTES + 1];
    assert_eq!(
        read(&too_large).unwrap_err().to_string(),
        "the file is larger than 16 MiB; a sequence never is, so this is another file"
    );
    let deep = file(&"<thread name=\"a\">".repeat(10_000));
    assert!(message(&deep).contains("unknown element `<thread>` in `<thread>`"));
    let deep = "<a>".repeat(1_000_000);
    assert!(message(&deep).contains("the root element is `<a>`"));
    let comments = file(&"<!---->".repeat(1_000_000));
    assert_eq!(read(comments.as_bytes()).unwrap(), Sequence::default());
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=\"\"")).collect();
    assert!(message(&file(&format!("<log{attributes}/>"))).contains("unknown attribute `a0`"));
    let namespaces: String = (0..100_000).map(|i| format!(" xmlns:a{i}=\"u\"")).collect();
    assert!(read(file(&format!("<log{namespaces}/>")).as_bytes()).is_err());
}

#[test]
fn counts_are_capped() {
    for (text, expected) in [
        (
            file(&"<thread name=\"a\"/>".repeat(MAX_THREADS + 1)),
            "more than 1000 threads",
        ),
        (
            threaded(&"<delay duration=\"1s\"/>".repeat(MAX_STEPS + 1)),
            "more than 100000 steps",
        ),
        (
            file(&"<pre-processing program=\"\"/>".repeat(MAX_COMMANDS + 1)),
            "more than 100000 pre- and post-processing commands",
        ),
        (
            threaded(&format!(
                "<command program=\"\">{}</command>",
                "<argument/>".repeat(10_001)
            )),
            "more than 10000 arguments of one command",
        ),
    ] {
        assert!(message(&text).contains(expected));
    }
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

// Generators: every legal character, and the nasty ones often.

fn nasty_char() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => any::<char>().prop_filter("XML", |c| crate::base::text::is_xml_char(*c)),
        4 => proptest::sample::select(vec![
            ' ', '\t', '\n', '\r', '"', '\'', '<', '>', '&', ']', ';', '#', '-', '\u{85}',
            '\u{2028}', '\u{FEFF}', '\u{FFFD}', '\u{10FFFF}',
        ]),
        4 => proptest::char::range('a', 'z'),
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(nasty_char(), 0..8).prop_map(String::from_iter)
}

fn some_text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(text().prop_filter("none", |text| !text.is_empty()))
}

fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        (0..=crate::base::duration::LONGEST.as_secs() * 1000).prop_map(Duration::from_millis),
    ]
}

fn name() -> impl Strategy<Value = String> {
    text().prop_filter_map("a name", |text| {
        AgentName::new(&text)
            .ok()
            .map(|name| name.as_str().to_owned())
    })
}

fn one<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(all)
}

fn command(limit: bool) -> impl Strategy<Value = Command> {
    let codes = proptest::collection::vec(any::<i32>(), 1..4);
    (
        text(),
        proptest::collection::vec(text(), 0..3),
        some_text(),
        proptest::collection::vec((text(), text()), 0..3),
        proptest::option::of(span()),
        any::<bool>(),
        prop_oneof![Just(vec![0]), codes],
    )
        .prop_map(
            move |(program, arguments, directory, environment, timeout, wait, codes)| Command {
                program,
                arguments,
                directory,
                environment,
                timeout: timeout.filter(|_| limit),
                wait,
                allowed_exit_codes: ExitCodes::new(codes).unwrap(),
            },
        )
}

fn processing() -> impl Strategy<Value = Processing> {
    let post =
        (one(&When::ALL), command(true)).prop_map(|(when, command)| PostCommand { when, command });
    (
        proptest::collection::vec(command(true), 0..2),
        proptest::collection::vec(post, 0..2),
    )
        .prop_map(|(pre, post)| Processing { pre, post })
}

fn kind() -> impl Strategy<Value = StepKind> {
    prop_oneof![
        (name(), name(), proptest::option::of(one(&StepType::ALL))).prop_map(
            |(agent, profile, step_type)| {
                StepKind::RunProfile(RunProfileStep {
                    agent: AgentName::new(&agent).unwrap(),
                    profile: ProfileName::new(&profile).unwrap(),
                    step_type,
                })
            }
        ),
        span().prop_map(|duration| StepKind::Delay { duration }),
        command(false).prop_map(StepKind::Command),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (
        some_text(),
        any::<bool>(),
        proptest::option::of(span()),
        one(&OnFailure::ALL),
        processing(),
        kind(),
    )
        .prop_map(
            |(name, enabled, timeout, on_failure, processing, kind)| Step {
                name,
                enabled,
                timeout,
                on_failure,
                processing,
                kind,
            },
        )
}

fn thread() -> impl Strategy<Value = Thread> {
    (
        text(),
        any::<bool>(),
        span(),
        any::<std::num::NonZeroU32>(),
        processing(),
        proptest::collection::vec(step(), 0..4),
    )
        .prop_map(
            |(name, enabled, start_delay, repeat, processing, steps)| Thread {
                name,
                enabled,
                start_delay,
                repeat,
                processing,
                steps,
            },
        )
}

fn server() -> impl Strategy<Value = ServerSettings> {
    (
        some_text(),
        one(&Transport::ALL),
        any::<bool>(),
        proptest::option::of(1..=u16::MAX),
        some_text(),
        some_text(),
        proptest::option::of("[0-9a-fA-F]{64}"),
        any::<bool>(),
    )
        .prop_map(
            |(host, transport, tls, port, user, ca_file, pin, allow_unencrypted)| ServerSettings {
                host,
                transport,
                tls,
                port,
                user,
                ca_file,
                pin,
                allow_unencrypted,
            },
        )
}

fn sequence() -> impl Strategy<Value = Sequence> {
    let log =
        (some_text(), one(&LogLevel::ALL)).prop_map(|(file, level)| LogSettings { file, level });
    let run = (
        one(&OverlapRule::ALL),
        proptest::option::of(any::<std::num::NonZeroU32>()),
    )
        .prop_map(|(overlap, max_parallel)| RunSettings {
            overlap,
            max_parallel,
        });
    (
        text(),
        server(),
        log,
        run,
        processing(),
        proptest::collection::vec(thread(), 0..3),
    )
        .prop_map(|(name, server, log, run, processing, threads)| Sequence {
            name,
            server,
            log,
            run,
            processing,
            threads,
        })
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
        bytes.truncate(at);
        prop_assert!(read(&bytes).is_err());
    }
}

/// The schema and a reader that nobody here wrote agree with what is written: many documents in
/// one call.
#[test]
fn xmllint_accepts_the_samples_and_what_is_written() {
    use proptest::strategy::ValueTree as _;

    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<_> = SAMPLES
        .iter()
        .map(|sample| in_package("sample-sequences").join(sample))
        .collect();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for index in 0..200 {
        let path = folder.path().join(format!("{index}.xml"));
        let sequence = sequence().new_tree(&mut runner).unwrap().current();
        std::fs::write(&path, write(&sequence)).unwrap();
        files.push(path);
    }
    let output = Process::new("xmllint")
        .arg("--noout")
        .arg("--schema")
        .arg(in_package("assets/masequence.xsd"))
        .args(&files)
        .output()
        .expect("xmllint (package libxml2-utils) is installed; tests/run installs it");
    let told = String::from_utf8_lossy(&output.stderr);
    let wrong: Vec<&str> = told
        .lines()
        .filter(|line| !line.ends_with(" validates"))
        .collect();
    assert!(output.status.success(), "{}", wrong.join("\n"));
    assert_eq!(told.lines().count(), files.len());
}

/// What the reader refuses, the schema refuses as well, as far as a schema can.
#[test]
fn xmllint_refuses_what_the_reader_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = [
        threaded("<stepp/>"),
        threaded("<delay/>"),
        threaded("<delay duration=\"30\"/>"),
        threaded("<delay duration=\"1s2m\"/>"),
        threaded("<run-profile agent=\"\" profile=\"P\"/>"),
        threaded("<run-profile agent=\"A\" profile=\"P\" type=\"import\"/>"),
        threaded("<command program=\"a\" allowed-exit-codes=\"\"/>"),
        threaded("<command program=\"a\"><variable name=\"x\"/></command>"),
        threaded("<delay duration=\"1s\"><argument/></delay>"),
        threaded("<delay duration=\"1s\" when=\"always\"/>"),
        file("<server port=\"0\"/>"),
        file("<server pin=\"ab\"/>"),
        file("<server password=\"x\"/>"),
        file("<thread name=\"a\" repeat=\"0\"/>"),
        file("text"),
        file("").replace("\"1\"", "\"2\""),
    ]
    .iter()
    .enumerate()
    .map(|(index, text)| {
        assert!(read(text.as_bytes()).is_err(), "{text}");
        let path = folder.path().join(format!("{index}.xml"));
        std::fs::write(&path, text).unwrap();
        path
    })
    .collect();
    let output = Process::new("xmllint")
        .arg("--noout")
        .arg("--schema")
        .arg(in_package("assets/masequence.xsd"))
        .args(&files)
        .output()
        .expect("xmllint (package libxml2-utils) is installed; tests/run installs it");
    let told = String::from_utf8_lossy(&output.stderr);
    let refused = told
        .lines()
        .filter(|line| line.ends_with(" fails to validate"))
        .count();
    assert_eq!(refused, files.len(), "{told}");
}
