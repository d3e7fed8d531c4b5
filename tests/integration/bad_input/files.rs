//! Sequence and scenario files that are none.

use masequencer::cli::ExitCode;

use super::{HR_IMPORT, refused, sequence};
use crate::support::{Folder, Masequencer};

const ROOT: &str = "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\">";

/// Demands that a file is refused with these parts in the sentence by every verb that reads one,
/// and that it is not changed.
#[track_caller]
fn not_usable(content: impl AsRef<[u8]>, parts: &[&str]) {
    let folder = Folder::new();
    let path = folder.write("a.xml", content);
    let before = std::fs::read(&path).expect("it was written");
    let mut all = vec!["`a.xml` is not a usable sequence file: "];
    all.extend(parts);
    for arguments in [
        &["run", "a.xml", "--demo"][..],
        &["check", "a.xml"],
        &["/f:a.xml"],
    ] {
        let end = Masequencer::new(&folder).args(arguments).run();
        assert_eq!(end.stdout, "", "{arguments:?}");
        refused(&folder, end, ExitCode::BadFile, &all);
    }
    let after = std::fs::read(&path).expect("it is still there");
    assert!(after == before, "it was changed");
    assert!(!folder.file("MASequencer.log").exists());
}

#[test]
fn other_text_is_not_xml() {
    let parts = ["this is not an XML file", "begins with `<masequence"];
    not_usable("Dear colleagues,\n", &parts);
    not_usable("\u{7f}ELF\u{2}\u{1}", &parts);
    not_usable("{\"threads\": []}", &parts);
}

#[test]
fn an_empty_file_is_empty() {
    for content in ["", " \r\n\t", "\u{feff}"] {
        not_usable(content, &["the file is empty", "begins with `<masequence"]);
    }
}

#[test]
fn a_file_that_breaks_off_names_the_place() {
    let whole = sequence(HR_IMPORT);
    let cut = whole.find(" profile=").unwrap();
    not_usable(&whole[..cut], &["line 4, column ", "not well-formed XML"]);
}

#[test]
fn another_root_says_what_the_file_may_be() {
    not_usable(
        "<?xml version=\"1.0\"?>\n<html><body/></html>",
        &["line 2, column 1: ", "`<html>`", "choose a file"],
    );
    not_usable(
        "<masequence version=\"1\"/>",
        &["line 1, column 1: ", "write `<masequence xmlns="],
    );
}

#[test]
fn an_unknown_element_says_what_may_stand_there() {
    not_usable(
        sequence("<run-profle agent=\"HR\" profile=\"Delta Import\"/>"),
        &[
            "line 4, column 1: ",
            "unknown element `<run-profle>` in `<thread>`",
            "did you mean `<run-profile>`?",
            "<delay>",
        ],
    );
}

#[test]
fn a_document_type_is_refused_before_it_can_do_harm() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [\n<!ENTITY b \"bbbbbbbb\">\n<!ENTITY c \
                \"&b;&b;&b;&b;\">\n<!ENTITY d SYSTEM \"file:///etc/passwd\">\n]>\n";
    not_usable(
        format!("{bomb}{ROOT}&c;&d;</masequence>"),
        &["line 2, column 1: ", "`<!DOCTYPE`", "remove it"],
    );
}

#[test]
fn a_sequence_without_a_thread_is_found_by_the_check() {
    let folder = Folder::new();
    folder.write("a.xml", format!("{ROOT}</masequence>"));
    let end = Masequencer::new(&folder)
        .args(["run", "a.xml", "--demo"])
        .run();
    refused(&folder, end, ExitCode::BadFile, &["MS001-no-thread"]);
}

#[test]
fn two_hundred_mebibytes_are_refused_without_reading_them() {
    let folder = Folder::new();
    let path = folder.file("a.xml");
    let file = std::fs::File::create(&path).unwrap();
    // A hole: it costs no disk, but a reader finds every byte of it.
    file.set_len(200 << 20).unwrap();
    drop(file);
    let program = Masequencer::new(&folder).args(["run", "a.xml", "--demo"]);
    // The address space that is left would not hold the file.
    #[cfg(target_os = "linux")]
    let program = program.after("ulimit -v 160000");
    let end = program.run();
    let parts = ["larger than 16 MiB", "this is another file"];
    refused(&folder, end, ExitCode::BadFile, &parts);
}

#[test]
fn ten_thousand_levels_are_refused_where_they_begin() {
    let nest = |element: &str| format!("<{element}>").repeat(10_000);
    not_usable(
        format!("{ROOT}\n<thread name=\"a\">{}", nest("thread name=\"a\"")),
        &[
            "line 2, column 18: ",
            "unknown element `<thread>` in `<thread>`",
        ],
    );
    not_usable(
        format!("{ROOT}\n{}", nest("x")),
        &["line 2, column 1: ", "unknown element `<x>`"],
    );
    let closed = [nest("masequence"), nest("/masequence")].concat();
    not_usable(closed, &["line 1, column 1: ", "in no namespace"]);
    let command = "<command program=\"x\"><argument>";
    not_usable(
        sequence(&format!("{command}{}", nest("b"))),
        &["line 4, column ", "element `<b>` within `<argument>`"],
    );
}

#[test]
fn encodings_with_a_mark_are_read_and_others_are_named() {
    let text = sequence(HR_IMPORT);
    let units = |mark: &[u8], bytes_of: fn(u16) -> [u8; 2]| {
        let mut bytes = mark.to_vec();
        bytes.extend(text.encode_utf16().flat_map(bytes_of));
        bytes
    };
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(text.bytes());
    let folder = Folder::new();
    for content in [
        marked,
        units(b"\xff\xfe", u16::to_le_bytes),
        units(b"\xfe\xff", u16::to_be_bytes),
    ] {
        folder.write("a.xml", content);
        Masequencer::new(&folder)
            .args(["run", "a.xml", "--demo"])
            .run()
            .expect_code(0)
            .expect_stdout("Only execution completed");
    }
    not_usable(
        units(b"", u16::to_le_bytes),
        &["UTF-16 without byte order mark", "save the file as UTF-8"],
    );
    let mut broken = text.replace("Only", "Onl?").into_bytes();
    let place = broken.iter().position(|&byte| byte == b'?');
    // The first one belongs to `<?xml`.
    assert_eq!(place, Some(1));
    let place = broken.iter().rposition(|&byte| byte == b'?').unwrap();
    broken[place] = 0xff;
    not_usable(
        broken,
        &[
            "line 3, column ",
            "not valid UTF-8",
            "save the file as UTF-8",
        ],
    );
}

#[test]
fn a_file_that_is_not_there_or_is_a_folder_is_named() {
    let folder = Folder::new();
    std::fs::create_dir(folder.file("jobs")).unwrap();
    for (path, words) in [
        ("missing.xml", "it does not exist; check the path"),
        ("missing/a.xml", "it does not exist; check the path"),
        ("jobs", "it is a folder; name a file"),
    ] {
        let parts = [format!("the sequence file `{path}`"), words.to_owned()];
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        for arguments in [vec!["run", path, "--demo"], vec!["check", path]] {
            let end = Masequencer::new(&folder).args(arguments).run();
            refused(&folder, end, ExitCode::BadFile, &parts);
        }
        let end = Masequencer::new(&folder).arg(format!("/f:{path}")).run();
        refused(&folder, end, ExitCode::BadFile, &parts);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_be_read_says_so() {
    use std::fs::{File, Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    let path = folder.write("a.xml", sequence(HR_IMPORT));
    set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    let mut program = Masequencer::new(&folder).args(["run", "a.xml", "--demo"]);
    if File::open(&path).is_ok() {
        // Root may read everything: somebody else tries, with a program that he may start.
        set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let copy = folder.file("masequencer-copy");
        std::fs::copy(env!("CARGO_BIN_EXE_masequencer"), &copy).unwrap();
        program = program.after(
            "exec setpriv --reuid=65534 --regid=65534 --clear-groups ./masequencer-copy \"$@\"",
        );
    }
    let end = program.run();
    let parts = [
        "could not read the sequence file `a.xml`",
        "not allowed to; change the permissions or the account",
    ];
    refused(&folder, end, ExitCode::BadFile, &parts);
}

#[test]
fn a_file_behind_a_slash_is_looked_for_and_never_guessed() {
    let folder = Folder::new();
    let call = || Masequencer::new(&folder).arg("/RunADImport.xml").run();
    let here = folder.path().display().to_string();
    let parts = ["there is no file `RunADImport.xml`", here.as_str()];
    refused(&folder, call(), ExitCode::BadFile, &parts);
    folder.write("runadimport.xml", sequence(HR_IMPORT));
    folder.write("RunAdImport.xml", sequence(HR_IMPORT));
    let parts = [
        "`RunADImport.xml` fits ",
        "/RunAdImport.xml` and `",
        "/runadimport.xml`; write the one you mean with /f:",
    ];
    refused(&folder, call(), ExitCode::BadFile, &parts);
}

#[test]
fn a_bad_scenario_names_file_and_line() {
    let folder = Folder::new();
    folder.write("a.xml", sequence(HR_IMPORT));
    folder.write("typo.toml", "name = \"x\"\nspped = 3\n");
    folder.write("text.toml", "Dear colleagues,\n");
    folder.write("bytes.toml", b"name = \"\xff\"");
    for (file, parts) in [
        (
            "typo.toml",
            &["line 2 of the scenario", "`spped`", "expected one of"][..],
        ),
        ("text.toml", &["line 1 of the scenario"]),
        ("bytes.toml", &["UTF-8"]),
        ("missing.toml", &["it does not exist; check the path"]),
        (".", &["it is a folder; name a file"]),
    ] {
        let named = format!("`{file}`");
        let mut all = vec!["scenario file", named.as_str()];
        all.extend(parts);
        let run = ["run", "a.xml", "--demo", "--scenario", file];
        let end = Masequencer::new(&folder).args(run).run();
        refused(&folder, end, ExitCode::BadFile, &all);
        let simulate = ["simulate", "--user", "u", "--scenario", file];
        let end = Masequencer::new(&folder)
            .args(simulate)
            .env("MASEQUENCER_PASSWORD", "p")
            .run();
        refused(&folder, end, ExitCode::BadFile, &all);
    }
}
