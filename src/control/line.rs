//! Lines of limited length from a peer that is not trusted.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, BufReader};

/// Reads lines of at most a given length.
#[derive(Debug)]
pub(super) struct LineReader<R> {
    inner: BufReader<R>,
    line: Vec<u8>,
    max_bytes: usize,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// A reader of lines of at most `max_bytes`, the line break left out.
    pub(super) fn new(inner: R, max_bytes: usize) -> Self {
        Self {
            inner: BufReader::new(inner),
            line: Vec::new(),
            max_bytes,
        }
    }

    /// Changes the limit for the lines to come.
    pub(super) const fn set_max_bytes(&mut self, max_bytes: usize) {
        self.max_bytes = max_bytes;
    }

    /// The next line without its break; `None` at the end of the stream, where half a line is
    /// dropped. Cancel-safe.
    ///
    /// # Errors
    /// Any error of the stream, and [`io::ErrorKind::FileTooLarge`] for a line that is too long;
    /// after that the stream is of no use.
    pub(super) async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let (used, is_whole) = self.take_some().await?;
            if used == 0 {
                return Ok(None);
            }
            if self.line.len() > self.max_bytes {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    format!("a line of more than {} bytes", self.max_bytes),
                ));
            }
            if is_whole {
                return Ok(Some(std::mem::take(&mut self.line)));
            }
        }
    }

    /// Moves what is there into the line; how many bytes, and whether the line is complete.
    async fn take_some(&mut self) -> io::Result<(usize, bool)> {
        let buffer = fill(&mut self.inner).await?;
        let line_break = buffer.iter().position(|byte| *byte == b'\n');
        let text = buffer.get(..line_break.unwrap_or(buffer.len()));
        self.line.extend_from_slice(text.unwrap_or_default());
        let used = line_break.map_or(buffer.len(), |index| index + 1);
        self.inner.consume(used);
        Ok((used, line_break.is_some()))
    }
}

async fn fill<R: AsyncBufRead + Unpin>(reader: &mut R) -> io::Result<&[u8]> {
    reader.fill_buf().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reads_lines_and_drops_half_of_one() {
        let mut lines = LineReader::new(&b"one\n\ntwo\nhal"[..], 3);
        let mut read = Vec::new();
        while let Some(line) = lines.next().await.unwrap() {
            read.push(String::from_utf8(line).unwrap());
        }
        assert_eq!(read, ["one", "", "two"]);
    }

    #[tokio::test]
    async fn refuses_a_line_that_is_too_long() {
        for text in [&b"four\n"[..], b"endless and without a break"] {
            let error = LineReader::new(text, 3).next().await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        }
    }
}
