//! Tables of text: columns as wide as their content, the last one free.
//!
//! Pure. Must not know what stands in the cells.

use super::Colour;
use super::layout::width;
use super::paint::{self, Tone};

/// A cell: its text and, if it has one, its colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    tone: Option<Tone>,
}

impl Cell {
    /// A cell with a colour.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone: Some(tone),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            tone: None,
        }
    }
}

/// Lays out a heading and rows, two blanks between the columns, without a blank at a line's end.
pub fn render<const N: usize>(heading: [&str; N], rows: &[[Cell; N]], colour: Colour) -> String {
    let mut widths = heading.map(width);
    for row in rows {
        for (wide, cell) in widths.iter_mut().zip(row) {
            *wide = (*wide).max(width(&cell.text));
        }
    }
    let heading = heading.map(|text| Cell::toned(text, Tone::Quiet));
    let lines: Vec<String> = std::iter::once(&heading)
        .chain(rows)
        .map(|row| line(row, &widths, colour))
        .collect();
    lines.join("\n")
}

fn line<const N: usize>(row: &[Cell; N], widths: &[usize; N], colour: Colour) -> String {
    // Blanks are written only when another word follows, so that no line ends with them.
    let mut text = String::new();
    let mut owed = 0;
    for (cell, wide) in row.iter().zip(widths) {
        let own = width(&cell.text);
        if own > 0 {
            text.push_str(&" ".repeat(owed));
            text.push_str(&match cell.tone {
                Some(tone) => paint::word(&cell.text, tone, colour),
                None => cell.text.clone(),
            });
            owed = 0;
        }
        owed += wide - own.min(*wide) + 2;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_no_line_ends_with_a_blank() {
        let rows = [
            [
                "HR".into(),
                Cell::toned("success", Tone::Good),
                "2 added".into(),
            ],
            ["Ärzte".into(), Cell::toned("failed", Tone::Bad), "".into()],
            ["".into(), "".into(), "x".into()],
        ];
        assert_eq!(
            render(["agent", "result", "what"], &rows, Colour::Off),
            "agent  result   what\n\
             HR     success  2 added\n\
             Ärzte  failed\n                x"
        );
    }

    #[test]
    fn colours_do_not_count_as_width() {
        let rows = [[Cell::toned("ok", Tone::Good), "x".into()]];
        let text = render(["word", "y"], &rows, Colour::On);
        assert!(text.ends_with("\u{1b}[32mok\u{1b}[0m    x"), "{text:?}");
    }
}
