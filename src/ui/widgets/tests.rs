//! How the controls answer to the mouse, the keyboard and a screen reader.

use egui::accesskit::Role as Part;
use egui::{Id, Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::ui::icons::Icon;
use crate::ui::theme::{LookChoice, apply};

/// What the controls of a test changed.
#[derive(Default)]
struct World {
    clicks: usize,
    text: String,
    on: bool,
    chosen: Option<usize>,
    closed: bool,
    error: Option<&'static str>,
    can: Option<&'static str>,
}

fn harness(draw: impl FnMut(&mut egui::Ui, &mut World) + 'static) -> Harness<'static, World> {
    let mut draw = draw;
    let mut harness = Harness::builder()
        .with_size(vec2(500.0, 400.0))
        .build_ui_state(
            move |ui, world: &mut World| {
                // Which scripts can be drawn is up to the system that runs the test.
                ui.ctx()
                    .set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
                apply(ui.ctx(), LookChoice::Light, false);
                draw(ui, world);
            },
            World::default(),
        );
    harness.run();
    harness
}

fn enabled(world: &World) -> Result<(), &'static str> {
    world.can.map_or(Ok(()), Err)
}

#[test]
fn a_button_is_pressed_by_mouse_and_by_key() {
    let mut harness = harness(|ui, world| {
        if Button::new("Start")
            .enabled_or(enabled(world))
            .show(ui)
            .clicked()
        {
            world.clicks += 1;
        }
    });
    harness.get_by_role_and_label(Part::Button, "Start").click();
    harness.run();
    assert_eq!(harness.state().clicks, 1);
    harness.get_by_label("Start").focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().clicks, 2);
}

#[test]
fn a_disabled_button_does_nothing_and_says_why() {
    let mut harness = harness(|ui, world| {
        if Button::new("Start")
            .enabled_or(enabled(world))
            .show(ui)
            .clicked()
        {
            world.clicks += 1;
        }
        let icon = IconButton::new(Icon::Save, "Save").enabled_or(enabled(world));
        if icon.show(ui).clicked() {
            world.clicks += 1;
        }
    });
    harness.state_mut().can = Some("A run is going on");
    harness.run();
    for name in ["Start", "Save"] {
        let node = harness.get_by_label(name);
        assert!(node.accesskit_node().is_disabled(), "{name}");
        assert_eq!(
            node.accesskit_node().description().as_deref(),
            Some("A run is going on"),
            "{name}"
        );
        node.click();
        harness.run();
    }
    assert_eq!(harness.state().clicks, 0);
}

#[test]
fn switch_check_box_and_radio_button_tell_their_value() {
    let mut harness = harness(|ui, world| {
        switch(ui, "Limit", &mut world.on);
        checkbox(ui, "Wait", &mut world.on);
        if radio(
            ui,
            "Stop the thread",
            "The steps after it do not run",
            world.clicks > 0,
        )
        .clicked()
        {
            world.clicks += 1;
        }
    });
    let value = |harness: &Harness<'_, World>, role: Part, name: &str| {
        harness
            .get_by_role_and_label(role, name)
            .accesskit_node()
            .toggled()
    };
    use egui::accesskit::Toggled;
    assert_eq!(value(&harness, Part::Switch, "Limit"), Some(Toggled::False));
    harness.get_by_role_and_label(Part::Switch, "Limit").click();
    harness.run();
    assert!(harness.state().on);
    assert_eq!(value(&harness, Part::Switch, "Limit"), Some(Toggled::True));
    assert_eq!(value(&harness, Part::CheckBox, "Wait"), Some(Toggled::True));
    harness
        .get_by_role_and_label(Part::CheckBox, "Wait")
        .click();
    harness.run();
    assert!(!harness.state().on);
    harness.get_by_label("Stop the thread").click();
    harness.run();
    assert_eq!(
        value(&harness, Part::RadioButton, "Stop the thread"),
        Some(Toggled::True)
    );
}

#[test]
fn a_field_takes_what_is_typed_and_tells_what_is_wrong() {
    let mut harness = harness(|ui, world| {
        let error = world.error;
        TextField::new("Timeout", &mut world.text)
            .unit("min")
            .error(error)
            .show(ui);
    });
    harness
        .get_by_role_and_label(Part::TextInput, "Timeout")
        .click();
    harness.run();
    harness
        .get_by_role_and_label(Part::TextInput, "Timeout")
        .type_text("30");
    harness.run();
    assert_eq!(harness.state().text, "30");
    harness.state_mut().error = Some("Enter 1 to 20");
    harness.run();
    let node = harness.get_by_role_and_label(Part::TextInput, "Timeout");
    assert_eq!(node.accesskit_node().value().as_deref(), Some("30"));
    assert_eq!(
        node.accesskit_node().description().as_deref(),
        Some("Enter 1 to 20")
    );
    harness.get_by_label("Enter 1 to 20");
}

#[test]
fn a_list_is_opened_and_chosen_from_by_key_alone() {
    let mut harness = harness(|ui, world| {
        let shown = if world.chosen == Some(1) {
            "Both"
        } else {
            "One"
        };
        let id = Id::unique("test-combo");
        let chosen = Combo::new(id, "Rule", shown).width(160.0).show(ui, |ui| {
            let mut chosen = None;
            for (place, name) in ["One", "Both"].into_iter().enumerate() {
                if option(ui, world.chosen == Some(place), name, "") {
                    chosen = Some(place);
                }
            }
            chosen
        });
        world.chosen = chosen.or(world.chosen);
    });
    let rule = harness.get_by_role_and_label(Part::ComboBox, "Rule");
    assert_eq!(rule.accesskit_node().value().as_deref(), Some("One"));
    rule.focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert!(
        harness.query_by_label("Both").is_some(),
        "the list is closed"
    );
    harness.key_press(Key::ArrowDown);
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().chosen, Some(1));
    assert!(harness.query_by_label("One").is_none(), "the list is open");
    let rule = harness.get_by_role_and_label(Part::ComboBox, "Rule");
    assert_eq!(rule.accesskit_node().value().as_deref(), Some("Both"));
}

#[test]
fn a_dialog_is_closed_by_escape_and_by_its_button_and_keeps_the_focus() {
    let mut harness = harness(|ui, world| {
        if Button::new("Behind").show(ui).clicked() {
            world.clicks += 1;
        }
        if world.closed {
            return;
        }
        let dialog = Dialog::new(Id::unique("test-dialog"), "Save the changes?");
        let shown = dialog.show(
            ui.ctx(),
            |ui| {
                TextField::new("Path", &mut world.text).show(ui);
            },
            |ui| {
                Button::new("Save").kind(ButtonKind::Primary).show(ui);
                Button::new("Cancel").show(ui);
            },
        );
        world.closed = shown.closed;
    });
    harness.get_by_role_and_label(Part::Dialog, "Save the changes?");
    for _ in 0..8 {
        harness.key_press(Key::Tab);
        harness.run();
        assert!(!harness.get_by_label("Behind").is_focused());
    }
    harness.get_by_label("Behind").click();
    harness.run();
    assert_eq!(harness.state().clicks, 0);
    harness.state_mut().closed = false;
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.state().closed);
    harness.state_mut().closed = false;
    harness.run();
    harness.get_by_role_and_label(Part::Button, "Close").click();
    harness.run();
    assert!(harness.state().closed);
}

#[test]
fn rows_tabs_and_chips_tell_which_is_chosen() {
    let mut harness = harness(|ui, world| {
        if Tab::new(Icon::Log, "Log")
            .count(3)
            .selected(world.on)
            .show(ui)
            .clicked()
        {
            world.on = true;
        }
        let id = Id::unique("test-row");
        if row(ui, (id, "Export"), world.on, 25.0, |_| {}).clicked() {
            world.clicks += 1;
        }
        Chip::new("Errors").selected(world.on).show(ui);
        progress_bar(ui, "Step 1.2", 0.625, crate::ui::theme::Status::Running);
    });
    harness.get_by_role_and_label(Part::Tab, "Log").click();
    harness
        .get_by_role_and_label(Part::ListItem, "Export")
        .click();
    harness.run();
    assert!(harness.state().on);
    assert_eq!(harness.state().clicks, 1);
    for (role, name) in [
        (Part::Tab, "Log"),
        (Part::ListItem, "Export"),
        (Part::Button, "Errors"),
    ] {
        let node = harness.get_by_role_and_label(role, name);
        assert_eq!(
            node.accesskit_node().toggled(),
            Some(egui::accesskit::Toggled::True),
            "{name}"
        );
    }
    let bar = harness.get_by_label("Step 1.2");
    assert_eq!(bar.accesskit_node().numeric_value(), Some(63.0));
}

#[test]
fn a_choice_in_a_menu_is_told_and_a_disabled_one_is_not() {
    let mut harness = harness(|ui, world| {
        if menu_item(ui, Some(Icon::Copy), "Copy", "Ctrl+C", enabled(world)) {
            world.clicks += 1;
        }
    });
    harness
        .get_by_role_and_label(Part::MenuItem, "Copy")
        .click();
    harness.run();
    assert_eq!(harness.state().clicks, 1);
    harness.state_mut().can = Some("Nothing is selected");
    harness.run();
    harness
        .get_by_role_and_label(Part::MenuItem, "Copy")
        .click();
    harness.run();
    assert_eq!(harness.state().clicks, 1);
}

#[test]
fn text_that_is_cut_is_told_whole() {
    let harness = harness(|ui, _| {
        let colour = crate::ui::theme::tokens(ui).text_primary;
        let role = crate::ui::theme::Role::Body;
        elided(
            ui,
            "CN=Aalto Mira,OU=Staff,DC=local",
            role,
            colour,
            Elide::Middle,
            90.0,
        );
    });
    let node = harness.get_by_role(Part::Label);
    assert_eq!(
        node.accesskit_node().value().as_deref(),
        Some("CN=Aalto Mira,OU=Staff,DC=local")
    );
    assert!(node.rect().width() <= 90.0);
}

#[test]
fn nothing_asks_for_another_frame_when_all_is_still() {
    let mut harness = harness(|ui, world| {
        crate::ui::gallery::components(ui);
        TextField::new("Path", &mut world.text).show(ui);
    });
    harness.step();
    let delay = harness
        .output()
        .viewport_output
        .values()
        .map(|output| output.repaint_delay)
        .min();
    assert_eq!(delay, Some(std::time::Duration::MAX));
}
