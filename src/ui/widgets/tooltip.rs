//! The tooltip: light on dark, after half a second.

use egui::{Align, Frame, Layout, Margin, Response, RichText, Tooltip, Ui};

use crate::ui::theme::{Role, gap, radius, tokens_of};

/// Shows a text when the pointer rests on the control, with the key that does the same.
pub(in crate::ui) fn tooltip(response: &Response, text: &str, key: Option<&str>) {
    if text.is_empty() && key.is_none() {
        return;
    }
    if !response.contains_pointer() {
        return;
    }
    let open = if response.enabled() {
        Tooltip::for_enabled(response)
    } else {
        Tooltip::for_disabled(response)
    };
    let tokens = tokens_of(&response.ctx);
    let mut open = open.gap(6.0).width(320.0);
    // A row may begin at the very edge of the window; its tooltip must not.
    let mut beside = response.rect;
    let edge = response.ctx.content_rect().left() + gap::NEAR;
    beside.min.x = beside.min.x.max(edge).min(beside.max.x);
    open.popup = open.popup.anchor(beside).frame(
        Frame::new()
            .fill(tokens.text_primary)
            .corner_radius(radius::BUTTON)
            .inner_margin(Margin::symmetric(9, 5)),
    );
    open.show(|ui| {
        let words = |text: &str| RichText::new(text).font(Role::Small.font());
        let sentence = |ui: &mut Ui| {
            ui.label(words(text).color(tokens.bg_panel));
        };
        let Some(key) = key else {
            sentence(ui);
            return;
        };
        if text.chars().count() > ONE_LINE {
            sentence(ui);
            ui.label(words(key).color(tokens.on_tip_dim()));
            return;
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            if !text.is_empty() {
                sentence(ui);
            }
            ui.label(words(key).color(tokens.on_tip_dim()));
        });
    });
}

/// How many letters surely fit in a line beside a key.
const ONE_LINE: usize = 40;

/// Tells why a control is disabled, or what it does.
pub(super) fn explain(
    response: &Response,
    enabled: Result<(), &str>,
    text: &str,
    key: Option<&str>,
) {
    match enabled {
        Ok(()) => tooltip(response, text, key),
        Err(reason) => {
            tooltip(response, reason, None);
            response
                .ctx
                .accesskit_node_builder(response.id, |node| node.set_description(reason));
        }
    }
}
