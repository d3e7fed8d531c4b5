//! Writes a tree as text: prefixes chosen, everything escaped. Must not decide what is written.

use std::collections::BTreeMap;

use super::names;
use super::xml::{Attribute, Element};

/// Writes a document without a declaration.
pub(super) fn write(root: &Element, declared: &[&str]) -> String {
    let mut prefixes = Prefixes::default();
    for namespace in declared {
        prefixes.note(namespace);
    }
    prefixes.note_tree(root);
    let mut out = String::with_capacity(1024);
    write_element(&mut out, root, &prefixes, true);
    out
}

/// The prefix of each namespace of a document.
#[derive(Default)]
struct Prefixes {
    by_namespace: BTreeMap<String, String>,
    unnamed_count: usize,
}

impl Prefixes {
    fn note(&mut self, namespace: &str) {
        if namespace.is_empty()
            || namespace == names::XML
            || self.by_namespace.contains_key(namespace)
        {
            return;
        }
        let known = names::PREFIXES
            .iter()
            .find_map(|(uri, prefix)| (*uri == namespace).then_some(*prefix));
        let prefix = match (known, self.unnamed_count) {
            (Some(prefix), _) => prefix.to_owned(),
            (None, count) => {
                self.unnamed_count += 1;
                if count == 0 {
                    "p".to_owned()
                } else {
                    format!("p{count}")
                }
            }
        };
        self.by_namespace.insert(namespace.to_owned(), prefix);
    }

    fn note_tree(&mut self, element: &Element) {
        self.note(&element.namespace);
        for attribute in &element.attributes {
            self.note(&attribute.namespace);
        }
        for child in &element.children {
            self.note_tree(child);
        }
    }

    fn write_name(&self, out: &mut String, namespace: &str, name: &str) {
        if namespace == names::XML {
            out.push_str("xml:");
        } else if let Some(prefix) = self.by_namespace.get(namespace) {
            out.push_str(prefix);
            out.push(':');
        }
        out.push_str(name);
    }
}

fn write_element(out: &mut String, element: &Element, prefixes: &Prefixes, is_root: bool) {
    out.push('<');
    prefixes.write_name(out, &element.namespace, &element.name);
    if is_root {
        for (namespace, prefix) in &prefixes.by_namespace {
            out.push_str(" xmlns:");
            out.push_str(prefix);
            out.push_str("=\"");
            write_escaped(out, namespace, true);
            out.push('"');
        }
    }
    for attribute in &element.attributes {
        out.push(' ');
        prefixes.write_name(out, &attribute.namespace, &attribute.name);
        out.push_str("=\"");
        write_value(out, attribute, prefixes);
        out.push('"');
    }
    if element.text.is_empty() && element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    write_escaped(out, &element.text, false);
    for child in &element.children {
        write_element(out, child, prefixes, false);
    }
    out.push_str("</");
    prefixes.write_name(out, &element.namespace, &element.name);
    out.push('>');
}

/// A value; that of `xsi:type` is a name, kept as `{namespace}name` until prefixes are chosen.
fn write_value(out: &mut String, attribute: &Attribute, prefixes: &Prefixes) {
    let is_type = *attribute.namespace == *names::XSI && attribute.name == "type";
    let qualified = attribute.value.strip_prefix('{').filter(|_| is_type);
    match qualified.and_then(|rest| rest.split_once('}')) {
        Some((namespace, name)) => {
            let mut text = String::new();
            prefixes.write_name(&mut text, namespace, name);
            write_escaped(out, &text, true);
        }
        None => write_escaped(out, &attribute.value, true),
    }
}

/// Escapes a text; what XML 1.0 cannot hold at all becomes the replacement character.
fn write_escaped(out: &mut String, text: &str, is_attribute: bool) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' if is_attribute => out.push_str("&quot;"),
            // A reader turns a bare carriage return into a line feed (XML 1.0 section 2.11).
            '\r' => out.push_str("&#13;"),
            '\n' if is_attribute => out.push_str("&#10;"),
            '\t' if is_attribute => out.push_str("&#9;"),
            '\n' | '\t' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_gets_the_prefix_of_its_namespace() {
        let root = Element::new("u:class", "Thing").with_type("u:class", "Thing_Type");
        assert_eq!(
            write(&root, &[]),
            format!(
                "<p:Thing xmlns:xsi=\"{}\" xmlns:p=\"u:class\" xsi:type=\"p:Thing_Type\"/>",
                names::XSI
            )
        );
    }

    #[test]
    fn known_namespaces_keep_their_prefixes() {
        let root = Element::new(names::SOAP, "Envelope").with_child(Element::of_text(
            "u:class",
            "Name",
            "a\u{1}<\u{fffe}>",
        ));
        assert_eq!(
            write(&root, &[names::WSMAN]),
            format!(
                "<s:Envelope xmlns:w=\"{}\" xmlns:s=\"{}\" xmlns:p=\"u:class\">\
                 <p:Name>a\u{fffd}&lt;\u{fffd}&gt;</p:Name></s:Envelope>",
                names::WSMAN,
                names::SOAP
            )
        );
    }
}
