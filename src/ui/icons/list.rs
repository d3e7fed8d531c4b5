//! The list of icons: one variant for each drawing.
//!
//! Must hold no code that draws.

/// A drawing of ours, white so that it can take any colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::ui) enum Icon {
    /// Plus.
    Add,
    /// Tree of three nodes.
    AgentAd,
    /// Cloud.
    AgentCloud,
    /// Cube.
    AgentGeneric,
    /// Text file with lines.
    AgentHr,
    /// Address book.
    AgentLdap,
    /// Window with a person in it.
    AgentPortal,
    /// Database drum.
    AgentSql,
    /// Person with a check mark.
    Approval,
    /// Arrow to the right.
    ArrowRight,
    /// Light bulb.
    Bulb,
    /// Calendar page.
    Calendar,
    /// Bar chart with axes.
    Chart,
    /// Check mark.
    Check,
    /// Two ticked lines.
    CheckList,
    /// Counter-clockwise arrow around a cross.
    ClearHistory,
    /// Clock face.
    Clock,
    /// Cross.
    Close,
    /// Chevron down.
    Collapse,
    /// Sync ring with a down arrow inside.
    Combined,
    /// Terminal window with prompt.
    Command,
    /// Diamond with a question mark.
    Condition,
    /// Plug meeting a socket.
    Connect,
    /// Two overlapping pages.
    Copy,
    /// Scissors.
    Cut,
    /// Stopwatch.
    Delay,
    /// Waste bin.
    Delete,
    /// Six dots.
    DragHandle,
    /// Two pages with a plus.
    Duplicate,
    /// Cross in an octagon.
    Error,
    /// Chevron to the right.
    Expand,
    /// Arrow up out of a tray.
    Export,
    /// Funnel.
    Filter,
    /// Three staggered bars.
    Gantt,
    /// Corner brackets around two lines.
    Group,
    /// Raised hand.
    Held,
    /// Clock with a counter-clockwise arrow.
    History,
    /// Globe.
    Http,
    /// Arrow down into a tray.
    Import,
    /// Letter i in a circle.
    Info,
    /// Key.
    Key,
    /// Shield with a bar.
    Limit,
    /// Closed padlock.
    Lock,
    /// Ragged lines of text.
    Log,
    /// Three dots in a row.
    More,
    /// Page with a plus.
    New,
    /// Folder.
    Open,
    /// Two offset bars with a divider.
    Overlap,
    /// Command list in a box.
    Palette,
    /// Clipboard with lines.
    Paste,
    /// Two upright bars.
    Pause,
    /// Dashed circle.
    Planned,
    /// Triangle pointing right.
    Play,
    /// Filled triangle pointing right (primary button only).
    PlayFill,
    /// Box with an arrow leaving to the right.
    Post,
    /// Arrow into a box from the left.
    Pre,
    /// Arrow bending right.
    Redo,
    /// Bar and triangle.
    Resume,
    /// Clockwise open circle arrow.
    Retry,
    /// Three-quarter ring around a filled triangle.
    Running,
    /// Disk.
    Save,
    /// Magnifier.
    Search,
    /// Two boxes joined by a downward arrow.
    Sequence,
    /// Two rack units with lamps.
    Server,
    /// Two sliders.
    Settings,
    /// Triangle against a bar.
    Skip,
    /// Two chevrons to the right.
    Skipped,
    /// Chevrons up and down.
    Sort,
    /// Square.
    Stop,
    /// Check mark in a circle.
    Success,
    /// Two arrows chasing in a circle.
    Sync,
    /// Half-filled circle.
    ThemeContrast,
    /// Crescent moon.
    ThemeDark,
    /// Sun.
    ThemeLight,
    /// Column with three bars.
    Thread,
    /// Clock with a slash end bar.
    Timeout,
    /// Indented list.
    Tree,
    /// Arrow bending left.
    Undo,
    /// Open padlock.
    Unlock,
    /// Head and shoulders.
    User,
    /// Arrow stopped by a bar.
    WaitFor,
    /// Hourglass.
    Waiting,
    /// Exclamation mark in a triangle.
    Warning,
    /// Angle brackets and slash.
    Xml,
}

impl Icon {
    /// Every icon, by name.
    pub(in crate::ui) const ALL: [Self; 84] = [
        Self::Add,
        Self::AgentAd,
        Self::AgentCloud,
        Self::AgentGeneric,
        Self::AgentHr,
        Self::AgentLdap,
        Self::AgentPortal,
        Self::AgentSql,
        Self::Approval,
        Self::ArrowRight,
        Self::Bulb,
        Self::Calendar,
        Self::Chart,
        Self::Check,
        Self::CheckList,
        Self::ClearHistory,
        Self::Clock,
        Self::Close,
        Self::Collapse,
        Self::Combined,
        Self::Command,
        Self::Condition,
        Self::Connect,
        Self::Copy,
        Self::Cut,
        Self::Delay,
        Self::Delete,
        Self::DragHandle,
        Self::Duplicate,
        Self::Error,
        Self::Expand,
        Self::Export,
        Self::Filter,
        Self::Gantt,
        Self::Group,
        Self::Held,
        Self::History,
        Self::Http,
        Self::Import,
        Self::Info,
        Self::Key,
        Self::Limit,
        Self::Lock,
        Self::Log,
        Self::More,
        Self::New,
        Self::Open,
        Self::Overlap,
        Self::Palette,
        Self::Paste,
        Self::Pause,
        Self::Planned,
        Self::Play,
        Self::PlayFill,
        Self::Post,
        Self::Pre,
        Self::Redo,
        Self::Resume,
        Self::Retry,
        Self::Running,
        Self::Save,
        Self::Search,
        Self::Sequence,
        Self::Server,
        Self::Settings,
        Self::Skip,
        Self::Skipped,
        Self::Sort,
        Self::Stop,
        Self::Success,
        Self::Sync,
        Self::ThemeContrast,
        Self::ThemeDark,
        Self::ThemeLight,
        Self::Thread,
        Self::Timeout,
        Self::Tree,
        Self::Undo,
        Self::Unlock,
        Self::User,
        Self::WaitFor,
        Self::Waiting,
        Self::Warning,
        Self::Xml,
    ];

    /// The drawing, as SVG on a square of 24.
    pub(super) const fn svg(self) -> &'static str {
        match self {
            Self::Add => include_str!("../../../assets/icons/add.svg"),
            Self::AgentAd => include_str!("../../../assets/icons/agent-ad.svg"),
            Self::AgentCloud => include_str!("../../../assets/icons/agent-cloud.svg"),
            Self::AgentGeneric => include_str!("../../../assets/icons/agent-generic.svg"),
            Self::AgentHr => include_str!("../../../assets/icons/agent-hr.svg"),
            Self::AgentLdap => include_str!("../../../assets/icons/agent-ldap.svg"),
            Self::AgentPortal => include_str!("../../../assets/icons/agent-portal.svg"),
            Self::AgentSql => include_str!("../../../assets/icons/agent-sql.svg"),
            Self::Approval => include_str!("../../../assets/icons/approval.svg"),
            Self::ArrowRight => include_str!("../../../assets/icons/arrow-right.svg"),
            Self::Bulb => include_str!("../../../assets/icons/bulb.svg"),
            Self::Calendar => include_str!("../../../assets/icons/calendar.svg"),
            Self::Chart => include_str!("../../../assets/icons/chart.svg"),
            Self::Check => include_str!("../../../assets/icons/check.svg"),
            Self::CheckList => include_str!("../../../assets/icons/check-list.svg"),
            Self::ClearHistory => include_str!("../../../assets/icons/clear-history.svg"),
            Self::Clock => include_str!("../../../assets/icons/clock.svg"),
            Self::Close => include_str!("../../../assets/icons/close.svg"),
            Self::Collapse => include_str!("../../../assets/icons/collapse.svg"),
            Self::Combined => include_str!("../../../assets/icons/combined.svg"),
            Self::Command => include_str!("../../../assets/icons/command.svg"),
            Self::Condition => include_str!("../../../assets/icons/condition.svg"),
            Self::Connect => include_str!("../../../assets/icons/connect.svg"),
            Self::Copy => include_str!("../../../assets/icons/copy.svg"),
            Self::Cut => include_str!("../../../assets/icons/cut.svg"),
            Self::Delay => include_str!("../../../assets/icons/delay.svg"),
            Self::Delete => include_str!("../../../assets/icons/delete.svg"),
            Self::DragHandle => include_str!("../../../assets/icons/drag-handle.svg"),
            Self::Duplicate => include_str!("../../../assets/icons/duplicate.svg"),
            Self::Error => include_str!("../../../assets/icons/error.svg"),
            Self::Expand => include_str!("../../../assets/icons/expand.svg"),
            Self::Export => include_str!("../../../assets/icons/export.svg"),
            Self::Filter => include_str!("../../../assets/icons/filter.svg"),
            Self::Gantt => include_str!("../../../assets/icons/gantt.svg"),
            Self::Group => include_str!("../../../assets/icons/group.svg"),
            Self::Held => include_str!("../../../assets/icons/held.svg"),
            Self::History => include_str!("../../../assets/icons/history.svg"),
            Self::Http => include_str!("../../../assets/icons/http.svg"),
            Self::Import => include_str!("../../../assets/icons/import.svg"),
            Self::Info => include_str!("../../../assets/icons/info.svg"),
            Self::Key => include_str!("../../../assets/icons/key.svg"),
            Self::Limit => include_str!("../../../assets/icons/limit.svg"),
            Self::Lock => include_str!("../../../assets/icons/lock.svg"),
            Self::Log => include_str!("../../../assets/icons/log.svg"),
            Self::More => include_str!("../../../assets/icons/more.svg"),
            Self::New => include_str!("../../../assets/icons/new.svg"),
            Self::Open => include_str!("../../../assets/icons/open.svg"),
            Self::Overlap => include_str!("../../../assets/icons/overlap.svg"),
            Self::Palette => include_str!("../../../assets/icons/palette.svg"),
            Self::Paste => include_str!("../../../assets/icons/paste.svg"),
            Self::Pause => include_str!("../../../assets/icons/pause.svg"),
            Self::Planned => include_str!("../../../assets/icons/planned.svg"),
            Self::Play => include_str!("../../../assets/icons/play.svg"),
            Self::PlayFill => include_str!("../../../assets/icons/play-fill.svg"),
            Self::Post => include_str!("../../../assets/icons/post.svg"),
            Self::Pre => include_str!("../../../assets/icons/pre.svg"),
            Self::Redo => include_str!("../../../assets/icons/redo.svg"),
            Self::Resume => include_str!("../../../assets/icons/resume.svg"),
            Self::Retry => include_str!("../../../assets/icons/retry.svg"),
            Self::Running => include_str!("../../../assets/icons/running.svg"),
            Self::Save => include_str!("../../../assets/icons/save.svg"),
            Self::Search => include_str!("../../../assets/icons/search.svg"),
            Self::Sequence => include_str!("../../../assets/icons/sequence.svg"),
            Self::Server => include_str!("../../../assets/icons/server.svg"),
            Self::Settings => include_str!("../../../assets/icons/settings.svg"),
            Self::Skip => include_str!("../../../assets/icons/skip.svg"),
            Self::Skipped => include_str!("../../../assets/icons/skipped.svg"),
            Self::Sort => include_str!("../../../assets/icons/sort.svg"),
            Self::Stop => include_str!("../../../assets/icons/stop.svg"),
            Self::Success => include_str!("../../../assets/icons/success.svg"),
            Self::Sync => include_str!("../../../assets/icons/sync.svg"),
            Self::ThemeContrast => include_str!("../../../assets/icons/theme-contrast.svg"),
            Self::ThemeDark => include_str!("../../../assets/icons/theme-dark.svg"),
            Self::ThemeLight => include_str!("../../../assets/icons/theme-light.svg"),
            Self::Thread => include_str!("../../../assets/icons/thread.svg"),
            Self::Timeout => include_str!("../../../assets/icons/timeout.svg"),
            Self::Tree => include_str!("../../../assets/icons/tree.svg"),
            Self::Undo => include_str!("../../../assets/icons/undo.svg"),
            Self::Unlock => include_str!("../../../assets/icons/unlock.svg"),
            Self::User => include_str!("../../../assets/icons/user.svg"),
            Self::WaitFor => include_str!("../../../assets/icons/wait-for.svg"),
            Self::Waiting => include_str!("../../../assets/icons/waiting.svg"),
            Self::Warning => include_str!("../../../assets/icons/warning.svg"),
            Self::Xml => include_str!("../../../assets/icons/xml.svg"),
        }
    }
}
