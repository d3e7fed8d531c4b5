//! Several windows have the same settings: each writes what it changed itself, and takes the rest as
//! the others left it.

use super::values::{MAX_RECENT, PanelSizes, RecentFile, Settings};

/// What is to be in the file: `theirs`, as it is there now, with what is different in `ours` from
/// `base`, the settings that this window read or wrote last.
pub fn merge(base: &Settings, ours: &Settings, theirs: &Settings) -> Settings {
    macro_rules! of_whom {
        ($($field:ident).+) => {
            changed(&base.$($field).+, &ours.$($field).+, &theirs.$($field).+)
        };
    }
    Settings {
        theme: of_whom!(theme),
        scale_percent: of_whom!(scale_percent),
        motion: of_whom!(motion),
        refresh_secs: of_whom!(refresh_secs),
        recent: recent(&base.recent, &ours.recent, &theirs.recent),
        last_server: of_whom!(last_server),
        recent_servers: of_whom!(recent_servers),
        window: of_whom!(window),
        panels: PanelSizes {
            tree: of_whom!(panels.tree),
            inspector: of_whom!(panels.inspector),
            bottom: of_whom!(panels.bottom),
            tree_open: of_whom!(panels.tree_open),
            inspector_open: of_whom!(panels.inspector_open),
            bottom_open: of_whom!(panels.bottom_open),
        },
        bottom_tab: of_whom!(bottom_tab),
    }
}

/// Ours where we have changed it, else theirs.
fn changed<T: PartialEq + Clone>(base: &T, ours: &T, theirs: &T) -> T {
    if ours == base { theirs } else { ours }.clone()
}

/// The files of both, the newest first; what one of them forgot is forgotten.
fn recent(base: &[RecentFile], ours: &[RecentFile], theirs: &[RecentFile]) -> Vec<RecentFile> {
    let find =
        |list: &[RecentFile], file: &RecentFile| list.iter().any(|known| known.path == file.path);
    let opened_by_us = ours.iter().filter(|file| !base.contains(file));
    let mut all: Vec<RecentFile> = opened_by_us.cloned().collect();
    for file in theirs {
        let is_forgotten = base.contains(file) && !find(ours, file);
        if is_forgotten {
            continue;
        }
        match all.iter_mut().find(|known| known.path == file.path) {
            Some(known) if known.opened < file.opened => known.clone_from(file),
            Some(_) => {}
            None => all.push(file.clone()),
        }
    }
    all.sort_by_key(|file| std::cmp::Reverse(file.opened));
    all.truncate(MAX_RECENT);
    all
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use jiff::Timestamp;

    use super::super::{BottomTab, ThemeChoice};
    use super::*;

    fn file(name: &str, second: i64) -> RecentFile {
        RecentFile {
            path: PathBuf::from(name),
            opened: Timestamp::from_second(second).unwrap(),
            threads: 1,
            steps: 1,
        }
    }

    fn with(recent: &[(&str, i64)]) -> Settings {
        Settings {
            recent: recent
                .iter()
                .map(|(name, second)| file(name, *second))
                .collect(),
            ..Settings::default()
        }
    }

    #[test]
    fn each_window_writes_only_what_it_changed() {
        let base = Settings::default();
        let ours = Settings {
            scale_percent: 150,
            panels: PanelSizes {
                tree: 300.0,
                ..PanelSizes::default()
            },
            ..Settings::default()
        };
        let theirs = Settings {
            theme: ThemeChoice::Dark,
            bottom_tab: BottomTab::Log,
            panels: PanelSizes {
                bottom: 222.0,
                ..PanelSizes::default()
            },
            ..Settings::default()
        };
        let expected = Settings {
            scale_percent: 150,
            theme: ThemeChoice::Dark,
            bottom_tab: BottomTab::Log,
            panels: PanelSizes {
                tree: 300.0,
                bottom: 222.0,
                ..PanelSizes::default()
            },
            ..Settings::default()
        };
        assert_eq!(merge(&base, &ours, &theirs), expected);
        assert_eq!(merge(&base, &base, &theirs), theirs);
        assert_eq!(merge(&base, &ours, &base), ours);
    }

    #[test]
    fn recent_files_of_all_windows_are_kept_and_forgotten_ones_stay_forgotten() {
        for (base, ours, theirs, expected) in [
            // Both opened another file.
            (
                with(&[("a", 1)]),
                with(&[("b", 3), ("a", 1)]),
                with(&[("c", 2), ("a", 1)]),
                with(&[("b", 3), ("c", 2), ("a", 1)]),
            ),
            // The same one.
            (
                with(&[]),
                with(&[("a", 3)]),
                with(&[("a", 5)]),
                with(&[("a", 5)]),
            ),
            // We forgot one, they opened one.
            (
                with(&[("a", 1), ("b", 0)]),
                with(&[]),
                with(&[("c", 2), ("a", 1), ("b", 0)]),
                with(&[("c", 2)]),
            ),
            // They forgot one, which we have not opened since.
            (with(&[("a", 1)]), with(&[("a", 1)]), with(&[]), with(&[])),
            // They opened again what we forgot.
            (
                with(&[("a", 1)]),
                with(&[]),
                with(&[("a", 4)]),
                with(&[("a", 4)]),
            ),
        ] {
            assert_eq!(merge(&base, &ours, &theirs), expected);
        }
    }
}
