//! The schema says what the reader says, told by a program that nobody here wrote: `xmllint`.

use std::path::PathBuf;
use std::process::Command as Process;

use proptest::strategy::{Strategy as _, ValueTree as _};

use super::arbitrary::sequence;
use super::{SAMPLES, file, in_package, threaded};
use crate::format::{read, write};

/// Whether all of the files satisfy the schema, and what is said about them.
fn xmllint(files: &[PathBuf]) -> (bool, String) {
    let output = Process::new("xmllint")
        .arg("--noout")
        .arg("--schema")
        .arg(in_package("assets/masequence.xsd"))
        .args(files)
        .output()
        .expect("xmllint (package libxml2-utils) is installed; tests/run installs it");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), told)
}

/// The schema and a reader that nobody here wrote agree with what is written: many documents in
/// one call.
#[test]
fn xmllint_accepts_the_samples_and_what_is_written() {
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
    let (succeeds, told) = xmllint(&files);
    let wrong: Vec<&str> = told
        .lines()
        .filter(|line| !line.ends_with(" validates"))
        .collect();
    assert!(succeeds, "{}", wrong.join("\n"));
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
        threaded("<run-profile agent=\" &#10; \" profile=\"P\"/>"),
        threaded(&format!(
            "<run-profile agent=\"{}\" profile=\"P\"/>",
            "x".repeat(257)
        )),
        threaded("<delay duration=\"1s&#xA0;\"/>"),
        threaded("<run-profile agent=\"A\" profile=\"P\" type=\"import\"/>"),
        threaded("<command program=\"a\" allowed-exit-codes=\"\"/>"),
        threaded("<command program=\"a\"><variable name=\"x\"/></command>"),
        threaded("<delay duration=\"1s\"><argument/></delay>"),
        threaded("<delay duration=\"1s\" when=\"always\"/>"),
        file("<server port=\"0\"/>"),
        file("<server pin=\"ab\"/>"),
        file("<server port=\"+1\"/>"),
        file("<run max-parallel=\"+1\"/>"),
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
    let (_, told) = xmllint(&files);
    let refused = told
        .lines()
        .filter(|line| line.ends_with(" fails to validate"))
        .count();
    assert_eq!(refused, files.len(), "{told}");
}
