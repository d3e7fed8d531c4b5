//! The designer's window without a screen: its real drawing, its real effects, and a hand that
//! finds what it wants by role and name.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;
use masequencer::base::time::{Clock as _, SystemClock};
use masequencer::designer::{Msg, State};
use masequencer::launch::detached::Program;
use masequencer::model::Sequence;
use masequencer::settings::credentials::Credentials;
use masequencer::settings::{Folders, ThemeChoice};
use masequencer::ui::effects::{Chosen, Effects, FileDialogs, Question, Setup, stored_settings};
use masequencer::ui::{Shell, dress};
use parking_lot::Mutex;

use crate::LIMIT;

/// How many frames the window gets to come to rest; one that never does is a failure.
const FRAMES: u64 = 40;

/// How long a frame takes. Longer than a real one, so that two clicks are soon no double click.
const FRAME_SECONDS: f32 = 0.1;

/// The system's file dialogs, in the hand of a test.
#[derive(Debug, Default)]
pub struct Dialogs {
    /// What the next questions are answered with.
    pub answers: Mutex<Vec<Chosen>>,
    /// What was asked.
    pub questions: Mutex<Vec<Question>>,
}

impl FileDialogs for Dialogs {
    fn choose(&self, question: &Question) -> Chosen {
        self.questions.lock().push(question.clone());
        let mut answers = self.answers.lock();
        if answers.is_empty() {
            Chosen::Cancelled
        } else {
            answers.remove(0)
        }
    }
}

/// Whether a label is this name; one that ends with `*` counts as far as it goes.
fn is_called(label: &str, name: &str) -> bool {
    match name.strip_suffix('*') {
        Some(begin) => label.starts_with(begin),
        None => label == name,
    }
}

/// The window and what its frame has to tell it.
struct Framed {
    shell: Shell,
    told: Vec<Msg>,
}

/// The window.
pub struct Window {
    harness: Harness<'static, Framed>,
    woken: Receiver<()>,
    /// Its file dialogs.
    pub dialogs: Arc<Dialogs>,
}

impl Window {
    /// Opens it for a person whose settings lie in this folder.
    pub fn open(home: &Path) -> Self {
        Self::with(home, Vec::new(), Credentials::off())
    }

    /// The same for a person whose passwords are kept here.
    pub fn open_keeping(home: &Path, credentials: Credentials) -> Self {
        Self::with(home, Vec::new(), credentials)
    }

    /// The same with a file.
    pub fn open_file(home: &Path, file: &Path) -> Self {
        let first = vec![Msg::OpenFile(file.to_path_buf())];
        let mut window = Self::with(home, first, Credentials::off());
        let file = file.to_path_buf();
        window.until("the file is open", move |state| {
            state.document.file.as_ref() == Some(&file)
        });
        window
    }

    fn with(home: &Path, first: Vec<Msg>, credentials: Credentials) -> Self {
        let folders = Folders::below(home);
        let (settings, told) = stored_settings(Some(&folders));
        assert!(told.is_none(), "{told:?}");
        let (wake, woken) = mpsc::channel();
        let dialogs = Arc::new(Dialogs::default());
        let setup = Setup {
            folders: Some(folders),
            program: Program::At(PathBuf::from(env!("CARGO_BIN_EXE_masequenceconfiguration"))),
            dialogs: Arc::<Dialogs>::clone(&dialogs),
            credentials,
            wake: Box::new(move || wake.send(()).unwrap_or_default()),
        };
        let effects = Effects::start(setup).expect("threads");
        let framed = Framed {
            shell: Shell::new(settings, Box::new(effects), first),
            told: Vec::new(),
        };
        let clock = SystemClock::start();
        let harness = Harness::builder()
            .with_size([1440.0, 900.0])
            .with_max_steps(FRAMES)
            .with_step_dt(FRAME_SECONDS)
            .with_theme(egui::Theme::Light)
            .with_context_setup(|ctx| dress(ctx, ThemeChoice::Light, 100, false))
            .build_ui_state(
                move |ui, framed: &mut Framed| {
                    let told = std::mem::take(&mut framed.told);
                    framed.shell.tell(ui, told);
                    framed.shell.frame(ui, clock.wall());
                },
                framed,
            );
        Self {
            harness,
            woken,
            dialogs,
        }
    }

    /// What is drawn.
    pub fn state(&self) -> &State {
        self.harness.state().shell.state()
    }

    /// The document.
    pub fn sequence(&self) -> &Sequence {
        &self.state().document.sequence
    }

    /// Whether it has agreed to close.
    pub fn is_closing(&self) -> bool {
        self.harness.state().shell.is_closing()
    }

    /// Draws until it is at rest.
    pub fn rest(&mut self) {
        self.harness.run();
    }

    /// Draws, and takes the world's answers, until the state is as wanted.
    #[track_caller]
    pub fn until(&mut self, what: &str, is_so: impl Fn(&State) -> bool) {
        self.rest();
        while !is_so(self.state()) {
            if let Err(error) = self.woken.recv_timeout(LIMIT) {
                panic!("{what}: {error}\n{}", self.dump());
            }
            self.rest();
        }
    }

    /// Asks it to close, as the button of its frame does.
    pub fn close(&mut self) {
        self.harness.state_mut().told.push(Msg::CloseRequested);
        self.rest();
    }

    /// Where things of this role and name are.
    pub fn places(&self, role: Role, name: &str) -> Vec<Rect> {
        let clip = Rect::from_min_size(Pos2::ZERO, self.harness.ctx.content_rect().size());
        let mut places = Vec::new();
        for node in self.harness.root().children_recursive() {
            let inner = node.accesskit_node();
            let is_named = inner.label().is_some_and(|label| is_called(&label, name));
            if inner.role() == role && is_named && inner.raw_bounds().is_some() {
                let rect = node.rect();
                if clip.contains(rect.center()) {
                    places.push(rect);
                }
            }
        }
        places
    }

    /// Whether something of this role and name is seen.
    pub fn shows(&self, role: Role, name: &str) -> bool {
        !self.places(role, name).is_empty()
    }

    /// Whether this text is written anywhere.
    pub fn says(&self, text: &str) -> bool {
        self.harness.root().children_recursive().any(|node| {
            let node = node.accesskit_node();
            let has = |said: Option<String>| said.is_some_and(|said| said.contains(text));
            has(node.label()) || has(node.value())
        })
    }

    /// Where something is: the topmost of those that are called so.
    #[track_caller]
    pub fn find(&self, role: Role, name: &str) -> Pos2 {
        let places = self.places(role, name);
        let first = places.first();
        first
            .unwrap_or_else(|| panic!("there is no {role:?} `{name}`\n{}", self.dump()))
            .center()
    }

    /// Where a text is written, the topmost of those that say just this.
    #[track_caller]
    pub fn text(&self, text: &str) -> Rect {
        let nodes = self.harness.root().children_recursive();
        let said = nodes.filter(|node| {
            let inner = node.accesskit_node();
            let is_it = |said: Option<String>| said.as_deref() == Some(text);
            inner.role() == Role::Label && (is_it(inner.label()) || is_it(inner.value()))
        });
        said.map(|node| node.rect())
            .min_by(|one, other| one.top().total_cmp(&other.top()))
            .unwrap_or_else(|| panic!("`{text}` is nowhere\n{}", self.dump()))
    }

    /// What has the keyboard: its name, and where it is.
    pub fn focused(&self) -> Option<(String, Rect)> {
        let mut nodes = self.harness.root().children_recursive();
        let node = nodes.find(|node| node.accesskit_node().is_focused())?;
        let name = node.accesskit_node().label().unwrap_or_default();
        Some((name, node.rect()))
    }

    /// Clicks.
    #[track_caller]
    pub fn click(&mut self, role: Role, name: &str) {
        self.click_with(role, name, Modifiers::NONE);
    }

    /// Clicks while keys are held.
    #[track_caller]
    pub fn click_with(&mut self, role: Role, name: &str, modifiers: Modifiers) {
        self.reveal(role, name);
        let at = self.find(role, name);
        self.press(at, PointerButton::Primary, modifiers);
    }

    /// Clicks on something in the dialog; it may lie over another one of that name.
    #[track_caller]
    pub fn click_over(&mut self, role: Role, name: &str) {
        self.focus(role, name);
        let places = self.places(role, name);
        let last = places.last();
        let at = last.unwrap_or_else(|| panic!("there is no {role:?} `{name}`\n{}", self.dump()));
        self.press(at.center(), PointerButton::Primary, Modifiers::NONE);
    }

    /// Types into a field of the dialog, in the place of what is there.
    #[track_caller]
    pub fn type_over(&mut self, role: Role, name: &str, text: &str) {
        self.click_over(role, name);
        self.ctrl(Key::A);
        self.write(text);
    }

    /// Brings something into sight and gives it the keyboard: the one that lies over the others.
    #[track_caller]
    pub fn focus(&mut self, role: Role, name: &str) {
        for is_to_focus in [false, true] {
            {
                let nodes = self.harness.root().children_recursive();
                let found = nodes.filter(|node| {
                    let node = node.accesskit_node();
                    let label = node.label();
                    node.role() == role && label.is_some_and(|label| is_called(&label, name))
                });
                let last = found.last();
                let node = last
                    .unwrap_or_else(|| panic!("there is no {role:?} `{name}`\n{}", self.dump()));
                if is_to_focus {
                    node.focus();
                } else {
                    node.scroll_to_me();
                }
            }
            self.rest();
        }
    }

    /// Clicks somewhere.
    pub fn click_at(&mut self, at: Pos2) {
        self.press(at, PointerButton::Primary, Modifiers::NONE);
    }

    /// Opens the menu of something.
    #[track_caller]
    pub fn click_secondary(&mut self, role: Role, name: &str) {
        let at = self.find(role, name);
        self.press(at, PointerButton::Secondary, Modifiers::NONE);
    }

    /// Brings something into sight that is scrolled away, as far as its panel can.
    fn reveal(&mut self, role: Role, name: &str) {
        {
            let mut nodes = self.harness.root().children_recursive();
            let found = nodes.find(|node| {
                let node = node.accesskit_node();
                node.role() == role && node.label().is_some_and(|label| is_called(&label, name))
            });
            if let Some(node) = found {
                node.scroll_to_me();
            }
        }
        self.rest();
    }

    fn press(&mut self, pos: Pos2, button: PointerButton, modifiers: Modifiers) {
        self.harness.hover_at(pos);
        self.harness.step();
        for pressed in [true, false] {
            let event = Event::PointerButton {
                pos,
                button,
                pressed,
                modifiers,
            };
            self.harness.event_modifiers(event, modifiers);
            self.harness.step();
        }
        // The next click is not the second one of a double click.
        self.harness.run_steps(5);
        self.rest();
    }

    /// Drags something onto something else, a little beside its middle if wanted.
    #[track_caller]
    pub fn drag(&mut self, from: (Role, &str), to: (Role, &str), beside: Vec2) {
        let from = self.find(from.0, from.1);
        let to = self.find(to.0, to.1) + beside;
        self.harness.hover_at(from);
        self.harness.step();
        self.harness.drag_at(from);
        self.harness.step();
        for part in [0.2, 0.5, 0.8, 1.0, 1.0] {
            self.harness.hover_at(from + (to - from) * part);
            self.harness.step();
        }
        assert!(self.state().drag.is_some(), "nothing is dragged");
        self.harness.drop_at(to);
        self.harness.run_steps(5);
        self.rest();
    }

    /// Presses a key.
    pub fn key(&mut self, key: Key) {
        self.keys(Modifiers::NONE, key);
    }

    /// Presses a key while others are held.
    pub fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.rest();
    }

    /// Presses a key with Ctrl.
    pub fn ctrl(&mut self, key: Key) {
        self.keys(Modifiers::COMMAND, key);
    }

    /// Types into whatever has the keyboard.
    pub fn write(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.rest();
    }

    /// Types into a field, in the place of what is there.
    #[track_caller]
    pub fn type_into(&mut self, role: Role, name: &str, text: &str) {
        self.click(role, name);
        self.ctrl(Key::A);
        self.write(text);
    }

    /// Says something to the window as its library does, and returns what it put on the clipboard.
    pub fn clipboard(&mut self, event: Event) -> Option<String> {
        self.harness.event(event);
        self.harness.step();
        let commands = &self.harness.output().platform_output.commands;
        let copied = commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        self.rest();
        copied
    }

    /// What the screen holds, for a person who looks for a failure.
    pub fn dump(&self) -> String {
        let state = self.state();
        let mut text = format!(
            "dialog {:?}\ntoasts {:?}\nconnection {:?}\nscreen {:?}\n",
            state.dialog, state.toasts, state.connection, state.screen
        );
        for node in self.harness.root().children_recursive() {
            let node = node.accesskit_node();
            let (label, value) = (node.label(), node.value());
            if label.is_some() || value.is_some() {
                let focus = if node.is_focused() {
                    "has the keyboard"
                } else {
                    ""
                };
                let said = writeln!(text, "{:?} {label:?} {value:?} {focus}", node.role());
                said.expect("a text");
            }
        }
        text
    }
}
