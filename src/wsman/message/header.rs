//! The header of a request, and what headers have in common.

use std::time::Duration;

use super::reference::read_selectors;
use super::xml::Element;
use super::{duration, names};

/// What stands in the header of every request but Identify.
///
/// Everything may be missing in what another client sends, so a server decides what it insists on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestHeader {
    /// Where the request goes to.
    pub to: String,
    /// The identifier to which the answer must relate; empty when there is none.
    pub message_id: String,
    /// The class, as its URI.
    pub resource_uri: String,
    /// Names and values that pick an instance.
    pub selectors: Vec<(String, String)>,
    /// How long the server may take.
    pub operation_timeout: Option<Duration>,
    /// How large the answer may be, in bytes.
    pub max_envelope_size: Option<u32>,
    /// Where the answer goes to; [`names::ANONYMOUS`] is whoever asked.
    pub reply_to: Option<String>,
}

impl RequestHeader {
    /// The value of a selector; case does not count in its name (MS-WSMV 3.1.4.1.1).
    pub fn selector(&self, name: &str) -> Option<&str> {
        self.selectors
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The header as an element; `action` says what is asked for.
    pub(super) fn to_element(&self, action: &str) -> Element {
        let mut header = Element::new(names::SOAP, "Header")
            .with_child(Element::of_text(names::ADDRESSING, "To", &self.to))
            .with_child(mandatory(names::WSMAN, "ResourceURI", &self.resource_uri));
        if let Some(reply_to) = &self.reply_to {
            header.children.push(
                Element::new(names::ADDRESSING, "ReplyTo").with_child(mandatory(
                    names::ADDRESSING,
                    "Address",
                    reply_to,
                )),
            );
        }
        header
            .children
            .push(mandatory(names::ADDRESSING, "Action", action));
        if let Some(size) = self.max_envelope_size {
            let size = size.to_string();
            header
                .children
                .push(mandatory(names::WSMAN, "MaxEnvelopeSize", &size));
        }
        header.children.push(Element::of_text(
            names::ADDRESSING,
            "MessageID",
            &self.message_id,
        ));
        header.children.push(
            Element::new(names::WSMAN, "Locale")
                .with_attribute(names::XML, "lang", "en-US")
                .with_attribute(names::SOAP, "mustUnderstand", "false"),
        );
        if let Some(timeout) = self.operation_timeout {
            header.children.push(Element::of_text(
                names::WSMAN,
                "OperationTimeout",
                &duration::write(timeout),
            ));
        }
        if !self.selectors.is_empty() {
            header.children.push(self.selector_set());
        }
        header
    }

    fn selector_set(&self) -> Element {
        let mut set = Element::new(names::WSMAN, "SelectorSet");
        for (name, value) in &self.selectors {
            set.children.push(
                Element::of_text(names::WSMAN, "Selector", value).with_attribute("", "Name", name),
            );
        }
        set
    }

    /// Reads a header; unknown entries are passed over.
    ///
    /// # Errors
    /// The name of a header whose value cannot be understood.
    pub(super) fn parse(header: &Element) -> Result<Self, &'static str> {
        let text = |namespace: &str, name: &str| {
            header
                .child(namespace, name)
                .map(|element| element.text.trim().to_owned())
        };
        let operation_timeout = match text(names::WSMAN, "OperationTimeout") {
            Some(value) => Some(duration::parse(&value).ok_or("OperationTimeout")?),
            None => None,
        };
        let max_envelope_size = match text(names::WSMAN, "MaxEnvelopeSize") {
            Some(value) => Some(value.parse().ok().ok_or("MaxEnvelopeSize")?),
            None => None,
        };
        Ok(Self {
            to: text(names::ADDRESSING, "To").unwrap_or_default(),
            message_id: text(names::ADDRESSING, "MessageID").unwrap_or_default(),
            resource_uri: text(names::WSMAN, "ResourceURI").unwrap_or_default(),
            selectors: read_selectors(header),
            operation_timeout,
            max_envelope_size,
            reply_to: header
                .child(names::ADDRESSING, "ReplyTo")
                .and_then(|reply_to| reply_to.child(names::ADDRESSING, "Address"))
                .map(|address| address.text.trim().to_owned()),
        })
    }
}

fn mandatory(namespace: &str, name: &str, text: &str) -> Element {
    Element::of_text(namespace, name, text).with_attribute(names::SOAP, "mustUnderstand", "true")
}
