//! Rules about text: length, module docs, forbidden words.

use super::Offence;
use super::source::Source;

/// A file longer than this, before its tests, holds more than one idea.
const MAX_LINES: usize = 600;

/// A file that is too long before its tests.
pub fn check_length(source: &Source) -> Option<Offence> {
    let length = source.is_test.iter().filter(|is_test| !**is_test).count();
    (length > MAX_LINES).then(|| Offence {
        file: source.path.clone(),
        line: 0,
        rule: format!("{length} lines before the tests; split it, {MAX_LINES} are the most"),
        text: String::new(),
    })
}

/// A file that does not begin by saying what it is for.
pub fn check_module_doc(source: &Source) -> Option<Offence> {
    let first = source.lines.first().map_or("", String::as_str);
    let says_something = first
        .strip_prefix("//! ")
        .is_some_and(|text| text.len() > 10);
    (!says_something).then(|| Offence {
        file: source.path.clone(),
        line: 1,
        rule: "begin with `//!` and say the file's job".to_owned(),
        text: first.to_owned(),
    })
}

/// Words and marks that mean unfinished work, and paths that exist on one machine only.
pub fn check_words(path: &str, content: &str) -> Vec<Offence> {
    // Put together here, so that this file does not offend.
    let unfinished = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X"],
        ["todo", "!"],
        ["unimpl", "emented!"],
        ["db", "g!"],
        ["#[ign", "ore"],
    ]
    .map(|parts| parts.concat());
    let machine = [["/wo", "rk/"], ["/ro", "ot/"]].map(|parts| parts.concat());
    let mut offences = Vec::new();
    for (number, line) in content.lines().enumerate() {
        let mut tell = |rule: String| {
            offences.push(Offence {
                file: path.to_owned(),
                line: number + 1,
                rule,
                text: line.to_owned(),
            });
        };
        if ["<<<<<<< ", ">>>>>>> "]
            .iter()
            .any(|mark| line.starts_with(mark))
        {
            tell("a conflict of a merge is left".to_owned());
        }
        for word in unfinished.iter().filter(|word| has_word(line, word)) {
            tell(format!(
                "`{word}` means unfinished work; finish it or file it"
            ));
        }
        for place in machine.iter().filter(|place| has_path(line, place)) {
            tell(format!("`{place}` is a path of one machine"));
        }
    }
    offences
}

/// Whether the word stands in the line as a word of its own.
fn has_word(line: &str, word: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let is_cut_off = word.ends_with(char::is_alphanumeric) && is_word(after);
        !is_word(before) && !is_cut_off
    })
}

/// Whether a path begins in the line with `start`; `https://x/wmi/root/y` does not.
fn has_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '/')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found_and_its_tests_do_not_count() {
        let long = "let a = 1;\n".repeat(MAX_LINES + 1);
        assert!(check_length(&Source::new("src/a.rs", &long)).is_some());
        let short = "let a = 1;\n".repeat(MAX_LINES);
        let tests = "#[cfg(test)]\nmod tests {\n    fn a() {}\n}\n";
        assert!(check_length(&Source::new("src/a.rs", &format!("{short}{tests}"))).is_none());
    }

    #[test]
    fn a_file_without_a_doc_is_found() {
        for text in [
            "",
            "use a;",
            "//!\n",
            "//! ui\n",
            "// a comment that is no doc",
        ] {
            assert!(
                check_module_doc(&Source::new("src/a.rs", text)).is_some(),
                "{text}"
            );
        }
        let good = "//! The window, and nothing else.\n";
        assert!(check_module_doc(&Source::new("src/a.rs", good)).is_none());
    }

    #[test]
    fn unfinished_work_and_machine_paths_are_found() {
        let bad = [
            ["// TO", "DO: later"],
            ["// FIX", "ME"],
            ["XX", "X"],
            ["    todo", "!()"],
            ["db", "g!(x)"],
            ["#[ign", "ore = \"slow\"]"],
            ["<<<<<<", "< HEAD"],
            ["cp /ro", "ot/a b"],
            ["\"/wo", "rk/main\""],
        ];
        for parts in bad {
            let line = parts.concat();
            assert_eq!(check_words("a.rs", &line).len(), 1, "{line}");
        }
        for line in [
            "a_todo_list",
            "mastodons",
            "XXXL",
            "https://x/workshop",
            "http://x/wmi/root/Y",
            "todo list",
        ] {
            assert_eq!(check_words("a.rs", line), [], "{line}");
        }
    }
}
