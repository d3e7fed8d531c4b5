//! Texts of the window: all of them are in `src/designer/words`, none where it is drawn.

use super::Offence;
use super::source::Source;

/// Finds literals with words for people in the drawing code. Pictures of the gallery are filled with
/// made-up names, icons and fonts name files and elements: these are exempt.
pub fn check_wording(source: &Source) -> Vec<Offence> {
    let is_drawing = source.path.starts_with("src/ui/") || source.path == "src/ui.rs";
    let is_exempt = ["gallery", "icons", "theme/fonts"]
        .iter()
        .any(|part| source.path.starts_with(&format!("src/ui/{part}/")));
    if !is_drawing || is_exempt {
        return Vec::new();
    }
    let mut offences = Vec::new();
    for (index, line) in source.lines.iter().enumerate() {
        let is_exempt = source.is_test[index]
            || line.trim_start().starts_with("//")
            || [
                "reason = ",
                "include_",
                "#[error(",
                "#[doc",
                "#[must_use",
                "strip_prefix(",
                "strftime(",
            ]
            .iter()
            .any(|mark| line.contains(mark));
        if is_exempt || !literals(line).iter().any(|literal| is_for_people(literal)) {
            continue;
        }
        offences.push(Offence {
            file: source.path.clone(),
            line: index + 1,
            rule: "a text for people belongs into src/designer/words".to_owned(),
            text: line.clone(),
        });
    }
    offences
}

/// The string literals of a line; one that goes on in the next line ends with this one.
fn literals(line: &str) -> Vec<&str> {
    let code = line.split(" // ").next().unwrap_or(line);
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find('"') {
        let inner = &rest[start + 1..];
        if rest[..start].ends_with('\'') && inner.starts_with('\'') {
            rest = inner;
            continue;
        }
        let end = end_of(inner);
        found.push(&inner[..end]);
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    found
}

fn end_of(inner: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in inner.char_indices() {
        match character {
            '"' if !is_escaped => return at,
            '\\' if !is_escaped => is_escaped = true,
            _ => is_escaped = false,
        }
    }
    inner.len()
}

/// Whether a literal has words: a capital letter, or letters on both sides of a blank. Identifiers of
/// the drawing code are lower-case with dashes.
fn is_for_people(literal: &str) -> bool {
    let letters: Vec<char> = literal.chars().collect();
    let has_words = letters
        .windows(3)
        .any(|three| three[1] == ' ' && three[0].is_alphabetic() && three[2].is_alphabetic());
    has_words || literal.chars().any(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offences(path: &str, text: &str) -> usize {
        check_wording(&Source::new(path, text)).len()
    }

    #[test]
    fn texts_for_people_are_found_where_they_are_drawn() {
        for text in [
            "ui.label(\"Connect\");",
            "ui.label(\"no agent yet\");",
            "format!(\"{} steps of {}\", 1, 2);",
            "a(\"x\", \"Save as\");",
        ] {
            assert_eq!(offences("src/ui/a.rs", text), 1, "{text}");
            assert_eq!(offences("src/designer/words/a.rs", text), 0, "{text}");
            assert_eq!(offences("src/ui/gallery/a.rs", text), 0, "{text}");
        }
    }

    #[test]
    fn identifiers_and_signs_are_not() {
        for text in [
            "Panel::left(\"server-bar\");",
            "format!(\"{a} · {b}\");",
            "// \"Connect\"",
            "a('\"', B, '\"');",
            "#[expect(x, reason = \"Because of that\")]",
        ] {
            assert_eq!(offences("src/ui/a.rs", text), 0, "{text}");
        }
    }
}
