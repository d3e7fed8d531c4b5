//! The settings themselves: plain data, each with its default.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many recent files are remembered.
pub const MAX_RECENT: usize = 12;

/// How many servers are remembered.
const MAX_RECENT_SERVERS: usize = 6;

/// The smallest scale of the window's content.
pub const MIN_SCALE_PERCENT: u16 = 100;

/// The largest scale of the window's content.
pub const MAX_SCALE_PERCENT: u16 = 300;

/// How often the agents are asked for at most, in seconds.
const MIN_REFRESH_SECS: u32 = 2;

/// How often the agents are asked for at least, in seconds.
const MAX_REFRESH_SECS: u32 = 3600;

/// What a person has set up. A file may leave any of it out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    /// The colours.
    pub theme: ThemeChoice,
    /// The scale of the window's content, on top of the system's.
    pub scale_percent: u16,
    /// Whether things move.
    pub motion: bool,
    /// The seconds between two looks at the agents.
    pub refresh_secs: u32,
    /// The files that were opened, the newest first.
    pub recent: Vec<RecentFile>,
    /// The server that was connected to last.
    pub last_server: Option<LastServer>,
    /// The servers that were connected to, the newest first.
    pub recent_servers: Vec<LastServer>,
    /// Where the window was.
    pub window: Option<WindowPlace>,
    /// How large the panels are.
    pub panels: PanelSizes,
    /// What the panel at the bottom shows.
    pub bottom_tab: BottomTab,
}

/// Which colours the window has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeChoice {
    /// As the system has them.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// With the strongest contrast.
    HighContrast,
}

/// What the panel at the bottom shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BottomTab {
    /// What the rules say.
    #[default]
    Problems,
    /// When what ran.
    Timeline,
    /// What the run said.
    Log,
    /// The file as it would be saved.
    Xml,
}

/// A file that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RecentFile {
    /// The file, absolute.
    pub path: PathBuf,
    /// When it was opened or saved last.
    pub opened: Timestamp,
    /// How many threads it had then.
    #[serde(default)]
    pub threads: u32,
    /// How many steps it had then.
    #[serde(default)]
    pub steps: u32,
}

/// The server that was connected to last. There is no place for a password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct LastServer {
    /// A host name, an address or a URL.
    pub host: String,
    /// The account.
    pub user: String,
    /// Whether HTTPS is used.
    pub tls: bool,
    /// The TCP port, if not the usual one.
    pub port: Option<u16>,
    /// A PEM file of authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// The SHA-256 of the only certificate to trust.
    pub pin: Option<String>,
    /// Whether the password may go over unencrypted HTTP.
    pub allow_unencrypted: bool,
    /// How the account is proved, in the word of files; empty is left to the program.
    pub auth: String,
    /// How it is spoken to, in the word of files; empty is left to the program.
    pub transport: String,
    /// How classes are written as URIs, in the word of files; empty is left to the program.
    pub resource_uris: String,
}

/// Where a window was, in points.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct WindowPlace {
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
    /// Its left edge, where the system tells.
    pub x: Option<f32>,
    /// Its top edge, where the system tells.
    pub y: Option<f32>,
    /// Whether it filled the screen.
    pub maximized: bool,
}

/// How large the panels are, in points, and which of them are open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct PanelSizes {
    /// The width of the tree of agents.
    pub tree: f32,
    /// The width of the inspector.
    pub inspector: f32,
    /// The height of the panel at the bottom.
    pub bottom: f32,
    /// Whether the tree is open.
    pub tree_open: bool,
    /// Whether the inspector is open.
    pub inspector_open: bool,
    /// Whether the panel at the bottom is open.
    pub bottom_open: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            scale_percent: MIN_SCALE_PERCENT,
            motion: true,
            refresh_secs: 10,
            recent: Vec::new(),
            last_server: None,
            recent_servers: Vec::new(),
            window: None,
            panels: PanelSizes::default(),
            bottom_tab: BottomTab::default(),
        }
    }
}

impl Default for PanelSizes {
    fn default() -> Self {
        Self {
            tree: 248.0,
            inspector: 328.0,
            bottom: 178.0,
            tree_open: true,
            inspector_open: true,
            bottom_open: true,
        }
    }
}

impl Settings {
    /// Notes that a file was opened or saved: it comes first, and once only.
    pub fn remember(&mut self, file: RecentFile) {
        self.recent.retain(|known| known.path != file.path);
        self.recent.insert(0, file);
        self.recent.truncate(MAX_RECENT);
    }

    /// Notes that a server was connected to: it comes first, and once only for each account.
    pub fn remember_server(&mut self, server: LastServer) {
        let is_same = |known: &LastServer| {
            known.host.eq_ignore_ascii_case(&server.host)
                && known.user.eq_ignore_ascii_case(&server.user)
        };
        self.recent_servers.retain(|known| !is_same(known));
        self.recent_servers.insert(0, server.clone());
        self.recent_servers.truncate(MAX_RECENT_SERVERS);
        self.last_server = Some(server);
    }

    /// Forgets a server of the list, by index, also as the last one; whether there was one.
    pub fn forget_server(&mut self, index: usize) -> bool {
        if index >= self.recent_servers.len() {
            return false;
        }
        let gone = self.recent_servers.remove(index);
        let is_last = |last: &LastServer| last.host == gone.host && last.user == gone.user;
        self.last_server = self.last_server.take().filter(|last| !is_last(last));
        true
    }

    /// Forgets a recent file.
    pub fn forget(&mut self, path: &std::path::Path) {
        self.recent.retain(|known| known.path != path);
    }

    /// The same settings with every value within its limits: a file may hold anything.
    pub fn within_limits(mut self) -> Self {
        self.scale_percent = self
            .scale_percent
            .clamp(MIN_SCALE_PERCENT, MAX_SCALE_PERCENT);
        self.refresh_secs = self.refresh_secs.clamp(MIN_REFRESH_SECS, MAX_REFRESH_SECS);
        self.recent.truncate(MAX_RECENT);
        self.recent_servers.truncate(MAX_RECENT_SERVERS);
        self.window = self.window.filter(WindowPlace::is_usable);
        let usual = PanelSizes::default();
        for (size, usual) in [
            (&mut self.panels.tree, usual.tree),
            (&mut self.panels.inspector, usual.inspector),
            (&mut self.panels.bottom, usual.bottom),
        ] {
            *size = if size.is_finite() {
                size.clamp(MIN_PANEL, MAX_PANEL)
            } else {
                usual
            };
        }
        self
    }
}

/// A panel that is smaller than this cannot be taken hold of.
const MIN_PANEL: f32 = 80.0;

/// No screen has room for more.
const MAX_PANEL: f32 = 4000.0;

impl WindowPlace {
    fn is_usable(&self) -> bool {
        let is_size = |size: f32| (200.0..=20_000.0).contains(&size);
        is_size(self.width) && is_size(self.height)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn recent(name: &str) -> RecentFile {
        RecentFile {
            path: PathBuf::from(name),
            opened: Timestamp::UNIX_EPOCH,
            threads: 1,
            steps: 2,
        }
    }

    #[test]
    fn recent_files_are_few_newest_first_and_each_once() {
        let mut settings = Settings::default();
        for number in 0..MAX_RECENT + 3 {
            settings.remember(recent(&format!("{number}.xml")));
        }
        settings.remember(recent("5.xml"));
        assert_eq!(settings.recent.len(), MAX_RECENT);
        assert_eq!(settings.recent[0].path, Path::new("5.xml"));
        assert_eq!(settings.recent[1].path, Path::new("14.xml"));
        let fives = |settings: &Settings| {
            let all = settings.recent.iter();
            all.filter(|file| file.path == Path::new("5.xml")).count()
        };
        assert_eq!(fives(&settings), 1);
        settings.forget(Path::new("5.xml"));
        assert_eq!(fives(&settings), 0);
    }

    #[test]
    fn recent_servers_are_few_and_each_account_once() {
        let mut settings = Settings::default();
        let server = |host: &str, user: &str| LastServer {
            host: host.to_owned(),
            user: user.to_owned(),
            ..LastServer::default()
        };
        for number in 0..MAX_RECENT_SERVERS + 2 {
            settings.remember_server(server(&format!("mim{number}"), "a"));
        }
        assert_eq!(settings.recent_servers.len(), MAX_RECENT_SERVERS);
        settings.remember_server(server("MIM5", "A"));
        settings.remember_server(server("mim5", "b"));
        assert_eq!(settings.recent_servers.len(), MAX_RECENT_SERVERS);
        let first: Vec<&str> = settings
            .recent_servers
            .iter()
            .map(|s| s.user.as_str())
            .collect();
        assert_eq!(first.get(..3), Some(&["b", "A", "a"][..]));
        assert_eq!(settings.last_server.as_ref().unwrap().user, "b");
        assert!(settings.forget_server(1));
        assert_eq!(settings.last_server.as_ref().unwrap().user, "b");
        assert!(settings.forget_server(0));
        assert_eq!(settings.last_server, None);
        assert_eq!(settings.recent_servers[0].user, "a");
        assert!(!settings.forget_server(MAX_RECENT_SERVERS));
    }

    #[test]
    fn values_from_a_file_are_brought_within_limits() {
        let wild = Settings {
            scale_percent: 9000,
            refresh_secs: 0,
            window: Some(WindowPlace {
                width: f32::NAN,
                ..WindowPlace::default()
            }),
            panels: PanelSizes {
                tree: f32::INFINITY,
                inspector: -5.0,
                ..PanelSizes::default()
            },
            ..Settings::default()
        };
        let tame = wild.within_limits();
        assert_eq!(tame.scale_percent, MAX_SCALE_PERCENT);
        assert_eq!(tame.refresh_secs, MIN_REFRESH_SECS);
        assert_eq!(tame.window, None);
        assert!((tame.panels.tree - PanelSizes::default().tree).abs() < f32::EPSILON);
        assert!((tame.panels.inspector - MIN_PANEL).abs() < f32::EPSILON);
        assert_eq!(Settings::default().within_limits(), Settings::default());
    }
}
