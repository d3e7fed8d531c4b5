//! Rules about dependencies.

use std::process::Command;

use super::Offence;
use super::layers::FENCES;

/// Crates that only a window needs.
const WINDOW: [&str; 8] = [
    "egui",
    "eframe",
    "winit",
    "glow",
    "glutin",
    "epaint",
    "emath",
    "accesskit",
];

/// Every dependency in the manifest that no fence names.
pub fn check_fences_are_complete(manifest: &str) -> Vec<Offence> {
    let mut offences = Vec::new();
    let mut is_dependency = false;
    for (number, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            is_dependency = line.trim() == "[dependencies]";
            continue;
        }
        let Some((name, _)) = line.split_once('=') else {
            continue;
        };
        let name = name.trim().replace('-', "_");
        let is_fenced = FENCES
            .iter()
            .any(|fence| fence.crates.contains(&name.as_str()));
        if is_dependency && !line.starts_with('#') && !is_fenced {
            offences.push(Offence {
                file: "Cargo.toml".to_owned(),
                line: number + 1,
                rule: format!("`{name}` has no fence in tests/tidy/layers.rs"),
                text: line.to_owned(),
            });
        }
    }
    offences
}

/// The packages of the headless build, as cargo tells them: one `name version` a line.
pub fn headless_tree() -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--no-default-features", "--edges", "normal"])
        .args(["--prefix", "none", "--offline", "--locked"])
        .output()
        .expect("cargo runs these tests, so it can be started");
    assert!(
        output.status.success(),
        "cargo tree failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Every package of a window in the headless tree.
pub fn check_headless_tree(tree: &str) -> Vec<Offence> {
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let mut offences: Vec<Offence> = names
        .filter(|name| WINDOW.contains(name))
        .map(|name| Offence {
            file: "Cargo.toml".to_owned(),
            line: 0,
            rule: format!("`{name}` is in the tree of `--no-default-features`"),
            text: String::new(),
        })
        .collect();
    if !tree.starts_with("masequencer ") {
        offences.push(Offence {
            file: "Cargo.toml".to_owned(),
            line: 0,
            rule: "the headless tree could not be read".to_owned(),
            text: tree.lines().next().unwrap_or_default().to_owned(),
        });
    }
    offences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_fence_is_found() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\n# a comment = 1\nquick-xml = \"0\"\n\
                        left-pad = \"1\"\n[dev-dependencies]\nproptest = \"1\"\n";
        let offences = check_fences_are_complete(manifest);
        assert_eq!(offences.len(), 1);
        assert_eq!(offences[0].line, 6);
    }

    #[test]
    fn a_window_in_the_headless_tree_is_found() {
        assert_eq!(check_headless_tree("masequencer v0.1.0\nclap v4\n"), []);
        assert_eq!(
            check_headless_tree("masequencer v0.1.0\nwinit v0.30\n").len(),
            1
        );
        assert_eq!(check_headless_tree("").len(), 1);
    }
}
