//! The namespaces and actions of the protocol. Nothing but constants.

/// SOAP 1.2.
pub const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
/// WS-Addressing, the member submission that WS-Management uses.
pub const ADDRESSING: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
/// WS-Management (DSP0226).
pub const WSMAN: &str = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
/// WS-Enumeration.
pub const ENUMERATION: &str = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
/// WS-Transfer.
pub const TRANSFER: &str = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
/// Microsoft's additions to WS-Management (MS-WSMV 2.1).
pub const MICROSOFT: &str = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";
/// Microsoft's fault details (MS-WSMV 2.2.4.43).
pub const FAULT: &str = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
/// Identify (DSP0226 section 11).
pub const IDENTITY: &str = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd";
/// XML Schema instances: `nil` and `type`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The namespace of `xml:lang`, which is never declared.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The address of whoever sent the request.
pub const ANONYMOUS: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
/// The dialect of a WQL filter (MS-WSMV 2.2.4).
pub const WQL_DIALECT: &str = "http://schemas.microsoft.com/wbem/wsman/1/WQL";

/// Opens an enumeration.
pub const ACTION_ENUMERATE: &str = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate";
/// Fetches the next items of an enumeration.
pub const ACTION_PULL: &str = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Pull";
/// Gives up an enumeration.
pub const ACTION_RELEASE: &str = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Release";
/// Reads one instance.
pub const ACTION_GET: &str = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
/// The action of a fault of the addressing layer; the one that every server seen uses.
pub const ACTION_FAULT: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault";

/// The prefixes that a written message uses; other namespaces get `p`, `p1`, `p2` and so on.
pub(super) const PREFIXES: [(&str, &str); 9] = [
    (SOAP, "s"),
    (ADDRESSING, "a"),
    (WSMAN, "w"),
    (ENUMERATION, "n"),
    (TRANSFER, "x"),
    (MICROSOFT, "m"),
    (FAULT, "f"),
    (IDENTITY, "wsmid"),
    (XSI, "xsi"),
];
