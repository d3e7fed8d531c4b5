//! A virtual screen, and what can be seen on it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::process::{Command, Output};

use super::LIMIT;
use super::process::Process;
use super::wait::until;

/// A virtual screen of its own. Dropping it ends it.
#[derive(Debug)]
pub struct Screen {
    _server: Process,
    display: String,
}

impl Screen {
    /// Starts a screen on the first free display.
    pub fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "3000x2000x24"]);
        // Without the last word it begins anew, deaf for a moment, whenever its last client goes.
        command.args(["-nolisten", "tcp", "-noreset"]);
        let server = Process::start("Xvfb (run `bash tests/run` once)", &mut command, None);
        let number = || server.stdout().trim().parse::<u16>().ok();
        let number = until("the screen's number", LIMIT, number, || server.dump());
        Self {
            display: format!(":{number}"),
            _server: server,
        }
    }

    /// The value of `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The window whose title ends like this.
    pub fn window(&self, title: &str, program: &mut Process) -> String {
        let pattern = format!("{title}$");
        let find = || {
            assert!(program.status().is_none(), "it ended\n{}", program.dump());
            let output = self.run("xdotool", &["search", "--onlyvisible", "--name", &pattern]);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.lines().next().map(str::to_owned)
        };
        until("the window", LIMIT, find, String::new)
    }

    /// What a hand does, in the words of `xdotool`.
    pub fn hand(&self, words: &[&str]) {
        let output = self.run("xdotool", words);
        assert!(output.status.success(), "xdotool {words:?}: {output:?}");
    }

    /// What the window is called now.
    pub fn title(&self, window: &str) -> String {
        let output = self.run("xdotool", &["getwindowname", window]);
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    /// The picture of a window as soon as it looks as wanted.
    pub fn picture_when(
        &self,
        window: &str,
        program: &mut Process,
        is_ready: impl Fn(&Picture) -> bool,
    ) -> Picture {
        let last = RefCell::new("no picture".to_owned());
        let look = || {
            assert!(program.status().is_none(), "it ended\n{}", program.dump());
            let picture = self.picture(window)?;
            *last.borrow_mut() = picture.summary();
            is_ready(&picture).then_some(picture)
        };
        until("the window looks as wanted", LIMIT, look, || {
            last.borrow().clone()
        })
    }

    /// The picture of a window, as it is.
    pub fn picture(&self, window: &str) -> Option<Picture> {
        let output = self.run("import", &["-window", window, "-depth", "8", "ppm:-"]);
        Picture::from_ppm(&output.stdout)
    }

    /// Keeps a picture of the whole screen for a person who looks for a failure; where it lies.
    pub fn keep_picture(&self, name: &str) -> String {
        let file = format!("{}/{name}.png", env!("CARGO_TARGET_TMPDIR"));
        self.run("import", &["-window", "root", &file]);
        file
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}; run `bash tests/run` once"))
    }
}

/// What a window looks like.
#[derive(Debug)]
pub struct Picture {
    width: usize,
    height: usize,
    /// How many pixels have each colour.
    counts: HashMap<[u8; 3], usize>,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// Reads a binary PPM: `P6`, width, height, 255, each ended by white space, then the pixels.
    fn from_ppm(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut word = || {
            let length = rest.iter().position(u8::is_ascii_whitespace)?;
            let (word, after) = rest.split_at(length);
            rest = after.get(1..)?;
            std::str::from_utf8(word).ok()
        };
        let is_ppm = word()? == "P6";
        let width = word()?.parse().ok()?;
        let height = word()?.parse().ok()?;
        let is_ppm = is_ppm && word()? == "255";
        let (pixels, _) = rest.as_chunks::<3>();
        let mut counts = HashMap::new();
        for pixel in pixels {
            *counts.entry(*pixel).or_default() += 1;
        }
        (is_ppm && pixels.len() == width * height).then_some(Self {
            width,
            height,
            counts,
            pixels: pixels.to_vec(),
        })
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The colour of a place; black beyond the edges.
    pub fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let is_inside = x < self.width;
        let pixel = is_inside.then(|| self.pixels.get(y * self.width + x));
        pixel.flatten().copied().unwrap_or_default()
    }

    /// How many different colours there are.
    pub fn shades(&self) -> usize {
        self.counts.len()
    }

    /// The share of the pixels that have this colour, from 0 to 1.
    pub fn share_of(&self, colour: [u8; 3]) -> f64 {
        let count = self.counts.get(&colour).copied().unwrap_or_default();
        count as f64 / (self.width * self.height) as f64
    }

    /// Size and the most frequent colours, for a person who looks for a failure.
    pub fn summary(&self) -> String {
        let mut colours: Vec<([u8; 3], usize)> = self.counts.clone().into_iter().collect();
        colours.sort_by_key(|(colour, count)| (usize::MAX - count, *colour));
        colours.truncate(5);
        format!(
            "{:?}, {} shades, most of all {colours:X?}",
            self.size(),
            self.shades()
        )
    }
}

#[test]
fn a_picture_is_read() {
    let picture = Picture::from_ppm(b"P6\n2 1\n255\n\x01\x02\x03\x01\x02\x03").unwrap();
    assert_eq!((picture.size(), picture.shades()), ((2, 1), 1));
    assert!((picture.share_of([1, 2, 3]) - 1.0).abs() < 1e-9);
    assert!(Picture::from_ppm(b"P6\n2 1\n255\n\x01").is_none());
}
