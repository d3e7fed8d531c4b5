//! Who may import whom, and which crate may be used where.

use super::Offence;
use super::source::Source;

/// One row of the layer table.
pub struct Layer {
    /// The module, or a part of one with rules of its own: `wsman::message`.
    pub module: &'static str,
    /// What it may import from this crate, besides itself.
    pub may_import: &'static [&'static str],
}

const fn layer(module: &'static str, may_import: &'static [&'static str]) -> Layer {
    Layer { module, may_import }
}

/// The layer table. ARCHITECTURE.md shows the same one; need an arrow that is not here? Change
/// both, with a reason.
pub const LAYERS: [Layer; 23] = [
    layer("base", &[]),
    layer("mim", &["base"]),
    layer("model", &["base", "mim"]),
    layer("run", &["base", "mim", "model"]),
    layer("check", &["base", "mim", "model", "run"]),
    layer("format", &["base", "mim", "model"]),
    layer("wsman", &["base"]),
    layer("wsman::message", &["base"]),
    layer("wsman::seal", &["base"]),
    layer("wmi", &["base"]),
    layer("service", &["base", "mim", "wmi", "wsman"]),
    layer("engine", &["base", "mim", "model", "run"]),
    layer(
        "backend",
        &["base", "mim", "model", "run", "engine", "service"],
    ),
    layer("control", &["base", "run"]),
    layer(
        "simulator",
        &["base", "mim", "wsman::message", "wsman::seal"],
    ),
    layer("simulator::world", &["base", "mim", "simulator::scenario"]),
    layer(
        "launch",
        &[
            "base",
            "mim",
            "model",
            "run",
            "check",
            "format",
            "wsman",
            "service",
            "engine",
            "backend",
            "control",
            "simulator",
        ],
    ),
    layer(
        "cli",
        &[
            "base",
            "mim",
            "model",
            "run",
            "check",
            "format",
            "wsman",
            "service",
            "engine",
            "backend",
            "control",
            "simulator",
            "launch",
            "settings",
        ],
    ),
    layer("settings", &["base"]),
    layer(
        "designer",
        &["base", "mim", "model", "run", "check", "format", "settings"],
    ),
    layer(
        "ui",
        &[
            "base", "mim", "model", "run", "check", "settings", "designer",
        ],
    ),
    layer(
        "ui::effects",
        &[
            "base",
            "mim",
            "model",
            "run",
            "check",
            "format",
            "settings",
            "wsman",
            "service",
            "engine",
            "backend",
            "control",
            "simulator",
            "launch",
            "designer",
        ],
    ),
    layer("bin", &["base", "cli", "ui"]),
];

/// One row of the fences: crates by the name that code uses, and the modules that may use them.
pub struct Fence {
    /// The crates.
    pub crates: &'static [&'static str],
    /// The modules; none means anywhere.
    pub modules: &'static [&'static str],
}

const fn fence(crates: &'static [&'static str], modules: &'static [&'static str]) -> Fence {
    Fence { crates, modules }
}

/// The fences. ARCHITECTURE.md shows the same ones.
pub const FENCES: [Fence; 28] = [
    fence(&["async_trait", "jiff", "parking_lot", "thiserror"], &[]),
    fence(
        &["tokio"],
        &[
            "base",
            "service",
            "wmi",
            "wsman",
            "engine",
            "backend",
            "control",
            "simulator",
            "launch",
            "cli",
            "ui::effects",
        ],
    ),
    fence(&["tempfile"], &["base", "control"]),
    fence(&["rustix", "zeroize"], &["base"]),
    fence(&["quick_xml"], &["format", "mim", "wsman::message"]),
    fence(
        &["serde", "serde_json"],
        &["run", "control", "settings", "simulator", "launch", "cli"],
    ),
    fence(&["toml"], &["simulator"]),
    fence(&["base64"], &["wsman", "simulator"]),
    fence(&["reqwest"], &["wsman::transport", "backend"]),
    fence(&["rustls", "tokio_rustls"], &["wsman", "simulator::server"]),
    fence(&["rustls_platform_verifier"], &["wsman::transport"]),
    fence(&["rcgen"], &["simulator::server"]),
    fence(&["sspi"], &["wsman", "simulator::server"]),
    fence(&["libgssapi"], &["wsman::auth"]),
    fence(
        &[
            "apple_native_keyring_store",
            "keyring_core",
            "windows_native_keyring_store",
            "zbus_secret_service_keyring_store",
        ],
        &["settings"],
    ),
    fence(&["windows"], &["wmi", "wsman::auth::system"]),
    fence(
        &["sha2"],
        &["wsman", "simulator::server", "launch", "ui::effects"],
    ),
    fence(&["uuid"], &["wsman", "simulator", "launch"]),
    fence(
        &["bytes", "http_body_util", "hyper", "hyper_util"],
        &["wsman::transport", "backend", "simulator::server"],
    ),
    fence(&["fastrand"], &["simulator", "launch"]),
    fence(&["process_wrap"], &["backend", "launch::detached"]),
    fence(&["directories"], &["control", "settings"]),
    fence(&["interprocess"], &["control"]),
    fence(&["clap", "console", "indicatif", "rpassword"], &["cli"]),
    fence(&["eframe", "egui"], &["ui"]),
    fence(&["image"], &["ui::gallery"]),
    fence(&["resvg"], &["ui::icons"]),
    fence(&["rfd"], &["ui::effects"]),
];

/// Words that only come from a crate's derives or macros, and so cannot be seen as `crate::`.
const DERIVES: [(&str, &str); 4] = [
    ("Serialize", "serde"),
    ("Deserialize", "serde"),
    ("Subcommand", "clap"),
    ("ValueEnum", "clap"),
];

/// Every import that the layer table does not allow.
pub fn check_imports(sources: &[Source]) -> Vec<Offence> {
    sources.iter().flat_map(imports_of).collect()
}

fn imports_of(source: &Source) -> Vec<Offence> {
    let module = source.module();
    let Some(row) = row_of(&module) else {
        return Vec::new();
    };
    let own_name = if module.first().is_some_and(|first| first == "bin") {
        "masequencer"
    } else {
        "crate"
    };
    let mut offences = Vec::new();
    for import in imports(&source.shipped(), own_name, &module) {
        let is_own = starts_with(&import.path, row.module);
        // A bare re-export of lib.rs (`crate::VERSION`) belongs to no module.
        let is_module = LAYERS
            .iter()
            .any(|layer| layer.module == import.path.first().map_or("", String::as_str));
        let is_allowed = row
            .may_import
            .iter()
            .any(|allowed| starts_with(&import.path, allowed));
        if is_module && !is_own && !is_allowed {
            let rule = format!(
                "`{}` may import only {}, not `{}` (layer table in ARCHITECTURE.md)",
                row.module,
                list(row.may_import),
                import.path.join("::"),
            );
            offences.push(offence(source, import.line, rule));
        }
    }
    offences
}

/// Modules without a row, and rows without a module.
pub fn check_rows(sources: &[Source]) -> Vec<Offence> {
    let mut offences = Vec::new();
    for source in sources {
        let module = source.module();
        if !module.is_empty() && row_of(&module).is_none() {
            let rule = "this module has no row in the layer table".to_owned();
            offences.push(offence(source, 0, rule));
        }
    }
    for layer in &LAYERS {
        let has_files = sources
            .iter()
            .any(|source| starts_with(&source.module(), layer.module));
        // Parts of a module get their rule before they get their file.
        if !has_files && !layer.module.contains("::") {
            offences.push(Offence {
                file: "ARCHITECTURE.md".to_owned(),
                line: 0,
                rule: format!(
                    "the layer table has a row `{}` without a module",
                    layer.module
                ),
                text: String::new(),
            });
        }
    }
    offences
}

/// Every use of a crate outside its fence.
pub fn check_fences(sources: &[Source]) -> Vec<Offence> {
    sources.iter().flat_map(fences_of).collect()
}

fn fences_of(source: &Source) -> Vec<Offence> {
    let module = source.module();
    let mut offences = Vec::new();
    for (number, line) in source.shipped().lines().enumerate() {
        for name in crates_in(line) {
            let Some(fence) = FENCES.iter().find(|fence| fence.crates.contains(&name)) else {
                continue;
            };
            let is_inside = fence.modules.is_empty()
                || fence
                    .modules
                    .iter()
                    .any(|allowed| starts_with(&module, allowed));
            if !is_inside {
                let rule = format!("`{name}` may be used only in {}", list(fence.modules));
                offences.push(offence(source, number + 1, rule));
            }
        }
    }
    offences
}

/// The fenced crates that a line of code uses, each once.
fn crates_in(line: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let words = words(line);
    for (at, word) in words.iter().enumerate() {
        let derived = DERIVES.iter().find(|(derive, _)| derive == &word.text);
        let name = derived.map_or(word.text, |(_, name)| name);
        let is_path_start = line[word.end..].trim_start().starts_with("::")
            && !line[..word.start].trim_end().ends_with("::");
        let is_used = at > 0 && words[at - 1].text == "use";
        let is_attribute = line[..word.start].trim_end().ends_with("#[");
        if derived.is_some() || is_path_start || is_used || is_attribute {
            let known = FENCES.iter().flat_map(|fence| fence.crates);
            let known = known.copied().find(|known| known == &name);
            found.extend(known.filter(|known| !found.contains(known)));
        }
    }
    found
}

struct Word<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

fn words(line: &str) -> Vec<Word<'_>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in line.char_indices().chain([(line.len(), ' ')]) {
        match (start, is_word(character)) {
            (None, true) => start = Some(at),
            (Some(first), false) => {
                words.push(Word {
                    text: &line[first..at],
                    start: first,
                    end: at,
                });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// A path into this crate.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    line: usize,
    path: Vec<String>,
}

/// Every path into this crate: `crate::a::b`, each leaf of `use crate::{a, b::{c, d}}`, and
/// `super::` resolved from `module`.
fn imports(code: &str, own_name: &str, module: &[String]) -> Vec<Import> {
    let mut imports = Vec::new();
    for start in path_starts(code, own_name) {
        let line = code[..start].matches('\n').count() + 1;
        for path in leaves(&code[start + own_name.len() + 2..]) {
            imports.push(Import { line, path });
        }
    }
    for start in path_starts(code, "super") {
        let line = code[..start].matches('\n').count() + 1;
        let mut rest = &code[start..];
        let mut above = module.len();
        while let Some(next) = rest.strip_prefix("super::") {
            rest = next;
            above = above.saturating_sub(1);
        }
        for leaf in leaves(rest) {
            let path = module[..above].iter().cloned().chain(leaf).collect();
            imports.push(Import { line, path });
        }
    }
    imports
}

/// Where a path begins with this segment.
fn path_starts(code: &str, segment: &str) -> Vec<usize> {
    let pattern = format!("{segment}::");
    let starts = code.match_indices(&pattern).map(|(at, _)| at);
    starts
        .filter(|at| {
            let before = code[..*at].chars().next_back().unwrap_or(' ');
            !(before.is_alphanumeric() || before == '_' || before == ':')
        })
        .collect()
}

/// The full paths that a use tree or a path expression names, relative to its start.
fn leaves(text: &str) -> Vec<Vec<String>> {
    let mut tree = Tree {
        rest: text,
        leaves: Vec::new(),
    };
    tree.path(&mut Vec::new());
    tree.leaves
}

struct Tree<'a> {
    rest: &'a str,
    leaves: Vec<Vec<String>>,
}

impl Tree<'_> {
    fn path(&mut self, prefix: &mut Vec<String>) {
        let depth = prefix.len();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with('{') {
                self.group(prefix);
                break;
            }
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let length = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at(length);
            if !word.is_empty() {
                prefix.push(word.to_owned());
            }
            self.rest = rest;
            match rest.strip_prefix("::") {
                Some(next) if !word.is_empty() => self.rest = next,
                _ => {
                    self.leaves.push(prefix.clone());
                    break;
                }
            }
        }
        prefix.truncate(depth);
    }

    fn group(&mut self, prefix: &mut Vec<String>) {
        self.rest = &self.rest[1..];
        loop {
            self.path(prefix);
            // What stands between a leaf and the next comma: `as name`, `*`.
            let Some(at) = self.rest.find([',', '}', ';']) else {
                self.rest = "";
                return;
            };
            let is_more = self.rest[at..].starts_with(',');
            self.rest = &self.rest[at + 1..];
            if !is_more {
                return;
            }
            if let Some(rest) = self.rest.trim_start().strip_prefix('}') {
                self.rest = rest;
                return;
            }
        }
    }
}

/// The most specific row for a module.
fn row_of(module: &[String]) -> Option<&'static Layer> {
    LAYERS
        .iter()
        .filter(|layer| starts_with(module, layer.module))
        .max_by_key(|layer| layer.module.len())
}

/// Whether a path lies at or below `prefix`, which is written with `::`.
fn starts_with(path: &[String], prefix: &str) -> bool {
    let mut parts = path.iter();
    prefix
        .split("::")
        .all(|part| parts.next().is_some_and(|own| own == part))
}

/// Compares the layer table with the one in a document.
pub fn compare_with_document(file: &str, text: &str) -> Vec<Offence> {
    let row = |layer: &Layer| Row {
        names: vec![layer.module.to_owned()],
        allowed: sorted(layer.may_import),
    };
    let expected: Vec<Row> = LAYERS.iter().map(row).collect();
    compare(file, "layer table", &table(text, "may import"), &expected)
}

/// Compares the fences with those in a document.
pub fn compare_fences_with_document(file: &str, text: &str) -> Vec<Offence> {
    let row = |fence: &Fence| Row {
        names: sorted(fence.crates),
        allowed: sorted(fence.modules),
    };
    let expected: Vec<Row> = FENCES.iter().map(row).collect();
    let mut written = table(text, "only in");
    for row in &mut written {
        row.names.sort();
    }
    compare(file, "table of fences", &written, &expected)
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    names: Vec<String>,
    allowed: Vec<String>,
}

fn compare(file: &str, table: &str, written: &[Row], expected: &[Row]) -> Vec<Offence> {
    let tell = |row: &Row, rule: &str| Offence {
        file: file.to_owned(),
        line: 0,
        rule: format!("{rule} ({table})"),
        text: format!("{} | {}", row.names.join(", "), row.allowed.join(", ")),
    };
    let missing = expected
        .iter()
        .filter(|row| !written.contains(row))
        .map(|row| {
            tell(
                row,
                "tests/tidy/layers.rs has this row, the document has not",
            )
        });
    let strange = written
        .iter()
        .filter(|row| !expected.contains(row))
        .map(|row| {
            tell(
                row,
                "the document has this row, tests/tidy/layers.rs has not",
            )
        });
    missing.chain(strange).collect()
}

/// The rows of the Markdown table whose last heading is `heading`: the names in back quotes of the
/// first and of the last cell.
fn table(text: &str, heading: &str) -> Vec<Row> {
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim().trim_matches('|');
        line.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = text.lines();
    let is_heading = |line: &str| cells(line).last().is_some_and(|last| last == heading);
    if !lines.any(|line| line.starts_with('|') && is_heading(line)) {
        return Vec::new();
    }
    lines
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells = cells(line);
            let names = quoted(cells.first().map_or("", String::as_str));
            let mut allowed = quoted(cells.last().map_or("", String::as_str));
            allowed.sort();
            Row { names, allowed }
        })
        .collect()
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    names.sort();
    names
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names.join(", ")
}

fn offence(source: &Source, line: usize, rule: String) -> Offence {
    Offence {
        file: source.path.clone(),
        line,
        rule,
        text: line
            .checked_sub(1)
            .and_then(|index| source.lines.get(index))
            .cloned()
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(usize, String)> {
        let source = Source::new(path, text);
        let offences = check_imports(std::slice::from_ref(&source));
        offences
            .into_iter()
            .map(|found| (found.line, found.rule))
            .collect()
    }

    #[test]
    fn a_wrong_import_is_found_however_it_is_written() {
        let cases: [(&str, &str, usize); 14] = [
            ("src/base/x.rs", "use crate::mim::AgentName;", 1),
            ("src/base/x.rs", "fn f(a: crate::mim::AgentName) {}", 1),
            (
                "src/model/x.rs",
                "use crate::{base, mim, engine::{a, b}};",
                2,
            ),
            (
                "src/model/x.rs",
                "use crate::{\n  base,\n  engine::*,\n};",
                1,
            ),
            ("src/model/x.rs", "use super::super::engine::start;", 1),
            ("src/simulator/x.rs", "use crate::wsman::Client;", 1),
            ("src/simulator/x.rs", "use crate::wsman::message::xml;", 0),
            (
                "src/simulator/world/x.rs",
                "use crate::wsman::message::xml;",
                1,
            ),
            (
                "src/simulator/world/x.rs",
                "use super::super::server::serve;",
                1,
            ),
            ("src/wsman/message/x.rs", "use crate::wsman::transport;", 1),
            ("src/wsman/message/x.rs", "use super::xml::Element;", 0),
            ("src/bin/x.rs", "use masequencer::{cli, engine};", 1),
            (
                "src/base/x.rs",
                "// crate::mim\nlet a = \"crate::mim::x\";",
                0,
            ),
            (
                "src/base/x.rs",
                "#[cfg(test)]\nmod tests {\n use crate::mim::x;\n}",
                0,
            ),
        ];
        for (path, text, expected) in cases {
            assert_eq!(found(path, text).len(), expected, "{path}: {text}");
        }
        assert_eq!(found("src/base/x.rs", "\n\nuse crate::cli::x;")[0].0, 3);
    }

    #[test]
    fn use_trees_are_taken_apart() {
        let join = |text| -> Vec<String> { leaves(text).iter().map(|l| l.join("::")).collect() };
        assert_eq!(
            join("a::{b, c::{d as e, f}, g::*}, x"),
            ["a::b", "a::c::d", "a::c::f", "a::g"]
        );
        assert_eq!(join("{a, b,};"), ["a", "b"]);
        assert_eq!(join("a::f(x::y)"), ["a::f"]);
    }

    #[test]
    fn a_crate_outside_its_fence_is_found() {
        let cases = [
            ("src/model/x.rs", "use serde::Serialize;", 1),
            ("src/model/x.rs", "#[derive(Debug, Deserialize)]", 1),
            ("src/run/x.rs", "#[derive(Debug, Deserialize)]", 0),
            ("src/cli/x.rs", "let x = egui::vec2(1.0, 2.0);", 1),
            ("src/wsman/client.rs", "use reqwest::Client;", 1),
            ("src/wsman/transport/http.rs", "use reqwest::Client;", 0),
            ("src/wsman/transport.rs", "use reqwest::Client;", 0),
            ("src/engine/x.rs", "#[tokio::test]", 0),
            ("src/model/x.rs", "#[tokio::main]", 1),
            ("src/model/x.rs", "let toml = 1; my::toml::x();", 0),
            ("src/model/x.rs", "// serde::Serialize", 0),
            ("src/base/x.rs", "use jiff::Timestamp;", 0),
        ];
        for (path, text, expected) in cases {
            let source = Source::new(path, text);
            let offences = check_fences(std::slice::from_ref(&source));
            assert_eq!(offences.len(), expected, "{path}: {text}");
        }
    }

    #[test]
    fn a_module_without_a_row_and_a_row_without_a_module_are_found() {
        let sources = [Source::new("src/strange/mod.rs", "//! x\n")];
        let offences = check_rows(&sources);
        assert!(
            offences
                .iter()
                .any(|found| found.file == "src/strange/mod.rs")
        );
        assert!(offences.iter().any(|found| found.rule.contains("`engine`")));
    }

    #[test]
    fn a_table_that_drifts_is_found() {
        let row = |layer: &Layer| {
            let allowed: Vec<String> = layer.may_import.iter().map(|m| format!("`{m}`")).collect();
            format!("| `{}` | x | {} |\n", layer.module, allowed.join(", "))
        };
        let rows: String = LAYERS.iter().map(row).collect();
        let text = format!("| module | job | may import |\n|---|---|---|\n{rows}");
        assert_eq!(compare_with_document("A.md", &text), []);
        let drifted = text.replace("| `mim` | x | `base` |", "| `mim` | x | `base`, `run` |");
        assert_eq!(compare_with_document("A.md", &drifted).len(), 2);
        assert_eq!(compare_with_document("A.md", "").len(), LAYERS.len());
        assert_eq!(compare_fences_with_document("A.md", "").len(), FENCES.len());
    }
}
