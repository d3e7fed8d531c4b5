//! The scenes of the gallery: every panel, dialog and state once.

use std::sync::Arc;
use std::time::Duration;

use egui::{Pos2, Vec2, pos2, vec2};

use crate::check;
use crate::designer::{
    AfterSave, Agents, Answer, Command, Connection, Dialog, Document, DragMsg, DragSource,
    DropPoint, FindMsg, Msg, PaletteMsg, PanelMsg, PathPurpose, RecoveryCopy, Screen, Select,
    ServerChoice, State, ToastKind, Token, update,
};
use crate::mim::{AgentName, ProfileName, StepType};
use crate::model::{Place, Sequence, ServerSettings, Thread};
use crate::settings::{BottomTab, RecentFile, Settings};

use super::{sample, story};

/// A picture to draw.
#[derive(Clone, Copy)]
pub(super) struct Scene {
    /// Its name, also the file's.
    pub(super) name: &'static str,
    /// The window's size in points.
    pub(super) size: Vec2,
    /// What it shows.
    pub(super) build: fn() -> State,
    /// Where the pointer is, and whether it clicks there first (to open a menu).
    pub(super) pointer: Option<(Pos2, Click)>,
}

/// What the pointer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Click {
    /// It rests.
    No,
    /// It clicks once.
    Primary,
    /// It opens a context menu.
    Secondary,
}

pub(super) const fn scene(name: &'static str, build: fn() -> State) -> Scene {
    Scene {
        name,
        size: vec2(1440.0, 900.0),
        build,
        pointer: None,
    }
}

const fn at(scene: Scene, x: f32, y: f32, click: Click) -> Scene {
    Scene {
        pointer: Some((pos2(x, y), click)),
        ..scene
    }
}

pub(super) const fn sized(scene: Scene, width: f32, height: f32) -> Scene {
    Scene {
        size: vec2(width, height),
        ..scene
    }
}

/// The scene that shows the sheet of controls instead of the window.
pub(super) const SHEET: &str = "components";

/// All scenes.
pub(super) fn all() -> Vec<Scene> {
    let mut scenes = screens();
    scenes.extend(runs());
    scenes.extend(extremes());
    scenes.extend(dialogs());
    scenes.extend(super::connecting::scenes());
    scenes.extend(super::inventory::scenes());
    scenes
}

fn screens() -> Vec<Scene> {
    vec![
        sized(scene(SHEET, welcome), 1440.0, 960.0),
        scene("welcome", welcome),
        scene("welcome-first", first_start),
        scene("main", main),
        scene("demo", demo),
        scene("unconnected", unconnected),
        scene("connecting", connecting),
        scene("connect-failed", connect_failed),
        at(scene("drag", drag), 740.0, 420.0, Click::No),
        at(scene("drag-tree", drag_tree), 950.0, 600.0, Click::No),
        scene("inspector-sequence", || selected(Place::Sequence)),
        scene("inspector-thread", || selected(Place::Thread(0))),
        scene("inspector-processing", || selected(step(0, 0))),
        scene("inspector-delay", || selected(step(2, 0))),
        scene("inspector-command", || selected(step(2, 5))),
        scene("inspector-several", several),
        scene("rename", || told(main(), Msg::Command(Command::Rename))),
        scene("bottom-xml", || tab(main(), BottomTab::Xml)),
        scene("bottom-log-empty", || tab(main(), BottomTab::Log)),
        scene("bottom-timeline-empty", || tab(main(), BottomTab::Timeline)),
        scene("palette", palette),
        scene("find", find),
        scene("toasts", toasts),
        at(scene("menu-file", main), 24.0, 14.0, Click::Primary),
        at(scene("menu-action", main), 222.0, 14.0, Click::Primary),
        at(scene("context-menu", main), 400.0, 380.0, Click::Secondary),
        at(scene("tooltip", main), 80.0, 310.0, Click::No),
    ]
}

fn runs() -> Vec<Scene> {
    vec![
        scene("run", || {
            watching(story::Chapter::Middle, BottomTab::Timeline)
        }),
        scene("run-log", || {
            watching(story::Chapter::Middle, BottomTab::Log)
        }),
        scene("run-paused", || {
            watching(story::Chapter::Paused, BottomTab::Timeline)
        }),
        scene("run-failed", || {
            watching(story::Chapter::Failed, BottomTab::Timeline)
        }),
        scene("run-success", || {
            watching(story::Chapter::Success, BottomTab::Timeline)
        }),
        scene("run-statistics", || {
            let mut state = watching(story::Chapter::Failed, BottomTab::Log);
            state.watched_place = Some(step(0, 1));
            state
        }),
    ]
}

fn extremes() -> Vec<Scene> {
    vec![
        scene("empty-thread", empty_thread),
        scene("no-thread", || document(Sequence::default())),
        scene("thirty-threads", thirty_threads),
        scene("thousand-steps", thousand_steps),
        scene("long-names", long_names),
        scene("scripts", scripts),
        sized(scene("smallest-main", main), 900.0, 600.0),
        sized(scene("smallest-welcome", welcome), 900.0, 600.0),
        sized(
            scene("smallest-run", || {
                watching(story::Chapter::Middle, BottomTab::Timeline)
            }),
            900.0,
            600.0,
        ),
        sized(
            scene("smallest-settings", || dialog(Dialog::Settings)),
            900.0,
            600.0,
        ),
        sized(
            scene("smallest-shortcuts", || dialog(Dialog::Shortcuts)),
            900.0,
            600.0,
        ),
    ]
}

fn dialogs() -> Vec<Scene> {
    vec![
        scene("dialog-unsaved", || {
            dialog(Dialog::Unsaved {
                then: AfterSave::Exit,
            })
        }),
        scene("dialog-changed", || {
            dialog(Dialog::ChangedOnDisk { is_saving: true })
        }),
        scene("dialog-leave-run", || {
            with_dialog(
                watching(story::Chapter::Middle, BottomTab::Timeline),
                Dialog::LeaveRun {
                    then: AfterSave::Exit,
                },
            )
        }),
        scene("dialog-recovery", || {
            with_dialog(welcome(), Dialog::Recovery { copies: copies() })
        }),
        scene("dialog-path", || {
            dialog(Dialog::Path {
                purpose: PathPurpose::Open,
                text: "/srv/mim/full-cycle.xlm".to_owned(),
                problem: Some("There is no file `/srv/mim/full-cycle.xlm`.".to_owned()),
            })
        }),
        scene("dialog-profile", || {
            dialog(Dialog::NewRunProfile {
                at: DropPoint::In { thread: 1, step: 2 },
                agent: "Contoso AD".to_owned(),
                profile: String::new(),
            })
        }),
        scene("dialog-password", || {
            dialog(Dialog::Password {
                user: r"CONTOSO\svc-mim".to_owned(),
                host: "mim01.contoso.local".to_owned(),
            })
        }),
        scene("dialog-runs", || {
            dialog(Dialog::Runs(Some(vec![story::listed(), story::listed()])))
        }),
        scene("dialog-runs-none", || {
            dialog(Dialog::Runs(Some(Vec::new())))
        }),
        scene("dialog-stop-now", || {
            with_dialog(
                watching(story::Chapter::Middle, BottomTab::Timeline),
                Dialog::ConfirmStopNow,
            )
        }),
        scene("dialog-settings", || dialog(Dialog::Settings)),
        scene("dialog-shortcuts", || dialog(Dialog::Shortcuts)),
        scene("dialog-explain", || {
            dialog(Dialog::Explain(check::Code::UnconfirmedExport))
        }),
        scene("dialog-about", || dialog(Dialog::About)),
        scene("dialog-failure", || {
            dialog(Dialog::Failure {
                title: "The run did not start".to_owned(),
                sentence: "Could not write the log file `/srv/mim/full-cycle.log`: permission denied; choose \
                           another one in the settings of the sequence."
                    .to_owned(),
            })
        }),
    ]
}

const fn step(thread: usize, step: usize) -> Place {
    Place::Step { thread, step }
}

pub(super) fn told(mut state: State, msg: Msg) -> State {
    // Pictures have no world: what would be done in it is left out.
    drop(update(&mut state, msg));
    state
}

fn recent(path: &str, hours: u64, threads: u32, steps: u32) -> RecentFile {
    RecentFile {
        path: path.into(),
        opened: sample::now() - Duration::from_hours(hours),
        threads,
        steps,
    }
}

fn settings() -> Settings {
    Settings {
        recent: vec![
            recent("/srv/mim/production/full-cycle.xml", 8, 3, 15),
            recent("/srv/mim/production/delta-every-30-min.xml", 24, 2, 8),
            recent(
                "/mnt/fs02/iam/projects/2026 identity platform/waves/cloud rollout/initial-load-azure.xml",
                216,
                4,
                22,
            ),
            recent("/srv/mim/test/hr-only.xml", 432, 1, 3),
        ],
        ..Settings::default()
    }
}

fn first_start() -> State {
    State::new(Settings::default())
}

fn welcome() -> State {
    let mut state = State::new(settings());
    for (index, file) in state.settings.recent.iter().enumerate() {
        state.recent_seen.insert(file.path.clone(), index < 3);
    }
    state
}

pub(super) fn document(sequence: Sequence) -> State {
    let mut state = State::new(settings());
    state.screen = Screen::Work;
    state.document = Document::new(sequence);
    state.document.file = Some("/srv/mim/production/full-cycle.xml".into());
    state.connection = Connection::Connected {
        token: Token(1),
        choice: winrm(),
        server: sample::server(),
        agents: Agents {
            list: sample::agents(),
            read_at: Some(sample::now()),
            ..Agents::default()
        },
    };
    checked(state)
}

/// With what the rules say.
fn checked(state: State) -> State {
    let agents = state
        .connection
        .agents()
        .map(|agents| Arc::clone(&agents.list));
    let problems = check::check(&state.document.sequence, agents.as_deref());
    let content = state.document.content;
    told(state, Msg::Answer(Answer::Checked { content, problems }))
}

fn main() -> State {
    let state = document(sample::sequence());
    told(state, Msg::Select(Select::One(step(0, 4))))
}

fn selected(place: Place) -> State {
    told(
        document(sample::sequence()),
        Msg::Select(Select::One(place)),
    )
}

fn several() -> State {
    let mut state = selected(step(0, 1));
    for place in [step(0, 2), step(0, 3), step(1, 2)] {
        state = told(state, Msg::Select(Select::Toggle(place)));
    }
    state
}

fn tab(state: State, tab: BottomTab) -> State {
    told(state, Msg::Panel(PanelMsg::Tab(tab)))
}

/// The demo server, which says where it runs instead of who is signed on.
fn demo() -> State {
    let mut state = main();
    if let Connection::Connected { choice, server, .. } = &mut state.connection {
        *choice = ServerChoice::Demo;
        "Demo server".clone_into(&mut server.name);
    }
    state
}

pub(super) fn unconnected() -> State {
    let mut state = main();
    state.connection = Connection::None;
    "mim01.contoso.local".clone_into(&mut state.fields.host);
    r"CONTOSO\svc-mim".clone_into(&mut state.fields.user);
    checked(state)
}

pub(super) fn winrm() -> ServerChoice {
    ServerChoice::Winrm(ServerSettings {
        host: Some("mim01.contoso.local".to_owned()),
        user: Some(r"CONTOSO\svc-mim".to_owned()),
        ..ServerSettings::default()
    })
}

fn connecting() -> State {
    let mut state = unconnected();
    state.connection = Connection::Connecting {
        token: Token(1),
        choice: winrm(),
    };
    state
}

fn connect_failed() -> State {
    let mut state = unconnected();
    state.connection = Connection::Failed {
        choice: winrm(),
        sentence:
            "Could not reach `mim01.contoso.local` on port 5985: connection refused; is WinRM \
                   switched on there (winrm quickconfig)?"
                .to_owned(),
        certificate: None,
    };
    state
}

fn drag() -> State {
    let state = told(
        main(),
        Msg::Drag(DragMsg::Start(DragSource::Steps(vec![step(0, 2)]))),
    );
    over(state, Some(DropPoint::In { thread: 1, step: 2 }))
}

fn drag_tree() -> State {
    let state = main();
    let names = AgentName::new("Contoso AD")
        .ok()
        .zip(ProfileName::new("Delta Import").ok());
    let Some((agent, profile)) = names else {
        return state;
    };
    let source = DragSource::Profile { agent, profile };
    let state = told(state, Msg::Drag(DragMsg::Start(source)));
    over(state, Some(DropPoint::In { thread: 2, step: 4 }))
}

fn over(state: State, target: Option<DropPoint>) -> State {
    let is_copy = false;
    told(state, Msg::Drag(DragMsg::Over { target, is_copy }))
}

fn palette() -> State {
    let state = told(main(), Msg::Command(Command::Palette));
    told(state, Msg::Palette(PaletteMsg::Text("export".to_owned())))
}

fn find() -> State {
    let state = told(main(), Msg::Command(Command::Find));
    told(state, Msg::Find(FindMsg::Text("export".to_owned())))
}

fn toasts() -> State {
    let mut state = main();
    let toast = |id, kind, title: &str, text: &str| crate::designer::Toast {
        id,
        kind,
        title: title.to_owned(),
        text: text.to_owned(),
        action: None,
    };
    state.toasts = vec![
        toast(
            1,
            ToastKind::Success,
            "Run finished",
            "15 steps in 19 min 52 s",
        ),
        toast(
            2,
            ToastKind::Error,
            "Step 2.1 failed",
            "SQL Badge could not be reached",
        ),
        toast(3, ToastKind::Info, "Step 1.3 moved to thread 2", ""),
    ];
    state
}

fn watching(chapter: story::Chapter, bottom: BottomTab) -> State {
    let state = main();
    let sequence = Arc::clone(&state.document.sequence);
    let started = Answer::RunStarted {
        token: None,
        run: story::listed(),
    };
    let state = told(state, Msg::Answer(started));
    let updates = story::told(&sequence, chapter);
    let mut state = told(state, Msg::Answer(Answer::RunUpdates(updates)));
    state.watched_place = Some(step(1, 3));
    state.toasts.clear();
    state.settings.panels.bottom = 240.0;
    tab(state, bottom)
}

fn empty_thread() -> State {
    document(Sequence {
        threads: vec![Thread::new("Thread 1")],
        ..Sequence::default()
    })
}

fn thirty_threads() -> State {
    let names = ["HR", "Contoso AD", "SQL Badge", "MIM Service"];
    let threads = (1..=30).zip(names.iter().cycle()).map(|(number, agent)| {
        let steps = [
            sample::profile(agent, "Delta Import", StepType::DeltaImport),
            sample::profile(agent, "Delta Synchronization", StepType::DeltaSync),
        ];
        sample::thread(&format!("Thread {number}"), steps)
    });
    document(Sequence {
        threads: threads.collect(),
        ..Sequence::default()
    })
}

/// Many steps in few threads, also for the benchmarks.
pub(super) fn steps(threads: usize, each: usize) -> Sequence {
    let kinds = [
        ("Full Import", StepType::FullImport),
        ("Full Synchronization", StepType::FullSync),
        ("Export", StepType::Export),
        ("Delta Import", StepType::DeltaImport),
    ];
    let threads = (1..=threads).map(|number| {
        let steps = kinds.iter().cycle().take(each);
        let steps = steps.map(|(name, kind)| sample::profile("Contoso AD", name, *kind));
        sample::thread(&format!("Thread {number}"), steps)
    });
    Sequence {
        threads: threads.collect(),
        ..Sequence::default()
    }
}

fn thousand_steps() -> State {
    let state = document(steps(4, 250));
    let state = told(state, Msg::Select(Select::One(step(2, 200))));
    told(state, Msg::Select(Select::One(step(0, 3))))
}

fn long_names() -> State {
    let long = "Global Human Resources Master Data Feed for Subsidiaries in Central and Eastern Europe, \
                Middle East and Africa, including Contractors, Interns and Pensioners of the Former \
                Acquisitions (read only)";
    let mut sequence = sample::sequence();
    if let Some(thread) = sequence.threads.first_mut() {
        long.clone_into(&mut thread.name);
        let added = sample::profile(long, long, StepType::DeltaImport);
        thread.steps.splice(1..1, added);
    }
    long.clone_into(&mut sequence.name);
    told(document(sequence), Msg::Select(Select::One(step(0, 1))))
}

fn scripts() -> State {
    let thread = |name: &str, agent: &str, profile: &str| {
        let steps = [
            sample::profile(agent, profile, StepType::FullImport),
            sample::profile(agent, profile, StepType::FullSync),
        ];
        sample::thread(name, steps)
    };
    let sequence = Sequence {
        name: "多语言 متعدد اللغات רב לשוני".to_owned(),
        threads: vec![
            thread("人事部門", "人事システム", "差分インポート"),
            thread("인사 부서", "인사 시스템", "전체 가져오기"),
            thread("الموارد البشرية", "نظام الموارد", "استيراد كامل"),
            thread("משאבי אנוש", "מערכת כוח אדם", "ייבוא מלא"),
            thread("Ανθρώπινο δυναμικό", "Отдел кадров", "Полный импорт"),
            thread("ทรัพยากรบุคคล", "मानव संसाधन", "पूर्ण आयात"),
        ],
        ..Sequence::default()
    };
    document(sequence)
}

fn copies() -> Vec<RecoveryCopy> {
    [Some("/srv/mim/production/full-cycle.xml"), None]
        .into_iter()
        .zip(["4711", "4712"])
        .map(|(file, id)| RecoveryCopy {
            id: id.to_owned(),
            file: file.map(Into::into),
            written: sample::now() - Duration::from_mins(4),
        })
        .collect()
}

fn with_dialog(mut state: State, dialog: Dialog) -> State {
    state.dialog = Some(dialog);
    state
}

fn dialog(dialog: Dialog) -> State {
    with_dialog(main(), dialog)
}
