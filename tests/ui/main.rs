//! The designer's window, as the real program on a virtual screen.

mod access;
#[cfg(unix)]
mod connecting;
#[cfg(unix)]
mod detached;
#[cfg(unix)]
mod editing;
#[cfg(unix)]
mod effects;
#[cfg(unix)]
mod known;
mod layout;
#[path = "../integration/support/process.rs"]
mod process;
#[cfg(unix)]
mod real;
mod screen;
mod snapshots;
#[cfg(unix)]
mod story;
#[path = "../integration/support/wait.rs"]
mod wait;
#[cfg(unix)]
mod walkthrough;
#[cfg(unix)]
mod window;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use masequencer::settings::CONFIG_VARIABLE;
use masequencer::ui::TITLE;

use process::Process;
use screen::{Picture, Screen};

const LIMIT: Duration = Duration::from_mins(1);

/// The colours that the window must show: its background, its text and its accent, in light and in
/// dark. From the design's table, not from the program.
const LIGHT: [[u8; 3]; 2] = [[0xFB, 0xFC, 0xFD], [0x0B, 0x6B, 0x75]];
const DARK: [[u8; 3]; 2] = [[0x1A, 0x1F, 0x24], [0x5B, 0xC4, 0xCD]];

fn designer() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masequenceconfiguration"));
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(name);
    }
    command
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("RUST_BACKTRACE", "0");
    command
}

/// The designer with a home of its own: nobody's settings, nobody's runs.
fn designer_of(home: &Path) -> Command {
    let mut command = designer();
    for (name, folder) in [
        (CONFIG_VARIABLE, "config"),
        ("HOME", "home"),
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_DATA_HOME", "home"),
    ] {
        command.env(name, folder_in(home, folder));
    }
    // No dialog of the system can open: paths are typed in.
    command.env_remove("DBUS_SESSION_BUS_ADDRESS");
    command
}

fn folder_in(home: &Path, name: &str) -> PathBuf {
    let folder = home.join(name);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

#[track_caller]
fn assert_shows(picture: &Picture, colours: [[u8; 3]; 2]) {
    let [background, accent] = colours.map(|colour| picture.share_of(colour));
    assert!(
        background > 0.4,
        "background {background}: {}",
        picture.summary()
    );
    assert!(accent > 0.000_5, "the icon {accent}: {}", picture.summary());
    // Words are drawn with soft edges: a screen with text has many shades.
    assert!(
        picture.shades() > 60,
        "too few shades: {}",
        picture.summary()
    );
}

#[test]
fn the_window_opens_with_its_title_and_is_not_blank() {
    for (scale, size) in [("1", (1440, 900)), ("2", (2880, 1800))] {
        let screen = Screen::start();
        let home = tempfile::tempdir().expect("a folder");
        let mut command = designer_of(home.path());
        command
            .env("DISPLAY", screen.display())
            .env("WINIT_X11_SCALE_FACTOR", scale);
        let mut designer = Process::start("masequenceconfiguration", &mut command, None);
        let window = screen.window(TITLE, &mut designer);
        let picture = screen.picture_when(&window, &mut designer, |picture| picture.shades() > 60);
        assert_eq!(picture.size(), size);
        assert_shows(&picture, LIGHT);
        assert!(
            designer.status().is_none(),
            "it stays open\n{}",
            designer.dump()
        );
    }
}

#[test]
fn the_theme_can_be_chosen() {
    let screen = Screen::start();
    let home = tempfile::tempdir().expect("a folder");
    let mut command = designer_of(home.path());
    command
        .env("DISPLAY", screen.display())
        .env("WINIT_X11_SCALE_FACTOR", "1");
    let mut designer = Process::start("masequenceconfiguration", &mut command, None);
    let window = screen.window(TITLE, &mut designer);
    screen.picture_when(&window, &mut designer, |picture| picture.shades() > 60);
    // The palette takes every command by its name.
    screen.hand(&["windowfocus", "--sync", &window, "key", "ctrl+k"]);
    screen.hand(&["type", "--delay", "40", "dark theme"]);
    screen.hand(&["key", "Return"]);
    let picture = screen.picture_when(&window, &mut designer, |picture| {
        picture.share_of(DARK[0]) > 0.4
    });
    assert_shows(&picture, DARK);
}

#[test]
fn without_a_display_one_sentence_names_the_other_program() {
    for display in [None, Some(":32000")] {
        let mut command = designer();
        if let Some(display) = display {
            command.env("DISPLAY", display);
        }
        let mut designer = Process::start("masequenceconfiguration", &mut command, None);
        let status = designer.wait(LIMIT);
        let said = designer.stderr();
        assert_eq!(status.code(), Some(1), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains("masequencer run FILE"), "{said}");
        assert!(
            !said.contains("panicked") && !said.contains(".rs:"),
            "{said}"
        );
        assert_eq!(designer.stdout(), "");
    }
}

#[test]
fn a_wrong_argument_is_one_sentence() {
    for arguments in [&["--nonsense"][..], &["a.xml", "b.xml"], &["gallery"]] {
        let mut command = designer();
        command.args(arguments);
        let mut designer = Process::start("masequenceconfiguration", &mut command, None);
        assert_eq!(designer.wait(LIMIT).code(), Some(2));
        let said = designer.stderr();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains("masequencer run FILE"), "{said}");
    }
}

#[test]
fn help_and_version_are_answers() {
    for (argument, words) in [("--help", "The sequence file to open"), ("--version", "0.")] {
        let mut command = designer();
        command.arg(argument);
        let mut designer = Process::start("masequenceconfiguration", &mut command, None);
        assert_eq!(designer.wait(LIMIT).code(), Some(0), "{}", designer.dump());
        assert!(designer.stdout().contains(words), "{}", designer.dump());
        assert_eq!(designer.stderr(), "");
    }
}
