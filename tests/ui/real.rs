//! The real program under a real hand: a virtual screen, the pointer and the keys of `xdotool`, the
//! files that are left at the end.
//!
//! Nothing is asked of the program itself: what is read are pictures, titles and files.

mod canary;
mod task;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use masequencer::ui::TITLE;
use tempfile::TempDir;

use crate::process::Process;
use crate::screen::{Picture, Screen};
use crate::wait::until;
use crate::{LIGHT, LIMIT, designer_of, folder_in};

/// Colours of the design's table: the bars, an open column, what is exported, "connected", a run.
const BAR: [u8; 3] = [0xF5, 0xF7, 0xF9];
const LANE: [u8; 3] = [0xF3, 0xF5, 0xF8];
const EXPORT: [u8; 3] = [0xA0, 0x4A, 0x14];
const CONNECTED: [u8; 3] = [0xE0, 0xF2, 0xEA];
const WHITE: [u8; 3] = [0xFF; 3];
const SELECTED: [u8; 3] = [0xD9, 0xED, 0xEF];
const RUNNING: [u8; 3] = [0x1F, 0x62, 0xD1];
const SUCCESS: [u8; 3] = [0x0F, 0x7B, 0x55];
const IMPORT: [u8; 3] = [0x1D, 0x5F, 0xA8];
const SYNCHRONIZATION: [u8; 3] = [0x6B, 0x45, 0xAC];
const ACCENT: [u8; 3] = LIGHT[1];
const FRAME: [u8; 3] = [0x76, 0x82, 0x8E];

/// A place of the menu bar where nothing is written: a dialog puts a veil over it.
const QUIET: (usize, usize) = (720, 14);

/// How wide the tree is.
const TREE: usize = 248;

/// The icons of run profiles lie left of this.
const TREE_ICONS: usize = 70;

/// Where the server bar, or the run bar in its place, begins and ends.
const SERVER_BAR: std::ops::Range<usize> = 72..108;

/// The designer in front of a person.
struct Desk {
    screen: Screen,
    home: TempDir,
    program: Process,
    window: String,
    effort: Cell<Effort>,
}

/// What a hand has done so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Effort {
    clicks: usize,
    drags: usize,
    /// Keys and combinations of keys, without the letters of typed texts.
    keys: usize,
    /// Texts that were typed.
    texts: usize,
}

impl Desk {
    fn open(home: TempDir, arguments: &[&Path]) -> Self {
        let screen = Screen::start();
        let mut command = designer_of(home.path());
        command
            .args(arguments)
            .current_dir(home.path())
            .env("DISPLAY", screen.display())
            .env("WINIT_X11_SCALE_FACTOR", "1");
        let mut program = Process::start("masequenceconfiguration", &mut command, None);
        let window = screen.window(TITLE, &mut program);
        let mut desk = Self {
            screen,
            home,
            program,
            window,
            effort: Cell::default(),
        };
        desk.look("the window is drawn", |picture| {
            picture.size() == (1440, 900) && picture.shades() > 60
        });
        let window = desk.window.clone();
        desk.screen.hand(&["windowfocus", "--sync", &window]);
        desk
    }

    /// Waits until the window looks like this.
    #[track_caller]
    fn look(&mut self, what: &str, is_so: impl Fn(&Picture) -> bool) -> Picture {
        let (screen, window, program) = (&self.screen, &self.window, &mut self.program);
        until(
            what,
            LIMIT,
            || {
                assert!(program.status().is_none(), "it ended\n{}", program.dump());
                let picture = screen.picture(window)?;
                is_so(&picture).then_some(picture)
            },
            || {
                let file = screen.keep_picture(&what.replace(' ', "-"));
                format!("{}; see {file}", screen.title(window))
            },
        )
    }

    #[track_caller]
    fn until_title(&self, title: &str) {
        let whole = format!("{title} — {TITLE}");
        let is_so = || (self.screen.title(&self.window) == whole).then_some(());
        until(title, LIMIT, is_so, || self.screen.title(&self.window));
    }

    #[track_caller]
    fn until_connected(&mut self) {
        self.look("connected", |picture| has(picture, SERVER_BAR, CONNECTED));
    }

    #[track_caller]
    fn until_asked(&mut self) {
        self.look("a dialog", |picture| picture.at(QUIET.0, QUIET.1) != BAR);
    }

    #[track_caller]
    fn until_answered(&mut self) {
        self.look("no dialog", |picture| picture.at(QUIET.0, QUIET.1) == BAR);
    }

    fn spend(&self, on: impl FnOnce(&mut Effort)) {
        let mut effort = self.effort.get();
        on(&mut effort);
        self.effort.set(effort);
    }

    fn keys(&self, keys: &[&str]) {
        self.spend(|effort| effort.keys += keys.len());
        for key in keys {
            self.screen.hand(&["key", key]);
        }
    }

    fn write(&self, text: &str) {
        self.spend(|effort| effort.texts += 1);
        self.screen.hand(&["type", "--delay", "40", text]);
    }

    /// Adds a run profile by its name.
    fn palette(&mut self, words: &str) {
        self.keys(&["ctrl+k"]);
        self.until_asked();
        self.write(words);
        // Before that, the list would reach down here.
        self.look("one row is left", |picture| picture.at(720, 330) != WHITE);
        self.keys(&["Return"]);
        self.until_answered();
    }

    fn point(&self, (x, y): (usize, usize)) {
        let (x, y) = (x.to_string(), y.to_string());
        let window = &self.window;
        let go = ["mousemove", "--sync", "--window", window, &x, &y];
        self.screen.hand(&go);
    }

    fn click(&self, at: (usize, usize)) {
        self.spend(|effort| effort.clicks += 1);
        self.point(at);
        self.screen.hand(&["click", "1"]);
    }

    /// Carries something from one place to another, as a hand does: not in one jump.
    fn drag(&mut self, from: (usize, usize), to: (usize, usize)) {
        self.spend(|effort| effort.drags += 1);
        self.point(from);
        self.screen.hand(&["mousedown", "1"]);
        // Still over the row: a slow frame would see a longer way and the press at its end.
        self.point((from.0 + 12, from.1));
        self.look("the row is held", |picture| {
            (0..TREE).any(|x| picture.at(x, from.1 + 4) == SELECTED)
        });
        for part in 1..=8 {
            let way = |from: usize, to: usize| (from * (8 - part) + to * part) / 8;
            self.point((way(from.0, to.0), way(from.1, to.1)));
        }
        self.look("it lies under the pointer", |picture| {
            (to.0 + 20..to.0 + 60).any(|x| picture.at(x, to.1 + 40) != LANE)
        });
        self.screen.hand(&["mouseup", "1"]);
    }

    #[track_caller]
    fn until_file(&self, file: &Path, what: &str) -> String {
        let read = || {
            let text = fs::read_to_string(file).ok()?;
            text.contains(what).then_some(text)
        };
        until(what, LIMIT, read, || {
            format!(
                "{:?}; see {}",
                fs::read_to_string(file),
                self.screen.keep_picture("file")
            )
        })
    }

    /// What `masequencer status` says.
    fn status(&self) -> String {
        status(self.home.path())
    }
}

fn status(home: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_masequencer"))
        .arg("status")
        .env("HOME", folder_in(home, "home"))
        .env("XDG_RUNTIME_DIR", folder_in(home, "run"))
        .env("XDG_DATA_HOME", folder_in(home, "home"))
        .output()
        .expect("the runner starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether these rows show this colour.
fn has(picture: &Picture, mut rows: std::ops::Range<usize>, colour: [u8; 3]) -> bool {
    rows.any(|y| (0..picture.size().0).any(|x| picture.at(x, y) == colour))
}

/// The first place of the tree whose icon has nearly this colour.
fn row_of(picture: &Picture, colour: [u8; 3]) -> Option<(usize, usize)> {
    let is_near = |seen: [u8; 3]| {
        let mut both = seen.iter().zip(colour);
        both.all(|(seen, wanted)| seen.abs_diff(wanted) < 24)
    };
    let mut rows = SERVER_BAR.end + 90..picture.size().1;
    rows.find_map(|y| {
        let at = (0..TREE_ICONS).find(|x| is_near(picture.at(*x, y)))?;
        // The icon's first line: its middle is a little below.
        Some((at + 40, y + 7))
    })
}

/// The middle of the first column that is still empty at this height.
fn column_with_room(picture: &Picture, y: usize) -> Option<(usize, usize)> {
    const WIDE: usize = 200;
    let mut from = TREE;
    for x in TREE..picture.size().0 {
        if picture.at(x, y) != LANE {
            if x - from > WIDE {
                return Some((from + (x - from) / 2, y));
            }
            from = x + 1;
        }
    }
    None
}

fn sample(home: &Path) -> PathBuf {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sequences/full-cycle.xml");
    let file = home.join("full-cycle.xml");
    fs::copy(sample, &file).expect("the sample is there");
    file
}

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_run_profile_is_dragged_into_a_thread_and_saved() {
    let home = home();
    let file = sample(home.path());
    let mut desk = Desk::open(home, &[Path::new("--demo"), &file]);
    desk.until_title("full-cycle.xml");
    desk.until_connected();
    let picture = desk.look("the tree and the threads", |picture| {
        row_of(picture, EXPORT).is_some() && column_with_room(picture, 500).is_some()
    });
    let from = row_of(&picture, EXPORT).expect("a row");
    let to = column_with_room(&picture, 500).expect("a column");
    desk.drag(from, to);
    desk.until_title("• full-cycle.xml");
    desk.keys(&["ctrl+s"]);
    desk.until_title("full-cycle.xml");
    let saved = fs::read_to_string(&file).expect("the file");
    let (_, thread) = saved
        .split_once("<thread name=\"Import SQL\">")
        .expect("the thread");
    let (thread, _) = thread.split_once("</thread>").expect("its end");
    let steps: Vec<&str> = thread
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("<run-profile"))
        .collect();
    assert_eq!(steps.len(), 2, "{saved}");
    assert!(
        steps[1].contains("agent=\"AD\" profile=\"Export\" type=\"export\""),
        "{saved}"
    );
}

#[test]
fn with_keys_alone_a_sequence_is_made_saved_and_run() {
    let mut desk = Desk::open(home(), &[]);
    let file = desk.home.path().join("Runadimport.xml");
    desk.keys(&["ctrl+n"]);
    desk.until_title("Untitled");
    desk.keys(&["ctrl+shift+m"]);
    desk.until_connected();
    desk.palette("AD Delta Import");
    desk.until_title("• Untitled");
    desk.keys(&["ctrl+s"]);
    desk.until_asked();
    desk.keys(&["ctrl+a"]);
    desk.write(&file.display().to_string());
    desk.keys(&["Return"]);
    desk.until_title("Runadimport.xml");
    let saved = fs::read_to_string(&file).expect("the file");
    assert!(
        saved.contains("agent=\"AD\" profile=\"Delta Import\" type=\"delta-import\""),
        "{saved}"
    );
    desk.keys(&["F5"]);
    let log = desk.home.path().join("MASequencer.log");
    let log = desk.until_file(&log, "run ended");
    assert!(log.contains("| success | run ended"), "{log}");
    // The whole run bar is as green as the word.
    desk.look("success", |picture| has(picture, 72..144, SUCCESS));
    assert!(!desk.status().contains("Runadimport"), "{}", desk.status());
}

/// A sequence that waits until somebody writes `go`, or its folder is gone.
fn gated(home: &Path) -> PathBuf {
    let file = home.join("gated.xml");
    let wait = "until [ -e go ] || [ ! -e gated.xml ]; do sleep 0.05; done";
    let text = format!(
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" name=\"Gated\">\n\
         <log file=\"gated.log\"/>\n\
         <thread name=\"Only\"><command program=\"sh\"><argument>-c</argument>\
         <argument>{wait}</argument></command></thread>\n</masequence>\n"
    );
    fs::write(&file, text).expect("a file can be written");
    file
}

#[test]
fn a_run_goes_on_when_the_window_is_closed_and_is_watched_again() {
    let home = home();
    let file = gated(home.path());
    let arguments = [Path::new("--demo"), &file];
    let mut desk = Desk::open(home, &arguments);
    desk.until_title("gated.xml");
    desk.until_connected();
    desk.keys(&["F5"]);
    desk.look("it runs", |picture| has(picture, 72..144, RUNNING));
    assert!(desk.status().contains("Gated"), "{}", desk.status());
    desk.keys(&["ctrl+q"]);
    desk.until_asked();
    // Leaving it running is what Enter does.
    desk.keys(&["Return"]);
    let status = desk.program.wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", desk.program.dump());
    assert!(desk.status().contains("Gated"), "{}", desk.status());
    let mut desk = Desk::open(desk.home, &[&file]);
    desk.look("it is watched again", |picture| {
        has(picture, 72..144, RUNNING)
    });
    fs::write(desk.home.path().join("go"), "").expect("a file can be written");
    desk.look("its end", |picture| has(picture, 72..144, SUCCESS));
    desk.until_file(&desk.home.path().join("gated.log"), "| success | run ended");
}

#[test]
fn work_outlives_a_killed_program() {
    let home = home();
    let file = sample(home.path());
    let mut desk = Desk::open(home, &[&file]);
    desk.until_title("full-cycle.xml");
    desk.keys(&["ctrl+t"]);
    desk.until_title("• full-cycle.xml");
    desk.keys(&["ctrl+a"]);
    desk.write("Outlived");
    desk.keys(&["Return"]);
    let copies = desk.home.path().join("config/data/recovery");
    let is_kept = || {
        // The description is written last; without it nobody offers the copy.
        let files = || fs::read_dir(&copies).into_iter().flatten().flatten();
        let ends = |path: &Path, ending: &str| path.extension().is_some_and(|it| it == ending);
        let is_told = files().any(|file| ends(&file.path(), "json"));
        let mut texts = files().filter(|file| ends(&file.path(), "xml"));
        let has_it =
            |path: &Path| fs::read_to_string(path).is_ok_and(|text| text.contains("\"Outlived\""));
        (is_told && texts.any(|file| has_it(&file.path()))).then_some(())
    };
    until("a copy", LIMIT, is_kept, String::new);
    desk.program.signal("KILL");
    desk.program.wait(LIMIT);
    let before = fs::read_to_string(&file).expect("the file");
    assert!(!before.contains("Outlived"), "{before}");
    let mut desk = Desk::open(desk.home, &[]);
    desk.until_asked();
    desk.keys(&["Return"]);
    desk.until_title("• full-cycle.xml");
    desk.until_answered();
    desk.keys(&["ctrl+s"]);
    desk.until_title("full-cycle.xml");
    let saved = fs::read_to_string(&file).expect("the file");
    assert!(saved.contains("<thread name=\"Outlived\""), "{saved}");
}
