//! The log file of a run: opened before anything starts, appended, one write a line.
//!
//! A line that cannot be written never ends a run: it is counted, and told once.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::base::file::FileProblem;
use crate::model::LogLevel;
use crate::run::{LogLines, RunEvent};

/// An open log file.
#[derive(Debug)]
pub struct LogFile<W = File> {
    sink: W,
    lines: LogLines,
    lost: u64,
    // The last write may have left half a line behind.
    is_torn: bool,
}

/// Why a log file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Its path is a folder.
    #[error("the log `{0}` is a folder; name a file")]
    IsFolder(PathBuf),
    /// The folder that should hold it does not exist.
    #[error("the folder of the log `{0}` does not exist; make it, or name another log")]
    NoFolder(PathBuf),
    /// The system does not let us.
    #[error("could not open the log `{path}` for writing")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: FileProblem,
    },
}

impl LogFile {
    /// Opens a file for appending, or makes it.
    ///
    /// # Errors
    /// [`LogError`] names the path.
    pub fn open(path: &Path, lines: LogLines) -> Result<Self, LogError> {
        if path.is_dir() {
            return Err(LogError::IsFolder(path.to_path_buf()));
        }
        let sink = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .map_err(|error| match error.kind() {
                // A file that does not exist would have been made.
                io::ErrorKind::NotFound => LogError::NoFolder(path.to_path_buf()),
                _ => LogError::Open {
                    path: path.to_path_buf(),
                    source: error.into(),
                },
            })?;
        Ok(Self::new(sink, lines))
    }
}

impl<W: io::Write> LogFile<W> {
    fn new(sink: W, lines: LogLines) -> Self {
        Self {
            sink,
            lines,
            lost: 0,
            is_torn: false,
        }
    }

    /// Writes the line of an event, if its level has one.
    ///
    /// # Errors
    /// The error of the first line that is lost; later ones are only counted.
    pub fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        let line = self.lines.line(event);
        self.write(line)
    }

    /// Writes a line that belongs to no event.
    ///
    /// # Errors
    /// As [`LogFile::event`].
    pub fn remark(&mut self, at: Timestamp, level: LogLevel, text: &str) -> io::Result<()> {
        let line = self.lines.remark(at, level, text);
        self.write(line)
    }

    /// How many lines were lost.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    fn write(&mut self, line: Option<String>) -> io::Result<()> {
        let Some(mut line) = line else {
            return Ok(());
        };
        line.push('\n');
        if self.is_torn {
            line.insert(0, '\n');
        }
        match self.sink.write_all(line.as_bytes()) {
            Ok(()) => {
                self.is_torn = false;
                Ok(())
            }
            Err(error) => {
                self.is_torn = true;
                self.lost = self.lost.saturating_add(1);
                if self.lost == 1 { Err(error) } else { Ok(()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    /// A disk that takes a number of bytes and is full then, until it is emptied.
    struct Disk {
        room: usize,
        written: Vec<u8>,
    }

    impl io::Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.room);
            if taken == 0 {
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            self.room -= taken;
            self.written.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines() -> LogLines {
        LogLines::new(LogLevel::Information, TimeZone::UTC)
    }

    fn say<W: io::Write>(log: &mut LogFile<W>, text: &str) -> io::Result<()> {
        log.remark(Timestamp::UNIX_EPOCH, LogLevel::Error, text)
    }

    #[test]
    fn a_full_disk_is_told_once_and_the_log_goes_on_when_there_is_room() {
        let mut log = LogFile::new(
            Disk {
                room: 80,
                written: Vec::new(),
            },
            lines(),
        );
        say(&mut log, "one").unwrap();
        assert!(say(&mut log, "two").is_err());
        say(&mut log, "three").unwrap();
        assert_eq!(log.lost(), 2);
        log.sink.room = 1_000;
        say(&mut log, "four").unwrap();
        let text = String::from_utf8(log.sink.written).unwrap();
        let last = text.lines().last().unwrap();
        assert_eq!(
            last,
            "1970-01-01 00:00:00.000 +00:00 | error | - | - | - | - | four"
        );
    }

    #[test]
    fn a_log_is_appended_and_a_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        for text in ["one", "two"] {
            say(&mut LogFile::open(&path, lines()).unwrap(), text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
        let error = LogFile::open(folder.path(), lines()).unwrap_err();
        assert!(matches!(error, LogError::IsFolder(_)), "{error}");
        let missing = folder.path().join("missing/a.log");
        let error = LogFile::open(&missing, lines()).unwrap_err();
        assert!(matches!(error, LogError::NoFolder(_)), "{error}");
    }
}
