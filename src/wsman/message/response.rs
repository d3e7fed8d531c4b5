//! Answers: what a server sends back, a fault among them.

use super::request::body_of;
use super::xml::{Element, Limits, XmlError, parse};
use super::{Fault, Reference, names};

/// An answer with its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The identifier of this message; empty for Identify.
    pub message_id: String,
    /// The identifier of the request; `None` for Identify and for a request that had none.
    pub relates_to: Option<String>,
    /// What the server says.
    pub answer: Answer,
}

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Who it is.
    Identify {
        /// Who made it.
        vendor: String,
        /// Which version it claims.
        version: String,
    },
    /// An enumeration is open; with an optimized one, the first items.
    Enumerate(Batch),
    /// The next items.
    Pull(Batch),
    /// The enumeration is given up.
    Released,
    /// The instance that was asked for.
    Instance(Instance),
    /// What a method returned.
    Invoked(Outputs),
    /// The request failed.
    Fault(Fault),
}

/// Some items of an enumeration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The context for the next Pull. May be there even at the end (OMI), and is then to be ignored.
    pub context: Option<String>,
    /// The items; none where only references were asked for.
    pub items: Vec<Instance>,
    /// Where references were asked for: one for each item, in the same order.
    pub references: Vec<Reference>,
    /// Whether nothing follows.
    pub is_last: bool,
}

/// An instance of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The URI of its class, as the namespace of its elements.
    pub class_uri: String,
    /// Its class; `XmlFragment` where a server answers a query for single properties so.
    pub class: String,
    /// Its properties in order; `None` is null, an array is a name that repeats.
    pub properties: Vec<(String, Option<String>)>,
}

/// What a method returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The URI of its class.
    pub resource_uri: String,
    /// The method.
    pub method: String,
    /// Its outputs, `ReturnValue` among them; `None` is null.
    pub values: Vec<(String, Option<String>)>,
}

/// Why a text is not an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// It is not XML.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// It is XML, but not an answer of the protocol.
    #[error("{0}")]
    Unexpected(String),
}

impl Instance {
    /// The value of a property, the first of an array; case does not count. `None` when the
    /// property is missing or null.
    pub fn value(&self, name: &str) -> Option<&str> {
        first_value(&self.properties, name)
    }
}

impl Outputs {
    /// The value of an output; case does not count. `None` when it is missing or null.
    pub fn value(&self, name: &str) -> Option<&str> {
        first_value(&self.values, name)
    }

    /// What the method returned; `None` when it is missing or null.
    pub fn return_value(&self) -> Option<&str> {
        self.value("ReturnValue")
    }
}

fn first_value<'a>(values: &'a [(String, Option<String>)], name: &str) -> Option<&'a str> {
    values
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .and_then(|(_, value)| value.as_deref())
}

impl Response {
    /// The answer as a document, in the shape of Windows.
    pub fn to_xml(&self) -> String {
        let mut body = Element::new(names::SOAP, "Body");
        body.children.extend(self.payload());
        // Values of a fault name these namespaces, so they are declared in any case.
        let declared: &[&str] = match self.answer {
            Answer::Fault(_) => &[names::ADDRESSING, names::WSMAN, names::ENUMERATION],
            _ => &[],
        };
        Element::new(names::SOAP, "Envelope")
            .with_child(self.header())
            .with_child(body)
            .to_xml(declared)
    }

    fn header(&self) -> Element {
        let mut header = Element::new(names::SOAP, "Header");
        if matches!(self.answer, Answer::Identify { .. }) {
            return header;
        }
        let mut add = |name: &str, text: &str| {
            header
                .children
                .push(Element::of_text(names::ADDRESSING, name, text));
        };
        add("Action", &self.action());
        add("MessageID", &self.message_id);
        add("To", names::ANONYMOUS);
        if let Some(relates_to) = &self.relates_to {
            add("RelatesTo", relates_to);
        }
        header
    }

    fn action(&self) -> String {
        match &self.answer {
            Answer::Identify { .. } => String::new(),
            Answer::Enumerate(_) => format!("{}Response", names::ACTION_ENUMERATE),
            Answer::Pull(_) => format!("{}Response", names::ACTION_PULL),
            Answer::Released => format!("{}Response", names::ACTION_RELEASE),
            Answer::Instance(_) => format!("{}Response", names::ACTION_GET),
            Answer::Invoked(outputs) => {
                format!("{}/{}Response", outputs.resource_uri, outputs.method)
            }
            Answer::Fault(_) => names::ACTION_FAULT.to_owned(),
        }
    }

    fn payload(&self) -> Option<Element> {
        Some(match &self.answer {
            Answer::Released => return None,
            Answer::Identify { vendor, version } => {
                let identity = |name, text| Element::of_text(names::IDENTITY, name, text);
                Element::new(names::IDENTITY, "IdentifyResponse")
                    .with_child(identity("ProtocolVersion", names::WSMAN))
                    .with_child(identity("ProductVendor", vendor))
                    .with_child(identity("ProductVersion", version))
            }
            Answer::Enumerate(batch) => enumerate_response(batch),
            Answer::Pull(batch) => pull_response(batch),
            Answer::Instance(instance) => instance.to_element(),
            Answer::Invoked(outputs) => values_element(
                &outputs.resource_uri,
                &format!("{}_OUTPUT", outputs.method),
                &outputs.values,
            ),
            Answer::Fault(fault) => fault.to_element(),
        })
    }

    /// Reads an answer, as a client does. Tolerates what Windows, OMI and openwsman really send.
    ///
    /// # Errors
    /// [`MessageError`] when it is not XML or not an answer of the protocol.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, MessageError> {
        let unexpected = |problem: &str| MessageError::Unexpected(problem.to_owned());
        let envelope = parse(bytes, limits)?;
        let body = body_of(&envelope).map_err(unexpected)?;
        let header = envelope.child(names::SOAP, "Header");
        let text = |name: &str| {
            header
                .and_then(|header| header.child(names::ADDRESSING, name))
                .map(|element| element.text.trim().to_owned())
        };
        let action = text("Action").unwrap_or_default();
        let answer = match body.children.first() {
            Some(payload) => read_payload(&action, payload)?,
            None if action.ends_with("/ReleaseResponse") => Answer::Released,
            None => return Err(unexpected("the body of the answer is empty")),
        };
        Ok(Self {
            message_id: text("MessageID").unwrap_or_default(),
            relates_to: text("RelatesTo"),
            answer,
        })
    }
}

impl Instance {
    fn to_element(&self) -> Element {
        let mut element = values_element(&self.class_uri, &self.class, &self.properties);
        if self.class == "XmlFragment" {
            // The wrapper is WS-Management's, the properties are the class's (DSP0226 section 7.7).
            element.namespace = names::WSMAN.into();
            return element;
        }
        element.with_type(&self.class_uri, &format!("{}_Type", self.class))
    }

    fn parse(element: &Element) -> Self {
        Self {
            class_uri: element.namespace.to_string(),
            class: element.name.clone(),
            properties: read_values(element),
        }
    }
}

fn values_element(uri: &str, name: &str, values: &[(String, Option<String>)]) -> Element {
    let mut element = Element::new(uri, name);
    for (name, value) in values {
        element.children.push(match value {
            Some(value) => Element::of_text(uri, name, value),
            None => Element::new(uri, name).with_attribute(names::XSI, "nil", "true"),
        });
    }
    element
}

fn read_values(element: &Element) -> Vec<(String, Option<String>)> {
    element
        .children
        .iter()
        .map(|child| {
            let value = (!child.is_nil()).then(|| child.deep_text());
            (child.name.clone(), value)
        })
        .collect()
}

fn enumerate_response(batch: &Batch) -> Element {
    let context = batch.context.as_deref().unwrap_or_default();
    let mut response = Element::new(names::ENUMERATION, "EnumerateResponse").with_child(
        Element::of_text(names::ENUMERATION, "EnumerationContext", context),
    );
    if !batch.items.is_empty() || !batch.references.is_empty() || batch.is_last {
        response.children.push(items(names::WSMAN, batch));
    }
    if batch.is_last {
        response
            .children
            .push(Element::new(names::WSMAN, "EndOfSequence"));
    }
    response
}

fn pull_response(batch: &Batch) -> Element {
    let mut response = Element::new(names::ENUMERATION, "PullResponse");
    if let Some(context) = &batch.context {
        response.children.push(Element::of_text(
            names::ENUMERATION,
            "EnumerationContext",
            context,
        ));
    }
    response.children.push(items(names::ENUMERATION, batch));
    if batch.is_last {
        response
            .children
            .push(Element::new(names::ENUMERATION, "EndOfSequence"));
    }
    response
}

fn items(namespace: &str, batch: &Batch) -> Element {
    let mut items = Element::new(namespace, "Items");
    let references = batch.references.iter().map(Reference::to_element);
    items.children = match (batch.items.as_slice(), batch.references.as_slice()) {
        (objects, []) => objects.iter().map(Instance::to_element).collect(),
        ([], _) => references.collect(),
        // DSP0226 section 8.7: each pair has an element of its own.
        (objects, _) => objects
            .iter()
            .zip(references)
            .map(|(object, reference)| {
                Element::new(names::WSMAN, "Item")
                    .with_child(object.to_element())
                    .with_child(reference)
            })
            .collect(),
    };
    items
}

fn read_payload(action: &str, payload: &Element) -> Result<Answer, MessageError> {
    if payload.is(names::SOAP, "Fault") {
        return Ok(Answer::Fault(Fault::parse(payload)));
    }
    // OMI puts IdentifyResponse into the namespace of SOAP, so only its name counts.
    if payload.name == "IdentifyResponse" {
        let text = |name: &str| {
            payload
                .child_named(name)
                .map(|element| element.text.trim().to_owned())
        };
        if text("ProtocolVersion").is_none() {
            return Err(MessageError::Unexpected(
                "the answer to Identify names no protocol version".to_owned(),
            ));
        }
        return Ok(Answer::Identify {
            vendor: text("ProductVendor").unwrap_or_default(),
            version: text("ProductVersion").unwrap_or_default(),
        });
    }
    if payload.is(names::ENUMERATION, "EnumerateResponse") {
        return Ok(Answer::Enumerate(read_batch(payload)));
    }
    if payload.is(names::ENUMERATION, "PullResponse") {
        return Ok(Answer::Pull(read_batch(payload)));
    }
    if action.ends_with("/transfer/GetResponse") {
        return Ok(Answer::Instance(Instance::parse(payload)));
    }
    if payload.namespace.is_empty() {
        let problem = format!("the answer holds an unknown element `{}`", payload.name);
        return Err(MessageError::Unexpected(problem));
    }
    // Windows answers `Execute_OUTPUT`, OMI answers `Execute`.
    let method = payload.name.strip_suffix("_OUTPUT");
    Ok(Answer::Invoked(Outputs {
        resource_uri: payload.namespace.to_string(),
        method: method.unwrap_or(&payload.name).to_owned(),
        values: read_values(payload),
    }))
}

fn read_batch(response: &Element) -> Batch {
    let inside = response.child_named("Items");
    let inside = inside.map_or(&[][..], |items| items.children.as_slice());
    // Pairs of object and reference are wrapped; `Item` of a class would have another namespace.
    let parts = || {
        inside.iter().flat_map(|item| {
            if item.is(names::WSMAN, "Item") {
                item.children.as_slice()
            } else {
                std::slice::from_ref(item)
            }
        })
    };
    let is_reference = |part: &&Element| part.is(names::ADDRESSING, "EndpointReference");
    // Items and EndOfSequence stand in the namespace of WS-Management in an optimized answer to
    // Enumerate, and in that of WS-Enumeration in an answer to Pull.
    Batch {
        context: response
            .child(names::ENUMERATION, "EnumerationContext")
            .map(|context| context.deep_text().trim().to_owned())
            .filter(|context| !context.is_empty()),
        items: parts()
            .filter(|part| !is_reference(part))
            .map(Instance::parse)
            .collect(),
        references: parts()
            .filter(is_reference)
            .filter_map(Reference::parse)
            .collect(),
        is_last: response.child_named("EndOfSequence").is_some(),
    }
}
