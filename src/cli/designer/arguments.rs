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
        #[arg(long)]
        only: Option<String>,
        /// Only these scales in percent
        #[arg(long)]
        scale: Vec<u16>,
    },
}

/// How the window is to open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// The sequence file to open.
    pub file: Option<PathBuf>,
    /// Whether to start the bundled simulator and connect to it.
    pub is_demo: bool,
    /// Pictures of the window to draw, instead of a person's work in it.
    pub gallery: Option<Gallery>,
}

/// Which pictures of the window are to be drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gallery {
    /// Where to.
    pub folder: PathBuf,
    /// Only those whose names contain this.
    pub only: Option<String>,
    /// Only these scales in percent; none means the usual ones.
    pub scales: Vec<u16>,
}

impl Arguments {
    /// The window that these arguments ask for.
    pub(super) fn opening(self) -> Opening {
        Opening {
            file: self.file,
            is_demo: self.demo,
            gallery: match self.verb {
                Some(Verb::Gallery {
                    folder,
                    only,
                    scale,
                }) => Some(Gallery {
                    folder,
                    only,
                    scales: scale,
                }),
                Some(Verb::RunHost | Verb::DemoServer) | None => None,
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
