//! Reads a sequence file from the disk and says where its relative paths count from.

use std::io;
use std::path::{Path, PathBuf};

use crate::base::file::{FileProblem, read_up_to};
use crate::format::{self, FormatError};
use crate::model::Sequence;

/// The log of a sequence that names none, beside its file.
const DEFAULT_LOG: &str = "MASequencer.log";

/// A sequence and the file it came from.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file, absolute.
    pub file: PathBuf,
    /// The file's folder, from which its relative paths count.
    pub folder: PathBuf,
    /// What it says.
    pub sequence: Sequence,
}

/// Why a file is not a sequence.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The system does not give it.
    #[error("could not read the sequence file `{file}`")]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: FileProblem,
    },
    /// It holds something else.
    #[error("`{file}` is not a usable sequence file")]
    Format {
        /// The file.
        file: PathBuf,
        /// Where and why.
        #[source]
        source: FormatError,
    },
}

impl Document {
    /// Reads a sequence file.
    ///
    /// # Errors
    /// [`DocumentError`] names the file, and line and column where they are known.
    pub fn read(file: &Path) -> Result<Self, DocumentError> {
        let unreadable = |error: io::Error| DocumentError::Read {
            file: file.to_path_buf(),
            source: error.into(),
        };
        let unusable = |source| DocumentError::Format {
            file: file.to_path_buf(),
            source,
        };
        let absolute = std::path::absolute(file).map_err(unreadable)?;
        let bytes = match read_up_to(&absolute, format::MAX_FILE_BYTES as u64) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                let max_bytes = format::MAX_FILE_BYTES;
                return Err(unusable(FormatError {
                    line: 1,
                    column: 1,
                    problem: format::Problem::TooLarge { max_bytes },
                }));
            }
            Err(error) => return Err(unreadable(error)),
        };
        Self::of_bytes(&bytes, absolute).map_err(|error| match error {
            // A person knows the file by the name that was typed.
            DocumentError::Format { source, .. } => unusable(source),
            other @ DocumentError::Read { .. } => other,
        })
    }

    /// A document from its text, as a reader of `file` (absolute) would find it there; the file
    /// itself is not looked at.
    ///
    /// # Errors
    /// [`DocumentError::Format`] names the file, line and column.
    pub fn of_bytes(bytes: &[u8], file: PathBuf) -> Result<Self, DocumentError> {
        match format::read(bytes) {
            Ok(sequence) => {
                let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
                Ok(Self {
                    file,
                    folder,
                    sequence,
                })
            }
            Err(source) => Err(DocumentError::Format { file, source }),
        }
    }

    /// What people call the sequence: its name, else that of its file.
    pub fn sequence_name(&self) -> String {
        if !self.sequence.name.is_empty() {
            return self.sequence.name.clone();
        }
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// The log file: the one given on the command line, which counts from the current directory,
    /// else the one that the file names or the default, which count from the file's folder.
    pub fn log_path(&self, given: Option<&Path>) -> PathBuf {
        match (given, &self.sequence.log.file) {
            (Some(given), _) => given.to_path_buf(),
            (None, Some(named)) => self.folder.join(named),
            (None, None) => self.folder.join(DEFAULT_LOG),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::error_chain;

    use super::*;

    const SEQUENCE: &str = r#"<masequence xmlns="urn:masequencer:sequence" version="1"/>"#;

    #[test]
    fn a_log_counts_from_where_it_was_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        std::fs::write(&file, SEQUENCE).unwrap();
        let mut document = Document::read(&file).unwrap();
        assert_eq!(
            document.log_path(None),
            folder.path().join("MASequencer.log")
        );
        assert_eq!(
            document.log_path(Some(Path::new("x.log"))),
            Path::new("x.log")
        );
        document.sequence.log.file = Some("logs/y.log".to_owned());
        assert_eq!(document.log_path(None), folder.path().join("logs/y.log"));
        let elsewhere = std::path::absolute(folder.path().join("z.log")).unwrap();
        document.sequence.log.file = Some(elsewhere.display().to_string());
        assert_eq!(document.log_path(None), elsewhere);
    }

    #[test]
    fn a_bad_file_is_named_with_the_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bad.xml");
        std::fs::write(
            &path,
            SEQUENCE.replace("version=\"1\"", "version=\"1\"\n colour=\"red\""),
        )
        .unwrap();
        let error = error_chain::one_line(&Document::read(&path).unwrap_err());
        assert!(
            error.contains("bad.xml` is not a usable sequence file: line 2, column"),
            "{error}"
        );
        let missing = Document::read(&folder.path().join("missing.xml")).unwrap_err();
        assert!(matches!(missing, DocumentError::Read { .. }));
        // A sparse file costs no disk: only its length counts.
        let huge = folder.path().join("huge.xml");
        std::fs::File::create(&huge)
            .unwrap()
            .set_len(200 << 20)
            .unwrap();
        let error = error_chain::one_line(&Document::read(&huge).unwrap_err());
        assert!(error.contains("larger than 16 MiB"), "{error}");
    }
}
