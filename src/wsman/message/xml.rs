//! A small XML tree with resolved namespaces, read under hard limits.
//!
//! Refuses document types and every entity but the five of XML itself. Must not know what a message
//! is. Mixed content is not kept in order: the texts of an element are joined, which is all that
//! WS-Management needs.

use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::{names, xml_write};

/// How large a document may be before it is refused: the most that is taken of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole document.
    pub bytes: usize,
    /// Elements within each other.
    pub depth: usize,
    /// Elements of the whole document.
    pub elements: usize,
    /// Attributes of one element, declarations of namespaces among them.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 * 1024 * 1024,
            depth: 64,
            elements: 500_000,
            attributes: 64,
        }
    }
}

/// Why a text is not taken as XML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (at byte {position})")]
pub struct XmlError {
    /// Where, in bytes from the beginning.
    pub position: u64,
    /// What is wrong.
    pub problem: String,
}

/// An element with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its namespace, empty for none.
    pub namespace: Arc<str>,
    /// Its name without a prefix.
    pub name: String,
    /// Its attributes in order, without declarations of namespaces.
    pub attributes: Vec<Attribute>,
    /// The elements directly inside, in order.
    pub children: Vec<Self>,
    /// All text directly inside, joined; blank text beside elements is dropped.
    pub text: String,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its namespace, empty for none.
    pub namespace: Arc<str>,
    /// Its name without a prefix.
    pub name: String,
    /// Its value, unescaped.
    pub value: String,
}

impl Element {
    /// An empty element.
    pub fn new(namespace: &str, name: &str) -> Self {
        Self {
            namespace: Arc::from(namespace),
            name: name.to_owned(),
            attributes: Vec::new(),
            children: Vec::new(),
            text: String::new(),
        }
    }

    /// An element that holds a text.
    pub fn of_text(namespace: &str, name: &str, text: &str) -> Self {
        let mut element = Self::new(namespace, name);
        text.clone_into(&mut element.text);
        element
    }

    /// The same with an `xsi:type`; the writer puts the prefix of `namespace` before `name`.
    #[must_use]
    pub fn with_type(self, namespace: &str, name: &str) -> Self {
        self.with_attribute(names::XSI, "type", &format!("{{{namespace}}}{name}"))
    }

    /// The same with one more attribute; `namespace` is empty for none.
    #[must_use]
    pub fn with_attribute(mut self, namespace: &str, name: &str, value: &str) -> Self {
        self.attributes.push(Attribute {
            namespace: Arc::from(namespace),
            name: name.to_owned(),
            value: value.to_owned(),
        });
        self
    }

    /// The same with one more element inside.
    #[must_use]
    pub fn with_child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// The first element inside with this name in this namespace.
    pub fn child(&self, namespace: &str, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.is(namespace, name))
    }

    /// The first element inside with this name in any namespace.
    pub fn child_named(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The value of an attribute with this name in any namespace.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|a| a.name == name)
            .map(|a| a.value.as_str())
    }

    /// Whether it has this name in this namespace.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && *self.namespace == *namespace
    }

    /// Whether `xsi:nil` says that it has no value.
    pub fn is_nil(&self) -> bool {
        self.attributes
            .iter()
            .any(|a| a.name == "nil" && matches!(a.value.trim(), "true" | "TRUE" | "1"))
    }

    /// Its text and the texts of all elements inside, joined.
    pub fn deep_text(&self) -> String {
        let mut text = self.text.clone();
        for child in &self.children {
            text.push_str(&child.deep_text());
        }
        text
    }

    /// The first element with this name in any namespace, this one or at any depth inside.
    pub fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// Writes it as a document without a declaration, all namespaces declared on the root; those of
    /// `declared` even when no name uses them, since values may.
    pub fn to_xml(&self, declared: &[&str]) -> String {
        xml_write::write(self, declared)
    }
}

/// Reads a document of UTF-8, with or without a byte order mark.
///
/// # Errors
/// [`XmlError`] when it is not well-formed, has a document type or an unknown entity, or exceeds a
/// limit.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Element, XmlError> {
    if bytes.len() > limits.bytes {
        let problem = format!("the document has more than {} bytes", limits.bytes);
        return Err(error_at(limits.bytes, problem));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| error_at(error.valid_up_to(), format!("not UTF-8: {error}")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = NsReader::from_str(text);
    let mut builder = TreeBuilder::new(*limits);
    loop {
        let position = reader.buffer_position();
        let event = reader.read_event().map_err(|error| XmlError {
            position: reader.error_position(),
            problem: error.to_string(),
        })?;
        let is_done = builder
            .take(&reader, event)
            .map_err(|problem| XmlError { position, problem })?;
        if is_done {
            return builder
                .root
                .ok_or_else(|| error_at(bytes.len(), "there is no element".to_owned()));
        }
    }
}

fn error_at(position: usize, problem: String) -> XmlError {
    XmlError {
        position: u64::try_from(position).unwrap_or(u64::MAX),
        problem,
    }
}

/// Collects events into a tree.
struct TreeBuilder {
    limits: Limits,
    open: Vec<Element>,
    root: Option<Element>,
    element_count: usize,
    last_namespace: Arc<str>,
}

impl TreeBuilder {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            open: Vec::new(),
            root: None,
            element_count: 0,
            last_namespace: Arc::from(""),
        }
    }

    /// Takes one event; whether it was the end of the document.
    fn take(&mut self, reader: &NsReader<&[u8]>, event: Event<'_>) -> Result<bool, String> {
        match event {
            Event::Start(start) => {
                let element = self.element(reader, &start)?;
                self.open.push(element);
            }
            Event::Empty(start) => {
                let element = self.element(reader, &start)?;
                self.close(element);
            }
            Event::End(_) => {
                if let Some(element) = self.open.pop() {
                    self.close(element);
                }
            }
            Event::Text(text) => self.text(&text.xml10_content())?,
            Event::CData(text) => self.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let c = resolve(&reference)?;
                self.text(c.encode_utf8(&mut [0; 4]))?;
            }
            Event::DocType(_) => return Err("a document type is not accepted".to_owned()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => {
                return match self.open.last() {
                    Some(open) => Err(format!("the document ends inside of `{}`", open.name)),
                    None => Ok(true),
                };
            }
        }
        Ok(false)
    }

    fn element(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
    ) -> Result<Element, String> {
        self.element_count += 1;
        if self.element_count > self.limits.elements {
            return Err(format!("more than {} elements", self.limits.elements));
        }
        if self.open.len() >= self.limits.depth {
            return Err(format!(
                "more than {} elements within each other",
                self.limits.depth
            ));
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err("a second root element".to_owned());
        }
        let (resolved, local) = reader.resolver().resolve_element(start.name());
        Ok(Element {
            namespace: self.namespace(resolved)?,
            name: local.as_ref().to_owned(),
            attributes: self.attributes(reader, start)?,
            children: Vec::new(),
            text: String::new(),
        })
    }

    fn attributes(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
    ) -> Result<Vec<Attribute>, String> {
        let mut attributes = Vec::new();
        for (index, attribute) in start.attributes().enumerate() {
            if index >= self.limits.attributes {
                return Err(format!(
                    "more than {} attributes on one element",
                    self.limits.attributes
                ));
            }
            let attribute = attribute.map_err(|error| error.to_string())?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (resolved, local) = reader.resolver().resolve_attribute(attribute.key);
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            attributes.push(Attribute {
                namespace: self.namespace(resolved)?,
                name: local.as_ref().to_owned(),
                value: value.into_owned(),
            });
        }
        Ok(attributes)
    }

    fn namespace(&mut self, resolved: ResolveResult<'_>) -> Result<Arc<str>, String> {
        match resolved {
            ResolveResult::Unbound => Ok(Arc::from("")),
            ResolveResult::Bound(namespace) => {
                let name: &str = namespace.as_ref();
                // Neighbours mostly share their namespace; one cached name saves most allocations.
                if *self.last_namespace != *name {
                    self.last_namespace = Arc::from(name);
                }
                Ok(Arc::clone(&self.last_namespace))
            }
            ResolveResult::Unknown(prefix) => Err(format!("unknown prefix `{prefix}`")),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err("text outside of the root element".to_owned()),
        }
        Ok(())
    }

    fn close(&mut self, mut element: Element) {
        if !element.children.is_empty() && element.text.trim().is_empty() {
            element.text.clear();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Element, XmlError> {
        parse(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn namespaces_entities_and_cdata_are_resolved() {
        let root = read(concat!(
            "\u{feff}<?xml version=\"1.0\"?><!-- c --><a xmlns=\"u:1\" xmlns:p=\"u:2\">\n",
            "<p:b p:x=\"1 &lt; 2\" y='z'>a &amp; b<![CDATA[ <c> ]]>&#228;</p:b></a>"
        ))
        .unwrap();
        assert!(root.is("u:1", "a"));
        assert_eq!(root.text, "");
        let b = root.child("u:2", "b").unwrap();
        assert_eq!(b.text, "a & b <c> ä");
        assert_eq!(b.attribute("x"), Some("1 < 2"));
        assert_eq!(&*b.attributes[0].namespace, "u:2");
        assert_eq!(&*b.attributes[1].namespace, "");
    }

    #[test]
    fn bad_documents_are_refused_with_their_place() {
        for (text, problem) in [
            ("", "there is no element"),
            ("garbage", "text outside"),
            ("<a>", "ends inside of `a`"),
            ("<a></b>", "expected"),
            ("<a/><b/>", "second root"),
            ("<a/>x", "text outside"),
            ("<!DOCTYPE a><a/>", "document type"),
            ("<a>&who;</a>", "unknown entity `who`"),
            ("<a b=\"&who;\"/>", "who"),
            ("<p:a/>", "unknown prefix `p`"),
            ("<a b='1' b='2'/>", "duplicate"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.problem.contains(problem), "{text}: {error}");
        }
        assert!(parse(b"<a>\xff</a>", &Limits::default()).is_err());
        assert_eq!(read("<a><b/>&x;</a>").unwrap_err().position, 7);
    }

    #[test]
    fn limits_hold() {
        let limits = Limits {
            bytes: 200,
            depth: 3,
            elements: 5,
            attributes: 2,
        };
        let ok = |text: &str| parse(text.as_bytes(), &limits).is_ok();
        assert!(ok("<a><b><c/></b></a>"));
        assert!(!ok("<a><b><c><d/></c></b></a>"));
        assert!(ok("<a><b/><b/><b/><b/></a>"));
        assert!(!ok("<a><b/><b/><b/><b/><b/></a>"));
        assert!(ok("<a b='' c=''/>"));
        assert!(!ok("<a b='' c='' d=''/>"));
        assert!(!ok(&format!("<a>{}</a>", "x".repeat(200))));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let tree = Element::new("u:1", "root")
            .with_attribute("", "plain", "a\"<\n\t&")
            .with_attribute(super::super::names::XML, "lang", "de")
            .with_child(Element::of_text("u:2", "x", " a <b> & \r\n ]]> "))
            .with_child(Element::new("", "bare"));
        let text = tree.to_xml(&[]);
        assert_eq!(read(&text).unwrap(), tree, "{text}");
    }

    #[test]
    fn nil_is_seen() {
        let root = read(
            "<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><b xsi:nil='true'/><c/></a>",
        )
        .unwrap();
        assert!(root.children[0].is_nil());
        assert!(!root.children[1].is_nil());
    }
}
