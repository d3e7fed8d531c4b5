//! Our controls: how they look, how they answer, what they tell a screen reader.
//!
//! Each is named by its caller; must hold no text for people and no state of the program.

mod badge;
mod button;
mod choice;
mod combo;
mod dialog;
mod elide;
mod empty;
mod icon_button;
mod menu;
mod menu_row;
mod paint;
mod progress;
mod section;
mod tab;
mod table;
mod text_field;
mod tooltip;

#[cfg(test)]
mod tests;

pub(in crate::ui) use badge::{BadgeKind, Chip, badge, pill, status_icon};
pub(in crate::ui) use button::{Button, ButtonKind};
pub(in crate::ui) use choice::{checkbox, radio, switch};
pub(in crate::ui) use combo::{Combo, option};
pub(in crate::ui) use dialog::Dialog;
pub(in crate::ui) use elide::{Elide, elided, paint_elided};
pub(in crate::ui) use empty::empty_state;
pub(in crate::ui) use icon_button::IconButton;
pub(in crate::ui) use menu::{menu_frame, menu_item, separator};
pub(in crate::ui) use menu_row::MenuRow;
pub(in crate::ui) use paint::{
    chosen_ground, dashed_rect, focus_ring, focus_ring_inside, layout, line, text,
};
pub(in crate::ui) use progress::progress_bar;
pub(in crate::ui) use section::{key_caps, section};
pub(in crate::ui) use tab::Tab;
pub(in crate::ui) use table::{Column, row, table_head};
pub(in crate::ui) use text_field::TextField;
pub(in crate::ui) use tooltip::tooltip;
