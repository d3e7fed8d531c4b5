//! Words of the sheet that shows every control, for who looks after the design.

/// The title of the sheet.
pub const TITLE: &str = "Components";
/// Over the buttons.
pub const BUTTONS: &str = "Buttons";
/// Over the fields.
pub const INPUTS: &str = "Inputs";
/// Over the rows of a menu.
pub const MENU: &str = "Context menu";
/// Over the rows of a tree.
pub const ROWS: &str = "Tree row";
/// Over the badges.
pub const BADGES: &str = "Badges";
/// Over the pills.
pub const PILLS: &str = "Status words";
/// Over the chips.
pub const CHIPS: &str = "Chips";
/// Over the blocks of status.
pub const BLOCKS: &str = "Status blocks, readable from 2 m";
/// Over the type scale.
pub const TYPE: &str = "Type scale";
/// Over the icons.
pub const ICONS: &str = "Icons";
/// Over the tabs and tables.
pub const TABLES: &str = "Tabs and tables";
/// Over the empty state.
pub const EMPTY: &str = "Empty state";
/// Over the surfaces.
pub const SURFACES: &str = "Surfaces";
/// Over texts that are cut.
pub const ELIDED: &str = "Long text";
/// Over other writing systems.
pub const SCRIPTS: &str = "Other scripts";

/// Words of the buttons.
pub const PRIMARY: &str = "Primary";
/// An ordinary button.
pub const NORMAL: &str = "Normal";
/// A button that cannot be pressed.
pub const DISABLED: &str = "Disabled";
/// Why it cannot be pressed.
pub const DISABLED_WHY: &str = "Nothing is selected";
/// A button that takes away.
pub const DELETE: &str = "Delete";
/// The button that takes away for good.
pub const DELETE_MANY: &str = "Delete 412";
/// A word that can be clicked.
pub const LINK: &str = "Link";
/// A low button.
pub const SMALL: &str = "Small";
/// A button without a border.
pub const QUIET: &str = "Check";
/// The toolbar's undo.
pub const UNDO: &str = "Undo";
/// The toolbar's history.
pub const HISTORY: &str = "History";
/// The key of undo.
pub const UNDO_KEY: &str = "Ctrl+Z";
/// Four words of menus and their keys.
pub const MENU_ROWS: [(&str, &str); 4] = [
    ("Cut", "Ctrl+X"),
    ("Copy", "Ctrl+C"),
    ("Duplicate", "Ctrl+D"),
    ("Delete", "Del"),
];
/// Names of rows.
pub const ROW_NAMES: [&str; 4] = [
    "Full Import",
    "Delta Synchronization",
    "Export",
    "Delta Import",
];
/// An agent to choose.
pub const AGENT: &str = "Contoso AD";
/// Names of fields.
pub const FIELD: &str = "Minutes";
/// A unit.
pub const MINUTES: &str = "min";
/// Another unit.
pub const PERCENT: &str = "%";
/// What is wrong with a field.
pub const FIELD_ERROR: &str = "Enter 0 to 100 %";
/// What to type.
pub const FIELD_HINT: &str = "Filter agents and run profiles";
/// Options of a list with what they mean.
pub const OPTIONS: [(&str, &str); 2] = [
    (
        "Synchronizations run alone",
        "While one runs, nothing else does",
    ),
    (
        "One synchronization at a time",
        "Imports and exports may overlap it",
    ),
];
/// Badges of a step.
pub const STEP_BADGES: [&str; 8] = [
    "Pre",
    "Post",
    "Retry 5×",
    "Limit 5 %",
    "pending exports > 0",
    "30 min",
    "No limit",
    "Error",
];
/// The word of each status.
pub const STATUS: [&str; 8] = [
    "Success", "Warning", "Failed", "Running", "Waiting", "Held", "Skipped", "Note",
];
/// Filters.
pub const FILTERS: [&str; 3] = ["All 412", "Users 377", "30 days"];
/// Two tabs.
pub const TABS: [&str; 3] = ["Problems", "Log", "XML"];
/// Heads of a table.
pub const HEADS: [&str; 3] = ["Severity", "Problem", "Place"];
/// A row of a table.
pub const PROBLEM: &str = "Azure AD exports without a confirming import afterwards";
/// Where the problem is.
pub const PLACE: &str = "Thread 3, step 3.4";
/// A title of an empty place.
pub const EMPTY_TITLE: &str = "No threads yet";
/// How to fill the empty place.
pub const EMPTY_TEXT: &str = "Threads run side by side. Drag a run profile here, or add a thread.";
/// The way out of the empty place.
pub const EMPTY_ACTION: &str = "Add thread";
/// A section of the inspector.
pub const SECTION: &str = "Deletion limit";
/// A long name of an object.
pub const LONG: &str =
    "CN=Aalto Mira,OU=Staff,OU=Helsinki,OU=Finland,OU=Europe,DC=contoso,DC=local";
/// The same word in the scripts of other languages.
pub const MANY_SCRIPTS: &str =
    "Łódź · Ελληνικά · Русский · 人事データ · 한국어 · עברית 12 · العربية · ไทย · हिन्दी";
/// A key.
pub const KEY: &str = "Ctrl+K";
/// A radio button and what it means.
pub const RADIOS: [(&str, &str); 2] = [
    ("Stop the thread", "The steps after this one do not run"),
    ("Continue", ""),
];
/// A check box.
pub const CHECK: &str = "Wait for the program to end";
/// Words that show each role of text.
pub const ROLES: [&str; 6] = [
    "Display 26",
    "Title 17",
    "State 15",
    "Section 14",
    "Body 13",
    "Small 12",
];
/// A line of a log.
pub const MONO: &str = "09:41:07 <run-profile agent=\"HR\"/>";
