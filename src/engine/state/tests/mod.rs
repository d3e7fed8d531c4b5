//! The state on a manual clock: each test reads as the story of a run.

mod rig;

mod control;
mod order;
mod processing;
mod random;
mod trouble;
