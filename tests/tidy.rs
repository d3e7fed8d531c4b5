//! Rules of the project that the compiler does not check: layers, fences, file lengths, module
//! docs, forbidden words, documents that name existing files, a headless tree without a window.
//!
//! Each rule is a plain function over text with tests of its own, so that it is known to fail on
//! what it forbids. The tests in this file apply the rules to the project.

#![expect(
    clippy::indexing_slicing,
    reason = "a rule that panics fails its test, as it should"
)]

#[path = "tidy/docs.rs"]
mod docs;
#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/manifest.rs"]
mod manifest;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/text.rs"]
mod text;
#[path = "tidy/wording.rs"]
mod wording;

use std::fmt;

use masequencer::check::Code;
use masequencer::cli::ExitCode;

/// A line that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Offence {
    /// The file, from the project's root, with forward slashes.
    file: String,
    /// Counted from 1; 0 when the whole file offends.
    line: usize,
    /// What is wrong, and what to do instead.
    rule: String,
    /// The line as it stands.
    text: String,
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)?;
        if self.text.trim().is_empty() {
            return Ok(());
        }
        write!(f, "\n    {}", self.text.trim())
    }
}

#[track_caller]
fn assert_none(offences: &[Offence]) {
    let lines: Vec<String> = offences.iter().map(ToString::to_string).collect();
    assert!(
        lines.is_empty(),
        "{} lines break a rule:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn modules_import_only_what_their_layer_allows() {
    let sources = source::all_of("src");
    assert!(sources.len() > 20, "only {} files under src", sources.len());
    assert_none(&layers::check_imports(&sources));
}

#[test]
fn every_module_has_a_row_and_every_row_a_module() {
    let sources = source::all_of("src");
    assert_none(&layers::check_rows(&sources));
}

#[test]
fn the_layer_table_is_the_one_in_the_architecture() {
    let text = files::read("ARCHITECTURE.md");
    assert_none(&layers::compare_with_document("ARCHITECTURE.md", &text));
}

#[test]
fn third_party_crates_stay_within_their_fences() {
    assert_none(&layers::check_fences(&source::all_of("src")));
}

#[test]
fn every_dependency_has_a_fence() {
    let manifest = files::read("Cargo.toml");
    assert_none(&manifest::check_fences_are_complete(&manifest));
}

#[test]
fn the_fences_are_those_in_the_architecture() {
    let text = files::read("ARCHITECTURE.md");
    assert_none(&layers::compare_fences_with_document(
        "ARCHITECTURE.md",
        &text,
    ));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut offences = Vec::new();
    for source in source::all_of("src") {
        offences.extend(text::check_length(&source));
        offences.extend(text::check_module_doc(&source));
    }
    for source in source::all_of("tests") {
        offences.extend(text::check_module_doc(&source));
    }
    assert_none(&offences);
}

#[test]
fn every_text_of_the_window_is_in_one_place() {
    let sources = source::all_of("src/ui");
    assert!(sources.len() > 10, "only {} files draw", sources.len());
    let offences: Vec<Offence> = sources.iter().flat_map(wording::check_wording).collect();
    assert_none(&offences);
}

#[test]
fn nothing_is_left_undone_or_names_a_machine() {
    let offences: Vec<Offence> = files::texts()
        .iter()
        .flat_map(|(path, content)| text::check_words(path, content))
        .collect();
    assert_none(&offences);
}

#[test]
fn documents_mention_only_files_that_exist() {
    let documents: Vec<(String, String)> = files::texts()
        .into_iter()
        .filter(|(path, _)| files::has_extension(path, "md"))
        .collect();
    assert!(documents.len() >= 4, "the documents are missing");
    let offences: Vec<Offence> = documents
        .iter()
        .flat_map(|(path, content)| docs::check_mentions(path, content, &files::exists))
        .collect();
    assert_none(&offences);
}

#[test]
fn documents_count_the_rules_of_the_check() {
    let count = Code::ALL.len();
    for path in ["ARCHITECTURE.md", "CHANGELOG.md", "README.md"] {
        let text = files::read(path);
        assert_none(&docs::check_rule_count(path, &text, count));
    }
}

#[test]
fn the_exit_codes_in_the_readme_are_those_of_the_program() {
    let table: Vec<(u8, &str)> = ExitCode::ALL
        .iter()
        .map(|code| (code.number(), code.meaning()))
        .collect();
    let text = files::read("README.md");
    assert_none(&docs::check_exit_codes("README.md", &text, &table));
}

#[test]
fn the_headless_tree_holds_no_window() {
    assert_none(&manifest::check_headless_tree(&manifest::headless_tree()));
}
