//! Faults: what a server says instead of an answer.
//!
//! Only their shape; what a fault means for the caller is decided in `wsman::fault`.

use super::names;
use super::xml::Element;

/// A fault.
///
/// Codes are local names, since servers differ in their prefixes and each name is used in one
/// namespace only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    /// Who is to blame.
    pub code: FaultCode,
    /// The subcode, such as `TimedOut`; empty when there is none.
    pub subcode: String,
    /// The sentence for people; may be empty.
    pub reason: String,
    /// The last part of the `FaultDetail` URI, such as `InvalidResourceURI`.
    pub detail: Option<String>,
    /// `WSManFault/@Code` (MS-WSMV 2.2.4.43).
    pub wsman_code: Option<u32>,
    /// The innermost message of the detail (`WSManFault`, `MSFT_WmiError` or `OMI_Error`).
    pub message: Option<String>,
}

/// Who is to blame for a fault (SOAP 1.2 part 1, section 5.4.6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FaultCode {
    /// Whoever sent the request.
    Sender,
    /// The server, or another code that does not blame the sender.
    #[default]
    Receiver,
    /// The sender insists on a header that the server does not know.
    MustUnderstand,
}

impl FaultCode {
    /// The code as SOAP writes it, without a prefix.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Receiver => "Receiver",
            Self::MustUnderstand => "MustUnderstand",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "Sender" => Self::Sender,
            "MustUnderstand" => Self::MustUnderstand,
            _ => Self::Receiver,
        }
    }
}

/// Subcodes of WS-Enumeration.
const ENUMERATION_SUBCODES: [&str; 5] = [
    "CannotProcessFilter",
    "FilteringNotSupported",
    "FilterDialectRequestedUnavailable",
    "InvalidEnumerationContext",
    "InvalidExpirationTime",
];
/// Subcodes of WS-Addressing.
const ADDRESSING_SUBCODES: [&str; 5] = [
    "ActionNotSupported",
    "DestinationUnreachable",
    "EndpointUnavailable",
    "InvalidMessageInformationHeader",
    "MessageInformationHeaderRequired",
];
/// What stands before the last part of a `FaultDetail` (DSP0226 annex).
const DETAIL_PREFIX: &str = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/";

impl Fault {
    /// A fault that the client is to blame for.
    pub fn sender(subcode: &str, reason: &str) -> Self {
        Self {
            code: FaultCode::Sender,
            subcode: subcode.to_owned(),
            reason: reason.to_owned(),
            ..Self::default()
        }
    }

    /// A fault that the server is to blame for.
    pub fn receiver(subcode: &str, reason: &str) -> Self {
        Self {
            code: FaultCode::Receiver,
            ..Self::sender(subcode, reason)
        }
    }

    /// The same with Microsoft's code and message in its detail.
    #[must_use]
    pub fn with_wsman(mut self, code: u32, message: &str) -> Self {
        self.wsman_code = Some(code);
        self.message = Some(message.to_owned());
        self
    }

    /// The same with a detail such as `InvalidResourceURI`.
    #[must_use]
    pub fn with_detail(mut self, detail: &str) -> Self {
        self.detail = Some(detail.to_owned());
        self
    }

    /// The request is not the expected XML.
    pub fn schema_validation(problem: &str) -> Self {
        Self::sender("SchemaValidationError", problem)
    }

    /// A header has a value that cannot be understood.
    pub fn invalid_header(name: &str) -> Self {
        let reason = format!("the header `{name}` has a value that is not understood");
        Self::sender("InvalidMessageInformationHeader", &reason)
    }

    /// A header is missing.
    pub fn missing_header(name: &str) -> Self {
        let reason = format!("the header `{name}` is required");
        Self::sender("MessageInformationHeaderRequired", &reason)
    }

    /// The server does not know the action.
    pub fn action_not_supported(action: &str) -> Self {
        let reason = format!("the action `{action}` is not supported");
        Self::sender("ActionNotSupported", &reason)
    }

    /// The clearest words that the server gave, on one line.
    pub fn words(&self) -> String {
        let candidates = [
            self.reason.as_str(),
            self.message.as_deref().unwrap_or_default(),
            self.detail.as_deref().unwrap_or_default(),
            self.subcode.as_str(),
            self.code.as_str(),
        ];
        let mut words = candidates
            .into_iter()
            .map(one_line)
            .find(|text| !text.is_empty())
            .unwrap_or_else(|| "a fault without a reason".to_owned());
        let message = one_line(self.message.as_deref().unwrap_or_default());
        if !message.is_empty() && !words.contains(&message) {
            words = format!("{words} ({message})");
        }
        words
    }

    /// The fault as the element that stands in the body.
    pub(super) fn to_element(&self) -> Element {
        let soap = |name: &str| Element::new(names::SOAP, name);
        let value = |text: &str| Element::of_text(names::SOAP, "Value", text);
        let mut code = soap("Code").with_child(value(&format!("s:{}", self.code.as_str())));
        if !self.subcode.is_empty() {
            let prefix = subcode_prefix(&self.subcode);
            let subcode = value(&format!("{prefix}:{}", self.subcode));
            code.children.push(soap("Subcode").with_child(subcode));
        }
        let reason = Element::of_text(names::SOAP, "Text", &self.reason).with_attribute(
            names::XML,
            "lang",
            "en-US",
        );
        let mut fault = soap("Fault")
            .with_child(code)
            .with_child(soap("Reason").with_child(reason));
        let detail = self.detail_element();
        if !detail.children.is_empty() {
            fault.children.push(detail);
        }
        fault
    }

    fn detail_element(&self) -> Element {
        let mut detail = Element::new(names::SOAP, "Detail");
        if let Some(name) = &self.detail {
            detail.children.push(Element::of_text(
                names::WSMAN,
                "FaultDetail",
                &format!("{DETAIL_PREFIX}{name}"),
            ));
        }
        if self.wsman_code.is_some() || self.message.is_some() {
            let mut fault = Element::new(names::FAULT, "WSManFault");
            if let Some(code) = self.wsman_code {
                fault = fault.with_attribute("", "Code", &code.to_string());
            }
            let message = self.message.as_deref().unwrap_or_default();
            let message = Element::of_text(names::FAULT, "Message", message);
            detail.children.push(fault.with_child(message));
        }
        detail
    }

    /// Reads the `Fault` element of a body.
    pub(super) fn parse(fault: &Element) -> Self {
        let code = fault.child(names::SOAP, "Code");
        let value = |element: Option<&Element>| {
            element
                .and_then(|element| element.child(names::SOAP, "Value"))
                .map(|value| local_name(value.text.trim()).to_owned())
                .unwrap_or_default()
        };
        let subcode = code.and_then(|code| code.child(names::SOAP, "Subcode"));
        let detail = fault.child(names::SOAP, "Detail");
        let wsman_fault = detail.and_then(|detail| detail.find("WSManFault"));
        Self {
            code: FaultCode::from_word(&value(code)),
            subcode: value(subcode),
            reason: fault
                .child(names::SOAP, "Reason")
                .and_then(|reason| reason.child_named("Text"))
                .map(|text| text.text.trim().to_owned())
                .unwrap_or_default(),
            detail: detail
                .and_then(|detail| detail.find("FaultDetail"))
                .map(|detail| detail.text.trim())
                .and_then(|uri| uri.rsplit('/').next())
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            wsman_code: wsman_fault
                .and_then(|fault| fault.attribute("Code"))
                .and_then(|code| code.trim().parse().ok()),
            message: detail.and_then(innermost_message),
        }
    }
}

/// The message nearest to the cause: a provider's fault wraps the fault of the layer below it.
fn innermost_message(detail: &Element) -> Option<String> {
    let mut found = None;
    let mut current = Some(detail);
    while let Some(element) = current {
        let message = element.find("Message");
        if let Some(text) = message
            .map(|message| message.text.trim())
            .filter(|text| !text.is_empty())
        {
            found = Some(text.to_owned());
        }
        current = message.filter(|message| !message.children.is_empty());
        current = current.and_then(|message| {
            message
                .children
                .iter()
                .find(|child| child.find("Message").is_some())
        });
    }
    found
}

fn subcode_prefix(subcode: &str) -> &'static str {
    if ENUMERATION_SUBCODES.contains(&subcode) {
        "n"
    } else if ADDRESSING_SUBCODES.contains(&subcode) {
        "a"
    } else {
        "w"
    }
}

fn local_name(qualified: &str) -> &str {
    qualified
        .rsplit_once(':')
        .map_or(qualified, |(_, local)| local)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
