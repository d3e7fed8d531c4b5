//! The look: every colour, size, font and duration of the window, in one place.
//!
//! Screens ask for a token by its meaning and never name a colour or a point size themselves.

pub(in crate::ui) mod fonts;
mod keyboard;
mod look;
mod roles;
mod sizes;
mod style;
mod tokens;
mod values;

#[cfg(test)]
mod contrast_tests;

pub(in crate::ui) use keyboard::by_keyboard;
pub(in crate::ui) use look::{Look, LookChoice, apply};
pub(in crate::ui) use roles::Role;
pub(in crate::ui) use sizes::{gap, motion, radius, size};
pub(in crate::ui) use style::{Elevation, seconds, shadow};
pub(in crate::ui) use tokens::{Status, StepLook, Tokens, look_of, tokens, tokens_of};
