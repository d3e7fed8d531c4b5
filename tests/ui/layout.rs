//! What lies where: nothing that is written covers something else.

use egui::Rect;
use egui::accesskit::Role;
use egui_kittest::kittest::NodeT as _;

use crate::access::at_rest;

/// The height of the bar below its edge.
const BAR: f32 = 25.0;
/// What the harness leaves free around the window.
const AROUND: f32 = 8.0;

/// The words of the status bar, from left to right.
fn status_bar(scene: &str) -> Vec<(String, Rect)> {
    let harness = at_rest(scene);
    let middle = harness.ctx.content_rect().bottom() - AROUND - BAR / 2.0;
    let mut words = Vec::new();
    for node in harness.root().children_recursive() {
        let inner = node.accesskit_node();
        let is_word = matches!(inner.role(), Role::Label | Role::Button);
        if !is_word || inner.raw_bounds().is_none() {
            continue;
        }
        let rect = node.rect();
        if (rect.center().y - middle).abs() < 1.0 {
            let said = inner.value().or_else(|| inner.label());
            words.push((said.unwrap_or_default(), rect));
        }
    }
    words.sort_by(|(_, one), (_, other)| one.left().total_cmp(&other.left()));
    words
}

#[test]
fn the_words_of_the_status_bar_stand_apart_even_in_the_smallest_window() {
    for (scene, least) in [
        ("main", 6),
        ("run", 7),
        ("smallest-main", 5),
        ("smallest-run", 5),
        ("smallest-welcome", 1),
    ] {
        let words = status_bar(scene);
        assert!(words.len() >= least, "{scene}: {words:?}");
        for pair in words.windows(2) {
            let [(_, one), (_, next)] = pair else {
                continue;
            };
            assert!(one.right() <= next.left(), "{scene}: {pair:?}");
        }
        let says_saved = words.iter().any(|(word, _)| word == "Saved");
        assert_eq!(
            says_saved,
            scene != "smallest-welcome",
            "{scene}: {words:?}"
        );
    }
}
