//! Requests: Identify, Enumerate, Pull, Release, Get and Invoke.

use super::xml::{Element, Limits, parse};
use super::{Fault, RequestHeader, names};

/// A request with its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its header; ignored for [`Operation::Identify`], which has none.
    pub header: RequestHeader,
    /// What it asks for.
    pub operation: Operation,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Who are you? Needs no header (DSP0226 section 11).
    Identify,
    /// Opens an enumeration of a class, or of the answer to a query.
    Enumerate {
        /// Which instances; all of the class when missing.
        filter: Option<Filter>,
        /// What is told of each instance.
        mode: EnumerationMode,
        /// Whether the first items may come with the answer.
        is_optimized: bool,
        /// How many items the answer may hold.
        max_elements: Option<u32>,
    },
    /// Fetches the next items.
    Pull {
        /// The server's opaque context.
        context: String,
        /// How many items the answer may hold; one when missing (WS-Enumeration).
        max_elements: Option<u32>,
    },
    /// Gives up an enumeration.
    Release {
        /// The server's opaque context.
        context: String,
    },
    /// Reads the instance that the selectors pick.
    Get,
    /// Calls a method of the instance that the selectors pick.
    Invoke {
        /// The method.
        method: String,
        /// Its arguments; `None` is null.
        arguments: Vec<(String, Option<String>)>,
    },
}

/// What an enumeration tells of each instance (`w:EnumerationMode`, DSP0226 section 8.7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EnumerationMode {
    /// Its properties.
    #[default]
    Objects,
    /// Its properties, and the reference by which Get and Invoke reach it.
    ObjectsAndReferences,
    /// Only the reference.
    References,
}

impl EnumerationMode {
    /// The protocol's word; the default has none.
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Objects => None,
            Self::ObjectsAndReferences => Some("EnumerateObjectAndEPR"),
            Self::References => Some("EnumerateEPR"),
        }
    }

    fn read(word: &str) -> Result<Self, Fault> {
        [Self::ObjectsAndReferences, Self::References]
            .into_iter()
            .find(|mode| mode.as_str() == Some(word))
            .ok_or_else(|| {
                let reason = format!("the enumeration mode `{word}` is not supported");
                Fault::sender("UnsupportedFeature", &reason).with_detail("EnumerationMode")
            })
    }
}

/// A filter of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The URI of the language, as [`names::WQL_DIALECT`].
    pub dialect: String,
    /// The query.
    pub text: String,
}

impl Filter {
    /// A WQL query.
    pub fn wql(query: &str) -> Self {
        Self {
            dialect: names::WQL_DIALECT.to_owned(),
            text: query.to_owned(),
        }
    }
}

/// A request that a server cannot take, with the fault that it owes for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRequest {
    /// The identifier to which the fault relates, if there was one.
    pub message_id: Option<String>,
    /// The fault.
    pub fault: Fault,
}

impl Request {
    /// The request as a document.
    pub fn to_xml(&self) -> String {
        let header = match &self.operation {
            Operation::Identify => Element::new(names::SOAP, "Header"),
            _ => self.header.to_element(&self.action()),
        };
        let mut body = Element::new(names::SOAP, "Body");
        body.children.extend(self.payload());
        Element::new(names::SOAP, "Envelope")
            .with_child(header)
            .with_child(body)
            .to_xml(&[])
    }

    /// The action URI; empty for Identify.
    pub fn action(&self) -> String {
        match &self.operation {
            Operation::Identify => String::new(),
            Operation::Enumerate { .. } => names::ACTION_ENUMERATE.to_owned(),
            Operation::Pull { .. } => names::ACTION_PULL.to_owned(),
            Operation::Release { .. } => names::ACTION_RELEASE.to_owned(),
            Operation::Get => names::ACTION_GET.to_owned(),
            Operation::Invoke { method, .. } => format!("{}/{method}", self.header.resource_uri),
        }
    }

    /// What stands in the body; nothing for Get.
    fn payload(&self) -> Option<Element> {
        Some(match &self.operation {
            Operation::Get => return None,
            Operation::Identify => Element::new(names::IDENTITY, "Identify"),
            Operation::Enumerate {
                filter,
                mode,
                is_optimized,
                max_elements,
            } => enumerate_body(filter.as_ref(), *mode, *is_optimized, *max_elements),
            Operation::Pull {
                context,
                max_elements,
            } => {
                let mut pull = Element::new(names::ENUMERATION, "Pull").with_child(
                    Element::of_text(names::ENUMERATION, "EnumerationContext", context),
                );
                if let Some(count) = max_elements {
                    pull.children.push(Element::of_text(
                        names::ENUMERATION,
                        "MaxElements",
                        &count.to_string(),
                    ));
                }
                pull
            }
            Operation::Release { context } => Element::new(names::ENUMERATION, "Release")
                .with_child(Element::of_text(
                    names::ENUMERATION,
                    "EnumerationContext",
                    context,
                )),
            Operation::Invoke { method, arguments } => {
                invoke_body(&self.header.resource_uri, method, arguments)
            }
        })
    }

    /// Reads a request, as a server does.
    ///
    /// # Errors
    /// [`RejectedRequest`] with the fault that answers a request which is not understood.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, Box<RejectedRequest>> {
        let reject = |message_id: Option<String>, fault: Fault| {
            Box::new(RejectedRequest { message_id, fault })
        };
        let envelope = parse(bytes, limits)
            .map_err(|error| reject(None, Fault::schema_validation(&error.to_string())))?;
        let body = body_of(&envelope)
            .map_err(|problem| reject(None, Fault::schema_validation(problem)))?;
        let payload = body.children.first();
        if payload.is_some_and(|element| element.name == "Identify") {
            return Ok(Self {
                header: RequestHeader::default(),
                operation: Operation::Identify,
            });
        }
        let header = envelope.child(names::SOAP, "Header").ok_or_else(|| {
            let problem = "the envelope has no header";
            reject(None, Fault::schema_validation(problem))
        })?;
        let message_id = header
            .child(names::ADDRESSING, "MessageID")
            .map(|element| element.text.trim().to_owned());
        let action = header
            .child(names::ADDRESSING, "Action")
            .map(|element| element.text.trim().to_owned())
            .unwrap_or_default();
        let header = RequestHeader::parse(header)
            .map_err(|name| reject(message_id.clone(), Fault::invalid_header(name)))?;
        let operation = operation(&action, &header, payload)
            .map_err(|fault| reject(message_id.clone(), fault))?;
        Ok(Self { header, operation })
    }
}

/// The body of an envelope.
pub(super) fn body_of(envelope: &Element) -> Result<&Element, &'static str> {
    if !envelope.is(names::SOAP, "Envelope") {
        return Err("the document is not a SOAP 1.2 envelope");
    }
    envelope
        .child(names::SOAP, "Body")
        .ok_or("the envelope has no body")
}

fn enumerate_body(
    filter: Option<&Filter>,
    mode: EnumerationMode,
    is_optimized: bool,
    max_elements: Option<u32>,
) -> Element {
    let mut enumerate = Element::new(names::ENUMERATION, "Enumerate");
    if let Some(word) = mode.as_str() {
        let mode = Element::of_text(names::WSMAN, "EnumerationMode", word);
        enumerate.children.push(mode);
    }
    if is_optimized {
        enumerate
            .children
            .push(Element::new(names::WSMAN, "OptimizeEnumeration"));
    }
    if let Some(count) = max_elements {
        enumerate.children.push(Element::of_text(
            names::WSMAN,
            "MaxElements",
            &count.to_string(),
        ));
    }
    if let Some(filter) = filter {
        enumerate.children.push(
            Element::of_text(names::WSMAN, "Filter", &filter.text).with_attribute(
                "",
                "Dialect",
                &filter.dialect,
            ),
        );
    }
    enumerate
}

fn invoke_body(
    resource_uri: &str,
    method: &str,
    arguments: &[(String, Option<String>)],
) -> Element {
    let mut input = Element::new(resource_uri, &format!("{method}_INPUT"));
    for (name, value) in arguments {
        input.children.push(match value {
            Some(value) => Element::of_text(resource_uri, name, value),
            None => Element::new(resource_uri, name).with_attribute(names::XSI, "nil", "true"),
        });
    }
    input
}

fn operation(
    action: &str,
    header: &RequestHeader,
    payload: Option<&Element>,
) -> Result<Operation, Fault> {
    let expected = |name: &str| {
        payload
            .filter(|element| element.is(names::ENUMERATION, name))
            .ok_or_else(|| Fault::schema_validation(&format!("the body has no `{name}` element")))
    };
    match action {
        names::ACTION_ENUMERATE => read_enumerate(expected("Enumerate")?),
        names::ACTION_PULL => {
            let pull = expected("Pull")?;
            Ok(Operation::Pull {
                context: context(pull)?,
                max_elements: max_elements(pull)?,
            })
        }
        names::ACTION_RELEASE => Ok(Operation::Release {
            context: context(expected("Release")?)?,
        }),
        names::ACTION_GET => Ok(Operation::Get),
        "" => Err(Fault::missing_header("Action")),
        _ => read_invoke(action, header, payload),
    }
}

fn read_enumerate(enumerate: &Element) -> Result<Operation, Fault> {
    // MS-WSMV 3.1.4.1.13 treats the filters of both namespaces as the same.
    let filter = enumerate.child_named("Filter").map(|filter| Filter {
        dialect: filter.attribute("Dialect").unwrap_or_default().to_owned(),
        text: filter.deep_text(),
    });
    let mode = match enumerate.child_named("EnumerationMode") {
        None => EnumerationMode::default(),
        Some(mode) => EnumerationMode::read(mode.text.trim())?,
    };
    Ok(Operation::Enumerate {
        filter,
        mode,
        is_optimized: enumerate.child_named("OptimizeEnumeration").is_some(),
        max_elements: max_elements(enumerate)?,
    })
}

fn read_invoke(
    action: &str,
    header: &RequestHeader,
    payload: Option<&Element>,
) -> Result<Operation, Fault> {
    let (class_uri, method) = action
        .rsplit_once('/')
        .ok_or_else(|| Fault::action_not_supported(action))?;
    if !class_uri.eq_ignore_ascii_case(&header.resource_uri) || method.is_empty() {
        return Err(Fault::action_not_supported(action));
    }
    let arguments = payload.map_or_else(Vec::new, |input| {
        input
            .children
            .iter()
            .map(|argument| {
                let value = (!argument.is_nil()).then(|| argument.deep_text());
                (argument.name.clone(), value)
            })
            .collect()
    });
    Ok(Operation::Invoke {
        method: method.to_owned(),
        arguments,
    })
}

fn context(element: &Element) -> Result<String, Fault> {
    element
        .child(names::ENUMERATION, "EnumerationContext")
        .map(|context| context.deep_text().trim().to_owned())
        .ok_or_else(|| Fault::schema_validation("there is no EnumerationContext"))
}

fn max_elements(element: &Element) -> Result<Option<u32>, Fault> {
    match element.child_named("MaxElements") {
        None => Ok(None),
        Some(count) => match count.text.trim().parse::<u32>() {
            Ok(count) if count > 0 => Ok(Some(count)),
            _ => Err(Fault::schema_validation("MaxElements is not above zero")),
        },
    }
}
