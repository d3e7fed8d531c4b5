//! Colours by meaning, and which set of them is in force.
//!
//! Must not say where a colour is used: a screen asks by meaning.

use egui::{Color32, Context, Ui, Visuals};

use super::look::Look;
use super::values::{DARK, HIGH_CONTRAST, LIGHT};

/// The colours of one look. The unit tests hold them to the contrast that each needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct Tokens {
    /// The look these colours belong to.
    pub look: Look,
    /// The workspace behind the threads.
    pub bg_canvas: Color32,
    /// Title, menu, toolbar, status bar, the foot of a dialog.
    pub bg_window: Color32,
    /// Tree, inspector, bottom panel.
    pub bg_panel: Color32,
    /// The column of a thread.
    pub bg_lane: Color32,
    /// Cards and buttons.
    pub bg_card: Color32,
    /// Text fields, combo boxes, check boxes.
    pub bg_input: Color32,
    /// Dialogs, menus, toasts.
    pub bg_overlay: Color32,
    /// A row or button under the pointer.
    pub bg_hover: Color32,
    /// What is pressed, the track of progress, the badge of a count.
    pub bg_pressed: Color32,
    /// The selected row, the active toggle.
    pub bg_selected: Color32,
    /// A control that is disabled.
    pub bg_disabled: Color32,
    /// The thread under a drag.
    pub bg_drop: Color32,
    /// Dividers inside a panel.
    pub stroke_subtle: Color32,
    /// Borders of panels, cards and badges.
    pub stroke_default: Color32,
    /// Borders of controls, and of cards under the pointer.
    pub stroke_strong: Color32,
    /// Main text, and the background of a tooltip.
    pub text_primary: Color32,
    /// Second lines and labels.
    pub text_secondary: Color32,
    /// Hints, units, step numbers.
    pub text_tertiary: Color32,
    /// Words of what is disabled.
    pub text_disabled: Color32,
    /// The primary button, the selection, a switch that is on.
    pub accent: Color32,
    /// The accent under the pointer.
    pub accent_hover: Color32,
    /// The accent while it is pressed.
    pub accent_pressed: Color32,
    /// Links, and the word of the active tab.
    pub accent_text: Color32,
    /// Text and icons on the accent.
    pub on_accent: Color32,
    /// The ring of the keyboard's focus.
    pub focus: Color32,
    /// Behind dialogs.
    pub scrim: Color32,
    /// What shadows are made of, from a card's to a dialog's.
    pub(super) shadows: [Color32; 3],
    pub(super) success: StatusColours,
    pub(super) warning: StatusColours,
    pub(super) error: StatusColours,
    pub(super) running: StatusColours,
    pub(super) waiting: StatusColours,
    pub(super) held: StatusColours,
    pub(super) skipped: StatusColours,
    pub(super) info: StatusColours,
    pub(super) import: KindColours,
    pub(super) sync: KindColours,
    pub(super) export: KindColours,
    pub(super) flow: KindColours,
}

/// What a step, a run or a message is like; never told by its colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ui) enum Status {
    /// It ended well.
    Success,
    /// It ended, and something should be looked at.
    Warning,
    /// It failed, or is wrong.
    Error,
    /// It goes on now.
    Running,
    /// It waits for something else.
    Waiting,
    /// A person must decide.
    Held,
    /// It will not happen.
    Skipped,
    /// Worth knowing.
    Info,
}

impl Status {
    /// Every status, as the legend lists them.
    pub(in crate::ui) const ALL: [Self; 8] = [
        Self::Success,
        Self::Warning,
        Self::Error,
        Self::Running,
        Self::Waiting,
        Self::Held,
        Self::Skipped,
        Self::Info,
    ];
}

/// The four colours of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct StatusColours {
    /// A block, a bar, a band.
    pub solid: Color32,
    /// Icon and text on `solid`.
    pub on: Color32,
    /// The word, and an icon that stands free.
    pub text: Color32,
    /// The background of a card, a pill or a row.
    pub tint: Color32,
}

/// The family of a step, which gives its tile a colour while editing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ui) enum StepLook {
    /// Reads from a directory.
    Import,
    /// Synchronizes, alone or combined with an import.
    Sync,
    /// Writes to a directory.
    Export,
    /// Everything else.
    Flow,
}

/// The two colours of a step's tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct KindColours {
    /// The glyph.
    pub icon: Color32,
    /// The tile behind it.
    pub tile: Color32,
}

impl Tokens {
    /// Dim words on the ground of a tooltip or of a drag's hint, which is the main text's colour.
    pub(in crate::ui) fn on_tip_dim(&self) -> Color32 {
        // No stroke will do: in high contrast they are all as white as the ground.
        self.bg_panel.lerp_to_gamma(self.text_primary, 0.25)
    }

    /// The edge of what is chosen or switched on, beside its tint; none where the tint is enough.
    pub(in crate::ui) const fn chosen_edge(&self) -> Color32 {
        match self.look {
            Look::Light | Look::Dark => Color32::TRANSPARENT,
            Look::HighContrast => self.accent,
        }
    }

    /// The colours of a status.
    pub(in crate::ui) const fn status(&self, status: Status) -> StatusColours {
        match status {
            Status::Success => self.success,
            Status::Warning => self.warning,
            Status::Error => self.error,
            Status::Running => self.running,
            Status::Waiting => self.waiting,
            Status::Held => self.held,
            Status::Skipped => self.skipped,
            Status::Info => self.info,
        }
    }

    /// The colours of a step's family.
    pub(in crate::ui) const fn kind(&self, kind: StepLook) -> KindColours {
        match kind {
            StepLook::Import => self.import,
            StepLook::Sync => self.sync,
            StepLook::Export => self.export,
            StepLook::Flow => self.flow,
        }
    }
}

/// The tokens of the look in which `ui` is drawn.
pub(in crate::ui) fn tokens(ui: &Ui) -> &'static Tokens {
    of(of_visuals(ui.visuals()))
}

/// The tokens of the window's look, where no `Ui` is at hand.
pub(in crate::ui) fn tokens_of(ctx: &Context) -> &'static Tokens {
    of(look_of(ctx))
}

/// The look in which the window is drawn.
pub(in crate::ui) fn look_of(ctx: &Context) -> Look {
    of_visuals(&ctx.global_style().visuals)
}

/// The tokens of a look.
pub(in crate::ui) const fn of(look: Look) -> &'static Tokens {
    match look {
        Look::Light => &LIGHT,
        Look::Dark => &DARK,
        Look::HighContrast => &HIGH_CONTRAST,
    }
}

/// High contrast wears egui's dark theme, so its panel tells the two apart; this costs no lock.
fn of_visuals(visuals: &Visuals) -> Look {
    if !visuals.dark_mode {
        Look::Light
    } else if visuals.panel_fill == HIGH_CONTRAST.bg_panel {
        Look::HighContrast
    } else {
        Look::Dark
    }
}
