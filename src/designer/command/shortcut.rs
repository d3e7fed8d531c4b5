//! The keys of commands.

use std::fmt;

use super::Command;

/// A key of the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A letter, upper case, a digit or a sign.
    Char(char),
    /// A function key.
    F(u8),
    /// Enter.
    Enter,
    /// Delete.
    Delete,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
}

/// A combination of keys. On macOS Ctrl is the command key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shortcut {
    /// With Ctrl.
    pub ctrl: bool,
    /// With Shift.
    pub shift: bool,
    /// With Alt.
    pub alt: bool,
    /// The key.
    pub key: Key,
}

const fn plain(key: Key) -> Shortcut {
    Shortcut {
        ctrl: false,
        shift: false,
        alt: false,
        key,
    }
}

const fn ctrl(key: char) -> Shortcut {
    Shortcut {
        ctrl: true,
        ..plain(Key::Char(key))
    }
}

const fn ctrl_shift(key: char) -> Shortcut {
    Shortcut {
        shift: true,
        ..ctrl(key)
    }
}

const fn ctrl_f(number: u8) -> Shortcut {
    Shortcut {
        ctrl: true,
        ..plain(Key::F(number))
    }
}

const fn shift(key: Key) -> Shortcut {
    Shortcut {
        shift: true,
        ..plain(key)
    }
}

const fn alt(key: Key) -> Shortcut {
    Shortcut {
        alt: true,
        ..plain(key)
    }
}

impl Command {
    /// The keys that perform it; the first is the one that is shown.
    pub const fn shortcuts(self) -> &'static [Shortcut] {
        match self {
            Self::New => const { &[ctrl('N')] },
            Self::Open => const { &[ctrl('O')] },
            Self::Save => const { &[ctrl('S')] },
            Self::SaveAs => const { &[ctrl_shift('S')] },
            Self::Close => const { &[ctrl('W')] },
            Self::Exit => const { &[ctrl('Q')] },
            Self::Undo => const { &[ctrl('Z')] },
            Self::Redo => const { &[ctrl('Y'), ctrl_shift('Z')] },
            Self::Cut => const { &[ctrl('X')] },
            Self::Copy => const { &[ctrl('C')] },
            Self::Paste => const { &[ctrl('V')] },
            Self::Duplicate => const { &[ctrl('D')] },
            Self::Delete => const { &[plain(Key::Delete)] },
            Self::SelectAll => const { &[ctrl('A')] },
            Self::Rename => const { &[plain(Key::F(2))] },
            Self::ToggleEnabled => const { &[ctrl('E')] },
            Self::Find => const { &[ctrl('F')] },
            Self::FindNext => const { &[plain(Key::F(3))] },
            Self::FindPrevious => const { &[shift(Key::F(3))] },
            Self::AddThread => const { &[ctrl('T')] },
            Self::AddRunProfile => const { &[ctrl_shift('R')] },
            Self::AddCommand => const { &[ctrl_shift('K')] },
            Self::AddDelay => const { &[ctrl_shift('D')] },
            Self::MoveUp => const { &[alt(Key::Up)] },
            Self::MoveDown => const { &[alt(Key::Down)] },
            Self::MoveLeft => const { &[alt(Key::Left)] },
            Self::MoveRight => const { &[alt(Key::Right)] },
            Self::Palette => const { &[ctrl('K'), ctrl_shift('P')] },
            Self::NextPanel => const { &[plain(Key::F(6))] },
            Self::PreviousPanel => const { &[shift(Key::F(6))] },
            Self::NextProblem => const { &[plain(Key::F(8))] },
            Self::PreviousProblem => const { &[shift(Key::F(8))] },
            Self::ApplyFix => const { &[ctrl('.')] },
            Self::ShowProblems => const { &[ctrl('1')] },
            Self::ShowTimeline => const { &[ctrl('2')] },
            Self::ShowLog => const { &[ctrl('3')] },
            Self::ShowXml => const { &[ctrl('4')] },
            Self::ToggleTree => const { &[ctrl('B')] },
            Self::ToggleInspector => const { &[ctrl('I')] },
            Self::ToggleBottom => const { &[ctrl('J')] },
            Self::ZoomIn => const { &[ctrl('+'), ctrl('=')] },
            Self::ZoomOut => const { &[ctrl('-')] },
            Self::ZoomReset => const { &[ctrl('0')] },
            Self::Preferences => const { &[ctrl(',')] },
            Self::ConnectTo => const { &[ctrl_shift('O')] },
            Self::Connect => const { &[ctrl_shift('C')] },
            Self::ConnectDemo => const { &[ctrl_shift('M')] },
            Self::Refresh => const { &[ctrl('R')] },
            Self::Start => const { &[plain(Key::F(5))] },
            Self::StartThread => const { &[shift(Key::F(5))] },
            Self::StartFromHere => const { &[ctrl_f(5)] },
            Self::Pause => const { &[plain(Key::F(9))] },
            Self::Resume => const { &[shift(Key::F(9))] },
            Self::Stop => const { &[plain(Key::F(10))] },
            Self::Check => const { &[plain(Key::F(7))] },
            Self::Shortcuts => const { &[plain(Key::F(1))] },
            Self::AddSelected
            | Self::TimelineIn
            | Self::TimelineOut
            | Self::TimelineAll
            | Self::ThemeSystem
            | Self::ThemeLight
            | Self::ThemeDark
            | Self::ThemeHighContrast
            | Self::Examine
            | Self::CancelConnect
            | Self::Disconnect
            | Self::ReadExport
            | Self::ReadExportedAgent
            | Self::ForgetExport
            | Self::StopNow
            | Self::Attach
            | Self::BackToEditing
            | Self::OpenLogFile
            | Self::ExplainProblem
            | Self::About => &[],
        }
    }

    /// Whether its keys belong to a text field as long as one has the keyboard.
    pub const fn yields_to_text(self) -> bool {
        matches!(
            self,
            Self::Undo
                | Self::Redo
                | Self::Cut
                | Self::Copy
                | Self::Paste
                | Self::Delete
                | Self::SelectAll
                | Self::MoveLeft
                | Self::MoveRight
        )
    }
}

impl fmt::Display for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (is_held, word) in [
            (self.ctrl, "Ctrl+"),
            (self.alt, "Alt+"),
            (self.shift, "Shift+"),
        ] {
            if is_held {
                f.write_str(word)?;
            }
        }
        match self.key {
            Key::Char(c) => write!(f, "{c}"),
            Key::F(number) => write!(f, "F{number}"),
            Key::Enter => f.write_str("Enter"),
            Key::Delete => f.write_str("Del"),
            Key::Up => f.write_str("Up"),
            Key::Down => f.write_str("Down"),
            Key::Left => f.write_str("Left"),
            Key::Right => f.write_str("Right"),
        }
    }
}
