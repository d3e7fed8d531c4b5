//! The original's command line:
//! `/f:File [/s:Server] [/u:[Domain\]User [/p:Password]] [/l:Level]`.
//!
//! `-` works as well as `/`, letters in any case, and values may be quoted once more. A file may
//! also stand alone behind the slash (`/RunADImport.xml`), as schedulers call it. What the old tool
//! could not say about the way to the server is said by the new options (`--auth`, `--tls`, …), which
//! may stand among the old ones. Pure: where a file may lie is asked through [`Folders`].

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::base::secret::Secret;
use crate::base::text;
use crate::model::LogLevel;

use super::arguments::ServerArguments;

/// What an old command line asks for.
#[derive(Debug)]
pub enum OldCommand {
    /// `/?`.
    Help,
    /// Run a sequence.
    Run(Box<OldRun>),
}

/// A run in the old manner.
#[derive(Debug)]
pub struct OldRun {
    /// The sequence file, found.
    pub file: PathBuf,
    /// `/s:`, a host or a URL.
    pub server: Option<String>,
    /// `/u:`, as `[Domain\]User`.
    pub user: Option<String>,
    /// `/p:`.
    pub password: Option<Secret>,
    /// `/l:`, by number or word.
    pub level: Option<LogLevel>,
    /// The new options about the way to the server and the password.
    pub way: ServerArguments,
}

/// Where a file behind a slash may lie.
pub trait Folders {
    /// Whether there is something under this path.
    fn exists(&self, path: &Path) -> bool;

    /// The current directory, then the folder of the program, as far as they are known.
    fn search_path(&self) -> Vec<PathBuf>;

    /// The names in a folder, in any order; empty when it cannot be listed.
    fn names(&self, folder: &Path) -> Vec<OsString>;
}

/// Why an old command line cannot be understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OldStyleError {
    /// A letter that is no option.
    #[error("`{0}` is no option; the options are /f: /s: /u: /p: /l: and /? (see masequencer /?)")]
    UnknownOption(String),
    /// A word that is neither an option nor a file behind a slash.
    #[error("`{0}` is not understood; write /f:{0} to run that file")]
    StrayWord(String),
    /// An option of the new manner among those of the old one.
    #[error(
        "`{0}` does not go with /f: and its like; write masequencer run File {0} (see masequencer \
         run --help)"
    )]
    NewOption(String),
    /// A new option about the way to the server that cannot be understood.
    #[error("{0}")]
    Way(String),
    /// Nothing behind the colon.
    #[error("`{0}` needs a value right after the colon")]
    NoValue(String),
    /// The same option again.
    #[error("`{0}` is given twice; give it once")]
    Twice(&'static str),
    /// No file at all.
    #[error("no sequence file is given; write /f:File (see masequencer /?)")]
    NoFile,
    /// A level that does not exist.
    #[error(
        "`{0}` is no log level; use 0 (error), warning, 1 (information), 2 (detail) or 3 (protocol)"
    )]
    Level(String),
    /// An option's value that is no text.
    #[error("`{0}` holds characters that are not valid Unicode")]
    NotUnicode(String),
    /// A file behind a slash that is nowhere.
    #[error("there is no file `{name}`; looked for it {places}")]
    FileNotFound {
        /// The argument.
        name: String,
        /// Where it was looked for, for people.
        places: String,
    },
    /// A file behind a slash whose name fits several files.
    #[error("`{name}` fits {found}; write the one you mean with /f:")]
    Ambiguous {
        /// The argument.
        name: String,
        /// The files, for people.
        found: String,
    },
}

/// Reads the arguments (without the program's name).
///
/// # Errors
/// [`OldStyleError`]: one sentence that says which argument is wrong and what to write.
pub fn parse(arguments: &[OsString], folders: &dyn Folders) -> Result<OldCommand, OldStyleError> {
    let mut given = Given::default();
    let mut new_words = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match Word::of(argument)? {
            Word::Help => return Ok(OldCommand::Help),
            Word::Way {
                word,
                needs_value: true,
            } => {
                new_words.push(word.to_owned());
                let value = rest.next().map(|value| text_of(value)).transpose()?;
                new_words.extend(value.map(str::to_owned));
            }
            Word::Way { word, .. } => new_words.push(word.to_owned()),
            Word::Option { letter, value } => given.take(letter, value)?,
            Word::File(name) => {
                let found = find(name, folders)?;
                put(&mut given.file, found, "/f:")?;
            }
        }
    }
    let file = given.file.ok_or(OldStyleError::NoFile)?;
    let way = ServerArguments::beside_old_ones(&new_words).map_err(OldStyleError::Way)?;
    Ok(OldCommand::Run(Box::new(OldRun {
        file,
        server: given.server,
        user: given.user,
        password: given.password,
        level: given.level,
        way,
    })))
}

/// The arguments without `/p:`.
#[cfg(any(unix, test))]
pub fn without_password(arguments: &[OsString]) -> Vec<&OsStr> {
    let is_password =
        |argument: &OsStr| matches!(Word::of(argument), Ok(Word::Option { letter: 'p', .. }));
    let all = arguments.iter().map(OsString::as_os_str);
    all.filter(|argument| !is_password(argument)).collect()
}

enum Word<'a> {
    Help,
    Option { letter: char, value: &'a str },
    File(&'a str),
    Way { word: &'a str, needs_value: bool },
}

fn text_of(argument: &OsStr) -> Result<&str, OldStyleError> {
    argument
        .to_str()
        .ok_or_else(|| OldStyleError::NotUnicode(argument.to_string_lossy().into_owned()))
}

impl<'a> Word<'a> {
    fn of(argument: &'a OsStr) -> Result<Self, OldStyleError> {
        let whole = text_of(argument)?;
        let Some(rest) = whole.strip_prefix(['/', '-']) else {
            return Err(OldStyleError::StrayWord(whole.to_owned()));
        };
        if ["?", "h", "help"].contains(&rest.to_ascii_lowercase().as_str()) {
            return Ok(Self::Help);
        }
        if whole.starts_with("--") {
            // A value behind it may be a secret.
            let option = whole.split('=').next().unwrap_or_default();
            if let Some(takes_value) = ServerArguments::is_beside_old_ones(option) {
                return Ok(Self::Way {
                    word: whole,
                    needs_value: takes_value && option == whole,
                });
            }
            return Err(OldStyleError::NewOption(option.to_owned()));
        }
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Err(OldStyleError::StrayWord(whole.to_owned())),
            (Some(letter), Some(':')) if letter.is_ascii_alphabetic() => Ok(Self::Option {
                letter: letter.to_ascii_lowercase(),
                value: unquoted(chars.as_str()),
            }),
            _ => Ok(Self::File(whole)),
        }
    }
}

#[derive(Default)]
struct Given {
    file: Option<PathBuf>,
    server: Option<String>,
    user: Option<String>,
    password: Option<Secret>,
    level: Option<LogLevel>,
}

impl Given {
    fn take(&mut self, letter: char, value: &str) -> Result<(), OldStyleError> {
        if !"fsupl".contains(letter) {
            return Err(OldStyleError::UnknownOption(format!("/{letter}:")));
        }
        if value.trim().is_empty() {
            return Err(OldStyleError::NoValue(format!("/{letter}:")));
        }
        match letter {
            'f' => put(&mut self.file, PathBuf::from(value), "/f:"),
            's' => put(&mut self.server, value.trim().to_owned(), "/s:"),
            'u' => put(&mut self.user, value.trim().to_owned(), "/u:"),
            'p' => put(&mut self.password, Secret::new(value.to_owned()), "/p:"),
            _ => {
                let level = LogLevel::from_word(&value.trim().to_ascii_lowercase())
                    .ok_or_else(|| OldStyleError::Level(value.to_owned()))?;
                put(&mut self.level, level, "/l:")
            }
        }
    }
}

fn put<T>(slot: &mut Option<T>, value: T, name: &'static str) -> Result<(), OldStyleError> {
    if slot.is_some() {
        return Err(OldStyleError::Twice(name));
    }
    *slot = Some(value);
    Ok(())
}

/// Takes a pair of quotes off that a shell left on.
fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

/// Finds the file of an argument such as `/RunADImport.xml`.
///
/// The path itself if it exists; else, without its first character and ignoring case, in the
/// current directory, then beside the program.
fn find(argument: &str, folders: &dyn Folders) -> Result<PathBuf, OldStyleError> {
    let itself = Path::new(argument);
    if argument.starts_with('/') && folders.exists(itself) {
        return Ok(itself.to_path_buf());
    }
    let name = argument.get(1..).map(unquoted).unwrap_or_default();
    let relative = Path::new(name);
    let Some(wanted) = relative.file_name().map(folded) else {
        return Err(OldStyleError::StrayWord(argument.to_owned()));
    };
    let mut places = vec![format!("under `{argument}`")];
    for folder in folders.search_path() {
        let folder = match relative.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => folder.join(parent),
            _ => folder,
        };
        let mut matches: Vec<OsString> = folders
            .names(&folder)
            .into_iter()
            .filter(|candidate| folded(candidate) == wanted)
            .collect();
        matches.sort();
        match matches.as_slice() {
            [] => places.push(format!("in `{}`", folder.display())),
            [one] => return Ok(folder.join(one)),
            several => {
                let found: Vec<String> = several
                    .iter()
                    .map(|one| format!("`{}`", folder.join(one).display()))
                    .collect();
                return Err(OldStyleError::Ambiguous {
                    name: name.to_owned(),
                    found: text::list(&found),
                });
            }
        }
    }
    Err(OldStyleError::FileNotFound {
        name: name.to_owned(),
        places: text::list(&places),
    })
}

fn folded(name: &OsStr) -> String {
    name.to_string_lossy().to_lowercase()
}

/// The folders of this machine.
#[derive(Debug, Clone, Copy)]
pub struct RealFolders;

impl Folders for RealFolders {
    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn search_path(&self) -> Vec<PathBuf> {
        let current = std::env::current_dir().ok();
        let beside = std::env::current_exe()
            .ok()
            .and_then(|program| program.parent().map(Path::to_path_buf))
            .filter(|folder| Some(folder) != current.as_ref());
        current.into_iter().chain(beside).collect()
    }

    fn names(&self, folder: &Path) -> Vec<OsString> {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Authentication;

    use super::*;

    struct Fake(&'static [&'static str]);

    impl Folders for Fake {
        fn exists(&self, path: &Path) -> bool {
            self.0.iter().any(|file| Path::new(file) == path)
        }

        fn search_path(&self) -> Vec<PathBuf> {
            vec![PathBuf::from("/here"), PathBuf::from("/program")]
        }

        fn names(&self, folder: &Path) -> Vec<OsString> {
            self.0
                .iter()
                .filter(|file| Path::new(file).parent() == Some(folder))
                .filter_map(|file| Path::new(file).file_name().map(OsStr::to_owned))
                .collect()
        }
    }

    fn read(
        arguments: &[&str],
        files: &'static [&'static str],
    ) -> Result<OldCommand, OldStyleError> {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        parse(&arguments, &Fake(files))
    }

    fn run(arguments: &[&str]) -> OldRun {
        match read(arguments, &[]) {
            Ok(OldCommand::Run(run)) => *run,
            other => panic!("{arguments:?}: {other:?}"),
        }
    }

    #[test]
    fn every_option_is_read_in_both_manners() {
        for arguments in [
            [
                "/f:a b.xml",
                "/s:mim01",
                "/u:CORP\\svc",
                "/p:se:cret",
                "/l:2",
            ],
            [
                "-F:a b.xml",
                "-S:mim01",
                "-U:CORP\\svc",
                "-P:se:cret",
                "-L:Detail",
            ],
            [
                "/f:\"a b.xml\"",
                "/S:'mim01'",
                "-u:CORP\\svc",
                "/p:\"se:cret\"",
                "/l:DETAIL",
            ],
            [
                "/l:2",
                "/p:se:cret",
                "/u: CORP\\svc ",
                "/s:mim01",
                "/f:a b.xml",
            ],
        ] {
            let run = run(&arguments);
            assert_eq!(run.file, Path::new("a b.xml"));
            assert_eq!(run.server.as_deref(), Some("mim01"));
            assert_eq!(run.user.as_deref(), Some("CORP\\svc"));
            assert_eq!(
                run.password.map(|p| p.reveal().to_owned()).as_deref(),
                Some("se:cret")
            );
            assert_eq!(run.level, Some(LogLevel::Detail));
        }
        let url = run(&["/f:a.xml", "/s:https://mim01:5986/wsman"]);
        assert_eq!(url.server.as_deref(), Some("https://mim01:5986/wsman"));
        assert_eq!(url.level, None);
    }

    #[test]
    fn the_way_to_the_server_is_said_in_the_new_words() {
        let run = run(&[
            "/f:a.xml",
            "--auth",
            "ntlm",
            "--tls",
            "/s:mim01",
            "--ca-file",
            "/etc/ca.pem",
            "--port=5999",
            "--password-env",
            "PW",
            "/l:2",
        ]);
        let way = run.way.overrides();
        assert_eq!(way.authentication, Some(Authentication::Ntlm));
        assert_eq!(way.ca_file.as_deref(), Some(Path::new("/etc/ca.pem")));
        assert_eq!((way.port, way.is_tls), (Some(5999), true));
        assert_eq!(run.way.password.password_env.as_deref(), Some("PW"));
        assert_eq!(run.server.as_deref(), Some("mim01"));
        assert_eq!(run.level, Some(LogLevel::Detail));
    }

    #[test]
    fn help_wins_over_everything() {
        for arguments in [
            &["/?"][..],
            &["-?"],
            &["/H"],
            &["-Help"],
            &["/f:a.xml", "/?"],
        ] {
            assert!(
                matches!(read(arguments, &[]), Ok(OldCommand::Help)),
                "{arguments:?}"
            );
        }
    }

    #[test]
    fn a_wrong_argument_is_named() {
        for (arguments, part) in [
            (&["/x:1"][..], "`/x:` is no option"),
            (&["/f:"], "`/f:` needs a value"),
            (&["/f:\"\""], "`/f:` needs a value"),
            (&["/f:a.xml", "/f:b.xml"], "`/f:` is given twice"),
            (&["/l:1"], "no sequence file"),
            (&["/f:a.xml", "/l:9"], "`9` is no log level"),
            (&["/f:a.xml", "b.xml"], "write /f:b.xml"),
            (&["/"], "`/` is not understood"),
            (&["/f:a.xml", "--demo"], "write masequencer run File --demo"),
            (&["/f:a.xml", "--user", "x"], "`--user` does not go with"),
            (&["/f:a.xml", "--auth", "digest"], "use auto, basic, ntlm"),
            (&["/f:a.xml", "--port"], "a value is required for"),
            (&["/f:a.xml", "--tls", "--tls"], "cannot be used multiple"),
            (
                &["/f:a.xml", "--server=x"],
                "`--server` does not go with /f:",
            ),
        ] {
            let error = read(arguments, &[]).unwrap_err().to_string();
            assert!(error.contains(part), "{arguments:?}: {error}");
        }
    }

    #[test]
    fn a_password_is_in_no_error_and_in_no_debug_text() {
        let run = run(&["/f:a.xml", "/p:hunter2"]);
        assert!(!format!("{run:?}").contains("hunter2"));
        let error = read(&["/f:a.xml", "/p:hunter2", "/p:hunter2"], &[]).unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn a_password_is_taken_out_of_the_arguments() {
        for password in ["/p:hunter2", "-P:hunter2", "/P:'hunter2'", "/p:/f:x"] {
            let arguments = ["/f:a.xml", password, "-u:p:x", "/p.xml"].map(OsString::from);
            assert_eq!(
                without_password(&arguments),
                ["/f:a.xml", "-u:p:x", "/p.xml"]
            );
        }
    }

    #[test]
    fn a_file_behind_a_slash_is_found() {
        for (argument, files, found) in [
            (
                "/RunADImport.xml",
                &["/RunADImport.xml", "/here/RunADImport.xml"][..],
                "/RunADImport.xml",
            ),
            (
                "/RunADImport.xml",
                &["/here/Runadimport.xml"],
                "/here/Runadimport.xml",
            ),
            (
                "-RunADImport.xml",
                &["/here/Runadimport.xml"],
                "/here/Runadimport.xml",
            ),
            (
                "/RunADImport.xml",
                &["/here/other.xml", "/program/runadimport.XML"],
                "/program/runadimport.XML",
            ),
            (
                "/RunADImport.xml",
                &["/here/RUNADIMPORT.xml", "/program/RunADImport.xml"],
                "/here/RUNADIMPORT.xml",
            ),
            ("/jobs/a.xml", &["/here/jobs/A.xml"], "/here/jobs/A.xml"),
            ("/Übung.xml", &["/here/übung.xml"], "/here/übung.xml"),
        ] {
            match read(&[argument, "/l:1"], files) {
                Ok(OldCommand::Run(run)) => assert_eq!(run.file, Path::new(found)),
                other => panic!("{argument}: {other:?}"),
            }
        }
    }

    #[test]
    fn two_matches_or_none_are_an_error_that_names_the_places() {
        let error = read(&["/a.xml"], &["/here/A.xml", "/here/a.XML"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`a.xml` fits `/here/A.xml` and `/here/a.XML`; write the one you mean with /f:"
        );
        let error = read(&["/a.xml"], &["/elsewhere/a.xml"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no file `a.xml`; looked for it under `/a.xml`, in `/here` and in `/program`"
        );
        let error = read(&["/f:b.xml", "/a.xml"], &["/here/a.xml"]).unwrap_err();
        assert_eq!(error, OldStyleError::Twice("/f:"));
    }
}
