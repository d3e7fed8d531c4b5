//! Why a file is not a sequence: where, what is wrong, what to do.

use std::fmt;

use crate::base::text;

/// How much of a wrong value is repeated in a message.
const SHOWN_CHARS: usize = 60;
/// How much of a sentence is shown that may quote the file.
const SENTENCE_CHARS: usize = 200;

/// A file that could not be read, with the place at which that became clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// More bytes than any sequence needs.
    #[error("the file is larger than {} MiB; a sequence never is, so this is another file", .max_bytes / (1 << 20))]
    TooLarge {
        /// The limit in bytes.
        max_bytes: usize,
    },
    /// No bytes, or nothing but blanks.
    #[error("the file is empty; a sequence begins with `<masequence …>`")]
    Empty,
    /// The first character is none that XML begins with.
    #[error("this is not an XML file; a sequence begins with `<masequence …>`")]
    NotXml,
    /// Bytes that are no text in the encoding of the file.
    #[error("the text is not valid {0}; save the file as UTF-8")]
    BadEncoding(&'static str),
    /// An encoding that we do not read.
    #[error("the encoding `{}` is not supported; save the file as UTF-8", short(.0))]
    OtherEncoding(String),
    /// The file breaks a rule of XML.
    #[error("this is not well-formed XML: {}", sentence(.0))]
    Syntax(String),
    /// A character that XML 1.0 does not allow.
    #[error("the character U+{:04X} is not allowed in XML; remove it", u32::from(*.0))]
    IllegalCharacter(char),
    /// A `<!DOCTYPE`.
    #[error("a document type declaration (`<!DOCTYPE`) is not allowed; remove it")]
    DocumentType,
    /// An entity beyond the five of XML.
    #[error("unknown entity `&{};`; only &lt; &gt; &amp; &quot; &apos; and numbers such as &#10; are allowed", short(.0))]
    UnknownEntity(String),
    /// The root element is not ours.
    #[error("the root element is `<{}>`, not `<masequence>`; {hint}", short(.found))]
    WrongRoot {
        /// The name that was found.
        found: String,
        /// What the file may be, and what to do.
        hint: &'static str,
    },
    /// The root element has the right name in the wrong namespace.
    #[error("`<masequence>` is {}; write `<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\">`", namespace(.found.as_deref()))]
    WrongNamespace {
        /// The namespace that was found, if any.
        found: Option<String>,
    },
    /// A version that this program does not know.
    #[error("the file has version `{}`; this masequencer reads version 1, so use a newer one", short(.0))]
    NewerVersion(String),
    /// An element that nobody knows, or knows only elsewhere.
    #[error("unknown element `<{}>` in `<{parent}>`{}; {}", short(.name), meant(*.nearest, "<", ">"), allowed("element", "<", ">", .expected))]
    UnknownElement {
        /// Its name.
        name: String,
        /// The element in which it stands.
        parent: &'static str,
        /// The elements that may stand there.
        expected: &'static [&'static str],
        /// Which one of them was probably meant.
        nearest: Option<&'static str>,
    },
    /// A second element where one is allowed.
    #[error("a second `<{0}>`; there may be only one")]
    SecondElement(&'static str),
    /// An attribute that nobody knows, or knows only elsewhere.
    #[error("unknown attribute `{}` of `<{element}>`{}; {}", short(.name), meant(*.nearest, "", ""), allowed("attribute", "", "", .expected))]
    UnknownAttribute {
        /// Its name.
        name: String,
        /// The element that has it.
        element: &'static str,
        /// The attributes that it may have.
        expected: &'static [&'static str],
        /// Which one of them was probably meant.
        nearest: Option<&'static str>,
    },
    /// A password in the file. Its text is not repeated.
    #[error(
        "a password is never stored in a sequence file; remove it and set the environment variable MASEQUENCER_PASSWORD when you run the sequence"
    )]
    Password,
    /// An attribute that must be there is not.
    #[error("`<{element}>` has no attribute `{attribute}`; write for instance {example}")]
    MissingAttribute {
        /// The element.
        element: &'static str,
        /// The attribute.
        attribute: &'static str,
        /// How it looks.
        example: &'static str,
    },
    /// The same attribute twice.
    #[error("`<{element}>` has the attribute `{attribute}` twice; remove one")]
    DuplicateAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: String,
    },
    /// A value that the attribute cannot have.
    #[error("`{}` is not a value for the attribute `{attribute}` of `<{element}>`; {expected}", short(.value))]
    WrongValue {
        /// The element.
        element: &'static str,
        /// The attribute.
        attribute: &'static str,
        /// The value that was found.
        value: String,
        /// What may stand there.
        expected: String,
    },
    /// Text between elements.
    #[error("text `{}` within `<{element}>`, which holds only elements; remove it", short(.text))]
    UnexpectedText {
        /// The element.
        element: &'static str,
        /// Its beginning.
        text: String,
    },
    /// An element within an element that holds only text.
    #[error("element `<{}>` within `<{parent}>`, which holds only text", short(.name))]
    ElementInText {
        /// Its name.
        name: String,
        /// The element in which it stands.
        parent: &'static str,
    },
    /// More of something than any sequence needs.
    #[error("more than {max} {what}; split the sequence")]
    TooMany {
        /// What there is too much of, in the plural.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
}

impl Problem {
    /// Whether the problem is the file as a whole, so that a line would only mislead.
    const fn is_whole_file(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::Empty | Self::NotXml)
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.problem.is_whole_file() {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        self.problem.fmt(f)
    }
}

// The problem is part of the sentence, not a cause behind it.
impl std::error::Error for FormatError {}

fn short(value: &str) -> String {
    text::elide_middle(&text::printable(value), SHOWN_CHARS)
}

fn sentence(value: &str) -> String {
    text::elide_middle(&text::printable(value), SENTENCE_CHARS)
}

fn meant(nearest: Option<&str>, before: &str, after: &str) -> String {
    nearest
        .map(|word| format!(" (did you mean `{before}{word}{after}`?)"))
        .unwrap_or_default()
}

fn allowed(noun: &str, before: &str, after: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return format!("no {noun} is allowed there");
    }
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("{before}{name}{after}"))
        .collect();
    format!("expected {}", text::list(&names).replace(" and ", " or "))
}

fn namespace(found: Option<&str>) -> String {
    match found {
        Some(found) => format!("in the namespace `{}`", short(found)),
        None => "in no namespace".to_owned(),
    }
}
