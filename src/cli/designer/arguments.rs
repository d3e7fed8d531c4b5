//! The shape of the designer's arguments.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::launch::demo::DEMO_VERB;
use crate::launch::detached::HOST_VERB;

/// The arguments of `masequenceconfiguration`.
#[derive(Debug, Parser)]
#[command(
    name = "masequenceconfiguration",
    version,
    about = "Draws, checks and runs sequences of run profiles on Microsoft's identity synchronization service",
    after_help = "To run a sequence without a window: masequencer run FILE",
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true,
    disable_help_subcommand = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) verb: Option<Verb>,
    /// The sequence file to open
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Start the bundled simulator and connect to it
    #[arg(long)]
    demo: bool,
}

/// What is not for people; a file of such a name is opened as ./NAME.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Host a run that standard input describes
    #[command(name = HOST_VERB, hide = true)]
    RunHost,
    /// Be the demo's server until standard input closes and nobody uses it
    #[command(name = DEMO_VERB, hide = true)]
    DemoServer,
    /// Draw pictures of the window into a folder
    #[command(name = "gallery", hide = true)]
    Gallery {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Only pictures whose names contain this
        #[arg(long, value_name = "PART")]
        only: Option<String>,
        /// A scale in percent, once or more often [default: 100 and 200]
        #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u16).range(100..=300))]
        scale: Vec<u16>,
    },
}

/// How the window is to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// For a person's work.
    Window {
        /// The sequence file to open.
        file: Option<PathBuf>,
        /// Whether to start the bundled simulator and connect to it.
        is_demo: bool,
    },
    /// For pictures of itself.
    Gallery {
        /// The folder for the pictures.
        folder: PathBuf,
        /// Only pictures whose names contain this.
        only: Option<String>,
        /// The scales in percent; none means the usual ones.
        scales: Vec<u16>,
    },
}

impl Arguments {
    /// The window that these arguments ask for.
    pub(super) fn opening(self) -> Opening {
        match self.verb {
            Some(Verb::Gallery {
                folder,
                only,
                scale,
            }) => Opening::Gallery {
                folder,
                only,
                scales: scale,
            },
            Some(Verb::RunHost | Verb::DemoServer) | None => Opening::Window {
                file: self.file,
                is_demo: self.demo,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound_and_the_hidden_verbs_are_hidden() {
        Arguments::command().debug_assert();
        let help = Arguments::command().render_long_help().to_string();
        for hidden in [HOST_VERB, DEMO_VERB, "gallery"] {
            assert!(!help.contains(hidden), "{help}");
        }
        assert!(help.contains("masequencer run FILE"), "{help}");
    }
}
