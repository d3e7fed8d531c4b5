//! The doctor's list in the Connect dialog: what it found at each station of the way, and what to do.
//!
//! Its text can be selected and copied; whoever is asked for help wants to see it.

use egui::{
    Align, CornerRadius, Frame, Id, Label, Layout, Margin, Rect, RichText, Stroke, Ui, WidgetInfo,
};

use crate::designer::words::doctor as words;
use crate::designer::words::quotes::quoted;
use crate::designer::{ConnectForm, ConnectMethod, ConnectMsg, Diagnosis, Msg};
use crate::designer::{Finding, Station, StationVerdict};
use crate::ui::icons::{self, Icon};
use crate::ui::server_bar::turning;
use crate::ui::theme::{Role, Status, gap, radius, size, tokens};
use crate::ui::widgets::{Button, ButtonKind, checkbox, section, status_icon, text, tooltip};

/// Draws it.
pub(super) fn show(ui: &mut Ui, diagnosis: &Diagnosis, said: &mut Vec<Msg>) {
    section(ui, Some(Icon::CheckList), words::TITLE, |ui| {
        let copy = Button::new(words::COPY).name(words::COPY_NAME).small();
        let has_some = diagnosis.stations.iter().any(|one| one.finding.is_some());
        if has_some && copy.kind(ButtonKind::Quiet).show(ui).clicked() {
            said.push(Msg::Connect(ConnectMsg::CopyDiagnosis));
        }
    });
    if let Some(problem) = &diagnosis.problem {
        readable(
            ui,
            problem,
            Role::Body,
            tokens(ui).status(Status::Error).text,
        );
        return;
    }
    if diagnosis.stations.is_empty() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap::NEAR;
            turning(ui);
            text(ui, words::BEGINS, Role::Body, tokens(ui).text_secondary);
        });
        return;
    }
    let colour = tokens(ui).text_secondary;
    text(ui, &words::counts(diagnosis), Role::Small, colour);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        // Words stand close under each other; there is nothing to hit.
        ui.spacing_mut().interact_size.y = 0.0;
        let current = diagnosis.current();
        let newest = current.or_else(|| first_failed(diagnosis));
        for (index, one) in diagnosis.stations.iter().enumerate() {
            let shown = station(ui, one, current == Some(index));
            let line = Stroke::new(1.0, tokens(ui).stroke_subtle);
            ui.painter().hline(shown.x_range(), shown.top(), line);
            if newest == Some(index) {
                follow(ui, shown, (index, diagnosis.is_going_on));
            }
        }
    });
}

fn first_failed(diagnosis: &Diagnosis) -> Option<usize> {
    let is_failed = |one: &Station| {
        let finding = one.finding.as_ref();
        finding.is_some_and(|found| found.verdict == StationVerdict::Failed)
    };
    diagnosis.stations.iter().position(is_failed)
}

/// Scrolls to the station that is looked at, and at the end to the one that failed; once each, so
/// that whoever scrolls away is left alone.
fn follow(ui: &Ui, rect: Rect, news: (usize, bool)) {
    let key = Id::unique("doctor-followed");
    let last = ui.data(|data| data.get_temp::<(usize, bool)>(key));
    // Where everything lies is not known in the very first picture of the dialog.
    if last != Some(news) && !ui.is_sizing_pass() {
        ui.data_mut(|data| data.insert_temp(key, news));
        ui.scroll_to_rect(rect, None);
    }
}

/// Whether an order is to be tried, too.
pub(super) fn order(ui: &mut Ui, form: &ConnectForm, said: &mut Vec<Msg>) {
    if form.method == ConnectMethod::Demo {
        return;
    }
    let mut on = form.is_order_tried;
    let response = checkbox(ui, words::TRY_ORDER, &mut on);
    tooltip(&response, words::TRY_ORDER_HELP, None);
    if response.changed() {
        said.push(Msg::Connect(ConnectMsg::TryOrder(on)));
    }
}

/// How a verdict looks.
const fn status(verdict: StationVerdict) -> Status {
    match verdict {
        StationVerdict::Passed => Status::Success,
        StationVerdict::Failed => Status::Error,
        StationVerdict::Unknown => Status::Info,
        StationVerdict::LeftOut => Status::Skipped,
    }
}

fn station(ui: &mut Ui, station: &Station, is_current: bool) -> Rect {
    let look = tokens(ui);
    let finding = station.finding.as_ref();
    let is_failed = finding.is_some_and(|found| found.verdict == StationVerdict::Failed);
    let mut frame = Frame::new().inner_margin(Margin::symmetric(8, 5));
    if is_failed {
        frame = frame
            .fill(look.status(Status::Error).tint)
            .corner_radius(CornerRadius::same(radius::BADGE));
    }
    let shown = frame.show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap::NEAR;
            let (icon, colour) = match finding {
                Some(found) => {
                    let status = status(found.verdict);
                    (status_icon(status), look.status(status).text)
                }
                None if is_current => (Icon::Running, look.status(Status::Running).text),
                None => (Icon::Planned, look.text_tertiary),
            };
            icons::show(ui, icon, size::ICON_ROW, colour);
            ui.vertical(|ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = gap::HAIR;
                head(ui, station, is_current);
                if let Some(found) = finding {
                    details(ui, found);
                }
            });
        });
    });
    shown.response.rect
}

/// The station's name, and what came out in one word.
fn head(ui: &mut Ui, station: &Station, is_current: bool) {
    let look = tokens(ui);
    let verdict = station.finding.as_ref().map(|found| found.verdict);
    let (word, colour) = match verdict {
        Some(verdict) => (words::verdict(verdict), look.status(status(verdict)).text),
        None if is_current => (words::CHECKING, look.status(Status::Running).text),
        None => (words::NOT_YET, look.text_tertiary),
    };
    let title = if verdict.is_some() || is_current {
        look.text_primary
    } else {
        look.text_secondary
    };
    ui.horizontal(|ui| {
        text(ui, &station.title, Role::BodyStrong, title);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let shown = text(ui, word, Role::Small, colour);
            // Alone it would not say of what.
            shown.widget_info(|| {
                let name = words::spoken(&station.title, word);
                WidgetInfo::labeled(egui::Role::Label, true, name)
            });
        });
    });
}

fn details(ui: &mut Ui, found: &Finding) {
    let look = tokens(ui);
    let (role, colour) = if found.verdict == StationVerdict::Failed {
        (Role::Body, look.text_primary)
    } else {
        (Role::Small, look.text_secondary)
    };
    readable(ui, &found.text, role, colour);
    if let Some(remedy) = &found.remedy {
        readable(ui, &words::remedy(remedy), role, colour);
    }
}

/// A paragraph that can be selected.
fn readable(ui: &mut Ui, words: &str, role: Role, colour: egui::Color32) {
    let rich = RichText::new(&*quoted(words))
        .font(role.font())
        .line_height(Some(role.line_height()))
        .color(colour);
    let shown = ui.add(Label::new(rich).wrap().selectable(true));
    // What can be taken hold of has a name.
    ui.ctx()
        .accesskit_node_builder(shown.id, |node| node.set_label(words));
}
