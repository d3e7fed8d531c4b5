//! Walks through the elements of a document, one level at a time, under limits.
//!
//! Knows no element by name.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::details::DetailsError;

/// Elements within each other.
const MAX_DEPTH: usize = 64;
/// Attributes that are looked at on one element.
const MAX_ATTRIBUTES: usize = 32;
/// Characters of one text that are kept; the rest is passed over.
const MAX_TEXT_CHARS: usize = 16 * 1024;
/// Bytes of the whole document.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The beginning of an element.
pub(super) struct Tag {
    /// Its name without a prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Something that matters in a document.
enum Token {
    Start(Tag),
    End,
    Text(String),
    EndOfDocument,
}

/// Walks through a document. Every started element must be ended by [`Walker::next_child`] (until it
/// returns `None`), [`Walker::text`], [`Walker::deep_text`] or [`Walker::skip`].
pub(super) struct Walker<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// Where the current token begins.
    position: u64,
}

impl<'a> Walker<'a> {
    /// Begins at the start of a document.
    pub(super) fn new(xml: &'a str) -> Result<Self, DetailsError> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        let walker = Self {
            reader,
            depth: 0,
            position: 0,
        };
        if xml.len() > MAX_BYTES {
            return Err(walker.error(format!("more than {MAX_BYTES} bytes")));
        }
        Ok(walker)
    }

    /// The root element.
    pub(super) fn root(&mut self) -> Result<Tag, DetailsError> {
        loop {
            match self.next()? {
                Token::Start(tag) => return Ok(tag),
                Token::Text(text) if text.trim().is_empty() => {}
                Token::Text(_) => {
                    return Err(self.error("text outside of the root element".to_owned()));
                }
                Token::End | Token::EndOfDocument => {
                    return Err(self.error("there is no element".to_owned()));
                }
            }
        }
    }

    /// The next element directly inside the current one; `None` at its end. Text is passed over.
    pub(super) fn next_child(&mut self) -> Result<Option<Tag>, DetailsError> {
        loop {
            match self.next()? {
                Token::Start(tag) => return Ok(Some(tag)),
                Token::End => return Ok(None),
                Token::Text(_) => {}
                Token::EndOfDocument => return Err(self.early_end()),
            }
        }
    }

    /// The text directly inside the current element, trimmed; goes to its end.
    pub(super) fn text(&mut self) -> Result<String, DetailsError> {
        self.collect(false)
    }

    /// All texts inside the current element at any depth, joined by blanks; goes to its end.
    pub(super) fn deep_text(&mut self) -> Result<String, DetailsError> {
        self.collect(true)
    }

    /// Goes to the end of the current element.
    pub(super) fn skip(&mut self) -> Result<(), DetailsError> {
        self.collect(false).map(drop)
    }

    /// Makes sure that nothing follows.
    pub(super) fn end_of_document(&mut self) -> Result<(), DetailsError> {
        loop {
            match self.next()? {
                Token::EndOfDocument => return Ok(()),
                Token::Text(text) if text.trim().is_empty() => {}
                Token::Text(_) | Token::Start(_) | Token::End => {
                    return Err(self.error("something after the end of the document".to_owned()));
                }
            }
        }
    }

    /// An error at the current place.
    pub(super) fn error(&self, problem: String) -> DetailsError {
        DetailsError::Malformed {
            position: self.position,
            problem,
        }
    }

    fn early_end(&self) -> DetailsError {
        self.error("the text ends inside of an element".to_owned())
    }

    fn collect(&mut self, is_deep: bool) -> Result<String, DetailsError> {
        let outer = self.depth;
        let mut collected = String::new();
        loop {
            match self.next()? {
                Token::Start(_) => {
                    if is_deep && !collected.ends_with(' ') {
                        collected.push(' ');
                    }
                }
                Token::End if self.depth < outer => return Ok(collected.trim().to_owned()),
                Token::End => {}
                Token::Text(text) => {
                    let is_ours = is_deep || self.depth == outer;
                    if is_ours && collected.len() + text.len() <= MAX_TEXT_CHARS {
                        collected.push_str(if is_deep {
                            text.trim_matches('\n')
                        } else {
                            &text
                        });
                    }
                }
                Token::EndOfDocument => return Err(self.early_end()),
            }
        }
    }

    fn next(&mut self) -> Result<Token, DetailsError> {
        loop {
            self.position = self.reader.buffer_position();
            let event = self
                .reader
                .read_event()
                .map_err(|error| DetailsError::Malformed {
                    position: self.reader.error_position(),
                    problem: error.to_string(),
                })?;
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        let problem = format!("more than {MAX_DEPTH} elements within each other");
                        return Err(self.error(problem));
                    }
                    let tag = tag(&start).map_err(|problem| self.error(problem))?;
                    return Ok(Token::Start(tag));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Token::End);
                }
                Event::Text(text) => return Ok(Token::Text(text.xml10_content().into_owned())),
                Event::CData(text) => return Ok(Token::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) => {
                    let c = resolve(&reference).map_err(|problem| self.error(problem))?;
                    return Ok(Token::Text(c.to_string()));
                }
                Event::DocType(_) => {
                    return Err(self.error("a document type is not accepted".to_owned()));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof if self.depth == 0 => return Ok(Token::EndOfDocument),
                Event::Eof => return Err(self.early_end()),
            }
        }
    }
}

fn tag(start: &BytesStart<'_>) -> Result<Tag, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes().take(MAX_ATTRIBUTES) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        let name = attribute.key.local_name().as_ref().to_owned();
        attributes.push((name, value.into_owned()));
    }
    Ok(Tag {
        name: start.local_name().as_ref().to_owned(),
        attributes,
    })
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, String> {
    if let Some(c) = reference
        .resolve_char_ref()
        .map_err(|error| error.to_string())?
    {
        return Ok(c);
    }
    match &*reference.xml10_content() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => Err(format!("unknown entity `{other}`")),
    }
}
