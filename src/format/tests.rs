//! Whole files: what is read, what is refused and with which words, and that nothing is lost.

// Marked once more, one by one: so `tests/tidy.rs` sees that these files do not ship.
#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod freedoms;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod schema;

const SAMPLES: [&str; 3] = ["full-cycle.xml", "Runadimport.xml", "every-element.xml"];

fn in_package(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file with this within its root element.
fn file(content: &str) -> String {
    format!("<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\">{content}</masequence>")
}

/// Like [`file`], with this within a thread.
fn threaded(content: &str) -> String {
    file(&format!("<thread name=\"T\">{content}</thread>"))
}
