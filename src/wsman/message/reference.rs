//! Endpoint references: the name by which an instance is reached again.

use super::names;
use super::xml::Element;

/// A reference to an instance of a class (`a:EndpointReference`, DSP0226 section 5.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The URI of its class.
    pub resource_uri: String,
    /// The selectors that pick it.
    pub selectors: Vec<(String, String)>,
}

impl Reference {
    pub(super) fn to_element(&self) -> Element {
        let mut set = Element::new(names::WSMAN, "SelectorSet");
        for (name, value) in &self.selectors {
            let selector = Element::of_text(names::WSMAN, "Selector", value);
            set.children.push(selector.with_attribute("", "Name", name));
        }
        let uri = Element::of_text(names::WSMAN, "ResourceURI", &self.resource_uri);
        let parameters = Element::new(names::ADDRESSING, "ReferenceParameters")
            .with_child(uri)
            .with_child(set);
        Element::new(names::ADDRESSING, "EndpointReference")
            .with_child(Element::of_text(
                names::ADDRESSING,
                "Address",
                names::ANONYMOUS,
            ))
            .with_child(parameters)
    }

    /// Reads a reference; `None` when it names no resource.
    pub(super) fn parse(element: &Element) -> Option<Self> {
        let parameters = element.child(names::ADDRESSING, "ReferenceParameters")?;
        let uri = parameters.child(names::WSMAN, "ResourceURI")?;
        Some(Self {
            resource_uri: uri.text.trim().to_owned(),
            selectors: read_selectors(parameters),
        })
    }
}

/// The selectors of a header or a reference; one without a name is left out.
pub(super) fn read_selectors(parent: &Element) -> Vec<(String, String)> {
    let Some(set) = parent.child(names::WSMAN, "SelectorSet") else {
        return Vec::new();
    };
    set.children
        .iter()
        .filter(|selector| selector.is(names::WSMAN, "Selector"))
        .filter_map(|selector| Some((selector.attribute("Name")?.to_owned(), selector.deep_text())))
        .collect()
}
