//! The sequence file: reads and writes the XML of a [`Sequence`](crate::model::Sequence).
//!
//! Pure: bytes in, value out, and back. Must not open a file, and nothing outside this module
//! knows how a file spells a sequence. `assets/masequence.xsd` describes the same language for
//! editors; tests hold the two together.
//!
//! Reading is strict: what it does not know is an error with line and column, never passed over.
//! Comments and processing instructions are; they are not part of the document and a rewritten
//! file has none. Writing is canonical: the same sequence gives the same bytes, defaults are left
//! out.

mod cursor;
mod element;
mod encoding;
mod entity;
mod error;
mod prolog;
mod read_command;
mod read_step;
mod reader;
#[cfg(test)]
mod tests;
mod words;
mod writer;

pub use error::{FormatError, Problem};
pub use reader::{MAX_COMMANDS, MAX_FILE_BYTES, MAX_STEPS, MAX_THREADS, read};
pub use words::NAMESPACE;
pub use writer::write;
