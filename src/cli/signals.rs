//! Ctrl-C and its relatives, one after the other.

use std::io;

/// The wishes of the system and of the person at the keyboard that this process ends.
#[derive(Debug)]
pub struct Signals(imp::Signals);

impl Signals {
    /// From now on the signals are ours and end nothing by themselves; needs a tokio runtime.
    ///
    /// # Errors
    /// Any error of the system.
    pub fn listen() -> io::Result<Self> {
        imp::Signals::listen().map(Self)
    }

    /// The same for a process that has no terminal and outlives the one that started it: a terminal
    /// that closes is no wish.
    ///
    /// # Errors
    /// Any error of the system.
    pub fn listen_without_terminal() -> io::Result<Self> {
        imp::Signals::listen().map(|signals| Self(signals.without_terminal()))
    }

    /// Waits for the next one. Cancel-safe.
    pub async fn next(&mut self) {
        self.0.next().await;
    }
}

#[cfg(unix)]
mod imp {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    #[derive(Debug)]
    pub(super) struct Signals {
        interrupt: Signal,
        terminate: Signal,
        // The terminal has gone; not ours under `nohup`, which wants the run to go on.
        hang_up: Option<Signal>,
        // Held so that it stays ours and ends nothing.
        _deaf: Option<Signal>,
        // Held so that it stays ours: a file at the limit of its size (`ulimit -f`) is an error of
        // that file, not the end of a run.
        _file_size: Option<Signal>,
    }

    /// `SIGXFSZ`, the same on every processor but those of MIPS, which are not supported.
    const FILE_SIZE: i32 = 25;

    /// `SIGHUP`, the same everywhere.
    const HANG_UP: u32 = 1;

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: match is_ignored(HANG_UP) {
                    Some(false) => Some(signal(SignalKind::hangup())?),
                    Some(true) | None => None,
                },
                _deaf: None,
                _file_size: signal(SignalKind::from_raw(FILE_SIZE)).ok(),
            })
        }

        pub(super) fn without_terminal(self) -> Self {
            Self {
                hang_up: None,
                _deaf: self.hang_up,
                ..self
            }
        }

        pub(super) async fn next(&mut self) {
            let hang_up = async {
                match &mut self.hang_up {
                    Some(signal) => signal.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
                _ = hang_up => {}
            }
        }
    }

    /// Whether this process was started with a signal ignored; `None` where nobody tells.
    fn is_ignored(signal: u32) -> Option<bool> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let mask = status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))?;
        let mask = u64::from_str_radix(mask.trim(), 16).ok()?;
        Some(mask >> (signal - 1) & 1 == 1)
    }
}

#[cfg(windows)]
mod imp {
    use std::io;

    use tokio::signal::windows::{
        CtrlBreak, CtrlC, CtrlShutdown, ctrl_break, ctrl_c, ctrl_shutdown,
    };

    #[derive(Debug)]
    pub(super) struct Signals {
        interrupt: CtrlC,
        broken: CtrlBreak,
        shutdown: CtrlShutdown,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self {
                interrupt: ctrl_c()?,
                broken: ctrl_break()?,
                shutdown: ctrl_shutdown()?,
            })
        }

        pub(super) fn without_terminal(self) -> Self {
            self
        }

        pub(super) async fn next(&mut self) {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.broken.recv() => {}
                _ = self.shutdown.recv() => {}
            }
        }
    }
}
