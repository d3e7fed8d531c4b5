//! The list of icons: one variant for each drawing in the assets.
//!
//! Must hold no code that draws.

macro_rules! icons {
    ($($(#[$doc:meta])* $icon:ident = $file:literal,)+) => {
        /// A drawing of ours, white so that it can take any colour.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(in crate::ui) enum Icon {
            $($(#[$doc])* $icon,)+
        }

        impl Icon {
            /// Every icon, by name.
            pub(in crate::ui) const ALL: &[Self] = &[$(Self::$icon,)+];

            /// The drawing, as SVG on a square of 24.
            pub(super) const fn svg(self) -> &'static str {
                match self {
                    $(Self::$icon => {
                        include_str!(concat!("../../../assets/icons/", $file, ".svg"))
                    })+
                }
            }
        }
    };
}

icons! {
    /// Plus.
    Add = "add",
    /// Tree of three nodes.
    AgentAd = "agent-ad",
    /// Cloud.
    AgentCloud = "agent-cloud",
    /// Cube.
    AgentGeneric = "agent-generic",
    /// Text file with lines.
    AgentHr = "agent-hr",
    /// Address book.
    AgentLdap = "agent-ldap",
    /// Window with a person in it.
    AgentPortal = "agent-portal",
    /// Database drum.
    AgentSql = "agent-sql",
    /// Person with a check mark.
    Approval = "approval",
    /// Arrow to the right.
    ArrowRight = "arrow-right",
    /// Light bulb.
    Bulb = "bulb",
    /// Calendar page.
    Calendar = "calendar",
    /// Bar chart with axes.
    Chart = "chart",
    /// Check mark.
    Check = "check",
    /// Two ticked lines.
    CheckList = "check-list",
    /// Counter-clockwise arrow around a cross.
    ClearHistory = "clear-history",
    /// Clock face.
    Clock = "clock",
    /// Cross.
    Close = "close",
    /// Chevron down.
    Collapse = "collapse",
    /// Sync ring with a down arrow inside.
    Combined = "combined",
    /// Terminal window with prompt.
    Command = "command",
    /// Diamond with a question mark.
    Condition = "condition",
    /// Plug meeting a socket.
    Connect = "connect",
    /// Two overlapping pages.
    Copy = "copy",
    /// Scissors.
    Cut = "cut",
    /// Stopwatch.
    Delay = "delay",
    /// Waste bin.
    Delete = "delete",
    /// Six dots.
    DragHandle = "drag-handle",
    /// Two pages with a plus.
    Duplicate = "duplicate",
    /// Cross in an octagon.
    Error = "error",
    /// Chevron to the right.
    Expand = "expand",
    /// Arrow up out of a tray.
    Export = "export",
    /// Funnel.
    Filter = "filter",
    /// Three staggered bars.
    Gantt = "gantt",
    /// Corner brackets around two lines.
    Group = "group",
    /// Raised hand.
    Held = "held",
    /// Clock with a counter-clockwise arrow.
    History = "history",
    /// Globe.
    Http = "http",
    /// Arrow down into a tray.
    Import = "import",
    /// Letter i in a circle.
    Info = "info",
    /// Key.
    Key = "key",
    /// Shield with a bar.
    Limit = "limit",
    /// Closed padlock.
    Lock = "lock",
    /// Ragged lines of text.
    Log = "log",
    /// Minus.
    Minus = "minus",
    /// Three dots in a row.
    More = "more",
    /// Page with a plus.
    New = "new",
    /// Folder.
    Open = "open",
    /// Two offset bars with a divider.
    Overlap = "overlap",
    /// Command list in a box.
    Palette = "palette",
    /// Clipboard with lines.
    Paste = "paste",
    /// Two upright bars.
    Pause = "pause",
    /// Dashed circle.
    Planned = "planned",
    /// Triangle pointing right.
    Play = "play",
    /// Filled triangle pointing right (primary button only).
    PlayFill = "play-fill",
    /// Box with an arrow leaving to the right.
    Post = "post",
    /// Arrow into a box from the left.
    Pre = "pre",
    /// Arrow bending right.
    Redo = "redo",
    /// Bar and triangle.
    Resume = "resume",
    /// Clockwise open circle arrow.
    Retry = "retry",
    /// Three-quarter ring around a filled triangle.
    Running = "running",
    /// Disk.
    Save = "save",
    /// Magnifier.
    Search = "search",
    /// Two boxes joined by a downward arrow.
    Sequence = "sequence",
    /// Two rack units with lamps.
    Server = "server",
    /// Two sliders.
    Settings = "settings",
    /// Triangle against a bar.
    Skip = "skip",
    /// Two chevrons to the right.
    Skipped = "skipped",
    /// Chevrons up and down.
    Sort = "sort",
    /// Square.
    Stop = "stop",
    /// Check mark in a circle.
    Success = "success",
    /// Two arrows chasing in a circle.
    Sync = "sync",
    /// Half-filled circle.
    ThemeContrast = "theme-contrast",
    /// Crescent moon.
    ThemeDark = "theme-dark",
    /// Sun.
    ThemeLight = "theme-light",
    /// Column with three bars.
    Thread = "thread",
    /// Clock with a slash end bar.
    Timeout = "timeout",
    /// Indented list.
    Tree = "tree",
    /// Arrow bending left.
    Undo = "undo",
    /// Open padlock.
    Unlock = "unlock",
    /// Head and shoulders.
    User = "user",
    /// Arrow stopped by a bar.
    WaitFor = "wait-for",
    /// Hourglass.
    Waiting = "waiting",
    /// Exclamation mark in a triangle.
    Warning = "warning",
    /// Angle brackets and slash.
    Xml = "xml",
}
