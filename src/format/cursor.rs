//! A cursor over the tags of a file: the layer between the XML parser and the words of a sequence.
//!
//! Passes over comments, processing instructions and blanks; refuses what a sequence never holds.
//! Never calls itself, so that a file cannot choose the depth of the stack.

use quick_xml::Error as XmlError;
use quick_xml::NsReader;
use quick_xml::errors::IllFormedError;
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use crate::base::spelling;

use super::element::Attributes;
use super::encoding::Encoding;
use super::entity;
use super::error::Problem;
use super::prolog;
use super::words::{self, Grammar};

/// The most attributes that are looked at on one element: more than the format knows.
const MAX_ATTRIBUTES: usize = 64;

/// A problem and the byte of the text at which it became clear.
#[derive(Debug)]
pub(super) struct Fault {
    /// The byte, from 0.
    pub(super) offset: usize,
    /// What is wrong.
    pub(super) problem: Problem,
}

impl Fault {
    /// A problem at a byte.
    pub(super) const fn new(offset: usize, problem: Problem) -> Self {
        Self { offset, problem }
    }
}

/// The start of an element that its parent may hold.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    /// The element's name, one of the parent's children.
    pub(super) name: &'static str,
    /// Where its `<` is.
    pub(super) offset: usize,
    start: BytesStart<'a>,
}

/// Reads a text from its beginning to its end.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    encoding: Encoding,
    reader: NsReader<&'a [u8]>,
    /// Where the event that was read last begins.
    offset: usize,
}

/// What comes next, of the things that matter.
enum Item<'a> {
    Start(BytesStart<'a>, Space),
    End,
    Text(String),
    Verbatim(String),
    Reference(String),
    FileEnd,
}

/// The namespace of an element.
enum Space {
    Ours,
    Other(Option<String>),
}

impl<'a> Cursor<'a> {
    /// A cursor before the first tag.
    pub(super) fn new(text: &'a str, encoding: Encoding) -> Self {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Self {
            text,
            encoding,
            reader,
            offset: 0,
        }
    }

    /// Goes to the root element, which must be `<masequence>` in our namespace.
    pub(super) fn root(&mut self) -> Result<Tag<'a>, Fault> {
        loop {
            match self.next()? {
                Item::Start(start, space) => return self.checked_root(start, space),
                Item::Text(text) if is_blank(&text) => {}
                Item::Text(_) | Item::Verbatim(_) | Item::Reference(_) => {
                    return Err(self.syntax("text before the root element; remove it"));
                }
                Item::End | Item::FileEnd => {
                    return Err(self.syntax("the file ends before any element begins"));
                }
            }
        }
    }

    /// Makes sure that nothing comes behind the root element.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        loop {
            match self.next()? {
                Item::FileEnd => return Ok(()),
                Item::Text(text) if is_blank(&text) => {}
                Item::Start(..)
                | Item::End
                | Item::Text(_)
                | Item::Verbatim(_)
                | Item::Reference(_) => {
                    return Err(self.syntax("something follows the end of `</masequence>`"));
                }
            }
        }
    }

    /// The next element within `parent`; `None` when `parent` ends.
    pub(super) fn child(&mut self, parent: &'static Grammar) -> Result<Option<Tag<'a>>, Fault> {
        loop {
            match self.next()? {
                Item::Start(start, space) => return self.checked_child(parent, start, &space),
                Item::End => return Ok(None),
                Item::Text(text) if is_blank(&text) => {}
                Item::Text(text) | Item::Verbatim(text) => {
                    let blanks = text.len() - text.trim_start().len();
                    let problem = Problem::UnexpectedText {
                        element: parent.name,
                        text: text.trim().to_owned(),
                    };
                    return Err(Fault::new(self.offset + blanks, problem));
                }
                Item::Reference(name) => {
                    let problem = Problem::UnexpectedText {
                        element: parent.name,
                        text: format!("&{name};"),
                    };
                    return Err(Fault::new(self.offset, problem));
                }
                Item::FileEnd => return Err(self.unclosed(parent)),
            }
        }
    }

    /// Makes sure that an element holds nothing.
    pub(super) fn empty(&mut self, element: &'static Grammar) -> Result<(), Fault> {
        // The grammar of such an element has no children, so the cursor never returns one.
        self.child(element).map(drop)
    }

    /// The whole text of an element that holds nothing else, exact to the character.
    pub(super) fn text(&mut self, element: &'static Grammar) -> Result<String, Fault> {
        let mut content = String::new();
        loop {
            match self.next()? {
                Item::End => return Ok(content),
                Item::Text(text) => {
                    if let Some(at) = text.find("]]>") {
                        let problem = "`]]>` within text; write `]]&gt;`".to_owned();
                        return Err(Fault::new(self.offset + at, Problem::Syntax(problem)));
                    }
                    entity::push_text(&mut content, &text);
                }
                Item::Verbatim(text) => entity::push_text(&mut content, &text),
                Item::Reference(name) => content.push(
                    entity::resolve(&name).map_err(|problem| Fault::new(self.offset, problem))?,
                ),
                Item::Start(start, _) => {
                    let problem = Problem::ElementInText {
                        name: start.name().into_inner().to_owned(),
                        parent: element.name,
                    };
                    return Err(Fault::new(self.offset, problem));
                }
                Item::FileEnd => return Err(self.unclosed(element)),
            }
        }
    }

    /// The attributes of an element, each one that the grammar knows, none twice.
    pub(super) fn attributes(
        &self,
        tag: &Tag<'_>,
        grammar: &'static Grammar,
    ) -> Result<Attributes, Fault> {
        let mut found = Attributes::new(grammar.name, tag.offset);
        let mut seen: Vec<&str> = Vec::new();
        for attribute in tag.start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| attribute_fault(tag.offset, &error))?;
            let key = attribute.key.into_inner();
            let offset = self.offset_of(key).unwrap_or(tag.offset);
            let before = self.text.get(..offset).unwrap_or_default();
            if !before.ends_with([' ', '\t', '\n', '\r']) {
                let problem = "a blank is missing before the attribute";
                return Err(Fault::new(offset, Problem::Syntax(problem.to_owned())));
            }
            if seen.contains(&key) {
                let problem = Problem::DuplicateAttribute {
                    element: grammar.name.to_owned(),
                    attribute: key.to_owned(),
                };
                return Err(Fault::new(offset, problem));
            }
            if seen.len() == MAX_ATTRIBUTES {
                let problem = Problem::TooMany {
                    what: "attributes on one element",
                    max: MAX_ATTRIBUTES,
                };
                return Err(Fault::new(offset, problem));
            }
            seen.push(key);
            let value_offset = self.offset_of(&attribute.value).unwrap_or(offset);
            let value = entity::attribute_value(&attribute.value)
                .map_err(|(at, problem)| Fault::new(value_offset + at, problem))?;
            if let Some(prefix) = key.strip_prefix("xmlns:") {
                // The parser takes both, "Namespaces in XML 1.0" (sections 2.2 and 3) neither.
                if prefix.is_empty() || value.is_empty() {
                    let problem = "a namespace prefix without a name or a namespace; remove it";
                    return Err(Fault::new(offset, Problem::Syntax(problem.to_owned())));
                }
                continue;
            }
            if key == "xmlns" || self.is_schema_hint(key) {
                continue;
            }
            let name =
                known_attribute(key, grammar).map_err(|problem| Fault::new(offset, problem))?;
            found.push(name, value, offset);
        }
        Ok(found)
    }

    /// The next thing that matters, and where it begins.
    fn next(&mut self) -> Result<Item<'a>, Fault> {
        loop {
            self.offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            let (space, event) = match self.reader.read_resolved_event() {
                Ok((space, event)) => (is_ours(&space), event),
                Err(error) => return Err(self.xml_fault(&error)),
            };
            return Ok(match event {
                Event::Start(start) | Event::Empty(start) => Item::Start(start, space),
                Event::End(_) => Item::End,
                Event::Text(text) => Item::Text(text.into_inner().into_owned()),
                Event::CData(text) => Item::Verbatim(text.into_inner().into_owned()),
                Event::GeneralRef(name) => Item::Reference(name.into_inner().into_owned()),
                Event::Eof => Item::FileEnd,
                Event::DocType(_) => return Err(Fault::new(self.offset, Problem::DocumentType)),
                Event::Decl(declaration) => {
                    self.check_declaration(&declaration)?;
                    continue;
                }
                Event::PI(instruction) => {
                    prolog::check_instruction(&instruction)
                        .map_err(|problem| self.syntax(problem))?;
                    continue;
                }
                Event::Comment(_) => continue,
            });
        }
    }

    fn check_declaration(&self, content: &str) -> Result<(), Fault> {
        if self.offset != 0 {
            return Err(self.syntax("`<?xml …?>` may stand only at the very beginning"));
        }
        match prolog::declared_encoding(content) {
            Ok(Some(name)) if !self.encoding.is_called(name) => Err(Fault::new(
                self.offset,
                Problem::OtherEncoding(name.to_owned()),
            )),
            Ok(_) => Ok(()),
            Err(problem) => Err(self.syntax(problem)),
        }
    }

    fn checked_root(&self, start: BytesStart<'a>, space: Space) -> Result<Tag<'a>, Fault> {
        let found = start.local_name().into_inner().to_owned();
        let problem = match space {
            _ if found != words::MASEQUENCE => Problem::WrongRoot {
                hint: root_hint(&found),
                found,
            },
            Space::Other(found) => Problem::WrongNamespace { found },
            Space::Ours => {
                return Ok(Tag {
                    name: words::MASEQUENCE,
                    offset: self.offset,
                    start,
                });
            }
        };
        Err(Fault::new(self.offset, problem))
    }

    fn checked_child(
        &self,
        parent: &'static Grammar,
        start: BytesStart<'a>,
        space: &Space,
    ) -> Result<Option<Tag<'a>>, Fault> {
        let local = start.local_name().into_inner();
        if local.is_empty() {
            return Err(self.syntax("a `<` without a name; write `&lt;` for the sign itself"));
        }
        let known = parent.children.iter().find(|name| **name == local);
        if let (Some(name), Space::Ours) = (known, space) {
            return Ok(Some(Tag {
                name,
                offset: self.offset,
                start,
            }));
        }
        let nearest = match space {
            Space::Ours => spelling::nearest(local, parent.children.iter().copied()),
            Space::Other(_) => None,
        };
        let problem = Problem::UnknownElement {
            name: start.name().into_inner().to_owned(),
            parent: parent.name,
            expected: parent.children,
            nearest,
        };
        Err(Fault::new(self.offset, problem))
    }

    /// Whether an attribute only tells an editor where the schema is.
    fn is_schema_hint(&self, key: &str) -> bool {
        let (space, local) = self
            .reader
            .resolver()
            .resolve_attribute(quick_xml::name::QName(key));
        matches!(
            space,
            ResolveResult::Bound(Namespace(words::SCHEMA_INSTANCE))
        ) && matches!(
            local.into_inner(),
            "schemaLocation" | "noNamespaceSchemaLocation"
        )
    }

    /// Where a part of the text begins; the parser hands out slices of the text itself.
    fn offset_of(&self, part: &str) -> Option<usize> {
        let offset = part
            .as_ptr()
            .addr()
            .checked_sub(self.text.as_ptr().addr())?;
        (offset <= self.text.len()).then_some(offset)
    }

    fn unclosed(&self, element: &Grammar) -> Fault {
        self.syntax(&format!(
            "the file ends within `<{0}>`; its end tag `</{0}>` is missing",
            element.name
        ))
    }

    fn syntax(&self, problem: &str) -> Fault {
        Fault::new(self.offset, Problem::Syntax(problem.to_owned()))
    }

    fn xml_fault(&self, error: &XmlError) -> Fault {
        let offset = usize::try_from(self.reader.error_position()).unwrap_or(self.offset);
        let problem = match error {
            XmlError::IllFormed(IllFormedError::UnclosedReference) => {
                "a lone `&`; write `&amp;`".to_owned()
            }
            XmlError::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                "two hyphens within a comment; write one".to_owned()
            }
            XmlError::Syntax(error) => error.to_string(),
            XmlError::IllFormed(error) => error.to_string(),
            other => other.to_string(),
        };
        Fault::new(offset, Problem::Syntax(problem))
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn is_ours(space: &ResolveResult<'_>) -> Space {
    match *space {
        ResolveResult::Bound(Namespace(words::NAMESPACE)) => Space::Ours,
        ResolveResult::Bound(Namespace(other)) => Space::Other(Some(other.to_owned())),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => Space::Other(None),
    }
}

fn known_attribute(key: &str, grammar: &'static Grammar) -> Result<&'static str, Problem> {
    if let Some(name) = grammar.attributes.iter().find(|name| **name == key) {
        return Ok(name);
    }
    if key.eq_ignore_ascii_case(words::PASSWORD) {
        return Err(Problem::Password);
    }
    Err(Problem::UnknownAttribute {
        name: key.to_owned(),
        element: grammar.name,
        expected: grammar.attributes,
        nearest: spelling::nearest(key, grammar.attributes.iter().copied()),
    })
}

fn attribute_fault(tag_offset: usize, error: &AttrError) -> Fault {
    let (position, problem) = match *error {
        AttrError::ExpectedEq(position) => (position, "an attribute without `=` and a value"),
        AttrError::ExpectedValue(position) => (position, "an attribute without a value"),
        AttrError::UnquotedValue(position) => (position, "an attribute's value without quotes"),
        AttrError::ExpectedQuote(position, _) => (
            position,
            "an attribute's value whose closing quote is missing",
        ),
        AttrError::Duplicated(position, _) => (position, "an attribute twice"),
    };
    // Positions count from behind the `<`.
    let offset = tag_offset.saturating_add(1).saturating_add(position);
    Fault::new(offset, Problem::Syntax(problem.to_owned()))
}

/// What a file with another root element probably is.
fn root_hint(found: &str) -> &'static str {
    let folded = found.to_ascii_lowercase();
    if folded == "marunscheduler" {
        "this looks like a configuration of MARunScheduler, which masequencer cannot read; draw the \
         sequence anew, thread by thread"
    } else if folded.contains("sequenc") || folded.starts_with("ma") || folded.starts_with("miis") {
        "this looks like a file of the original MASequenceConfiguration, whose format was never \
         published and which masequencer cannot read; draw the sequence anew"
    } else {
        "choose a file that masequencer or masequenceconfiguration has saved"
    }
}
