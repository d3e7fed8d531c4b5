//! Text that is cut where there is no room, at its end or in its middle.

use std::sync::{Arc, OnceLock};

use egui::cache::{ComputerMut, FrameCache};
use egui::{Align2, Color32, Painter, Pos2, Rect, Response, Role as Part, Sense, Ui, WidgetInfo};

use super::paint::layout;
use crate::ui::theme::Role;

/// Where a text is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ui) enum Elide {
    /// At the end, for names of agents and threads.
    End,
    /// In the middle, for paths, addresses and distinguished names.
    Middle,
}

/// One line of text that fits, with the whole text in its tooltip when it was cut.
pub(in crate::ui) fn elided(
    ui: &mut Ui,
    text: &str,
    role: Role,
    colour: Color32,
    elide: Elide,
    max_width: f32,
) -> Response {
    let shown = fit(ui.painter(), text, role, elide, max_width);
    let cut = shown.is_some();
    let galley = layout(
        ui.painter(),
        shown.as_deref().unwrap_or(text),
        role,
        max_width,
    );
    let cut = cut || galley.elided;
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Part::Label, true, text));
    if ui.is_rect_visible(rect) {
        ui.painter().galley(rect.min, galley, colour);
    }
    if cut {
        super::tooltip(&response, text, None);
    }
    response
}

/// The same, painted at an anchor; says where it went and whether it was cut.
pub(in crate::ui) fn paint_elided(
    painter: &Painter,
    (at, anchor): (Pos2, Align2),
    text: &str,
    (role, colour): (Role, Color32),
    elide: Elide,
    max_width: f32,
) -> (Rect, bool) {
    let shown = fit(painter, text, role, elide, max_width);
    let galley = layout(painter, shown.as_deref().unwrap_or(text), role, max_width);
    let cut = shown.is_some() || galley.elided;
    let rect = anchor.anchor_size(at, galley.size());
    painter.galley(rect.min, galley, colour);
    (rect, cut)
}

/// The text with its middle left out, or nothing where it fits or is cut at its end.
fn fit(
    painter: &Painter,
    text: &str,
    role: Role,
    elide: Elide,
    max_width: f32,
) -> Option<Arc<str>> {
    if elide == Elide::End || !max_width.is_finite() {
        return None;
    }
    let wide = |text: &str| layout(painter, text, role, f32::INFINITY).size().x;
    if wide(text) <= max_width {
        return None;
    }
    let key = Key::new(text, role, max_width, painter.pixels_per_point());
    type Cache = FrameCache<Slot, NewSlot>;
    let slot = painter
        .ctx()
        .memory_mut(|memory| Arc::clone(memory.caches.cache::<Cache>().get(key)));
    // The measuring above needs the context, so it cannot happen while the memory is borrowed.
    Some(Arc::clone(
        slot.get_or_init(|| middle(text, max_width, wide).into()),
    ))
}

/// A place in the cache that is filled by whoever needs it first; egui drops it when unused.
type Slot = Arc<OnceLock<Arc<str>>>;

#[derive(Default)]
struct NewSlot;

impl ComputerMut<Key, Slot> for NewSlot {
    fn compute(&mut self, _key: Key) -> Slot {
        Slot::default()
    }
}

#[derive(Hash, Clone, Copy)]
struct Key {
    text: u64,
    role: Role,
    width: u32,
    scale: u32,
}

impl Key {
    fn new(text: &str, role: Role, width: f32, scale: f32) -> Self {
        Self {
            text: egui::util::hash(text),
            role,
            width: width.to_bits(),
            scale: scale.to_bits(),
        }
    }
}

/// Keeps the longest start and end that fit together, three fifths of it from the start.
fn middle(text: &str, max_width: f32, wide: impl Fn(&str) -> f32) -> String {
    let letters: Vec<char> = text.chars().collect();
    let join = |kept: usize| -> String {
        let head = (kept * 3).div_ceil(5);
        let tail = kept - head;
        letters
            .iter()
            .take(head)
            .chain(std::iter::once(&'…'))
            .chain(letters.iter().skip(letters.len() - tail))
            .collect()
    };
    let (mut fits, mut fails) = (0, letters.len());
    while fits + 1 < fails {
        let kept = usize::midpoint(fits, fails);
        if wide(&join(kept)) <= max_width {
            fits = kept;
        } else {
            fails = kept;
        }
    }
    join(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As if every letter were one point wide.
    fn cut(text: &str, room: f32) -> String {
        middle(text, room, |text| text.chars().count() as f32)
    }

    #[test]
    fn the_middle_goes_and_both_ends_stay() {
        let cases = [
            ("CN=Aalto Mira,OU=Staff,DC=local", 11.0, "CN=Aal…ocal"),
            ("abcdefghij", 6.0, "abc…ij"),
            ("abcdefghij", 2.0, "a…"),
            ("abcdefghij", 1.0, "…"),
            ("abcdefghij", 0.0, "…"),
            ("äöüßéèêñçåø", 6.0, "äöü…åø"),
        ];
        for (text, room, shown) in cases {
            assert_eq!(cut(text, room), shown, "{text} in {room}");
        }
    }

    #[test]
    fn what_is_left_always_fits() {
        let text = "/srv/identity/feeds/hr/incoming/2026/people.csv";
        for room in 1..40 {
            let shown = cut(text, room as f32);
            assert!(shown.chars().count() <= room, "{shown} in {room}");
            assert!(shown.contains('…'));
        }
    }
}
