//! What a person has set up in the designer: theme, sizes, recent files, the last server.
//!
//! `values` is pure data with its defaults, `store` reads and writes it, `merge` joins what several
//! windows change, `recovery` keeps copies of
//! unsaved work, `folders` says where all of it lies, `credentials` leads to the system's store of
//! passwords. No file of ours may hold a password, and nothing here may know a window.

pub mod credentials;
mod folders;
mod merge;
pub mod recovery;
mod store;
mod values;

pub use folders::{CONFIG_VARIABLE, Folders};
pub use store::{LoadProblem, SaveError, load, save, save_changes};
pub use values::{
    BottomTab, LastServer, MAX_RECENT, MAX_SCALE_PERCENT, MIN_SCALE_PERCENT, PanelSizes,
    RecentFile, Settings, ThemeChoice, WindowPlace,
};
