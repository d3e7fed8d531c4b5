//! The time on task: what the walk-through of the seeds costs a hand in the real window.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::Command;

use super::*;

/// What it cost when it was last counted. It may become less; more is a step back.
const PRESENT: Effort = Effort {
    clicks: 4,
    drags: 2,
    keys: 4,
    texts: 3,
};

/// The inspector begins right of this.
const INSPECTOR: usize = 1115;

/// The rows of the toolbar.
const TOOLBAR: Range<usize> = 28..72;

/// What lies between the bars: the welcome, or the panels.
const MIDDLE: Range<usize> = SERVER_BAR.end..700;

/// The pieces of a row that have one colour and about this length.
fn pieces(
    picture: &Picture,
    y: usize,
    columns: Range<usize>,
    colour: [u8; 3],
    length: Range<usize>,
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = columns.start;
    for x in columns.clone() {
        let ends = x + 1 == columns.end || picture.at(x, y) != colour;
        if ends {
            if length.contains(&(x - from)) {
                found.push(from..x);
            }
            from = x + 1;
        }
    }
    found
}

/// The middle of the first button that is filled like the main action.
fn main_button(picture: &Picture, mut rows: Range<usize>) -> Option<(usize, usize)> {
    rows.find_map(|y| {
        let edges = pieces(picture, y, 0..INSPECTOR, ACCENT, 60..260);
        let edge = edges.first()?;
        // Far enough below to lie on the letters.
        let y = y + 12;
        (picture.at(edge.start, y) == ACCENT).then_some((usize::midpoint(edge.start, edge.end), y))
    })
}

/// "Copy a file…": the second of the first two buttons that lie side by side in the inspector.
fn copy_a_file(picture: &Picture) -> Option<(usize, usize)> {
    let (width, _) = picture.size();
    MIDDLE.into_iter().find_map(|y| {
        let pair = pieces(picture, y, INSPECTOR..width, FRAME, 90..150);
        let [_, second] = pair.as_slice() else {
            return None;
        };
        Some((usize::midpoint(second.start, second.end), y + 12))
    })
}

/// Where the field with the keyboard begins.
fn field(picture: &Picture) -> Option<usize> {
    let (width, _) = picture.size();
    let is_edge = |y: &usize| !pieces(picture, *y, INSPECTOR..width, ACCENT, 100..250).is_empty();
    MIDDLE.into_iter().find(is_edge)
}

/// The middle of each column, at a height where it is empty.
fn columns(picture: &Picture) -> Vec<usize> {
    let found = pieces(picture, 500, TREE..INSPECTOR, LANE, 200..500);
    found
        .iter()
        .map(|it| usize::midpoint(it.start, it.end))
        .collect()
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figures are for whoever asks for them"
)]
fn the_walk_through_costs_no_more_than_it_did() {
    let home = home();
    fs::write(home.path().join("feed.csv"), "name\nAda\n").expect("a file");
    let mut desk = Desk::open(home, &[]);
    let [feed, copy, file] =
        ["feed.csv", "copy.csv", "Runadimport.xml"].map(|name| desk.home.path().join(name));

    let picture = desk.look("the welcome", |it| main_button(it, MIDDLE).is_some());
    desk.click(main_button(&picture, MIDDLE).expect("the demo server"));
    desk.until_connected();
    let picture = desk.look("the tree and one thread", |it| {
        row_of(it, IMPORT).is_some()
            && row_of(it, SYNCHRONIZATION).is_some()
            && columns(it).len() == 1
    });

    // Beside the only column, at the height of its head.
    let edge = (columns(&picture)[0]..INSPECTOR).find(|x| picture.at(*x, 500) != LANE);
    desk.click((edge.expect("an edge") + 80, SERVER_BAR.end + 34));
    desk.until_title("• Untitled");
    let picture = desk.look("two threads", |it| columns(it).len() == 2);
    let columns = columns(&picture);
    let from = row_of(&picture, SYNCHRONIZATION).expect("a synchronization");
    desk.drag(from, (columns[1], 500));
    desk.look("its step", |it| has_icon(it, columns[1], SYNCHRONIZATION));
    let from = row_of(&picture, IMPORT).expect("an import");
    desk.drag(from, (columns[0], 500));
    desk.look("its step", |it| has_icon(it, columns[0], IMPORT));

    let picture = desk.look("its processing", |it| copy_a_file(it).is_some());
    desk.click(copy_a_file(&picture).expect("a button"));
    // One thing at a time: a slow frame would take two Tabs for one.
    desk.look("a field with the keyboard", |it| field(it).is_some());
    desk.write(&feed.display().to_string());
    desk.until_kept(&feed);
    desk.keys(&["Tab"]);
    desk.look("its button", |it| field(it).is_none());
    desk.keys(&["Tab"]);
    desk.look("the next field", |it| field(it).is_some());
    desk.write(&copy.display().to_string());
    desk.until_kept(&copy);

    let picture = desk.look("it can start", |it| main_button(it, TOOLBAR).is_some());
    desk.click(main_button(&picture, TOOLBAR).expect("Start"));
    desk.look("success", |it| has(it, 72..144, SUCCESS));
    assert_eq!(fs::read_to_string(&copy).expect("the copy"), "name\nAda\n");

    desk.keys(&["ctrl+s"]);
    desk.until_asked();
    // The suggested name is chosen already, its folder and its ending are not.
    desk.write("Runadimport");
    desk.keys(&["Return"]);
    desk.until_title("Runadimport.xml");
    let effort = desk.effort.get();
    let Effort {
        clicks,
        drags,
        keys,
        texts,
    } = effort;
    println!("time on task: {clicks} clicks, {drags} drags, {keys} keys, {texts} typed texts");
    for (now, before) in [
        (clicks, PRESENT.clicks),
        (drags, PRESENT.drags),
        (keys, PRESENT.keys),
        (texts, PRESENT.texts),
    ] {
        assert!(now <= before, "{effort:?}, and it was {PRESENT:?}");
    }

    fs::remove_file(&copy).expect("the copy");
    run_headless(desk.home.path(), &file);
    assert_eq!(fs::read_to_string(&copy).expect("the copy"), "name\nAda\n");
}

impl Desk {
    /// Waits until a typed path is part of the sequence: the copy for emergencies has it then.
    fn until_kept(&self, path: &Path) {
        let copies = self.home.path().join("config/data/recovery");
        let path = format!("{}<", path.display());
        let is_kept = || {
            let mut files = fs::read_dir(&copies).into_iter().flatten().flatten();
            let has_it = |text: String| text.contains(&path).then_some(());
            files.find_map(|file| fs::read_to_string(file.path()).ok().and_then(has_it))
        };
        until("a kept path", LIMIT, is_kept, || path.clone());
    }
}

/// Whether there is such an icon in the upper half of a column.
fn has_icon(picture: &Picture, column: usize, colour: [u8; 3]) -> bool {
    let mut rows = MIDDLE.start..300;
    rows.any(|y| (column - 180..column).any(|x| picture.at(x, y) == colour))
}

fn run_headless(home: &Path, file: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masequencer"));
    command.args(["run", "--demo"]).arg(file);
    for (name, folder) in [
        ("HOME", "home"),
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_DATA_HOME", "home"),
    ] {
        command.env(name, folder_in(home, folder));
    }
    let mut runner = Process::start("masequencer", &mut command, None);
    assert_eq!(runner.wait(LIMIT).code(), Some(0), "{}", runner.dump());
}
