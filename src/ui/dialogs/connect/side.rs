//! The right side of the Connect dialog: how connecting goes, why it failed, the certificate to judge,
//! and the servers of other days.

use egui::{Align, CornerRadius, Frame, Layout, Margin, Sense, Ui, WidgetInfo, vec2};

use crate::designer::words::connect as words;
use crate::designer::words::doctor as doctor_words;
use crate::designer::words::quotes::quoted;
use crate::designer::words::servers;
use crate::designer::{
    Certificate, ConnectForm, ConnectMethod, ConnectMsg, Connection, Msg, ServerChoice,
};
use crate::settings::LastServer;
use crate::ui::icons::{self, Icon};
use crate::ui::server_bar::turning;
use crate::ui::theme::{Role, Status, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{
    Button, ButtonKind, Elide, IconButton, elided, focus_ring_inside, section, separator, text,
    tooltip,
};

use super::doctor;

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, form: &ConnectForm, said: &mut Vec<Msg>) {
    ui.spacing_mut().item_spacing.y = gap::TIGHT;
    let is_idle = !is_busy(view, form);
    match &view.state.connection {
        Connection::Connecting { choice, .. } => connecting(ui, choice),
        Connection::Failed {
            sentence,
            certificate,
            choice,
        } => {
            match &form.diagnosis {
                // It says better what is wrong.
                Some(diagnosis) => doctor::show(ui, diagnosis, said),
                None => failed(ui, sentence, form, said),
            }
            ui.add_enabled_ui(is_idle, |ui| doctor::order(ui, form, said));
            let is_same = |settings: &crate::model::ServerSettings| {
                let host = settings.host.as_deref().unwrap_or_default().trim();
                host.eq_ignore_ascii_case(form.host.trim())
            };
            let ServerChoice::Winrm(settings) = choice else {
                return recent(ui, view, form, said);
            };
            if let Some(certificate) = certificate.as_ref().filter(|_| is_same(settings)) {
                ui.add_space(gap::NEAR);
                ui.add_enabled_ui(is_idle, |ui| judge(ui, view, certificate, said));
                return;
            }
        }
        Connection::None | Connection::Connected { .. } => {
            if let Some(diagnosis) = &form.diagnosis {
                doctor::show(ui, diagnosis, said);
            } else {
                let colour = tokens(ui).text_secondary;
                text(ui, words::HELP, Role::Body, colour);
            }
            ui.add_space(gap::TIGHT);
            ui.add_enabled_ui(is_idle, |ui| doctor::order(ui, form, said));
        }
    }
    ui.add_space(gap::APART);
    recent(ui, view, form, said);
}

/// Whether something goes on that nothing may change under.
pub(super) fn is_busy(view: &View<'_>, form: &ConnectForm) -> bool {
    let is_connecting = matches!(view.state.connection, Connection::Connecting { .. });
    is_connecting || form.is_examined()
}

fn connecting(ui: &mut Ui, choice: &ServerChoice) {
    let look = tokens(ui);
    let colour = look.status(Status::Running).text;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::NEAR;
        turning(ui);
        let room = ui.available_width();
        let words = servers::connecting(choice);
        elided(ui, &words, Role::BodyStrong, colour, Elide::Middle, room);
    });
    text(ui, words::STEPS, Role::Body, look.text_secondary);
}

/// Why it failed, with what can be done about it.
fn failed(ui: &mut Ui, sentence: &str, form: &ConnectForm, said: &mut Vec<Msg>) {
    let look = tokens(ui).status(Status::Error);
    let (primary, tint) = (tokens(ui).text_primary, look.tint);
    Frame::new()
        .fill(tint)
        .corner_radius(radius::CARD)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = gap::NEAR;
                icons::show(ui, Icon::Error, size::ICON_TOOLBAR, look.text);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = gap::HAIR;
                    text(ui, servers::NOT_CONNECTED, Role::BodyStrong, look.text);
                    text(ui, &quoted(sentence), Role::Body, primary);
                    if form.method == ConnectMethod::Demo {
                        return;
                    }
                    ui.add_space(gap::TIGHT);
                    let why = Button::new(doctor_words::WHY).small();
                    if why.tooltip(doctor_words::CHECK_HELP).show(ui).clicked() {
                        said.push(Msg::Connect(ConnectMsg::Examine));
                    }
                });
            });
        });
}

/// The certificate, and whether to trust it.
fn judge(ui: &mut Ui, view: &View<'_>, certificate: &Certificate, said: &mut Vec<Msg>) {
    section(ui, Some(Icon::Lock), words::CERTIFICATE, |_| {});
    let zone = jiff::tz::TimeZone::system();
    let valid = words::valid(
        certificate.not_before,
        certificate.not_after,
        view.now,
        &zone,
    );
    let names = certificate.names.join(", ");
    for (word, value) in [
        (words::SUBJECT, certificate.subject.as_str()),
        (words::NAMES, &names),
        (words::ISSUER, &certificate.issuer),
        (words::VALID, &valid),
    ] {
        let value = if value.is_empty() {
            words::UNKNOWN
        } else {
            value
        };
        fact(ui, word, value, Role::Body);
    }
    let fingerprint = words::fingerprint(&certificate.sha256);
    fact(ui, words::FINGERPRINT, &fingerprint, Role::Mono);
    ui.add_space(gap::TIGHT);
    text(ui, words::COMPARE, Role::Small, tokens(ui).text_secondary);
    ui.add_space(gap::NEAR);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::NEAR;
        let always = Button::new(words::TRUST_ALWAYS).tooltip(words::TRUST_ALWAYS_HELP);
        if always.show(ui).clicked() {
            said.push(Msg::Connect(ConnectMsg::Trust { keep: true }));
        }
        if Button::new(words::TRUST_ONCE).show(ui).clicked() {
            said.push(Msg::Connect(ConnectMsg::Trust { keep: false }));
        }
    });
}

/// A word and what it is here, which may take several lines.
fn fact(ui: &mut Ui, word: &str, value: &str, role: Role) {
    const WORD: f32 = 76.0;
    let look = tokens(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let begin = ui.cursor().left();
        text(ui, word, Role::Body, look.text_secondary);
        ui.add_space((WORD - (ui.cursor().left() - begin)).max(gap::TIGHT));
        ui.vertical(|ui| text(ui, value, role, look.text_primary));
    });
}

/// The certificate that is trusted, with the way back.
pub(super) fn pinned(ui: &mut Ui, form: &ConnectForm, said: &mut Vec<Msg>) {
    let Some(pin) = form.pin.as_ref().filter(|_| form.is_encrypted()) else {
        return;
    };
    let look = tokens(ui);
    text(ui, words::PINNED, Role::Body, look.text_secondary);
    ui.horizontal(|ui| {
        icons::show(ui, Icon::Lock, size::ICON_ROW, look.text_secondary);
        let start = words::fingerprint_start(pin);
        let shown = text(ui, &start, Role::Mono, look.text_primary);
        tooltip(&shown, &words::fingerprint(pin), None);
        let unpin = Button::new(words::UNPIN).small().kind(ButtonKind::Link);
        if unpin.show(ui).clicked() {
            said.push(Msg::Connect(ConnectMsg::Unpin));
        }
    });
}

/// The servers of other days: one click fills everything in.
fn recent(ui: &mut Ui, view: &View<'_>, form: &ConnectForm, said: &mut Vec<Msg>) {
    let is_idle = !is_busy(view, form);
    let list = &view.state.settings.recent_servers;
    section(ui, Some(Icon::History), words::RECENT, |_| {});
    if list.is_empty() {
        text(ui, words::NO_RECENT, Role::Body, tokens(ui).text_tertiary);
        return;
    }
    for (index, known) in list.iter().enumerate() {
        if index > 0 {
            separator(ui);
        }
        let row = ui.add_enabled_ui(is_idle, |ui| server(ui, known));
        said.extend(row.inner.map(|chosen| {
            Msg::Connect(match chosen {
                Chosen::Use => ConnectMsg::Recent(index),
                Chosen::Forget => ConnectMsg::ForgetRecent(index),
            })
        }));
    }
}

/// What was done to a server of the list.
enum Chosen {
    Use,
    Forget,
}

/// A server of the list.
fn server(ui: &mut Ui, known: &LastServer) -> Option<Chosen> {
    const ROW: f32 = 44.0;
    let look = tokens(ui);
    let enabled = ui.is_enabled();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::TIGHT;
        let room = ui.available_width() - size::ICON_BUTTON_SMALL - gap::TIGHT;
        let (rect, response) = ui.allocate_exact_size(vec2(room, ROW), Sense::click());
        response.widget_info(|| {
            let name = words::use_recent(known);
            WidgetInfo::labeled(egui::Role::Button, enabled, name)
        });
        if response.hovered() && enabled {
            let corner = CornerRadius::same(radius::BADGE);
            ui.painter().rect_filled(rect, corner, look.bg_hover);
        }
        let inner = rect.shrink2(vec2(gap::NEAR, gap::TIGHT));
        let layout = Layout::top_down(Align::Min);
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
        child.spacing_mut().item_spacing.y = 0.0;
        let colour = if enabled {
            look.text_primary
        } else {
            look.text_disabled
        };
        let room = inner.width();
        elided(
            &mut child,
            &known.host,
            Role::Body,
            colour,
            Elide::Middle,
            room,
        );
        let second = words::recent(known);
        let dim = look.text_tertiary;
        elided(&mut child, &second, Role::Small, dim, Elide::Middle, room);
        focus_ring_inside(ui, &response, rect, radius::BADGE);
        let name = words::forget_recent(known);
        let forget = IconButton::new(Icon::Close, &name).small().show(ui);
        if forget.clicked() {
            return Some(Chosen::Forget);
        }
        response.clicked().then_some(Chosen::Use)
    })
    .inner
}
