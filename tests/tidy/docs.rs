//! Documents mention only files that exist.

use super::Offence;

/// Folders at the root whose files documents mention by path.
const FOLDERS: [&str; 6] = [
    "src/",
    "tests/",
    "assets/",
    "packaging/",
    "sample-sequences/",
    ".ci/",
];

/// Every link target and every path of ours that a Markdown text mentions and that does not exist.
/// `exists` answers for a path from the root.
pub fn check_mentions(path: &str, content: &str, exists: &dyn Fn(&str) -> bool) -> Vec<Offence> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = |target: &str| {
        if folder.is_empty() {
            target.to_owned()
        } else {
            format!("{folder}/{target}")
        }
    };
    let mut offences = Vec::new();
    for (number, line) in content.lines().enumerate() {
        let links = links(line).into_iter().map(|target| (target, false));
        let paths = paths(line).into_iter().map(|target| (target, true));
        for (target, may_be_from_root) in links.chain(paths) {
            if exists(&beside(&target)) || (may_be_from_root && exists(&target)) {
                continue;
            }
            offences.push(Offence {
                file: path.to_owned(),
                line: number + 1,
                rule: format!("`{target}` does not exist"),
                text: line.to_owned(),
            });
        }
    }
    offences
}

/// The targets of `[text](target)` that are files.
fn links(line: &str) -> Vec<String> {
    let targets = line.split("](").skip(1);
    targets
        .filter_map(|rest| rest.split([')', ' ', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .filter(|target| !target.starts_with("mailto:"))
        .map(str::to_owned)
        .collect()
}

/// Words that are a path of ours, or the name of a document at the root.
fn paths(line: &str) -> Vec<String> {
    line.split(|c: char| c.is_whitespace() || "`\"'()[]<>,;|".contains(c))
        .filter(|word| !word.contains(['*', '{', '$', '…']))
        .map(|word| word.trim_start_matches("./"))
        .map(|word| word.trim_end_matches(['.', ':', '/']))
        .filter(|word| is_path(word))
        .map(str::to_owned)
        .collect()
}

fn is_path(word: &str) -> bool {
    let is_ours = FOLDERS.iter().any(|folder| word.starts_with(folder));
    let is_document = !word.contains('/')
        && [".md", ".toml"]
            .iter()
            .any(|extension| word.ends_with(extension))
        && word.len() > 5;
    is_ours || is_document
}

/// The table of exit codes in a document, against the program's own: numbers and meanings.
pub fn check_exit_codes(path: &str, content: &str, codes: &[(u8, &str)]) -> Vec<Offence> {
    let written: Vec<&str> = content
        .lines()
        .skip_while(|line| *line != "<!-- exit codes: begin -->")
        .take_while(|line| *line != "<!-- exit codes: end -->")
        .filter(|line| line.starts_with("| ") && !line.starts_with("| code "))
        .collect();
    let expected: Vec<String> = codes
        .iter()
        .map(|(number, meaning)| format!("| {number} | {meaning} |"))
        .collect();
    let tell = |rule: &str, row: &str| Offence {
        file: path.to_owned(),
        line: 0,
        rule: rule.to_owned(),
        text: row.to_owned(),
    };
    let missing = expected
        .iter()
        .filter(|row| !written.contains(&row.as_str()));
    let strange = written
        .iter()
        .filter(|row| !expected.iter().any(|other| other == *row));
    let missing = missing.map(|row| tell("the table of exit codes needs this row", row));
    let strange = strange.map(|row| tell("the program has no such exit code", row));
    missing.chain(strange).collect()
}

/// Every line that counts the rules of the check and counts wrongly.
pub fn check_rule_count(path: &str, content: &str, count: usize) -> Vec<Offence> {
    let lines = content.lines().enumerate();
    let wrong = lines.filter(|(_, line)| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(2).any(|pair| {
            let is_about_rules = pair[1].trim_end_matches([',', '.', ';', ':']) == "rules";
            let counted = pair[0].parse::<usize>().ok().filter(|_| is_about_rules);
            counted.is_some_and(|counted| counted != count)
        })
    });
    wrong
        .map(|(number, line)| Offence {
            file: path.to_owned(),
            line: number + 1,
            rule: format!("the check has {count} rules"),
            text: line.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_exit_codes_that_drifts_is_found() {
        let codes = [(0, "success"), (1, "failed")];
        let text = "<!-- exit codes: begin -->\n| code | meaning |\n|---|---|\n| 0 | success |\n\
                    | 1 | failed |\n<!-- exit codes: end -->\n";
        assert_eq!(check_exit_codes("R.md", text, &codes), []);
        let drifted = text.replace("| 1 | failed |", "| 2 | failed |");
        assert_eq!(check_exit_codes("R.md", &drifted, &codes).len(), 2);
        assert_eq!(check_exit_codes("R.md", "", &codes).len(), 2);
    }

    #[test]
    fn a_wrong_number_of_rules_is_found() {
        for (line, expected) in [
            ("- A check with 27 rules, each with an explanation", 1),
            ("- A check with 28 rules, each with an explanation", 0),
            ("three overlap rules, 27 codes", 0),
        ] {
            assert_eq!(check_rule_count("C.md", line, 28).len(), expected, "{line}");
        }
    }

    #[test]
    fn a_mention_of_a_missing_file_is_found() {
        let exists = |path: &str| ["README.md", "src/lib.rs", "packaging/a.timer"].contains(&path);
        let cases = [
            ("README.md", "see `src/lib.rs` and README.md.", 0),
            ("README.md", "see `src/gone.rs`", 1),
            ("README.md", "[text](GONE.md)", 2),
            ("README.md", "[text](https://example.org/x.md)", 0),
            ("README.md", "bash tests/gone --all", 1),
            (
                "packaging/README.md",
                "[timer](a.timer), `packaging/a.timer`",
                0,
            ),
            ("packaging/README.md", "[timer](packaging/a.timer)", 1),
            (
                "README.md",
                "all of `src/**`, `tests/*.rs`, tests/gone.* and other.txt",
                0,
            ),
        ];
        for (path, line, expected) in cases {
            let offences = check_mentions(path, line, &exists);
            assert_eq!(offences.len(), expected, "{path}: {line}: {offences:?}");
        }
    }
}
