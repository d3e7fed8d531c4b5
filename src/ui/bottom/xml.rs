//! The file as it would be saved, read only, with the lines of what is chosen marked.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{Align2, Color32, Rect, Role as Part, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::designer::XmlText;
use crate::designer::words::bottom as words;
use crate::model::{Place, Sequence};
use crate::ui::icons::Icon;
use crate::ui::theme::{Role, StepLook, Tokens, gap, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Button, line, text};

/// What it remembers by itself.
#[derive(Default)]
pub(super) struct Memory {
    of: Option<Arc<Sequence>>,
    xml: XmlText,
    shown: Option<Place>,
}

impl Memory {
    fn refresh(&mut self, view: &View<'_>) {
        let sequence = &view.state.document.sequence;
        if self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, sequence)) {
            return;
        }
        self.xml = XmlText::of(sequence);
        self.of = Some(Arc::clone(sequence));
    }
}

/// The button that copies.
pub(super) fn tools(ui: &mut Ui, view: &View<'_>, memory: &mut Memory) {
    memory.refresh(view);
    let copy = Button::new(words::COPY).icon(Icon::Copy).small();
    if copy.tooltip(words::COPY_XML_TIP).show(ui).clicked() {
        ui.ctx().copy_text(memory.xml.text.clone());
    }
    let colour = tokens(ui).text_tertiary;
    text(ui, &words::lines(memory.xml.len()), Role::Small, colour);
}

/// Draws the text.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, memory: &mut Memory) {
    const HEIGHT: f32 = 17.0;
    memory.refresh(view);
    let chosen = view.state.selection.single();
    let marked = chosen.and_then(|place| memory.xml.lines_of(place));
    let mut scroll = ScrollArea::both().id_salt("xml-lines").auto_shrink(false);
    if memory.shown != chosen {
        memory.shown = chosen;
        if let Some(lines) = &marked {
            let offset = lines.start as f32 * HEIGHT - gap::FAR;
            scroll = scroll.vertical_scroll_offset(offset.max(0.0));
        }
    }
    let count = memory.xml.len();
    let digits = count.to_string().len().max(3) as f32;
    let margin = digits * 7.3 + 26.0;
    scroll.show_rows(ui, HEIGHT, count, |ui, range| {
        let wide = ui.available_width();
        for index in range {
            let is_marked = marked.as_ref().is_some_and(|lines| lines.contains(&index));
            one(
                ui,
                memory.xml.line(index),
                index,
                (is_marked, margin, wide, HEIGHT),
            );
        }
    });
}

fn one(
    ui: &mut Ui,
    content: &str,
    index: usize,
    (is_marked, margin, wide, height): (bool, f32, f32, f32),
) {
    let look = tokens(ui);
    let galley = ui.painter().layout_job(coloured(content, look));
    let width = (margin + galley.size().x + gap::GROUP).max(wide);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Part::Label, true, content));
    let painter = ui.painter();
    if is_marked {
        painter.rect_filled(rect, 0.0, look.bg_selected);
        let edge = Rect::from_min_size(rect.min, vec2(3.0, height));
        painter.rect_filled(edge, 0.0, look.accent);
    }
    let at = (
        pos2(rect.left() + margin - 14.0, rect.center().y),
        Align2::RIGHT_CENTER,
    );
    let number = (index + 1).to_string();
    line(painter, at, &number, Role::Mono, look.text_tertiary);
    let at = pos2(
        rect.left() + margin,
        rect.center().y - galley.size().y / 2.0,
    );
    painter.galley(at, galley, look.text_primary);
}

/// A line in colours: names of elements, of attributes, values, and the rest.
fn coloured(content: &str, look: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (kind, range) in parts(content) {
        let colour = colour(kind, look);
        let format = TextFormat {
            line_height: Some(Role::Mono.line_height()),
            ..TextFormat::simple(Role::Mono.font(), colour)
        };
        job.append(content.get(range).unwrap_or_default(), 0.0, format);
    }
    job
}

const fn colour(kind: Kind, look: &Tokens) -> Color32 {
    match kind {
        Kind::Sign => look.text_tertiary,
        Kind::Element => look.accent_text,
        Kind::Attribute => look.kind(StepLook::Sync).icon,
        Kind::Value => look.kind(StepLook::Export).icon,
        Kind::Text => look.text_primary,
    }
}

/// What a part of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sign,
    Element,
    Attribute,
    Value,
    Text,
}

/// The parts of a line that the writer wrote; each line begins outside of a tag.
fn parts(content: &str) -> Vec<(Kind, Range<usize>)> {
    let mut parts: Vec<(Kind, Range<usize>)> = Vec::new();
    let mut kind = Kind::Text;
    let mut in_tag = false;
    let mut begin = 0;
    let mut close = |kind: Kind, begin: &mut usize, end: usize| {
        if end > *begin {
            parts.push((kind, *begin..end));
        }
        *begin = end;
    };
    for (at, letter) in content.char_indices() {
        let after = at + letter.len_utf8();
        match (kind, letter) {
            (Kind::Value, '"') => {
                close(kind, &mut begin, after);
                kind = Kind::Attribute;
            }
            (Kind::Value, _) => {}
            (_, '<') => {
                close(kind, &mut begin, at);
                in_tag = true;
                kind = Kind::Element;
                close(Kind::Sign, &mut begin, after);
            }
            (_, '>') if in_tag => {
                close(kind, &mut begin, at);
                close(Kind::Sign, &mut begin, after);
                in_tag = false;
                kind = Kind::Text;
            }
            (Kind::Element | Kind::Attribute, '/' | '?' | '=') => {
                close(kind, &mut begin, at);
                close(Kind::Sign, &mut begin, after);
            }
            (Kind::Element, ' ') => {
                close(kind, &mut begin, at);
                kind = Kind::Attribute;
            }
            (Kind::Attribute, '"') => {
                close(kind, &mut begin, at);
                kind = Kind::Value;
            }
            _ => {}
        }
    }
    close(kind, &mut begin, content.len());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_falls_into_its_parts() {
        let line = r#"  <step a="1 > 0" b="x"/>text</argument>"#;
        let all: Vec<(Kind, &str)> = parts(line)
            .into_iter()
            .map(|(kind, range)| (kind, &line[range]))
            .collect();
        let expected = [
            (Kind::Text, "  "),
            (Kind::Sign, "<"),
            (Kind::Element, "step"),
            (Kind::Attribute, " a"),
            (Kind::Sign, "="),
            (Kind::Value, "\"1 > 0\""),
            (Kind::Attribute, " b"),
            (Kind::Sign, "="),
            (Kind::Value, "\"x\""),
            (Kind::Sign, "/"),
            (Kind::Sign, ">"),
            (Kind::Text, "text"),
            (Kind::Sign, "<"),
            (Kind::Sign, "/"),
            (Kind::Element, "argument"),
            (Kind::Sign, ">"),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn nothing_of_a_line_is_lost() {
        for line in [
            "",
            "a",
            "<",
            "<é ü=\"ß\">日本</é>",
            "\"",
            "<?xml version=\"1.0\"?>",
        ] {
            let joined: String = parts(line)
                .into_iter()
                .map(|(_, range)| &line[range])
                .collect();
            assert_eq!(joined, line);
        }
    }
}
