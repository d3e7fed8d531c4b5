//! Where something that is dragged would land: from the pointer's place to a drop point. Pure.

use egui::{Pos2, Rect};

use crate::designer::{DragSource, DropPoint};

use super::measure::{Columns, Heights};

/// What the pointer is measured against.
pub(super) struct Field<'a> {
    /// The visible canvas.
    pub(super) view: Rect,
    /// Where the left end of all columns is on the screen.
    pub(super) left: f32,
    pub(super) columns: Columns,
    /// For each column, the heights of its cards and where its first card begins on the screen.
    pub(super) lanes: &'a [(&'a Heights, f32)],
}

/// Where something dragged would land; `None` over nothing.
pub(super) fn target(field: &Field<'_>, pointer: Pos2, source: &DragSource) -> Option<DropPoint> {
    if !field.view.contains(pointer) {
        return None;
    }
    let columns = field.columns;
    let x = pointer.x - field.left;
    let step = columns.width + columns.gap;
    if matches!(source, DragSource::Thread(_)) {
        let at = ((x - columns.gap - columns.width / 2.0) / step)
            .ceil()
            .max(0.0) as usize;
        return Some(DropPoint::NewThread(at.min(columns.count)));
    }
    let column = ((x - columns.gap) / step).floor();
    if column < 0.0 {
        return Some(DropPoint::NewThread(0));
    }
    let thread = column as usize;
    if thread >= columns.count {
        return Some(DropPoint::NewThread(columns.count));
    }
    if x - columns.left(thread) > columns.width {
        return Some(DropPoint::NewThread(thread + 1));
    }
    let (heights, top) = field.lanes.get(thread)?;
    let step = heights.landing(pointer.y - top);
    Some(DropPoint::In { thread, step })
}

/// How fast things scroll when the pointer is near an edge, in points a second; zero elsewhere.
pub(super) fn edge_speed(pointer: f32, from: f32, to: f32) -> f32 {
    const ZONE: f32 = 36.0;
    const FASTEST: f32 = 900.0;
    let zone = ZONE.min((to - from) / 4.0).max(1.0);
    let near = |distance: f32| (1.0 - distance / zone).clamp(0.0, 1.0);
    FASTEST * (near(to - pointer) - near(pointer - from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{pos2, vec2};

    #[test]
    fn steps_land_in_threads_and_between_them() {
        let columns = Columns::new(2, 600.0, false);
        let heights = Heights::Even { count: 3 };
        let lanes = [(&heights, 60.0), (&heights, 60.0)];
        let field = Field {
            view: Rect::from_min_size(pos2(0.0, 0.0), vec2(600.0, 400.0)),
            left: 0.0,
            columns,
            lanes: &lanes,
        };
        let second = columns.left(1) + 20.0;
        let cases = [
            (pos2(30.0, 65.0), Some(DropPoint::In { thread: 0, step: 0 })),
            (
                pos2(second, 120.0),
                Some(DropPoint::In { thread: 1, step: 1 }),
            ),
            (
                pos2(second, 390.0),
                Some(DropPoint::In { thread: 1, step: 3 }),
            ),
            (
                pos2(columns.left(1) - 4.0, 100.0),
                Some(DropPoint::NewThread(1)),
            ),
            (pos2(3.0, 100.0), Some(DropPoint::NewThread(0))),
            (
                pos2(columns.left(2) + 2.0, 100.0),
                Some(DropPoint::NewThread(2)),
            ),
            (pos2(700.0, 100.0), None),
        ];
        for (pointer, point) in cases {
            assert_eq!(target(&field, pointer, &DragSource::NewDelay), point);
        }
        let thread = DragSource::Thread(0);
        for (x, at) in [(20.0, 0), (second, 1), (columns.left(2) - 20.0, 2)] {
            let point = target(&field, pos2(x, 100.0), &thread);
            assert_eq!(point, Some(DropPoint::NewThread(at)), "at {x}");
        }
    }

    #[test]
    fn things_scroll_only_near_an_edge() {
        assert!(edge_speed(5.0, 0.0, 400.0) < 0.0);
        assert!(edge_speed(200.0, 0.0, 400.0).abs() < f32::EPSILON);
        assert!(edge_speed(398.0, 0.0, 400.0) > 0.0);
    }
}
