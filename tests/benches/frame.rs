//! What a frame of the designer costs the processor: layout and tessellation, without a graphics
//! card, for sequences of 100, 1,000 and 10,000 steps and for a run of 200 threads.
//!
//! Run with `cargo bench --bench frame`.

#[path = "measure.rs"]
#[expect(
    dead_code,
    reason = "shared by all benchmarks; this one needs a part of it"
)]
mod measure;

use std::time::Duration;

use egui::{
    Context, Event, Modifiers, MouseWheelUnit, PointerButton, Pos2, RawInput, Rect, pos2, vec2,
};
use masequencer::ui::{Measured, Shell, measured, measured_now};

use measure::{millis, tell, time};

/// How many frames each measurement has.
const FRAMES: usize = 300;

/// Frames that are drawn before: fonts and icons are made ready.
const WARM_UP: usize = 20;

/// Within the first card of the first thread.
const CARD: Pos2 = pos2(400.0, 195.0);

/// What a person does while frames are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Scrolling,
    Dragging,
}

fn main() {
    tell(&format!(
        "a frame of the designer (1440 × 900 points), layout and tessellation; {FRAMES} frames"
    ));
    for (threads, steps) in [(4, 25), (10, 100), (10, 1_000), (1, 10_000)] {
        for doing in [Doing::Nothing, Doing::Scrolling, Doing::Dragging] {
            let name = format!("{} steps in {threads} threads", threads * steps);
            measure(&name, Measured::Drawing { threads, steps }, doing);
        }
    }
    measure(
        "a run of 200 threads",
        Measured::Running { threads: 200 },
        Doing::Nothing,
    );
    measure(
        "a run of 200 threads",
        Measured::Running { threads: 200 },
        Doing::Scrolling,
    );
}

fn measure(name: &str, what: Measured, doing: Doing) {
    let ctx = Context::default();
    let mut shell = measured(&ctx, what);
    for frame in 0..WARM_UP {
        draw(&ctx, &mut shell, frame, Vec::new());
    }
    let mut triangles = 0;
    let mut times: Vec<Duration> = (0..FRAMES)
        .map(|frame| {
            let events = events(doing, frame);
            time(|| triangles = draw(&ctx, &mut shell, WARM_UP + frame, events))
        })
        .collect();
    // Figures of something that does not happen would be fine, too.
    assert!(triangles > 1_000, "{triangles} triangles");
    assert_eq!(shell.state().drag.is_some(), doing == Doing::Dragging);
    times.sort_unstable();
    let index = |share: f64| ((FRAMES - 1) as f64 * share) as usize;
    let at = |share: f64| times.get(index(share)).copied().unwrap_or_default();
    let word = match doing {
        Doing::Nothing => "idle",
        Doing::Scrolling => "scrolling",
        Doing::Dragging => "dragging",
    };
    tell(&format!(
        "  {name}, {word}: median {:.2} ms, p99 {:.2} ms; {triangles} triangles",
        millis(at(0.5)),
        millis(at(0.99)),
    ));
}

fn events(doing: Doing, frame: usize) -> Vec<Event> {
    let wave = ((frame as f32) / 20.0).sin();
    match doing {
        Doing::Nothing => Vec::new(),
        Doing::Scrolling => vec![
            Event::PointerMoved(pos2(500.0, 400.0)),
            Event::MouseWheel {
                unit: MouseWheelUnit::Point,
                delta: vec2(0.0, -120.0),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Wheel,
                modifiers: Modifiers::NONE,
            },
        ],
        // The first card is taken; a press and a long way in one frame would miss it.
        Doing::Dragging => match frame {
            0 => vec![Event::PointerMoved(CARD)],
            1 => vec![Event::PointerButton {
                pos: CARD,
                button: PointerButton::Primary,
                pressed: true,
                modifiers: Modifiers::NONE,
            }],
            2 => vec![Event::PointerMoved(CARD + vec2(8.0, 0.0))],
            _ => vec![Event::PointerMoved(
                CARD + vec2(100.0 + 200.0 * wave, 135.0 + 80.0 * wave),
            )],
        },
    }
}

/// Draws a frame; how many triangles it has.
fn draw(ctx: &Context, shell: &mut Shell, frame: usize, events: Vec<Event>) -> usize {
    let input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
        time: Some(frame as f64 / 60.0),
        events,
        ..RawInput::default()
    };
    let now = measured_now() + Duration::from_millis(frame as u64 * 16);
    let mut output = ctx.run_ui(input, |ui| shell.frame(ui, now));
    // Nothing paints here.
    output.textures_delta.clear();
    let shapes = ctx.tessellate(output.shapes, output.pixels_per_point);
    let triangles = shapes.iter().map(|shape| match &shape.primitive {
        egui::epaint::Primitive::Mesh(mesh) => mesh.indices.len() / 3,
        egui::epaint::Primitive::Callback(_) => 0,
    });
    triangles.sum()
}
