//! A few small pictures of what the design is made of, in each theme.
//!
//! To take them anew after a wanted change: `UPDATE_SNAPSHOTS=force cargo test --test ui snapshots`,
//! then look at each of them.

use std::panic::catch_unwind;

use egui::{Rect, Theme};
use egui_kittest::kittest::{AccessKitNode, NodeT as _};
use egui_kittest::wgpu::WgpuTestRenderer;
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults, try_image_snapshot_options};
use image::RgbaImage;
use image::imageops::crop_imm;
use masequencer::settings::ThemeChoice;
use masequencer::ui::{Staged, staged};

/// How far a pixel may be from its picture: less than two neighbouring tokens are from each other.
const PIXEL: f32 = 1.0;

/// How many pixels may be further: another Mesa rounds a corner otherwise.
const PIXELS: usize = 40;

const THEMES: [(ThemeChoice, &str); 3] = [
    (ThemeChoice::Light, "light"),
    (ThemeChoice::Dark, "dark"),
    (ThemeChoice::HighContrast, "contrast"),
];

/// A part of a scene: its picture's name, the first and the last name in it, and its least width.
type Part = (&'static str, [&'static str; 2], f32);

/// The sheet's columns, without their edges.
const COLUMN: f32 = 432.0;

const SCENES: [(&str, &[Part]); 3] = [
    ("main", &[("cards", ["Thread 1, ", "Step 1.2, "], 0.0)]),
    ("run", &[("run-cards", ["Thread 1, ", "Step 1.3, "], 0.0)]),
    (
        "components",
        &[
            ("buttons", ["Buttons", "Inputs"], COLUMN),
            ("states", ["Badges", "Chips"], COLUMN),
        ],
    ),
];

/// A scene that can be painted.
fn paintable(name: &str, theme: ThemeChoice) -> Harness<'static, Staged> {
    let scene = staged(name).expect("a scene of the gallery");
    let renderer = catch_unwind(WgpuTestRenderer::new).unwrap_or_else(|_| {
        panic!(
            "nothing can paint here: neither Vulkan nor OpenGL; on Debian, install \
             mesa-vulkan-drivers and libvulkan1, or run `bash tests/run` once"
        )
    });
    let mut harness = Harness::builder()
        .with_size(scene.size)
        .renderer(renderer)
        .allow_missing_glyphs()
        // The harness chooses light or dark for itself, after the scene was dressed.
        .with_theme(match theme {
            ThemeChoice::System | ThemeChoice::Light => Theme::Light,
            ThemeChoice::Dark | ThemeChoice::HighContrast => Theme::Dark,
        })
        .with_context_setup(move |ctx| Staged::dress(ctx, theme))
        .build_ui_state(|ui, scene: &mut Staged| scene.frame(ui), scene);
    harness.run();
    harness
}

/// The smallest rectangle around the first widgets or words of these names.
fn around(harness: &Harness<'_, Staged>, names: &[&str], width: f32) -> Rect {
    let mut all = Rect::NOTHING;
    for name in names {
        let find = |said: fn(&AccessKitNode<'_>) -> Option<String>| {
            let mut nodes = harness.root().children_recursive();
            nodes.find(|node| {
                said(&node.accesskit_node()).is_some_and(|said| said.starts_with(name))
            })
        };
        let found = find(|node| node.label()).or_else(|| find(|node| node.value()));
        all |= found.unwrap_or_else(|| panic!("no `{name}`")).rect();
    }
    all.set_width(all.width().max(width));
    all.expand(6.0)
}

fn cut(picture: &RgbaImage, part: Rect) -> RgbaImage {
    let [left, top, width, height] = [part.left(), part.top(), part.width(), part.height()]
        .map(|points| points.round().max(0.0) as u32);
    crop_imm(picture, left, top, width, height).to_image()
}

#[test]
fn cards_and_controls_look_as_in_their_pictures() {
    let options = SnapshotOptions::new()
        .threshold(PIXEL)
        .max_failed_pixels(PIXELS)
        .output_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui/snapshots"));
    let mut results = SnapshotResults::new();
    for (theme, word) in THEMES {
        for (scene, parts) in SCENES {
            let mut harness = paintable(scene, theme);
            let picture = harness.render().expect("a picture");
            for (part, names, width) in parts {
                let part_of = cut(&picture, around(&harness, names, *width));
                let name = format!("{part}-{word}");
                results.add(try_image_snapshot_options(&part_of, name, &options));
            }
        }
    }
    results.unwrap();
}
