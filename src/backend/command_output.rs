//! What a program writes: kept up to a limit, read to its end.
//!
//! Must not know which program writes or when it ends.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::task::JoinHandle;

/// How much of a program's output is kept; the rest is read and counted.
pub(super) const MAX_OUTPUT_BYTES: usize = 64 * 1024;

/// How much of that is the end of the output: a program tells there why it gave up.
const TAIL_BYTES: usize = 2 * 1024;

/// A program's output while it is being read.
pub(super) struct CommandOutput {
    kept: Arc<Mutex<Kept>>,
    readers: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Kept {
    head: Vec<u8>,
    tail: Vec<u8>,
    cut_bytes: u64,
}

impl Kept {
    fn take(&mut self, chunk: &[u8]) {
        let room = (MAX_OUTPUT_BYTES - TAIL_BYTES).saturating_sub(self.head.len());
        let (first, rest) = chunk.split_at(room.min(chunk.len()));
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(rest);
        let surplus = self.tail.len().saturating_sub(TAIL_BYTES);
        self.tail.drain(..surplus);
        self.cut_bytes = self.cut_bytes.saturating_add(surplus as u64);
    }

    fn text(&self) -> String {
        if self.cut_bytes == 0 {
            // Joined first: a letter may lie across the border.
            let all = [self.head.as_slice(), self.tail.as_slice()].concat();
            return String::from_utf8_lossy(&all).into_owned();
        }
        let mut text = String::from_utf8_lossy(&self.head).into_owned();
        text.push_str(&format_cut(self.cut_bytes));
        text.push_str(&String::from_utf8_lossy(&self.tail));
        text
    }
}

fn format_cut(cut_bytes: u64) -> String {
    format!("\n… {cut_bytes} bytes are not kept …\n")
}

impl CommandOutput {
    /// Reads all of these streams in the background until their ends, even after this value is
    /// gone: a program that outlives its step must not fail because nobody reads it.
    pub(super) fn read(streams: Vec<Box<dyn AsyncRead + Send + Unpin>>) -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let readers = streams
            .into_iter()
            .map(|stream| tokio::spawn(drain(stream, Arc::clone(&kept))))
            .collect();
        Self { kept, readers }
    }

    /// Waits until all streams have ended. Cancel-safe.
    pub(super) async fn ended(&mut self) {
        while let Some(reader) = self.readers.last_mut() {
            // A reader ends by itself; were it to panic, its stream has ended all the same.
            reader.await.ok();
            self.readers.pop();
        }
    }

    /// What was written until now, with a line that says how much was cut out of it before its end.
    /// What is not UTF-8 is replaced.
    pub(super) fn text(&self) -> String {
        self.kept.lock().text()
    }
}

async fn drain(mut stream: Box<dyn AsyncRead + Send + Unpin>, kept: Arc<Mutex<Kept>>) {
    let mut buffer = vec![0; 8 * 1024];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        kept.lock().take(buffer.get(..count).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_the_beginning_and_the_end_and_counts_the_rest() {
        let mut bytes = vec![b'x'; MAX_OUTPUT_BYTES + 10];
        bytes.extend_from_slice(b"\nwhy\n");
        let stream: Box<dyn AsyncRead + Send + Unpin> = Box::new(std::io::Cursor::new(bytes));
        let mut output = CommandOutput::read(vec![stream]);
        output.ended().await;
        let text = output.text();
        assert!(text.contains("x\n… 15 bytes are not kept …\nx"));
        assert!(text.ends_with("x\nwhy\n"));
        assert_eq!(text.matches('x').count(), MAX_OUTPUT_BYTES - 5);
    }

    #[tokio::test]
    async fn a_letter_across_the_border_stays_whole() {
        let border = MAX_OUTPUT_BYTES - TAIL_BYTES;
        let bytes = [vec![b'x'; border - 1], "ä".into()].concat();
        let stream: Box<dyn AsyncRead + Send + Unpin> = Box::new(std::io::Cursor::new(bytes));
        let mut output = CommandOutput::read(vec![stream]);
        output.ended().await;
        assert!(output.text().ends_with("xä"));
    }

    #[tokio::test]
    async fn shows_what_is_not_utf8_as_such() {
        let stream: Box<dyn AsyncRead + Send + Unpin> =
            Box::new(std::io::Cursor::new(b"a\xffb\x1b[2J".to_vec()));
        let mut output = CommandOutput::read(vec![stream]);
        output.ended().await;
        assert_eq!(output.text(), "a\u{fffd}b\u{1b}[2J");
    }
}
