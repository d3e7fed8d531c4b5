//! Rust source as the rules see it: code without comments and literals, and which lines are tests.

use super::files;

/// One source file.
#[derive(Debug, Clone)]
pub struct Source {
    /// From the project's root, with forward slashes.
    pub path: String,
    /// The lines as they stand.
    pub lines: Vec<String>,
    /// The same lines with comments and the content of literals blanked.
    pub code: Vec<String>,
    /// For each line, whether it is compiled for tests only.
    pub is_test: Vec<bool>,
}

impl Source {
    /// Reads a source from its text.
    pub fn new(path: &str, text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let code: Vec<String> = blank(text).lines().map(str::to_owned).collect();
        let is_test = test_lines(&code);
        Self {
            path: path.to_owned(),
            lines,
            code,
            is_test,
        }
    }

    /// The module path of the file: `src/wsman/message/xml.rs` is `[wsman, message, xml]`,
    /// `src/lib.rs` is empty, `src/bin/x.rs` is `[bin, x]`.
    pub fn module(&self) -> Vec<String> {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let inner = inner.strip_suffix(".rs").unwrap_or(inner);
        let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
        if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
            parts.pop();
        }
        parts
    }

    /// The code that ships, as one text with line ends, and test lines blanked.
    pub fn shipped(&self) -> String {
        let mut text = String::new();
        for (line, is_test) in self.code.iter().zip(&self.is_test) {
            if !is_test {
                text.push_str(line);
            }
            text.push('\n');
        }
        text
    }
}

/// Every Rust file under a folder, without those that are compiled for tests only.
pub fn all_of(folder: &str) -> Vec<Source> {
    let sources: Vec<Source> = files::under(folder)
        .iter()
        .filter(|path| files::has_extension(path, "rs"))
        .map(|path| Source::new(path, &files::read(path)))
        .collect();
    let test_files: Vec<String> = sources.iter().flat_map(test_modules).collect();
    let mut sources = sources;
    for source in &mut sources {
        if test_files.contains(&source.path) {
            source.is_test.fill(true);
        }
    }
    sources
}

/// The files of `#[cfg(test)] mod name;` lines.
fn test_modules(source: &Source) -> Vec<String> {
    let folder = match source.path.rsplit_once('/') {
        Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder.to_owned(),
        _ => source.path.trim_end_matches(".rs").to_owned(),
    };
    let lines = source.code.iter().zip(&source.is_test);
    lines
        .filter(|(_, is_test)| **is_test)
        .filter_map(|(line, _)| {
            let name = line.trim().strip_suffix(';')?;
            let name = name.rsplit_once("mod ")?.1;
            Some(format!("{folder}/{name}.rs"))
        })
        .collect()
}

/// Marks the item after each `#[cfg(test)]` and `#[cfg(all(test, …))]`: up to its closing brace, or its semicolon.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut marks = vec![false; code.len()];
    let mut line = 0;
    while line < code.len() {
        if !is_test_only(&code[line]) {
            line += 1;
            continue;
        }
        let end = end_of_item(code, line);
        marks[line..=end].fill(true);
        line = end + 1;
    }
    marks
}

fn is_test_only(line: &str) -> bool {
    line.contains("#[cfg(test)]") || line.contains("#[cfg(all(test,")
}

fn end_of_item(code: &[String], first: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, line) in code[first..].iter().enumerate() {
        for character in line.chars() {
            match character {
                '{' => depth += 1,
                '}' if depth <= 1 => return first + offset,
                '}' => depth -= 1,
                ';' if depth == 0 => return first + offset,
                _ => {}
            }
        }
    }
    code.len() - 1
}

/// Blanks comments and the content of string and character literals, keeping the lines.
pub fn blank(text: &str) -> String {
    let mut blanker = Blanker {
        rest: text,
        out: String::with_capacity(text.len()),
    };
    while blanker.step() {}
    blanker.out
}

struct Blanker<'a> {
    rest: &'a str,
    out: String,
}

impl Blanker<'_> {
    /// Handles what comes next; false at the end.
    fn step(&mut self) -> bool {
        if self.rest.is_empty() {
            return false;
        }
        if self.rest.starts_with("//") {
            let length = self.rest.find('\n').unwrap_or(self.rest.len());
            self.hide(length);
        } else if self.rest.starts_with("/*") {
            self.hide(block_comment(self.rest));
        } else if let Some(length) = raw_string(self.rest) {
            self.hide(length);
        } else if self.rest.starts_with('"') {
            self.hide(string(self.rest));
        } else if let Some(length) = character(self.rest) {
            self.hide(length);
        } else {
            self.keep_word();
        }
        true
    }

    /// Keeps an identifier as a whole, so that its last letter is not taken for a literal's prefix.
    fn keep_word(&mut self) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match self.rest.find(|c| !is_word(c)) {
            Some(0) => self.rest.chars().next().map_or(0, char::len_utf8),
            Some(length) => length,
            None => self.rest.len(),
        };
        let (word, rest) = self.rest.split_at(length);
        self.out.push_str(word);
        self.rest = rest;
    }

    fn hide(&mut self, length: usize) {
        let (hidden, rest) = self.rest.split_at(length);
        let blanks = hidden.chars().map(|c| if c == '\n' { c } else { ' ' });
        self.out.extend(blanks);
        self.rest = rest;
    }
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// The length of a raw string at the start of `text`: `r"…"`, `br#"…"#`.
fn raw_string(text: &str) -> Option<usize> {
    let after_prefix = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after_prefix.len() - after_prefix.trim_start_matches('#').len();
    let body = after_prefix[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end).map_or(body.len(), |at| at + end.len());
    Some(text.len() - body.len() + length)
}

fn string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal at the start of `text`; none for a lifetime.
fn character(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return body[2..].find('\'').map(|at| at + 4);
    }
    let first = body.chars().next()?;
    body[first.len_utf8()..]
        .starts_with('\'')
        .then_some(first.len_utf8() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked() {
        let cases = [
            ("a // crate::b", "a"),
            ("a/*x/*y*/z*/b", "a           b"),
            ("f(\"crate::b \\\" c\") d", "f(               ) d"),
            ("r#\"a \" b\"# c", "           c"),
            ("for x in y.iter::<'a>() {}", "for x in y.iter::<'a>() {}"),
            ("'\\'' + 'x' + '\"' + c", "     +     +     + c"),
            ("b\"x\" d", "b    d"),
        ];
        for (text, expected) in cases {
            assert_eq!(blank(text).trim_end(), expected, "{text}");
        }
        assert_eq!(blank("a /*\n*/ b\n").lines().count(), 2);
    }

    #[test]
    fn test_items_are_marked() {
        let source = Source::new(
            "src/a/b.rs",
            "use x;\n#[cfg(test)]\nuse y;\nfn f() {}\n#[cfg(all(test, unix))]\nmod tests {\n  fn g() {}\n}\nfn h() {}\n",
        );
        let expected = [false, true, true, false, true, true, true, true, false];
        assert_eq!(source.is_test, expected);
        assert_eq!(source.module(), ["a", "b"]);
        let declared = Source::new("src/a/mod.rs", "#[cfg(test)]\nmod story;\n");
        assert_eq!(test_modules(&declared), ["src/a/story.rs"]);
    }
}
