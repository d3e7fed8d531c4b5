//! What is refused, and with which words.

use super::{file, threaded};
use crate::format::reader::{MAX_COMMANDS, MAX_STEPS, MAX_THREADS};
use crate::format::{MAX_FILE_BYTES, read};
use crate::model::Sequence;

fn message(text: &str) -> String {
    read(text.as_bytes()).unwrap_err().to_string()
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
    ] {
        let (text, place) = marked(&text);
        assert_eq!(message(&text), format!("{place}{expected}"));
    }
}

#[test]
fn attributes_and_marks_out_of_place_are_named() {
    for (text, expected) in [
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
            threaded("\n<delay duration=\"1s\">\n ¦"),
            "this is not well-formed XML: expected `</delay>`, but `</thread>` was found",
        ),
        (
            threaded("\n ¦& b"),
            "this is not well-formed XML: a lone `&`; write `&amp;`",
        ),
        (
            threaded("\n ¦< delay/>"),
            "this is not well-formed XML: a `<` without a name; write `&lt;` for the sign itself",
        ),
        (
            threaded("\n ¦<!DOCTYPE a>"),
            "a document type declaration (`<!DOCTYPE`) is not allowed; remove it",
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
            threaded("<command program=\"a\"><argument>ä¦]]></argument></command>"),
            "this is not well-formed XML: `]]>` within text; write `]]&gt;`",
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
            "<delay duration=\"\u{a0}1s\"/>",
            "`\u{a0}1s`",
            "write a number with a unit",
        ),
        (
            "<command program=\"a\" allowed-exit-codes=\"0\u{a0}1\"/>",
            "`0\u{a0}1`",
            "expected whole numbers separated by blanks",
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
}

#[test]
fn wrong_settings_say_what_is_right() {
    for (content, expected) in [
        (
            "<server port=\"0\"/>",
            "expected a whole number from 1 to 65535",
        ),
        (
            "<server port=\"+5985\"/>",
            "expected a whole number from 1 to 65535",
        ),
        (
            "<run max-parallel=\"+2\"/>",
            "expected a whole number from 1 to 4294967295",
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

#[track_caller]
fn assert_broken(text: &str, expected: &str) {
    let message = message(text);
    assert!(message.contains(expected), "{text}\n{message}");
    assert!(message.starts_with("line 1, column "), "{message}");
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
            format!("{}<x/>", file("")),
            "something follows the end of `</masequence>`",
        ),
        (
            format!("{}text", file("")),
            "something follows the end of `</masequence>`",
        ),
        (
            format!(" <?xml version=\"1.0\"?>{}", file("")),
            "may stand only at the very beginning",
        ),
        (
            format!("<?xml version=\"1.1\"?>{}", file("")),
            "write `<?xml version=\"1.0\" encoding=\"utf-8\"?>`",
        ),
        (
            format!("<?xml version=\"1.0\"encoding=\"utf-8\"?>{}", file("")),
            "write `<?xml version=\"1.0\" encoding=\"utf-8\"?>`",
        ),
        (threaded("<? pi?>"), "`<?` without a name behind it"),
        (
            threaded("<delay duration=\"1s\" xmlns:a=\"\"/>"),
            "a namespace prefix without a name or a namespace; remove it",
        ),
        (
            threaded("<delay duration=\"1s\" xmlns:=\"urn:masequencer:sequence\"/>"),
            "a namespace prefix without a name or a namespace; remove it",
        ),
    ] {
        assert_broken(&text, expected);
    }
}

#[test]
fn broken_tags_are_refused() {
    for (text, expected) in [
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
        (threaded("<!-- a -- b -->"), "two hyphens within a comment"),
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
        assert_broken(&text, expected);
    }
}

/// What a broken tag runs into may be half of the file; its line breaks and its length would forge
/// lines of a log.
#[test]
fn what_is_quoted_stays_on_one_line() {
    let swallowed = format!("<delay duration=\"1s\"></del\n{}>", "x".repeat(10_000));
    let message = message(&threaded(&swallowed));
    assert!(
        message.contains("expected `</delay>`, but `</del x"),
        "{message}"
    );
    assert!(
        !message.contains('\n') && message.chars().count() < 300,
        "{message}"
    );
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
    let attributes: Vec<String> = (0..100_000).map(|i| format!(" a{i}=\"\"")).collect();
    let attributes = attributes.concat();
    assert!(message(&file(&format!("<log{attributes}/>"))).contains("unknown attribute `a0`"));
    let namespaces: Vec<String> = (0..100_000).map(|i| format!(" xmlns:a{i}=\"u\"")).collect();
    let namespaces = namespaces.concat();
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
