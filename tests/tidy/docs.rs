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

#[cfg(test)]
mod tests {
    use super::*;

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
