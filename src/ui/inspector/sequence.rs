//! The properties of the sequence itself, shown while nothing is chosen.

use egui::Ui;

use super::form::{Form, Typed};
use super::processing;
use crate::designer::words::inspector as words;
use crate::designer::{Edit, Field, Msg, PathPurpose, SequenceHead, typed};
use crate::model::{
    Authentication, LogLevel, OverlapRule, Place, ResourceUris, Sequence, ServerSettings, Transport,
};
use crate::ui::icons::Icon;
use crate::ui::theme::gap;
use crate::ui::widgets::{section, separator};

/// Draws them.
pub(super) fn show(form: &mut Form<'_, '_>, ui: &mut Ui, sequence: &Sequence) {
    let name = form.text(ui, Typed::new(words::NAME), &sequence.name, |text| {
        Ok(text.to_owned())
    });
    if let Some(name) = name {
        say(form, sequence, Field::Name, |head| head.name = name);
    }
    separator(ui);
    run(form, ui, sequence);
    separator(ui);
    form.part("server", |form| server(form, ui, sequence));
    separator(ui);
    form.part("log", |form| log(form, ui, sequence));
    separator(ui);
    ui.add_space(gap::TIGHT);
    let said = processing::show(form, ui, Place::Sequence, &sequence.processing);
    if let Some((all, field)) = said {
        say(form, sequence, field, |head| head.processing = all);
    }
}

fn say(
    form: &mut Form<'_, '_>,
    sequence: &Sequence,
    field: Field,
    change: impl FnOnce(&mut SequenceHead),
) {
    let mut head = Box::new(SequenceHead {
        name: sequence.name.clone(),
        server: sequence.server.clone(),
        log: sequence.log.clone(),
        run: sequence.run.clone(),
        processing: sequence.processing.clone(),
    });
    change(&mut head);
    form.view.say(Msg::Edit(Edit::Sequence { head, field }));
}

fn run(form: &mut Form<'_, '_>, ui: &mut Ui, sequence: &Sequence) {
    section(ui, Some(Icon::Play), words::RUN, |_ui| {});
    let run = &sequence.run;
    let options = OverlapRule::ALL.map(|rule| {
        let name = words::overlap(rule).to_owned();
        (rule, name, words::overlap_short(rule))
    });
    let shown = (run.overlap, words::overlap(run.overlap));
    if let Some(rule) = form.choice(ui, words::OVERLAP, shown, options) {
        say(form, sequence, Field::Overlap, |head| {
            head.run.overlap = rule;
        });
    }
    Form::tip(ui, words::overlap_hint(run.overlap));
    let shown = run.max_parallel.map(|most| most.to_string());
    let field = Typed {
        unit: words::AT_ONCE,
        ..Typed::new(words::MAX_PARALLEL).hint(words::NO_LIMIT)
    };
    let shown = shown.unwrap_or_default();
    if let Some(most) = form.with_default(ui, field, &shown, typed::optional_count) {
        say(form, sequence, Field::MaxParallel, |head| {
            head.run.max_parallel = most;
        });
    }
}

fn server(form: &mut Form<'_, '_>, ui: &mut Ui, sequence: &Sequence) {
    section(ui, Some(Icon::Server), words::SERVER, |_ui| {});
    let server = &sequence.server;
    let change = |form: &mut Form<'_, '_>, field, apply: &mut dyn FnMut(&mut ServerSettings)| {
        say(form, sequence, field, |head| apply(&mut head.server));
    };
    let optional = |text: &str| Ok(typed::optional_text(text));
    let field = Typed::new(words::HOST).hint(words::HOST_HINT);
    let shown = server.host.as_deref().unwrap_or_default();
    if let Some(host) = form.text(ui, field, shown, optional) {
        change(form, Field::Host, &mut |new| new.host.clone_from(&host));
    }
    let options = Transport::ALL.map(|choice| {
        let name = words::transport(choice).to_owned();
        (choice, name, words::transport_hint(choice))
    });
    let shown = (server.transport, words::transport(server.transport));
    if let Some(transport) = form.choice(ui, words::TRANSPORT, shown, options) {
        change(form, Field::Transport, &mut |new| new.transport = transport);
    }
    let options = Authentication::ALL.map(|choice| {
        let name = words::authentication(choice).to_owned();
        (choice, name, words::authentication_hint(choice))
    });
    let how = server.authentication;
    let shown = (how, words::authentication(how));
    if let Some(how) = form.choice(ui, words::AUTHENTICATION, shown, options) {
        change(form, Field::Authentication, &mut |new| {
            new.authentication = how;
        });
    }
    let field = Typed::new(words::USER).hint(words::USER_HINT);
    let shown = server.user.as_deref().unwrap_or_default();
    if let Some(user) = form.text(ui, field, shown, optional) {
        change(form, Field::User, &mut |new| new.user.clone_from(&user));
    }
    if let Some(tls) = form.toggle(ui, words::TLS, server.tls, "") {
        change(form, Field::Tls, &mut |new| new.tls = tls);
    }
    let field = Typed {
        width: Some(110.0),
        ..Typed::new(words::PORT).hint(words::usual_port(server.tls))
    };
    let shown = server.port.map(|port| port.to_string()).unwrap_or_default();
    if let Some(port) = form.with_default(ui, field, &shown, typed::port) {
        change(form, Field::Port, &mut |new| new.port = port);
    }
    let field = Typed::new(words::CA_FILE).hint(words::CA_FILE_HINT);
    let shown = server.ca_file.as_deref().unwrap_or_default();
    if let Some(file) = form.path(ui, field, shown, PathPurpose::CaFile) {
        change(form, Field::CaFile, &mut |new| {
            new.ca_file = typed::optional_text(&file);
        });
    }
    let field = Typed {
        mono: true,
        ..Typed::new(words::PIN).hint(words::PIN_HINT)
    };
    let shown = server.pin.as_deref().unwrap_or_default();
    if let Some(pin) = form.with_default(ui, field, shown, typed::pin) {
        change(form, Field::Pin, &mut |new| new.pin.clone_from(&pin));
    }
    let on = server.allow_unencrypted;
    if let Some(on) = form.toggle(ui, words::ALLOW_UNENCRYPTED, on, "") {
        change(form, Field::AllowUnencrypted, &mut |new| {
            new.allow_unencrypted = on;
        });
    }
    let options = ResourceUris::ALL.map(|choice| {
        let name = words::resource_uris(choice).to_owned();
        (choice, name, words::resource_uris_hint(choice))
    });
    let uris = server.resource_uris;
    let shown = (uris, words::resource_uris(uris));
    if let Some(uris) = form.choice(ui, words::RESOURCE_URIS, shown, options) {
        change(form, Field::ResourceUris, &mut |new| {
            new.resource_uris = uris;
        });
    }
}

fn log(form: &mut Form<'_, '_>, ui: &mut Ui, sequence: &Sequence) {
    section(ui, Some(Icon::Log), words::LOG, |_ui| {});
    let field = Typed::new(words::LOG_FILE).hint(words::LOG_FILE_HINT);
    let shown = sequence.log.file.as_deref().unwrap_or_default();
    if let Some(file) = form.path(ui, field, shown, PathPurpose::LogFile) {
        say(form, sequence, Field::LogFile, |head| {
            head.log.file = typed::optional_text(&file);
        });
    }
    let options = LogLevel::ALL.map(|level| {
        let name = words::log_level(level).to_owned();
        (level, name, words::log_level_hint(level))
    });
    let level = sequence.log.level;
    let shown = (level, words::log_level(level));
    if let Some(level) = form.choice(ui, words::LOG_LEVEL, shown, options) {
        say(form, sequence, Field::LogLevel, |head| {
            head.log.level = level;
        });
    }
}
