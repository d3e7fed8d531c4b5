//! Resource URIs: which class of which WMI namespace a request is about.
//!
//! Two families are in use, and clients mix them (MS-WSMV 3.1.4.1.1; recorded messages). Must not
//! know any class by name.

/// What stands before the namespace in Microsoft's family.
const WMI_PREFIX: &str = "http://schemas.microsoft.com/wbem/wsman/1/wmi/";
/// What stands before the class in the CIM family.
const CIM_PREFIX: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/";
/// The selector that names the namespace in the CIM family (DSP0227).
pub const NAMESPACE_SELECTOR: &str = "__cimnamespace";

/// How a class is written as a URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// `…/wmi/<namespace>/<Class>`: Windows.
    #[default]
    Wmi,
    /// `…/cim-schema/2/<Class>` with the namespace as a selector: OMI, and Windows too.
    Cim,
}

/// A class, or with the class `*` a whole namespace for a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// How its URI is written.
    pub family: Family,
    /// The namespace with slashes, such as `root/cimv2`; empty when a CIM request left it out.
    pub namespace: String,
    /// The class, or `*`.
    pub class: String,
}

impl Resource {
    /// A class of a namespace in Microsoft's family.
    pub fn wmi(namespace: &str, class: &str) -> Self {
        Self {
            family: Family::Wmi,
            namespace: namespace.to_owned(),
            class: class.to_owned(),
        }
    }

    /// Reads the URI and the selectors of a request; `None` for a URI of another family. Case does
    /// not count in what stands before the namespace.
    pub fn parse(uri: &str, selectors: &[(String, String)]) -> Option<Self> {
        if let Some(path) = strip_prefix_ignoring_case(uri, WMI_PREFIX) {
            let (namespace, class) = path.rsplit_once('/')?;
            return (!class.is_empty()).then(|| Self::wmi(namespace, class));
        }
        let class = strip_prefix_ignoring_case(uri, CIM_PREFIX)?;
        let namespace = selectors
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(NAMESPACE_SELECTOR))
            .map(|(_, value)| value.replace('\\', "/"))
            .unwrap_or_default();
        (!class.is_empty() && !class.contains('/')).then(|| Self {
            family: Family::Cim,
            namespace,
            class: class.to_owned(),
        })
    }

    /// Its URI.
    pub fn uri(&self) -> String {
        match self.family {
            Family::Wmi => format!("{WMI_PREFIX}{}/{}", self.namespace, self.class),
            Family::Cim => format!("{CIM_PREFIX}{}", self.class),
        }
    }

    /// The selectors that belong to the family itself.
    pub fn family_selectors(&self) -> Vec<(String, String)> {
        match self.family {
            Family::Wmi => Vec::new(),
            Family::Cim => vec![(NAMESPACE_SELECTOR.to_owned(), self.namespace.clone())],
        }
    }

    /// The same namespace and family with another class.
    #[must_use]
    pub fn with_class(&self, class: &str) -> Self {
        Self {
            class: class.to_owned(),
            ..self.clone()
        }
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_families_are_read_and_written() {
        let wmi = Resource::wmi("root/cimv2", "Win32_Service");
        assert_eq!(Resource::parse(&wmi.uri(), &[]), Some(wmi));
        let cim = Resource {
            family: Family::Cim,
            namespace: "root/cimv2".to_owned(),
            class: "*".to_owned(),
        };
        assert_eq!(
            Resource::parse(&cim.uri(), &cim.family_selectors()),
            Some(cim)
        );
        for uri in ["", "http://x/y", WMI_PREFIX, CIM_PREFIX, "ä"] {
            assert_eq!(Resource::parse(uri, &[]), None, "{uri}");
        }
    }
}
