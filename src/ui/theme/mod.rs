//! The look: every colour, size and font of the window, in one place.
//!
//! Screens ask for a token by its meaning and never name a colour or a point size themselves.

mod fonts;
mod style;
mod tokens;

pub(super) use fonts::Role;
pub(super) use style::{
    CARD_PADDING, COLUMN_WIDTH, PANEL_PADDING, RADIUS_BADGE, RADIUS_CARD, WINDOW_MIN_SIZE,
    WINDOW_SIZE, apply, gap,
};
pub(super) use tokens::{Tokens, tokens};
