//! A step's card as a control: what it shows, and what a click, a drag or a key does to it.

use egui::{Align2, Rect, Response, Role as Part, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::designer::words::cards as words;
use crate::designer::words::inspector;
use crate::designer::words::quotes::quoted;
use crate::designer::words::step_types::{COMMAND_TIP, DELAY_TIP, step_type_tip};
use crate::designer::{CardTime, DragSource, Msg, Panel, PanelMsg, Select, Watch};
use crate::mim::StepType;
use crate::model::{Place, RunProfileStep, Step, StepKind};
use crate::run::RunPhase;
use crate::ui::icons::Icon;
use crate::ui::theme::{Elevation, Status, gap, motion, seconds, shadow, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::tooltip;

use super::card::{Card, Pose};
use super::content::{Content, step_of};
use super::face::{self, Lines};
use super::lane::{self, Scene};
use super::measure::WORDS;
use super::menu::MenuKind;
use super::run_card::{RunCard, look_of};
use super::{Memory, card, id, rename, run_card};

/// Draws a step and takes what is done to it.
pub(super) fn show(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    place: Place,
    rect: Rect,
) {
    let Place::Step {
        thread,
        step: index,
    } = place
    else {
        return;
    };
    let number = words::step_number(thread, index);
    if scene.cursor() == Some(place) {
        memory.cursor_rect = Some(rect);
    }
    match scene.content {
        Content::Document(sequence) => {
            if let Some(step) = sequence.step(place) {
                edited(ui, view, memory, scene, (place, step, &number), rect);
            }
        }
        Content::Run(watch) => watched(ui, view, memory, scene, (place, watch, &number), rect),
    }
}

/// Chooses a place as the modifiers say, and brings the keyboard here.
pub(super) fn choose(ui: &Ui, view: &mut View<'_>, place: Place) {
    let modifiers = ui.input(|input| input.modifiers);
    let select = if modifiers.command {
        Select::Toggle(place)
    } else if modifiers.shift {
        Select::To(place)
    } else {
        Select::One(place)
    };
    view.say(Msg::Select(select));
    super::take_keyboard(ui, view);
}

fn interact(
    ui: &Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    place: Place,
    rect: Rect,
) -> Response {
    let is_run = view.state.watch.is_some();
    let sense = if is_run {
        Sense::CLICK
    } else {
        Sense::CLICK | Sense::DRAG
    };
    let response = ui.interact(rect, card_id(place), sense);
    if response.clicked() {
        choose(ui, view, place);
    }
    if response.double_clicked() {
        view.say(Msg::Panel(PanelMsg::Focused(Panel::Inspector)));
        crate::ui::keys::focus(ui, Panel::Inspector);
    }
    if response.secondary_clicked() {
        lane::open_menu(ui, view, memory, place, MenuKind::Step);
    }
    response
}

/// The id of a step's card.
pub(super) fn card_id(place: Place) -> egui::Id {
    id().with(("card", place))
}

fn edited(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    (place, step, number): (Place, &Step, &str),
    rect: Rect,
) {
    let response = interact(ui, view, memory, place, rect);
    lane::arm(ui, memory, &response, || DragSource::Steps(vec![place]));
    let tokens = tokens(ui);
    let known = known_type(view, step);
    let lines = face::lines(step, known);
    if is_carried(scene, place) {
        let text = words::left_behind(&lines.title, &lines.text);
        card::paint_placeholder(ui.painter(), tokens, rect, &text);
        return;
    }
    let is_under = response.contains_pointer() && scene.state.drag.is_none();
    let is_renamed = scene.state.renaming == Some(place);
    let thread_on = scene
        .content
        .thread_enabled(place.thread().unwrap_or_default());
    let shown = Card {
        lines,
        number,
        step,
        count: memory.measured.count(place),
        is_on: step.enabled && thread_on,
        pose: Pose {
            is_hovered: is_under,
            is_selected: scene.is_selected(place),
            is_hit: scene.is_hit(place),
            is_dragged: false,
            is_cursor: scene.has_cursor(place),
            is_renamed,
            has_button: is_under && !is_renamed,
        },
        shadow: shadow(ui, Elevation::Card),
    };
    let widths = &mut memory.measured.widths;
    let is_cut = card::paint(ui.painter(), tokens, rect, &shown, widths);
    speak(ui, &response, scene, place, || spoken(&shown));
    if is_renamed {
        let field = Rect::from_min_size(
            rect.min + vec2(WORDS - 4.0, (size::CARD - size::INPUT_TABLE) / 2.0),
            vec2(rect.width() - WORDS - 4.0, size::INPUT_TABLE),
        );
        let old = step.name.as_deref().unwrap_or_default();
        let hint = inspector::unnamed(&step.kind);
        let names = (old, hint.as_str());
        rename::show(ui, view, &mut memory.rename, place, names, field);
    } else if is_under {
        let at = (
            pos2(rect.right() - gap::TIGHT, rect.top() + gap::TIGHT),
            Align2::RIGHT_TOP,
        );
        let more = card_id(place).with("more");
        let button = lane::corner_button(ui, more, at, Icon::More, words::MORE);
        if button.clicked() {
            lane::open_menu(ui, view, memory, place, MenuKind::Step);
        }
        if !button.contains_pointer() {
            teach(&response, &shown.lines, tip(step, known), "", is_cut);
        }
    }
}

/// Whether a step is on its way somewhere else.
fn is_carried(scene: Scene<'_>, place: Place) -> bool {
    scene.state.drag.as_ref().is_some_and(|drag| {
        !drag.is_copy
            && matches!(&drag.source, DragSource::Steps(places) if places.contains(&place))
    })
}

/// What the server tells of a step's run profile.
pub(super) fn known_type(view: &View<'_>, step: &Step) -> Option<StepType> {
    let profile = step.run_profile()?;
    if profile.step_type.is_some() {
        return profile.step_type;
    }
    type_of(view, profile)
}

/// What the server tells of a run profile.
pub(super) fn type_of(view: &View<'_>, profile: &RunProfileStep) -> Option<StepType> {
    let agent = view
        .state
        .agents()?
        .iter()
        .find(|it| it.name == profile.agent)?;
    let known = agent
        .profiles
        .iter()
        .find(|it| it.name == profile.profile)?;
    known.step_types.first().copied()
}

fn tip(step: &Step, known: Option<StepType>) -> &'static str {
    match &step.kind {
        StepKind::RunProfile(_) => known.map_or("", step_type_tip),
        StepKind::Delay { .. } => DELAY_TIP,
        StepKind::Command(_) => COMMAND_TIP,
    }
}

/// The tooltip of a card; its text is made only where the pointer is.
fn teach(response: &Response, lines: &Lines<'_>, tip: &str, sentence: &str, is_cut: bool) {
    let cut = is_cut.then_some((&*lines.title, &*lines.text));
    tooltip(
        response,
        &words::card_tip(cut, &quoted(sentence), tip),
        None,
    );
}

fn spoken(card: &Card<'_>) -> String {
    let badges: Vec<face::Badge> = face::badges(card.step, card.count);
    let mut parts: Vec<&str> = vec![&card.lines.title, &card.lines.text];
    if !card.is_on {
        parts.push(words::OFF);
    }
    parts.extend(badges.iter().map(|badge| badge.text.as_ref()));
    words::spoken_step(card.number, &parts)
}

/// Tells a screen reader about a card.
fn speak(ui: &Ui, response: &Response, scene: Scene<'_>, place: Place, text: impl Fn() -> String) {
    response.widget_info(|| WidgetInfo::labeled(Part::ListItem, true, text()));
    let Place::Step { thread, step } = place else {
        return;
    };
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(scene.is_selected(place));
        node.set_position_in_set(step);
        node.set_size_of_set(scene.content.steps(thread));
    });
}

fn watched(
    ui: &Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    (place, watch, number): (Place, &Watch, &str),
    rect: Rect,
) {
    let Place::Step { thread, step } = place else {
        return;
    };
    let (Some(known), Some(text)) = (step_of(watch, thread, step), watch.card_text(place)) else {
        return;
    };
    let response = interact(ui, view, memory, place, rect);
    let look = look_of(text.state);
    let (time, fraction) = clock(view, memory, watch, text.time);
    if look.0 == Some(Status::Running) && watch.is_going_on() {
        memory.is_turning = true;
    }
    let time_of = (ui.input(|input| input.time), seconds(ui, motion::STATE));
    let coming = memory.fades.coming(place, look.0, time_of);
    if coming.is_some() {
        ui.ctx().request_repaint();
    }
    let shown = RunCard {
        coming,
        lines: face::run_lines(known),
        look,
        word: text.word,
        sentence: text.sentence,
        time,
        number,
        fraction: fraction.filter(|_| look.0 == Some(Status::Running)),
        turn: scene.turn,
        is_hovered: response.contains_pointer(),
        is_selected: scene.is_selected(place),
        is_cursor: scene.has_cursor(place),
    };
    let is_cut = run_card::paint(ui.painter(), tokens(ui), rect, &shown);
    speak(ui, &response, scene, place, || {
        let lines = &shown.lines;
        let parts = [
            &*lines.title,
            &*lines.text,
            shown.word,
            &*shown.sentence,
            &shown.time,
        ];
        words::spoken_step(number, &parts)
    });
    if is_cut && response.contains_pointer() {
        teach(&response, &shown.lines, "", &shown.sentence, true);
    }
}

/// What the clock of a card shows, and how far the step is where that is known.
fn clock(
    view: &View<'_>,
    memory: &mut Memory,
    watch: &Watch,
    time: CardTime,
) -> (String, Option<f32>) {
    match time {
        CardTime::None => (String::new(), None),
        CardTime::Took(millis) => (words::taken(millis), None),
        CardTime::Since { since, expected_ms } => {
            let now = if watch.is_going_on() {
                memory.is_ticking |= watch.summary.phase != RunPhase::Starting;
                view.now
            } else {
                // Nobody counts on when the host is gone.
                let last = i64::try_from(watch.summary.elapsed_ms).unwrap_or(i64::MAX);
                let began = watch.summary.started.unwrap_or(since);
                began
                    .checked_add(jiff::SignedDuration::from_millis(last))
                    .unwrap_or(since)
            };
            let millis = now.duration_since(since).as_millis();
            let millis = u64::try_from(millis).unwrap_or(0);
            let fraction = expected_ms
                .filter(|expected| *expected > 0)
                .map(|expected| (millis as f32 / expected as f32).clamp(0.0, 1.0));
            (words::taken_so_far(millis), fraction)
        }
    }
}
