//! One scene of the gallery as a window that somebody else draws: for tests that look at all of them.

use egui::{Context, PointerButton, Pos2, Ui, Vec2};

use crate::settings::ThemeChoice;

use super::super::app::dress;
use super::super::shell::Shell;
use super::scenes::{self, Click, Scene};
use super::{Nobody, components, sample};

/// A scene, ready to be drawn.
pub struct Staged {
    /// The size of its window in points.
    pub size: Vec2,
    /// Where the pointer rests, and what it clicks there first.
    pub pointer: Option<(Pos2, Option<PointerButton>)>,
    /// The window; the sheet of controls has none.
    shell: Option<Shell>,
}

/// The names of all scenes.
pub fn scene_names() -> Vec<&'static str> {
    scenes::all().iter().map(|scene| scene.name).collect()
}

/// The scene of this name.
pub fn staged(name: &str) -> Option<Staged> {
    scenes::all()
        .into_iter()
        .find(|scene| scene.name == name)
        .map(|scene| Staged::new(&scene))
}

impl Staged {
    fn new(scene: &Scene) -> Self {
        let shell = || Shell::showing((scene.build)(), Box::new(Nobody));
        Self {
            size: scene.size,
            pointer: scene.pointer.map(|(at, click)| {
                let button = match click {
                    Click::No => None,
                    Click::Primary => Some(PointerButton::Primary),
                    Click::Secondary => Some(PointerButton::Secondary),
                };
                (at, button)
            }),
            shell: (scene.name != scenes::SHEET).then(shell),
        }
    }

    /// Dresses the context for it: nothing moves.
    pub fn dress(ctx: &Context, theme: ThemeChoice) {
        dress(ctx, theme, 100, false);
    }

    /// Draws one frame.
    pub fn frame(&mut self, ui: &mut Ui) {
        match &mut self.shell {
            Some(shell) => shell.frame(ui, sample::now() + std::time::Duration::from_secs(860)),
            None => components(ui),
        }
    }
}
