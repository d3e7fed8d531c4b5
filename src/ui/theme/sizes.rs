//! Distances, corners, heights and durations.

/// The steps of the 4-point grid between things.
pub(in crate::ui) mod gap {
    /// 2: within a word and its icon.
    pub(in crate::ui) const HAIR: f32 = 2.0;
    /// 4: between badges.
    pub(in crate::ui) const TIGHT: f32 = 4.0;
    /// 6: between an icon and its word.
    pub(in crate::ui) const CLOSE: f32 = 6.0;
    /// 8: between things that belong together.
    pub(in crate::ui) const NEAR: f32 = 8.0;
    /// 12: between paragraphs.
    pub(in crate::ui) const APART: f32 = 12.0;
    /// 14: a panel's padding, left and right.
    pub(in crate::ui) const PANEL: f32 = 14.0;
    /// 16: between groups.
    pub(in crate::ui) const GROUP: f32 = 16.0;
    /// 20: a dialog's padding.
    pub(in crate::ui) const DIALOG: f32 = 20.0;
    /// 24: between sections.
    pub(in crate::ui) const FAR: f32 = 24.0;
    /// 32: around what stands alone.
    pub(in crate::ui) const WIDE: f32 = 32.0;
}

/// The roundness of corners.
pub(in crate::ui) mod radius {
    /// Progress within a chart.
    pub(in crate::ui) const CHART: u8 = 2;
    /// Check boxes, bars, keys.
    pub(in crate::ui) const CHECK: u8 = 4;
    /// Badges, pills, rows of a tree.
    pub(in crate::ui) const BADGE: u8 = 5;
    /// Buttons and fields.
    pub(in crate::ui) const BUTTON: u8 = 6;
    /// The tile of a step.
    pub(in crate::ui) const TILE: u8 = 7;
    /// Cards, menus, toasts.
    pub(in crate::ui) const CARD: u8 = 8;
    /// The column of a thread.
    pub(in crate::ui) const LANE: u8 = 10;
    /// Dialogs.
    pub(in crate::ui) const DIALOG: u8 = 12;
}

/// Widths and heights of parts.
pub(in crate::ui) mod size {
    use egui::{Vec2, vec2};

    /// The window when it is opened for the first time.
    pub(in crate::ui) const WINDOW: Vec2 = vec2(1440.0, 900.0);
    /// The smallest window in which everything can be reached.
    pub(in crate::ui) const WINDOW_MIN: Vec2 = vec2(900.0, 600.0);
    /// The menu bar.
    pub(in crate::ui) const MENU_BAR: f32 = 28.0;
    /// The toolbar.
    pub(in crate::ui) const TOOLBAR: f32 = 44.0;
    /// The server bar.
    pub(in crate::ui) const SERVER_BAR: f32 = 36.0;
    /// The run bar, in the place of the server bar.
    pub(in crate::ui) const RUN_BAR: f32 = 72.0;
    /// The status bar.
    pub(in crate::ui) const STATUS_BAR: f32 = 26.0;
    /// The narrowest tree.
    pub(in crate::ui) const TREE_MIN: f32 = 180.0;
    /// The widest tree.
    pub(in crate::ui) const TREE_MAX: f32 = 400.0;
    /// The row of an agent.
    pub(in crate::ui) const TREE_ROW: f32 = 27.0;
    /// The row of a run profile.
    pub(in crate::ui) const TREE_SUB_ROW: f32 = 25.0;
    /// How far a run profile is indented.
    pub(in crate::ui) const TREE_INDENT: f32 = 33.0;
    /// The narrowest inspector.
    pub(in crate::ui) const INSPECTOR_MIN: f32 = 280.0;
    /// The widest inspector.
    pub(in crate::ui) const INSPECTOR_MAX: f32 = 440.0;
    /// The rail in the place of the folded tree.
    pub(in crate::ui) const TREE_RAIL: f32 = 44.0;
    /// The narrowest window that shows the tree beside a run.
    pub(in crate::ui) const TREE_IN_RUN: f32 = 1100.0;
    /// The bottom panel with the timeline.
    pub(in crate::ui) const BOTTOM_TIMELINE: f32 = 240.0;
    /// The lowest bottom panel.
    pub(in crate::ui) const BOTTOM_MIN: f32 = 120.0;
    /// The narrowest column.
    pub(in crate::ui) const LANE_MIN: f32 = 248.0;
    /// The widest column.
    pub(in crate::ui) const LANE_MAX: f32 = 360.0;
    /// The head of a column.
    pub(in crate::ui) const LANE_HEAD: f32 = 44.0;
    /// A card while editing.
    pub(in crate::ui) const CARD: f32 = 56.0;
    /// A card with one row of badges.
    pub(in crate::ui) const CARD_BADGES: f32 = 83.0;
    /// A card with two rows of badges.
    pub(in crate::ui) const CARD_BADGES_TWO: f32 = 107.0;
    /// A card during a run.
    pub(in crate::ui) const CARD_RUN: f32 = 72.0;
    /// The block of a card's state.
    pub(in crate::ui) const CARD_BLOCK: f32 = 52.0;
    /// The tile of a step's icon.
    pub(in crate::ui) const TILE: f32 = 34.0;
    /// The place to add a step.
    pub(in crate::ui) const ADD_STEP: f32 = 34.0;
    /// A button.
    pub(in crate::ui) const BUTTON: f32 = 32.0;
    /// A small button.
    pub(in crate::ui) const BUTTON_SMALL: f32 = 26.0;
    /// A small button that is only an icon.
    pub(in crate::ui) const ICON_BUTTON_SMALL: f32 = 24.0;
    /// A field.
    pub(in crate::ui) const INPUT: f32 = 30.0;
    /// A field within a table.
    pub(in crate::ui) const INPUT_TABLE: f32 = 26.0;
    /// A tab.
    pub(in crate::ui) const TAB: f32 = 34.0;
    /// A badge.
    pub(in crate::ui) const BADGE: f32 = 20.0;
    /// A pill.
    pub(in crate::ui) const PILL: f32 = 22.0;
    /// A chip.
    pub(in crate::ui) const CHIP: f32 = 24.0;
    /// A switch.
    pub(in crate::ui) const SWITCH: Vec2 = vec2(32.0, 18.0);
    /// A check box or radio button.
    pub(in crate::ui) const CHECK: f32 = 16.0;
    /// A row of a table.
    pub(in crate::ui) const ROW: f32 = 30.0;
    /// The head of a table.
    pub(in crate::ui) const TABLE_HEAD: f32 = 26.0;
    /// A row of a menu.
    pub(in crate::ui) const MENU_ROW: f32 = 28.0;
    /// A row of the palette.
    pub(in crate::ui) const PALETTE_ROW: f32 = 36.0;
    /// The foot of a dialog.
    pub(in crate::ui) const DIALOG_FOOT: f32 = 60.0;
    /// The palette's width.
    pub(in crate::ui) const PALETTE: f32 = 680.0;
    /// A toast's width.
    pub(in crate::ui) const TOAST: f32 = 388.0;
    /// The lane of a thread in the timeline.
    pub(in crate::ui) const TIMELINE_LANE: f32 = 46.0;
    /// The column of labels in the inspector.
    pub(in crate::ui) const LABEL: f32 = 88.0;

    /// Icons in badges.
    pub(in crate::ui) const ICON_BADGE: f32 = 13.0;
    /// Icons in pills, and carets.
    pub(in crate::ui) const ICON_PILL: f32 = 14.0;
    /// Icons in rows and sections.
    pub(in crate::ui) const ICON_ROW: f32 = 16.0;
    /// Icons in the toolbar.
    pub(in crate::ui) const ICON_TOOLBAR: f32 = 18.0;
    /// Icons in tiles.
    pub(in crate::ui) const ICON_TILE: f32 = 20.0;
    /// Icons in blocks of status.
    pub(in crate::ui) const ICON_BLOCK: f32 = 26.0;
    /// Icons in the run bar.
    pub(in crate::ui) const ICON_RUN: f32 = 34.0;
}

/// How long movements last, in seconds; pass them through [`super::seconds`].
pub(in crate::ui) mod motion {
    /// Hover and press.
    pub(in crate::ui) const HOVER: f32 = 0.08;
    /// A panel or a branch of the tree opens and closes.
    pub(in crate::ui) const PANEL: f32 = 0.14;
    /// The gap for what is dragged opens and closes.
    pub(in crate::ui) const GAP: f32 = 0.12;
    /// A card changes its state.
    pub(in crate::ui) const STATE: f32 = 0.14;
    /// A toast comes or goes.
    pub(in crate::ui) const TOAST: f32 = 0.16;
    /// How long a toast stays.
    pub(in crate::ui) const TOAST_STAYS: f32 = 5.0;
    /// One turn of the running ring.
    pub(in crate::ui) const TURN: f32 = 1.6;
    /// The pictures a second while something turns.
    pub(in crate::ui) const TURN_RATE: f32 = 30.0;
    /// The pointer rests before a tooltip appears.
    pub(in crate::ui) const TOOLTIP: f32 = 0.5;
}
