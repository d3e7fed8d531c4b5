//! Every panel, dialog and state, as somebody meets it who cannot see it.

use std::fmt::Write as _;

use egui::accesskit::{Action, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};
use masequencer::settings::ThemeChoice;
use masequencer::ui::{Staged, scene_names, staged};

/// How many frames a scene gets to come to rest.
const FRAMES: usize = 2;

/// A scene at rest, its menu or its tooltip open.
pub fn at_rest(name: &str) -> Harness<'static, Staged> {
    let scene = staged(name).expect("a scene of the gallery");
    let pointer = scene.pointer;
    let mut harness = Harness::builder()
        .with_size(scene.size)
        .with_accessibility_check(false)
        .allow_missing_glyphs()
        .with_theme(egui::Theme::Light)
        .with_context_setup(|ctx| Staged::dress(ctx, ThemeChoice::Light))
        .build_ui_state(|ui, scene: &mut Staged| scene.frame(ui), scene);
    harness.run_steps(FRAMES);
    if let Some((at, button)) = pointer {
        harness.hover_at(at);
        harness.step();
        for pressed in [true, false] {
            if let Some(button) = button {
                harness.event(egui::Event::PointerButton {
                    pos: at,
                    button,
                    pressed,
                    modifiers: egui::Modifiers::NONE,
                });
                harness.step();
            }
        }
        harness.run_steps(FRAMES);
    }
    harness
}

/// What is missing for somebody who cannot see it.
fn flaw(node: &AccessKitNode<'_>) -> Option<&'static str> {
    let data = node.data();
    let role = data.role();
    let acts = data.supports_action(Action::Focus) || data.supports_action(Action::Click);
    // Drawn and moved by egui itself, which gives it no name.
    if role == Role::ScrollBar || !acts && !has_state(role) {
        return None;
    }
    if matches!(role, Role::Unknown | Role::GenericContainer) {
        return Some("no role");
    }
    if node.label().is_none_or(|label| label.trim().is_empty()) {
        return Some("no name");
    }
    let is_told = match role {
        Role::TextInput | Role::MultilineTextInput | Role::SearchInput | Role::ComboBox => {
            data.value().is_some()
        }
        Role::Slider | Role::SpinButton => data.numeric_value().is_some(),
        Role::CheckBox | Role::Switch | Role::RadioButton | Role::MenuItemCheckBox => {
            data.toggled().is_some()
        }
        Role::Tab | Role::ListBoxOption | Role::TreeItem => data.is_selected().is_some(),
        _ => true,
    };
    (!is_told).then_some("no value or state")
}

/// Whether a widget of this role must be named even where nothing can be done with it now.
const fn has_state(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::CheckBox
            | Role::ComboBox
            | Role::Link
            | Role::ListBoxOption
            | Role::MenuItem
            | Role::MultilineTextInput
            | Role::PasswordInput
            | Role::RadioButton
            | Role::SearchInput
            | Role::Slider
            | Role::SpinButton
            | Role::Switch
            | Role::Tab
            | Role::TextInput
            | Role::TreeItem
    )
}

/// Names a widget to whoever has to mend it: where it is, and what lies around it.
fn whereabouts(node: &AccessKitNode<'_>) -> String {
    let around = std::iter::successors(node.parent(), AccessKitNode::parent)
        .find_map(|parent| parent.label())
        .unwrap_or_default();
    let rect = node.raw_bounds().map(|rect| {
        let [left, top, right, bottom] = [rect.x0, rect.y0, rect.x1, rect.y1].map(f64::round);
        format!("{left},{top} to {right},{bottom}")
    });
    let name = node.label().unwrap_or_default();
    let place = rect.unwrap_or_else(|| "no place".to_owned());
    format!("{:?} `{name}` at {place} inside `{around}`", node.role())
}

/// Notes what is missing on a screen.
fn note_flaws(harness: &Harness<'_, Staged>, screen: &str, flaws: &mut String) -> usize {
    let mut widgets = 0;
    for node in harness.root().children_recursive() {
        let node = node.accesskit_node();
        widgets += 1;
        if let Some(flaw) = flaw(&node) {
            writeln!(flaws, "{screen}: {flaw}: {}", whereabouts(&node)).expect("a text");
        }
    }
    widgets
}

#[test]
fn every_widget_of_every_scene_has_a_role_a_name_and_a_value() {
    let mut flaws = String::new();
    let mut widgets = 0;
    for name in scene_names() {
        let harness = at_rest(name);
        widgets += note_flaws(&harness, name, &mut flaws);
    }
    assert!(widgets > 2_000, "only {widgets} widgets were seen");
    assert!(flaws.is_empty(), "\n{flaws}");
}

#[test]
fn every_menu_and_list_has_rows_with_a_role_a_name_and_a_state() {
    let menus = ["File", "Edit", "View", "Server", "Action", "Help"];
    let lists = ["Overlap rule", "Type", "If it fails"];
    let menus = menus.map(|name| (Role::MenuItem, name, Role::MenuItem));
    let lists = lists.map(|name| (Role::ComboBox, name, Role::ListBoxOption));
    let more = [
        (Role::Button, "More actions, thread 1", Role::MenuItem),
        (Role::Button, "Add step, thread 1", Role::MenuItem),
        (Role::Button, "Show the known ones", Role::ListBoxOption),
    ];
    let mut flaws = String::new();
    for (role, name, row) in menus.into_iter().chain(lists).chain(more) {
        let mut harness = at_rest("main");
        let before = harness.query_all_by_role(row).count();
        {
            let mut nodes = harness.query_all_by_role(role);
            nodes
                .find(|node| node.accesskit_node().label().as_deref() == Some(name))
                .unwrap_or_else(|| panic!("no `{name}`"))
                .click();
        }
        harness.run_steps(FRAMES);
        let rows = harness.query_all_by_role(row).count();
        assert!(
            rows >= before + 2,
            "`{name}` opens {rows} rows of {row:?}, {before} before"
        );
        note_flaws(&harness, name, &mut flaws);
    }
    assert!(flaws.is_empty(), "\n{flaws}");
}
