//! The Connect dialog: on the left the way to the server, on the right what came of it.

mod doctor;
mod side;

use egui::{Align, Id, Layout, Rect, Ui, UiBuilder, vec2};

use crate::base::secret::Secret;
use crate::designer::words::connect as words;
use crate::designer::{
    ConnectField, ConnectForm, ConnectMethod, ConnectMsg, Msg, PathPurpose, signs_on_alone,
};
use crate::model::{Authentication, ResourceUris};
use crate::ui::icons::Icon;
use crate::ui::theme::{gap, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{
    Button, ButtonKind, Combo, IconButton, TextField, checkbox, option, radio, tooltip,
};

use super::Shown;
use super::fields::{enter, first, forget_history, label};

/// How wide the left side is, where the window is wide enough.
const FORM: f32 = 340.0;
/// Between both sides.
const BETWEEN: f32 = 41.0;

/// Draws it.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    form: &ConnectForm,
    shown: &mut Shown<'_>,
    said: &mut Vec<Msg>,
) {
    if view.state.fields.password.is_empty() && !shown.drafts.password.is_empty() {
        shown.drafts.forget_password();
    }
    let room = ui.available_width();
    let left = FORM.min((room - BETWEEN) / 2.0);
    let top = ui.cursor().min;
    let spot = ui.available_rect_before_wrap();
    let column = |ui: &mut Ui, x: f32, width: f32, draw: &mut dyn FnMut(&mut Ui)| {
        let mut spot = spot;
        spot.min = top + vec2(x, 0.0);
        spot.max.x = spot.min.x + width;
        let mut child = ui.new_child(UiBuilder::new().max_rect(spot).id_salt(("side", x > 0.0)));
        child.set_width(width);
        draw(&mut child);
        child.min_rect()
    };
    let is_busy = side::is_busy(view, form);
    let first_side = column(ui, 0.0, left, &mut |ui| {
        // What is being tried does not change under it.
        ui.add_enabled_ui(!is_busy, |ui| fields(ui, view, form, shown, said));
    });
    let second = left + BETWEEN;
    let other_side = column(ui, second, room - second, &mut |ui| {
        side::show(ui, view, form, said);
    });
    let both = first_side.union(other_side);
    let line = top.x + left + BETWEEN / 2.0;
    let colour = tokens(ui).stroke_subtle;
    ui.painter()
        .vline(line, both.y_range(), egui::Stroke::new(1.0, colour));
    ui.advance_cursor_after_rect(both);
}

fn fields(
    ui: &mut Ui,
    view: &View<'_>,
    form: &ConnectForm,
    shown: &mut Shown<'_>,
    said: &mut Vec<Msg>,
) {
    ui.spacing_mut().item_spacing.y = gap::TIGHT;
    host(ui, form, shown.is_new, said);
    ui.add_space(gap::NEAR);
    label(ui, words::METHOD);
    methods(ui, form, said);
    if form.method == ConnectMethod::Winrm {
        ui.add_space(gap::NEAR);
        way(ui, form, said);
    }
    if form.method != ConnectMethod::Demo {
        ui.add_space(gap::NEAR);
        account(ui, view, form, shown, said);
    }
    if form.method == ConnectMethod::Winrm {
        ui.add_space(gap::NEAR);
        resource_uris(ui, form, said);
    }
}

/// What is wrong with a field, if that is what kept it from connecting.
fn wrong(form: &ConnectForm, field: ConnectField) -> Option<&'static str> {
    (form.missing == Some(field)).then(|| words::missing(field))
}

fn say(said: &mut Vec<Msg>, msg: ConnectMsg) {
    said.push(Msg::Connect(msg));
}

fn host(ui: &mut Ui, form: &ConnectForm, is_new: bool, said: &mut Vec<Msg>) {
    if form.method == ConnectMethod::Demo {
        return;
    }
    label(ui, words::SERVER);
    let mut typed = form.host.clone();
    let hint = match form.method {
        ConnectMethod::Wmi => words::THIS_MACHINE,
        ConnectMethod::Winrm | ConnectMethod::Demo => words::SERVER_HINT,
    };
    let field = TextField::new(words::SERVER, &mut typed)
        .id(Id::unique("connect-host"))
        .icon(Icon::Server)
        .hint(hint)
        .error(wrong(form, ConnectField::Host))
        .show(ui);
    first(&field, is_new);
    if field.changed() {
        say(said, ConnectMsg::Host(typed));
    }
    enter(ui, &field, said);
}

fn methods(ui: &mut Ui, form: &ConnectForm, said: &mut Vec<Msg>) {
    for method in ConnectMethod::ALL {
        let can = method != ConnectMethod::Wmi || cfg!(windows);
        let hint = words::method_hint(form, method);
        let chosen = form.method == method;
        let scope = ui.add_enabled_ui(can, |ui| radio(ui, words::method(method), &hint, chosen));
        if !can {
            tooltip(&scope.response, words::WMI_ONLY_ON_WINDOWS, None);
        }
        if scope.inner.clicked() {
            say(said, ConnectMsg::Method(method));
        }
    }
}

fn way(ui: &mut Ui, form: &ConnectForm, said: &mut Vec<Msg>) {
    const PORT: f32 = 100.0;
    // As high as its field from the beginning, or what stands before that is set higher than it.
    let row = vec2(ui.available_width(), size::INPUT);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        let mut tls = form.tls;
        if checkbox(ui, words::TLS, &mut tls).changed() {
            say(said, ConnectMsg::Tls(tls));
        }
        ui.add_space(gap::FAR);
        label(ui, words::PORT);
        let mut typed = form.port.clone();
        let field = TextField::new(words::PORT, &mut typed)
            .id(Id::unique("connect-port"))
            .hint(words::usual_port(form.is_encrypted()))
            .width(PORT.min(ui.available_width()))
            .error(wrong(form, ConnectField::Port))
            .show(ui);
        if field.changed() {
            say(said, ConnectMsg::Port(typed));
        }
        enter(ui, &field, said);
    });
    label(ui, words::AUTHENTICATION);
    let shown = words::authentication(form.authentication);
    let id = Id::unique("connect-authentication");
    let chosen = Combo::new(id, words::AUTHENTICATION, shown).show(ui, |ui| {
        let mut chosen = None;
        for how in Authentication::ALL {
            let (name, hint) = (words::authentication(how), words::authentication_hint(how));
            if option(ui, how == form.authentication, name, hint) {
                chosen = Some(how);
            }
        }
        chosen
    });
    if let Some(how) = chosen {
        say(said, ConnectMsg::Authentication(how));
    }
    if form.is_encrypted() {
        ca_file(ui, form, said);
    } else {
        let mut on = form.allow_unencrypted;
        if checkbox(ui, words::ALLOW_UNENCRYPTED, &mut on).changed() {
            say(said, ConnectMsg::AllowUnencrypted(on));
        }
    }
    side::pinned(ui, form, said);
}

fn ca_file(ui: &mut Ui, form: &ConnectForm, said: &mut Vec<Msg>) {
    label(ui, words::CA_FILE);
    let first = ui.cursor().min;
    let width = ui.available_width();
    let mut typed = form.ca_file.clone();
    let field = TextField::new(words::CA_FILE, &mut typed)
        .id(Id::unique("connect-ca-file"))
        .hint(words::CA_FILE_HINT)
        .trailing(size::ICON_BUTTON_SMALL)
        .show(ui);
    if field.changed() {
        say(said, ConnectMsg::CaFile(typed));
    }
    enter(ui, &field, said);
    let corner = first + vec2(width - size::ICON_BUTTON_SMALL - gap::HAIR, 0.0);
    let inside = Rect::from_min_size(corner, vec2(size::ICON_BUTTON_SMALL, size::INPUT));
    let place = UiBuilder::new()
        .max_rect(inside)
        .layout(Layout::left_to_right(Align::Center));
    let browse = IconButton::new(Icon::Open, words::BROWSE_CA_FILE).small();
    if browse.show(&mut ui.new_child(place)).clicked() {
        said.push(Msg::Browse(PathPurpose::ConnectCaFile));
    }
}

/// Last, since hardly anybody needs it.
fn resource_uris(ui: &mut Ui, form: &ConnectForm, said: &mut Vec<Msg>) {
    label(ui, words::RESOURCE_URIS);
    let shown = words::resource_uris(form.resource_uris);
    let id = Id::unique("connect-resource-uris");
    let chosen = Combo::new(id, words::RESOURCE_URIS, shown).show(ui, |ui| {
        let options = ResourceUris::ALL.into_iter().filter(|one| {
            let (name, hint) = (words::resource_uris(*one), words::resource_uris_hint(*one));
            option(ui, *one == form.resource_uris, name, hint)
        });
        options.last()
    });
    if let Some(uris) = chosen {
        say(said, ConnectMsg::ResourceUris(uris));
    }
}

fn account(
    ui: &mut Ui,
    view: &View<'_>,
    form: &ConnectForm,
    shown: &mut Shown<'_>,
    said: &mut Vec<Msg>,
) {
    label(ui, words::ACCOUNT);
    let mut typed = form.user.clone();
    let hint = match form.method {
        ConnectMethod::Wmi => words::SIGNED_IN,
        ConnectMethod::Winrm if signs_on_alone(form.authentication) => words::SIGNED_IN,
        ConnectMethod::Winrm | ConnectMethod::Demo => words::USER_HINT,
    };
    let field = TextField::new(words::USER, &mut typed)
        .id(Id::unique("connect-user"))
        .icon(Icon::User)
        .hint(hint)
        .error(wrong(form, ConnectField::User))
        .show(ui);
    if field.changed() {
        say(said, ConnectMsg::User(typed));
    }
    enter(ui, &field, said);
    ui.add_space(gap::TIGHT);
    let id = Id::unique("connect-password");
    let hint = if view.state.fields.password.is_empty() {
        words::PASSWORD
    } else {
        words::PASSWORD_TYPED
    };
    let draft = &mut shown.drafts.password;
    let field = TextField::new(words::PASSWORD, draft)
        .id(id)
        .icon(Icon::Key)
        .hint(hint)
        .error(wrong(form, ConnectField::Password))
        .password()
        .show(ui);
    forget_history(ui, id);
    if field.changed() {
        said.push(Msg::DialogPassword(Secret::new(draft.clone())));
    }
    enter(ui, &field, said);
    let mut on = form.remember;
    if checkbox(ui, words::REMEMBER, &mut on).changed() {
        say(said, ConnectMsg::Remember(on));
    }
    if form.account().is_some() {
        ui.horizontal(|ui| {
            // Its word stands under that of the check box.
            ui.add_space(gap::PANEL);
            let forget = Button::new(words::FORGET_PASSWORD).small();
            if forget.kind(ButtonKind::Link).show(ui).clicked() {
                say(said, ConnectMsg::ForgetPassword);
            }
        });
    }
}
