//! Fonts of the system for writing that our own fonts do not cover, loaded when first needed.
//!
//! The watcher notes which scripts could not be drawn in a frame; `find` reads files and belongs on
//! a thread; `add` hands what was found to egui. Covered are words and sentences of one script,
//! also of scripts that run from right to left, which are shaped as they should be; where scripts
//! of both directions are mixed in one line, each run of letters is right in itself and the runs
//! stand from left to right, because egui does not reorder them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use egui::epaint::text::{
    FallbackRequest, FontInsert, FontPriority, FontProvider, InsertFontFamily,
};
use egui::{Context, FontData, FontFamily};

/// A set of writing systems that need a font of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(in crate::ui) struct Scripts(u8);

impl Scripts {
    /// No writing system.
    pub(in crate::ui) const NONE: Self = Self(0);
    /// Chinese and Japanese.
    pub(in crate::ui) const EAST_ASIAN: Self = Self(1);
    /// Arabic.
    pub(in crate::ui) const ARABIC: Self = Self(2);
    /// Hebrew.
    pub(in crate::ui) const HEBREW: Self = Self(4);
    /// Thai.
    pub(in crate::ui) const THAI: Self = Self(8);
    /// Devanagari and the other scripts of India.
    pub(in crate::ui) const INDIC: Self = Self(16);
    /// Everything else that our fonts lack.
    pub(in crate::ui) const OTHER: Self = Self(32);
    /// Korean.
    pub(in crate::ui) const KOREAN: Self = Self(64);

    const EACH: [Self; 7] = [
        Self::EAST_ASIAN,
        Self::KOREAN,
        Self::ARABIC,
        Self::HEBREW,
        Self::THAI,
        Self::INDIC,
        Self::OTHER,
    ];

    /// Whether nothing is in the set.
    pub(in crate::ui) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both sets together.
    pub(in crate::ui) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    pub(in crate::ui) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The writing systems of a text that our own fonts do not cover.
#[cfg(test)]
fn needs(text: &str) -> Scripts {
    if text.is_ascii() {
        return Scripts::NONE;
    }
    text.chars()
        .fold(Scripts::NONE, |all, c| all.with(script_of(c)))
}

fn script_of(c: char) -> Scripts {
    match u32::from(c) {
        0x0590..=0x05FF | 0xFB1D..=0xFB4F => Scripts::HEBREW,
        0x0600..=0x07BF | 0x08A0..=0x08FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFE => Scripts::ARABIC,
        0x0900..=0x0DFF => Scripts::INDIC,
        0x0E00..=0x0E7F => Scripts::THAI,
        0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF => Scripts::KOREAN,
        0x2E80..=0x312F
        | 0x3190..=0x9FFF
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F
        | 0xFF00..=0xFFEF
        | 0x2_0000..=0x3_FFFF => Scripts::EAST_ASIAN,
        0x0530..=0x058F | 0x0E80..=0x10FF | 0x1200..=0x1DBF => Scripts::OTHER,
        _ => Scripts::NONE,
    }
}

/// The scripts that could not be drawn, and those of them that were told.
#[derive(Default)]
pub(super) struct Missed {
    seen: AtomicU8,
    told: AtomicU8,
}

impl Missed {
    /// What was seen and not told before.
    pub(super) fn take(&self) -> Scripts {
        let seen = self.seen.load(Ordering::Relaxed);
        let told = self.told.fetch_or(seen, Ordering::Relaxed);
        Scripts(seen).without(Scripts(told))
    }
}

/// Asked by egui for each character that no font has, once; never has a font at hand itself,
/// because reading one would hold up the frame.
pub(super) struct Watcher(Arc<Missed>);

impl Watcher {
    /// Notes into `missed`.
    pub(super) const fn new(missed: Arc<Missed>) -> Self {
        Self(missed)
    }
}

impl FontProvider for Watcher {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let missed = request.cluster.chars().next()?;
        self.0.seen.fetch_or(lacks(missed).0, Ordering::Relaxed);
        None
    }
}

/// What a character that no font has may be found in; our icons are no such character.
fn lacks(character: char) -> Scripts {
    match (script_of(character), u32::from(character)) {
        (Scripts::NONE, 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF | 0..=0x7F) => Scripts::NONE,
        (Scripts::NONE, _) => Scripts::OTHER,
        (script, _) => script,
    }
}

/// A font of the system, read into memory.
#[derive(Clone)]
pub(in crate::ui) struct FontBytes {
    name: String,
    bytes: Arc<Vec<u8>>,
    scripts: Scripts,
}

impl FontBytes {
    /// The writing systems that the font was loaded for.
    #[cfg(test)]
    const fn scripts(&self) -> Scripts {
        self.scripts
    }
}

impl std::fmt::Debug for FontBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FontBytes({}, {} bytes)", self.name, self.bytes.len())
    }
}

/// The largest font file that is read; the largest collections of the systems are below.
const LARGEST: u64 = 40 << 20;

/// How many folders deep fonts are looked for.
const DEEPEST: usize = 5;

/// Reads the first font of the system for each writing system; slow, so for a thread.
pub(in crate::ui) fn find(scripts: Scripts) -> Vec<FontBytes> {
    find_in(&folders(), scripts)
}

/// Hands fonts to egui, behind our own.
pub(in crate::ui) fn add(ctx: &Context, fonts: Vec<FontBytes>) {
    for font in fonts {
        let families = [
            FontFamily::Proportional,
            super::semi_bold(),
            FontFamily::Monospace,
        ];
        let families = families.map(|family| InsertFontFamily {
            family,
            priority: FontPriority::Lowest,
        });
        let bytes = Arc::try_unwrap(font.bytes).unwrap_or_else(|shared| shared.to_vec());
        ctx.add_font(FontInsert::new(
            &font.name,
            FontData::from_owned(bytes),
            families.into(),
        ));
    }
}

fn find_in(folders: &[PathBuf], scripts: Scripts) -> Vec<FontBytes> {
    if scripts.is_empty() {
        return Vec::new();
    }
    let mut files = Vec::new();
    for folder in folders {
        list(folder, DEEPEST, &mut files);
    }
    let mut found: Vec<FontBytes> = Vec::new();
    for script in Scripts::EACH.into_iter().filter(|each| scripts.has(*each)) {
        let Some((name, file)) = first(&files, script) else {
            continue;
        };
        if let Some(known) = found.iter_mut().find(|font| font.name == name) {
            known.scripts = known.scripts.with(script);
        } else if let Ok(bytes) = std::fs::read(file) {
            found.push(FontBytes {
                name: name.to_owned(),
                bytes: Arc::new(bytes),
                scripts: script,
            });
        }
    }
    found
}

fn first(files: &[PathBuf], script: Scripts) -> Option<(&'static str, &Path)> {
    names(script).iter().find_map(|wanted| {
        let file = files.iter().find(|path| {
            path.file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
        })?;
        let fits = file.metadata().is_ok_and(|data| data.len() <= LARGEST);
        fits.then_some((*wanted, file.as_path()))
    })
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if depth > 0 {
                list(&path, depth - 1, files);
            }
        } else {
            files.push(path);
        }
    }
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
    ]
    .iter()
    .map(PathBuf::from)
    .collect();
    if let Some(windows) = std::env::var_os("WINDIR") {
        folders.push(Path::new(&windows).join("Fonts"));
    }
    if let Some(home) = std::env::var_os("HOME") {
        folders.push(Path::new(&home).join(".local/share/fonts"));
        folders.push(Path::new(&home).join("Library/Fonts"));
    }
    folders
}

/// Well-known files, the best first: Linux, then Windows, then macOS.
const fn names(script: Scripts) -> &'static [&'static str] {
    match script {
        Scripts::EAST_ASIAN => &[
            "NotoSansCJK-Regular.ttc",
            "NotoSansCJKsc-Regular.otf",
            "NotoSansSC-Regular.otf",
            "SourceHanSans-Regular.ttc",
            "wqy-microhei.ttc",
            "wqy-zenhei.ttc",
            "DroidSansFallbackFull.ttf",
            "DroidSansFallback.ttf",
            "msyh.ttc",
            "YuGothM.ttc",
            "simsun.ttc",
            "PingFang.ttc",
            "Hiragino Sans GB.ttc",
            "STHeiti Light.ttc",
        ],
        Scripts::KOREAN => &[
            "NotoSansCJK-Regular.ttc",
            "NotoSansKR-Regular.otf",
            "SourceHanSans-Regular.ttc",
            "wqy-microhei.ttc",
            "NanumGothic.ttf",
            "UnDotum.ttf",
            "malgun.ttf",
            "AppleSDGothicNeo.ttc",
        ],
        Scripts::ARABIC => &[
            "NotoSansArabic-Regular.ttf",
            "NotoNaskhArabic-Regular.ttf",
            "DejaVuSans.ttf",
            "segoeui.ttf",
            "arial.ttf",
            "tahoma.ttf",
            "GeezaPro.ttc",
            "Arial Unicode.ttf",
        ],
        Scripts::HEBREW => &[
            "NotoSansHebrew-Regular.ttf",
            "DejaVuSans.ttf",
            "FreeSans.ttf",
            "segoeui.ttf",
            "arial.ttf",
            "ArialHB.ttc",
            "Arial Unicode.ttf",
        ],
        Scripts::THAI => &[
            "NotoSansThai-Regular.ttf",
            "Garuda.ttf",
            "Loma.ttf",
            "FreeSerif.ttf",
            "leelawui.ttf",
            "tahoma.ttf",
            "Thonburi.ttc",
        ],
        Scripts::INDIC => &[
            "NotoSansDevanagari-Regular.ttf",
            "Lohit-Devanagari.ttf",
            "FreeSans.ttf",
            "Nirmala.ttc",
            "Nirmala.ttf",
            "mangal.ttf",
            "Kohinoor.ttc",
            "DevanagariMT.ttc",
        ],
        _ => &[
            "DejaVuSans.ttf",
            "FreeSans.ttf",
            "FreeSerif.ttf",
            "seguisym.ttf",
            "segoeui.ttf",
            "Apple Symbols.ttf",
            "Arial Unicode.ttf",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_needs_the_writing_systems_that_are_in_it() {
        let cases = [
            ("Contoso AD", Scripts::NONE),
            ("Größe, çà, Łódź, Ελλάδα, Привет", Scripts::NONE),
            ("人事", Scripts::EAST_ASIAN),
            ("ひらがな", Scripts::EAST_ASIAN),
            ("한국어", Scripts::KOREAN),
            ("عربي", Scripts::ARABIC),
            ("עברית", Scripts::HEBREW),
            ("ไทย", Scripts::THAI),
            ("हिन्दी", Scripts::INDIC),
            ("HR 人事 עברית", Scripts::EAST_ASIAN.with(Scripts::HEBREW)),
        ];
        for (text, scripts) in cases {
            assert_eq!(needs(text), scripts, "{text}");
        }
    }

    #[test]
    fn the_first_known_file_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("truetype/dejavu");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("DejaVuSans.ttf"), b"font").unwrap();
        let scripts = Scripts::ARABIC.with(Scripts::EAST_ASIAN);
        let found = find_in(&[folder.path().to_owned()], scripts);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].scripts(), Scripts::ARABIC);
        assert_eq!(found[0].bytes.as_slice(), b"font");
    }

    #[test]
    fn one_file_serves_several_scripts() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("dejavusans.TTF"), b"font").unwrap();
        let scripts = Scripts::ARABIC.with(Scripts::HEBREW);
        let found = find_in(&[folder.path().to_owned()], scripts);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].scripts(), scripts);
    }

    #[test]
    fn icons_want_no_font() {
        assert_eq!(lacks('\u{F0001}'), Scripts::NONE);
        assert_eq!(lacks('\n'), Scripts::NONE);
        assert_eq!(lacks('\u{1F600}'), Scripts::OTHER);
    }

    #[test]
    fn nothing_is_read_for_nothing() {
        assert!(find(Scripts::NONE).is_empty());
        assert!(find_in(&[PathBuf::from("/nonexistent")], Scripts::THAI).is_empty());
    }
}
