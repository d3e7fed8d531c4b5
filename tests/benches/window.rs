//! What the designer costs as a process: start to first picture, memory, an idle window.
//!
//! Run with `cargo bench --bench window`; needs Xvfb, and draws with the
//! software renderer.

#[path = "measure.rs"]
mod measure;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use measure::{Times, millis, tell, time};

/// How often the start is measured.
const ROUNDS: usize = 10;

/// How long an idle window is watched.
const IDLE: Duration = Duration::from_secs(10);

fn main() {
    let home = tempfile::tempdir().expect("a folder");
    let screen = Screen::start();
    let starts = Times::of(ROUNDS, |_| {
        screen.until(false);
        let mut window = None;
        let taken = time(|| window = Some(Window::open(&screen, home.path(), &[])));
        drop(window);
        taken
    });
    tell("the designer as a process, software renderer");
    tell(&format!(
        "  start to first picture: best {:.0} ms, median {:.0} ms of {ROUNDS}",
        millis(starts.best()),
        millis(starts.median()),
    ));
    let large = home.path().join("large.xml");
    fs::write(&large, steps(10, 100)).expect("a file can be written");
    let large = large.display().to_string();
    screen.until(false);
    for (name, arguments) in [("welcome", &[][..]), ("1,000 steps", &[large.as_str()])] {
        let window = Window::open(&screen, home.path(), arguments);
        // What happens after the first picture (fonts, looking for runs) has happened then.
        wait(Duration::from_secs(3));
        let memory = window.memory();
        let before = window.ticks();
        wait(IDLE);
        let ticks = window.ticks() - before;
        tell(&format!(
            "  {name}: {:.0} MiB resident (peak {:.0}); idle for {} s: {ticks} ticks of 10 ms",
            mib(memory.0),
            mib(memory.1),
            IDLE.as_secs(),
        ));
    }
}

/// A sequence of so many threads with so many steps each.
fn steps(threads: usize, steps: usize) -> String {
    let mut xml =
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" name=\"Large\">".to_owned();
    for thread in 0..threads {
        let mut write = |text: std::fmt::Arguments<'_>| xml.write_fmt(text).expect("memory");
        write(format_args!("<thread name=\"Thread {thread}\">"));
        for step in 0..steps {
            write(format_args!(
                "<run-profile agent=\"Agent {step}\" profile=\"Delta Import\" type=\"delta-import\"/>"
            ));
        }
        write(format_args!("</thread>"));
    }
    xml + "</masequence>"
}

fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

/// Lets time pass: on a channel on which nothing ever comes.
fn wait(span: Duration) {
    let (_keep, nothing) = mpsc::channel::<()>();
    nothing.recv_timeout(span).ok();
}

/// A virtual screen; ends when dropped.
struct Screen {
    server: Child,
    display: String,
    memory: tempfile::TempDir,
}

impl Screen {
    fn start() -> Self {
        let memory = tempfile::tempdir().expect("a folder");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-noreset"])
            .args(["-nolisten", "tcp"])
            .arg("-fbdir")
            .arg(memory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut line = String::new();
        if let Some(pipe) = server.stdout.take() {
            let read = BufReader::new(pipe).read_line(&mut line);
            read.expect("it says its number");
        }
        Self {
            server,
            memory,
            display: format!(":{}", line.trim()),
        }
    }

    /// Waits until a picture of the designer is there, or gone.
    fn until(&self, is_there: bool) {
        // The light theme's bar, in the middle of the menu bar: black where there is no window.
        const BAR: [u8; 3] = [0xF5, 0xF7, 0xF9];
        while (self.pixel(720, 14) == Some(BAR)) != is_there {
            wait(Duration::from_millis(1));
        }
    }

    /// A pixel of the screen's memory, which lies in a file in the form of `xwd`: a header of numbers,
    /// a table of colours, then the pixels as blue, green, red, unused.
    fn pixel(&self, x: u64, y: u64) -> Option<[u8; 3]> {
        let mut file = fs::File::open(self.memory.path().join("Xvfb_screen0")).ok()?;
        let mut header = [0; 100];
        file.read_exact(&mut header).ok()?;
        let (numbers, _) = header.as_chunks::<4>();
        let number = |at: usize| Some(u64::from(u32::from_be_bytes(*numbers.get(at)?)));
        let (size, line, colours) = (number(0)?, number(12)?, number(19)?);
        let begin = size + colours * 12;
        file.seek(SeekFrom::Start(begin + y * line + x * 4)).ok()?;
        let mut pixel = [0; 3];
        file.read_exact(&mut pixel).ok()?;
        let [blue, green, red] = pixel;
        Some([red, green, blue])
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// The designer; ends when dropped.
struct Window {
    program: Child,
}

impl Window {
    /// Starts it and returns as soon as its picture is on the screen.
    fn open(screen: &Screen, home: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_masequenceconfiguration"));
        command
            .args(arguments)
            .env("DISPLAY", &screen.display)
            .env("MASEQUENCER_CONFIG_DIR", home.join("config"))
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WINIT_X11_SCALE_FACTOR", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let program = command.spawn().expect("the designer starts");
        screen.until(true);
        Self { program }
    }

    /// What is resident now and was at most, in KiB.
    fn memory(&self) -> (u64, u64) {
        let status = self.file("status");
        let value = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
            number.unwrap_or_default()
        };
        (value("VmRSS:"), value("VmHWM:"))
    }

    /// The processor's time of all its threads so far.
    fn ticks(&self) -> u64 {
        let stat = self.file("stat");
        let after_name = stat.rsplit(") ").next().unwrap_or_default();
        let fields = after_name.split(' ').skip(11).take(2);
        fields.filter_map(|field| field.parse::<u64>().ok()).sum()
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{name}", self.program.id())).unwrap_or_default()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.program.kill().ok();
        self.program.wait().ok();
    }
}
