//! The building blocks under the tree: steps that need no agent of the server.

use egui::{
    Color32, CornerRadius, Id, Rect, Role as Part, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::designer::words::tree_panel as words;
use crate::designer::{Command, DragMsg, DragSource, Msg};
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{focus_ring, layout, text, tooltip};

/// How much room they take.
pub(super) const HEIGHT: f32 = 108.0;

/// The height of one.
const BLOCK: f32 = 28.0;

/// Draws them.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>) {
    let look = tokens(ui);
    let rect = ui.max_rect();
    let line = Stroke::new(1.0, look.stroke_subtle);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    ui.add_space(gap::APART);
    ui.horizontal(|ui| {
        ui.add_space(gap::PANEL);
        text(ui, words::BLOCKS, Role::BodyStrong, look.text_primary);
    });
    ui.add_space(gap::CLOSE);
    let width = rect.width() - 2.0 * gap::CLOSE;
    ui.horizontal(|ui| {
        ui.add_space(gap::CLOSE);
        block(
            ui,
            view,
            (Command::AddCommand, Icon::Command, words::COMMAND),
            width / 2.0,
        );
        block(
            ui,
            view,
            (Command::AddDelay, Icon::Delay, words::DELAY),
            width / 2.0,
        );
    });
    ui.horizontal(|ui| {
        ui.add_space(gap::CLOSE);
        let by_name = (Command::AddRunProfile, Icon::Sync, words::RUN_PROFILE);
        block(ui, view, by_name, width);
    });
}

const fn source(command: Command) -> DragSource {
    match command {
        Command::AddCommand => DragSource::NewCommand,
        Command::AddDelay => DragSource::NewDelay,
        _ => DragSource::NewRunProfile,
    }
}

fn block(
    ui: &mut Ui,
    view: &mut View<'_>,
    (command, icon, name): (Command, Icon, &str),
    width: f32,
) {
    let look = tokens(ui);
    let can = command.availability(view.state);
    let (_, rect) = ui.allocate_space(vec2(width, BLOCK));
    let sense = if can.is_ok() {
        Sense::click_and_drag()
    } else {
        Sense::hover()
    };
    let response = ui.interact(rect, Id::unique(("tree-block", name)), sense);
    response.widget_info(|| WidgetInfo::labeled(Part::Button, can.is_ok(), name));
    let (words, glyph) = if can.is_ok() {
        (look.text_primary, look.text_secondary)
    } else {
        (look.text_disabled, look.text_disabled)
    };
    let fill = if can.is_ok() && response.hovered() {
        look.bg_hover
    } else {
        Color32::TRANSPARENT
    };
    let inner = rect.shrink2(vec2(2.0, 1.0));
    ui.painter()
        .rect_filled(inner, CornerRadius::same(radius::BADGE), fill);
    let left = inner.left() + 6.0;
    let side = size::ICON_ROW;
    let centre = pos2(left + side / 2.0, rect.center().y);
    let place = Rect::from_center_size(centre, vec2(side, side));
    icons::paint_with(ui.painter(), icon, place, glyph, Weight::Regular);
    let left = left + side + gap::NEAR;
    let galley = layout(
        ui.painter(),
        name,
        Role::Body,
        (inner.right() - left).max(20.0),
    );
    let at = pos2(left, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, words);
    focus_ring(ui, &response, inner.shrink(2.0), radius::CHECK);
    match can {
        Ok(()) => {
            let key = command.shortcuts().first().map(ToString::to_string);
            tooltip(&response, words::block_tip(command), key.as_deref());
        }
        Err(reason) => {
            tooltip(&response, reason, None);
            ui.ctx()
                .accesskit_node_builder(response.id, |node| node.set_description(reason));
        }
    }
    if response.clicked() {
        view.command(command);
    } else if response.drag_started() {
        view.say(Msg::Drag(DragMsg::Start(source(command))));
    }
}
